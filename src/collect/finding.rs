//! What was found in what was received.

use crate::area::AreaCode;
use crate::fault::Fault;
use crate::figure::{FigureKey, ReportKey};
use crate::framework::MeasureId;
use crate::period::Period;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What was found in a return, a public source or a record: a [`crate::fault::Fault`] with its grade, as it is stored and printed.
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
    /// The id of the ambition on which there is a comment in question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_comment: Option<String>,
    /// Of a row that names no figure: which it can have meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meant: Option<MeantFigure>,
    /// It is held against figures of earlier periods, and stands as long as they do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_past: bool,
    /// A later version has given anew what it is about, or has the same fault again and is asked about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mended: bool,
}

/// What a row that names no figure says of the one that it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeantFigure {
    pub measure: MeasureId,
    /// None where it cannot be read, or cannot be; the next too.
    pub area: Option<AreaCode>,
    pub period: Option<Period>,
}

impl MeantFigure {
    pub fn may_be(&self, key: &FigureKey) -> bool {
        let is_area = self.area.as_ref().is_none_or(|area| *area == key.area);
        self.measure == key.measure && is_area && self.period.is_none_or(|period| period == key.period)
    }
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
        Self {
            grade,
            place,
            problem,
            remedy,
            about: None,
            of_report: None,
            of_comment: None,
            meant: None,
            of_past: false,
            mended: false,
        }
    }

    /// The same of one figure: what may be published of it depends on which.
    pub fn about(self, figure: FigureKey) -> Self {
        Self { about: Some(figure), ..self }
    }

    /// The same thing was found of the same figure, report or row, in another file.
    pub fn is_again(&self, other: &Self) -> bool {
        let subject = |of: &Self| (of.about.clone(), of.of_report.clone());
        let within = |of: &Self| of.place.split_once(", ").map(|(_, within)| within.to_owned());
        match subject(self) {
            (None, None) => {
                other.about.is_none()
                    && within(self).is_some()
                    && (within(self), &self.problem) == (within(other), &other.problem)
            }
            own => own == subject(other),
        }
    }

    /// The same of one report on a key action.
    pub fn of_report(self, report: ReportKey) -> Self {
        Self { of_report: Some(report), ..self }
    }

    /// The same of the comment on an ambition.
    pub fn of_comment(self, ambition: &str) -> Self {
        Self { of_comment: Some(ambition.to_owned()), ..self }
    }
}

/// `fens.xlsx, sheet About: does not say why (give the reason)`; without a remedy where there is none.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, problem, remedy, .. } = self;
        match remedy.as_str() {
            "" => write!(f, "{place}: {problem}"),
            remedy => write!(f, "{place}: {problem} ({remedy})"),
        }
    }
}

/// What cannot be used.
impl From<Fault> for Finding {
    fn from(fault: Fault) -> Self {
        Finding::new(Grade::Error, fault)
    }
}
