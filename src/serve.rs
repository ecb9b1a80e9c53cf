//! Runs on schedule: at each beat, what is due is claimed in the ledger and run.

use crate::fault::{Fault, Faults};
use crate::keep::Purge;
use crate::period::Period;
use crate::run::round::{self, Task};
use crate::run::tell::Teller;
use crate::run::{self, Materials, Progress, Request, RunError, To};
use crate::schedule::{Drained, Heartbeat, Kind, Occurrence, Pace, Schedule, Schedules};
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError};
use crate::watch::{self, Watched};
use jiff::{SignedDuration, Timestamp};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Everything that the server works with, for as long as it runs.
struct Server {
    settings: Settings,
    materials: Materials,
    schedules: Schedules,
    ledger: Ledger,
    now: fn() -> Timestamp,
    started: Timestamp,
    progress: Box<dyn Progress + Send>,
    in_hand: Mutex<Option<Occurrence>>,
}

/// A timer starts [`run_due`] at least this often: what fell longer ago was missed, no timer having run.
const TIMER: SignedDuration = SignedDuration::from_hours(1);

/// Serves the configured schedules until `stop` is ready, then gives work in hand `serve.stop_seconds` to finish.
///
/// # Errors
/// A configuration at fault, one without a schedule, a ledger that cannot be opened. Once it serves, what goes wrong in
/// a run is logged and recorded, and the next is run all the same.
pub async fn serve(
    settings: Settings,
    now: fn() -> Timestamp,
    progress: Box<dyn Progress + Send>,
    stop: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let server = Arc::new(Server::open(settings, now, now(), progress).await?);
    for schedule in server.schedules.iter() {
        let next =
            schedule.next_after(now()).map_or("never".to_owned(), |at| at.to_zoned(schedule.time_zone.clone()).to_string());
        tracing::info!(schedule = schedule.name, next, "serving");
    }
    let mut watching = JoinSet::new();
    let watched = Watched { ledger: server.ledger.clone(), schedules: server.schedules.clone(), now };
    if let Some(listener) = listen(server.settings.serve.listen).await {
        watching.spawn(watch::answer_on(listener, Arc::new(watched)));
    }
    let working = server.clone();
    let heartbeat = Heartbeat::start(Pace::Minute, move || beat(working.clone())).await.map_err(Faults::from)?;
    stop.await;
    tracing::info!("stopping");
    if heartbeat.shutdown(server.grace()).await == Drained::Abandoned {
        server.release().await?;
    }
    watching.shutdown().await;
    server.ledger.clone().close().await;
    Ok(())
}

/// Runs what the schedules have due, as a timer asks it to, and gives each occurrence that it ran with its outcome. Told to
/// stop, it gives work in hand `serve.stop_seconds` to finish.
///
/// # Errors
/// As [`serve`], and a ledger that fails.
pub async fn run_due(
    settings: Settings,
    now: fn() -> Timestamp,
    progress: Box<dyn Progress + Send>,
    stop: impl Future<Output = ()>,
) -> Result<Vec<(Occurrence, String)>, RunError> {
    let server = Server::open(settings, now, now() - TIMER, progress).await?;
    let cut = async {
        stop.await;
        tracing::info!("stopping");
        tokio::time::sleep(server.grace()).await;
    };
    let ran = tokio::select! {
        ran = server.settle_what_is_due() => ran?,
        () = cut => {
            server.release().await?;
            Vec::new()
        }
    };
    server.ledger.clone().close().await;
    Ok(ran)
}

/// What cannot be watched is served all the same: the packs matter more.
async fn listen(address: Option<SocketAddr>) -> Option<TcpListener> {
    let address = address?;
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "serve.listen is open to other machines, and asks for no password");
    }
    let listener = TcpListener::bind(address).await;
    listener.inspect_err(|error| tracing::error!(%address, %error, "health and metrics are not shown; see serve.listen")).ok()
}

/// The schedules to serve, at least one.
fn load_schedules(settings: &Settings, materials: &Materials) -> Result<Schedules, Faults> {
    let config = settings.config_assets();
    let schedules = match &materials.mail {
        Some(mail) => Schedules::load(&config, &mail.lists)?,
        None => Schedules::default(),
    };
    if schedules.is_empty() {
        return Err(Fault::new(
            config.place("schedules.toml"),
            "there is no schedule to serve",
            "add one, as the file's comments show",
        )
        .into());
    }
    Ok(schedules)
}

async fn beat(server: Arc<Server>) {
    if let Err(error) = server.settle_what_is_due().await {
        tracing::error!(%error, "the schedules could not be looked at; trying again at the next beat");
    }
}

impl Server {
    /// Reads the configuration and opens the ledger. What fell before `started` was missed.
    async fn open(
        settings: Settings,
        now: fn() -> Timestamp,
        started: Timestamp,
        progress: Box<dyn Progress + Send>,
    ) -> Result<Self, RunError> {
        let materials = Materials::load(&settings, true)?;
        let schedules = load_schedules(&settings, &materials)?;
        let ledger = Ledger::open(&settings.paths.ledger).await?;
        for (schedule, scheduled_for) in ledger.unfinished_occurrences().await? {
            tracing::warn!(
                schedule,
                scheduled_for,
                "this run was cut off or is another process's; `boardpack run` makes its pack by hand"
            );
        }
        Ok(Server { settings, materials, schedules, ledger, now, started, progress, in_hand: Mutex::new(None) })
    }

