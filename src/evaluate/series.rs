//! The figures of one measure and area in time order, with limits, and one figure a period.

use super::coverage::{self, CoverageBy, OrganisationFigure};
use super::made::MadeFigureIndex;
use super::parts::{SeriesPart, by_period};
use super::revision::newest;
use super::{Comparison, Coverage, Point, Trend};
use crate::area::{AreaCode, Areas};
use crate::figure::Observation;
use crate::framework::{Framework, Measure, MeasureId, Source, Statistic, Uncertainty};
use crate::period::Period;
use crate::return_template;
use crate::value::{Limits, Value};
use indicator_stats::{Confidence, Withheld, proportion::wilson, rate};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Longer chains of areas that take each other's place end here.
const MOST_SUCCESSIONS: usize = 8;

/// The headline figures of a run, found by measure and area without a search. Breakdowns are left out.
pub(super) struct SeriesIndex<'a> {
    areas: &'a Areas,
    observations: HashMap<(&'a MeasureId, &'a AreaCode), Vec<&'a Observation>>,
    /// The measures that others are the sum of.
    summed: HashMap<&'a MeasureId, &'a Measure>,
    /// Figures that are made from counts by age band or from groups.
    pub made: MadeFigureIndex<'a>,
}

impl<'a> SeriesIndex<'a> {
    /// Only periods that ended on or before `quarter_end` are read.
    pub(super) fn of(observations: &'a [Observation], framework: &'a Framework, areas: &'a Areas, quarter_end: Date) -> Self {
        let mut grouped: HashMap<_, Vec<_>> = HashMap::new();
        for observation in observations.iter().filter(|o| o.category.is_none() && o.period.end() <= quarter_end) {
            grouped.entry((&observation.measure, &observation.area)).or_default().push(observation);
        }
        let parts: HashSet<&MeasureId> = framework.measures.iter().flat_map(Measure::summed).collect();
        let summed = framework.measures.iter().filter(|m| parts.contains(&m.id)).map(|m| (&m.id, m)).collect();
        SeriesIndex {
            areas,
            observations: grouped,
            summed,
            made: MadeFigureIndex::of(framework, areas, observations, quarter_end),
        }
    }

    pub(super) fn series(&self, measure: &Measure, area: &AreaCode) -> FigureSeries {
        if measure.summed().is_empty() {
            return self.given(measure, area);
        }
        let parts: Option<Vec<FigureSeries>> =
            measure.summed().iter().map(|id| self.summed.get(id).map(|part| self.given(part, area))).collect();
        parts.map_or_else(FigureSeries::default, |parts| FigureSeries::added(measure, &parts))
    }

    fn given(&self, measure: &Measure, area: &AreaCode) -> FigureSeries {
        self.given_since(measure, area, 0)
    }

    /// What was given for the area, after what was given for those whose figures go on as its past.
    fn given_since(&self, measure: &Measure, area: &AreaCode, successions: usize) -> FigureSeries {
        let given = self.observations.get(&(&measure.id, area)).map_or(&[][..], Vec::as_slice);
        let own = FigureSeries::of(measure, given).with_made(self.made.figures(&measure.id, area, None));
        let Some((before, from)) = self.areas.past_of(area).filter(|_| successions < MOST_SUCCESSIONS) else { return own };
        let before: Vec<FigureSeries> = before.iter().map(|area| self.given_since(measure, area, successions + 1)).collect();
        own.after(measure, &before, from)
    }
}

/// One period's figure and what its publisher said of it.
#[derive(Debug, Clone)]
pub(super) struct SeriesEntry {
    pub point: Point,
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

    /// True where there is a number, or one that is withheld.
    pub(super) fn is_given(&self) -> bool {
        matches!(self.point.value, Value::Number(_) | Value::Suppressed)
    }
}

