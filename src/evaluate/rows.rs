//! The assessments as data for others: one flat row a measure and area, with every key always there.

use super::methods::spc::{Assurance, Variation};
use super::{Assessment, Comparison, Evaluation, Flag, Status, Trend};
use crate::area::{AreaCode, Areas};
use crate::collect::Provenance;
use crate::framework::{Framework, MeasureId};
use crate::value::{Unit, Value};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::io;

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
    /// What became of the figure; null where there is none at all.
    pub value_state: Option<ValueState>,
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
    /// The SPC variation icon; null where the series is not of months or quarters, or too short for lasting limits.
    pub variation: Option<Variation>,
    /// The SPC assurance icon; null as `variation`, and without a target value or a good direction.
    pub assurance: Option<Assurance>,
    pub status: Status,
    pub reason: &'a str,
    pub flags: &'a [Flag],
    pub next_due: Option<Date>,
    /// Where the latest figure came from.
    pub sources: &'a [Provenance],
}

/// What became of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueState {
    Number,
    Suppressed,
    Missing,
    NotApplicable,
}

/// The keys of a [`Row`], in their order.
pub const COLUMNS: [&str; 32] = [
    "measure",
    "title",
    "unit",
    "area",
    "area_name",
    "headline",
    "period",
    "value",
    "value_state",
    "numerator",
    "denominator",
    "lower",
    "upper",
    "previous",
    "previous_period",
    "baseline",
    "baseline_period",
    "target",
    "target_due",
    "target_words",
    "expected_now",
    "comparator",
    "comparator_area",
    "comparison",
    "trend",
    "variation",
    "assurance",
    "status",
    "reason",
    "flags",
    "next_due",
    "sources",
];

/// Every assessment as a row, one a measure and area: for each measure its headline, then its other areas. Where
/// the least favourable area stands for the measure, the headline is that area's row.
pub fn rows<'a>(evaluation: &'a Evaluation, framework: &'a Framework, areas: &'a Areas) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for measure in &evaluation.measures {
        let each = measure.each().enumerate();
        rows.extend(each.map(|(i, assessment)| row(assessment, i == 0, framework, areas)));
    }
    rows
}

/// [`rows`] as a JSON array, indented, ending in a line break.
///
/// # Errors
/// None for the library's own types; a number that is not finite would be written as null.
pub fn to_json(rows: &[Row<'_>]) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(rows)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// [`rows`] as CSV with a header, the same columns: flags parted by `;`, sources as compact text, nothing for null.
/// A text that a spreadsheet would take for a formula has an apostrophe before it.
///
/// # Errors
/// As [`to_json`].
pub fn to_csv(rows: &[Row<'_>]) -> io::Result<Vec<u8>> {
    let mut sheet = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    sheet.write_record(COLUMNS)?;
    for row in rows {
        let values = serde_json::to_value(row)?;
        sheet.write_record(COLUMNS.map(|column| match column {
            "sources" => harmless(row.sources.iter().map(trace).collect::<Vec<_>>().join("; ")),
            _ => cell(&values[column]),
        }))?;
    }
    sheet.into_inner().map_err(|e| e.into_error())
}

/// A source on one line: `file, sheet, cell, SHA-256`, or `URL, line, when retrieved, SHA-256`.
pub fn trace(source: &Provenance) -> String {
    let place = source.place();
    match source {
        Provenance::Cell { file, sha256, .. } => format!("{file}, {place}, SHA-256 {sha256}"),
        Provenance::Answer { url, retrieved, sha256, .. } => {
            format!("{url}, {place}, retrieved {retrieved}, SHA-256 {sha256}")
        }
    }
}

fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => harmless(text.clone()),
        Json::Array(words) => harmless(words.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(";")),
        other => other.to_string(),
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe stands before one that starts like it.
pub fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

fn row<'a>(assessment: &'a Assessment, headline: bool, framework: &'a Framework, areas: &'a Areas) -> Row<'a> {
    let measure = framework.measure(&assessment.measure);
    let latest = assessment.latest.as_ref();
    let value = |point: Option<&super::Point>| point.and_then(|p| p.value.number());
    let goal = assessment.goal.as_ref();
    // Trial limits bear no icon.
    let chart = measure.and_then(|m| assessment.control_chart(m)).filter(|c| c.points.last().is_some_and(|p| !p.trial));
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
            Value::Number(_) => ValueState::Number,
            Value::Suppressed => ValueState::Suppressed,
            Value::Missing => ValueState::Missing,
            Value::NotApplicable => ValueState::NotApplicable,
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
        variation: chart.as_ref().and_then(|chart| chart.variation),
        assurance: chart.as_ref().and_then(|chart| chart.assurance),
        status: assessment.status,
        reason: &assessment.reason,
        flags: &assessment.flags,
        next_due: assessment.next_due,
        sources: latest.map_or(&[], |p| p.sources.as_slice()),
    }
}
