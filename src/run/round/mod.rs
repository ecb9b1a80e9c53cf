//! A quarter's round of returns: partners are asked, looked out for, told what became of what they sent, and reminded.
//! It goes on apart from the packs, and a run of the pack does the looking and the telling too.

mod blanks;
mod drafts;
mod look;
mod status;

pub use blanks::Blank;
pub use drafts::Draft;
pub use status::{Coverage, Extended, MeasureStatus, PartnerStatus, Status, WithdrawnVersion};

use super::alerts::{Chore, Teller};
use super::lease::Lease;
use super::post::{Letter, Pace, Post, ended_unknown};
use super::{Delivered, Materials, RunError, assess, opening, outcome::recorded};
use crate::collect::{ReturnReceipt, Returns, Standing};
use crate::distribute::{Attachment, Transport};
use crate::framework::Partner;
use crate::period::Period;
use crate::settings::Settings;
use crate::store::{Extension, Ledger, NewRun, RunId};
use drafts::Drafting;
use jiff::{Timestamp, civil::Date};
use look::{Late, Looked};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The media type of the workbooks that go out.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What is to be done for the round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Look only, and say how things stand.
    Status,
    /// Send each partner its blank workbook, once.
    Open,
    /// Look for workbooks, record new versions and send their receipts.
    Collect,
    /// Collect, and then remind those who owe something, once a day at most.
    Remind,
}

/// What is asked of one task.
#[derive(Debug, Clone)]
pub struct Request {
    pub task: Task,
    /// What "today" is; the settings' or the clock's date where none.
    pub as_at: Option<Date>,
    /// The day that reminders are for, of which a partner gets one a day; `as_at` where none.
    pub for_day: Option<Date>,
    /// Who asked: `by hand`, or the name of a schedule.
    pub trigger: String,
    /// What was met before the task began, for the operators to be told with the rest.
    pub met: Vec<String>,
    /// False keeps messages back; they are sent by the next task of the kind that sends.
    pub sends: bool,
    /// Nothing is recorded or sent: the drafts say what would be.
    pub dry_run: bool,
}

/// What a task did.
#[derive(Debug)]
pub struct Done {
    pub period: Period,
    pub as_at: Date,
    /// As a look found things; none where none was made.
    pub status: Option<Status>,
    /// What became of the files that were seen for the first time.
    pub new: Vec<ReturnReceipt>,
    /// The same of earlier quarters, each with its quarter.
    pub late: Vec<(Period, ReturnReceipt)>,
    /// What could not be filed under its quarter, and why.
    pub unfiled: Vec<String>,
    /// Of a dry run, what would be sent.
    pub drafts: Vec<Draft>,
    /// The messages that were to be sent and had not been before, or are held.
    pub told: Vec<Told>,
    /// What was found cut off as the task began, a line for those of each run.
    pub held: Vec<String>,
}

/// What became of a message to a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The kind of message, such as `return_receipt`.
    pub kind: String,
    /// The quarter of the return.
    pub quarter: Period,
    /// The partner's id.
    pub partner: String,
    /// Which of its contacts, counted from 1.
    pub contact: usize,
    pub result: Delivered,
    /// The message's file, where the transport writes one.
    pub file: Option<PathBuf>,
}

impl Done {
    fn take_in(&mut self, looked: Looked, status: Status) {
        let Looked { new, late, unfiled, .. } = looked;
        let of_quarter = |late: Late| late.new.into_iter().map(move |version| (late.period, version));
        *self = Self {
            new,
            late: late.into_iter().flat_map(of_quarter).collect(),
            unfiled,
            status: Some(status),
            drafts: std::mem::take(&mut self.drafts),
            told: std::mem::take(&mut self.told),
            held: std::mem::take(&mut self.held),
            ..*self
        };
    }

    /// The files that this look saw first and could lay to no partner, each with the reason.
    fn nobodys(&self) -> Vec<String> {
        let is_new = |file: &String| self.new.iter().any(|version| version.partner == *file);
        let unlaid = self.status.iter().flat_map(|status| &status.unlaid).filter(|(file, _)| is_new(file));
        unlaid.map(|(file, reason)| format!("{file}: {reason}")).collect()
    }

    /// Why the task is only partly done; empty where it is done.
    pub fn partial(&self) -> Vec<String> {
        shortfalls(&self.told).into_iter().chain(self.held.iter().cloned()).collect()
    }
}

/// The messages that did not arrive, for certain.
pub(super) fn shortfalls(told: &[Told]) -> Vec<String> {
    told.iter().filter(|told| told.result.fell_short()).map(ToString::to_string).collect()
}

