//! `boardpack export-defaults`: every built-in file, to be read and to be copied from.

use super::{Failure, exit, new_files, schema};
use crate::assets::Assets;
use crate::fault::{Fault, Faults};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct Arguments {
    /// The folder, created if it does not exist; no file in it is overwritten
    dir: PathBuf,
}

pub fn main(arguments: &Arguments) -> Result<u8, Failure> {
    let folders =
        [("config", Assets::config(None)), ("report_templates", Assets::templates(None)), ("fonts", Assets::fonts(None))];
    let mut files = Vec::new();
    for (folder, assets) in folders {
        files.extend(built_in(folder, &assets).map_err(Faults::from)?);
    }
    files.extend(schema::files());
    new_files::write(&arguments.dir, &files)?;
    println!(
        "\nnext: copy what you want to change into your own folders; a file there replaces the built-in one of the same name"
    );
    Ok(exit::DONE)
}

/// Every file of `assets`, below `folder`.
fn built_in(folder: &str, assets: &Assets) -> Result<Vec<(PathBuf, Vec<u8>)>, Fault> {
    let paths = assets.files()?.into_iter();
    paths.map(|path| Ok((Path::new(folder).join(&path), assets.read(&path)?.into_owned()))).collect()
}
