//! What can be written and hardly be meant: a figure of another scale, another length of period, the wrong side.
//!
//! A fault is what no one can mean; what someone might is a note.

use super::findings::Findings;
use super::{Baseline, Measure, MeasureSource, Statistic, Target, Uncertainty};
use crate::period::{Period, PeriodStep};
use crate::value::{Polarity, Unit};

/// So many times worse than where it starts no level is meant to be.
const FAR: f64 = 3.0;
/// Between a share written as 0.06 and one written as 6% lies a factor of 100; figures themselves vary by less than this.
const ANOTHER_SCALE: f64 = 20.0;
/// For figures without a natural scale.
const MANY_TIMES: f64 = 100.0;

/// The measure by itself; `is_made_known` where all could be read that says how its figures are made.
pub(super) fn measure(place: &str, measure: &Measure, is_made_known: bool, findings: &mut Findings) {
    cadence(place, measure, findings);
    if !is_made_known {
        return;
    }
    parts_of_chance(place, measure, findings);
    counts_in_words(place, measure, findings);
    if !unit_of_statistic(place, measure, findings) {
        return;
    }
    let Some(expected) = measure.unit.multiplier() else { return };
    // Others are not worked out from a numerator and a denominator.
    let is_worked_out = matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate);
    // One that is no multiplier at all is told as that.
    if is_worked_out && measure.multiplier > 0.0 && measure.multiplier != expected {
        let (found, unit) = (measure.multiplier, measure.unit.label());
        findings.faults.push(
            format!("{place}, multiplier"),
            format!("is {found}, and the measure is in {unit}: multiplier × numerator ÷ denominator is no {unit}; {expected} was expected"),
            format!("write multiplier = {expected}, or correct the unit"),
        );
    }
}

/// Whether the statistic makes figures of such a unit; else it is told.
fn unit_of_statistic(place: &str, measure: &Measure, findings: &mut Findings) -> bool {
    let is_added_up = matches!(measure.statistic, Statistic::Count | Statistic::Quantity);
    let unit = measure.unit.in_words();
    let of_what = match measure.statistic {
        Statistic::Count => "a count",
        Statistic::Quantity => "a quantity",
        Statistic::Proportion => "a proportion",
        _ => "a rate",
    };
    if is_added_up && measure.unit.multiplier().is_some_and(|multiplier| multiplier != 1.0) {
        let problem =
            format!("is {unit}, and the measure is {of_what}: those of its parts are added up, which makes no rate or share");
        let remedy = "write the unit of what is counted, or statistic = \"proportion\" or \"crude-rate\"";
        findings.faults.push(format!("{place}, unit"), problem, remedy);
        return false;
    }
    if is_added_up && measure.multiplier != 1.0 {
        let problem = format!(
            "is {}, and the measure is {of_what}, which is not worked out from a numerator and a denominator",
            measure.multiplier
        );
        findings.note(format!("{place}, multiplier"), problem, "leave it out, unless the statistic is another");
        return true;
    }
    let is_no_share =
        matches!(measure.unit, Unit::Years | Unit::Days | Unit::Count | Unit::Pounds | Unit::Score | Unit::TonnesCo2e);
    if measure.statistic == Statistic::Proportion && is_no_share {
        let problem = format!("is {unit}, and the measure is a proportion: a share of people or things was expected");
        findings.faults.push(format!("{place}, unit"), problem, "write unit = \"percent\", or correct the statistic");
        return false;
    }
    if measure.statistic == Statistic::Count && !measure.denominator.trim().is_empty() {
        findings.note(
            format!("{place}, denominator"),
            "is given, and the measure is a count, which has none".to_owned(),
            "leave it out, or write statistic = \"proportion\" or \"crude-rate\"",
        );
    }
    if measure.statistic == Statistic::Count && measure.unit == Unit::Count && measure.decimals > 1 {
        let problem = format!("is {}, and a count is a whole number", measure.decimals);
        findings.note(format!("{place}, decimals"), problem, "write decimals = 0");
    }
    true
}

/// Of a share or a rate that partners return both counts are asked for: one is described and the other not.
fn counts_in_words(place: &str, measure: &Measure, findings: &mut Findings) {
    let asks_both = matches!(measure.source, MeasureSource::Return { .. })
        && matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate);
    let (key, other) = match (measure.numerator.trim(), measure.denominator.trim()) {
        ("", of) if !of.is_empty() => ("numerator", "denominator"),
        (of, "") if !of.is_empty() => ("denominator", "numerator"),
        _ => return,
    };
    if asks_both {
        let problem = format!("is not given beside the {other}: partners are asked for a number, and not told what it counts");
        findings.note(format!("{place}, {key}"), problem, "say what it counts");
    }
}

