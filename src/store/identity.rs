//! Whether a ledger is the one that was worked with before: the archive and the folder of packs have its id, and the archive a
//! record of what was sent. One that is new, emptied, another's or older than what was sent is not worked with until a person
//! has decided what is to become of it.

use super::locks::{Lock, Locks};
use super::messages::message_row;
use super::opening::wait_for;
use super::sent::{Known, Line, Mark, RECORD_CHANGED, Record, Sent};
use super::{CutOff, Ledger, LedgerError, LeftBehind, RunId, close_to_others};
use crate::distribute::MessageKey;
use crate::fault::Faults;
use crate::settings::Paths;
use jiff::Timestamp;
use sqlx::{Connection, Row, SqliteConnection};
use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The lock of whoever compares a ledger with the archive, one at a time.
const COMPARING: &str = "comparing";

/// What a ledger is worked with beside its tables.
#[derive(Debug)]
pub(super) struct Work {
    id: String,
    /// This process, by the name under which it joined.
    name: String,
    /// Shows others that it lives.
    _lives: Lock,
    path: PathBuf,
    /// The folders of packs.
    outputs: Vec<PathBuf>,
    record: Mutex<Record>,
    record_path: PathBuf,
    /// The files of the ledger as they were opened.
    files: [Option<File>; 2],
    /// Never asked anything: as long as one is open, the log of SQLite stays the same file.
    connection: Mutex<Option<SqliteConnection>>,
}

/// A file by its device and number.
type File = (u64, u64);

/// What the archive and the folders of packs say of the ledger that they belong to.
#[derive(Debug)]
pub(super) struct Elsewhere {
    pub record: Record,
    /// Of each folder that has one.
    marks: Vec<(PathBuf, Mark)>,
    /// The first folder that has packs, of whichever version.
    with_packs: Option<PathBuf>,
}

/// What a ledger lacks of what was recorded elsewhere.
#[derive(Debug, Default)]
pub(super) struct Lacking {
    pub messages: Vec<Sent>,
    /// The last run that was recorded, where the ledger has not come so far.
    pub last_run: Option<i64>,
}

