//! What a person decides about a ledger that is not to be relied on: to go on with it, or to put a backup in its place. Either
//! way it takes in what the archive records as sent, so that nobody gets that again.

use super::comparison::{LedgerGaps, RecordGaps};
use super::decisions::Decisions;
use super::elsewhere::{LedgerTraces, OutputMark, is_there};
use super::locks::Locks;
use super::outbox::restore_sent;
use super::sent::{RecordLine, SentMessage, record_path};
use super::{Ledger, LedgerError, LeftBehind, LostApproval, RunOutcome, lineage};
use crate::atomic_file::copy_private as copied;
use crate::permissions;
use crate::settings::Paths;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Behind the name of a ledger: a copy on its way into its place.
const COPY: &str = "-restoring";

/// What goes with a record that is lost, beside that a pack may be sent again.
const UNPROTECTED: &str = "it is no longer known what earlier packs showed, so a count that a later pack hides may be worked out from \
    both (where disclosure.secret is lost too, later packs also hide other figures)";

/// The files of a ledger, by what is behind its name.
const FILES: [&str; 3] = ["", "-wal", "-shm"];

/// What a ledger takes in when it is adopted.
#[derive(Debug, Default)]
pub struct Adoption {
    /// What was sent, or may have been, and the ledger does not know of.
    pub messages: Vec<SentMessage>,
    /// The last run that is recorded elsewhere, where the ledger has not come so far.
    pub last_run: Option<i64>,
    /// The folder of packs belongs to a ledger, and neither the archive nor this ledger has all that that sent.
    pub has_no_record: bool,
    /// What came from partners and was decided about it, of which the ledger does not know.
    pub decided: Decisions,
    /// The record says nothing of what came from partners, though boardpack was at work: an earlier version left it out.
    pub lacks_decisions: bool,
    /// Packs that waited for approval, which the ledger does not know of.
    pub lost_approvals: Vec<LostApproval>,
    /// Why the ledger is another archive's, so that it is not adopted.
    pub of_another: Option<String>,
    /// What is wrong with the record of the archive, which has what the ledger knows from then on.
    pub record_problem: Option<String>,
    /// The lines of the record that cannot be read, where the ledger may not have what they said.
    pub lost_lines: Option<String>,
}

/// Who adopts a ledger, and why.
#[derive(Debug, Clone, Copy)]
pub struct Adopting<'a> {
    pub by: &'a str,
    pub reason: &'a str,
    /// This process, for others who ask.
    pub holder: &'a str,
    /// Also where the archive does not record all that was sent, so that a pack may be sent again.
    pub without_record: bool,
}

