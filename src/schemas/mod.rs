//! A JSON Schema for each kind of configuration file, made from the types that read it: editors check a file by it, and
//! [`page()`] writes the reference of every key from it.

mod defaults;
mod page;
mod tidy;

pub use page::page;

use crate::area::{Area, Neighbours};
use crate::collect::Recording;
use crate::collect::mapping::{WrittenBlock, WrittenHead};
use crate::distribute::recipients::RawList;
use crate::framework::{Action, Aim, Ambition, Edition, Measure, Partner, Priority};
use crate::report::{Contents, Theme};
use crate::schedule::{RawHoliday, RawSchedule};
use crate::settings::{DEFAULTS, Settings};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// A kind of configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Settings,
    Areas,
    Neighbours,
    Partners,
    Recipients,
    Schedules,
    Holidays,
    Edition,
    Measures,
    Mapping,
    Recordings,
    Theme,
    Pack,
    Abbreviations,
}

impl Kind {
    /// In the order of the reference.
    pub const ALL: [Kind; 14] = [
        Kind::Settings,
        Kind::Areas,
        Kind::Neighbours,
        Kind::Partners,
        Kind::Recipients,
        Kind::Schedules,
        Kind::Holidays,
        Kind::Edition,
        Kind::Measures,
        Kind::Mapping,
        Kind::Recordings,
        Kind::Theme,
        Kind::Pack,
        Kind::Abbreviations,
    ];

    /// The word that names it on the command line and in the name of its schema.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Settings => "settings",
            Kind::Areas => "areas",
            Kind::Neighbours => "neighbours",
            Kind::Partners => "partners",
            Kind::Recipients => "recipients",
            Kind::Schedules => "schedules",
            Kind::Holidays => "holidays",
            Kind::Edition => "edition",
            Kind::Measures => "measures",
            Kind::Mapping => "mapping",
            Kind::Recordings => "recordings",
            Kind::Theme => "theme",
            Kind::Pack => "pack",
            Kind::Abbreviations => "abbreviations",
        }
    }

    /// The files of this kind, as a person looks for them.
    pub fn files(self) -> &'static str {
        match self {
            Kind::Settings => "boardpack.toml",
            Kind::Areas => "config/areas.toml",
            Kind::Neighbours => "config/neighbours.toml",
            Kind::Partners => "config/partners.toml",
            Kind::Recipients => "config/recipients.toml",
            Kind::Schedules => "config/schedules.toml",
            Kind::Holidays => "config/holidays.toml",
            Kind::Edition => "config/frameworks/EDITION/*.toml",
            Kind::Measures => "config/frameworks/measures/*.toml",
            Kind::Mapping => "config/mappings/*.toml",
            Kind::Recordings => "recordings.toml",
            Kind::Theme => "report_templates/PACK/theme.toml",
            Kind::Pack => "report_templates/PACK/pack.toml",
            Kind::Abbreviations => "report_templates/PACK/abbreviations.toml",
        }
    }

    /// What such a file holds, in a sentence.
    pub fn says(self) -> &'static str {
        match self {
            Kind::Settings => "The settings: what is made, where things lie, how sources are asked and messages sent.",
            Kind::Areas => "Every area and organisation that a figure can be about.",
            Kind::Neighbours => "Lists of areas that a published model finds alike.",
            Kind::Partners => "The bodies that return figures and lead key actions.",
            Kind::Recipients => "Who is sent messages.",
            Kind::Schedules => "What `boardpack serve` does automatically, and when.",
            Kind::Holidays => "Days that schedules avoid beside weekends.",
            Kind::Edition => {
                "One edition of a strategy: aims, priorities, ambitions with their measures and targets, key actions. \
                              All files of the folder are read together; `[edition]` stands in one of them."
            }
            Kind::Measures => "What is measured, apart from any target.",
            Kind::Mapping => "Where the figures are in a workbook of its sender's own layout.",
            Kind::Recordings => "Answers of a public source that were recorded earlier, beside their files.",
            Kind::Theme => "The look of a pack. What a theme does not say is as in the board pack's, and then as built in.",
            Kind::Pack => "What a pack holds, in order.",
            Kind::Abbreviations => "Short forms with what they stand for: the first use in a section is read out in full.",
        }
    }

    /// The kind of the file at `path`, written with `/`, below the folder that has `config/` and `report_templates/`; none
    /// for one that has no schema.
    pub fn of_file(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        match name {
            "recordings.toml" => return Some(Kind::Recordings),
            "boardpack.toml" | "default.toml" => return Some(Kind::Settings),
            _ if !name.ends_with(".toml") => return None,
            _ => {}
        }
        if let Some(rest) = path.strip_prefix("config/") {
            return match rest.split('/').collect::<Vec<_>>()[..] {
                ["areas.toml"] => Some(Kind::Areas),
                ["neighbours.toml"] => Some(Kind::Neighbours),
                ["partners.toml"] => Some(Kind::Partners),
                ["recipients.toml"] => Some(Kind::Recipients),
                ["schedules.toml"] => Some(Kind::Schedules),
                ["holidays.toml"] => Some(Kind::Holidays),
                ["mappings", _] => Some(Kind::Mapping),
                ["frameworks", "measures", _] => Some(Kind::Measures),
                ["frameworks", _, _] => Some(Kind::Edition),
                _ => None,
            };
        }
        match (path.starts_with("report_templates/"), name) {
            (true, "theme.toml") => Some(Kind::Theme),
            (true, "pack.toml") => Some(Kind::Pack),
            (true, "abbreviations.toml") => Some(Kind::Abbreviations),
            _ => None,
        }
    }

    /// The file of the schema: `schemas/areas.json`.
    pub fn schema_file(self) -> String {
        format!("schemas/{}.json", self.name())
    }
}

