//! Who messages are from: their addresses, what their list headers say, and the key that they are signed with.

use super::dkim::Signer;
use super::recipients::Recipient;
use crate::fault::{Fault, Faults};
use crate::net::is_domain;
use crate::settings;
use lettre::message::Mailbox;
use lettre::message::header::{HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::sync::Arc;

/// Who messages are from.
#[derive(Debug, Clone)]
pub struct Sender {
    pub from: Mailbox,
    pub reply_to: Option<Mailbox>,
    list: Option<List>,
    /// None where the mail server signs, or nobody does.
    pub(super) signer: Option<Arc<Signer>>,
}

/// What the list headers say (RFC 2919, RFC 2369), without angle brackets.
///
/// Nobody leaves these lists by a link or an answer that a machine reads, so there is no List-Unsubscribe.
#[derive(Debug, Clone)]
struct List {
    domain: String,
    help: Option<String>,
    owner: String,
}

impl Sender {
    /// # Errors
    /// `mail.from` that is not given, and every setting of what a message says of its sender that is not what it should be.
    pub fn new(mail: &settings::Mail) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut read = |key: &str, text: &str| match Recipient::parse(text) {
            Ok(person) => Some(person.mailbox()),
            Err(problem) => {
                faults.push(key, problem, "write it as \"Name <address>\" or as the address alone");
                None
            }
        };
        let reply_to = mail.reply_to.as_deref().and_then(|text| read("mail.reply_to", text));
        let from = match mail.from.as_deref() {
            Some(text) => read("mail.from", text),
            None => {
                faults.push("mail.from", "is not given", "set it, such as \"Secretariat <secretariat@example.org>\"");
                None
            }
        };
        faults.0.extend(list_faults(mail));
        let signer = Signer::new(&mail.dkim, from.as_ref().map(|from| from.email.domain()));
        let signer = signer.map_err(|found| faults.0.extend(found.0)).ok().flatten().map(Arc::new);
        match from {
            Some(from) if faults.0.is_empty() => {
                let owner = mailto(reply_to.as_ref().unwrap_or(&from));
                let list = mail.list_id.clone().map(|domain| List { domain, help: mail.list_help.clone(), owner });
                Ok(Self { from, reply_to, list, signer })
            }
            _ => Err(faults),
        }
    }

    /// The domain of the address, which Message-IDs end in and the server is greeted with.
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// The list headers of a message of this kind, where the settings ask for them: readers can sort by the kind.
    pub(super) fn list_headers(&self, kind: &str) -> Vec<HeaderValue> {
        let Some(List { domain, help, owner }) = &self.list else { return Vec::new() };
        let id = Some((HeaderName::new_from_ascii_str("List-Id"), format!("<{kind}.{domain}>")));
        let help = help.as_ref().map(|help| (HeaderName::new_from_ascii_str("List-Help"), format!("<{help}>")));
        let owner = Some((HeaderName::new_from_ascii_str("List-Owner"), format!("<{owner}>")));
        let headers = [id, help, owner].into_iter().flatten();
        // As they are: they are ASCII and short, and lettre would encode the longer of them as words, which no reader undoes.
        headers.map(|(name, value)| HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value)).collect()
    }
}

fn list_faults(mail: &settings::Mail) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(id) = mail.list_id.as_deref().filter(|id| !is_domain(id)) {
        faults.push(Fault::new(
            "mail.list_id",
            format!("{id:?} is not a domain"),
            "name one of yours, such as board.example.org",
        ));
    }
    if let Some(help) = &mail.list_help {
        let of_an_address = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | ',');
        let known = help.starts_with("https://") || help.starts_with("mailto:");
        if !known || help.len() > LONGEST_HELP || !help.chars().all(of_an_address) {
            let remedy = "write it as https://… or mailto:…, without spaces";
            faults.push(Fault::new("mail.list_help", format!("{help:?} is not an address of a page or for mail"), remedy));
        }
        if mail.list_id.is_none() {
            faults.push(Fault::new("mail.list_help", "is given, and mail.list_id is not", "set both or neither"));
        }
    }
    faults
}

/// What means something in a URL, or may.
const OF_URLS: AsciiSet = NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'_').remove(b'-').remove(b'+');

/// What leaves a header of one line well within what SMTP allows one to be.
const LONGEST_HELP: usize = 500;

/// `mailto:` and the address, with whatever means something in a URL written as its number.
fn mailto(mailbox: &Mailbox) -> String {
    format!("mailto:{}", utf8_percent_encode(mailbox.email.as_ref(), &OF_URLS))
}
