//! Whether a ledger is the one that was worked with before: the archive and the folder of packs have its id, and the archive a
//! record of what was sent. One that is new, emptied, another's or older than what was sent is not worked with until a person
//! has decided what is to become of it.

use super::elsewhere::{LedgerTraces, is_there, mark_output, outputs};
use super::error::{doubtful, doubtful_record};
use super::locks::Locks;
use super::opening::wait_for;
use super::sent::{RecordLine, SentMessage};
use super::work::{LedgerWork, files};
use super::{CutOff, Ledger, LedgerError, LeftBehind, MessageState, RunId, close_to_others};
use crate::distribute::MessageKey;
use crate::settings::Paths;
use jiff::Timestamp;
use sqlx::Connection;
use std::sync::{Arc, Mutex};

/// The lock of whoever compares a ledger with the archive, one at a time.
const COMPARING: &str = "comparing";

impl Ledger {
    /// Opens the ledger of `paths` to work with it, as [`Ledger::open`] does. Where nothing is known of any ledger, or of one
    /// without an id, it gets one, and the archive and the folder of packs with it. `holder` says to others who works with it.
    ///
    /// Messages whose sender was gone before it knew whether they went are held from now on; they are given with it.
    ///
    /// # Errors
    /// Those of [`Ledger::open`]; [`LedgerError::Doubtful`] where it is not the one that was worked with before, or not as far;
    /// [`LedgerError::DoubtfulRecord`] where the archive has not all that it sent.
    pub async fn open_to_work(paths: &Paths, holder: &str, now: Timestamp) -> Result<(Self, Vec<CutOff>), LedgerError> {
        let messages = LeftBehind::check(paths)?.len();
        if messages > 0 {
            tracing::warn!(
                messages,
                "messages in files of an earlier version lie among the packs, by names made from addresses; `boardpack ledger move` moves them"
            );
        }
        close_to_others(paths);
        // What is recorded elsewhere is in the ledger before: read the other way round, what others do meanwhile would seem lost.
        let elsewhere = LedgerTraces::read(paths)?;
        let path = &paths.ledger;
        if let Some(lost) = elsewhere.lacks_ledger(paths).filter(|_| !is_there(path)) {
            return Err(lost);
        }
        let mut ledger = Ledger::open(path).await?;
        let _comparing = wait_for(&Locks::of(path), COMPARING).await?;
        let compared = async {
            let work = ledger.compared(paths, elsewhere, holder, now).await?;
            Ok((work, ledger.settle_cut_off(now).await?))
        };
        match compared.await.map_err(|error: LedgerError| error.of(path)) {
            Ok((work, cut_off)) => {
                ledger.work = Some(Arc::new(work));
                // Where whoever had it before was cut off in between, or an earlier version left it out.
                ledger.record_decisions().await.map_err(|error| error.of(path))?;
                ledger.record_made_runs().await.map_err(|error| error.of(path))?;
                ledger.record_schedules().await.map_err(|error| error.of(path))?;
                ledger.record_purged().await.map_err(|error| error.of(path))?;
                Ok((ledger, cut_off))
            }
            Err(error) => {
                ledger.close().await;
                Err(error)
            }
        }
    }

    /// Opens the ledger of `paths` to look at it, with why it is not to be relied on, if it is not; none where there is none
    /// yet. Nothing is written to it.
    ///
    /// # Errors
    /// Those of [`Ledger::open`]; [`LedgerError::LeftBehind`]; [`LedgerError::Doubtful`] where there should be one and is none.
    pub async fn open_to_read(paths: &Paths) -> Result<Option<(Self, Option<LedgerError>)>, LedgerError> {
        LeftBehind::check(paths)?;
        let mut elsewhere = LedgerTraces::read(paths)?;
        let path = &paths.ledger;
        if matches!(path.try_exists(), Ok(false)) {
            return elsewhere.lacks_ledger(paths).map_or(Ok(None), Err);
        }
        let ledger = Ledger::open(path).await?;
        match ledger.doubt(paths, &mut elsewhere).await {
            Ok(doubt) => Ok(Some((ledger, doubt))),
            Err(error) => {
                ledger.close().await;
                Err(error.of(path))
            }
        }
    }

    /// Why it is not the ledger that the archive and the folder of packs belong to, or not as far; none where it is.
    async fn doubt(&self, paths: &Paths, elsewhere: &mut LedgerTraces) -> Result<Option<LedgerError>, LedgerError> {
        let path = &paths.ledger;
        match (self.id().await?, elsewhere.owner()) {
            (None, Some(owner)) => {
                return Ok(Some(doubtful(path, &format!("{} belongs to a ledger, and this one is new", owner.display(paths)))));
            }
            (Some(id), _) => {
                if let Some(owner) = elsewhere.owner_other_than(&id) {
                    return Ok(Some(doubtful(path, &format!("{} belongs to another one", owner.display(paths)))));
                }
            }
            (None, None) => {}
        }
        if let Some(problem) = self.lacking(elsewhere).await?.problem() {
            return Ok(Some(doubtful(path, &problem)));
        }
        Ok(self.gaps(elsewhere).await?.problem().map(|problem| doubtful_record(&elsewhere.record.path, &problem)))
    }

