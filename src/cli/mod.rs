//! The command line: a file a command, and what they share.

/// These stand in for the standard library's in all commands: what names and replies of others hold is printed without ruling a
/// terminal; a reader who stops reading, such as `head`, ends nothing that is being done; and any other failure to write is told
/// at the end.
macro_rules! println {
    ($($text:tt)*) => { $crate::cli::output::say(format_args!("{}\n", format_args!($($text)*))) };
}
macro_rules! print {
    ($($text:tt)*) => { $crate::cli::output::say(format_args!($($text)*)) };
}
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::cli::output::say_aside(format_args!("{}\n", format_args!($($text)*))) };
}

mod archive;
mod config;
mod disclosure;
mod evaluate;
pub mod exit;
mod explain;
mod export_defaults;
mod failure;
mod framework;
mod health;
mod indicators;
mod init;
mod ledger;
mod logging;
mod manual;
mod new_files;
mod on_record;
mod options;
mod output;
mod program;
mod progress;
mod purge;
mod read_workbook;
mod render;
mod returns;
mod run;
mod runs;
mod runtime;
mod schedule;
mod schema;
mod serve;
mod sources;

pub use program::main;

use failure::Failure;
use logging::start_logging;
use options::{date, quarter};
use output::{print, print_by};
use runtime::{clock, runtime, stoppable};
use sources::Sources;
