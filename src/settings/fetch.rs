//! How public sources are asked.

use super::values::unset_if_empty;
use schemars::JsonSchema;
use serde::Deserialize;
use std::num::NonZero;
use std::path::PathBuf;

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
    pub connect_timeout_seconds: NonZero<u32>,
    /// How long to wait until an answer begins, in seconds.
    pub first_byte_timeout_seconds: NonZero<u32>,
    /// How long one whole answer may take, in seconds.
    pub answer_timeout_seconds: NonZero<u32>,
    /// The largest answer that is read, unpacked, in MB.
    pub max_answer_mb: NonZero<u64>,
    /// How often one question is asked, in all.
    pub attempts: NonZero<u32>,
    /// How long to wait before the second attempt, in milliseconds: doubled after each, less a share that differs.
    /// Retry-After goes before it.
    pub first_retry_milliseconds: u64,
    /// Questions to one host at a time.
    pub concurrency: NonZero<usize>,
    /// Questions to one host in a second; 0 for no limit.
    pub requests_per_second: u32,
    /// A PEM file of authorities to trust beside the system's.
    #[serde(deserialize_with = "unset_if_empty")]
    pub ca_file: Option<PathBuf>,
    /// An answer older than this many days is not used in place of a failed one: there is no data then.
    pub stale_after_days: u32,
}
