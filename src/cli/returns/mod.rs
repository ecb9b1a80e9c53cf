//! `boardpack returns`: a file a command.

mod map;
mod template;

use super::{Failure, Sources};
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Command {
    /// Write the blank workbook that a partner fills in
    Template(template::Arguments),
    /// Read a workbook in its sender's own layout, as a mapping file says
    Map(map::Arguments),
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    match command {
        Command::Template(arguments) => template::main(sources, arguments),
        Command::Map(arguments) => map::main(sources, arguments),
    }
}
