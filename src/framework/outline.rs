//! An edition as a tree, to be listed: in data by its fields, on a screen by [`fmt::Display`].

use super::words::in_full;
use super::{Action, Ambition, Framework, Target};
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
    title: &'a str,
    /// The ambitions above all priorities.
    pub overarching: Vec<AmbitionOutline<'a>>,
    pub aims: Vec<AimOutline<'a>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct AimOutline<'a> {
    pub id: &'a str,
    #[serde(skip)]
    title: &'a str,
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
    pub measures: Vec<MeasureOutline<'a>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MeasureOutline<'a> {
    pub id: &'a str,
    pub title: &'a str,
    /// In words.
    pub target: String,
    /// None where the target is set anew each year, or nothing can be judged.
    pub due: Option<Date>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ActionOutline<'a> {
    pub id: &'a str,
    pub statement: &'a str,
    pub due: Option<Date>,
    #[serde(skip)]
    action: &'a Action,
}

impl Framework {
    /// The tree of the edition: overarching ambitions, then aims with their priorities, ambitions and key actions.
    pub fn outline<'a>(&'a self, areas: &Areas) -> Outline<'a> {
        let ambitions = |priority| self.ambitions_of(priority).map(|ambition| self.outline_of(ambition, areas)).collect();
        Outline {
            edition: &self.edition.id,
            title: &self.edition.title,
            overarching: ambitions(None),
            aims: self
                .aims
                .iter()
                .map(|aim| AimOutline {
                    id: &aim.id,
                    title: &aim.title,
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
            due: Some(self.due(aspiration))
                .filter(|_| !matches!(aspiration.target, Target::AnnualTarget { .. } | Target::NotJudged { .. })),
        });
        AmbitionOutline { id: &ambition.id, statement: &ambition.statement, measures: measures.collect() }
    }
}

impl<'a> ActionOutline<'a> {
    fn of(action: &'a Action) -> Self {
        Self { id: &action.id.0, statement: &action.statement, due: action.due, action }
    }
}

impl Display for Outline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.edition, self.title)?;
        writeln!(f, "\nOverarching ambitions")?;
        self.overarching.iter().try_for_each(|ambition| write!(f, "{ambition}"))?;
        for aim in &self.aims {
            writeln!(f, "\nAim: {} [{}]", aim.title, aim.id)?;
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

impl Display for AmbitionOutline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "    Ambition: {} [{}]", self.statement, self.id)?;
        self.measures
            .iter()
            .try_for_each(|measure| writeln!(f, "      Measure: {} [{}]: {}", measure.title, measure.id, measure.target))
    }
}

impl Display for ActionOutline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let due = self.due.map_or("no date set".to_owned(), |due| format!("due {}", in_full(due)));
        let date_or_none = |due: Option<Date>| due.map_or("no date set".to_owned(), in_full);
        writeln!(f, "    Key action: {} [{}], led by {}, {due}", self.statement, self.id, self.action.lead)?;
        self.action.steps.iter().try_for_each(|step| writeln!(f, "      {}: {}", date_or_none(step.due), step.statement))
    }
}
