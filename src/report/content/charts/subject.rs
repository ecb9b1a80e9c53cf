//! What a chart of a measure is made from.

use crate::evaluate::Assessment;
use crate::framework::{InterimTarget, Measure, Target};
use crate::report::PackInputs;
use crate::report::content::sentences;

/// What a chart of a measure is made from.
#[derive(Clone, Copy)]
pub struct ChartSubject<'a> {
    pub pack: &'a PackInputs<'a>,
    pub measure: &'a Measure,
    pub target: &'a Target,
    /// Values on the way to it.
    pub interim: &'a [InterimTarget],
    pub head: &'a Assessment,
    pub areas: &'a [Assessment],
    /// The comparator's name.
    pub compared_with: &'a str,
}

impl<'a> ChartSubject<'a> {
    pub(super) fn name(&self, of: &Assessment) -> String {
        sentences::whose(self.measure.name_of(&of.area, self.pack.areas), of)
    }
}
