//! The issues of a quarter's packs: which there were, who has them, and what a corrected one says otherwise.

use super::checkpoints::Checkpoints;
use super::error::RunError;
use super::history::{EarlierOutput, PublishedStatements};
use super::loaded_config::LoadedConfig;
use super::message_content::MessageContent;
use super::pack::readers::Addressee;
use crate::area::AreaCode;
use crate::collect::Finding;
use crate::distribute::Recipient;
use crate::evaluate::{Evaluation, PackCorrection, PackStatements, ReplacedPack, alterations};
use crate::period::Period;
use crate::store::{Ledger, LedgerError, MessageRow, MessageState, RunId};
use std::collections::{BTreeMap, BTreeSet};

/// The messages with packs of one kind and quarter that were written before, by issue.
pub(super) struct Issues(Vec<MessageRow>);

impl Issues {
    pub async fn of(ledger: &Ledger, period: Period, kind: &str, reaches_people: bool) -> Result<Self, LedgerError> {
        let mut rows = ledger.messages_of(kind, period).await?;
        // What is only in files is no issue; but as long as messages go nowhere else, it stands for what is read.
        let is_practice = !reaches_people && !rows.iter().any(has_or_may_have);
        rows.retain(|row| is_practice || row.state != MessageState::Written);
        Ok(Issues(rows))
    }

    fn last(&self) -> Option<u32> {
        self.0.iter().map(|row| row.key.issue).max()
    }

    /// Those messages that arrived or may have.
    fn read(&self) -> impl Iterator<Item = &MessageRow> {
        self.0.iter().filter(|row| has_or_may_have(row) || row.state == MessageState::Written)
    }

    /// True where nobody has an issue yet.
    pub fn are_unread(&self) -> bool {
        self.read().next().is_none()
    }

    /// The run whose pack about `about` some have, or may have, as this issue: nobody else may get another one under its
    /// number.
    pub fn issued_by(&self, about: &str, issue: u32) -> Option<RunId> {
        let of = |row: &&MessageRow| has_or_may_have(row) && row.key.about == about && row.key.issue == issue;
        // What was sent to somebody later names the run that sent it, with the same pack.
        self.0.iter().filter(of).map(|row| row.run).min()
    }

    /// The SHA-256 of each pack that somebody has, or may have, as that issue.
    pub fn attached(&self, about: &str, issue: u32) -> BTreeSet<&str> {
        let of = |row: &&MessageRow| has_or_may_have(row) && row.key.about == about && row.key.issue == issue;
        self.0.iter().filter(of).map(|row| row.attachment_sha256.as_str()).collect()
    }

    /// The digests of the keys of what somebody has, or may have.
    pub fn digests_not_to_resend(&self) -> BTreeSet<String> {
        self.0.iter().filter(|row| has_or_may_have(row)).map(|row| row.key.digest()).collect()
    }

    /// Those who have, or may have, an issue, as they were written to; each once for each pack.
    ///
    /// # Errors
    /// A message whose recipient cannot be read: whoever has what was wrong must be told, and nobody is passed over.
    pub fn readers(&self, config: &LoadedConfig) -> Result<Vec<Addressee>, LedgerError> {
        let mut readers = BTreeMap::new();
        for row in self.read() {
            let unreadable = |problem: String| LedgerError::Unreadable { place: format!("message {}", row.id), problem };
            // Of what an older version sent there is the address alone.
            let recipient = match row.content.is_empty() {
                true => Recipient::new("", &row.key.address).map_err(unreadable)?,
                false => MessageContent::of(row)?.recipient,
            };
            let area = AreaCode::new(&row.key.about).map_err(unreadable)?;
            let part = Some(area).filter(|area| *area != config.framework.edition.system);
            readers.insert((row.key.about.as_str(), row.key.address.as_str()), Addressee { recipient, part });
        }
        Ok(readers.into_values().collect())
    }

