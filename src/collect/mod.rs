//! Bringing figures in: partner workbooks and public indicators, each figure with where it came from.

mod checks;
mod decode;
mod distribution;
pub(crate) mod entry;
mod indicators;
pub mod mapping;
mod persons;
mod places;
mod returns;
mod signs;
mod value_markers;
pub mod workbook;

pub use distribution::Distribution;
pub(crate) use indicators::Recording;
pub use indicators::{
    Change, Changed, Description, Files, FoundIndicator, FoundIndicators, Indicators, Means, check_answers, check_pointers,
    check_sources, collect_indicators, search_indicators,
};
pub use persons::{Allowed, Withheld, withhold};
pub use places::merged;
pub use returns::{
    Account, ActionLine, Arrival, ChangedLine, Contents, Differing, DifferingLine, Elsewhere, Expected, FigureLine, Found,
    GivenLine, Intake, Known, Lacking, LastProgress, Owed, PartnerReturn, PastDeadline, ReturnVersion, Returns, Standing,
    check_inbox, check_return, collect_returns, standing_alone,
};

pub use signs::Prints;

use crate::fault::Fault;
use crate::figure::{FigureKey, Observation, Provenance};
use crate::framework::{Action, ActionId, Framework, MeasureId, Partner};
use crate::period::Period;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// What a run asks for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub framework: &'a Framework,
    pub partners: &'a [Partner],
    /// The quarter of the pack.
    pub period: Period,
    /// What "today" is.
    pub as_at: Date,
}

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

/// What became of one partner's return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnReceipt {
    pub partner: String,
    pub outcome: ReturnOutcome,
    /// File name without its folder, where there was a file.
    pub file: Option<String>,
    pub sha256: Option<String>,
    pub figures: usize,
    pub actions: usize,
    /// Marks that a figure is missing.
    #[serde(default)]
    pub missing: usize,
    pub illustrative: bool,
    /// Who filled it in, as it says or as its folder does; empty where nothing says so.
    #[serde(default)]
    pub by: String,
    /// Why there is nothing to report, of a return that says so; empty where it does not say why.
    #[serde(default)]
    pub nil: Option<String>,
    /// Figures and reports that another version of the same look gives otherwise and that nobody has settled yet.
    #[serde(default)]
    pub unsettled: usize,
    /// The last day in time, where this partner has a later one than the others.
    #[serde(default)]
    pub due: Option<Date>,
    /// The day on which this version was first seen; none where no workbook came.
    pub arrived: Option<Date>,
    /// What was found on reading it, each with its place; for a refused workbook, why.
    pub findings: Vec<Finding>,
    /// The ids of the measures and actions of which something that is due is `owed`.
    pub lacking: Vec<String>,
    /// What was asked for and is not given, in this version or one before it; baselines last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<Owed>,
    /// The SHA-256 of a file that was not kept, for it looks like data about persons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_kept: Option<String>,
    /// The SHA-256 of a file that could not be opened as a workbook, and so was not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
    /// Cells (`Figures!H7`) whose text is withheld, for it seems to say who somebody is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    /// The file of the partner's next version for the quarter, which replaces this one figure by figure.
    #[serde(default)]
    pub superseded_by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnOutcome {
    Accepted,
    /// Read, with some figures not used.
    AcceptedInPart,
    /// It says that there is nothing to report.
    Nil,
    /// Nothing was filled in.
    Blank,
    Refused,
    /// It was taken out of use.
    Withdrawn,
    /// No workbook came.
    NotReceived,
}

impl ReturnReceipt {
    /// Nothing but whose it is and what became of it.
    pub fn new(partner: &str, outcome: ReturnOutcome) -> Self {
        Self {
            partner: partner.to_owned(),
            outcome,
            file: None,
            sha256: None,
            figures: 0,
            actions: 0,
            missing: 0,
            illustrative: false,
            by: String::new(),
            nil: None,
            unsettled: 0,
            due: None,
            arrived: None,
            findings: Vec::new(),
            lacking: Vec::new(),
            owed: Vec::new(),
            not_kept: None,
            unreadable: None,
            withheld: Vec::new(),
            superseded_by: None,
        }
    }

    /// The SHA-256 of a file that was not kept, for whatever reason.
    pub fn unkept(&self) -> Option<&String> {
        self.not_kept.as_ref().or(self.unreadable.as_ref())
    }

    /// The same with what is owed after it.
    pub fn owing(self, owed: &[Owed]) -> Self {
        let due = owed.iter().filter(|one| one.baseline.is_none());
        Self { lacking: due.map(|one| one.id.clone()).collect(), owed: owed.to_vec(), ..self }
    }
}

