//! `boardpack config check` and `boardpack config show`.

use super::{Failure, Sources, exit};
use crate::fault::Faults;
use crate::run::Materials;
use crate::schedule::Schedules;
use clap::Subcommand;

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
            for (key, value, origin) in crate::settings::show(sources.file(), &sources.environment)? {
                println!("{key} = {value:?}  # {origin}");
            }
            Ok(exit::DONE)
        }
    }
}

fn check(sources: &Sources) -> Result<u8, Failure> {
    let settings = sources.load()?;
    let mut faults = Faults::default();
    match Materials::load(&settings, true) {
        Ok(materials) => {
            let lists = materials.mail.as_ref().map(|mail| &mail.lists);
            if let Some(Err(more)) = lists.map(|lists| Schedules::load(&settings.config_assets(), lists)) {
                faults.0.extend(more.0);
            }
            println!(
                "framework {}: {} ambitions, {} measures, {} key actions; {} partners",
                materials.framework.edition.id,
                materials.framework.ambitions.len(),
                materials.framework.measures.len(),
                materials.framework.actions.len(),
                materials.partners.len(),
            );
        }
        Err(found) => faults.0.extend(found.0),
    }
    faults.into_result()?;
    println!("the configuration is in order");
    Ok(exit::DONE)
}
