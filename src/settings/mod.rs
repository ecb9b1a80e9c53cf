//! Settings: built-in defaults, under a settings file, under the environment. `config/default.toml` is the
//! reference for what each one means.

mod load;
mod places;
mod source;

pub(crate) use load::read;
pub use load::{DEFAULTS, Origin, Origins, load, show};
pub use source::{
    Api, Columns, Counts, Dashboard, Format, Json, PLACEHOLDER, Paging, PeriodFormat, Rows, Secret, Source, SourceKind, Table,
    Workbook,
};

use crate::area::AreaKind;
use crate::assets::Assets;
use crate::period::Period;
use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::Duration;
use workbook_reader::Limits;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What is made for which quarter, and who gets it.
    pub pack: Pack,
    /// Where things lie. A relative path in a settings file is relative to that file; in the environment, to the working
    /// folder.
    pub paths: Paths,
    /// How partners' returns are read, and when they are due.
    #[schemars(with = "ReturnsTable")]
    pub returns: Returns,
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
    pub run: Run,
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

/// What is made for which quarter, and who gets it.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Which edition of the strategy: a folder of `frameworks/`. Not set: the one in force when the quarter ends.
    #[serde(deserialize_with = "unset_if_empty", skip_serializing)]
    pub edition: Option<String>,
    /// The quarter, such as `2026-27-Q2`. Not set: the last quarter that ended.
    #[serde(deserialize_with = "unset_if_empty")]
    pub period: Option<String>,
    /// What "today" is for a run, such as `2026-11-20`. Not set: the day by the clock.
    #[serde(deserialize_with = "unset_if_empty")]
    pub as_at: Option<String>,
    /// Whose calendar "today" is taken from, as the IANA database names it.
    pub time_zone: String,
    /// The list of `recipients.toml` that a run by hand sends to.
    pub recipients: String,
    /// True lets a pack with made-up figures be sent, for demonstrations.
    pub allow_illustrative: bool,
    /// True sends the operators a draft, and the pack itself once `boardpack runs approve` says so.
    #[serde(skip_serializing)]
    pub approval: bool,
    /// Folders of `report_templates/`, each a pack, at least one; the first is the one that is sent.
    #[serde(deserialize_with = "names")]
    pub make: Vec<String>,
    /// Kinds of area of `areas.toml` of which each gets the first pack for itself; `[]` for none.
    #[serde(deserialize_with = "names")]
    pub parts: Vec<AreaKind>,
}

/// Where things lie.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// A folder whose files replace the built-in `config/`: frameworks, areas, partners and the others.
    #[serde(deserialize_with = "unset_if_empty")]
    pub config: Option<PathBuf>,
    /// The same for `report_templates/`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub templates: Option<PathBuf>,
    /// The same for `fonts/`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub fonts: Option<PathBuf>,
    /// Where the partners' workbooks lie.
    #[serde(deserialize_with = "not_empty")]
    pub returns: PathBuf,
    /// Where packs are written, a folder a quarter.
    #[serde(deserialize_with = "not_empty")]
    pub output: PathBuf,
    /// A folder for what boardpack keeps and nobody but its user may read. It is apart from the packs.
    #[serde(deserialize_with = "not_empty")]
    pub state: PathBuf,
    /// The file that records runs, figures and messages. Not set: `ledger.sqlite` in `state`. The messages of
    /// `mail.transport = "file"` (`messages/`) and the secret of `[disclosure]` lie beside it.
    pub ledger: PathBuf,
    /// The folder that keeps every input as received, named by its SHA-256. Not set: `archive` in `state`.
    pub archive: PathBuf,
    /// Where this command writes packs in place of `output`, which says all the same whose they are.
    #[serde(skip)]
    pub out: Option<PathBuf>,
}

impl Paths {
    /// Where this command writes packs.
    pub fn packs(&self) -> &Path {
        self.out.as_deref().unwrap_or(&self.output)
    }

    /// Where messages that go to files are written.
    pub fn messages(&self) -> PathBuf {
        self.ledger.with_file_name("messages")
    }

    pub(crate) fn ledger_in_state(&self) -> PathBuf {
        self.state.join("ledger.sqlite")
    }

    pub(crate) fn archive_in_state(&self) -> PathBuf {
        self.state.join("archive")
    }
}

