//! What one edition added, dropped and changed beside another, in plain words.
//!
//! Two entries are the same thing where they have the same id. Measures are defined once for all editions, so what is
//! compared of a measure is its target.

use super::words::in_full;
use super::{Action, Ambition, Aspiration, Edition, Framework, MeasureId, StatusRules, Target};
use crate::area::Areas;
use jiff::civil::Date;
use serde::Serialize;
use std::fmt::{self, Display};

/// From one edition to another.
#[derive(Debug, Clone, Serialize)]
pub struct Differences {
    /// The ids of the two.
    pub from: String,
    pub to: String,
    /// The edition itself first, then aims, priorities, ambitions with their measures, key actions.
    pub changes: Vec<Change>,
    #[serde(skip)]
    dates: [Date; 2],
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub change: How,
    pub what: What,
    pub id: String,
    /// Which of its properties changed; none where the whole came or went.
    pub part: Option<&'static str>,
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    Added,
    Dropped,
    Changed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Edition,
    Aim,
    Priority,
    Ambition,
    /// A measure with its target.
    Measure,
    /// The target of a measure that both editions have, where one of them gives nothing to judge by.
    Target,
    Action,
}

/// Compares two editions; `areas` names what their targets compare with.
pub fn diff(old: &Framework, new: &Framework, areas: &Areas) -> Differences {
    let mut found = Found(Vec::new());
    found.edition(&old.edition, &new.edition, areas);
    found.entries(
        What::Aim,
        (&old.aims, &new.aims),
        |aim| &aim.id,
        |aim| aim.title.clone(),
        |aim| vec![("title", aim.title.clone())],
    );
    found.entries(
        What::Priority,
        (&old.priorities, &new.priorities),
        |priority| &priority.id,
        |priority| priority.title.clone(),
        |priority| {
            vec![("aim", priority.aim.clone()), ("title", priority.title.clone()), ("short title", priority.short.clone())]
        },
    );
    found.entries(
        What::Ambition,
        (&old.ambitions, &new.ambitions),
        |ambition| &ambition.id,
        |ambition| ambition.statement.clone(),
        |ambition| {
            let priority = ambition.priority.clone().unwrap_or("none: overarching".to_owned());
            vec![("priority", priority), ("statement", ambition.statement.clone())]
        },
    );
    found.measures((old, new), areas);
    found.entries(What::Action, (&old.actions, &new.actions), |action| &action.id.0, dated, parts_of_action);
    Differences {
        from: old.edition.id.clone(),
        to: new.edition.id.clone(),
        changes: found.0,
        dates: [old.edition.effective_from, new.edition.effective_from],
    }
}

/// The parts that are sentences of the strategy, and are quoted.
const WORDING: [&str; 6] = ["title", "short title", "statement", "vision", "principles", "evidence"];

