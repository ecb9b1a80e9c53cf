//! A figure as a return gives it.

use crate::component::Component;
use crate::figure::Observation;
use crate::framework::Measure;
use crate::value::Value;
use std::collections::BTreeSet;

/// A row that was read.
#[derive(Debug, Clone)]
pub(super) struct ReturnedFigure {
    pub observation: Observation,
    /// No cell of it was filled in, not even with a mark.
    pub blank: bool,
}

impl ReturnedFigure {
    pub fn is_marked_missing(&self) -> bool {
        !self.blank && self.observation.value == Value::Missing
    }
}

/// True of the figure that was asked for, or what that is made from, and not of a group beside it.
pub(super) fn answers(of: &Observation, measure: &Measure) -> bool {
    match (&of.category, of.component()) {
        (None, _) => true,
        (Some(_), Some(place)) => place.component != Component::StandardDeviation,
        (Some(category), None) => measure.slope_by() == Some(&category.scheme),
    }
}

/// How many figures were given; counts by age band are one figure, that which they make.
pub(super) fn number_given(figures: &[ReturnedFigure]) -> usize {
    let given = || figures.iter().map(|figure| &figure.observation).filter(|o| o.value != Value::Missing);
    let mut made = BTreeSet::new();
    for one in given() {
        if let Some(place) = one.component().filter(|place| place.component != Component::StandardDeviation) {
            made.insert((&one.measure, &one.area, one.period, place.group));
        }
    }
    given().filter(|o| o.component().is_none()).count() + made.len()
}
