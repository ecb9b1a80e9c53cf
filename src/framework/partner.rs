//! The bodies that return figures and lead key actions.

use crate::area::AreaCode;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// A body that returns figures and leads actions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// Lower-case letters, digits and hyphens: what file names and commands call it.
    pub id: String,
    /// As it is printed.
    pub name: String,
    /// Words of your own: `acute-trust`, `mental-health-trust`, `icb`, `council`, …: what measures ask for. At least one.
    #[serde(rename = "kind", deserialize_with = "one_or_more")]
    #[schemars(with = "OneOrMore")]
    pub kinds: Vec<String>,
    /// The areas or organisations that its figures are about, at least one.
    #[serde(rename = "area", deserialize_with = "one_or_more_areas")]
    #[schemars(with = "OneOrMore")]
    pub areas: Vec<AreaCode>,
    /// The first day on which it is a partner; always before where it is left out.
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day on which it is one.
    #[serde(default)]
    pub until: Option<Date>,
    /// The id of the partner that it became or was merged into.
    #[serde(default)]
    pub replaced_by: Option<String>,
    /// The ids of partners whose figures and reports go on as its own past.
    #[serde(default)]
    pub continues: Vec<String>,
    /// False for one that the strategy names and nobody asks yet: no workbook, nothing missing, no part of any measure.
    #[serde(default = "yes")]
    pub asked: bool,
    /// The e-mail addresses of those who are asked for the return and told of it, at least one.
    #[serde(rename = "contact", deserialize_with = "one_or_more")]
    #[schemars(with = "OneOrMore")]
    pub contacts: Vec<String>,
    /// The name of a file of `mappings/`, where the partner sends a layout of its own.
    #[serde(default)]
    pub mapping: Option<String>,
    /// Whether the figures of such workbooks are made up, which they don't say themselves; given beside every mapping.
    #[serde(default)]
    pub data_status: Option<DataStatus>,
    /// The ids of ambitions on which its workbook has room for a comment, beside those with a measure that it returns.
    #[serde(default)]
    pub comments: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DataStatus {
    /// Figures that were counted.
    Real,
    /// Made-up figures: marked wherever they are shown.
    Illustrative,
}

/// A text, or a list of texts.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMore::deserialize(deserializer)? {
        OneOrMore::One(text) => vec![text],
        OneOrMore::More(texts) => texts,
    })
}

fn one_or_more_areas<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<AreaCode>, D::Error> {
    let codes = one_or_more(deserializer)?;
    codes.into_iter().map(|code| AreaCode::new(code).map_err(serde::de::Error::custom)).collect()
}

fn yes() -> bool {
    true
}
