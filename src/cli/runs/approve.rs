//! `boardpack runs approve RUN --by NAME`.

use super::text::no_such_run;
use crate::cli::{Failure, Sources, clock, exit, ledger, on_record, start_logging, stoppable};
use crate::counted::counted;
use crate::distribute::DeliveryResult;
use crate::run::{self, Approved, LoadedConfig, QuarterChoice, parse_quarter};
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
    let id = RunId(arguments.run);
    let waiting = ledger::read_if_any(&settings, async |ledger| ledger.run(id).await)?;
    let waiting = waiting.flatten().ok_or_else(|| no_such_run(id))?;
    let period = parse_quarter(&waiting.period).ok();
    // What was judged by one edition is not approved by another.
    settings.pack.edition = Some(waiting.edition);
    let config = LoadedConfig::load(&settings, true, QuarterChoice { period, as_at: None }, clock)?;
    let Approved { delivered, held } = stoppable(run::approve(&settings, &config, id, by, clock))?;
    for (recipient, delivered) in (1..).zip(&delivered) {
        println!("recipient {recipient}: {delivered}");
    }
    println!("run {}: {}", arguments.run, counted(delivered.len(), "message", "messages"));
    held.iter().for_each(|line| eprintln!("partial: {line}"));
    Ok(if held.is_empty() && !delivered.iter().any(DeliveryResult::fell_short) { exit::DONE } else { exit::PARTIAL })
}
