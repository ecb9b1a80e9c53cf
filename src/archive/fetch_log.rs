//! What became of every request of an address: a line of JSON each, in the order in which they were made. It needs no
//! ledger, so the archive alone says what was answered when.

use super::content_store::Archive;
use super::digest::sha256;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folder in which it is noted when each public source was asked, and what it answered.
pub const ASKED: &str = "asked";

/// One request to one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchRecord {
    pub url: String,
    pub at: Timestamp,
    /// What came, kept in the archive; none where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerHead>,
    /// Why there is no answer, or why the one that came is no good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// The format of a line; those without a number are of the first. Counted up with a change that an older version must not read.
const FORMAT: u32 = 1;

/// A line as it is written.
#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    #[serde(flatten)]
    record: &'a FetchRecord,
}

/// A line as it is read.
#[derive(Deserialize)]
struct Read {
    #[serde(default)]
    format: u32,
    #[serde(flatten)]
    record: FetchRecord,
}

/// What an answer said of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerHead {
    pub sha256: String,
    /// Its length, unpacked.
    pub bytes: u64,
    /// When these bytes were first received; earlier than the request where the source said that they still hold.
    pub received: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl FetchRecord {
    /// What came, where it could be used.
    pub fn good(&self) -> Option<&AnswerHead> {
        self.answer.as_ref().filter(|_| self.fault.is_none())
    }

    pub fn day(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }
}

impl Archive {
    /// Writes down what became of an request.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn log_fetch(&self, record: &FetchRecord) -> io::Result<()> {
        let path = self.fetch_log_path(&record.url);
        self.make(path.parent().unwrap_or(Path::new("")))?;
        let mut line = serde_json::to_string(&Written { format: FORMAT, record }).map_err(io::Error::from)?;
        line.push('\n');
        // One write of one line at the end, and one line an request: two runs at a time do not disturb each other. The line
        // that a power cut left without an end gets one.
        let unfinished = fs::read(&path).is_ok_and(|before| before.last().is_some_and(|byte| *byte != b'\n'));
        if unfinished {
            line.insert(0, '\n');
        }
        OpenOptions::new().create(true).append(true).open(path)?.write_all(line.as_bytes())
    }

    /// Every request of an address, the oldest first. A line that cannot be read was cut off as it was written, or is of a
    /// newer version: it is counted in the log, and the others are used.
    pub fn fetches(&self, url: &str) -> Vec<FetchRecord> {
        let path = self.fetch_log_path(url);
        let text = fs::read_to_string(&path).unwrap_or_default();
        let read = |line: &str| serde_json::from_str::<Read>(line).ok().filter(|read| read.format <= FORMAT);
        let (read, unread): (Vec<_>, Vec<_>) = text.lines().map(read).partition(Option::is_some);
        if !unread.is_empty() {
            tracing::warn!(file = %path.display(), lines = unread.len(), "lines that say when a source was asked cannot be read");
        }
        read.into_iter().flatten().map(|read| read.record).filter(|record| record.url == url).collect()
    }

    /// The request whose answer stood on that day: the last good one until then; the first after it where there is none.
    /// With it, why a later request until then gave nothing, where that was so.
    pub fn answer_as_of(&self, url: &str, by: Date) -> Option<(FetchRecord, Option<String>)> {
        let kept = |record: &FetchRecord| record.good().is_some_and(|answer| self.has_answer(&answer.sha256));
        let fetches = self.fetches(url);
        let (until, after): (Vec<FetchRecord>, Vec<FetchRecord>) = fetches.into_iter().partition(|record| record.day() <= by);
        match until.iter().rposition(kept) {
            Some(last) => {
                let fault = until[last + 1..].iter().rev().find_map(|record| record.fault.clone());
                Some((until[last].clone(), fault))
            }
            None => after.into_iter().find(kept).map(|record| (record, None)),
        }
    }

    fn fetch_log_path(&self, url: &str) -> PathBuf {
        let name = sha256(url.as_bytes());
        self.folder.join(ASKED).join(&name[..2]).join(format!("{name}.jsonl"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const URL: &str = "https://example.org/api";

    fn record(at: &str, sha256: Option<&str>, fault: Option<&str>) -> FetchRecord {
        let at = at.parse().unwrap();
        let head = |sha256: &str| AnswerHead {
            sha256: sha256.to_owned(),
            bytes: 1,
            received: at,
            content_type: None,
            etag: Some("\"1\"".to_owned()),
            last_modified: None,
        };
        FetchRecord { url: URL.to_owned(), at, answer: sha256.map(head), fault: fault.map(str::to_owned) }
    }

    #[test]
    fn the_last_good_answer_of_the_day_stands() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().to_owned());
        let keep = |text: &str| {
            let mut receiving = archive.receive().unwrap();
            receiving.write_all(text.as_bytes()).unwrap();
            receiving.finish().unwrap().sha256
        };
        let (first, page, second) = (keep("first"), keep("page"), keep("second"));
        let fetches = [
            record("2026-01-10T09:00:00Z", Some(&first), None),
            record("2026-02-10T09:00:00Z", Some(&page), Some("a web page came")),
            record("2026-03-10T09:00:00Z", None, Some("answered 500")),
            record("2026-04-10T09:00:00Z", Some(&second), None),
            record("2026-05-10T09:00:00Z", Some(&"0".repeat(64)), None),
        ];
        assert_eq!(archive.answer_as_of(URL, date(2026, 5, 1)), None);
        for record in &fetches {
            archive.log_fetch(record).unwrap();
        }
        assert_eq!(archive.fetches(URL), fetches);
        let stood = |by| archive.answer_as_of(URL, by).map(|(record, fault)| (record.good().unwrap().sha256.clone(), fault));
        assert_eq!(stood(date(2026, 1, 31)), Some((first.clone(), None)));
        assert_eq!(stood(date(2026, 2, 28)), Some((first.clone(), Some("a web page came".to_owned()))));
        assert_eq!(stood(date(2026, 3, 10)), Some((first.clone(), Some("answered 500".to_owned()))));
        assert_eq!(stood(date(2026, 6, 1)), Some((second, None)), "the last one's bytes are lost");
        assert_eq!(stood(date(2025, 1, 1)), Some((first, None)), "nothing stood then: the first that came");
    }

    #[test]
    fn a_truncated_line_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().to_owned());
        let record = record("2026-01-10T09:00:00Z", None, Some("answered 500"));
        archive.log_fetch(&record).unwrap();
        let path = archive.fetch_log_path(URL);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{text}{}", &text[..20])).unwrap();
        archive.log_fetch(&record).unwrap();
        assert_eq!(archive.fetches(URL), [record.clone(), record]);
    }
}
