//! What a source gave back, live or recorded: readers cannot tell which.

use super::client::Client;
use super::kind::Kind;
use super::recordings::Recordings;
use crate::collect::{Archive, IndicatorOutcome, Kept};
use crate::settings::{Fetch, Source};
use jiff::Timestamp;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// A source that still names another page after these is going round in circles.
const MOST_PAGES: usize = 1000;

/// The answer to one question.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// At least one, in the order in which they were asked for.
    pub pages: Vec<Page>,
    pub publisher: String,
    pub licence: String,
}

/// One page, as it was received and lies in the archive.
#[derive(Debug, Clone)]
pub(super) struct Page {
    /// The address asked, or the request and the file of its recording.
    pub url: String,
    pub retrieved: Timestamp,
    pub kept: Kept,
}

impl Page {
    /// # Errors
    /// An answer that is not in the archive any more.
    pub fn open(&self, archive: &Archive) -> Result<impl Read + use<>, String> {
        archive.answer(&self.kept.sha256).map_err(|e| format!("the answer cannot be read from the archive: {e}"))
    }
}

/// Why a question has no answer, and where it was asked.
#[derive(Debug, Clone)]
pub(super) struct Unanswered {
    pub url: String,
    pub outcome: IndicatorOutcome,
}

impl Unanswered {
    pub fn failed(url: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { url: url.into(), outcome: IndicatorOutcome::Failed { reason: reason.into() } }
    }

    pub fn not_available(url: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { url: url.into(), outcome: IndicatorOutcome::NotAvailable { reason: reason.into() } }
    }
}

/// Where a source's answers come from.
#[derive(Debug, Clone)]
pub(super) enum Ask {
    Live(Arc<Client>),
    Recorded(Arc<Recordings>),
    Nowhere(Unanswered),
}

impl Ask {
    pub fn of(source: Option<&Source>, fetch: &Fetch) -> Self {
        let Some(source) = source else {
            let reason = "the settings have no source of that name; add it under [sources]";
            return Ask::Nowhere(Unanswered::not_available("", reason));
        };
        match source.base_url.as_deref() {
            None => {
                let reason = "the source has no base_url in the settings: no address and no folder of recordings";
                Ask::Nowhere(Unanswered::not_available("", reason))
            }
            Some(base) if base.starts_with("http://") || base.starts_with("https://") => match Client::new(base, source, fetch) {
                Ok(client) => Ask::Live(Arc::new(client)),
                Err(reason) => Ask::Nowhere(Unanswered::failed("", reason)),
            },
            Some(folder) => match Recordings::open(Path::new(folder), source) {
                Ok(recordings) => Ask::Recorded(Arc::new(recordings)),
                Err(reason) => Ask::Nowhere(Unanswered::failed("", reason)),
            },
        }
    }

    /// Asks for every page of an answer, one after the other.
    pub async fn answer(
        &self,
        requests: &[String],
        kind: Option<&dyn Kind>,
        archive: &Archive,
        now: Timestamp,
    ) -> Result<Answer, Unanswered> {
        let (Some(kind), Some(first)) = (kind, requests.first()) else {
            return Err(self.nowhere());
        };
        let mut answer = self.page(first, archive, now).await?;
        let mut known = requests[1..].iter();
        loop {
            let last = answer.pages.last().expect("an answer has a page");
            let after = last.open(archive).and_then(|mut body| kind.after(&mut body));
            let next = match after.map_err(|reason| Unanswered::failed(&last.url, reason))?.or_else(|| known.next().cloned()) {
                Some(_) if answer.pages.len() == MOST_PAGES => {
                    return Err(Unanswered::failed(&last.url, format!("more than {MOST_PAGES} pages came")));
                }
                Some(next) => next,
                None => return Ok(answer),
            };
            answer.pages.extend(self.page(&next, archive, now).await?.pages);
        }
    }

    async fn page(&self, request: &str, archive: &Archive, now: Timestamp) -> Result<Answer, Unanswered> {
        match self {
            Ask::Live(client) => client.ask(request, archive, now).await,
            Ask::Recorded(recordings) => recordings.answer(request, archive),
            Ask::Nowhere(unanswered) => Err(unanswered.clone()),
        }
    }

    fn nowhere(&self) -> Unanswered {
        match self {
            Ask::Nowhere(unanswered) => unanswered.clone(),
            Ask::Live(_) | Ask::Recorded(_) => Unanswered::not_available("", "the source is not set up"),
        }
    }
}
