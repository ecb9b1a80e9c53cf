//! Writing the files of a pack.

use super::RunError;
use std::path::{Path, PathBuf};

/// Writes `folder/name` so that a reader sees the old file or the new one whole, and gives its path.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, RunError> {
    let path = folder.join(name);
    let failed = |e: std::io::Error| RunError::Output { path: path.clone(), problem: e.to_string() };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let beside = folder.join(format!(".{name}.{}", std::process::id()));
    std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, &path)).map_err(failed)?;
    Ok(path)
}
