//! What a person decides about messages of a run: to send one all the same, or to send none.

use super::checkpoints::Checkpoints;
use super::error::RunError;
use super::lease::Lease;
use super::mail_config::MailConfig;
use super::message_content::MessageContent;
use super::message_kinds::{COPY, PACK};
use super::opening;
use super::outcome::cut_off_and_cancelled;
use super::post::{OutboxSender, SendingPace};
use crate::archive::Archive;
use crate::distribute::{DeliveryResult, MessageKey, Recipient};
use crate::fault::Fault;
use crate::period::{Period, YearKind};
use crate::settings::Settings;
use crate::store::{MessageState, RunId};
use jiff::Timestamp;

/// Sends one message of the outbox, as it was written: to its recipient, even where it may have arrived; or a copy of it to
/// another, which is a delivery of its own.
///
/// # Errors
/// There is no such message, or it is not kept whole; a run is at work on the packs of its quarter.
pub async fn resend(
    settings: &Settings,
    mail: &MailConfig,
    id: i64,
    to: Option<&Recipient>,
    now: fn() -> Timestamp,
) -> Result<DeliveryResult, RunError> {
    opening::with_ledger(settings, false, now, async |ledger| {
        let row = ledger.message(id).await?;
        let row = row.ok_or_else(|| unknown(format!("message {id}"), "`boardpack runs show RUN` lists those of a run"))?;
        let (lease, _) = Lease::take(ledger, row.key.period, now)?;
        let archive = Archive::new(settings.paths.archive.clone());
        let kept = MessageContent::of(&row)?;
        let attached = Checkpoints { ledger, archive, run: row.run }.attached(kept.attached(&row))?;
        if row.state == MessageState::Waiting {
            return Ok(DeliveryResult::AwaitsApproval);
        }
        let mut letter = kept.message(&row, &attached);
        if let Some(to) = to {
            let (kind, about, address) = (COPY.to_owned(), format!("message {id} at {}", now()), to.address.to_string());
            letter.key = MessageKey { kind, period: row.key.period, about, issue: row.key.issue, address };
            letter.recipient = to.clone();
        }
        let post = OutboxSender {
            // A person has decided that it is sent, and looks how that ends.
            even_if_unknown: true,
            pace: SendingPace { attempts: 1, ..SendingPace::of(&settings.mail) },
            ..OutboxSender::of_packs(settings, mail, ledger, (row.run, row.key.period), &lease, now)?
        };
        let delivered =
            post.send(&[letter]).await?.into_iter().next().map_or(DeliveryResult::Cancelled, |(delivered, _)| delivered);
        Ok(delivered)
    })
    .await
}

/// Takes what a run has not begun to send out of the outbox, and ends the run where it was cut off; how many messages
/// there were.
///
/// # Errors
/// There is no such run; it is at work, and has nothing in the outbox yet.
pub async fn cancel(settings: &Settings, run: RunId, now: fn() -> Timestamp) -> Result<u64, RunError> {
    opening::with_ledger(settings, false, now, async |ledger| {
        let row = ledger.run(run).await?;
        let row = row.ok_or_else(|| unknown(format!("run {run}"), "`boardpack runs list` lists them"))?;
        let cancelled = ledger.cancel_messages(run, now()).await?;
        let period = Period::parse(&row.period, YearKind::Financial).ok();
        if let Some(period) = period.filter(|_| row.pack == PACK && row.ended_at.is_none()) {
            match Lease::take(ledger, period, now) {
                Ok((_lease, _)) => {
                    ledger.end_run(run, &cut_off_and_cancelled(), now()).await?;
                }
                // It sees that its messages are cancelled, and ends by itself.
                Err(RunError::InUse { .. }) if cancelled > 0 => {}
                Err(error) => return Err(error),
            }
        }
        Ok(cancelled)
    })
    .await
}

pub(super) fn unknown(place: String, remedy: &str) -> RunError {
    RunError::Unknown(Fault::new(place, "there is none", remedy))
}
