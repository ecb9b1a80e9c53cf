//! Every kind of chart with figures that are hard to draw.

use super::*;
use crate::assets::Assets;
use crate::period::{Period, YearKind};
use crate::report::fonts;
use crate::report::icons::{Icon, icon};
use crate::report::theme::{Theme, VariationColours};
use crate::value::{Limits, Polarity};
use indicator_stats::spc;
use jiff::civil::date;
use proptest::prelude::*;
use tagged_document::drawing::{Draw, Drawing, Setter};
use tagged_document::look::{Colour, Look};
use tagged_document::model::Align;
use tagged_document::shapes::{Position, Shape};
use tagged_document::{Shaper, Sparkline, Style};

/// The built-in theme with its own fonts, so that widths are those of a pack.
pub(super) fn with_setter<T>(run: impl FnOnce(&Look, &mut Setter<'_>) -> T) -> T {
    let text = Assets::templates(None).read_text("board_pack/theme.toml").unwrap();
    let theme = Theme::parse(&[(text, "theme.toml".to_owned())]).unwrap();
    let look = theme.look();
    let fonts = fonts::load(&theme, &Assets::fonts(None), "theme.toml").unwrap();
    let mut shaper = Shaper::new(&look, &fonts);
    let mut set = |words: &str, size: f32, bold: bool, colour: Colour| {
        shaper.label(words, Style { size, leading: 1.2, bold, colour, align: Align::Left })
    };
    run(&look, &mut set)
}

pub(super) fn months(count: usize) -> Vec<Period> {
    let first = Period::parse("Apr 2011", YearKind::Financial).unwrap();
    std::iter::successors(Some(first), |period| Some(period.next_step())).take(count).collect()
}

pub(super) fn years(count: usize) -> Vec<Period> {
    let first = Period::parse("2010 - 12", YearKind::Calendar).unwrap();
    std::iter::successors(Some(first), |period| Some(period.next_step())).take(count).collect()
}

/// Figures that go up and down by an eighth around `middle`, the same every time.
pub(super) fn wavy(count: usize, middle: f64) -> Vec<Option<f64>> {
    (0..count).map(|i| Some(middle * (1.0 + 0.125 * ((i * 7919) as f64).sin()))).collect()
}

fn around(value: f64) -> Limits {
    Limits { lower: value - value.abs() * 0.06, upper: value + value.abs() * 0.06 }
}

pub(super) fn line(label: &str, periods: &[Period], values: &[Option<f64>]) -> ChartSeries {
    let points = periods
        .iter()
        .zip(values)
        .map(|(period, value)| ChartPoint { period: *period, value: *value, limits: value.map(around), doubtful: false })
        .collect();
    ChartSeries { label: label.to_owned(), points }
}

fn lines(periods: &[Period], values: &[Option<f64>]) -> LineChart {
    let latest = values.iter().rev().find_map(|v| *v).unwrap_or(1.0);
    LineChart {
        series: vec![line("Nottingham and Nottinghamshire 57.4", periods, values)],
        comparator: Some(("England 61.2".to_owned(), periods.iter().map(|p| (*p, latest * 1.05)).collect())),
        target: None,
        own_targets: Vec::new(),
        trajectory: Vec::new(),
        projection: None,
        breaks: Vec::new(),
    }
}

fn with_target(chart: LineChart) -> LineChart {
    let first = chart.series[0].points.iter().find_map(|p| p.value).unwrap_or(1.0);
    let projected = first * 1.1;
    LineChart {
        target: Some(TargetLine { value: first * 1.3, label: "Target: 74.0 by March 2030".to_owned(), years: Vec::new() }),
        own_targets: vec![(0, TargetLine { value: first * 1.2, label: "Target, Nottingham 68.3".to_owned(), years: Vec::new() })],
        trajectory: vec![(date(2013, 3, 31), first), (date(2030, 3, 31), first * 1.3)],
        projection: Some(ProjectionLine {
            due: date(2030, 3, 31),
            value: projected,
            limits: Limits { lower: projected * 0.9, upper: projected * 1.15 },
            decimals: 1,
        }),
        ..chart
    }
}

fn control(values: &[Option<f64>], polarity: Polarity, rebase_at: Vec<usize>) -> ControlChart {
    let given: Vec<f64> = values.iter().flatten().copied().collect();
    let options = spc::Options { rebase_at, ..spc::Options::new(polarity) };
    let mut drawn = spc::chart(&given, &options).points.into_iter();
    let points = months(values.len()).into_iter().zip(values).map(|(p, v)| (p, v.and_then(|_| drawn.next()))).collect();
    let (doubtful, steps) = (Vec::new(), Vec::new());
    ControlChart {
        doubtful,
        steps,
        points,
        target: given.first().map(|first| TargetLine { value: first * 0.95, label: "Target 95.0".to_owned(), years: Vec::new() }),
    }
}

fn rows(names: &[&str], values: &[Option<f64>]) -> Vec<AreaRow> {
    let label = |value: Option<f64>| value.map_or("suppressed".to_owned(), |v| crate::value::format_number(v, 1));
    let row = |(name, value): (&&str, &Option<f64>)| AreaRow {
        name: (*name).to_owned(),
        label: label(*value),
        value: *value,
        limits: value.map(around),
    };
    names.iter().zip(values).map(row).collect()
}

fn inequality(names: &[&str], values: &[Option<f64>]) -> InequalityChart {
    let ends = values.first().copied().flatten().zip(values.last().copied().flatten());
    InequalityChart {
        shares: Vec::new(),
        groups: rows(names, values),
        slope: ends,
        slope_label: "Slope index 12.3 (10.1 to 14.5)".to_owned(),
        comparator: ends.map(|(a, b)| ("England 25.0".to_owned(), f64::midpoint(a, b))),
    }
}

fn dumbbell(figures: &[[Option<f64>; 3]]) -> DumbbellChart {
    let words = |value: Option<f64>| value.map(|v| (v, crate::value::format_number(v, 1)));
    let names = ["Smoking prevalence in adults", "Under-75 mortality rate from causes considered preventable", "Falls"];
    let row = |(i, [baseline, latest, target]): (usize, &[Option<f64>; 3])| DumbbellRow {
        name: names[i % names.len()].to_owned(),
        baseline: words(*baseline),
        latest: words(*latest),
        target: words(*target),
        higher_is_better: i % 2 == 0,
    };
    DumbbellChart { rows: figures.iter().enumerate().map(row).collect() }
}

pub(super) const AREAS: [&str; 12] = [
    "Nottingham",
    "Ashfield",
    "Bassetlaw",
    "Broxtowe",
    "Gedling",
    "Mansfield",
    "Newark and Sherwood",
    "Rushcliffe",
    "Nottinghamshire (county and upper-tier authority)",
    "Mid Nottinghamshire place-based partnership",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "South Nottinghamshire",
];
const TENTHS: [&str; 10] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];

