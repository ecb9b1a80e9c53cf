//! `boardpack config check` and `boardpack config show`.

use super::{Failure, Sources, clock, exit};
use crate::collect::workbook::Reading;
use crate::collect::{Files, Wanted, check_answers, check_pointers};
use crate::fault::{Fault, Faults};
use crate::framework;
use crate::period::Period;
use crate::run::{Materials, Read, When, suspect};
use crate::schedule::Schedules;
use crate::settings::Settings;
use clap::Subcommand;
use jiff::civil::Date;
use std::io::Write;

#[derive(Subcommand)]
pub enum Command {
    /// Check everything that a run would read, and tell all faults at once
    Check,
    /// Print the settings in force and where each comes from
    Show,
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    match command {
        Command::Check => check(sources),
        Command::Show => {
            let mut out = std::io::stdout().lock();
            for (key, value, origin) in crate::settings::show(sources.file(), &sources.environment)? {
                // Whoever reads no further has seen what they wanted.
                if writeln!(out, "{key} = {value:?}  # {origin}").is_err() {
                    break;
                }
            }
            Ok(exit::DONE)
        }
    }
}

/// Tells every fault and every warning of all files, each once.
fn check(sources: &Sources) -> Result<u8, Failure> {
    let (settings, mut faults) = sources.read();
    let Some(settings) = settings else { return Err(faults.into()) };
    let config = settings.config_assets();
    let read = Materials::read(&settings, true, When::default(), clock);
    let mut warnings = read.contents.notes.clone();
    if let Some(passed_over) = read.passed_over.as_ref().filter(|_| read.contents.framework.is_some()) {
        warnings.extend(settings.origins.point(Fault::new("pack.edition", passed_over, "")));
    }
    faults.0.extend(read.faults.0.clone());
    let schedules = Schedules::read(&config, read.lists.as_ref(), &mut faults);
    faults.0.extend(other_editions(&settings, &read, &mut warnings));
    answers(&settings, &read, &mut faults.0, &mut warnings);
    faults.0.extend(suspect::faults(&settings, &read));
    warnings.extend(suspect::warnings(&settings, &read, &schedules));

    if let Some(materials) = &read.materials {
        println!(
            "framework {}, {}: {} ambitions, {} measures, {} key actions; {} partners",
            materials.framework.edition.id,
            materials.edition_why,
            materials.framework.ambitions.len(),
            materials.framework.measures.len(),
            materials.framework.actions.len(),
            materials.partners.len(),
        );
    }
    for warning in Faults(warnings).distinct().0 {
        println!("warning: {warning}");
    }
    faults.distinct().into_result()?;
    println!("the configuration is in order");
    Ok(exit::DONE)
}

/// What is wrong with the editions beside the one that is used: each is used for quarters of its own.
fn other_editions(settings: &Settings, read: &Read, warnings: &mut Vec<Fault>) -> Vec<Fault> {
    let config = settings.config_assets();
    let Some(used) = read.edition.as_ref().filter(|_| read.contents.framework.is_some()) else { return Vec::new() };
    let beside = framework::editions_beside(&config, used);
    beside
        .into_iter()
        .filter(|id| id != used)
        .flat_map(|id| {
            let contents = framework::read(&config, &id);
            warnings.extend(contents.notes);
            contents.faults.0
        })
        .collect()
}

/// What is wrong with where the public sources lie, and with the answers that lie there; nothing where the framework itself
/// cannot be read, which is told with the rest.
fn answers(settings: &Settings, read: &Read, faults: &mut Vec<Fault>, warnings: &mut Vec<Fault>) {
    let config = settings.config_assets();
    let (Some(framework), Some(areas)) = (&read.contents.framework, &read.contents.areas) else { return };
    let reading = Reading::with(settings.program.clone());
    let files = Files { config: &config, areas, limits: &settings.returns.limits, reading: &reading };
    // Neither day nor quarter bears on how an answer is read.
    let (period, as_at) = (Period::last_quarter_before(Date::ZERO), Date::ZERO);
    let wanted = Wanted { framework, partners: &[], period, as_at };
    let placed = |found: Vec<Fault>| found.into_iter().filter_map(|fault| settings.origins.point(fault)).collect::<Vec<_>>();
    faults.extend(placed(check_answers(&wanted, &settings.sources, files)));
    // A column that is needed is at fault already.
    let unmet = placed(check_pointers(framework, &settings.sources, files)).into_iter();
    warnings.extend(unmet.filter(|warning| !faults.iter().any(|fault| fault.place.starts_with(&warning.place))));
}
