//! Whether what is said beside a hidden figure tells its count. An area is judged anew with each count that a reader holds
//! possible, and nothing is said by which these fall into groups of fewer than three: neither for the counts of a small group
//! nor for the others, since what is not said would tell the former.

use super::count::{Truth, count, is_count};
use super::figures::{is_stated, usual_denominator};
use super::hide::LEAST_POSSIBLE;
use super::rule::Rule;
use crate::area::AreaCode;
use crate::evaluate::area_case::{AreaCase, JudgedAs};
use crate::evaluate::assess_area::assess_area;
use crate::evaluate::context::EvaluationContext;
use crate::evaluate::from_areas::{from_areas, is_adverse_among};
use crate::evaluate::series::{FigureSeries, SeriesEntry, computed_limits};
use crate::evaluate::{Assessment, Flag, MeasureAssessment, NoFigure, SeriesPoint, Status};
use crate::figure::FigureKey;
use crate::framework::{Aspiration, Measure, Statistic};
use crate::period::Period;
use crate::value::{Limits, Value};
use indicator_stats::Confidence;
use indicator_stats::rate::count_limits;
use std::collections::{BTreeMap, BTreeSet};

/// So many counts are tried, of a figure that is hidden beside a small one.
const MOST_TRIED: f64 = 400.0;

/// Judges the areas of one measure anew.
pub(super) struct Judge<'a> {
    pub context: &'a EvaluationContext<'a>,
    pub measure: &'a Measure,
    pub aspiration: &'a Aspiration,
    pub rule: Rule,
    pub hidden: &'a BTreeSet<FigureKey>,
    /// The values that each hidden count can have, for all that the figures tell.
    pub possible: &'a BTreeMap<FigureKey, BTreeSet<u8>>,
    /// The least and the greatest that a count which is hidden beside others can be.
    pub ranges: &'a BTreeMap<FigureKey, (f64, f64)>,
    /// How many areas a status is made from, where it is made from areas.
    pub by_area: Option<usize>,
    /// Another measure has the same count, so that two statuses tell of it.
    pub is_shared: bool,
}

/// What would be said of an area, could its hidden figures be others.
#[derive(Debug, Default)]
pub(super) struct Alternatives {
    /// The status tells a count, or leaves too few; so may a flag beside it.
    pub tells_status: bool,
    /// Flags that other counts would not have, or would have.
    pub uncertain: BTreeSet<Flag>,
    /// So does that the area is significantly adverse or is not.
    pub tells_adverse: bool,
    /// The area as it would be judged by other counts than its own.
    others: Vec<Assessment>,
}

