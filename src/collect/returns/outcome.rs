//! What becomes of a file that was sent: the quarter under which it is filed, its version, its outcome.

use super::known::PriorReturns;
use super::received::Elsewhere;
use super::returned_figure::ReturnedFigure;
use super::submission::Submission;
use super::version::{ReturnVersion, VersionContents, VersionStanding};
use crate::collect::{Finding, Grade, ReturnOutcome, RunScope};
use crate::fault::Fault;
use crate::period::Period;
use crate::value::Value;
use std::collections::BTreeMap;

/// What is asked of a return with nothing to report where something was given before it, which excuses nothing.
pub(super) const NIL_AFTER_FIGURES: &str =
    "says that there is nothing to report, and a workbook before it gave figures or reports, which still count";

/// The same of one beside something that cannot be used, which it excuses as little.
pub(super) const NIL_BESIDE_ERRORS: &str = "says that there is nothing to report, and holds something that cannot be used";

impl Submission<'_> {
    fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.grade == Grade::Error)
    }

    /// A figure or a report that can be used. A mark that a figure is missing is none.
    pub(super) fn gives(&self) -> bool {
        let is_given = |figure: &ReturnedFigure| !figure.blank && figure.observation.value != Value::Missing;
        !self.action_reports.is_empty() || self.figures.iter().any(is_given)
    }

    /// Something was filled in that can be used, be it a mark that a figure is missing or a comment.
    pub(super) fn is_filled_in(&self) -> bool {
        !self.action_reports.is_empty() || !self.comments.is_empty() || self.figures.iter().any(|figure| !figure.blank)
    }

    /// We could not use any of it: it was refused whole, or each thing that it gives is wrong.
    pub(super) fn is_refused(&self) -> bool {
        self.refusal.is_some() || self.nil.is_none() && !self.is_filled_in() && self.has_errors()
    }

    /// Nothing was filled in, and nothing is said of there being nothing.
    pub(super) fn is_blank(&self) -> bool {
        !self.is_refused() && self.nil.is_none() && !self.is_filled_in()
    }

    /// What it says counts.
    pub(super) fn is_in_use(&self) -> bool {
        !self.is_refused() && !self.is_blank()
    }

    /// Where it is the return of another quarter: under which it is filed.
    pub(super) fn filed_elsewhere(&self, wanted: &RunScope<'_>, known: &PriorReturns) -> Option<Elsewhere> {
        let quarter = self.elsewhere?;
        let is_version = self.sha256.as_ref().is_some_and(|sha256| known.elsewhere(wanted.period, sha256).is_some());
        let known = is_version
            || self.not_kept.as_ref().or(self.unreadable.as_ref()).is_some_and(|sha256| known.not_kept.contains_key(sha256));
        let partner = self.partner.map(|partner| partner.id.clone());
        let (file, sha256) = (self.file.clone(), self.sha256.clone());
        Some(Elsewhere { file, partner, quarter, sha256, arrived: self.arrived, known })
    }

    /// What it gave, without what it left blank.
    pub(super) fn contents(&self) -> VersionContents {
        let given = self.figures.iter().filter(|figure| !figure.blank);
        let questions = self.findings.iter().filter(|finding| finding.grade == Grade::Question && finding.about.is_some());
        VersionContents {
            figures: given.map(|figure| figure.observation.clone()).collect(),
            action_reports: self.action_reports.clone(),
            comments: self.comments.clone(),
            questions: questions.cloned().collect(),
            nil: self.nil.clone(),
            nil_is_doubted: self.nil.is_some() && self.has_errors(),
            counted_in: BTreeMap::new(),
        }
    }

    pub(super) fn version(&self, partner: &str, quarter: Period, outcome: ReturnOutcome) -> Option<ReturnVersion> {
        Some(ReturnVersion {
            partner: partner.to_owned(),
            file: self.file.clone(),
            sha256: self.sha256.clone()?,
            quarter,
            arrived: self.arrived,
            standing: match (&self.withdrawn, outcome) {
                (Some(reason), _) => VersionStanding::Withdrawn { reason: reason.clone() },
                (None, ReturnOutcome::Refused) => VersionStanding::Refused,
                (None, ReturnOutcome::Blank) => VersionStanding::Blank,
                (None, _) => VersionStanding::Accepted,
            },
            by: self.by.clone(),
            look: self.look.clone(),
            settled_by: self.settled_by.clone(),
            refused_first: self.refused_first,
        })
    }

    /// `gave_before`: something stands that a version before it gave. Marks for missing alone are no return, and after one they
    /// take figures back; comments alone are a part of one, and answer none of what is due.
    pub(super) fn outcome(&self, findings: &[Finding], gave_before: bool) -> ReturnOutcome {
        let is_partial = findings.iter().any(|finding| finding.grade == Grade::Error);
        let gives = self.gives() || !self.comments.is_empty() || gave_before;
        match self.nil {
            _ if self.withdrawn.is_some() => ReturnOutcome::Withdrawn,
            _ if self.is_refused() => ReturnOutcome::Refused,
            _ if self.is_blank() => ReturnOutcome::Blank,
            Some(_) if !self.gives() => ReturnOutcome::Nil,
            _ if is_partial && !gives => ReturnOutcome::Refused,
            _ if is_partial => ReturnOutcome::AcceptedInPart,
            _ if !gives => ReturnOutcome::Blank,
            _ => ReturnOutcome::Accepted,
        }
    }

    /// What is to be asked of a return that says that there is nothing to report.
    pub(super) fn doubt_of_nil(&self, gave_before: bool) -> Option<Finding> {
        let reason = self.nil.as_ref()?;
        let (problem, remedy) = if self.gives() {
            ("says that there is nothing to report, and gives figures or reports", "clear that line if the figures are meant")
        } else if gave_before {
            (NIL_AFTER_FIGURES, "say which is meant")
        } else if self.has_errors() {
            (NIL_BESIDE_ERRORS, "clear that line and correct what is meant as a figure or report, or take it out")
        } else if reason.is_empty() {
            ("says that there is nothing to report and does not say why", "give the reason in words on the sheet About")
        } else {
            return None;
        };
        let place = format!("{}, sheet About", self.file);
        Some(Finding::new(Grade::Question, Fault::new(place, problem, remedy)))
    }
}
