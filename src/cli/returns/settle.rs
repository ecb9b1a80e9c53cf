//! `boardpack returns settle`: which of two versions that came in one look stands, where they give a figure differently.

use super::withdraw::{beginning, named, not_one};
use crate::cli::{Failure, Sources, clock, exit, ledger, on_record, start_logging};
use crate::store::Word;
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    /// The start of the SHA-256 of the version to use, as `returns collect` and `returns status` print it
    #[arg(value_name = "SHA256")]
    sha256: String,
    /// Who decides this, for the record
    #[arg(long, value_name = "NAME")]
    by: String,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let prefix = beginning(&arguments.sha256)?;
    let by = on_record::decided_by(&arguments.by)?;
    let settings = sources.load()?;
    start_logging(&settings.log);
    let word = ledger::work(&settings, async |ledger| ledger.settle_version(&prefix, by, clock()).await)?;
    match word {
        Word::Done(version) => {
            println!("the figures of {} are used from the next check and run", named(&version));
            Ok(exit::DONE)
        }
        Word::Before(version) => {
            println!("the figures of {} were already chosen", named(&version));
            Ok(exit::DONE)
        }
        other => Err(not_one(&prefix, other)),
    }
}
