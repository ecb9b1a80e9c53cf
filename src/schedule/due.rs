//! Which occurrences are due now. No clock and no memory: the same arguments give the same answer.

use super::schedules::{Missed, Schedule};
use jiff::Timestamp;

/// One time at which a schedule fell. The two together are the key by which it is claimed once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Occurrence {
    pub schedule: String,
    pub scheduled_for: Timestamp,
}

/// Every occurrence since the last one settled, in order of time within each list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// To be run.
    pub run: Vec<Occurrence>,
    /// Not to be run, and to be noted as missed. Noting settles them.
    pub missed: Vec<Occurrence>,
}

impl Schedule {
    /// What has fallen due after `since`, up to and including `now`.
    ///
    /// `since` is kept by the caller: the scheduled time of the last occurrence that was run or noted as missed, or
    /// for a schedule that is new or whose times were changed, the instant at which it was first seen. Without that
    /// record, a time missed before the first run would be lost at a restart.
    ///
    /// `started` is when this process began. An occurrence from then on is run, however busy the process was, as long
    /// as it is within the grace; one from before was missed, and the schedule's policy says what becomes of it.
    ///
    /// Those missed all come before those to run. Settled in that order, and the last settled given back as `since`,
    /// none comes again and none is lost.
    pub fn due(&self, since: Timestamp, now: Timestamp, started: Timestamp) -> Due {
        let mut after = since;
        let mut due = Due::default();
        while let Some(scheduled_for) = self.next_after(after).filter(|at| *at <= now) {
            after = scheduled_for;
            let occurrence = Occurrence { schedule: self.name.clone(), scheduled_for };
            let in_time = now.duration_since(scheduled_for) <= self.grace;
            let made_up_for = self.missed == Missed::RunOnce;
            if in_time && (scheduled_for >= started || made_up_for) {
                // One from before the start is made up for only where nothing later is due.
                if due.run.last().is_some_and(|earlier| earlier.scheduled_for < started) {
                    due.missed.append(&mut due.run);
                }
                due.run.push(occurrence);
            } else {
                due.missed.push(occurrence);
            }
        }
        due
    }
}
