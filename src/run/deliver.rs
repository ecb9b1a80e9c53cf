//! The last stage: a message with the pack to each recipient.

use super::error::RunError;
use super::loaded_config::LoadedConfig;
use super::mail_config::MailConfig;
use super::message_content::MessageContent;
use super::message_kinds::{self, COPY, PREVIEW};
use super::outgoing::Issued;
use super::pack::delivery_report::DeliveryReport;
use super::pack::pack_run::PackRun;
use super::pack::readers::{Addressee, PackReaders};
use super::post::OutboxSender;
use super::stage_records::{EvaluatedRun, ReadyPack, RenderedRun};
use crate::area::AreaCode;
use crate::collect::{Arrival, IndicatorOutcome, OwedItem, PartnerReturn, PastDeadline, ReturnReceipt};
use crate::counted::counted_of;
use crate::distribute::board_pack::{MovedAction, PackDocument};
use crate::distribute::to_partner::in_words;
use crate::distribute::{
    Attachment, BoardPack, DeliveryResult, MessageKey, MessageTemplate, OutgoingMessage, Recipient, transport,
};
use crate::evaluate::ActionMovement;
use crate::fault::Faults;
use crate::framework::Partner;
use crate::schedule::{JobKind, Schedule};
use crate::store::{MessageRow, MessageState};
use jiff::SignedDuration;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

