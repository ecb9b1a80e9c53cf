//! Measures of one count, such as a number of people and the share that they are: what the one shows of an area, the other does
//! not hide.

use super::count::Truth;
use super::figures::{aspiration, counts, is_stated};
use super::rule::{Rule, Rules, own_rules};
use crate::evaluate::Evaluation;
use crate::figure::FigureKey;
use crate::framework::{Framework, Measure, MeasureId, MeasureSource};
use std::collections::{BTreeMap, BTreeSet};

/// A count that two measures have in so many places is no chance.
const LEAST_EQUAL: usize = 2;

/// Measures that are in one set have the same count.
#[derive(Debug, Clone, Default)]
pub(super) struct SameCounts<'f> {
    sets: Vec<BTreeSet<&'f MeasureId>>,
}

impl<'f> SameCounts<'f> {
    /// Measures whose numerators are stated in the same words and given by the same partner or as the same indicator.
    pub fn stated(framework: &'f Framework) -> Self {
        let mut by_words: BTreeMap<(String, String), BTreeSet<&MeasureId>> = BTreeMap::new();
        for measure in &framework.measures {
            let words = words(measure);
            for giver in givers(&measure.source).into_iter().filter(|_| !words.is_empty()) {
                by_words.entry((words.clone(), giver)).or_default().insert(&measure.id);
            }
        }
        let mut same = Self::default();
        by_words.into_values().for_each(|set| same.join(set));
        same
    }

    /// With the protected measures whose counts are equal, whatever their words.
    pub fn with_equal_counts(mut self, evaluation: &Evaluation, framework: &'f Framework, rules: &Rules) -> Self {
        for pair in equal(evaluation, framework, rules) {
            self.join(BTreeSet::from(pair));
        }
        self
    }

    pub fn sets(&self) -> &[BTreeSet<&'f MeasureId>] {
        &self.sets
    }

    /// The first measure of the set that this one is in; itself where it is in none.
    pub fn first<'m>(&self, measure: &'m MeasureId) -> &'m MeasureId
    where
        'f: 'm,
    {
        self.set(measure).and_then(|set| set.first().copied()).unwrap_or(measure)
    }

    pub fn is_shared(&self, measure: &MeasureId) -> bool {
        self.set(measure).is_some()
    }

    fn set(&self, measure: &MeasureId) -> Option<&BTreeSet<&'f MeasureId>> {
        self.sets.iter().find(|set| set.contains(measure))
    }

    fn join(&mut self, set: BTreeSet<&'f MeasureId>) {
        if set.len() > 1 {
            join(&mut self.sets, set);
        }
    }
}

/// A measure that is stated to be the same count as others is protected as the most protected of them.
pub(super) fn rules(evaluation: &Evaluation, framework: &Framework, stated: &SameCounts<'_>) -> Rules {
    let mut rules = own_rules(evaluation, framework);
    for set in stated.sets() {
        let strictest = set.iter().filter_map(|id| rules.get(*id)).max_by_key(|rule| (rule.hides_small, rule.most)).copied();
        for id in set.iter().filter(|_| strictest.is_some()) {
            rules.entry((*id).clone()).or_insert_with(|| strictest.unwrap_or_else(Rule::of_marks));
        }
    }
    rules
}

/// A whole that is this near to the sum of its parts is taken for it: what is hidden would be told but for so much.
const NEARLY: f64 = 5.0;

const NEARLY_SHARE: f64 = 0.01;

/// Whether readers take two counts for the same.
pub(super) fn is_near(one: f64, other: f64) -> bool {
    (one - other).abs() <= NEARLY.max(NEARLY_SHARE * one.abs())
}

/// Adds a set to others, as one with those that it has a measure in common with.
pub(super) fn join<'f>(sets: &mut Vec<BTreeSet<&'f MeasureId>>, mut set: BTreeSet<&'f MeasureId>) {
    let (joined, apart): (Vec<_>, Vec<_>) = std::mem::take(sets).into_iter().partition(|other| !other.is_disjoint(&set));
    set.extend(joined.into_iter().flatten());
    *sets = apart;
    sets.push(set);
}

/// What a measure counts, in words that differ neither by capitals nor by spaces.
fn words(measure: &Measure) -> String {
    let counts_itself = super::count::is_count(measure) && measure.numerator.trim().is_empty();
    let words = if counts_itself { &measure.title } else { &measure.numerator };
    let words: Vec<&str> = words.split_whitespace().collect();
    words.join(" ").trim_end_matches('.').to_lowercase()
}

/// Who gives the figures, in words that are equal where these are the same.
fn givers(source: &MeasureSource) -> Vec<String> {
    match source {
        MeasureSource::Return { partners, .. } => partners.iter().map(|kind| format!("return {kind}")).collect(),
        MeasureSource::Indicator { source, indicator, sex, age, .. } => vec![format!("{source} {indicator} {sex:?} {age}")],
        MeasureSource::Sum { of } => vec![format!("sum {:?}", of.iter().collect::<BTreeSet<_>>())],
        MeasureSource::None => Vec::new(),
    }
}

/// Pairs of protected measures that have the same count in most places where both have one, and nearly the same in the others.
/// Places where both have zero say nothing.
fn equal<'f>(evaluation: &Evaluation, framework: &'f Framework, rules: &Rules) -> Vec<[&'f MeasureId; 2]> {
    let mut given: Vec<(&MeasureId, BTreeMap<FigureKey, f64>)> = Vec::new();
    for of in evaluation.measures.iter().filter(|of| rules.contains_key(&of.headline.measure)) {
        let id = &of.headline.measure;
        let (Some(measure), Some(aspiration)) = (framework.measure(id), aspiration(framework, id)) else { continue };
        if given.iter().any(|(other, _)| *other == id) {
            continue;
        }
        let place = |key: FigureKey| FigureKey { measure: MeasureId(String::new()), ..key };
        let counted =
            counts(of, measure, |point| is_stated(aspiration, point)).into_iter().filter_map(|(key, truth)| match truth {
                Truth::Count(count) => Some((place(key), count)),
                Truth::Marked | Truth::Absent => None,
            });
        given.push((&measure.id, counted.collect()));
    }
    // By place and count, so that no two measures are compared that have nothing in common.
    let mut alike: BTreeMap<(&FigureKey, u64), Vec<usize>> = BTreeMap::new();
    for (i, (_, counts)) in given.iter().enumerate() {
        for (place, count) in counts.iter().filter(|(_, count)| **count != 0.0) {
            alike.entry((place, count.to_bits())).or_default().push(i);
        }
    }
    let mut equal: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for measures in alike.into_values() {
        for (at, one) in measures.iter().enumerate() {
            measures[at + 1..].iter().for_each(|other| *equal.entry((*one, *other)).or_default() += 1);
        }
    }
    let is_same = |(one, other): (usize, usize), equal: usize| {
        let (one, other) = (&given[one].1, &given[other].1);
        let both = one.iter().filter_map(|(place, count)| Some((*count, *other.get(place)?)));
        let both: Vec<(f64, f64)> = both.filter(|pair| *pair != (0.0, 0.0)).collect();
        equal >= LEAST_EQUAL && 2 * equal > both.len() && both.iter().all(|(one, other)| is_near(*one, *other))
    };
    let same = equal.into_iter().filter(|(pair, equal)| is_same(*pair, *equal));
    same.map(|((one, other), _)| [given[one].0, given[other].0]).collect()
}
