//! The schema of a kind of file, as a value and as a file.

use super::kind::FileKind;
use super::{defaults, tidy};
use crate::area::{Area, Neighbours};
use crate::collect::Recording;
use crate::collect::mapping::{WrittenBlock, WrittenHead};
use crate::distribute::recipients::RawList;
use crate::framework::{Action, Aim, Ambition, AmbitionLead, Comment, Edition, Measure, Partner, Priority, Voice, VoiceTheme};
use crate::report::{PackContents, Statement, Theme};
use crate::schedule::{RawHoliday, RawSchedule};
use crate::settings::{DEFAULTS, Settings};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The schema of a kind of file, as draft 7 of JSON Schema, which editors of TOML know.
pub fn schema(kind: FileKind) -> Value {
    let mut generator = SchemaSettings::draft07().into_generator();
    let mut root = match kind {
        FileKind::Settings => whole::<Settings>(&mut generator),
        FileKind::Theme => whole::<Theme>(&mut generator),
        FileKind::Pack => whole::<PackContents>(&mut generator),
        FileKind::Accessibility => whole::<Statement>(&mut generator),
        FileKind::Areas => lists(&mut generator).list::<Area>("area").root,
        FileKind::Neighbours => lists(&mut generator).list::<Neighbours>("neighbours").root,
        FileKind::Partners => lists(&mut generator).list::<Partner>("partner").root,
        FileKind::Recipients => lists(&mut generator).list::<RawList>("list").root,
        FileKind::Schedules => lists(&mut generator).list::<RawSchedule>("schedule").root,
        FileKind::Holidays => lists(&mut generator).list::<RawHoliday>("holiday").root,
        FileKind::Comments => lists(&mut generator).list::<Comment>("comment").root,
        FileKind::Leads => lists(&mut generator).list::<AmbitionLead>("lead").root,
        FileKind::Voices => lists(&mut generator).list::<VoiceTheme>("theme").list::<Voice>("voice").root,
        FileKind::Measures => lists(&mut generator).list::<Measure>("measure").root,
        FileKind::Recordings => lists(&mut generator).list::<Recording>("answer").root,
        FileKind::Edition => {
            lists(&mut generator)
                .table::<Edition>("edition")
                .list::<Aim>("aim")
                .list::<Priority>("priority")
                .list::<Ambition>("ambition")
                .list::<Action>("action")
                .root
        }
        FileKind::Mapping => {
            Lists { root: whole::<WrittenHead>(&mut generator), generator: &mut generator }.list::<WrittenBlock>("figures").root
        }
        FileKind::Abbreviations => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
    };
    let mut definitions = Value::Object(generator.take_definitions(false));
    // A file of settings or a theme holds what differs, and these are what it differs from.
    let defaults = match kind {
        FileKind::Settings => Some(DEFAULTS),
        FileKind::Theme => Some(crate::report::THEME),
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
pub fn text(kind: FileKind) -> String {
    format!("{:#}\n", schema(kind))
}

/// The line at the head of a file that leads editors to its schema: `path` as in [`FileKind::of_file`].
pub fn head_line(path: &str) -> Option<String> {
    let kind = FileKind::of_file(path)?;
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
