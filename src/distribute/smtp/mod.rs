//! One SMTP conversation a message, step by step, so that how far it got is always known.
//!
//! lettre's transport can send a message in one call, but its error does not tell a server that fell silent before
//! the text from one that did after it. Only the second may have delivered the message, so the steps are taken here.

mod connection;
pub(super) mod quoted;
mod reply;
pub(super) mod secrets;
mod tls;

pub(super) use connection::{Connection, Failure};
pub(super) use reply::Offers;

use super::message::Message;
use super::outbox::Outcome;
use super::sign_in::SignIn;
use super::token::NoToken;
use crate::fault::Faults;
use crate::settings;
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt, Starttls};
use lettre::transport::smtp::extension::{ClientId, MailParameter};
use quoted::{one_line, without_addresses};
use secrets::Secrets;
use std::fmt;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::OnceLock;
use std::time::Duration;
use tls::{Authorities, Tls};
use tokio::time::{Instant, timeout_at};

/// Seconds that a whole conversation may be given.
const DEADLINES: RangeInclusive<u64> = 1..=3600;

/// How long we wait for the answer to our goodbye.
const FAREWELL: Duration = Duration::from_secs(1);

/// How long the end of a text is kept back for what the server may answer before it: as long as it took to answer the command
/// before, within these limits.
const SHORTEST_PATIENCE: Duration = Duration::from_millis(20);
const LONGEST_PATIENCE: Duration = Duration::from_secs(1);

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
    Upgrade(Tls),
    /// TLS from the first byte.
    Implicit(Tls),
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
    /// Its end has been said: from here on nothing but the answer proves anything.
    End,
}

/// How far a conversation got.
struct Progress {
    step: Step,
    /// Once it may be said goodbye to: not before it is secured.
    connection: Option<Connection>,
    /// What the server was shown, or may have been: it may say it back to us.
    secrets: Secrets,
}

