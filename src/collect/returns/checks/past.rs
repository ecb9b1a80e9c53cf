//! What a partner gave before of the same thing.

use crate::collect::Progress;
use crate::collect::checks::Numbers;
use crate::figure::{FigureKey, Observation, ReportKey};
use crate::framework::Measure;
use crate::period::Period;
use crate::return_template::{PartnerHistory, PriorCounts, PriorFigure};
use crate::value::{Limits, Value};
use std::collections::BTreeMap;

/// What a partner said last of each key action and step.
pub type LastProgress = BTreeMap<ReportKey, Progress>;

/// Limits within which the values before, in time order, leave the next one by chance; none where they are too few.
pub type Expected = fn(&[f64]) -> Option<Limits>;

/// Figures of returns of earlier quarters; made-up ones are held against made-up ones only.
#[derive(Debug, Clone, Copy)]
pub(in crate::collect::returns) struct PastFigures<'a> {
    earlier: Option<&'a PartnerHistory>,
    /// The same as it stands by what was corrected since; none where that is not known.
    stands: Option<&'a PartnerHistory>,
}

impl<'a> PastFigures<'a> {
    pub fn new(earlier: Option<&'a PartnerHistory>) -> Self {
        Self { earlier, stands: None }
    }

    pub fn standing(self, stands: &'a PartnerHistory) -> Self {
        Self { stands: Some(stands), ..self }
    }

    fn last_given(&self) -> Option<&'a PartnerHistory> {
        self.stands.or(self.earlier)
    }

    /// What stands where `figures` correct it: of the periods that are known, as they give them.
    pub fn corrected_by<'o>(&self, figures: impl Iterator<Item = &'o Observation>) -> PartnerHistory {
        let mut stands = self.last_given().cloned().unwrap_or_default();
        for figure in figures {
            let series = FigureKey::of(figure).series();
            if stands.get(&series).is_some_and(|by_period| by_period.contains_key(&figure.period)) {
                add_to_history(&mut stands, figure);
            }
        }
        stands
    }

    /// The figures of series of which nothing was given before.
    pub fn given_first<'o>(&self, figures: impl Iterator<Item = &'o Observation>) -> PartnerHistory {
        let is_known =
            |of: &&Observation| self.last_given().is_some_and(|earlier| earlier.get(&FigureKey::of(of).series()).is_some());
        let mut first = PartnerHistory::default();
        figures.filter(|of| !is_known(of)).for_each(|of| add_to_history(&mut first, of));
        first
    }

    /// The numbers of the periods before, earliest first, all counted alike: none from before a redefinition of the measure.
    pub fn run_before(&self, measure: &Measure, of: &FigureKey, illustrative: bool) -> Vec<(Period, f64)> {
        let Some(by_period) = self.last_given().and_then(|earlier| earlier.get(&of.series())) else { return Vec::new() };
        let before = by_period.range(..of.period).filter(|(period, given)| {
            let alike = period.same_series(of.period) && measure.redefined_between(**period, of.period).is_none();
            alike && period.is_apart_from(of.period) && given.illustrative == illustrative
        });
        before.filter_map(|(period, given)| Some((*period, given.value.number()?))).collect()
    }

    /// The same with their counts and limits.
    pub fn numbers_before(&self, measure: &Measure, of: &FigureKey, illustrative: bool) -> Vec<(Period, Numbers)> {
        let series = of.series();
        let with_counts = |(period, value)| {
            let PriorCounts { numerator, denominator, limits } =
                self.last_given().map_or_else(PriorCounts::default, |earlier| earlier.counts(&series, period));
            (period, Numbers { value, numerator, denominator, limits })
        };
        self.run_before(measure, of, illustrative).into_iter().map(with_counts).collect()
    }

    /// The last of them.
    pub fn last_before(&self, measure: &Measure, of: &FigureKey, illustrative: bool) -> Option<(Period, f64)> {
        self.run_before(measure, of, illustrative).pop()
    }

    /// What was given for the very same period.
    pub fn same(&self, of: &FigureKey, illustrative: bool) -> Option<Value> {
        let given = self.earlier?.get(&of.series())?.get(&of.period)?;
        (given.illustrative == illustrative).then_some(given.value)
    }
}

fn add_to_history(to: &mut PartnerHistory, figure: &Observation) {
    let counts = PriorCounts { numerator: figure.numerator, denominator: figure.denominator, limits: figure.limits };
    let given = PriorFigure { value: figure.value, illustrative: figure.illustrative };
    to.give_with(FigureKey::of(figure).series(), figure.period, given, counts);
}
