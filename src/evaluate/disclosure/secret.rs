//! The order in which figures are hidden beside small ones, which nobody can know who has not the installation's secret.

use crate::figure::FigureKey;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// The secret of an installation. It is never printed.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// A number that says nothing of the figure and cannot be told without the secret: HMAC-SHA256 of the figure's name.
    /// `purpose` keeps the numbers of one use apart from those of another.
    pub(super) fn number(&self, purpose: &str, key: &FigureKey) -> u64 {
        self.mac(purpose, Some(key), &[])
    }

    /// A number that is the same for the same count of a figure, and says nothing else of it.
    pub(super) fn mark(&self, key: &FigureKey, count: f64) -> u64 {
        self.mac("count", Some(key), &count.to_bits().to_be_bytes())
    }

    /// A number by which the secret is known again.
    pub(super) fn own_mark(&self) -> u64 {
        self.mac("secret", None, &[])
    }

    fn mac(&self, purpose: &str, key: Option<&FigureKey>, more: &[u8]) -> u64 {
        // A key of any length is one for HMAC.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return 0 };
        let mut take = |part: &str| {
            mac.update(part.as_bytes());
            mac.update(b"\0");
        };
        take(purpose);
        if let Some(key) = key {
            let (scheme, group) = key.category.as_ref().map_or(("", ""), |of| (of.scheme.as_str(), of.group.as_str()));
            [&key.measure.0, &key.period.to_string(), key.area.as_str(), scheme, group].into_iter().for_each(take);
        }
        mac.update(more);
        let digest = mac.finalize().into_bytes();
        digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
