//! What is to be said to partners about their returns, before any of it is sent.

use super::blanks::BlankWorkbook;
use super::status::{PartnerStatus, Status};
use crate::archive::sha256;
use crate::collect::{
    Arrival, Differing, DifferingLine, Elsewhere, FindingLine, OwedItem, ReturnOutcome, ReturnReceipt, ReturnVersion, Returns,
    ValidationReport, VersionStanding,
};
use crate::distribute::templates::MessageWords;
use crate::distribute::to_partner::{self, OwedMeasure, Receipt, Reminder, Round, Waiting};
use crate::distribute::{MessageKey, MessageTemplate, Recipient};
use crate::fault::Faults;
use crate::framework::Partner;
use crate::run::assess;
use crate::run::env::Env;
use crate::run::mail_config::MailConfig;
use crate::store::{Extension, RecordedVersion};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// A message to one contact of a partner.
#[derive(Debug, Clone)]
pub struct NoticeDraft {
    /// The partner's id.
    pub partner: String,
    /// Which of its contacts, counted from 1, since an address must not be logged.
    pub contact: usize,
    pub recipient: Recipient,
    pub key: MessageKey,
    pub words: MessageWords,
    pub workbook: Option<BlankWorkbook>,
    /// The message that has said it already, if it was sent.
    pub unless: Option<MessageKey>,
    /// The messages that it takes back, of which one must have been sent; empty where it takes back none.
    pub only_after: Vec<MessageKey>,
}

/// What every message about a quarter's returns has in common.
#[derive(Clone, Copy)]
pub(super) struct NoticeDrafts<'a> {
    env: &'a Env<'a>,
    mail: &'a MailConfig,
    /// By the partner's id.
    extensions: &'a BTreeMap<String, Extension>,
}

impl<'a> NoticeDrafts<'a> {
    /// None where no mail may be sent.
    pub fn new(env: &'a Env<'a>, extensions: &'a BTreeMap<String, Extension>) -> Option<Self> {
        Some(Self { env, mail: env.config.mail.as_ref()?, extensions })
    }

    /// The partner's workbook, to each of its contacts.
    pub fn request(&self, partner: &Partner, blank: &BlankWorkbook) -> Result<Vec<NoticeDraft>, Faults> {
        let content = to_partner::Request {
            round: self.round(partner),
            figures: blank.figures,
            actions: blank.actions,
            shows_earlier: blank.shows_earlier,
            attachment: blank.file.clone(),
        };
        self.each_contact(partner, MessageTemplate::ReturnRequest, &partner.id, &content, Some(blank))
    }

    /// What became of each version that a look found, to the contacts of its partner; of versions that came in one look and
    /// differ, one message that tells of them all and asks which stands.
    /// Of the receipts those that `is_told` lets through.
    pub fn receipts(&self, returns: &Returns, is_told: &dyn Fn(&ReturnReceipt) -> bool) -> Result<Vec<NoticeDraft>, Faults> {
        let mut drafts = Vec::new();
        let news = returns.receipts.iter().filter(|receipt| is_told(receipt));
        for (receipt, version) in news.filter_map(|receipt| told(receipt, returns)) {
            let Some(partner) = self.env.config.partners.iter().find(|partner| partner.id == receipt.partner) else { continue };
            let together = version.map_or(Vec::new(), |version| came_together(version, returns));
            let is_open = together.iter().any(|(_, version)| differs(version, returns, Differing::is_open));
            if !is_open {
                // A file that cannot be used takes nothing from a return that came by another.
                let is_theirs = |other: &&ReturnReceipt| other.partner == receipt.partner;
                let gives_nothing = matches!(receipt.outcome, ReturnOutcome::Refused | ReturnOutcome::Blank);
                let stands = gives_nothing && returns.receipts.iter().filter(is_theirs).any(in_use);
                let chosen_by = version.and_then(|version| version.settled_by.clone()).filter(|_| !together.is_empty());
                let account = self.account(receipt, returns);
                let content = Receipt {
                    chosen_by: chosen_by.clone().unwrap_or_default(),
                    ..Receipt::new(self.round(partner), account, receipt.arrived, stands)
                };
                let about = about(receipt, version);
                let own = self.each_contact(partner, MessageTemplate::ReturnReceipt, &about, &content, None)?;
                // What was settled since may have been told of when it was asked about: then only which one was chosen is news.
                let is_news = together.is_empty() || chosen_by.is_some();
                let asked = (!is_news).then(|| about_all(together.iter().map(|(_, version)| *version)));
                drafts.extend(own.into_iter().map(|draft| NoticeDraft {
                    unless: asked.clone().map(|about| MessageKey {
                        kind: to_partner::DIFFERING.to_owned(),
                        about,
                        ..draft.key.clone()
                    }),
                    ..draft
                }));
            } else if together.last().is_some_and(|(last, _)| last.sha256 == receipt.sha256) {
                drafts.extend(self.differing(partner, &together, returns)?);
            }
        }
        Ok(drafts)
    }

