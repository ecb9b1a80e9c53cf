//! The figures of a place beside the comparator's and those of all areas of its kind.

use super::drawn::some_illustrative;
use crate::counted::counted;
use crate::evaluate::Comparison;
use crate::report::alternatives;
use crate::report::charts::{Chart, SpineChart, SpineFigures, SpineKey, SpineMark, SpineRow};
use crate::report::content::rug_cells::marks;
use crate::report::content::{MeasureView, SpineFigure, SpinePart, figures, sentences};
use tagged_document::model::Figure;

/// How high the first chart is at most, which shares its page with other things, and each that goes on, in points.
const FIRST: f32 = 135.0;
const MOST: f32 = 400.0;

/// About how high a row is, and what stands above rows.
const ROW: f32 = 25.0;
const ROW_OF_AREA: f32 = 14.0;
const TITLE: f32 = 15.0;

/// One or more charts, none without a figure of the comparator beside one; `of` is the area, `with` the comparator's name.
pub fn spine(parts: &[SpinePart<'_>], of: &str, with: &str) -> Vec<Figure> {
    let mut measures: Vec<Vec<Drawn<'_>>> = Vec::new();
    for part in parts {
        let mut title = part.title.as_str();
        for measure in &part.measures {
            let rows = rows(measure, title);
            if !rows.is_empty() {
                title = "";
                measures.push(rows);
            }
        }
    }
    let charts = divided(measures);
    let all = charts.len();
    let key = key(charts.iter().flatten(), with);
    let without_spread = charts.iter().flatten().any(|row| row.row.figures.spread.is_none());
    charts.into_iter().enumerate().map(|(i, rows)| figure((i, all), rows, (&key, without_spread), (of, with))).collect()
}

/// The rows of the measures as charts: a low one first, the others about equally high.
fn divided(measures: Vec<Vec<Drawn<'_>>>) -> Vec<Vec<Drawn<'_>>> {
    let all: f32 = measures.iter().map(|rows| height(rows)).sum();
    let equal = |rest: f32| rest / (rest / MOST).ceil().max(1.0);
    let (mut charts, mut used, mut before) = (Vec::new(), 0.0, 0.0);
    let mut room = if all <= 1.5 * FIRST { all } else { FIRST };
    for rows in measures {
        let needed = height(&rows);
        // The one that is begun takes a measure that is for the most part within its room.
        let overflow = if charts.len() < 2 { needed } else { needed / 2.0 };
        if charts.is_empty() || used + overflow > room {
            if !charts.is_empty() {
                room = equal(all - before);
            }
            charts.push(Vec::new());
            used = 0.0;
        }
        used += needed;
        before += needed;
        charts.last_mut().into_iter().for_each(|chart: &mut Vec<Drawn<'_>>| chart.extend(rows.iter().cloned()));
    }
    charts
}

/// About how high the rows of one measure are.
fn height(rows: &[Drawn<'_>]) -> f32 {
    let above = |row: &SpineRow| [&row.heading, &row.title].into_iter().filter(|words| !words.is_empty()).count() as f32 * TITLE;
    let row = |row: &SpineRow| if row.below.is_empty() { ROW_OF_AREA } else { ROW };
    rows.iter().map(|of| above(&of.row) + row(&of.row)).sum()
}

/// A row with what it is made from.
#[derive(Clone)]
struct Drawn<'v> {
    figure: &'v SpineFigure,
    row: SpineRow,
}

fn rows<'v>(measure: &'v MeasureView, part: &str) -> Vec<Drawn<'v>> {
    let drawn = measure.spine.iter().filter_map(|figure| Some((figure, figure.drawn?)));
    let drawn = drawn.filter(|(_, figures)| figures.at(figures.value).is_some());
    let under = |figure: &SpineFigure| {
        let way = if measure.spine_is_neutral { "higher is to the right" } else { "" };
        let old = if figure.old { "old" } else { "" };
        let illustrative = if figure.illustrative { "illustrative" } else { "" };
        let parts = [measure.unit.as_str(), figure.period.as_str(), old, illustrative, way];
        parts.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ")
    };
    let reach = |figure: &SpineFigure| {
        let without_bars = figure.drawn.filter(|of| of.spread.is_none());
        without_bars.map_or(String::new(), |of| format!("ends at ±{:.0}%", of.reach * 100.0))
    };
    let first = measure.spine.first().map_or("", |figure| figure.period.as_str());
    let rows = drawn.enumerate().map(|(i, (figure, figures)): (usize, (&SpineFigure, SpineFigures))| {
        let (letter, ground) = marks(figure.comparison);
        let is_own = figure.area.is_empty();
        let heading = if i == 0 { part.to_owned() } else { String::new() };
        let (title, name, below) = match (is_own, i) {
            (true, _) => {
                let below: Vec<String> = [under(figure), reach(figure)].into_iter().filter(|words| !words.is_empty()).collect();
                (String::new(), measure.title.clone(), below.join(", "))
            }
            (false, 0) => (format!("{} ({})", measure.title, under(figure)), figure.area.clone(), String::new()),
            // One of another period says so.
            (false, _) if figure.period != first => {
                (String::new(), format!("{} ({})", figure.area, figure.period), String::new())
            }
            (false, _) => (String::new(), figure.area.clone(), String::new()),
        };
        let row = SpineRow {
            heading,
            reach: if title.is_empty() { String::new() } else { reach(figure) },
            title,
            name,
            below,
            count: figure.count.clone(),
            value: figure.value.clone(),
            comparator: figure.comparator.clone(),
            letter,
            ground,
            figures,
        };
        Drawn { figure, row }
    });
    rows.collect()
}

fn figure(
    (i, all): (usize, usize),
    rows: Vec<Drawn<'_>>,
    (key, without_spread): (&[SpineKey], bool),
    (of, with): (&str, &str),
) -> Figure {
    let count = |wanted: &[Comparison]| rows.iter().filter(|row| wanted.contains(&row.figure.comparison)).count();
    let said = [
        (count(&[Comparison::Worse]), "worse"),
        (count(&[Comparison::Better]), "better"),
        (count(&[Comparison::Similar]), "similar"),
        (count(&[Comparison::Higher, Comparison::Lower]), "higher or lower"),
        (count(&[Comparison::NotCompared]), "not compared"),
    ];
    let said: Vec<String> = said.iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{n} {words}")).collect();
    let finding = format!("{} beside {with}: {}", counted(rows.len(), "figure", "figures"), sentences::joined(&said));
    let part = if all > 1 { format!(" ({} of {all})", i + 1) } else { String::new() };
    let illustrative = rows.iter().any(|row| row.figure.illustrative);
    let is_last = i + 1 == all;
    let first = format!("{with} is the middle line, and better is to the right.");
    let has_spread = key.iter().any(|key| key.mark == SpineMark::All);
    let with_spread = "A row with bars reaches as far as the best or the worst of all areas, whichever is farther.";
    let scale = format!("A row without bars ends as far from {with}’s figure as it says; an arrow marks a figure beyond.");
    let notes = [
        illustrative.then(|| some_illustrative(rows.iter().map(|row| row.figure.illustrative)).trim_end().to_owned()),
        is_last.then_some(first),
        (is_last && has_spread).then_some(with_spread.to_owned()),
        (is_last && without_spread).then_some(scale),
    ];
    let said = |_: usize| format!("{}.", sentences::capitalised(&finding));
    Figure {
        caption: finding.clone(),
        subject: format!("{of}{part}"),
        alternative: alternatives::of_chart(
            &format!("Spine chart{part}"),
            &said,
            &[],
            "The table of these figures has them all.",
        ),
        twin: None,
        note: notes.into_iter().flatten().collect::<Vec<_>>().join(" "),
        chart: tagged_document::drawing::Chart::new(Chart::Spine(SpineChart {
            rows: rows.into_iter().map(|row| row.row).collect(),
            comparator: with.to_owned(),
            key: if is_last { key.to_vec() } else { Vec::new() },
        })),
        illustrative,
    }
}

/// What is in use, of all charts.
fn key<'d, 'v: 'd>(rows: impl Iterator<Item = &'d Drawn<'v>> + Clone, with: &str) -> Vec<SpineKey> {
    let letters = [
        (Comparison::Better, format!("better than {with} (95%)")),
        (Comparison::Similar, format!("similar to {with}")),
        (Comparison::Worse, format!("worse than {with} (95%)")),
        (Comparison::Higher, format!("higher than {with} (95%)")),
        (Comparison::Lower, format!("lower than {with} (95%)")),
        (Comparison::NotCompared, format!("{}, for want of limits", figures::NOT_COMPARED)),
    ];
    let letters = letters.into_iter().filter(|(of, _)| rows.clone().any(|row| row.figure.comparison == *of));
    let mut key: Vec<SpineKey> = letters
        .map(|(of, words)| {
            let (letter, ground) = marks(of);
            SpineKey { mark: SpineMark::Figure { letter, ground }, words }
        })
        .collect();
    let any = |is: &dyn Fn(&SpineFigures) -> bool| rows.clone().any(|row| is(&row.row.figures));
    let others = [
        (any(&|of| of.limits.is_some()), SpineMark::Limits, "95% limits"),
        (any(&|of| of.spread.is_some()), SpineMark::All, "all areas of the kind"),
        (any(&|of| of.spread.is_some()), SpineMark::MiddleHalf, "the middle half of them"),
        (any(&|of| of.neighbours.is_some()), SpineMark::Neighbours, "mean of the nearest neighbours"),
    ];
    key.extend(
        others.into_iter().filter(|(is_used, ..)| *is_used).map(|(_, mark, words)| SpineKey { mark, words: words.to_owned() }),
    );
    key
}
