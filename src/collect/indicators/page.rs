//! One page of an answer, live or recorded: readers cannot tell which.

use crate::archive::{AnswerHead, Archive};
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::figure::Provenance;
use jiff::Timestamp;
use std::io::Read;

/// One page of an answer, as it was received and lies in the archive.
#[derive(Debug, Clone)]
pub(super) struct ResponsePage {
    /// As it was asked for.
    pub request: String,
    /// The address asked, or the request and the file of its recording.
    pub url: String,
    /// When the source last said so.
    pub retrieved: Timestamp,
    pub answer: AnswerHead,
    pub publisher: String,
    pub licence: String,
    /// Where this is an earlier answer that stands in for one that failed: how that failed.
    pub instead_of: Option<String>,
}

impl ResponsePage {
    /// # Errors
    /// An answer that is not in the archive any more.
    pub fn open(&self, archive: &Archive) -> Result<Box<dyn Read>, AnswerError> {
        archive
            .answer(&self.answer.sha256)
            .map_err(|e| AnswerError::Unopened(format!("the answer cannot be read from the archive: {e}")))
    }

    /// Where its figures come from.
    pub fn origin(&self) -> PageOrigin {
        PageOrigin {
            publisher: self.publisher.clone(),
            url: self.url.clone(),
            retrieved: self.retrieved,
            sha256: self.answer.sha256.clone(),
        }
    }
}

/// Where the figures of a page come from. By default nowhere: of an answer that is only looked through.
#[derive(Debug, Default)]
pub(super) struct PageOrigin {
    publisher: String,
    url: String,
    retrieved: Timestamp,
    sha256: String,
}

impl PageOrigin {
    /// Of a figure on a line of the page; `place` says more where a line does not say it.
    pub fn provenance(&self, indicator: String, line: u64, place: String) -> Provenance {
        Provenance::Answer {
            publisher: self.publisher.clone(),
            indicator,
            url: self.url.clone(),
            retrieved: self.retrieved,
            sha256: self.sha256.clone(),
            line,
            place,
        }
    }
}
