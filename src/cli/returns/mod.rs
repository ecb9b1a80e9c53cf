//! `boardpack returns`: a file a command.

mod collect;
mod map;
mod messages;
mod open;
mod remind;
mod status;
mod template;
mod withdraw;

use super::{Failure, Sources};
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Command {
    /// Write the blank workbook that a partner fills in
    Template(template::Arguments),
    /// Send each partner its workbook for a quarter, once
    Open(open::Arguments),
    /// Look for workbooks that came in, record new versions and send their receipts
    Collect(collect::Arguments),
    /// Say who has returned, when, and what is still owed
    Status(status::Arguments),
    /// Collect, and remind those partners who owe something
    Remind(remind::Arguments),
    /// Take a version of a return out of use
    Withdraw(withdraw::Arguments),
    /// Read a workbook in its sender's own layout, as a mapping file says
    Map(map::Arguments),
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    match command {
        Command::Template(arguments) => template::main(sources, arguments),
        Command::Open(arguments) => open::main(sources, arguments),
        Command::Collect(arguments) => collect::main(sources, arguments),
        Command::Status(arguments) => status::main(sources, arguments),
        Command::Remind(arguments) => remind::main(sources, arguments),
        Command::Withdraw(arguments) => withdraw::main(sources, arguments),
        Command::Map(arguments) => map::main(sources, arguments),
    }
}
