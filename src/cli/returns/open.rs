//! `boardpack returns open`: the round of a quarter begins, and each partner is sent its workbook.

use super::messages::{self, When};
use crate::cli::{Failure, Sources};
use crate::run::return_cycle::OpenReturns;
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    when: When,
    /// Send nothing: print the full text of each message that would be sent
    #[arg(long)]
    dry_run: bool,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let done = messages::perform(sources, &OpenReturns, &arguments.when, |_| true, arguments.dry_run)?;
    Ok(messages::print(&done, arguments.dry_run))
}
