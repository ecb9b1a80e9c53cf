//! `boardpack runs approve RUN --by NAME`.

use crate::cli::{Failure, Sources, clock, exit, ledger, on_record, start_logging, stoppable};
use crate::counted::counted;
use crate::distribute::DeliveryResult;
use crate::run::{self, Approved, LoadedConfig, When, parse_quarter};
use crate::store::RunId;
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    /// The run's number, as in the operators' message and in `runs list`
    #[arg(value_name = "RUN")]
    run: i64,
    /// Who approves it, for the record
    #[arg(long, value_name = "NAME")]
    by: String,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let by = on_record::decided_by(&arguments.by)?;
    let mut settings = sources.load()?;
    start_logging(&settings.log);
    let waiting = ledger::read(&settings, async |ledger| ledger.run(RunId(arguments.run)).await)?;
    let period = waiting.as_ref().and_then(|run| parse_quarter(&run.period).ok());
    if let Some(run) = waiting {
        // What was judged by one edition is not approved by another.
        settings.pack.edition = Some(run.edition);
    }
    let materials = LoadedConfig::load(&settings, true, When { period, as_at: None }, clock)?;
    let Approved { delivered, held } = stoppable(run::approve(&settings, &materials, RunId(arguments.run), by, clock))?;
    for (recipient, delivered) in (1..).zip(&delivered) {
        println!("recipient {recipient}: {delivered}");
    }
    println!("run {}: {}", arguments.run, counted(delivered.len(), "message", "messages"));
    held.iter().for_each(|line| eprintln!("partial: {line}"));
    Ok(if held.is_empty() && !delivered.iter().any(DeliveryResult::fell_short) { exit::DONE } else { exit::PARTIAL })
}