/// Every kind of chart, with what a pack has and what it may come to have.
/// Figures beside a comparator of 12: every other row with those of all areas, each third with a title of its own.
fn spine(values: &[Option<f64>], comparator: f64) -> SpineChart {
    let marks = [(Some("B"), Some("better")), (Some("W"), Some("worse")), (None, None)];
    let row = |(i, value): (usize, f64)| SpineRow {
        heading: if i == 0 { "Aim 1: Improve outcomes in population health and healthcare" } else { "" }.to_owned(),
        title: if i % 3 == 0 { "Inequality in life expectancy at birth inside each district (years, 2022–24)" } else { "" }
            .to_owned(),
        reach: if i % 2 == 0 { "" } else { "ends at ±50%" }.to_owned(),
        name: "Newark and Sherwood".to_owned(),
        below: if i % 2 == 0 { "per 100,000, 2017/18, old" } else { "" }.to_owned(),
        count: "12,345".to_owned(),
        value: "1,234.5".to_owned(),
        comparator: "987.6".to_owned(),
        letter: marks[i % 3].0,
        ground: marks[i % 3].1,
        figures: SpineFigures {
            value,
            limits: Some(around(value)),
            comparator,
            spread: (i % 2 == 0).then_some([comparator * 0.4, comparator * 0.9, comparator * 1.2, comparator * 1.9]),
            reach: 0.5,
            neighbours: Some(comparator * 1.1),
            lower_is_better: i % 4 == 0,
        },
    };
    let rows = values.iter().flatten().copied().enumerate().map(row).collect();
    let key = |mark, words: &str| SpineKey { mark, words: words.to_owned() };
    let key = vec![
        key(SpineMark::Figure { letter: Some("B"), ground: Some("better") }, "better than England (95%)"),
        key(SpineMark::Limits, "95% limits"),
        key(SpineMark::All, "all areas of the kind"),
        key(SpineMark::MiddleHalf, "the middle half of them"),
        key(SpineMark::Neighbours, "mean of the nearest neighbours"),
    ];
    SpineChart { rows, comparator: "England".to_owned(), key }
}

