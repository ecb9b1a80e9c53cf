//! What is read from an answer: a figure, what is doubtful about it, and what a measure finds.

use crate::area::AreaCode;
use crate::collect::value_markers::Money;
use crate::collect::{Distribution, Finding};
use crate::figure::{FigureKey, Observation, Provenance};
use crate::framework::MeasureId;
use crate::period::Period;
use crate::value::Sex;

/// A figure of an answer, with what is needed until it is believed.
#[derive(Debug, Clone)]
pub(super) struct AnswerFigure {
    pub observation: Observation,
    /// What the value says of pounds.
    pub money: Money,
    /// Page of the answer, from 0; set as it is gathered.
    pub page: usize,
}

impl AnswerFigure {
    pub fn key(&self) -> FigureKey {
        FigureKey::of(&self.observation)
    }

    /// Line of its page, the header being 1.
    pub fn line(&self) -> u64 {
        match &self.observation.provenance {
            Provenance::Answer { line, .. } => *line,
            Provenance::Cell { .. } => 0,
        }
    }
}

/// What an answer holds for one measure.
#[derive(Debug)]
pub(super) struct MeasureFigures {
    pub measure: MeasureId,
    /// At least one figure, in the order of the answer; or why there is none.
    pub figures: Result<Vec<AnswerFigure>, String>,
    /// What is doubtful or could not be used.
    pub findings: Vec<Finding>,
    /// The figures of all areas for the latest period, where the answer has them.
    pub distribution: Option<FoundDistribution>,
}

/// Why the figure of an area and a period cannot simply be believed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct QuestionedFigure {
    pub area: AreaCode,
    pub period: Period,
    pub problem: String,
}

/// Where a figure stands.
#[derive(Debug, Clone)]
pub(super) struct At {
    pub line: u64,
    pub page: usize,
    /// The indicator's name as the answer gives it.
    pub indicator: String,
}

/// A distribution before it is told where it came from.
#[derive(Debug)]
pub(super) struct FoundDistribution {
    pub measure: MeasureId,
    pub period: Period,
    pub sex: Sex,
    pub age: String,
    pub area_types: Vec<String>,
    pub values: Vec<(AreaCode, f64)>,
    pub without_figure: usize,
    /// Where the first figure stands.
    pub first: At,
}

impl FoundDistribution {
    pub fn into_distribution(self, provenance: Provenance) -> Distribution {
        let FoundDistribution { measure, period, sex, age, area_types, values, without_figure, first: _ } = self;
        Distribution { measure, period, sex, age, area_types, values, without_figure, provenance }
    }
}
