//! A source as it is written: every key of its kind and no other, none of them needed yet.

use super::kinds::{KindName, PageNumbering, PeriodFormat};
use super::secret::Secret;
use crate::settings::values::unset_if_empty as text;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use strum::VariantArray;

/// Keys that every kind has.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Common {
    /// Who publishes it, as it is printed.
    pub publisher: Option<String>,
    /// The licence under which the figures may be used, as it is printed.
    pub licence: Option<String>,
    /// An address, or a folder of recorded answers with a recordings.toml; "" where the source is not set up.
    pub base_url: Option<String>,
}

/// OHID Fingertips: it has no keys of its own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Fingertips {}

/// The UKHSA data dashboard.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Dashboard {
    /// The dashboard's names of areas by their codes, such as `{ E92000001 = "Nation/England" }`: no other area is asked for.
    pub areas: BTreeMap<String, String>,
    /// Marks that stand for "not given".
    pub missing: Vec<String>,
}

/// A published file that a mapping reads.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Workbook {
    /// The file below `base_url`.
    #[serde(deserialize_with = "text")]
    pub file: Option<String>,
    /// The name of the mapping that finds its figures.
    #[serde(deserialize_with = "text")]
    pub mapping: Option<String>,
}

/// A CSV file at an address or in a folder.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Table {
    /// The CSV file below `base_url`.
    #[serde(deserialize_with = "text")]
    pub file: Option<String>,
    /// Which columns hold what, by their headings.
    pub columns: Option<Columns>,
    /// How periods are written.
    #[serde(deserialize_with = "word")]
    pub period_format: Option<PeriodFormat>,
    /// Marks that stand for "not given".
    pub missing: Vec<String>,
    /// Rows of which these columns hold these texts, and no others.
    pub only: BTreeMap<String, String>,
    /// No rows of which one of these columns holds this text.
    pub except: BTreeMap<String, String>,
    /// The source's own names of areas by their codes.
    pub areas: BTreeMap<String, String>,
    /// The source's own words for `Persons`, `Male` and `Female`.
    pub sexes: BTreeMap<String, String>,
}

/// Any JSON or CSV API.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Api {
    /// How it is asked, and where its rows are.
    pub api: Option<Asked>,
    /// Which columns hold what: headings of CSV, or JSON pointers into a row (with `#` before them, into the whole answer).
    pub columns: Option<Columns>,
    /// How periods are written.
    #[serde(deserialize_with = "word")]
    pub period_format: Option<PeriodFormat>,
    /// Marks that stand for "not given".
    pub missing: Vec<String>,
    /// Rows of which these columns hold these texts, and no others.
    pub only: BTreeMap<String, String>,
    /// No rows of which one of these columns holds this text.
    pub except: BTreeMap<String, String>,
    /// The source's own names of areas by their codes: no other area is asked for.
    pub areas: BTreeMap<String, String>,
    /// The source's own words for `Persons`, `Male` and `Female`.
    pub sexes: BTreeMap<String, String>,
}

/// How an API is asked, and where the rows of its answer are.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Asked {
    /// The rest of the address, with `{indicator}`, `{area}`, `{areas}`, `{period}`, `{sex}` and `{age}` in it, and in
    /// its query `{secret}`.
    #[serde(deserialize_with = "text")]
    pub request: Option<String>,
    /// What it answers in.
    #[serde(deserialize_with = "word")]
    pub format: Option<Format>,
    /// What `{period}` stands for, one after the other.
    pub periods: Vec<String>,
    /// JSON pointer to the list of rows; "" where it is the whole answer.
    #[serde(deserialize_with = "text")]
    pub rows: Option<String>,
    /// JSON pointer to the address of the page that follows.
    #[serde(deserialize_with = "text")]
    pub next: Option<String>,
    /// JSON pointer to a mark that the source left rows out.
    #[serde(deserialize_with = "text")]
    pub cut_short: Option<String>,
    /// Pages that are asked for by a number in the address.
    pub paging: Option<Paging>,
    /// Headers of each request, such as `{ Authorization = "Bearer {secret}" }`.
    pub headers: BTreeMap<String, String>,
    /// What `{secret}` stands for in `headers` and in the query of `request`; better given by the environment or by `secret_file`.
    pub secret: Secret,
    /// A file with the secret and nothing else.
    #[serde(deserialize_with = "text")]
    pub secret_file: Option<String>,
}

