//! `boardpack returns`: a file a command.

mod check;
mod map;
mod template;

use super::{Failure, Sources, exit};
use clap::Subcommand;
use std::io::{self, Write};

#[derive(Subcommand)]
pub enum Command {
    /// Write the blank workbook that a partner fills in
    Template(template::Arguments),
    /// Say how a partner's workbook would be understood, and what is wrong in it; nothing is kept
    Check(check::Arguments),
    /// Read a workbook in its sender's own layout, as a mapping file says
    Map(map::Arguments),
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    match command {
        Command::Template(arguments) => template::main(sources, arguments),
        Command::Check(arguments) => check::main(sources, arguments),
        Command::Map(arguments) => map::main(sources, arguments),
    }
}

/// Writes to standard output; a reader who stops reading, such as `head`, has what it wanted.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure { code: exit::UNAVAILABLE, message: format!("standard output could not be written: {e}") })
        }
        _ => Ok(()),
    }
}
