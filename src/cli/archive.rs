//! `boardpack archive verify`: whether what was kept is still as it was.

use super::{Failure, Sources, exit, ledger};
use crate::counted::{counted, counted_of};
use crate::retention;
use crate::store::{Ledger, LedgerError};
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Command {
    /// Check every file against its SHA-256, look for each input and output that the ledger records, and compare the record of
    /// what was sent with the ledger
    Verify,
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    let Command::Verify = command;
    let settings = sources.load()?;
    let looked = async |ledger: &Ledger| Ok((ledger.kept().await?, ledger.faults_of_record(&settings.paths).await?));
    let ((kept, of_record), doubt) = ledger::read_with_doubt(&settings, looked)?;
    // What is wrong with the record is told below.
    let doubt = doubt.filter(|doubt| matches!(doubt, LedgerError::Doubtful { .. }));
    let mut verified = retention::verify(&settings.paths, &kept);
    verified.faults.0.extend(of_record.0);
    let sound = counted(verified.sound, "archived file is unchanged", "archived files are unchanged");
    println!("{sound} ({} bytes)", verified.bytes);
    let purged = counted(verified.purged, "was purged", "were purged");
    let nouns = ("input or output of the ledger", "inputs and outputs of the ledger");
    println!("{}; {purged}", counted_of(verified.recorded, kept.len(), nouns, ("is there", "are there")));
    verified.accepted.iter().for_each(|line| println!("{line}"));
    let faults = verified.faults.0.iter().map(ToString::to_string);
    let found: Vec<String> = doubt.iter().map(ToString::to_string).chain(faults).collect();
    if found.is_empty() {
        return Ok(exit::DONE);
    }
    Err(Failure { code: exit::BAD_DATA, message: found.join("\n") })
}
