//! Occurrences, each claimed by one process, and taken up again where that process is gone before it ended them.

use super::finals::{self, FinalDue};
use super::perform::Ended;
use super::server::{Server, Work};
use crate::schedule::{JobKind, Occurrence, Schedule};
use crate::store::{self, LedgerError, RunOutcome, Unfinished};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// How long work that was cut off for the second time is let lie, for it may well be what ends the process: twice as long after
/// each further time, and no longer than the last.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(1);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(4);

/// How often work shows that the server lives.
const BEAT_EVERY: Duration = Duration::from_secs(20);

/// What was run, with its outcome.
type Ran = Vec<(Occurrence, RunOutcome)>;

impl Work {
    /// Takes up what was cut off, notes what was missed, and runs what is due; gives what it ran.
    pub(super) async fn settle_what_is_due(&self) -> Result<Ran, LedgerError> {
        let mut ran = Vec::new();
        let server = &self.server;
        server.ledger.check_in_place().await?;
        let without_a_break = server.ledger.beat((server.now)(), server.regularity.break_after).await?;
        let started = without_a_break.saturating_sub(server.regularity.lateness).unwrap_or(Timestamp::MIN);
        for unfinished in server.ledger.unfinished_occurrences().await? {
            if server.may_take(&unfinished)? {
                self.take_up(unfinished, &mut ran).await?;
            }
        }
        for schedule in self.on.schedules.iter() {
            let since = server.ledger.unsettled_since(&schedule.name, &schedule.times(), (server.now)()).await?;
            let due = schedule.due(since, (server.now)(), started);
            self.note_missed(schedule, &due.missed, !due.run.is_empty()).await?;
            for occurrence in due.run {
                self.claim_and_run(schedule, occurrence, &mut ran).await?;
            }
            if schedule.kind == JobKind::Pack
                && let Some(FinalDue { at, .. }) = self.final_due(schedule).await?
            {
                let occurrence = Occurrence { schedule: finals::name(&schedule.name), scheduled_for: at };
                if (server.now)().duration_since(at) > schedule.grace {
                    self.note_missed(schedule, &[occurrence], false).await?;
                } else {
                    self.claim_and_run(schedule, occurrence, &mut ran).await?;
                }
            }
        }
        // Unless one of those has made it again.
        self.tell_of_lost_approvals().await?;
        Ok(ran)
    }

    /// Tells the operators of messages that were found cut off, where no run of theirs says so.
    pub(super) async fn tell_of_held(&self, held: &[String]) {
        if !held.is_empty() {
            tracing::warn!(held = held.join("; "), "messages are held");
            self.teller(None, "at the start", (self.server.now)()).of_held(held.to_vec()).await;
            if let Err(error) = self.server.ledger.note_said().await {
                tracing::warn!(%error, "that the operators were told of held messages could not be recorded");
            }
        }
    }

    /// Tells the operators of packs that waited for approval in a ledger that was lost.
    async fn tell_of_lost_approvals(&self) -> Result<(), LedgerError> {
        let lost = self.server.ledger.lost_approvals().await?;
        if !lost.is_empty() {
            for one in &lost {
                tracing::warn!("{one} ({})", one.remedy());
            }
            self.teller(None, "at the start", (self.server.now)()).of_lost_approvals(&lost).await;
            self.server.ledger.note_lost_approvals_told().await?;
        }
        Ok(())
    }

    /// Runs an occurrence where no other process has.
    async fn claim_and_run(&self, schedule: &Schedule, occurrence: Occurrence, ran: &mut Ran) -> Result<(), LedgerError> {
        let Server { ledger, holder, now, .. } = &*self.server;
        if ledger.claim_occurrence(&occurrence.schedule, occurrence.scheduled_for, holder, now()).await? {
            self.run(schedule, occurrence, Vec::new(), ran).await?;
        }
        Ok(())
    }

    /// To settle the last is to settle those before it, of which there may be many. Where a later one is run now that does
    /// all that they were to do, nobody needs to be told.
    async fn note_missed(&self, schedule: &Schedule, missed: &[Occurrence], later_runs: bool) -> Result<(), LedgerError> {
        let Some(Occurrence { schedule: name, scheduled_for }) = missed.last() else { return Ok(()) };
        let before = missed.len() - 1;
        let outcome = RunOutcome::Missed(before);
        let Server { ledger, now, .. } = &*self.server;
        if ledger.is_noted(name, *scheduled_for).await? {
            return Ok(());
        }
        tracing::warn!(schedule = name, %scheduled_for, %outcome);
        // Told first: cut off in between, it is told again, which is the same message.
        if !(later_runs && schedule.kind.catches_up()) {
            self.teller(Some(schedule), name, *scheduled_for).of_missed(schedule.kind, *scheduled_for, before, later_runs).await;
        }
        ledger.note_missed(name, *scheduled_for, &outcome, now()).await?;
        Ok(())
    }

