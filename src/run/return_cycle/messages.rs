//! The messages that a quarter's returns call for: which are due, and sending each once.

use super::blanks::blanks;
use super::drafts::{NoticeDraft, NoticeDrafts};
use super::look::Looked;
use super::notice::Notice;
use super::status::Status;
use crate::collect::{ReturnReceipt, Returns, VersionStanding};
use crate::distribute::{Attachment, DeliveryResult, OutgoingMessage, Transport};
use crate::framework::Partner;
use crate::run::env::Env;
use crate::run::error::RunError;
use crate::run::post::{OutboxSender, SendingPace};
use crate::store::{Extension, RunId};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The media type of the workbooks that go out.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl NoticeDraft {
    fn message(&self) -> OutgoingMessage<'_> {
        let workbook = self.workbook.as_ref();
        let attachment = workbook.map(|blank| Attachment { name: &blank.file, media_type: XLSX, bytes: &blank.bytes });
        let attachments = attachment.into_iter().collect();
        OutgoingMessage { key: self.key.clone(), recipient: self.recipient.clone(), words: self.words.clone(), attachments }
    }
}

/// The blank workbooks, for those from whom nothing usable has come yet.
pub(super) async fn requests(env: &Env<'_>) -> Result<Vec<NoticeDraft>, RunError> {
    let extensions = env.ledger.extensions(env.period).await?;
    let Some(drafting) = NoticeDrafts::new(env, &extensions) else { return Ok(Vec::new()) };
    let versions = env.ledger.versions(env.period).await?;
    let returned =
        |id: &str| versions.iter().any(|one| one.version.partner == id && one.version.standing == VersionStanding::Accepted);
    let asked: Vec<&Partner> = env.config.partners.iter().filter(|partner| !returned(&partner.id)).collect();
    let blanks = blanks(env, &asked, &extensions, None).await?;
    let mut drafts = Vec::new();
    for partner in asked {
        if let Some(blank) = blanks.get(&partner.id) {
            drafts.extend(drafting.request(partner, blank)?);
        }
    }
    Ok(drafts)
}

pub(super) fn receipts(
    env: &Env<'_>,
    returns: &Returns,
    extensions: &BTreeMap<String, Extension>,
    is_told: &dyn Fn(&ReturnReceipt) -> bool,
) -> Result<Vec<NoticeDraft>, RunError> {
    let drafting = NoticeDrafts::new(env, extensions).filter(|_| env.settings.returns.receipts);
    Ok(drafting.map_or(Ok(Vec::new()), |drafting| drafting.receipts(returns, is_told))?)
}

/// That versions which their partners were told are accepted have been taken out of use. What is missing now stands in one
/// message of a look: in a receipt, or else in the last of a partner's withdrawals. `receipts` are those of the look.
pub(super) async fn withdrawals(
    env: &Env<'_>,
    looked: &Looked,
    receipts: Vec<NoticeDraft>,
) -> Result<Vec<NoticeDraft>, RunError> {
    let Some(drafting) = NoticeDrafts::new(env, &looked.extensions).filter(|_| env.settings.returns.receipts) else {
        return Ok(Vec::new());
    };
    let mut told: BTreeSet<String> = due(env, receipts).await?.into_iter().map(|draft| draft.partner).collect();
    let mut drafts = Vec::new();
    for withdrawn in looked.withdrawn.iter().rev() {
        let is_told = told.contains(&withdrawn.version.partner);
        let own = drafting.withdrawal(withdrawn, &looked.returns, is_told)?;
        if !due(env, own.clone()).await?.is_empty() {
            told.insert(withdrawn.version.partner.clone());
        }
        drafts.push(own);
    }
    Ok(drafts.into_iter().rev().flatten().collect())
}

pub(super) async fn reminders(
    env: &Env<'_>,
    status: &Status,
    looked: &Looked,
    day: Option<Date>,
) -> Result<Vec<NoticeDraft>, RunError> {
    let Some(drafting) = NoticeDrafts::new(env, &looked.extensions) else { return Ok(Vec::new()) };
    let owes = |partner: &&Partner| status.partners.iter().any(|one| one.partner == partner.id && one.owes());
    let owing: Vec<&Partner> = env.config.partners.iter().filter(owes).collect();
    let blanks = blanks(env, &owing, &looked.extensions, Some(&looked.returns)).await?;
    Ok(drafting.reminders(status, &looked.returns.elsewhere, &blanks, day.unwrap_or(env.as_at))?)
}

