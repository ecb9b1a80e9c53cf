//! What the settings say of a public source, by its kind.

use super::guarded;
use super::secret::Access;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use std::path::Path;
use strum::{EnumDiscriminants, EnumString, IntoStaticStr, VariantArray};

/// A public source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Source {
    pub publisher: String,
    pub licence: String,
    /// An address, or a folder of recordings; none where the source is not set up.
    #[serde(serialize_with = "if_address")]
    pub base_url: Option<String>,
    #[serde(flatten)]
    pub kind: SourceKind,
}

#[derive(Debug, Clone, PartialEq, Serialize, EnumDiscriminants)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[strum_discriminants(name(KindName), vis(pub(super)), doc = "A kind of source, by the word for it in the settings.")]
#[strum_discriminants(derive(EnumString, IntoStaticStr, VariantArray), strum(serialize_all = "kebab-case"))]
pub enum SourceKind {
    /// OHID Fingertips.
    Fingertips,
    /// The UKHSA data dashboard.
    Dashboard(Dashboard),
    /// A CSV file whose columns the settings name.
    Table(Table),
    /// Any JSON or CSV API, as `api` and `columns` describe it.
    Api(Api),
    /// A file that a mapping reads.
    Workbook(Workbook),
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dashboard {
    /// The dashboard's names of areas by their codes, `Nation/England`; no other area is asked for.
    pub areas: BTreeMap<String, String>,
    /// Marks that stand for "not given".
    pub missing: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Below `base_url`.
    pub file: String,
    #[serde(flatten)]
    pub rows: Rows,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Workbook {
    /// Below `base_url`.
    pub file: String,
    /// The name of the mapping that finds its figures.
    pub mapping: String,
}

/// How an API is asked and answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Api {
    /// The rest of the address, with `{indicator}`, `{area}`, `{areas}`, `{period}`, `{sex}` and `{age}` in it.
    pub request: String,
    /// What `{period}` stands for, one after the other.
    pub periods: Vec<String>,
    #[serde(flatten)]
    pub format: Format,
    /// Pages that are asked for by a number in the address.
    pub paging: Option<Paging>,
    #[serde(flatten)]
    pub access: Access,
    #[serde(flatten)]
    pub rows: Rows,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "format", rename_all = "kebab-case")]
pub enum Format {
    /// Columns are JSON pointers into a row, or with `#` before them into the whole answer.
    Json(Json),
    /// Columns are named by the first line.
    Csv,
}

/// Where what is sought stands in a JSON answer, as JSON pointers (RFC 6901).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Json {
    /// The list of rows; the whole answer where empty.
    #[serde(rename = "rows")]
    pub list: String,
    /// The address of the page that follows.
    pub next: Option<String>,
    /// A mark that the source left rows out.
    pub cut_short: Option<String>,
}

/// Pages that are asked for by a number in the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paging {
    /// The parameter that the number is given to.
    pub parameter: String,
    /// Rows of a whole page, at least 1; one with fewer is the last.
    pub size: u64,
    /// What the number counts.
    pub counts: PageNumbering,
}

/// What the number of a page counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PageNumbering {
    /// Rows before the page: the first is 0.
    Rows,
    /// Pages: the first is 1.
    Pages,
}

/// How the rows of a table or of an API's answers become figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rows {
    pub columns: Columns,
    pub period_format: PeriodFormat,
    /// Marks that stand for "not given".
    pub missing: Vec<String>,
    /// Rows of which these columns hold these texts, and no others.
    pub only: BTreeMap<String, String>,
    /// No rows of which one of these columns holds this text.
    pub except: BTreeMap<String, String>,
    /// The source's own names of areas by their codes; where there are any, an API is asked for no other area.
    pub areas: BTreeMap<String, String>,
    /// The source's own words for `Persons`, `Male` and `Female`.
    pub sexes: BTreeMap<String, String>,
}

/// How a source writes periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodFormat {
    /// As publishers label them: `2021/22 Q1`.
    #[default]
    Label,
    /// A month: `2025-04`.
    IsoMonth,
    /// A day, which stands for the month, quarter or year of the measure that it lies in.
    IsoDate,
}

/// Which columns hold what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Columns {
    /// The column that names the indicator; none where there is one only.
    pub indicator: Option<String>,
    pub area: String,
    pub period: String,
    pub value: String,
    pub lower: Option<String>,
    pub upper: Option<String>,
    pub numerator: Option<String>,
    pub denominator: Option<String>,
    pub sex: Option<String>,
    pub age: Option<String>,
    pub note: Option<String>,
}

impl Columns {
    /// Every column that is named, with the key that names it.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let Self { indicator, area, period, value, lower, upper, numerator, denominator, sex, age, note } = self;
        let optional = [
            ("indicator", indicator),
            ("lower", lower),
            ("upper", upper),
            ("numerator", numerator),
            ("denominator", denominator),
            ("sex", sex),
            ("age", age),
            ("note", note),
        ];
        let needed = [("area", area.as_str()), ("period", period), ("value", value)];
        needed.into_iter().chain(optional.into_iter().filter_map(|(key, column)| Some((key, column.as_deref()?))))
    }
}

