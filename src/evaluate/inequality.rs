//! A measure's figures by groups of deprivation, and the slope across them.

use super::assess::EvaluationContext;
use super::made::MadeFigureIndex;
use super::made::from_groups::{fit, scale, values_by_unit};
use super::series::FigureSeries;
use super::{Breakdown, Point, Slope};
use crate::area::AreaCode;
use crate::figure::Observation;
use crate::framework::{Measure, MeasureId};
use crate::value::{Limits, Unit, Value};
use indicator_stats::slope_index::{Error, Group};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};

/// One area's figures in one scheme, by the label of the group.
type Groups<'a> = BTreeMap<&'a str, Vec<&'a Observation>>;

/// The figures of a run by deprivation, found by measure, scheme and area without a search.
pub(super) struct ByDeprivation<'a>(HashMap<&'a MeasureId, BTreeMap<&'a str, HashMap<&'a AreaCode, Groups<'a>>>>);

impl<'a> ByDeprivation<'a> {
    /// Only periods that ended on or before `as_at` are known; a scheme is of deprivation where its name says so. A group
    /// whose figure is made from counts is there without observations.
    pub(super) fn of(observations: &'a [Observation], as_at: Date) -> Self {
        let mut found = ByDeprivation(HashMap::new());
        for observation in observations.iter().filter(|o| o.period.end() <= as_at) {
            let Some(category) = &observation.category else { continue };
            let component = category.component();
            let group = component.map_or(Some((category.scheme.as_str(), category.group.as_str())), |place| place.group);
            let Some((scheme, group)) = group.filter(|(scheme, _)| is_by_deprivation(scheme)) else { continue };
            let areas = found.0.entry(&observation.measure).or_default().entry(scheme).or_default();
            let of_group = areas.entry(&observation.area).or_default().entry(group).or_default();
            of_group.extend(component.is_none().then_some(observation));
        }
        found
    }
}

fn is_by_deprivation(scheme: &str) -> bool {
    scheme.to_lowercase().contains("depriv")
}

/// Whether figures of these groups come into the pack: others are read, checked and kept, and go no further.
pub fn is_shown<'g>(scheme: &str, groups: impl Iterator<Item = &'g str>) -> bool {
    is_by_deprivation(scheme) && in_order(groups).is_some()
}

/// Every scheme's latest figures: of the system, or else of each part that has them, or else of the comparator.
pub(super) fn breakdowns(context: &EvaluationContext<'_>, measure: &Measure, comparator: &FigureSeries) -> Vec<Breakdown> {
    let edition = &context.inputs.framework.edition;
    let Some(schemes) = context.by_deprivation.0.get(&measure.id) else { return Vec::new() };
    let mut found = Vec::new();
    for (scheme, areas) in schemes {
        let of = |area: &AreaCode| {
            // What the comparator is compared with is not itself.
            let beside = Some(comparator).filter(|_| *area != edition.comparator);
            areas.get(area).and_then(|groups| breakdown(&context.headlines.made, measure, (scheme, area), groups, beside))
        };
        let mut of_scheme: Vec<Breakdown> = of(&edition.system).into_iter().collect();
        if of_scheme.is_empty() {
            of_scheme.extend(measure.parts.iter().filter(|part| **part != edition.system).filter_map(of));
        }
        if of_scheme.is_empty() {
            of_scheme.extend(of(&edition.comparator));
        }
        found.extend(of_scheme);
    }
    found
}

/// The groups of the latest period that any of them has a figure for. None where fewer than two can be put in order, or two
/// claim the same place.
fn breakdown(
    made: &MadeFigureIndex<'_>,
    measure: &Measure,
    (scheme, area): (&str, &AreaCode),
    groups: &Groups<'_>,
    comparator: Option<&FigureSeries>,
) -> Option<Breakdown> {
    let labels: Vec<&str> = groups.keys().copied().collect();
    let series = |label: &str| {
        let given = groups.get(label).map_or(&[][..], Vec::as_slice);
        FigureSeries::of(measure, given).with_made(made.figures(&measure.id, area, Some((scheme, label))))
    };
    let placed: Vec<(&str, FigureSeries)> =
        in_order(labels.iter().copied())?.into_iter().map(|at| (labels[at], series(labels[at]))).collect();
    let period = placed.iter().flat_map(|(_, series)| series.latest_given()).max()?;
    let beside = comparator.and_then(|series| series.at(period)?.point.value.number());
    let point = |series: &FigureSeries| {
        let missing = || Point {
            period,
            value: Value::Missing,
            numerator: None,
            denominator: None,
            limits: None,
            comparator: None,
            illustrative: false,
            sources: Vec::new(),
        };
        Point { comparator: beside, ..series.at(period).map_or_else(missing, |entry| entry.point.clone()) }
    };
    let groups: Vec<(String, Point)> = placed.iter().map(|(label, series)| ((*label).to_owned(), point(series))).collect();
    let slope = slope(&measure.unit, scheme, &groups);
    Some(Breakdown { scheme: scheme.to_owned(), area: area.clone(), groups, slope })
}

