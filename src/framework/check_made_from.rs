//! Whether a figure can be made as a measure says.

use super::{MadeFrom, Measure, MeasureBreakdown, MeasureSource, ReferenceCounts, Statistic};
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
        MeasureSource::Return { breakdowns, .. } => listed(&place, made_from, breakdowns, faults),
        MeasureSource::Indicator { age, .. } if !made_from.age_bands().is_empty() && !age.is_empty() => {
            let problem = format!("the source is asked for age {age:?} only; counts of every age band are needed");
            faults.push(&place, problem, "leave source.age out");
        }
        MeasureSource::Indicator { .. } if *made_from == MadeFrom::Mean => {
            let problem = "the standard deviation of a mean is asked of partners only";
            faults.push(&place, problem, "leave it out: the publisher's limits are used");
        }
        MeasureSource::Indicator { .. } => {}
        MeasureSource::Sum { .. } | MeasureSource::None => {
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
fn listed(place: &str, made_from: &MadeFrom, breakdowns: &[MeasureBreakdown], faults: &mut Faults) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a measure that is made so.
    fn faults(statistic: &str, source: &str, made_from: &str) -> Vec<String> {
        let text = format!(
            "id = \"m\"\ntitle = \"t\"\ndefinition = \"d\"\nunit = \"years\"\nstatistic = \"{statistic}\"\npolarity = \"low\"\n\
             year = \"calendar\"\ncadence_months = 12\npublication_lag_months = 6\nsource = {{ {source} }}\nmade_from = {{ {made_from} }}"
        );
        let measure: Measure = toml::from_str(&text).unwrap();
        let mut faults = Faults::default();
        check("m", &measure, &mut faults);
        faults.0.iter().map(ToString::to_string).collect()
    }

    const RETURN: &str = "kind = \"return\", partners = [\"icb\"]";

    fn deciles(groups: usize) -> String {
        let groups: Vec<String> = (1..=groups).map(|i| format!("\"{i}\"")).collect();
        format!("{RETURN}, breakdowns = [{{ by = \"Deciles\", groups = [{}] }}]", groups.join(", "))
    }

    #[test]
    fn what_can_be_made_is_accepted() {
        let counts = |count: &str| vec![count; 19].join(", ");
        let reference =
            format!("reference = {{ source = \"England\", events = [{}], population = [{}] }}", counts("0"), counts("9"));
        for (source, made_from) in [
            (RETURN.to_owned(), "kind = \"directly_standardised_rate\", repeats = true".to_owned()),
            (RETURN.to_owned(), format!("kind = \"indirectly_standardised_ratio\", {reference}")),
            (RETURN.to_owned(), "kind = \"life_expectancy\", age = 65".to_owned()),
            (RETURN.to_owned(), "kind = \"mean\"".to_owned()),
            (deciles(10), "kind = \"slope_index\", by = \"Deciles\", of = { kind = \"life_expectancy\" }".to_owned()),
            ("kind = \"indicator\", source = \"s\", indicator = \"1\"".to_owned(), "kind = \"life_expectancy\"".to_owned()),
        ] {
            assert_eq!(faults("estimate", &source, &made_from), Vec::<String>::new(), "{made_from}");
        }
    }

    #[test]
    fn impossible_figures_are_told_at_their_key() {
        let rate = "kind = \"directly_standardised_rate\"";
        let slope = "kind = \"slope_index\", by = \"Deciles\"";
        let aged = "kind = \"indicator\", source = \"s\", indicator = \"1\", age = \"All ages\"";
        let reserved = format!("{RETURN}, breakdowns = [{{ by = \"Counts by age band\", groups = [\"1\", \"2\"] }}]");
        let short = "kind = \"indirectly_standardised_ratio\", reference = { source = \" \", events = [1], population = [9] }";
        for (statistic, source, made_from, expected) in [
            ("proportion", RETURN, rate, "m, made_from: a figure that is made this way is a standardised-rate or an estimate"),
            ("estimate", "kind = \"none\"", rate, "m, made_from: nobody gives the counts"),
            ("estimate", aged, rate, "m, made_from: the source is asked for age \"All ages\" only"),
            ("estimate", RETURN, "kind = \"life_expectancy\", age = 64", "m, made_from.age: no age band begins at 64"),
            ("estimate", RETURN, slope, "m, made_from.by: \"Deciles\" is a breakdown of 0 groups; 5 or more were expected"),
            ("estimate", &deciles(4), slope, "m, made_from.by: \"Deciles\" is a breakdown of 4 groups"),
            (
                "estimate",
                &deciles(5),
                &format!("{slope}, of = {{ {slope} }}"),
                "m, made_from.of: is not made from counts by age band",
            ),
            (
                "estimate",
                &deciles(5),
                &format!("{slope}, of = {{ kind = \"mean\" }}"),
                "m, made_from.of: is not made from counts",
            ),
            (
                "estimate",
                "kind = \"indicator\", source = \"s\", indicator = \"1\"",
                "kind = \"mean\"",
                "m, made_from: the standard deviation",
            ),
            ("estimate", &reserved, rate, "m, source.breakdowns: \"Counts by age band\" is the name under which"),
            ("estimate", RETURN, short, "m, made_from.reference.events: 19 numbers of 0 or more were expected"),
            ("estimate", RETURN, short, "m, made_from.reference.population: 19 numbers of 1 or more were expected"),
            ("estimate", RETURN, short, "m, made_from.reference.source: is empty"),
        ] {
            let told = faults(statistic, source, made_from);
            assert!(told.iter().any(|told| told.starts_with(expected)), "{expected}: {told:#?}");
        }
    }
}
