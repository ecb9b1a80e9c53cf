//! Where a source lies, and which addresses are its own: no other host is ever asked.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Url, redirect};

const MOST_REDIRECTS: usize = 5;

/// What a value in an address is escaped for.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// A value as part of an address: it adds no path and no parameter of its own.
pub(in crate::collect::indicators) fn escape_component(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// The address below which a source answers.
#[derive(Debug, Clone)]
pub(in crate::collect::indicators) struct BaseAddress(Url);

impl BaseAddress {
    /// # Errors
    /// A text that is no address.
    pub fn parse(base: &str) -> Result<Self, String> {
        let with_slash = if base.ends_with('/') { base.to_owned() } else { format!("{base}/") };
        let url = Url::parse(&with_slash).map_err(|e| format!("the base_url {base:?} is not an address: {e}"))?;
        Ok(Self(url))
    }

    /// The whole address of a request.
    ///
    /// # Errors
    /// What is no address, or leads to another host: a page may name the next one, but not where else to go.
    pub fn join(&self, request: &str) -> Result<Url, String> {
        let url = self.0.join(request).map_err(|e| format!("{request:?} is not an address: {e}"))?;
        if has_user(&url) {
            return Err("leads to an address with a user or a password in it".to_owned());
        }
        if url.origin() == self.0.origin() {
            return Ok(url);
        }
        let (to, of) = (url.origin().ascii_serialization(), self.0.origin().ascii_serialization());
        Err(format!("leads to {to}, another host than the source's {of}"))
    }

    /// What limits on asking are kept by.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    pub fn url(&self) -> &Url {
        &self.0
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Follows a redirect within the host that was asked: another host's figures are not the source's.
pub(in crate::collect::indicators) fn stay_on_host(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let Some(asked) = attempt.previous().first() else { return attempt.stop() };
    if attempt.previous().len() > MOST_REDIRECTS {
        return attempt.error(format!("redirects more than {MOST_REDIRECTS} times"));
    }
    if has_user(attempt.url()) {
        return attempt.error("redirects to an address with a user or a password in it");
    }
    if is_same_host(asked, attempt.url()) {
        return attempt.follow();
    }
    let to = attempt.url().origin().ascii_serialization();
    attempt.error(format!("redirects to {to}, another host than was asked; set base_url if the source has moved"))
}

/// Such an address shows a secret wherever it is told.
fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// The same host and port, or the same host by TLS where it was asked in the clear.
fn is_same_host(asked: &Url, to: &Url) -> bool {
    let secured = asked.host_str() == to.host_str()
        && (asked.scheme(), to.scheme()) == ("http", "https")
        && (asked.port(), to.port()) == (None, None);
    asked.origin() == to.origin() || secured
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_stays_below_its_source() {
        let base = BaseAddress::parse("https://example.org/api").unwrap();
        assert_eq!(base.join("a?b=1").unwrap().as_str(), "https://example.org/api/a?b=1");
        assert_eq!(base.join("https://example.org/api/a?page=2").unwrap().as_str(), "https://example.org/api/a?page=2");
        for elsewhere in
            ["https://example.com/api/a", "//example.com/a", "http://example.org/api/a", "https://example.org:8443/a"]
        {
            assert!(
                base.join(elsewhere).unwrap_err().contains("another host than the source's https://example.org"),
                "{elsewhere}"
            );
        }
    }

    #[test]
    fn redirects_may_add_tls_but_never_drop_it() {
        let same = |asked: &str, to: &str| is_same_host(&Url::parse(asked).unwrap(), &Url::parse(to).unwrap());
        assert!(same("http://a.org/x", "https://a.org/y") && same("https://a.org/x", "https://a.org/y"));
        assert!(!same("https://a.org/x", "http://a.org/x") && !same("https://a.org/", "https://b.a.org/"));
        assert!(!same("http://a.org:8080/x", "http://a.org:9090/x") && !same("http://a.org:8080/x", "https://a.org/x"));
    }

    #[test]
    fn values_add_no_path_or_parameter() {
        assert_eq!(escape_component("E06000018"), "E06000018");
        assert_eq!(escape_component("../a?b&c=d é"), "..%2Fa%3Fb%26c%3Dd%20%C3%A9");
    }
}
