//! `boardpack init`: a starting configuration for a partnership of one's own.

use super::{Failure, exit, new_files, schema};
use clap::Args;
use include_dir::{Dir, include_dir};
use std::fs;
use std::path::{Path, PathBuf};

static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/starter");

/// Stands in the starting settings for the folder of what a run reads and makes.
const STATE: &str = "{{state}}";

#[derive(Args)]
pub struct Arguments {
    /// The folder, created if it does not exist
    dir: PathBuf,
    /// The folder for returns, packs, ledger and archive [default: the same folder]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

pub fn main(arguments: &Arguments) -> Result<u8, Failure> {
    let state = match &arguments.state {
        None => ".".to_owned(),
        Some(state) => {
            // Not relative to the settings file, as a path in it would be.
            let state = std::path::absolute(state).map_err(|e| Failure::usage("--state", e))?;
            let text = state.to_str().ok_or_else(|| Failure::usage("--state", "the path is not Unicode"))?;
            text.replace('\\', "\\\\").replace('"', "\\\"")
        }
    };
    let mut starter = Vec::new();
    gather(&STARTER, &mut starter);
    let mut files: Vec<_> =
        starter.into_iter().map(|(path, text)| (path.to_owned(), text.replace(STATE, &state).into_bytes())).collect();
    files.extend(schema::files());
    new_files::write(&arguments.dir, &files)?;
    // A round without a single workbook yet is no fault of the settings.
    let returns = arguments.state.as_ref().unwrap_or(&arguments.dir).join("returns");
    fs::create_dir_all(&returns).map_err(|e| {
        let message = format!("{}: cannot be made: {e} (check the folder and its rights)", returns.display());
        Failure { code: exit::UNAVAILABLE, message }
    })?;
    println!("\nnext: `boardpack config check --config {}`", arguments.dir.join("boardpack.toml").display());
    Ok(exit::DONE)
}

/// Every file of the folder, in the order of its path.
fn gather(folder: &'static Dir<'_>, files: &mut Vec<(&'static Path, &'static str)>) {
    files.extend(folder.files().filter_map(|file| Some((file.path(), file.contents_utf8()?))));
    folder.dirs().for_each(|folder| gather(folder, files));
    files.sort();
}
