//! What is told of scheduled work other than the pack, and of work that was not done.

use super::OperatorAlerts;
use crate::run::job::Met;
use crate::schedule::JobKind;
use crate::store::{LedgerError, LostApproval, RunId};
use jiff::Timestamp;

/// What is said of a job: the headline where it failed and where it is partly done, what that means, what to do.
struct AlertWords {
    failed: &'static str,
    partial: &'static str,
    means: &'static str,
    todo: &'static str,
}

/// The headline where some partner was not reached.
const RETURNS_PARTIAL: &str = "not every message about returns was sent";

fn words(kind: JobKind) -> AlertWords {
    match kind {
        JobKind::Pack => AlertWords {
            failed: "the run failed",
            partial: "the run is only partly complete",
            means: "Some readers may not have been sent the pack. Nothing is sent twice.",
            todo: "Fix the problems above, then run again: what was delivered is not sent again.",
        },
        JobKind::OpenReturns => AlertWords {
            failed: "partners could not be asked for their returns",
            partial: RETURNS_PARTIAL,
            means: "Partners who were not asked have no workbook to fill in. Nothing is sent twice.",
            todo: "Fix the problems above, then run `boardpack returns open`: partners who were asked are not asked again.",
        },
        JobKind::CollectReturns => AlertWords {
            failed: "partners' returns could not be collected",
            partial: RETURNS_PARTIAL,
            means: "Returns stay where they are: nothing is lost, and the next check finds them.",
            todo: "Fix the problems above, then run `boardpack returns collect`.",
        },
        JobKind::Remind => AlertWords {
            failed: "partners could not be reminded",
            partial: RETURNS_PARTIAL,
            means: "Partners who were not reached may not know what they still have to return. Nothing is sent twice.",
            todo: "Fix the problems above, then run `boardpack returns remind`: partners who were reminded today are not reminded again.",
        },
        JobKind::FetchIndicators => AlertWords {
            failed: "public indicators could not be fetched",
            partial: "public sources are down",
            means: "Until a source answers again, its last good answer is used, and the pack gives its date; \
                        after fetch.stale_after_days there is no figure. A run of the pack asks again automatically.",
            todo: "`boardpack indicators fetch` asks again, `boardpack indicators status` shows each source. If it lasts, ask \
                       the publisher whether its address has changed.",
        },
        JobKind::Purge => AlertWords {
            failed: "the purge failed",
            partial: "the purge is only partly complete",
            means: "Some or all of what was due for deletion is still there. Packs are not affected.",
            todo: "Fix the problems above; `boardpack purge --dry-run` says what would go.",
        },
    }
}

/// What was not done at a time that was missed, and the command that does it.
fn missed(kind: JobKind) -> (&'static str, &'static str) {
    match kind {
        JobKind::Pack => ("No pack was made", "boardpack run"),
        JobKind::FetchIndicators => ("The public sources were not asked", "boardpack indicators fetch"),
        JobKind::OpenReturns => ("Partners were not asked for their returns", "boardpack returns open"),
        JobKind::CollectReturns => ("Partners' returns were not collected", "boardpack returns collect"),
        JobKind::Remind => ("Partners were not reminded", "boardpack returns remind"),
        JobKind::Purge => ("Nothing was purged", "boardpack purge"),
    }
}

