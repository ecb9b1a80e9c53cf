//! How a measure counts in the pack: by the system's own figure, by the sum of its parts, or by the least
//! favourable of them.

use super::assess::Context;
use super::judge::{Case, Whose};
use super::series::Series;
use super::{Assessment, Flag, MeasureAssessment, Status};
use crate::area::AreaCode;
use crate::framework::{Aspiration, Measure, Target};
use std::cmp::Ordering;

pub(super) fn assess(context: &Context<'_>, measure: &Measure, aspiration: &Aspiration) -> MeasureAssessment {
    let edition = &context.inputs.framework.edition;
    let comparator = context.headlines.series(measure, &edition.comparator);
    let case = |area: &AreaCode, whose, series: &Series| {
        Case { context, measure, aspiration, area, whose, series, comparator: &comparator }.assess()
    };

    let parts: Vec<Series> = measure.parts.iter().map(|part| context.headlines.series(measure, part)).collect();
    let areas: Vec<Assessment> = measure
        .parts
        .iter()
        .zip(&parts)
        .filter(|(_, series)| series.numbers().next().is_some())
        .map(|(part, series)| case(part, Whose::Part, series))
        .collect();

    let own = case(&edition.system, Whose::System, &context.headlines.series(measure, &edition.system));
    // A figure that is withheld is not gone round by way of the parts.
    let stands = own.status != Status::NoData || own.flags.contains(&Flag::Suppressed);
    if stands && (own.latest.is_some() || areas.is_empty()) {
        return MeasureAssessment { headline: own, areas };
    }
    let whole = Series::summed(measure, &parts).map(|series| case(&edition.system, Whose::System, &series));
    let headline = match whole.filter(|whole| whole.status != Status::NoData) {
        Some(whole) => whole,
        // Without a rule no part is less favourable than another.
        None if matches!(aspiration.target, Target::NotJudged { .. }) => own,
        None if own.latest.is_some() && areas.iter().all(|a| favour(a.status).is_none()) => own,
        None => by_area(context, measure, &areas).unwrap_or(own),
    };
    MeasureAssessment { headline, areas }
}

/// The least favourable of the parts that could be judged, under its own code: off track, at risk, on track, not
/// yet due, achieved; among equals the one furthest behind what is expected, then the first of the definition.
fn by_area(context: &Context<'_>, measure: &Measure, areas: &[Assessment]) -> Option<Assessment> {
    let figures = || areas.iter().filter(|a| a.latest.is_some());
    let judged: Vec<&Assessment> = figures().filter(|a| favour(a.status).is_some()).collect();
    // Where none can be judged, the first still says why.
    let least = judged.iter().copied().min_by(|a, b| order(measure, a, b)).or_else(|| figures().next())?;
    let name = |code| context.inputs.areas.name(code);
    let lacking: Vec<&str> = measure.parts.iter().filter(|part| judged.iter().all(|a| a.area != **part)).map(name).collect();
    let place = name(&least.area);
    let mut reason = match judged.len() {
        0 => format!("{place}, like every other area with a figure, cannot be judged: {}", least.reason),
        1 => format!("{place} only: {}", least.reason),
        n => format!("{place}, least favourable of {n}: {}", least.reason),
    };
    if !judged.is_empty() && !lacking.is_empty() {
        reason.push_str(&format!("; no usable figure from {}", listed(&lacking)));
    }
    let mut flags = least.flags.clone();
    flags.push(Flag::ByArea);
    flags.extend((!lacking.is_empty()).then_some(Flag::Incomplete));
    flags.extend(judged.iter().any(|a| a.flags.contains(&Flag::Illustrative)).then_some(Flag::Illustrative));
    flags.sort_unstable();
    flags.dedup();
    Some(Assessment { reason, flags, ..least.clone() })
}

/// `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn order(measure: &Measure, a: &Assessment, b: &Assessment) -> Ordering {
    let lead = |of: &Assessment| lead(measure, of).unwrap_or(0.0);
    favour(a.status).cmp(&favour(b.status)).then_with(|| lead(a).total_cmp(&lead(b)))
}

/// How far a figure is on the good side of what is expected by now, or else of its goal or baseline.
fn lead(measure: &Measure, of: &Assessment) -> Option<f64> {
    let goal = of.goal.as_ref().and_then(|goal| goal.expected_now.or(goal.value));
    let beside = goal.or(of.baseline.as_ref().and_then(|b| b.value.number()))?;
    Some(measure.polarity.sign()? * (of.latest.as_ref()?.value.number()? - beside))
}

/// The order of the least favourable first; none where nothing was judged.
fn favour(status: Status) -> Option<u8> {
    match status {
        Status::OffTrack => Some(0),
        Status::AtRisk => Some(1),
        Status::OnTrack => Some(2),
        Status::NotYetDue => Some(3),
        Status::AchievedLate => Some(4),
        Status::Achieved => Some(5),
        Status::NoData | Status::CannotBeJudged => None,
    }
}