/// The schema of a kind of file, as draft 7 of JSON Schema, which editors of TOML know.
pub fn schema(kind: Kind) -> Value {
    let mut generator = SchemaSettings::draft07().into_generator();
    let mut root = match kind {
        Kind::Settings => whole::<Settings>(&mut generator),
        Kind::Theme => whole::<Theme>(&mut generator),
        Kind::Pack => whole::<Contents>(&mut generator),
        Kind::Areas => lists(&mut generator).list::<Area>("area").root,
        Kind::Neighbours => lists(&mut generator).list::<Neighbours>("neighbours").root,
        Kind::Partners => lists(&mut generator).list::<Partner>("partner").root,
        Kind::Recipients => lists(&mut generator).list::<RawList>("list").root,
        Kind::Schedules => lists(&mut generator).list::<RawSchedule>("schedule").root,
        Kind::Holidays => lists(&mut generator).list::<RawHoliday>("holiday").root,
        Kind::Measures => lists(&mut generator).list::<Measure>("measure").root,
        Kind::Recordings => lists(&mut generator).list::<Recording>("answer").root,
        Kind::Edition => {
            lists(&mut generator)
                .table::<Edition>("edition")
                .list::<Aim>("aim")
                .list::<Priority>("priority")
                .list::<Ambition>("ambition")
                .list::<Action>("action")
                .root
        }
        Kind::Mapping => {
            Lists { root: whole::<WrittenHead>(&mut generator), generator: &mut generator }.list::<WrittenBlock>("figures").root
        }
        Kind::Abbreviations => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
    };
    let mut definitions = Value::Object(generator.take_definitions(false));
    // A file of settings or a theme holds what differs, and these are what it differs from.
    let defaults = match kind {
        Kind::Settings => Some(DEFAULTS),
        Kind::Theme => Some(crate::report::THEME),
        _ => None,
    };
    if let Some(defaults) = defaults.and_then(|text| text.parse::<toml::Table>().ok()) {
        defaults::put(&mut root, &mut definitions, &defaults);
    }
    let mut whole = Map::new();
    whole.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    whole.insert("title".to_owned(), json!(kind.files()));
    whole.insert("description".to_owned(), json!(kind.says()));
    let root = root.as_object().cloned().unwrap_or_default();
    whole.extend(root.into_iter().filter(|(key, _)| key != "title" && key != "description"));
    if definitions.as_object().is_some_and(|definitions| !definitions.is_empty()) {
        whole.insert("definitions".to_owned(), definitions);
    }
    let mut whole = Value::Object(whole);
    tidy::tidy(&mut whole);
    whole
}

/// The schema as a file, with a line break at its end.
pub fn text(kind: Kind) -> String {
    format!("{:#}\n", schema(kind))
}

/// The line at the head of a file that leads editors to its schema: `path` as in [`Kind::of_file`].
pub fn head_line(path: &str) -> Option<String> {
    let kind = Kind::of_file(path)?;
    let up = match path.matches('/').count() {
        0 => "./".to_owned(),
        deep => "../".repeat(deep),
    };
    Some(format!("#:schema {up}{}", kind.schema_file()))
}

fn whole<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    T::json_schema(generator).to_value()
}

/// A file that is made of entries `[[name]]` and tables `[name]`.
struct Lists<'g> {
    root: Value,
    generator: &'g mut SchemaGenerator,
}

fn lists(generator: &mut SchemaGenerator) -> Lists<'_> {
    Lists { root: json!({ "type": "object", "properties": {}, "additionalProperties": false }), generator }
}

impl Lists<'_> {
    fn list<T: JsonSchema>(mut self, name: &str) -> Self {
        let items = self.generator.subschema_for::<T>().to_value();
        self.root["properties"][name] = json!({ "type": "array", "items": items });
        self
    }

    fn table<T: JsonSchema>(mut self, name: &str) -> Self {
        self.root["properties"][name] = self.generator.subschema_for::<T>().to_value();
        self
    }
}

#[cfg(test)]
mod tests;
