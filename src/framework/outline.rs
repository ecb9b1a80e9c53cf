//! An edition as a tree, to be listed: in data by its fields, on a screen by [`fmt::Display`].

use super::words::in_full;
use super::{Action, ActionStep, Ambition, Combine, Edition, Framework, Retirement, Role, TextPlace};
use crate::area::Areas;
use jiff::civil::Date;
use serde::Serialize;
use std::fmt::{self, Display};

/// What the edition aims for, without definitions and notes.
#[derive(Debug, Clone, Serialize)]
pub struct Outline<'a> {
    /// The edition's id.
    pub edition: &'a str,
    #[serde(skip)]
    described: &'a Edition,
    /// The ambitions above all priorities.
    pub overarching: Vec<AmbitionOutline<'a>>,
    pub aims: Vec<AimOutline<'a>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct AimOutline<'a> {
    pub id: &'a str,
    #[serde(skip)]
    title: &'a str,
    /// Who answers for it; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub owner: &'a str,
    pub priorities: Vec<PriorityOutline<'a>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PriorityOutline<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub ambitions: Vec<AmbitionOutline<'a>>,
    pub actions: Vec<ActionOutline<'a>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct AmbitionOutline<'a> {
    pub id: &'a str,
    pub statement: &'a str,
    /// Where in the strategy's text it stands.
    pub text: &'a TextPlace,
    pub combine: Combine,
    pub measures: Vec<MeasureOutline<'a>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MeasureOutline<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub role: Role,
    /// In words.
    pub target: String,
    /// The document that set it; empty for the strategy itself.
    pub document: &'a str,
    /// Who answers for it; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub owner: &'a str,
    /// From when it is retired and by what it is followed, in words; empty where it is not.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub retired: String,
    /// From when it is counted otherwise, and how.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redefined: Vec<String>,
    /// Targets that held before this one, in words, the oldest first.
    pub ended: Vec<String>,
    /// None where the target is set anew each year, holds from a day on, or nothing can be judged.
    pub due: Option<Date>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ActionOutline<'a> {
    pub id: &'a str,
    pub statement: &'a str,
    pub text: &'a TextPlace,
    pub due: Option<Date>,
    /// The date that an earlier edition gave it, where this one moved it.
    pub first_due: Option<Date>,
    pub steps: &'a [ActionStep],
    pub lead: &'a str,
    /// Those who lead it with that one.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub co_leads: &'a [String],
    /// The other priorities under which it is shown too.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub also_under: &'a [String],
    /// The ids of ambitions that it is to further.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub ambitions: &'a [String],
    /// Whether lead and evidence are our proposal.
    pub proposed: bool,
    /// Whether the edition's own text says that it is complete.
    pub reported_complete: bool,
}

impl Framework {
    /// The tree of the edition: overarching ambitions, then aims with their priorities, ambitions and key actions.
    pub fn outline<'a>(&'a self, areas: &Areas) -> Outline<'a> {
        let ambitions = |priority| self.ambitions_of(priority).map(|ambition| self.outline_of(ambition, areas)).collect();
        Outline {
            edition: &self.edition.id,
            described: &self.edition,
            overarching: ambitions(None),
            aims: self
                .aims
                .iter()
                .map(|aim| AimOutline {
                    id: &aim.id,
                    title: &aim.title,
                    owner: &aim.owner,
                    priorities: self
                        .priorities_of(&aim.id)
                        .map(|priority| PriorityOutline {
                            id: &priority.id,
                            title: &priority.title,
                            ambitions: ambitions(Some(&priority.id)),
                            actions: self.actions_of(&priority.id).map(ActionOutline::of).collect(),
                        })
                        .collect(),
                })
                .collect(),
        }
    }

    fn outline_of<'a>(&'a self, ambition: &'a Ambition, areas: &Areas) -> AmbitionOutline<'a> {
        let measures = ambition.measures.iter().map(|aspiration| MeasureOutline {
            id: &aspiration.id.0,
            title: self.measure(&aspiration.id).map_or("", |measure| &measure.title),
            target: self.target_in_words(aspiration, areas),
            due: Some(self.due(aspiration)).filter(|_| aspiration.target.is_dated()),
            role: aspiration.role,
            document: &aspiration.document,
            owner: &aspiration.owner,
            retired: self
                .measure(&aspiration.id)
                .and_then(|measure| measure.retired.as_ref())
                .map_or(String::new(), Retirement::in_words),
            redefined: self.measure(&aspiration.id).map_or(Vec::new(), |measure| {
                measure.redefinitions.iter().map(|r| format!("from {}: {}", measure.period_in_short(&r.from), r.reason)).collect()
            }),
            ended: aspiration.earlier.iter().map(|ended| self.ended_in_words(aspiration, ended, areas)).collect(),
        });
        AmbitionOutline {
            id: &ambition.id,
            statement: &ambition.statement,
            text: &ambition.text,
            combine: ambition.combine,
            measures: measures.collect(),
        }
    }
}

