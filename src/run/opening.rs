//! Opening the ledger to work with it: whoever is to mend it is told where that fails.

use super::{RunError, tell};
use crate::settings::Settings;
use crate::store::Ledger;
use jiff::Timestamp;

/// Tells the operators of a ledger that failed, where nobody has.
pub(super) async fn told<T>(
    settings: &Settings,
    tells: bool,
    now: fn() -> Timestamp,
    result: Result<T, RunError>,
) -> Result<T, RunError> {
    if let Err(RunError::Ledger(error)) = &result
        && tells
    {
        tell::of_ledger(settings, error, now).await;
    }
    result
}

/// Opens the ledger of the settings. Where it cannot be used the operators are told, if this `tells`.
///
/// # Errors
/// [`RunError::Unopened`], which they were told.
pub(crate) async fn open(settings: &Settings, tells: bool, now: fn() -> Timestamp) -> Result<Ledger, RunError> {
    let opened = Ledger::open_to_work(&settings.paths, now()).await;
    if let Err(error) = &opened
        && tells
    {
        tell::of_ledger(settings, error, now).await;
    }
    opened.map_err(RunError::Unopened)
}
