//! The last stage: a message with the pack to each recipient.

use super::materials::MailMaterials;
use super::post::{Delivered, Kept, Letter, Pace, Post};
use super::resume::{Asked, Judged, Ready};
use super::{COPY, Materials, PACK, PREVIEW, Request, RunError, Stages, To};
use crate::collect::{Arrival, IndicatorOutcome, ReturnOutcome, ReturnReceipt};
use crate::distribute::{Attachment, BoardPack, MessageKey, Recipient, Transport, board_pack};
use crate::evaluate;
use crate::fault::{Fault, Faults};
use crate::period::Period;
use crate::store::{Ledger, LedgerError, MessageRow};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// What became of one recipient's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReport {
    pub address: String,
    /// Which of the recipients, counted from 1: an address must not be logged.
    pub recipient: usize,
    pub result: Delivered,
    /// The message's file, where the transport writes one.
    pub file: Option<PathBuf>,
}

impl DeliveryReport {
    /// Why this leaves the run partly done, where it does; without the address.
    pub fn shortfall(&self) -> Option<String> {
        (!self.result.arrived()).then(|| format!("recipient {}: {}", self.recipient, self.result))
    }
}

impl fmt::Display for DeliveryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = matches!(self.result, Delivered::Held { .. });
        let remedy = if held { " (`boardpack runs resend` sends it all the same)" } else { "" };
        write!(f, "{}: {}{remedy}", self.address, self.result)
    }
}

/// Those who are to get the pack: the addresses asked for, or the list; nobody where nothing is to be sent.
pub fn recipients(materials: &Materials, request: &Request) -> Result<Vec<Recipient>, Faults> {
    match (&request.recipients, &materials.mail) {
        (To::Nobody, _) | (_, None) => Ok(Vec::new()),
        (To::These(recipients), _) => Ok(recipients.clone()),
        (To::Operators, Some(mail)) => of_list(mail, super::OPERATORS, "add the list: a preview is sent to the operators"),
        (To::List(name), Some(mail)) => {
            of_list(mail, name, "add the list, name another in pack.recipients, or run with --to or --no-send")
        }
    }
}

fn of_list(mail: &MailMaterials, name: &str, remedy: &str) -> Result<Vec<Recipient>, Faults> {
    mail.lists.get(name).map(|list| list.recipients.clone()).ok_or_else(|| {
        let there_are = mail.lists.names();
        let there_are = if there_are.is_empty() { String::new() } else { format!("; there are {there_are}") };
        Fault::new("recipients.toml", format!("there is no list {name:?} to send to{there_are}"), remedy).into()
    })
}

/// The messages of the quarter's pack that were written before, by issue.
pub(super) struct Issues {
    messages: Vec<MessageRow>,
    /// Why the last issue corrects the one before it, where it does.
    pub correction: Option<String>,
}

impl Issues {
    pub async fn of(ledger: &Ledger, materials: &Materials, period: Period) -> Result<Self, LedgerError> {
        let about = materials.framework.edition.system.to_string();
        let messages = ledger.messages_about(PACK, period, &about).await?;
        let last = messages.iter().map(|row| (row.key.issue, row.run)).max();
        let run = match last {
            Some((_, run)) => ledger.run(run).await?,
            None => None,
        };
        let asked = run.and_then(|run| serde_json::from_str::<Asked>(&run.request).ok());
        Ok(Issues { messages, correction: asked.and_then(|asked| asked.reissue) })
    }

    /// The issue that goes out now: the next, where there is a new `reason` to correct the last; otherwise the last there is.
    pub fn number(&self, reason: Option<&str>) -> u32 {
        let last = self.messages.iter().map(|row| row.key.issue).max();
        match last {
            Some(last) if reason.is_some() && reason != self.correction.as_deref() => last + 1,
            last => last.unwrap_or(1),
        }
    }

    /// Those who have, or may have, an issue, as they were written to; each once.
    pub fn readers(&self) -> Vec<Recipient> {
        let mut readers = BTreeMap::new();
        for row in self.messages.iter().filter(|row| matches!(row.state.as_str(), "accepted" | "sending" | "unknown")) {
            let kept = Kept::of(row).map(|kept| kept.recipient).ok();
            let recipient = kept.or_else(|| Recipient::new("", &row.key.address).ok());
            readers.extend(recipient.map(|recipient| (row.key.address.clone(), recipient)));
        }
        readers.into_values().collect()
    }
}

