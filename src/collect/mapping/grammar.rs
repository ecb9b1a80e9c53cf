//! What a mapping file may say, as it is written; [`super::check`] makes it into what is read by.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// What stands before the blocks `[[figures]]`.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    /// What the workbook is called.
    pub title: String,
    /// Whose workbook it is, as it is printed.
    #[serde(default)]
    pub publisher: String,
    /// What its sender writes where a number stands or is lacking.
    #[serde(default)]
    pub marks: Marks,
}

/// What a publisher writes beside a number or in place of one, besides what is known everywhere.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Marks {
    /// Marks of a figure that is withheld to protect people.
    pub suppressed: Vec<String>,
    /// Marks of a figure that was not given.
    pub missing: Vec<String>,
    /// Marks of a figure that does not apply.
    pub not_applicable: Vec<String>,
    /// Marks that mean none: zero.
    pub zero: Vec<String>,
    /// Signs of a footnote after a number.
    pub ignored: Vec<String>,
}

/// One block `[[figures]]`: a table of a sheet.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Block {
    /// What messages call it.
    #[serde(default)]
    pub name: String,
    /// The sheet's name, its beginning and `*`, or `any`.
    pub sheet: String,
    /// Texts that stand together in one row, the header. A text that ends in `*` asks for the beginning only.
    pub header: Vec<String>,
    /// How many rows the header takes, from that row down.
    #[serde(default = "one")]
    pub header_rows: u32,
    /// Rows are read below the first row with this text.
    pub after: Option<String>,
    /// Rows are read above the next row with this text.
    pub before: Option<String>,
    /// Rows whose cell in the column has the text.
    #[serde(default)]
    pub only: BTreeMap<String, String>,
    /// The measure: its id, or where it stands.
    pub measure: Short<Whence>,
    /// The area: its code, or where it stands.
    pub area: Short<Whence>,
    /// The period: a label, or where it stands.
    pub period: Short<Whence>,
    /// The figure: a heading, or where its column is.
    pub value: Option<Short<Figure>>,
    /// The numerator: a heading, or where its column is.
    pub numerator: Option<Short<Figure>>,
    /// The denominator: a heading, or where its column is.
    pub denominator: Option<Short<Figure>>,
    /// The lower 95% limit: a heading, or where its column is.
    pub lower: Option<Short<Figure>>,
    /// The upper 95% limit: a heading, or where its column is.
    pub upper: Option<Short<Figure>>,
    /// How far both 95% limits are from the figure: a heading, or where its column is. The figure's own column where that has
    /// both, as in `4.9 ± 0.3`.
    pub plus_minus: Option<Short<Figure>>,
    /// A column of words: its heading, or where it is.
    pub note: Option<Short<Figure>>,
}

fn one() -> u32 {
    1
}

/// Either a text alone or a table that says more.
#[derive(Debug)]
pub(crate) enum Short<T> {
    Text(String),
    Table(Box<T>),
}

/// Where the measure, the area or the period of a figure is said.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Whence {
    /// In the figure's row, in the column with this heading.
    pub column: Option<String>,
    /// The heading over several columns that `column` stands under.
    pub under: Option<String>,
    /// In the column with this letter, where it has no heading.
    pub letter: Option<String>,
    /// True where it stands in the header, above the figure.
    pub header: Option<bool>,
    /// In one cell: `C5`.
    pub cell: Option<String>,
    /// In the first cell to the right of the one that has this text.
    pub beside: Option<String>,
    /// True where it stands in the sheet's name.
    pub sheet: Option<bool>,
    /// True where a blank cell of the column means the one above.
    pub down: Option<bool>,
    /// What a text stands for: `{ "England total" = "E92000001" }`.
    pub labels: BTreeMap<String, String>,
    /// Of a period only: what follows this text counts.
    pub following: Option<String>,
    /// Of a period only: what a date stands for.
    pub dates: Option<Span>,
    /// Of a period only: a week ends on the date, and weeks are added up to these.
    pub weeks_ended: Option<Span>,
}

/// A column of numbers and how they are given.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Figure {
    /// The column with this heading.
    pub column: Option<String>,
    /// The heading over several columns that `column` stands under.
    pub under: Option<String>,
    /// The column with this letter, where it has no heading.
    pub letter: Option<String>,
    /// What numbers are multiplied by: 1000 for thousands.
    pub scale: Option<f64>,
    /// For a measure in per cent: how percentages are given.
    pub given: Option<PercentageForm>,
}

/// How a percentage is given in a cell that does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PercentageForm {
    /// 0.45 means 45%.
    Share,
    /// 45 means 45%, and 0.45 means 0.45%.
    Percent,
}

/// The period that a date stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Span {
    /// The month that it lies in.
    Month,
    /// The quarter that it lies in.
    Quarter,
    /// The year that it lies in.
    Year,
}

impl<T: JsonSchema> JsonSchema for Short<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("TextOr{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [{ "type": "string" }, table] })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Short<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Short<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text in quotation marks, or a table { … }")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Short<T>, E> {
                Ok(Short::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Short<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|table| Short::Table(Box::new(table)))
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}
