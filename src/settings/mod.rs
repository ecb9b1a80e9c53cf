//! Settings: built-in defaults, under a settings file, under the environment. `config/default.toml` is the
//! reference for what each one means.

mod load;
mod source;

pub use load::{Origin, load, show};
pub use source::{
    Api, Columns, Counts, Dashboard, Format, Json, Paging, PeriodFormat, Rows, Source, SourceKind, Table, Workbook,
};

use crate::area::AreaKind;
use crate::assets::Assets;
use crate::period::Period;
use jiff::ToSpan;
use jiff::civil::Date;
use secrecy::SecretString;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub pack: Pack,
    pub paths: Paths,
    pub returns: Returns,
    pub fetch: Fetch,
    /// By their names; read apart from the rest, each by its kind.
    #[serde(default, deserialize_with = "read_apart")]
    pub sources: BTreeMap<String, Source>,
    pub gates: Gates,
    pub run: Run,
    pub mail: Mail,
    pub log: Log,
    pub serve: Serve,
    pub keep: Keep,
    /// This program, where it runs as such and not as a library: it reads each workbook in a process of its own.
    #[serde(skip)]
    pub program: Option<PathBuf>,
    /// From where they were read, to be read again; none where they were made otherwise.
    #[serde(skip)]
    pub read_from: Option<ReadFrom>,
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

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The edition that is used whatever the quarter; none for the one in force at the quarter's end. Not in the manifest,
    /// which names the edition that was used.
    #[serde(deserialize_with = "unset_if_empty", skip_serializing)]
    pub edition: Option<String>,
    #[serde(deserialize_with = "unset_if_empty")]
    pub period: Option<String>,
    #[serde(deserialize_with = "unset_if_empty")]
    pub as_at: Option<String>,
    pub time_zone: String,
    pub recipients: String,
    pub allow_illustrative: bool,
    /// Whether a person must approve a pack before it is sent to a list.
    #[serde(skip_serializing)]
    pub approval: bool,
    /// Folders of `report_templates/`, at least one; the first is the pack that is sent.
    #[serde(deserialize_with = "names")]
    pub make: Vec<String>,
    /// Kinds of area of which each gets the first pack for itself.
    #[serde(deserialize_with = "names")]
    pub parts: Vec<AreaKind>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    #[serde(deserialize_with = "unset_if_empty")]
    pub config: Option<PathBuf>,
    #[serde(deserialize_with = "unset_if_empty")]
    pub templates: Option<PathBuf>,
    #[serde(deserialize_with = "unset_if_empty")]
    pub fonts: Option<PathBuf>,
    #[serde(deserialize_with = "not_empty")]
    pub returns: PathBuf,
    #[serde(deserialize_with = "not_empty")]
    pub output: PathBuf,
    #[serde(deserialize_with = "not_empty")]
    pub ledger: PathBuf,
    #[serde(deserialize_with = "not_empty")]
    pub archive: PathBuf,
}

/// How partners' returns are read, and when they are due.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(from = "ReturnsTable")]
pub struct Returns {
    #[serde(flatten)]
    pub limits: ReturnLimits,
    /// After the quarter's end.
    pub deadline_days: u16,
    /// After the deadline.
    #[serde(skip_serializing)]
    pub stop_reminding_days: u16,
    /// Whether partners are told by e-mail what became of what they sent.
    #[serde(skip_serializing)]
    pub receipts: bool,
}

/// The table as it is written, all in one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReturnsTable {
    max_file_mb: u64,
    max_unzipped_mb: u64,
    max_cells: u64,
    max_sheets: usize,
    max_seconds: u64,
    max_memory_mb: u64,
    deadline_days: u16,
    stop_reminding_days: u16,
    receipts: bool,
}

/// Limits on one workbook; one that is over is refused.
#[derive(Debug, Clone, Serialize)]
pub struct ReturnLimits {
    pub max_file_mb: u64,
    pub max_unzipped_mb: u64,
    pub max_cells: u64,
    pub max_sheets: usize,
    pub max_seconds: u64,
    /// Of the process that reads it.
    pub max_memory_mb: u64,
}

