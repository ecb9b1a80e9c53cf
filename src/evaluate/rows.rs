//! The assessments as data for others: one flat row a measure and area, with every key always there.

use super::{Assessment, Comparison, Evaluation, Flag, Status, Trend};
use crate::area::{AreaCode, Areas};
use crate::collect::Provenance;
use crate::framework::{Framework, MeasureId};
use crate::value::{Unit, Value};
use jiff::civil::Date;
use serde::Serialize;

/// One measure judged for one area.
///
/// Values are in the measure's unit; a null is nothing known, and `value_state` says why a figure has no value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row<'a> {
    pub measure: &'a MeasureId,
    pub title: &'a str,
    pub unit: Option<Unit>,
    pub area: &'a AreaCode,
    pub area_name: &'a str,
    /// True for the row that counts in the pack: the system's own figure, or the least favourable of its areas.
    pub headline: bool,
    /// The publisher's label, such as `2022 - 24`.
    pub period: Option<String>,
    pub value: Option<f64>,
    /// `number`, `suppressed`, `missing` or `not_applicable`; null where there is no figure at all.
    pub value_state: Option<&'static str>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// 95% confidence limits.
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub previous: Option<f64>,
    pub previous_period: Option<String>,
    pub baseline: Option<f64>,
    pub baseline_period: Option<String>,
    pub target: Option<f64>,
    pub target_due: Option<Date>,
    pub target_words: Option<&'a str>,
    /// What a straight line from baseline to target allows at `period`.
    pub expected_now: Option<f64>,
    /// The comparator's value for `period`.
    pub comparator: Option<f64>,
    pub comparator_area: &'a AreaCode,
    pub comparison: Comparison,
    pub trend: Trend,
    /// The SPC variation icon; null where the series is not judged by SPC.
    pub variation: Option<&'a str>,
    /// The SPC assurance icon; null where the series is not judged by SPC.
    pub assurance: Option<&'a str>,
    pub status: Status,
    pub reason: &'a str,
    pub flags: &'a [Flag],
    pub next_due: Option<Date>,
    /// Where the latest figure came from.
    pub sources: &'a [Provenance],
}

/// Every assessment as a row: for each measure its headline, then its areas.
pub fn rows<'a>(evaluation: &'a Evaluation, framework: &'a Framework, areas: &'a Areas) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for measure in &evaluation.measures {
        rows.push(row(&measure.headline, true, framework, areas));
        rows.extend(measure.areas.iter().map(|assessment| row(assessment, false, framework, areas)));
    }
    rows
}

/// [`rows`] as a JSON array, indented, ending in a line break.
///
/// # Errors
/// None for the library's own types; a number that is not finite would be written as null.
pub fn to_json(evaluation: &Evaluation, framework: &Framework, areas: &Areas) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(&rows(evaluation, framework, areas))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn row<'a>(assessment: &'a Assessment, headline: bool, framework: &'a Framework, areas: &'a Areas) -> Row<'a> {
    let measure = framework.measure(&assessment.measure);
    let latest = assessment.latest.as_ref();
    let value = |point: Option<&super::Point>| point.and_then(|p| p.value.number());
    let goal = assessment.goal.as_ref();
    Row {
        measure: &assessment.measure,
        title: measure.map_or("", |m| &m.title),
        unit: measure.map(|m| m.unit),
        area: &assessment.area,
        area_name: areas.name(&assessment.area),
        headline,
        period: latest.map(|p| p.period.to_string()),
        value: value(latest),
        value_state: latest.map(|p| match p.value {
            Value::Number(_) => "number",
            Value::Suppressed => "suppressed",
            Value::Missing => "missing",
            Value::NotApplicable => "not_applicable",
        }),
        numerator: latest.and_then(|p| p.numerator),
        denominator: latest.and_then(|p| p.denominator),
        lower: latest.and_then(|p| p.limits).map(|l| l.lower),
        upper: latest.and_then(|p| p.limits).map(|l| l.upper),
        previous: value(assessment.previous.as_ref()),
        previous_period: assessment.previous.as_ref().map(|p| p.period.to_string()),
        baseline: value(assessment.baseline.as_ref()),
        baseline_period: assessment.baseline.as_ref().map(|p| p.period.to_string()),
        target: goal.and_then(|g| g.value),
        target_due: goal.map(|g| g.due),
        target_words: goal.map(|g| g.words.as_str()),
        expected_now: goal.and_then(|g| g.expected_now),
        comparator: latest.and_then(|p| p.comparator),
        comparator_area: &framework.edition.comparator,
        comparison: assessment.comparison,
        trend: assessment.trend,
        variation: None,
        assurance: None,
        status: assessment.status,
        reason: &assessment.reason,
        flags: &assessment.flags,
        next_due: assessment.next_due,
        sources: latest.map_or(&[], |p| p.sources.as_slice()),
    }
}
