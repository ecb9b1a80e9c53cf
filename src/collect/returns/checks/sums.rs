//! Counts of groups and of parts, held against the count of the whole.

use super::doubt::{Doubt, ReturnFigures, finding};
use crate::area::{AreaCode, Areas};
use crate::collect::{Finding, Grade};
use crate::figure::{FigureKey, Observation};
use crate::framework::{Framework, Measure, Statistic};
use std::collections::BTreeMap;

/// What a figure is of, in words.
type Name<'a> = &'a dyn Fn(&Observation, &Measure) -> String;

const REMEDY: &str = "check the whole and its parts against each other";

/// What a figure adds up by, with its name: its value where it is itself a count, otherwise its numerator, its denominator.
type Count = (&'static str, fn(&Observation) -> Option<f64>);

fn counts(measure: &Measure) -> &'static [Count] {
    match measure.statistic {
        Statistic::Count | Statistic::Quantity => &[("value", |o| o.value.number())],
        Statistic::Proportion | Statistic::CrudeRate => &[("numerator", |o| o.numerator), ("denominator", |o| o.denominator)],
        Statistic::StandardisedRate | Statistic::Estimate => &[],
    }
}

/// Groups that together count more than the whole, or, where the framework lists them and all are given, something else.
pub(super) fn groups(given: &ReturnFigures<'_>, framework: &Framework, name: Name<'_>) -> Vec<Finding> {
    let mut schemes: BTreeMap<(FigureKey, &str), Vec<&Observation>> = BTreeMap::new();
    for (key, of) in given {
        let Some(category) = &key.category else { continue };
        let whole = FigureKey { category: None, ..key.clone() };
        schemes.entry((whole, &category.scheme)).or_default().push(of);
    }
    let mut findings = Vec::new();
    for ((whole, scheme), groups) in schemes {
        let (Some(measure), Some(whole)) = (framework.measure(&whole.measure), given.get(&whole)) else { continue };
        let listed = measure.breakdowns().iter().find(|breakdown| breakdown.by == *scheme).map(|b| b.groups.len());
        let complete = listed == Some(groups.len());
        let named = name(whole, measure);
        let of_counts =
            counts(measure).iter().filter_map(|count| compare_with_sum(&named, whole, &groups, *count, complete, scheme));
        let of_values = complete.then(|| outside(measure, &named, whole, &groups, scheme)).flatten();
        let gravest = of_counts.chain(of_values).min_by_key(|doubt| doubt.grade);
        findings.extend(gravest.map(|doubt| finding(whole, doubt)));
    }
    findings
}

/// Areas that together count more than the area that they are parts of.
pub(super) fn parts(given: &ReturnFigures<'_>, areas: &Areas, framework: &Framework, name: Name<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, whole) in given {
        let (Some(area), Some(measure)) = (areas.get(&whole.area), framework.measure(&whole.measure)) else { continue };
        let part = |code: &AreaCode| given.get(&FigureKey { area: code.clone(), ..key.clone() }).copied();
        let parts: Vec<&Observation> = area.parts.iter().filter_map(part).collect();
        let complete = parts.len() == area.parts.len();
        let named = name(whole, measure);
        let of_counts =
            counts(measure).iter().filter_map(|count| compare_with_sum(&named, whole, &parts, *count, complete, "its areas"));
        findings.extend(of_counts.min_by_key(|doubt| doubt.grade).map(|doubt| finding(whole, doubt)));
    }
    findings
}

/// One count of the parts beside the same of the whole.
fn compare_with_sum(
    named: &str,
    whole: &Observation,
    parts: &[&Observation],
    (of, count): Count,
    complete: bool,
    what: &str,
) -> Option<Doubt> {
    let total = count(whole)?;
    let known: Vec<f64> = parts.iter().filter_map(|part| count(part)).collect();
    if known.is_empty() {
        return None;
    }
    let sum: f64 = known.iter().sum();
    let slack = 1e-9 * sum.abs().max(total.abs());
    let all = complete && known.len() == parts.len();
    let grade = match sum - total {
        over if over > slack => Grade::Question,
        // People of whom the group is not known are in the whole only.
        under if all && under < -slack => Grade::Note,
        _ => return None,
    };
    let problem = format!("{named}: the {of} is {total}; over {what} it adds up to {sum}");
    Some(Doubt { grade, problem, remedy: REMEDY, of_past: false })
}

/// A share or rate of all that lies outside those of all its groups.
fn outside(measure: &Measure, named: &str, whole: &Observation, groups: &[&Observation], scheme: &str) -> Option<Doubt> {
    if !matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate) {
        return None;
    }
    let value = whole.value.number()?;
    let of_groups: Option<Vec<f64>> = groups.iter().map(|group| group.value.number()).collect();
    let of_groups = of_groups?;
    let (lowest, highest) = of_groups.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    // Both are rounded as they are printed.
    let step = 10f64.powi(-i32::from(measure.decimals));
    if (lowest - step..=highest + step).contains(&value) {
        return None;
    }
    let figure = |value| measure.unit.format(value, measure.decimals);
    let problem = format!(
        "{named}: {} was found, outside {} to {}, which the groups of {scheme} have",
        figure(value),
        figure(lowest),
        figure(highest)
    );
    Some(Doubt { grade: Grade::Question, problem, remedy: REMEDY, of_past: false })
}
