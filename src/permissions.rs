//! Who may read the files that boardpack makes: what it keeps is its owner's alone, whatever the umask; what it publishes is as
//! the umask of whoever started it says.
//!
//! The program sets that umask aside at its start, so that every file it makes is private from its first byte on, those of
//! SQLite too. What is published is opened up by [`publish`] and [`create_folders`], and nothing else is. What was open to others
//! before is closed by [`close`].

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The umask under which the program was started; none where it was not set aside, as in a library's user.
static OF_STARTER: OnceLock<u32> = OnceLock::new();

/// The folder in which nothing is opened up.
static PRIVATE: OnceLock<PathBuf> = OnceLock::new();

/// Makes every file from now on its owner's alone. Of this process, before it makes any.
pub fn keep_private() {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::Mode;
        let of_starter = rustix::process::umask(Mode::RWXG | Mode::RWXO);
        let _ = OF_STARTER.set(of_starter.bits());
    }
}

/// Makes folders in `folder`, and that itself, their owner's alone, whoever asks for them.
pub fn keep_private_below(folder: &Path) {
    let _ = PRIVATE.set(folder.to_owned());
}

/// Lets whom the umask allows read a file that was just made.
pub fn publish(path: &Path) {
    open_up(path, 0o666);
}

/// Makes those folders on the way to `path` that are not there, `path` among them, for whom the umask allows, but those of
/// [`keep_private_below`].
///
/// # Errors
/// A folder that cannot be made.
pub fn create_folders(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        create_folders(parent)?;
    }
    let is_private = PRIVATE.get().is_some_and(|private| path.starts_with(private));
    match if is_private { create_private_folders(path) } else { fs::create_dir(path) } {
        // Another process was quicker.
        Err(_) if path.is_dir() => Ok(()),
        Ok(()) if !is_private => {
            open_up(path, 0o777);
            Ok(())
        }
        made => made,
    }
}

/// Makes those folders on the way to `path` that are not there, for their owner alone.
///
/// # Errors
/// A folder that cannot be made.
pub fn create_private_folders(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Takes from all but the owner what they may do with a file, or with a folder and all that is in it. A folder that is the
/// owner's alone is not gone through: nobody else comes to what is in it. Links are left as they are.
///
/// # Errors
/// The first whose rights cannot be changed; a path that is not there is none.
#[cfg(unix)]
pub fn close(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let found = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    let rights = found.permissions().mode() & 0o7777;
    if rights & 0o077 == 0 {
        return Ok(());
    }
    if found.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            if !entry.file_type()?.is_symlink() {
                close(&entry.path())?;
            }
        }
    }
    // Last of all: where something in it could not be closed, it is gone through again.
    fs::set_permissions(path, fs::Permissions::from_mode(rights & 0o700))
}

#[cfg(not(unix))]
pub fn close(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn open_up(path: &Path, all: u32) {
    use std::os::unix::fs::PermissionsExt;
    if let Some(umask) = OF_STARTER.get() {
        // Not every file system has rights to change: a share has those of whoever mounted it.
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(all & !umask));
    }
}

#[cfg(not(unix))]
fn open_up(_: &Path, _: u32) {}