impl PackRun<'_> {
    /// What each reader of one part's pack is written, and which packs they get. A pack that is too large to be sent stays
    /// behind: the message says where it is, or carries a smaller one, or both, as the settings have it. `bytes` has each pack
    /// by its SHA-256.
    pub(super) fn letters<'a>(
        &self,
        issued: &Issued<'a>,
        interim: bool,
        mail: &MailConfig,
        bytes: &'a BTreeMap<&str, Vec<u8>>,
    ) -> Result<(Vec<OutgoingMessage<'a>>, Vec<&'a ReadyPack>), RunError> {
        // Of several packs about the same, such as one for the public, the first is the one that is sent.
        let Some(pack) = issued.packs.first().copied() else { return Ok((Vec::new(), Vec::new())) };
        let bytes_of = |pack: &ReadyPack| bytes.get(pack.sha256.as_str()).map_or(&[][..], Vec::as_slice);
        let mail_settings = &self.env.settings.mail;
        let others = issued.packs[1..].iter().copied().filter(|_| mail_settings.smaller_pack);
        let carried = std::iter::once(pack).chain(others).find(|pack| transport::carries(mail_settings, bytes_of(pack).len()));
        let is_whole = carried.is_some_and(|carried| carried.stem == pack.stem);
        let location = mail_settings.pack_location.as_deref().unwrap_or_default();
        let mut content = self.content(issued.judged, pack, mail);
        if !is_whole {
            content.elsewhere = location.to_owned();
            content.in_its_place = carried.map_or(String::new(), |smaller| smaller.file.clone());
        }
        // With nothing that can be sent and nowhere to point to it is the pack itself, which the transport refuses.
        let first = carried.or(content.elsewhere.is_empty().then_some(pack));
        // Behind the address that is told instead, the pack itself is read.
        let mut read: Vec<&ReadyPack> = (!is_whole && !location.is_empty()).then_some(pack).into_iter().chain(first).collect();
        let mut attached: Vec<&ReadyPack> = first.into_iter().collect();
        for beside in self.beside(&issued.packs).into_iter().filter(|_| is_whole) {
            let size: usize = attached.iter().chain([&beside]).map(|pack| bytes_of(pack).len()).sum();
            let has_room = transport::carries(mail_settings, size);
            content.documents.push(PackDocument {
                title: beside.title.clone(),
                about: beside.subject.clone(),
                file: beside.file.clone(),
                attached: has_room,
                elsewhere: if has_room { String::new() } else { location.to_owned() },
            });
            attached.extend(has_room.then_some(beside));
            read.extend((has_room || !location.is_empty()).then_some(beside));
        }
        let attachments: Vec<Attachment<'_>> = attached
            .iter()
            .map(|pack| Attachment { name: &pack.file, media_type: "application/pdf", bytes: bytes_of(pack) })
            .collect();
        let mut letters = Vec::new();
        for Addressee { recipient, part } in self.asked.addressees.iter().filter(|asked| asked.part == pack.part) {
            let key = self.key(recipient, part.as_ref(), interim, issued.judged.published.issue());
            let words = mail.templates.words(MessageTemplate::BoardPack, &content, &recipient.name).map_err(Faults::from)?;
            letters.push(OutgoingMessage { key, recipient: recipient.clone(), words, attachments: attachments.clone() });
        }
        Ok((letters, read))
    }

    /// Those of the packs about one part that go with the first, in the order in which they are attached.
    fn beside<'a>(&self, packs: &[&'a ReadyPack]) -> Vec<&'a ReadyPack> {
        let others = packs.get(1..).unwrap_or_default();
        let named = self.env.settings.pack.attach.iter();
        named.filter_map(|folder| others.iter().copied().find(|pack| pack.folder == *folder)).collect()
    }

    /// The day on which these readers are to get the next pack, as the schedules have it now.
    fn next_pack(&self, mail: &MailConfig) -> Option<Date> {
        let PackReaders::List(list) = &self.job.recipients else { return None };
        // Packs of one quarter may have several times; more than a few are not looked at.
        let next = |schedule: &Schedule| {
            let midnight = self.env.as_at.tomorrow().ok()?.to_zoned(schedule.time_zone.clone()).ok()?.timestamp();
            let first = schedule.next_after(midnight - SignedDuration::from_secs(1));
            let mut times = std::iter::successors(first, |at| schedule.next_after(*at)).take(10);
            let at = times.find(|at| schedule.period_at(*at) > self.env.period)?;
            Some(schedule.time_zone.to_datetime(at).date())
        };
        let of_list = mail.schedules.iter().filter(|s| s.kind == JobKind::Pack && s.recipients.as_ref() == Some(list));
        of_list.filter_map(next).min()
    }

    /// The names of the parts of which no pack is made; none where one of them alone was asked for.
    pub(super) fn without_pack(&self, ready: &RenderedRun) -> Vec<String> {
        let LoadedConfig { areas, parts, only, .. } = self.env.config;
        let of_parts = areas.iter().filter(|area| only.place.is_none() && parts.contains(&area.kind));
        let lacking = of_parts.filter(|area| !ready.has_pack_of(&area.code));
        lacking.map(|area| area.name.clone()).collect()
    }

    /// The parts of which a pack is to be sent and none is made.
    pub(super) fn parts_without_pack(&self, ready: &RenderedRun) -> Vec<String> {
        let parts: BTreeSet<_> = self.asked.addressees.iter().filter_map(|addressee| addressee.part.as_ref()).collect();
        let lacking = parts.into_iter().filter(|part| !ready.has_pack_of(part));
        lacking
            .map(|part| format!("no pack of {} is sent: it has no figure to show yet", self.env.config.areas.name(part)))
            .collect()
    }

    /// Sends what the outbox holds for those recipients who do not have it yet, as it was written when the pack was ready.
    pub(super) async fn deliver(&self, ready: &RenderedRun, mail: &MailConfig) -> Result<Vec<DeliveryReport>, RunError> {
        self.env.progress.stage_starts("distribute");
        let (kind, ..) = self.destination(None, ready.interim, ready.issue);
        let rows = self.env.ledger.messages_of(kind, self.env.period).await?;
        let (mut reports, mut outgoing) = (Vec::new(), Vec::new());
        for (recipient, asked) in (1..).zip(&self.asked.addressees) {
            let address = asked.recipient.address.to_string();
            let (_, about, issue) = self.destination(asked.part.as_ref(), ready.interim, ready.issue);
            let is_theirs = |row: &&MessageRow| {
                row.key.about == about && row.key.issue == issue && row.key.address.eq_ignore_ascii_case(&address)
            };
            let Some(row) = rows.iter().find(is_theirs) else { continue };
            if row.state == MessageState::Accepted {
                // Nothing is attached to the notice of a large pack.
                let sent = &row.attachment_sha256;
                let changed = !sent.is_empty() && ready.packs.iter().all(|pack| pack.sha256 != *sent);
                let result = DeliveryResult::AcceptedBefore { at: row.changed_at.clone(), changed };
                reports.push(DeliveryReport { address, recipient, result, has_text: true, file: None });
            } else if row.content.is_empty() {
                // Of what a lost ledger began to send the record has no words.
                let reason = format!(
                    "{}; its text is not kept (ask them; `run --reissue REASON` sends the pack to everybody again)",
                    row.detail
                );
                let result = DeliveryResult::Unknown { reason };
                reports.push(DeliveryReport { address, recipient, result, has_text: false, file: None });
            } else {
                outgoing.push((address, recipient, row, MessageContent::of(row)?));
            }
        }
        let attached = self.checkpoints.attached(outgoing.iter().flat_map(|(.., row, content)| content.attached(row)))?;
        let messages: Vec<OutgoingMessage<'_>> =
            outgoing.iter().map(|(.., row, content)| content.message(row, &attached)).collect();
        let post = OutboxSender::of_packs(
            self.env.settings,
            mail,
            self.env.ledger,
            (self.started.run, self.env.period),
            &self.started.lease,
            self.env.now,
        )?;
        let results = post.send(&messages).await?;
        reports.extend(outgoing.iter().zip(results).map(|((address, recipient, ..), (result, file))| DeliveryReport {
            address: address.clone(),
            recipient: *recipient,
            result,
            has_text: true,
            file,
        }));
        reports.sort_by_key(|report| report.recipient);
        let delivered = reports.iter().filter(|report| report.result.arrived()).count();
        let written = reports.iter().filter(|report| report.result == DeliveryResult::Written).count();
        let written = if written > 0 { format!("; written, not sent: {written}") } else { String::new() };
        let held = reports.iter().filter(|report| matches!(report.result, DeliveryResult::Unknown { .. })).count();
        let held = if held > 0 { format!("; {held} held: it is not known if they have it") } else { String::new() };
        let delivered = counted_of(delivered, reports.len(), ("recipient", "recipients"), ("has it", "have it"));
        self.ended("distribute", &(delivered + &written + &held)).await?;
        Ok(reports)
    }

    /// The key of what `recipient` gets about a part.
    pub(super) fn key(&self, recipient: &Recipient, part: Option<&AreaCode>, interim: bool, issue: u32) -> MessageKey {
        let (kind, about, issue) = self.destination(part, interim, issue);
        MessageKey { kind: kind.to_owned(), period: self.env.period, about, issue, address: recipient.address.to_string() }
    }

    /// Kind, subject and issue of the key that says what "once" means for those who get the pack of `part`.
    fn destination(&self, part: Option<&AreaCode>, interim: bool, issue: u32) -> (&'static str, String, u32) {
        match self.job.recipients {
            PackReaders::Nobody | PackReaders::List(_) => (message_kinds::of_pack(interim), self.about(part), issue),
            PackReaders::These(_) => (COPY, format!("run {}", self.started.run), 1),
            PackReaders::Operators => (PREVIEW, format!("run {}", self.started.run), 1),
        }
    }

    /// What the key of a pack's message is about: the area.
    pub(super) fn about(&self, part: Option<&AreaCode>) -> String {
        part.unwrap_or(&self.env.config.framework.edition.system).to_string()
    }

    /// What the message says of a pack.
    fn content(&self, judged: &EvaluatedRun, pack: &ReadyPack, mail: &MailConfig) -> BoardPack {
        let framework = &self.env.config.framework;
        let area = self.env.config.areas.name(pack.part.as_ref().unwrap_or(&framework.edition.system));
        let as_at = judged.published.evaluation.as_at;
        let mut content = BoardPack::new(area, self.env.period, as_at, &framework.edition.title);
        content.attachment.clone_from(&pack.file);
        content.draft = self.job.draft;
        content.interim = judged.published.evaluation.interim;
        if content.interim {
            let deadline = self.env.settings.returns.deadline(self.env.period);
            let returns = PartnerReturn::all(&judged.published.returns, &self.env.config.partners, deadline, as_at);
            let past = PastDeadline::of(&returns, deadline, as_at);
            content.returns_standing = past.map_or(String::new(), |past| past.in_words(deadline));
        }
        // What an older version left has none.
        if !pack.title.is_empty() {
            content.title.clone_from(&pack.title);
        }
        content.messages.clone_from(&pack.messages);
        content.asks.clone_from(&pack.asks);
        content.contact = self.env.settings.mail.secretariat().to_owned();
        content.next_pack = self.next_pack(mail).map_or(String::new(), in_words);
        for (status, count) in &pack.counts {
            content.count(status, *count);
        }
        let part = pack.part.as_ref();
        if let Some(correction) = judged.published.correction.as_ref().filter(|of| of.is_of(part, &self.env.config.areas)) {
            content.issue = correction.issue;
            content.after_interim = correction.is_of_interim();
            content.corrects.clone_from(&correction.reason);
            content.changes = pack.changes;
        }
        // A pack of one part has no key actions, and its ambitions moved for themselves.
        if let Some(movements) = judged.published.evaluation.movements.as_ref().filter(|_| pack.part.is_none()) {
            content.since = movements.since.in_words();
            content.moved = movements.counts_in_words();
            content.moved_actions = movements.moved_actions().filter_map(|moved| self.moved_action(moved)).collect();
        }
        content.illustrative = pack.illustrative.unwrap_or(judged.illustrative);
        content.of_part = pack.part.is_some();
        let published = &judged.published;
        content.missing = self
            .env
            .config
            .partners
            .iter()
            .filter_map(|partner| Some(format!("{}: {}", partner.name, self.shortcoming(&published.returns, partner, as_at)?)))
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

    /// A key action that has moved, with those who lead it by their names.
    fn moved_action(&self, moved: &ActionMovement) -> Option<MovedAction> {
        let LoadedConfig { framework, partners, .. } = self.env.config;
        let action = framework.actions.iter().find(|action| action.id == moved.action)?;
        let name = |id: &str| partners.iter().find(|partner| partner.id == id).map_or(id.to_owned(), |one| one.name.clone());
        let lead = action.leads().map(name).collect::<Vec<_>>().join(", ");
        let title = action.statement.trim().trim_end_matches('.').to_owned();
        Some(MovedAction { title, lead, how: moved.in_words() })
    }

    /// What the pack lacks of a partner's return, by its versions in use.
    fn shortcoming(&self, returns: &[ReturnReceipt], partner: &Partner, as_at: Date) -> Option<String> {
        let deadline = self.env.settings.returns.deadline(self.env.period);
        let came = PartnerReturn::of(returns, partner, deadline, as_at)?;
        let owed = (!came.owed.is_empty()).then(|| format!("still needed: {}", OwedItem::list(came.owed)));
        Some(match (came.arrival, came.nil) {
            (Arrival::Awaited, _) if came.due > deadline => format!("return not due until {}", in_words(came.due)),
            (Arrival::Awaited, _) => "return not due yet".to_owned(),
            (Arrival::Missing, _) => "no return received".to_owned(),
            (Arrival::Refused(_), _) => "return refused".to_owned(),
            (Arrival::Withdrawn(_), _) => "the return was withdrawn".to_owned(),
            (Arrival::Blank(_), _) => "the return is blank".to_owned(),
            (Arrival::InTime(_) | Arrival::Late(_), Some("")) => {
                let nil = "nothing to report, no reason given".to_owned();
                std::iter::once(nil).chain(owed).collect::<Vec<_>>().join("; ")
            }
            (Arrival::InTime(_) | Arrival::Late(_), Some(reason)) => format!("nothing to report: {reason}"),
            (Arrival::InTime(_) | Arrival::Late(_), None) => {
                let unsettled = (came.unsettled > 0)
                    .then(|| "two workbooks of the return differ, and nobody has decided which to use".to_owned());
                let errors = came.not_used().map(|what| format!("{what} of the return not used"));
                let told = [unsettled, errors, owed].into_iter().flatten();
                Some(told.collect::<Vec<_>>().join("; ")).filter(|told| !told.is_empty())?
            }
        })
    }
}