    /// What the packs to be made now correct. Where a `reason` is given that is not yet that of the last issue, they are the
    /// next. Otherwise they are the last issue that there is once more, and correct what that corrected; where that is the
    /// first, they take the place of the `interim` packs that were sent, if any were.
    pub async fn correction(
        &self,
        checkpoints: &Checkpoints<'_>,
        reason: Option<&str>,
        now: &Evaluation,
        interim: Option<&Issues>,
    ) -> Result<EarlierOutput<Option<PackCorrection>>, RunError> {
        let reason = reason.filter(|_| interim.is_none() || !self.are_unread());
        let last = self.last().filter(|last| *last > 1 || reason.is_some());
        let mut unread: Vec<Finding> = Vec::new();
        let mut stated = async |run: Option<RunId>| -> Result<Option<PublishedStatements>, LedgerError> {
            let Some(run) = run else { return Ok(None) };
            let earlier = checkpoints.of(run).stated().await?;
            unread.extend(earlier.unread);
            Ok(earlier.content)
        };
        let changes = |earlier: &PublishedStatements| alterations(&earlier.evaluation, &PackStatements::from(now));
        let Some(last) = last else {
            let Some(interim) = interim.filter(|interim| !interim.are_unread()) else { return Ok(EarlierOutput::default()) };
            let earlier = stated(interim.first_of_the_last()).await?;
            let (changes, earlier_areas) = (earlier.as_ref().map(changes), earlier.map(|of| of.evaluation.areas_with_figures()));
            let content = PackCorrection { of: ReplacedPack::Interim, issue: 1, reason: String::new(), changes, earlier_areas };
            return Ok(EarlierOutput { content: Some(content), unread });
        };
        let written = self.0.iter().filter(|row| row.key.issue == last).map(|row| row.run).max();
        let corrected = stated(written).await?.and_then(|stated| stated.correction);
        let Some(reason) = reason.filter(|reason| corrected.as_ref().is_none_or(|correction| correction.reason != *reason))
        else {
            let unknown = || PackCorrection {
                of: ReplacedPack::Issue,
                issue: last,
                reason: String::new(),
                changes: None,
                earlier_areas: None,
            };
            let correction = corrected.unwrap_or_else(unknown);
            // More may have come since that issue was made, and revisions are told against the same pack.
            let since = stated(self.first_before(last)).await?.as_ref().map(changes);
            let correction = PackCorrection { changes: since.or(correction.changes), ..correction };
            unread.dedup();
            return Ok(EarlierOutput { content: Some(correction), unread });
        };
        // A purge may have let go of it.
        let changes = stated(self.first_of_the_last()).await?.as_ref().map(changes);
        let reason = reason.to_owned();
        let correction = PackCorrection { of: ReplacedPack::Issue, issue: last + 1, reason, changes, earlier_areas: None };
        unread.dedup();
        Ok(EarlierOutput { content: Some(correction), unread })
    }

    /// The run whose pack readers have as the issue that the packs to be made now correct; none where they correct none.
    pub async fn corrected(
        &self,
        checkpoints: &Checkpoints<'_>,
        reason: Option<&str>,
        is_interim: bool,
    ) -> Result<Option<RunId>, LedgerError> {
        let reason = reason.filter(|_| is_interim || !self.are_unread());
        let Some(last) = self.last().filter(|last| *last > 1 || reason.is_some()) else { return Ok(None) };
        let Some(written) = self.0.iter().filter(|row| row.key.issue == last).map(|row| row.run).max() else { return Ok(None) };
        let stated = checkpoints.of(written).stated().await?.content.and_then(|stated| stated.correction);
        let is_next = reason.is_some_and(|reason| stated.is_none_or(|correction| correction.reason != reason));
        Ok(if is_next { self.first_of_the_last() } else { self.first_before(last) })
    }

    /// A message of a later issue than `issue` that went out or is about to, about the same: the one to `address`, or any.
    pub fn later(&self, about: Option<&str>, issue: u32, address: &str) -> Option<&MessageRow> {
        let goes_out =
            |row: &MessageRow| has_or_may_have(row) || matches!(row.state, MessageState::Pending | MessageState::Written);
        let is_later = |row: &MessageRow| row.key.issue > issue && about.is_none_or(|about| row.key.about == about);
        let later = || self.0.iter().filter(|row| goes_out(row) && is_later(row));
        let last = later().map(|row| row.key.issue).max()?;
        let mut of_last = later().filter(|row| row.key.issue == last);
        let first = of_last.next()?;
        Some(if first.key.address == address { first } else { of_last.find(|row| row.key.address == address).unwrap_or(first) })
    }

    /// The first run whose pack somebody has as the issue before this one.
    fn first_before(&self, issue: u32) -> Option<RunId> {
        self.read().filter(|row| row.key.issue + 1 == issue).map(|row| row.run).min()
    }

    /// The first run whose pack somebody has as the last issue.
    fn first_of_the_last(&self) -> Option<RunId> {
        let last = self.read().map(|row| row.key.issue).max()?;
        self.read().filter(|row| row.key.issue == last).map(|row| row.run).min()
    }
}

/// It arrived, or may have.
fn has_or_may_have(row: &MessageRow) -> bool {
    row.state.may_have_arrived()
}
