//! The last stage: a message to each recipient, recorded before it is sent and after.

use super::materials::MailMaterials;
use super::{Materials, PACK, Request, RunError, Stages, Summary, To};
use crate::collect::{self, IndicatorOutcome, ReturnOutcome};
use crate::distribute::{self, Attachment, BoardPack, Message, MessageKey, Outcome, Recipient, Transport, board_pack};
use crate::fault::{Fault, Faults};
use crate::store::{Claim, Delivery};
use std::fmt;
use std::path::{Path, PathBuf};

/// What became of one recipient's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReport {
    pub address: String,
    pub result: Delivered,
    /// The message's file, where the transport writes one.
    pub file: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    Now,
    /// By an earlier run; `changed` where the pack is no longer the one that was sent.
    Before {
        at: String,
        changed: bool,
    },
    Refused {
        reason: String,
    },
    /// It may have arrived: it is not sent again unasked.
    Held {
        reason: String,
    },
}

impl fmt::Display for Delivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Delivered::Now => f.write_str("sent"),
            Delivered::Before { at, changed: false } => write!(f, "not sent again: delivered at {at}"),
            Delivered::Before { at, changed: true } => {
                write!(f, "not sent again: a pack for this quarter was delivered at {at}, and this one differs from it")
            }
            Delivered::Refused { reason } => write!(f, "not delivered: {reason}"),
            Delivered::Held { reason } => {
                write!(f, "held, for it may have arrived: {reason} (--to ADDRESS sends it all the same)")
            }
        }
    }
}

impl DeliveryReport {
    /// Why this leaves the run partly done, where it does.
    pub fn shortfall(&self) -> Option<String> {
        match &self.result {
            Delivered::Now | Delivered::Before { .. } => None,
            other => Some(format!("{}: {other}", self.address)),
        }
    }
}

/// Those who are to get the pack: the addresses asked for, or the list; nobody where nothing is to be sent.
pub fn recipients(materials: &Materials, request: &Request) -> Result<Vec<Recipient>, Faults> {
    match (&request.recipients, &materials.mail) {
        (To::Nobody, _) | (_, None) => Ok(Vec::new()),
        (To::These(recipients), _) => Ok(recipients.clone()),
        (To::List(name), Some(mail)) => mail.lists.get(name).map(|list| list.recipients.clone()).ok_or_else(|| {
            let there_are = mail.lists.names();
            Fault::new(
                "recipients.toml",
                format!(
                    "there is no list {name:?} to send to{}",
                    if there_are.is_empty() { String::new() } else { format!("; there are {there_are}") }
                ),
                "add the list, name another in pack.recipients, or run with --to or --no-send",
            )
            .into()
        }),
    }
}

impl Stages<'_> {
    /// Sends the pack at `pack_file` to each recipient who does not have one of this quarter.
    pub(super) async fn deliver(
        &self,
        summary: &Summary,
        mail: &MailMaterials,
        pdf: &[u8],
        pack_file: &Path,
        recipients: &[Recipient],
    ) -> Result<Vec<DeliveryReport>, RunError> {
        self.progress.stage_starts("distribute");
        let transport = Transport::new(&self.settings.mail, pack_file.parent().unwrap_or(Path::new(".")))?;
        let name = pack_file.file_name().unwrap_or_default().to_string_lossy();
        let attachment = Attachment { name: &name, media_type: "application/pdf", bytes: pdf };
        let content = self.content(summary);
        let sha256 = collect::sha256(pdf);
        let mut reports = Vec::new();
        for recipient in recipients {
            let key = MessageKey {
                pack: PACK.to_owned(),
                period: self.period,
                area: self.materials.framework.edition.system.clone(),
                issue: 1,
                address: recipient.address.to_string(),
            };
            let words = mail.templates.words(board_pack::NAME, &content, &recipient.name).map_err(Faults::from)?;
            let message =
                distribute::compose(&mail.sender, recipient, &key, &words, attachment, (self.now)()).map_err(Faults::from)?;
            let result = self.send_once(&transport, &message, &key, &sha256).await?;
            let file = transport.file_of(&message).filter(|_| result == Delivered::Now);
            reports.push(DeliveryReport { address: key.address, result, file });
        }
        let delivered = reports.iter().filter(|report| report.shortfall().is_none()).count();
        self.ended("distribute", &format!("{delivered} of {} recipients have it", reports.len())).await?;
        Ok(reports)
    }

    /// The ledger holds that the message is being sent before a byte of it leaves, and how that ended after.
    async fn send_once(
        &self,
        transport: &Transport,
        message: &Message,
        key: &MessageKey,
        sha256: &str,
    ) -> Result<Delivered, RunError> {
        let delivery = Delivery { key, message_id: message.id.as_str(), attachment_sha256: sha256 };
        // An address that a person typed is that person's decision.
        let even_if_unknown = matches!(self.request.recipients, To::These(_));
        match self.ledger.claim_message(self.run, &delivery, even_if_unknown, (self.now)()).await? {
            Claim::Granted => {}
            Claim::AlreadyAccepted { at, attachment_sha256 } => {
                return Ok(Delivered::Before { at, changed: attachment_sha256 != sha256 });
            }
            Claim::Held { since } => {
                return Ok(Delivered::Held { reason: format!("sending it began at {since} and its end was not recorded") });
            }
        }
        let outcome = transport.send(message).await;
        self.ledger.settle_message(message.id.as_str(), &outcome, (self.now)()).await?;
        Ok(match outcome {
            Outcome::Accepted => Delivered::Now,
            Outcome::Refused { reason, .. } => Delivered::Refused { reason },
            Outcome::Unknown { reason } => Delivered::Held { reason },
        })
    }

    /// What the message says of the pack.
    fn content(&self, summary: &Summary) -> BoardPack {
        let framework = &self.materials.framework;
        let system = self.materials.areas.name(&framework.edition.system);
        let mut content = BoardPack::new(system, self.period, self.as_at, &framework.edition.title);
        for (status, count) in summary.counts.iter().filter(|(_, count)| *count > 0) {
            content.count(status.label(), count);
        }
        content.illustrative = summary.illustrative;
        content.missing = summary
            .returns
            .iter()
            .filter_map(|receipt| {
                let name = self.materials.partner_name(&receipt.partner);
                match receipt.outcome {
                    ReturnOutcome::NotReceived => Some(format!("{name}: no return received")),
                    ReturnOutcome::Refused => Some(format!("{name}: return refused")),
                    ReturnOutcome::AcceptedInPart => Some(format!("{name}: some figures of the return not used")),
                    ReturnOutcome::Accepted => None,
                }
            })
            .chain(summary.indicators.iter().filter(|i| !matches!(i.outcome, IndicatorOutcome::Received { .. })).map(|receipt| {
                let titles: Vec<&str> =
                    receipt.measures.iter().filter_map(|id| Some(framework.measure(id)?.title.as_str())).collect();
                format!("{}: no figures from {}", titles.join("; "), receipt.publisher)
            }))
            .collect();
        content
    }
}
