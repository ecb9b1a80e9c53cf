//! One SMTP conversation a message, step by step, so that how far it got is always known.
//!
//! lettre's transport can send a message in one call, but its error does not tell a server that fell silent before
//! the text from one that did after it. Only the second may have delivered the message, so the steps are taken here.

use super::message::Message;
use super::outbox::Outcome;
use super::sign_in::{NotSignedIn, SignIn};
use super::token::NoToken;
use crate::fault::Faults;
use crate::settings;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};
use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Seconds that a whole conversation may be given.
const DEADLINES: RangeInclusive<u64> = 1..=3600;

/// How long we wait to say goodbye once the outcome is known.
const FAREWELL: Duration = Duration::from_secs(1);

/// Bytes of the text that are made ready for the wire at a time.
const PIECE: usize = 64 * 1024;

/// A server and how to talk to it.
pub struct Server {
    host: String,
    port: u16,
    security: Security,
    sign_in: SignIn,
    hello: ClientId,
    deadline: Duration,
    /// Why we may not sign in, once that is certain: asking again for each message would lock the account.
    shut_out: OnceLock<String>,
}

enum Security {
    /// STARTTLS before anything of ours is said.
    Upgrade(TlsParameters),
    /// TLS from the first byte.
    Implicit(TlsParameters),
    /// Plain text, on this machine only.
    Loopback,
}

/// What the conversation was about when it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Where messages are signed in for by a token, the one that is not asked of the mail server.
    Token,
    Connect,
    Secure,
    SignIn,
    Sender,
    Recipient,
    Data,
    /// The text is on its way: from here on silence proves nothing.
    Text,
}

/// Why a step failed.
enum Failure {
    /// The server's own answer.
    Answer {
        code: u16,
        text: String,
        permanent: bool,
    },
    NoToken(NoToken),
    /// Anything else: a lost connection, a certificate, an answer that is not SMTP.
    Other(String),
}

