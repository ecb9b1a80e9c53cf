//! The record of what was sent, which lies in the archive: a line before a message goes, and a line on what became of it; with it
//! what came from partners and was decided about that. By it a ledger that is lost, emptied or older than what was sent is known
//! for that, nobody gets a second message, and what was withdrawn does not count again.

use super::decisions::{AllowanceRecord, Decisions, ExtensionRecord, KnownDecisions, NotKeptRecord, ReturnRecord};
use super::known_schedules::{KnownSchedules, ScheduleRecord, SettledRecord};
use super::run_row::MadeFile;
use super::{LedgerError, MessageState};
use crate::distribute::MessageKey;
use crate::period::{Period, YearKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Its folder in the archive.
pub const SENT: &str = "sent";

const FILE: &str = "record.jsonl";

pub(super) const RECORD_CHANGED: &str = "it was removed, emptied or damaged while boardpack was running";

/// Bytes of a record that are read at once; one of half a million messages has fewer.
const MOST: u64 = 400_000_000;

/// A number of a run that none comes to, so that there is always a next: a larger one is damage.
pub(super) const MOST_RUNS: i64 = 1 << 52;

/// A line of the record.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RecordLine {
    /// From here on the archive belongs to the ledger of this id.
    Ledger {
        id: String,
        at: Timestamp,
        /// Who adopted it and why; empty of the first.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        by: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A run began.
    Run {
        number: i64,
        at: Timestamp,
    },
    Message(SentMessage),
    /// A run made packs that go out.
    Made(MadeRun),
    /// From here on the secret of this SHA-256 decides what is hidden.
    Secret {
        digest: String,
        at: Timestamp,
    },
    /// A version of a return as it stands now.
    Return(ReturnRecord),
    Extended(ExtensionRecord),
    Allowed(AllowanceRecord),
    NotKept(NotKeptRecord),
    Schedule(ScheduleRecord),
    Settled(SettledRecord),
    /// What waited for approval by the number of a run waits no more: a person approved or cancelled it.
    Answered {
        number: i64,
        at: Timestamp,
    },
    /// A file of the archive was removed, its time being over.
    Purged {
        sha256: String,
        at: Timestamp,
    },
}

/// A run that made packs, and its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MadeRun {
    pub number: i64,
    pub pack: String,
    /// `2026-27-Q2`
    pub period: String,
    pub as_at: String,
    pub edition: String,
    pub at: Timestamp,
    /// What asked for it, such as a schedule by its name; empty of what an earlier version recorded.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trigger: String,
    /// Of an interim pack, the ids of the partners whose returns it awaits, apart by spaces.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub awaited: String,
    /// Its packs wait for approval.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
    /// None of a scheduled interim pack that does not go out.
    pub files: Vec<MadeFile>,
}

/// A message that went, or was about to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMessage {
    pub kind: String,
    /// `2026-27-Q2`
    pub period: String,
    pub about: String,
    pub issue: u32,
    pub address: String,
    pub message_id: String,
    /// Of the first that is attached; empty where nothing is.
    pub attachment_sha256: String,
    /// Counted from 1.
    pub attempt: i64,
    /// As it stood in the ledger: being sent, accepted, refused or unknown.
    pub state: MessageState,
    pub at: Timestamp,
}

/// What the record says, taken together.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownMessages {
    /// The ids of the ledgers that it belonged to, in order; the last is whose it is.
    pub ledgers: Vec<String>,
    /// The number of the last run.
    pub last_run: i64,
    /// The SHA-256 of the secret that decides what is hidden.
    pub secret: Option<String>,
    /// The runs that made packs which went out, by their numbers.
    pub made: BTreeMap<i64, MadeRun>,
    /// The last word on each message, by the digest of its key.
    pub messages: BTreeMap<String, SentMessage>,
    /// What came from partners and was decided about it.
    pub decided: KnownDecisions,
    pub schedules: KnownSchedules,
    /// The runs whose packs were approved or cancelled.
    pub answered: BTreeSet<i64>,
    /// When each file was last purged, by its SHA-256.
    pub purged: BTreeMap<String, Timestamp>,
    /// The lines that cannot be read, counted from 1, after the last ledger that the record was given to: whoever gave it to that
    /// one knew of those before.
    pub damaged: Vec<usize>,
}

/// The record, as far as it was read.
#[derive(Debug)]
pub(super) struct SentRecord {
    pub path: PathBuf,
    read_to: u64,
    /// How many lines that are.
    lines: usize,
    pub known: KnownMessages,
}

