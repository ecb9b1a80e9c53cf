//! `boardpack runs`: what was run, what became of its messages, and what a person decides about them.

mod approve;
mod cancel;
mod list;
mod resend;
mod show;
mod text;

use super::{Failure, Sources};
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Command {
    /// List recent runs, the latest first
    List(list::Arguments),
    /// Show one run: its stages, inputs, outputs and messages
    Show(show::Arguments),
    /// Send one message again unchanged, even if it may have arrived
    Resend(resend::Arguments),
    /// Approve a pending pack and send it
    Approve(approve::Arguments),
    /// Cancel a run and its unsent messages
    Cancel(cancel::Arguments),
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    match command {
        Command::List(arguments) => list::main(sources, arguments),
        Command::Show(arguments) => show::main(sources, arguments),
        Command::Resend(arguments) => resend::main(sources, arguments),
        Command::Approve(arguments) => approve::main(sources, arguments),
        Command::Cancel(arguments) => cancel::main(sources, arguments),
    }
}
