//! A mail server of the settings, and how to talk to it.

use super::tls::{Authorities, Tls};
use crate::distribute::sign_in::SignIn;
use crate::fault::Faults;
use crate::net::is_loopback;
use crate::settings;
use lettre::transport::smtp::extension::ClientId;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::OnceLock;
use std::time::Duration;

/// Seconds that a whole conversation may be given.
const DEADLINES: RangeInclusive<u64> = 1..=3600;

/// A server and how to talk to it.
pub struct MailServer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) sign_in: SignIn,
    pub(super) hello: ClientId,
    pub(super) deadline: Duration,
    /// Why we may not sign in, once that is certain: asking again for each message would lock the account.
    pub(super) shut_out: OnceLock<String>,
}

pub(super) enum Security {
    /// STARTTLS before anything of ours is said.
    Upgrade(Tls),
    /// TLS from the first byte.
    Implicit(Tls),
    /// Plain text, on this machine only.
    Loopback,
}

impl MailServer {
    /// `domain` is how we greet the server.
    ///
    /// # Errors
    /// Every setting under `mail.smtp` that is missing, unsafe or unreadable.
    pub fn new(smtp: &settings::Smtp, domain: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let host = smtp.host.clone().unwrap_or_default();
        if host.is_empty() {
            faults.push("mail.smtp.host", "is not given, and mail.transport is \"smtp\"", "name the server");
        }
        if !DEADLINES.contains(&smtp.deadline_seconds) {
            let expected = format!("give it {} to {} seconds; 60 is usual", DEADLINES.start(), DEADLINES.end());
            faults.push("mail.smtp.deadline_seconds", format!("is {}", smtp.deadline_seconds), expected);
        }
        let authorities = Authorities::read(smtp, &mut faults);
        let sign_in = SignIn::new(smtp, authorities.for_tokens, &mut faults);
        let security = match smtp.tls {
            settings::Tls::None => {
                if !host.is_empty() && !is_loopback(&host) {
                    faults.push(
                        "mail.smtp.tls",
                        format!("is \"none\", and {host} is another machine"),
                        "use \"starttls\" or \"implicit\"; only localhost may be talked to without TLS",
                    );
                }
                Some(Security::Loopback)
            }
            settings::Tls::Starttls => Tls::new(authorities.for_mail, &host, &mut faults).map(Security::Upgrade),
            settings::Tls::Implicit => Tls::new(authorities.for_mail, &host, &mut faults).map(Security::Implicit),
        };
        match (security, sign_in) {
            (Some(security), Some(sign_in)) if faults.0.is_empty() => Ok(Self {
                host,
                port: smtp.port.get(),
                security,
                sign_in,
                hello: ClientId::Domain(domain.to_owned()),
                deadline: smtp.deadline(),
                shut_out: OnceLock::new(),
            }),
            _ => Err(faults),
        }
    }

    /// The same server with another deadline for a whole conversation.
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }
}

/// Without the credentials.
impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, deadline, .. } = self;
        f.debug_struct("Server").field("host", host).field("port", port).field("deadline", deadline).finish_non_exhaustive()
    }
}