impl SentMessage {
    /// None where its period is no quarter.
    pub fn key(&self) -> Option<MessageKey> {
        let period = Period::parse(&self.period, YearKind::Financial).ok()?;
        let (kind, about, address) = (self.kind.clone(), self.about.clone(), self.address.clone());
        Some(MessageKey { kind, period, about, issue: self.issue, address })
    }

    /// It came back for certain, so that it may be sent.
    pub(super) fn is_refused(&self) -> bool {
        self.state == MessageState::Refused
    }
}

/// Where the record of an archive lies.
pub(super) fn record_path(archive: &Path) -> PathBuf {
    archive.join(SENT).join(FILE)
}

impl KnownMessages {
    /// The lines that cannot be read, in words; none where all can.
    pub fn unread_lines(&self) -> Option<String> {
        let first = self.damaged.first()?;
        Some(match self.damaged.len() {
            1 => format!("line {first} cannot be read"),
            count => format!("{count} lines cannot be read, the first of them line {first}"),
        })
    }

    /// By quarter and SHA-256, the first run that made what may be attached to a message, as far as the record says.
    pub fn makers(&self) -> BTreeMap<(&str, &str), i64> {
        // Backwards, so that the first stands.
        let made = self.made.values().rev();
        made.flat_map(|run| run.files.iter().map(|file| ((run.period.as_str(), file.sha256.as_str()), run.number))).collect()
    }

    /// The runs whose packs wait for approval, as far as the record says: of each quarter the last that made some.
    pub fn waiting(&self) -> impl Iterator<Item = &MadeRun> {
        let made = self.made.values().filter(|run| !run.files.is_empty());
        let last: BTreeMap<(&str, &str), &MadeRun> = made.map(|run| ((run.pack.as_str(), run.period.as_str()), run)).collect();
        last.into_values().filter(|run| run.waits && !self.answered.contains(&run.number))
    }

    /// The lines by which the record has all that a ledger has of what came from partners.
    pub fn lines_of(&self, here: Decisions) -> Vec<RecordLine> {
        let Decisions { returns, extensions, allowances, not_kept } = self.decided.without(here);
        let returns = returns.into_iter().map(RecordLine::Return);
        let extensions = extensions.into_iter().map(RecordLine::Extended);
        let allowances = allowances.into_iter().map(RecordLine::Allowed);
        returns.chain(extensions).chain(allowances).chain(not_kept.into_iter().map(RecordLine::NotKept)).collect()
    }

    /// The lines by which the record has all runs that made packs, of those that a ledger has.
    pub fn lines_of_runs(&self, here: Vec<MadeRun>) -> Vec<RecordLine> {
        // An earlier version did not record what asked for them.
        let is_new = |made: &MadeRun| self.made.get(&made.number).is_none_or(|known| known.trigger.is_empty());
        here.into_iter().filter(is_new).map(RecordLine::Made).collect()
    }

    /// The lines by which the record has what a ledger has of its schedules.
    pub fn lines_of_schedules(&self, here: KnownSchedules) -> Vec<RecordLine> {
        let (schedules, settled) = self.schedules.without(here);
        let schedules = schedules.into_iter().map(RecordLine::Schedule);
        schedules.chain(settled.into_iter().map(RecordLine::Settled)).collect()
    }

    /// The lines by which the record has all files that were purged, of those that a ledger knows.
    pub fn lines_of_purged(&self, here: Vec<(String, Timestamp)>) -> Vec<RecordLine> {
        let is_new = |(sha256, at): &(String, Timestamp)| self.purged.get(sha256).is_none_or(|known| known < at);
        here.into_iter().filter(is_new).map(|(sha256, at)| RecordLine::Purged { sha256, at }).collect()
    }

    /// Puts into a ledger which files were purged. What a ledger knows of by its record alone, under the number of the run in which
    /// that is taken in at `now`, was used before that.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub async fn restore_purged(&self, connection: &mut SqliteConnection, run: i64, now: Timestamp) -> Result<(), LedgerError> {
        for (sha256, at) in &self.purged {
            sqlx::query(
                "INSERT INTO purged (sha256, purged_at)
                 VALUES ($1, CASE WHEN EXISTS (SELECT 1 FROM return_version WHERE sha256 = $1 AND run_id = $3) THEN $4 ELSE $2 END)
                 ON CONFLICT (sha256) DO UPDATE SET purged_at = MAX(purged_at, excluded.purged_at)",
            )
            .bind(sha256)
            .bind(at.to_string())
            .bind(run)
            .bind(now.to_string())
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }

