//! Signing messages by DKIM (RFC 6376, RFC 8301, RFC 8463), relaxed in headers and body.
//!
//! lettre can sign too, but dates the signature by the clock, so that the same message would not have the same bytes,
//! and reads no PKCS#8 key. This signs the bytes that go over the wire, with the cryptography that TLS has anyway.

use crate::fault::{Fault, Faults};
use crate::net::is_domain;
use crate::settings;
use jiff::Timestamp;
use lettre::message::Body;
use lettre::message::header::ContentTransferEncoding;
use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::SigningKey;
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// What is signed. Each is named once more than it stands in the message, so that another of that name put in on the
/// way breaks the signature.
const SIGNED: [&str; 10] =
    ["From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted"];

/// Signed where they are there: a list that passes a message on may put in its own.
const SIGNED_IF_THERE: [&str; 3] = ["List-Id", "List-Help", "List-Owner"];

/// A key, and where its public half is found.
pub(super) struct Signer {
    selector: String,
    domain: String,
    algorithm: Algorithm,
    key: Arc<dyn SigningKey>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Rsa,
    Ed25519,
}

impl Signer {
    /// None where the settings ask for no signature. `from` is the domain of the sender's address, where that is known.
    ///
    /// # Errors
    /// Every setting under `mail.dkim` that is missing, unreadable, or would make a signature that counts for nothing.
    pub fn new(dkim: &settings::Dkim, from: Option<&str>) -> Result<Option<Self>, Faults> {
        let (selector, key_file) = match (&dkim.selector, &dkim.key_file) {
            (None, None) => return Ok(None),
            (selector, key_file) => (selector.clone().unwrap_or_default(), key_file),
        };
        let mut faults = Faults::default();
        if !is_domain(&selector) {
            let problem = match &dkim.selector {
                None => "is not given, and mail.dkim.key_file is".to_owned(),
                Some(_) => format!("{selector:?} cannot be a part of a name in DNS"),
            };
            faults.push("mail.dkim.selector", problem, "name the public key's record, without ._domainkey and the domain");
        }
        let key = match key_file {
            Some(file) => read_key(file).map_err(|fault| faults.0.push(fault)).ok(),
            None => {
                faults.push("mail.dkim.key_file", "is not given, and mail.dkim.selector is", "name the file of the private key");
                None
            }
        };
        let domain = dkim.domain.as_deref().or(from).unwrap_or_default().to_ascii_lowercase();
        if let Some(from) = from.map(str::to_ascii_lowercase)
            && from != domain
            && !from.ends_with(&format!(".{domain}"))
        {
            let problem = format!("is {domain:?}, and mail.from is of {from:?}: receivers would not take it for the sender's");
            faults.push("mail.dkim.domain", problem, "leave it empty, or name that domain or one above it");
        }
        match key {
            Some((algorithm, key)) if faults.0.is_empty() => Ok(Some(Self { selector, domain, algorithm, key })),
            _ => Err(faults),
        }
    }

    /// The header that signs `message`, with its line end, to stand before it. The same arguments give the same bytes.
    ///
    /// # Errors
    /// What kept the key from signing, in words.
    pub fn sign(&self, message: &[u8], at: Timestamp) -> Result<String, String> {
        let (headers, body) = split(message);
        let fields = fields(headers);
        let (mut names, mut signed) = (Vec::new(), Vec::new());
        let once_more = SIGNED.map(|name| (name, true)).into_iter();
        for (name, once_more) in once_more.chain(SIGNED_IF_THERE.map(|name| (name, false))) {
            // From the last of a name to the first, as a verifier takes them.
            for field in fields.iter().rev().filter(|field| is_called(field, name)) {
                names.push(name);
                signed.extend(relaxed_field(field));
                signed.extend(b"\r\n");
            }
            if once_more {
                names.push(name);
            }
        }
        let Self { selector, domain, algorithm, .. } = self;
        let names: Vec<String> = names.chunks(6).map(|line| line.join(":")).collect();
        let (seconds, names, body_hash) = (at.as_second(), names.join(":\r\n "), base64(&body_hash(body))?);
        let unsigned = format!(
            "DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed; d={domain};\r\n s={selector}; t={seconds};\r\n h={names};\r\n \
             bh={body_hash};\r\n b="
        );
        signed.extend(relaxed_field(unsigned.as_bytes()));
        Ok(format!("{unsigned}{}\r\n", base64(&self.signature(&signed)?)?))
    }

    fn signature(&self, text: &[u8]) -> Result<Vec<u8>, String> {
        let signer = self.key.choose_scheme(&[self.algorithm.scheme()]).ok_or("the key of mail.dkim cannot sign")?;
        let signed = match self.algorithm {
            Algorithm::Rsa => signer.sign(text),
            // What Ed25519 signs is the hash itself (RFC 8463, 3).
            Algorithm::Ed25519 => signer.sign(&Sha256::digest(text)),
        };
        signed.map_err(|e| format!("it cannot be signed with the key of mail.dkim: {e}"))
    }
}

impl Algorithm {
    fn scheme(self) -> SignatureScheme {
        match self {
            Algorithm::Rsa => SignatureScheme::RSA_PKCS1_SHA256,
            Algorithm::Ed25519 => SignatureScheme::ED25519,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Algorithm::Rsa => "rsa-sha256",
            Algorithm::Ed25519 => "ed25519-sha256",
        })
    }
}

/// Without the key.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { selector, domain, algorithm, key: _ } = self;
        write!(f, "Signer({selector}._domainkey.{domain}, {algorithm})")
    }
}