/// Tells partners what became of what a look found, where the settings have them told; of earlier quarters what is new only.
pub(in crate::run) async fn send_receipts(env: &Env<'_>, run: RunId, looked: &Looked) -> Result<Vec<Notice>, RunError> {
    let mut told = Vec::new();
    for late in &looked.late {
        let of_quarter = late.env(env);
        told.extend(
            send(&of_quarter, run, receipts(&of_quarter, &late.returns, &late.extensions, &|receipt| late.is_news(receipt))?)
                .await?,
        );
    }
    let receipts = receipts(env, &looked.returns, &looked.extensions, &|_| true)?;
    let withdrawals = withdrawals(env, looked, receipts.clone()).await?;
    told.extend(send(env, run, receipts).await?);
    told.extend(send(env, run, withdrawals).await?);
    Ok(told)
}

/// Those that were neither sent before nor are held (unless the settings have these sent again), nor said by another message,
/// nor take back what nobody was told.
pub(super) async fn due(env: &Env<'_>, drafts: Vec<NoticeDraft>) -> Result<Vec<NoticeDraft>, RunError> {
    let mut due = Vec::new();
    for draft in drafts {
        let reaches_people = env.settings.mail.transport.reaches_people();
        let was_said = match &draft.unless {
            Some(key) => !env.ledger.may_be_sent(key, reaches_people).await?,
            None => false,
        };
        let mut is_news = draft.only_after.is_empty();
        for key in &draft.only_after {
            is_news = is_news || !env.ledger.may_be_sent(key, reaches_people).await?;
        }
        let is_sent_again = env.settings.mail.at_least_once && env.ledger.held_message(&draft.key).await?.is_some();
        if !was_said && is_news && (is_sent_again || env.ledger.may_be_sent(&draft.key, reaches_people).await?) {
            due.push(draft);
        }
    }
    Ok(due)
}

pub(super) async fn send(env: &Env<'_>, run: RunId, drafts: Vec<NoticeDraft>) -> Result<Vec<Notice>, RunError> {
    let mut told = held(env, &drafts).await?;
    let drafts = due(env, drafts).await?;
    let Some(mail) = env.config.mail.as_ref().filter(|_| !drafts.is_empty()) else { return Ok(told) };
    let folder = env.settings.paths.messages().join(env.period.slug()).join("returns");
    let transport = Transport::new(&env.settings.mail, &folder)?;
    let post = OutboxSender {
        ledger: env.ledger,
        run,
        mail,
        transport,
        even_if_unknown: env.settings.mail.at_least_once,
        pace: SendingPace::of(&env.settings.mail),
        lease: None,
        now: env.now,
    };
    let messages: Vec<OutgoingMessage<'_>> = drafts.iter().map(NoticeDraft::message).collect();
    for (draft, (result, file)) in drafts.iter().zip(post.send(&messages).await?) {
        let NoticeDraft { partner, contact, key, .. } = draft;
        let (kind, quarter, partner) = (key.kind.clone(), key.period, partner.clone());
        told.push(Notice { kind, quarter, partner, contact: *contact, result, file });
    }
    Ok(told)
}

/// Those that may have arrived and are not sent again by themselves; none where the settings have them sent again.
pub(super) async fn held(env: &Env<'_>, drafts: &[NoticeDraft]) -> Result<Vec<Notice>, RunError> {
    let mut held = Vec::new();
    if env.settings.mail.at_least_once {
        return Ok(held);
    }
    for NoticeDraft { partner, contact, key, .. } in drafts {
        if let Some(reason) = env.ledger.held_message(key).await? {
            let result = DeliveryResult::Unknown { reason };
            let (kind, quarter, partner) = (key.kind.clone(), key.period, partner.clone());
            held.push(Notice { kind, quarter, partner, contact: *contact, result, file: None });
        }
    }
    Ok(held)
}
