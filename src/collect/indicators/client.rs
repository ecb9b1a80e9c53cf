//! Asking a live source over HTTP: within deadlines and a size limit, again where it may help, verified always.

use super::answer::{Answer, Page, Unanswered};
use crate::collect::{Archive, Kept};
use crate::settings::{Fetch, Source};
use jiff::Timestamp;
use reqwest::{StatusCode, Url, header, redirect};
use std::error::Error;
use std::io::Write;
use std::time::Duration;

/// How long a source may ask us to wait before we would rather go without.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

const MOST_REDIRECTS: usize = 5;

/// A client for one source.
#[derive(Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    base: Url,
    publisher: String,
    licence: String,
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

impl Client {
    /// # Errors
    /// An address that is none, a contact that no header can carry, a machine without certificate authorities.
    pub fn new(base: &str, source: &Source, fetch: &Fetch) -> Result<Self, String> {
        let with_slash = if base.ends_with('/') { base.to_owned() } else { format!("{base}/") };
        let base = Url::parse(&with_slash).map_err(|e| format!("the base_url {base:?} is not an address: {e}"))?;
        // The same provider of cryptography as for mail; where one is installed already, it is this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let version = env!("CARGO_PKG_VERSION");
        let agent = match &fetch.contact {
            Some(contact) => format!("boardpack/{version} (+{contact})"),
            None => format!("boardpack/{version}"),
        };
        let builder = reqwest::Client::builder()
            .user_agent(agent)
            .connect_timeout(Duration::from_secs(fetch.connect_timeout_seconds))
            .redirect(redirect::Policy::custom(stay_on_host));
        // A proxy does not know what "this machine" is, and what is asked of it in the clear needs no authorities.
        let builder = match (is_loopback(&base), base.scheme()) {
            (true, "http") => builder.no_proxy().tls_certs_only([]),
            (true, _) => builder.no_proxy(),
            (false, _) => builder,
        };
        let http = builder.build().map_err(|e| format!("no client can be made for {base}: {}", causes(&e)))?;
        Ok(Self {
            http,
            base,
            publisher: source.publisher.clone(),
            licence: source.licence.clone(),
            answer_timeout: Duration::from_secs(fetch.answer_timeout_seconds),
            max_answer_mb: fetch.max_answer_mb,
            attempts: fetch.attempts.max(1),
            first_retry: Duration::from_millis(fetch.first_retry_milliseconds),
        })
    }

    /// Asks until there is an answer, the attempts are used up, or asking again is no use.
    pub async fn ask(&self, request: &str, archive: &Archive, now: Timestamp) -> Result<Answer, Unanswered> {
        let url = self
            .base
            .join(request)
            .map_err(|e| Unanswered::failed(format!("{}{request}", self.base), format!("is not an address: {e}")))?;
        let fail = |reason: String| Unanswered::failed(url.as_str(), reason);
        let mut pause = self.first_retry;
        let mut attempt = 1;
        loop {
            let tried = tokio::time::timeout(self.answer_timeout, self.attempt(&url, archive)).await.unwrap_or_else(|_| {
                let seconds = self.answer_timeout.as_secs();
                Err(Failure::Passing { reason: format!("gave no whole answer within {seconds} seconds"), wait: None })
            });
            let (reason, wait) = match tried {
                Ok(kept) => {
                    return Ok(Answer {
                        pages: vec![Page { url: url.to_string(), retrieved: now, kept }],
                        publisher: self.publisher.clone(),
                        licence: self.licence.clone(),
                    });
                }
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
            tokio::time::sleep(wait.unwrap_or(pause).min(LONGEST_WAIT)).await;
            pause = pause.saturating_mul(2);
            attempt += 1;
        }
    }

    async fn attempt(&self, url: &Url, archive: &Archive) -> Result<Kept, Failure> {
        let mut response = self.http.get(url.clone()).send().await.map_err(|e| of_transport(&e))?;
        let status = response.status();
        if !status.is_success() {
            let wait = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
            let wait = wait.and_then(|seconds| seconds.trim().parse().ok()).map(Duration::from_secs);
            // The reason that a source gives is worth having, but not worth waiting or paying for.
            let said = response.chunk().await.ok().flatten().unwrap_or_default();
            let said = super::gather::clip(&String::from_utf8_lossy(&said[..said.len().min(1000)]));
            let reason = format!("answered {status}{}", if said.is_empty() { String::new() } else { format!(": {said:?}") });
            let passing = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
            return Err(if passing { Failure::Passing { reason, wait } } else { Failure::Final(reason) });
        }
        let limit = self.max_answer_mb.saturating_mul(1024 * 1024);
        let unkept = |e| Failure::Final(format!("the answer could not be kept in the archive: {e}"));
        let mut receiving = archive.receive().map_err(unkept)?;
        while let Some(chunk) = response.chunk().await.map_err(|e| of_transport(&e))? {
            if receiving.bytes() + chunk.len() as u64 > limit {
                let most = self.max_answer_mb;
                return Err(Failure::Final(format!("the answer is larger than {most} MB (fetch.max_answer_mb)")));
            }
            receiving.write_all(&chunk).map_err(unkept)?;
        }
        receiving.finish().map_err(unkept)
    }
}

fn of_transport(error: &reqwest::Error) -> Failure {
    let reason = causes(error);
    if error.is_redirect() || error.is_builder() { Failure::Final(reason) } else { Failure::Passing { reason, wait: None } }
}

/// Follows a redirect within the host that was asked: another host's figures are not the source's.
fn stay_on_host(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let Some(asked) = attempt.previous().first() else { return attempt.stop() };
    let downgraded = asked.scheme() == "https" && attempt.url().scheme() != "https";
    if attempt.previous().len() > MOST_REDIRECTS {
        return attempt.error(format!("redirects more than {MOST_REDIRECTS} times"));
    }
    if asked.host_str() == attempt.url().host_str() && !downgraded {
        return attempt.follow();
    }
    let to = attempt.url().origin().ascii_serialization();
    attempt.error(format!("redirects to {to}, another host than was asked; set base_url if the source has moved"))
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The innermost causes say what happened: reqwest's own words do not.
fn causes(error: &reqwest::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut cause: Option<&dyn Error> = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !words.contains(&said) {
            words.push(said);
        }
        cause = error.source();
    }
    if words.is_empty() { error.to_string() } else { words.join(": ") }
}
