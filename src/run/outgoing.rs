//! What goes out as an issue. Two readers never hold different packs under one number: once somebody has an issue, whoever
//! lacks it gets the very same, until a corrected issue takes its place.

use super::checkpoints::{EVALUATE, RENDER};
use super::error::RunError;
use super::issues::Issues;
use super::mail_config::MailConfig;
use super::message_content;
use super::message_kinds::{INTERIM, PACK};
use super::pack::pack_run::PackRun;
use super::pack::readers::{Addressee, PackReaders};
use super::stage_records::{EvaluatedRun, ReadyPack, RenderedRun};
use crate::area::AreaCode;
use crate::fault::Faults;
use crate::store::{IssuedDocument, LedgerError, MessageRow, MessageState, OutboxEntry, RunId};
use std::collections::{BTreeMap, BTreeSet};

/// The packs about one part of the system that go out, the first of them to its readers, and what they were made from.
pub(super) struct Issued<'a> {
    /// None where it is this run.
    pub by: Option<RunId>,
    pub judged: &'a EvaluatedRun,
    pub packs: Vec<&'a ReadyPack>,
}

/// What earlier runs made that some readers have, by the run.
pub(super) type EarlierPacks = BTreeMap<RunId, (EvaluatedRun, RenderedRun)>;

/// What readers are written, and every document that they get.
#[derive(Default)]
pub(super) struct NewMessages {
    pub messages: Vec<OutboxEntry>,
    pub documents: Vec<IssuedDocument>,
    /// By the run that made them, the names of the packs among the documents.
    stems: BTreeMap<Option<RunId>, BTreeSet<String>>,
}

