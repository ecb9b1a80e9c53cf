//! Files named by what they hold, written whole or not at all.

use super::digest::{PACKED, sha256};
use crate::permissions;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A folder in which each file is named by the SHA-256 of what it holds: `ab/ab12…`, and `ab/ab12….gz` for the answer of
/// a public source, which is kept packed.
#[derive(Debug, Clone)]
pub struct Archive {
    pub(super) folder: PathBuf,
}

/// Tells apart the unfinished files of one process; it is part of no output.
static UNFINISHED: AtomicU64 = AtomicU64::new(0);

impl Archive {
    /// The folder is made when something is first kept.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Keeps `bytes` and gives their SHA-256 in hexadecimal. What is there already is not written again, unless it is damaged.
    ///
    /// # Errors
    /// A folder or a file that cannot be written; nothing half-written is left under a final name.
    pub fn keep(&self, bytes: &[u8]) -> io::Result<String> {
        let sha256 = sha256(bytes);
        let path = self.path(&sha256);
        // A file of another length, as after a full disk, need not be read.
        if fs::metadata(&path).is_ok_and(|kept| kept.len() == bytes.len() as u64) && self.read(&sha256).is_ok() {
            return Ok(sha256);
        }
        let folder = path.parent().expect("the path has two parts under the folder");
        self.make(folder)?;
        let (unfinished, file) = unfinished(folder)?;
        let written = write_whole(file, bytes).and_then(|()| fs::rename(&unfinished, &path));
        if let Err(error) = written {
            // What failed is told; that its remains could not be removed either adds nothing.
            let _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        // The rename itself must outlive a power cut; not every file system can sync a folder.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
        Ok(sha256)
    }

    /// The bytes of that SHA-256, and no others.
    ///
    /// # Errors
    /// A file that is not there, cannot be read, or is not what was kept under this name.
    pub fn read(&self, digest: &str) -> io::Result<Vec<u8>> {
        let bytes = fs::read(self.path(digest))?;
        if sha256(&bytes) != digest {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is not what was kept under this name"));
        }
        Ok(bytes)
    }

    /// Makes a folder of the archive, and the archive's own. The folders in which that lies may be others' too.
    pub(super) fn make(&self, folder: &Path) -> io::Result<()> {
        if let Some(parent) = self.folder.parent() {
            permissions::create_folders(parent)?;
        }
        fs::create_dir_all(folder)
    }

    /// Where the bytes of that SHA-256 are, or would be.
    pub fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join(sha256.get(..2).unwrap_or_default()).join(sha256)
    }

    /// Where an answer of that SHA-256 is packed, or would be.
    pub(super) fn packed_path(&self, sha256: &str) -> PathBuf {
        self.path(sha256).with_extension(PACKED)
    }

    /// Where what has that SHA-256 lies, packed or not; none where nothing does.
    pub fn find(&self, sha256: &str) -> Option<PathBuf> {
        [self.path(sha256), self.packed_path(sha256)].into_iter().find(|path| path.exists())
    }
}

/// A new file to write to before it gets its final name. One that a killed process left behind is passed by: its number may
/// come again, as in a container, where every process has the same.
pub(super) fn unfinished(folder: &Path) -> io::Result<(PathBuf, File)> {
    loop {
        let number = UNFINISHED.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".{}.{number}.tmp", std::process::id()));
        match File::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|file| (path, file)),
        }
    }
}

fn write_whole(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_stored_once_under_their_hash() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().join("not/there/yet"));
        let name = archive.keep(b"abc").unwrap();
        assert_eq!(name, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let first = fs::metadata(archive.path(&name)).unwrap().modified().unwrap();
        assert_eq!(archive.keep(b"abc").unwrap(), name);
        assert_eq!(fs::metadata(archive.path(&name)).unwrap().modified().unwrap(), first);
        assert_eq!(archive.read(&name).unwrap(), b"abc");
        let files = fs::read_dir(archive.path(&name).parent().unwrap()).unwrap().count();
        assert_eq!(files, 1, "nothing unfinished is left");
    }

    #[test]
    fn nothing_but_what_was_kept_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().to_owned());
        let name = archive.keep(b"abc").unwrap();
        fs::write(archive.path(&name), "abd").unwrap();
        assert_eq!(archive.read(&name).unwrap_err().kind(), io::ErrorKind::InvalidData);
        fs::remove_file(archive.path(&name)).unwrap();
        assert_eq!(archive.read(&name).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn what_is_damaged_is_kept_afresh() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().to_owned());
        let name = archive.keep(b"abc").unwrap();
        for damage in ["abd", "ab", "", "abcd"] {
            fs::write(archive.path(&name), damage).unwrap();
            assert_eq!(archive.keep(b"abc").unwrap(), name);
            assert_eq!(archive.read(&name).unwrap(), b"abc", "{damage:?}");
        }
    }

    #[test]
    fn unfinished_files_block_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let (left, _) = unfinished(folder.path()).unwrap();
        let next = UNFINISHED.load(Ordering::Relaxed);
        for number in next..next + 20 {
            fs::copy(&left, folder.path().join(format!(".{}.{number}.tmp", std::process::id()))).unwrap();
        }
        assert!(unfinished(folder.path()).is_ok());
    }

    #[test]
    fn an_unwritable_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(Archive::new(file).keep(b"abc").is_err());
    }
}
