//! `boardpack init`: a starting configuration for a partnership of one's own.

use super::{Failure, exit};
use clap::Args;
use include_dir::{Dir, include_dir};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/starter");

/// Stands in the starting settings for the folder of what a run reads and makes.
const STATE: &str = "{{state}}";

#[derive(Args)]
pub struct Arguments {
    /// The folder; it is made where it is not there
    dir: PathBuf,
    /// Where returns, packs, ledger and archive are to be [default: the same folder]
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
    let mut files = Vec::new();
    gather(&STARTER, &mut files);
    let there: Vec<String> =
        files.iter().map(|(path, _)| arguments.dir.join(path)).filter(|path| path.exists()).map(shown).collect();
    if !there.is_empty() {
        let message =
            there.iter().map(|path| format!("{path}: is there already, and is left as it is")).collect::<Vec<_>>().join("\n");
        return Err(Failure { code: exit::UNAVAILABLE, message });
    }
    for (path, text) in files {
        let path = arguments.dir.join(path);
        write(&path, &text.replace(STATE, &state)).map_err(|e| {
            let message = format!("{}: cannot be written: {e} (check the folder and its rights)", path.display());
            Failure { code: exit::UNAVAILABLE, message }
        })?;
        println!("{}", path.display());
    }
    println!("\nnext: `boardpack config check --config {}`", arguments.dir.join("boardpack.toml").display());
    Ok(exit::DONE)
}

fn shown(path: PathBuf) -> String {
    path.display().to_string()
}

/// Every file of the folder, in the order of its path.
fn gather(folder: &'static Dir<'_>, files: &mut Vec<(&'static Path, &'static str)>) {
    files.extend(folder.files().filter_map(|file| Some((file.path(), file.contents_utf8()?))));
    folder.dirs().for_each(|folder| gather(folder, files));
    files.sort();
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
