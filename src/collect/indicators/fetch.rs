//! Fetching every page of an answer: from the source, from the archive, or from recordings.

use crate::archive::Archive;
use crate::collect::indicators::fetch_error::{FetchError, FetchProblem};
use crate::collect::indicators::options::FetchSetup;
use crate::collect::indicators::page::ResponsePage;
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::source::IndicatorSource;
use crate::collect::indicators::transport::address::BaseAddress;
use crate::collect::indicators::transport::archived::ArchivedSource;
use crate::collect::indicators::transport::client::HttpClient;
use crate::collect::indicators::transport::credentials::Credentials;
use crate::collect::indicators::transport::rate_limit::HostLimit;
use crate::collect::indicators::transport::recordings::Recordings;
use crate::settings::{Fetch, Source};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A source that still names another page after these is going round in circles.
const MOST_PAGES: usize = 1000;

/// Where a source's answers come from.
#[derive(Debug, Clone)]
pub(super) enum Fetcher {
    /// Its address; and, where it fails, what it answered earlier.
    Live(Arc<LiveSource>),
    /// What it answered earlier, and nothing else.
    Archived(ArchivedSource),
    Recorded(Arc<Recordings>),
    Unavailable(FetchError),
}

#[derive(Debug)]
pub(super) struct LiveSource {
    client: HttpClient,
    publisher: String,
    licence: String,
    pub archived: ArchivedSource,
}

/// The hosts of a run, each with its limits.
pub(super) type Hosts = BTreeMap<String, Arc<HostLimit>>;

impl Fetcher {
    /// `as_at` is the day that earlier answers are to speak of.
    pub fn of(source: Option<&Source>, fetch: &Fetch, as_at: Date, hosts: &mut Hosts) -> Self {
        let Some(source) = source else {
            return Fetcher::Unavailable(FetchError::new("", FetchProblem::UnknownSource));
        };
        let way = match source.base_url.as_deref() {
            None => return Fetcher::Unavailable(FetchError::new("", FetchProblem::NoAddress)),
            Some(base) if base.starts_with("http://") || base.starts_with("https://") => {
                Self::at_address(base, source, fetch, as_at, hosts)
            }
            Some(folder) => Recordings::open(Path::new(folder), source).map(|recordings| Fetcher::Recorded(Arc::new(recordings))),
        };
        way.unwrap_or_else(|reason| Fetcher::Unavailable(FetchError::new("", FetchProblem::Unaskable(reason))))
    }

    fn at_address(base: &str, source: &Source, fetch: &Fetch, as_at: Date, hosts: &mut Hosts) -> Result<Self, String> {
        let base = BaseAddress::parse(base)?;
        let credentials = Credentials::of(source)?;
        let archived = ArchivedSource::new(base.clone(), credentials.clone(), source, as_at, fetch.stale_after_days);
        if fetch.offline {
            return Ok(Fetcher::Archived(archived));
        }
        let host = hosts.entry(base.host().to_owned()).or_insert_with(|| Arc::new(HostLimit::new(fetch)));
        let client = HttpClient::new(base, credentials, Arc::clone(host), fetch)?;
        let (publisher, licence) = (source.publisher.clone(), source.licence.clone());
        Ok(Fetcher::Live(Arc::new(LiveSource { client, publisher, licence, archived })))
    }

    /// The archive instead, where that has an answer since the day that is asked for.
    pub fn unless_fresh(&self, requests: &[String], means: &FetchSetup<'_>) -> Self {
        match (self, means.since, requests.first()) {
            (Fetcher::Live(live), Some(since), Some(first)) if live.archived.is_fresh(first, since, means.archive) => {
                Fetcher::Archived(live.archived.clone())
            }
            _ => self.clone(),
        }
    }

    /// Asks for every page of an answer, one after the other; at least one.
    pub async fn answer(
        &self,
        requests: &[String],
        kind: Option<&dyn IndicatorSource>,
        archive: &Archive,
        now: Timestamp,
    ) -> Result<Vec<ResponsePage>, FetchError> {
        let mut known = requests.iter();
        let mut next = known.next().cloned();
        let mut pages: Vec<ResponsePage> = Vec::new();
        while let Some(request) = next {
            if pages.len() == MOST_PAGES {
                return Err(FetchError::new(request, FetchProblem::TooManyPages(MOST_PAGES)));
            }
            let page = self.page(&request, archive, now).await?;
            let after = page.open(archive).and_then(|mut body| kind.map_or(Ok(None), |kind| kind.after(&mut body, &request)));
            let unreadable = |error: AnswerError| FetchProblem::Unreadable(self.hidden(&error.to_string()));
            let after = after.map_err(|reason| FetchError::new(&page.url, unreadable(reason)))?.map(|next| self.hidden(&next));
            next = after.or_else(|| known.next().cloned());
            pages.push(page);
        }
        if pages.is_empty() { Err(self.unavailable()) } else { Ok(pages) }
    }

    /// What an answer says, such as the request of its next page, without the source's secret, which it may repeat.
    fn hidden(&self, said: &str) -> String {
        match self {
            Fetcher::Live(source) => source.archived.credentials.hidden_in_request(said),
            Fetcher::Archived(archived) => archived.credentials.hidden_in_request(said),
            Fetcher::Recorded(_) | Fetcher::Unavailable(_) => said.to_owned(),
        }
    }

    async fn page(&self, request: &str, archive: &Archive, now: Timestamp) -> Result<ResponsePage, FetchError> {
        match self {
            Fetcher::Live(source) => source.client.ask(request, archive, now).await.map(|(url, answer)| ResponsePage {
                request: request.to_owned(),
                url,
                retrieved: now,
                answer,
                publisher: source.publisher.clone(),
                licence: source.licence.clone(),
                instead_of: None,
            }),
            Fetcher::Archived(archived) => archived.page(request, archive),
            Fetcher::Recorded(recordings) => recordings.page(request, archive),
            Fetcher::Unavailable(unanswered) => Err(unanswered.clone()),
        }
    }

    /// Of a question that has nothing to ask.
    fn unavailable(&self) -> FetchError {
        match self {
            Fetcher::Unavailable(unanswered) => unanswered.clone(),
            _ => FetchError::new("", FetchProblem::NothingToAsk),
        }
    }
}
