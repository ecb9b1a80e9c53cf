//! The charts of a measure, each with the words that stand for it: what it says first, then its figures.

mod by_area;
mod control;
mod dumbbell;
mod inequality;
mod over_time;
mod spark;

pub use dumbbell::{Row as DumbbellSource, dumbbell};
pub use inequality::inequalities;
pub use spark::spark;

use super::figures;
use super::measure::points;
use super::sentences;
use crate::evaluate::{Assessment, Flag, Point};
use crate::framework::{InterimTarget, Measure, Target};
use crate::period::{Period, with_gaps};
use crate::report::Pack;
use crate::report::charts::Chart;
use crate::value::{Limits, Value};
use tagged_document::model::Figure;

/// Areas beyond this are drawn one below the other rather than as lines that cross.
const MOST_LINES: usize = 4;
/// A chart of more areas than this would not fit a page; the table has them all.
const MOST_AREAS: usize = 30;
/// Periods that an alternative text gives in full.
const MOST_SPOKEN: usize = 10;

/// What a chart of a measure is made from.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub pack: &'a Pack<'a>,
    pub measure: &'a Measure,
    pub target: &'a Target,
    /// Values on the way to it.
    pub interim: &'a [InterimTarget],
    pub head: &'a Assessment,
    pub areas: &'a [Assessment],
    /// The comparator's name.
    pub compared_with: &'a str,
    /// What the measure says, in a sentence: an alternative text starts with it.
    pub message: &'a str,
}

impl<'a> Subject<'a> {
    fn name(&self, of: &Assessment) -> String {
        sentences::whose(self.measure.name_of(&of.area, self.pack.areas), of)
    }
}

/// The chart that says most: a control chart for monthly or quarterly figures; lines over time for the system or for
/// a few areas; otherwise the areas beside each other. None for fewer than two figures.
pub fn chart(of: &Subject<'_>) -> Option<Figure> {
    let charted = |a: &&Assessment| a.series.iter().filter(|p| p.value.number().is_some()).count() >= 2;
    let by_area = of.head.flags.contains(&Flag::ByArea) || of.head.latest.is_none();
    let over_time: Vec<&Assessment> = of.areas.iter().filter(charted).collect();
    if by_area && !over_time.is_empty() && over_time.len() == of.areas.len() && of.areas.len() <= MOST_LINES {
        return Some(over_time::figure(of, &over_time));
    }
    let judged = of.areas.iter().filter(|a| a.latest.as_ref().is_some_and(|p| p.value.number().is_some())).count();
    if by_area && judged >= 2 && of.areas.len() <= MOST_AREAS {
        return Some(by_area::figure(of));
    }
    if let Some(figure) = control::figure(of) {
        return Some(figure);
    }
    Some(of.head).filter(charted).map(|head| over_time::figure(of, &[head]))
}

pub use control::icons;

/// Every period from the first to the last, also those that the series leaves out.
fn filled(series: &[Point]) -> Vec<(Period, Option<&Point>)> {
    with_gaps(series.iter().map(|point| (point.period, point)))
}

/// True for limits that have a place on an axis.
fn drawable(limits: &Limits) -> bool {
    limits.lower.is_finite() && limits.upper.is_finite()
}

/// The parts of a figure before it is put together.
struct Drawn {
    chart: Chart,
    /// Above it, before the unit: `By area: 2024/25`.
    when: String,
    /// After the message, each a sentence.
    said: Vec<String>,
    notes: Vec<String>,
    illustrative: bool,
}

impl Drawn {
    fn figure(self, measure: &Measure, message: &str) -> Figure {
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

fn any_illustrative<'a>(shown: impl IntoIterator<Item = &'a Assessment>) -> bool {
    shown.into_iter().any(|a| points(a).any(|p| p.illustrative))
}

/// Every figure of a short series; of a long one the first, the least, the greatest and the latest.
fn spoken_series(measure: &Measure, name: &str, assessment: &Assessment) -> String {
    let numbers: Vec<(&Point, f64)> = assessment.series.iter().filter_map(|p| Some((p, p.value.number()?))).collect();
    if assessment.series.len() <= MOST_SPOKEN {
        let all: Vec<String> = assessment.series.iter().map(|p| spoken_point(measure, p)).collect();
        return format!("{name}: {}.", all.join("; "));
    }
    let (Some((first, _)), Some((last, _))) = (numbers.first(), numbers.last()) else { return format!("{name}: no figure.") };
    let least = numbers.iter().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(*first, |(p, _)| p);
    let most = numbers.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(*last, |(p, _)| p);
    format!(
        "{name}, {} with a figure: first {}; lowest {}; highest {}; latest {}.",
        crate::counted::counted(numbers.len(), "period", "periods"),
        spoken_point(measure, first),
        spoken_point(measure, least),
        spoken_point(measure, most),
        spoken_point(measure, last)
    )
}

fn spoken_point(measure: &Measure, point: &Point) -> String {
    format!("{} in {}", spoken_value(measure, point), figures::period(point.period))
}

/// `56.8% (95% limits 55.7 to 57.9)`.
fn spoken_value(measure: &Measure, point: &Point) -> String {
    let value = figures::value(measure, point.value);
    match (point.value, point.limits) {
        (Value::Number(_), Some(_)) => format!("{value} (95% limits {})", figures::limits(measure, point.limits)),
        _ => value,
    }
}