/// How public sources are asked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fetch {
    #[serde(deserialize_with = "unset_if_empty")]
    pub contact: Option<String>,
    /// Nothing is asked over the network: live sources answer out of the archive.
    pub offline: bool,
    pub connect_timeout_seconds: u64,
    pub first_byte_timeout_seconds: u64,
    pub answer_timeout_seconds: u64,
    pub max_answer_mb: u64,
    pub attempts: u32,
    pub first_retry_milliseconds: u64,
    /// Questions to one host at a time.
    pub concurrency: usize,
    /// Of one host; no limit where 0.
    pub requests_per_second: u32,
    /// Authorities to trust beside the system's.
    #[serde(deserialize_with = "unset_if_empty")]
    pub ca_file: Option<PathBuf>,
    /// How old the answer may be that stands in for one that failed.
    pub stale_after_days: u32,
}

/// What a pack must meet before it is sent.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    pub measures_with_figures_percent: u8,
    /// Of those that are due, in part or whole.
    pub returns_accepted_percent: u8,
    /// 0 for any age.
    pub oldest_indicator_days: u16,
    /// Whether a pack is sent that gave warnings when it was set.
    pub allow_warnings: bool,
}

/// A run of the packs as a whole.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// After which it is ended, sent or not.
    pub deadline_seconds: NonZero<u32>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub transport: TransportKind,
    #[serde(deserialize_with = "unset_if_empty")]
    pub from: Option<String>,
    #[serde(deserialize_with = "unset_if_empty")]
    pub reply_to: Option<String>,
    pub max_message_mb: u64,
    /// Where a pack that is larger is to be found; none where such a message is refused.
    #[serde(deserialize_with = "unset_if_empty")]
    pub pack_location: Option<String>,
    /// Whether the next pack of `pack.make` that is not too large is sent in the place of one that is.
    pub smaller_pack: bool,
    pub messages_per_minute: usize,
    /// Of one message, in all.
    pub attempts: u32,
    pub first_retry_seconds: u64,
    /// A message that may have arrived is sent again, rather than held for a person to decide.
    pub at_least_once: bool,
    /// The domain that each kind of message is named under in its `List-Id`; without it there are no list headers.
    #[serde(deserialize_with = "unset_if_empty")]
    pub list_id: Option<String>,
    /// Where readers are told what the messages are and how to get no more of them.
    #[serde(deserialize_with = "unset_if_empty")]
    pub list_help: Option<String>,
    pub dkim: Dkim,
    pub smtp: Smtp,
}

/// The key that messages are signed with; none are where neither selector nor key is given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dkim {
    #[serde(deserialize_with = "unset_if_empty")]
    pub selector: Option<String>,
    /// The domain of `mail.from` where it is not given.
    #[serde(deserialize_with = "unset_if_empty")]
    pub domain: Option<String>,
    #[serde(deserialize_with = "unset_if_empty")]
    pub key_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransportKind {
    /// Each message as an `.eml` file beside the pack.
    File,
    Smtp,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    #[serde(deserialize_with = "unset_if_empty")]
    pub host: Option<String>,
    pub port: u16,
    pub tls: Tls,
    #[serde(deserialize_with = "unset_if_empty")]
    pub ca_file: Option<PathBuf>,
    #[serde(deserialize_with = "unset_if_empty")]
    pub username: Option<String>,
    pub authentication: Authentication,
    /// From the settings, the environment or `password_file`.
    pub password: SecretString,
    #[serde(deserialize_with = "unset_if_empty")]
    pub password_file: Option<PathBuf>,
    pub oauth2: OAuth2,
    pub deadline_seconds: u64,
}

/// How `username` is shown to be who it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authentication {
    Password,
    /// An access token, fetched as `oauth2` says.
    Xoauth2,
}