impl Judge<'_> {
    /// What other counts would make of an assessment, as it is before anything is hidden.
    pub fn alternatives(&self, of: &Assessment, is_system: bool) -> Alternatives {
        let mut found = Alternatives::default();
        let is_hidden =
            |point: &SeriesPoint| !is_stated(self.aspiration, point) && self.hidden.contains(&self.key(of, point.period));
        let periods: BTreeSet<Period> = of
            .series
            .iter()
            .filter(|point| is_hidden(point) && point.value.number().is_some())
            .map(|point| point.period)
            .collect();
        if periods.is_empty() {
            return found;
        }
        if of.status.is_judged() && self.aspiration.target.scenario().is_some() {
            // What the scenario projects is not known here.
            found.tells_status = true;
        }
        for period in periods {
            let judged: Vec<Assessment> =
                self.counts(of, period).into_iter().filter_map(|count| self.with(of, is_system, period, count)).collect();
            // What nobody is judged by, such as what too few gave, is so whatever the count.
            if !of.status.is_judged() && judged.iter().all(|other| other.status != of.status) {
                continue;
            }
            found.tells_status |= self.tell(judged.iter().map(|of| (of.status, of.flags.clone())));
            let is_certain = |flag: &Flag| judged.iter().all(|of| of.flags.contains(flag));
            found.uncertain.extend(judged.iter().flat_map(|of| &of.flags).copied().filter(|flag| !is_certain(flag)));
            if let Some(areas) = self.by_area {
                found.tells_adverse |= self.tell(judged.iter().map(|of| is_adverse_among(of, self.measure, areas)));
            }
            found.others.extend(judged);
        }
        found
    }

    fn key(&self, of: &Assessment, period: Period) -> FigureKey {
        FigureKey::new(self.measure.id.clone(), of.area.clone(), period, None)
    }

    /// The counts that a reader holds possible; of one that is not small all that its sums allow, by which the small ones beside it
    /// could be told. Where these are very many no small one can, and those around it stand for them.
    fn counts(&self, of: &Assessment, period: Period) -> Vec<u32> {
        let key = self.key(of, period);
        let Some(point) = of.series.iter().find(|point| point.period == period) else { return Vec::new() };
        let most = u32::from(self.rule.most);
        match count(self.measure, point, usual_denominator(of, period)) {
            Truth::Count(count) if self.rule.is_small(count) => match self.possible.get(&key) {
                Some(possible) if !possible.is_empty() => possible.iter().map(|count| u32::from(*count)).collect(),
                _ => (1..=most).collect(),
            },
            // Counts are whole numbers; what is larger than any of persons is none.
            Truth::Count(count) if count < 1e9 => {
                if let Some((least, greatest)) = self.ranges.get(&key).filter(|(least, greatest)| greatest - least <= MOST_TRIED)
                {
                    return (least.ceil() as u32..=greatest.floor() as u32).collect();
                }
                let count = count.round() as u32;
                let least = u32::from(count > 0);
                (count.saturating_sub(most - 1).max(least)..count + most).collect()
            }
            Truth::Count(_) | Truth::Marked | Truth::Absent => Vec::new(),
        }
    }

    /// The area as it would be judged; none where the count cannot be.
    fn with(&self, of: &Assessment, is_system: bool, period: Period, count: u32) -> Option<Assessment> {
        let mut entries = Vec::with_capacity(of.series.len());
        for point in &of.series {
            let point = match point.period == period {
                true => self.point(point, usual_denominator(of, period), f64::from(count))?,
                false => point.clone(),
            };
            entries.push(SeriesEntry {
                point,
                published_comparison: None,
                published_trend: None,
                replaced: None,
                limits_worked_out: false,
            });
        }
        let comparator = entries.iter().filter_map(|entry| {
            let value = Value::Number(entry.point.comparator?);
            let limits = entry.point.comparator_limits;
            let point = SeriesPoint { value, numerator: None, denominator: None, limits, ..entry.point.clone() };
            Some(SeriesEntry { point, ..entry.clone() })
        });
        let comparator = FigureSeries::from_entries(comparator.collect());
        let own = self.aspiration.in_area(&of.area);
        let whose = if is_system || own.is_some() { JudgedAs::System } else { JudgedAs::Part };
        let case = AreaCase {
            context: self.context,
            measure: self.measure,
            aspiration: own.as_ref().unwrap_or(self.aspiration),
            area: &of.area,
            whose,
            series: &FigureSeries::from_entries(entries),
            comparator: &comparator,
        };
        Some(assess_area(&case))
    }

    /// True where some of what would be said holds of fewer counts than a reader must hold possible. What is said of a count in
    /// two measures leaves fewer than each by itself: there it must be the same for all counts.
    fn tell<T: Ord>(&self, said: impl Iterator<Item = T>) -> bool {
        let mut groups: BTreeMap<T, usize> = BTreeMap::new();
        said.for_each(|one| *groups.entry(one).or_default() += 1);
        groups.len() > 1 && (self.is_shared || groups.values().any(|count| *count < LEAST_POSSIBLE))
    }

    /// The figure with another count.
    fn point(&self, point: &SeriesPoint, usual: Option<f64>, other: f64) -> Option<SeriesPoint> {
        let Truth::Count(own) = count(self.measure, point, usual) else { return None };
        let value = point.value.number()?;
        let of = point.denominator.or(usual).filter(|of| *of > 0.0);
        let share = self.measure.statistic == Statistic::Proportion;
        if share && of.is_some_and(|of| other > of) {
            return None;
        }
        let value = match of {
            _ if is_count(self.measure) => other,
            Some(of) if share || self.measure.statistic == Statistic::CrudeRate => self.measure.multiplier * other / of,
            _ if own > 0.0 => value * other / own,
            _ => return None,
        };
        let limits = || match self.measure.statistic {
            Statistic::StandardisedRate if other > 0.0 => {
                let limits = count_limits(other, Confidence::P95).ok()?;
                Some(Limits { lower: value * limits.lower / other, upper: value * limits.upper / other })
            }
            _ => computed_limits(self.measure, value, Some(other), of),
        };
        let limits = point.limits.and_then(|_| limits());
        Some(SeriesPoint { value: Value::Number(value), numerator: point.numerator.map(|_| other), limits, ..point.clone() })
    }
}

