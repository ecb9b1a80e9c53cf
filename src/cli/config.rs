//! `boardpack config check` and `boardpack config show`.

use super::{Failure, Sources, clock, exit};
use crate::collect::workbook::Reading;
use crate::collect::{Files, Wanted, check_answers};
use crate::fault::{Fault, Faults};
use crate::framework;
use crate::period::Period;
use crate::run::{Materials, When, framework_for};
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

fn check(sources: &Sources) -> Result<u8, Failure> {
    let settings = sources.load()?;
    let mut faults = Faults::default();
    match Materials::load(&settings, true, When::default(), clock) {
        Ok(materials) => {
            let lists = materials.mail.as_ref().map(|mail| &mail.lists);
            if let Some(Err(more)) = lists.map(|lists| Schedules::load(&settings.config_assets(), lists)) {
                faults.0.extend(more.0);
            }
            println!(
                "framework {}, {}: {} ambitions, {} measures, {} key actions; {} partners",
                materials.framework.edition.id,
                materials.edition_why,
                materials.framework.ambitions.len(),
                materials.framework.measures.len(),
                materials.framework.actions.len(),
                materials.partners.len(),
            );
            if let Some(warning) = &materials.edition_passed_over {
                println!("warning: {warning}");
            }
        }
        Err(found) => faults.0.extend(found.0),
    }
    faults.0.extend(answers(&settings));
    faults.into_result()?;
    println!("the configuration is in order");
    Ok(exit::DONE)
}

/// What is wrong with where the public sources lie, and with the answers that lie there; nothing where the framework itself
/// cannot be read, which is told with the rest.
fn answers(settings: &Settings) -> Vec<Fault> {
    let config = settings.config_assets();
    let (Ok((framework, _)), Ok(areas)) = (framework_for(settings, When::default(), clock), framework::read_areas(&config))
    else {
        return Vec::new();
    };
    let reading = Reading::with(settings.program.clone());
    let files = Files { config: &config, areas: &areas, limits: &settings.returns.limits, reading: &reading };
    // Neither day nor quarter bears on how an answer is read.
    let (period, as_at) = (Period::last_quarter_before(Date::ZERO), Date::ZERO);
    let wanted = Wanted { framework: &framework, partners: &[], period, as_at };
    check_answers(&wanted, &settings.sources, files)
}
