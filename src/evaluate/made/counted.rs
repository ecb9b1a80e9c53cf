//! What was given for the figures of one measure, gathered by area, period and group, and what becomes of it.

use super::figure::{GivenFigures, GroupName, MadeFigure, NotMade};
use super::from_age_bands::{self, AgeBandCounts};
use super::from_groups::{self, GroupFigure};
use super::index::MadeFigureIndex;
use crate::age::AgeBand;
use crate::area::AreaCode;
use crate::component::Component;
use crate::evaluate::deprivation;
use crate::evaluate::revision::newest;
use crate::figure::{Observation, Provenance};
use crate::framework::{MadeFrom, Measure};
use crate::period::Period;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

type Key<'a> = (&'a AreaCode, Period, GroupName<'a>);

/// Adds the figures of `measure` that are to be made.
pub(super) fn add<'a>(made: &mut MadeFigureIndex<'a>, of: &GivenFigures<'a>, measure: &'a Measure) {
    let Some(made_from) = &measure.made_from else { return };
    let known = |o: &&Observation| o.measure == measure.id && o.period.end() <= of.until;
    let given: Vec<&'a Observation> = of.observations.iter().filter(known).collect();
    let mut figures: BTreeMap<Key<'a>, MadeFigure> = BTreeMap::new();
    if let Some(how) = made_from.from_bands() {
        let counts = Counted::gather(of, measure, &given);
        let comparator = &of.edition.comparator;
        for (key @ (_, period, _), counted) in &counts {
            let reference = counts.get(&(comparator, *period, None)).and_then(|reference| reference.in_order(measure).ok());
            figures.insert(*key, counted.figure(how, measure, *period, reference.as_deref()));
        }
    }
    if let MadeFrom::SlopeIndex { by, of: of_group, .. } = made_from {
        // Groups whose figures are given are shown as they were given.
        let groups = if of_group.is_some() { made_groups(by, &figures) } else { given_groups(by, &given) };
        for ((area, period), groups) in groups {
            figures.extend(slope(measure, period, &groups).map(|figure| ((area, period, None), figure)));
        }
    }
    for ((area, _, group), figure) in figures {
        made.push(&measure.id, area, group, figure);
    }
}

/// The counts of one figure.
#[derive(Debug, Clone, Default)]
struct Counted {
    /// None where the band is withheld.
    bands: BTreeMap<AgeBand, Option<AgeBandCounts>>,
    illustrative: bool,
    sources: Vec<Provenance>,
}

impl Counted {
    /// Of every area, period and group that has some; of an area without any the sum of its parts', where each has them all.
    fn gather<'a>(of: &GivenFigures<'a>, measure: &'a Measure, given: &[&'a Observation]) -> BTreeMap<Key<'a>, Counted> {
        let mut vintages: BTreeMap<(Key<'a>, Component), Vec<&'a Observation>> = BTreeMap::new();
        for one in given {
            let Some(place) = one.component() else { continue };
            vintages.entry(((&one.area, one.period, place.group), place.component)).or_default().push(one);
        }
        let mut counted: BTreeMap<Key<'a>, Counted> = BTreeMap::new();
        for ((key, component), given) in &vintages {
            let Some(stands) = newest(given) else { continue };
            let Component::Events(band) = component else { continue };
            let squares = vintages.get(&(*key, Component::SquaredEvents(*band))).and_then(|given| newest(given));
            counted.entry(*key).or_default().add_band(*band, stands, squares);
        }
        let of_tree = of.areas.iter().map(|area| (&area.code, area.parts.as_slice()));
        let of_system = (&of.edition.system, measure.parts.as_slice());
        let with_counts: BTreeSet<&AreaCode> = counted.keys().map(|(area, ..)| *area).collect();
        for (whole, parts) in of_tree.chain([of_system]) {
            let Some(first) = parts.first().filter(|first| with_counts.contains(first)) else { continue };
            let of_first: Vec<Key<'a>> = counted.keys().filter(|(area, ..)| *area == first).copied().collect();
            for (_, period, group) in of_first {
                let each = parts.iter().map(|part| counted.get(&(part, period, group)));
                let Some(sum) = each.collect::<Option<Vec<_>>>().and_then(|each| Counted::sum(measure, &each)) else { continue };
                counted.entry((whole, period, group)).or_insert(sum);
            }
        }
        counted
    }

    fn add_band(&mut self, band: AgeBand, events: &Observation, squares: Option<&Observation>) {
        let counts = match events.value {
            // Bands that were asked and not answered are not there.
            Value::Missing | Value::NotApplicable => return,
            Value::Suppressed => None,
            Value::Number(value) => {
                let Some(population) = events.denominator else { return };
                let squared = squares.and_then(|squares| squares.value.number());
                Some(AgeBandCounts { events: events.numerator.unwrap_or(value), population, squared })
            }
        };
        self.bands.insert(band, counts);
        self.illustrative |= events.illustrative;
        self.sources.push(events.provenance.clone());
        self.sources.extend(squares.map(|squares| squares.provenance.clone()));
    }

    fn sum(measure: &Measure, parts: &[&Counted]) -> Option<Counted> {
        let mut whole = Counted::default();
        for band in measure.age_bands() {
            let each: Option<Vec<AgeBandCounts>> = parts.iter().map(|part| part.bands.get(&band).copied().flatten()).collect();
            let each = each?;
            whole.bands.insert(
                band,
                Some(AgeBandCounts {
                    events: each.iter().map(|counts| counts.events).sum(),
                    population: each.iter().map(|counts| counts.population).sum(),
                    squared: each.iter().map(|counts| counts.squared).sum(),
                }),
            );
        }
        whole.illustrative = parts.iter().any(|part| part.illustrative);
        whole.sources = parts.iter().flat_map(|part| part.sources.iter().cloned()).collect();
        Some(whole)
    }

    /// The counts of every band, in the order of age.
    fn in_order(&self, measure: &Measure) -> Result<Vec<AgeBandCounts>, NotMade> {
        let bands = measure.age_bands();
        let given: Vec<Option<AgeBandCounts>> = bands.iter().filter_map(|band| self.bands.get(band).copied()).collect();
        if given.iter().any(Option::is_none) {
            return Err(NotMade::Suppressed);
        }
        if given.len() != bands.len() {
            return Err(NotMade::BandsLacking { given: given.len(), of: bands.len() });
        }
        Ok(given.into_iter().flatten().collect())
    }

    fn figure(&self, how: &MadeFrom, measure: &Measure, period: Period, comparator: Option<&[AgeBandCounts]>) -> MadeFigure {
        let counts = self.in_order(measure);
        let sum = |of: fn(&AgeBandCounts) -> f64| counts.as_ref().ok().map(|counts| counts.iter().map(of).sum::<f64>());
        let rests_on_events = !matches!(how, MadeFrom::LifeExpectancy { .. });
        MadeFigure {
            period,
            numerator: sum(|counts| counts.events).filter(|_| rests_on_events),
            population: sum(|counts| counts.population),
            figure: counts.and_then(|counts| from_age_bands::figure(how, measure.multiplier, &counts, comparator)),
            illustrative: self.illustrative,
            sources: self.sources.clone(),
        }
    }
}

