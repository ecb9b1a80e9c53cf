//! Folders of files, as tests copy and read them.

// Each test binary uses a part of this.

use std::fs;
use std::path::{Path, PathBuf};

/// Every file below the folder, in alphabetical order.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// Copies a folder with all that is below it, over what is there.
pub fn copy(from: &Path, to: &Path) {
    for file in files_below(from) {
        let to = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(&file, to).unwrap();
    }
}
