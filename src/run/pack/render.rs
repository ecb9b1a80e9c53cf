//! The third stage: the packs as files, in the archive and in the outbox.

use super::pack_run::PackRun;
use super::readers::PackReaders;
use crate::archive::sha256;
use crate::counted::counted;
use crate::fault::{Fault, Faults};
use crate::run::checkpoints::RENDER;
use crate::run::error::RunError;
use crate::run::manifest::{self, Manifest, Output};
use crate::run::message_kinds::INTERIM;
use crate::run::outgoing::NewMessages;
use crate::run::packs::RenderedPack;
use crate::run::stage_records::{EvaluatedRun, ReadyPack, RenderedRun};
use crate::run::withhold_reason::WithholdReason;
use crate::run::{gates, interim, output, stop};
use crate::store::{IssuedDocument, MessageState};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The warnings of every pack, each once.
fn warnings(packs: &[RenderedPack]) -> Vec<Fault> {
    let mut all: Vec<Fault> = Vec::new();
    for warning in packs.iter().flat_map(|pack| &pack.rendered.warnings) {
        if !all.contains(warning) {
            all.push(warning.clone());
        }
    }
    all
}

impl PackRun<'_> {
    /// The packs with the data behind them, in the output folder, in the archive and in the outbox; the path of the first
    /// pack's PDF comes first. What was ready before is written again as it was.
    pub(super) async fn ready(&self, judged: &EvaluatedRun) -> Result<(RenderedRun, Vec<PathBuf>), RunError> {
        let folder = self.env.settings.paths.packs().join(self.env.period.slug());
        self.put_back(&folder).await?;
        let mut files = Vec::new();
        if self.has_finished(RENDER) {
            for made in self.checkpoints.files().await? {
                files.push(output::write(&folder, &made.name, &self.checkpoints.read(&made.sha256)?)?);
            }
            return Ok((self.checkpoints.load(RENDER).await?, files));
        }
        self.started.lease.check()?;
        self.env.progress.stage_starts(RENDER);
        let packs = judged.published.make(self.env.config, self.job.draft)?;
        if packs.is_empty() {
            let place = self.env.config.only.place.as_ref().map_or("", |place| self.env.config.areas.name(place)).to_owned();
            return Err(RunError::NothingOfPlace { place, period: self.env.period });
        }
        let mut made = Vec::new();
        let mut outputs = Vec::new();
        // The folder has the last pack of a quarter; the archive has each that was made.
        let mut keep = |name: &str, bytes: &[u8]| {
            files.push(output::write(&folder, name, bytes)?);
            let kept = self.checkpoints.keep_file(name, bytes)?;
            made.push(kept.clone());
            Ok::<_, RunError>(kept.sha256)
        };
        let mut of_packs = Vec::new();
        for (name, bytes, pages) in output::all(&judged.published, &packs, self.env.config, self.job.draft)? {
            let sha256 = keep(&name, &bytes)?;
            if let Some(pack) = packs.iter().find(|pack| name.strip_suffix(".pdf") == Some(&pack.stem)) {
                of_packs.push(ReadyPack::of(pack, sha256.clone()));
            }
            outputs.push(Output { file: name, sha256, bytes: bytes.len(), pages });
        }
        let manifest = Manifest::new(self.env.settings, &judged.published, outputs).map_err(Faults::from)?.to_json();
        keep(manifest::FILE, &manifest)?;

        let warnings = warnings(&packs);
        let withheld = self.withheld(judged, &warnings);
        let pages: usize = packs.iter().map(|pack| pack.rendered.pages).sum();
        let interim = self.goes_out_as_interim(&judged.published.evaluation).await?;
        let (many, pages) = (counted(packs.len(), "pack", "packs"), counted(pages, "page", "pages"));
        let detail = format!("{}{many}, {pages}", if interim { "interim: " } else { "" });
        drop(packs);
        let issue = judged.published.issue();
        let mut ready = RenderedRun { packs: of_packs, warnings, issue, interim, withheld, ..RenderedRun::default() };
        let deadline = self.env.settings.returns.deadline(self.env.period);
        let awaited = interim::awaited(&self.env.config.partners, &judged.receipts, deadline, self.env.as_at);
        self.env.ledger.record_awaited(self.started.run, if interim { &awaited } else { &[] }).await?;
        let outbox = self.write(judged, &mut ready).await?;
        self.checkpoints.save(RENDER, &ready).await?;
        let (messages, state) = match ready.waits_as {
            // They are in the outbox already.
            Some(earlier) if earlier != self.started.run => (&[][..], MessageState::Waiting),
            Some(_) => (&outbox.messages[..], MessageState::Waiting),
            None => (&outbox.messages[..], MessageState::Pending),
        };
        let env = self.env;
        env.ledger.record_ready(self.started.run, (RENDER, &detail), &made, (messages, state), (env.now)()).await?;
        self.env.progress.stage_ends(RENDER, &detail);
        stop::check()?;
        Ok((ready, files))
    }

    /// Has the archive keep what it has lost and the folder of packs still has: another file is about to take its name there.
    async fn put_back(&self, folder: &Path) -> Result<(), RunError> {
        let made = self.env.ledger.files_of(self.env.period).await?;
        for name in made.iter().map(|(name, _)| name).collect::<BTreeSet<_>>() {
            let Ok(bytes) = fs::read(folder.join(name)) else { continue };
            let digest = sha256(&bytes);
            if made.contains(&(name.clone(), digest.clone())) && !self.checkpoints.has(&digest) {
                self.checkpoints.keep_file(name, &bytes)?;
                tracing::warn!(
                    file = name,
                    "the archive had lost this file of an earlier run, and has it again from the folder of packs"
                );
            }
        }
        Ok(())
    }

    /// What is to be sent, where anything is; a person is asked for a word on it where the settings say so.
    async fn write(&self, judged: &EvaluatedRun, ready: &mut RenderedRun) -> Result<NewMessages, RunError> {
        let Some(mail) = self.mail().filter(|_| ready.withheld.is_empty()) else { return Ok(NewMessages::default()) };
        let (earlier, lost) = self.issued_before(ready).await?;
        if !lost.is_empty() {
            ready.withheld = lost.into_iter().map(WithholdReason::of_lost).collect();
            return Ok(NewMessages::default());
        }
        let outbox = self.outbox(judged, ready, &earlier, mail).await?;
        let is_own = |sha256: &str| ready.packs.iter().any(|pack| pack.sha256 == sha256);
        let others = outbox.documents.iter().find(|document| !is_own(&document.sha256));
        let made_by = |document: &IssuedDocument| {
            earlier.iter().find(|(_, (_, made))| made.packs.iter().any(|p| p.sha256 == document.sha256))
        };
        ready.issued_by = others.and_then(made_by).map(|(run, _)| *run);
        ready.documents.clone_from(&outbox.documents);
        if let PackReaders::List(_) = self.job.recipients {
            if !ready.interim {
                // The final pack goes out in place of an interim one that did not.
                let abouts: BTreeSet<&str> = outbox.messages.iter().map(|message| message.key.about.as_str()).collect();
                for about in abouts {
                    self.env.ledger.replace_unsent(INTERIM, self.env.period, about, (self.env.now)()).await?;
                }
            }
            if self.env.settings.pack.approval {
                self.ask_approval(judged, &earlier, &outbox, ready).await?;
            }
        }
        Ok(outbox)
    }

    /// Why the pack is not to be sent; empty where it may be, or where it is a preview.
    fn withheld(&self, judged: &EvaluatedRun, warnings: &[Fault]) -> Vec<WithholdReason> {
        match self.job.recipients {
            PackReaders::Nobody | PackReaders::Operators => Vec::new(),
            PackReaders::List(_) | PackReaders::These(_) => self.reasons_to_withhold(judged, warnings),
        }
    }

    /// Why a pack that is made to be sent to nobody would not be sent as it is.
    pub(super) fn would_withhold(&self, judged: &EvaluatedRun, warnings: &[Fault]) -> Vec<String> {
        match self.job.recipients {
            PackReaders::Nobody => self.reasons_to_withhold(judged, warnings).iter().map(ToString::to_string).collect(),
            PackReaders::Operators | PackReaders::List(_) | PackReaders::These(_) => Vec::new(),
        }
    }

    fn reasons_to_withhold(&self, judged: &EvaluatedRun, warnings: &[Fault]) -> Vec<WithholdReason> {
        gates::reasons(self.env.settings, judged, &self.env.config.partners, warnings, self.env.as_at)
    }
}
