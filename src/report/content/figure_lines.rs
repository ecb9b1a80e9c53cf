//! The rows of the table of a measure's own figures.

use super::figures;
use crate::evaluate::{Assessment, SeriesPoint};
use crate::framework::{Aspiration, Measure};
use crate::value::Value;

/// One of them.
#[derive(Debug, Clone)]
pub struct FigureLine {
    pub role: FigureRole,
    pub period: String,
    pub value: String,
    pub limits: String,
    pub comparator: String,
    pub illustrative: bool,
}

/// What a figure is to the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureRole {
    Latest,
    Judged,
    Previous,
    Baseline,
}

impl FigureRole {
    /// The word that heads its row.
    pub fn label(self) -> &'static str {
        match self {
            FigureRole::Latest => "Latest",
            FigureRole::Judged => "Judged on",
            FigureRole::Previous => "Previous",
            FigureRole::Baseline => "Baseline",
        }
    }
}

pub(super) fn figure_lines(of: (&Measure, &Aspiration), head: &Assessment) -> Vec<FigureLine> {
    let measure = of.0;
    let roles = [
        (FigureRole::Latest, &head.latest),
        (FigureRole::Judged, &head.judged),
        (FigureRole::Previous, &head.previous),
        (FigureRole::Baseline, &head.baseline),
    ];
    let line = |(role, point): (FigureRole, &Option<SeriesPoint>)| {
        let point = point.as_ref()?;
        Some(FigureLine {
            role,
            period: figures::period(point.period),
            value: match role {
                FigureRole::Baseline => baseline_in_words(of, point),
                FigureRole::Latest | FigureRole::Judged | FigureRole::Previous => figures::value(measure, point.value),
            },
            limits: figures::limits(measure, point.limits),
            comparator: figures::comparator(measure, point),
            illustrative: point.illustrative,
        })
    };
    roles.into_iter().filter_map(line).collect()
}

/// As the target states it, or as a figure.
pub(super) fn baseline_in_words((measure, aspiration): (&Measure, &Aspiration), point: &SeriesPoint) -> String {
    let stated = aspiration.target.baseline().and_then(|baseline| baseline.value);
    match stated.filter(|stated| point.value == Value::Number(*stated)) {
        Some(stated) => measure.unit.stated(stated),
        None => figures::value(measure, point.value),
    }
}
