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
    /// Record and send nothing: print each message that would be sent, whole
    #[arg(long)]
    dry_run: bool,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let done = messages::perform(sources, &RemindPartners { for_day: None }, &arguments.when, |_| true, arguments.dry_run)?;
    let owing = done.status.iter().flat_map(|status| &status.partners).filter(|partner| partner.owes());
    let owing = counted(owing.count(), "partner owes", "partners owe");
    println!("{owing} something for {}", done.period.in_words());
    Ok(messages::print(&done, arguments.dry_run))
}
