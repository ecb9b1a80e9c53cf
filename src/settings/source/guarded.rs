//! Where a source's secret may stand, and what of an address is one already.

use super::reading::SourceReading;
use super::secret::{Access, PLACEHOLDER};
use crate::net::is_loopback;
use reqwest::Url;
use reqwest::header::{self, HeaderName, HeaderValue};

/// Headers that are boardpack's own, or the connection's.
const OWN: [HeaderName; 8] = [
    header::HOST,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::ACCEPT_ENCODING,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::RANGE,
];

/// Words in the name of a header or of a parameter whose value is a secret.
const SECRET_WORDS: [&str; 9] =
    ["authorization", "cookie", "password", "passwd", "secret", "token", "signature", "subscription-key", "credential"];
/// Such names as a whole, without `-` and `_`.
const SECRET_NAMES: [&str; 8] = ["key", "apikey", "xapikey", "accesskey", "appkey", "auth", "sig", "pwd"];

/// The user or password in an address is told without either.
pub(super) fn address(reading: &mut SourceReading<'_>, key: &str, address: &str) {
    let rest = address.split_once("://").map(|(_, rest)| rest).or_else(|| address.strip_prefix("//"));
    let authority = rest.and_then(|rest| rest.split(['/', '?', '#', '\\']).next()).unwrap_or_default();
    let parsed = Url::parse(address).ok();
    if authority.contains('@') || parsed.is_some_and(|url| !url.username().is_empty() || url.password().is_some()) {
        let problem = "has a user or a password in it, which would be printed and stored with the address";
        reading.fault(key, problem, "take it out; give it by api.headers and api.secret_file (docs/indicators.md)");
    }
}

/// A source that may need a secret.
pub(super) struct Entry<'a> {
    /// The table of the source that says how it is asked and let in.
    pub table: &'static str,
    pub base_url: Option<&'a str>,
    pub request: Option<&'a str>,
    pub access: &'a Access,
}

pub(super) fn entry(reading: &mut SourceReading<'_>, entry: &Entry<'_>) {
    let (table, Access { headers, secret, secret_file }) = (entry.table, entry.access);
    let key = |name: &str| format!("{table}.{name}");
    for (name, value) in headers {
        header(reading, table, (name, value));
    }
    let request = entry.request.unwrap_or_default();
    address(reading, &key("request"), request);
    if request.split(['?', '#']).next().is_some_and(|path| path.contains(PLACEHOLDER)) {
        let problem = format!("{PLACEHOLDER} is in the path; the query, after \"?\", or a header was expected");
        reading.fault(&key("request"), problem, format!("give it as a parameter of the query, or by {table}.headers"));
    }
    let is_used = request.contains(PLACEHOLDER) || headers.values().any(|value| value.contains(PLACEHOLDER));
    let is_given = secret_file.is_some() || !secret.is_empty();
    if is_used && !is_given && !reading.is_told(&key("secret")) && !reading.is_told(&key("secret_file")) {
        let variable = format!("BOARDPACK__SOURCES__{}__{}__SECRET", reading.source.to_uppercase(), table.to_uppercase());
        let problem =
            format!("is needed and not given: {PLACEHOLDER} stands for it; expected a file that holds it and nothing else");
        reading.fault(&key("secret_file"), problem, format!("name the file, or give the secret by {variable}"));
    }
    if is_given && !is_used {
        let key = key(if secret_file.is_some() { "secret_file" } else { "secret" });
        let problem = format!("is given and never used: {PLACEHOLDER} is neither in {table}.headers nor in {table}.request");
        reading.fault(&key, problem, format!("write {PLACEHOLDER} where the source expects it, or leave it out"));
    }
    if is_used && entry.base_url.is_some_and(is_open) {
        let problem = format!("is not encrypted, and {PLACEHOLDER} would be sent in the clear");
        reading.fault("base_url", problem, "write it as https://…");
    }
}

/// What is asked over a network without encryption.
fn is_open(base_url: &str) -> bool {
    let Ok(url) = Url::parse(base_url) else { return false };
    url.scheme() == "http" && !is_loopback(url.host_str().unwrap_or_default())
}

fn header(reading: &mut SourceReading<'_>, table: &str, (name, value): (&str, &str)) {
    let key = format!("{table}.headers.{name}");
    let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
        return reading.fault(
            &format!("{table}.headers"),
            format!("{name:?} is not the name of a header"),
            "write it as the source does",
        );
    };
    if OWN.contains(&header) {
        return reading.fault(&key, "is a header that boardpack sets itself", "leave it out");
    }
    if HeaderValue::from_str(value).is_err() {
        return reading.fault(&key, "has a character that no header can carry", "write it in plain letters");
    }
    if is_secret(name) && !value.contains(PLACEHOLDER) {
        let problem = format!("is the name of a secret, and its value is in the settings; {PLACEHOLDER} was expected in it");
        reading.fault(&key, problem, format!("write {PLACEHOLDER} for the secret, and name its file in {table}.secret_file"));
    }
}

/// Whether a header or parameter of this name holds a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    let bare: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    SECRET_WORDS.iter().any(|word| name.contains(word)) || SECRET_NAMES.contains(&bare.as_str())
}

/// The parameter of an address whose value seems to be a secret, written out.
pub(super) fn parameter(address: &str) -> Option<&str> {
    let query = address.split_once('?')?.1.split('#').next()?;
    let pairs = query.split(['&', ';']).filter_map(|pair| pair.split_once('='));
    let written = pairs.filter(|(_, value)| !value.is_empty() && !value.contains('{'));
    written.map(|(name, _)| name).find(|name| is_secret(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_parameter_name() {
        for address in ["a?key=x", "a?b=1&api_key=x", "a?X-Api-Key=x", "a?access_token=x#y", "a?Subscription-Key=x", "a?b;sig=x"]
        {
            assert!(parameter(address).is_some(), "{address}");
        }
        for address in ["a", "a?key=", "a?key={secret}", "a?monkey=x", "a?keywords=x", "a?b=key"] {
            assert_eq!(parameter(address), None, "{address}");
        }
    }
}
