//! Files that are there whole or not at all, also where the machine stops in the middle.

use crate::permissions;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Writes a file for its owner alone. A reader sees the old one or the new one whole, and so does whoever looks after a crash.
///
/// # Errors
/// A file that cannot be written, in which case the old one stays.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(path, bytes, true, |_| ())
}

/// As [`write_private`], for all who may read packs.
///
/// # Errors
/// As [`write_private`].
pub fn write_public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(path, bytes, true, permissions::publish)
}

/// As [`write_public`], of what is soon made again: where the machine stops in the middle it may be lost.
///
/// # Errors
/// As [`write_private`].
pub fn write_passing(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(path, bytes, false, permissions::publish)
}

/// Waits until it is on the disk where it is to `last`.
fn write(path: &Path, bytes: &[u8], last: bool, give_rights: impl FnOnce(&Path)) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        if last {
            file.sync_all()?;
        }
        give_rights(&beside);
        fs::rename(&beside, path)
    });
    match written {
        Ok(()) if last => sync_folder(path),
        Ok(()) => {}
        // On a full disk its remains would be in the way of others.
        Err(_) => drop(fs::remove_file(&beside)),
    }
    written
}

/// Makes sure that the name of a file is on the disk, where the file system can.
pub fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// Copies a file for the eyes of its owner alone, on the disk when this returns. There must be none at `to` yet.
///
/// # Errors
/// A file that cannot be read or written.
pub fn copy_private(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let mut copy = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    io::copy(&mut source, &mut copy)?;
    copy.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_private(&path, b"first").unwrap();
        write_public(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        write_passing(&path, b"third").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"third");
        assert!(write_private(&folder.path().join("none/a.txt"), b"x").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
