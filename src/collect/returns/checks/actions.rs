//! A key action or a step of one that stands worse than last time, without a word why; one that is complete with a step open.

use super::doubt::place_of;
use super::past::LastProgress;
use crate::collect::own_words::explains;
use crate::collect::{ActionReport, Finding, Grade, Progress};
use crate::fault::Fault;
use crate::framework::{ActionId, Framework};
use std::collections::BTreeSet;

pub(super) fn worsened(report: &ActionReport, before: &LastProgress, framework: &Framework) -> Option<Finding> {
    let was = *before.get(&report.key())?;
    // Of a status that cannot be used it was told already.
    if report.progress == Progress::NotGiven || rank(report.progress) >= rank(was) || explains(&report.commentary) {
        return None;
    }
    let (was, is) = (was.in_words(), report.progress.in_words());
    let problem = format!("{} was {was} by your last return and is {is}, without commentary", named(report, framework));
    let fault = Fault::new(place_of(&report.provenance), problem, "say in the commentary why, and what is done about it");
    Some(Finding::new(Grade::Question, fault))
}

/// What is said of a step counts for it, so an action is not complete by one row while another says that a step is open.
pub(super) fn complete_with_open_steps<'r>(
    reports: &'r [ActionReport],
    framework: &'r Framework,
) -> impl Iterator<Item = Finding> + 'r {
    let wholes: BTreeSet<&ActionId> =
        reports.iter().filter(|r| r.step.is_none() && r.progress == Progress::Complete).map(|r| &r.action).collect();
    let open = reports.iter().filter(|report| report.step.is_some() && report.progress != Progress::Complete);
    open.filter(move |report| wholes.contains(&report.action)).map(|report| {
        let is = report.progress.in_words();
        let problem = format!("{} is {is}, and the action as a whole is given as Complete", named(report, framework));
        Finding::new(Grade::Question, Fault::new(place_of(&report.provenance), problem, "correct the one or the other"))
    })
}

/// `Open the hub`, or `step 2 of Open the hub`.
fn named(report: &ActionReport, framework: &Framework) -> String {
    let action = framework.actions.iter().find(|action| action.id == report.action);
    let title = action.map_or(report.action.0.as_str(), |action| action.statement.trim().trim_end_matches('.'));
    report.step.map_or_else(|| title.to_owned(), |step| format!("step {step} of {title}"))
}

fn rank(progress: Progress) -> u8 {
    match progress {
        Progress::OffTrack => 0,
        Progress::AtRisk => 1,
        Progress::NotStarted | Progress::OnTrack | Progress::NotGiven => 2,
        Progress::Complete => 3,
    }
}
