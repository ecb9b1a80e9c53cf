//! From the baseline to the latest figure, beside the target, one line each.

use super::{Drawing, Setter};
use crate::report::theme::Theme;

/// Each row has an axis of its own: measures of a priority share no unit.
#[derive(Debug, Clone, PartialEq)]
pub struct DumbbellChart {
    pub rows: Vec<DumbbellRow>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DumbbellRow {
    pub name: String,
    /// Each a value and its words with the unit.
    pub baseline: Option<(f64, String)>,
    pub latest: Option<(f64, String)>,
    pub target: Option<(f64, String)>,
    /// False where lower is better: the row is drawn so that better is always to the right.
    pub higher_is_better: bool,
}

impl DumbbellChart {
    pub(super) fn draw(&self, _width: f32, _theme: &Theme, _set: &mut Setter<'_>) -> Drawing {
        Drawing { height: 0.0, shapes: Vec::new() }
    }
}
