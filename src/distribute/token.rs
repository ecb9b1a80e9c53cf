//! Access tokens for signing in by XOAUTH2: fetched for an application on its own behalf ("client credentials",
//! RFC 6749, 4.4), kept in memory until shortly before they end.

use super::smtp::quoted::{innermost, one_line};
use super::smtp::secrets::{Secrets, cut};
use crate::fault::Faults;
use crate::net::{http_client, is_loopback};
use crate::settings;
use reqwest::{Certificate, Response, StatusCode, Url, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::fmt;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A token is not used in its last minute: signing in takes time, and clocks differ.
const MARGIN: Duration = Duration::from_secs(60);
/// However long an endpoint says that a token lasts.
const LONGEST_KEPT: Duration = Duration::from_secs(24 * 3600);
const LARGEST_ANSWER: usize = 64 * 1024;
/// What a line of SMTP may hold of one (RFC 4954, 4), with its wrapping.
const LONGEST_TOKEN: usize = 8 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where tokens come from.
pub(super) struct TokenEndpoint {
    http: reqwest::Client,
    url: Url,
    client_id: String,
    client_secret: SecretString,
    scope: String,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    token: SecretString,
    until: Instant,
}

/// Why there is no token; without a secret in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoToken {
    pub reason: String,
    /// Asking again would give the same: the settings or the application's registration are at fault.
    pub permanent: bool,
}

/// What an endpoint answers (RFC 6749, 5.1).
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Option<Lifetime>,
}

/// Some endpoints write the number as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Lifetime {
    Seconds(f64),
    Text(String),
}

/// What an endpoint says of a request that it refuses (RFC 6749, 5.2).
#[derive(Deserialize)]
struct Denied {
    error: String,
    #[serde(default)]
    error_description: String,
}

impl TokenEndpoint {
    /// `authorities` are trusted beside the system's.
    pub fn new(oauth2: &settings::OAuth2, authorities: Vec<Certificate>, faults: &mut Faults) -> Option<Self> {
        let mut needed = |key: &str, value: Option<&str>, remedy: &str| {
            if value.is_none_or(str::is_empty) {
                let place = format!("mail.smtp.oauth2.{key}");
                faults.push(place, "is not given, and mail.smtp.authentication is \"xoauth2\"", remedy);
            }
        };
        needed("token_url", oauth2.token_url.as_deref(), "name the address that grants tokens");
        needed("client_id", oauth2.client_id.as_deref(), "give the id that the application was registered with");
        let remedy = "set BOARDPACK__MAIL__SMTP__OAUTH2__CLIENT_SECRET or mail.smtp.oauth2.client_secret_file";
        needed("client_secret", Some(oauth2.client_secret.expose_secret()), remedy);
        let url = match checked(oauth2.token_url.as_deref()?) {
            Ok(url) => url,
            Err(problem) => {
                faults.push("mail.smtp.oauth2.token_url", problem, "write it as https://…");
                return None;
            }
        };
        // It follows no redirect: another address is not to have the secret.
        let http = http_client(&url, authorities, None).connect_timeout(CONNECT_TIMEOUT).build();
        let http = http
            .map_err(|e| faults.push("mail.smtp.oauth2", format!("no client can be made: {}", innermost(&e.without_url())), ""));
        Some(Self {
            http: http.ok()?,
            url,
            client_id: oauth2.client_id.clone()?,
            client_secret: oauth2.client_secret.clone(),
            scope: oauth2.scope.clone(),
            kept: Mutex::new(None),
        })
    }

    /// Where it is, for a person.
    pub fn place(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// A token that is good at `now`: the one that is kept, or a new one. It may take as long as the endpoint does.
    pub async fn token(&self, now: Instant) -> Result<SecretString, NoToken> {
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| now < kept.until) {
            return Ok(kept.token.clone());
        }
        *kept = None;
        let (token, lasts) = self.fetch().await?;
        *kept = Some(Kept { token: token.clone(), until: now + lasts.saturating_sub(MARGIN) });
        Ok(token)
    }

    /// The kept token is not what it should be: the next one is fetched.
    pub async fn forget(&self) {
        *self.kept.lock().await = None;
    }

