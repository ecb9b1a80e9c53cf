//! `boardpack runs resend MESSAGE`.

use crate::cli::{Failure, Sources, clock, exit, start_logging, stoppable};
use crate::distribute::Recipient;
use crate::run::{self, LoadedConfig};
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    /// The message's number, as `runs show` prints it
    #[arg(value_name = "MESSAGE")]
    message: i64,
    /// Send a copy to this address instead, as a separate delivery
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let to = arguments.to.as_deref().map(Recipient::parse).transpose().map_err(|e| Failure::usage("--to", e))?;
    let settings = sources.load()?;
    start_logging(&settings.log);
    let config = LoadedConfig::load(&settings, true, run::QuarterChoice::default(), clock)?;
    let Some(mail) = &config.mail else { return Ok(exit::DONE) };
    let delivered = stoppable(run::resend(&settings, mail, arguments.message, to.as_ref(), clock))?;
    println!("message {}: {delivered}", arguments.message);
    Ok(if !delivered.fell_short() { exit::DONE } else { exit::PARTIAL })
}
