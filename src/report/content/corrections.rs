//! What a corrected pack says otherwise than the issue before it.

use super::figures;
use crate::area::AreaCode;
use crate::evaluate::{StatementChange, Status};
use crate::framework::{Measure, MeasureId};
use crate::report::PackInputs;
use crate::value::Value;
use serde::Serialize;

/// One thing that has changed.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionView {
    /// The measure's title, or the key action's words.
    pub title: String,
    /// Its name; empty for a key action.
    pub area: String,
    /// `Status`, or the period of the figure, with the group of people where it is one's.
    pub what: String,
    pub before: String,
    pub now: String,
}

pub fn corrections(pack: &PackInputs<'_>) -> Vec<CorrectionView> {
    let changes = pack.correction.and_then(|correction| correction.changes.as_deref()).unwrap_or_default();
    changes.iter().map(|change| view(pack, change)).collect()
}

fn view(pack: &PackInputs<'_>, change: &StatementChange) -> CorrectionView {
    match change {
        StatementChange::Figure { measure: id, area, period, group, before, now } => {
            let measure = pack.whole.measure(id);
            let period = figures::period(*period);
            let [was, is] = match (measure, before, now) {
                (Some(measure), Some(before), Some(now)) => figures::changed(measure, *before, *now),
                _ => [value_in_words(measure, *before), value_in_words(measure, *now)],
            };
            CorrectionView {
                title: pack.title_of(id),
                area: name_of(pack, id, area),
                what: if group.is_empty() { period } else { format!("{period}, {group}") },
                before: was,
                now: is,
            }
        }
        StatementChange::Ambition { ambition, before, now } => CorrectionView {
            title: pack.whole.ambitions.iter().find(|a| a.id == *ambition).map_or(ambition.clone(), |a| a.statement.clone()),
            area: String::new(),
            what: "Status".to_owned(),
            before: label(*before),
            now: label(*now),
        },
        StatementChange::Status { measure, area, before, now } => CorrectionView {
            title: pack.title_of(measure),
            area: name_of(pack, measure, area),
            what: "Status".to_owned(),
            before: label(*before),
            now: label(*now),
        },
        StatementChange::Action { action, before, now } => CorrectionView {
            title: pack.whole.actions.iter().find(|a| a.id == *action).map_or(action.0.clone(), |a| a.statement.clone()),
            area: String::new(),
            what: "Status".to_owned(),
            before: label(*before),
            now: label(*now),
        },
    }
}

fn value_in_words(measure: Option<&Measure>, value: Option<Value>) -> String {
    match (value, measure) {
        (None, _) => figures::NONE.to_owned(),
        (Some(value), Some(measure)) => figures::value(measure, value),
        // Dropped from the edition since.
        (Some(value), None) => value.number().map_or("no number".to_owned(), |number| number.to_string()),
    }
}

fn label(status: Option<Status>) -> String {
    status.map_or(figures::NONE, Status::label).to_owned()
}

fn name_of(pack: &PackInputs<'_>, measure: &MeasureId, area: &AreaCode) -> String {
    let measure = pack.whole.measure(measure);
    measure.map_or_else(|| pack.areas.name(area), |measure| measure.name_of(area, pack.areas)).to_owned()
}
