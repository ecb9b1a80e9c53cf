//! The archive as a run's own memory: what each of its stages left, what it made, and what is attached to its messages.

use super::RunError;
use crate::collect::{Archive, sha256};
use crate::store::records::{self, Record};
use crate::store::{Ledger, LedgerError, Made, MessageRow, RunId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Where what a stage left stands among a run's files in the ledger; such a file is in the archive only.
const KEPT: &str = "stage/";

/// The stages that leave something.
pub(super) const COLLECT: &str = "collect";
pub(super) const EVALUATE: &str = "evaluate";
pub(super) const RENDER: &str = "render";

/// What is attached to messages, by its SHA-256.
pub(super) struct Attached<'m>(BTreeMap<&'m str, Vec<u8>>);

impl Attached<'_> {
    /// Nothing where a message says where its pack is to be found.
    pub fn of(&self, message: &MessageRow) -> &[u8] {
        self.0.get(message.attachment_sha256.as_str()).map_or(&[], Vec::as_slice)
    }
}

/// The archive as a run's own memory.
pub(super) struct Memory<'a> {
    pub ledger: &'a Ledger,
    pub archive: Archive,
    pub run: RunId,
}

impl Memory<'_> {
    /// Keeps what a stage left, before the stage is recorded as finished.
    pub async fn keep<T: Record + Serialize>(&self, stage: &str, left: &T) -> Result<(), RunError> {
        let bytes = records::write(left).map_err(LedgerError::from)?.into_bytes();
        let made = self.keep_file(&kept_as(stage), &bytes)?;
        Ok(self.ledger.record_output(self.run, &made).await?)
    }

    /// Keeps a draft, for the operators only.
    pub fn keep_draft(&self, stem: &str, bytes: &[u8]) -> Result<Made, RunError> {
        self.keep_file(&format!("{KEPT}{stem}-draft.pdf"), bytes)
    }

    /// Keeps a file; the ledger is not told of it yet.
    pub fn keep_file(&self, name: &str, bytes: &[u8]) -> Result<Made, RunError> {
        let failed = |e: std::io::Error| RunError::Output { path: self.archive.path(&sha256(bytes)), problem: e.to_string() };
        Ok(Made { name: name.to_owned(), sha256: self.archive.keep(bytes).map_err(failed)?, bytes: bytes.len() })
    }

    /// What a stage left.
    ///
    /// # Errors
    /// It is not in the archive, or not as it was, or of a format that this version cannot read.
    pub async fn recall<T: Record + DeserializeOwned>(&self, stage: &str) -> Result<T, RunError> {
        let name = kept_as(stage);
        let made = self.find(stage).await?.ok_or_else(|| self.lost(&name, "the ledger does not name it"))?;
        records::read(&self.read(&made.sha256)?).map_err(|e| self.lost(&name, &e.to_string()))
    }

    /// The file that a stage left; none where it left none.
    pub async fn find(&self, stage: &str) -> Result<Option<Made>, LedgerError> {
        let name = kept_as(stage);
        Ok(self.ledger.made(self.run).await?.into_iter().find(|made| made.name == name))
    }

    /// Every file that the run made for its readers.
    pub async fn files(&self) -> Result<Vec<Made>, RunError> {
        let mut made = self.ledger.made(self.run).await?;
        made.retain(|one| !one.name.starts_with(KEPT));
        Ok(made)
    }

    /// What is attached to these messages: each pack once, however many get it.
    pub fn attached<'m>(&self, messages: impl IntoIterator<Item = &'m MessageRow>) -> Result<Attached<'m>, RunError> {
        let mut attached = BTreeMap::new();
        for sha256 in messages.into_iter().map(|message| message.attachment_sha256.as_str()) {
            if !sha256.is_empty() && !attached.contains_key(sha256) {
                attached.insert(sha256, self.read(sha256)?);
            }
        }
        Ok(Attached(attached))
    }

    /// The bytes of that SHA-256, and no others.
    pub fn read(&self, digest: &str) -> Result<Vec<u8>, RunError> {
        let path = self.archive.path(digest);
        let bytes = std::fs::read(&path).map_err(|e| self.lost(&path.display().to_string(), &e.to_string()))?;
        if sha256(&bytes) == digest {
            Ok(bytes)
        } else {
            Err(self.lost(&path.display().to_string(), "it is not what was kept under this name"))
        }
    }

    fn lost(&self, what: &str, problem: &str) -> RunError {
        RunError::Lost { run: self.run, problem: format!("{what}: {problem}") }
    }
}

fn kept_as(stage: &str) -> String {
    format!("{KEPT}{stage}.json")
}
