//! What is told of scheduled work other than the pack, and of work that was not done.

use super::Teller;
use crate::run::round::Task;
use crate::schedule::Kind;
use crate::store::{LedgerError, RunId};
use jiff::Timestamp;

/// Work that makes no pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chore {
    Round(Task),
    Fetch,
    Purge,
}

/// What is said of a chore: the headline where it failed and where it is partly done, what that means, what to do.
struct Words {
    failed: &'static str,
    partial: &'static str,
    means: &'static str,
    todo: &'static str,
}

impl Chore {
    fn words(self) -> Words {
        match self {
            Chore::Round(Task::Open) => Words {
                failed: "partners could not be asked for their returns",
                partial: "not every partner was asked for its return",
                means: "Who is not reached has no workbook to fill in. Whoever is not named here has what they should have.",
                todo: "Mend what is named, and run `boardpack returns open`: who was asked is not asked again.",
            },
            Chore::Round(Task::Collect | Task::Status) => Words {
                failed: "partners' returns could not be looked for",
                partial: "not every partner was told what became of its return",
                means: "What came in stays where it is: nothing is lost, and the next look finds it.",
                todo: "Mend what is named, and run `boardpack returns collect`.",
            },
            Chore::Round(Task::Remind) => Words {
                failed: "partners could not be reminded",
                partial: "not every partner was reminded",
                means: "Who is not reached may not know what it owes. Whoever is not named here has what they should have.",
                todo: "Mend what is named, and run `boardpack returns remind`: who was reminded today is not reminded again.",
            },
            Chore::Fetch => Words {
                failed: "public indicators could not be fetched",
                partial: "public sources are down",
                means: "Until a source answers again, its last good answer stands in, and the pack says of which day it is; \
                        after fetch.stale_after_days there is no figure. A run of the pack asks again by itself.",
                todo: "`boardpack indicators fetch` asks again, `boardpack indicators status` shows each source. If it lasts, ask \
                       the publisher whether its address has changed.",
            },
            Chore::Purge => Words {
                failed: "the purge failed",
                partial: "the purge is only partly done",
                means: "What was to be removed is there still. Packs are not touched by that.",
                todo: "Mend what is named; `boardpack purge --dry-run` says what would go.",
            },
        }
    }
}

/// What was not done at a time that was missed, and the command that does it.
fn missed(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Pack => ("No pack was made", "boardpack run"),
        Kind::FetchIndicators => ("The public sources were not asked", "boardpack indicators fetch"),
        Kind::OpenReturns => ("Partners were not asked for their returns", "boardpack returns open"),
        Kind::CollectReturns => ("Partners' returns were not looked for", "boardpack returns collect"),
        Kind::Remind => ("Partners were not reminded", "boardpack returns remind"),
        Kind::Purge => ("Nothing was purged", "boardpack purge"),
    }
}

