//! Occurrences, each claimed by one process, and taken up again where that process is gone before it ended them.

use super::Server;
use super::perform::Ended;
use crate::run::tell::Teller;
use crate::run::{HELD_FOR, Holder, RENEWED_EVERY};
use crate::schedule::{Occurrence, Schedule};
use crate::store::{LedgerError, Unfinished};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Work that was cut off so often may well be what ends the process: it is not begun again.
const MOST_CUT_OFF: u32 = 3;

/// What was run, with its outcome.
type Ran = Vec<(Occurrence, String)>;

impl Server {
    /// Takes up what was cut off, notes what was missed, and runs what is due; gives what it ran.
    pub(super) async fn settle_what_is_due(self: &Arc<Self>) -> Result<Ran, LedgerError> {
        let mut ran = Vec::new();
        let without_a_break = self.ledger.beat((self.now)(), self.regularity.break_after).await?;
        let started = without_a_break.saturating_sub(self.regularity.lateness).unwrap_or(Timestamp::MIN);
        for unfinished in self.ledger.unfinished_occurrences().await? {
            if self.may_take(&unfinished) {
                self.take_up(unfinished, &mut ran).await?;
            }
        }
        for schedule in self.schedules.iter() {
            let since = self.ledger.unsettled_since(&schedule.name, &schedule.times(), (self.now)()).await?;
            let due = schedule.due(since, (self.now)(), started);
            self.note_missed(schedule, &due.missed).await?;
            for occurrence in due.run {
                let at = occurrence.scheduled_for;
                let (now, until) = self.hold();
                if self.ledger.claim_occurrence(&schedule.name, at, &self.holder, now, until).await? {
                    self.run(schedule, at, Vec::new(), &mut ran).await?;
                }
            }
        }
        Ok(ran)
    }

    /// To settle the last is to settle those before it, of which there may be many.
    async fn note_missed(&self, schedule: &Schedule, missed: &[Occurrence]) -> Result<(), LedgerError> {
        let Some(Occurrence { scheduled_for, .. }) = missed.last() else { return Ok(()) };
        let before = missed.len() - 1;
        let outcome = if before == 0 { "missed".to_owned() } else { format!("missed, and {before} before it") };
        tracing::warn!(schedule = schedule.name, %scheduled_for, outcome);
        // Told first: cut off in between, it is told again, which is the same message.
        self.teller(Some(schedule), &schedule.name, *scheduled_for).of_missed(*scheduled_for, before).await;
        self.ledger.note_missed(&schedule.name, *scheduled_for, &outcome, (self.now)()).await?;
        Ok(())
    }

    /// Whether nobody has an unfinished occurrence in hand: it was given back, or its holder is certainly gone, or, where
    /// that cannot be seen, was not heard of for too long. This process has nothing in hand when it asks.
    fn may_take(&self, unfinished: &Unfinished) -> bool {
        let Unfinished { holder, expires_at, .. } = unfinished;
        let lives = || Holder::recorded(holder).and_then(|holder| holder.lives(&self.here));
        holder.is_empty() || *holder == self.holder || lives().map_or(*expires_at <= (self.now)(), |lives| !lives)
    }

    /// Runs what was cut off, within the grace of its schedule, unless it was too often.
    async fn take_up(self: &Arc<Self>, unfinished: Unfinished, ran: &mut Ran) -> Result<(), LedgerError> {
        let (now, until) = self.hold();
        if !self.ledger.take_over_occurrence(&unfinished, &self.holder, now, until).await? {
            return Ok(());
        }
        let Unfinished { schedule: name, scheduled_for, holder, cut_off: before, .. } = unfinished;
        let schedule = self.schedules.get(&name);
        let by = Holder::recorded(&holder).map_or(String::new(), |holder| format!(" by {holder},"));
        let what = format!("The work of {scheduled_for} was begun{by} and not finished.");
        tracing::warn!(schedule = name, %scheduled_for, "{what}");
        let reason = match schedule {
            None => "there is no such schedule any more",
            Some(schedule) if now.duration_since(scheduled_for) > schedule.grace => "the grace of its schedule is over",
            Some(_) if !holder.is_empty() && before + 1 >= MOST_CUT_OFF => "that was the third time",
            Some(schedule) => {
                // What was given back was stopped in order: that needs nobody.
                let met = if holder.is_empty() { Vec::new() } else { vec![what] };
                return self.run(schedule, scheduled_for, met, ran).await;
            }
        };
        self.teller(schedule, &name, scheduled_for).of_given_up(what, reason).await;
        let outcome = format!("failed: it was not finished, and {reason}");
        self.ledger.end_occurrence(&name, scheduled_for, &self.holder, &outcome, (self.now)()).await?;
        ran.push((Occurrence { schedule: name, scheduled_for }, outcome));
        Ok(())
    }