impl Server {
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
            settings::Tls::Starttls => tls(authorities.for_mail, &host, &mut faults).map(Security::Upgrade),
            settings::Tls::Implicit => tls(authorities.for_mail, &host, &mut faults).map(Security::Implicit),
        };
        match (security, sign_in) {
            (Some(security), Some(sign_in)) if faults.0.is_empty() => Ok(Self {
                host,
                port: smtp.port,
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

    /// Sends one message. Ends within the deadline, whatever the server does.
    pub async fn send(&self, message: &Message) -> Outcome {
        if let Some(reason) = self.shut_out.get() {
            return Outcome::refused_for_good(reason.clone());
        }
        let end = Instant::now() + self.deadline;
        let mut step = Step::Connect;
        let mut ended = self.conversation(message, end, &mut step).await;
        if let (Step::SignIn, Err(Failure::Answer { permanent: true, .. }), Some(tokens)) =
            (step, &ended, self.sign_in.endpoint())
        {
            // A token that should be good may have been taken back: a new one decides.
            tokens.forget().await;
            ended = self.conversation(message, end, &mut step).await;
        }
        let outcome = match ended {
            Ok(()) => Outcome::Accepted,
            Err(Failure::Answer { code, text, permanent }) => {
                let text = without_addresses(&without(&text, message.to.as_ref()));
                self.outcome(step, Failure::Answer { code, text, permanent })
            }
            Err(failure) => self.outcome(step, failure),
        };
        if let (Step::Token | Step::SignIn, Outcome::Refused { reason, permanent: true }) = (step, &outcome) {
            self.shut_out.get_or_init(|| reason.clone());
        }
        outcome
    }

    /// One conversation, to its end or the deadline's.
    async fn conversation(&self, message: &Message, end: Instant, step: &mut Step) -> Result<(), Failure> {
        let mut connection = None;
        let ended = timeout_at(end, self.converse(message, &mut connection, step)).await;
        if let (Ok(_), Some(mut connection)) = (&ended, connection) {
            // The outcome stands whether or not the server hears goodbye.
            let _ = timeout_at(end.min(Instant::now() + FAREWELL), connection.quit()).await;
        }
        ended.unwrap_or_else(|_| Err(Failure::Other(format!("it did not answer within {:?}", self.deadline))))
    }

    async fn converse(&self, message: &Message, kept: &mut Option<AsyncSmtpConnection>, step: &mut Step) -> Result<(), Failure> {
        let implicit = match &self.security {
            Security::Implicit(tls) => Some(tls.clone()),
            Security::Upgrade(_) | Security::Loopback => None,
        };
        // Before the server is greeted, which would not wait for it long.
        *step = Step::Token;
        let ticket = self.sign_in.ticket().await?;
        *step = Step::Connect;
        let address = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(address, None, &self.hello, implicit, None).await?;
        if let Security::Upgrade(tls) = &self.security {
            *step = Step::Secure;
            if !connection.can_starttls() {
                return Err(Failure::Other("it does not offer STARTTLS, which mail.smtp.tls requires".to_owned()));
            }
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        // Not before: lettre panics when a connection whose upgrade failed is written to, and goodbye would be.
        let connection = kept.insert(connection);
        if let Some(ticket) = ticket {
            *step = Step::SignIn;
            ticket.show(connection).await?;
        }
        *step = Step::Sender;
        done(connection.command(Mail::new(Some(message.from.clone()), vec![])).await?)?;
        *step = Step::Recipient;
        done(connection.command(Rcpt::new(message.to.clone(), vec![])).await?)?;
        *step = Step::Data;
        let answer = connection.command(Data).await?;
        if !answer.has_code(354) {
            // An answer out of turn: the server and we are not speaking of the same command.
            return Err(Failure::Other(format!("it answered {} where 354 was expected", answer.code())));
        }
        *step = Step::Text;
        done(connection.message_iter(message.bytes.chunks(PIECE)).await?)
    }

    fn outcome(&self, step: Step, failure: Failure) -> Outcome {
        let server = match (step, self.sign_in.endpoint()) {
            (Step::Token, Some(endpoint)) => endpoint.place(),
            _ => format!("{}:{}", self.host, self.port),
        };
        match failure {
            Failure::Answer { code, text, permanent } => {
                let text = if text.is_empty() { String::new() } else { format!(" {text}") };
                Outcome::Refused { reason: format!("{server} refused {step}: {code}{text}"), permanent }
            }
            Failure::NoToken(NoToken { reason, permanent }) => {
                Outcome::Refused { reason: format!("{server}, at {step}: {reason}"), permanent }
            }
            Failure::Other(problem) if step == Step::Text => {
                Outcome::Unknown { reason: format!("{server}, after the text was sent: {problem}; it may have been delivered") }
            }
            Failure::Other(problem) => Outcome::refused_for_now(format!("{server}, at {step}: {problem}")),
        }
    }
}

/// An answer that says the command is done, rather than half way.
fn done(answer: Response) -> Result<(), Failure> {
    match answer.code().severity {
        Severity::PositiveCompletion => Ok(()),
        _ => Err(Failure::Other(format!("it answered {} where 250 was expected", answer.code()))),
    }
}

pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Those of `ca_file`, which are trusted beside the system's (or those of `SSL_CERT_FILE`).
#[derive(Default)]
struct Authorities {
    for_mail: Option<Certificate>,
    for_tokens: Vec<reqwest::Certificate>,
}

impl Authorities {
    fn read(smtp: &settings::Smtp, faults: &mut Faults) -> Self {
        let Some(file) = &smtp.ca_file else { return Self::default() };
        let read = || {
            let pem = std::fs::read(file).map_err(|e| e.to_string())?;
            let for_mail = Some(Certificate::from_pem(&pem).map_err(|e| describe(&e))?);
            let for_tokens = reqwest::Certificate::from_pem_bundle(&pem).map_err(|e| innermost(&e))?;
            Ok(Self { for_mail, for_tokens })
        };
        read().unwrap_or_else(|problem: String| {
            let place = format!("mail.smtp.ca_file, {}", file.display());
            faults.push(place, format!("cannot be read: {problem}"), "name a PEM file of certificates");
            Self::default()
        })
    }
}

fn tls(authority: Option<Certificate>, host: &str, faults: &mut Faults) -> Option<TlsParameters> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(authority) = authority {
        builder = builder.add_root_certificate(authority);
    }
    builder.build().map_err(|e| faults.push("mail.smtp", format!("TLS cannot be set up: {}", describe(&e)), "")).ok()
}

impl From<NoToken> for Failure {
    fn from(no_token: NoToken) -> Self {
        Failure::NoToken(no_token)
    }
}

impl From<NotSignedIn> for Failure {
    fn from(error: NotSignedIn) -> Self {
        match error {
            NotSignedIn::Other(problem) => Failure::Other(problem),
            NotSignedIn::Refused(error) => error.into(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.status() {
            Some(code) => Failure::Answer {
                code: code.into(),
                text: error.source().map(|text| one_line(&text.to_string())).unwrap_or_default(),
                permanent: error.is_permanent(),
            },
            None => Failure::Other(describe(&error)),
        }
    }
}

fn describe(error: &Error) -> String {
    if error.is_response() {
        // lettre's words for a reader's end of file, and for a parser's position.
        let hung_up = error.source().is_some_and(|cause| cause.to_string() == "incomplete response");
        return if hung_up { "it hung up" } else { "it answered with what is not SMTP" }.to_owned();
    }
    innermost(error)
}

/// The innermost cause says what happened; the outer ones only that something did.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    let text = one_line(&innermost.to_string());
    if text.contains("UnknownIssuer") {
        return format!("{text} (if you trust the authority that signed it, name its certificate in mail.smtp.ca_file)");
    }
    text
}

/// What a server says is not ours: one line of it, of a length that fits a log.
pub(super) fn one_line(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// `text` with each `address` in it, in whatever case, left out.
fn without(text: &str, address: &str) -> String {
    // Lowering the case of ASCII alone moves no byte.
    let (lower, address) = (text.to_ascii_lowercase(), address.to_ascii_lowercase());
    let mut kept = String::new();
    let mut from = 0;
    for (at, found) in lower.match_indices(&address) {
        kept.push_str(&text[from..at]);
        kept.push_str("(the recipient)");
        from = at + found.len();
    }
    kept + &text[from..]
}

/// What a server says may name the sender and others too.
fn without_addresses(text: &str) -> String {
    let words = text.split(' ').map(|word| if word.contains('@') { "(an address)" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::Token => "the access token",
            Step::Connect => "the greeting",
            Step::Secure => "STARTTLS",
            Step::SignIn => "the sign-in",
            Step::Sender => "the sender",
            Step::Recipient => "the recipient",
            Step::Data => "the start of the text",
            Step::Text => "the text",
        })
    }
}

/// Without the credentials.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, deadline, .. } = self;
        f.debug_struct("Server").field("host", host).field("port", port).field("deadline", deadline).finish_non_exhaustive()
    }
}