/// How partners' returns are read, and when they are due.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(from = "ReturnsTable")]
pub struct Returns {
    #[serde(flatten)]
    pub limits: Limits,
    /// After the quarter's end.
    pub deadline_days: u16,
    /// After the deadline.
    #[serde(skip_serializing)]
    pub stop_reminding_days: u16,
    /// Whether partners are told by e-mail what became of what they sent.
    #[serde(skip_serializing)]
    pub receipts: bool,
}

/// When returns are due, and the limits within which a workbook is read.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReturnsTable {
    /// The largest workbook that is read, in MB; one that is over a limit is refused.
    max_file_mb: u64,
    /// The most that a workbook may hold once unpacked, in MB.
    max_unzipped_mb: u64,
    /// The most cells of a workbook.
    max_cells: u64,
    /// The most sheets of a workbook.
    max_sheets: usize,
    /// How long reading one may take, in seconds.
    max_seconds: u64,
    /// The memory of the process that reads it, in MB.
    max_memory_mb: u64,
    /// A return is due this many days after its quarter's end.
    deadline_days: u16,
    /// Reminders continue for this many days after the deadline, to partners with something still to return.
    stop_reminding_days: u16,
    /// True sends a partner's contacts a receipt for each version of a workbook, once.
    receipts: bool,
}

/// How public sources are asked.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fetch {
    /// A person's e-mail address or a page, named to the publishers in the user agent.
    #[serde(deserialize_with = "unset_if_empty")]
    pub contact: Option<String>,
    /// True asks nothing over the network: live sources answer out of the archive.
    pub offline: bool,
    /// How long to wait for a connection, in seconds.
    pub connect_timeout_seconds: u64,
    /// How long to wait until an answer begins, in seconds.
    pub first_byte_timeout_seconds: u64,
    /// How long one whole answer may take, in seconds.
    pub answer_timeout_seconds: u64,
    /// The largest answer that is read, unpacked, in MB.
    pub max_answer_mb: u64,
    /// How often one question is asked, in all.
    pub attempts: u32,
    /// How long to wait before the second attempt, in milliseconds: doubled after each, less a share that differs.
    /// Retry-After goes before it.
    pub first_retry_milliseconds: u64,
    /// Questions to one host at a time.
    pub concurrency: usize,
    /// Questions to one host in a second; 0 for no limit.
    pub requests_per_second: u32,
    /// A PEM file of authorities to trust beside the system's.
    #[serde(deserialize_with = "unset_if_empty")]
    pub ca_file: Option<PathBuf>,
    /// An answer older than this many days is not used in place of a failed one: there is no data then.
    pub stale_after_days: u32,
}

/// What a pack must meet before it is sent.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// The least share of measures with a figure, in per cent.
    pub measures_with_figures_percent: u8,
    /// The least share of the returns due that are accepted, whole or in part, in per cent.
    pub returns_accepted_percent: u8,
    /// How many days ago a public figure may have been fetched; 0 for any time.
    pub oldest_indicator_days: u16,
    /// False keeps back a pack with overfull boxes or missing letters.
    pub allow_warnings: bool,
}

/// How figures about few people are protected.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// A file of at least 16 random bytes. They decide which figures are hidden beside small ones, so that nobody else can
    /// tell how they were chosen. Not set: `disclosure.secret` beside the ledger, which the first run makes. Keep it with the
    /// ledger, and show it to nobody.
    #[serde(deserialize_with = "unset_if_empty")]
    pub secret_file: Option<PathBuf>,
}

/// A run of the packs as a whole.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// A run that takes longer than this many seconds is ended, and the operators are told; what it has not sent, the next
    /// one sends.
    pub deadline_seconds: NonZero<u32>,
}

/// How messages are sent.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// How messages leave.
    pub transport: TransportKind,
    /// The sender, such as `Secretariat <secretariat@example.org>`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub from: Option<String>,
    /// Where answers go, where that is not the sender.
    #[serde(deserialize_with = "unset_if_empty")]
    pub reply_to: Option<String>,
    /// The largest message, in MB, with what base64 adds; NHSmail takes 35.
    pub max_message_mb: u64,
    /// Where a pack is found that is too large to send, named to its recipients. Not set: it is not delivered.
    #[serde(deserialize_with = "unset_if_empty")]
    pub pack_location: Option<String>,
    /// True sends, in the place of a pack that is too large, the next of `pack.make` that is not.
    pub smaller_pack: bool,
    /// More messages than this wait; Microsoft 365 takes 30 a minute.
    pub messages_per_minute: usize,
    /// How often one message is tried, where the server refuses it for the moment.
    pub attempts: u32,
    /// How long to wait before the second attempt, in seconds: doubled after each.
    pub first_retry_seconds: u64,
    /// True has each run send a message again that may have arrived, one copy: somebody may get it twice, and nobody goes without.
    pub at_least_once: bool,
    /// A domain of yours, such as `board.example.org`: a pack then has a `List-Id` under it. Not set: no list headers.
    #[serde(deserialize_with = "unset_if_empty")]
    pub list_id: Option<String>,
    /// An https: or mailto: address where readers learn what this is and how to stop it, for `List-Help`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub list_help: Option<String>,
    /// A key of yours that signs each message, where the mail server does not sign.
    pub dkim: Dkim,
    /// The mail server, with `transport = "smtp"`.
    pub smtp: Smtp,
}

