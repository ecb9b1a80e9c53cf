//! Where each setting was given, for a fault that is found in it later.

use super::layers::{Layers, Origin};
use super::tree::find;
use crate::fault::Fault;
use std::collections::BTreeSet;

/// Where each setting was given, for a fault that is found in it later.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    pub(super) layers: Option<Layers>,
    /// Settings that could not be read, and have their default.
    pub(super) told: BTreeSet<String>,
    /// Tables whose name was misspelt, so that what they were given is not there.
    pub(super) meant: BTreeSet<String>,
}

impl Origins {
    /// The fault with the layer and the line of the setting that its place begins with; another fault stays as it is.
    /// None where it follows from one that could not be read.
    pub(crate) fn point(&self, fault: Fault) -> Option<Fault> {
        let Some(layers) = &self.layers else { return Some(fault) };
        let key = fault.place.split([',', ':', ' ']).next().unwrap_or_default();
        let is_setting = key.contains('.') && find(&layers.defaults, key.split('.').next().unwrap_or_default()).is_some();
        if !is_setting {
            return Some(fault);
        }
        let is_default = matches!(layers.origin(key), Origin::Default);
        let is_within = |meant: &String| key.strip_prefix(meant.as_str()).is_some_and(|rest| rest.starts_with('.'));
        if self.is_told(key) || self.may_be_lost(key) || (is_default && self.meant.iter().any(is_within)) {
            return None;
        }
        let place = match layers.place(key) {
            default if default.starts_with("default") => match &layers.file {
                // A setting that is not given is best looked for where it would be.
                Some(file) => file.place(key),
                None => return Some(fault),
            },
            place => place,
        };
        Some(Fault { place: format!("{place}{}", &fault.place[key.len()..]), ..fault })
    }

    /// Whether a setting could not be read.
    pub(crate) fn is_told(&self, key: &str) -> bool {
        self.told.contains(key)
    }

    /// Whether a setting may stand on a line of the settings file that cannot be read.
    pub(crate) fn may_be_lost(&self, key: &str) -> bool {
        let Some(layers) = &self.layers else { return false };
        layers.origin(key) == Origin::Default && layers.file.as_ref().is_some_and(|file| file.is_broken)
    }

    /// Whether some layer sets a source up.
    pub(crate) fn has_source(&self, name: &str) -> bool {
        self.layers.as_ref().is_some_and(|layers| find(&layers.merged, &format!("sources.{name}")).is_some())
    }
}