/// Entries of one kind and length of period, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct FigureSeries {
    pub entries: Vec<SeriesEntry>,
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
            Source::Indicator { years, .. } => Some(years.saturating_mul(12)),
            Source::Return { .. } => return_template::period_like(measure).map(Period::months),
            Source::Sum { .. } | Source::None => None,
        };
        if let Some(wanted) = wanted.filter(|wanted| by_period.keys().any(|period| period.months() == *wanted)) {
            by_period.retain(|period, _| period.months() == wanted);
        }
        let latest_given =
            by_period.iter().rev().find(|(_, given)| given.iter().any(|o| o.value.number().is_some())).map(|(period, _)| *period);
        if let Some(kind) = latest_given.or_else(|| by_period.keys().next_back().copied()) {
            by_period.retain(|period, _| period.same_series(kind));
        }
        FigureSeries { entries: by_period.into_values().filter_map(|given| entry(measure, &given)).collect() }
    }

    pub(super) fn at(&self, period: Period) -> Option<&SeriesEntry> {
        let i = self.entries.binary_search_by(|entry| entry.point.period.cmp(&period)).ok()?;
        Some(&self.entries[i])
    }

    /// Entries with a number, oldest first.
    pub(super) fn numbers(&self) -> impl DoubleEndedIterator<Item = (&SeriesEntry, f64)> {
        self.entries.iter().filter_map(|entry| Some((entry, entry.number()?)))
    }

    /// The last period with a number or a figure that is withheld.
    pub(super) fn latest_given(&self) -> Option<Period> {
        self.entries.iter().rfind(|entry| entry.is_given()).map(|entry| entry.point.period)
    }

    pub(super) fn is_given(&self) -> bool {
        self.entries.iter().any(SeriesEntry::is_given)
    }

    /// Standardised rates and estimates are never summed or averaged.
    pub(super) fn may_be_summed(measure: &Measure) -> bool {
        match measure.statistic {
            Statistic::Proportion | Statistic::CrudeRate | Statistic::Count | Statistic::Quantity => true,
            Statistic::StandardisedRate | Statistic::Estimate => false,
        }
    }

    /// With the figures of the areas that this one took the place of, for periods that ended before `from` and for which
    /// nothing was given for this one: of one area its figures, of several their sum where all have the period.
    fn after(mut self, measure: &Measure, before: &[FigureSeries], from: Date) -> Self {
        let mut by_period: BTreeMap<Period, Vec<&SeriesEntry>> = BTreeMap::new();
        for entry in before.iter().flat_map(|series| &series.entries).filter(|entry| entry.point.period.end() < from) {
            by_period.entry(entry.point.period).or_default().push(entry);
        }
        let own: HashSet<Period> = self.entries.iter().map(|entry| entry.point.period).collect();
        by_period.retain(|period, entries| entries.len() == before.len() && !own.contains(period));
        let past = by_period.into_values().filter_map(|entries| match entries.as_slice() {
            [only] => Some((*only).clone()),
            several if Self::may_be_summed(measure) => sum(measure, &several.iter().map(|e| &e.point).collect::<Vec<_>>()),
            _ => None,
        });
        self.entries.extend(past);
        self.entries.sort_by_key(|entry| entry.point.period);
        self.of_one_kind()
    }

    /// Of one period only.
    pub(super) fn only(mut self, period: Period) -> Self {
        self.entries.retain(|entry| entry.point.period == period);
        self
    }

    /// Without the periods of another kind or length than the latest.
    pub(super) fn of_one_kind(mut self) -> Self {
        let latest = self.latest_given().or_else(|| self.entries.last().map(|entry| entry.point.period));
        if let Some(kind) = latest {
            self.entries.retain(|entry| entry.point.period.same_series(kind));
        }
        self
    }

    /// The whole from its parts: numerators and denominators (or plain quantities) summed for each period that
    /// every part has that was one when the period ended; a single part is the whole. None where a part lacks the latest
    /// period that any of them has, or where several parts are of a kind that is never summed.
    pub(super) fn summed(measure: &Measure, parts: &[SeriesPart]) -> Option<Self> {
        if let [whole] = parts {
            return whole.series.is_given().then(|| whole.series.clone());
        }
        if !Self::may_be_summed(measure) || parts.is_empty() {
            return None;
        }
        let latest = parts.iter().filter_map(|part| part.series.latest_given()).max()?;
        let mut by_period = by_period(parts.iter());
        by_period.retain(|period, points| points.len() == parts.iter().filter(|part| part.is_one_in(*period)).count());
        let entries: Vec<SeriesEntry> = by_period.into_values().filter_map(|points| sum(measure, &points)).collect();
        (entries.last()?.point.period == latest).then_some(FigureSeries { entries })
    }

    /// The organisations that gave the latest period pooled, for each period that all of them have, with how much of the
    /// whole they are: by the last known denominators of all, or by number where one that is absent has none. One that
    /// gives for the first time counts with what it gives now. A share or rate without its counts cannot be added to others,
    /// and whoever gives it is absent. None where nobody gave a figure that can be added.
    ///
    /// `former` are organisations that were parts before and are none now: they count in the periods of their time.
    pub(super) fn pooled(measure: &Measure, parts: &[SeriesPart], former: &[SeriesPart]) -> Option<(Self, Coverage)> {
        if !Self::may_be_summed(measure) {
            return None;
        }
        let can_be_added = |entry: &&SeriesEntry| counts(measure, &entry.point).is_some();
        let periods = parts.iter().filter_map(|part| part.series.entries.iter().rfind(can_be_added));
        let latest = periods.map(|entry| entry.point.period).max()?;
        let gave = |part: &SeriesPart| part.series.at(latest).as_ref().is_some_and(can_be_added);
        let asked: Vec<OrganisationFigure> = parts.iter().map(|part| part.series.organisation(measure, latest)).collect();
        let coverage = coverage::coverage(&asked, measure.multiplier, measure.coverage_percent).ok()?;
        let given: Vec<&SeriesPart> = parts.iter().filter(|part| gave(part)).chain(former).collect();
        let mut by_period = by_period(given.iter().copied());
        by_period.retain(|period, points| {
            *period <= latest && points.len() == given.iter().filter(|part| part.is_one_in(*period)).count()
        });
        let entries: Vec<SeriesEntry> = by_period.into_values().filter_map(|points| sum(measure, &points)).collect();
        let codes = |wanted: bool| {
            let found = measure.parts.iter().zip(parts).filter(move |(_, part)| gave(part) == wanted);
            found.map(|(code, _)| code.clone()).collect::<Vec<_>>()
        };
        let found = Coverage {
            given: codes(true),
            absent: codes(false),
            share: coverage.coverage,
            by_denominator: coverage.by == CoverageBy::Denominator,
            is_enough: coverage.judged,
        };
        (!entries.is_empty()).then_some((FigureSeries { entries }, found))
    }

    fn organisation(&self, measure: &Measure, latest: Period) -> OrganisationFigure {
        let before = self.entries.iter().rev().filter(|entry| entry.point.period < latest);
        OrganisationFigure {
            last_denominator: before.filter_map(|entry| entry.point.denominator).next(),
            counts: self.at(latest).and_then(|entry| counts(measure, &entry.point)),
        }
    }

    /// Figures of several measures of one population added up, for each period that all of them have: counts, and rates
    /// of one denominator.
    fn added(measure: &Measure, parts: &[FigureSeries]) -> Self {
        let mut by_period: BTreeMap<Period, Vec<&Point>> = BTreeMap::new();
        for entry in parts.iter().flat_map(|part| &part.entries) {
            by_period.entry(entry.point.period).or_default().push(&entry.point);
        }
        by_period.retain(|_, points| points.len() == parts.len());
        let entries = by_period.into_values().filter_map(|points| {
            let value = total(points.iter().map(|p| p.value.number()))?;
            let numerator = total(points.iter().map(|p| p.numerator));
            let denominator = points[0].denominator.filter(|of| points.iter().all(|p| p.denominator == Some(*of)));
            Some(made(measure, &points, value, numerator, denominator))
        });
        FigureSeries { entries: entries.collect() }
    }
}

