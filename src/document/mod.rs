//! A TOML file of the configuration, read so that every fault in it is told, each once with its line, and that a bad entry
//! hides none of the others.

mod entries;
mod lines;
mod list_file;
mod mend;
mod places;
#[cfg(test)]
mod tests;
mod toml_file;
pub(crate) mod words;

pub(crate) use entries::Entries;
pub(crate) use lines::Lines;
pub(crate) use list_file::read_list;
pub(crate) use places::Places;
pub(crate) use toml_file::TomlDocument;
