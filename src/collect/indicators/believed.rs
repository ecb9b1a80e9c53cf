//! What of a published figure can be believed, by the rules that hold for returns: what cannot be is not used; what is doubtful
//! is used and asked about.

use crate::area::AreaCode;
use crate::collect::checks::{self, CheckedCounts, FigurePart, NumberFault, Numbers, agrees_to, trimmed};
use crate::collect::indicators::figure::{AnswerFigure, QuestionedFigure};
use crate::figure::Observation;
use crate::framework::Measure;
use crate::value::{Limits, Unit};
use std::collections::BTreeMap;
use workbook_reader::as_percent;

/// How far from its value what the counts make may be, as a share of it: publishers weight and round.
const COUNTS_OFF: f64 = 0.05;

/// Holds a figure against what it can be, and takes out of it what stands for nothing and limits that cannot be used, which
/// are told.
///
/// # Errors
/// Why the figure is not used.
pub(super) fn usable(measure: &Measure, figure: &mut AnswerFigure) -> Result<Option<NumberFault>, NumberFault> {
    let money = figure.money;
    let figure = &mut figure.observation;
    for count in [&mut figure.numerator, &mut figure.denominator] {
        // No count, as some publishers write it.
        *count = count.filter(|count| *count != -1.0);
    }
    let mut unused = None;
    let have_value = figure.value.number().is_some();
    let counts = CheckedCounts { numerator: figure.numerator, denominator: figure.denominator, have_value };
    for (part, count) in [(FigurePart::Numerator, &mut figure.numerator), (FigurePart::Denominator, &mut figure.denominator)] {
        match counts.check(measure, part) {
            Err(wrong) if wrong.value_stands => {
                *count = None;
                unused.get_or_insert(wrong);
            }
            other => other?,
        }
    }
    // Counts by age band make a figure, and are none.
    let Some(value) = figure.value.number().filter(|_| measure.age_bands().is_empty()) else { return Ok(unused) };
    checks::range(measure, FigurePart::Value, value)?;
    checks::money(&measure.unit, value, money, None)
        .map_err(|problem| NumberFault::new(FigurePart::Value, problem, "ask the publisher"))?;
    checks::computed(measure, figure.numerator, figure.denominator)?;
    let held =
        |limits: Option<Limits>| checks::limits(measure, value, limits.map(|given| given.lower), limits.map(|given| given.upper));
    figure.limits = match held(figure.limits) {
        Err(wrong) if wrong.value_stands => {
            unused.get_or_insert(wrong);
            None
        }
        other => other?,
    };
    figure.limits_998 = held(figure.limits_998).unwrap_or_else(|wrong| {
        unused.get_or_insert(NumberFault { problem: format!("of the 99.8% limits, {}", wrong.problem), ..wrong });
        None
    });
    Ok(unused)
}

/// The latest figures of all people that do not go with the ones before them, or with their counts.
pub(super) fn doubts(measure: &Measure, figures: &[AnswerFigure]) -> Vec<QuestionedFigure> {
    if !measure.age_bands().is_empty() {
        return Vec::new();
    }
    let mut series: BTreeMap<(&AreaCode, &str), Vec<&Observation>> = BTreeMap::new();
    for figure in figures
        .iter()
        .map(|figure| &figure.observation)
        .filter(|figure| figure.category.is_none() && figure.value.number().is_some())
    {
        series.entry((&figure.area, &figure.age)).or_default().push(figure);
    }
    let doubt = |of_series: &mut Vec<&Observation>| {
        of_series.sort_by_key(|figure| figure.period);
        let latest = *of_series.last()?;
        let before = of_series.iter().rev().skip(1).find(|figure| figure.period.same_series(latest.period)).copied();
        let problem = below_zero(measure, latest, figures)
            .or_else(|| a_share(measure, latest))
            .or_else(|| of_another_size(measure, latest, before?))
            .or_else(|| not_by_its_counts(measure, latest, before?))?;
        Some(QuestionedFigure { area: latest.area.clone(), period: latest.period, problem })
    };
    series.values_mut().filter_map(doubt).collect()
}

fn below_zero(measure: &Measure, latest: &Observation, all: &[AnswerFigure]) -> Option<String> {
    let others = all
        .iter()
        .map(|figure| &figure.observation)
        .filter(|figure| (&figure.area, figure.period) != (&latest.area, latest.period));
    checks::first_below_zero(measure, latest.value.number()?, others.filter_map(|figure| figure.value.number()))
}

/// A percentage that is given as a share of 1, as its counts show.
fn a_share(measure: &Measure, latest: &Observation) -> Option<String> {
    let value = latest.value.number().filter(|value| *value > 0.0 && *value <= 1.0 && measure.unit == Unit::Percent)?;
    let computed = checks::computed(measure, latest.numerator, latest.denominator).ok()??;
    let is_share = (as_percent(value) - computed).abs() <= COUNTS_OFF * computed.abs();
    is_share.then(|| format!("{}% was found, and its counts make {}%: it may be a share", trimmed(value), trimmed(computed)))
}

/// A figure or a count in another unit, or that lost or gained a digit.
fn of_another_size(measure: &Measure, latest: &Observation, before: &Observation) -> Option<String> {
    let is_explained = measure.step_changes.iter().any(|step| {
        let is_here = step.area.as_ref().is_none_or(|area| *area == latest.area);
        is_here && measure.period(&step.from).is_ok_and(|from| before.period < from && from <= latest.period)
    });
    if is_explained || measure.redefined_between(before.period, latest.period).is_some() {
        return None;
    }
    let value = |figure: &Observation| {
        let Observation { numerator, denominator, limits, .. } = *figure;
        Some(Numbers { value: figure.value.number()?, numerator, denominator, limits })
    };
    let (now, last) = (value(latest)?, value(before)?);
    if let Some(jump) = checks::jump(measure, now.value, (before.period, last.value)) {
        return Some(format!("{jump}: it may be in another unit"));
    }
    checks::slip(measure, &now, (before.period, &last))
}

/// A value that its counts do not make, where those of the one before made it: elsewhere they are counts of something else.
fn not_by_its_counts(measure: &Measure, latest: &Observation, before: &Observation) -> Option<String> {
    let off = |figure: &Observation| {
        let computed = checks::computed(measure, figure.numerator, figure.denominator).ok()??;
        let value = figure.value.number()?;
        let is_off = (value - computed).abs() > COUNTS_OFF * computed.abs()
            && !agrees_to(value, u32::from(figure.decimals.unwrap_or(0)), computed);
        Some((value, computed, is_off))
    };
    let ((value, computed, true), (.., false)) = (off(latest)?, off(before)?) else { return None };
    checks::agreement(value, u32::MAX, computed).err().map(|wrong| wrong.problem)
}
