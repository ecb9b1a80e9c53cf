//! A look at the inbox for one quarter: what came, what is new, and files of earlier quarters, which are filed under their own.

use super::cycle::Round;
use super::status;
use crate::archive::{Archive, short_sha256};
use crate::collect::{self, Finding, Known, ReturnReceipt, ReturnVersion, Returns, Standing};
use crate::period::Period;
use crate::run::error::RunError;
use crate::run::loaded_config::LoadedConfig;
use crate::run::quarter::When;
use crate::run::{assess, prior_data};
use crate::store::{Extension, RecordedVersion, RunId};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What a look found.
pub(in crate::run) struct Looked {
    pub returns: Returns,
    /// What of earlier collections could not be read.
    pub unread: Vec<Finding>,
    /// Returns that were accepted and whose figures are lost with the archive, in words.
    pub lost: Vec<String>,
    /// What became of the files that were seen for the first time, or can be used for the first time.
    pub(super) new: Vec<ReturnReceipt>,
    pub(super) extensions: BTreeMap<String, Extension>,
    /// The versions of the quarter that were taken out of use, in the order in which they came.
    pub(super) withdrawn: Vec<RecordedVersion>,
    /// Files of earlier quarters that no look had seen, by their quarter.
    pub(super) late: Vec<Late>,
    pub(super) unfiled: Vec<String>,
}

/// What a look found for an earlier quarter.
pub(super) struct Late {
    pub period: Period,
    materials: LoadedConfig,
    returns: Returns,
    pub new: Vec<ReturnReceipt>,
    pub extensions: BTreeMap<String, Extension>,
}

impl Looked {
    /// A line for the files of each kind that are of other quarters, and for those that could not be filed.
    pub fn other_files(&self, period: Period) -> Vec<String> {
        self.unfiled.iter().cloned().chain(status::other_files(&self.returns.elsewhere, period)).collect()
    }
}

impl Late {
    /// Of its receipts those of what was seen for the first time.
    pub fn news(&self) -> Returns {
        let is_new = |sha256: &Option<String>| sha256.is_none() || self.new.iter().any(|receipt| receipt.sha256 == *sha256);
        let receipts = self.returns.receipts.iter().filter(|receipt| receipt.file.is_some() && is_new(&receipt.sha256));
        Returns { receipts: receipts.cloned().collect(), ..self.returns.clone() }
    }
}

impl Round<'_> {
    /// Looks at what came in, and records what is new: first that of earlier quarters, each under its own, since this quarter's
    /// figures stand on those.
    pub async fn look_and_record(&self, run: RunId) -> Result<Looked, RunError> {
        let mut looked = self.look_only().await?;
        for late in &looked.late {
            self.of(late).record(run, &late.returns).await?;
        }
        if looked.late.iter().flat_map(|late| &late.new).any(|receipt| receipt.sha256.is_some()) {
            let Looked { late, unfiled, .. } = looked;
            looked = Looked { late, unfiled, ..self.look().await? };
        }
        self.record(run, &looked.returns).await?;
        Ok(looked)
    }

    /// The same with nothing recorded.
    pub(super) async fn look_only(&self) -> Result<Looked, RunError> {
        let mut looked = self.look().await?;
        let earlier = looked.returns.elsewhere.iter().filter(|file| !file.known && file.quarter < self.period);
        let quarters: BTreeSet<Period> = earlier.map(|file| file.quarter).collect();
        for period in quarters {
            let when = When { period: Some(period), as_at: Some(self.as_at) };
            match LoadedConfig::load(self.settings, self.materials.mail.is_some(), when, self.now) {
                Ok(materials) => {
                    let Looked { returns, new, extensions, .. } = Round { materials: &materials, period, ..*self }.look().await?;
                    looked.late.push(Late { period, materials, returns, new, extensions });
                }
                Err(faults) => {
                    let first = faults.0.first().map_or(String::new(), ToString::to_string);
                    looked.unfiled.push(format!("files of {} cannot be filed: {first}", period.slug()));
                }
            }
        }
        Ok(looked)
    }

    /// The round of the quarter of a late file.
    pub(super) fn of<'l>(&'l self, late: &'l Late) -> Round<'l> {
        Round { materials: &late.materials, period: late.period, ..*self }
    }

    /// Reads what came in for this quarter, in the light of what came before.
    pub async fn look(&self) -> Result<Looked, RunError> {
        let Round { settings, materials, period, as_at, .. } = *self;
        let archive = Archive::new(settings.paths.archive.clone());
        let (mut known, unread) = prior_data::known(self.ledger, &archive, &materials.framework, period, as_at).await?;
        materials.add_past(&mut known.figures);
        known.prints = materials.prints();
        let wanted = assess::wanted(materials, period, as_at);
        if !materials.partners.is_empty() {
            collect::check_inbox(&settings.paths.returns, &materials.partners).map_err(RunError::Inbox)?;
        }
        let returns = assess::returns(settings, materials, &wanted, &known, &archive, (self.now)());
        let new = prior_data::new(&known, &returns).cloned().collect();
        let lost = lost(&known, &returns, &archive, period, as_at);
        let extensions = self.ledger.extensions(period).await?;
        let mut withdrawn = self.ledger.versions(period).await?;
        withdrawn.retain(|one| one.withdrawn.is_some() && one.version.arrived <= as_at);
        Ok(Looked { returns, unread, lost, new, extensions, withdrawn, late: Vec::new(), unfiled: Vec::new() })
    }

    /// Records the versions that a look saw first.
    async fn record(&self, run: RunId, returns: &Returns) -> Result<(), RunError> {
        let Round { settings, period, .. } = *self;
        prior_data::record(self.ledger, run, settings, period, returns, (self.now)()).await
    }
}

/// What was accepted and cannot be read any more: of an earlier quarter what the return gave, of this one its workbook. Whoever
/// sends it again, or puts the archive back, mends it.
fn lost(known: &Known, returns: &Returns, archive: &Archive, period: Period, as_at: Date) -> Vec<String> {
    let accepted = known.versions.iter().filter(|version| version.standing == Standing::Accepted && version.arrived <= as_at);
    let is_lost = |version: &&ReturnVersion| match version.quarter == period {
        true => !returns.contents.contains_key(&version.sha256) && archive.read(&version.sha256).is_err(),
        false => version.quarter < period && known.lost.contains(&version.key()),
    };
    let in_words = |version: &ReturnVersion| {
        let ReturnVersion { partner, file, quarter, sha256, .. } = version;
        format!(
            "the return of {partner} for {quarter}, {file}, was accepted, and the archive has it no more (put the archive back \
             from a backup, or the file into the inbox again, and `boardpack returns collect --period {quarter}`; where neither \
             can be had, `boardpack returns withdraw {} --by NAME --reason TEXT` goes on without it)",
            short_sha256(sha256),
            quarter = quarter.slug()
        )
    };
    accepted.filter(is_lost).map(in_words).collect()
}