fn gallery() -> Vec<(&'static str, Chart)> {
    let gapped: Vec<Option<f64>> =
        wavy(14, 57.0).into_iter().enumerate().map(|(i, v)| v.filter(|_| ![3, 4, 8].contains(&i))).collect();
    let mut many = lines(&years(12), &wavy(12, 57.0));
    let others = ["Mid Nottinghamshire place-based partnership 55.0", "Bassetlaw 54.1", "South Nottinghamshire 60.2"];
    for (i, name) in others.into_iter().enumerate() {
        many.series.push(line(name, &years(12), &wavy(12, 54.0 + 3.0 * i as f64)));
    }
    let shift: Vec<Option<f64>> =
        wavy(40, 100.0).into_iter().enumerate().map(|(i, v)| v.map(|v| if i > 24 { v + 25.0 } else { v })).collect();
    let fifths = ["Most deprived", "Second", "Third", "Fourth", "Least deprived"];
    let falling = |n: usize| -> Vec<Option<f64>> { (0..n).map(|i| Some(40.0 - 2.5 * i as f64)).collect() };
    let mut holed = falling(10);
    (holed[2], holed[6]) = (None, None);
    let thirty: Vec<&str> = AREAS.into_iter().cycle().take(30).collect();
    let areas = |names: &[&str], values: &[Option<f64>]| {
        Chart::Areas(AreaChart { rows: rows(names, values), comparator: Some(("England 31.0".to_owned(), 31.0)) })
    };
    let mut some = wavy(12, 30.0);
    some[4] = None;
    vec![
        ("lines 1 period", Chart::Lines(lines(&years(1), &[Some(57.4)]))),
        ("lines 1 period and goal", Chart::Lines(with_target(lines(&years(1), &[Some(57.4)])))),
        ("lines 2 periods", Chart::Lines(lines(&years(2), &wavy(2, 57.0)))),
        ("lines with goal", Chart::Lines(with_target(lines(&years(14), &wavy(14, 57.0))))),
        ("lines with gaps and goal", Chart::Lines(with_target(lines(&years(14), &gapped)))),
        ("lines of four areas", Chart::Lines(many)),
        ("lines 60 months", Chart::Lines(lines(&months(60), &wavy(60, 57.0)))),
        ("lines 180 months and goal", Chart::Lines(with_target(lines(&months(180), &wavy(180, 57.0))))),
        ("lines all missing", Chart::Lines(lines(&years(8), &[None; 8]))),
        ("lines all zero", Chart::Lines(lines(&years(8), &[Some(0.0); 8]))),
        ("lines 0.004", Chart::Lines(with_target(lines(&years(8), &wavy(8, 0.004))))),
        ("lines 12,345,678", Chart::Lines(with_target(lines(&years(8), &wavy(8, 12_345_678.0))))),
        ("lines negative", Chart::Lines(with_target(lines(&years(8), &wavy(8, -5.0))))),
        ("lines far apart", Chart::Lines(lines(&years(4), &[Some(0.02), Some(90_000.0), Some(-3.0), Some(1e12)]))),
        ("control 24 with a shift", Chart::Control(control(&shift, Polarity::Low, Vec::new()))),
        ("control rebased", Chart::Control(control(&shift, Polarity::High, vec![25]))),
        ("control without direction", Chart::Control(control(&shift, Polarity::None, vec![]))),
        ("control doubtful and step", {
            let control = control(&wavy(30, 12.0), Polarity::High, vec![15]);
            let at = |i: usize| control.points[i].0;
            Chart::Control(ControlChart { doubtful: vec![at(4), at(20)], steps: vec![at(15)], ..control.clone() })
        }),
        ("control 9 trial", Chart::Control(control(&wavy(9, 12.0), Polarity::High, Vec::new()))),
        ("control gaps", Chart::Control(control(&gapped, Polarity::High, Vec::new()))),
        ("control 180", Chart::Control(control(&wavy(180, 3000.0), Polarity::High, vec![60]))),
        ("control 1", Chart::Control(control(&[Some(4.0)], Polarity::High, Vec::new()))),
        ("inequality fifths", Chart::Inequality(inequality(&fifths, &falling(5)))),
        ("inequality tenths", Chart::Inequality(inequality(&TENTHS, &falling(10)))),
        ("inequality with groups suppressed", Chart::Inequality(inequality(&TENTHS, &holed))),
        ("inequality big", Chart::Inequality(inequality(&fifths, &wavy(5, 12_345_678.0)))),
        ("areas 12", areas(&AREAS, &some)),
        ("areas 30", areas(&thirty, &wavy(30, 30.0))),
        ("spine", Chart::Spine(spine(&wavy(9, 12.0), 12.0))),
        ("spine beyond its ends", Chart::Spine(spine(&[Some(1.0), Some(400.0), Some(-90.0), Some(12.0)], 12.0))),
        ("areas all missing", areas(&AREAS[..3], &[None; 3])),
        (
            "dumbbell",
            Chart::Dumbbell(dumbbell(&[
                [Some(15.2), Some(13.1), Some(5.0)],
                [Some(180.0), Some(195.5), Some(150.0)],
                [Some(12_345_678.0), Some(12_345_678.0), None],
                [None, Some(3.0), Some(4.0)],
                [Some(3.0), None, Some(4.0)],
                [None, None, None],
                [Some(0.004), Some(0.0041), Some(9.0)],
            ])),
        ),
    ]
}

