//! Sending each message once: the ledger holds that it is being sent before a byte of it leaves, and how that ended after.

use super::error::RunError;
use super::lease::JobLease;
use super::mail_config::MailConfig;
use super::{message_content, stop};
use crate::distribute::{self, DeliveryResult, Message, OutgoingMessage, Transport};
use crate::fault::Faults;
use crate::period::Period;
use crate::settings::{self, Settings};
use crate::store::{Claim, Ledger, RunId, Sending};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// The way out for a run's messages.
pub(super) struct OutboxSender<'a> {
    pub ledger: &'a Ledger,
    pub run: RunId,
    pub mail: &'a MailConfig,
    pub transport: Transport,
    /// A person has decided to send even what may have arrived before, now or in the settings. What may have arrived by this
    /// very sending is not sent by it again.
    pub even_if_unknown: bool,
    pub pace: SendingPace,
    /// Of the packs that the messages carry, where there are any.
    pub lease: Option<&'a JobLease>,
    pub now: fn() -> Timestamp,
}

/// How often a message is tried, and how fast they follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct SendingPace {
    pub attempts: u32,
    /// Doubled after each attempt.
    pub first_retry: Duration,
    /// At least one.
    pub a_minute: usize,
}

impl SendingPace {
    pub fn of(mail: &settings::Mail) -> Self {
        Self {
            attempts: mail.attempts.get(),
            first_retry: Duration::from_secs(mail.first_retry_seconds),
            a_minute: mail.messages_per_minute.get(),
        }
    }
}

impl<'a> OutboxSender<'a> {
    /// For messages with packs of a quarter, in the way of the settings.
    ///
    /// # Errors
    /// Mail settings that cannot be used.
    pub fn of_packs(
        settings: &Settings,
        mail: &'a MailConfig,
        ledger: &'a Ledger,
        (run, period): (RunId, Period),
        lease: &'a JobLease,
        now: fn() -> Timestamp,
    ) -> Result<Self, Faults> {
        Ok(Self {
            ledger,
            run,
            mail,
            transport: Transport::new(&settings.mail, &settings.paths.messages().join(period.slug()))?,
            even_if_unknown: settings.mail.at_least_once,
            pace: SendingPace::of(&settings.mail),
            lease: Some(lease),
            now,
        })
    }

    /// What became of each message, and the file that it was written to now, where it goes to files. What is refused for
    /// the moment is tried again, after a pause that doubles; what is refused for good, or may have arrived, is not.
    ///
    /// # Errors
    /// The ledger's; an attachment that cannot be put in a message; a lease that was lost.
    pub async fn send(&self, messages: &[OutgoingMessage<'_>]) -> Result<Vec<(DeliveryResult, Option<PathBuf>)>, RunError> {
        let mut results: Vec<Option<(DeliveryResult, Option<PathBuf>)>> = vec![None; messages.len()];
        let mut again: Vec<usize> = (0..messages.len()).collect();
        let mut sent = VecDeque::new();
        let mut pause = self.pace.first_retry;
        for attempt in 1..=self.pace.attempts {
            let mut refused = Vec::new();
            for i in again {
                let (result, file) = self.send_one(&messages[i], &mut sent).await?;
                if result.may_be_retried() && attempt < self.pace.attempts && self.transport.is_worth_retrying() {
                    refused.push(i);
                }
                results[i] = Some((result, file));
            }
            again = refused;
            if again.is_empty() {
                break;
            }
            tracing::info!(
                run = self.run.0,
                messages = again.len(),
                seconds = pause.as_secs(),
                "refused for the moment; trying again after a pause"
            );
            stop::or(sleep(pause)).await?;
            pause = pause.saturating_mul(2);
        }
        Ok(results.into_iter().flatten().collect())
    }

    async fn send_one(
        &self,
        outgoing: &OutgoingMessage<'_>,
        sent: &mut VecDeque<Instant>,
    ) -> Result<(DeliveryResult, Option<PathBuf>), RunError> {
        // Only then is it said to be on its way: what ends meanwhile must not leave it held.
        stop::or(self.wait_for_turn(sent)).await?;
        if let Some(lease) = self.lease {
            lease.check()?;
        }
        let entry = message_content::entry(outgoing, self.mail)?;
        let message = compose(self.mail, outgoing, (self.now)())?;
        let sending = Sending { by: self.transport.kind(), even_if_unknown: self.even_if_unknown };
        if let Claim::Denied(result) = self.ledger.claim_message(self.run, &entry, sending, (self.now)()).await? {
            return Ok((result, None));
        }
        sent.push_back(Instant::now());
        let result = self.transport.send(&message).await;
        self.ledger.settle_message(message.id.as_str(), &result, (self.now)()).await?;
        let file = self.transport.file_of(&message).filter(|_| result == DeliveryResult::Written);
        Ok((result, file))
    }

    /// Waits until one more message is within the number of a minute.
    async fn wait_for_turn(&self, sent: &mut VecDeque<Instant>) {
        const MINUTE: Duration = Duration::from_secs(60);
        if sent.len() >= self.pace.a_minute
            && let Some(first) = sent.pop_front()
        {
            sleep_until(first + MINUTE).await;
        }
    }
}

/// Sends messages of which no ledger can be told, once each.
///
/// # Errors
/// An attachment that cannot be put in a message.
pub(super) async fn send_unrecorded(
    mail: &MailConfig,
    transport: &Transport,
    messages: &[OutgoingMessage<'_>],
    now: Timestamp,
) -> Result<Vec<DeliveryResult>, RunError> {
    let mut results = Vec::new();
    for outgoing in messages {
        results.push(transport.send(&compose(mail, outgoing, now)?).await);
    }
    Ok(results)
}

fn compose(mail: &MailConfig, outgoing: &OutgoingMessage<'_>, now: Timestamp) -> Result<Message, RunError> {
    Ok(distribute::compose(&mail.sender, outgoing, now).map_err(Faults::from)?)
}
