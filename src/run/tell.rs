//! Telling the operators what needs them: one message for all that a run met, and the same once a day.

use super::post::{Delivered, Letter, Pace, Post};
use super::resume::Ready;
use super::{Materials, OPERATORS, PACK, RunError, Summary};
use crate::collect::sha256;
use crate::distribute::alert::{self, Alert};
use crate::distribute::{Attachment, MessageKey, Transport, transport};
use crate::evaluate::{Move, Movements};
use crate::fault::Faults;
use crate::period::Period;
use crate::settings::Settings;
use crate::store::{Ledger, NewRun, RunId};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was told and could not be recorded.
static UNRECORDED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn unrecorded() -> MutexGuard<'static, BTreeSet<String>> {
    UNRECORDED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whom to tell, and with what.
pub(crate) struct Teller<'a> {
    pub settings: &'a Settings,
    pub materials: &'a Materials,
    pub ledger: &'a Ledger,
    pub period: Period,
    pub trigger: &'a str,
    pub now: fn() -> Timestamp,
}

impl Teller<'_> {
    /// Tells of a run that needs somebody; `before` is what it met as it began.
    pub async fn of_run(&self, run: RunId, result: &Result<Summary, RunError>, before: Vec<String>) {
        let mut alert = self.alert(&run.to_string());
        if !before.is_empty() {
            alert.headline = "a run that was cut off was gone on with".to_owned();
            alert.means.push("The run went on from the last stage that it had finished; nothing was sent twice.".to_owned());
            alert.todo.push("See why the machine or the program stopped, if that was not intended.".to_owned());
        }
        alert.happened = before;
        match result {
            Err(error) => {
                alert.headline = "the run failed".to_owned();
                alert.happened.push(error.to_string());
                alert.means.push(self.reached(run).await);
                alert.todo.push(format!("Mend what is named, and run again; `boardpack runs show {run}` has the stages."));
            }
            Ok(summary) if !summary.withheld.is_empty() => {
                alert.headline = "the pack was not sent".to_owned();
                alert.happened.extend(summary.partial.iter().cloned());
                alert.means.push("The pack is made and lies in the output folder. Nobody was sent it.".to_owned());
                alert.todo.push("Get what is lacking, or lower the gate in the settings, and run again.".to_owned());
            }
            Ok(summary) if !summary.partial.is_empty() && !summary.waits => {
                let held = |d: &super::DeliveryReport| matches!(d.result, Delivered::Held { .. });
                partly_done(&mut alert, &summary.partial, summary.deliveries.iter().any(held));
            }
            Ok(_) => {}
        }
        self.send(Some(run), alert, None).await;
    }

    /// Tells of a pack that was approved and did not reach everybody; `shortfalls` says why, a line each.
    pub(super) async fn of_approved(&self, run: RunId, shortfalls: &[String], any_held: bool) {
        let mut alert = self.alert(&run.to_string());
        if !shortfalls.is_empty() {
            partly_done(&mut alert, shortfalls, any_held);
        }
        self.send(Some(run), alert, None).await;
    }

    /// Tells that a pack waits for a person's word, with its draft.
    pub(super) async fn of_waiting(&self, run: RunId, ready: &Ready, movements: Option<&Movements>, draft: &[u8]) {
        let mut alert = self.alert(&run.to_string());
        alert.headline = "a pack waits for approval".to_owned();
        let attachment = Attachment { name: "draft.pdf", media_type: "application/pdf", bytes: draft };
        let attachment = Some(attachment).filter(|_| transport::carries(&self.settings.mail, draft.len()));
        let of_draft = match attachment {
            Some(_) => "a draft of it is attached",
            None => "its draft is too large to be sent by e-mail; `boardpack render --draft` makes it again",
        };
        alert.happened.push(format!("Issue {} is ready; {of_draft}.", ready.issue));
        let finals = ready.packs.iter().map(|pack| format!("The final {} has the SHA-256 {}.", pack.stem, pack.sha256));
        alert.happened.extend(finals);
        alert.happened.push(movements.map_or("There is no earlier pack to compare with.".to_owned(), |movements| {
            let counts = Move::ALL.map(|kind| format!("{} {}", movements.count(kind), kind.label()));
            format!("Since the pack of {}: {}.", movements.since.slug(), counts.join(", "))
        }));
        alert
            .means
            .push("Nobody has been sent the pack. If what it was made from changes, it can no longer be approved.".to_owned());
        alert.todo.push(format!("Read the draft. To send the final: `boardpack runs approve {run} --by NAME`."));
        alert.todo.push(format!("To send none of it: `boardpack runs cancel {run}`."));
        self.send(Some(run), alert, attachment).await;
    }

    /// Tells of an occurrence that was not run and will not be.
    pub async fn of_missed(&self, scheduled_for: Timestamp) {
        let mut alert = self.alert("");
        alert.headline = "a scheduled time was missed".to_owned();
        alert.happened.push(format!("boardpack was not running at {scheduled_for}, nor within the grace of the schedule."));
        alert.means.push("What was to be done then was not done, and is not made up for.".to_owned());
        alert.todo.push("Do it by hand if it is still wanted, such as by `boardpack run`.".to_owned());
        self.send(None, alert, None).await;
    }

    /// Whom the pack of a run that failed has reached.
    async fn reached(&self, run: RunId) -> String {
        let Ok(messages) = self.ledger.messages(run).await else {
            return "Whom it sent a pack to cannot be told, for the ledger cannot be read.".to_owned();
        };
        let count = |state: &str| messages.iter().filter(|m| m.key.kind.starts_with(PACK) && m.state == state).count();
        match (count("accepted"), count("unknown")) {
            (0, 0) => "Nobody was sent a pack by this run.".to_owned(),
            (sent, held) => format!(
                "{sent} of its messages were delivered. {held} may have been: they are held, and not sent again by themselves."
            ),
        }
    }

    fn alert(&self, run: &str) -> Alert {
        let framework = &self.materials.framework;
        Alert {
            system: self.materials.areas.name(&framework.edition.system).to_owned(),
            quarter: self.period.slug(),
            run: run.to_owned(),
            trigger: self.trigger.to_owned(),
            headline: String::new(),
            happened: Vec::new(),
            means: Vec::new(),
            todo: Vec::new(),
        }
    }

    /// What cannot be told is logged; it is no reason for a run to fail.
    async fn send(&self, run: Option<RunId>, alert: Alert, attachment: Option<Attachment<'_>>) {
        if alert.happened.is_empty() {
            return;
        }
        if let Err(error) = self.try_to_send(run, &alert, attachment).await {
            tracing::error!(%error, "the operators could not be told");
        }
    }

    async fn try_to_send(&self, run: Option<RunId>, alert: &Alert, attachment: Option<Attachment<'_>>) -> Result<(), RunError> {
        let Some(mail) = &self.materials.mail else { return Ok(()) };
        let Some(operators) = mail.lists.get(OPERATORS) else { return Ok(()) };
        let now = (self.now)();
        let day = now.to_zoned(self.materials.time_zone.clone()).date();
        let edition = &self.materials.framework.edition.id;
        let alone = run.is_none();
        let run = match run {
            Some(run) => run,
            None => {
                let new = NewRun { pack: alert::NAME, period: self.period, as_at: day, edition, trigger: self.trigger };
                self.ledger.start_run(&new, now).await?
            }
        };
        // The same lines on the same day are the same message, whichever run met them.
        let lines = format!("{}\n{}\n{}", self.trigger, alert.headline, alert.happened.join("\n"));
        let about = format!("{day} {}", sha256(lines.as_bytes()));
        let mut letters = Vec::new();
        for recipient in &operators.recipients {
            let words = mail.templates.words(alert::NAME, alert, &recipient.name).map_err(Faults::from)?;
            let (kind, about, address) = (alert::NAME.to_owned(), about.clone(), recipient.address.to_string());
            let key = MessageKey { kind, period: self.period, about, issue: 1, address };
            letters.push(Letter { key, recipient: recipient.clone(), words, attachment });
        }
        let post = Post {
            ledger: self.ledger,
            run,
            mail,
            transport: Transport::new(&self.settings.mail, &self.settings.paths.output.join(alert::NAME))?,
            // Told twice is better than not told.
            even_if_unknown: true,
            // Whoever waits for the run's end does not wait for this.
            pace: Pace { attempts: 1, ..Pace::of(&self.settings.mail) },
            lease: None,
            now: self.now,
        };
        let sent = match post.send(&letters).await {
            // Within one process the same is told once.
            Err(RunError::Ledger(error)) if unrecorded().insert(about) => {
                tracing::error!(%error, "that the operators are told cannot be recorded");
                post.send_unrecorded(&letters).await?
            }
            sent => sent?.into_iter().map(|(delivered, _)| delivered).collect(),
        };
        let told = sent.iter().filter(|delivered| delivered.arrived()).count();
        tracing::info!(run = run.0, told, of = letters.len(), "operators told: {}", alert.headline);
        if alone {
            self.ledger.end_run(run, "done", now).await?;
        }
        Ok(())
    }
}

/// What is said of a run that did not do everything, for those `reasons`.
fn partly_done(alert: &mut Alert, reasons: &[String], any_held: bool) {
    alert.headline = "the run is only partly done".to_owned();
    alert.happened.extend_from_slice(reasons);
    alert.means.push("Whoever is not named here has what they should have.".to_owned());
    if any_held {
        alert.means.push("A message that is held may have arrived; it is not sent again by itself.".to_owned());
        alert.todo.push(format!(
            "Ask the recipient. If it did not come: `boardpack runs show {}` lists the messages, `boardpack runs resend ID` sends one.",
            alert.run
        ));
    }
    alert.todo.push("Mend what is named, and run again: what was delivered is not sent again.".to_owned());
}
