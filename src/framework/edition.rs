//! An edition of a strategy, as its files describe it: what it is, its aims and its priorities.

use crate::area::AreaCode;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the edition says of itself.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Short, as it is named on the command line: `2024`.
    pub id: String,
    /// As it is printed: `Integrated care strategy 2026 to 2031`.
    pub title: String,
    /// Who publishes its packs, as it is printed on them; the name of `system` where it is left out.
    #[serde(default)]
    pub publisher: String,
    /// The area that the strategy is for.
    pub system: AreaCode,
    /// The area that figures are compared with.
    pub comparator: AreaCode,
    /// The region whose figures are shown beside the system's, where one is named.
    #[serde(default)]
    pub region: Option<AreaCode>,
    /// Further areas whose figures are shown beside the comparator's and the region's. No rule uses them.
    #[serde(default)]
    pub beside: Vec<AreaCode>,
    /// The first day on which its targets hold.
    pub effective_from: Date,
    /// The last day on which they do; none while no later edition has taken its place.
    #[serde(default)]
    pub effective_until: Option<Date>,
    /// An unstated baseline is the last whole period that ends before this day; before `effective_from` where it is left out.
    #[serde(default)]
    pub baseline_before: Option<Date>,
    /// When an ambition is due that states no date.
    pub default_due: Date,
    /// Whether the text is a draft, agreed or superseded, by whom and when. One that says nothing is a draft.
    #[serde(default)]
    pub standing: EditionStanding,
    /// What it is all for, in one sentence: it stands on the first page.
    pub vision: String,
    /// What it holds to throughout.
    #[serde(default)]
    pub principles: Vec<String>,
    /// What the text says beside its aims and ambitions, one entry a chapter: compared between editions as facts.
    #[serde(default, rename = "chapter")]
    pub chapters: Vec<Chapter>,
    /// Whether the partnership has agreed the rules by which statuses are given.
    pub status_rules: StatusRules,
}

/// How far the text of an edition is agreed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditionStanding {
    pub state: EditionState,
    /// Who agreed or considered it: `the partnership`.
    #[serde(default)]
    pub by: String,
    /// When they did.
    #[serde(default)]
    pub on: Option<Date>,
    /// A sentence for readers: what it is, and what has taken its place.
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EditionState {
    /// Not agreed yet.
    #[default]
    Draft,
    /// Agreed by the partnership.
    Agreed,
    /// A later text has taken its place.
    Superseded,
}

impl Edition {
    /// The day that an unstated baseline ends before.
    pub fn baseline_before(&self) -> Date {
        self.baseline_before.unwrap_or(self.effective_from)
    }
}

impl EditionStanding {
    /// What is to be known of an edition that is a draft or has been superseded, after its name; none for one that is agreed.
    pub fn warning(&self) -> Option<&'static str> {
        match self.state {
            EditionState::Agreed => None,
            EditionState::Draft => Some("is a draft, not agreed"),
            EditionState::Superseded => Some("has been superseded"),
        }
    }
}

impl EditionState {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            EditionState::Draft => "draft",
            EditionState::Agreed => "agreed",
            EditionState::Superseded => "superseded",
        }
    }
}

/// A part of the text that has no ambition or action of its own, such as its principles or how it is to be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// The same in every edition.
    pub id: String,
    /// What it says, in short; wording is ours.
    pub says: String,
}

/// Where in the strategy's text something stands, and the owner's verbatim words once they are entered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextPlace {
    /// The heading that it stands under.
    #[serde(default)]
    pub heading: String,
    /// Which bullet under that heading, counted from 1.
    #[serde(default)]
    pub bullet: Option<u32>,
    /// The page it stands on.
    #[serde(default)]
    pub page: Option<u32>,
    /// The text itself, where its owner has entered it; all other wording is ours.
    #[serde(default)]
    pub verbatim: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusRules {
    /// Not agreed yet: every pack says so.
    Proposed,
    /// Agreed by the partnership.
    Agreed,
}

/// An aim of the strategy: priorities stand under it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Aim {
    /// Lower-case letters, digits and hyphens; the same in every edition.
    pub id: String,
    /// As it is printed.
    pub title: String,
    /// Who answers for it: an office or a person, as it is printed.
    #[serde(default)]
    pub owner: String,
}

/// A priority of the strategy: ambitions and key actions stand under it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    /// Lower-case letters, digits and hyphens; the same in every edition.
    pub id: String,
    /// The id of its aim.
    pub aim: String,
    /// As it is printed.
    pub title: String,
    /// A few words for tables and page headings.
    pub short: String,
    /// Whom or what it means, where the text defines that.
    #[serde(default)]
    pub definition: String,
}
