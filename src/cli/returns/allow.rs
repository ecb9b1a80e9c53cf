//! `boardpack returns allow`: what looks like personal data and is none is read all the same, with a reason, on record.

use super::said;
use crate::cli::{Failure, Sources, clock, exit, ledger, start_logging};
use crate::collect::sha256_of_file;
use crate::store::Allowance;
use clap::Args;
use std::path::Path;

/// The length of a SHA-256 in hexadecimal.
const SHA256_DIGITS: usize = 64;

#[derive(Args)]
pub struct Arguments {
    /// The workbook, or its SHA-256
    #[arg(value_name = "FILE|SHA256")]
    file: String,
    /// One cell whose text is withheld, such as Figures!H7 [default: the workbook as a whole, which was refused]
    #[arg(long, value_name = "SHEET!CELL")]
    cell: Option<String>,
    /// Who says so, for the record
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why it is no personal data, for the record
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let (by, reason) = (said("--by", &arguments.by)?, said("--reason", &arguments.reason)?);
    let cell = arguments.cell.as_deref().map(str::trim);
    if cell.is_some_and(|cell| !cell.rsplit_once('!').is_some_and(|(sheet, cell)| !sheet.is_empty() && !cell.is_empty())) {
        return Err(Failure::usage("--cell", "names no cell of a sheet; one such as Figures!H7 was expected"));
    }
    let sha256 = sha256_of(&arguments.file)?;
    let settings = sources.load()?;
    start_logging(&settings.log);
    let allowance = Allowance { sha256: &sha256, cell, by, reason };
    let is_new = ledger::work(&settings, async |ledger| ledger.allow(&allowance, clock()).await)?;
    let what = cell.map_or_else(|| "the workbook".to_owned(), |cell| format!("the text in {cell}"));
    match is_new {
        true => println!("{what} is let through; the next look at the returns reads it"),
        false => println!("{what} was let through before"),
    }
    Ok(exit::DONE)
}

fn sha256_of(named: &str) -> Result<String, Failure> {
    if named.len() == SHA256_DIGITS && named.chars().all(|c| c.is_ascii_hexdigit()) {
        return Ok(named.to_ascii_lowercase());
    }
    sha256_of_file(Path::new(named)).map(|(sha256, _)| sha256).map_err(|e| {
        Failure::usage("FILE|SHA256", format!("{named} is no SHA-256 ({SHA256_DIGITS} hexadecimal digits), and no file: {e}"))
    })
}