    fn grace(&self) -> Duration {
        Duration::from_secs(self.settings.serve.stop_seconds)
    }

    /// Gives back what was abandoned.
    async fn release(&self) -> Result<(), LedgerError> {
        let abandoned = self.in_hand.lock().ok().and_then(|mut occurrence| occurrence.take());
        if let Some(Occurrence { schedule, scheduled_for }) = abandoned {
            tracing::warn!(schedule, %scheduled_for, "abandoned; it is due again at the next start");
            self.ledger.release_occurrence(&schedule, scheduled_for).await?;
        }
        Ok(())
    }

    /// Notes what was missed, and runs what is due; gives what it ran, with the outcome of each.
    async fn settle_what_is_due(&self) -> Result<Vec<(Occurrence, String)>, LedgerError> {
        let mut ran = Vec::new();
        self.ledger.beat((self.now)()).await?;
        for schedule in self.schedules.iter() {
            let since = self.ledger.unsettled_since(&schedule.name, &schedule.times(), (self.now)()).await?;
            let due = schedule.due(since, (self.now)(), self.started);
            // To settle the last is to settle those before it, of which there may be many.
            if let Some(Occurrence { schedule, scheduled_for }) = due.missed.last()
                && self.ledger.claim_occurrence(schedule, *scheduled_for, (self.now)()).await?
            {
                let outcome = match due.missed.len() - 1 {
                    0 => "missed".to_owned(),
                    before => format!("missed, and {before} before it"),
                };
                tracing::warn!(schedule, %scheduled_for, outcome);
                self.ledger.end_occurrence(schedule, *scheduled_for, &outcome, (self.now)()).await?;
                self.tell_of_missed(schedule, *scheduled_for).await;
            }
            for occurrence in due.run {
                if self.ledger.claim_occurrence(&occurrence.schedule, occurrence.scheduled_for, (self.now)()).await? {
                    ran.push((occurrence.clone(), self.run(schedule, occurrence).await?));
                }
            }
        }
        Ok(ran)
    }

    async fn tell_of_missed(&self, trigger: &str, scheduled_for: Timestamp) {
        let Self { settings, materials, ledger, now, .. } = self;
        let day = scheduled_for.to_zoned(materials.time_zone.clone()).date();
        let period = materials.period.unwrap_or_else(|| Period::last_quarter_before(day));
        Teller { settings, materials, ledger, period, trigger, now: *now }.of_missed(scheduled_for).await;
    }

    /// Runs a claimed occurrence and records how it ended, showing signs of life meanwhile.
    async fn run(&self, schedule: &Schedule, occurrence: Occurrence) -> Result<String, LedgerError> {
        let scheduled_for = occurrence.scheduled_for;
        self.hold(Some(occurrence));
        tracing::info!(schedule = schedule.name, %scheduled_for, "run starts");
        let outcome = tokio::select! {
            outcome = self.perform(schedule, scheduled_for) => outcome,
            error = self.keep_beating() => return Err(error),
        };
        if outcome == "done" {
            tracing::info!(schedule = schedule.name, outcome, "run ended");
        } else {
            tracing::error!(schedule = schedule.name, outcome, "run ended");
        }
        self.ledger.end_occurrence(&schedule.name, scheduled_for, &outcome, (self.now)()).await?;
        self.hold(None);
        Ok(outcome)
    }

    /// Does what the schedule is for, and says how that ended. What the settings pin stays pinned.
    async fn perform(&self, schedule: &Schedule, scheduled_for: Timestamp) -> String {
        let period = self.materials.period.is_none().then(|| schedule.period_at(scheduled_for));
        let day = |at: Timestamp| self.materials.as_at.is_none().then(|| at.to_zoned(schedule.time_zone.clone()).date());
        let trigger = schedule.name.clone();
        let task = match schedule.kind {
            Kind::Pack => {
                let recipients = schedule.recipients.clone().map_or(To::Nobody, To::List);
                let request = Request { period, as_at: day((self.now)()), recipients, draft: false, reissue: None, trigger };
                return run::outcome(&run::run(&self.settings, &self.materials, &request, self.now, &*self.progress).await);
            }
            Kind::OpenReturns => Task::Open,
            Kind::CollectReturns => Task::Collect,
            Kind::Remind => Task::Remind,
            Kind::Purge => return self.purge().await,
        };
        let as_at = day((self.now)());
        let request = round::Request { task, period, as_at, for_day: day(scheduled_for), trigger, sends: true, dry_run: false };
        round::outcome(&round::round(&self.settings, &self.materials, &request, self.now).await)
    }

    async fn purge(&self) -> String {
        let now = (self.now)();
        let (paths, keep) = (&self.settings.paths, &self.settings.keep);
        let purged = async {
            let purge = Purge::due(&self.ledger, paths, keep, now).await?;
            purge.carry_out(&self.ledger, now).await?;
            tracing::info!(files = purge.files.len(), runs = purge.runs.len(), "purged");
            Ok::<_, LedgerError>(())
        };
        purged.await.map_or_else(|error| format!("failed: {error}"), |()| "done".to_owned())
    }

    /// Beats until it cannot.
    async fn keep_beating(&self) -> LedgerError {
        loop {
            tokio::time::sleep(Duration::from_secs(60)).await;
            if let Err(error) = self.ledger.beat((self.now)()).await {
                return error;
            }
        }
    }

    fn hold(&self, occurrence: Option<Occurrence>) {
        if let Ok(mut in_hand) = self.in_hand.lock() {
            *in_hand = occurrence;
        }
    }
}
