//! Writing files that are not there yet: all of them, or none.

use super::{Failure, exit};
use crate::fault::Fault;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes each file below `dir` and prints its path.
///
/// # Errors
/// Every file that is there already, in which case none is written; a file that cannot be written.
pub fn write(dir: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<(), Failure> {
    let unavailable = |message| Failure { code: exit::UNAVAILABLE, message };
    let there: Vec<PathBuf> =
        files.iter().map(|(path, _)| dir.join(path)).filter(|path| path.symlink_metadata().is_ok()).collect();
    if let [first, more @ ..] = &there[..] {
        let more = if more.is_empty() { String::new() } else { format!(", and so are {} more", more.len()) };
        let problem = format!("already exists and is left unchanged{more}");
        return Err(unavailable(
            Fault::new(first.display().to_string(), problem, "name another folder, or move it away").to_string(),
        ));
    }
    for (path, bytes) in files {
        let path = dir.join(path);
        new(&path, bytes)
            .map_err(|e| unavailable(format!("{}: cannot be written: {e} (check the folder and its rights)", path.display())))?;
        println!("{}", path.display());
    }
    Ok(())
}

fn new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(bytes)
}
