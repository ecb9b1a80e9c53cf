//! What a ledger and the archive's record of what was sent lack of each other.

use super::decisions::Decisions;
use super::elsewhere::LedgerTraces;
use super::messages::message_row;
use super::sent::{KnownMessages, RecordLine, SentMessage};
use super::{Ledger, LedgerError, MessageState};
use crate::counted::counted;
use crate::fault::Faults;
use crate::settings::Paths;
use std::collections::HashMap;

/// What a ledger lacks of what was recorded elsewhere.
#[derive(Debug, Default)]
pub(super) struct LedgerGaps {
    pub messages: Vec<SentMessage>,
    /// The last run that was recorded, where the ledger has not come so far.
    pub last_run: Option<i64>,
    /// What came from partners and was decided about it.
    pub decided: Decisions,
}

/// What the record of the archive lacks of what the ledger knows.
#[derive(Debug, Default)]
pub(super) struct RecordGaps {
    /// The ledger has done something, and the record is nobody's: there is none.
    pub is_lost: bool,
    /// The numbers of its lines that cannot be read.
    pub damaged: Vec<usize>,
    /// The same in words.
    unread_lines: Option<String>,
    /// What the ledger knows was sent, and the record does not have.
    pub messages: Vec<SentMessage>,
}

impl Ledger {
    /// What was sent, or may have been, as the record has it.
    pub(super) async fn sent(&self) -> Result<Vec<SentMessage>, LedgerError> {
        let sql = "SELECT * FROM message WHERE state IN ('sending', 'accepted', 'unknown') AND transport <> 'file' ORDER BY id";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await?;
        rows.iter().map(|row| message_row(row)?.sent()).collect()
    }

    /// What came from partners and was decided about it.
    pub(super) async fn decisions(&self) -> Result<Decisions, LedgerError> {
        let pool = &self.pool;
        Ok(Decisions {
            returns: sqlx::query_as("SELECT * FROM return_version ORDER BY id").fetch_all(pool).await?,
            extensions: sqlx::query_as("SELECT * FROM return_extension ORDER BY id").fetch_all(pool).await?,
            allowances: sqlx::query_as("SELECT * FROM allowed ORDER BY allowed_at, sha256, cell").fetch_all(pool).await?,
            not_kept: sqlx::query_as("SELECT * FROM not_kept ORDER BY arrived, sha256").fetch_all(pool).await?,
        })
    }

    /// Has the archive record what the ledger has of that and the record has not. Where that fails the next opening makes up for
    /// it.
    pub(super) async fn record_decisions(&self) -> Result<(), LedgerError> {
        if self.is_worked_with() {
            let here = self.decisions().await?;
            self.make_up("what came from partners and was decided about it", |known| known.lines_of(here));
        }
        Ok(())
    }

    /// Has the archive record the runs that made packs of which it does not know, so that a ledger that takes the record in knows
    /// what they showed.
    pub(super) async fn record_made_runs(&self) -> Result<(), LedgerError> {
        if self.is_worked_with() {
            let made = self.made_runs().await?;
            self.make_up("which runs made packs", |known| known.lines_of_runs(made));
        }
        Ok(())
    }

    /// Appends to the record what it lacks of something, by what it knows. Where that fails the next opening makes up for it.
    pub(super) fn make_up(&self, what: &'static str, lines: impl FnOnce(&KnownMessages) -> Vec<RecordLine>) {
        let Some(work) = &self.work else { return };
        let mut record = work.record();
        let lines = lines(&record.known);
        if !lines.is_empty()
            && let Err(error) = record.append(lines, |known| work.check_owner(known))
        {
            tracing::warn!(%error, what, "it is in the ledger, and not yet in the archive");
        }
    }

