//! Takes what is hidden out of the assessments of one measure, with all that would tell it.

use super::count::{Truth, count, is_count};
use super::figures::{group_key, is_stated, points, usual_denominator};
use super::findings::{numbers_of, without_cells};
use super::rule::Rule;
use super::spreads::{without_ranks, without_spreads};
use super::status::Alternatives;
use crate::area::{AreaCode, Areas};
use crate::evaluate::wording::format_month;
use crate::evaluate::{
    AssessedTarget, Assessment, AssessmentWorking, Breakdown, Decision, Flag, MeasureAssessment, NoFigure, OtherAreaFigure,
    SeriesPoint, Status,
};
use crate::figure::FigureKey;
use crate::framework::{Aspiration, Framework, Measure, SetAgainst, Statistic};
use crate::period::Period;
use crate::value::Value;
use indicator_stats::{Comparison, Trend};
use std::collections::{BTreeMap, BTreeSet};

/// How one measure is protected.
pub(super) struct Protection<'a> {
    pub framework: &'a Framework,
    pub measure: &'a Measure,
    pub aspiration: &'a Aspiration,
    pub rule: Rule,
    pub hidden: &'a BTreeSet<FigureKey>,
    pub areas: &'a Areas,
}

pub(super) fn hide(point: &mut SeriesPoint) {
    point.value = Value::Suppressed;
    point.numerator = None;
    point.denominator = None;
    point.limits = None;
}

/// What makes a figure doubtful may be told of another one: no number of it is said that the pack does not show of the area.
pub(super) fn without_what_is_in_question(of: &mut Assessment) {
    let is_in_question = |working: &AssessmentWorking| matches!(working.decision, Decision::InQuestion { .. });
    if of.working.as_deref().is_some_and(is_in_question) {
        let shown: Vec<f64> = numbers_of(of).collect();
        of.reason = without_cells(&of.reason, Some(&shown), |_, _| false);
    }
}

/// Rounded to two significant figures.
fn to_two_figures(value: f64) -> f64 {
    // Written out and read again, so that 0.29 is 0.29 to the last bit.
    format!("{value:.1e}").parse().unwrap_or(value)
}

