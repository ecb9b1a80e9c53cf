//! Groups of deprivation: which breakdowns are by it, and in which order their groups stand.

use crate::area::AreaCode;
use crate::figure::Observation;
use crate::framework::MeasureId;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One area's figures in one scheme, by the label of the group.
pub(super) type Groups<'a> = BTreeMap<&'a str, Vec<&'a Observation>>;

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

    /// The figures of a measure, by scheme.
    pub(super) fn schemes(&self, measure: &MeasureId) -> Option<&BTreeMap<&'a str, HashMap<&'a AreaCode, Groups<'a>>>> {
        self.0.get(measure)
    }
}

fn is_by_deprivation(scheme: &str) -> bool {
    scheme.to_lowercase().contains("depriv")
}

/// Whether figures of these groups come into the pack: others are read, checked and kept, and go no further.
pub fn is_shown<'g>(scheme: &str, groups: impl Iterator<Item = &'g str>) -> bool {
    is_by_deprivation(scheme) && in_order(groups).is_some()
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

/// How many groups a scheme has by its name.
pub(super) fn expected(scheme: &str) -> Option<usize> {
    let scheme = scheme.to_lowercase();
    [("decile", 10), ("quintile", 5), ("quartile", 4), ("quarter", 4), ("tenth", 10), ("fifth", 5)]
        .into_iter()
        .find(|(word, _)| scheme.contains(word))
        .map(|(_, count)| count)
}

/// The place of each of these groups among so many, from 0, the most deprived first. None where a label names none of them, or
/// two claim the same.
pub(super) fn places_among(labels: &[String], count: usize) -> Option<Vec<usize>> {
    let from_the_least = |place: u32| usize::try_from(FROM_THE_LEAST - place).ok().filter(|back| *back < count);
    let mut places = Vec::new();
    for label in labels {
        places.push(match place(label)? {
            place if place > FROM_THE_LEAST / 2 => count - 1 - from_the_least(place + 1)?,
            place => usize::try_from(place - 1).ok().filter(|at| *at < count)?,
        });
    }
    let order = in_order(labels.iter().map(String::as_str))?;
    // Some count from the other end.
    if order.windows(2).all(|pair| places[pair[0]] > places[pair[1]]) {
        places.iter_mut().for_each(|at| *at = count - 1 - *at);
    }
    let all: BTreeSet<usize> = places.iter().copied().collect();
    (all.len() == labels.len()).then_some(places)
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
    fn groups_have_their_places_among_all() {
        let places = |labels: &[&str]| places_among(&labels.iter().map(|label| (*label).to_owned()).collect::<Vec<_>>(), 5);
        assert_eq!(places(&["Quintile 2", "Quintile 3", "Quintile 5"]), Some(vec![1, 2, 4]));
        assert_eq!(
            places(&["Most deprived", "Second most deprived", "Second least deprived", "Least deprived"]),
            Some(vec![0, 1, 3, 4])
        );
        assert_eq!(places(&["5 - most deprived", "4", "1 - least deprived"]), Some(vec![0, 1, 4]));
        assert_eq!(places(&["Quintile 1", "Quintile 7"]), None);
        assert_eq!(places(&["Quintile 1", "Unknown"]), None);
    }

    #[test]
    fn a_scheme_says_how_many_groups_it_has() {
        assert_eq!(expected("LSOA21 deprivation deciles within area"), Some(10));
        assert_eq!(expected("Deprivation quintiles (IMD 2019)"), Some(5));
        assert_eq!(expected("Deprivation"), None);
    }
}