    /// That a version is used no more, to those who were told that it was accepted; what is missing without it and still open,
    /// unless another message of the same look says that.
    pub fn withdrawal(
        &self,
        RecordedVersion { version, withdrawn, .. }: &RecordedVersion,
        returns: &Returns,
        said_in_another: bool,
    ) -> Result<Vec<NoticeDraft>, Faults> {
        let wanted = assess::wanted(self.env.config, self.env.period, self.env.as_at);
        let Some(withdrawal) = withdrawn.as_ref().filter(|of| of.was_accepted) else { return Ok(Vec::new()) };
        let Some(partner) = self.env.config.partners.iter().find(|partner| partner.id == version.partner) else {
            return Ok(Vec::new());
        };
        let theirs = || returns.receipts.iter().filter(|receipt| receipt.partner == partner.id);
        let nil = ReturnReceipt::standing_nil(theirs).filter(|nil| !said_in_another && nil.excuses());
        let last = theirs().next_back();
        let account = last.filter(|_| !said_in_another).map(|receipt| self.account(receipt, returns));
        let content = to_partner::WithdrawnVersion {
            round: self.round(partner),
            version: to_partner::Withdrawn {
                file: version.file.clone(),
                arrived: to_partner::in_words(version.arrived),
                by: withdrawal.by.clone(),
                reason: withdrawal.reason.clone(),
            },
            nil_counts: nil.and_then(|nil| nil.arrived).map_or(String::new(), to_partner::in_words),
            lacking: account.map_or(Vec::new(), |of| of.lacking.into_iter().map(|one| one.words).collect()),
            still_open: match said_in_another {
                true => Vec::new(),
                false => FindingLine::still_open(&partner.id, &[], returns, &wanted),
            },
            said_in_another,
        };
        let own = self.each_contact(partner, MessageTemplate::ReturnWithdrawn, &version.sha256, &content, None)?;
        let of_look = returns.versions.iter().filter(|other| other.partner == version.partner && other.look == version.look);
        let together = about_all(of_look);
        Ok(own
            .into_iter()
            .map(|draft| {
                let told = |kind: &str, about: String| MessageKey { kind: kind.to_owned(), about, ..draft.key.clone() };
                let only_after = vec![
                    told(to_partner::RECEIPT, version.sha256.clone()),
                    told(to_partner::RECEIPT, format!("{} accepted", version.sha256)),
                    told(to_partner::DIFFERING, together.clone()),
                ];
                NoticeDraft { only_after, ..draft }
            })
            .collect())
    }

    /// One message of several versions that differ; it is about them all by their content.
    fn differing(
        &self,
        partner: &Partner,
        versions: &[(&ReturnReceipt, &ReturnVersion)],
        returns: &Returns,
    ) -> Result<Vec<NoticeDraft>, Faults> {
        let wanted = assess::wanted(self.env.config, self.env.period, self.env.as_at);
        let is_theirs = |of: &&Differing| of.is_open() && versions.iter().any(|(_, version)| of.is_of(&version.sha256));
        let accounts: Vec<ValidationReport> = versions.iter().map(|(receipt, _)| self.account(receipt, returns)).collect();
        let content = to_partner::DifferingVersions {
            round: self.round(partner),
            arrived: versions[0].0.arrived.map_or(String::new(), to_partner::in_words),
            differing: returns
                .differing
                .iter()
                .filter(is_theirs)
                .map(|one| DifferingLine::of(one, &wanted, &self.env.config.areas))
                .collect(),
            lacking: accounts.last().map_or(Vec::new(), |last| last.lacking.clone()),
            baselines: accounts.last().map_or(Vec::new(), |last| last.baselines.clone()),
            still_open: {
                let told: Vec<&ReturnReceipt> = versions.iter().map(|(receipt, _)| *receipt).collect();
                FindingLine::still_open(&partner.id, &told, returns, &wanted)
            },
            accounts,
        };
        self.each_contact(
            partner,
            MessageTemplate::ReturnDiffering,
            &about_all(versions.iter().map(|(_, version)| *version)),
            &content,
            None,
        )
    }

