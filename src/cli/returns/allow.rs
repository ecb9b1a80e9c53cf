//! `boardpack returns allow`: what looks like personal data and is none is read all the same, with a reason, on record.

use crate::archive::{Archive, sha256_of_file};
use crate::cli::{Failure, Sources, clock, exit, ledger, on_record, start_logging};
use crate::collect::Withheld;
use crate::collect::workbook::ReaderProcess;
use crate::settings::Settings;
use crate::store::Allowance;
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// The length of a SHA-256 in hexadecimal.
const SHA256_DIGITS: usize = 64;

/// How deep workbooks lie in the folder of returns: in a partner's, and in one within that.
const DEEPEST: usize = 2;

#[derive(Args)]
pub struct Arguments {
    /// The workbook, or its SHA-256
    #[arg(value_name = "FILE|SHA256")]
    file: String,
    /// A cell whose text is withheld, such as Figures!H7 or "comment on Figures!B4" [default: the whole workbook, which was refused]
    #[arg(long, value_name = "SHEET!CELL")]
    cell: Option<String>,
    /// Who decides this, for the record
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why it is not personal data, for the record
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let (by, reason) = (on_record::decided_by(&arguments.by)?, on_record::reason("--reason", &arguments.reason)?);
    let cell = arguments.cell.as_deref().map(str::trim);
    let names_cell = |cell: &str| cell.rsplit_once('!').is_some_and(|(sheet, cell)| !sheet.is_empty() && !cell.is_empty());
    if cell.is_some_and(|cell| !names_cell(cell) && !cell.contains(" on sheet ")) {
        return Err(Failure::usage("--cell", "is not a cell of a sheet; one such as Figures!H7 was expected"));
    }
    let settings = sources.load()?;
    start_logging(&settings.log);
    let (sha256, path) = workbook(&arguments.file, &settings)?;
    let withheld = match &path {
        Some(path) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let bytes = fs::read(path).map_err(|e| Failure::usage("FILE|SHA256", format!("{}: {e}", path.display())))?;
            let reading = ReaderProcess::with(settings.program.clone());
            let withheld = Withheld::of(&bytes, &name, &reading, &settings.returns.limits);
            withheld.map_err(|fault| Failure { code: exit::BAD_DATA, message: fault.to_string() })?
        }
        // It was not kept; that it was refused is on record.
        None => {
            let whole = ledger::work(&settings, async |ledger| ledger.looked_personal(&sha256).await)?;
            Withheld { whole, cells: Vec::new() }
        }
    };
    if let Some(problem) = nothing_to_allow(&withheld, cell, &arguments.file) {
        return Err(Failure::usage(if cell.is_some() { "--cell" } else { "FILE|SHA256" }, problem));
    }
    let allowance = Allowance { sha256: &sha256, cell, by, reason };
    let is_new = ledger::work(&settings, async |ledger| ledger.allow(&allowance, clock()).await)?;
    let what = cell.map_or_else(|| "the workbook".to_owned(), |cell| format!("the text in {cell}"));
    match is_new {
        true => println!("{what} is allowed; the next check of the returns reads it"),
        false => println!("{what} was already allowed"),
    }
    Ok(exit::DONE)
}

/// The SHA-256 of what is named, and where the file lies: where it says, in the archive or in the folder of returns.
fn workbook(named: &str, settings: &Settings) -> Result<(String, Option<PathBuf>), Failure> {
    if named.len() == SHA256_DIGITS && named.chars().all(|c| c.is_ascii_hexdigit()) {
        let sha256 = named.to_ascii_lowercase();
        let kept = Archive::new(settings.paths.archive.clone()).path(&sha256);
        let path = if kept.is_file() { Some(kept) } else { in_folder(&settings.paths.returns, &sha256, DEEPEST) };
        return Ok((sha256, path));
    }
    let found = sha256_of_file(Path::new(named)).map(|(sha256, _)| (sha256, Some(PathBuf::from(named))));
    found.map_err(|e| {
        Failure::usage(
            "FILE|SHA256",
            format!("{named} is neither a SHA-256 ({SHA256_DIGITS} hexadecimal digits) nor a file: {e}"),
        )
    })
}

/// The file of that content in a folder, or in folders so many deep in it.
fn in_folder(folder: &Path, sha256: &str, deep: usize) -> Option<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let is_it = |path: &&PathBuf| path.is_file() && sha256_of_file(path).is_ok_and(|(found, _)| found == sha256);
    let below = || paths.iter().filter(|path| deep > 0 && path.is_dir()).find_map(|path| in_folder(path, sha256, deep - 1));
    paths.iter().find(is_it).cloned().or_else(below)
}

/// Why there is nothing to let through: a word that lets nothing through would stand on record for what it is not.
fn nothing_to_allow(withheld: &Withheld, cell: Option<&str>, named: &str) -> Option<String> {
    let cells = match &withheld.cells[..] {
        [] => "no cell of it is withheld".to_owned(),
        cells => format!("withheld in it: {}", cells.join(", ")),
    };
    match cell {
        Some(cell) => {
            let is_withheld = withheld.cells.iter().any(|withheld| withheld == cell);
            (!is_withheld).then(|| format!("the text in {cell} of {named} is not withheld; {cells}"))
        }
        None => (!withheld.whole).then(|| format!("{named} was not refused as personal data; {cells}")),
    }
}
