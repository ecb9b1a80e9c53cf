//! `boardpack archive verify`: whether what was kept is still as it was.

use super::{Failure, Sources, exit, ledger};
use crate::counted::{counted, counted_of};
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
    let sound = counted(verified.sound, "file of the archive is as it was kept", "files of the archive are as they were kept");
    println!("{sound} ({} bytes)", verified.bytes);
    let purged = counted(verified.purged, "was purged", "were purged");
    let nouns = ("input or output of the ledger", "inputs and outputs of the ledger");
    println!("{}; {purged}", counted_of(verified.recorded, kept.len(), nouns, ("is there", "are there")));
    if verified.faults.0.is_empty() {
        return Ok(exit::DONE);
    }
    Err(Failure { code: exit::BAD_DATA, message: verified.faults.to_string() })
}