impl Adoption {
    /// What would be taken in. A ledger that is not there lacks everything.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn of(paths: &Paths) -> Result<Self, LedgerError> {
        LeftBehind::check(paths)?;
        let mut elsewhere = LedgerTraces::read(paths)?;
        if !is_there(&paths.ledger) {
            let known = elsewhere.record.known.messages.values().filter(|sent| !sent.is_refused());
            let last_run = Some(elsewhere.last_run()).filter(|run| *run > 0);
            let messages = known.cloned().collect();
            return Ok(Self {
                messages,
                last_run,
                has_no_record: elsewhere.has_no_record(),
                decided: elsewhere.record.known.decided.lacking_in(&Decisions::default()),
                lacks_decisions: elsewhere.lacks_decisions(),
                lost_approvals: elsewhere.record.known.waiting().map(LostApproval::of).collect(),
                of_another: None,
                record_problem: None,
                lost_lines: elsewhere.record.known.unread_lines(),
            });
        }
        let ledger = Ledger::open(&paths.ledger).await?;
        let adoption = Self::by(&ledger, paths, &mut elsewhere).await;
        ledger.close().await;
        adoption.map(|(adoption, _)| adoption)
    }

    /// Stops where the ledger is another archive's, and where nothing knows all that was sent, unless that is meant all the same.
    fn check(&self, paths: &Paths, without_record: bool) -> Result<(), LedgerError> {
        if let Some(problem) = &self.of_another {
            return Err(LedgerError::Refused(format!("{problem}, so nothing was changed ({})", lineage::REMEDY)));
        }
        let Some(unknown) = self.unknown(paths).filter(|_| !without_record) else { return Ok(()) };
        Err(LedgerError::Refused(format!(
            "{unknown}; so nothing was changed (restore the archive, or its file that is damaged, from a backup first; without a \
             backup, look in the mail account for what was sent, then add --without-record)"
        )))
    }

    /// Why nobody knows all that was sent, and what that means; none where the record or the ledger knows it.
    pub fn unknown(&self, paths: &Paths) -> Option<String> {
        let problem = match &self.lost_lines {
            Some(lines) => format!(
                "the record of what was sent, {}, is damaged ({lines}), and the ledger may not have what it said",
                record_path(&paths.archive).display()
            ),
            None if self.has_no_record => format!(
                "{} belongs to a ledger, and the archive {} has no record of everything that it sent",
                paths.output.display(),
                paths.archive.display()
            ),
            None => return None,
        };
        Some(format!("{problem}: a run may send a pack again to people who have it, and {UNPROTECTED}"))
    }

    /// With what the record of the archive lacks.
    async fn by(ledger: &Ledger, paths: &Paths, elsewhere: &mut LedgerTraces) -> Result<(Self, RecordGaps), LedgerError> {
        let LedgerGaps { messages, last_run, decided } = ledger.lacking(elsewhere).await?;
        let id = ledger.id().await?;
        let is_proven = elsewhere.proves(id.as_deref(), ledger.last_run().await?);
        let gaps = ledger.gaps(elsewhere).await?;
        // The one that the record belongs to, which has come as far: it has what the lines said that cannot be read.
        let is_own = id.is_some_and(|id| elsewhere.owner_other_than(&id).is_none());
        let has_all = is_own && messages.is_empty() && last_run.is_none();
        let lost_lines = elsewhere.record.known.unread_lines().filter(|_| !has_all);
        let has_no_record = elsewhere.has_no_record() && !is_proven;
        let record_problem = gaps.problem();
        // One that has come as far as the record knows what was decided.
        let lacks_decisions = elsewhere.lacks_decisions() && last_run.is_some();
        let lost_approvals = ledger.approvals_lacking(&elsewhere.record.known).await?;
        let of_another = ledger.of_another(paths, &elsewhere.record.known.ledgers).await?;
        let adoption = Self {
            messages,
            last_run,
            has_no_record,
            decided,
            lacks_decisions,
            lost_approvals,
            of_another,
            record_problem,
            lost_lines,
        };
        Ok((adoption, gaps))
    }
}

impl Ledger {
    /// Makes the ledger of `paths` the one that the archive and the folder of packs belong to, whatever it was before, and takes
    /// in what was sent. Nobody may be at work with it.
    ///
    /// # Errors
    /// [`LedgerError::AtWork`] where somebody is; [`LedgerError::Refused`] where it is another archive's. No ledger is left that was
    /// not there before.
    pub async fn adopt(paths: &Paths, adopting: Adopting<'_>, now: Timestamp) -> Result<Adoption, LedgerError> {
        LeftBehind::check(paths)?;
        let path = &paths.ledger;
        if !is_there(path) {
            // To open it would make it.
            Adoption::of(paths).await?.check(paths, adopting.without_record)?;
        }
        let was_there = path.exists();
        let ledger = Ledger::open(path).await?;
        let adopted = async {
            let _alone = ledger.alone(adopting.holder)?;
            ledger.taken_in(paths, adopting, now).await
        };
        let adopted = adopted.await;
        ledger.close().await;
        if adopted.is_err() && !was_there {
            FILES.iter().for_each(|end| drop(fs::remove_file(path_with_ending(path, end))));
        }
        adopted
    }