/// A status made from areas, with what may be said of each of them. It stays where no other count of any of them would change
/// it. `truth` is the measure before anything is hidden.
pub(super) fn by_areas(
    judge: &Judge<'_>,
    truth: &MeasureAssessment,
    published: &mut MeasureAssessment,
    alternatives: &[Alternatives],
) {
    let Some(by_area) = &truth.headline.by_area else { return };
    let is_as_it_was = |(was, is): (&Assessment, &Assessment)| was.reason == is.reason && was.status == is.status;
    if truth.areas.iter().zip(&published.areas).all(is_as_it_was) {
        return;
    }
    let (areas, measure) = (judge.context.inputs.areas, judge.measure);
    let place = |code: &AreaCode| truth.areas.iter().position(|area| area.area == *code);
    let judged = by_area.areas.iter().map(|standing| &standing.area);
    let left_out = by_area.left_out.iter().filter(|code| place(code).is_some());
    let places: Vec<_> = judged.chain(left_out).map(|code| (code, place(code))).collect();
    let status_with = |at: usize, other: &Assessment| {
        let each = |(code, place): &(_, Option<usize>)| (*code, place.map(|i| if i == at { other } else { &truth.areas[i] }));
        let judged: Vec<_> = places.iter().map(each).collect();
        from_areas(areas, measure, &judged, &truth.headline).map(|of| of.status)
    };
    let stays = alternatives
        .iter()
        .enumerate()
        .filter(|(_, of)| of.tells_status || of.tells_adverse)
        .flat_map(|(at, of)| of.others.iter().map(move |other| (at, other)))
        .all(|(at, other)| status_with(at, other) == Some(truth.headline.status));
    let may_be_said: Vec<Assessment> = truth
        .areas
        .iter()
        .zip(&published.areas)
        .zip(alternatives)
        .map(|((was, is), of)| match of.tells_status || of.tells_adverse {
            true => is.clone(),
            // Whether it is adverse rests on what it was.
            false => Assessment {
                status: is.status,
                reason: is.reason.clone(),
                flags: is.flags.clone(),
                no_figure: is.no_figure.clone(),
                ..was.clone()
            },
        })
        .collect();
    let of = |from: &[Assessment]| {
        let judged: Vec<_> = places.iter().map(|(code, place)| (*code, place.map(|i| &from[i]))).collect();
        from_areas(areas, measure, &judged, &published.headline)
    };
    let (Some(found), Some(of_published)) = (of(&may_be_said), of(&published.areas)) else { return };
    let goal = of_published.target;
    published.headline = match stays {
        true if found.status == truth.headline.status => Assessment { target: goal, ..found },
        _ => {
            let (status, no_figure) = match stays {
                true => (truth.headline.status, truth.headline.no_figure.clone()),
                false => (Status::NoFigure, Some(NoFigure::Withheld)),
            };
            let reason =
                "By the status in which the median resident lives; that of some areas is withheld to protect people".to_owned();
            Assessment { target: goal, status, no_figure, reason, ..found }
        }
    };
}
