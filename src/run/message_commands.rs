//! What a person decides about messages of a run: to send one all the same, or to send none.

use super::checkpoints::{Checkpoints, RENDER};
use super::error::RunError;
use super::issues::Issues;
use super::lease::JobLease;
use super::mail_config::MailConfig;
use super::message_content::MessageContent;
use super::message_kinds::{self, COPY, INTERIM, PACK};
use super::opening;
use super::outcome::cut_off_and_cancelled;
use super::post::{OutboxSender, SendingPace};
use super::stage_records::RenderedRun;
use crate::archive::Archive;
use crate::distribute::{DeliveryResult, MessageKey, Recipient};
use crate::fault::Fault;
use crate::period::{Period, YearKind};
use crate::settings::Settings;
use crate::store::{MessageRow, MessageState, RunId};
use jiff::Timestamp;

/// Sends one message of the outbox, as it was written: to its recipient, even where it may have arrived; or a copy of it to
/// another, which is a delivery of its own.
///
/// # Errors
/// There is no such message; [`RunError::TextNotKept`]; [`RunError::Superseded`]; a run is at work on the packs of its quarter.
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
        let (lease, _) = JobLease::take(ledger, row.key.period, now)?;
        let archive = Archive::new(settings.paths.archive.clone());
        let checkpoints = Checkpoints { ledger, archive, run: row.run };
        if let Some(successor) = Successor::of(settings, &checkpoints, &row).await? {
            let remedy = successor.remedy(&row, to.is_some());
            return Err(RunError::Superseded { what: format!("message {id}"), why: successor.why, remedy });
        }
        if row.content.is_empty() {
            return Err(RunError::TextNotKept { message: id });
        }
        let kept = MessageContent::of(&row)?;
        let attached = checkpoints.attached(kept.attached(&row))?;
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
            match JobLease::take(ledger, period, now) {
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

/// What has taken the place of the pack that a message carries.
pub(super) struct Successor {
    pub why: String,
    /// A message that carries it, to the same recipient where there is one.
    message: MessageRow,
}

impl Successor {
    /// None where the message carries no pack, or the last one that went out.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn of(settings: &Settings, checkpoints: &Checkpoints<'_>, row: &MessageRow) -> Result<Option<Self>, RunError> {
        let MessageRow { key, .. } = row;
        let (kind, issue, about) = match key.kind.as_str() {
            kind @ (PACK | INTERIM) => (kind, key.issue, Some(key.about.as_str())),
            COPY => match checkpoints.load::<RenderedRun>(RENDER).await {
                Ok(ready) => (message_kinds::of_pack(ready.interim), ready.issue, None),
                Err(RunError::Ledger(error)) => return Err(error.into()),
                Err(_) => return Ok(None),
            },
            _ => return Ok(None),
        };
        let reaches_people = settings.mail.transport.reaches_people();
        let of = async |kind| Issues::of(checkpoints.ledger, key.period, kind, reaches_people).await;
        let successor = |message: &MessageRow, why| Self { why, message: message.clone() };
        if kind == INTERIM
            && let Some(message) = of(PACK).await?.later(about, 0, &key.address)
        {
            return Ok(Some(successor(
                message,
                "the final pack has taken the place of the interim one that it carries".to_owned(),
            )));
        }
        let later = of(kind).await?;
        Ok(later.later(about, issue, &key.address).map(|message| {
            let last = message.key.issue;
            successor(message, format!("issue {last} of the pack has taken the place of issue {issue}, which it carries"))
        }))
    }

    /// What to do; `is_copy` where the message was to go to somebody else.
    fn remedy(&self, row: &MessageRow, is_copy: bool) -> String {
        let MessageRow { id, key, state, .. } = &self.message;
        if is_copy {
            return format!("`boardpack runs resend {id} --to ADDRESS` sends a copy of that");
        }
        match (key.address == row.key.address, state) {
            (true, MessageState::Accepted) => format!("its recipient has that: message {id}"),
            (true, _) => format!("`boardpack runs resend {id}` sends its recipient that"),
            (false, _) => format!("`boardpack run --period {}` sends that to those who do not have it", key.period.slug()),
        }
    }
}

pub(super) fn unknown(place: String, remedy: &str) -> RunError {
    RunError::Unknown(Fault::new(place, "there is none", remedy))
}
