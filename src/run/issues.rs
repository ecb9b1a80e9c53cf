//! The issues of a quarter's packs: which there were, who has them, and what a corrected one says otherwise.

use super::history::{Earlier, PublishedStatements};
use super::memory::Memory;
use super::post::Kept;
use super::{Materials, PACK, RunError};
use crate::area::AreaCode;
use crate::collect::{Archive, Finding};
use crate::distribute::Recipient;
use crate::evaluate::{Correction, Evaluation, Statements, alterations};
use crate::period::Period;
use crate::store::{Ledger, LedgerError, MessageRow, RunId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Somebody who is to get a pack, and of which part of the system; of the whole where none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Addressee {
    pub recipient: Recipient,
    pub part: Option<AreaCode>,
}

impl Addressee {
    /// The same pack goes to the same address.
    pub fn is_same(&self, other: &Addressee) -> bool {
        let (one, another) = (self.recipient.address.to_string(), other.recipient.address.to_string());
        self.part == other.part && one.eq_ignore_ascii_case(&another)
    }
}

/// The messages with packs of the quarter that were written before, by issue.
pub(super) struct Issues(Vec<MessageRow>);

impl Issues {
    pub async fn of(ledger: &Ledger, period: Period) -> Result<Self, LedgerError> {
        Ok(Issues(ledger.messages_of(PACK, period).await?))
    }

    fn last(&self) -> Option<u32> {
        self.0.iter().map(|row| row.key.issue).max()
    }

    /// Those messages that arrived or may have.
    fn read(&self) -> impl Iterator<Item = &MessageRow> {
        self.0.iter().filter(|row| matches!(row.state.as_str(), "accepted" | "sending" | "unknown"))
    }

    /// Those who have, or may have, an issue, as they were written to; each once for each pack.
    ///
    /// # Errors
    /// A message whose recipient cannot be read: whoever has what was wrong must be told, and nobody is passed over.
    pub fn readers(&self, materials: &Materials) -> Result<Vec<Addressee>, LedgerError> {
        let mut readers = BTreeMap::new();
        for row in self.read() {
            let unreadable = |problem: String| LedgerError::Unreadable { place: format!("message {}", row.id), problem };
            // Of what an older version sent there is the address alone.
            let recipient = match row.letter.is_empty() {
                true => Recipient::new("", &row.key.address).map_err(unreadable)?,
                false => Kept::of(row)?.recipient,
            };
            let area = AreaCode::new(&row.key.about).map_err(unreadable)?;
            let part = Some(area).filter(|area| *area != materials.framework.edition.system);
            readers.insert((row.key.about.as_str(), row.key.address.as_str()), Addressee { recipient, part });
        }
        Ok(readers.into_values().collect())
    }

    /// What the packs to be made now correct. Where a `reason` is given that is not yet that of the last issue, they are the
    /// next. Otherwise they are the last issue that there is once more, and correct what that corrected; none where that is
    /// the first.
    pub async fn correction(
        &self,
        ledger: &Ledger,
        archive: &Archive,
        materials: &Materials,
        reason: Option<&str>,
        now: &Evaluation,
    ) -> Result<Earlier<Option<Correction>>, RunError> {
        let Some(last) = self.last().filter(|last| *last > 1 || reason.is_some()) else { return Ok(Earlier::default()) };
        let mut unread: Vec<Finding> = Vec::new();
        let mut stated = async |run: Option<RunId>| -> Result<Option<PublishedStatements>, LedgerError> {
            let Some(run) = run else { return Ok(None) };
            let earlier = Memory { ledger, archive: archive.clone(), run }.stated().await?;
            unread.extend(earlier.unread);
            Ok(earlier.content)
        };
        let written = self.0.iter().filter(|row| row.key.issue == last).map(|row| row.run).max();
        let corrected = stated(written).await?.and_then(|stated| stated.correction);
        let Some(reason) = reason.filter(|reason| corrected.as_ref().is_none_or(|correction| correction.reason != *reason))
        else {
            let unknown = || Correction { issue: last, reason: String::new(), changes: None };
            return Ok(Earlier { content: Some(corrected.unwrap_or_else(unknown)), unread });
        };
        let run = self.read().filter(|row| row.key.issue == last).map(|row| row.run).min();
        // A purge may have let go of it.
        let earlier = stated(run).await?;
        let changes = earlier.map(|earlier| alterations(&earlier.evaluation, &Statements::from(now), &materials.framework));
        let correction = Correction { issue: last + 1, reason: reason.to_owned(), changes };
        unread.dedup();
        Ok(Earlier { content: Some(correction), unread })
    }

    /// True where nobody has an issue yet.
    pub fn are_unread(&self) -> bool {
        self.read().next().is_none()
    }
}