    /// Puts a backup in the place of the ledger of `paths`, which is kept beside it, and adopts it. Gives with what it took in
    /// where the ledger from before lies, if there was one.
    ///
    /// # Errors
    /// [`LedgerError::AtWork`]; a file that is no sound ledger of this archive, in which case nothing is changed.
    pub async fn restore(
        paths: &Paths,
        file: &Path,
        (holder, without_record): (&str, bool),
        now: Timestamp,
    ) -> Result<(Adoption, Option<PathBuf>), LedgerError> {
        LeftBehind::check(paths)?;
        let path = &paths.ledger;
        let copy = path_with_ending(path, COPY);
        let failed = |e: io::Error| {
            LedgerError::Failed(format!(
                "{} cannot be put in place of the ledger: {e} (run this as the user that boardpack runs as; that user must be able to read the backup and to write the folder of paths.ledger)",
                file.display()
            ))
        };
        FILES.iter().for_each(|end| drop(fs::remove_file(path_with_ending(&copy, end))));
        if let Some(folder) = path.parent() {
            permissions::create_folders(folder).map_err(failed)?;
        }
        let is_sound = async {
            copied(file, &copy).map_err(failed)?;
            // Whoever copied it while it was in use has what was written last beside it.
            match copied(&path_with_ending(file, "-wal"), &path_with_ending(&copy, "-wal")) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            }
            // What is wrong with the copy is wrong with the file that was given.
            let unsound = |error: LedgerError| match error {
                LedgerError::Open { .. } | LedgerError::Damaged => refused(file, "is damaged, or no ledger"),
                LedgerError::Newer { problem, .. } => refused(file, &format!("was made by a newer boardpack: {problem}")),
                other => other,
            };
            let backup = Ledger::open(&copy).await.map_err(unsound)?;
            let mut elsewhere = LedgerTraces::read(paths)?;
            let sound = async {
                backup.is_sound_backup(&elsewhere, file).await.map_err(unsound)?;
                let (mut adoption, _) = Adoption::by(&backup, paths, &mut elsewhere).await?;
                // It may be from before what those lines said, though nothing else tells.
                adoption.lost_lines = elsewhere.record.known.unread_lines();
                adoption.check(paths, without_record)
            };
            let sound = sound.await;
            backup.close().await;
            sound
        };
        let restored = async {
            is_sound.await?;
            let locks = Locks::of(path);
            let _alone = alone(&locks, holder)?;
            let before = path_with_ending(path, &format!("-before-{}", now.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ")));
            let was_there = path.exists();
            for end in FILES {
                match fs::rename(path_with_ending(path, end), path_with_ending(&before, end)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
                    _ => {}
                }
            }
            fs::rename(&copy, path).map_err(failed)?;
            if let Some(folder) = path.parent() {
                // Not every file system can sync a folder.
                let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
            }
            let ledger = Ledger::open(path).await?;
            let reason = format!("restored from {}", file.display());
            let adopted = ledger.taken_in(paths, Adopting { by: holder, reason: &reason, holder, without_record }, now).await;
            ledger.close().await;
            Ok((adopted?, was_there.then_some(before)))
        };
        let restored = restored.await;
        FILES.iter().for_each(|end| drop(fs::remove_file(path_with_ending(&copy, end))));
        let _ = fs::remove_dir(path_with_ending(&copy, "-locks"));
        restored
    }

    pub(super) fn alone(&self, holder: &str) -> Result<super::Lock, LedgerError> {
        alone(&self.locks, holder)
    }

    async fn is_sound_backup(&self, elsewhere: &LedgerTraces, file: &Path) -> Result<(), LedgerError> {
        let found: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&self.pool).await?;
        if found != "ok" {
            return Err(refused(file, &format!("is damaged ({})", found.lines().collect::<Vec<_>>().join(", "))));
        }
        match self.is_known_to(&elsewhere.record.known.ledgers).await? {
            false => Err(refused(file, "is the ledger of another archive")),
            true => Ok(()),
        }
    }

