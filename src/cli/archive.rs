//! `boardpack archive verify`: whether what was kept is still as it was.

use super::{Failure, Sources, exit, ledger};
use crate::keep;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Command {
    /// Hash every file of the archive again, and look for each input and output that the ledger records
    Verify,
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    let Command::Verify = command;
    let settings = sources.load()?;
    let kept = ledger::read(&settings, async |ledger| ledger.kept().await)?;
    let verified = keep::verify(&settings.paths, &kept);
    println!("{} files of the archive are as they were kept ({} bytes)", verified.sound, verified.bytes);
    println!(
        "{} of {} inputs and outputs of the ledger are there; {} were purged",
        verified.recorded,
        kept.len(),
        verified.purged
    );
    if verified.faults.0.is_empty() {
        return Ok(exit::DONE);
    }
    Err(Failure { code: exit::BAD_DATA, message: verified.faults.to_string() })
}
