//! `boardpack runs list`.

use super::text::to_the_second;
use crate::cli::{Failure, Sources, exit, ledger};
use crate::run;
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    /// How many runs to list
    #[arg(long, value_name = "N", default_value_t = 20)]
    count: u32,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let settings = sources.load()?;
    let runs = ledger::read_if_any(&settings, async |ledger| {
        let mut runs = Vec::new();
        for run in ledger.last_runs(arguments.count).await? {
            runs.push((run::standing(ledger, &settings.paths.archive, &run).await?, run));
        }
        Ok(runs)
    })?;
    let Some(runs) = runs else {
        println!("{}", ledger::nothing_yet(&settings));
        return Ok(exit::DONE);
    };
    for (outcome, run) in runs {
        let started = to_the_second(&run.started_at);
        println!("{:>5}  {started}  {}  {}  {}  {outcome}", run.id.0, run.pack, run.period, run.trigger);
    }
    Ok(exit::DONE)
}
