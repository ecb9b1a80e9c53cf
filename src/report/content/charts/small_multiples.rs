//! The figures of a measure's areas over time, a small chart each.

use super::drawn::{Drawn, IN_SERIES, Said, TwinTable, spoken};
use super::over_time::breaks;
use crate::evaluate::{Comparison, Trend};
use crate::framework::PartsAre;
use crate::period::Period;
use crate::report::alternatives::with_whom;
use crate::report::charts::{Chart, ChartPoint, ChartSeries, Panel, SmallMultiplesChart};
use crate::report::content::figures;
use crate::report::content::parts_source::{FEWEST_PARTS, PartFigures, PartPoint, PartsSource};
use crate::report::content::sentences::{capitalised, joined};
use crate::value::Polarity;
use std::collections::BTreeSet;
use tagged_document::model::Figure;

/// Fewer figures than this are no course.
const FEWEST_FIGURES: usize = 3;
/// A name has so much room among the words that stand for the chart.
const SHORT_NAME: usize = 16;

/// Of areas, where at least [`FEWEST_PARTS`] have [`FEWEST_FIGURES`] figures or more: of fewer areas the lines stand in one chart.
/// Those that have fewer are named below.
pub fn small_multiples(of: &PartsSource) -> Option<Figure> {
    let measure = &of.measure;
    let has_course = |part: &&PartFigures| part.points.iter().filter_map(PartPoint::number).count() >= FEWEST_FIGURES;
    let mut drawn: Vec<&PartFigures> = of.parts.iter().filter(has_course).collect();
    if measure.parts_are != PartsAre::Areas || drawn.len() < FEWEST_PARTS {
        return None;
    }
    let last = |part: &PartFigures| part.last().map_or(f64::NEG_INFINITY, |(_, value)| value);
    // The worst first; where no direction is good, the highest.
    drawn.sort_by(|a, b| match measure.polarity {
        Polarity::High => last(a).total_cmp(&last(b)),
        Polarity::Low | Polarity::None => last(b).total_cmp(&last(a)),
    });
    let given = drawn.iter().flat_map(|part| &part.points).filter(|point| point.number().is_some());
    let first = given.map(|point| point.period).min()?;
    let periods: BTreeSet<Period> =
        drawn.iter().flat_map(|part| &part.points).map(|point| point.period).filter(|period| *period >= first).collect();
    let breaks = breaks(measure, &periods);
    let (from, to) = (periods.first()?, periods.last()?);
    let compared =
        drawn.iter().flat_map(|part| part.points.iter().rev()).filter_map(|point| Some((point.period, point.comparator?)));
    let compared = compared.max_by_key(|(period, _)| *period);
    let comparator = compared.map(|(_, value)| format!("{} {}", of.compared_with, figures::plain(measure, value)));

    let found = finding(of, &drawn);
    let (worst, best) = (drawn.first()?, drawn.last()?);
    let last_figures = |room: usize| {
        let said = |part: &PartFigures| {
            part.last().map_or(String::new(), |(_, value)| with_whom(&spoken(measure, value), &part.name, room))
        };
        format!("Last figures from {} to {}", said(worst), said(best))
    };
    // A finding that is too long gives way to the figures.
    let said = |room: usize| found.clone().filter(|_| room > 0).unwrap_or_else(|| last_figures(room));
    let mut notes = vec!["All with one scale; the last figure stands beside the name.".to_owned()];
    let targets = drawn.iter().filter_map(|part| Some((&part.name, part.own_target?)));
    let targets = targets.map(|(name, value)| format!("{name} {}", figures::number(measure, value))).collect::<Vec<_>>();
    if !targets.is_empty() {
        notes.push(format!("Each area has a target of its own, the dashed line: {}.", targets.join(", ")));
    }
    let is_gap = |point: &PartPoint| point.period >= first && point.number().is_none();
    if drawn.iter().any(|part| part.points.iter().any(is_gap)) {
        notes.push("A line is broken where a period has no figure.".to_owned());
    }
    let doubts: BTreeSet<&str> = drawn.iter().flat_map(|part| &part.doubts).map(String::as_str).collect();
    notes.extend(doubts.into_iter().map(str::to_owned));
    for (period, reason) in &breaks {
        let reason = reason.trim().trim_end_matches('.');
        notes.push(format!("Lines are broken before {}: counted differently since ({reason}).", figures::period(*period)));
    }
    let left_out: Vec<&str> = of.parts.iter().filter(|part| !has_course(part)).map(|part| part.name.as_str()).collect();
    if !left_out.is_empty() {
        notes.push(format!("Not drawn, with fewer than {FEWEST_FIGURES} figures: {}.", joined(&left_out)));
    }
    let chart = SmallMultiplesChart {
        panels: drawn.iter().map(|part| panel(of, part, first)).collect(),
        comparator: comparator.unwrap_or_default(),
        breaks: breaks.iter().map(|(period, _)| *period).collect(),
    };
    let more = found.iter().map(|_| format!("{}.", last_figures(SHORT_NAME))).collect();
    let table = Some(table(of, &drawn, &periods));
    let said = Said { finding: &said, beside: Vec::new(), more, pointer: IN_SERIES, table };
    Some(
        Drawn {
            chart: Chart::SmallMultiples(chart),
            when: format!("by area, {} to {}", figures::period(*from), figures::period(*to)),
            said,
            notes,
            illustrative: drawn.iter().any(|part| part.points.iter().any(|point| point.illustrative)),
        }
        .figure(measure),
    )
}