/// What is added to that of others: numerator and denominator, or, of a plain number or quantity without them, the number
/// itself, each organisation counting alike.
fn counts(measure: &Measure, point: &Point) -> Option<(f64, f64)> {
    let value = point.value.number()?;
    let is_plain = matches!(measure.statistic, Statistic::Count | Statistic::Quantity);
    point.numerator.zip(point.denominator).or_else(|| is_plain.then_some((value, 1.0)))
}

/// Rounded to 12 figures where it is no whole number, so that the order of the parts does not show in the last digit.
fn total(numbers: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let sum = numbers.sum::<Option<f64>>()?;
    if sum.fract() == 0.0 { Some(sum) } else { format!("{sum:.11e}").parse().ok() }
}

fn sum(measure: &Measure, points: &[&Point]) -> Option<SeriesEntry> {
    let applicable: Vec<&Point> = points.iter().copied().filter(|p| p.value != Value::NotApplicable).collect();
    if applicable.is_empty() {
        return None;
    }
    let total = |of: fn(&Point) -> Option<f64>| total(applicable.iter().map(|p| of(p)));
    let values = total(|p| p.value.number())?;
    let numerator = total(|p| p.numerator);
    let denominator = total(|p| p.denominator);
    let value = match measure.statistic {
        Statistic::Count | Statistic::Quantity => values,
        _ => match (numerator?, denominator?) {
            (_, of) if of <= 0.0 => return None,
            (count, of) => measure.multiplier * count / of,
        },
    };
    Some(made(measure, &applicable, value, numerator, denominator))
}

