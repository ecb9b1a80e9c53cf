//! `boardpack runs cancel RUN`.

use crate::cli::{Failure, Sources, clock, exit, runtime, start_logging};
use crate::counted::counted;
use crate::run;
use crate::store::RunId;
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    /// The run's number, as `runs list` prints it
    #[arg(value_name = "RUN")]
    run: i64,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let settings = sources.load()?;
    start_logging(&settings.log);
    let cancelled = runtime()?.block_on(run::cancel(&settings, RunId(arguments.run), clock))?;
    let cancelled = counted(usize::try_from(cancelled).unwrap_or(usize::MAX), "message", "messages");
    println!("run {}: {cancelled} will not be sent; messages already sent or being sent are not affected", arguments.run);
    Ok(exit::DONE)
}
