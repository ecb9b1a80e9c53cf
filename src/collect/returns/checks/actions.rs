//! A key action or a step of one that stands worse than last time, without a word why; one that is complete with a step open.

use super::place_of;
use crate::collect::{ActionReport, Finding, Grade, Progress};
use crate::fault::Fault;
use crate::framework::ActionId;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn worsened(report: &ActionReport, before: &BTreeMap<(ActionId, Option<usize>), Progress>) -> Option<Finding> {
    let was = *before.get(&(report.action.clone(), report.step))?;
    // Of a status that cannot be used it was told already.
    if report.progress == Progress::NotGiven || rank(report.progress) >= rank(was) || !report.commentary.is_empty() {
        return None;
    }
    let (was, is) = (was.in_words(), report.progress.in_words());
    let problem = format!("{} was {was} and is {is}, without commentary", named(report));
    let fault = Fault::new(place_of(&report.provenance), problem, "say in the commentary why, and what is done about it");
    Some(Finding::new(Grade::Question, fault))
}

/// What is said of a step counts for it, so an action is not complete by one row while another says that a step is open.
pub(super) fn complete_with_open_steps(reports: &[ActionReport]) -> impl Iterator<Item = Finding> + '_ {
    let wholes: BTreeSet<&ActionId> =
        reports.iter().filter(|r| r.step.is_none() && r.progress == Progress::Complete).map(|r| &r.action).collect();
    let open = reports.iter().filter(|report| report.step.is_some() && report.progress != Progress::Complete);
    open.filter(move |report| wholes.contains(&report.action)).map(|report| {
        let is = report.progress.in_words();
        let problem = format!("{} is {is}, and the action as a whole is given as Complete", named(report));
        Finding::new(Grade::Question, Fault::new(place_of(&report.provenance), problem, "correct the one or the other"))
    })
}

fn named(report: &ActionReport) -> String {
    report.step.map_or_else(|| report.action.to_string(), |step| format!("step {step} of {}", report.action))
}

fn rank(progress: Progress) -> u8 {
    match progress {
        Progress::OffTrack => 0,
        Progress::AtRisk => 1,
        Progress::NotStarted | Progress::OnTrack | Progress::NotGiven => 2,
        Progress::Complete => 3,
    }
}
