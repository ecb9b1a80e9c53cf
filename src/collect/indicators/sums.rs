//! Figures of months or quarters added up to the measure's own period, only where all of it is there.

use super::gather::{Doubt, Figure};
use super::question::Asking;
use crate::area::AreaCode;
use crate::collect::{Finding, Grade};
use crate::fault::Fault;
use crate::framework::{Measure, Statistic};
use crate::period::Period;
use crate::value::Value;
use std::collections::BTreeMap;

/// The figures of the measure's own length, and the sums of shorter ones, by area and period.
///
/// A period that is not whole has no figure. One with a doubtful part is missing, and its note says why: a sum would hide
/// the doubt.
///
/// # Errors
/// That no period is whole.
pub(super) fn added_up(
    asking: &Asking<'_>,
    figures: Vec<Figure>,
    doubts: &[Doubt],
    findings: &mut Vec<Finding>,
) -> Result<Vec<Figure>, String> {
    let months = asking.measure.cadence_months;
    let mut sums = Vec::new();
    let mut parts: BTreeMap<(AreaCode, Period), Vec<Figure>> = BTreeMap::new();
    for figure in figures {
        let whole = Period::containing(figure.period.start(), months, asking.measure.year);
        match whole {
            _ if figure.period.months() == months => sums.push(figure),
            // A breakdown is published for the whole period or not at all.
            Some(whole) if figure.category.is_none() => parts.entry((figure.area.clone(), whole)).or_default().push(figure),
            _ => {}
        }
    }
    for ((area, whole), mut parts) in parts {
        parts.sort_by_key(|part| part.period);
        parts.retain(|part| !matches!(part.value, Value::Missing | Value::NotApplicable));
        if parts.iter().map(|part| part.period.months()).sum::<i32>() != months {
            continue;
        }
        let is_doubted = |doubt: &&Doubt| doubt.area == area && parts.iter().any(|part| part.period == doubt.period);
        let doubted: Vec<&str> = doubts.iter().filter(is_doubted).map(|doubt| doubt.problem.as_str()).collect();
        if !doubted.is_empty() {
            let place = format!("{} of {area}, {whole}", asking.measure.id);
            let problem = format!("was not added up: {}", doubted.join("; "));
            let remedy = "ask the publisher; once the source is mended the sum comes by itself";
            findings.push(Finding::new(Grade::Question, Fault::new(place, problem, remedy)));
        }
        sums.extend(sum(asking.measure, whole, &parts, &doubted));
    }
    if sums.is_empty() {
        return Err(format!("no period of {months} months is whole, so nothing could be added up"));
    }
    Ok(sums)
}

/// None where there is nothing to add up.
fn sum(measure: &Measure, whole: Period, parts: &[Figure], doubted: &[&str]) -> Option<Figure> {
    let (first, last) = (parts.first()?, parts.last()?);
    let added = format!("{} to {} added up", first.period, last.period);
    let hidden = parts.iter().any(|part| matches!(part.value, Value::Suppressed));
    let (value, counts, note) = match total(measure, parts) {
        _ if !doubted.is_empty() => (Value::Missing, None, format!("not added up: {}", doubted.join("; "))),
        Some((total, counts)) => (Value::Number(total), counts, added),
        // What is left is suppressed: a sum of the others would give it away.
        None if hidden => (Value::Suppressed, None, added),
        None => (Value::Missing, None, format!("{added}: not every one has its counts")),
    };
    let at = |part: &Figure| if part.place.is_empty() { part.line.to_string() } else { part.place.clone() };
    let lines = if first.place.is_empty() { "lines " } else { "" };
    Some(Figure {
        period: whole,
        value,
        numerator: counts.map(|(numerator, _)| numerator),
        denominator: counts.map(|(_, denominator)| denominator),
        limits: None,
        limits_998: None,
        published_comparison: None,
        published_trend: None,
        note,
        place: format!("{lines}{} to {}", at(first), at(last)),
        ..first.clone()
    })
}

/// The sum of the figures; of shares and rates that of the counts above and below the line, with the share or rate that they
/// make. None where one of them is not there.
fn total(measure: &Measure, parts: &[Figure]) -> Option<(f64, Option<(f64, f64)>)> {
    let values: Option<f64> = parts.iter().map(|part| part.value.number()).sum();
    if !matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate) {
        return values.map(|total| (total, None));
    }
    values?;
    let numerator = parts.iter().map(|part| part.numerator).sum::<Option<f64>>()?;
    let denominator = parts.iter().map(|part| part.denominator).sum::<Option<f64>>().filter(|sum| *sum > 0.0)?;
    Some((measure.multiplier * numerator / denominator, Some((numerator, denominator))))
}
