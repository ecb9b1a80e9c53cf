//! `boardpack indicators`: the public sources apart from any pack, a file a command.

mod asker;
mod fetch;
mod record;
mod search;
mod show;
mod status;

use super::{Failure, Sources};
use asker::Asker;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Command {
    /// Fetch the public sources and report what arrived, what did not, and what the pack lacks as a result
    Fetch(fetch::Arguments),
    /// Show how current each indicator is, whether its source answers, and when its next figure is due
    Status,
    /// Print an indicator's archived figures, areas by periods
    Show(show::Arguments),
    /// Search the sources for an indicator for a new measure
    Search(search::Arguments),
    /// Fetch the public sources and save their answers as recordings
    Record(record::Arguments),
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    let asker = Asker::new(sources)?;
    match command {
        Command::Fetch(arguments) => fetch::main(&asker, arguments),
        Command::Status => status::main(&asker),
        Command::Show(arguments) => show::main(&asker, arguments),
        Command::Search(arguments) => search::main(&asker, arguments),
        Command::Record(arguments) => record::main(&asker, arguments),
    }
}
