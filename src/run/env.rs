//! What work is done with.

use super::loaded_config::LoadedConfig;
use super::progress::Progress;
use crate::archive::Archive;
use crate::period::Period;
use crate::settings::Settings;
use crate::store::Ledger;
use jiff::{Timestamp, civil::Date};

/// What is there before a ledger is opened: the settings, the configuration, the clock, and who looks on.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    pub settings: &'a Settings,
    pub config: &'a LoadedConfig,
    /// The clock. It dates the records and the messages, never what is printed in a pack.
    pub now: fn() -> Timestamp,
    pub progress: &'a dyn Progress,
}

/// All that a job works with, whatever is asked of it.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    pub settings: &'a Settings,
    pub config: &'a LoadedConfig,
    pub ledger: &'a Ledger,
    /// The quarter that it is about.
    pub period: Period,
    /// What "today" is.
    pub as_at: Date,
    pub now: fn() -> Timestamp,
    pub progress: &'a dyn Progress,
}

impl<'a> Setup<'a> {
    /// The same with a ledger, for a quarter as at a day.
    pub fn with_ledger(&self, ledger: &'a Ledger, (period, as_at): (Period, Date)) -> Env<'a> {
        let Setup { settings, config, now, progress } = *self;
        Env { settings, config, ledger, period, as_at, now, progress }
    }

    pub fn archive(&self) -> Archive {
        Archive::new(self.settings.paths.archive.clone())
    }
}

impl<'a> Env<'a> {
    /// The same without its ledger.
    pub fn setup(&self) -> Setup<'a> {
        let Env { settings, config, now, progress, .. } = *self;
        Setup { settings, config, now, progress }
    }

    pub fn archive(&self) -> Archive {
        self.setup().archive()
    }
}
