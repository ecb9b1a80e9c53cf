//! A control chart: points with their limits, special causes marked by colour and by shape.

use super::axis::Scale;
use super::{Drawing, Setter};
use crate::evaluate::methods::spc::{Point, Variation};
use crate::period::Period;
use crate::report::theme::Theme;

#[derive(Debug, Clone, PartialEq)]
pub struct ControlChart {
    /// Oldest first; a period without a figure is a gap.
    pub points: Vec<(Period, Option<Point>)>,
    /// Its value and its label.
    pub target: Option<(f64, String)>,
}

impl ControlChart {
    pub fn scale(&self) -> Scale {
        let points = self.points.iter().filter_map(|(_, point)| *point);
        let own = points.flat_map(|point| [point.value, point.limits.lower, point.limits.upper]);
        Scale::over(own.chain(self.target.iter().map(|(value, _)| *value)), 5)
    }

    pub(super) fn draw(&self, _width: f32, _theme: &Theme, _set: &mut Setter<'_>) -> Drawing {
        Drawing { height: 0.0, shapes: Vec::new() }
    }
}

/// True where a point is drawn as a special cause.
pub fn is_special(variation: Variation) -> bool {
    variation != Variation::CommonCause
}