/// The key that messages are signed with; none are where neither selector nor key is given.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dkim {
    /// The public key is in DNS at SELECTOR._domainkey.DOMAIN. Neither this nor `key_file`: no signature.
    #[serde(deserialize_with = "unset_if_empty")]
    pub selector: Option<String>,
    /// Not set: the domain of `mail.from`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub domain: Option<String>,
    /// A PEM file: an RSA key of 2048 to 4096 bits, or an Ed25519 key.
    #[serde(deserialize_with = "unset_if_empty")]
    pub key_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TransportKind {
    /// Each message is an `.eml` file in `messages/` beside the ledger, and nothing is sent.
    File,
    /// A mail server sends it, as `[mail.smtp]` says.
    Smtp,
}

/// The mail server, with `transport = "smtp"`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// The server's name.
    #[serde(deserialize_with = "unset_if_empty")]
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// A PEM file of authorities to trust beside the system's, for tokens too.
    #[serde(deserialize_with = "unset_if_empty")]
    pub ca_file: Option<PathBuf>,
    /// Not set: no authentication.
    #[serde(deserialize_with = "unset_if_empty")]
    pub username: Option<String>,
    /// How `username` is shown to be who it says.
    pub authentication: Authentication,
    /// Better given by the environment or by `password_file`.
    #[schemars(with = "String")]
    pub password: SecretString,
    /// A file with the password.
    #[serde(deserialize_with = "unset_if_empty")]
    pub password_file: Option<PathBuf>,
    /// Where access tokens come from, with `authentication = "xoauth2"`.
    pub oauth2: OAuth2,
    /// How long the whole conversation of one message may take, in seconds, a token for it included.
    pub deadline_seconds: u64,
}

/// How `username` is shown to be who it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Authentication {
    /// By a password.
    Password,
    /// By an access token, fetched as `[mail.smtp.oauth2]` says.
    Xoauth2,
}

/// Where access tokens come from, for an application that acts on its own behalf (RFC 6749, 4.4).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OAuth2 {
    /// Such as `https://login.microsoftonline.com/TENANT/oauth2/v2.0/token`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub token_url: Option<String>,
    /// The application's id.
    #[serde(deserialize_with = "unset_if_empty")]
    pub client_id: Option<String>,
    /// Better given by the environment or by `client_secret_file`.
    #[schemars(with = "String")]
    pub client_secret: SecretString,
    /// A file with the secret.
    #[serde(deserialize_with = "unset_if_empty")]
    pub client_secret_file: Option<PathBuf>,
    /// What the token is for.
    pub scope: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// Encrypted from the command STARTTLS on.
    Starttls,
    /// Encrypted from the first byte.
    Implicit,
    /// Not encrypted: only to a host of this machine.
    None,
}

/// What is logged to standard error.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// How a line is written.
    pub format: LogFormat,
    /// The least that is logged.
    pub level: LogLevel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// What failed.
    Error,
    /// And what may need looking at.
    Warn,
    /// And what was done.
    Info,
    /// And how.
    Debug,
    /// Everything.
    Trace,
}

/// The server of `boardpack serve`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    /// How many seconds current work may continue after a signal to stop.
    pub stop_seconds: u64,
    /// Where /healthz, /readyz and /metrics are shown, without a password. Not set: nowhere.
    #[serde(deserialize_with = "address")]
    #[schemars(with = "String")]
    pub listen: Option<SocketAddr>,
}

/// How many days things are kept after a run last used them: 0 keeps them for ever, and less than 400 is refused.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// Partners' workbooks and the answers of public sources, in the archive.
    #[serde(deserialize_with = "over_a_year")]
    pub inputs_days: u32,
    /// Packs and the data behind them, in the archive and the output folder.
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
            limits: Limits { max_file_mb, max_unzipped_mb, max_cells, max_sheets, max_seconds, max_memory_mb },
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