impl Rows {
    /// Every column that is read, with the key that names it.
    pub fn read_columns(&self) -> impl Iterator<Item = (String, &str)> {
        let named = self.columns.named().map(|(key, column)| (format!("columns.{key}"), column));
        let only = self.only.keys().map(|column| ("only".to_owned(), column.as_str()));
        named.chain(only).chain(self.except.keys().map(|column| ("except".to_owned(), column.as_str())))
    }
}

impl KindName {
    /// True where the whole of the source is one `file` below `base_url`.
    pub fn is_a_file(self) -> bool {
        match self {
            KindName::Table | KindName::Workbook => true,
            KindName::Fingertips | KindName::Dashboard | KindName::Api => false,
        }
    }
}

/// What is asked of every kind, so that a new one cannot be forgotten.
impl SourceKind {
    /// How it is let in, after the table of the source that says so; none where it lets everybody in.
    pub fn access(&self) -> Option<(&'static str, &Access)> {
        match self {
            SourceKind::Api(api) => Some((Api::TABLE, &api.access)),
            SourceKind::Fingertips | SourceKind::Dashboard(_) | SourceKind::Table(_) | SourceKind::Workbook(_) => None,
        }
    }

    /// The same, to put in what the settings only point to.
    pub(in crate::settings) fn access_mut(&mut self) -> Option<(&'static str, &mut Access)> {
        match self {
            SourceKind::Api(api) => Some((Api::TABLE, &mut api.access)),
            SourceKind::Fingertips | SourceKind::Dashboard(_) | SourceKind::Table(_) | SourceKind::Workbook(_) => None,
        }
    }

    /// The name of the mapping that finds its figures.
    pub fn mapping(&self) -> Option<&str> {
        match self {
            SourceKind::Workbook(workbook) => Some(&workbook.mapping),
            SourceKind::Fingertips | SourceKind::Dashboard(_) | SourceKind::Table(_) | SourceKind::Api(_) => None,
        }
    }

    /// Where the rows of its JSON answers are and what is read of them, where the settings say so.
    pub fn pointers(&self) -> Option<(&Json, &Rows)> {
        match self {
            SourceKind::Api(Api { format: Format::Json(json), rows, .. }) => Some((json, rows)),
            SourceKind::Api(Api { format: Format::Csv, .. })
            | SourceKind::Fingertips
            | SourceKind::Dashboard(_)
            | SourceKind::Table(_)
            | SourceKind::Workbook(_) => None,
        }
    }
}

impl Api {
    /// The table of a source that says how it is asked and let in.
    pub(super) const TABLE: &str = "api";
}

impl Source {
    /// The file that its secret is read from.
    pub fn secret_file(&self) -> Option<&Path> {
        self.kind.access()?.1.secret_file.as_deref()
    }

    /// A parameter of an address that seems to hold a secret, with the key of the address.
    pub fn written_secret(&self) -> Option<(&'static str, &str)> {
        let request = match &self.kind {
            SourceKind::Api(api) => ("api.request", Some(api.request.as_str())),
            SourceKind::Fingertips | SourceKind::Dashboard(_) | SourceKind::Table(_) | SourceKind::Workbook(_) => {
                ("file", self.file())
            }
        };
        let addresses = [("base_url", self.base_url.as_deref()), request];
        addresses.into_iter().find_map(|(key, address)| Some((key, guarded::parameter(address?)?)))
    }

    /// The file below `base_url` that is the whole of the source; none where it is asked otherwise.
    pub fn file(&self) -> Option<&str> {
        match &self.kind {
            SourceKind::Table(table) => Some(&table.file),
            SourceKind::Workbook(workbook) => Some(&workbook.file),
            SourceKind::Fingertips | SourceKind::Dashboard(_) | SourceKind::Api(_) => None,
        }
    }
}

/// An address; the path of a folder is this machine's own affair.
fn if_address<S: Serializer>(base: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    base.as_ref().filter(|base| base.contains("://")).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::source::Written;
    use schemars::{JsonSchema, SchemaGenerator};
    use strum::VariantArray;

    #[test]
    fn documentation_has_every_kind() {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/indicators.md")).unwrap();
        for kind in KindName::VARIANTS {
            let row = format!("\n| `{}` |", <&str>::from(*kind));
            assert_eq!(page.matches(&row).count(), 2, "docs/indicators.md says what {kind:?} is, and which keys it has");
        }
    }

    #[test]
    fn only_files_have_a_key_for_one() {
        let schema = Written::json_schema(&mut SchemaGenerator::default());
        let kinds = schema.get("oneOf").and_then(serde_json::Value::as_array).unwrap();
        for (kind, schema) in KindName::VARIANTS.iter().zip(kinds) {
            assert_eq!(schema["properties"].get("file").is_some(), kind.is_a_file(), "{kind:?}");
        }
    }
}
