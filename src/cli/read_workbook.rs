//! `boardpack read-workbook`: reads one workbook for another process of boardpack, and is not for people.

use super::{Failure, exit};
use crate::collect::workbook;
use crate::settings::ReturnLimits;
use clap::Args;
use std::io;

#[derive(Args)]
pub struct Arguments {
    /// How the workbook is named in messages
    #[arg(long)]
    place: String,
    #[arg(long)]
    max_file_mb: u64,
    #[arg(long)]
    max_unzipped_mb: u64,
    #[arg(long)]
    max_cells: u64,
    #[arg(long)]
    max_sheets: usize,
    #[arg(long)]
    max_seconds: u64,
    #[arg(long)]
    max_memory_mb: u64,
}

pub fn main(arguments: &Arguments) -> Result<u8, Failure> {
    let limits = ReturnLimits {
        max_file_mb: arguments.max_file_mb,
        max_unzipped_mb: arguments.max_unzipped_mb,
        max_cells: arguments.max_cells,
        max_sheets: arguments.max_sheets,
        max_seconds: arguments.max_seconds,
        max_memory_mb: arguments.max_memory_mb,
    };
    workbook::serve(&arguments.place, &limits, io::stdin().lock(), io::stdout().lock())
        .map_err(|e| Failure { code: exit::UNAVAILABLE, message: format!("the workbook could not be read: {e}") })?;
    Ok(exit::DONE)
}
