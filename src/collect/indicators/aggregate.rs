//! Figures of months or quarters added up to the measure's own period, only where all of it is there.

use crate::area::AreaCode;
use crate::collect::indicators::figure::{AnswerFigure, QuestionedFigure};
use crate::collect::indicators::query::MeasureQuery;
use crate::collect::{Finding, Grade};
use crate::fault::Fault;
use crate::figure::{Observation, Provenance};
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
    asking: &MeasureQuery<'_>,
    figures: Vec<AnswerFigure>,
    doubts: &[QuestionedFigure],
    findings: &mut Vec<Finding>,
) -> Result<Vec<AnswerFigure>, String> {
    let months = asking.measure.cadence_months;
    let mut sums = Vec::new();
    let mut parts: BTreeMap<(AreaCode, Period), Vec<AnswerFigure>> = BTreeMap::new();
    for figure in figures {
        let whole = Period::containing(figure.observation.period.start(), months, asking.measure.year);
        match whole {
            _ if figure.observation.period.months() == months => sums.push(figure),
            // A breakdown is published for the whole period or not at all.
            Some(whole) if figure.observation.category.is_none() => {
                parts.entry((figure.observation.area.clone(), whole)).or_default().push(figure)
            }
            _ => {}
        }
    }
    for ((area, whole), mut parts) in parts {
        parts.sort_by_key(|part| part.observation.period);
        parts.retain(|part| !matches!(part.observation.value, Value::Missing | Value::NotApplicable));
        if parts.iter().map(|part| part.observation.period.months()).sum::<i32>() != months {
            continue;
        }
        let is_doubted =
            |doubt: &&QuestionedFigure| doubt.area == area && parts.iter().any(|part| part.observation.period == doubt.period);
        let doubted: Vec<&str> = doubts.iter().filter(is_doubted).map(|doubt| doubt.problem.as_str()).collect();
        if !doubted.is_empty() {
            let place = format!("{} of {area}, {whole}", asking.measure.id);
            let problem = format!("was not added up: {}", doubted.join("; "));
            let remedy = "ask the publisher; once the source is corrected the sum is made automatically";
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
fn sum(measure: &Measure, whole: Period, parts: &[AnswerFigure], doubted: &[&str]) -> Option<AnswerFigure> {
    let (first, last) = (parts.first()?, parts.last()?);
    // What is left is suppressed: a sum of the others would give it away.
    let is_suppressed = parts.iter().any(|part| part.observation.value.number().is_none());
    let total = Total::of(measure, parts);
    let added = format!("{} to {} added up", first.observation.period, last.observation.period);
    let (value, note) = match total {
        _ if !doubted.is_empty() => (Value::Missing, format!("not added up: {}", doubted.join("; "))),
        _ if is_suppressed => (Value::Suppressed, added),
        Ok(Total { value, .. }) => (Value::Number(value), added),
        Err(reason) => (Value::Missing, format!("not added up: {reason}")),
    };
    let counts = total.ok().filter(|_| value.number().is_some()).and_then(|total| total.counts).unzip();
    let decimals = parts.iter().map(|part| part.observation.decimals).collect::<Option<Vec<u8>>>();
    let observation = Observation {
        period: whole,
        value,
        decimals: decimals.and_then(|all| all.into_iter().max()),
        numerator: counts.0,
        denominator: counts.1,
        limits: None,
        limits_998: None,
        published_comparison: None,
        published_trend: None,
        note,
        provenance: from_to(&first.observation.provenance, &last.observation.provenance),
        ..first.observation.clone()
    };
    Some(AnswerFigure { observation, ..first.clone() })
}

/// Where several figures of an answer stand: from the first to the last.
fn from_to(first: &Provenance, last: &Provenance) -> Provenance {
    let at = |of: &Provenance| match of {
        Provenance::Answer { line, place, .. } if place.is_empty() => line.to_string(),
        other => other.place(),
    };
    let mut from_to = first.clone();
    if let Provenance::Answer { place, .. } = &mut from_to {
        let lines = if place.is_empty() { "lines " } else { "" };
        *place = format!("{lines}{} to {}", at(first), at(last));
    }
    from_to
}

/// What the parts come to.
#[derive(Debug, Clone, Copy)]
struct Total {
    /// In the measure's unit.
    value: f64,
    /// Numerator and denominator of a share or a rate.
    counts: Option<(f64, f64)>,
}

impl Total {
    /// # Errors
    /// What is lacking.
    fn of(measure: &Measure, parts: &[AnswerFigure]) -> Result<Self, &'static str> {
        if matches!(measure.statistic, Statistic::Count | Statistic::Quantity) {
            let value: Option<f64> = parts.iter().map(|part| part.observation.value.number()).sum();
            return Ok(Self { value: value.ok_or("a part has no figure")?, counts: None });
        }
        // A share of a year is not the mean of its months' shares: the months differ in size.
        let numerator: Option<f64> = parts.iter().map(|part| part.observation.numerator).sum();
        let denominator: Option<f64> = parts.iter().map(|part| part.observation.denominator).sum();
        let counts = numerator.zip(denominator).ok_or("a share or a rate needs the numerator and denominator of each part")?;
        let value = measure.multiplier * counts.0 / counts.1;
        if value.is_finite() { Ok(Self { value, counts: Some(counts) }) } else { Err("the denominators add up to nothing") }
    }
}
