//! The evaluation of a run: every aspiration of the framework for the system and its parts, every key action.

use super::headline;
use super::inequality::ByDeprivation;
use super::rules::{Milestone, milestone};
use super::series::Headlines;
use super::{ActionAssessment, Assessment, Comparison, Evaluation, Flag, MeasureAssessment, Status, Trend};
use crate::area::Areas;
use crate::collect::{ActionReport, Observation};
use crate::framework::{Action, ActionId, Aspiration, Framework, Measure, MeasureId};
use crate::period::Period;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::HashMap;

/// All that is judged, and when.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    pub framework: &'a Framework,
    pub areas: &'a Areas,
    pub observations: &'a [Observation],
    pub action_reports: &'a [ActionReport],
    /// The quarter of the pack.
    pub period: Period,
    /// What "today" is.
    pub as_at: Date,
}

/// The inputs, arranged to be found.
pub(super) struct Context<'a> {
    pub inputs: &'a Inputs<'a>,
    pub headlines: Headlines<'a>,
    pub by_deprivation: ByDeprivation<'a>,
}

impl Context<'_> {
    pub(super) fn comparator_name(&self) -> &str {
        self.inputs.areas.name(&self.inputs.framework.edition.comparator)
    }
}

/// Judges everything that the framework names, in its order; nothing is left out for want of a figure.
///
/// Disclosure is not applied here: judgements rest on figures as they were given.
pub fn evaluate(inputs: &Inputs<'_>) -> Evaluation {
    let context = Context {
        inputs,
        headlines: Headlines::of(inputs.observations, inputs.framework, inputs.areas, inputs.as_at),
        by_deprivation: ByDeprivation::of(inputs.observations, inputs.as_at),
    };
    let measures: HashMap<&MeasureId, &Measure> = inputs.framework.measures.iter().map(|m| (&m.id, m)).collect();
    let mut reports: HashMap<&ActionId, Vec<&ActionReport>> = HashMap::new();
    for report in inputs.action_reports {
        reports.entry(&report.action).or_default().push(report);
    }
    Evaluation {
        period: inputs.period,
        as_at: inputs.as_at,
        edition: inputs.framework.edition.id.clone(),
        measures: inputs
            .framework
            .aspirations()
            .map(|(_, aspiration)| match measures.get(&aspiration.id) {
                Some(measure) => headline::assess(&context, measure, aspiration),
                None => undefined(inputs.framework, aspiration),
            })
            .collect(),
        actions: inputs
            .framework
            .actions
            .iter()
            .map(|action| judge_action(action, reports.get(&action.id).map_or(&[], Vec::as_slice), inputs.as_at))
            .collect(),
        movements: None,
    }
}

/// A framework that names a measure without defining it does not pass its check; it is still not passed over.
fn undefined(framework: &Framework, aspiration: &Aspiration) -> MeasureAssessment {
    let headline = Assessment {
        measure: aspiration.id.clone(),
        area: framework.edition.system.clone(),
        latest: None,
        previous: None,
        baseline: None,
        goal: None,
        comparison: Comparison::NotCompared,
        trend: Trend::CannotBeCalculated,
        status: Status::CannotBeJudged,
        reason: "The framework does not define this measure".to_owned(),
        flags: Vec::new(),
        next_due: None,
        series: Vec::new(),
        working: None,
    };
    MeasureAssessment { headline, areas: Vec::new(), breakdowns: Vec::new() }
}

/// The lead's own report counts; where it sent none, the last that came.
fn judge_action(action: &Action, reports: &[&ActionReport], as_at: Date) -> ActionAssessment {
    let report = reports.iter().rev().find(|r| r.partner == action.lead).or(reports.last()).copied();
    let verdict = milestone(&Milestone {
        due: action.due,
        today: as_at,
        progress: report.map(|r| r.progress),
        forecast: report.and_then(|r| r.forecast),
        completed: report.and_then(|r| r.completed),
    });
    let mut flags = verdict.flags;
    flags.extend(report.is_some_and(|r| r.illustrative).then_some(Flag::Illustrative));
    flags.sort_unstable();
    ActionAssessment { action: action.id.clone(), status: verdict.status, reason: verdict.reason, flags, report: report.cloned() }
}

/// When the figure after that of `latest` is due to be published.
pub fn next_due(measure: &Measure, latest: Period) -> Date {
    months_after(latest.end(), measure.cadence_months.saturating_add(measure.publication_lag_months))
}

/// The day so many whole months after the last day of a month; a framework's wilder numbers are held to a thousand years.
pub(super) fn months_after(month_end: Date, months: i32) -> Date {
    let months = months.clamp(0, 12_000);
    // From the first of the next month, so that February keeps no day off the months after it.
    let first = month_end.tomorrow().and_then(|first| first.checked_add(months.months()));
    first.and_then(Date::yesterday).unwrap_or(Date::MAX)
}
