//! What must not be told, however a server writes it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashSet;

/// So many characters of a secret give it away; a shorter one only as a whole.
const TELLING: usize = 12;

/// Passwords and tokens.
#[derive(Default)]
pub struct Secrets(Vec<SecretString>);

impl Secrets {
    pub fn add(&mut self, secret: SecretString) {
        self.0.push(secret);
    }

    /// True where a text has one of them in it, or a telling piece of one: as it is, in base64 (alone or within what was
    /// encoded with it, such as a name and a password), in hexadecimal or as part of a URL, in whatever case, broken by spaces
    /// or not.
    pub fn are_in(&self, text: &str) -> bool {
        let text = plain(text.as_bytes());
        self.0.iter().flat_map(|secret| forms(secret.expose_secret().as_bytes())).any(|form| is_told(&form, &text))
    }
}

/// A text without what is told of it when a secret is in it.
pub fn cut(text: &str, secrets: &Secrets) -> String {
    if !secrets.are_in(text) {
        return text.to_owned();
    }
    // The number that stands before the words of many servers (RFC 3463) is worth having, and can be no secret.
    let is_number =
        |word: &&str| word.len() <= 9 && word.split('.').count() == 3 && word.chars().all(|c| c.is_ascii_digit() || c == '.');
    let number = text.split_whitespace().next().filter(is_number);
    let rest = "(its text contains our credentials and is left out)";
    number.map_or_else(|| rest.to_owned(), |number| format!("{number} {rest}"))
}

/// The ways in which a secret may be written.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![plain(secret)];
    // Of one or two letters any text has some in base64.
    if secret.len() > 3 {
        // Behind none, one or two bytes of something else: the digits that are of the secret alone.
        for (before, mixed) in [(0, 0), (1, 2), (2, 3)] {
            let encoded = BASE64_STANDARD_NO_PAD.encode([&[0; 2][..before], secret].concat());
            let whole = (before + secret.len()) * 8 / 6;
            forms.push(plain(&encoded.as_bytes()[mixed..whole]));
        }
        forms.push(secret.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect());
        let in_url = |byte: &u8| if byte.is_ascii_alphanumeric() { vec![*byte] } else { format!("%{byte:02x}").into_bytes() };
        forms.push(plain(&secret.iter().flat_map(in_url).collect::<Vec<_>>()));
    }
    forms.retain(|form| !form.is_empty());
    forms
}

/// Small letters without spaces and control characters; the digits of base64 that URLs have otherwise as they are in mail.
fn plain(text: &[u8]) -> Vec<u8> {
    let shown = text.iter().filter(|byte| !byte.is_ascii_whitespace() && !byte.is_ascii_control());
    shown
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => byte.to_ascii_lowercase(),
        })
        .collect()
}

fn is_told(form: &[u8], text: &[u8]) -> bool {
    let length = form.len().min(TELLING);
    let pieces: HashSet<&[u8]> = form.windows(length).collect();
    text.windows(length).any(|piece| pieces.contains(piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(secret: &str, text: &str) -> bool {
        let mut secrets = Secrets::default();
        secrets.add(SecretString::from(secret));
        secrets.are_in(text)
    }

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let base64 = |text: &str| base64::prelude::BASE64_STANDARD.encode(text);
        for secret in ["hunter2", "pass", "s3cret+&=/ é", "a-long_password.of-many~characters", "Пароль-123"] {
            let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
            let spaced: Vec<String> = secret.chars().map(String::from).collect();
            for text in [
                secret.to_owned(),
                format!("535 5.7.8 {secret}: no such password"),
                format!("bad login robot:{secret}"),
                secret.to_ascii_uppercase(),
                spaced.join(" "),
                hexadecimal,
                base64(secret),
                base64(&format!("\0robot\0{secret}")),
                base64(&format!("\0packs@example.org\0{secret}")),
                base64(&format!("\0ab\0{secret}!")),
                base64(&format!("user=packs\u{1}auth=Bearer {secret}\u{1}\u{1}")),
                base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(format!("robot:{secret}")),
            ] {
                assert!(told(secret, &text), "{secret} in {text}");
            }
        }
        assert!(told("s3cret+&", "s3cret%2B%26"));
    }

    #[test]
    fn a_piece_of_a_long_one_is_enough() {
        let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.claims.signature-of-many-letters";
        assert!(told(token, &token[..20]) && told(token, &token[30..]));
        let blob = base64::prelude::BASE64_STANDARD.encode(format!("user=x\u{1}auth=Bearer {token}\u{1}\u{1}"));
        assert!(told(token, &blob[40..80]));
    }

    #[test]
    fn text_without_secrets_is_unchanged() {
        let words = "5.7.8 Error: authentication failed: UGFzc3dvcmQ6 for robot";
        for secret in ["hunter2", "", "s3cret+&=/ é"] {
            assert!(!told(secret, words), "{secret}");
        }
    }

    #[test]
    fn the_reply_code_is_kept() {
        let mut secrets = Secrets::default();
        secrets.add(SecretString::from("hunter2"));
        let rest = "(its text contains our credentials and is left out)";
        assert_eq!(cut("5.7.8 no hunter2", &secrets), format!("5.7.8 {rest}"));
        assert_eq!(cut("hunter2", &secrets), rest);
        assert_eq!(cut("5.7.8 no such password", &secrets), "5.7.8 no such password");
    }
}
