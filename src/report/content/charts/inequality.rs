//! Figures by deprivation, with the slope index of inequality.

use super::drawn::{Drawn, IN_BREAKDOWNS, Said, TwinTable, WITH_LIMITS, drawable, spoken, with_limits};
use crate::evaluate::{Breakdown, Slope};
use crate::framework::Measure;
use crate::report::PackInputs;
use crate::report::alternatives::of_whom;
use crate::report::charts::{AreaRow, Chart, InequalityChart};
use crate::report::content::figures;
use tagged_document::model::Figure;

/// One chart a breakdown with at least two figures.
pub fn inequalities(pack: &PackInputs<'_>, measure: &Measure, breakdowns: &[Breakdown]) -> Vec<Figure> {
    let shown = |breakdown: &&Breakdown| breakdown.groups.iter().filter(|(_, p)| p.value.number().is_some()).count() >= 2;
    breakdowns.iter().filter(shown).map(|breakdown| figure(pack, measure, breakdown)).collect()
}

fn figure(pack: &PackInputs<'_>, measure: &Measure, breakdown: &Breakdown) -> Figure {
    let area = pack.areas.name(&breakdown.area);
    let period = breakdown.groups.first().map_or(String::new(), |(_, point)| format!(", {}", figures::period(point.period)));
    let groups: Vec<AreaRow> = breakdown
        .groups
        .iter()
        .map(|(name, point)| AreaRow {
            name: name.clone(),
            label: figures::bare(measure, point.value),
            value: point.value.number().filter(|x| x.is_finite()),
            limits: point.limits.filter(drawable),
        })
        .collect();
    let slope = breakdown.slope.filter(|s| [s.index, s.ends.0, s.ends.1].iter().all(|x| x.is_finite()) && drawable(&s.limits));
    let ends = || {
        let mut with = breakdown.groups.iter().filter_map(|(name, point)| Some((name, point.value.number()?)));
        with.next().zip(with.next_back())
    };
    let finding = |room: usize| {
        let said = |(name, value): (&String, f64)| of_whom(name, room, &spoken(measure, value));
        ends().map_or("No figure is shown".to_owned(), |(first, last)| format!("{}, {}", said(first), said(last)))
    };
    let beside = vec![slope.map_or_else(
        || "no slope index could be computed".to_owned(),
        |slope| {
            let flat = if slope.limits.contains(0.0) { ", no significant difference" } else { "" };
            format!("slope index {}{flat}", index(measure, &slope))
        },
    )];
    let rows = breakdown.groups.iter().map(|(name, point)| vec![name.clone(), with_limits(measure, point)]).collect();
    let lines = slope.map(|slope| ("Slope index".to_owned(), index(measure, &slope)));
    let head = vec!["Group".to_owned(), "Figure".to_owned()];
    let table = Some(TwinTable { head, rows, lines: lines.into_iter().collect() });
    let mut notes = vec![format!("Groups: {}.", breakdown.scheme.trim_end_matches('.'))];
    if slope.is_some() {
        notes.push(
            "The slope index of inequality is the difference between the most and the least deprived ends of the fitted line. Each \
             group stands at the middle of its share of people, where the line is fitted."
                .to_owned(),
        );
    }
    let with = if groups.iter().any(|group| group.limits.is_some()) { WITH_LIMITS } else { "" };
    let chart = Chart::Inequality(InequalityChart {
        // Without a line there is no fit to stand on.
        shares: slope.map_or(Vec::new(), |_| shares(breakdown)),
        groups,
        slope: slope.map(|slope| slope.ends),
        slope_label: slope.map_or(String::new(), |slope| format!("Slope index {}", index(measure, &slope))),
        comparator: None,
    });
    let illustrative = breakdown.groups.iter().any(|(_, point)| point.illustrative);
    let said = Said { finding: &finding, beside, more: Vec::new(), pointer: IN_BREAKDOWNS, table };
    Drawn { chart, when: format!("by deprivation, {area}{period}{with}"), said, notes, illustrative }.figure(measure)
}

/// `7.4 years (95% limits 6.1 to 8.7)`; of percentages in percentage points.
fn index(measure: &Measure, slope: &Slope) -> String {
    format!("{} (95% limits {})", figures::difference(measure, slope.index), figures::limits(measure, Some(slope.limits)))
}

/// Each group's share of all people, by which the line is fitted; none where one is not known.
fn shares(breakdown: &Breakdown) -> Vec<f64> {
    let people: Option<Vec<f64>> = breakdown.groups.iter().map(|(_, point)| point.denominator.filter(|n| *n > 0.0)).collect();
    let people = people.unwrap_or_default();
    let all: f64 = people.iter().sum();
    people.into_iter().map(|n| n / all).collect()
}