impl Protection<'_> {
    pub fn apply(&self, assessment: &mut Assessment, alternatives: &Alternatives) {
        let area = assessment.area.clone();
        let changes = |point: &SeriesPoint| !is_stated(self.aspiration, point);
        let is_hidden = |point: &SeriesPoint| changes(point) && self.hidden.contains(&self.key(&area, point.period));
        let is_there = |point: &Option<SeriesPoint>, of: &dyn Fn(&SeriesPoint) -> bool| point.as_ref().is_some_and(of);
        // A figure that is hidden or rounded, or has lost its limits.
        let is_protected = |point: &SeriesPoint| is_hidden(point) || (changes(point) && self.loses_limits(point));
        let latest_is_hidden = is_there(&assessment.latest, &is_hidden);
        let some_are_hidden = points(assessment).any(&is_hidden);
        let some_are_protected = points(assessment).any(&is_protected);
        let baseline_is_protected = is_there(&assessment.baseline, &|p| is_hidden(p) || (changes(p) && self.is_rounded(p)));
        let latest_is_rounded = is_there(&assessment.latest, &|p| self.is_rounded(p));

        let tells = alternatives.tells_status;
        if tells {
            assessment.status = Status::NoFigure;
            assessment.no_figure = Some(NoFigure::Withheld);
            assessment.flags.retain(|flag| !alternatives.uncertain.contains(flag));
        }
        // What its source withholds is judged and said as such.
        let is_withheld = assessment.latest.as_ref().is_some_and(|latest| latest.value == Value::Suppressed);
        if latest_is_hidden && !is_withheld {
            let said = match tells {
                true => "and so is a status that would tell it".to_owned(),
                false if assessment.status.is_judged() => "though its status rests on it".to_owned(),
                false => {
                    let why = assessment.no_figure.as_ref().map(NoFigure::label);
                    format!("and it is not judged ({})", why.map_or(assessment.status.label().to_lowercase(), str::to_owned))
                }
            };
            assessment.reason = format!("The figure is suppressed to protect people, {said}");
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
        self.without_hidden_beside(assessment);
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
        // What areas have in common is said as the first of them has it.
        let of_areas = assessment.flags.contains(&Flag::ByArea) && self.changes_some();
        if baseline_is_protected || of_areas || some_are_protected {
            let is_protected = |figure: &SetAgainst| match figure {
                SetAgainst::Baseline => baseline_is_protected,
                // Of another area or measure, and protected there.
                SetAgainst::Comparator | SetAgainst::Scenario => false,
            };
            let goal = assessment.target.take();
            assessment.target = goal.map(|goal| self.goal_without(goal, &area, &is_protected));
        }
        let changed = some_are_hidden || latest_is_rounded || baseline_is_protected;
        if !latest_is_hidden && (changed || tells) {
            assessment.reason = self.reason_of_latest(assessment, some_are_hidden, tells);
        }
        if changed {
            if assessment.flags.contains(&Flag::ByArea) {
                assessment.reason = format!("{}: {}", self.areas.name(&assessment.area), assessment.reason);
            }
        } else if assessment.reason.contains("two figures were given") {
            // What was given before may be smaller than what stands.
            assessment.reason = self.reason_of_latest(assessment, false, false);
        }
        without_what_is_in_question(assessment);
    }

    /// Takes away the ranks, and how far the figures of others lie apart, where they would tell a hidden figure.
    pub fn ranks(&self, measure: &mut MeasureAssessment) {
        let is_protected = |point: &SeriesPoint| point.value == Value::Suppressed || self.loses_limits(point);
        without_spreads(measure, &is_protected, &|value| is_count(self.measure) && self.rule.is_small(value));
        without_ranks(measure, self.areas);
    }

    /// Figures of other areas beside this one's, where those are hidden, or are small counts of an area that has none here.
    fn without_hidden_beside(&self, assessment: &mut Assessment) {
        let Some(period) = assessment.latest.as_ref().map(|latest| latest.period) else { return };
        let edition = &self.framework.edition;
        let named = edition.beside.iter().chain(&edition.region);
        let hidden: BTreeSet<&str> =
            named.filter(|area| self.hidden.contains(&self.key(area, period))).map(|area| self.areas.name(area)).collect();
        let may_stand = |of: &OtherAreaFigure| {
            let is_small = is_count(self.measure) && self.rule.is_small(of.value);
            !is_small && !hidden.contains(of.region.as_str())
        };
        assessment.beside.retain(may_stand);
        assessment.region = assessment.region.take().filter(may_stand);
    }

    /// Without every group as it was given there is no slope.
    pub fn apply_to_groups(&self, breakdown: &mut Breakdown) {
        let is_hidden =
            |label: &str, point: &SeriesPoint| self.hidden.contains(&group_key(self.measure, breakdown, label, point.period));
        let hidden: Vec<bool> = breakdown.groups.iter().map(|(label, point)| is_hidden(label, point)).collect();
        let changes = |point: &SeriesPoint| self.loses_limits(point);
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

    /// Whether any figure of the measure may be shown otherwise than it is.
    fn changes_some(&self) -> bool {
        self.rule.round_to.is_some() || self.hidden.iter().any(|key| key.measure == self.measure.id)
    }

    fn key(&self, area: &AreaCode, period: Period) -> FigureKey {
        FigureKey::new(self.measure.id.clone(), area.clone(), period, None)
    }

    /// Rounded counts change what stands beside them: a count itself, and a share or crude rate made from it. A standardised
    /// rate of which no count can be told is rounded itself.
    fn is_rounded(&self, point: &SeriesPoint) -> bool {
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
    fn loses_limits(&self, point: &SeriesPoint) -> bool {
        let is_rate = self.measure.statistic == Statistic::StandardisedRate && point.value.number().is_some();
        self.is_rounded(point) || (self.rule.round_to.is_some() && (is_rate || point.numerator.is_some()))
    }

    fn round(&self, point: &mut SeriesPoint, usual: Option<f64>) {
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

    /// A goal in words that do not rest on the figures. Where one that it is set against is protected it has no value either that
    /// is worked out from that.
    fn goal_without(&self, goal: AssessedTarget, area: &AreaCode, is_protected: &dyn Fn(&SetAgainst) -> bool) -> AssessedTarget {
        let own = self.aspiration.in_area(area);
        let target = own.as_ref().map_or(&self.aspiration.target, |own| &own.target);
        let is_stated = target.states_its_value();
        let rests_on_protected = target.set_against().iter().any(is_protected);
        let words = match target.is_a_value() {
            true => goal.words.clone(),
            false => self.framework.one_target_in_words(self.aspiration, target, self.areas),
        };
        match rests_on_protected {
            true => AssessedTarget { expected_now: None, value: goal.value.filter(|_| is_stated), words, ..goal },
            false => AssessedTarget { words, ..goal },
        }
    }

    fn reason_of_latest(&self, assessment: &Assessment, earlier_hidden: bool, tells: bool) -> String {
        let Some((latest, value)) = assessment.latest.as_ref().and_then(|latest| Some((latest, latest.value.number()?))) else {
            return "Its figures are protected and are not shown".to_owned();
        };
        let value = self.measure.unit.format(value, self.measure.places(value));
        let wanted = assessment.target.as_ref().map_or(String::new(), |goal| format!("; wanted: {}", goal.words));
        let rounded = match self.measure.statistic {
            _ if !self.is_rounded(latest) => "",
            Statistic::StandardisedRate => ", rounded",
            _ => ", by counts rounded to 5",
        };
        let hidden = match (earlier_hidden, tells) {
            (false, _) => "",
            (true, false) => "; an earlier figure is suppressed to protect people",
            (true, true) => "; an earlier figure is suppressed to protect people, and so is a status that would tell it",
        };
        let period = latest.period.in_words();
        if assessment.no_figure == Some(NoFigure::TooOld) {
            let newer_due = assessment.working.as_deref().and_then(|working| match &working.decision {
                Decision::TooOld { newer_due, .. } => Some(format!(": a newer one was due in {}", format_month(*newer_due))),
                _ => None,
            });
            let due = newer_due.unwrap_or_default();
            return format!("The last figure, {value} in {period}{rounded}, is too old to judge by{due}{hidden}");
        }
        let unjudged = match (assessment.status, &assessment.no_figure) {
            (status, _) if tells || status.is_judged() => String::new(),
            (Status::CannotBeJudged, _) => "; it cannot be judged".to_owned(),
            (_, Some(why)) => format!("; not judged: {}", why.label()),
            (status, None) => format!("; not judged: {}", status.label().to_lowercase()),
        };
        format!("{value} in {period}{rounded}{wanted}{hidden}{unjudged}")
    }
}