/// A group's figure with where it came from.
struct Group<'a> {
    figure: GroupFigure<'a>,
    illustrative: bool,
    sources: Vec<Provenance>,
}

/// The groups of one breakdown, by area and period.
type Groups<'a> = BTreeMap<(&'a AreaCode, Period), Vec<Group<'a>>>;

/// The figures of groups as they were given.
fn given_groups<'a>(by: &str, given: &[&'a Observation]) -> Groups<'a> {
    let mut vintages: BTreeMap<(&'a AreaCode, Period, &'a str), Vec<&'a Observation>> = BTreeMap::new();
    for one in given {
        let Some(category) = one.category.as_ref().filter(|category| category.scheme == by) else { continue };
        vintages.entry((&one.area, one.period, &category.group)).or_default().push(one);
    }
    let mut groups = Groups::new();
    for ((area, period, label), given) in vintages {
        let stands = newest(&given).filter(|of| !matches!(of.value, Value::Missing | Value::NotApplicable));
        let Some(of) = stands else { continue };
        let figure = GroupFigure {
            label,
            value: of.value.number().ok_or(NotMade::Suppressed),
            limits: of.limits,
            numerator: of.numerator,
            population: of.denominator,
        };
        let group = Group { figure, illustrative: of.illustrative, sources: vec![of.provenance.clone()] };
        groups.entry((area, period)).or_default().push(group);
    }
    groups
}

/// The figures of groups as they were made.
fn made_groups<'a>(by: &str, figures: &BTreeMap<Key<'a>, MadeFigure>) -> Groups<'a> {
    let mut groups = Groups::new();
    for ((area, period, group), of) in figures {
        let Some((_, label)) = group.filter(|(scheme, _)| *scheme == by) else { continue };
        let estimate = of.figure.as_ref();
        let figure = GroupFigure {
            label,
            value: estimate.map(|estimate| estimate.value).map_err(Clone::clone),
            limits: estimate.ok().map(|estimate| estimate.limits),
            numerator: of.numerator,
            population: of.population,
        };
        let group = Group { figure, illustrative: of.illustrative, sources: of.sources.clone() };
        groups.entry((*area, *period)).or_default().push(group);
    }
    groups
}

/// The slope index of an area and period.
fn slope(measure: &Measure, period: Period, groups: &[Group<'_>]) -> Option<MadeFigure> {
    let Some(MadeFrom::SlopeIndex { by, values, index, .. }) = &measure.made_from else { return None };
    let listed = measure.breakdowns().iter().find(|breakdown| breakdown.by == *by).map(|breakdown| breakdown.groups.len());
    let expected = listed.or_else(|| deprivation::expected(by));
    let values = values.or_else(|| from_groups::values_by_unit(&measure.unit)).ok_or(NotMade::NoSlope);
    let figures: Vec<GroupFigure<'_>> = groups.iter().map(|group| group.figure.clone()).collect();
    Some(MadeFigure {
        period,
        figure: values.and_then(|values| from_groups::index(&figures, expected, values, measure.multiplier, *index)),
        numerator: None,
        population: groups.iter().map(|group| group.figure.population).sum(),
        illustrative: groups.iter().any(|group| group.illustrative),
        sources: groups.iter().flat_map(|group| group.sources.iter().cloned()).collect(),
    })
}