    fn account(&self, receipt: &ReturnReceipt, returns: &Returns) -> ValidationReport {
        let wanted = assess::wanted(self.env.config, self.env.period, self.env.as_at);
        ValidationReport::of(receipt, returns, &wanted, &self.env.config.areas)
    }

    /// What is owed, to the contacts of those who owe something, with the workbook that asks for it; one for `day`.
    pub fn reminders(
        &self,
        status: &Status,
        elsewhere: &[Elsewhere],
        blanks: &BTreeMap<String, BlankWorkbook>,
        day: Date,
    ) -> Result<Vec<NoticeDraft>, Faults> {
        let mut drafts = Vec::new();
        for owing in status.partners.iter().filter(|partner| partner.owes()) {
            let Some(partner) = self.env.config.partners.iter().find(|partner| partner.id == owing.partner) else { continue };
            if self.env.as_at > self.env.settings.returns.reminded_until(owing.due) {
                continue;
            }
            let about = format!("{} {day}", partner.id);
            let blank = blanks.get(&partner.id);
            let content = self.reminder(partner, owing, elsewhere, blank);
            drafts.extend(self.each_contact(partner, MessageTemplate::ReturnReminder, &about, &content, blank)?);
        }
        Ok(drafts)
    }

    fn reminder(
        &self,
        partner: &Partner,
        owing: &PartnerStatus,
        elsewhere: &[Elsewhere],
        blank: Option<&BlankWorkbook>,
    ) -> Reminder {
        let is_later = |one: &&Elsewhere| one.quarter > self.env.period && !one.known;
        let waiting = elsewhere.iter().filter(|one| one.partner.as_ref() == Some(&partner.id)).filter(is_later);
        // What two workbooks give differently is told as that, and is not owed besides.
        let differing = |id: &str| owing.unsettled.iter().filter(|line| line.id == id).count();
        let lacks = |owed: &&OwedItem| owed.given + differing(&owed.id) < owed.due;
        let measures = owing.owed.iter().filter(lacks);
        let reports = owing.owed.iter().filter(|owed| owed.is_action() && differing(&owed.id) == 0);
        Reminder {
            round: self.round(partner),
            returned: owing.returned().map_or(String::new(), to_partner::in_words),
            refused: owing.refusal.clone(),
            withdrawn: owing
                .not_replaced()
                .map(|one| to_partner::Withdrawn {
                    file: one.file.clone(),
                    arrived: to_partner::in_words(one.arrived),
                    by: one.by.clone(),
                    reason: one.reason.clone(),
                })
                .collect(),
            blank: match owing.arrival {
                Arrival::Blank(day) => to_partner::in_words(day),
                _ => String::new(),
            },
            nil: owing.nil.as_ref().is_some_and(String::is_empty),
            waiting: waiting.map(|one| Waiting { file: one.file.clone(), quarter: one.quarter.in_words() }).collect(),
            differing: owing.unsettled.clone(),
            measures: measures
                .map(|owed| OwedMeasure {
                    title: owed.title.clone(),
                    given: owed.given,
                    due: owed.due,
                    lacking: owed.named().unwrap_or_default(),
                })
                .collect(),
            not_used: owing.not_used.clone(),
            actions: reports.map(OwedItem::action_in_words).collect(),
            attachment: blank.map_or(String::new(), |blank| blank.file.clone()),
        }
    }

    fn round(&self, partner: &Partner) -> Round {
        let system = self.env.config.areas.name(&self.env.config.framework.edition.system);
        let extension = self.extensions.get(&partner.id);
        let deadline = extension.map_or_else(|| self.env.settings.returns.deadline(self.env.period), |extension| extension.until);
        let deadline = (deadline, extension.is_some());
        Round::new(system, &partner.name, self.env.period, deadline, self.env.as_at, self.env.settings.mail.secretariat())
    }

