//! Asking a live source over HTTP: within deadlines and a size limit, again where it may help, verified always.

use crate::archive::{AnswerHead, Archive, FetchRecord};
use crate::collect::indicators::fetch_error::{FetchError, FetchProblem};
use crate::collect::indicators::readers::excerpt::excerpt;
use crate::collect::indicators::transport::address::{BaseAddress, stay_on_host};
use crate::collect::indicators::transport::credentials::Credentials;
use crate::collect::indicators::transport::rate_limit::HostLimit;
use crate::collect::indicators::transport::retry::{Backoff, LONGEST_WAIT, asked_to_wait};
use crate::net::{authorities, causes, http_client};
use crate::settings::Fetch;
use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Response, StatusCode, Url};
use std::future::Future;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

/// A client for one source.
#[derive(Debug)]
pub(in crate::collect::indicators) struct HttpClient {
    http: reqwest::Client,
    base: BaseAddress,
    credentials: Credentials,
    host: Arc<HostLimit>,
    first_byte_timeout: Duration,
    answer_timeout: Duration,
    max_answer_mb: u64,
    attempts: u32,
    first_retry: Duration,
}

/// What one attempt came to.
enum Failure {
    /// Asking again would give the same.
    Final(String),
    /// It may pass; the source may have said after how long.
    Passing { reason: String, wait: Option<Duration> },
}

impl HttpClient {
    /// # Errors
    /// A contact that no header can carry, a machine without certificate authorities, a file of authorities that is none.
    pub fn new(base: BaseAddress, credentials: Credentials, host: Arc<HostLimit>, fetch: &Fetch) -> Result<Self, String> {
        let builder = http_client(base.url(), authorities(fetch.ca_file.as_deref())?, fetch.contact.as_deref())
            .default_headers(credentials.headers.clone())
            .connect_timeout(Duration::from_secs(fetch.connect_timeout_seconds.get().into()))
            .redirect(reqwest::redirect::Policy::custom(stay_on_host));
        let http = builder.build().map_err(|e| format!("no client can be made for {}: {}", base.as_str(), causes(&e)))?;
        Ok(Self {
            http,
            base,
            credentials,
            host,
            first_byte_timeout: Duration::from_secs(fetch.first_byte_timeout_seconds.get().into()),
            answer_timeout: Duration::from_secs(fetch.answer_timeout_seconds.get().into()),
            max_answer_mb: fetch.max_answer_mb.get(),
            attempts: fetch.attempts.get(),
            first_retry: Duration::from_millis(fetch.first_retry_milliseconds),
        })
    }

    /// Asks until there is an answer, the attempts are used up, or asking again is no use. Where the archive has an answer
    /// from this address, the source is asked only for a newer one. Gives the address with what came. A secret of the source
    /// is in no address and in no reason that is given.
    pub async fn ask(&self, request: &str, archive: &Archive, now: Timestamp) -> Result<(String, AnswerHead), FetchError> {
        let url = self.base.join(request).map_err(|reason| FetchError::new(request, FetchProblem::Unaskable(reason)))?;
        let fail = |reason: String| FetchError::new(url.as_str(), FetchProblem::Unreachable(self.credentials.hidden(&reason)));
        let mut held = held(archive, &url);
        let backoff = Backoff { first: self.first_retry, seed: now.as_nanosecond(), url: url.as_str() };
        let mut attempt = 1;
        loop {
            let turn = self.host.turn().await;
            let whole = self.attempt(&url, held.as_ref(), archive, now);
            let tried = within(self.answer_timeout, "no whole answer", whole).await;
            drop(turn);
            let (reason, wait) = match tried {
                Ok(answer) => return Ok((url.into(), answer)),
                Err(Failure::Final(reason)) => return Err(fail(reason)),
                Err(Failure::Passing { reason, wait }) => (reason, wait),
            };
            if attempt >= self.attempts {
                let times = if attempt == 1 { "once".to_owned() } else { format!("{attempt} times") };
                return Err(fail(format!("{reason} (asked {times})")));
            }
            if let Some(wait) = wait.filter(|wait| *wait > LONGEST_WAIT) {
                return Err(fail(format!("{reason}, and asks to wait {} seconds", wait.as_secs())));
            }
            match wait {
                Some(wait) => self.host.leave_alone(wait),
                None => tokio::time::sleep(backoff.pause(attempt)).await,
            }
            // Whatever went wrong, the whole answer is the surer way.
            held = None;
            attempt += 1;
        }
    }