    /// A token and how long it lasts.
    async fn fetch(&self) -> Result<(SecretString, Duration), NoToken> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &self.client_id),
            ("client_secret", self.client_secret.expose_secret()),
            ("scope", &self.scope),
        ];
        // The query of an address is written as a form is.
        let form = Url::parse_with_params("form:", form).ok().and_then(|url| url.query().map(str::to_owned));
        let request = self
            .http
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .body(form.unwrap_or_default());
        let response = request.send().await.map_err(|e| NoToken::for_now(innermost(&e.without_url())))?;
        let status = response.status();
        let body = whole(response).await?;
        if !status.is_success() {
            return Err(self.denied(status, &body));
        }
        let nonsense = || NoToken::for_now("it answered with what is not a token");
        if status != StatusCode::OK {
            return Err(nonsense());
        }
        let granted: Granted = serde_json::from_slice(&body).map_err(|_| nonsense())?;
        let token = granted.access_token;
        if token.is_empty() || token.len() > LONGEST_TOKEN || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(nonsense());
        }
        let seconds = match granted.expires_in {
            Some(Lifetime::Seconds(seconds)) => seconds,
            Some(Lifetime::Text(text)) => text.parse().unwrap_or(0.0),
            None => 0.0,
        };
        let lasts = Duration::try_from_secs_f64(seconds.clamp(0.0, LONGEST_KEPT.as_secs_f64())).unwrap_or_default();
        Ok((SecretString::from(token), lasts))
    }

    fn denied(&self, status: StatusCode, body: &[u8]) -> NoToken {
        let said = serde_json::from_slice(body).map(|Denied { error, error_description }| format!("{error} {error_description}"));
        // An endpoint should not say our secret back to us, and need not be trusted not to.
        let mut secrets = Secrets::default();
        secrets.add(self.client_secret.clone());
        let said = cut(&said.unwrap_or_default(), &secrets);
        let reason = format!("it answered {status} {}", one_line(&said)).trim_end().to_owned();
        let passing = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT) || status.is_server_error();
        NoToken { reason, permanent: !passing }
    }
}

impl NoToken {
    fn for_now(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), permanent: false }
    }
}

/// An address that a secret may be sent to.
fn checked(url: &str) -> Result<Url, String> {
    // What is at fault is not shown whole: somebody may have put a password in it.
    let parsed = Url::parse(url).map_err(|e| format!("is not an address: {e}"))?;
    let place = parsed.origin().ascii_serialization();
    match parsed.scheme() {
        "https" => {}
        "http" if is_loopback(parsed.host_str().unwrap_or_default()) => {}
        _ => return Err(format!("is at {place}: only localhost may be talked to without TLS")),
    }
    if !parsed.username().is_empty() || parsed.password().is_some() || parsed.fragment().is_some() {
        return Err(format!("at {place} has a user, a password or a fragment in it, which does not belong in such an address"));
    }
    Ok(parsed)
}

/// The whole answer, if it is of a size that such an answer has.
async fn whole(mut response: Response) -> Result<Vec<u8>, NoToken> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| NoToken::for_now(innermost(&e.without_url())))? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_ANSWER {
            return Err(NoToken::for_now(format!("its answer is over {} KB, too large for a token", LARGEST_ANSWER / 1024)));
        }
    }
    Ok(body)
}

/// Without the secret and the tokens.
impl fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenEndpoint").field("place", &self.place()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// Grants `token-1`, `token-2` …, each for an hour.
    async fn endpoint() -> TokenEndpoint {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/token", listener.local_addr().unwrap());
        tokio::spawn(async move {
            for number in 1.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let body = format!(r#"{{"access_token":"token-{number}","expires_in":3600}}"#);
                let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
                // A request this small comes in one piece.
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        let oauth2 = settings::OAuth2 {
            token_url: Some(url),
            client_id: Some("app".into()),
            client_secret: "secret".into(),
            client_secret_file: None,
            scope: "mail".into(),
        };
        TokenEndpoint::new(&oauth2, Vec::new(), &mut Faults::default()).unwrap()
    }

    #[tokio::test]
    async fn a_token_is_kept_until_its_last_minute() {
        let (endpoint, start) = (endpoint().await, Instant::now());
        for (seconds, expected) in [(0, "token-1"), (3539, "token-1"), (3540, "token-2"), (7079, "token-2"), (90_000, "token-3")]
        {
            let token = endpoint.token(start + Duration::from_secs(seconds)).await.unwrap();
            assert_eq!(token.expose_secret(), expected, "after {seconds} seconds");
        }
        endpoint.forget().await;
        assert_eq!(endpoint.token(start).await.unwrap().expose_secret(), "token-4");
    }
}