    /// Runs what was cut off, within the grace of its schedule.
    async fn take_up(&self, unfinished: Unfinished, ran: &mut Ran) -> Result<(), LedgerError> {
        let Server { ledger, holder: ours, .. } = &*self.server;
        let now = (self.server.now)();
        if !ledger.take_over_occurrence(&unfinished, ours, now).await? {
            return Ok(());
        }
        let Unfinished { schedule: name, scheduled_for, holder, .. } = unfinished;
        let schedule = self.on.schedules.get(finals::of_schedule(&name).unwrap_or(&name));
        let by = store::words_of(&holder).map_or(String::new(), |words| format!(" by {words},"));
        let what = format!("The work of {scheduled_for} was begun{by} and not finished.");
        tracing::warn!(schedule = name, %scheduled_for, "{what}");
        let reason = match schedule {
            None => "there is no such schedule any more",
            Some(schedule) if now.duration_since(scheduled_for) > schedule.grace => "the grace of its schedule is over",
            Some(schedule) => {
                // What was given back was stopped in order: that needs nobody.
                let met = if holder.is_empty() { Vec::new() } else { vec![what] };
                return self.run(schedule, Occurrence { schedule: name, scheduled_for }, met, ran).await;
            }
        };
        self.teller(schedule, &name, scheduled_for).of_given_up(what, reason).await;
        let outcome = RunOutcome::failed(format_args!("it was not finished, and {reason}"));
        ledger.end_occurrence(&name, scheduled_for, ours, &outcome, (self.server.now)()).await?;
        ran.push((Occurrence { schedule: name, scheduled_for }, outcome));
        Ok(())
    }

    /// Runs an occurrence that this process has claimed and records how it ended, showing signs of life meanwhile. One
    /// that cannot be done now is given back for the next look.
    async fn run(&self, schedule: &Schedule, occurrence: Occurrence, met: Vec<String>, ran: &mut Ran) -> Result<(), LedgerError> {
        let Server { ledger, holder, now, .. } = &*self.server;
        let Occurrence { schedule: name, scheduled_for } = &occurrence;
        tracing::info!(schedule = name, %scheduled_for, "run starts");
        // Both are dropped with this future; the work has a task of its own so that a panic ends nothing else.
        let mut alive = JoinSet::new();
        alive.spawn(show_signs_of_life(self.server.clone()));
        let mut work = JoinSet::new();
        let (does, of, what) = (self.clone(), schedule.clone(), occurrence.clone());
        work.spawn(async move { does.perform(&of, &what, met).await });
        let outcome = match work.join_next().await {
            Some(Ok(Ended::With(outcome))) => outcome,
            Some(Ok(Ended::NotNow(reason))) => {
                tracing::warn!(schedule = name, %scheduled_for, reason, "not now; it is tried again at the next look");
                return ledger.release_occurrences(holder).await;
            }
            Some(Err(_)) | None => {
                self.teller(Some(schedule), name, *scheduled_for).of_panic(*scheduled_for).await;
                RunOutcome::failed("an error of the program, which the log has")
            }
        };
        let done = outcome.is_done();
        if done {
            tracing::info!(schedule = name, %outcome, "run ended");
        } else {
            tracing::error!(schedule = name, %outcome, "run ended");
        }
        ledger.end_occurrence(name, *scheduled_for, holder, &outcome, now()).await?;
        if let Some(ping) = &schedule.ping
            && let Err(problem) = ping.tell(done, &self.on.settings.fetch).await
        {
            tracing::warn!(schedule = name, problem, "the monitor of ping_url could not be told");
        }
        ran.push((occurrence, outcome));
        Ok(())
    }
}

impl Server {
    /// Whether nobody has an unfinished occurrence in hand: it was given back, or its holder is gone. This process has nothing
    /// in hand when it asks.
    fn may_take(&self, unfinished: &Unfinished) -> Result<bool, LedgerError> {
        let holder = &unfinished.holder;
        if holder.is_empty() || *holder == self.holder {
            return Ok(true);
        }
        Ok(!self.ledger.lives(holder)? && has_lain_long_enough(unfinished, (self.now)()))
    }
}

/// Whether work that was cut off may be begun again. A clock that was set back tells nothing.
fn has_lain_long_enough(unfinished: &Unfinished, now: Timestamp) -> bool {
    let pause = match unfinished.cut_off.checked_sub(1) {
        None => SignedDuration::ZERO,
        Some(doubled) => FIRST_PAUSE.checked_mul(1 << doubled.min(16)).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE),
    };
    let lain = now.duration_since(unfinished.claimed_at);
    lain.is_negative() || lain >= pause
}

/// Shows that the schedules are looked after while one of them is at work.
async fn show_signs_of_life(server: Arc<Server>) {
    loop {
        tokio::time::sleep(BEAT_EVERY).await;
        if let Err(error) = server.ledger.beat((server.now)(), server.regularity.break_after).await {
            tracing::warn!(%error, "the heartbeat could not be recorded");
        }
    }
}
