//! `boardpack ledger backup`: a copy of the ledger while it is in use.

use super::{Failure, Sources, exit, runtime};
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError};
use clap::Subcommand;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub enum Command {
    /// Write the whole ledger to a new file, whoever is using it
    Backup {
        /// The file; one that is there already is left as it is
        file: PathBuf,
    },
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    let Command::Backup { file } = command;
    let settings = sources.load()?;
    back_up(&settings, file)?;
    println!("{}", file.display());
    Ok(exit::DONE)
}

/// Whole under its name or not at all, and for the eyes of its owner: it holds addresses.
fn back_up(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let failed = |problem: &dyn std::fmt::Display| Failure {
        code: exit::UNAVAILABLE,
        message: format!("{}: cannot be written: {problem} (check the folder, its rights and its space)", file.display()),
    };
    if file.exists() {
        return Err(failed(&"it is there already"));
    }
    let mut name = file.file_name().ok_or_else(|| failed(&"it has no name"))?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(name);
    let written = private(&part)
        .map_err(|e| failed(&e))
        .and_then(|()| read(settings, async |ledger| ledger.back_up(&part).await))
        .and_then(|()| fs::hard_link(&part, file).map_err(|e| failed(&e)));
    let _ = fs::remove_file(&part);
    written
}

/// An empty file that others cannot read; SQLite writes into it.
fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(drop)
}

/// Does something with the ledger of the settings, which must be there.
pub fn read<T>(settings: &Settings, work: impl AsyncFnOnce(&Ledger) -> Result<T, LedgerError>) -> Result<T, Failure> {
    let path = &settings.paths.ledger;
    if !path.exists() {
        let message = format!("{}: there is no ledger yet (correct paths.ledger, or run boardpack first)", path.display());
        return Err(Failure { code: exit::UNAVAILABLE, message });
    }
    runtime()?.block_on(async {
        let ledger = Ledger::open(path).await?;
        let result = work(&ledger).await;
        ledger.close().await;
        Ok(result?)
    })
}