/// Why it got no further.
enum Ended {
    NoToken(NoToken),
    /// The server has said that it takes no message of so many bytes.
    TooLarge {
        bytes: u64,
        most: u64,
    },
    At(Failure),
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
            settings::Tls::Starttls => Tls::new(authorities.for_mail, &host, &mut faults).map(Security::Upgrade),
            settings::Tls::Implicit => Tls::new(authorities.for_mail, &host, &mut faults).map(Security::Implicit),
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
        let mut progress = Progress { step: Step::Token, connection: None, secrets: Secrets::default() };
        let mut ended = self.conversation(message, end, &mut progress).await;
        if let (Step::SignIn, Err(Ended::At(Failure::Refusal(reply))), Some(tokens)) =
            (progress.step, &ended, self.sign_in.endpoint())
            && reply.is_permanent()
        {
            // A token that should be good may have been taken back: a new one decides.
            tokens.forget().await;
            ended = self.conversation(message, end, &mut progress).await;
        }
        let outcome = ended.map_or_else(|ended| self.outcome(message, &progress, ended), |()| Outcome::Accepted);
        if let (Step::Token | Step::SignIn, Outcome::Refused { reason, permanent: true }) = (progress.step, &outcome) {
            self.shut_out.get_or_init(|| reason.clone());
        }
        outcome
    }

    /// One conversation, to its end or the deadline's.
    async fn conversation(&self, message: &Message, end: Instant, progress: &mut Progress) -> Result<(), Ended> {
        (progress.step, progress.connection) = (Step::Token, None);
        let ended = timeout_at(end, self.converse(message, progress)).await;
        if let (Ok(ended), Some(connection)) = (&ended, &mut progress.connection) {
            // The outcome stands whether or not the server hears goodbye, but not where it answers something else.
            let parted = timeout_at(end.min(Instant::now() + FAREWELL), connection.quit()).await;
            let rests_on_last_answer = match ended {
                Ok(()) => true,
                Err(ended) => matches!(ended, Ended::At(Failure::Refusal(_))) && progress.step == Step::End,
            };
            if let (true, Ok(Err(failure))) = (rests_on_last_answer, parted) {
                return Err(failure.into());
            }
        }
        let late = || Err(Failure::Other(format!("it did not answer within {:?}", self.deadline)).into());
        ended.unwrap_or_else(|_| late())
    }

    async fn converse(&self, message: &Message, progress: &mut Progress) -> Result<(), Ended> {
        let Progress { step, connection, secrets } = progress;
        // Before the server is greeted, which would not wait for it long.
        let ticket = self.sign_in.ticket().await?;
        if let Some(ticket) = &ticket {
            secrets.add(ticket.secret.clone());
        }
        *step = Step::Connect;
        let mut opened = Connection::open(&self.host, self.port).await?;
        if let Security::Implicit(tls) = &self.security {
            opened = opened.secured(tls).await?;
        }
        opened.reply(&[220]).await?;
        let mut offers = self.greet(&mut opened).await?;
        if let Security::Upgrade(tls) = &self.security {
            *step = Step::Secure;
            if !offers.starttls {
                return Err(Failure::Other("it does not offer STARTTLS, which mail.smtp.tls requires".to_owned()).into());
            }
            opened.command(Starttls, &[220]).await?;
            opened = opened.secured(tls).await?;
            // What it offered before may have been anybody's word.
            offers = self.greet(&mut opened).await?;
        }
        let connection = connection.insert(opened);
        if let Some(ticket) = ticket {
            *step = Step::SignIn;
            ticket.show(connection, &offers).await?;
        }
        *step = Step::Sender;
        let bytes = message.bytes.len();
        if let Some(Some(most)) = offers.size
            && bytes as u64 > most
        {
            return Err(Ended::TooLarge { bytes: bytes as u64, most });
        }
        let size = offers.size.map(|_| MailParameter::Size(bytes));
        connection.command(Mail::new(Some(message.from.clone()), size.into_iter().collect()), &[250]).await?;
        *step = Step::Recipient;
        connection.command(Rcpt::new(message.to.clone(), vec![]), &[250, 251]).await?;
        *step = Step::Data;
        let asked = Instant::now();
        connection.command(Data, &[354]).await?;
        let patience = asked.elapsed().clamp(SHORTEST_PATIENCE, LONGEST_PATIENCE);
        *step = Step::Text;
        connection.text(&message.bytes, patience).await?;
        *step = Step::End;
        connection.end_of_text().await?;
        connection.confirm().await?;
        Ok(())
    }

    /// Says who we are, and hears what the server can do.
    async fn greet(&self, connection: &mut Connection) -> Result<Offers, Failure> {
        Ok(Offers::of(&connection.command(Ehlo::new(self.hello.clone()), &[250]).await?))
    }

    fn outcome(&self, message: &Message, progress: &Progress, ended: Ended) -> Outcome {
        let step = progress.step;
        let server = match (step, self.sign_in.endpoint()) {
            (Step::Token, Some(endpoint)) => endpoint.place(),
            _ => format!("{}:{}", self.host, self.port),
        };
        let problem = match ended {
            Ended::NoToken(NoToken { reason, permanent }) => {
                return Outcome::Refused { reason: format!("{server}, at {step}: {reason}"), permanent };
            }
            Ended::TooLarge { bytes, most } => return Outcome::refused_for_good(too_large(&server, bytes, most)),
            Ended::At(Failure::Refusal(reply)) => {
                // Before it is shortened, which could cut a secret in two.
                let text = secrets::cut(&reply.lines.join(" "), &progress.secrets);
                let text = without_addresses(&one_line(&text), &message.to);
                let reason = format!("{server} refused {step}: {} {text}", reply.code);
                return Outcome::Refused { reason: reason.trim_end().to_owned(), permanent: reply.is_permanent() };
            }
            Ended::At(Failure::Early) if step == Step::End => "it answered more than it was asked, or before".to_owned(),
            Ended::At(Failure::Early) => {
                let reason = format!("{server}, at {step}: it answered before it was asked, and the message was not sent");
                return Outcome::refused_for_now(reason);
            }
            Ended::At(Failure::Other(problem)) => problem,
        };
        match step {
            Step::Text | Step::End => {
                Outcome::Unknown { reason: format!("{server}, after the text was sent: {problem}; it may have been delivered") }
            }
            _ => Outcome::refused_for_now(format!("{server}, at {step}: {problem}")),
        }
    }
}

/// With what to do, by the settings that count in MB.
fn too_large(server: &str, bytes: u64, most: u64) -> String {
    let remedy = match most / 1_000_000 {
        0 => "ask whoever runs the server for more".to_owned(),
        mb => format!("set mail.max_message_mb to {mb} or less, and mail.pack_location or mail.smaller_pack for what is larger"),
    };
    format!("{server} takes messages of up to {most} bytes, and this one has {bytes} as sent: {remedy}")
}

impl From<NoToken> for Ended {
    fn from(no_token: NoToken) -> Self {
        Ended::NoToken(no_token)
    }
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Ended::At(failure)
    }
}

pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
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
            Step::Text | Step::End => "the text",
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