/// Chance has its part in a figure by what it is made of.
fn parts_of_chance(place: &str, measure: &Measure, findings: &mut Findings) {
    use Uncertainty::{Binomial, Poisson, Published};
    let Some(said) = measure.uncertainty else { return };
    let (word, problem) = match (measure.statistic, said) {
        (Statistic::Count | Statistic::CrudeRate, Binomial) => ("binomial", "which is that of a share"),
        (Statistic::Proportion, Poisson) => ("poisson", "which is that of events, and the measure is a share"),
        (Statistic::StandardisedRate | Statistic::Estimate, Binomial) => ("binomial", "which needs plain counts"),
        (Statistic::StandardisedRate | Statistic::Estimate, Poisson) => ("poisson", "which needs plain counts"),
        (Statistic::Quantity, Binomial) => ("binomial", "and a quantity has no sampling error"),
        (Statistic::Quantity, Poisson) => ("poisson", "and a quantity has no sampling error"),
        (Statistic::Quantity, Published) => ("published", "and a quantity has no sampling error"),
        _ => return,
    };
    findings.note(
        format!("{place}, uncertainty"),
        format!("is {word:?}, {problem}"),
        "leave it out, for the statistic says it, unless the other is meant",
    );
}

/// An annual figure that is asked for a quarter, and a monthly one that would begin with a quarter.
fn cadence(place: &str, measure: &Measure, findings: &mut Findings) {
    let MeasureSource::Return { first: Some(first), .. } = &measure.source else { return };
    let Ok(period) = measure.period(first) else { return };
    let (step, every) = (period.step().months(), measure.cadence_months);
    if is_longer(period, measure) {
        findings.faults.push(
            format!("{place}, source.first"),
            format!("{first} is counted in steps of {step} months, and a figure comes every {}", in_months(every)),
            "write a period as long as cadence_months, such as the first month of a monthly measure",
        );
        return;
    }
    // A month stands for a year where things are counted on a day.
    if (2..12).contains(&period.months()) && period.months() < measure.cadence_months {
        let long = period.months();
        findings.note(
            format!("{place}, source.first"),
            format!("{first} has {long} months, and a figure comes every {every}: the months between are never asked for"),
            "write a period as long as cadence_months, unless a part of it is meant",
        );
    }
}

/// What a target says beside its measure.
pub(super) fn target(place: &str, measure: &Measure, target: &Target, findings: &mut Findings) {
    let place = format!("{place}, target.");
    if let Some(baseline) = target.baseline() {
        self::baseline(&place, measure, baseline, findings);
    }
    match target {
        Target::Level { value, baseline, .. } => {
            let from = baseline.as_ref().and_then(|baseline| baseline.value);
            let may_be_worse = !scale(&place, measure, ("value", *value), from, findings);
            if let Some(from) = from.filter(|_| may_be_worse) {
                side(&place, measure.polarity, *value, from, findings);
            }
        }
        Target::AnnualTarget { targets, every_year, .. } => {
            for year in targets {
                scale(&place, measure, ("targets", year.value), None, findings);
                annual(&place, measure, &year.period, findings);
            }
            if let Some(value) = every_year {
                scale(&place, measure, ("every_year", *value), None, findings);
            }
        }
        Target::CapRise { percent, .. }
        | Target::PercentChange { percent, .. }
        | Target::AgainstGrowth { percent, .. }
        | Target::ReductionBand { percent, .. }
            if percent.abs() > 0.0 && percent.abs() < 1.0 =>
        {
            findings.note(
                format!("{place}percent"),
                format!("{percent} is less than 1%: a tenth is written 10"),
                "multiply it by 100, unless so little is meant",
            );
        }
        Target::CloseGap { .. }
        | Target::CapRise { .. }
        | Target::Stabilise { .. }
        | Target::BetterThanComparator { .. }
        | Target::SimilarOrBetter { .. }
        | Target::SustainedReduction { .. }
        | Target::PercentChange { .. }
        | Target::AgainstGrowth { .. }
        | Target::Direction { .. }
        | Target::NarrowGap { .. }
        | Target::Standing { .. }
        | Target::Compliance { .. }
        | Target::ReductionBand { .. }
        | Target::NotJudged { .. } => {}
    }
}

/// Counted in longer steps than figures come: of a monthly measure a quarter.
fn is_longer(first: Period, measure: &Measure) -> bool {
    (1..first.step().months()).contains(&measure.cadence_months)
}

fn in_months(months: i32) -> String {
    if months == 1 { "month".to_owned() } else { format!("{months} months") }
}

