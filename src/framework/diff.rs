//! What one edition added, dropped and changed beside another, in plain words.
//!
//! Two entries are the same thing where they have the same id: an action that is really another one has another id, and is
//! dropped and added. Measures are defined once for all editions, so what is compared of a measure is its part in the ambition
//! and its target. No wording is quoted: it is the framework's and not the strategy's.

use super::words::in_full;
use super::{
    Action, ActionStep, Ambition, Aspiration, Combine, Edition, EditionStanding, Framework, MeasureId, StatusRules, TextPlace,
};
use crate::area::{AreaCode, Areas};
use jiff::civil::Date;
use serde::Serialize;
use std::fmt::{self, Display};

/// From one edition to another.
#[derive(Debug, Clone, Serialize)]
pub struct Differences {
    /// The ids of the two.
    pub from: String,
    pub to: String,
    /// The edition itself first, then its chapters, aims, priorities, ambitions with their measures, key actions.
    pub changes: Vec<EditionChange>,
    #[serde(skip)]
    dates: [Date; 2],
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditionChange {
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
    /// A part of the text that has no ambition or action of its own.
    Chapter,
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
    let mut found = FoundChanges(Vec::new());
    found.edition(&old.edition, &new.edition, areas);
    found.entries(
        What::Chapter,
        (&old.edition.chapters, &new.edition.chapters),
        |chapter| &chapter.id,
        |chapter| chapter.says.clone(),
        |chapter| vec![("what it says", chapter.says.clone())],
    );
    found.entries(
        What::Aim,
        (&old.aims, &new.aims),
        |aim| &aim.id,
        |aim| aim.title.clone(),
        |aim| vec![("title", aim.title.clone()), ("owner", or_none(&aim.owner))],
    );
    found.entries(
        What::Priority,
        (&old.priorities, &new.priorities),
        |priority| &priority.id,
        |priority| priority.title.clone(),
        |priority| {
            vec![
                ("aim", priority.aim.clone()),
                ("title", priority.title.clone()),
                ("short title", priority.short.clone()),
                ("definition", or_none(&priority.definition)),
            ]
        },
    );
    found.entries(
        What::Ambition,
        (&old.ambitions, &new.ambitions),
        |ambition| &ambition.id,
        |ambition| ambition.statement.clone(),
        |ambition| {
            let priority = ambition.priority.clone().unwrap_or("none: overarching".to_owned());
            vec![
                ("priority", priority),
                ("statement", ambition.statement.clone()),
                ("place in the text", place(&ambition.text)),
                ("verbatim text", or_none(&ambition.text.verbatim)),
                ("how its measures combine", combined(ambition.combine).to_owned()),
                ("note", or_none(&ambition.notes)),
            ]
        },
    );
    found.measures((old, new), areas);
    found.actions(&old.actions, &new.actions);
    Differences {
        from: old.edition.id.clone(),
        to: new.edition.id.clone(),
        changes: found.0,
        dates: [old.edition.effective_from, new.edition.effective_from],
    }
}

/// Named properties, in words.
type Parts = Vec<(&'static str, String)>;

fn date_or_none(date: Option<Date>) -> String {
    date.map_or("no date".to_owned(), in_full)
}

fn or_none(text: &str) -> String {
    if text.is_empty() { "none".to_owned() } else { text.to_owned() }
}

fn listed_names(codes: &[AreaCode], areas: &Areas) -> String {
    codes.iter().map(|code| areas.name(code)).collect::<Vec<_>>().join(", ")
}

/// Where something stands, without its page: that differs with the setting.
fn place(text: &TextPlace) -> String {
    match text.bullet {
        Some(bullet) => format!("{}, bullet {bullet}", text.heading),
        None => or_none(&text.heading),
    }
}

fn combined(combine: Combine) -> &'static str {
    match combine {
        Combine::Worst => "the worst status decides",
        Combine::Tally => "by how many are met",
    }
}

/// `superseded; the partnership, 22 March 2024; A draft, …`.
fn standing(standing: &EditionStanding) -> String {
    let mut words = vec![standing.state.label().to_owned()];
    let who: Vec<String> =
        [Some(standing.by.clone()).filter(|by| !by.is_empty()), standing.on.map(in_full)].into_iter().flatten().collect();
    words.extend((!who.is_empty()).then(|| who.join(", ")));
    words.extend((!standing.note.is_empty()).then(|| standing.note.clone()));
    words.join("; ")
}

fn dated(action: &Action) -> String {
    let due = action.due.map_or("no date set".to_owned(), |due| format!("due {}", in_full(due)));
    format!("{} ({due})", action.statement)
}

fn in_words(step: &ActionStep) -> String {
    let due = step.due.map_or(String::new(), |due| format!(" by {}", in_full(due)));
    format!("{}{due}", step.statement)
}

/// What the text itself says is done: the whole, or some of its steps.
fn complete(action: &Action) -> String {
    if action.reported_complete {
        return "the whole action".to_owned();
    }
    let steps: Vec<&str> =
        action.steps.iter().filter(|step| step.reported_complete).map(|step| step.statement.as_str()).collect();
    if steps.is_empty() { "nothing".to_owned() } else { steps.join("; ") }
}

fn parts_of_action(action: &Action, with_ours: bool) -> Parts {
    let steps: Vec<_> = action.steps.iter().map(in_words).collect();
    let mut parts = vec![
        ("priority", std::iter::once(&action.priority).chain(&action.also_under).cloned().collect::<Vec<_>>().join(", ")),
        ("statement", action.statement.clone()),
        ("due date", date_or_none(action.due)),
        ("steps", if steps.is_empty() { "none".to_owned() } else { steps.join("; ") }),
        ("reported complete by the text", complete(action)),
        ("place in the text", place(&action.text)),
        ("verbatim text", or_none(&action.text.verbatim)),
        ("note", or_none(&action.notes)),
    ];
    if with_ours {
        parts.push(("ambitions", or_none(&action.ambitions.join(", "))));
        parts.extend([("lead", action.leads().collect::<Vec<_>>().join(", ")), ("evidence", or_none(&action.evidence))]);
    }
    parts
}

struct FoundChanges(Vec<EditionChange>);

impl FoundChanges {
    fn push(&mut self, what: What, id: &str, part: Option<&'static str>, before: Option<String>, after: Option<String>) {
        let change = match (&before, &after) {
            (None, _) => How::Added,
            (_, None) => How::Dropped,
            _ => How::Changed,
        };
        self.0.push(EditionChange { change, what, id: id.to_owned(), part, before, after });
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

    /// A lead and evidence that both editions leave to us are no change of the text.
    fn actions(&mut self, old: &[Action], new: &[Action]) {
        let ours = |action: &Action| {
            let is_ours = |list: &[Action]| list.iter().find(|other| other.id == action.id).is_none_or(|other| other.proposed);
            is_ours(old) && is_ours(new)
        };
        let parts = |action: &Action| parts_of_action(action, !ours(action));
        self.entries(What::Action, (old, new), |action| &action.id.0, dated, parts);
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
                ("shown beside it", or_none(&listed_names(&edition.beside, areas))),
                ("region", edition.region.as_ref().map_or("none".to_owned(), |region| areas.name(region).to_owned())),
                ("standing", standing(&edition.standing)),
                ("in force until", date_or_none(edition.effective_until)),
                ("unstated baselines end before", in_full(edition.baseline_before())),
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
            self.parts(What::Measure, id, part_in(earlier, before), part_in(ambition, after));
            let (was, is) = (old.target_in_words(before, areas), new.target_in_words(after, areas));
            match (before.target.is_judged(), after.target.is_judged()) {
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

/// What an ambition says of a measure beside its target.
fn part_in(ambition: &Ambition, aspiration: &Aspiration) -> Parts {
    let instead_of = aspiration.stands_in_for.as_ref().map_or(String::new(), |lead| format!(" for {lead}"));
    let ended = aspiration.earlier.iter().map(|ended| format!("one of {} until {}", ended.document, in_full(ended.until)));
    let ended: Vec<String> = ended.collect();
    vec![
        ("ambition", ambition.id.clone()),
        ("role", format!("{}{instead_of}", aspiration.role.label())),
        ("document", or_none(&aspiration.document)),
        ("owner", or_none(&aspiration.owner)),
        ("targets that have ended", or_none(&ended.join("; "))),
        ("note", or_none(&aspiration.notes)),
    ]
}

impl What {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            What::Edition => "Edition",
            What::Chapter => "Chapter",
            What::Aim => "Aim",
            What::Priority => "Priority",
            What::Ambition => "Ambition",
            What::Measure => "Measure",
            What::Target => "Target",
            What::Action => "Key action",
        }
    }
}

impl Display for EditionChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what.label(), self.id)?;
        match (self.part, &self.before, &self.after) {
            (Some(part), Some(before), Some(after)) => write!(f, ", {part}: {before} → {after}"),
            (_, before, after) => write!(f, ": {}", after.as_ref().or(before.as_ref()).map_or("", String::as_str)),
        }
    }
}

impl Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, after] = self.dates.map(in_full);
        writeln!(f, "From edition {} (in force from {before}) to edition {} (in force from {after})", self.from, self.to)?;
        match self.changes.is_empty() {
            true => writeln!(f, "\nNothing differs")?,
            false => writeln!(f, "The wording is ours, in short: the strategy's own text is the authority")?,
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
