//! What a mapping file may say, as it is written; [`super::check`] makes it into what is read by.

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// What stands before the blocks `[[figures]]`.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub title: String,
    #[serde(default)]
    pub publisher: String,
    #[serde(default)]
    pub marks: Marks,
}

/// What a publisher writes where a number stands or is lacking, beside what is known everywhere.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Marks {
    pub suppressed: Vec<String>,
    pub missing: Vec<String>,
    pub not_applicable: Vec<String>,
    /// A mark that means none: zero.
    pub zero: Vec<String>,
    /// Signs of a footnote after a number.
    pub ignored: Vec<String>,
}

/// One block `[[figures]]`: a table of a sheet.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Block {
    #[serde(default)]
    pub name: String,
    pub sheet: String,
    pub header: Vec<String>,
    #[serde(default = "one")]
    pub header_rows: u32,
    pub after: Option<String>,
    pub before: Option<String>,
    #[serde(default)]
    pub only: BTreeMap<String, String>,
    pub measure: Short<Whence>,
    pub area: Short<Whence>,
    pub period: Short<Whence>,
    pub value: Option<Short<Figure>>,
    pub numerator: Option<Short<Figure>>,
    pub denominator: Option<Short<Figure>>,
    pub lower: Option<Short<Figure>>,
    pub upper: Option<Short<Figure>>,
    pub note: Option<Short<Figure>>,
}

fn one() -> u32 {
    1
}

/// Either a text alone or a table that says more.
#[derive(Debug)]
pub(super) enum Short<T> {
    Text(String),
    Table(Box<T>),
}

/// Where the measure, the area or the period of a figure is said.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Whence {
    pub column: Option<String>,
    pub under: Option<String>,
    pub letter: Option<String>,
    pub header: Option<bool>,
    pub cell: Option<String>,
    pub beside: Option<String>,
    pub sheet: Option<bool>,
    pub down: Option<bool>,
    pub labels: BTreeMap<String, String>,
    /// Of a period only.
    pub following: Option<String>,
    pub dates: Option<Span>,
    pub weeks_ended: Option<Span>,
}

/// A column of numbers and how they are given.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Figure {
    pub column: Option<String>,
    pub under: Option<String>,
    pub letter: Option<String>,
    pub scale: Option<f64>,
    pub given: Option<Given>,
}

/// How a percentage is given in a cell that does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Given {
    /// 0.45 means 45%.
    Share,
    /// 45 means 45%, and 0.45 means 0.45%.
    Percent,
}

/// The period that a date stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Span {
    Month,
    Quarter,
    Year,
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