impl PackRun<'_> {
    /// The parts of the system of which a pack is asked for, the whole first; none stands for that.
    fn parts_asked_for(&self) -> BTreeSet<Option<&AreaCode>> {
        self.asked.addressees.iter().map(|addressee| addressee.part.as_ref()).collect()
    }

    /// What earlier runs made of the same issue that some readers have and others are to get; with it, why nothing can be sent
    /// where that is no longer to be had.
    pub(super) async fn issued_before(&self, ready: &RenderedRun) -> Result<(EarlierPacks, Vec<String>), RunError> {
        let mut earlier = EarlierPacks::new();
        let mut lost = Vec::new();
        let is_whole = self.env.config.only.sections.is_empty();
        if !matches!(self.job.recipients, PackReaders::List(_) | PackReaders::These(_)) || !is_whole || self.job.draft {
            return Ok((earlier, lost));
        }
        let issues = self.issues(ready.interim).await?;
        let held = issues.digests_not_to_resend();
        let own: BTreeSet<&str> = ready.packs.iter().map(|pack| pack.sha256.as_str()).collect();
        for part in self.parts_asked_for() {
            let lacks = |asked: &Addressee| {
                asked.part.as_ref() == part
                    && !held.contains(&self.key(&asked.recipient, part, ready.interim, ready.issue).digest())
            };
            let run = issues.issued_by(&self.about(part), ready.issue).filter(|run| !earlier.contains_key(run));
            let Some(run) = run.filter(|_| self.asked.addressees.iter().any(lacks)) else { continue };
            let checkpoints = self.checkpoints.of(run);
            let is_there =
                |pack: &ReadyPack| pack.part.as_ref() != part || !pack.file.is_empty() && checkpoints.has(&pack.sha256);
            match (checkpoints.load::<EvaluatedRun>(EVALUATE).await, checkpoints.load::<RenderedRun>(RENDER).await) {
                // Where the very same was made again, nothing of that is needed.
                (_, Ok(made)) if made.packs.iter().all(|pack| own.contains(pack.sha256.as_str())) => {}
                (Ok(judged), Ok(made)) if made.packs.iter().all(is_there) => {
                    earlier.insert(run, (judged, made));
                }
                (Err(RunError::Ledger(error)), _) | (_, Err(RunError::Ledger(error))) => return Err(error.into()),
                // Of a ledger that was lost there is the record alone of what was sent: it names the pack that was made again.
                _ if issues.attached(&self.about(part), ready.issue).iter().all(|sha256| own.contains(sha256)) => {}
                _ => lost.push(format!(
                    "some readers have issue {} from run {run}, which is no longer kept (`boardpack run --reissue REASON` sends \
                     the next issue to everybody)",
                    ready.issue
                )),
            }
        }
        Ok((earlier, lost))
    }

    /// By part of the system, what goes out: what this run made, or what some readers have of that issue already.
    fn issued<'a>(
        &self,
        issues: &Issues,
        judged: &'a EvaluatedRun,
        ready: &'a RenderedRun,
        earlier: &'a EarlierPacks,
    ) -> Vec<Issued<'a>> {
        let of = |packs: &'a [ReadyPack], part: Option<&AreaCode>| {
            packs.iter().filter(|pack| pack.part.as_ref() == part).collect::<Vec<_>>()
        };
        let mut issued = Vec::new();
        for part in self.parts_asked_for() {
            let by = issues.issued_by(&self.about(part), ready.issue);
            let theirs = by.and_then(|run| Some((run, earlier.get(&run)?)));
            let theirs = theirs.map(|(run, (judged, made))| Issued { by: Some(run), judged, packs: of(&made.packs, part) });
            let own = || Issued { by: None, judged, packs: of(&ready.packs, part) };
            let one = theirs.filter(|issued| !issued.packs.is_empty()).unwrap_or_else(own);
            if !one.packs.is_empty() {
                issued.push(one);
            }
        }
        issued
    }

    /// What each recipient is written who does not have it yet, and what they get.
    pub(super) async fn outbox(
        &self,
        judged: &EvaluatedRun,
        ready: &RenderedRun,
        earlier: &EarlierPacks,
        mail: &MailConfig,
    ) -> Result<NewMessages, RunError> {
        let issues = self.issues(ready.interim).await?;
        let held = issues.digests_not_to_resend();
        let mut outbox = NewMessages::default();
        for issued in self.issued(&issues, judged, ready, earlier) {
            // One part's packs at a time: they are large.
            let mut bytes = BTreeMap::new();
            for pack in &issued.packs {
                bytes.insert(pack.sha256.as_str(), self.checkpoints.read(&pack.sha256)?);
            }
            let (mut letters, sent) = self.letters(&issued, ready.interim, mail, &bytes)?;
            letters.retain(|letter| !held.contains(&letter.key.digest()));
            if letters.is_empty() {
                continue;
            }
            for letter in &letters {
                outbox.messages.push(message_content::entry(letter, mail)?);
            }
            for pack in sent {
                let document = IssuedDocument { file: pack.file.clone(), sha256: pack.sha256.clone() };
                if !outbox.documents.contains(&document) {
                    outbox.documents.push(document);
                    outbox.stems.entry(issued.by).or_default().insert(pack.stem.clone());
                }
            }
        }
        Ok(outbox)
    }

    /// Asks a person for a word on what is in the outbox, unless all of it was approved before: by this run's number, with a
    /// draft of each document, or by that of an earlier run that made an identical pack and waits still.
    pub(super) async fn ask_approval(
        &self,
        judged: &EvaluatedRun,
        earlier: &EarlierPacks,
        outbox: &NewMessages,
        ready: &mut RenderedRun,
    ) -> Result<(), RunError> {
        let mut approved = true;
        for document in &outbox.documents {
            approved &= self.env.ledger.is_approved(&document.sha256).await?;
        }
        if approved {
            return Ok(());
        }
        let inputs = super::approve::inputs(self.env.settings, judged).map_err(Faults::from)?;
        if let Some(waiting) = self.waits_already(outbox).await? {
            self.env.ledger.made_again(waiting, self.started.run, &inputs).await?;
            ready.waits_as = Some(waiting);
            return Ok(());
        }
        for (by, stems) in &outbox.stems {
            let judged = by.and_then(|run| earlier.get(&run)).map_or(judged, |(judged, _)| judged);
            let stems: Vec<String> = stems.iter().cloned().collect();
            for draft in judged.published.make_named(self.env.config, &stems, true)? {
                let made = self.checkpoints.keep_draft(&draft.stem, &draft.rendered.pdf)?;
                self.env.ledger.record_output(self.started.run, &made).await?;
                ready.drafts.push(IssuedDocument { file: format!("{}-draft.pdf", draft.stem), sha256: made.sha256 });
            }
        }
        self.env.ledger.ask_approval(self.started.run, &outbox.documents, &inputs, (self.env.now)()).await?;
        ready.waits_as = Some(self.started.run);
        Ok(())
    }

    /// The run that waits for approval with the very same documents and words to the very same readers, where one does.
    async fn waits_already(&self, outbox: &NewMessages) -> Result<Option<RunId>, LedgerError> {
        let Some(waiting) = self.env.ledger.waiting_for_approval(PACK, self.env.period).await? else { return Ok(None) };
        let approval = self.env.ledger.approval(waiting).await?;
        if waiting == self.started.run || approval.is_none_or(|approval| approval.documents != outbox.documents) {
            return Ok(None);
        }
        let waits = |row: &&MessageRow| row.state == MessageState::Waiting && row.run == waiting;
        let mut there = BTreeMap::new();
        for kind in [PACK, INTERIM] {
            there
                .extend(self.env.ledger.messages_of(kind, self.env.period).await?.into_iter().map(|row| (row.key.digest(), row)));
        }
        let same = |entry: &OutboxEntry| there.get(&entry.key.digest()).is_some_and(|row| waits(&row) && entry.is_same_as(row));
        let written: BTreeSet<String> = outbox.messages.iter().map(|entry| entry.key.digest()).collect();
        let is_all = there.values().filter(waits).all(|row| written.contains(&row.key.digest()));
        Ok((is_all && outbox.messages.iter().all(same)).then_some(waiting))
    }
}
