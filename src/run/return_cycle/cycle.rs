//! What all work on a quarter's returns has in common.

use super::drafts::Drafting;
use super::report::Done;
use crate::period::Period;
use crate::run::loaded_config::LoadedConfig;
use crate::settings::Settings;
use crate::store::{Extension, Ledger};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

/// What a task works with.
#[derive(Clone, Copy)]
pub(in crate::run) struct Round<'a> {
    pub settings: &'a Settings,
    pub materials: &'a LoadedConfig,
    pub ledger: &'a Ledger,
    pub period: Period,
    pub as_at: Date,
    pub now: fn() -> Timestamp,
}

impl Round<'_> {
    pub(super) fn nothing(&self) -> Done {
        let Round { period, as_at, .. } = *self;
        Done {
            period,
            as_at,
            status: None,
            new: Vec::new(),
            late: Vec::new(),
            unfiled: Vec::new(),
            drafts: Vec::new(),
            told: Vec::new(),
            held: Vec::new(),
        }
    }

    /// None where no mail may be sent.
    pub(super) fn drafting<'d>(&'d self, extensions: &'d BTreeMap<String, Extension>) -> Option<Drafting<'d>> {
        let Round { settings, materials, period, as_at, .. } = *self;
        let mail = materials.mail.as_ref()?;
        Some(Drafting { settings, materials, mail, period, as_at, extensions })
    }
}
