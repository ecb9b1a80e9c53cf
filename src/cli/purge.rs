//! `boardpack purge`: what need not be kept longer, by the settings of `[keep]`.

use super::{Failure, Sources, clock, exit, ledger};
use crate::counted::counted;
use crate::retention::Purge;
use crate::run::this_process;
use crate::store::{FileUse, Ledger};
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    /// Show what would be deleted, and delete nothing
    #[arg(long)]
    dry_run: bool,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let settings = sources.load()?;
    let now = clock();
    let look = async |ledger: &Ledger| {
        let purge = Purge::due(ledger, &settings.paths, &settings.keep, now).await?;
        if arguments.dry_run {
            return Ok((purge, true));
        }
        let Some(_alone) = ledger.lock_out_work(&this_process(now))? else { return Ok((purge, false)) };
        purge.carry_out(ledger, now).await?;
        Ok((purge, true))
    };
    // A ledger that is older than what was done would let go of too much. One that is not there is not made for this.
    let only_looks = arguments.dry_run || !settings.paths.ledger.exists();
    let done = if only_looks { ledger::read_if_any(&settings, look)? } else { Some(ledger::work(&settings, look)?) };
    let Some((purge, went)) = done else {
        println!("{}", ledger::nothing_yet(&settings));
        return Ok(exit::DONE);
    };
    if !went {
        let message = "a run is in progress and may need the files (try again when it has ended)".to_owned();
        return Err(Failure { code: exit::TRY_AGAIN, message });
    }
    for over in &purge.files {
        let kind = match over.file.kind {
            FileUse::Input => "input",
            FileUse::Figures => "figures",
            FileUse::Output => "output",
        };
        println!("{kind}  {}  last used {}  {} bytes", over.file.name, over.file.used, over.bytes);
    }
    for run in &purge.runs {
        println!("figures and judgements of run {run}");
    }
    let verb = if arguments.dry_run { "would be removed" } else { "removed" };
    let (files, runs) = (counted(purge.files.len(), "file", "files"), counted(purge.runs.len(), "run", "runs"));
    println!("{files} and the figures of {runs} {verb}");
    Ok(exit::DONE)
}
