//! What the annexes list: revised figures, and what the edition of the framework changed.

use super::figures;
use super::sentences;
use super::sources::in_short;
use crate::figure::Provenance;
use crate::framework::{EditionChange, How, MeasureId, What};
use crate::report::PackInputs;
use serde::Serialize;

/// A figure that was revised.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionView {
    pub measure: String,
    pub area: String,
    pub period: String,
    pub old: String,
    pub new: String,
    pub old_source: String,
    pub new_source: String,
}

/// One thing that this edition added, dropped or changed.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeView {
    /// `Added`, `Dropped` or `Changed`.
    pub how: &'static str,
    /// `Measure`, `Key action`, …
    pub what: &'static str,
    /// Its title or its words.
    pub title: String,
    /// Which of its properties changed; empty where the whole came or went.
    pub part: String,
    pub before: String,
    pub after: String,
}

/// Headline figures of measures that the pack has.
pub fn revisions(pack: &PackInputs<'_>) -> Vec<RevisionView> {
    pack.revisions
        .iter()
        .filter(|r| r.category.is_none())
        .filter_map(|r| {
            let measure = pack.framework.measure(&r.measure)?;
            let [old, new] = figures::changed(measure, r.old, r.new);
            Some(RevisionView {
                measure: measure.title.clone(),
                area: measure.name_of(&r.area, pack.areas).to_owned(),
                period: figures::period(r.period),
                old,
                new,
                old_source: version(pack, &r.old_source),
                new_source: if r.is_of_gone() { sentences::NO_NEW_SOURCE.to_owned() } else { version(pack, &r.new_source) },
            })
        })
        .collect()
}

/// Where a figure came from, with the day on which that version of a workbook came: two may have one name.
fn version(pack: &PackInputs<'_>, source: &Provenance) -> String {
    let receipt = match source {
        Provenance::Cell { sha256, .. } => pack.returns.iter().find(|receipt| receipt.sha256.as_ref() == Some(sha256)),
        Provenance::Answer { .. } => None,
    };
    let arrived = receipt.and_then(|receipt| receipt.arrived);
    in_short(pack, source) + &arrived.map_or(String::new(), |day| format!(", received {}", figures::date(day)))
}

pub fn changes(pack: &PackInputs<'_>) -> Vec<ChangeView> {
    let Some(differences) = pack.changes else { return Vec::new() };
    let view = |change: &EditionChange| ChangeView {
        how: match change.change {
            How::Added => "Added",
            How::Dropped => "Dropped",
            How::Changed => "Changed",
        },
        what: change.what.label(),
        title: title(pack, change.what, &change.id),
        part: change.part.unwrap_or_default().to_owned(),
        before: change.before.clone().unwrap_or_default(),
        after: change.after.clone().unwrap_or_default(),
    };
    ["Added", "Dropped", "Changed"]
        .into_iter()
        .flat_map(|how| differences.changes.iter().map(view).filter(move |change| change.how == how).collect::<Vec<_>>())
        .collect()
}

/// What a reader knows a thing of the framework by; its id where this edition does not have it.
fn title(pack: &PackInputs<'_>, what: What, id: &str) -> String {
    let framework = pack.whole;
    let found = match what {
        What::Edition => Some(&framework.edition.title),
        What::Aim => framework.aims.iter().find(|a| a.id == id).map(|a| &a.title),
        What::Priority => framework.priorities.iter().find(|p| p.id == id).map(|p| &p.title),
        What::Ambition => framework.ambitions.iter().find(|a| a.id == id).map(|a| &a.statement),
        What::Measure | What::Target => framework.measure(&MeasureId(id.to_owned())).map(|m| &m.title),
        What::Action => framework.actions.iter().find(|a| a.id.0 == id).map(|a| &a.statement),
        What::Chapter => None,
    };
    found.map_or_else(|| id.replace('-', " "), Clone::clone)
}
