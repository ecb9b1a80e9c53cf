//! The assessments as data for others: how each ambition stands, and one flat row a measure and area, with every key
//! always there.

use super::{Assessment, Evaluation, Flag, NoFigure, OtherAreaFigure, Status};

use crate::area::{AreaCode, Areas};
use crate::figure::Provenance;
use crate::framework::{Ambition, Aspiration, Framework, Measure, MeasureId, Role, Uncertainty};
use crate::value::Value;
use crate::visible::{Visible, in_lines};
use indicator_stats::spc::{Assurance, Variation};
use indicator_stats::{Comparison, Trend};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::io;

/// The version of [`AssessmentData`]: a program that knows another does not read it.
pub const FORMAT: u32 = 1;

/// All that is judged, for a program.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AssessmentData<'a> {
    pub format: u32,
    /// In the order of the framework; none where only another area than the system is asked for.
    pub ambitions: Vec<AmbitionRow<'a>>,
    pub assessments: Vec<AssessmentRow<'a>>,
}

/// How one ambition stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AmbitionRow<'a> {
    pub ambition: &'a str,
    /// In short, in our words.
    pub statement: &'a str,
    /// None for an overarching ambition.
    pub priority: Option<&'a str>,
    pub status: Status,
    pub reason: &'a str,
    /// Those that are said beside its status.
    pub flags: Vec<Flag>,
    /// Whether leads or stand-ins decided; null where there is neither.
    pub judged_by: Option<Role>,
    /// Deciding measures: met, judged, and all of them.
    pub met: usize,
    pub judged: usize,
    pub of: usize,
    /// The measure whose status it is, where one decides.
    pub decided_by: Option<&'a MeasureId>,
}

/// One measure judged for one area.
///
/// Values are in the measure's unit; a null is nothing known, and `value_state` says why a figure has no value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AssessmentRow<'a> {
    pub measure: &'a MeasureId,
    pub title: &'a str,
    /// The id of the ambition that it is judged in here.
    pub ambition: &'a str,
    /// Its part in that ambition.
    pub role: Role,
    pub unit: Option<&'a str>,
    pub area: &'a AreaCode,
    pub area_name: &'a str,
    /// True for the row that counts in the pack: the system's.
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
    /// Whether the limits were worked out here, the publisher giving none.
    pub limits_worked_out: bool,
    /// What part chance has in the figures.
    pub uncertainty: Option<Uncertainty>,
    /// The figure that the status speaks of, where that is not the latest.
    pub judged_period: Option<String>,
    pub judged_value: Option<f64>,
    pub previous: Option<f64>,
    pub previous_period: Option<String>,
    /// The latest figure less the previous.
    pub change: Option<f64>,
    /// By a test at 95%; null where nothing was tested.
    pub change_significant: Option<bool>,
    /// The same at 99.8%.
    pub change_significant_998: Option<bool>,
    /// Whether it is for the better; null where it is none or no direction is good.
    pub change_better: Option<bool>,
    pub baseline: Option<f64>,
    pub baseline_period: Option<String>,
    /// The latest figure less the baseline, and the same of it.
    pub change_since_baseline: Option<f64>,
    pub change_since_baseline_significant: Option<bool>,
    pub change_since_baseline_better: Option<bool>,
    pub target: Option<f64>,
    pub target_due: Option<Date>,
    pub target_words: Option<&'a str>,
    /// What a straight line from baseline to target allows at `period`.
    pub expected_now: Option<f64>,
    /// The chance of meeting the target by its date, 0 to 1, to the nearest tenth.
    pub chance_of_meeting: Option<f64>,
    /// Change a year, from the latest figure, that would meet the target on its date.
    pub yearly_change_needed: Option<f64>,
    /// The comparator's value for `period`.
    pub comparator: Option<f64>,
    pub comparator_area: &'a AreaCode,
    pub comparison: Comparison,
    /// The region's value for `period`, and how the figure stands beside it.
    pub region: Option<f64>,
    pub region_comparison: Option<Comparison>,
    /// Further areas shown beside it, each with its figure and how this one stands beside it.
    pub beside: Vec<String>,
    /// Among the areas of its kind that the source gives: the rank (1 the most favourable, or the highest where no direction is
    /// good), how many there are, and the quarter.
    pub rank: Option<usize>,
    pub rank_of: Option<usize>,
    pub quarter: Option<u32>,
    /// The same rank among itself and its named nearest neighbours.
    pub neighbours_rank: Option<usize>,
    pub neighbours_of: Option<usize>,
    pub trend: Trend,
    /// The SPC variation icon; null where the series is not of months or quarters, or too short for lasting limits.
    pub variation: Option<Variation>,
    /// The SPC assurance icon; null as `variation`, and without a target value or a good direction.
    pub assurance: Option<Assurance>,
    pub status: Status,
    pub reason: &'a str,
    /// Why there is no figure to judge; only with the status `no_figure`.
    pub no_figure: Option<&'static str>,
    /// Whose figure is overdue, by name, and since when.
    pub overdue_from: Vec<&'a str>,
    pub overdue_since: Option<Date>,
    /// Those that are said beside its status.
    pub flags: Vec<Flag>,
    /// Of a figure that is pooled from organisations: their share of the whole, 0 to 1, how many gave it, and how many were asked.
    pub coverage: Option<f64>,
    pub organisations_given: Option<usize>,
    pub organisations_asked: Option<usize>,
    /// Of a status that is made from areas: the share of people who live in areas that could be judged, 0 to 1.
    pub people_judged: Option<f64>,
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