/// What the trends say; without one, how the areas stand beside the comparator; none without that.
fn finding(of: &PartsSource, drawn: &[&PartFigures]) -> Option<String> {
    let all = of.counted(drawn.len());
    let trends = |wanted: &[Trend]| drawn.iter().filter(|part| wanted.contains(&part.trend)).count();
    let compared = |wanted: Comparison| drawn.iter().filter(|part| part.comparison == wanted).count();
    let without_trend = trends(&[Trend::CannotBeCalculated]);
    let beside = drawn.len() - compared(Comparison::NotCompared);
    let said = |counts: &[(usize, &str)]| {
        let some: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{words} in {n}")).collect();
        joined(&some)
    };
    if without_trend < drawn.len() {
        let words = said(&[
            (trends(&[Trend::IncreasingWorse, Trend::DecreasingWorse]), "a trend for the worse"),
            (trends(&[Trend::IncreasingBetter, Trend::DecreasingBetter]), "a trend for the better"),
            (trends(&[Trend::Increasing]), "a rising trend"),
            (trends(&[Trend::Decreasing]), "a falling trend"),
            (trends(&[Trend::NoSignificantChange]), "no significant trend"),
            (without_trend, "no trend known"),
        ]);
        return Some(format!("Over five years {words} of {all}"));
    }
    if beside > 0 {
        let words = said(&[
            (compared(Comparison::Worse), "worse"),
            (compared(Comparison::Better), "better"),
            (compared(Comparison::Higher), "higher"),
            (compared(Comparison::Lower), "lower"),
            (compared(Comparison::Similar), "similar"),
        ]);
        return Some(capitalised(&format!("{words} of {} compared with {}", of.counted(beside), of.compared_with)));
    }
    None
}

fn panel(of: &PartsSource, part: &PartFigures, first: Period) -> Panel {
    let shown = || part.points.iter().filter(|point| point.period >= first);
    let point = |of: &PartPoint, value: Option<f64>, doubtful| ChartPoint { period: of.period, value, limits: None, doubtful };
    let last = part.last().map_or(String::new(), |(_, value)| figures::plain(&of.measure, value));
    Panel {
        series: ChartSeries {
            label: format!("{} {last}", part.name),
            points: shown().map(|of| point(of, of.number().map(|(_, value)| value), of.doubtful)).collect(),
        },
        comparator: ChartSeries {
            label: String::new(),
            points: shown().map(|of| point(of, of.comparator.filter(|value| value.is_finite()), false)).collect(),
        },
        target: part.own_target,
    }
}

