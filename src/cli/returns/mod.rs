//! `boardpack returns`: a file a command.

mod allow;
mod arguments;
mod check;
mod collect;
mod extend;
mod map;
mod messages;
mod open;
mod remind;
mod settle;
mod status;
mod template;
mod withdraw;

use super::{Failure, Sources};
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Command {
    /// Write the blank workbook that a partner fills in
    Template(template::Arguments),
    /// Check a partner's workbook without recording anything
    Check(check::Arguments),
    /// Send each partner its workbook for a quarter, once
    Open(open::Arguments),
    /// Read new workbooks, record them and send receipts
    Collect(collect::Arguments),
    /// Show who has returned, when, and what is still to come
    Status(status::Arguments),
    /// Collect, then remind partners with figures still to return
    Remind(remind::Arguments),
    /// Choose which of two versions that arrived together and differ to use
    Settle(settle::Arguments),
    /// Extend one partner's deadline
    Extend(extend::Arguments),
    /// Withdraw a version of a return
    Withdraw(withdraw::Arguments),
    /// Allow a workbook or comment that was held as personal data by mistake
    Allow(allow::Arguments),
    /// Read a workbook in its sender's own layout, as a mapping file says
    Map(map::Arguments),
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    match command {
        Command::Template(arguments) => template::main(sources, arguments),
        Command::Check(arguments) => check::main(sources, arguments),
        Command::Open(arguments) => open::main(sources, arguments),
        Command::Collect(arguments) => collect::main(sources, arguments),
        Command::Status(arguments) => status::main(sources, arguments),
        Command::Remind(arguments) => remind::main(sources, arguments),
        Command::Settle(arguments) => settle::main(sources, arguments),
        Command::Extend(arguments) => extend::main(sources, arguments),
        Command::Withdraw(arguments) => withdraw::main(sources, arguments),
        Command::Allow(arguments) => allow::main(sources, arguments),
        Command::Map(arguments) => map::main(sources, arguments),
    }
}
