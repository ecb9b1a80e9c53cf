//! All that is judged, and when.

use crate::area::Areas;
use crate::collect::{ActionReport, Distribution, Finding, IndicatorReceipt, NothingToReport, ReturnReceipt};
use crate::figure::Observation;
use crate::framework::{Framework, Partner};
use crate::period::Period;
use jiff::civil::Date;

/// All that is judged, and when.
#[derive(Debug, Clone, Copy)]
pub struct EvaluationInputs<'a> {
    pub framework: &'a Framework,
    pub areas: &'a Areas,
    pub observations: &'a [Observation],
    pub action_reports: &'a [ActionReport],
    /// Who may be asked for figures; none where nobody is to be named.
    pub partners: &'a [Partner],
    /// How the public sources answered.
    pub indicators: &'a [IndicatorReceipt],
    /// One period's figures of all areas of a kind, where a source gave them.
    pub distributions: &'a [Distribution],
    /// What was found in the public sources' answers: from a figure in question no status is drawn.
    pub findings: &'a [Finding],
    /// The quarter of the pack: periods that end by its end are read.
    pub period: Period,
    /// What "today" is.
    pub as_at: Date,
    /// The last day for returns of the quarter; none where there is no such day, or all are in.
    pub deadline: Option<Date>,
    /// What came of the returns, which say whose last day is a later one.
    pub returns: &'a [ReturnReceipt],
    /// The rounds in which partners are asked, by which their figures are due.
    pub rounds: ReturnRounds<'a>,
}

impl<'a> EvaluationInputs<'a> {
    /// Figures and reports of one quarter, without partners, receipts or a deadline.
    pub fn new(
        framework: &'a Framework,
        areas: &'a Areas,
        observations: &'a [Observation],
        action_reports: &'a [ActionReport],
        period: Period,
        as_at: Date,
    ) -> Self {
        Self {
            framework,
            areas,
            observations,
            action_reports,
            partners: &[],
            indicators: &[],
            distributions: &[],
            findings: &[],
            period,
            as_at,
            deadline: None,
            returns: &[],
            rounds: ReturnRounds::default(),
        }
    }

    /// The last day for a partner's return, where that is later than for the others and has not passed.
    pub fn extended(&self, partner: &Partner) -> Option<Date> {
        let receipt = self.returns.iter().find(|receipt| receipt.partner == partner.id)?;
        receipt.due.filter(|due| self.as_at <= *due)
    }

    /// Made while a return is awaited whose last day has not passed: that of all, or the later one of a partner.
    pub fn is_interim(&self) -> bool {
        let has_longer = || self.returns.iter().any(|receipt| receipt.due.is_some_and(|due| self.as_at <= due));
        self.deadline.is_some_and(|deadline| self.as_at <= deadline || has_longer())
    }
}

/// The rounds in which partners are asked for their returns.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReturnRounds<'a> {
    /// A return is due so many days after its quarter ends.
    pub deadline_days: u16,
    /// The first quarter for which returns are known; none where nothing is known of that.
    pub first: Option<Period>,
    /// What partners said who had nothing to report, and why.
    pub nothing_to_report: &'a [NothingToReport],
}
