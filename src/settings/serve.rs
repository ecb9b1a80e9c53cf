//! The server, what is logged, and how long things are kept.

use super::values::{address, over_a_year};
use schemars::JsonSchema;
use serde::Deserialize;
use std::net::SocketAddr;

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
    /// What was collected and judged, in the archive and the ledger. What packs showed is kept for ever: by it later ones know
    /// what to hide.
    #[serde(deserialize_with = "over_a_year")]
    pub figures_days: u32,
}
