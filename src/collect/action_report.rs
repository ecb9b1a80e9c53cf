//! What partners say of key actions.

use crate::figure::{Provenance, ReportKey};
use crate::framework::{Action, ActionId};
use crate::period::Period;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a partner says of a key action that it leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionReport {
    pub action: ActionId,
    /// Which of the action's steps it speaks of, counted from 1; none for the action as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// The partner's id.
    pub partner: String,
    pub progress: Progress,
    pub forecast: Option<Date>,
    /// The quarter of the return that gave the forecast, where that is another than the one that gave the status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast_in: Option<Period>,
    pub completed: Option<Date>,
    /// Where it is complete, the day on which the first return came that said so, where none after it said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete_since: Option<Date>,
    pub commentary: String,
    pub illustrative: bool,
    pub provenance: Provenance,
    /// The return that said it; none in what was stored before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
}

/// Of which quarter a return is, and when it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    pub quarter: Period,
    /// The day on which it was first seen.
    pub on: Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    NotStarted,
    OnTrack,
    AtRisk,
    OffTrack,
    Complete,
    /// The report has no status, or none that can be used; what else it says is used.
    NotGiven,
}

impl ActionReport {
    pub fn key(&self) -> ReportKey {
        ReportKey::new(self.action.clone(), self.step)
    }

    /// The quarter of the return that said it; none in what was stored before this was kept.
    pub fn quarter(&self) -> Option<Period> {
        self.returned.map(|returned| returned.quarter)
    }

    /// The day on which it was known to be complete, whatever date of completion is given; none where it is not complete.
    pub fn known_complete_on(&self) -> Option<Date> {
        let on = self.complete_since.or(self.returned.map(|returned| returned.on));
        on.filter(|_| self.progress == Progress::Complete)
    }

    /// True where it still says how the action stands at the end of `quarter`: what is not complete has to be said again at the
    /// latest in the second return after it.
    pub fn still_stands(&self, quarter: Period) -> bool {
        let renewed_by = self.quarter().map(|quarter| quarter.next_step().next_step());
        self.progress == Progress::Complete || renewed_by.is_none_or(|renewed_by| quarter.end() < renewed_by.end())
    }

    /// True where it still stands and has a status that can be used.
    pub fn says_how_it_stands(&self, quarter: Period) -> bool {
        self.progress != Progress::NotGiven && self.still_stands(quarter)
    }

    /// True where it says how a step of the action stands, counted from 1. What is said of the whole counts for its last step,
    /// and for all of them where the whole is complete or not started.
    pub fn tells_of(&self, step: usize, action: &Action) -> bool {
        match self.step {
            Some(own) => own == step,
            None => step == action.steps.len() || self.tells_of_each_step(),
        }
    }

    /// True of what is said of a whole action that holds of each of its steps.
    pub fn tells_of_each_step(&self) -> bool {
        self.step.is_none() && matches!(self.progress, Progress::Complete | Progress::NotStarted)
    }

    /// True where these reports say how the action stands: the whole of it, or each step that the edition's own text does not
    /// call complete.
    pub fn tell_of_all<'r>(reports: impl Iterator<Item = &'r ActionReport> + Clone, action: &Action) -> bool {
        let mut of_action = reports.filter(|report| report.action == action.id && report.progress != Progress::NotGiven);
        if action.steps.is_empty() {
            return of_action.next().is_some();
        }
        Self::steps_not_told(of_action, action).is_empty()
    }

    /// The numbers of the steps of which these reports do not say how they stand, without those that the edition's own text
    /// calls complete.
    pub fn steps_not_told<'r>(reports: impl Iterator<Item = &'r ActionReport> + Clone, action: &Action) -> Vec<usize> {
        let of_action = reports.filter(|report| report.action == action.id && report.progress != Progress::NotGiven);
        let is_told = |number: usize| of_action.clone().any(|report| report.tells_of(number, action));
        let open = (1..).zip(&action.steps).filter(|(_, step)| !step.reported_complete);
        open.map(|(number, _)| number).filter(|number| !is_told(*number)).collect()
    }
}

impl Progress {
    pub fn in_words(self) -> &'static str {
        match self {
            Progress::NotStarted => "Not started",
            Progress::OnTrack => "On track",
            Progress::AtRisk => "At risk",
            Progress::OffTrack => "Off track",
            Progress::Complete => "Complete",
            Progress::NotGiven => "No status that can be used",
        }
    }
}
