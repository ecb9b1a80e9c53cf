//! What a source gave back, live or recorded: readers cannot tell which.

use super::Means;
use super::address::Base;
use super::archived::Archived;
use super::client::Client;
use super::credentials::Credentials;
use super::rate_limit::Host;
use super::recordings::Recordings;
use super::source::Kind;
use crate::archive::{AnswerHead, Archive};
use crate::collect::IndicatorOutcome;
use crate::settings::{Fetch, Source};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// A source that still names another page after these is going round in circles.
const MOST_PAGES: usize = 1000;

/// One page of an answer, as it was received and lies in the archive.
#[derive(Debug, Clone)]
pub(super) struct Page {
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

impl Page {
    /// # Errors
    /// An answer that is not in the archive any more.
    pub fn open(&self, archive: &Archive) -> Result<Box<dyn Read>, String> {
        archive.answer(&self.answer.sha256).map_err(|e| format!("the answer cannot be read from the archive: {e}"))
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

    pub fn reason(&self) -> &str {
        match &self.outcome {
            IndicatorOutcome::Failed { reason } | IndicatorOutcome::NotAvailable { reason } => reason,
            IndicatorOutcome::Received { .. } => "",
        }
    }

    pub fn not_available(url: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { url: url.into(), outcome: IndicatorOutcome::NotAvailable { reason: reason.into() } }
    }
}

/// Where a source's answers come from.
#[derive(Debug, Clone)]
pub(super) enum Ask {
    /// Its address; and, where it fails, what it answered earlier.
    Live(Arc<LiveSource>),
    /// What it answered earlier, and nothing else.
    Archived(Archived),
    Recorded(Arc<Recordings>),
    Nowhere(Unanswered),
}

#[derive(Debug)]
pub(super) struct LiveSource {
    client: Client,
    publisher: String,
    licence: String,
    pub archived: Archived,
}

/// The hosts of a run, each with its limits.
pub(super) type Hosts = BTreeMap<String, Arc<Host>>;

impl Ask {
    /// `as_at` is the day that earlier answers are to speak of.
    pub fn of(source: Option<&Source>, fetch: &Fetch, as_at: Date, hosts: &mut Hosts) -> Self {
        let Some(source) = source else {
            let reason = "the settings have no source of that name; add it under [sources]";
            return Ask::Nowhere(Unanswered::not_available("", reason));
        };
        let way = match source.base_url.as_deref() {
            None => {
                let reason = "the source has no base_url in the settings: no address and no folder of recordings";
                return Ask::Nowhere(Unanswered::not_available("", reason));
            }
            Some(base) if base.starts_with("http://") || base.starts_with("https://") => {
                Self::at_address(base, source, fetch, as_at, hosts)
            }
            Some(folder) => Recordings::open(Path::new(folder), source).map(|recordings| Ask::Recorded(Arc::new(recordings))),
        };
        way.unwrap_or_else(|reason| Ask::Nowhere(Unanswered::failed("", reason)))
    }

    fn at_address(base: &str, source: &Source, fetch: &Fetch, as_at: Date, hosts: &mut Hosts) -> Result<Self, String> {
        let base = Base::parse(base)?;
        let credentials = Credentials::of(source)?;
        let archived = Archived::new(base.clone(), credentials.clone(), source, as_at, fetch.stale_after_days);
        if fetch.offline {
            return Ok(Ask::Archived(archived));
        }
        let host = hosts.entry(base.host().to_owned()).or_insert_with(|| Arc::new(Host::new(fetch)));
        let client = Client::new(base, credentials, Arc::clone(host), fetch)?;
        let (publisher, licence) = (source.publisher.clone(), source.licence.clone());
        Ok(Ask::Live(Arc::new(LiveSource { client, publisher, licence, archived })))
    }

    /// The archive instead, where that has an answer since the day that is asked for.
    pub fn unless_fresh(&self, requests: &[String], means: &Means<'_>) -> Self {
        match (self, means.since, requests.first()) {
            (Ask::Live(live), Some(since), Some(first)) if live.archived.is_fresh(first, since, means.archive) => {
                Ask::Archived(live.archived.clone())
            }
            _ => self.clone(),
        }
    }

    /// Asks for every page of an answer, one after the other; at least one.
    pub async fn answer(
        &self,
        requests: &[String],
        kind: Option<&dyn Kind>,
        archive: &Archive,
        now: Timestamp,
    ) -> Result<Vec<Page>, Unanswered> {
        let mut known = requests.iter();
        let mut next = known.next().cloned();
        let mut pages: Vec<Page> = Vec::new();
        while let Some(request) = next {
            if pages.len() == MOST_PAGES {
                return Err(Unanswered::failed(request, format!("more than {MOST_PAGES} pages came")));
            }
            let page = self.page(&request, archive, now).await?;
            let after = page.open(archive).and_then(|mut body| kind.map_or(Ok(None), |kind| kind.after(&mut body, &request)));
            let after =
                after.map_err(|reason| Unanswered::failed(&page.url, self.hidden(&reason)))?.map(|next| self.hidden(&next));
            next = after.or_else(|| known.next().cloned());
            pages.push(page);
        }
        if pages.is_empty() { Err(self.nowhere()) } else { Ok(pages) }
    }

    /// What an answer says, such as the request of its next page, without the source's secret, which it may repeat.
    fn hidden(&self, said: &str) -> String {
        match self {
            Ask::Live(source) => source.archived.credentials.hidden_in_request(said),
            Ask::Archived(archived) => archived.credentials.hidden_in_request(said),
            Ask::Recorded(_) | Ask::Nowhere(_) => said.to_owned(),
        }
    }

    async fn page(&self, request: &str, archive: &Archive, now: Timestamp) -> Result<Page, Unanswered> {
        match self {
            Ask::Live(source) => source.client.ask(request, archive, now).await.map(|(url, answer)| Page {
                request: request.to_owned(),
                url,
                retrieved: now,
                answer,
                publisher: source.publisher.clone(),
                licence: source.licence.clone(),
                instead_of: None,
            }),
            Ask::Archived(archived) => archived.page(request, archive),
            Ask::Recorded(recordings) => recordings.page(request, archive),
            Ask::Nowhere(unanswered) => Err(unanswered.clone()),
        }
    }

    /// Of a question that has nothing to ask.
    fn nowhere(&self) -> Unanswered {
        match self {
            Ask::Nowhere(unanswered) => unanswered.clone(),
            _ => Unanswered::not_available("", "there is nothing to ask"),
        }
    }
}