impl Stages<'_> {
    /// What each recipient is written. A pack that is too large to be sent stays behind, and the message says where it is.
    pub(super) fn letters<'a>(
        &self,
        judged: &Judged,
        mail: &MailMaterials,
        file: &'a str,
        pdf: &'a [u8],
        issue: u32,
    ) -> Result<Vec<Letter<'a>>, RunError> {
        let mut content = self.content(judged);
        content.attachment = file.to_owned();
        content.corrects = self.asked.reissue.clone().unwrap_or_default();
        content.issue = issue;
        content.draft = self.request.draft;
        let limit = self.settings.mail.max_message_mb.saturating_mul(1_000_000);
        let fits = encoded(pdf.len()) <= limit;
        if let Some(place) = self.settings.mail.pack_location.as_ref().filter(|_| !fits) {
            content.elsewhere.clone_from(place);
        }
        let attaches = content.elsewhere.is_empty();
        let attachment = attaches.then_some(Attachment { name: file, media_type: "application/pdf", bytes: pdf });
        let (kind, about, issue) = self.destination(issue);
        let letter = |recipient: &Recipient| {
            let address = recipient.address.to_string();
            let key = MessageKey { kind: kind.to_owned(), period: self.period, about: about.clone(), issue, address };
            let words = mail.templates.words(board_pack::NAME, &content, &recipient.name).map_err(Faults::from)?;
            Ok(Letter { key, recipient: recipient.clone(), words, attachment })
        };
        self.asked.recipients.iter().map(letter).collect()
    }

    /// Sends what the outbox holds for those recipients who do not have it yet, as it was written when the pack was ready.
    pub(super) async fn deliver(&self, ready: &Ready, mail: &MailMaterials) -> Result<Vec<DeliveryReport>, RunError> {
        self.progress.stage_starts("distribute");
        let (kind, about, issue) = self.destination(ready.issue);
        let rows = self.ledger.messages_about(kind, self.period, &about).await?;
        let (mut reports, mut outgoing) = (Vec::new(), Vec::new());
        for (recipient, asked) in (1..).zip(&self.asked.recipients) {
            let address = asked.address.to_string();
            let is_theirs = |row: &&MessageRow| row.key.issue == issue && row.key.address.eq_ignore_ascii_case(&address);
            let Some(row) = rows.iter().find(is_theirs) else { continue };
            if row.state == "accepted" {
                let changed = row.attachment_sha256 != ready.sha256;
                let result = Delivered::Before { at: row.changed_at.clone(), changed };
                reports.push(DeliveryReport { address, recipient, result, file: None });
            } else {
                outgoing.push((address, recipient, row, Kept::of(row)?, self.memory.attached(row)?));
            }
        }
        let letters: Vec<Letter<'_>> = outgoing.iter().map(|(.., row, kept, bytes)| kept.letter(row, bytes)).collect();
        let results = self.post(mail)?.send(&letters).await?;
        reports.extend(outgoing.iter().zip(results).map(|((address, recipient, ..), (result, file))| DeliveryReport {
            address: address.clone(),
            recipient: *recipient,
            result,
            file,
        }));
        reports.sort_by_key(|report| report.recipient);
        let delivered = reports.iter().filter(|report| report.shortfall().is_none()).count();
        self.ended("distribute", &format!("{delivered} of {} recipients have it", reports.len())).await?;
        Ok(reports)
    }

    /// Kind, subject and issue of the key that says what "once" means for these recipients.
    fn destination(&self, issue: u32) -> (&'static str, String, u32) {
        match self.request.recipients {
            To::Nobody | To::List(_) => (PACK, self.materials.framework.edition.system.to_string(), issue),
            To::These(_) => (COPY, format!("run {}", self.run), 1),
            To::Operators => (PREVIEW, format!("run {}", self.run), 1),
        }
    }

    pub(super) fn post<'a>(&'a self, mail: &'a MailMaterials) -> Result<Post<'a>, RunError> {
        let folder = self.settings.paths.output.join(self.period.slug());
        Ok(Post {
            ledger: self.ledger,
            run: self.run,
            mail,
            transport: Transport::new(&self.settings.mail, &folder)?,
            even_if_unknown: self.settings.mail.at_least_once,
            pace: Pace::of(&self.settings.mail),
            lease: Some(self.lease),
            now: self.now,
        })
    }

    /// The name by which recipients get the pack.
    pub(super) fn pack_file(&self, issue: u32) -> String {
        let stem = format!("{}-{}", self.materials.packs[0].name, self.period.slug());
        if issue == 1 { format!("{stem}.pdf") } else { format!("{stem}-issue-{issue}.pdf") }
    }

    /// What the message says of the pack.
    fn content(&self, judged: &Judged) -> BoardPack {
        let framework = &self.materials.framework;
        let system = self.materials.areas.name(&framework.edition.system);
        let mut content = BoardPack::new(system, self.period, self.as_at, &framework.edition.title);
        for (status, count) in evaluate::counts(&judged.published.evaluation).iter().filter(|(_, count)| *count > 0) {
            content.count(status.label(), count);
        }
        content.illustrative = judged.illustrative;
        let published = &judged.published;
        content.missing = self
            .materials
            .partners
            .iter()
            .filter_map(|partner| Some(format!("{}: {}", partner.name, self.shortcoming(&published.returns, &partner.id)?)))
            .chain(published.indicators.iter().filter(|i| !matches!(i.outcome, IndicatorOutcome::Received { .. })).map(
                |receipt| {
                    let titles: Vec<&str> =
                        receipt.measures.iter().filter_map(|id| Some(framework.measure(id)?.title.as_str())).collect();
                    format!("{}: no figures from {}", titles.join("; "), receipt.publisher)
                },
            ))
            .collect();
        content
    }

    /// What the pack lacks of a partner's return, by its versions in use.
    fn shortcoming(&self, returns: &[ReturnReceipt], partner: &str) -> Option<&'static str> {
        let versions: Vec<_> = returns.iter().filter(|receipt| receipt.partner == partner).collect();
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

/// Bytes of a message with so many attached: base64 in lines of 76, and room for the words.
fn encoded(attached: usize) -> u64 {
    const WORDS: u64 = 100_000;
    let digits = (attached as u64).div_ceil(3) * 4;
    digits + digits.div_ceil(76) * 2 + WORDS
}
