//! One message in one conversation: each step is taken by itself, and what became of the message follows from how far it got.

use super::connection::{Connection, SmtpFailure};
use super::quoted::{one_line, without_addresses};
use super::reply::Offers;
use super::secrets::{self, Secrets};
use super::server::{MailServer, Security};
use crate::distribute::delivery_result::DeliveryResult;
use crate::distribute::message::Message;
use crate::distribute::token::NoToken;
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt, Starttls};
use lettre::transport::smtp::extension::MailParameter;
use std::fmt;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long we wait for the answer to our goodbye.
const FAREWELL: Duration = Duration::from_secs(1);

/// How long the end of a text is kept back for what the server may answer before it: as long as it took to answer the command
/// before, within these limits.
const SHORTEST_PATIENCE: Duration = Duration::from_millis(20);
const LONGEST_PATIENCE: Duration = Duration::from_secs(1);

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
    At(SmtpFailure),
}

impl MailServer {
    /// Sends one message. Ends within the deadline, whatever the server does.
    pub async fn send(&self, message: &Message) -> DeliveryResult {
        if let Some(reason) = self.shut_out.get() {
            return DeliveryResult::refused_for_good(reason.clone());
        }
        let end = Instant::now() + self.deadline;
        let mut progress = Progress { step: Step::Token, connection: None, secrets: Secrets::default() };
        let mut ended = self.conversation(message, end, &mut progress).await;
        if let (Step::SignIn, Err(Ended::At(SmtpFailure::Refusal(reply))), Some(tokens)) =
            (progress.step, &ended, self.sign_in.endpoint())
            && reply.is_permanent()
        {
            // A token that should be good may have been taken back: a new one decides.
            tokens.forget().await;
            ended = self.conversation(message, end, &mut progress).await;
        }
        let outcome = ended.map_or_else(|ended| self.outcome(message, &progress, ended), |()| DeliveryResult::Accepted);
        if let (Step::Token | Step::SignIn, DeliveryResult::Refused { reason, permanent: true }) = (progress.step, &outcome) {
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
                Err(ended) => matches!(ended, Ended::At(SmtpFailure::Refusal(_))) && progress.step == Step::End,
            };
            if let (true, Ok(Err(failure))) = (rests_on_last_answer, parted) {
                return Err(failure.into());
            }
        }
        let late = || Err(SmtpFailure::Other(format!("it did not answer within {:?}", self.deadline)).into());
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
                return Err(SmtpFailure::Other("it does not offer STARTTLS, which mail.smtp.tls requires".to_owned()).into());
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
    async fn greet(&self, connection: &mut Connection) -> Result<Offers, SmtpFailure> {
        Ok(Offers::of(&connection.command(Ehlo::new(self.hello.clone()), &[250]).await?))
    }

    fn outcome(&self, message: &Message, progress: &Progress, ended: Ended) -> DeliveryResult {
        let step = progress.step;
        let server = match (step, self.sign_in.endpoint()) {
            (Step::Token, Some(endpoint)) => endpoint.place(),
            _ => format!("{}:{}", self.host, self.port),
        };
        let problem = match ended {
            Ended::NoToken(NoToken { reason, permanent }) => {
                return DeliveryResult::Refused { reason: format!("{server}, at {step}: {reason}"), permanent };
            }
            Ended::TooLarge { bytes, most } => return DeliveryResult::refused_for_good(too_large(&server, bytes, most)),
            Ended::At(SmtpFailure::Refusal(reply)) => {
                // Before it is shortened, which could cut a secret in two.
                let text = secrets::cut(&reply.lines.join(" "), &progress.secrets);
                let text = without_addresses(&one_line(&text), &message.to);
                let reason = format!("{server} refused {step}: {} {text}", reply.code);
                return DeliveryResult::Refused { reason: reason.trim_end().to_owned(), permanent: reply.is_permanent() };
            }
            Ended::At(SmtpFailure::Early) if step == Step::End => "it answered more than it was asked, or before".to_owned(),
            Ended::At(SmtpFailure::Early) => {
                let reason = format!("{server}, at {step}: it answered before it was asked, and the message was not sent");
                return DeliveryResult::refused_for_now(reason);
            }
            Ended::At(SmtpFailure::Other(problem)) => problem,
        };
        match step {
            Step::Text | Step::End => DeliveryResult::Unknown {
                reason: format!("{server}, after the text was sent: {problem}; it may have been delivered"),
            },
            _ => DeliveryResult::refused_for_now(format!("{server}, at {step}: {problem}")),
        }
    }
}

/// With what to do, by the settings that count in MB.
fn too_large(server: &str, bytes: u64, most: u64) -> String {
    let remedy = match most / 1_000_000 {
        0 => "ask the server's administrator for more".to_owned(),
        mb => format!("set mail.max_message_mb to {mb} or less, and mail.pack_location or mail.smaller_pack for what is larger"),
    };
    format!("{server} takes messages of up to {most} bytes, and this one has {bytes} as sent: {remedy}")
}

impl From<NoToken> for Ended {
    fn from(no_token: NoToken) -> Self {
        Ended::NoToken(no_token)
    }
}

impl From<SmtpFailure> for Ended {
    fn from(failure: SmtpFailure) -> Self {
        Ended::At(failure)
    }
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
