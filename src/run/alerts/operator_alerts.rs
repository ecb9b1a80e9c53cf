//! Whom to tell, and the sending of what is told: the same once a day.

use crate::archive::sha256;
use crate::distribute::alert::{self, Alert};
use crate::distribute::{Attachment, DeliveryResult, MessageKey, MessageTemplate, OutgoingMessage, Transport};
use crate::fault::Faults;
use crate::period::Period;
use crate::run::error::RunError;
use crate::run::lease::this_machine;
use crate::run::loaded_config::LoadedConfig;
use crate::run::mail_config::{MailConfig, OPERATORS};
use crate::run::post::{self, OutboxSender, SendingPace};
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError, MessageState, NewRun, RunId, RunOutcome};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What this process told: a line with its day.
static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn alerts_sent() -> MutexGuard<'static, BTreeSet<String>> {
    TOLD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whom to tell, and with what.
pub struct OperatorAlerts<'a> {
    pub(super) settings: &'a Settings,
    mail: Option<&'a MailConfig>,
    /// None where none can be opened.
    pub(super) ledger: Option<&'a Ledger>,
    period: Period,
    /// As it is printed.
    system: &'a str,
    edition: &'a str,
    time_zone: TimeZone,
    trigger: &'a str,
    now: fn() -> Timestamp,
}

/// Tells that the ledger cannot be used, where the mail settings and the list of operators can be read: once for each start of
/// the program and reason, for nothing can be recorded of it. Where this process has told it of a run, that is enough.
pub(crate) async fn of_ledger(settings: &Settings, error: &LedgerError, now: fn() -> Timestamp) {
    match MailConfig::load(settings, &[]) {
        Ok(mail) => OperatorAlerts::of_start(settings, &mail, None, &this_machine(), now).of_ledger(error).await,
        Err(faults) => tracing::error!(%faults, "the operators could not be told of a ledger that cannot be used"),
    }
}

impl<'a> OperatorAlerts<'a> {
    pub fn new(
        settings: &'a Settings,
        config: &'a LoadedConfig,
        ledger: &'a Ledger,
        period: Period,
        trigger: &'a str,
        now: fn() -> Timestamp,
    ) -> Self {
        let edition = &config.framework.edition;
        Self {
            settings,
            mail: config.mail.as_ref(),
            ledger: Some(ledger),
            period,
            system: config.areas.name(&edition.system),
            edition: &edition.id,
            time_zone: config.time_zone.clone(),
            trigger,
            now,
        }
    }

    /// For what is met before a run begins; the partnership's name is part of what may be at fault, and `system` stands for it.
    pub(in crate::run) fn of_start(
        settings: &'a Settings,
        mail: &'a MailConfig,
        ledger: Option<&'a Ledger>,
        system: &'a str,
        now: fn() -> Timestamp,
    ) -> Self {
        let time_zone = TimeZone::get(&settings.pack.time_zone).unwrap_or(TimeZone::UTC);
        let period = Period::last_quarter_before(now().to_zoned(time_zone.clone()).date());
        let edition = settings.pack.edition.as_deref().unwrap_or_default();
        Self { settings, mail: Some(mail), ledger, period, system, edition, time_zone, trigger: "at the start", now }
    }

