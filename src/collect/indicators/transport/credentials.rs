//! What a source is shown so that it answers, and how it is kept out of all that is told, stored and published.

use crate::collect::indicators::transport::address::escape_component;
use crate::settings::{PLACEHOLDER, Secret, Source};
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// The headers of a source, and the secret that stands in them or in its addresses.
#[derive(Debug, Clone, Default)]
pub(in crate::collect::indicators) struct Credentials {
    secret: Secret,
    /// Filled in.
    pub headers: HeaderMap,
}

impl Credentials {
    /// # Errors
    /// A secret that no header can carry.
    pub fn of(source: &Source) -> Result<Self, String> {
        let Some((table, access)) = source.kind.access() else { return Ok(Self::default()) };
        let mut headers = HeaderMap::new();
        for (name, value) in &access.headers {
            let unfit = |_| format!("{table}.headers: the value of {name} has a character that no header can carry");
            let key = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("{table}.headers: {name:?} is not the name of a header"))?;
            let mut filled = HeaderValue::from_str(&value.replace(PLACEHOLDER, access.secret.expose())).map_err(unfit)?;
            // Libraries write no such header to their logs.
            filled.set_sensitive(value.contains(PLACEHOLDER));
            headers.insert(key, filled);
        }
        Ok(Self { secret: access.secret.clone(), headers })
    }

    /// The address as it is asked for, where `url` is as it is told.
    pub fn filled_in(&self, url: &Url) -> Url {
        let mut filled = url.clone();
        if let Some(query) = url.query().filter(|query| query.contains(PLACEHOLDER)) {
            filled.set_query(Some(&query.replace(PLACEHOLDER, &escape_component(self.secret.expose()))));
        }
        filled
    }

    /// The request of a next page, as a source names it: with the placeholder for the secret, however it is escaped.
    pub fn hidden_in_request(&self, request: &str) -> String {
        let Some((path, query)) = request.split_once('?').filter(|_| !self.secret.is_empty()) else {
            return self.hidden(request);
        };
        let pairs = query.split('&').map(|pair| {
            let alone = Url::parse(&format!("http://localhost/?{pair}")).ok();
            let read = alone.as_ref().and_then(|url| url.query_pairs().next());
            match read.filter(|(_, value)| value == self.secret.expose()) {
                Some((name, _)) => format!("{name}={PLACEHOLDER}"),
                None => self.hidden(pair),
            }
        });
        format!("{}?{}", self.hidden(path), pairs.collect::<Vec<_>>().join("&"))
    }

    /// A text with the placeholder wherever the secret stands, as it is or as part of an address.
    pub fn hidden(&self, text: &str) -> String {
        if self.secret.is_empty() {
            return text.to_owned();
        }
        let secret = self.secret.expose();
        text.replace(secret, PLACEHOLDER).replace(&escape_component(secret), PLACEHOLDER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_however_escaped() {
        let credentials = Credentials { secret: Secret::new("a+b/c=".to_owned()), headers: HeaderMap::new() };
        assert_eq!(credentials.hidden("key a+b/c= or a%2Bb%2Fc%3D"), "key {secret} or {secret}");
        for next in ["d?key=a%2Bb%2Fc%3D&page=2", "d?key=a%2bb/c=&page=2", "d?key={secret}&page=2"] {
            assert_eq!(credentials.hidden_in_request(next), "d?key={secret}&page=2", "{next}");
        }
        let url = Url::parse("https://example.org/d?key={secret}&page=2").unwrap();
        assert_eq!(url.as_str(), "https://example.org/d?key={secret}&page=2");
        assert_eq!(credentials.filled_in(&url).as_str(), "https://example.org/d?key=a%2Bb%2Fc%3D&page=2");
    }
}
