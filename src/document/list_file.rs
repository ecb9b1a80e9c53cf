//! A file that is one list.

use super::{Entries, Places, TomlDocument};
use crate::assets::Assets;
use crate::fault::Faults;
use serde::de::DeserializeOwned;

/// The entries of the list `name`, all that the file has, and where they stand; none where it cannot be read.
pub(crate) fn read_list<T: DeserializeOwned>(
    config: &Assets,
    file: &str,
    name: &'static str,
    faults: &mut Faults,
) -> (Entries<T>, Places) {
    match config.read_text(file) {
        Ok(text) => {
            let mut document = TomlDocument::parse(&text, &config.place(file), faults);
            let entries = document.entries(name, faults);
            (entries, document.finish(faults))
        }
        Err(fault) => {
            faults.0.push(fault);
            (Entries::default(), Places::default())
        }
    }
}
