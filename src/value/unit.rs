//! What a measure counts in: the units that every edition knows, and those that a measure brings with it.

use super::format_number;
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// What a measure counts in: one of the words, or a table that describes a unit of your own.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Per cent, 0 to 100: `12.3%`. Give the measure `multiplier = 100`.
    Percent,
    /// Years: `78.4 years`.
    Years,
    /// Days: `7.2 days`.
    Days,
    /// A rate per 1,000: `4.5 per 1,000`. Give the measure `multiplier = 1000`.
    Per1000,
    /// A rate per 100,000: `93.0 per 100,000`. Give the measure `multiplier = 100000`.
    Per100k,
    /// One figure over another, of which neither is a part of the other: `1.08`.
    Ratio,
    /// A number of people, events or things: `1,234`.
    Count,
    /// Money in pounds: `£1,234`. Thousands and millions of pounds are units of your own.
    Pounds,
    /// A score on the publisher's own scale: `7.5`.
    Score,
    /// Tonnes of carbon dioxide equivalent: `1,234 tonnes CO₂e`.
    #[serde(rename = "tco2e")]
    TonnesCo2e,
    /// A unit of your own.
    #[serde(untagged)]
    Own(Arc<OwnUnit>),
}

/// A unit of your own: `{ label = "million pounds", before = "£", after = "m", decimals = 1 }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnUnit {
    /// What it is called in table headings and on axes: `million pounds`.
    #[serde(deserialize_with = "words")]
    pub label: String,
    /// What stands right before a figure: `£`. Without `before` and `after` the label follows the figure.
    #[serde(default)]
    pub before: String,
    /// What stands right after a figure, with a space at its beginning where one is wanted: `m`, ` bed days`.
    #[serde(default)]
    pub after: String,
    /// Decimal places, where the measure states none; 1 where this is left out too.
    #[serde(default)]
    pub decimals: Option<u8>,
    /// The multiplier of a measure in this unit that states none: 1000 for a rate per 1,000.
    #[serde(default)]
    pub multiplier: Option<f64>,
}

impl OwnUnit {
    /// By the signs around a figure or, without such, by the label: `£m`, `£000`, `million pounds`.
    fn pounds(&self) -> Option<f64> {
        let around = format!("{}{}", self.before.trim(), self.after.trim());
        let said = if around.is_empty() { &self.label } else { &around }.to_lowercase();
        let of =
            said.strip_prefix('£').or_else(|| said.strip_suffix("pounds").map(|of| of.trim_end().trim_end_matches(" of")))?;
        match of.trim() {
            "" => Some(1.0),
            "k" | "thousand" | "thousands" | "000" | "000s" | "'000" | "'000s" | "\u{2019}000" | "\u{2019}000s" => Some(1e3),
            "m" | "mn" | "million" | "millions" => Some(1e6),
            "bn" | "billion" | "billions" => Some(1e9),
            _ => None,
        }
    }
}

fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() { Err(de::Error::custom("is empty; what the unit is called was expected")) } else { Ok(text) }
}

impl Unit {
    /// The words that follow a figure in a sentence or stand in a table heading.
    pub fn label(&self) -> &str {
        match self {
            Unit::Percent => "%",
            Unit::Years => "years",
            Unit::Days => "days",
            Unit::Per1000 => "per 1,000",
            Unit::Per100k => "per 100,000",
            Unit::Ratio => "ratio",
            Unit::Count => "number",
            Unit::Pounds => "pounds",
            Unit::Score => "score",
            Unit::TonnesCo2e => "tonnes CO₂e",
            Unit::Own(own) => &own.label,
        }
    }

    /// The label where a sign alone would not do, as on an axis: `per cent`.
    pub fn in_words(&self) -> &str {
        if *self == Unit::Percent { "per cent" } else { self.label() }
    }

    /// The word that stands for it in files and in data: `per100k`; the label of a unit of one's own.
    pub fn name(&self) -> &str {
        match self {
            Unit::Percent => "percent",
            Unit::Years => "years",
            Unit::Days => "days",
            Unit::Per1000 => "per1000",
            Unit::Per100k => "per100k",
            Unit::Ratio => "ratio",
            Unit::Count => "count",
            Unit::Pounds => "pounds",
            Unit::Score => "score",
            Unit::TonnesCo2e => "tco2e",
            Unit::Own(own) => &own.label,
        }
    }