impl ReturnOutcome {
    /// `accepted in part`: a word or a few.
    pub fn in_words(self) -> &'static str {
        match self {
            ReturnOutcome::Accepted => "accepted",
            ReturnOutcome::AcceptedInPart => "accepted in part",
            ReturnOutcome::Nil => "nothing to report",
            ReturnOutcome::Blank => "blank",
            ReturnOutcome::Refused => "refused",
            ReturnOutcome::Withdrawn => "withdrawn",
            ReturnOutcome::NotReceived => "not received",
        }
    }

    /// True where nothing that it gives is read.
    pub fn is_out_of_use(self) -> bool {
        matches!(self, ReturnOutcome::Refused | ReturnOutcome::Withdrawn)
    }

    /// The word in data: `accepted_in_part`.
    pub fn code(self) -> &'static str {
        match self {
            ReturnOutcome::Accepted => "accepted",
            ReturnOutcome::AcceptedInPart => "accepted_in_part",
            ReturnOutcome::Nil => "nil",
            ReturnOutcome::Blank => "blank",
            ReturnOutcome::Refused => "refused",
            ReturnOutcome::Withdrawn => "withdrawn",
            ReturnOutcome::NotReceived => "not_received",
        }
    }
}

/// What was found in a workbook: a [`crate::fault::Fault`] with its grade, as it is stored and printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub grade: Grade,
    pub place: String,
    pub problem: String,
    pub remedy: String,
    /// The figure in question; none where it is about no single one.
    #[serde(default)]
    pub about: Option<FigureKey>,
    /// The report on a key action in question, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_report: Option<ReportKey>,
    /// A later version of the return has given anew what it is about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mended: bool,
}

/// Which report of a return is meant: on a key action as a whole, or on a step of it, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReportKey {
    pub action: ActionId,
    pub step: Option<usize>,
}

/// What a finding costs. The order is from the gravest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The figure is not used.
    Error,
    /// The figure is used and flagged; the partner is asked.
    Question,
    /// Worth knowing; nothing is asked.
    Note,
}

impl Finding {
    pub fn new(grade: Grade, Fault { place, problem, remedy }: Fault) -> Self {
        Self { grade, place, problem, remedy, about: None, of_report: None, mended: false }
    }

    /// The same of one figure: what may be published of it depends on which.
    pub fn about(self, figure: FigureKey) -> Self {
        Self { about: Some(figure), ..self }
    }

    /// The same of one report on a key action.
    pub fn of_report(self, report: ReportKey) -> Self {
        Self { of_report: Some(report), ..self }
    }
}

/// What cannot be used.
impl From<Fault> for Finding {
    fn from(fault: Fault) -> Self {
        Finding::new(Grade::Error, fault)
    }
}

/// What became of one question to a public source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndicatorReceipt {
    /// The source's name in the settings.
    pub source: String,
    pub publisher: String,
    pub indicator: String,
    /// The measures that it serves.
    pub measures: Vec<MeasureId>,
    pub url: String,
    pub outcome: IndicatorOutcome,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum IndicatorOutcome {
    Received {
        retrieved: Timestamp,
        sha256: String,
        figures: usize,
        licence: String,
        /// Where the source failed and this is its last good answer: how it failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of: Option<String>,
    },
    /// The source is not set up, or its recordings do not have it.
    NotAvailable {
        reason: String,
    },
    Failed {
        reason: String,
    },
}

impl IndicatorOutcome {
    /// The word in data: `not_available`.
    pub fn code(&self) -> &'static str {
        match self {
            IndicatorOutcome::Received { .. } => "received",
            IndicatorOutcome::NotAvailable { .. } => "not_available",
            IndicatorOutcome::Failed { .. } => "failed",
        }
    }
}

/// That a partner had nothing to report for a quarter, with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NothingToReport {
    /// Its id.
    pub partner: String,
    pub quarter: Period,
    pub reason: String,
}

/// All that was collected for a run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Collection {
    pub observations: Vec<Observation>,
    /// What public sources give of all areas of a kind, for the latest period of each measure.
    #[serde(default)]
    pub distributions: Vec<Distribution>,
    /// Figures of earlier versions of a return that a later one gave otherwise, in the order in which they came.
    pub replaced: Vec<Observation>,
    pub action_reports: Vec<ActionReport>,
    pub returns: Vec<ReturnReceipt>,
    /// Of returns of other quarters whose figures are in use: what was asked about these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_returns: Vec<ReturnReceipt>,
    /// The first quarter for which returns are known; none in records of versions of boardpack that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_round: Option<Period>,
    /// What partners said, for this quarter and those before it, who had nothing to report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nothing_to_report: Vec<NothingToReport>,
    pub indicators: Vec<IndicatorReceipt>,
    /// What is doubtful about public figures, or could not be used.
    pub findings: Vec<Finding>,
    /// Returns that were accepted and whose figures are lost with the archive, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost_returns: Vec<String>,
}
