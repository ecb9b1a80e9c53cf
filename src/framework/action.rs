//! Key actions, which partners lead and report on.

use super::{ActionId, Partner, TextPlace};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A key action of the strategy.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Lower-case letters, digits and hyphens; the same in every edition.
    pub id: ActionId,
    /// The id of its priority.
    pub priority: String,
    /// Other priorities under which it is shown too. It is counted once.
    #[serde(default)]
    pub also_under: Vec<String>,
    /// The ids of ambitions that it is to further, of this priority or of others; where one of them is alerted, it is shown with it.
    #[serde(default)]
    pub ambitions: Vec<String>,
    /// What must be done, in a sentence of your own.
    pub statement: String,
    /// Where in the strategy's text it stands.
    #[serde(default)]
    pub text: TextPlace,
    /// The day by which it must be done; most have none.
    pub due: Option<Date>,
    /// The date that an earlier edition gave it, where this one moved it.
    #[serde(default)]
    pub first_due: Option<Date>,
    /// Its parts in order, where the text gives it more than one; each is judged by its own date.
    #[serde(default)]
    pub steps: Vec<ActionStep>,
    /// The id of the partner who leads it.
    pub lead: String,
    /// The ids of partners who lead it with that one: each is asked about it.
    #[serde(default)]
    pub co_leads: Vec<String>,
    /// How its completion is shown.
    #[serde(default)]
    pub evidence: String,
    /// True where the text names no lead or evidence, and `lead` and `evidence` are our proposal.
    #[serde(default)]
    pub proposed: bool,
    /// True where the edition's own text says that it is complete.
    #[serde(default)]
    pub reported_complete: bool,
    /// An ambiguity of the text, and the reading chosen.
    #[serde(default)]
    pub notes: String,
}

/// A part of a key action, most with a day of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionStep {
    /// What must be done.
    pub statement: String,
    /// The day by which it must be done; some have none.
    #[serde(default)]
    pub due: Option<Date>,
    /// The date that an earlier edition gave it, where this one moved it.
    #[serde(default)]
    pub first_due: Option<Date>,
    /// True where the edition's own text says that it is complete.
    #[serde(default)]
    pub reported_complete: bool,
}

impl ActionStep {
    /// With its number, counted from 1: `1. A first draft`.
    pub fn named(&self, number: usize) -> String {
        format!("{number}. {}", self.statement.trim())
    }
}

impl Action {
    /// Whether it is shown under this priority.
    pub fn is_under(&self, priority: &str) -> bool {
        self.priority == priority || self.also_under.iter().any(|other| other == priority)
    }

    /// The ids of all who lead it, the first of them first.
    pub fn leads(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.lead).chain(&self.co_leads).map(String::as_str)
    }

    /// Whether the partner is to report on it: it leads it, alone or with others, and is asked at all.
    pub fn is_asked_of(&self, partner: &Partner) -> bool {
        partner.asked && self.leads().any(|lead| lead == partner.id)
    }
}