    /// The multiplier that a figure made of a numerator and a denominator needs to be in this unit; none where the unit does
    /// not say.
    pub fn multiplier(&self) -> Option<f64> {
        match self {
            Unit::Percent => Some(100.0),
            Unit::Per1000 => Some(1000.0),
            Unit::Per100k => Some(100_000.0),
            Unit::Own(own) => own.multiplier,
            Unit::Years | Unit::Days | Unit::Ratio | Unit::Count | Unit::Pounds | Unit::Score | Unit::TonnesCo2e => None,
        }
    }

    /// Decimal places of a measure in this unit that states none: enough to tell figures apart, and none for what is whole or
    /// large.
    pub fn decimals(&self) -> u8 {
        match self {
            Unit::Count | Unit::Pounds | Unit::TonnesCo2e => 0,
            Unit::Ratio => 2,
            Unit::Own(own) => own.decimals.unwrap_or(1),
            Unit::Percent | Unit::Years | Unit::Days | Unit::Per1000 | Unit::Per100k | Unit::Score => 1,
        }
    }

    /// How many pounds one of the unit is: 1,000,000 for `£…m`; none where it is not money in pounds.
    pub fn pounds(&self) -> Option<f64> {
        match self {
            Unit::Pounds => Some(1.0),
            Unit::Own(own) => own.pounds(),
            _ => None,
        }
    }

    /// A value that somebody has set, with no more places than write it exactly: `56%`.
    pub fn stated(&self, value: f64) -> String {
        let places = value.to_string().split_once('.').map_or(0, |(_, places)| places.len());
        self.format(value, u8::try_from(places).unwrap_or(u8::MAX))
    }

    /// The decimals that a figure is written with, of which `usual` are the measure's: more where it would be taken for none or, of a
    /// share, for all.
    pub fn places(&self, value: f64, usual: u8) -> u8 {
        let is_all = |value: f64| matches!(self, Unit::Percent) && value.abs() == 100.0;
        let read = |places: u8| format!("{value:.*}", usize::from(places)).parse().unwrap_or(value);
        let is_true = |places: &u8| (value == 0.0 || read(*places) != 0.0) && (is_all(value) || !is_all(read(*places)));
        (usual..=8).find(is_true).unwrap_or(usual)
    }

    /// How far apart two figures are at most that differ and are written alike: `by less than 0.1 percentage points`.
    pub fn less_than_a_step(&self, decimals: u8) -> String {
        let step = 0.1_f64.powi(i32::from(decimals));
        let step = match self {
            Unit::Percent => format!("{} percentage points", format_number(step, decimals)),
            _ => self.format(step, decimals),
        };
        format!("by less than {step}")
    }

    /// A figure with its unit as a reader expects it: `12.3%`, `78.4 years`, `1,234`, `£1.2m`.
    pub fn format(&self, value: f64, decimals: u8) -> String {
        let number = format_number(value, decimals);
        match self {
            Unit::Percent => format!("{number}%"),
            Unit::Count | Unit::Score | Unit::Ratio => number,
            Unit::Pounds => between("£", &number, ""),
            Unit::Own(own) if !(own.before.is_empty() && own.after.is_empty()) => between(&own.before, &number, &own.after),
            Unit::Years | Unit::Days | Unit::Per1000 | Unit::Per100k | Unit::TonnesCo2e | Unit::Own(_) => {
                format!("{number} {}", self.label())
            }
        }
    }
}

/// A minus sign stands before the symbol: `−£3`.
fn between(before: &str, number: &str, after: &str) -> String {
    match number.strip_prefix('\u{2212}') {
        Some(number) => format!("\u{2212}{before}{number}{after}"),
        None => format!("{before}{number}{after}"),
    }
}

