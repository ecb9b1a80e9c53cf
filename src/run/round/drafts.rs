//! What is to be said to partners about their returns, before any of it is sent.

use super::status::{PartnerStatus, Status};
use crate::ask;
use crate::collect::{Account, ReturnOutcome, ReturnReceipt, Returns, Standing, sha256};
use crate::distribute::templates::Words;
use crate::distribute::to_partner::{self, OwedMeasure, Receipt, Reminder, Round};
use crate::distribute::{MessageKey, Recipient};
use crate::fault::Faults;
use crate::framework::{ActionId, Partner};
use crate::period::Period;
use crate::run::assess;
use crate::run::materials::{MailMaterials, Materials};
use crate::settings::Settings;
use jiff::civil::Date;
use serde::Serialize;

/// A message to one contact of a partner.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The partner's id.
    pub partner: String,
    /// Which of its contacts, counted from 1, since an address must not be logged.
    pub contact: usize,
    pub recipient: Recipient,
    pub key: MessageKey,
    pub words: Words,
    pub workbook: Option<Blank>,
}

/// A partner's workbook to be filled in.
#[derive(Debug, Clone)]
pub struct Blank {
    pub file: String,
    pub bytes: Vec<u8>,
    /// How many figures it asks for that were not given before, and about how many key actions.
    pub figures: usize,
    pub actions: usize,
}

/// What every message of a quarter's round has in common.
#[derive(Clone, Copy)]
pub(super) struct Drafting<'a> {
    pub settings: &'a Settings,
    pub materials: &'a Materials,
    pub mail: &'a MailMaterials,
    pub period: Period,
    pub as_at: Date,
}

impl Drafting<'_> {
    /// The partner's workbook, to each of its contacts.
    pub fn request(&self, partner: &Partner, blank: &Blank) -> Result<Vec<Draft>, Faults> {
        let content = to_partner::Request {
            round: self.round(partner),
            figures: blank.figures,
            actions: blank.actions,
            attachment: blank.file.clone(),
        };
        self.each_contact(partner, to_partner::REQUEST, &partner.id, &content, Some(blank))
    }

    /// What became of each version that a look found, to the contacts of its partner.
    pub fn receipts(&self, returns: &Returns) -> Result<Vec<Draft>, Faults> {
        let materials = self.materials;
        let wanted = assess::wanted(materials, self.period, self.as_at);
        let is_withdrawn = |receipt: &ReturnReceipt| {
            let of = |sha256: &String| returns.versions.iter().find(|version| version.sha256 == *sha256);
            receipt.sha256.as_ref().and_then(of).is_some_and(|v| matches!(v.standing, Standing::Withdrawn { .. }))
        };
        let mut drafts = Vec::new();
        for receipt in returns.receipts.iter().filter(|r| r.outcome != ReturnOutcome::NotReceived && !is_withdrawn(r)) {
            let Some(partner) = materials.partners.iter().find(|partner| partner.id == receipt.partner) else { continue };
            let figures = returns.observations.iter().chain(&returns.replaced);
            let account = Account::of(receipt, figures, &returns.action_reports, &wanted, &materials.areas);
            let content = Receipt::new(self.round(partner), account, receipt.arrived);
            drafts.extend(self.each_contact(partner, to_partner::RECEIPT, &version(receipt), &content, None)?);
        }
        Ok(drafts)
    }

    /// What is owed, to the contacts of those who owe something; one for `day`.
    pub fn reminders(&self, status: &Status, day: Date) -> Result<Vec<Draft>, Faults> {
        let mut drafts = Vec::new();
        if self.as_at > self.settings.returns.reminded_until(self.period) {
            return Ok(drafts);
        }
        for owing in status.partners.iter().filter(|partner| partner.owes()) {
            let Some(partner) = self.materials.partners.iter().find(|partner| partner.id == owing.partner) else { continue };
            let about = format!("{} {day}", partner.id);
            drafts.extend(self.each_contact(partner, to_partner::REMINDER, &about, &self.reminder(partner, owing), None)?);
        }
        Ok(drafts)
    }

    fn reminder(&self, partner: &Partner, owing: &PartnerStatus) -> Reminder {
        let measures = owing.measures.iter().filter(|measure| !measure.coverage.is_whole());
        let statement = |id: &String| {
            let action = self.materials.framework.actions.iter().find(|action| action.id == ActionId(id.clone()));
            action.map_or_else(|| id.clone(), |action| action.statement.trim().to_owned())
        };
        Reminder {
            round: self.round(partner),
            returned: owing.arrival.returned().map_or(String::new(), to_partner::in_words),
            refused: owing.refusal.clone(),
            measures: measures
                .map(|m| OwedMeasure { title: m.title.clone(), given: m.coverage.given, due: m.coverage.due })
                .collect(),
            actions: owing.actions_owed.iter().map(statement).collect(),
        }
    }

    fn round(&self, partner: &Partner) -> Round {
        let system = self.materials.areas.name(&self.materials.framework.edition.system);
        let deadline = self.settings.returns.deadline(self.period);
        Round::new(system, &partner.name, self.period, deadline, self.as_at, self.settings.mail.secretariat())
    }

    /// Each contact gets a message of its own.
    fn each_contact(
        &self,
        partner: &Partner,
        kind: &str,
        about: &str,
        content: &impl Serialize,
        workbook: Option<&Blank>,
    ) -> Result<Vec<Draft>, Faults> {
        let contacts = self.mail.contacts.get(&partner.id).map_or(&[][..], Vec::as_slice);
        let drafts = (1..).zip(contacts).map(|(contact, recipient)| {
            Ok(Draft {
                partner: partner.id.clone(),
                contact,
                recipient: recipient.clone(),
                key: MessageKey {
                    kind: kind.to_owned(),
                    period: self.period,
                    about: about.to_owned(),
                    issue: 1,
                    address: recipient.address.to_string(),
                },
                words: self.mail.templates.words(kind, content, &recipient.name)?,
                workbook: workbook.cloned(),
            })
        });
        drafts.collect()
    }
}

impl Blank {
    /// None where nothing is asked.
    ///
    /// # Errors
    /// Texts or numbers of the framework that a cell cannot hold.
    pub fn of(request: &ask::Request<'_>) -> Result<Option<Self>, Faults> {
        let (due, actions) = (request.figures(), request.actions().len());
        if due.is_empty() && actions == 0 {
            return Ok(None);
        }
        let lacking = due.iter().filter(|asked| !request.is_given(asked)).count();
        let figures = lacking + request.baselines().len();
        let bytes = request.workbook(&ask::Answers::default())?;
        Ok(Some(Self { file: request.file_name(), bytes, figures, actions }))
    }
}

/// What makes it the same version: its content or, of one that must not be kept, what is said of it.
fn version(receipt: &ReturnReceipt) -> String {
    receipt.sha256.clone().unwrap_or_else(|| {
        let said = receipt.findings.iter().map(|finding| format!("\n{}: {}", finding.place, finding.problem));
        let name = receipt.file.clone().unwrap_or_default();
        sha256(said.fold(format!("{}\n{name}", receipt.partner), |all, one| all + &one).as_bytes())
    })
}
