//! One value a group, from the most to the least deprived, with the line whose slope is the index of inequality.

use super::areas::AreaRow;
use super::axis::Scale;
use super::{Drawing, Setter};
use crate::report::theme::Theme;

#[derive(Debug, Clone, PartialEq)]
pub struct InequalityChart {
    /// The most deprived group first.
    pub groups: Vec<AreaRow>,
    /// Values of the fitted line at the most and at the least deprived end.
    pub slope: Option<(f64, f64)>,
    /// Printed beside the line: `Slope index 7.4 years (6.1 to 8.7)`.
    pub slope_label: String,
    /// The label of the comparator's line, and its value.
    pub comparator: Option<(String, f64)>,
}

impl InequalityChart {
    pub fn scale(&self) -> Scale {
        let own = self.groups.iter().flat_map(|g| [g.value, g.limits.map(|l| l.lower), g.limits.map(|l| l.upper)]);
        let line = self.slope.iter().flat_map(|(from, to)| [Some(*from), Some(*to)]);
        Scale::over(own.chain(line).chain([self.comparator.as_ref().map(|(_, value)| *value)]).flatten(), 5)
    }

    pub(super) fn draw(&self, _width: f32, _theme: &Theme, _set: &mut Setter<'_>) -> Drawing {
        Drawing { height: 0.0, shapes: Vec::new() }
    }
}
