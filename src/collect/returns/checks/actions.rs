//! A key action that stands worse than last time, without a word why.

use super::place_of;
use crate::collect::{ActionReport, Finding, Grade, Progress};
use crate::fault::Fault;
use crate::framework::ActionId;
use std::collections::BTreeMap;

pub(super) fn worsened(report: &ActionReport, before: &BTreeMap<ActionId, Progress>) -> Option<Finding> {
    let was = *before.get(&report.action)?;
    if rank(report.progress) >= rank(was) || !report.commentary.is_empty() {
        return None;
    }
    let problem = format!("{} was {} and is {}, without commentary", report.action, was.in_words(), report.progress.in_words());
    let fault = Fault::new(place_of(&report.provenance), problem, "say in the commentary why, and what is done about it");
    Some(Finding::new(Grade::Question, fault))
}

fn rank(progress: Progress) -> u8 {
    match progress {
        Progress::OffTrack => 0,
        Progress::AtRisk => 1,
        Progress::NotStarted | Progress::OnTrack => 2,
        Progress::Complete => 3,
    }
}
