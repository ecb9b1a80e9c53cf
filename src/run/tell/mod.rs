//! Telling the operators what needs them: one message for all that was met, and the same once a day.

mod of_run;
mod of_schedules;

pub(crate) use of_schedules::Chore;

use super::lease::Holder;
use super::post::{Delivered, Letter, Pace, Post};
use super::{MailMaterials, Materials, OPERATORS, RunError};
use crate::collect::sha256;
use crate::distribute::alert::{self, Alert};
use crate::distribute::{Attachment, MessageKey, Transport};
use crate::fault::Faults;
use crate::period::Period;
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError, NewRun, RunId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was told and could not be recorded.
static UNRECORDED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn unrecorded() -> MutexGuard<'static, BTreeSet<String>> {
    UNRECORDED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whom to tell, and with what.
pub(crate) struct Teller<'a> {
    settings: &'a Settings,
    mail: Option<&'a MailMaterials>,
    ledger: &'a Ledger,
    period: Period,
    /// As it is printed.
    system: &'a str,
    edition: &'a str,
    time_zone: TimeZone,
    trigger: &'a str,
    now: fn() -> Timestamp,
}

/// Tells that the configuration is at fault, where at least the mail settings and the list of operators can be read.
pub(crate) async fn of_configuration(settings: &Settings, faults: &Faults, now: fn() -> Timestamp) {
    let told = async {
        let mail = MailMaterials::load(settings, &[])?;
        let time_zone = TimeZone::get(&settings.pack.time_zone).unwrap_or(TimeZone::UTC);
        let ledger = Ledger::open(&settings.paths.ledger).await?;
        // The partnership's name is part of what may be at fault.
        let here = Some(Holder::this(now()).host).filter(|host| !host.is_empty()).unwrap_or_else(|| "its server".to_owned());
        let teller = Teller {
            settings,
            mail: Some(&mail),
            ledger: &ledger,
            period: Period::last_quarter_before(now().to_zoned(time_zone.clone()).date()),
            system: &here,
            edition: settings.pack.edition.as_deref().unwrap_or_default(),
            time_zone,
            trigger: "at the start",
            now,
        };
        teller.of_configuration(faults.0.iter().map(ToString::to_string).collect()).await;
        ledger.close().await;
        Ok::<_, RunError>(())
    };
    if let Err(error) = told.await {
        tracing::error!(%error, "the operators could not be told of a configuration at fault");
    }
}

impl<'a> Teller<'a> {
    pub fn new(
        settings: &'a Settings,
        materials: &'a Materials,
        ledger: &'a Ledger,
        period: Period,
        trigger: &'a str,
        now: fn() -> Timestamp,
    ) -> Self {
        let edition = &materials.framework.edition;
        Self {
            settings,
            mail: materials.mail.as_ref(),
            ledger,
            period,
            system: materials.areas.name(&edition.system),
            edition: &edition.id,
            time_zone: materials.time_zone.clone(),
            trigger,
            now,
        }
    }

    fn alert(&self) -> Alert {
        Alert {
            system: self.system.to_owned(),
            quarter: self.period.slug(),
            run: String::new(),
            trigger: self.trigger.to_owned(),
            headline: String::new(),
            happened: Vec::new(),
            means: Vec::new(),
            todo: Vec::new(),
            log: Vec::new(),
        }
    }

    /// What cannot be told is logged; it is no reason for a run to fail.
    async fn send(&self, run: Option<RunId>, alert: Alert, attachments: &[Attachment<'_>]) {
        if alert.happened.is_empty() {
            return;
        }
        if let Err(error) = self.try_to_send(run, alert, attachments).await {
            tracing::error!(%error, "the operators could not be told");
        }
    }

    async fn try_to_send(&self, run: Option<RunId>, mut alert: Alert, attachments: &[Attachment<'_>]) -> Result<(), RunError> {
        let Some(mail) = self.mail else { return Ok(()) };
        let Some(operators) = mail.lists.get(OPERATORS) else {
            tracing::warn!("recipients.toml has no list {OPERATORS:?}, so nobody is told: {}", alert.headline);
            return Ok(());
        };
        let now = (self.now)();
        let day = now.to_zoned(self.time_zone.clone()).date();
        // The same lines on the same day are the same message, whichever run met them and however often it was started.
        let lines = format!("{}\n{}\n{}", self.trigger, alert.headline, alert.happened.join("\n"));
        let about = format!("{day} {}", sha256(lines.as_bytes()));
        if let Some(run) = run {
            alert.run = run.to_string();
            // A ledger that fails is the more reason to tell.
            alert.log = self.log(run).await.unwrap_or_default();
        }
        let told = self.ledger.messages_of(alert::NAME, self.period).await.unwrap_or_default();
        let reaches_people = self.settings.mail.transport.reaches_people();
        let is_told = |state: &str| state == "accepted" || !reaches_people && state == "written";
        let has_it = |address: &str| {
            told.iter().any(|row| is_told(&row.state) && row.key.about == about && row.key.address.eq_ignore_ascii_case(address))
        };
        let mut letters = Vec::new();
        for recipient in &operators.recipients {
            let (kind, about, address) = (alert::NAME.to_owned(), about.clone(), recipient.address.to_string());
            let key = MessageKey { kind, period: self.period, about, issue: 1, address };
            if !has_it(&key.address) {
                let words = mail.templates.words(alert::NAME, &alert, &recipient.name).map_err(Faults::from)?;
                letters.push(Letter { key, recipient: recipient.clone(), words, attachments: attachments.to_vec() });
            }
        }
        if letters.is_empty() {
            tracing::info!("operators were told today: {}", alert.headline);
            return Ok(());
        }
        // Told by itself, it is a run of its own, for a message belongs to one; it has no stage that could be cut off.
        let run = match run {
            Some(run) => run,
            None => {
                let (period, edition, trigger) = (self.period, self.edition, self.trigger);
                let new = NewRun { pack: alert::NAME, period, as_at: day, edition, trigger };
                let run = self.ledger.start_run(&new, now).await?;
                self.ledger.end_run(run, "done", now).await?;
                run
            }
        };
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
        let written = sent.iter().filter(|delivered| **delivered == Delivered::Written).count();
        tracing::info!(run = run.0, told, written, of = letters.len(), "operators told: {}", alert.headline);
        Ok(())
    }

    /// What a run did and when, from the ledger: its stages, its messages by state, its end. It names no person.
    async fn log(&self, run: RunId) -> Result<Vec<String>, LedgerError> {
        let Some(row) = self.ledger.run(run).await? else { return Ok(Vec::new()) };
        let at = |text: &str| match text.parse::<Timestamp>() {
            Ok(at) => at.to_zoned(self.time_zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string(),
            Err(_) => text.to_owned(),
        };
        let mut lines = vec![format!("{}: started, as at {}", at(&row.started_at), row.as_at)];
        for stage in self.ledger.stages(run).await? {
            lines.push(format!("{}: {}: {}", at(&stage.ended_at), stage.name, stage.detail));
        }
        let mut states: BTreeMap<String, usize> = BTreeMap::new();
        for message in self.ledger.messages(run).await?.into_iter().filter(|message| message.key.kind != alert::NAME) {
            *states.entry(message.state).or_default() += 1;
        }
        if !states.is_empty() {
            let counts: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
            lines.push(format!("messages: {}", counts.join(", ")));
        }
        if let (Some(ended), Some(outcome)) = (&row.ended_at, &row.outcome) {
            // The reasons stand above.
            lines.push(format!("{}: ended: {}", at(ended), outcome.split(':').next().unwrap_or_default()));
        }
        Ok(lines)
    }
}