/// Named properties, in words.
type Parts = Vec<(&'static str, String)>;

fn date_or_none(date: Option<Date>) -> String {
    date.map_or("no date".to_owned(), in_full)
}

fn dated(action: &Action) -> String {
    let due = action.due.map_or("no date set".to_owned(), |due| format!("due {}", in_full(due)));
    format!("{} ({due})", action.statement)
}

fn parts_of_action(action: &Action) -> Parts {
    let steps: Vec<_> = action
        .steps
        .iter()
        .map(|step| step.due.map_or(step.statement.clone(), |due| format!("{} by {}", step.statement, in_full(due))))
        .collect();
    vec![
        ("priority", action.priority.clone()),
        ("statement", action.statement.clone()),
        ("due date", date_or_none(action.due)),
        ("steps", if steps.is_empty() { "none".to_owned() } else { steps.join("; ") }),
        ("lead", action.lead.clone()),
        ("evidence", action.evidence.clone()),
    ]
}

struct Found(Vec<Change>);

impl Found {
    fn push(&mut self, what: What, id: &str, part: Option<&'static str>, before: Option<String>, after: Option<String>) {
        let change = match (&before, &after) {
            (None, _) => How::Added,
            (_, None) => How::Dropped,
            _ => How::Changed,
        };
        self.0.push(Change { change, what, id: id.to_owned(), part, before, after });
    }

    fn parts(&mut self, what: What, id: &str, before: Parts, after: Parts) {
        for ((part, before), (_, after)) in before.into_iter().zip(after).filter(|((_, before), (_, after))| before != after) {
            self.push(what, id, Some(part), Some(before), Some(after));
        }
    }

    /// What came and what changed in the new order, then what went in the old.
    fn entries<T>(
        &mut self,
        what: What,
        (old, new): (&[T], &[T]),
        id: impl Fn(&T) -> &String,
        whole: impl Fn(&T) -> String,
        parts: impl Fn(&T) -> Parts,
    ) {
        let of = |list: &'_ [T], wanted: &T| list.iter().position(|entry| id(entry) == id(wanted));
        for after in new {
            match of(old, after).map(|at| &old[at]) {
                Some(before) => self.parts(what, id(after), parts(before), parts(after)),
                None => self.push(what, id(after), None, None, Some(whole(after))),
            }
        }
        for before in old.iter().filter(|before| of(new, before).is_none()) {
            self.push(what, id(before), None, Some(whole(before)), None);
        }
    }

    fn edition(&mut self, old: &Edition, new: &Edition, areas: &Areas) {
        let parts = |edition: &Edition| {
            let rules = match edition.status_rules {
                StatusRules::Proposed => "proposed",
                StatusRules::Agreed => "agreed",
            };
            vec![
                ("title", edition.title.clone()),
                ("system", areas.name(&edition.system).to_owned()),
                ("comparator", areas.name(&edition.comparator).to_owned()),
                ("vision", edition.vision.clone()),
                ("principles", edition.principles.join("; ")),
                ("date of what has none", in_full(edition.default_due)),
                ("status rules", rules.to_owned()),
            ]
        };
        self.parts(What::Edition, &new.id, parts(old), parts(new));
    }

    fn measures(&mut self, (old, new): (&Framework, &Framework), areas: &Areas) {
        let titled = |framework: &Framework, aspiration: &Aspiration| {
            let title = framework.measure(&aspiration.id).map_or("", |measure| &measure.title);
            format!("{title}, {}", framework.target_in_words(aspiration, areas))
        };
        for (ambition, after) in new.aspirations() {
            let id = after.id.0.as_str();
            let Some((earlier, before)) = aspiration(old, &after.id) else {
                self.push(What::Measure, id, None, None, Some(titled(new, after)));
                continue;
            };
            self.parts(What::Measure, id, under(earlier), under(ambition));
            let (was, is) = (old.target_in_words(before, areas), new.target_in_words(after, areas));
            let judged = |aspiration: &Aspiration| !matches!(aspiration.target, Target::NotJudged { .. });
            match (judged(before), judged(after)) {
                _ if was == is => {}
                (true, false) => self.push(What::Target, id, None, Some(titled(old, before)), None),
                (false, true) => self.push(What::Target, id, None, None, Some(titled(new, after))),
                _ => self.push(What::Measure, id, Some("target"), Some(was), Some(is)),
            }
        }
        for (_, before) in old.aspirations().filter(|(_, before)| aspiration(new, &before.id).is_none()) {
            self.push(What::Measure, &before.id.0, None, Some(titled(old, before)), None);
        }
    }
}

fn aspiration<'a>(framework: &'a Framework, id: &MeasureId) -> Option<(&'a Ambition, &'a Aspiration)> {
    framework.aspirations().find(|(_, aspiration)| aspiration.id == *id)
}

fn under(ambition: &Ambition) -> Parts {
    vec![("ambition", ambition.id.clone())]
}

impl What {
    fn label(self) -> &'static str {
        match self {
            What::Edition => "Edition",
            What::Aim => "Aim",
            What::Priority => "Priority",
            What::Ambition => "Ambition",
            What::Measure => "Measure",
            What::Target => "Target",
            What::Action => "Key action",
        }
    }
}

impl Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what.label(), self.id)?;
        match (self.part, &self.before, &self.after) {
            (Some(part), Some(before), Some(after)) if WORDING.contains(&part) => {
                write!(f, ", {part}: \u{201c}{before}\u{201d} → \u{201c}{after}\u{201d}")
            }
            (Some(part), Some(before), Some(after)) => write!(f, ", {part}: {before} → {after}"),
            (_, before, after) => write!(f, ": {}", after.as_ref().or(before.as_ref()).map_or("", String::as_str)),
        }
    }
}

impl Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, after] = self.dates.map(in_full);
        writeln!(f, "From edition {} (in force from {before}) to edition {} (in force from {after})", self.from, self.to)?;
        if self.changes.is_empty() {
            writeln!(f, "\nNothing differs")?;
        }
        for (how, heading) in [(How::Added, "Added"), (How::Dropped, "Dropped"), (How::Changed, "Changed")] {
            let mut changes = self.changes.iter().filter(|change| change.change == how).peekable();
            if changes.peek().is_some() {
                writeln!(f, "\n{heading}")?;
                changes.try_for_each(|change| writeln!(f, "  {change}"))?;
            }
        }
        Ok(())
    }
}
