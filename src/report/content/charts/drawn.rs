//! The parts of a figure before it is put together, and the words that stand for it.

use crate::counted::counted;
use crate::evaluate::{Assessment, SeriesPoint};
use crate::framework::Measure;
use crate::period::{Period, with_gaps};
use crate::report::charts::Chart;
use crate::report::content::{figures, sentences};
use crate::value::{Limits, Value};
use tagged_document::model::Figure;

/// Periods that an alternative text gives in full.
const MOST_SPOKEN: usize = 10;

/// Every point of an assessment.
pub(in crate::report::content) fn points(assessment: &Assessment) -> impl Iterator<Item = &SeriesPoint> {
    assessment.series.iter().chain(&assessment.latest).chain(&assessment.previous).chain(&assessment.baseline)
}

/// Every period from the first to the last, also those that the series leaves out.
pub(super) fn filled(series: &[SeriesPoint]) -> Vec<(Period, Option<&SeriesPoint>)> {
    with_gaps(series.iter().map(|point| (point.period, point)))
}

/// True for limits that have a place on an axis.
pub(super) fn drawable(limits: &Limits) -> bool {
    limits.lower.is_finite() && limits.upper.is_finite()
}

/// The parts of a figure before it is put together.
pub(super) struct Drawn {
    pub chart: Chart,
    /// Above it, before the unit: `By area: 2024/25`.
    pub when: String,
    /// After the message, each a sentence.
    pub said: Vec<String>,
    pub notes: Vec<String>,
    pub illustrative: bool,
}

impl Drawn {
    pub(super) fn figure(self, measure: &Measure, message: &str) -> Figure {
        let Drawn { chart, when, mut said, mut notes, illustrative } = self;
        if let Some(start) = chart.axis_start() {
            notes.push(format!("The value axis starts at {}, not at zero.", figures::number(measure, start)));
        }
        if illustrative {
            notes.insert(0, "Illustrative figures.".to_owned());
        }
        let title = sentences::sentence(&measure.title);
        said.splice(0..0, [title, message.to_owned()].into_iter().filter(|words| !words.is_empty()));
        Figure {
            caption: format!("{when}, {}", measure.unit.in_words()),
            alternative: said.join(" "),
            note: notes.join(" "),
            chart: tagged_document::drawing::Chart::new(chart),
            illustrative,
        }
    }
}

pub(super) fn any_illustrative<'a>(shown: impl IntoIterator<Item = &'a Assessment>) -> bool {
    shown.into_iter().any(|a| points(a).any(|p| p.illustrative))
}

/// Every figure of a short series; of a long one the first, the least, the greatest and the latest.
pub(super) fn spoken_series(measure: &Measure, name: &str, assessment: &Assessment) -> String {
    let numbers: Vec<(&SeriesPoint, f64)> = assessment.series.iter().filter_map(|p| Some((p, p.value.number()?))).collect();
    if assessment.series.len() <= MOST_SPOKEN {
        let all: Vec<String> = assessment.series.iter().map(|p| spoken_point(measure, p)).collect();
        return format!("{name}: {}.", all.join("; "));
    }
    let (Some((first, _)), Some((last, _))) = (numbers.first(), numbers.last()) else { return format!("{name}: no figure.") };
    let least = numbers.iter().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(*first, |(p, _)| p);
    let most = numbers.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(*last, |(p, _)| p);
    format!(
        "{name}, {} with a figure: first {}; lowest {}; highest {}; latest {}.",
        counted(numbers.len(), "period", "periods"),
        spoken_point(measure, first),
        spoken_point(measure, least),
        spoken_point(measure, most),
        spoken_point(measure, last)
    )
}

pub(super) fn spoken_point(measure: &Measure, point: &SeriesPoint) -> String {
    format!("{} in {}", spoken_value(measure, point), figures::period(point.period))
}

/// `56.8% (95% limits 55.7 to 57.9)`.
pub(super) fn spoken_value(measure: &Measure, point: &SeriesPoint) -> String {
    let value = figures::value(measure, point.value);
    match (point.value, point.limits) {
        (Value::Number(_), Some(_)) => format!("{value} (95% limits {})", figures::limits(measure, point.limits)),
        _ => value,
    }
}