/// The months of one figure, where the measure says how many.
fn months(measure: &Measure) -> Option<i32> {
    match &measure.source {
        MeasureSource::Indicator { years, .. } if *years == 1 && measure.cadence_months < 12 => Some(measure.cadence_months),
        MeasureSource::Indicator { years, .. } => Some(years * 12),
        MeasureSource::Return { first: Some(first), .. } => {
            // A first period that cannot be is told there.
            measure
                .period(first)
                .ok()
                .map(|first| if is_longer(first, measure) { measure.cadence_months } else { first.months() })
        }
        MeasureSource::Return { first: None, .. } | MeasureSource::Sum { .. } => Some(measure.cadence_months.min(12)),
        MeasureSource::None => None,
    }
}

/// Only a figure of the baseline's own period is its figure; a value that the strategy states may be of another.
fn baseline(place: &str, measure: &Measure, baseline: &Baseline, findings: &mut Findings) {
    let (Ok(period), Some(months)) = (measure.period(&baseline.period), months(measure)) else { return };
    let label = &baseline.period;
    let problem = if period.months() != months {
        format!("{label} has {} months, and a figure of the measure {months}", period.months())
    } else if is_another_year(period, measure) {
        format!("{label} is not of the measure's kind of year: its figures are of {}", measure.year.label())
    } else {
        return;
    };
    if baseline.value.is_some() {
        let remedy = "write a period of the measure's own, unless the value that is stated is of this one";
        findings.note(format!("{place}baseline.period"), problem, remedy);
    } else {
        let problem = format!("{problem}: no figure of that period will come");
        findings.faults.push(
            format!("{place}baseline.period"),
            problem,
            "write a period of the measure's own, or state the value",
        );
    }
}

fn is_another_year(period: Period, measure: &Measure) -> bool {
    period.step() != PeriodStep::Month && period.year_kind() != measure.year
}

/// A year's target is found by its year.
fn annual(place: &str, measure: &Measure, label: &str, findings: &mut Findings) {
    let Ok(period) = measure.period(label) else { return };
    if period.months() != 12 || is_another_year(period, measure) {
        let expected = Period::year(measure.year, 2026);
        findings.faults.push(
            format!("{place}targets"),
            format!(
                "{label} is not a year of the measure, whose years are {}; one such as {expected} was expected",
                measure.year.label()
            ),
            "write the year as the measure's figures have it",
        );
    }
}

/// Whether a number is of another scale than the measure's figures: told, and true.
fn scale(place: &str, measure: &Measure, (key, value): (&str, f64), from: Option<f64>, findings: &mut Findings) -> bool {
    let is_part = |number: f64| number > 0.0 && number < 1.0;
    if measure.unit == Unit::Percent {
        let (small, large, key) = match from {
            Some(from) if is_part(from) && value >= 1.0 => (from, value, "baseline.value"),
            Some(from) => (value, from, key),
            None => (value, 0.0, key),
        };
        if !is_part(small) {
            return false;
        }
        let at = format!("{place}{key}");
        if large / small >= ANOTHER_SCALE && large >= 1.0 {
            let problem = format!(
                "{small} stands beside {large}, and the measure is in %: a percentage was expected, such as {}",
                times_100(small)
            );
            findings.faults.push(at, problem, "multiply it by 100, or correct the other");
            return true;
        }
        let problem = format!("{small} is less than 1%; a percentage is written {} rather than {small}", times_100(small));
        findings.note(at, problem, "multiply it by 100, unless so little is meant");
        return true;
    }
    let Some(from) = from.filter(|from| *from > 0.0 && value > 0.0) else { return false };
    let times = (value / from).max(from / value);
    if times >= MANY_TIMES {
        let problem = format!("{value} is {times:.0} times more or less than its baseline, {from}");
        findings.note(format!("{place}{key}"), problem, "write both in the measure's unit");
    }
    times >= MANY_TIMES
}

/// `6` for 0.06, without the dust of binary fractions.
fn times_100(value: f64) -> f64 {
    (value * 1e8).round() / 1e6
}

/// A level is there to be reached: one that its baseline is past already is mostly a polarity or a number that is wrong.
fn side(place: &str, polarity: Polarity, value: f64, from: f64, findings: &mut Findings) {
    let Some(sign) = polarity.sign().filter(|sign| sign * (value - from) < 0.0) else { return };
    let good = if sign > 0.0 { "high" } else { "low" };
    let problem = format!("{value} is worse than its baseline, {from}, as {good} is good: it is reached from the start");
    let (at, remedy) = (format!("{place}value"), "correct the number, the baseline or the measure's polarity");
    if from > 0.0 && value > 0.0 && (value / from).max(from / value) >= FAR {
        findings.faults.push(at, problem, remedy);
    } else {
        findings.note(at, problem, remedy);
    }
}
