//! A source as it is written: every key of its kind and no other, none of them needed yet.

use super::{Counts, PeriodFormat};
use crate::settings::unset_if_empty as text;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Keys that every kind has.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Common {
    pub publisher: Option<String>,
    pub licence: Option<String>,
    /// Empty where the source is not set up.
    pub base_url: Option<String>,
}

/// A kind without keys of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Fingertips {}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Dashboard {
    pub areas: BTreeMap<String, String>,
    pub missing: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Workbook {
    #[serde(deserialize_with = "text")]
    pub file: Option<String>,
    #[serde(deserialize_with = "text")]
    pub mapping: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Table {
    #[serde(deserialize_with = "text")]
    pub file: Option<String>,
    pub columns: Option<Columns>,
    #[serde(deserialize_with = "word")]
    pub period_format: Option<PeriodFormat>,
    pub missing: Vec<String>,
    pub only: BTreeMap<String, String>,
    pub except: BTreeMap<String, String>,
    pub areas: BTreeMap<String, String>,
    pub sexes: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Api {
    pub api: Option<Asked>,
    pub columns: Option<Columns>,
    #[serde(deserialize_with = "word")]
    pub period_format: Option<PeriodFormat>,
    pub missing: Vec<String>,
    pub only: BTreeMap<String, String>,
    pub except: BTreeMap<String, String>,
    pub areas: BTreeMap<String, String>,
    pub sexes: BTreeMap<String, String>,
}

/// The table `api`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(deserialize_with = "text")]
    pub request: Option<String>,
    #[serde(deserialize_with = "word")]
    pub format: Option<Format>,
    pub periods: Vec<String>,
    #[serde(deserialize_with = "text")]
    pub rows: Option<String>,
    #[serde(deserialize_with = "text")]
    pub next: Option<String>,
    #[serde(deserialize_with = "text")]
    pub cut_short: Option<String>,
    pub paging: Option<Paging>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Format {
    Json,
    Csv,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Paging {
    #[serde(deserialize_with = "text")]
    pub parameter: Option<String>,
    pub size: Option<u64>,
    #[serde(deserialize_with = "word")]
    pub counts: Option<Counts>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Columns {
    #[serde(deserialize_with = "text")]
    pub indicator: Option<String>,
    #[serde(deserialize_with = "text")]
    pub area: Option<String>,
    #[serde(deserialize_with = "text")]
    pub period: Option<String>,
    #[serde(deserialize_with = "text")]
    pub value: Option<String>,
    #[serde(deserialize_with = "text")]
    pub lower: Option<String>,
    #[serde(deserialize_with = "text")]
    pub upper: Option<String>,
    #[serde(deserialize_with = "text")]
    pub numerator: Option<String>,
    #[serde(deserialize_with = "text")]
    pub denominator: Option<String>,
    #[serde(deserialize_with = "text")]
    pub sex: Option<String>,
    #[serde(deserialize_with = "text")]
    pub age: Option<String>,
    #[serde(deserialize_with = "text")]
    pub note: Option<String>,
}

/// One of a few words; of another the fault names all that there are.
fn word<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    T::deserialize(text.into_deserializer()).map(Some)
}
