//! The messages that a quarter's returns call for: which are due, and sending each once.

use super::cycle::Round;
use super::drafts::Draft;
use super::look::Looked;
use super::notice::Told;
use super::status::Status;
use crate::collect::{Returns, Standing};
use crate::distribute::{Attachment, Transport};
use crate::framework::Partner;
use crate::run::error::RunError;
use crate::run::post::{Delivered, Letter, Pace, Post, ended_unknown};
use crate::store::{Extension, RunId};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The media type of the workbooks that go out.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl Draft {
    fn letter(&self) -> Letter<'_> {
        let workbook = self.workbook.as_ref();
        let attachment = workbook.map(|blank| Attachment { name: &blank.file, media_type: XLSX, bytes: &blank.bytes });
        let attachments = attachment.into_iter().collect();
        Letter { key: self.key.clone(), recipient: self.recipient.clone(), words: self.words.clone(), attachments }
    }
}

impl Round<'_> {
    /// The blank workbooks, for those from whom nothing usable has come yet.
    pub(super) async fn requests(&self) -> Result<Vec<Draft>, RunError> {
        let extensions = self.ledger.extensions(self.period).await?;
        let Some(drafting) = self.drafting(&extensions) else { return Ok(Vec::new()) };
        let versions = self.ledger.versions(self.period).await?;
        let returned =
            |id: &str| versions.iter().any(|one| one.version.partner == id && one.version.standing == Standing::Accepted);
        let asked: Vec<&Partner> = self.materials.partners.iter().filter(|partner| !returned(&partner.id)).collect();
        let blanks = self.blanks(&asked, &extensions, None).await?;
        let mut drafts = Vec::new();
        for partner in asked {
            if let Some(blank) = blanks.get(&partner.id) {
                drafts.extend(drafting.request(partner, blank)?);
            }
        }
        Ok(drafts)
    }

    pub(super) fn receipts(&self, returns: &Returns, extensions: &BTreeMap<String, Extension>) -> Result<Vec<Draft>, RunError> {
        let drafting = self.drafting(extensions).filter(|_| self.settings.returns.receipts);
        Ok(drafting.map_or(Ok(Vec::new()), |drafting| drafting.receipts(returns))?)
    }

    /// That versions which their partners were told are accepted have been taken out of use.
    pub(super) fn withdrawals(&self, looked: &Looked) -> Result<Vec<Draft>, RunError> {
        let drafting = self.drafting(&looked.extensions).filter(|_| self.settings.returns.receipts);
        Ok(drafting.map_or(Ok(Vec::new()), |drafting| drafting.withdrawals(&looked.withdrawn, &looked.returns))?)
    }

    pub(super) async fn reminders(&self, status: &Status, looked: &Looked, day: Option<Date>) -> Result<Vec<Draft>, RunError> {
        let Some(drafting) = self.drafting(&looked.extensions) else { return Ok(Vec::new()) };
        let owes = |partner: &&Partner| status.partners.iter().any(|one| one.partner == partner.id && one.owes());
        let owing: Vec<&Partner> = self.materials.partners.iter().filter(owes).collect();
        let blanks = self.blanks(&owing, &looked.extensions, Some(&looked.returns)).await?;
        Ok(drafting.reminders(status, &looked.returns.elsewhere, &blanks, day.unwrap_or(self.as_at))?)
    }

    /// Tells partners what became of what a look found, where the settings have them told; of earlier quarters what is new only.
    pub(in crate::run) async fn send_receipts(&self, run: RunId, looked: &Looked) -> Result<Vec<Told>, RunError> {
        let mut told = Vec::new();
        for late in &looked.late {
            let round = self.of(late);
            told.extend(round.send(run, round.receipts(&late.news(), &late.extensions)?).await?);
        }
        told.extend(self.send(run, self.receipts(&looked.returns, &looked.extensions)?).await?);
        told.extend(self.send(run, self.withdrawals(looked)?).await?);
        Ok(told)
    }

    /// Those that were neither sent before nor are held (unless the settings have these sent again), nor said by another message,
    /// nor take back what nobody was told.
    pub(super) async fn due(&self, drafts: Vec<Draft>) -> Result<Vec<Draft>, RunError> {
        let mut due = Vec::new();
        for draft in drafts {
            let reaches_people = self.settings.mail.transport.reaches_people();
            let was_said = match &draft.unless {
                Some(key) => !self.ledger.may_be_sent(key, reaches_people).await?,
                None => false,
            };
            let mut is_news = draft.only_after.is_empty();
            for key in &draft.only_after {
                is_news = is_news || !self.ledger.may_be_sent(key, reaches_people).await?;
            }
            let is_sent_again = self.settings.mail.at_least_once && self.ledger.held_since(&draft.key).await?.is_some();
            if !was_said && is_news && (is_sent_again || self.ledger.may_be_sent(&draft.key, reaches_people).await?) {
                due.push(draft);
            }
        }
        Ok(due)
    }

    pub(super) async fn send(&self, run: RunId, drafts: Vec<Draft>) -> Result<Vec<Told>, RunError> {
        let mut told = self.held(&drafts).await?;
        let drafts = self.due(drafts).await?;
        let Some(mail) = self.materials.mail.as_ref().filter(|_| !drafts.is_empty()) else { return Ok(told) };
        let folder = self.settings.paths.messages().join(self.period.slug()).join("returns");
        let transport = Transport::new(&self.settings.mail, &folder)?;
        let post = Post {
            ledger: self.ledger,
            run,
            mail,
            transport,
            even_if_unknown: self.settings.mail.at_least_once,
            pace: Pace::of(&self.settings.mail),
            lease: None,
            now: self.now,
        };
        let letters: Vec<Letter<'_>> = drafts.iter().map(Draft::letter).collect();
        for (draft, (result, file)) in drafts.iter().zip(post.send(&letters).await?) {
            let Draft { partner, contact, key, .. } = draft;
            let (kind, quarter, partner) = (key.kind.clone(), key.period, partner.clone());
            told.push(Told { kind, quarter, partner, contact: *contact, result, file });
        }
        Ok(told)
    }

    /// Those that may have arrived and are not sent again by themselves; none where the settings have them sent again.
    pub(super) async fn held(&self, drafts: &[Draft]) -> Result<Vec<Told>, RunError> {
        let mut held = Vec::new();
        if self.settings.mail.at_least_once {
            return Ok(held);
        }
        for Draft { partner, contact, key, .. } in drafts {
            if let Some((since, reason)) = self.ledger.held_since(key).await? {
                let result = Delivered::Held { reason: ended_unknown(&since, &reason) };
                let (kind, quarter, partner) = (key.kind.clone(), key.period, partner.clone());
                held.push(Told { kind, quarter, partner, contact: *contact, result, file: None });
            }
        }
        Ok(held)
    }
}
