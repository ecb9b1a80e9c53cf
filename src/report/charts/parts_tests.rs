//! The charts of many parts, with figures that are hard to draw.

use super::tests::{AREAS, assert_fit, figure, line, months, wavy, with_setter, years};
use super::*;
use crate::period::Period;
use crate::value::Limits;
use proptest::prelude::*;
use tagged_document::drawing::Draw;
use tagged_document::shapes::Shape;

/// Denominators from some to many times as many, with limits that narrow.
fn funnel(values: &[Option<f64>], middle: f64) -> FunnelChart {
    let denominator = |i: usize| 900.0 + 650.0 * i as f64;
    let band = |i: usize| {
        let reach = |z: f64| z * middle.abs() / denominator(i).sqrt();
        let around = |z: f64| Limits { lower: middle - reach(z), upper: middle + reach(z) };
        FunnelBand { denominator: denominator(i), limits: around(2.0), limits_998: around(3.0) }
    };
    let beyond = [FunnelBeyond::P998, FunnelBeyond::Neither, FunnelBeyond::P95, FunnelBeyond::P998];
    let dot = |(i, value): (usize, &Option<f64>)| {
        let name = AREAS[i % AREAS.len()].to_owned();
        Some(FunnelDot { name, denominator: denominator(i), value: (*value)?, beyond: beyond[i % 4] })
    };
    FunnelChart {
        dots: values.iter().enumerate().filter_map(dot).collect(),
        middle: ("England 12.3".to_owned(), middle),
        bands: (0..values.len()).map(band).collect(),
        across: "Adults with a recorded body mass index and known smoking status".to_owned(),
    }
}

fn small_multiples(periods: &[Period], areas: &[Vec<Option<f64>>]) -> SmallMultiplesChart {
    let panel = |(i, values): (usize, &Vec<Option<f64>>)| Panel {
        series: line(&format!("{} 57.4", AREAS[i % AREAS.len()]), periods, values),
        comparator: line("", periods, values),
        target: values.iter().flatten().next().map(|first| first * 1.1),
    };
    SmallMultiplesChart {
        panels: areas.iter().enumerate().map(panel).collect(),
        comparator: "England 61.2".to_owned(),
        breaks: periods.get(2).copied().into_iter().collect(),
    }
}

fn chances(count: usize) -> ChancesChart {
    let row = |i: usize| ChanceRow {
        name: format!("{} beside all the others of the system, by the date that is due", AREAS[i % AREAS.len()]),
        words: if i == 0 { "less than 1 in 10".to_owned() } else { format!("about {i} in 10") },
        of_ten: u8::try_from(i).unwrap(),
    };
    ChancesChart { rows: (0..count).map(row).collect() }
}

fn gallery() -> Vec<(&'static str, Chart)> {
    let gapped: Vec<Option<f64>> =
        wavy(14, 57.0).into_iter().enumerate().map(|(i, v)| v.filter(|_| ![3, 4, 8].contains(&i))).collect();
    let panels = |periods: &[Period], values: &[Option<f64>], count: usize| {
        Chart::SmallMultiples(small_multiples(periods, &vec![values.to_vec(); count]))
    };
    vec![
        ("funnel", Chart::Funnel(funnel(&wavy(12, 12.0), 12.0))),
        ("funnel of thirty", Chart::Funnel(funnel(&wavy(30, 12.0), 12.0))),
        ("funnel of two far apart", Chart::Funnel(funnel(&[Some(0.1), Some(90_000.0)], 3.0))),
        ("small multiples", panels(&years(12), &wavy(12, 57.0), 8)),
        ("small multiples with gaps", panels(&years(14), &gapped, 11)),
        ("small multiples of months", panels(&months(60), &wavy(60, 5.0), 5)),
        ("chances", Chart::Chances(chances(11))),
    ]
}

#[test]
fn charts_of_parts_fit_and_labels_never_touch() {
    let (_, charts): (Vec<_>, Vec<_>) = gallery().into_iter().unzip();
    assert_fit(&charts, &[240.0, 482.0, 720.0]);
}

#[test]
fn empty_charts_of_parts_say_so() {
    with_setter(|theme, set| {
        for chart in [
            Chart::Funnel(funnel(&[None, None], 3.0)),
            Chart::SmallMultiples(small_multiples(&years(3), &[vec![None; 3], vec![None; 3]])),
            Chart::Chances(chances(0)),
        ] {
            assert!(matches!(chart.draw(480.0, theme, set).shapes.as_slice(), [Shape::Text { .. }]), "{chart:?}");
        }
    });
}

#[test]
fn all_outliers_are_named_and_marked_by_shape() {
    with_setter(|theme, set| {
        let chart = funnel(&wavy(30, 12.0), 12.0);
        let outliers: Vec<&str> =
            chart.dots.iter().filter(|dot| dot.beyond == FunnelBeyond::P998).map(|dot| dot.name.as_str()).collect();
        for width in [240.0, 482.0] {
            let drawing = Chart::Funnel(chart.clone()).draw(width, theme, set);
            let diamonds = drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Fill { points, .. } if points.len() == 4));
            assert_eq!(diamonds.count(), outliers.len());
            let text = |shape: &Shape| match shape {
                Shape::Text { text, .. } => Some(text.glyphs.iter().map(|glyph| glyph.text.as_str()).collect::<String>()),
                _ => None,
            };
            let said: Vec<String> = drawing.shapes.iter().filter_map(text).collect();
            let said = said.join(" ");
            for name in &outliers {
                assert!(said.contains(name), "{name} at {width}: {said}");
            }
        }
    });
}

#[test]
fn panels_have_one_scale_and_break_where_a_figure_is_missing() {
    with_setter(|theme, set| {
        let high = vec![Some(10.0), Some(10.0), None, Some(10.0), Some(10.0)];
        let low = vec![Some(2.0); 5];
        let mut chart = small_multiples(&years(5), &[high, low]);
        chart.breaks.clear();
        let drawing = Chart::SmallMultiples(chart).draw(482.0, theme, set);
        let own: Vec<(usize, f32)> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Line { points, width: 1.6, .. } => Some((points.len(), points[0].1)),
                _ => None,
            })
            .collect();
        let [(2, first), (2, again), (5, second)] = own[..] else { panic!("{own:?}") };
        assert!(first == again && first < second, "ten is above two in the next panel: {own:?}");
    });
}

#[test]
fn the_target_of_each_area_is_a_line_across_its_panel() {
    with_setter(|theme, set| {
        let chart = small_multiples(&years(5), &[vec![Some(10.0); 5], vec![Some(2.0); 5]]);
        assert!(chart.scale().high >= 11.0, "a target above all figures has room");
        let drawing = Chart::SmallMultiples(chart).draw(482.0, theme, set);
        let target = theme.colours.target;
        let is_target = |shape: &&Shape| matches!(shape, Shape::Line { colour, points, .. } if *colour == target && points[0].1 == points[1].1);
        assert_eq!(drawing.shapes.iter().filter(is_target).count(), 3, "one in each panel, and the key");
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_figures_of_parts_stay_within_the_box(
        values in prop::collection::vec(figure(), 0..40),
        middle in figure(),
        width in 240f32..720.0,
    ) {
        let charts = [
            Chart::Funnel(funnel(&values, middle.unwrap_or(1.0))),
            Chart::SmallMultiples(small_multiples(&years(values.len()), &[values.clone(), values.clone()])),
        ];
        assert_fit(&charts, &[width]);
    }
}
