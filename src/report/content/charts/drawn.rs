//! The parts of a figure before it is put together, and the words and the table that stand for it.

use crate::evaluate::{Assessment, SeriesPoint};
use crate::framework::Measure;
use crate::period::{Period, with_gaps};
use crate::report::alternatives;
use crate::report::charts::Chart;
use crate::report::content::{figures, sentences};
use crate::value::{Limits, Value};
use jiff::Span;
use tagged_document::model::{Cell, Column, Figure, Row, Run, Table, Twin};

/// Where figures are that no table of the pages has.
pub(super) const IN_SERIES: &str = "The data annex, sheet Series, has the figures.";
pub(super) const IN_BREAKDOWNS: &str = "The data annex, sheet Breakdowns, has the figures.";
/// Where figures are that stand right below.
pub(super) const BELOW: &str = "The table below has the figures.";

/// What figures are drawn with, after their period.
pub(super) const WITH_LIMITS: &str = ", with 95% limits";

/// A unit of more characters than this stands in the caption alone.
const LONGEST_UNIT: usize = 24;

/// Every point of an assessment.
pub(in crate::report::content) fn points(assessment: &Assessment) -> impl Iterator<Item = &SeriesPoint> {
    assessment.series.iter().chain(&assessment.latest).chain(&assessment.previous).chain(&assessment.baseline)
}

/// Every period from the first to the last, also those that the series leaves out.
pub(super) fn filled(series: &[SeriesPoint]) -> Vec<(Period, Option<&SeriesPoint>)> {
    with_gaps(series.iter().map(|point| (point.period, point)))
}

/// The same without those that are not missing, since the next figure is given no later than the measure's cadence after the last.
pub(super) fn with_missing<'a>(measure: &Measure, series: &'a [SeriesPoint]) -> Vec<(Period, Option<&'a SeriesPoint>)> {
    let cadence = Span::new().try_months(measure.cadence_months).unwrap_or_default();
    let is_missing = |period: Period| {
        let after = series.partition_point(|point| point.period.end() < period.end());
        let last = after.checked_sub(1).and_then(|i| series[i].period.end().checked_add(cadence).ok());
        last.zip(series.get(after)).is_some_and(|(due, next)| next.period.end() > due)
    };
    filled(series).into_iter().filter(|(period, point)| point.is_some() || is_missing(*period)).collect()
}

/// True for limits that have a place on an axis.
pub(super) fn drawable(limits: &Limits) -> bool {
    limits.lower.is_finite() && limits.upper.is_finite()
}

/// What a chart says: its title, and what stands for it where it cannot be seen, are made of the same words.
pub(super) struct Said<'a> {
    /// What it shows with its main figures, with so much room for each name; no full stop.
    pub finding: &'a dyn Fn(usize) -> String,
    /// What the finding is beside, such as the target: in the title, and where there is room among the words.
    pub beside: Vec<String>,
    /// What else is said where there is room, each a sentence.
    pub more: Vec<String>,
    /// Which table of the pages or of the data annex has its figures.
    pub pointer: &'static str,
    /// Its figures, where no table of the pages has them all.
    pub table: Option<TwinTable>,
}

/// The columns' heads, and rows of cells of which the first names the row.
#[derive(Default)]
pub(super) struct TwinTable {
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// What holds of the whole chart: its name, and what is to be said of it.
    pub lines: Vec<(String, String)>,
}

/// The parts of a figure before it is put together.
pub(super) struct Drawn<'a> {
    pub chart: Chart,
    /// How and of when it is drawn, below the title and after the unit: `by area, 2024/25`.
    pub when: String,
    pub said: Said<'a>,
    pub notes: Vec<String>,
    pub illustrative: bool,
}

impl Drawn<'_> {
    pub(super) fn figure(self, measure: &Measure) -> Figure {
        let Drawn { chart, when, said, notes, illustrative } = self;
        let start = chart.axis_start().map(|start| format!(", axis from {}", figures::plain(measure, start)));
        let Said { finding, beside, more, pointer, table } = said;
        let sentence = |room: usize| sentences::sentence(&finding(room));
        let more: Vec<String> = beside.iter().map(|words| sentences::sentence(words)).chain(more).collect();
        let words = |pointer: &str| alternatives::of_chart(&measure.title, &sentence, &more, pointer);
        let mark = if illustrative { ", illustrative figures" } else { "" };
        let (title, unit) = (measure.title.trim(), measure.unit.in_words());
        let subject = format!("{title}, {unit}, {when}{}{mark}", start.unwrap_or_default());
        let twin = table.map(|table| Twin { alternative: words(BELOW), table: table.captioned(&subject) });
        Figure {
            alternative: words(pointer),
            caption: [&[finding(usize::MAX)][..], &beside].concat().join("; "),
            subject,
            twin,
            note: notes.join(" "),
            chart: tagged_document::drawing::Chart::new(chart),
            illustrative,
        }
    }
}

impl TwinTable {
    pub(super) fn captioned(self, caption: &str) -> Table {
        let TwinTable { head, rows, lines } = self;
        let columns: Vec<Column> =
            (0..head.len()).map(|column| if column == 0 { Column::left() } else { Column::right() }).collect();
        let named = |name: String| Cell::head(vec![Run::text(name)]);
        let span = columns.len().saturating_sub(1).max(1);
        let figures = rows.into_iter().map(|row| {
            let mut cells = row.into_iter();
            cells.next().map(named).into_iter().chain(cells.map(Cell::text)).collect()
        });
        let lines = lines.into_iter().map(|(name, words)| vec![named(name), Cell { span, ..Cell::text(words) }]);
        Table {
            caption: caption.to_owned(),
            full_width: false,
            grid: false,
            columns,
            head: head.into_iter().map(|words| vec![Run::text(words)]).collect(),
            rows: figures.chain(lines).map(|cells| Row { cells, illustrative: false }).collect(),
        }
    }
}

/// Said where any of what is drawn is made up: that all of it is, or some; a space follows.
pub(super) fn some_illustrative(drawn: impl IntoIterator<Item = bool>) -> &'static str {
    let drawn: Vec<bool> = drawn.into_iter().collect();
    match (drawn.contains(&true), drawn.contains(&false)) {
        (false, _) => "",
        (true, false) => "Illustrative figures. ",
        (true, true) => "Some figures are illustrative. ",
    }
}

pub(super) fn any_illustrative<'a>(shown: impl IntoIterator<Item = &'a Assessment>) -> bool {
    shown.into_iter().any(|a| points(a).any(|p| p.illustrative))
}

/// The latest point with a number.
pub(super) fn last(series: &[SeriesPoint]) -> Option<&SeriesPoint> {
    series.iter().rev().find(|point| point.value.number().is_some())
}

/// A number with its unit, but for a unit of many words.
pub(super) fn spoken(measure: &Measure, value: f64) -> String {
    let is_long = measure.unit.in_words().chars().count() > LONGEST_UNIT;
    if is_long { figures::plain(measure, value) } else { figures::number(measure, value) }
}

/// `56.8 (95% limits 55.7 to 57.9)`, without the unit.
pub(super) fn with_limits(measure: &Measure, point: &SeriesPoint) -> String {
    let value = figures::bare(measure, point.value);
    match (point.value, point.limits) {
        (Value::Number(_), Some(_)) => format!("{value} (95% limits {})", figures::limits(measure, point.limits)),
        _ => value,
    }
}
