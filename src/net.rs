//! Talking to other machines: which host is this one, what is a domain, and the one way to make a client for HTTP.

use reqwest::redirect::Policy;
use reqwest::{Certificate, ClientBuilder, Url};
use std::error::Error;
use std::net::IpAddr;
use std::path::Path;

/// Whether a host, a name or an address with or without its brackets, is this machine.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Labels of letters, digits, hyphens and underscores with dots between, as DNS has them.
pub fn is_domain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    text.len() <= 200 && text.split('.').all(|label| (1..=63).contains(&label.len()) && label.chars().all(plain))
}

/// A client for the host of `url`, which trusts `authorities` beside the system's and follows no redirect. `contact` is told to
/// whoever runs the host.
pub fn http_client(url: &Url, authorities: Vec<Certificate>, contact: Option<&str>) -> ClientBuilder {
    // The same provider of cryptography as for mail; where one is installed already, it is this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let version = env!("CARGO_PKG_VERSION");
    let agent = match contact {
        Some(contact) => format!("boardpack/{version} (+{contact})"),
        None => format!("boardpack/{version}"),
    };
    let builder = reqwest::Client::builder().user_agent(agent).redirect(Policy::none()).tls_certs_merge(authorities);
    // A proxy does not know what "this machine" is, and what is asked of it in the clear needs no authorities.
    match (is_loopback(url.host_str().unwrap_or_default()), url.scheme()) {
        (true, "http") => builder.no_proxy().tls_certs_only([]),
        (true, _) => builder.no_proxy(),
        (false, _) => builder,
    }
}

/// The authorities that the file of `fetch.ca_file` adds to the system's.
///
/// # Errors
/// A file that cannot be read or holds none.
pub fn authorities(ca_file: Option<&Path>) -> Result<Vec<Certificate>, String> {
    let Some(file) = ca_file else { return Ok(Vec::new()) };
    let place = format!("fetch.ca_file, {}", file.display());
    let pem = std::fs::read(file).map_err(|e| format!("{place}: cannot be read: {e}"))?;
    let authorities = Certificate::from_pem_bundle(&pem).map_err(|e| format!("{place}: {}", causes(&e)))?;
    if authorities.is_empty() { Err(format!("{place}: holds no certificate in PEM")) } else { Ok(authorities) }
}

/// What lies behind an error of HTTP, without the address, which may hold a secret.
pub fn causes(error: &reqwest::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut cause: Option<&dyn Error> = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !words.contains(&said) {
            words.push(said);
        }
        cause = error.source();
    }
    if words.is_empty() {
        // Its own words name the address, with a secret that may be in it.
        return error.to_string().split(" for url (").next().unwrap_or_default().to_owned();
    }
    words.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for host in ["localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "localhost.example.org", "10.0.0.1", "example.org", "[::2]"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