impl Teller<'_> {
    /// Tells of a chore that needs somebody: why it failed, or why it is only partly done; `met` is what it met as it began.
    pub async fn of_chore(&self, run: Option<RunId>, chore: Chore, result: Result<Vec<String>, String>, met: Vec<String>) {
        let words = chore.words();
        let mut alert = self.alert();
        if !met.is_empty() {
            alert.headline = "work that was cut off was taken up again".to_owned();
            alert.means.push(format!("It was done again from its beginning; {}.", self.sent_before()));
            alert.todo.push("See why the machine or the program stopped, if that was not intended.".to_owned());
        }
        alert.happened = met;
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
        self.send(run, alert, &[]).await;
    }

    /// Tells of workbooks that could be laid to no partner, so that nobody else is told of them.
    pub async fn of_nobodys(&self, run: Option<RunId>, files: Vec<String>) {
        if files.is_empty() {
            return;
        }
        let mut alert = self.alert();
        alert.headline = "a workbook could be laid to no partner".to_owned();
        alert.happened = files;
        alert.means.push("Nothing of it is used, and no partner was told of it.".to_owned());
        alert.todo.push("Put it into its partner's folder, or ask whoever sent it for the right one.".to_owned());
        self.send(run, alert, &[]).await;
    }

    /// Tells of occurrences that were not run and will not be: the last, and how many before it.
    pub async fn of_missed(&self, kind: Kind, scheduled_for: Timestamp, before: usize) {
        let (means, command) = missed(kind);
        let mut alert = self.alert();
        alert.headline = "a scheduled time was missed".to_owned();
        alert.happened.push(format!("boardpack was not running at {scheduled_for}, and the schedule does not make up for it."));
        match before {
            0 => {}
            1 => alert.happened.push("So was the time before that.".to_owned()),
            more => alert.happened.push(format!("So were {more} times before that.")),
        }
        alert.means.push(format!("{means} then, and that is not made up for."));
        alert.todo.push(format!("Do it by hand if it is still wanted: `{command}`."));
        self.send(None, alert, &[]).await;
    }

    /// Tells of an occurrence that was not finished and is not taken up again, with the reason.
    pub async fn of_given_up(&self, unfinished: String, reason: &str) {
        let mut alert = self.alert();
        alert.headline = "scheduled work was not finished".to_owned();
        alert.happened = vec![unfinished, format!("It is not taken up again: {reason}.")];
        alert
            .means
            .push("What was to be done then may be done in part. Nothing is sent twice, whoever goes on with it.".to_owned());
        alert.todo.push("`boardpack runs list` shows how far it came. Do it by hand if it is still wanted.".to_owned());
        self.send(None, alert, &[]).await;
    }

    /// Tells of an occurrence that ended by an error of the program.
    pub async fn of_panic(&self, scheduled_for: Timestamp) {
        let mut alert = self.alert();
        alert.headline = "scheduled work failed by an error of the program".to_owned();
        alert.happened.push(format!("The work of {scheduled_for} came to a sudden end; the log has the place."));
        alert.means.push("It may be done in part. Other schedules go on.".to_owned());
        alert.todo.push("Report this as a bug, with the log. `boardpack runs list` shows how far it came.".to_owned());
        self.send(None, alert, &[]).await;
    }

    /// Tells of a change of the configuration that the server does not take over.
    pub async fn of_changed_configuration(&self, faults: Vec<String>) {
        let mut alert = self.alert();
        alert.headline = "the changed configuration is at fault".to_owned();
        alert.happened = faults;
        alert.means.push("The server goes on with the configuration from before the change.".to_owned());
        let todo = "Mend what is named; `boardpack config check` says whether all is in order. It is taken over by itself then.";
        alert.todo.push(todo.to_owned());
        self.send(None, alert, &[]).await;
    }

    /// Tells of messages that were cut off, a line for those of each run.
    pub async fn of_held(&self, held: Vec<String>) {
        let mut alert = self.alert();
        alert.headline = "messages are held".to_owned();
        alert.happened = held;
        alert.means.push(format!("A message that is held may have arrived; {}.", self.then(1)));
        alert.todo.push("Ask the recipient. If it did not come, `boardpack runs resend ID` sends it.".to_owned());
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
        alert.means.push("No pack is made or sent, and no partner is told anything, until that is mended.".to_owned());
        alert.todo.push("Mend what is named. What was due is done then, within the grace of its schedule.".to_owned());
        self.send(None, alert, &[]).await;
    }

    /// Tells that nothing can be done, for the configuration is at fault.
    pub async fn of_configuration(&self, faults: Vec<String>) {
        let mut alert = self.alert();
        alert.headline = "the configuration is at fault".to_owned();
        alert.happened = faults;
        alert.means.push("No schedule is served until that is mended; no pack is made or sent.".to_owned());
        alert
            .todo
            .push("Mend what is named; `boardpack config check` says whether all is in order. Then start boardpack.".to_owned());
        self.send(None, alert, &[]).await;
    }
}
