//! A monitor (healthchecks.io and its like) that is told how each occurrence of a schedule ended, so that silence is noticed:
//! GET of its address where all is done, of the same with `/fail` at the end of its path where somebody is needed.

use crate::net::{authorities, causes, http_client, is_loopback};
use crate::settings::Fetch;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::time::Duration;

/// For one try.
const DEADLINE: Duration = Duration::from_secs(5);
const TRIES: u32 = 3;
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

/// Where the monitor is. Whoever knows the address can say that all is well: it is a secret.
#[derive(Debug, Clone)]
pub enum Ping {
    Address(SecretString),
    /// The address is in this file, which is read each time: a credential is there only while the server runs.
    File(PathBuf),
}

impl Ping {
    /// By the two keys of a schedule, of which one may be given.
    ///
    /// # Errors
    /// What is wrong, and what to do; without the address.
    pub(super) fn read(address: Option<SecretString>, file: Option<PathBuf>) -> Result<Option<Self>, (String, &'static str)> {
        match (address, file) {
            (None, None) => Ok(None),
            (Some(_), Some(_)) => Err(("ping_url and ping_url_file are both given".to_owned(), "leave one of them out")),
            (Some(address), None) => match url(&address) {
                Ok(_) => Ok(Some(Ping::Address(address))),
                Err(problem) => Err((format!("ping_url {problem}"), "copy it from the monitor's page")),
            },
            (None, Some(file)) if file.is_absolute() => Ok(Some(Ping::File(file))),
            (None, Some(file)) => {
                let remedy = "write it from the root, such as \"/run/credentials/boardpack.service/ping-quarterly\"";
                Err((format!("ping_url_file = {:?} is not a whole path", file.display().to_string()), remedy))
            }
        }
    }

    /// Tells the monitor how an occurrence ended.
    ///
    /// # Errors
    /// Why it could not be told, without its address.
    pub async fn tell(&self, done: bool, fetch: &Fetch) -> Result<(), String> {
        let mut url = match self {
            Ping::Address(address) => url(address).map_err(|problem| format!("ping_url {problem}")),
            Ping::File(file) => {
                let text = std::fs::read_to_string(file).map_err(|e| format!("{} cannot be read: {e}", file.display()))?;
                url(&SecretString::from(text.trim().to_owned())).map_err(|problem| format!("{} {problem}", file.display()))
            }
        }?;
        if !done && let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push("fail");
        }
        let http = client(&url, fetch)?;
        let mut tried = 1;
        loop {
            let problem = match http.get(url.clone()).send().await {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) => format!("the monitor answered {}", answer.status()),
                Err(error) => causes(&error.without_url()),
            };
            if tried == TRIES {
                return Err(problem);
            }
            tried += 1;
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
    }
}

/// The address, where nobody on the way can read it.
fn url(address: &SecretString) -> Result<Url, &'static str> {
    let url = Url::parse(address.expose_secret()).map_err(|_| "is not an address that begins with https://")?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(url.host_str().unwrap_or_default()) => Ok(url),
        _ => Err("is not an address that begins with https://"),
    }
}

/// As public sources are asked; a monitor that sends us elsewhere is not followed.
fn client(url: &Url, fetch: &Fetch) -> Result<reqwest::Client, String> {
    http_client(url, authorities(fetch.ca_file.as_deref())?, None).timeout(DEADLINE).build().map_err(|e| causes(&e))
}
