//! What people say is and is not working for them, and what was done about it.

use crate::area::AreaCode;
use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What people speak of, such as getting to see a dentist. Entries of all files name it by its id; pages have the themes in the
/// order of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoiceTheme {
    /// Letters, digits and hyphens.
    pub id: String,
    /// Its heading in packs, 60 characters at most.
    pub title: String,
}

/// What one group of people said in one place, by one source. It stands in the packs of the quarter in which it was heard last, and
/// of the three after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// The id of its theme.
    pub theme: String,
    /// The ids of the ambitions that it bears on, at least one.
    pub ambitions: Vec<String>,
    /// The code of the area (`areas.toml`) whose people spoke; left out: the whole system.
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// Who spoke, 80 characters at most: `Unpaid carers`. No person is named.
    pub group: String,
    /// How many of them. Of fewer than `disclosure.smallest_group` nothing is shown.
    pub people: u32,
    /// The first day on which they were heard.
    pub from: Date,
    /// The last one.
    pub until: Date,
    /// Who heard them.
    pub source: VoiceSource,
    /// What works for them, 600 characters at most.
    #[serde(default)]
    pub works: String,
    /// What does not, 600 characters at most.
    #[serde(default)]
    pub does_not_work: String,
    /// What was changed because of it.
    #[serde(default, rename = "change")]
    pub changes: Vec<VoiceChange>,
    /// In their own words, each with consent.
    #[serde(default, rename = "quotation")]
    pub quotations: Vec<Quotation>,
    /// True for one that was made up to show how the pack works; it is marked so.
    #[serde(default)]
    pub illustrative: bool,
}

impl Voice {
    /// True where packs of the quarter that ends on the day have it: it was heard in the year before.
    pub fn stands_in(&self, end: Date) -> bool {
        self.until <= end && end < self.until.saturating_add(1.year())
    }
}

/// Who heard what people said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoiceSource {
    pub kind: VoiceSourceKind,
    /// Its name as it is printed, 120 characters at most.
    pub name: String,
}

/// How people were heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoiceSourceKind {
    /// A local Healthwatch.
    Healthwatch,
    /// A voluntary or community organisation.
    VoluntarySector,
    /// A survey, local or national.
    Survey,
    /// Complaints and compliments, such as those of a patient advice and liaison service.
    Complaints,
    /// Meetings, panels and other engagement.
    Engagement,
}

impl VoiceSourceKind {
    /// As it is printed.
    pub fn label(self) -> &'static str {
        match self {
            VoiceSourceKind::Healthwatch => "Healthwatch",
            VoiceSourceKind::VoluntarySector => "voluntary sector",
            VoiceSourceKind::Survey => "survey",
            VoiceSourceKind::Complaints => "complaints",
            VoiceSourceKind::Engagement => "engagement",
        }
    }
}

/// You said, we did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoiceChange {
    /// What was asked for, 300 characters at most.
    pub you_said: String,
    /// What was done, 300 characters at most.
    pub we_did: String,
    /// By whom, as a role or an organisation, 120 characters at most.
    pub by: String,
    /// The day on which it was done.
    pub on: Date,
}

/// Somebody's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quotation {
    /// 400 characters at most, without quotation marks around them.
    pub words: String,
    /// Who said so, described and not named, 80 characters at most: `a mother of two`.
    pub person: String,
    /// That they agreed to be quoted. Outside its days the words are left out.
    pub consent: Consent,
}

/// Agreement to be quoted or shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// The day on which it was given.
    pub given: Date,
    /// The last day on which it holds.
    pub until: Date,
}

impl Consent {
    pub fn holds_on(&self, day: Date) -> bool {
        self.given <= day && day <= self.until
    }
}

/// All of what people said, as it is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voices {
    pub themes: Vec<VoiceTheme>,
    /// In the order of the files.
    pub entries: Vec<Voice>,
    /// Of fewer people nothing is shown.
    pub smallest_group: u32,
}