fn read_key(file: &Path) -> Result<(Algorithm, Arc<dyn SigningKey>), Fault> {
    let fault = |problem: String| {
        let remedy = "name a PEM file with an RSA key of 2048 to 4096 bits, or an Ed25519 key";
        Fault::new(format!("mail.dkim.key_file, {}", file.display()), problem, remedy)
    };
    let pem = std::fs::read(file).map_err(|e| fault(format!("cannot be read: {e}")))?;
    // What the parsers say of a key is for those who write parsers.
    let der = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| fault("holds no private key in PEM".to_owned()))?;
    let key = any_supported_type(&der).map_err(|_| fault("holds a key that cannot be used".to_owned()))?;
    let algorithm = [Algorithm::Rsa, Algorithm::Ed25519].into_iter().find(|kind| key.choose_scheme(&[kind.scheme()]).is_some());
    match algorithm {
        Some(algorithm) => Ok((algorithm, key)),
        None => Err(fault("holds a key of a kind that DKIM does not know".to_owned())),
    }
}

/// The header fields, and the body after the empty line.
fn split(message: &[u8]) -> (&[u8], &[u8]) {
    match message.windows(4).position(|window| window == b"\r\n\r\n") {
        Some(at) => (&message[..at + 2], &message[at + 4..]),
        None => (message, b""),
    }
}

/// Each field with the lines it is continued on, without its last line end.
fn fields(headers: &[u8]) -> Vec<&[u8]> {
    let (mut fields, mut from) = (Vec::new(), 0);
    for at in 0..headers.len() {
        let ends = headers[at..].starts_with(b"\r\n") && !matches!(headers.get(at + 2), Some(b' ' | b'\t'));
        if ends {
            fields.push(&headers[from..at]);
            from = at + 2;
        }
    }
    fields
}

fn is_called(field: &[u8], name: &str) -> bool {
    let end = field.iter().position(|byte| *byte == b':').unwrap_or_default();
    field[..end].trim_ascii_end().eq_ignore_ascii_case(name.as_bytes())
}

/// The name in lower case, the value on one line with single spaces (RFC 6376, 3.4.2).
fn relaxed_field(field: &[u8]) -> Vec<u8> {
    let colon = field.iter().position(|byte| *byte == b':').unwrap_or(field.len());
    let (name, value) = field.split_at(colon);
    let mut relaxed = name.trim_ascii_end().to_ascii_lowercase();
    relaxed.push(b':');
    let value = value.strip_prefix(b":").unwrap_or(value);
    let words = value.split(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).filter(|word| !word.is_empty());
    relaxed.extend(words.collect::<Vec<_>>().join(&b' '));
    relaxed
}

/// SHA-256 of the body with single spaces, none at the end of a line, and no empty lines at its end (RFC 6376, 3.4.4).
fn body_hash(body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut empty_lines = 0;
    for line in lines(body) {
        let Some(last) = line.iter().rposition(|byte| !is_blank(*byte)) else {
            empty_lines += 1;
            continue;
        };
        for _ in 0..std::mem::take(&mut empty_lines) {
            hash.update(b"\r\n");
        }
        let mut rest = &line[..=last];
        while let Some(at) = rest.iter().position(|byte| is_blank(*byte)) {
            let end = rest[at..].iter().position(|byte| !is_blank(*byte)).map_or(rest.len(), |blanks| at + blanks);
            hash.update(&rest[..at]);
            hash.update(b" ");
            rest = &rest[end..];
        }
        hash.update(rest);
        hash.update(b"\r\n");
    }
    hash.finalize().into()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The lines that CR LF ends: either alone is a character like another.
fn lines(mut body: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        if body.is_empty() {
            return None;
        }
        let end = body.windows(2).position(|window| window == b"\r\n");
        let (line, rest) = end.map_or((body, &b""[..]), |end| (&body[..end], &body[end + 2..]));
        body = rest;
        Some(line)
    })
}

/// In lines that a header can hold.
fn base64(bytes: &[u8]) -> Result<String, String> {
    let encoded = Body::new_with_encoding(bytes.to_vec(), ContentTransferEncoding::Base64);
    let encoded = encoded.ok().and_then(|body| String::from_utf8(body.into_vec()).ok());
    encoded.map(|text| text.replace("\r\n", "\r\n ")).ok_or_else(|| "its signature cannot be encoded".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sha256(text: &[u8]) -> [u8; 32] {
        Sha256::digest(text).into()
    }

    #[test]
    fn headers_and_body_follow_relaxed_canonicalisation() {
        // RFC 6376, 3.4.5.
        let (headers, body) = split(b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n");
        let fields = fields(headers);
        assert_eq!(fields, [b"A: X".as_slice(), b"B : Y\t\r\n\tZ  "]);
        assert_eq!(fields.iter().map(|field| relaxed_field(field)).collect::<Vec<_>>(), [b"a:X".to_vec(), b"b:Y Z".to_vec()]);
        assert!(is_called(fields[1], "b") && !is_called(fields[0], "B"));
        assert_eq!(body_hash(body), sha256(b" C\r\nD E\r\n"));
        // RFC 8463, appendix A.
        let joe = b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
        assert_eq!(base64(&body_hash(joe)).unwrap(), "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
    }

    #[test]
    fn only_content_changes_the_body_hash() {
        for (body, relaxed) in [
            ("", ""),
            ("\r\n", ""),
            (" \t\r\n \r\n", ""),
            ("a", "a\r\n"),
            ("a\r\n \r\n\t\r\n", "a\r\n"),
            ("a\r\n \r\nb ", "a\r\n\r\nb\r\n"),
            ("a\rb\nc\r\r\n", "a\rb\nc\r\r\n"),
            ("\t a\t\tb", " a b\r\n"),
        ] {
            assert_eq!(body_hash(body.as_bytes()), sha256(relaxed.as_bytes()), "{body:?}");
        }
    }
}
