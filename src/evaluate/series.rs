//! The figures of one measure and area in time order, with limits, and one figure a period.

use super::SeriesPoint;
use super::made::MadeFigure;
use super::revision::newest;
use crate::area::AreaCode;
use crate::figure::Observation;
use crate::framework::{Measure, MeasureSource, Statistic, Uncertainty};
use crate::period::Period;
use crate::return_template;
use crate::value::{Limits, Value};
use indicator_stats::{Comparison, Trend};
use indicator_stats::{Confidence, Withheld, proportion::wilson, rate};
use std::collections::BTreeMap;

/// One period's figure and what its publisher said of it.
#[derive(Debug, Clone)]
pub(super) struct SeriesEntry {
    pub point: SeriesPoint,
    pub published_comparison: Option<Comparison>,
    pub published_trend: Option<Trend>,
    /// Another figure that was given for the same period, and not used.
    pub replaced: Option<f64>,
    /// The limits are not the publisher's: they were worked out here.
    pub limits_worked_out: bool,
}

impl SeriesEntry {
    pub(super) fn number(&self) -> Option<f64> {
        self.point.value.number()
    }

    fn of_made(point: SeriesPoint) -> Self {
        SeriesEntry { point, published_comparison: None, published_trend: None, replaced: None, limits_worked_out: false }
    }

    /// True where there is a number, or one that is withheld.
    pub(super) fn is_given(&self) -> bool {
        self.point.value.is_given()
    }
}

/// Entries of one kind and length of period, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct FigureSeries {
    pub entries: Vec<SeriesEntry>,
    /// The parts that are not in it, since it does not apply to them.
    pub left_out: Vec<AreaCode>,
}

impl FigureSeries {
    pub(super) fn of(measure: &Measure, observations: &[&Observation]) -> Self {
        let mut by_period: BTreeMap<Period, Vec<&Observation>> = BTreeMap::new();
        for observation in observations {
            by_period.entry(observation.period).or_default().push(observation);
        }
        // One id can hold single years beside three-year pools, and a return a quarter beside years: the measure's own length
        // goes first.
        let wanted = match &measure.source {
            MeasureSource::Indicator { years, .. } => Some(years.saturating_mul(12)),
            MeasureSource::Return { .. } => return_template::period_like(measure).map(Period::months),
            MeasureSource::Sum { .. } | MeasureSource::None => None,
        };
        if let Some(wanted) = wanted.filter(|wanted| by_period.keys().any(|period| period.months() == *wanted)) {
            by_period.retain(|period, _| period.months() == wanted);
        }
        let latest_given =
            by_period.iter().rev().find(|(_, given)| given.iter().any(|o| o.value.number().is_some())).map(|(period, _)| *period);
        if let Some(kind) = latest_given.or_else(|| by_period.keys().next_back().copied()) {
            by_period.retain(|period, _| period.same_series(kind));
        }
        FigureSeries::from_entries(by_period.into_values().filter_map(|given| entry(measure, &given)).collect())
    }

    /// Of entries in time order, with nothing left out.
    pub(super) fn from_entries(entries: Vec<SeriesEntry>) -> Self {
        FigureSeries { entries, left_out: Vec::new() }
    }

    pub(super) fn at(&self, period: Period) -> Option<&SeriesEntry> {
        let i = self.entries.binary_search_by(|entry| entry.point.period.cmp(&period)).ok()?;
        Some(&self.entries[i])
    }

    /// Entries with a number, oldest first.
    pub(super) fn numbers(&self) -> impl DoubleEndedIterator<Item = (&SeriesEntry, f64)> {
        self.entries.iter().filter_map(|entry| Some((entry, entry.number()?)))
    }

    /// The last entry with a number or a figure that is withheld.
    pub(super) fn last_given(&self) -> Option<&SeriesEntry> {
        self.entries.iter().rfind(|entry| entry.is_given())
    }

    /// Its period.
    pub(super) fn latest_given(&self) -> Option<Period> {
        self.last_given().map(|entry| entry.point.period)
    }

    pub(super) fn is_given(&self) -> bool {
        self.entries.iter().any(SeriesEntry::is_given)
    }

    /// Whether it was said of the period that the figure does not apply.
    pub(super) fn is_left_out_in(&self, period: Period) -> bool {
        self.at(period).is_some_and(|entry| entry.point.value == Value::NotApplicable)
    }

    /// Standardised rates and estimates are never summed or averaged.
    pub(super) fn may_be_summed(measure: &Measure) -> bool {
        match measure.statistic {
            Statistic::Proportion | Statistic::CrudeRate | Statistic::Count | Statistic::Quantity => true,
            Statistic::StandardisedRate | Statistic::Estimate => false,
        }
    }

    /// Of one period only.
    pub(super) fn only(mut self, period: Period) -> Self {
        self.entries.retain(|entry| entry.point.period == period);
        self
    }

