//! A figure in a few words, beside an earlier one, the comparator's and the target.

use super::figures;
use super::sentences;
use crate::counted::counted;
use crate::evaluate::change::Tested as By;
use crate::evaluate::{Assessment, ChangeSince, SeriesPoint};
use crate::framework::Measure;
use crate::report::PackInputs;

/// So many areas are named.
const MOST: usize = 3;

/// A figure in a few words: `6.2% in 2025/26, significantly higher than 5.0% in 2024/25; worse than England (5.1%); target: 5%
/// by March 2027`. Empty where there is none.
pub(super) fn in_brief(
    (pack, measure): (&PackInputs<'_>, &Measure),
    (head, areas): (&Assessment, &[Assessment]),
    coverage: &str,
    compared_with: &str,
    target: &str,
) -> String {
    let Some(latest) = &head.latest else { return by_area((pack, measure), (head, areas), compared_with, target) };
    let mut said = format!("{} in {}", figures::value(measure, latest.value), latest.period.in_words());
    if !coverage.is_empty() {
        said.push_str(&format!(" ({coverage})"));
    }
    let earlier = since(measure, head.since_previous.as_ref(), head.previous.as_ref(), latest);
    if !earlier.is_empty() {
        said.push_str(&format!(", {earlier}"));
    }
    if let Some(beside) = beside(measure, head, compared_with) {
        said.push_str(&format!("; {beside}"));
    }
    format!("{said}; target: {target}")
}

/// Where only areas have figures: how many of them are worse than the comparator, and which most.
fn by_area(
    (pack, measure): (&PackInputs<'_>, &Measure),
    (head, areas): (&Assessment, &[Assessment]),
    compared_with: &str,
    target: &str,
) -> String {
    let given: Vec<(&Assessment, f64)> = areas.iter().filter_map(|of| Some((of, of.latest.as_ref()?.value.number()?))).collect();
    if given.is_empty() {
        return String::new();
    }
    let mut adverse: Vec<(&Assessment, f64)> = given.iter().copied().filter(|(of, _)| head.is_adverse_in(&of.area)).collect();
    let sign = measure.polarity.sign().unwrap_or(1.0);
    adverse.sort_by(|(_, a), (_, b)| (sign * a).total_cmp(&(sign * b)));
    let period = given.iter().filter_map(|(of, _)| of.latest.as_ref()).map(|point| point.period).max();
    let when = period.map_or(String::new(), |period| format!(" in {}", period.in_words()));
    let named: Vec<String> = adverse
        .iter()
        .take(MOST)
        .map(|(of, value)| format!("{} {}", measure.name_of(&of.area, pack.areas), figures::number(measure, *value)))
        .collect();
    let more = adverse.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let said = match self::adverse(head) {
        None => format!("no significantly adverse area of {}{when}", counted(given.len(), "area", "areas")),
        Some(found) => format!("{found}{when}: {}{more}", named.join(", ")),
    };
    let theirs = given
        .iter()
        .filter_map(|(of, _)| of.latest.as_ref())
        .filter(|point| Some(point.period) == period)
        .find_map(|point| point.comparator);
    let theirs = theirs.map_or(String::new(), |value| format!("; {compared_with} {}", figures::number(measure, value)));
    format!("{said}{theirs}; target: {target}")
}

/// How many of the areas that the status is made from are significantly adverse, by which limits; none where none is.
pub(super) fn adverse(head: &Assessment) -> Option<String> {
    let by_area = head.by_area.as_ref().filter(|by_area| by_area.has_adverse())?;
    let adverse = by_area.areas.iter().filter(|standing| standing.is_significantly_adverse).count();
    let of = counted(by_area.areas.len(), "area", "areas");
    Some(format!("{adverse} of {of} significantly adverse ({})", by_area.limits_in_words()))
}

/// How the latest figure stands beside the comparator's: `worse than England (5.1%)`; none where it is not compared.
pub(super) fn beside(measure: &Measure, head: &Assessment, compared_with: &str) -> Option<String> {
    let theirs = head.latest.as_ref()?.comparator.map(|value| figures::number(measure, value));
    sentences::comparison_in_words(head.comparison, compared_with, theirs.as_deref())
}

/// How a figure stands beside an earlier one: `significantly lower than 14.0% in 2024/25`. Empty where there is none.
pub(super) fn since(
    measure: &Measure,
    since: Option<&ChangeSince>,
    earlier: Option<&SeriesPoint>,
    latest: &SeriesPoint,
) -> String {
    let Some((since, earlier)) = since.zip(earlier) else { return String::new() };
    let Some((was, is)) = earlier.value.number().zip(latest.value.number()) else { return String::new() };
    let when = figures::period(earlier.period);
    // Of two that look alike it is said by how much they differ.
    let than = match figures::alike(measure, was, is) {
        Some(by) => format!("{by} than in {when}"),
        None => format!("than {} in {when}", figures::number(measure, was)),
    };
    let change = &since.change;
    if change.difference == 0.0 {
        return format!("the same as in {when}");
    }
    let way = if change.difference > 0.0 { "higher" } else { "lower" };
    match (&change.tested, change.is_significant()) {
        (_, Some(true)) => format!("significantly {way} {than}"),
        (_, Some(false)) => format!("not significantly {way} {than}"),
        (By::Whole, None) => format!("{way} {than}"),
        (_, None) => format!("{way} {than} (not tested)"),
    }
}
