//! `boardpack framework list`, `check` and `diff`.

use super::{Failure, Sources, clock, exit, print};
use crate::assets::Assets;
use crate::counted::counted;
use crate::fault::{Fault, Faults};
use crate::framework::{self, Framework};
use crate::run::{QuarterChoice, framework_for};
use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;
use serde::Serialize;
use std::fmt::Display;

#[derive(Subcommand)]
pub enum Command {
    /// Print an edition: its aims, priorities, ambitions with their measures and targets, and key actions
    List {
        /// Which edition [default: pack.edition of the settings, or the one in force when the quarter ends]
        #[arg(long)]
        edition: Option<String>,
        /// The edition in force on a day, such as 2023-12-31, with the targets of that day
        #[arg(long, value_name = "DATE", conflicts_with = "edition")]
        at: Option<Date>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Check one edition, or all, and note what its owner should know
    Check {
        /// Which edition [default: all]
        #[arg(long)]
        edition: Option<String>,
    },
    /// Compare two editions: what was added, dropped and changed
    Diff {
        /// The earlier edition, such as 2023
        old: String,
        /// The later edition, such as 2024
        new: String,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    let settings = sources.load()?;
    let config = settings.config_assets();
    match command {
        Command::List { edition, at, format } => {
            let framework = match (edition, at) {
                (Some(edition), _) => framework::load(&config, edition)?,
                (None, Some(date)) => framework::edition_at(&config, settings.pack.edition.as_deref(), *date)?,
                (None, None) => framework_for(&settings, QuarterChoice::default(), clock)?.0,
            };
            print(written(&framework.outline(&framework::read_areas(&config)?), *format).as_bytes())?;
        }
        Command::Check { edition: Some(edition) } => check(&config, std::slice::from_ref(edition))?,
        Command::Check { edition: None } => {
            let all = match &settings.pack.edition {
                Some(edition) => framework::editions_beside(&config, edition),
                None => framework::editions_here(&config),
            };
            check(&config, &all)?;
        }
        Command::Diff { old, new, format } => {
            let [old, new] = both(framework::load(&config, old), framework::load(&config, new))?;
            print(written(&framework::diff(&old, &new, &framework::read_areas(&config)?), *format).as_bytes())?;
        }
    }
    Ok(exit::DONE)
}

fn written<T: Display + Serialize>(what: &T, format: Format) -> String {
    match format {
        Format::Text => what.to_string(),
        Format::Json => serde_json::to_string_pretty(what).expect("texts, dates and lists can always be written as JSON") + "\n",
    }
}

fn check(config: &Assets, editions: &[String]) -> Result<(), Failure> {
    let mut faults = Faults::default();
    for edition in editions {
        match framework::load_with_notes(config, edition) {
            Ok((framework, notes)) => print(checked(&framework, &notes).as_bytes())?,
            // What editions share is at fault in each, and told once.
            Err(found) => faults.0.extend(found.0),
        }
    }
    if editions.is_empty() {
        faults.push("frameworks", "there is no edition", "add files to frameworks/<edition>/");
    }
    let mut told = Vec::new();
    faults.0.retain(|fault| {
        let first = !told.contains(fault);
        told.extend(first.then(|| fault.clone()));
        first
    });
    Ok(faults.into_result()?)
}

fn checked(framework: &Framework, notes: &[Fault]) -> String {
    let mut text = format!(
        "edition {}: valid, with {}, {} and {}; {}\n",
        framework.edition.id,
        counted(framework.ambitions.len(), "ambition", "ambitions"),
        counted(framework.aspirations().count(), "measure", "measures"),
        counted(framework.actions.len(), "key action", "key actions"),
        counted(notes.len(), "note", "notes")
    );
    for note in notes {
        text.push_str(&format!("  note: {note}\n"));
    }
    text
}

/// Both, or the faults of both.
fn both(old: Result<Framework, Faults>, new: Result<Framework, Faults>) -> Result<[Framework; 2], Faults> {
    match (old, new) {
        (Ok(old), Ok(new)) => Ok([old, new]),
        (Err(mut first), Err(second)) => {
            first.0.extend(second.0.into_iter().filter(|fault| !first.0.contains(fault)).collect::<Vec<_>>());
            Err(first)
        }
        (Err(faults), _) | (_, Err(faults)) => Err(faults),
    }
}