    fn add_line(&mut self, line: RecordLine) {
        match line {
            RecordLine::Ledger { id, .. } => {
                self.ledgers.push(id);
                self.damaged.clear();
            }
            RecordLine::Run { number, .. } => self.last_run = self.last_run.max(number.min(MOST_RUNS)),
            RecordLine::Made(made) => drop(self.made.insert(made.number, made)),
            RecordLine::Secret { digest, .. } => self.secret = Some(digest),
            RecordLine::Return(record) => self.decided.add_return(record),
            RecordLine::Extended(record) => self.decided.add_extension(record),
            RecordLine::Allowed(record) => self.decided.add_allowance(record),
            RecordLine::NotKept(record) => self.decided.add_not_kept(record),
            RecordLine::Schedule(record) => self.schedules.add_schedule(record),
            RecordLine::Settled(record) => self.schedules.add_settled(record),
            RecordLine::Answered { number, .. } => drop(self.answered.insert(number)),
            RecordLine::Purged { sha256, at } => drop(self.purged.insert(sha256, at)),
            RecordLine::Message(sent) => {
                if let Some(key) = sent.key() {
                    self.messages.insert(key.digest(), sent);
                }
            }
        }
    }
}

impl SentRecord {
    /// Reads the record of an archive; an empty one where there is none.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(archive: &Path) -> Result<Self, LedgerError> {
        let mut record = Self { path: record_path(archive), read_to: 0, lines: 0, known: KnownMessages::default() };
        record.catch_up()?;
        Ok(record)
    }

    /// Reads what others appended since.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn catch_up(&mut self) -> Result<(), LedgerError> {
        match plain_file(&self.path) {
            Ok(mut file) => drop(self.read_on(&mut file).map_err(|e| self.failed("read", &e))?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.forget(),
            Err(error) => return Err(self.failed("read", &error)),
        }
        Ok(())
    }

    fn forget(&mut self) {
        (self.read_to, self.lines, self.known) = (0, 0, KnownMessages::default());
    }

    /// Appends lines, on the disk when this returns, unless `check` finds in what others appended meanwhile that they must not
    /// be.
    ///
    /// # Errors
    /// Those of `check`; a file that cannot be written, in which case nothing is appended.
    pub fn append(
        &mut self,
        lines: Vec<RecordLine>,
        check: impl FnOnce(&KnownMessages) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let mut file = self.open().map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => {
                LedgerError::DoubtfulRecord { path: self.path.display().to_string(), problem: RECORD_CHANGED.to_owned() }
            }
            _ => self.failed("written", &e),
        })?;
        // Freed when the file is closed.
        file.lock().map_err(|e| self.failed("locked", &e))?;
        let is_torn = self.read_on(&mut file).map_err(|e| self.failed("read", &e))?;
        check(&self.known)?;
        // What was cut off in the middle of a line was about nothing that was sent: it stays as a line that nobody can read.
        let mut bytes = if is_torn { b"\n".to_vec() } else { Vec::new() };
        for line in &lines {
            serde_json::to_writer(&mut bytes, line)?;
            bytes.push(b'\n');
        }
        let end = file.metadata().map(|file| file.len()).map_err(|e| self.failed("read", &e))?;
        if let Err(error) = file.write_all(&bytes).and_then(|()| file.sync_data()) {
            let _ = file.set_len(end);
            return Err(self.failed("written", &error));
        }
        self.read_to = end + bytes.len() as u64;
        self.lines += lines.len() + usize::from(is_torn);
        lines.into_iter().for_each(|line| self.known.add_line(line));
        Ok(())
    }

    /// One that was there and was removed is not begun anew: it would stand in the way of its backup.
    fn open(&self) -> io::Result<File> {
        let may_be_new = self.read_to == 0;
        if let Some(folder) = self.path.parent().filter(|_| may_be_new) {
            // It holds addresses, as the ledger does.
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let is_new = !self.path.exists();
        if !is_new {
            plain_file(&self.path)?;
        }
        let file = OpenOptions::new().read(true).append(true).create(may_be_new).mode(0o600).open(&self.path)?;
        if is_new && let Some(folder) = self.path.parent() {
            // Not every file system can sync a folder.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(file)
    }

    /// Reads what was appended since; whether the last line was cut off. A file that is shorter than it was is read anew.
    fn read_on(&mut self, file: &mut File) -> io::Result<bool> {
        if file.metadata()?.len() < self.read_to {
            self.forget();
        }
        file.seek(SeekFrom::Start(self.read_to))?;
        let mut bytes = Vec::new();
        Read::take(&mut *file, MOST).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == MOST {
            return Err(io::Error::other(format!("it is larger than {} MB", MOST / 1_000_000)));
        }
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        for line in bytes[..whole].split_inclusive(|byte| *byte == b'\n').map(|line| &line[..line.len() - 1]) {
            self.lines += 1;
            match serde_json::from_slice(line) {
                Ok(line) => self.known.add_line(line),
                // The beginning of a line: see `append`.
                Err(error) if error.is_eof() => {}
                Err(_) => self.known.damaged.push(self.lines),
            }
        }
        self.read_to += whole as u64;
        Ok(whole < bytes.len())
    }

    fn failed(&self, done: &'static str, error: &io::Error) -> LedgerError {
        let place = self.path.display().to_string();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => LedgerError::NoRoom { place },
            _ => LedgerError::Beside { place, done, problem: error.to_string() },
        }
    }
}

