//! The manifest of a run: everything that its packs were made from and all that was made, each by its SHA-256, so that
//! they can be made again, byte for byte, from the archive.

use super::Published;
use crate::assets::Assets;
use crate::collect::{IndicatorOutcome, sha256};
use crate::fault::Fault;
use crate::settings::{self, Settings};
use serde::Serialize;
use std::collections::BTreeMap;

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
    pack: &'a settings::Pack,
    returns: &'a settings::Returns,
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
            settings: Bearing { pack: &settings.pack, returns: &settings.returns, sources: &settings.sources },
            configuration: configuration(settings)?,
            inputs: inputs(published),
            outputs,
        })
    }

    /// As indented JSON.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("names, numbers and lists can always be written as JSON");
        bytes.push(b'\n');
        bytes
    }
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
