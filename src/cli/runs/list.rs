//! `boardpack runs list`.

use crate::cli::{Failure, Sources, exit, ledger};
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    /// How many
    #[arg(long, value_name = "N", default_value_t = 20)]
    count: u32,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let settings = sources.load()?;
    let runs = ledger::read(&settings, async |ledger| ledger.last_runs(arguments.count).await)?;
    for run in runs {
        let outcome = run.outcome.as_deref().unwrap_or("not ended");
        println!("{:>5}  {}  {}  {}  {}  {outcome}", run.id.0, run.started_at, run.pack, run.period, run.trigger);
    }
    Ok(exit::DONE)
}
