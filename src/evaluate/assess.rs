//! The evaluation of a run: every aspiration of the framework for the system and its parts, every key action.

use super::ambitions;
use super::assess_action::assess_action;
use super::context::EvaluationContext;
use super::headline::assess_measure;
use super::last_given::with_last_given;
use super::{Assessment, Evaluation, EvaluationInputs, MeasureAssessment, Status};
use crate::collect::ActionReport;
use crate::framework::{ActionId, Aspiration, Framework, Measure, MeasureId};
use std::collections::HashMap;

/// Judges everything that the framework names, in its order; nothing is left out for want of a figure.
///
/// Disclosure is not applied here: judgements rest on figures as they were given.
pub fn evaluate(inputs: &EvaluationInputs<'_>) -> Evaluation {
    let context = EvaluationContext::of(inputs);
    let measures: HashMap<&MeasureId, &Measure> = inputs.framework.measures.iter().map(|m| (&m.id, m)).collect();
    let mut reports: HashMap<&ActionId, Vec<&ActionReport>> = HashMap::new();
    for report in inputs.action_reports {
        reports.entry(&report.action).or_default().push(report);
    }
    let judged: Vec<MeasureAssessment> = inputs
        .framework
        .aspirations()
        .map(|(_, aspiration)| match measures.get(&aspiration.id) {
            Some(measure) => {
                let judged = assess_measure(&context, measure, aspiration);
                with_last_given(&context, measure, judged)
            }
            None => undefined(inputs.framework, aspiration),
        })
        .collect();
    Evaluation {
        period: inputs.period,
        as_at: inputs.as_at,
        edition: inputs.framework.edition.id.clone(),
        interim: inputs.is_interim(),
        ambitions: ambitions::assess(inputs.framework, &judged),
        measures: judged,
        actions: inputs
            .framework
            .actions
            .iter()
            .map(|action| assess_action(action, reports.get(&action.id).map_or(&[], Vec::as_slice), inputs))
            .collect(),
        movements: None,
    }
}

/// A framework that names a measure without defining it does not pass its check; it is still not passed over.
fn undefined(framework: &Framework, aspiration: &Aspiration) -> MeasureAssessment {
    let headline = Assessment {
        status: Status::CannotBeJudged,
        reason: "The framework does not define this measure".to_owned(),
        ..Assessment::without_figure(aspiration.id.clone(), framework.edition.system.clone())
    };
    MeasureAssessment { headline, areas: Vec::new(), breakdowns: Vec::new() }
}
