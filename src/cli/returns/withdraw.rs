//! `boardpack returns withdraw`: a wrong version is no longer used. It stays in the ledger and the archive.

use crate::cli::{Failure, Sources, clock, exit, runtime, start_logging};
use crate::store::{Ledger, Withdrawal};
use clap::Args;

/// Fewer characters are too likely to be another version's.
const SHORTEST: usize = 6;

#[derive(Args)]
pub struct Arguments {
    /// How the SHA-256 of the version begins, as `returns collect` and `returns status` print it
    #[arg(value_name = "SHA256")]
    sha256: String,
    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let prefix = arguments.sha256.to_ascii_lowercase();
    if prefix.len() < SHORTEST || !prefix.chars().all(|c| c.is_ascii_hexdigit()) {
        let problem = format!("{:?} is not the beginning of a SHA-256, {SHORTEST} hexadecimal digits or more", arguments.sha256);
        return Err(Failure::usage("SHA256", problem));
    }
    let reason = arguments.reason.trim();
    if reason.is_empty() {
        return Err(Failure::usage("--reason", "is empty; say why"));
    }
    let settings = sources.load()?;
    start_logging(&settings.log);
    let withdrawal = runtime()?.block_on(async {
        let ledger = Ledger::open(&settings.paths.ledger).await?;
        let withdrawal = ledger.withdraw_version(&prefix, reason, clock()).await;
        ledger.close().await;
        withdrawal
    })?;
    match withdrawal {
        Withdrawal::Withdrawn(version) => {
            println!("{} of {} is withdrawn; runs from now on do without it", version.file, version.partner);
            Ok(exit::DONE)
        }
        Withdrawal::Before(version) => {
            println!("{} of {} was withdrawn before", version.file, version.partner);
            Ok(exit::DONE)
        }
        Withdrawal::Unknown => Err(Failure::usage("SHA256", format!("no version's SHA-256 begins with {prefix}"))),
        Withdrawal::Ambiguous(versions) => {
            let all = versions.iter().map(|one| format!("{} of {}: {}", one.file, one.partner, one.sha256));
            let all = all.collect::<Vec<_>>().join("; ");
            Err(Failure::usage("SHA256", format!("several versions begin with {prefix}: {all}")))
        }
    }
}
