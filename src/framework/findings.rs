//! What the checks of an edition are given, and what they find.

use super::{Action, Aim, Ambition, Edition, Framework, Measure, MeasureId, Priority};
use crate::area::{AreaCode, Areas};
use crate::document::{Entries, words};
use crate::fault::{Fault, Faults};
use std::collections::{BTreeMap, BTreeSet};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What makes the edition unusable.
    pub faults: Faults,
    /// What is allowed and an owner should know: it mostly ends as "no data".
    pub notes: Vec<Fault>,
}

impl Findings {
    pub(super) fn note(&mut self, place: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) {
        self.notes.push(Fault::new(place, problem, remedy));
    }
}

/// The entries of an edition as they were read, each with its place.
pub(super) struct Input {
    pub edition: (String, Edition),
    pub definitions: Entries<Measure>,
    pub aims: Entries<Aim>,
    pub priorities: Entries<Priority>,
    pub ambitions: Entries<Ambition>,
    pub actions: Entries<Action>,
}

impl Input {
    /// The edition, with those measures that its ambitions name, in their order.
    pub fn into_framework(self) -> Framework {
        let definitions = self.definitions.good.into_iter().chain(self.definitions.mended);
        let mut definitions: BTreeMap<MeasureId, Measure> =
            definitions.map(|(_, measure)| (measure.id.clone(), measure)).collect();
        let ambitions = self.ambitions.good.into_iter().chain(self.ambitions.mended);
        let ambitions: Vec<Ambition> = ambitions.map(|(_, ambition)| ambition).collect();
        let named = ambitions.iter().flat_map(|ambition| &ambition.measures);
        let with_scenario = named.flat_map(|aspiration| [Some(&aspiration.id), aspiration.target.scenario()]);
        let mut measures: Vec<Measure> = Vec::new();
        for id in with_scenario.flatten() {
            let Some(measure) = definitions.remove(id) else { continue };
            let parts: Vec<Measure> = measure.summed().iter().filter_map(|part| definitions.remove(part)).collect();
            measures.push(measure);
            measures.extend(parts);
        }
        Framework {
            edition: self.edition.1,
            aims: self.aims.values(),
            priorities: self.priorities.values(),
            ambitions,
            measures,
            actions: self.actions.values(),
        }
    }
}

/// Which was meant, or which there are to name; what to add where there are none.
pub(super) fn name_one_of<'a>(found: &str, ids: impl Iterator<Item = &'a str>, add: &str) -> String {
    let ids: Vec<&str> = ids.collect::<BTreeSet<_>>().into_iter().collect();
    match words::nearest(found, &ids) {
        Some(id) => format!("did you mean {id:?}?"),
        None if ids.is_empty() => format!("there are none: add {add}"),
        None => format!("name one of: {}", ids.join(", ")),
    }
}

pub(super) fn expect_area(code: &AreaCode, place: &str, areas: Option<&Areas>, faults: &mut Faults) {
    if areas.is_some_and(|areas| areas.get(code).is_none()) {
        faults.push(place, format!("{code} is not an area of areas.toml"), "add it there, or correct the code");
    }
}
