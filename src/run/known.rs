//! What the ledger knows of returns of earlier quarters, for a new return to be held against.

use super::PACK;
use crate::ask::{Earlier, Given, Group, Series};
use crate::collect::{Known, Observation, Provenance};
use crate::evaluate::methods::spc;
use crate::framework::{Framework, Source};
use crate::period::Period;
use crate::store::{Ledger, LedgerError};
use std::collections::BTreeMap;

/// What partners gave in the last collection of each quarter before `period`; what a later one says stands. Versions of the
/// quarter itself are not in it.
///
/// # Errors
/// See [`LedgerError`].
pub async fn known_before(ledger: &Ledger, framework: &Framework, period: Period) -> Result<Known, LedgerError> {
    let mut known = Known { expected: Some(spc::limits_after), ..Known::default() };
    let asked = framework.measures.iter().filter(|measure| matches!(measure.source, Source::Return { .. }));
    let asked: Vec<_> = asked.map(|measure| &measure.id).collect();
    for run in ledger.collections_before(period, PACK).await? {
        for measure in &asked {
            add_given(&mut known.figures, ledger.observations(run, measure).await?);
        }
        // A run that was cut off before it judged has none, and the one before stands.
        let reports = ledger.action_reports(run).await?;
        known.progress.extend(reports.into_iter().map(|report| (report.action, report.progress)));
    }
    Ok(known)
}

/// Adds what partners gave, by the partner's id: one is not held against, nor shown, what another gave or what a public
/// source says.
pub fn add_given(by_partner: &mut BTreeMap<String, Earlier>, observations: Vec<Observation>) {
    for Observation { measure, area, period, category, value, illustrative, provenance, .. } in observations {
        let Provenance::Cell { partner, .. } = provenance else { continue };
        let group = category.map(|category| Group { by: category.scheme, name: category.group });
        let earlier = by_partner.entry(partner).or_default();
        earlier.entry(Series { measure, area, group }).or_default().insert(period, Given { value, illustrative });
    }
}
