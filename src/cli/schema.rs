//! `boardpack schema`: what a kind of configuration file may hold, as a JSON Schema.

use super::{Failure, exit, print};
use crate::schemas::{self, FileKind};
use clap::Args;
use clap::builder::PossibleValue;
use std::path::PathBuf;

#[derive(Args)]
pub struct Arguments {
    /// The kind of file
    #[arg(value_enum)]
    kind: FileKind,
}

impl clap::ValueEnum for FileKind {
    fn value_variants<'a>() -> &'a [Self] {
        &FileKind::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        // What stands in a file may be asked for as well.
        let other_names: &[&str] = match self {
            FileKind::Edition => &["editions", "aims", "priorities", "ambitions", "actions"],
            FileKind::Measures => &["measure"],
            FileKind::Mapping => &["mappings"],
            _ => &[],
        };
        Some(PossibleValue::new(self.name()).help(self.files()).aliases(other_names))
    }
}

pub fn main(arguments: &Arguments) -> Result<u8, Failure> {
    print(schemas::text(arguments.kind).as_bytes())?;
    Ok(exit::DONE)
}

/// The schema of every kind, as the files that the first lines of configuration files name.
pub fn files() -> impl Iterator<Item = (PathBuf, Vec<u8>)> {
    FileKind::ALL.into_iter().map(|kind| (PathBuf::from(kind.schema_file()), schemas::text(kind).into_bytes()))
}