    /// What becomes of so many messages that may have arrived.
    pub(super) fn then(&self, many: usize) -> &'static str {
        match (self.settings.mail.at_least_once, many) {
            (true, 1) => "the next run sends it again",
            (true, _) => "the next run sends them again",
            (false, 1) => "it is not sent again automatically",
            (false, _) => "they are not sent again automatically",
        }
    }

    /// What work that is gone on with, or done again, did with what had gone out.
    pub(super) fn sent_before(&self) -> &'static str {
        match self.settings.mail.at_least_once {
            true => "what may have arrived was sent again, and nothing else twice",
            false => "nothing was sent twice",
        }
    }

    /// Adds that messages are held, where that is not said already.
    pub(super) fn add_held(&self, alert: &mut Alert, held: Vec<String>) {
        if held.is_empty() {
            return;
        }
        if alert.headline.is_empty() {
            alert.headline = "messages are held".to_owned();
        }
        let new: Vec<String> = held.into_iter().filter(|line| !alert.happened.contains(line)).collect();
        alert.happened.extend(new);
        self.say_what_held_means(alert);
    }

    /// Says what it means that a message is held, and what to do, where that is not said already.
    pub(super) fn say_what_held_means(&self, alert: &mut Alert) {
        let means = format!("A message that is held may have arrived; {}.", self.then(1));
        if !alert.means.contains(&means) {
            alert.means.push(means);
            let todo = "Ask the recipient. If it did not come, `boardpack runs resend MESSAGE` sends it; `boardpack runs show RUN` of the \
                 run that was sending it lists its number.";
            alert.todo.push(todo.to_owned());
        }
    }

    pub(super) fn alert(&self) -> Alert {
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
    pub(super) async fn send(&self, run: Option<RunId>, alert: Alert, attachments: &[Attachment<'_>]) {
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
        let before = match self.ledger {
            Some(ledger) => ledger.messages_of(alert::NAME, self.period).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let reaches_people = self.settings.mail.transport.reaches_people();
        let is_told = |state: MessageState| state == MessageState::Accepted || !reaches_people && state == MessageState::Written;
        let has_it = |address: &str| {
            before.iter().any(|row| is_told(row.state) && row.key.about == about && row.key.address.eq_ignore_ascii_case(address))
        };
        let mut letters = Vec::new();
        for recipient in &operators.recipients {
            let (kind, about, address) = (alert::NAME.to_owned(), about.clone(), recipient.address.to_string());
            let key = MessageKey { kind, period: self.period, about, issue: 1, address };
            if !has_it(&key.address) {
                let words = mail.templates.words(MessageTemplate::Operators, &alert, &recipient.name).map_err(Faults::from)?;
                letters.push(OutgoingMessage { key, recipient: recipient.clone(), words, attachments: attachments.to_vec() });
            }
        }
        if letters.is_empty() {
            tracing::info!("operators were told today: {}", alert.headline);
            return Ok(());
        }
        let recorded = match self.ledger {
            Some(ledger) => self.send_recorded(ledger, run, day, mail, &letters).await.map(Some),
            None => Ok(None),
        };
        let sent = match recorded {
            Ok(Some(sent)) => sent,
            Ok(None) | Err(RunError::Ledger(_)) => {
                if let Err(error) = &recorded {
                    tracing::error!(%error, "that the operators are told cannot be recorded");
                }
                // Within one process the same is told once.
                if alert.happened.iter().all(|line| alerts_sent().contains(&on(day, line))) {
                    return Ok(());
                }
                post::send_unrecorded(mail, &self.transport()?, &letters, now).await?
            }
            Err(other) => return Err(other),
        };
        alerts_sent().extend(alert.happened.iter().map(|line| on(day, line)));
        let told = sent.iter().filter(|delivered| delivered.arrived()).count();
        let written = sent.iter().filter(|delivered| **delivered == DeliveryResult::Written).count();
        let of = letters.len();
        match told + written {
            0 if of > 0 => tracing::warn!(run = alert.run, told, of, "the operators could not be told: {}", alert.headline),
            _ => tracing::info!(run = alert.run, told, written, of, "operators told: {}", alert.headline),
        }
        Ok(())
    }

    fn transport(&self) -> Result<Transport, Faults> {
        Transport::new(&self.settings.mail, &self.settings.paths.messages().join(alert::NAME))
    }

    async fn send_recorded(
        &self,
        ledger: &Ledger,
        run: Option<RunId>,
        day: Date,
        mail: &MailConfig,
        letters: &[OutgoingMessage<'_>],
    ) -> Result<Vec<DeliveryResult>, RunError> {
        // Told by itself, it is a run of its own, for a message belongs to one; it has no stage that could be cut off.
        let run = match run {
            Some(run) => run,
            None => {
                let (period, edition, trigger, now) = (self.period, self.edition, self.trigger, (self.now)());
                let run = ledger.start_run(&NewRun { pack: alert::NAME, period, as_at: day, edition, trigger }, now).await?;
                ledger.end_run(run, &RunOutcome::Done, now).await?;
                run
            }
        };
        let post = OutboxSender {
            ledger,
            run,
            mail,
            transport: self.transport()?,
            // Told twice is better than not told.
            even_if_unknown: true,
            // Whoever waits for the run's end does not wait for this.
            pace: SendingPace { attempts: 1, ..SendingPace::of(&self.settings.mail) },
            lease: None,
            now: self.now,
        };
        Ok(post.send(letters).await?.into_iter().map(|(delivered, _)| delivered).collect())
    }

    /// What a run did and when, from the ledger: its stages, its messages by state, its end. It names no person.
    async fn log(&self, run: RunId) -> Result<Vec<String>, LedgerError> {
        let Some(ledger) = self.ledger else { return Ok(Vec::new()) };
        let Some(row) = ledger.run(run).await? else { return Ok(Vec::new()) };
        let at = |text: &str| match text.parse::<Timestamp>() {
            Ok(at) => at.to_zoned(self.time_zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string(),
            Err(_) => text.to_owned(),
        };
        let mut lines = vec![format!("{}: started, as at {}", at(&row.started_at), row.as_at)];
        for stage in ledger.stages(run).await? {
            lines.push(format!("{}: {}: {}", at(&stage.ended_at), stage.name, stage.detail));
        }
        let mut states: BTreeMap<&str, usize> = BTreeMap::new();
        for message in ledger.messages(run).await?.into_iter().filter(|message| message.key.kind != alert::NAME) {
            *states.entry(message.state.name()).or_default() += 1;
        }
        if !states.is_empty() {
            let counts: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
            lines.push(format!("messages: {}", counts.join(", ")));
        }
        if let (Some(ended), Some(outcome)) = (&row.ended_at, &row.outcome) {
            // The reasons stand above.
            lines.push(format!("{}: ended: {}", at(ended), outcome.kind().name()));
        }
        Ok(lines)
    }
}

fn on(day: Date, line: &str) -> String {
    format!("{day} {line}")
}
