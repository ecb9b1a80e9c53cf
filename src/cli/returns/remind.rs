//! `boardpack returns remind`: those who owe something are told what.

use super::messages::{self, When};
use crate::cli::{Failure, Sources};
use crate::counted::counted;
use crate::run::return_cycle::RemindPartners;
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    when: When,
    /// Record and send nothing: print the full text of each message that would be sent
    #[arg(long)]
    dry_run: bool,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let done = messages::perform(sources, &RemindPartners { for_day: None }, &arguments.when, |_| true, arguments.dry_run)?;
    let owing = done.status.iter().flat_map(|status| &status.partners).filter(|partner| partner.owes());
    let owing = counted(owing.count(), "partner still has", "partners still have");
    println!("{owing} something to return for {}", done.period.in_words());
    Ok(messages::print(&done, arguments.dry_run))
}
