//! Who may read the files that boardpack makes: what it keeps is its owner's alone, whatever the umask; what it publishes is as
//! the umask of whoever started it says.
//!
//! The program sets that umask aside at its start, so that every file it makes is private from its first byte on, those of
//! SQLite too. What is published is opened up by [`publish`] and [`create_folders`], and nothing else is.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::OnceLock;

/// The umask under which the program was started; none where it was not set aside, as in a library's user.
static OF_STARTER: OnceLock<u32> = OnceLock::new();

/// Makes every file from now on its owner's alone. Of this process, before it makes any.
pub fn keep_private() {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::Mode;
        let of_starter = rustix::process::umask(Mode::RWXG | Mode::RWXO);
        let _ = OF_STARTER.set(of_starter.bits());
    }
}

/// Lets whom the umask allows read a file that was just made.
pub fn publish(path: &Path) {
    open_up(path, 0o666);
}

/// Makes those folders on the way to `path` that are not there, `path` among them, for whom the umask allows.
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
    match fs::create_dir(path) {
        // Another process was quicker.
        Err(_) if path.is_dir() => Ok(()),
        made => made.map(|()| open_up(path, 0o777)),
    }
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