/// A row a period, a column an area, the comparator's last.
fn table(of: &PartsSource, drawn: &[&PartFigures], periods: &BTreeSet<Period>) -> TwinTable {
    let of_period = |part: &PartFigures, period: Period| part.points.iter().find(|point| point.period == period).copied();
    let comparator = |period: Period| drawn.iter().find_map(|part| of_period(part, period)?.comparator);
    let is_compared = periods.iter().any(|period| comparator(*period).is_some());
    let row = |period: &Period| {
        let figure = |part: &&PartFigures| {
            of_period(part, *period).map_or(figures::NONE.to_owned(), |point| figures::bare(&of.measure, point.value))
        };
        let beside = comparator(*period).map_or(figures::NONE.to_owned(), |value| figures::plain(&of.measure, value));
        let row = std::iter::once(figures::period(*period)).chain(drawn.iter().map(figure));
        row.chain(is_compared.then_some(beside)).collect()
    };
    let head = std::iter::once("Period".to_owned()).chain(drawn.iter().map(|part| part.name.clone()));
    TwinTable {
        head: head.chain(is_compared.then(|| of.compared_with.clone())).collect(),
        rows: periods.iter().map(row).collect(),
        lines: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagged_document::model::plain_text;

    fn years(of: [Option<f64>; 4]) -> Vec<Option<(f64, f64)>> {
        of.iter().map(|count| count.map(|count| (count, 100.0))).collect()
    }

    /// Five areas of four years, the third year of the second missing.
    fn source(polarity: &str) -> PartsSource {
        let areas = [
            years([Some(10.0), Some(12.0), Some(11.0), Some(13.0)]),
            years([Some(20.0), Some(22.0), None, Some(23.0)]),
            years([Some(5.0), Some(5.0), Some(6.0), Some(4.0)]),
            years([Some(15.0), Some(15.0), Some(16.0), Some(14.0)]),
            years([Some(8.0), Some(9.0), Some(9.0), Some(9.0)]),
        ];
        let areas: Vec<&[Option<(f64, f64)>]> = areas.iter().map(Vec::as_slice).collect();
        PartsSource::sample("proportion", polarity, Some(12.5), &areas)
    }

    fn names(of: &PartsSource) -> Vec<String> {
        let table = small_multiples(of).unwrap().twin.unwrap().table;
        table.head.iter().map(|cell| plain_text(cell)).collect()
    }

    #[test]
    fn the_worst_comes_first_and_gaps_stay_gaps() {
        assert_eq!(names(&source("low")), ["Period", "B", "D", "A", "E", "C", "England"]);
        assert_eq!(names(&source("high")), ["Period", "C", "E", "A", "D", "B", "England"]);
        let figure = small_multiples(&source("low")).unwrap();
        assert_eq!(figure.caption, "Last figures from 23.0% (B) to 4.0% (C)");
        assert!(figure.note.contains("A line is broken where a period has no figure."), "{}", figure.note);
        let said = "Asked for. Last figures from 23.0% (B) to 4.0% (C). ";
        assert_eq!(figure.alternative, format!("{said}{IN_SERIES}"));
        let table = figure.twin.unwrap().table;
        assert_eq!(plain_text(&table.rows[2].cells[1].runs), "missing");
    }

    #[test]
    fn trends_come_before_comparisons_as_the_finding() {
        let mut of = source("low");
        of.parts.iter_mut().zip([Comparison::Worse, Comparison::Better]).for_each(|(part, how)| part.comparison = how);
        let caption = |of: &PartsSource| small_multiples(of).unwrap().caption;
        assert!(caption(&of).starts_with("Worse in 1 and better in 1 of 2 areas compared with England"), "{}", caption(&of));
        of.parts[0].trend = Trend::IncreasingWorse;
        assert!(
            caption(&of).starts_with("Over five years a trend for the worse in 1 and no trend known in 4 of 5 areas"),
            "{}",
            caption(&of)
        );
    }

    #[test]
    fn targets_of_each_area_are_drawn_and_named() {
        let mut of = source("low");
        of.parts[0].own_target = Some(12.5);
        of.parts[2].own_target = Some(5.5);
        let figure = small_multiples(&of).unwrap();
        let told = "Each area has a target of its own, the dashed line: A 12.5%, C 5.5%.";
        assert!(figure.note.contains(told), "{}", figure.note);
    }

    #[test]
    fn few_areas_and_short_courses_have_none() {
        let mut of = source("low");
        of.parts[1].points.pop();
        assert_eq!(small_multiples(&of), None, "four have three figures");
        let extra = PartFigures { name: "F".to_owned(), ..of.parts[0].clone() };
        of.parts.push(extra);
        let note = small_multiples(&of).unwrap().note;
        assert!(note.contains("Not drawn, with fewer than 3 figures: B."), "{note}");
        of.measure.parts_are = PartsAre::Organisations;
        assert_eq!(small_multiples(&of), None);
    }
}
