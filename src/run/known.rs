//! What the ledger knows of partners' returns: handed in with each look at the folder, and added to after it.

use super::{Materials, PACK};
use crate::ask::{Earlier, Given, Group, Series};
use crate::collect::{Known, Observation, Provenance, ReturnVersion, Returns};
use crate::period::Period;
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError, RunId, Seen};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What is known before a look at the returns of `period`.
pub(super) async fn before(ledger: &Ledger, period: Period) -> Result<Known, LedgerError> {
    let versions = ledger.versions(period).await?.into_iter().map(|recorded| recorded.version).collect();
    let reports = match ledger.last_pack_before(period, PACK).await? {
        Some((run, _)) => ledger.action_reports(run).await?,
        None => Vec::new(),
    };
    Ok(Known {
        versions,
        figures: given_before(ledger, period).await?,
        progress: reports.into_iter().map(|report| (report.action, report.progress)).collect(),
    })
}

/// What each partner gave for quarters before `period`, by its id. One partner is not shown what another gave, or what
/// a public source says.
///
/// # Errors
/// See [`LedgerError`].
pub async fn given_before(ledger: &Ledger, period: Period) -> Result<BTreeMap<String, Earlier>, LedgerError> {
    let mut by_partner: BTreeMap<String, Earlier> = BTreeMap::new();
    for observation in ledger.returned_before(period).await? {
        let Observation { measure, area, period, category, value, illustrative, provenance, .. } = observation;
        let Provenance::Cell { partner, .. } = provenance else { continue };
        let group = category.map(|category| Group { by: category.scheme, name: category.group });
        let earlier = by_partner.entry(partner).or_default();
        earlier.entry(Series { measure, area, group }).or_default().insert(period, Given { value, illustrative });
    }
    Ok(by_partner)
}

/// Records the versions that a look saw first, and gives them.
pub(super) async fn record(
    ledger: &Ledger,
    run: RunId,
    settings: &Settings,
    period: Period,
    returns: &Returns,
    now: Timestamp,
) -> Result<Vec<ReturnVersion>, LedgerError> {
    let known: Vec<ReturnVersion> = ledger.versions(period).await?.into_iter().map(|recorded| recorded.version).collect();
    let is_new = |version: &&ReturnVersion| known.iter().all(|other| other.sha256 != version.sha256);
    let new: Vec<&ReturnVersion> = returns.versions.iter().filter(is_new).collect();
    let receipt = |version: &ReturnVersion| returns.receipts.iter().find(|r| r.sha256.as_ref() == Some(&version.sha256));
    let seen: Vec<Seen<'_>> = new.iter().filter_map(|version| Some(Seen { version, receipt: receipt(version)? })).collect();
    ledger.record_versions(run, period, &settings.paths.returns.display().to_string(), &seen, now).await?;
    Ok(seen.iter().map(|one| one.version.clone()).collect())
}

impl Materials {
    /// Whom partners may ask about their returns; empty where the settings name nobody.
    pub fn secretariat<'a>(&self, settings: &'a Settings) -> &'a str {
        settings.mail.reply_to.as_deref().or(settings.mail.from.as_deref()).unwrap_or_default()
    }
}