    async fn attempt(
        &self,
        url: &Url,
        held: Option<&AnswerHead>,
        archive: &Archive,
        now: Timestamp,
    ) -> Result<AnswerHead, Failure> {
        let mut request = self.http.get(self.credentials.filled_in(url));
        for (name, value) in held.iter().flat_map(|held| conditions(held)) {
            request = request.header(name, value);
        }
        let sent = async { request.send().await.map_err(|e| of_transport(&e)) };
        let response = within(self.first_byte_timeout, "nothing", sent).await?;
        match (response.status(), held) {
            (StatusCode::NOT_MODIFIED, Some(held)) => Ok(held.clone()),
            (StatusCode::OK, _) => match response.headers().get(header::CONTENT_RANGE) {
                None => self.receive(response, archive, now).await,
                Some(_) => Err(Failure::Final("the answer says that it is a part of one (Content-Range)".to_owned())),
            },
            // Whoever has it ready later is asked again. All others of its kind are a part (206), what somebody on the way made
            // of it (203), changes (226), or nothing (204, 205).
            (StatusCode::ACCEPTED, _) => Err(Failure::Passing { reason: not_whole(StatusCode::ACCEPTED), wait: None }),
            (status, _) if status.is_success() => Err(Failure::Final(not_whole(status))),
            _ => Err(refused(response, now, &self.credentials).await),
        }
    }

    /// Takes in the answer as it comes.
    async fn receive(&self, mut response: Response, archive: &Archive, now: Timestamp) -> Result<AnswerHead, Failure> {
        let text = |name: HeaderName| header_text(response.headers(), name).map(str::to_owned);
        let (content_type, etag, last_modified) = (text(header::CONTENT_TYPE), text(header::ETAG), text(header::LAST_MODIFIED));
        let unkept = |e| Failure::Final(format!("the answer could not be kept in the archive: {e}"));
        let mut receiving = archive.receive().map_err(unkept)?;
        let limit = self.max_answer_mb.saturating_mul(1024 * 1024);
        // Of the unpacked answer: a few packed bytes may stand for a full disk.
        while let Some(chunk) = response.chunk().await.map_err(|e| of_transport(&e))? {
            if receiving.bytes() + chunk.len() as u64 > limit {
                let most = self.max_answer_mb;
                return Err(Failure::Final(format!("the answer is larger than {most} MB (fetch.max_answer_mb)")));
            }
            receiving.write_all(&chunk).map_err(unkept)?;
        }
        let kept = receiving.finish().map_err(unkept)?;
        Ok(AnswerHead { sha256: kept.sha256, bytes: kept.bytes, received: now, content_type, etag, last_modified })
    }
}

/// The last good answer from an address, where it is whole and can be asked after.
fn held(archive: &Archive, url: &Url) -> Option<AnswerHead> {
    let fetches = archive.fetches(url.as_str());
    let held = fetches.iter().rev().find_map(FetchRecord::good)?;
    let is_marked = held.etag.is_some() || held.last_modified.is_some();
    (is_marked && archive.has_whole_answer(&held.sha256)).then(|| held.clone())
}

fn conditions(held: &AnswerHead) -> impl Iterator<Item = (HeaderName, &str)> {
    let etag = held.etag.as_deref().map(|etag| (header::IF_NONE_MATCH, etag));
    let since = held.last_modified.as_deref().map(|since| (header::IF_MODIFIED_SINCE, since));
    etag.into_iter().chain(since)
}

fn not_whole(status: StatusCode) -> String {
    format!("answered {status}, which is not a complete answer (that is 200)")
}

async fn refused(mut response: Response, now: Timestamp, credentials: &Credentials) -> Failure {
    let status = response.status();
    let date = header_text(response.headers(), header::DATE);
    let wait = header_text(response.headers(), header::RETRY_AFTER).and_then(|text| asked_to_wait(text, date, now));
    // The reason that a source gives is worth having, but not worth waiting or paying for.
    let said = response.chunk().await.ok().flatten().unwrap_or_default();
    // Hidden before it is cut: half of a secret could not be told afterwards.
    let said = credentials.hidden(&String::from_utf8_lossy(&said[..said.len().min(100_000)]));
    let said = excerpt(&said);
    let reason = format!("answered {status}{}", if said.is_empty() { String::new() } else { format!(": {said:?}") });
    let passing = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT) || status.is_server_error();
    if passing { Failure::Passing { reason, wait } } else { Failure::Final(reason) }
}

fn header_text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

async fn within<T>(deadline: Duration, what: &str, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::time::timeout(deadline, work).await.unwrap_or_else(|_| {
        let seconds = deadline.as_secs();
        Err(Failure::Passing { reason: format!("gave {what} within {seconds} seconds"), wait: None })
    })
}

fn of_transport(error: &reqwest::Error) -> Failure {
    let reason = causes(error);
    if error.is_redirect() || error.is_builder() {
        return Failure::Final(reason);
    }
    if reason.contains("certificate") {
        let remedy = "if you trust the authority that signed it, name its certificate in fetch.ca_file";
        return Failure::Final(format!("{reason} ({remedy})"));
    }
    let reason = if error.is_decode() { format!("the answer cannot be unpacked: {reason}") } else { reason };
    Failure::Passing { reason, wait: None }
}
