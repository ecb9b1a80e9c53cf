//! Takes what is hidden out of the assessments of one measure, with all that would tell it.

use super::count::{Truth, count, is_count};
use super::hide::LEAST_POSSIBLE;
use super::rule::Rule;
use super::sums::{group_key, is_stated, points, usual_denominator};
use super::table::Key;
use crate::area::{AreaCode, Areas};
use crate::evaluate::{Assessment, Breakdown, Comparison, Flag, Goal, Point, Status, Trend};
use crate::framework::{Aspiration, Framework, Measure, Statistic};
use crate::period::Period;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How one measure is protected.
pub(super) struct Protection<'a> {
    pub framework: &'a Framework,
    pub measure: &'a Measure,
    pub aspiration: &'a Aspiration,
    pub rule: Rule,
    pub hidden: &'a BTreeSet<Key>,
    /// The values that each hidden count can have, for all that the figures tell.
    pub possible: &'a BTreeMap<Key, BTreeSet<u8>>,
    pub areas: &'a Areas,
}

pub(super) fn hide(point: &mut Point) {
    point.value = Value::Suppressed;
    point.numerator = None;
    point.denominator = None;
    point.limits = None;
}

/// Rounded to two significant figures.
fn to_two_figures(value: f64) -> f64 {
    // Written out and read again, so that 0.29 is 0.29 to the last bit.
    format!("{value:.1e}").parse().unwrap_or(value)
}