/// Every unit that has a word of its own.
const WITH_WORDS: [Unit; 10] = [
    Unit::Percent,
    Unit::Years,
    Unit::Days,
    Unit::Per1000,
    Unit::Per100k,
    Unit::Ratio,
    Unit::Count,
    Unit::Pounds,
    Unit::Score,
    Unit::TonnesCo2e,
];

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordOrTable;
        impl<'de> Visitor<'de> for WordOrTable {
            type Value = Unit;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a unit such as \"percent\", or a table such as { label = \"euros\", before = \"€\" }")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Unit, E> {
                WITH_WORDS.into_iter().find(|unit| unit.name() == text).ok_or_else(|| {
                    let words = WITH_WORDS.map(|unit| format!("`{}`", unit.name())).join(", ");
                    E::custom(format_args!("unknown variant `{text}`, expected one of {words}"))
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Unit, A::Error> {
                OwnUnit::deserialize(MapAccessDeserializer::new(map)).map(|own| Unit::Own(Arc::new(own)))
            }
        }
        deserializer.deserialize_any(WordOrTable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Unit, String> {
        #[derive(Deserialize)]
        struct File {
            unit: Unit,
        }
        toml::from_str(&format!("unit = {text}")).map(|file: File| file.unit).map_err(|e| e.message().to_owned())
    }

    #[test]
    fn what_is_stated_has_no_more_places_than_it_needs() {
        let said = [56.0, 2.7, 2.75, 0.0, 1_250.0, -0.5].map(|value| Unit::Percent.stated(value));
        assert_eq!(said, ["56%", "2.7%", "2.75%", "0%", "1,250%", "\u{2212}0.5%"]);
    }

    #[test]
    fn none_and_all_are_told_from_next_to_none_and_nearly_all() {
        let said = [0.0, 0.04, 12.34, 99.94, 99.96, 99.996, 100.0].map(|x| Unit::Percent.format(x, Unit::Percent.places(x, 1)));
        assert_eq!(said, ["0.0%", "0.04%", "12.3%", "99.9%", "99.96%", "99.996%", "100.0%"]);
        assert_eq!(Unit::Per100k.places(99.96, 1), 1, "only a share has a whole");
        assert_eq!(Unit::Percent.places(f64::NAN, 1), 1);
    }

    #[test]
    fn figures_carry_their_unit() {
        for (unit, value, decimals, said) in [
            ("\"percent\"", 12.34, 1, "12.3%"),
            ("\"days\"", 7.25, 1, "7.2 days"),
            ("\"per1000\"", 4.5, 1, "4.5 per 1,000"),
            ("\"per100k\"", 93.0, 1, "93.0 per 100,000"),
            ("\"ratio\"", 1.083, 2, "1.08"),
            ("\"pounds\"", 1_234_567.0, 0, "£1,234,567"),
            ("\"pounds\"", -3.5, 2, "\u{2212}£3.50"),
            ("\"tco2e\"", 1234.0, 0, "1,234 tonnes CO₂e"),
            ("{ label = \"million pounds\", before = \"£\", after = \"m\" }", -12.34, 1, "\u{2212}£12.3m"),
            ("{ label = \"euros\", before = \"€\" }", 1234.0, 0, "€1,234"),
            ("{ label = \"bed days\" }", 1234.0, 0, "1,234 bed days"),
            ("{ label = \"kilometres\", after = \" km\" }", 3.2, 1, "3.2 km"),
        ] {
            assert_eq!(read(unit).unwrap().format(value, decimals), said, "{unit}");
        }
    }

    #[test]
    fn each_unit_has_its_decimal_places() {
        for (unit, places) in [
            ("\"count\"", 0),
            ("\"pounds\"", 0),
            ("\"tco2e\"", 0),
            ("\"ratio\"", 2),
            ("\"percent\"", 1),
            ("\"per100k\"", 1),
            ("{ label = \"beds\" }", 1),
            ("{ label = \"beds\", decimals = 0 }", 0),
        ] {
            assert_eq!(read(unit).unwrap().decimals(), places, "{unit}");
        }
    }

    #[test]
    fn unknown_units_list_the_known_ones() {
        let found = read("\"persent\"").unwrap_err();
        assert!(found.contains("unknown variant `persent`, expected one of `percent`, `years`, `days`"), "{found}");
        assert!(read("{ before = \"€\" }").unwrap_err().contains("missing field `label`"));
        assert!(read("{ label = \" \" }").unwrap_err().contains("what the unit is called was expected"));
        assert!(read("{ label = \"euros\", sign = \"€\" }").unwrap_err().contains("unknown field `sign`"));
        assert!(read("3").unwrap_err().contains("a unit such as \"percent\", or a table"));
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let own = read("{ label = \"million pounds\", before = \"£\", after = \"m\", decimals = 1 }").unwrap();
        for unit in WITH_WORDS.into_iter().chain([own]) {
            let stored = serde_json::to_string(&unit).unwrap();
            assert_eq!(serde_json::from_str::<Unit>(&stored).unwrap(), unit);
        }
    }

    #[test]
    fn money_symbols_include_thousands_and_millions() {
        for (unit, pounds) in [
            ("\"pounds\"", Some(1.0)),
            ("{ label = \"million pounds\", before = \"£\", after = \"m\" }", Some(1e6)),
            ("{ label = \"thousand pounds\", before = \"£\", after = \"k\" }", Some(1e3)),
            ("{ label = \"pounds a head\", before = \"£\", after = \" a head\" }", None),
            ("{ label = \"euros\", before = \"€\" }", None),
            ("\"count\"", None),
        ] {
            assert_eq!(read(unit).unwrap().pounds(), pounds, "{unit}");
        }
    }
}