/// Opens a file that has an end: what is none, such as a device or a pipe, is not read.
pub(super) fn plain_file(path: &Path) -> io::Result<File> {
    match fs::metadata(path)?.is_file() {
        true => File::open(path),
        false => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a plain file")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MessageState::{Accepted, Sending};

    fn sent(attempt: i64, state: MessageState) -> RecordLine {
        RecordLine::Message(SentMessage {
            kind: "p".to_owned(),
            period: "2026-27-Q2".to_owned(),
            about: "X1".to_owned(),
            issue: 1,
            address: "Chair@example.org".to_owned(),
            message_id: "<1@x>".to_owned(),
            attachment_sha256: "aa".to_owned(),
            attempt,
            state,
            at: Timestamp::UNIX_EPOCH,
        })
    }

    #[test]
    fn the_last_line_of_a_message_counts() {
        let archive = tempfile::tempdir().unwrap();
        let mut record = SentRecord::read(archive.path()).unwrap();
        let mut other = SentRecord::read(archive.path()).unwrap();
        record.append(vec![sent(1, Sending), RecordLine::Run { number: 7, at: Timestamp::UNIX_EPOCH }], |_| Ok(())).unwrap();
        let seen = |known: &KnownMessages| known.messages.values().map(|sent| sent.state).collect::<Vec<_>>();
        let mut met = Vec::new();
        other
            .append(vec![sent(1, Accepted)], |known| {
                met = seen(known);
                Ok(())
            })
            .unwrap();
        assert_eq!(met, [Sending]);
        let read = SentRecord::read(archive.path()).unwrap().known;
        assert_eq!((seen(&read), read.last_run), (vec![Accepted], 7));
    }

    #[test]
    fn damaged_lines_are_known_by_number() {
        let archive = tempfile::tempdir().unwrap();
        let mut record = SentRecord::read(archive.path()).unwrap();
        let given =
            || RecordLine::Ledger { id: "a".to_owned(), at: Timestamp::UNIX_EPOCH, by: String::new(), reason: String::new() };
        record.append(vec![given(), sent(1, Sending), sent(1, Accepted)], |_| Ok(())).unwrap();
        let path = archive.path().join(SENT).join(FILE);
        let whole = fs::read_to_string(&path).unwrap();
        for (damage, lines) in [(whole.replacen("\"kind\"", "\"k?nd\"", 1), vec![2]), (format!("{whole}\0\0\n\n"), vec![4])] {
            fs::write(&path, damage).unwrap();
            let mut record = SentRecord::read(archive.path()).unwrap();
            assert_eq!(record.known.damaged, lines);
            record
                .append(vec![given()], |known| {
                    assert_eq!(known.damaged, lines);
                    Ok(())
                })
                .unwrap();
            assert_eq!(SentRecord::read(archive.path()).unwrap().known.damaged, [0; 0]);
        }
    }

    #[test]
    fn broken_lines_leave_the_others_intact() {
        let archive = tempfile::tempdir().unwrap();
        let mut record = SentRecord::read(archive.path()).unwrap();
        record.append(vec![sent(1, Sending)], |_| Ok(())).unwrap();
        let path = archive.path().join(SENT).join(FILE);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, [&whole[..], &whole[..20]].concat()).unwrap();
        record.append(vec![sent(1, Accepted)], |_| Ok(())).unwrap();
        assert!(record.append(vec![sent(2, Sending)], |_| Err(LedgerError::Busy)).is_err());
        let read = SentRecord::read(archive.path()).unwrap().known;
        let last = read.messages.values().next().unwrap();
        assert_eq!(read.damaged, [0; 0]);
        assert_eq!((last.attempt, last.state), (1, Accepted));
    }
}
