//! Where a command has its settings from.

use crate::fault::Faults;
use crate::permissions;
use crate::settings::{self, Settings};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The settings file that is read where none is named.
const SETTINGS_FILE: &str = "boardpack.toml";

/// Where settings come from, for any command.
pub(super) struct Sources {
    file: Option<PathBuf>,
    environment: BTreeMap<String, String>,
}

impl Sources {
    pub fn new(named: Option<PathBuf>) -> Self {
        let found = || Some(PathBuf::from(SETTINGS_FILE)).filter(|path| path.exists());
        // A variable that is not Unicode cannot be one of ours.
        let environment = std::env::vars_os().filter_map(|(n, v)| Some((n.into_string().ok()?, v.into_string().ok()?))).collect();
        Self { file: named.or_else(found), environment }
    }

    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    pub fn load(&self) -> Result<Settings, Faults> {
        let (settings, faults) = self.read();
        faults.into_result()?;
        settings.ok_or_else(Faults::default)
    }

    /// The settings as far as they can be read, to look further, and what is wrong with them.
    pub fn read(&self) -> (Option<Settings>, Faults) {
        let (settings, faults) = settings::read(self.file(), &self.environment);
        if let Some(paths) = settings.as_ref().map(|settings| &settings.paths).filter(|paths| paths.state_is_apart()) {
            permissions::keep_private_below(&paths.state);
        }
        (settings.map(|settings| Settings { program: this_program(), ..settings }), faults)
    }
}

/// This program, to be started again for a workbook; where it cannot be told, workbooks are read in this process.
pub(super) fn this_program() -> Option<PathBuf> {
    // Stays the same program when a newer one has been put in its place under a running server.
    let itself = PathBuf::from("/proc/self/exe");
    if itself.exists() { Some(itself) } else { std::env::current_exe().ok() }
}
