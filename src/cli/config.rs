//! `boardpack config check` and `boardpack config show`.

use super::{Failure, Sources, clock, exit};
use crate::counted::counted;
use crate::fault::Fault;
use crate::run::{ConfigReview, disclosure, look_over};
use crate::settings::Settings;
use crate::store::{LedgerError, LeftBehind, found_beside_ledger};
use clap::Subcommand;
use std::io::Write;

#[derive(Subcommand)]
pub enum Command {
    /// Check all configuration and report every error
    Check,
    /// Print the settings and where each comes from
    Show,
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    match command {
        Command::Check => check(sources),
        Command::Show => {
            let mut out = std::io::stdout().lock();
            for (key, value, origin) in crate::settings::show(sources.file(), sources.environment())? {
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
    // Another folder than was meant would be looked at.
    let is_elsewhere = faults.0.iter().any(|fault| fault.place.ends_with("paths.config"));
    if is_elsewhere || settings.origins.may_be_lost("paths.config") {
        return Err(faults.into());
    }
    let ConfigReview { read, faults: found, warnings } = look_over(&settings, clock);
    faults.0.extend(found.0);
    match left_among_packs(&settings) {
        Some(left) => faults.0.push(left),
        None => faults.0.extend(lost_state(&settings)),
    }

    if let Some(config) = &read.config {
        println!(
            "framework {}, {}: {}, {}, {}; {}",
            config.framework.edition.id,
            config.edition_why,
            counted(config.framework.ambitions.len(), "ambition", "ambitions"),
            counted(config.framework.measures.len(), "measure", "measures"),
            counted(config.framework.actions.len(), "key action", "key actions"),
            counted(config.partners.len(), "partner", "partners"),
        );
    }
    for warning in warnings.0 {
        println!("warning: {warning}");
    }
    faults.distinct().into_result()?;
    println!("the configuration is valid");
    Ok(exit::DONE)
}

/// What is lost beside the configuration, so that no run goes on. The ledger is not opened: another user may own it, and another
/// version may be at work with it.
fn lost_state(settings: &Settings) -> Vec<Fault> {
    match found_beside_ledger(&settings.paths) {
        Ok((doubt, secret)) => {
            let doubt = doubt.map(|doubt| Fault::new("paths.state", doubt.to_string(), ""));
            doubt.into_iter().chain(secret.and_then(|known| disclosure::fault_of_other_secret(settings, &known))).collect()
        }
        Err(error) => vec![Fault::new("paths.state", error.to_string(), "")],
    }
}

/// What an earlier version kept among the packs: nothing works with a ledger until it is moved.
fn left_among_packs(settings: &Settings) -> Option<Fault> {
    let Err(LedgerError::LeftBehind { found, state }) = LeftBehind::check(&settings.paths) else { return None };
    let problem =
        format!("among the packs, where earlier versions kept private files, there is {found}; that belongs in {state}");
    let remedy = "`boardpack ledger move` moves all of it; or name it in paths.ledger and paths.archive to leave it there";
    Some(Fault::new("paths.state", problem, remedy))
}