/// What the record of the archive lacks of what the ledger knows.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// The ledger has done something, and the record is nobody's: there is none.
    pub is_lost: bool,
    /// The numbers of its lines that cannot be read.
    pub damaged: Vec<usize>,
    /// What the ledger knows was sent, and the record does not have.
    pub messages: Vec<Sent>,
}

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
        let elsewhere = Elsewhere::read(paths)?;
        let path = &paths.ledger;
        let is_there = fs::metadata(path).is_ok_and(|file| file.len() > 0);
        if let Some(owner) = elsewhere.owner().filter(|_| !is_there) {
            return Err(owner.lacks_its_ledger(paths));
        }
        if let Some(folder) = elsewhere.with_packs.as_ref().filter(|_| !is_there) {
            let folder = folder.display();
            return Err(doubtful(path, &format!("{folder} holds packs of a ledger, and this one is not there or empty")));
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
        let mut elsewhere = Elsewhere::read(paths)?;
        let path = &paths.ledger;
        if !path.exists() {
            let lost = elsewhere.owner().map(|owner| owner.lacks_its_ledger(paths));
            return lost.map_or(Ok(None), Err);
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
    async fn doubt(&self, paths: &Paths, elsewhere: &mut Elsewhere) -> Result<Option<LedgerError>, LedgerError> {
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

    async fn compared(&self, paths: &Paths, mut elsewhere: Elsewhere, holder: &str, now: Timestamp) -> Result<Work, LedgerError> {
        let path = &paths.ledger;
        if let Some(doubt) = self.doubt(paths, &mut elsewhere).await? {
            return Err(doubt);
        }
        let before = self.id().await?;
        let id = match &before {
            Some(id) => id.clone(),
            None => self.new_id().await?,
        };
        let Elsewhere { mut record, marks, .. } = elsewhere;
        if record.known.ledgers.is_empty() {
            let (by, reason) = (String::new(), String::new());
            let mut lines = vec![Line::Ledger { id: id.clone(), at: now, by, reason }];
            lines.extend(self.sent().await?.into_iter().map(Line::Message));
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
        Ok(Work {
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
            return Err(doubtful(&work.path, "its files were removed or replaced while boardpack was at work"));
        }
        work.check_record_in_place()?;
        match self.id().await? {
            Some(id) if id == work.id => Ok(()),
            _ => Err(doubtful(&work.path, "another was put in its place while boardpack was at work")),
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

    /// What was sent, or may have been, as the record has it.
    pub(super) async fn sent(&self) -> Result<Vec<Sent>, LedgerError> {
        let sql = "SELECT * FROM message WHERE state IN ('sending', 'accepted', 'unknown') AND transport <> 'file' ORDER BY id";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await?;
        rows.iter().map(|row| Sent::of(&message_row(row)?, row.try_get("message_id")?)).collect()
    }

    pub(super) async fn lacking(&self, elsewhere: &Elsewhere) -> Result<Lacking, LedgerError> {
        // Less their texts, which are long.
        let columns =
            "id, kind, period, about, issue, recipient, run_id, attachment_sha256, '' AS letter, state, transport, '' AS detail,
                       attempts, changed_at";
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {columns} FROM message"))).fetch_all(&self.pool).await?;
        let mut here: HashMap<String, (i64, String)> = HashMap::new();
        for row in &rows {
            let row = message_row(row)?;
            here.insert(row.key.digest(), (row.attempts, row.state));
        }
        let lacks = |(digest, sent): &(&String, &Sent)| match here.get(*digest) {
            _ if sent.is_refused() => false,
            None => true,
            Some((attempts, state)) => *attempts < sent.attempt || sent.state == "accepted" && state != "accepted",
        };
        let messages = elsewhere.record.known.messages.iter().filter(lacks).map(|(_, sent)| sent.clone()).collect();
        let last_run = elsewhere.last_run();
        Ok(Lacking { messages, last_run: (self.last_run().await? < last_run).then_some(last_run) })
    }

    /// What the archive's record lacks of what the ledger knows was sent. The record is read on after the ledger was: read the
    /// other way round, what others send meanwhile would seem lost.
    pub(super) async fn gaps(&self, elsewhere: &mut Elsewhere) -> Result<Gaps, LedgerError> {
        // One that was never worked with has no record.
        let has_worked = self.id().await?.is_some() && self.last_run().await? > 0;
        let mut messages = self.sent().await?;
        elsewhere.record.catch_up()?;
        let known = &elsewhere.record.known;
        if known.ledgers.is_empty() && known.damaged.is_empty() {
            return Ok(Gaps { is_lost: has_worked, ..Gaps::default() });
        }
        // Any other may have been cut off before it was recorded.
        messages
            .retain(|sent| sent.state == "accepted" && sent.key().is_some_and(|key| !known.messages.contains_key(&key.digest())));
        Ok(Gaps { is_lost: false, damaged: known.damaged.clone(), messages })
    }

    /// What is wrong with the archive's record of what was sent, as far as the ledger shows it.
    ///
    /// # Errors
    /// A record that cannot be read; see [`LedgerError`].
    pub async fn faults_of_record(&self, paths: &Paths) -> Result<Faults, LedgerError> {
        const REMEDY: &str = "put it back from a backup; where there is none, `boardpack ledger adopt --by NAME --reason TEXT` goes \
                              on by what the ledger knows";
        let mut elsewhere = Elsewhere::read(paths)?;
        let mut gaps = self.gaps(&mut elsewhere).await?;
        let path = elsewhere.record.path.display();
        let mut faults = Faults::default();
        for line in std::mem::take(&mut gaps.damaged) {
            faults.push(format!("{path}, line {line}"), "cannot be read, and says what was sent", REMEDY);
        }
        gaps.problem().into_iter().for_each(|problem| faults.push(path.to_string(), problem, REMEDY));
        Ok(faults)
    }

    /// Records that a message is about to go, before it does.
    ///
    /// # Errors
    /// A record that cannot be written; one by which the ledger is older than what was sent.
    pub(super) fn record_begun(&self, key: &MessageKey, sent: Sent) -> Result<(), LedgerError> {
        let Some(work) = &self.work else { return Ok(()) };
        let (digest, attempt) = (key.digest(), sent.attempt);
        work.record().append(vec![Line::Message(sent)], |known| {
            work.check_owner(known)?;
            match known.messages.get(&digest) {
                Some(last) if !last.is_refused() && (last.attempt >= attempt || last.state == "accepted") => {
                    Err(doubtful(&work.path, "it does not know of a message that was sent"))
                }
                _ => Ok(()),
            }
        })
    }

    /// Records what became of a message. Where that fails it counts as one that may have gone.
    pub(super) fn record_ended(&self, sent: Sent) {
        let Some(work) = &self.work else { return };
        if let Err(error) = work.record().append(vec![Line::Message(sent)], |_| Ok(())) {
            tracing::warn!(%error, "what became of a message is in the ledger, and could not be recorded in the archive");
        }
    }

    /// Records that a run began.
    ///
    /// # Errors
    /// A record that cannot be written, or that belongs to another ledger by now.
    pub(super) fn record_run(&self, run: RunId, now: Timestamp) -> Result<(), LedgerError> {
        let Some(work) = &self.work else { return Ok(()) };
        self.record_lines(vec![Line::Run { number: run.0, at: now }])?;
        work.outputs.iter().for_each(|output| mark_output(output, &work.id, run.0));
        Ok(())
    }

    /// Appends lines to the record of the archive, where the ledger is worked with.
    ///
    /// # Errors
    /// A record that cannot be written, or that belongs to another ledger by now.
    pub(super) fn record_lines(&self, lines: Vec<Line>) -> Result<(), LedgerError> {
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

    pub(super) async fn stop_work(&self) {
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

impl Work {
    /// What was read of the record is whole whatever whoever read it came to; so is the connection.
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connection(&self) -> MutexGuard<'_, Option<SqliteConnection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_owner(&self, known: &Known) -> Result<(), LedgerError> {
        match known.ledgers.last() {
            Some(id) if *id != self.id => Err(doubtful(&self.path, "the archive was given to another ledger meanwhile")),
            Some(_) if known.damaged.is_empty() => Ok(()),
            _ => Err(doubtful_record(&self.record_path, RECORD_CHANGED)),
        }
    }

    fn check_record_in_place(&self) -> Result<(), LedgerError> {
        if self.record_path.is_file() { Ok(()) } else { Err(doubtful_record(&self.record_path, RECORD_CHANGED)) }
    }
}

/// Where the id of a ledger was found.
#[derive(Debug, Clone, Copy)]
pub(super) enum Owner<'a> {
    Archive(&'a str),
    Output(&'a Path, &'a str),
}

impl Owner<'_> {
    fn display(self, paths: &Paths) -> String {
        match self {
            Owner::Archive(_) => format!("the archive {}", paths.archive.display()),
            Owner::Output(folder, _) => format!("the folder of packs {}", folder.display()),
        }
    }

    fn lacks_its_ledger(self, paths: &Paths) -> LedgerError {
        let problem = format!("{} belongs to a ledger, and this one is not there or empty", self.display(paths));
        doubtful(&paths.ledger, &problem)
    }
}

impl Elsewhere {
    pub fn read(paths: &Paths) -> Result<Self, LedgerError> {
        let record = Record::read(&paths.archive)?;
        let mut outputs = outputs(paths);
        let marks = outputs.iter().filter_map(|output| Some((output.clone(), Mark::read(output)?))).collect();
        outputs.retain(|output| has_packs(output));
        Ok(Self { record, marks, with_packs: outputs.into_iter().next() })
    }

    fn owners(&self) -> impl Iterator<Item = Owner<'_>> {
        let archive = self.record.known.ledgers.last().map(|id| Owner::Archive(id));
        archive.into_iter().chain(self.marks.iter().map(|(folder, mark)| Owner::Output(folder, &mark.ledger)))
    }

    /// Whose they are; none where they are nobody's yet.
    pub fn owner(&self) -> Option<Owner<'_>> {
        self.owners().next()
    }

    fn owner_other_than(&self, id: &str) -> Option<Owner<'_>> {
        self.owners().find(|owner| match owner {
            Owner::Archive(other) => *other != id,
            // One in whose place this was put left its mark in folders that nobody worked with since.
            Owner::Output(_, other) => *other != id && !self.record.known.ledgers.iter().any(|known| known == other),
        })
    }

    /// A folder of packs is somebody's, and the archive does not say all that that one sent: it has no record, one that ends
    /// before the runs that the folder knows of, or another one's.
    pub fn has_no_record(&self) -> bool {
        let known = &self.record.known;
        if self.marks.is_empty() {
            return self.with_packs.is_some() && known.ledgers.is_empty();
        }
        self.marks.iter().any(|(_, mark)| mark.run > known.last_run || !known.ledgers.contains(&mark.ledger))
    }

    /// The folders of packs know of no run of the ledger of this id that came after the last that it has.
    pub fn proves(&self, id: Option<&str>, last_run: i64) -> bool {
        let is_proof = |mark: &Mark| Some(mark.ledger.as_str()) == id && mark.run <= last_run;
        !self.marks.is_empty() && self.marks.iter().all(|(_, mark)| is_proof(mark))
    }

    pub fn last_run(&self) -> i64 {
        self.marks.iter().map(|(_, mark)| mark.run).fold(self.record.known.last_run, i64::max)
    }
}

impl Lacking {
    /// What is wrong with the ledger; none where it lacks nothing.
    fn problem(&self) -> Option<String> {
        let last = self.messages.iter().map(|sent| sent.at).max();
        let messages = last.map(|last| format!("{} of the messages that were sent, the last at {last}", self.messages.len()));
        let runs = self.last_run.map(|run| format!("what was done up to run {run}"));
        let all: Vec<String> = messages.into_iter().chain(runs).collect();
        (!all.is_empty()).then(|| format!("it lacks {}, as if it were an older copy or had been emptied", all.join(", and ")))
    }
}

impl Gaps {
    /// What is wrong with the record; none where it has everything.
    pub fn problem(&self) -> Option<String> {
        if self.is_lost {
            return Some("it is not there or empty, as if the archive had been lost".to_owned());
        }
        let damaged = self.damaged.first().map(|first| match self.damaged.len() {
            1 => format!("line {first} cannot be read"),
            count => format!("{count} lines cannot be read, the first of them line {first}"),
        });
        let count = self.messages.len();
        let messages = (count > 0).then(|| {
            let messages = if count == 1 { "message" } else { "messages" };
            format!("it lacks {count} {messages} that the ledger knows were sent, as if it were an older copy or had been cut")
        });
        let all: Vec<String> = damaged.into_iter().chain(messages).collect();
        (!all.is_empty()).then(|| all.join(", and "))
    }
}

/// The folders of packs: that of the settings, and the one of this command.
fn outputs(paths: &Paths) -> Vec<PathBuf> {
    let mut outputs = vec![paths.output.clone()];
    outputs.extend(paths.out.clone().filter(|out| *out != paths.output));
    outputs
}

/// Whether a run has made packs there: each quarter's folder has a manifest.
fn has_packs(output: &Path) -> bool {
    let quarters = fs::read_dir(output).into_iter().flatten().filter_map(Result::ok);
    quarters.into_iter().any(|quarter| quarter.path().join("manifest.json").is_file())
}

/// The folder of packs says whose it is; one that cannot be written fails whoever makes a pack.
fn mark_output(output: &Path, id: &str, run: i64) {
    let mark = Mark { ledger: id.to_owned(), run };
    if let Err(error) = mark.write(output) {
        tracing::warn!(%error, "the folder of packs could not be marked as this ledger's");
    }
}

/// The ledger itself and the log beside it, in which SQLite writes first.
fn files(path: &Path) -> [Option<File>; 2] {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let seen = |path: &Path| fs::metadata(path).map(|file| (file.dev(), file.ino())).ok();
    [seen(path), seen(Path::new(&log))]
}

fn doubtful_record(path: &Path, problem: &str) -> LedgerError {
    LedgerError::DoubtfulRecord { path: path.display().to_string(), problem: problem.to_owned() }
}

fn doubtful(path: &Path, problem: &str) -> LedgerError {
    LedgerError::Doubtful { path: path.display().to_string(), problem: problem.to_owned() }
}