/// What lies outside the box, is no number, or touches another label below the plot.
pub(super) fn faults(drawing: &Drawing, width: f32) -> Vec<String> {
    let mut faults = Vec::new();
    let inside = |(x, y): Position| x >= -0.6 && x <= width + 0.6 && y >= -0.6 && y <= drawing.height + 0.6;
    let mut texts: Vec<[f32; 4]> = Vec::new();
    for shape in &drawing.shapes {
        match shape {
            Shape::Text { at: (x, y), text } => {
                let (top, bottom) = (y - text.size * 0.7, y + text.size * 0.22);
                let said: String = text.glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
                if !(inside((*x, top)) && inside((x + text.width(), bottom))) {
                    faults.push(format!("{said:?} at {x} {y} is outside"));
                }
                let this = [*x, top, x + text.width(), bottom];
                if texts.iter().any(|o| this[0] < o[2] && o[0] < this[2] && this[1] < o[3] && o[1] < this[3]) {
                    faults.push(format!("{said:?} at {x} {y} touches another label"));
                }
                texts.push(this);
            }
            Shape::Line { points, .. } | Shape::Fill { points, .. } => {
                faults.extend(points.iter().filter(|spot| !inside(**spot)).map(|spot| format!("{spot:?} is outside")));
            }
        }
    }
    faults
}

#[test]
fn gallery_charts_fit_and_labels_never_touch() {
    let (_, charts): (Vec<_>, Vec<_>) = gallery().into_iter().unzip();
    assert_fit(&charts, &[240.0, 482.0, 720.0]);
}

/// In the box, without labels that touch, so many points wide.
pub(super) fn assert_fit(charts: &[Chart], widths: &[f32]) {
    with_setter(|look, set| {
        for (width, chart) in widths.iter().flat_map(|width| charts.iter().map(move |chart| (*width, chart))) {
            assert_eq!(faults(&chart.draw(width, look, set), width), Vec::<String>::new(), "{chart:?}, {width} points wide");
        }
    });
}

#[test]
fn empty_charts_say_so_without_axes() {
    with_setter(|theme, set| {
        let drawing = Chart::Lines(LineChart { comparator: None, ..lines(&years(8), &[None; 8]) }).draw(480.0, theme, set);
        assert_eq!(drawing.shapes.len(), 1);
        let empty = [
            Chart::Control(ControlChart { points: Vec::new(), target: None, doubtful: Vec::new(), steps: Vec::new() }),
            Chart::Areas(AreaChart { rows: Vec::new(), comparator: None }),
            Chart::Inequality(inequality(&[], &[])),
        ];
        for chart in empty {
            assert!(matches!(chart.draw(480.0, theme, set).shapes.as_slice(), [Shape::Text { .. }]), "{chart:?}");
        }
    });
}