impl Protection<'_> {
    pub fn apply(&self, assessment: &mut Assessment) {
        let area = assessment.area.clone();
        let changes = |point: &Point| !is_stated(self.aspiration, point);
        let is_hidden = |point: &Point| changes(point) && self.hidden.contains(&self.key(&area, point.period));
        let is_there = |point: &Option<Point>, of: &dyn Fn(&Point) -> bool| point.as_ref().is_some_and(of);
        // A figure that is hidden or rounded, or has lost its limits.
        let is_protected = |point: &Point| is_hidden(point) || (changes(point) && self.loses_limits(point));
        let latest_is_hidden = is_there(&assessment.latest, &is_hidden);
        let judged_is_hidden = is_there(&assessment.judged, &is_hidden);
        let some_are_hidden = points(assessment).any(&is_hidden);
        let baseline_is_protected = is_there(&assessment.baseline, &|p| is_hidden(p) || (changes(p) && self.is_rounded(p)));
        let latest_is_rounded = is_there(&assessment.latest, &|p| self.is_rounded(p));

        let rests_on_hidden = judged_is_hidden || (latest_is_hidden && assessment.judged.is_none());
        let tells = rests_on_hidden && self.status_tells(assessment);
        if tells {
            assessment.status = Status::NoFigure;
        }
        if latest_is_hidden || tells {
            assessment.reason = match tells {
                true => "The figure is suppressed to protect people, and so is a status that would tell it".to_owned(),
                false => "The figure is suppressed to protect people; its status rests on it all the same".to_owned(),
            };
            assessment.flags.push(Flag::Suppressed);
            assessment.flags.sort_unstable();
            assessment.flags.dedup();
        }
        if latest_is_hidden {
            assessment.comparison = Comparison::NotCompared;
        }
        if some_are_hidden {
            assessment.trend = Trend::CannotBeCalculated;
        }
        // A difference of two figures would tell a hidden or rounded one.
        let of_latest = is_there(&assessment.latest, &is_protected);
        if of_latest {
            (assessment.in_funnel, assessment.among_like) = (None, None);
            (assessment.region, assessment.neighbours) = (None, None);
            assessment.beside.clear();
        }
        if of_latest || is_there(&assessment.previous, &is_protected) {
            assessment.since_previous = None;
        }
        if of_latest || is_there(&assessment.baseline, &is_protected) {
            assessment.since_baseline = None;
        }
        let usual: BTreeMap<Period, Option<f64>> =
            points(assessment).map(|point| (point.period, usual_denominator(assessment, point.period))).collect();
        let Assessment { series, latest, judged, previous, baseline, .. } = assessment;
        for point in series.iter_mut().chain(latest).chain(judged).chain(previous).chain(baseline) {
            if is_hidden(point) {
                hide(point);
            } else if changes(point) {
                self.round(point, usual.get(&point.period).copied().flatten());
            }
        }
        if baseline_is_protected {
            assessment.goal = assessment.goal.take().map(|goal| self.goal_without_baseline(goal));
        }
        let changed = some_are_hidden || latest_is_rounded || baseline_is_protected;
        if !latest_is_hidden && !tells && changed {
            assessment.reason = self.reason_of_latest(assessment, some_are_hidden);
        }
        if changed {
            if assessment.flags.contains(&Flag::ByArea) {
                assessment.reason = format!("{}: {}", self.areas.name(&assessment.area), assessment.reason);
            }
        } else if assessment.reason.contains("two figures were given") {
            // What was given before may be smaller than what stands.
            assessment.reason = self.reason_of_latest(assessment, false);
        }
    }

    /// Without every group as it was given there is no slope.
    pub fn apply_to_groups(&self, breakdown: &mut Breakdown) {
        let is_hidden =
            |label: &str, point: &Point| self.hidden.contains(&group_key(self.measure, breakdown, label, point.period));
        let hidden: Vec<bool> = breakdown.groups.iter().map(|(label, point)| is_hidden(label, point)).collect();
        let changes = |point: &Point| self.loses_limits(point);
        if hidden.contains(&true) || breakdown.groups.iter().any(|(_, point)| changes(point)) {
            breakdown.slope = None;
        }
        for ((_, point), is_hidden) in breakdown.groups.iter_mut().zip(hidden) {
            match is_hidden {
                true => hide(point),
                false => self.round(point, None),
            }
        }
    }

    fn key(&self, area: &AreaCode, period: Period) -> Key {
        Key { measure: self.measure.id.clone(), area: area.clone(), period, group: None }
    }

    /// Rounded counts change what stands beside them: a count itself, and a share or crude rate made from it. A standardised
    /// rate of which no count can be told is rounded itself.
    fn is_rounded(&self, point: &Point) -> bool {
        let has_number = point.value.number().is_some();
        self.rule.round_to.is_some()
            && has_number
            && match self.measure.statistic {
                Statistic::Count | Statistic::Quantity | Statistic::Proportion | Statistic::CrudeRate => true,
                Statistic::StandardisedRate => count(self.measure, point, None) == Truth::Absent,
                Statistic::Estimate => false,
            }
    }

    /// Limits of a figure whose count is rounded would give the exact count back.
    fn loses_limits(&self, point: &Point) -> bool {
        let is_rate = self.measure.statistic == Statistic::StandardisedRate && point.value.number().is_some();
        self.is_rounded(point) || (self.rule.round_to.is_some() && (is_rate || point.numerator.is_some()))
    }

    fn round(&self, point: &mut Point, usual: Option<f64>) {
        if self.loses_limits(point) {
            point.limits = None;
        }
        if self.is_rounded(point) {
            let of = point.denominator.or(usual).filter(|of| *of > 0.0);
            let exact = match count(self.measure, point, usual) {
                Truth::Count(count) => Some(count),
                Truth::Marked | Truth::Absent => None,
            };
            point.value = match (point.value, exact, of) {
                (Value::Number(rate), ..) if self.measure.statistic == Statistic::StandardisedRate => {
                    Value::Number(to_two_figures(rate))
                }
                (Value::Number(_), Some(count), _) if is_count(self.measure) => Value::Number(self.rule.rounded(count)),
                // A rounded share of a small group is no more than all of it.
                (Value::Number(_), Some(count), Some(of)) if self.measure.statistic == Statistic::Proportion => {
                    Value::Number(self.measure.multiplier * (self.rule.rounded(count) / of).min(1.0))
                }
                (Value::Number(_), Some(count), Some(of)) => {
                    Value::Number(self.measure.multiplier * self.rule.rounded(count) / of)
                }
                // The count was told from the limits, which go.
                (Value::Number(value), Some(count), None) if count > 0.0 => {
                    Value::Number(value * self.rule.rounded(count) / count)
                }
                (Value::Number(0.0), ..) => Value::Number(0.0),
                (Value::Number(_), ..) => Value::Suppressed,
                (other, ..) => other,
            };
        }
        point.numerator = point.numerator.map(|count| self.rule.rounded(count));
    }

    /// True where fewer than three of the values that the hidden count can have lie on the figure's side of all that it is
    /// judged by: the goal, what is expected by now, and the comparator.
    fn status_tells(&self, assessment: &Assessment) -> bool {
        let Some(point) = assessment.judged.as_ref().or(assessment.latest.as_ref()) else { return false };
        let Some(value) = point.value.number() else { return false };
        let usual = usual_denominator(assessment, point.period);
        let Some(possible) = self.possible.get(&self.key(&assessment.area, point.period)) else { return false };
        let is_small = matches!(count(self.measure, point, usual), Truth::Count(count) if self.rule.is_small(count));
        if !is_small {
            return false;
        }
        let figure = |count: u8| match self.measure.statistic {
            Statistic::Count | Statistic::Quantity => Some(f64::from(count)),
            Statistic::Proportion | Statistic::CrudeRate => {
                point.denominator.or(usual).map(|of| self.measure.multiplier * f64::from(count) / of)
            }
            Statistic::StandardisedRate | Statistic::Estimate => None,
        };
        let full = (self.measure.statistic == Statistic::Proportion).then_some(self.measure.multiplier);
        let goal = assessment.goal.as_ref();
        // What is met by the one and not by the other tells them apart.
        let lines = goal.iter().flat_map(|goal| {
            goal.value
                .map(|bar| (bar, self.aspiration.target.is_strict()))
                .into_iter()
                .chain(goal.expected_now.map(|bar| (bar, false)))
        });
        let lines: Vec<(f64, bool)> = lines.collect();
        // On which side of these a figure lies, or on them, tells too.
        let none = self.aspiration.target.is_all_or_none().then_some(0.0);
        let bars: Vec<f64> = [point.comparator, none, full].into_iter().flatten().collect();
        let side = |figure: f64, bar: f64| {
            let near = 1e-9 * bar.abs().max(1.0);
            if (figure - bar).abs() <= near { 0.0 } else { (figure - bar).signum() }
        };
        let meets = |figure: f64, (bar, strict): (f64, bool)| match (self.measure.polarity.sign(), strict) {
            (Some(sign), false) => f64::from(sign * side(figure, bar) >= 0.0),
            (Some(sign), true) => f64::from(sign * side(figure, bar) > 0.0),
            (None, _) => side(figure, bar),
        };
        let is_alike = |other: f64| {
            let is_possible = full.is_none_or(|full| side(other, full) <= 0.0);
            let meets_alike = lines.iter().all(|line| meets(other, *line) == meets(value, *line));
            is_possible && meets_alike && bars.iter().all(|bar| side(other, *bar) == side(value, *bar))
        };
        let left = possible.iter().filter(|count| figure(**count).is_none_or(is_alike)).count();
        left < LEAST_POSSIBLE
    }

    /// A goal without the figures that rest on the baseline; its words are then the target's own.
    fn goal_without_baseline(&self, goal: Goal) -> Goal {
        let goal = Goal { expected_now: None, ..goal };
        if self.aspiration.target.states_its_value() {
            return goal;
        }
        Goal { value: None, words: self.framework.target_in_words(self.aspiration, self.areas), ..goal }
    }

    fn reason_of_latest(&self, assessment: &Assessment, earlier_hidden: bool) -> String {
        let Some((latest, value)) = assessment.latest.as_ref().and_then(|latest| Some((latest, latest.value.number()?))) else {
            return "Its figures are protected and are not shown".to_owned();
        };
        let value = self.measure.unit.format(value, self.measure.decimals);
        let wanted = assessment.goal.as_ref().map_or(String::new(), |goal| format!("; wanted: {}", goal.words));
        let rounded = match self.measure.statistic {
            _ if !self.is_rounded(latest) => "",
            Statistic::StandardisedRate => ", rounded",
            _ => ", by counts rounded to 5",
        };
        let hidden = if earlier_hidden { "; an earlier figure is suppressed to protect people" } else { "" };
        format!("{value} in {}{rounded}{wanted}{hidden}", latest.period.in_words())
    }
}
