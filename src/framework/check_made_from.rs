//! Whether a figure can be made as a measure says.

use super::{Breakdown, MadeFrom, Measure, ReferenceCounts, Source, Statistic};
use crate::age::AgeBand;
use crate::component;
use crate::fault::Faults;

/// A slope needs as many groups.
const FEWEST_GROUPS: usize = 5;

pub(super) fn check(place: &str, measure: &Measure, faults: &mut Faults) {
    if let Some(breakdown) = measure.breakdowns().iter().find(|breakdown| component::is_reserved(&breakdown.by)) {
        let problem = format!("{:?} is the name under which counts by age band are kept", breakdown.by);
        faults.push(format!("{place}, source.breakdowns"), problem, "give the breakdown another name");
    }
    let Some(made_from) = &measure.made_from else { return };
    let place = format!("{place}, made_from");
    if !matches!(measure.statistic, Statistic::StandardisedRate | Statistic::Estimate) {
        let problem = "a figure that is made this way is a standardised-rate or an estimate";
        faults.push(&place, problem, "correct the statistic, or leave made_from out");
    }
    match &measure.source {
        Source::Return { breakdowns, .. } => listed(&place, made_from, breakdowns, faults),
        Source::Indicator { age, .. } if !made_from.age_bands().is_empty() && !age.is_empty() => {
            let problem = format!("the source is asked for age {age:?} only; counts of every age band are needed");
            faults.push(&place, problem, "leave source.age out");
        }
        Source::Indicator { .. } if *made_from == MadeFrom::Mean => {
            let problem = "the standard deviation of a mean is asked of partners only";
            faults.push(&place, problem, "leave it out: the publisher's limits are used");
        }
        Source::Indicator { .. } => {}
        Source::Sum { .. } | Source::None => {
            faults.push(&place, "nobody gives the counts: the source is neither a return nor an indicator", "correct the source");
        }
    }
    if let MadeFrom::SlopeIndex { of: Some(of), .. } = made_from
        && of.from_bands() != Some(of)
    {
        let remedy = "say how the figure of each group is made from counts by age band, or leave it out where it is given";
        faults.push(format!("{place}.of"), "is not made from counts by age band", remedy);
    }
    match made_from.from_bands() {
        Some(MadeFrom::LifeExpectancy { age }) if AgeBand::of_life_table().iter().all(|band| band.from() != *age) => {
            let remedy = "give 0, 1, 5, 10 and so on to 90";
            faults.push(format!("{place}.age"), format!("no age band begins at {age}"), remedy);
        }
        Some(MadeFrom::IndirectlyStandardisedRatio { reference: Some(reference), .. }) => counts(&place, reference, faults),
        _ => {}
    }
}

/// Partners are asked for the groups that the framework lists.
fn listed(place: &str, made_from: &MadeFrom, breakdowns: &[Breakdown], faults: &mut Faults) {
    let MadeFrom::SlopeIndex { by, .. } = made_from else { return };
    let groups = breakdowns.iter().find(|breakdown| breakdown.by == *by).map_or(0, |breakdown| breakdown.groups.len());
    if groups < FEWEST_GROUPS {
        let problem = format!("{by:?} is a breakdown of {groups} groups; {FEWEST_GROUPS} or more were expected");
        faults.push(format!("{place}.by"), problem, "list its groups in source.breakdowns, the most deprived first");
    }
}

fn counts(place: &str, reference: &ReferenceCounts, faults: &mut Faults) {
    let bands = AgeBand::standard().len();
    for (key, numbers, least) in [("events", &reference.events, 0.0), ("population", &reference.population, 1.0)] {
        if numbers.len() != bands || numbers.iter().any(|number| !number.is_finite() || *number < least) {
            let problem = format!("{bands} numbers of {least} or more were expected, one for each age band");
            faults.push(format!("{place}.reference.{key}"), problem, "give them in the order 0 to 4, 5 to 9 … 90 and over");
        }
    }
    if reference.source.trim().is_empty() {
        faults.push(format!("{place}.reference.source"), "is empty", "say whose counts they are, when, and who published them");
    }
}