#[test]
fn no_line_bridges_a_period_without_a_figure() {
    with_setter(|theme, set| {
        let values = [Some(1.0), Some(2.0), None, Some(4.0), Some(3.0)];
        let chart = LineChart { comparator: None, ..lines(&years(5), &values) };
        let drawing = Chart::Lines(chart).draw(480.0, theme, set);
        let own: Vec<usize> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Line { points, width: 1.6, dash, .. } if dash.is_empty() => Some(points.len()),
                _ => None,
            })
            .collect();
        // Two stretches of two, and the sample beside the label.
        assert_eq!(own, [2, 2, 2]);
    });
}

#[test]
fn only_future_due_dates_lengthen_the_axis() {
    with_setter(|theme, set| {
        let words = |chart: LineChart, set: &mut Setter<'_>| -> Vec<String> {
            let drawing = Chart::Lines(chart).draw(480.0, theme, set);
            let texts = drawing.shapes.into_iter().filter_map(|shape| match shape {
                Shape::Text { text, .. } => Some(text.glyphs.iter().map(|glyph| glyph.text.as_str()).collect()),
                _ => None,
            });
            texts.collect()
        };
        let chart = with_target(lines(&years(8), &wavy(8, 57.0)));
        let ahead = words(chart.clone(), set);
        assert!(ahead.iter().any(|w| w == "Mar 2030") && ahead.iter().any(|w| w.starts_with("Projected 6")), "{ahead:?}");
        let projection = chart.projection.map(|p| ProjectionLine { due: date(2015, 1, 1), ..p });
        let behind = words(LineChart { projection, trajectory: Vec::new(), ..chart }, set);
        assert!(
            !behind.iter().any(|w| w.contains("2030") && !w.starts_with("Target") || w.starts_with("Projected")),
            "{behind:?}"
        );
    });
}

#[test]
fn better_is_always_to_the_right() {
    with_setter(|theme, set| {
        let discs = |higher_is_better: bool, set: &mut Setter<'_>| -> (f32, f32) {
            let mut chart = dumbbell(&[[Some(10.0), Some(8.0), None]]);
            chart.rows[0].higher_is_better = higher_is_better;
            let drawing = Chart::Dumbbell(chart).draw(480.0, theme, set);
            let fills: Vec<f32> = drawing
                .shapes
                .iter()
                .filter_map(|shape| match shape {
                    Shape::Fill { points, .. } if points.len() > 20 => Some(points[14].0),
                    _ => None,
                })
                .collect();
            // The row's ring and disc come after those of the heading.
            (fills[fills.len() - 2], fills[fills.len() - 1])
        };
        let (baseline, latest) = discs(false, set);
        assert!(latest > baseline);
        let (baseline, latest) = discs(true, set);
        assert!(latest < baseline);
    });
}

#[test]
fn icons_differ_without_colour() {
    let colours = VariationColours::default();
    let all = Icon::ALL;
    let outlines: Vec<Vec<Vec<Position>>> = all
        .into_iter()
        .map(|which| {
            let shapes = icon(which, (0.0, 0.0), 16.0, &colours);
            assert_eq!(faults(&Drawing { height: 16.0, shapes: shapes.clone() }, 16.0), Vec::<String>::new(), "{which:?}");
            let points = shapes.into_iter().map(|shape| match shape {
                Shape::Line { points, .. } | Shape::Fill { points, .. } => points,
                Shape::Text { .. } => Vec::new(),
            });
            points.collect()
        })
        .collect();
    for (i, one) in outlines.iter().enumerate() {
        assert!(!outlines[..i].contains(one), "{:?}", all[i]);
    }
}

#[test]
fn unchanging_sparklines_are_level() {
    let look = with_setter(|look, _| look.clone());
    let level = Sparkline { values: vec![Some(7.0); 5], target: None }.draw(60.0, 10.0, &look);
    assert!(matches!(&level[0], Shape::Line { points, .. } if points.iter().all(|(_, y)| *y == 5.0)), "{level:?}");
    assert!(Sparkline { values: vec![None; 5], target: Some(3.0) }.draw(60.0, 10.0, &look).is_empty());
    let broken = Sparkline { values: vec![Some(1.0), Some(2.0), None, Some(f64::NAN), Some(4.0)], target: None };
    let strokes = |shape: &&Shape| matches!(shape, Shape::Line { .. });
    assert_eq!(broken.draw(60.0, 10.0, &look).iter().filter(strokes).count(), 1);
}

