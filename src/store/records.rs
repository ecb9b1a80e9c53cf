//! Stored records: JSON with the number of its format beside it, so that a later version can tell what it reads.
//!
//! A record is `{"format": 2, "content": …}`. Those without a format are of its first version, which had none.

use crate::collect::{Collection, ReturnReceipt, VersionContents};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

/// What is kept as a record, here or in the archive.
pub trait Record {
    /// What it is, for a message: `what was collected`.
    const NAME: &'static str;
    /// Counted up by whoever changes it so that what was written before is read otherwise or no longer.
    const FORMAT: u32 = 2;
}

impl Record for Collection {
    const NAME: &'static str = "what was collected";
}

impl Record for ReturnReceipt {
    const NAME: &'static str = "the receipt of a return";
}

impl Record for VersionContents {
    const NAME: &'static str = "what a return gave";
}

/// Why a record cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableRecord {
    #[error("{name} was written in format {found}, and this version reads up to {known} (use the version that wrote it)")]
    Newer { name: &'static str, found: u32, known: u32 },
    #[error("{name} cannot be read in format {found}: {problem}")]
    Malformed { name: &'static str, found: u32, problem: String },
}

#[derive(Serialize)]
struct Written<'a, T> {
    format: u32,
    content: &'a T,
}

#[derive(Deserialize)]
struct Read<T> {
    content: T,
}

/// The format, whatever else is there.
#[derive(Deserialize)]
struct Head {
    format: Option<u32>,
    content: Option<IgnoredAny>,
}

/// A record as JSON.
///
/// # Errors
/// What cannot be written as JSON, such as a map whose keys are no texts.
pub fn write<T: Record + Serialize>(content: &T) -> serde_json::Result<String> {
    serde_json::to_string(&Written { format: T::FORMAT, content })
}

/// Reads a record; numbers come back bit for bit.
///
/// # Errors
/// A record of a newer version, or what is no such record.
pub fn read<T: Record + DeserializeOwned>(json: &[u8]) -> Result<T, UnreadableRecord> {
    read_as::<T, T>(json)
}

/// Reads as `T`, which takes less than the whole or reads it another way, what was written as a `Whole`.
///
/// # Errors
/// As [`read`].
pub fn read_as<Whole: Record, T: DeserializeOwned>(json: &[u8]) -> Result<T, UnreadableRecord> {
    let (name, known) = (Whole::NAME, Whole::FORMAT);
    let malformed = |found: u32| move |e: serde_json::Error| UnreadableRecord::Malformed { name, found, problem: e.to_string() };
    let head: Head = serde_json::from_slice(json).map_err(malformed(1))?;
    match head {
        Head { format: Some(found), .. } if found > known => Err(UnreadableRecord::Newer { name, found, known }),
        Head { format: Some(found), content: Some(_) } => {
            serde_json::from_slice::<Read<T>>(json).map(|read| read.content).map_err(malformed(found))
        }
        _ => serde_json::from_slice(json).map_err(malformed(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Note {
        text: String,
    }

    impl Record for Note {
        const NAME: &'static str = "the note";
        const FORMAT: u32 = 3;
    }

    #[test]
    fn records_carry_a_format_and_older_ones_read() {
        let note = Note { text: "a".to_owned() };
        let written = write(&note).unwrap();
        assert_eq!(written, r#"{"format":3,"content":{"text":"a"}}"#);
        for json in [written.as_str(), r#"{"format":2,"content":{"text":"a"}}"#, r#"{"text":"a"}"#] {
            assert_eq!(read::<Note>(json.as_bytes()).as_ref(), Ok(&note), "{json}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (json, says) in [
            (r#"{"format":4,"content":{}}"#, "the note was written in format 4, and this version reads up to 3"),
            (r#"{"format":3,"content":{}}"#, "the note cannot be read in format 3: missing field `text`"),
            (r#"{"txt":"a"}"#, "the note cannot be read in format 1: missing field `text`"),
            ("", "the note cannot be read in format 1: EOF"),
        ] {
            let told = read::<Note>(json.as_bytes()).unwrap_err().to_string();
            assert!(told.starts_with(says), "{told}");
        }
    }

    /// What tests alone depend on turns the feature on for every test, so that no figure in one would tell that the program
    /// itself lacks it.
    #[test]
    fn the_program_itself_reads_numbers_exactly() {
        let manifest: toml::Table = toml::from_str(include_str!("../../Cargo.toml")).unwrap();
        let features = manifest["dependencies"]["serde_json"].get("features").and_then(toml::Value::as_array);
        assert!(features.is_some_and(|all| all.iter().any(|one| one.as_str() == Some("float_roundtrip"))), "{features:?}");
    }
}