    /// Each contact gets a message of its own.
    fn each_contact(
        &self,
        partner: &Partner,
        message: MessageTemplate,
        about: &str,
        content: &impl Serialize,
        workbook: Option<&BlankWorkbook>,
    ) -> Result<Vec<NoticeDraft>, Faults> {
        let contacts = self.mail.contacts.get(&partner.id).map_or(&[][..], Vec::as_slice);
        let drafts = (1..).zip(contacts).map(|(contact, recipient)| {
            Ok(NoticeDraft {
                partner: partner.id.clone(),
                contact,
                recipient: recipient.clone(),
                key: MessageKey {
                    kind: message.name().to_owned(),
                    period: self.env.period,
                    about: about.to_owned(),
                    issue: 1,
                    address: recipient.address.to_string(),
                },
                words: self.mail.templates.words(message, content, &recipient.name)?,
                workbook: workbook.cloned(),
                unless: None,
                only_after: Vec::new(),
            })
        });
        drafts.collect()
    }
}

/// Something of it counts.
fn in_use(receipt: &ReturnReceipt) -> bool {
    matches!(receipt.outcome, ReturnOutcome::Accepted | ReturnOutcome::AcceptedInPart | ReturnOutcome::Nil)
}

/// What is told in a receipt, with its version where it was kept; none of what did not come or was taken out of use.
fn told<'r>(receipt: &'r ReturnReceipt, returns: &'r Returns) -> Option<(&'r ReturnReceipt, Option<&'r ReturnVersion>)> {
    let of = |sha256: &String| returns.versions.iter().find(|v| v.sha256 == *sha256 && v.partner == receipt.partner);
    let version = receipt.sha256.as_ref().and_then(of);
    let is_told = !matches!(receipt.outcome, ReturnOutcome::NotReceived | ReturnOutcome::Withdrawn);
    is_told.then_some((receipt, version))
}

/// The versions of its look that give figures differently, itself among them; empty where it is none of those.
fn came_together<'r>(version: &ReturnVersion, returns: &'r Returns) -> Vec<(&'r ReturnReceipt, &'r ReturnVersion)> {
    let is_of_look = |other: &&ReturnVersion| {
        (&other.partner, &other.look, other.arrived) == (&version.partner, &version.look, version.arrived)
    };
    let of_look = returns.versions.iter().filter(is_of_look);
    let differs = |version: &ReturnVersion| differs(version, returns, |_| true);
    if !differs(version) {
        return Vec::new();
    }
    let of_look = of_look.filter(|other| differs(other));
    of_look
        .filter_map(|other| Some((returns.receipts.iter().find(|r| r.sha256.as_ref() == Some(&other.sha256))?, other)))
        .collect()
}

/// The version gives something differently from another that came with it, of what `counts`.
fn differs(version: &ReturnVersion, returns: &Returns, counts: impl Fn(&Differing) -> bool) -> bool {
    returns.differing.iter().any(|one| one.partner == version.partner && one.is_of(&version.sha256) && counts(one))
}

/// What makes it the same message about several versions: their contents.
fn about_all<'v>(versions: impl IntoIterator<Item = &'v ReturnVersion>) -> String {
    let all: Vec<&str> = versions.into_iter().map(|version| version.sha256.as_str()).collect();
    sha256(all.join(" ").as_bytes())
}

/// What makes it the same version: its content or, of one that must not be kept, what is said of it. One that was refused and
/// is used now is told of again.
fn about(receipt: &ReturnReceipt, version: Option<&ReturnVersion>) -> String {
    match (&receipt.sha256, version) {
        (Some(sha256), Some(version)) if version.refused_first && version.standing == VersionStanding::Accepted => {
            format!("{sha256} accepted")
        }
        (Some(sha256), _) => sha256.clone(),
        (None, _) => {
            let said = receipt.findings.iter().map(|finding| format!("\n{}: {}", finding.place, finding.problem));
            let name = receipt.file.clone().unwrap_or_default();
            sha256(said.fold(format!("{}\n{name}", receipt.partner), |all, one| all + &one).as_bytes())
        }
    }
}