impl Draft {
    fn letter(&self) -> Letter<'_> {
        let workbook = self.workbook.as_ref();
        let attachment = workbook.map(|blank| Attachment { name: &blank.file, media_type: XLSX, bytes: &blank.bytes });
        let attachments = attachment.into_iter().collect();
        Letter { key: self.key.clone(), recipient: self.recipient.clone(), words: self.words.clone(), attachments }
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Told { kind, partner, contact, result, .. } = self;
        write!(f, "{} to {partner}, contact {contact}: {result}", kind.replace('_', " "))
    }
}

/// Does one task. `now` is the clock.
///
/// # Errors
/// See [`RunError`]; what concerns one workbook or one message is in what it gives back.
pub async fn round(
    settings: &Settings,
    materials: &Materials,
    request: &Request,
    now: fn() -> Timestamp,
) -> Result<Done, RunError> {
    let (period, as_at) = assess::when(materials, request.as_at, now)?;
    let tells = request.sends && !request.dry_run;
    let ledger = opening::open(settings, tells, now).await?;
    let round = Round { settings, materials, ledger: &ledger, period, as_at, now };
    let result = if request.dry_run || request.task == Task::Status {
        round.rehearse(request).await
    } else {
        round.recorded(request).await
    };
    ledger.close().await;
    opening::told(settings, tells, now, result).await
}

/// How a task ended.
pub fn outcome(result: &Result<Done, RunError>) -> String {
    super::outcome_of(result.as_ref().map(Done::partial))
}

impl Task {
    /// In the ledger.
    fn name(self) -> &'static str {
        match self {
            Task::Status => "returns-status",
            Task::Open => "returns-open",
            Task::Collect => "returns-collect",
            Task::Remind => "returns-remind",
        }
    }
}

/// What a task works with.
#[derive(Clone, Copy)]
pub(super) struct Round<'a> {
    pub settings: &'a Settings,
    pub materials: &'a Materials,
    pub ledger: &'a Ledger,
    pub period: Period,
    pub as_at: Date,
    pub now: fn() -> Timestamp,
}

