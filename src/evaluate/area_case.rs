//! One measure in one area: its figures, and which of them count.

use super::SeriesPoint;
use super::change::{TestableFigure, TestedCounts};
use super::context::EvaluationContext;
use super::measure_area::MeasureArea;
use super::series::{FigureSeries, SeriesEntry};
use crate::area::AreaCode;
use crate::figure::Provenance;
use crate::framework::{Aspiration, Measure, Statistic};
use crate::period::Period;
use crate::value::{Limits, Value};
use jiff::civil::Date;

/// Whose figures are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JudgedAs {
    /// The system's: a baseline that the strategy states is its own.
    System,
    /// A part's: it starts from its own figure of the baseline period.
    Part,
}

pub(super) struct AreaCase<'a> {
    pub context: &'a EvaluationContext<'a>,
    pub measure: &'a Measure,
    pub aspiration: &'a Aspiration,
    pub area: &'a AreaCode,
    pub whose: JudgedAs,
    pub series: &'a FigureSeries,
    pub comparator: &'a FigureSeries,
}

impl AreaCase<'_> {
    /// What of it is asked whatever its target and its figures are.
    pub(super) fn subject(&self) -> MeasureArea<'_> {
        MeasureArea { context: self.context, measure: self.measure, area: self.area }
    }

    pub(super) fn due(&self) -> Date {
        self.context.inputs.framework.due(self.aspiration)
    }

    /// Its date has passed, and it is judged for that date.
    pub(super) fn is_past_due(&self) -> bool {
        let target = &self.aspiration.target;
        target.is_dated() && !target.goes_beyond_due() && self.context.inputs.as_at > self.due()
    }

    pub(super) fn point(&self, entry: &SeriesEntry) -> SeriesPoint {
        let period = entry.point.period;
        SeriesPoint {
            comparator: self.comparator_at(period),
            comparator_limits: self.comparator_limits_at(period),
            ..entry.point.clone()
        }
    }

    pub(super) fn comparator_at(&self, period: Period) -> Option<f64> {
        self.comparator.at(period).and_then(SeriesEntry::number)
    }

    fn comparator_limits_at(&self, period: Period) -> Option<Limits> {
        self.comparator.at(period).filter(|entry| entry.number().is_some()).and_then(|entry| entry.point.limits)
    }

    /// The baseline that the strategy states, or the figure of the period that it names; where it names none, the
    /// last whole period before the edition's day for that.
    pub(super) fn baseline(&self) -> Option<SeriesPoint> {
        let Some(stated) = self.aspiration.target.baseline() else {
            // After the due date there is no line to be on, and so nothing to start it from.
            if self.is_past_due() || !self.aspiration.target.is_a_value() {
                return None;
            }
            let start = self.context.inputs.framework.edition.baseline_before();
            return self.series.numbers().rev().find(|(e, _)| e.point.period.end() < start).map(|(e, _)| self.point(e));
        };
        let period = self.measure.period(&stated.period).ok()?;
        let observed = self.series.at(period).filter(|e| e.number().is_some()).map(|e| self.point(e));
        // The number of the whole is no start for that of a part; a share or a rate of the whole is, where it has none of its own.
        let own = self.whose == JudgedAs::System
            || observed.is_none() && self.aspiration.target.is_a_value() && !self.asks_a_number_of_the_whole();
        let Some(value) = stated.value.filter(|_| own) else { return observed };
        let rounding = 0.5 * 0.1_f64.powi(i32::from(self.measure.decimals)) + 1e-9;
        let same = observed.filter(|p| p.value.number().is_some_and(|v| (v - value).abs() <= rounding));
        let (limits, sources) = same.map_or((None, Vec::new()), |p| (p.limits, p.sources));
        Some(SeriesPoint {
            period,
            value: Value::Number(value),
            numerator: None,
            denominator: None,
            limits,
            comparator: self.comparator_at(period),
            comparator_limits: self.comparator_limits_at(period),
            illustrative: false,
            sources,
        })
    }

    /// True where a figure of this period counts after the baseline's. One that is tested against the baseline must
    /// share no day with it.
    pub(super) fn is_after(&self, period: Period, baseline: Option<Period>) -> bool {
        let apart = self.aspiration.target.tests_change();
        baseline.is_none_or(|b| if apart { period.start() > b.end() } else { period.end() > b.end() })
    }

    /// True for a figure after the baseline's. One that is withheld counts only after the period that the target names: of that
    /// period it is a baseline that is withheld, and not the figure that is judged.
    pub(super) fn counts_after(&self, entry: &SeriesEntry, baseline: Option<Period>) -> bool {
        let named = || self.aspiration.target.baseline().and_then(|named| self.measure.period(&named.period).ok());
        let start = baseline.or_else(|| named().filter(|_| entry.number().is_none()));
        entry.is_given() && self.is_after(entry.point.period, start)
    }

    /// The figure with what a test of it needs.
    pub(super) fn figure(&self, point: &SeriesPoint) -> Option<TestableFigure> {
        let value = point.value.number()?;
        let counts = match self.measure.statistic {
            Statistic::Count => Some(TestedCounts { numerator: value, denominator: f64::from(point.period.months()) }),
            Statistic::Proportion | Statistic::CrudeRate => {
                let denominator = point.denominator.filter(|of| *of > 0.0);
                point.numerator.zip(denominator).map(|(numerator, denominator)| TestedCounts { numerator, denominator })
            }
            Statistic::StandardisedRate | Statistic::Estimate | Statistic::Quantity => None,
        };
        let ends = point.period.end();
        let season = (point.period.months() < 12).then(|| ends.month());
        Some(TestableFigure { value, limits: point.limits, counts, period: point.period.in_words(), ends, season })
    }

    /// A number of events or a quantity that is set against a number, and not against its own start: a part has its share
    /// of it only.
    pub(super) fn asks_a_number_of_the_whole(&self) -> bool {
        let counted = self.measure.statistic.is_number();
        let target = &self.aspiration.target;
        counted && !target.wants_none() && !(target.needs_baseline() && target.baseline().is_some_and(|b| b.value.is_none()))
    }

    /// What the target's scenario projects for the same area and a period, where it has one.
    pub(super) fn scenario_at(&self, period: Period) -> Option<SeriesEntry> {
        let measure = self.context.inputs.framework.measure(self.aspiration.target.scenario()?)?;
        self.context.headlines.series(measure, self.area).at(period).cloned()
    }

    /// Where that came from.
    pub(super) fn scenario_sources(&self, judged: &SeriesEntry) -> Vec<Provenance> {
        self.scenario_at(judged.point.period).map_or(Vec::new(), |projected| projected.point.sources)
    }
}
