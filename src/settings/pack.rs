//! What is made, what it must meet before it is sent, and how figures about few people are protected.

use super::values::{names, unset_if_empty, web_folder};
use crate::area::AreaKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

/// What is made for which quarter, and who gets it.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackSettings {
    /// Which edition of the strategy: a folder of `frameworks/`. Not set: the one in force when the quarter ends.
    #[serde(deserialize_with = "unset_if_empty", skip_serializing)]
    pub edition: Option<String>,
    /// The quarter, such as `2026-27-Q2`. Not set: the last quarter that ended.
    #[serde(deserialize_with = "unset_if_empty")]
    pub period: Option<String>,
    /// What "today" is for a run, such as `2026-11-20`. Not set: the day by the clock.
    #[serde(deserialize_with = "unset_if_empty")]
    pub as_at: Option<String>,
    /// Whose calendar "today" is taken from, as the IANA database names it.
    pub time_zone: String,
    /// The list of `recipients.toml` that a run by hand sends to.
    pub recipients: String,
    /// True lets a pack with made-up figures be sent, for demonstrations.
    pub allow_illustrative: bool,
    /// True sends the operators a draft, and the pack itself once `boardpack runs approve` says so.
    #[serde(skip_serializing)]
    pub approval: bool,
    /// Folders of `report_templates/`, each a pack, at least one; the first is the one that is sent.
    #[serde(deserialize_with = "names")]
    pub make: Vec<String>,
    /// Packs of `make` that are attached beside the first, in this order, as far as a message has room. One that is not made is
    /// passed over.
    #[serde(deserialize_with = "names", skip_serializing)]
    pub attach: Vec<String>,
    /// The web address of the folder in which the files of a quarter are published under their own names, such as
    /// `https://board.example.nhs.uk/packs/`. Links from a pack to its evidence lead there. Not set: they lead to the file beside it.
    #[serde(deserialize_with = "web_folder", skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    /// Kinds of area of `areas.toml` of which each gets a pack for itself; `[]` for none.
    #[serde(deserialize_with = "names")]
    pub parts: Vec<AreaKind>,
    /// The folder of `report_templates/` that each of those areas gets, such as `place_brief`; it need not be in `make`. Not set:
    /// the first of `make`.
    #[serde(deserialize_with = "unset_if_empty", skip_serializing_if = "Option::is_none")]
    pub part_pack: Option<String>,
}

/// The packs as PDF.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PdfSettings {
    /// Which standards they keep to.
    pub standard: tagged_document::Standard,
}

/// What a pack must meet before it is sent.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// The least share of measures with a figure, in per cent.
    pub measures_with_figures_percent: u8,
    /// The least share of the returns due that are accepted, whole or in part, in per cent.
    pub returns_accepted_percent: u8,
    /// How many days ago a public figure may have been fetched; 0 for any time.
    pub oldest_indicator_days: u16,
    /// False keeps back a pack with overfull boxes or missing letters.
    pub allow_warnings: bool,
}

/// How figures about few people are protected.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// A file of at least 16 random bytes. They decide which figures are hidden beside small ones, so that nobody else can
    /// tell how they were chosen. Not set: `disclosure.secret` beside the ledger, which the first run makes. Keep it with the
    /// ledger, and show it to nobody.
    #[serde(deserialize_with = "unset_if_empty")]
    pub secret_file: Option<PathBuf>,
    /// Of what fewer people than this said (`voices/`) nothing is shown.
    pub smallest_group: NonZero<u32>,
}

/// A run of the packs as a whole.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunSettings {
    /// A run that takes longer than this many seconds is ended, and the operators are told; what it has not sent, the next
    /// one sends.
    pub deadline_seconds: NonZero<u32>,
}

impl RunSettings {
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.get().into())
    }
}