/// Where access tokens come from, for an application that acts on its own behalf (RFC 6749, 4.4).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth2 {
    #[serde(deserialize_with = "unset_if_empty")]
    pub token_url: Option<String>,
    #[serde(deserialize_with = "unset_if_empty")]
    pub client_id: Option<String>,
    /// From the settings, the environment or `client_secret_file`.
    pub client_secret: SecretString,
    #[serde(deserialize_with = "unset_if_empty")]
    pub client_secret_file: Option<PathBuf>,
    pub scope: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    Starttls,
    Implicit,
    /// Only to a loopback host.
    None,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub level: LogLevel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    pub stop_seconds: u64,
    /// Where health and metrics are shown; none where nowhere.
    #[serde(deserialize_with = "address")]
    pub listen: Option<SocketAddr>,
}

/// How many days things are kept after a run last used them; 0 is for ever.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// Workbooks and answers of public sources.
    #[serde(deserialize_with = "over_a_year")]
    pub inputs_days: u32,
    /// Packs and the data behind them.
    #[serde(deserialize_with = "over_a_year")]
    pub packs_days: u32,
    /// What was collected and judged, in the archive and the ledger.
    #[serde(deserialize_with = "over_a_year")]
    pub figures_days: u32,
}

impl Settings {
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

impl From<ReturnsTable> for Returns {
    fn from(table: ReturnsTable) -> Self {
        let ReturnsTable { max_file_mb, max_unzipped_mb, max_cells, max_sheets, max_seconds, max_memory_mb, .. } = table;
        Self {
            limits: ReturnLimits { max_file_mb, max_unzipped_mb, max_cells, max_sheets, max_seconds, max_memory_mb },
            deadline_days: table.deadline_days,
            stop_reminding_days: table.stop_reminding_days,
            receipts: table.receipts,
        }
    }
}

impl Returns {
    /// The last day on which the return of a quarter is in time.
    pub fn deadline(&self, quarter: Period) -> Date {
        quarter.end().saturating_add(i64::from(self.deadline_days).days())
    }

    /// The last day on which a partner is reminded of a return that was due on `deadline`.
    pub fn reminded_until(&self, deadline: Date) -> Date {
        deadline.saturating_add(i64::from(self.stop_reminding_days).days())
    }
}

impl Mail {
    /// Whom partners may ask about their returns; empty where nobody is named.
    pub fn secretariat(&self) -> &str {
        self.reply_to.as_deref().or(self.from.as_deref()).unwrap_or_default()
    }
}

impl Run {
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.get().into())
    }
}

impl TransportKind {
    /// Whether what it takes reaches people: a file beside the pack is no delivery.
    pub fn reaches_people(self) -> bool {
        match self {
            TransportKind::Smtp => true,
            TransportKind::File => false,
        }
    }

    /// As it is written in the settings, and in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            TransportKind::Smtp => "smtp",
            TransportKind::File => "file",
        }
    }
}

impl Smtp {
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds)
    }
}

fn unset_if_empty<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok((!text.is_empty()).then(|| T::from(text)))
}

/// `127.0.0.1:9464`; empty for none.
fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text: Option<String> = unset_if_empty(deserializer)?;
    let parsed = |text: String| {
        let problem = format!("{text:?} is not an address and a port, such as \"127.0.0.1:9464\"");
        text.parse().map_err(|_| serde::de::Error::custom(problem))
    };
    text.map(parsed).transpose()
}

/// A pack is held against that of the quarter before, and a figure against that of a year before.
fn over_a_year<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        days @ 1..400 => {
            Err(serde::de::Error::custom(format!("{days} days is too short: 0 keeps for ever, otherwise at least 400")))
        }
        days => Ok(days),
    }
}

/// A list, or its items in one text with commas between, as the environment has it.
fn names<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Names {
        List(Vec<String>),
        Text(String),
    }
    let names = match Names::deserialize(deserializer)? {
        Names::List(names) => names,
        Names::Text(text) => text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect(),
    };
    names.into_iter().map(|name| T::deserialize(name.into_deserializer())).collect()
}

/// Passes over the sources, which `source::read` reads: out of here a fault could not name its key.
fn read_apart<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Source>, D::Error> {
    serde::de::IgnoredAny::deserialize(deserializer).map(|_| BTreeMap::new())
}

fn not_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Err(serde::de::Error::custom("is empty, a path was expected")) } else { Ok(PathBuf::from(text)) }
}