impl OperatorAlerts<'_> {
    /// Tells of a job that needs somebody: why it failed, or why it is only partly done.
    pub async fn of_job(&self, run: Option<RunId>, kind: JobKind, result: Result<Vec<String>, String>, met: Met) {
        let words = words(kind);
        let mut alert = self.alert();
        if !met.cut_off.is_empty() {
            alert.headline = "interrupted work was resumed".to_owned();
            alert.means.push(format!("It was done again from its beginning; {}.", self.sent_before()));
            alert.todo.push("If this was not planned, find out why the machine or the program stopped.".to_owned());
        }
        alert.happened = met.cut_off;
        let (headline, reasons) = match result {
            Ok(reasons) => (words.partial, reasons),
            Err(reason) => (words.failed, vec![reason]),
        };
        if !reasons.is_empty() {
            alert.headline = headline.to_owned();
            alert.happened.extend(reasons);
            alert.means.push(words.means.to_owned());
            alert.todo.push(words.todo.to_owned());
        }
        self.add_held(&mut alert, met.held);
        self.send(run, alert, &[]).await;
    }

    /// Tells of workbooks that could be laid to no partner, so that nobody else is told of them.
    pub async fn of_unmatched(&self, run: Option<RunId>, files: Vec<String>) {
        if files.is_empty() {
            return;
        }
        let mut alert = self.alert();
        alert.headline = "a workbook could not be matched to a partner".to_owned();
        alert.happened = files;
        alert.means.push("It is not used, and no partner was told about it.".to_owned());
        alert.todo.push("Put it in its partner's folder, or ask the sender for the right one.".to_owned());
        self.send(run, alert, &[]).await;
    }

    /// Tells of occurrences that were not run and will not be: the last, and how many before it; `later_runs` where a later one of the
    /// schedule is run now.
    pub async fn of_missed(&self, kind: JobKind, scheduled_for: Timestamp, before: usize, later_runs: bool) {
        let (means, command) = missed(kind);
        let mut alert = self.alert();
        alert.headline = "a scheduled time was missed".to_owned();
        alert
            .happened
            .push(format!("The work that was due at {scheduled_for} was not done, because boardpack was not running in time."));
        match before {
            0 => {}
            1 => alert.happened.push("Nor was the work of the time before that.".to_owned()),
            more => alert.happened.push(format!("Nor was the work of {more} times before that.")),
        }
        if later_runs {
            alert.happened.push("The work of a later time is done now.".to_owned());
        }
        alert.means.push(format!("{means} then, and this is not done later automatically."));
        alert.todo.push(format!("Do it by hand if it is still needed: `{command}`."));
        self.send(None, alert, &[]).await;
    }

    /// Tells of an occurrence that was not finished and is not taken up again, with the reason.
    pub async fn of_given_up(&self, unfinished: String, reason: &str) {
        let mut alert = self.alert();
        alert.headline = "scheduled work was not finished".to_owned();
        alert.happened = vec![unfinished, format!("It will not be tried again: {reason}.")];
        alert.means.push("It may be partly done. Nothing is sent twice if you finish it.".to_owned());
        alert.todo.push("`boardpack runs list` shows how far it got. Do it by hand if it is still needed.".to_owned());
        self.send(None, alert, &[]).await;
    }

    /// Tells of an occurrence that ended by an error of the program.
    pub async fn of_panic(&self, scheduled_for: Timestamp) {
        let mut alert = self.alert();
        alert.headline = "scheduled work failed because of a fault in boardpack".to_owned();
        alert.happened.push(format!("The work of {scheduled_for} ended suddenly; the log says where."));
        alert.means.push("It may be partly done. Other schedules continue.".to_owned());
        alert.todo.push("Report this as a bug, with the log. `boardpack runs list` shows how far it got.".to_owned());
        self.send(None, alert, &[]).await;
    }

    /// Tells of a change of the configuration that the server does not take over.
    pub async fn of_changed_configuration(&self, faults: Vec<String>) {
        let mut alert = self.alert();
        alert.headline = "the changed configuration has errors".to_owned();
        alert.happened = faults;
        alert.means.push("The server continues with the configuration from before the change.".to_owned());
        let todo = "Fix the problems above; `boardpack config check` says when everything is valid. The server then uses it \
             automatically.";
        alert.todo.push(todo.to_owned());
        self.send(None, alert, &[]).await;
    }

    /// Tells of messages that were cut off, a line for those of each run.
    pub async fn of_held(&self, held: Vec<String>) {
        let mut alert = self.alert();
        self.add_held(&mut alert, held);
        self.send(None, alert, &[]).await;
    }

    /// Tells of packs that waited for approval in a ledger that was lost.
    pub async fn of_lost_approvals(&self, lost: &[LostApproval]) {
        let mut alert = self.alert();
        alert.headline = "a pack that waited for approval was lost with the ledger".to_owned();
        alert.happened = lost.iter().map(|one| format!("{one}.")).collect();
        alert.means.push("Its readers do not have it, and no schedule makes it again by itself.".to_owned());
        alert.todo.extend(lost.iter().map(|one| format!("{}.", one.remedy())));
        self.send(None, alert, &[]).await;
    }

    /// Tells that nothing can be done, for the ledger cannot be used.
    pub async fn of_ledger(&self, error: &LedgerError) {
        let mut alert = self.alert();
        let what = if matches!(error, LedgerError::DoubtfulRecord { .. }) {
            "the archive's record of what was sent"
        } else {
            "the ledger"
        };
        alert.headline = format!("{what} cannot be used");
        alert.happened.push(error.to_string());
        alert.means.push("No pack is made or sent, and no partner is told anything, until this is fixed.".to_owned());
        alert.todo.push("Fix the problems above. Work that was due is then done, within the grace of its schedule.".to_owned());
        self.send(None, alert, &[]).await;
    }

    /// Tells that nothing can be done, for the configuration has errors.
    pub async fn of_configuration(&self, faults: Vec<String>) {
        let mut alert = self.alert();
        alert.headline = "the configuration has errors".to_owned();
        alert.happened = faults;
        alert.means.push("No schedule runs, and no pack is made or sent, until this is fixed.".to_owned());
        alert.todo.push(
            "Fix the problems above; `boardpack config check` says when everything is valid. Then start \
                boardpack."
                .to_owned(),
        );
        self.send(None, alert, &[]).await;
    }
}