    pub(super) async fn lacking(&self, elsewhere: &LedgerTraces) -> Result<LedgerGaps, LedgerError> {
        // Less their texts, which are long.
        let columns =
            "id, kind, period, about, issue, recipient, message_id, run_id, attachment_sha256, '' AS letter, state, transport, '' AS detail,
                       attempts, changed_at";
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {columns} FROM message"))).fetch_all(&self.pool).await?;
        let mut here: HashMap<String, (i64, MessageState)> = HashMap::new();
        for row in &rows {
            let row = message_row(row)?;
            here.insert(row.key.digest(), (row.attempts, row.state));
        }
        let lacks = |(digest, sent): &(&String, &SentMessage)| match here.get(*digest) {
            _ if sent.is_refused() => false,
            None => true,
            Some((attempts, state)) => {
                *attempts < sent.attempt || sent.state == MessageState::Accepted && *state != MessageState::Accepted
            }
        };
        let messages = elsewhere.record.known.messages.iter().filter(lacks).map(|(_, sent)| sent.clone()).collect();
        let last_run = elsewhere.last_run();
        let decided = elsewhere.record.known.decided.lacking_in(&self.decisions().await?);
        Ok(LedgerGaps { messages, last_run: (self.last_run().await? < last_run).then_some(last_run), decided })
    }

    /// What the archive's record lacks of what the ledger knows was sent. The record is read on after the ledger was: read the
    /// other way round, what others send meanwhile would seem lost.
    pub(super) async fn gaps(&self, elsewhere: &mut LedgerTraces) -> Result<RecordGaps, LedgerError> {
        // One that was never worked with has no record.
        let has_worked = self.id().await?.is_some() && self.last_run().await? > 0;
        let mut messages = self.sent().await?;
        elsewhere.record.catch_up()?;
        let known = &elsewhere.record.known;
        if known.ledgers.is_empty() && known.damaged.is_empty() {
            return Ok(RecordGaps { is_lost: has_worked, ..RecordGaps::default() });
        }
        // Any other may have been cut off before it was recorded.
        messages.retain(|sent| {
            sent.state == MessageState::Accepted && sent.key().is_some_and(|key| !known.messages.contains_key(&key.digest()))
        });
        let (damaged, unread_lines) = (known.damaged.clone(), known.unread_lines());
        Ok(RecordGaps { is_lost: false, damaged, unread_lines, messages })
    }

    /// What is wrong with the archive's record of what was sent, as far as the ledger shows it.
    ///
    /// # Errors
    /// A record that cannot be read; see [`LedgerError`].
    pub async fn faults_of_record(&self, paths: &Paths) -> Result<Faults, LedgerError> {
        const REMEDY: &str = "restore it from a backup; without a backup, `boardpack ledger adopt --by NAME --reason TEXT` \
            continues with what the ledger knows";
        let mut elsewhere = LedgerTraces::read(paths)?;
        let mut gaps = self.gaps(&mut elsewhere).await?;
        let path = elsewhere.record.path.display();
        let mut faults = Faults::default();
        gaps.unread_lines = None;
        for line in std::mem::take(&mut gaps.damaged) {
            faults.push(format!("{path}, line {line}"), "cannot be read, and says what was sent", REMEDY);
        }
        gaps.problem().into_iter().for_each(|problem| faults.push(path.to_string(), problem, REMEDY));
        Ok(faults)
    }
}

impl LedgerGaps {
    /// What is wrong with the ledger; none where it lacks nothing.
    pub fn problem(&self) -> Option<String> {
        let last = self.messages.iter().map(|sent| sent.at).max();
        let messages = last.map(|last| format!("{} of the messages that were sent, the last at {last}", self.messages.len()));
        let runs = self.last_run.map(|run| format!("what was done up to run {run}"));
        let decided = match self.decided.count() {
            0 => None,
            count => Some(counted(count, "return or decision about one", "returns or decisions about them")),
        };
        let all: Vec<String> = messages.into_iter().chain(runs).chain(decided).collect();
        (!all.is_empty()).then(|| format!("it lacks {}, as if it were an older copy or had been emptied", all.join(", and ")))
    }
}

impl RecordGaps {
    /// What is wrong with the record; none where it has everything.
    pub fn problem(&self) -> Option<String> {
        if self.is_lost {
            return Some("it is missing or empty, as if the archive had been lost".to_owned());
        }
        let count = self.messages.len();
        let messages = (count > 0).then(|| {
            let messages = if count == 1 { "message" } else { "messages" };
            format!("it lacks {count} {messages} that the ledger knows were sent, as if it were an older copy or had been cut")
        });
        let all: Vec<String> = self.unread_lines.clone().into_iter().chain(messages).collect();
        (!all.is_empty()).then(|| all.join(", and "))
    }
}
