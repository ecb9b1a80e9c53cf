//! What is kept is its owner's alone, also where it was otherwise before.

use super::locks::Locks;
use super::moving::SECRET;
use crate::permissions;
use crate::settings::Paths;
use std::path::PathBuf;

/// Takes away what others may do with the ledger, the archive and messages in files. What cannot be changed is told.
pub fn close_to_others(paths: &Paths) {
    let beside = |end: &str| {
        let mut path = paths.ledger.clone().into_os_string();
        path.push(end);
        PathBuf::from(path)
    };
    let mut kept = vec![paths.archive.clone(), paths.messages(), Locks::of(&paths.ledger).folder().to_owned()];
    kept.extend(["", "-wal", "-shm"].map(beside));
    kept.extend(paths.ledger.parent().map(|folder| folder.join(SECRET)));
    if paths.state_is_apart() {
        kept.push(paths.state.clone());
    }
    for path in kept {
        if let Err(error) = permissions::close(&path) {
            tracing::warn!(
                path = %path.display(),
                %error,
                "others can read it, and its permissions cannot be changed; make the user that boardpack runs as its owner"
            );
        }
    }
}