    /// With the figures that are made, in periods of which nothing was given, and the limits of those that were given without.
    pub(super) fn with_made(mut self, made: &[MadeFigure]) -> Self {
        for figure in made {
            let has = |entry: &SeriesEntry| entry.point.period == figure.period;
            if let Some(given) = self.entries.iter_mut().find(|entry| has(entry)) {
                let made = figure.point();
                if given.point.value == Value::Missing {
                    *given = SeriesEntry::of_made(made);
                } else if given.point.limits.is_none() && given.point.value == made.value {
                    (given.point.limits, given.point.sources) = (made.limits, made.sources);
                }
                continue;
            }
            self.entries.push(SeriesEntry::of_made(figure.point()));
        }
        self.entries.sort_by_key(|entry| entry.point.period);
        self.of_one_kind()
    }

    /// Without the periods of another kind or length than the latest.
    pub(super) fn of_one_kind(mut self) -> Self {
        let latest = self.latest_given().or_else(|| self.entries.last().map(|entry| entry.point.period));
        if let Some(kind) = latest {
            self.entries.retain(|entry| entry.point.period.same_series(kind));
        }
        self
    }
}

/// True where its figures are a publisher's: limits made of a return's own counts are no addition to it.
pub(super) fn is_published(measure: &Measure) -> bool {
    matches!(measure.source, MeasureSource::Indicator { .. } | MeasureSource::Sum { .. })
}

/// One entry of all that was given for a period.
fn entry(measure: &Measure, given: &[&Observation]) -> Option<SeriesEntry> {
    let kept = newest(given)?;
    let replaced = given
        .iter()
        .rev()
        .filter_map(|o| o.value.number())
        .find(|number| kept.value.number().is_some_and(|value| value != *number));
    let is_whole = measure.uncertainty() == Uncertainty::None;
    let published = kept.limits.filter(|_| !is_whole);
    let limits = published.or_else(|| computed_limits(measure, kept.value.number()?, kept.numerator, kept.denominator));
    let point = SeriesPoint {
        period: kept.period,
        value: kept.value,
        numerator: kept.numerator,
        denominator: kept.denominator,
        limits,
        comparator: None,
        comparator_limits: None,
        illustrative: kept.illustrative,
        sources: vec![kept.provenance.clone()],
    };
    Some(SeriesEntry {
        point,
        published_comparison: kept.published_comparison.as_deref().and_then(comparison_in_words),
        published_trend: kept.published_trend.as_deref().and_then(trend_in_words),
        replaced,
        limits_worked_out: limits.is_some() && published.is_none() && is_published(measure),
    })
}

/// 95% limits from counts; a count that is not given is worked out from the value and its denominator. Counts that do not
/// give the value (another multiplier, a weighted figure) give no limits either.
pub(super) fn computed_limits(measure: &Measure, value: f64, numerator: Option<f64>, denominator: Option<f64>) -> Option<Limits> {
    let numerator = || numerator.or_else(|| Some(value * denominator? / measure.multiplier));
    let made: Result<_, Withheld> = match (measure.uncertainty(), measure.statistic) {
        (Uncertainty::Published | Uncertainty::None, _) => return None,
        (_, Statistic::StandardisedRate | Statistic::Estimate | Statistic::Quantity) => return None,
        (_, Statistic::Count) => rate::count(value, Confidence::P95),
        (Uncertainty::Binomial, _) => wilson(numerator()?, denominator?, measure.multiplier, Confidence::P95),
        (Uncertainty::Poisson, _) => rate::crude_rate(numerator()?, denominator?, measure.multiplier, Confidence::P95),
    };
    let made = made.ok()?;
    let rounding = 0.5 * 0.1_f64.powi(i32::from(measure.decimals.min(6))) + 1e-9 * value.abs();
    ((made.value - value).abs() <= rounding).then_some(made.limits)
}

/// The publisher's words for a comparison, whatever their case: `Better`, `Higher 99.8`.
fn comparison_in_words(words: &str) -> Option<Comparison> {
    let words = words.trim().to_lowercase();
    let starts = [
        ("better", Comparison::Better),
        ("best", Comparison::Better),
        ("similar", Comparison::Similar),
        ("same", Comparison::Similar),
        ("worse", Comparison::Worse),
        ("worst", Comparison::Worse),
        ("higher", Comparison::Higher),
        ("lower", Comparison::Lower),
    ];
    starts.iter().find(|(start, _)| words.starts_with(start)).map(|(_, comparison)| *comparison)
}

/// The publisher's words for a recent trend: `Increasing and getting better`.
fn trend_in_words(words: &str) -> Option<Trend> {
    Some(match words.trim().to_lowercase().as_str() {
        "increasing and getting better" => Trend::IncreasingBetter,
        "increasing and getting worse" => Trend::IncreasingWorse,
        "increasing" => Trend::Increasing,
        "decreasing and getting better" => Trend::DecreasingBetter,
        "decreasing and getting worse" => Trend::DecreasingWorse,
        "decreasing" => Trend::Decreasing,
        "no significant change" => Trend::NoSignificantChange,
        _ => return None,
    })
}
