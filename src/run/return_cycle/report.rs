//! What was done for a quarter's returns, for whoever asked for it.

use super::drafts::NoticeDraft;
use super::look::{Late, Looked};
use super::notice::{Notice, shortfalls};
use super::status::Status;
use crate::collect::ReturnReceipt;
use crate::period::Period;
use crate::run::env::Env;
use crate::run::job::JobReport;
use jiff::civil::Date;

/// What a task did.
#[derive(Debug)]
pub struct CycleReport {
    pub period: Period,
    pub as_at: Date,
    /// As a look found things; none where none was made.
    pub status: Option<Status>,
    /// What became of the files that were seen for the first time.
    pub new: Vec<ReturnReceipt>,
    /// The same of earlier quarters, each with its quarter.
    pub late: Vec<(Period, ReturnReceipt)>,
    /// What could not be filed under its quarter, and why.
    pub unfiled: Vec<String>,
    /// Of a dry run, what would be sent.
    pub drafts: Vec<NoticeDraft>,
    /// The messages that were to be sent and had not been before, or are held.
    pub told: Vec<Notice>,
    /// What was found cut off as the task began, a line for those of each run.
    pub held: Vec<String>,
}

impl CycleReport {
    pub(super) fn new(env: &Env<'_>) -> Self {
        Self {
            period: env.period,
            as_at: env.as_at,
            status: None,
            new: Vec::new(),
            late: Vec::new(),
            unfiled: Vec::new(),
            drafts: Vec::new(),
            told: Vec::new(),
            held: Vec::new(),
        }
    }

    pub(super) fn take_in(&mut self, looked: Looked, status: Status) {
        let Looked { new, late, unfiled, .. } = looked;
        let of_quarter = |late: Late| late.new.into_iter().map(move |version| (late.period, version));
        *self = Self {
            new,
            late: late.into_iter().flat_map(of_quarter).collect(),
            unfiled,
            status: Some(status),
            drafts: std::mem::take(&mut self.drafts),
            told: std::mem::take(&mut self.told),
            held: std::mem::take(&mut self.held),
            ..*self
        };
    }
}

impl JobReport for CycleReport {
    fn partial(&self) -> &[String] {
        &[]
    }

    fn unsent(&self) -> Vec<String> {
        shortfalls(&self.told).into_iter().chain(self.held.iter().cloned()).collect()
    }

    fn unmatched(&self) -> Vec<String> {
        let is_new = |file: &String| self.new.iter().any(|version| version.partner == *file);
        let unlaid = self.status.iter().flat_map(|status| &status.unlaid).filter(|(file, _)| is_new(file));
        unlaid.map(|(file, reason)| format!("{file}: {reason}")).collect()
    }

    fn other_files(&self) -> Vec<String> {
        self.unfiled.iter().chain(self.status.iter().flat_map(|status| &status.other_files)).cloned().collect()
    }

    fn add_held(&mut self, held: Vec<String>) {
        self.held.extend(held);
    }
}