/// The keys of a [`AssessmentRow`], in their order.
pub const COLUMNS: [&str; 62] = [
    "measure",
    "title",
    "ambition",
    "role",
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
    "limits_worked_out",
    "uncertainty",
    "judged_period",
    "judged_value",
    "previous",
    "previous_period",
    "change",
    "change_significant",
    "change_significant_998",
    "change_better",
    "baseline",
    "baseline_period",
    "change_since_baseline",
    "change_since_baseline_significant",
    "change_since_baseline_better",
    "target",
    "target_due",
    "target_words",
    "expected_now",
    "chance_of_meeting",
    "yearly_change_needed",
    "comparator",
    "comparator_area",
    "comparison",
    "region",
    "region_comparison",
    "beside",
    "rank",
    "rank_of",
    "quarter",
    "neighbours_rank",
    "neighbours_of",
    "trend",
    "variation",
    "assurance",
    "status",
    "reason",
    "no_figure",
    "overdue_from",
    "overdue_since",
    "flags",
    "coverage",
    "organisations_given",
    "organisations_asked",
    "people_judged",
    "next_due",
    "sources",
];

/// How each ambition stands, in the order of the framework.
pub fn ambition_rows<'a>(evaluation: &'a Evaluation, framework: &'a Framework) -> Vec<AmbitionRow<'a>> {
    let each = framework.ambitions.iter().zip(&evaluation.ambitions).map(|(ambition, judged)| AmbitionRow {
        ambition: &ambition.id,
        statement: &ambition.statement,
        priority: ambition.priority.as_deref(),
        status: judged.status,
        reason: &judged.reason,
        flags: Flag::said_beside(&judged.flags, judged.status),
        judged_by: judged.by,
        met: judged.met,
        judged: judged.judged,
        of: judged.of,
        decided_by: judged.decided_by.as_ref(),
    });
    each.collect()
}

/// Every assessment as a row, one a measure and area: for each measure its headline, then its other areas.
pub fn rows<'a>(evaluation: &'a Evaluation, framework: &'a Framework, areas: &'a Areas) -> Vec<AssessmentRow<'a>> {
    let mut rows = Vec::new();
    // The measures of an evaluation are in the order of the framework's aspirations.
    for (measure, (ambition, aspiration)) in evaluation.measures.iter().zip(framework.aspirations()) {
        let each = measure.each().enumerate();
        rows.extend(
            each.map(|(i, assessment)| row(assessment, i == 0, (ambition, aspiration), framework, areas, evaluation.as_at)),
        );
    }
    rows
}

