//! What the ledger knows of partners' returns: handed in with each look at the folder, and added to after it.

use super::PACK;
use super::memory::Memory;
use crate::ask::{Earlier, Given, Group, Series};
use crate::collect::{Archive, Finding, Known, Observation, Provenance, ReturnVersion, Returns};
use crate::evaluate::methods::spc;
use crate::framework::{Framework, Source};
use crate::period::Period;
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError, RunId, Seen};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What partners gave in the last collection of each quarter before `period`; what a later one says stands. Versions of the
/// quarter itself are not in it. With it, what could not be read of that.
///
/// # Errors
/// See [`LedgerError`].
pub async fn known_before(
    ledger: &Ledger,
    archive: &Archive,
    framework: &Framework,
    period: Period,
) -> Result<(Known, Vec<Finding>), LedgerError> {
    let mut known = Known { expected: Some(spc::limits_after), allowed: ledger.allowed().await?, ..Known::default() };
    let mut unread = Vec::new();
    let asked = framework.measures.iter().filter(|measure| matches!(measure.source, Source::Return { .. }));
    let asked: BTreeSet<_> = asked.map(|measure| &measure.id).collect();
    for run in ledger.collections_before(period, PACK).await? {
        let memory = Memory { ledger, archive: archive.clone(), run };
        let mut figures = memory.figures().await?;
        unread.append(&mut figures.unread);
        add_given(&mut known.figures, figures.content.into_iter().filter(|figure| asked.contains(&figure.measure)));
        let mut progress = memory.progress().await?;
        unread.append(&mut progress.unread);
        known.progress.extend(progress.content);
    }
    Ok((known, unread))
}

/// Adds what partners gave, by the partner's id: one is not held against, nor shown, what another gave or what a public
/// source says.
fn add_given(by_partner: &mut BTreeMap<String, Earlier>, observations: impl Iterator<Item = Observation>) {
    for Observation { measure, area, period, category, value, illustrative, provenance, .. } in observations {
        let Provenance::Cell { partner, .. } = provenance else { continue };
        let group = category.map(|category| Group { by: category.scheme, name: category.group });
        let earlier = by_partner.entry(partner).or_default();
        earlier.entry(Series { measure, area, group }).or_default().insert(period, Given { value, illustrative });
    }
}

/// All that is known before a look at the returns of `period`, its versions that were seen already among it.
pub(super) async fn before_look(
    ledger: &Ledger,
    archive: &Archive,
    framework: &Framework,
    period: Period,
) -> Result<(Known, Vec<Finding>), LedgerError> {
    let (known, unread) = known_before(ledger, archive, framework, period).await?;
    Ok((Known { versions: versions(ledger, period).await?, ..known }, unread))
}

pub(super) async fn versions(ledger: &Ledger, period: Period) -> Result<Vec<ReturnVersion>, LedgerError> {
    Ok(ledger.versions(period).await?.into_iter().map(|recorded| recorded.version).collect())
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
    let known = versions(ledger, period).await?;
    let is_new = |version: &&ReturnVersion| known.iter().all(|other| other.sha256 != version.sha256);
    let receipt = |version: &ReturnVersion| returns.receipts.iter().find(|r| r.sha256.as_ref() == Some(&version.sha256));
    let new = returns.versions.iter().filter(is_new);
    let seen: Vec<Seen<'_>> = new.filter_map(|version| Some(Seen { version, receipt: receipt(version)? })).collect();
    ledger.record_versions(run, period, &settings.paths.returns.display().to_string(), &seen, now).await?;
    Ok(seen.iter().map(|one| one.version.clone()).collect())
}
