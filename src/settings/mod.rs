//! Settings: built-in defaults, under a settings file, under the environment. `config/default.toml` is the
//! reference for what each one means.

mod fetch;
mod layers;
mod load;
mod mail;
mod origins;
mod pack;
mod paths;
mod places;
mod returns;
mod serve;
mod source;
mod tree;
mod value_types;
mod values;

pub use fetch::Fetch;
pub use layers::{DEFAULTS, Origin};
pub(crate) use load::read;
pub use load::{load, show};
pub use mail::{Authentication, Dkim, Mail, OAuth2, Smtp, Tls, TransportKind};
pub use origins::Origins;
pub use pack::{Disclosure, Gates, PackSettings, PdfSettings, RunSettings};
pub use paths::Paths;
pub use returns::ReturnsSettings;
pub use serve::{Keep, Log, LogFormat, LogLevel, Serve};
pub use source::{
    Access, Api, Columns, Dashboard, Format, Json, PLACEHOLDER, PageNumbering, Paging, PeriodFormat, Rows, Secret, Source,
    SourceKind, Table, Workbook,
};

use crate::assets::Assets;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What is made for which quarter, and who gets it.
    pub pack: PackSettings,
    /// The packs as PDF.
    pub pdf: PdfSettings,
    /// Where things lie. A relative path in a settings file is relative to that file; in the environment, to the working
    /// folder.
    pub paths: Paths,
    /// How partners' returns are read, and when they are due.
    #[schemars(with = "returns::ReturnsTable")]
    pub returns: ReturnsSettings,
    /// How public sources are asked; a proxy is taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
    pub fetch: Fetch,
    /// Public sources, by the name that a measure's `source` uses.
    #[serde(default, deserialize_with = "read_apart")]
    #[schemars(with = "BTreeMap<String, source::Written>")]
    pub sources: BTreeMap<String, Source>,
    /// What a pack must meet before it is sent; below a gate it is not, and the operators are told.
    pub gates: Gates,
    /// How figures about few people are protected.
    pub disclosure: Disclosure,
    /// A run of the packs as a whole.
    pub run: RunSettings,
    /// How messages are sent.
    pub mail: Mail,
    /// What is logged to standard error.
    pub log: Log,
    /// The server of `boardpack serve`.
    pub serve: Serve,
    /// What `boardpack purge` may remove.
    pub keep: Keep,
    /// This program, where it runs as such and not as a library: it reads each workbook in a process of its own.
    #[serde(skip)]
    pub program: Option<PathBuf>,
    /// From where they were read, to be read again; none where they were made otherwise.
    #[serde(skip)]
    pub read_from: Option<ReadFrom>,
    /// Where each of them was given.
    #[serde(skip)]
    pub origins: Origins,
}

/// From where settings were read. It may hold secrets, and shows none.
#[derive(Clone)]
pub struct ReadFrom {
    file: Option<PathBuf>,
    environment: BTreeMap<String, String>,
}

impl ReadFrom {
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The variables that are settings.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }
}

impl std::fmt::Debug for ReadFrom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadFrom").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Settings {
    /// Whether a source is set up, and at fault.
    pub(crate) fn lacks_source(&self, name: &str) -> bool {
        self.origins.has_source(name) && !self.sources.contains_key(name)
    }

    /// Frameworks, areas, partners, recipients and schedules.
    pub fn config_assets(&self) -> Assets {
        Assets::config(self.paths.config.clone())
    }

    pub fn template_assets(&self) -> Assets {
        Assets::templates(self.paths.templates.clone())
    }

    pub fn font_assets(&self) -> Assets {
        Assets::fonts(self.paths.fonts.clone())
    }
}

/// Passes over the sources, which `source::read` reads: out of here a fault could not name its key.
fn read_apart<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Source>, D::Error> {
    serde::de::IgnoredAny::deserialize(deserializer).map(|_| BTreeMap::new())
}