/// Ambitions and [`rows`] as one JSON object, indented, ending in a line break.
///
/// # Errors
/// None for the library's own types; a number that is not finite would be written as null.
pub fn to_json(data: &AssessmentData<'_>) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    serde_json::to_writer_pretty(Visible(&mut bytes), data)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// [`rows`] as CSV with a header, the same columns: flags parted by `;`, sources as compact text, nothing for null.
/// A text that a spreadsheet would take for a formula has an apostrophe before it.
///
/// # Errors
/// As [`to_json`].
pub fn to_csv(rows: &[AssessmentRow<'_>]) -> io::Result<Vec<u8>> {
    let mut sheet = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    sheet.write_record(COLUMNS)?;
    for row in rows {
        let values = serde_json::to_value(row)?;
        sheet.write_record(COLUMNS.map(|column| match column {
            "sources" => escape_formula(row.sources.iter().map(citation).collect::<Vec<_>>().join("; ")),
            _ => cell(&values[column]),
        }))?;
    }
    sheet.into_inner().map_err(|e| e.into_error())
}

/// A source on one line: `file, completed by whom where it says so, sheet, cell, SHA-256`, or `URL, line, when retrieved, SHA-256`.
pub fn citation(source: &Provenance) -> String {
    let place = source.place();
    match source {
        Provenance::Cell { file, sha256, by, .. } => {
            let by = if by.is_empty() { String::new() } else { format!(", completed by {by}") };
            format!("{file}{by}, {place}, SHA-256 {sha256}")
        }
        Provenance::Answer { url, retrieved, sha256, .. } => {
            format!("{url}, {place}, retrieved {retrieved}, SHA-256 {sha256}")
        }
    }
}

fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => escape_formula(text.clone()),
        Json::Array(words) => escape_formula(words.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(";")),
        other => other.to_string(),
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe stands before one that starts like it. Characters that are not
/// seen are written out.
pub fn escape_formula(text: String) -> String {
    let text = in_lines(&text).into_owned();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

fn row<'a>(
    assessment: &'a Assessment,
    headline: bool,
    (ambition, aspiration): (&'a Ambition, &'a Aspiration),
    framework: &'a Framework,
    areas: &'a Areas,
    today: Date,
) -> AssessmentRow<'a> {
    let measure = framework.measure(&assessment.measure);
    let latest = assessment.latest.as_ref();
    let value = |point: Option<&super::SeriesPoint>| point.and_then(|p| p.value.number());
    let target = assessment.target.as_ref();
    // Trial limits bear no icon.
    let chart = measure.and_then(|m| assessment.control_chart(m)).filter(|c| c.points.last().is_some_and(|p| !p.trial));
    let projection =
        measure.and_then(|m| assessment.projection(m).ok()).filter(|_| target.is_some_and(|target| target.due > today));
    let (before, start) = (assessment.since_previous.as_ref(), assessment.since_baseline.as_ref());
    let (overdue_from, overdue_since) = match &assessment.no_figure {
        Some(NoFigure::Overdue { whose, since }) => (whose.iter().map(String::as_str).collect(), Some(*since)),
        _ => (Vec::new(), None),
    };
    let coverage = assessment.coverage.as_ref();
    AssessmentRow {
        measure: &assessment.measure,
        title: measure.map_or("", |m| &m.title),
        ambition: &ambition.id,
        role: aspiration.role,
        unit: measure.map(|m| m.unit.name()),
        area: &assessment.area,
        area_name: measure.map_or_else(|| areas.name(&assessment.area), |m| m.name_of(&assessment.area, areas)),
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
        limits_worked_out: assessment.flags.contains(&Flag::LimitsWorkedOut),
        uncertainty: measure.map(Measure::uncertainty),
        judged_period: assessment.judged.as_ref().map(|p| p.period.to_string()),
        judged_value: value(assessment.judged.as_ref()),
        change: before.map(|since| since.change.difference),
        change_significant: before.and_then(|since| since.change.is_significant()),
        change_significant_998: before.and_then(|since| since.is_significant_998),
        change_better: before.and_then(|since| since.is_better),
        change_since_baseline: start.map(|since| since.change.difference),
        change_since_baseline_significant: start.and_then(|since| since.change.is_significant()),
        change_since_baseline_better: start.and_then(|since| since.is_better),
        previous: value(assessment.previous.as_ref()),
        previous_period: assessment.previous.as_ref().map(|p| p.period.to_string()),
        baseline: value(assessment.baseline.as_ref()),
        baseline_period: assessment.baseline.as_ref().map(|p| p.period.to_string()),
        target: target.and_then(|g| g.value),
        target_due: target.map(|g| g.due),
        target_words: target.map(|g| g.words.as_str()),
        expected_now: target.and_then(|g| g.expected_now),
        chance_of_meeting: projection.and_then(|p| p.chance).map(|chance| f64::from(chance.shown_percent()) / 100.0),
        yearly_change_needed: projection.and_then(|p| p.yearly_change_needed),
        comparator: latest.and_then(|p| p.comparator),
        comparator_area: &framework.edition.comparator,
        comparison: assessment.comparison,
        region: assessment.region.as_ref().map(|beside| beside.value),
        region_comparison: assessment.region.as_ref().map(|beside| beside.comparison),
        beside: assessment.beside.iter().map(OtherAreaFigure::in_short).collect(),
        rank: assessment.among_like.as_ref().map(|like| like.rank),
        rank_of: assessment.among_like.as_ref().map(|like| like.of),
        quarter: assessment.among_like.as_ref().map(|like| like.quarter),
        neighbours_rank: assessment.neighbours.as_ref().map(|near| near.rank),
        neighbours_of: assessment.neighbours.as_ref().map(|near| near.of),
        trend: assessment.trend,
        variation: chart.as_ref().and_then(|chart| chart.variation),
        assurance: chart.as_ref().and_then(|chart| chart.assurance),
        status: assessment.status,
        reason: &assessment.reason,
        no_figure: assessment.no_figure.as_ref().map(NoFigure::code),
        overdue_from,
        overdue_since,
        flags: Flag::said_beside(&assessment.flags, assessment.status),
        coverage: coverage.map(|of| of.share),
        organisations_given: coverage.map(|of| of.given.len()),
        organisations_asked: coverage.map(|of| of.given.len() + of.absent.len()),
        people_judged: assessment.by_area.as_ref().map(|by| by.judged_share),
        next_due: assessment.next_due,
        sources: latest.map_or(&[], |p| p.sources.as_slice()),
    }
}
