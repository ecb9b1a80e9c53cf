//! What can be done for a quarter's returns, and what is asked of it.

use jiff::civil::Date;

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

impl Task {
    /// In the ledger.
    pub(super) fn name(self) -> &'static str {
        match self {
            Task::Status => "returns-status",
            Task::Open => "returns-open",
            Task::Collect => "returns-collect",
            Task::Remind => "returns-remind",
        }
    }
}