    async fn taken_in(&self, paths: &Paths, adopting: Adopting<'_>, now: Timestamp) -> Result<Adoption, LedgerError> {
        let mut elsewhere = LedgerTraces::read(paths)?;
        let Adopting { by, reason, without_record, .. } = adopting;
        let (adoption, gaps) = Adoption::by(self, paths, &mut elsewhere).await?;
        adoption.check(paths, without_record)?;
        let before = self.id().await?;
        let last_here = self.last_run().await?;
        let run = last_here.max(elsewhere.last_run()) + 1;
        let mut all = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let outcome = RunOutcome::DoneFor(format!("by {by}: {reason}"));
        sqlx::query(
            "INSERT INTO run (id, pack, period, as_at, edition, trigger, version, started_at, ended_at, outcome,
                              outcome_kind)
             VALUES ($1, $2, $3, $4, '', 'by hand', $5, $6, $6, $7, $8)",
        )
        .bind(run)
        .bind(lineage::ADOPTION)
        .bind(crate::period::Period::last_quarter_before(now.to_zoned(TimeZone::UTC).date()).slug())
        .bind(now.to_zoned(TimeZone::UTC).date().to_string())
        .bind(env!("CARGO_PKG_VERSION"))
        .bind(now.to_string())
        .bind(outcome.to_string())
        .bind(outcome.kind().name())
        .execute(&mut *all)
        .await?;
        let known = &elsewhere.record.known;
        // A number that no run has come to is damage.
        for made in known.made.values().filter(|made| made.number < run) {
            let lost = adoption.lost_approvals.iter().find(|lost| lost.run_id == made.number);
            made.restore(&mut all, lost).await?;
        }
        let makers = known.makers();
        for sent in &adoption.messages {
            let made_by = makers.get(&(sent.period.as_str(), sent.attachment_sha256.as_str()));
            let made_by = made_by.copied().filter(|number| *number < run).unwrap_or(run);
            restore_sent(&mut all, made_by, sent, now).await?;
        }
        known.decided.restore(&mut all, run, known.last_run > last_here).await?;
        known.schedules.restore(&mut all).await?;
        known.restore_purged(&mut all, run, now).await?;
        for lost in &adoption.lost_approvals {
            lost.keep(&mut all).await?;
        }
        lineage::keep(&mut all, before.iter().chain(&known.ledgers)).await?;
        let (of_record, of_ledger) = (elsewhere.record.known.secret.clone(), self.secret().await?);
        if let Some(digest) = of_record.as_ref().filter(|digest| of_ledger.as_ref() != Some(digest)) {
            sqlx::query("INSERT INTO disclosure_secret (digest, taken_at, taken_by, reason) VALUES ($1, $2, $3, $4)")
                .bind(digest)
                .bind(now.to_string())
                .bind(by)
                .bind(reason)
                .execute(&mut *all)
                .await?;
        }
        // It may not be taken for the one that it was before, nor for a copy of that.
        sqlx::query("DELETE FROM identity").execute(&mut *all).await?;
        sqlx::query("INSERT INTO identity (only, id) VALUES (1, lower(hex(randomblob(16))))").execute(&mut *all).await?;
        let id: String = sqlx::query_scalar("SELECT id FROM identity").fetch_one(&mut *all).await?;
        // In the archive first, with the id from before where it has none: cut off in between, the ledger is still known for its own.
        let is_new_record = elsewhere.record.known.ledgers.is_empty();
        let given = before.filter(|_| is_new_record).into_iter().chain([id.clone()]);
        let given = given.map(|id| RecordLine::Ledger { id, at: now, by: by.to_owned(), reason: reason.to_owned() });
        elsewhere.record.append(given.collect(), |_| Ok(()))?;
        all.commit().await?;
        let mut lines = vec![RecordLine::Run { number: run, at: now }];
        lines.extend(of_ledger.filter(|_| of_record.is_none()).map(|digest| RecordLine::Secret { digest, at: now }));
        // What lines said that cannot be read is said again.
        let is_whole = !is_new_record && gaps.damaged.is_empty();
        let unrecorded = if is_whole { gaps.messages } else { self.sent().await? };
        lines.extend(unrecorded.into_iter().map(RecordLine::Message));
        lines.extend(elsewhere.record.known.lines_of(self.decisions().await?));
        lines.extend(elsewhere.record.known.lines_of_runs(self.made_runs().await?));
        lines.extend(elsewhere.record.known.lines_of_schedules(self.known_schedules().await?));
        lines.extend(elsewhere.record.known.lines_of_purged(self.purged().await?));
        elsewhere.record.append(lines, |_| Ok(()))?;
        OutputMark { ledger: id, run }.write(&paths.output)?;
        Ok(adoption)
    }
}

fn refused(file: &Path, problem: &str) -> LedgerError {
    LedgerError::Refused(format!("{} {problem}, and nothing was changed (name another backup)", file.display()))
}

/// Keeps everybody from work for as long as it is held.
fn alone(locks: &Locks, holder: &str) -> Result<super::Lock, LedgerError> {
    if let Some(other) = locks.a_process()? {
        return Err(LedgerError::AtWork { holder: other });
    }
    match locks.take(super::locks::AT_WORK, holder)? {
        super::locks::Locked::Ours { lock, .. } => Ok(lock),
        super::locks::Locked::Anothers { holder } => Err(LedgerError::AtWork { holder }),
    }
}

fn path_with_ending(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}