impl Round<'_> {
    /// Does the task as a run of the ledger, one at a time of its kind, and tells the operators where they are needed.
    async fn recorded(&self, request: &Request) -> Result<Done, RunError> {
        let &Round { settings, materials, ledger, period, as_at, now } = self;
        let pack = request.task.name();
        let (_lease, _) = Lease::of((pack, period), ledger, now)?;
        let mut met = request.met.clone();
        for cut_off in ledger.unfinished_runs(pack, period).await? {
            ledger.end_run(cut_off.id, "failed: it was cut off", now()).await?;
        }
        let held = opening::held();
        met.extend(held.iter().cloned());
        let edition = &materials.framework.edition.id;
        let run = ledger.start_run(&NewRun { pack, period, as_at, edition, trigger: &request.trigger }, now()).await?;
        let mut result = self.perform(run, request).await;
        if let Ok(done) = &mut result {
            // Where the settings have such messages sent again, they were.
            done.held = if settings.mail.at_least_once { Vec::new() } else { held };
        }
        let unsent = result.as_ref().map(|done| !done.partial().is_empty());
        ledger.end_run(run, &recorded(unsent.map(|unsent| (&[][..], unsent))), now()).await?;
        if matches!(result, Err(RunError::Stopped)) {
            return result;
        }
        let reasons = result.as_ref().map(Done::partial).map_err(ToString::to_string);
        let teller = Teller::new(settings, materials, ledger, period, &request.trigger, now);
        teller.of_chore(Some(run), Chore::Round(request.task), reasons, met).await;
        teller.of_nobodys(Some(run), result.as_ref().map_or(Vec::new(), Done::nobodys)).await;
        result
    }

    /// Records what is new, and sends what is due.
    async fn perform(&self, run: RunId, request: &Request) -> Result<Done, RunError> {
        let mut done = self.nothing();
        if request.task == Task::Open {
            done.told = self.send(run, self.requests().await?).await?;
            return Ok(done);
        }
        let looked = self.look_and_record(run).await?;
        let status = self.status(&looked).await?;
        if request.sends {
            done.told = self.send_receipts(run, &looked).await?;
            if request.task == Task::Remind {
                // A receipt of this look says what is lacking and by when already.
                let has_heard = |partner: &str| {
                    let of_quarter = |told: &&Told| told.partner == partner && told.quarter == self.period;
                    done.told.iter().filter(of_quarter).any(|told| !told.result.fell_short())
                };
                let mut reminders = self.reminders(&status, &looked, request.for_day).await?;
                reminders.retain(|draft| !has_heard(&draft.partner));
                done.told.extend(self.send(run, reminders).await?);
            }
        }
        done.take_in(looked, status);
        Ok(done)
    }

    /// As [`Self::perform`], with nothing recorded and nothing sent.
    async fn rehearse(&self, request: &Request) -> Result<Done, RunError> {
        let (task, mut done) = (request.task, self.nothing());
        let mut drafts = Vec::new();
        if task == Task::Open {
            drafts = self.requests().await?;
        } else {
            let looked = self.look_only().await?;
            let status = self.status(&looked).await?;
            if task != Task::Status {
                for late in &looked.late {
                    drafts.extend(self.of(late).receipts(&late.news(), &late.extensions)?);
                }
                drafts.extend(self.receipts(&looked.returns, &looked.extensions)?);
                drafts.extend(self.withdrawals(&looked)?);
                drafts = self.due(drafts).await?;
            }
            if task == Task::Remind {
                let hears =
                    |partner: &str| drafts.iter().any(|draft| draft.partner == partner && draft.key.period == self.period);
                let mut reminders = self.reminders(&status, &looked, request.for_day).await?;
                reminders.retain(|draft| !hears(&draft.partner));
                drafts.extend(reminders);
            }
            done.take_in(looked, status);
        }
        done.drafts = self.due(drafts).await?;
        Ok(done)
    }

    /// Those that may have arrived and are not sent again by themselves; none where the settings have them sent again.
    async fn held(&self, drafts: &[Draft]) -> Result<Vec<Told>, RunError> {
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

    /// Those that were neither sent before nor are held (unless the settings have these sent again), nor said by another message,
    /// nor take back what nobody was told.
    async fn due(&self, drafts: Vec<Draft>) -> Result<Vec<Draft>, RunError> {
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

    fn nothing(&self) -> Done {
        let Round { period, as_at, .. } = *self;
        Done {
            period,
            as_at,
            status: None,
            new: Vec::new(),
            late: Vec::new(),
            unfiled: Vec::new(),
            drafts: Vec::new(),
            told: Vec::new(),
            held: Vec::new(),
        }
    }

    async fn status(&self, looked: &Looked) -> Result<Status, RunError> {
        let Round { materials, settings, period, as_at, .. } = *self;
        let Looked { returns, extensions, withdrawn, .. } = looked;
        let settings = &settings.returns;
        Ok(Status::of(status::Sources { materials, settings, period, as_at, returns, extensions, withdrawn }))
    }

    /// None where no mail may be sent.
    fn drafting<'d>(&'d self, extensions: &'d BTreeMap<String, Extension>) -> Option<Drafting<'d>> {
        let Round { settings, materials, period, as_at, .. } = *self;
        let mail = materials.mail.as_ref()?;
        Some(Drafting { settings, materials, mail, period, as_at, extensions })
    }

    /// The blank workbooks, for those from whom nothing usable has come yet.
    async fn requests(&self) -> Result<Vec<Draft>, RunError> {
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

    fn receipts(&self, returns: &Returns, extensions: &BTreeMap<String, Extension>) -> Result<Vec<Draft>, RunError> {
        let drafting = self.drafting(extensions).filter(|_| self.settings.returns.receipts);
        Ok(drafting.map_or(Ok(Vec::new()), |drafting| drafting.receipts(returns))?)
    }

    async fn reminders(&self, status: &Status, looked: &Looked, day: Option<Date>) -> Result<Vec<Draft>, RunError> {
        let Some(drafting) = self.drafting(&looked.extensions) else { return Ok(Vec::new()) };
        let owes = |partner: &&Partner| status.partners.iter().any(|one| one.partner == partner.id && one.owes());
        let owing: Vec<&Partner> = self.materials.partners.iter().filter(owes).collect();
        let blanks = self.blanks(&owing, &looked.extensions, Some(&looked.returns)).await?;
        Ok(drafting.reminders(status, &looked.returns.elsewhere, &blanks, day.unwrap_or(self.as_at))?)
    }

    /// Tells partners what became of what a look found, where the settings have them told; of earlier quarters what is new only.
    pub async fn send_receipts(&self, run: RunId, looked: &Looked) -> Result<Vec<Told>, RunError> {
        let mut told = Vec::new();
        for late in &looked.late {
            let round = self.of(late);
            told.extend(round.send(run, round.receipts(&late.news(), &late.extensions)?).await?);
        }
        told.extend(self.send(run, self.receipts(&looked.returns, &looked.extensions)?).await?);
        told.extend(self.send(run, self.withdrawals(looked)?).await?);
        Ok(told)
    }

    /// That versions which their partners were told are accepted have been taken out of use.
    fn withdrawals(&self, looked: &Looked) -> Result<Vec<Draft>, RunError> {
        let drafting = self.drafting(&looked.extensions).filter(|_| self.settings.returns.receipts);
        Ok(drafting.map_or(Ok(Vec::new()), |drafting| drafting.withdrawals(&looked.withdrawn, &looked.returns))?)
    }

    async fn send(&self, run: RunId, drafts: Vec<Draft>) -> Result<Vec<Told>, RunError> {
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
}