    async fn compared(
        &self,
        paths: &Paths,
        mut elsewhere: LedgerTraces,
        holder: &str,
        now: Timestamp,
    ) -> Result<LedgerWork, LedgerError> {
        let path = &paths.ledger;
        if let Some(doubt) = self.doubt(paths, &mut elsewhere).await? {
            return Err(doubt);
        }
        let before = self.id().await?;
        let id = match &before {
            Some(id) => id.clone(),
            None => self.new_id().await?,
        };
        let LedgerTraces { mut record, marks, .. } = elsewhere;
        if record.known.ledgers.is_empty() {
            let (by, reason) = (String::new(), String::new());
            let mut lines = vec![RecordLine::Ledger { id: id.clone(), at: now, by, reason }];
            lines.extend(self.sent().await?.into_iter().map(RecordLine::Message));
            if let Err(error) = record.append(lines, |_| Ok(())) {
                if before.is_none() {
                    // With an id and no record it would seem that the record was lost.
                    sqlx::query("DELETE FROM identity").execute(&self.pool).await?;
                }
                return Err(error);
            }
        }
        let run = self.last_run().await?;
        let outputs = outputs(paths);
        for output in outputs.iter().filter(|output| marks.iter().all(|(marked, _)| marked != *output)) {
            mark_output(output, &id, run);
        }
        let mut connection = self.pool.acquire().await?.detach();
        connection.ping().await?;
        let (name, lives) = self.join(holder).await?;
        Ok(LedgerWork {
            id,
            name,
            _lives: lives,
            path: path.clone(),
            outputs,
            record_path: record.path.clone(),
            record: Mutex::new(record),
            files: files(path),
            connection: Mutex::new(Some(connection)),
        })
    }

    /// That the files of the ledger are the ones that were opened, and it is still the same.
    ///
    /// # Errors
    /// [`LedgerError::Doubtful`] where they were removed or replaced: what is written now may be lost.
    pub async fn check_in_place(&self) -> Result<(), LedgerError> {
        let Some(work) = &self.work else { return Ok(()) };
        if files(&work.path) != work.files {
            return Err(doubtful(&work.path, "its files were removed or replaced while boardpack was running"));
        }
        work.check_record_in_place()?;
        match self.id().await? {
            Some(id) if id == work.id => Ok(()),
            _ => Err(doubtful(&work.path, "it was replaced by another while boardpack was running")),
        }
    }

    pub(super) async fn id(&self) -> Result<Option<String>, LedgerError> {
        Ok(sqlx::query_scalar("SELECT id FROM identity").fetch_optional(&self.pool).await?)
    }

    async fn new_id(&self) -> Result<String, LedgerError> {
        let sql = "INSERT INTO identity (only, id) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT DO NOTHING";
        sqlx::query(sql).execute(&self.pool).await?;
        Ok(sqlx::query_scalar("SELECT id FROM identity").fetch_one(&self.pool).await?)
    }

    pub(super) async fn last_run(&self) -> Result<i64, LedgerError> {
        Ok(sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM run").fetch_one(&self.pool).await?)
    }

    /// Records that a message is about to go, before it does.
    ///
    /// # Errors
    /// A record that cannot be written; one by which the ledger is older than what was sent.
    pub(super) fn record_begun(&self, key: &MessageKey, sent: SentMessage) -> Result<(), LedgerError> {
        let Some(work) = &self.work else { return Ok(()) };
        let (digest, attempt) = (key.digest(), sent.attempt);
        work.record().append(vec![RecordLine::Message(sent)], |known| {
            work.check_owner(known)?;
            match known.messages.get(&digest) {
                Some(last) if !last.is_refused() && (last.attempt >= attempt || last.state == MessageState::Accepted) => {
                    Err(doubtful(&work.path, "it does not know of a message that was sent"))
                }
                _ => Ok(()),
            }
        })
    }

    /// Records what became of a message. Where that fails it counts as one that may have gone.
    pub(super) fn record_ended(&self, sent: SentMessage) {
        let Some(work) = &self.work else { return };
        if let Err(error) = work.record().append(vec![RecordLine::Message(sent)], |_| Ok(())) {
            tracing::warn!(%error, "the result of a message is in the ledger but could not be recorded in the archive");
        }
    }

    /// Records that a run began.
    ///
    /// # Errors
    /// A record that cannot be written, or that belongs to another ledger by now.
    pub(super) fn record_run(&self, run: RunId, now: Timestamp) -> Result<(), LedgerError> {
        let Some(work) = &self.work else { return Ok(()) };
        self.record_lines(vec![RecordLine::Run { number: run.0, at: now }])?;
        work.outputs.iter().for_each(|output| mark_output(output, &work.id, run.0));
        Ok(())
    }

    /// Appends lines to the record of the archive, where the ledger is worked with.
    ///
    /// # Errors
    /// A record that cannot be written, or that belongs to another ledger by now.
    pub(super) fn record_lines(&self, lines: Vec<RecordLine>) -> Result<(), LedgerError> {
        let Some(work) = &self.work else { return Ok(()) };
        work.record().append(lines, |known| work.check_owner(known))
    }

    /// Whether it is worked with, so that what is sent is recorded in the archive.
    pub(super) fn is_worked_with(&self) -> bool {
        self.work.is_some()
    }

    /// This process, by the name under which it joined; empty where it only looks.
    pub fn process(&self) -> &str {
        self.work.as_ref().map_or("", |work| &work.name)
    }

    /// Closes it once its writes are on the disk.
    pub async fn close(self) {
        self.stop_work().await;
        self.pool.close().await;
    }

    async fn stop_work(&self) {
        // What is not noted is said again.
        if self.is_worked_with() {
            let _ = self.note_said().await;
        }
        let connection = self.work.as_ref().and_then(|work| work.connection().take());
        if let Some(connection) = connection {
            let _ = connection.close().await;
        }
    }
}
