//! Opening the ledger to work with it: whoever is to mend it is told where that fails, and what was cut off is said.

use super::alerts::{self, OperatorAlerts};
use super::error::RunError;
use super::lease::{this_machine, this_process};
use super::mail_config::MailConfig;
use crate::counted::counted;
use crate::fault::Faults;
use crate::settings::Settings;
use crate::store::{CutOff, Ledger};
use jiff::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What this process found cut off and has not said yet.
static FOUND: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn found() -> MutexGuard<'static, Vec<String>> {
    FOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens the ledger of the settings, which must lie apart from what others read. Where it cannot be used the operators are told, if this `tells`. Messages that it finds
/// cut off are kept for whoever says so ([`take_cut_off`]).
///
/// # Errors
/// [`RunError::Unopened`], which they were told; [`RunError::Configuration`] where private files would lie among others.
pub(crate) async fn open(settings: &Settings, tells: bool, now: fn() -> Timestamp) -> Result<Ledger, RunError> {
    private_lies_apart(settings)?;
    match Ledger::open_to_work(&settings.paths, &this_process(now()), now()).await {
        Ok((ledger, cut_off)) => {
            found_cut_off(&cut_off);
            Ok(ledger)
        }
        Err(error) => {
            if tells {
                alerts::of_ledger(settings, &error, now).await;
            }
            Err(RunError::Unopened(error))
        }
    }
}

/// Does work with the ledger, which is closed after it. Where it cannot be used the operators are told, if this `tells`.
///
/// # Errors
/// As [`open`]; the work's.
pub(super) async fn with_ledger<T>(
    settings: &Settings,
    tells: bool,
    now: fn() -> Timestamp,
    work: impl AsyncFnOnce(&Ledger) -> Result<T, RunError>,
) -> Result<T, RunError> {
    let ledger = open(settings, tells, now).await?;
    let result = work(&ledger).await;
    ledger.close().await;
    let result = result.map_err(|error| match error {
        RunError::Ledger(error) => RunError::Ledger(error.of(&settings.paths.ledger)),
        other => other,
    });
    if let Err(RunError::Ledger(error)) = &result
        && tells
    {
        alerts::of_ledger(settings, error, now).await;
    }
    result
}

/// # Errors
/// What is private and lies among packs or returns: to make a file there would show it to whoever reads those.
pub(crate) fn private_lies_apart(settings: &Settings) -> Result<(), Faults> {
    let (faults, _) = settings.paths.what_is_not_apart();
    Faults(faults.into_iter().filter_map(|fault| settings.origins.point(fault)).collect()).into_result()
}

/// The messages that were found cut off since this was last asked, a line for those of each run: each is said once, by whoever
/// comes first.
pub(crate) fn take_cut_off() -> Vec<String> {
    std::mem::take(&mut *found())
}

/// Has whoever ends the command say what was found cut off; once, however often the command opens the ledger.
pub(crate) fn found_cut_off(cut_off: &[CutOff]) {
    let mut found = found();
    for line in cut_off.iter().map(in_words) {
        if !found.contains(&line) {
            found.push(line);
        }
    }
}

/// Leaves lines of what is held to whoever ends the command.
pub(crate) fn leave(held: Vec<String>) {
    found().extend(held);
}

fn in_words(CutOff { run, kind, count }: &CutOff) -> String {
    let kind = kind.replace(['-', '_'], " ");
    let told = |were: &str, are: &str| format!("{kind} {were} cut off while being sent, and {are} may have arrived");
    let (one, several) = (told("message was", "is held: it"), told("messages were", "are held: they"));
    format!("{} (`boardpack runs show {run}`)", counted(usize::try_from(*count).unwrap_or_default(), &one, &several))
}

/// Tells that the configuration has errors, where at least the mail settings and the list of operators can be read.
pub(crate) async fn tell_of_configuration(settings: &Settings, faults: &Faults, now: fn() -> Timestamp) {
    let told = async {
        let mail = MailConfig::load(settings, &[])?;
        // Without one it is told at each start.
        let ledger = open(settings, false, now).await.ok();
        let here = this_machine();
        let teller = OperatorAlerts::of_start(settings, &mail, ledger.as_ref(), &here, now);
        teller.of_configuration(faults.0.iter().map(ToString::to_string).collect()).await;
        if let Some(ledger) = ledger {
            ledger.close().await;
        }
        Ok::<_, RunError>(())
    };
    if let Err(error) = told.await {
        tracing::error!(%error, "the operators could not be told of the errors in the configuration");
    }
}
