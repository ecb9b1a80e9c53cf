//! `boardpack returns`: a file a command.

mod map;

use super::{Failure, Sources};
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Command {
    /// Read a workbook in its sender's own layout, as a mapping file says
    Map(map::Arguments),
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    match command {
        Command::Map(arguments) => map::main(sources, arguments),
    }
}
