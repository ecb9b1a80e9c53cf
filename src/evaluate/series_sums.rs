//! The figures of a whole, added up from those of its parts, of several measures or of the months of a year.

use super::coverage::{self, CoverageBy, OrganisationFigure};
use super::parts::{SeriesPart, by_period};
use super::series::{FigureSeries, SeriesEntry, computed_limits, is_published};
use super::{Coverage, SeriesPoint};
use crate::framework::{Measure, Statistic};
use crate::period::Period;
use crate::value::Value;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashSet};

impl FigureSeries {
    /// With the figures of the areas that this one took the place of, for periods that ended before `from` and for which
    /// nothing was given for this one: of one area its figures, of several their sum where all have the period.
    pub(super) fn after(mut self, measure: &Measure, before: &[FigureSeries], from: Date) -> Self {
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

    /// The whole from its parts: numerators and denominators (or plain quantities) summed for each period that
    /// every part has that was one when the period ended; a single part is the whole. None where a part lacks the latest
    /// period that any of them has, or where several parts are of a kind that is never summed. A part to which the latest does
    /// not apply is left out, and then also of earlier periods only those count that are without the same parts.
    pub(super) fn summed(measure: &Measure, parts: &[SeriesPart]) -> Option<Self> {
        if let [whole] = parts {
            return whole.series.is_given().then(|| whole.series.clone());
        }
        if !Self::may_be_summed(measure) || parts.is_empty() {
            return None;
        }
        let latest = parts.iter().filter_map(|part| part.series.latest_given()).max()?;
        let (without, within): (Vec<&SeriesPart>, Vec<&SeriesPart>) = parts.iter().partition(|part| part.is_left_out_in(latest));
        let mut by_period = by_period(within.iter().copied());
        by_period.retain(|period, points| {
            points.len() == within.iter().filter(|part| part.is_one_in(*period)).count()
                && without.iter().all(|part| !part.is_one_in(*period) || part.is_left_out_in(*period))
        });
        let entries: Vec<SeriesEntry> = by_period.into_values().filter_map(|points| sum(measure, &points)).collect();
        let below = within.iter().flat_map(|part| part.series.left_out.iter());
        let left_out = without.iter().filter_map(|part| part.area.as_ref()).chain(below).cloned().collect();
        (entries.last()?.point.period == latest).then_some(FigureSeries { entries, left_out })
    }

    /// Whether its figure of a period can be added to those of others.
    pub(super) fn has_counts_at(&self, measure: &Measure, period: Period) -> bool {
        self.at(period).is_some_and(|entry| counts(measure, &entry.point).is_some())
    }

    /// With what was given for the whole itself in the baseline's period, where its parts do not make that.
    pub(super) fn with_baseline_of(mut self, given: &FigureSeries, baseline: Option<Period>) -> Self {
        let is_whole = self.left_out.is_empty();
        let stated = baseline.filter(|period| is_whole && self.at(*period).is_none()).and_then(|period| given.at(period));
        let is_alike = |entry: &&SeriesEntry| {
            entry.number().is_some() && self.entries.last().is_none_or(|last| last.point.period.same_series(entry.point.period))
        };
        if let Some(entry) = stated.filter(is_alike).cloned() {
            self.entries.push(entry);
            self.entries.sort_by_key(|entry| entry.point.period);
        }
        self
    }

    /// The organisations that gave the latest period pooled, for each period that all of them have, with how much of the
    /// whole they are: by the last known denominators of all, or by number where one that is absent has none. One that
    /// gives for the first time counts with what it gives now. A share or rate without its counts cannot be added to others,
    /// and whoever gives it is absent. None where nobody gave a figure that can be added.
    ///
    /// One to which the figure does not apply is not asked for it, and left out.
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
        let asked = parts.iter().filter(|part| !part.is_left_out_in(latest));
        let asked: Vec<OrganisationFigure> = asked.map(|part| part.series.organisation(measure, latest)).collect();
        let coverage = coverage::coverage(&asked, measure.multiplier, measure.coverage_percent).ok()?;
        let given_now = coverage.given;
        let given: Vec<&SeriesPart> = parts.iter().filter(|part| gave(part)).chain(former).collect();
        let mut by_period = by_period(given.iter().copied());
        by_period.retain(|period, points| {
            *period <= latest && points.len() == given.iter().filter(|part| part.is_one_in(*period)).count()
        });
        let entries: Vec<SeriesEntry> = by_period.into_values().filter_map(|points| sum(measure, &points)).collect();
        let codes = |wanted: &dyn Fn(&SeriesPart) -> bool| {
            let found = measure.parts.iter().zip(parts).filter(|(_, part)| wanted(part));
            found.map(|(code, _)| code.clone()).collect::<Vec<_>>()
        };
        let is_left_out = |part: &SeriesPart| part.is_left_out_in(latest);
        let found = Coverage {
            given: codes(&gave),
            absent: codes(&|part| !gave(part) && !is_left_out(part)),
            left_out: codes(&is_left_out),
            share: coverage.coverage,
            by_denominator: coverage.by == CoverageBy::Denominator,
            // One organisation never stands for several, though it applies to no other.
            is_enough: coverage.judged && (given_now > 1 || parts.len() == 1),
        };
        (!entries.is_empty()).then_some((FigureSeries::from_entries(entries), found))
    }