/// The places in `labels` of the groups that can be put in order, the most deprived first. None where they are fewer than two,
/// or two claim the same place.
pub(super) fn in_order<'l>(labels: impl Iterator<Item = &'l str>) -> Option<Vec<usize>> {
    let mut placed: Vec<(u32, &str, usize)> =
        labels.enumerate().filter_map(|(at, label)| Some((place(label)?, label, at))).collect();
    placed.sort_by_key(|(place, ..)| *place);
    if placed.len() < 2 || placed.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return None;
    }
    let says =
        |end: Option<&(u32, &str, usize)>, word: &str| end.is_some_and(|(_, label, _)| label.to_lowercase().contains(word));
    // Some count from the other end.
    if says(placed.first(), "least") && !says(placed.last(), "least") {
        placed.reverse();
    }
    Some(placed.into_iter().map(|(.., at)| at).collect())
}

/// None where a group lacks a figure, its limits or its population, where a group of the scheme is not there, and for what is
/// no rate, share or mean.
fn slope(unit: &Unit, scheme: &str, groups: &[(String, Point)]) -> Option<Slope> {
    let values = values_by_unit(unit)?;
    let scale = scale(values);
    if expected(scheme).is_some_and(|count| count != groups.len()) {
        return None;
    }
    let scaled = |limits: Limits| Limits { lower: limits.lower / scale, upper: limits.upper / scale };
    let group = |(_, point): &(String, Point)| {
        Some(Group {
            population: point.denominator?,
            value: point.value.number()? / scale,
            error: Error::Limits(scaled(point.limits?)),
        })
    };
    let groups: Vec<Group> = groups.iter().map(group).collect::<Option<_>>()?;
    let found = fit(&groups, values).ok()?;
    let (start, index) = (found.intercept * scale, found.sii.value * scale);
    let limits = Limits { lower: found.sii.limits.lower * scale, upper: found.sii.limits.upper * scale };
    Some(Slope { index, limits, ends: (start, start + index) })
}

/// How many groups a scheme has by its name.
pub(super) fn expected(scheme: &str) -> Option<usize> {
    let scheme = scheme.to_lowercase();
    [("decile", 10), ("quintile", 5), ("quartile", 4), ("quarter", 4), ("tenth", 10), ("fifth", 5)]
        .into_iter()
        .find(|(word, _)| scheme.contains(word))
        .map(|(_, count)| count)
}

/// The middle of every order: places counted from the least deprived end lie above it.
const FROM_THE_LEAST: u32 = 1000;
const ORDINALS: [&str; 10] = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

/// A group's place by its label, in an order that is only compared: `1`, `Decile 3`, `Q5`, `Most deprived decile (IMD2019)`,
/// `Second most deprived`, `Fourth less deprived decile`, `2nd`. None for what names no place, such as `Unknown`.
fn place(label: &str) -> Option<u32> {
    let label = label.to_lowercase();
    let words = || label.split(|c: char| !c.is_alphanumeric() && c != '%').filter(|word| !word.is_empty());
    let counted = |digits: &str| digits.parse::<u32>().ok().filter(|n| (1..=100).contains(n));
    if let Some(number) = words().find_map(|word| counted(word.trim_start_matches(['q', 'd']))) {
        return Some(number);
    }
    let in_digits = |word: &str| ["st", "nd", "rd", "th"].iter().find_map(|end| counted(word.strip_suffix(end)?));
    let in_words = |word: &str| (1..).zip(ORDINALS).find(|(_, ordinal)| *ordinal == word).map(|(n, _)| n);
    let ordinal = words().find_map(|word| in_words(word).or_else(|| in_digits(word)));
    let says = |wanted: [&str; 2]| words().any(|word| wanted.contains(&word));
    match (says(["least", "less"]), says(["most", "more"])) {
        (true, false) => Some(FROM_THE_LEAST - ordinal.unwrap_or(1)),
        (false, true) => Some(ordinal.unwrap_or(1)),
        _ => ordinal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_ordered_by_their_labels() {
        let in_order = |labels: &[&str]| {
            let places: Vec<u32> = labels.iter().map(|label| place(label).unwrap_or_else(|| panic!("{label}"))).collect();
            assert!(places.is_sorted() && places.windows(2).all(|pair| pair[0] != pair[1]), "{labels:?} {places:?}");
        };
        in_order(&[
            "Most deprived decile (IMD2019)",
            "Second most deprived decile (IMD2019)",
            "Third more deprived decile (IMD2019)",
            "Fourth more deprived decile (IMD2019)",
            "Fifth more deprived decile (IMD2019)",
            "Fifth less deprived decile (IMD2019)",
            "Fourth less deprived decile (IMD2019)",
            "Third less deprived decile (IMD2019)",
            "Second least deprived decile (IMD2019)",
            "Least deprived decile (IMD2019)",
        ]);
        in_order(&["1 - most deprived", "2", "3", "4", "5 - least deprived"]);
        in_order(&["Q1 (most deprived)", "Q2", "Q3", "Q4 (least deprived)"]);
        in_order(&["Most deprived", "2nd", "3rd", "4th", "Least deprived"]);
        in_order(&["Decile 2", "Decile 10"]);
        assert_eq!([place("Unknown"), place("Most deprived 20%"), place("2019")], [None, Some(1), None]);
    }

    #[test]
    fn a_scheme_says_how_many_groups_it_has() {
        assert_eq!(expected("LSOA21 deprivation deciles within area"), Some(10));
        assert_eq!(expected("Deprivation quintiles (IMD 2019)"), Some(5));
        assert_eq!(expected("Deprivation"), None);
    }
}