/// A figure of any size, and none, and what is no number.
pub(super) fn figure() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        3 => proptest::num::f64::ANY.prop_map(Some),
        3 => (-1e6..1e6).prop_map(Some),
        2 => Just(None),
        1 => prop::sample::select(vec![0.0, -0.0, 0.004, 12_345_678.0, f64::MAX, f64::MIN, f64::MIN_POSITIVE, f64::NAN]).prop_map(Some),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_figures_stay_within_the_box(
        values in prop::collection::vec(figure(), 0..40),
        ends in [figure(), figure(), figure()],
        width in 240f32..720.0,
        monthly: bool,
    ) {
        let periods = if monthly { months(values.len()) } else { years(values.len()) };
        let [a, b, c] = ends.map(|end| end.unwrap_or(1.0));
        let mut chart = lines(&periods, &values);
        chart.target = Some(TargetLine { value: a, label: "Target".to_owned(), years: Vec::new() });
        chart.trajectory = vec![(date(2012, 1, 1), b), (date(2040, 1, 1), a)];
        chart.projection = Some(ProjectionLine { due: date(2040, 1, 1), value: c, limits: Limits { lower: a, upper: b }, decimals: 1 });
        let names: Vec<&str> = AREAS.into_iter().cycle().take(values.len()).collect();
        let area_rows = rows(&names, &values);
        let figures: Vec<[Option<f64>; 3]> = values.chunks_exact(3).map(|v| [v[0], v[1], v[2]]).collect();
        let charts = [
            Chart::Lines(chart),
            Chart::Control(control(&values, Polarity::Low, vec![values.len() / 2])),
            Chart::Areas(AreaChart { rows: area_rows, comparator: Some(("England".to_owned(), b)) }),
            Chart::Inequality(InequalityChart { slope: Some((a, b)), ..inequality(&TENTHS, &values) }),
            Chart::Dumbbell(dumbbell(&figures)),
            Chart::Spine(spine(&values, c)),
        ];
        assert_fit(&charts, &[width]);
        let look = with_setter(|look, _| look.clone());
        let shapes = Sparkline { values, target: Some(a) }.draw(52.0, 10.0, &look);
        prop_assert_eq!(faults(&Drawing { height: 10.0, shapes }, 52.0), Vec::<String>::new());
    }
}

/// To look at: `cargo test --lib charts -- --ignored` writes `target/tmp/charts.html`.
#[test]
#[ignore = "writes a page to look at"]
fn the_gallery_can_be_looked_at() {
    let mut page = String::from("<!doctype html><meta charset=\"utf-8\"><title>Charts</title>\n");
    with_setter(|theme, set| {
        for (i, (name, chart)) in gallery().into_iter().enumerate() {
            let drawing = chart.draw(482.0, theme, set);
            let svg = tagged_document::svg(&drawing, 482.0, name, "", &format!("c{i}"));
            page.push_str(&format!("<h2>{name}</h2>\n{svg}\n"));
        }
    });
    let look = with_setter(|look, _| look.clone());
    let colours = VariationColours::default();
    page.push_str("<h2>icons</h2>\n");
    let mut shapes = Vec::new();
    for (row, size) in [14.0f32, 20.0, 40.0].into_iter().enumerate() {
        let drawn = Icon::ALL.into_iter().enumerate().map(|(i, which)| (size * 1.4 * i as f32, which));
        shapes.extend(drawn.flat_map(|(x, which)| icon(which, (x, 26.0 * row as f32), size, &colours)));
    }
    let sparks =
        [wavy(12, 5.0), vec![Some(3.0); 6], vec![Some(1.0), None, Some(2.0), Some(4.0), None, Some(3.0)], vec![Some(1.0)]];
    for (i, values) in sparks.into_iter().enumerate() {
        let spark = Sparkline { values, target: (i % 2 == 0).then_some(5.5) };
        shapes.extend(spark.draw(56.0, 10.0, &look).into_iter().map(|shape| shape.moved(70.0 * i as f32, 100.0)));
    }
    page.push_str(&tagged_document::svg_shapes(&shapes, 570.0, 112.0));
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tmp");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("charts.html"), page).unwrap();
}