/// Whole years of months or quarters, where all of a year's are there and they may be summed: numbers added, shares and
/// rates from pooled counts.
pub(super) fn whole_years(measure: &Measure, series: &[Point]) -> Vec<Point> {
    if !FigureSeries::may_be_summed(measure) {
        return Vec::new();
    }
    let mut by_year: BTreeMap<Period, Vec<&Point>> = BTreeMap::new();
    for point in series.iter().filter(|point| point.value.number().is_some()) {
        if let Some(year) = Period::containing(point.period.end(), 12, measure.year) {
            by_year.entry(year).or_default().push(point);
        }
    }
    by_year.retain(|year, points| points.iter().map(|p| p.period.months()).sum::<i32>() == year.months());
    let years = by_year.into_iter().filter_map(|(year, points)| Some(Point { period: year, ..sum(measure, &points)?.point }));
    years.collect()
}

/// An entry that was made from several figures of one period.
fn made(measure: &Measure, from: &[&Point], value: f64, numerator: Option<f64>, denominator: Option<f64>) -> SeriesEntry {
    let limits = computed_limits(measure, value, numerator, denominator);
    let point = Point {
        period: from[0].period,
        value: Value::Number(value),
        numerator,
        denominator,
        limits,
        comparator: None,
        illustrative: from.iter().any(|p| p.illustrative),
        sources: from.iter().flat_map(|p| p.sources.iter().cloned()).collect(),
    };
    let limits_worked_out = limits.is_some() && is_published(measure);
    SeriesEntry { point, published_comparison: None, published_trend: None, replaced: None, limits_worked_out }
}

/// True where its figures are a publisher's: limits made of a return's own counts are no addition to it.
fn is_published(measure: &Measure) -> bool {
    matches!(measure.source, Source::Indicator { .. } | Source::Sum { .. })
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
    let point = Point {
        period: kept.period,
        value: kept.value,
        numerator: kept.numerator,
        denominator: kept.denominator,
        limits,
        comparator: None,
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
