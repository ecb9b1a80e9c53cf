//! `boardpack framework list`, `check` and `diff`.

use super::{Failure, Sources, exit};
use crate::assets::Assets;
use crate::fault::{Fault, Faults};
use crate::framework::{self, Framework};
use clap::{Subcommand, ValueEnum};
use serde::Serialize;
use std::fmt::Display;

#[derive(Subcommand)]
pub enum Command {
    /// Print an edition: its aims, priorities, ambitions with their measures and targets, and key actions
    List {
        /// Which edition [default: that of the settings]
        #[arg(long)]
        edition: Option<String>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Check an edition, or all there are, and note what an owner should know
    Check {
        /// Which edition [default: all]
        #[arg(long)]
        edition: Option<String>,
    },
    /// Say what one edition added, dropped and changed beside another
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
        Command::List { edition, format } => {
            let edition = edition.as_deref().unwrap_or(&settings.pack.edition);
            let framework = framework::load(&config, edition)?;
            print(&framework.outline(&framework::read_areas(&config)?), *format);
        }
        Command::Check { edition } => check(&config, edition.as_deref())?,
        Command::Diff { old, new, format } => {
            let [old, new] = both(framework::load(&config, old), framework::load(&config, new))?;
            print(&framework::diff(&old, &new, &framework::read_areas(&config)?), *format);
        }
    }
    Ok(exit::DONE)
}

fn print<T: Display + Serialize>(what: &T, format: Format) {
    match format {
        Format::Text => print!("{what}"),
        Format::Json => {
            println!("{}", serde_json::to_string_pretty(what).expect("texts, dates and lists can always be written as JSON"));
        }
    }
}

fn check(config: &Assets, edition: Option<&str>) -> Result<(), Faults> {
    let editions = edition.map_or_else(|| framework::editions(config), |edition| vec![edition.to_owned()]);
    let mut faults = Faults::default();
    for edition in &editions {
        match framework::load_with_notes(config, edition) {
            Ok((framework, notes)) => print_checked(&framework, &notes),
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
    faults.into_result()
}

fn print_checked(framework: &Framework, notes: &[Fault]) {
    println!(
        "edition {}: in order, with {} ambitions, {} measures and {} key actions; {} notes",
        framework.edition.id,
        framework.ambitions.len(),
        framework.aspirations().count(),
        framework.actions.len(),
        notes.len()
    );
    for note in notes {
        println!("  note: {note}");
    }
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