    /// The organisations added up for each period of which all that were parts when it ended gave a figure that can be added.
    pub(super) fn of_all_organisations(measure: &Measure, parts: &[SeriesPart], former: &[SeriesPart]) -> Self {
        if !Self::may_be_summed(measure) {
            return Self::default();
        }
        let all = || parts.iter().chain(former);
        let mut by_period = by_period(all());
        by_period.retain(|period, points| points.len() == all().filter(|part| part.is_one_in(*period)).count());
        FigureSeries::from_entries(by_period.into_values().filter_map(|points| sum(measure, &points)).collect())
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
    pub(super) fn added(measure: &Measure, parts: &[FigureSeries]) -> Self {
        let mut by_period: BTreeMap<Period, Vec<&SeriesPoint>> = BTreeMap::new();
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
        FigureSeries::from_entries(entries.collect())
    }
}

/// What is added to that of others: numerator and denominator, or, of a plain number or quantity without them, the number
/// itself, each organisation counting alike.
fn counts(measure: &Measure, point: &SeriesPoint) -> Option<(f64, f64)> {
    let value = point.value.number()?;
    let is_plain = measure.statistic.is_number();
    point.numerator.zip(point.denominator).or_else(|| is_plain.then_some((value, 1.0)))
}

/// Rounded to 12 figures where it is no whole number, so that the order of the parts does not show in the last digit.
fn total(numbers: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let sum = numbers.sum::<Option<f64>>()?;
    if sum.fract() == 0.0 { Some(sum) } else { format!("{sum:.11e}").parse().ok() }
}

/// None where one of them has no number: a sum of the others is not that of all.
fn sum(measure: &Measure, points: &[&SeriesPoint]) -> Option<SeriesEntry> {
    let total = |of: fn(&SeriesPoint) -> Option<f64>| total(points.iter().map(|p| of(p)));
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
    Some(made(measure, points, value, numerator, denominator))
}

/// Whole years of months or quarters, where all of a year's are there and they may be summed: numbers added, shares and
/// rates from pooled counts.
pub(super) fn whole_years(measure: &Measure, series: &[SeriesPoint]) -> Vec<SeriesPoint> {
    if !FigureSeries::may_be_summed(measure) {
        return Vec::new();
    }
    let mut by_year: BTreeMap<Period, Vec<&SeriesPoint>> = BTreeMap::new();
    for point in series.iter().filter(|point| point.value.number().is_some()) {
        if let Some(year) = Period::containing(point.period.end(), 12, measure.year) {
            by_year.entry(year).or_default().push(point);
        }
    }
    by_year.retain(|year, points| points.iter().map(|p| p.period.months()).sum::<i32>() == year.months());
    let years =
        by_year.into_iter().filter_map(|(year, points)| Some(SeriesPoint { period: year, ..sum(measure, &points)?.point }));
    years.collect()
}

/// An entry that was made from several figures of one period.
fn made(measure: &Measure, from: &[&SeriesPoint], value: f64, numerator: Option<f64>, denominator: Option<f64>) -> SeriesEntry {
    let limits = computed_limits(measure, value, numerator, denominator);
    let point = SeriesPoint {
        period: from[0].period,
        value: Value::Number(value),
        numerator,
        denominator,
        limits,
        comparator: None,
        comparator_limits: None,
        illustrative: from.iter().any(|p| p.illustrative),
        sources: from.iter().flat_map(|p| p.sources.iter().cloned()).collect(),
    };
    let limits_worked_out = limits.is_some() && is_published(measure);
    SeriesEntry { point, published_comparison: None, published_trend: None, replaced: None, limits_worked_out }
}