    /// Runs an occurrence that this process has claimed and records how it ended, showing signs of life meanwhile. One
    /// that cannot be done now is given back for the next look.
    async fn run(
        self: &Arc<Self>,
        schedule: &Schedule,
        scheduled_for: Timestamp,
        met: Vec<String>,
        ran: &mut Ran,
    ) -> Result<(), LedgerError> {
        tracing::info!(schedule = schedule.name, %scheduled_for, "run starts");
        // Both are dropped with this future; the work has a task of its own so that a panic ends nothing else.
        let mut alive = JoinSet::new();
        alive.spawn(show_signs_of_life(self.clone()));
        let mut work = JoinSet::new();
        let (server, of) = (self.clone(), schedule.clone());
        work.spawn(async move { server.perform(&of, scheduled_for, met).await });
        let outcome = match work.join_next().await {
            Some(Ok(Ended::With(outcome))) => outcome,
            Some(Ok(Ended::NotNow(reason))) => {
                tracing::warn!(schedule = schedule.name, %scheduled_for, reason, "not now; it is tried again at the next look");
                return self.ledger.release_occurrences(&self.holder).await;
            }
            Some(Err(_)) | None => {
                self.teller(Some(schedule), &schedule.name, scheduled_for).of_panic(scheduled_for).await;
                "failed: an error of the program, which the log has".to_owned()
            }
        };
        let done = outcome == "done";
        if done {
            tracing::info!(schedule = schedule.name, outcome, "run ended");
        } else {
            tracing::error!(schedule = schedule.name, outcome, "run ended");
        }
        self.ledger.end_occurrence(&schedule.name, scheduled_for, &self.holder, &outcome, (self.now)()).await?;
        if let Some(ping) = &schedule.ping
            && let Err(problem) = ping.tell(done, &self.settings.fetch).await
        {
            tracing::warn!(schedule = schedule.name, problem, "the monitor of ping_url could not be told");
        }
        ran.push((Occurrence { schedule: schedule.name.clone(), scheduled_for }, outcome));
        Ok(())
    }

    pub(super) fn teller<'a>(&'a self, schedule: Option<&Schedule>, name: &'a str, scheduled_for: Timestamp) -> Teller<'a> {
        let Self { settings, materials, ledger, now, .. } = self;
        let of_day = || crate::period::Period::last_quarter_before(scheduled_for.to_zoned(materials.time_zone.clone()).date());
        let period = match schedule {
            _ if settings.pack.period.is_some() => materials.period,
            Some(schedule) => schedule.period_at(scheduled_for),
            None => of_day(),
        };
        Teller::new(settings, materials, ledger, period, name, *now)
    }

    /// From when until when what is claimed now is held, if this process shows no more sign of life.
    fn hold(&self) -> (Timestamp, Timestamp) {
        let now = (self.now)();
        (now, now.saturating_add(HELD_FOR).unwrap_or(Timestamp::MAX))
    }
}

async fn show_signs_of_life(server: Arc<Server>) {
    loop {
        tokio::time::sleep(RENEWED_EVERY).await;
        let (now, until) = server.hold();
        let beaten = server.ledger.beat(now, server.regularity.break_after).await;
        let renewed = server.ledger.renew_occurrences(&server.holder, until).await;
        // A ledger that is busy for a moment is told again; the hold lasts through several tries.
        if let Err(error) = beaten.map(|_| ()).and(renewed) {
            tracing::warn!(%error, "signs of life could not be recorded");
        }
    }
}
