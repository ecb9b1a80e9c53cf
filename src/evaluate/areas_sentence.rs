//! What is said of a status that is made from areas.

use super::assessment::{AreaStanding, Assessment};
use super::status::Status;
use super::wording::{format_list, format_share, has_or_have};
use crate::area::{AreaCode, Areas};
use std::collections::BTreeSet;

/// What is said of a status that is made from areas.
pub(super) struct AreasSentence<'a> {
    pub areas: &'a Areas,
    pub standings: &'a [AreaStanding],
    pub total: f64,
    pub people: &'a dyn Fn(&AreaStanding) -> f64,
    pub known: bool,
    pub judged_share: f64,
    /// There are others, to which the figure does not apply.
    pub is_of_some: bool,
    /// Why an area is not judged, in a few words.
    pub why: &'a dyn Fn(&AreaStanding) -> String,
    /// Whether an area has no figure.
    pub without: &'a dyn Fn(&AreaCode) -> bool,
}

impl AreasSentence<'_> {
    pub(super) fn of(&self, result: Status, reasons: &[&Assessment]) -> String {
        let unjudged: Vec<&AreaStanding> = self.standings.iter().filter(|s| !s.status.is_judged()).collect();
        if unjudged.len() == self.standings.len() {
            return self.of_none_judged(reasons);
        }
        if result == Status::NoFigure {
            let (judged, others) = (self.names(|s| s.status.is_judged()), self.names(|s| !s.status.is_judged()));
            let share = format_share(self.judged_share);
            if !unjudged.iter().all(|standing| (self.without)(&standing.area)) {
                let whys = self.whys();
                let judged =
                    if self.known { format!("{share} of people live in {judged}") } else { format!("only {judged} can") };
                return format!("Too few areas can be judged: {judged}; not judged: {whys}");
            }
            if !self.known {
                return format!(
                    "Not all parts have a figure: only {judged} has one, and {others} {} not",
                    has_or_have(&unjudged)
                );
            }
            return format!("Too few areas have a figure: {share} of people live in {judged}; no figure for {others}");
        }
        let mut said: Vec<String> = Vec::new();
        for status in [Status::OffTrack, Status::AtRisk, Status::OnTrack, Status::AchievedLate, Status::Achieved] {
            let here: Vec<&AreaStanding> = self.standings.iter().filter(|s| s.status == status).collect();
            if !here.is_empty() {
                let of = self.standings.len();
                let people: f64 = here.iter().map(|s| (self.people)(s)).sum();
                let share = if self.known && self.total > 0.0 {
                    format!(", {} of people,", format_share(people / self.total))
                } else {
                    String::new()
                };
                let areas =
                    if here.len() == of { all_of(of, self.is_of_some) } else { format!("{} of {of} areas{share}", here.len()) };
                let verb = if here.len() == 1 { "is" } else { "are" };
                said.push(format!("{areas} {verb} {} ({})", status.label().to_lowercase(), self.names(|s| s.status == status)));
            }
        }
        let mut sentence = said.join("; ");
        if self.standings.iter().any(|s| s.is_significantly_adverse) {
            sentence = format!("{sentence}; significantly adverse: {}", self.names(|s| s.is_significantly_adverse));
        }
        if !unjudged.is_empty() {
            sentence = format!("{sentence}; not judged: {}", self.names(|s| !s.status.is_judged()));
        }
        sentence
    }

    /// The areas' own reason where it is the same words for all; else what they lack, without a figure of one of them.
    fn of_none_judged(&self, found: &[&Assessment]) -> String {
        let first = found.first().map_or("", |a| a.reason.as_str());
        let everywhere = found.len() == self.standings.len();
        if everywhere && found.iter().all(|a| a.reason == first) {
            return format!("In every area: {first}");
        }
        let labels: BTreeSet<String> = self.standings.iter().map(self.why).collect();
        let why = match labels.first() {
            Some(only) if labels.len() == 1 => only.clone(),
            _ => self.whys(),
        };
        format!("None of its {} areas can be judged: {why}", self.standings.len())
    }

    /// The areas that are not judged, each with what it lacks: `Holt (no baseline) and Wealdshire (no figure)`.
    fn whys(&self) -> String {
        let unjudged = self.standings.iter().filter(|standing| !standing.status.is_judged());
        let named = unjudged.map(|standing| format!("{} ({})", self.areas.name(&standing.area), (self.why)(standing)));
        format_list(&named.collect::<Vec<_>>())
    }

    fn names(&self, wanted: impl Fn(&AreaStanding) -> bool) -> String {
        format_list(&self.standings.iter().filter(|s| wanted(s)).map(|s| self.areas.name(&s.area)).collect::<Vec<_>>())
    }
}

/// `Both areas`, `All 8 areas to which it applies`.
fn all_of(areas: usize, is_of_some: bool) -> String {
    let where_it_applies = if is_of_some { " to which it applies" } else { "" };
    match areas {
        1 if is_of_some => format!("The only area{where_it_applies}"),
        1 => "Its only area".to_owned(),
        2 => format!("Both areas{where_it_applies}"),
        more => format!("All {more} areas{where_it_applies}"),
    }
}
