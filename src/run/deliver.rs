//! The last stage: a message with the pack to each recipient.

use super::materials::MailMaterials;
use super::post::{Delivered, Letter, Post};
use super::{Materials, PACK, Request, RunError, Stages, Summary, To};
use crate::collect::{Arrival, IndicatorOutcome, ReturnOutcome, ReturnReceipt};
use crate::distribute::{Attachment, BoardPack, MessageKey, Recipient, Transport, board_pack};
use crate::fault::{Fault, Faults};
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

impl DeliveryReport {
    /// Why this leaves the run partly done, where it does.
    pub fn shortfall(&self) -> Option<String> {
        (!self.result.arrived()).then(|| self.to_string())
    }
}

impl fmt::Display for DeliveryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let remedy = if matches!(self.result, Delivered::Held { .. }) { " (--to ADDRESS sends it all the same)" } else { "" };
        write!(f, "{}: {}{remedy}", self.address, self.result)
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
        // An address that a person typed is that person's decision.
        let even_if_unknown = matches!(self.request.recipients, To::These(_));
        let post = Post { ledger: self.ledger, run: self.run, mail, transport, even_if_unknown, now: self.now };
        let name = pack_file.file_name().unwrap_or_default().to_string_lossy();
        let attachment = Attachment { name: &name, media_type: "application/pdf", bytes: pdf };
        let content = self.content(summary);
        let mut reports = Vec::new();
        for recipient in recipients {
            let key = MessageKey {
                kind: PACK.to_owned(),
                period: self.period,
                about: self.materials.framework.edition.system.to_string(),
                issue: 1,
                address: recipient.address.to_string(),
            };
            let words = mail.templates.words(board_pack::NAME, &content, &recipient.name).map_err(Faults::from)?;
            let letter = Letter { key: &key, recipient, words: &words, attachment: Some(attachment) };
            let (result, file) = post.send(&letter).await?;
            reports.push(DeliveryReport { address: key.address, result, file });
        }
        let delivered = reports.iter().filter(|report| report.shortfall().is_none()).count();
        self.ended("distribute", &format!("{delivered} of {} recipients have it", reports.len())).await?;
        Ok(reports)
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
        content.missing = self
            .materials
            .partners
            .iter()
            .filter_map(|partner| Some(format!("{}: {}", partner.name, self.shortcoming(summary, &partner.id)?)))
            .chain(summary.indicators.iter().filter(|i| !matches!(i.outcome, IndicatorOutcome::Received { .. })).map(|receipt| {
                let titles: Vec<&str> =
                    receipt.measures.iter().filter_map(|id| Some(framework.measure(id)?.title.as_str())).collect();
                format!("{}: no figures from {}", titles.join("; "), receipt.publisher)
            }))
            .collect();
        content
    }

    /// What the pack lacks of a partner's return, by its versions in use.
    fn shortcoming(&self, summary: &Summary, partner: &str) -> Option<&'static str> {
        let versions: Vec<_> = summary.returns.iter().filter(|receipt| receipt.partner == partner).collect();
        let deadline = self.settings.returns.deadline(self.period);
        match Arrival::of(versions.iter().copied(), deadline, self.as_at) {
            _ if versions.is_empty() => None,
            Arrival::Awaited | Arrival::Missing => Some("no return received"),
            Arrival::Refused(_) => Some("return refused"),
            Arrival::InTime(_) | Arrival::Late(_) => {
                let in_part = |r: &&ReturnReceipt| r.outcome == ReturnOutcome::AcceptedInPart && r.superseded_by.is_none();
                versions.into_iter().any(|receipt| in_part(&receipt)).then_some("some figures of the return not used")
            }
        }
    }
}