impl<'a> ActionOutline<'a> {
    fn of(action: &'a Action) -> Self {
        Self {
            id: &action.id.0,
            statement: &action.statement,
            text: &action.text,
            due: action.due,
            first_due: action.first_due,
            steps: &action.steps,
            lead: &action.lead,
            co_leads: &action.co_leads,
            also_under: &action.also_under,
            ambitions: &action.ambitions,
            proposed: action.proposed,
            reported_complete: action.reported_complete,
        }
    }
}

impl Display for Outline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.edition, self.described.title)?;
        standing(f, self.described)?;
        writeln!(f, "\nOverarching ambitions")?;
        self.overarching.iter().try_for_each(|ambition| write!(f, "{ambition}"))?;
        for aim in &self.aims {
            writeln!(f, "\nAim: {} [{}]", aim.title, aim.id)?;
            if !aim.owner.is_empty() {
                writeln!(f, "  Owner: {}", aim.owner)?;
            }
            for priority in &aim.priorities {
                writeln!(f, "\n  Priority: {} [{}]", priority.title, priority.id)?;
                if priority.ambitions.is_empty() && priority.actions.is_empty() {
                    writeln!(f, "    The text gives it no ambition and no key action of its own")?;
                }
                priority.ambitions.iter().try_for_each(|ambition| write!(f, "{ambition}"))?;
                priority.actions.iter().try_for_each(|action| write!(f, "{action}"))?;
            }
        }
        Ok(())
    }
}

/// `Superseded; in force from 22 March 2024 to 31 March 2025`, and what it says of that.
fn standing(f: &mut fmt::Formatter<'_>, edition: &Edition) -> fmt::Result {
    let until = edition.effective_until.map_or(String::new(), |until| format!(" to {}", in_full(until)));
    let state = edition.standing.state.label();
    writeln!(f, "Standing: {state}; in force from {}{until}", in_full(edition.effective_from))?;
    if !edition.standing.note.is_empty() {
        writeln!(f, "{}", edition.standing.note)?;
    }
    Ok(())
}

/// `Aim one, frailty: our ambitions, bullet 3, page 7`; nothing where the text's place is not given.
fn place(text: &TextPlace) -> String {
    let bullet = text.bullet.map(|bullet| format!("bullet {bullet}"));
    let page = text.page.map(|page| format!("page {page}"));
    let heading = Some(text.heading.clone()).filter(|heading| !heading.is_empty());
    [heading, bullet, page].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn write_place(f: &mut fmt::Formatter<'_>, text: &TextPlace) -> fmt::Result {
    match place(text) {
        place if place.is_empty() => Ok(()),
        place => writeln!(f, "      Text: {place}"),
    }
}

impl Display for AmbitionOutline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "    Ambition: {} [{}]", self.statement, self.id)?;
        write_place(f, self.text)?;
        if self.combine == Combine::Tally {
            writeln!(f, "      Judged by how many of its leads are met")?;
        }
        for measure in &self.measures {
            let role = match measure.role {
                Role::Lead => String::new(),
                other => format!(", {}", other.label()),
            };
            let document = match measure.document {
                "" => String::new(),
                document => format!(" ({document})"),
            };
            writeln!(f, "      Measure{role}: {} [{}]: {}{document}", measure.title, measure.id, measure.target)?;
            if !measure.owner.is_empty() {
                writeln!(f, "        Owner: {}", measure.owner)?;
            }
            if !measure.retired.is_empty() {
                writeln!(f, "        Measure {}", measure.retired)?;
            }
            measure.redefined.iter().try_for_each(|redefined| writeln!(f, "        Redefined {redefined}"))?;
            measure.ended.iter().try_for_each(|ended| writeln!(f, "        Ended: {ended}"))?;
        }
        Ok(())
    }
}

impl Display for ActionOutline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date_or_none = |due: Option<Date>| due.map_or("no date set".to_owned(), in_full);
        let dated = |due: Option<Date>, first: Option<Date>, complete: bool| {
            let first = first.map_or(String::new(), |first| format!(", first {}", in_full(first)));
            let complete = if complete { ", complete as the text says" } else { "" };
            format!("{}{first}{complete}", date_or_none(due))
        };
        let due = dated(self.due, self.first_due, self.reported_complete);
        let lead = if self.proposed { "lead proposed" } else { "led by" };
        let leads = std::iter::once(self.lead).chain(self.co_leads.iter().map(String::as_str)).collect::<Vec<_>>().join(" and ");
        writeln!(f, "    Key action: {} [{}], {lead} {leads}; date: {due}", self.statement, self.id)?;
        if !self.also_under.is_empty() {
            writeln!(f, "      Also under: {}", self.also_under.join(", "))?;
        }
        if !self.ambitions.is_empty() {
            writeln!(f, "      Furthers: {}", self.ambitions.join(", "))?;
        }
        write_place(f, self.text)?;
        self.steps.iter().try_for_each(|step| {
            writeln!(f, "      {}: {}", dated(step.due, step.first_due, step.reported_complete), step.statement)
        })
    }
}
