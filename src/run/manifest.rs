//! The manifest of a run: everything that its packs were made from and all that was made, each by its SHA-256, so that
//! they can be made again, byte for byte, from the archive.

use super::packs::Published;
use crate::archive::{sha256, short_sha256};
use crate::assets::Assets;
use crate::collect::IndicatorOutcome;
use crate::fault::Fault;
use crate::settings::{self, Settings};
use crate::visible::Visible;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// As its file is called.
pub(super) const FILE: &str = "manifest.json";

/// Nothing in it depends on the clock, the machine or earlier runs: the same inputs give the same manifest.
#[derive(Debug, Serialize)]
pub struct Manifest<'a> {
    /// The version of boardpack.
    boardpack: &'static str,
    quarter: String,
    as_at: String,
    edition: &'a str,
    settings: Bearing<'a>,
    /// Every file of frameworks, areas, partners, templates and fonts that was in force.
    configuration: BTreeMap<String, String>,
    inputs: Vec<Input<'a>>,
    outputs: Vec<Output>,
}

/// The settings that bear on what is in a pack.
#[derive(Debug, Serialize)]
struct Bearing<'a> {
    pack: &'a settings::PackSettings,
    pdf: &'a settings::PdfSettings,
    returns: &'a settings::ReturnsSettings,
    sources: &'a BTreeMap<String, settings::Source>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Input<'a> {
    Return {
        partner: &'a str,
        file: &'a str,
        sha256: &'a str,
        /// The day on which this version came: of several, later ones stand over earlier ones.
        arrived: Option<String>,
    },
    Answer {
        source: &'a str,
        publisher: &'a str,
        licence: &'a str,
        indicator: &'a str,
        url: &'a str,
        retrieved: String,
        sha256: &'a str,
    },
}

/// A file that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Output {
    pub file: String,
    pub sha256: String,
    pub bytes: usize,
    /// Of a PDF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<usize>,
}

impl<'a> Manifest<'a> {
    /// # Errors
    /// A configuration file that can no longer be read.
    pub fn new(settings: &'a Settings, published: &'a Published, outputs: Vec<Output>) -> Result<Self, Fault> {
        let evaluation = &published.evaluation;
        Ok(Manifest {
            boardpack: env!("CARGO_PKG_VERSION"),
            quarter: evaluation.period.slug(),
            as_at: evaluation.as_at.to_string(),
            edition: &evaluation.edition,
            settings: Bearing {
                pack: &settings.pack,
                pdf: &settings.pdf,
                returns: &settings.returns,
                sources: &settings.sources,
            },
            configuration: configuration(settings)?,
            inputs: inputs(published),
            outputs,
        })
    }

    /// As indented JSON.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        serde_json::to_writer_pretty(Visible(&mut bytes), self).expect("names, numbers and lists can always be written as JSON");
        bytes.push(b'\n');
        bytes
    }
}

/// What one manifest says otherwise than an earlier one of what packs are made from but for inputs: each file of the
/// configuration and each setting, with what it was and is.
pub(super) fn changes(was: &[u8], is: &[u8]) -> Vec<String> {
    let read = |bytes: &[u8]| serde_json::from_slice::<Json>(bytes).unwrap_or_default();
    let (was, is) = (read(was), read(is));
    let mut changes = Vec::new();
    for (key, what) in
        [("configuration", "file "), ("settings", "setting "), ("boardpack", "version of boardpack"), ("edition", "edition")]
    {
        let (was, is) = (leaves(&was[key]), leaves(&is[key]));
        for name in was.keys().chain(is.keys().filter(|name| !was.contains_key(*name))) {
            let said = |leaf: Option<&Json>| match leaf {
                None if key == "configuration" => "not there".to_owned(),
                None | Some(Json::Null) => "not set".to_owned(),
                Some(Json::String(sha256)) if key == "configuration" => format!("SHA-256 {}", short_sha256(sha256)),
                Some(other) => other.to_string(),
            };
            if was.get(name) != is.get(name) {
                changes.push(format!("{what}{name} was {}, is {}", said(was.get(name).copied()), said(is.get(name).copied())));
            }
        }
    }
    changes
}

/// The values below one, by their path: `pack.time_zone`, and of a list `pack.make.0`.
fn leaves(value: &Json) -> BTreeMap<String, &Json> {
    let mut found = BTreeMap::new();
    let mut open = vec![(String::new(), value)];
    while let Some((path, value)) = open.pop() {
        let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        match value {
            Json::Object(entries) => open.extend(entries.iter().map(|(key, value)| (below(key), value))),
            Json::Array(items) => open.extend((0..).zip(items).map(|(i, value): (usize, _)| (below(&i.to_string()), value))),
            Json::Null => {}
            leaf => {
                found.insert(path, leaf);
            }
        }
    }
    found
}

fn configuration(settings: &Settings) -> Result<BTreeMap<String, String>, Fault> {
    let trees: [(&str, Assets); 3] = [
        ("config", settings.config_assets()),
        ("report_templates", settings.template_assets()),
        ("fonts", settings.font_assets()),
    ];
    let mut files = BTreeMap::new();
    for (tree, assets) in trees {
        for path in assets.files()? {
            files.insert(format!("{tree}/{path}"), sha256(&assets.read(&path)?));
        }
    }
    Ok(files)
}

fn inputs(published: &Published) -> Vec<Input<'_>> {
    let returns = published.returns.iter().filter_map(|receipt| {
        Some(Input::Return {
            partner: &receipt.partner,
            file: receipt.file.as_deref()?,
            sha256: receipt.sha256.as_deref()?,
            arrived: receipt.arrived.map(|day| day.to_string()),
        })
    });
    let answers = published.indicators.iter().filter_map(|receipt| match &receipt.outcome {
        IndicatorOutcome::Received { retrieved, sha256, licence, .. } => Some(Input::Answer {
            source: &receipt.source,
            publisher: &receipt.publisher,
            licence,
            indicator: &receipt.indicator,
            url: &receipt.url,
            retrieved: retrieved.to_string(),
            sha256,
        }),
        IndicatorOutcome::NotAvailable { .. } | IndicatorOutcome::Failed { .. } => None,
    });
    returns.chain(answers).collect()
}

#[cfg(test)]
mod tests {
    use super::changes;

    #[test]
    fn changed_files_and_settings_show_both_values() {
        let was = r#"{"boardpack": "1.0", "edition": "2024", "settings": {"pack": {"approval": true, "make": ["a"], "as_at": null}},
            "configuration": {"config/areas.toml": "aaaaaaaaaaaaaaaa", "config/gone.toml": "bb", "config/same.toml": "cc"},
            "outputs": [{"file": "x.pdf"}]}"#;
        let is = r#"{"boardpack": "1.1", "edition": "2024", "settings": {"pack": {"approval": false, "make": ["a", "b"], "as_at": null}},
            "configuration": {"config/areas.toml": "dddddddddddddddd", "config/new.toml": "ee", "config/same.toml": "cc"}, "outputs": []}"#;
        let told = [
            "file config/areas.toml was SHA-256 aaaaaaaaaaaa, is SHA-256 dddddddddddd",
            "file config/gone.toml was SHA-256 bb, is not there",
            "file config/new.toml was not there, is SHA-256 ee",
            "setting pack.approval was true, is false",
            "setting pack.make.1 was not set, is \"b\"",
            "version of boardpack was \"1.0\", is \"1.1\"",
        ];
        assert_eq!(changes(was.as_bytes(), is.as_bytes()), told);
        assert!(changes(was.as_bytes(), was.as_bytes()).is_empty());
    }
}