/// What an API answers in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Format {
    /// JSON.
    Json,
    /// CSV with a first line of headings.
    Csv,
}

/// Pages that are asked for by a number in the address.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Paging {
    /// The parameter that the number is given to.
    #[serde(deserialize_with = "text")]
    pub parameter: Option<String>,
    /// Rows of a whole page, at least 1; a page with fewer is the last.
    pub size: Option<u64>,
    /// What the number counts.
    #[serde(deserialize_with = "word")]
    pub counts: Option<PageNumbering>,
}

/// Which columns hold what.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Columns {
    /// The id or name of the indicator; "" where there is one only.
    #[serde(deserialize_with = "text")]
    pub indicator: Option<String>,
    /// The code of the area.
    #[serde(deserialize_with = "text")]
    pub area: Option<String>,
    /// The period.
    #[serde(deserialize_with = "text")]
    pub period: Option<String>,
    /// The figure.
    #[serde(deserialize_with = "text")]
    pub value: Option<String>,
    /// The lower 95% limit.
    #[serde(deserialize_with = "text")]
    pub lower: Option<String>,
    /// The upper 95% limit.
    #[serde(deserialize_with = "text")]
    pub upper: Option<String>,
    /// The numerator.
    #[serde(deserialize_with = "text")]
    pub numerator: Option<String>,
    /// The denominator.
    #[serde(deserialize_with = "text")]
    pub denominator: Option<String>,
    /// Whom it is about.
    #[serde(deserialize_with = "text")]
    pub sex: Option<String>,
    /// The age band.
    #[serde(deserialize_with = "text")]
    pub age: Option<String>,
    /// A note.
    #[serde(deserialize_with = "text")]
    pub note: Option<String>,
}

/// A public source as its schema describes it: the keys that every kind has, and those of its own kind.
pub(in crate::settings) enum Written {}

impl JsonSchema for Written {
    fn schema_name() -> Cow<'static, str> {
        "Source".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = |kind: &KindName| match kind {
            KindName::Fingertips => of_kind::<Fingertips>(*kind, generator),
            KindName::Dashboard => of_kind::<Dashboard>(*kind, generator),
            KindName::Table => of_kind::<Table>(*kind, generator),
            KindName::Api => of_kind::<Api>(*kind, generator),
            KindName::Workbook => of_kind::<Workbook>(*kind, generator),
        };
        let kinds: Vec<Schema> = KindName::VARIANTS.iter().map(&mut schema).collect();
        json_schema!({ "description": "A public source, by its kind.", "oneOf": kinds })
    }
}

fn of_kind<T: JsonSchema>(kind: KindName, generator: &mut SchemaGenerator) -> Schema {
    let mut schema = T::json_schema(generator);
    let common = Common::json_schema(generator);
    let keys = common.get("properties").and_then(serde_json::Value::as_object).cloned().unwrap_or_default();
    let own = schema.ensure_object().entry("properties").or_insert_with(|| serde_json::json!({}));
    if let Some(own) = own.as_object_mut() {
        own.insert("kind".to_owned(), serde_json::json!({ "const": <&str>::from(kind), "type": "string" }));
        own.extend(keys);
    }
    schema.insert("required".to_owned(), serde_json::json!(["kind"]));
    schema
}

/// One of a few words; of another the fault names all that there are.
fn word<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    T::deserialize(text.into_deserializer()).map(Some)
}
