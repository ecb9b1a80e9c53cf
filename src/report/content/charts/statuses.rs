//! How many ambitions stand where, as one bar.

use crate::counted::counted;
use crate::evaluate::Status;
use crate::report::charts::{Chart, StatusBar, StatusPart};
use crate::report::content::{CardView, sentences};
use tagged_document::model::Figure;

/// None where there is nothing to count.
pub fn statuses(cards: &[CardView], illustrative: bool) -> Option<Figure> {
    let parts: Vec<StatusPart> = cards
        .iter()
        .filter(|card| card.count > 0)
        .map(|card| {
            let status = Status::ALL.into_iter().find(|status| status.label() == card.status);
            let words = format!("{} {}", card.value, card.label.to_lowercase());
            StatusPart { count: card.count, words, tone: status.map_or("", Status::code) }
        })
        .collect();
    if parts.is_empty() {
        return None;
    }
    let all: usize = parts.iter().map(|part| part.count).sum();
    let words: Vec<&str> = parts.iter().map(|part| part.words.as_str()).collect();
    let said = sentences::joined(&words);
    let with = |wanted: [Status; 2]| {
        let counted = cards.iter().filter(|card| wanted.iter().any(|status| status.label() == card.status));
        counted.map(|card| card.count).sum::<usize>()
    };
    let (good, bad) = (with([Status::Achieved, Status::OnTrack]), with([Status::AtRisk, Status::OffTrack]));
    Some(Figure {
        caption: format!("{good} of {} achieved or on track, {bad} at risk or off track", counted(all, "ambition", "ambitions")),
        subject: String::new(),
        alternative: format!("Of {}: {said}. The tables of each aim have them all.", counted(all, "ambition", "ambitions")),
        note: cards
            .iter()
            .filter(|card| card.count > 0 && !card.note.is_empty())
            .map(|card| format!("{}: {}.", card.label, card.note))
            .collect::<Vec<_>>()
            .join(" "),
        chart: tagged_document::drawing::Chart::new(Chart::Statuses(StatusBar { parts })),
        twin: None,
        illustrative,
    })
}
