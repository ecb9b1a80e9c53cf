//! How a measure counts in the pack: by the system's own figure, by the sum of its parts, or by the least
//! favourable of them.

use super::assess::Context;
use super::inequality::breakdowns;
use super::judge::{Case, Whose};
use super::series::Series;
use super::tree::Tree;
use super::{Assessment, Flag, MeasureAssessment, Status};
use crate::area::{AreaCode, Areas};
use crate::framework::{Aspiration, Measure, Target};
use std::cmp::Ordering;

pub(super) fn assess(context: &Context<'_>, measure: &Measure, aspiration: &Aspiration) -> MeasureAssessment {
    let edition = &context.inputs.framework.edition;
    let tree = Tree { headlines: &context.headlines, areas: context.inputs.areas, measure, system: &edition.system };
    let comparator = tree.own(&edition.comparator);
    let case = |area: &AreaCode, whose, series: &Series| {
        Case { context, measure, aspiration, area, whose, series, comparator: &comparator }.assess()
    };
    let breakdowns = breakdowns(context, measure, &comparator);
    let own = case(&edition.system, Whose::System, &tree.own(&edition.system));
    // A figure that is withheld is not gone round by way of the parts.
    let stands = own.latest.is_some() && (own.status != Status::NoFigure || own.flags.contains(&Flag::Suppressed));
    let whole = |own: &Assessment| {
        let whole = tree.summed(&edition.system).map(|series| case(&edition.system, Whose::System, &series));
        whole.filter(|whole| whole.status != Status::NoFigure || own.latest.is_none() && measure.parts.len() == 1)
    };
    if let [_] = measure.parts.as_slice()
        && !stands
        && let Some(headline) = whole(&own)
    {
        // The only part is the system: it is not told twice.
        return MeasureAssessment { headline, areas: Vec::new(), breakdowns };
    }

    let part = |area: &AreaCode| {
        let series = tree.series(area);
        series.numbers().next().is_some().then(|| case(area, Whose::Part, &series))
    };
    let parts: Vec<Assessment> = measure.parts.iter().filter_map(part).collect();
    let headline = if stands || (parts.is_empty() && own.status != Status::NoFigure) {
        own
    } else {
        match whole(&own) {
            Some(whole) => whole,
            // Without a rule no part is less favourable than another.
            None if matches!(aspiration.target, Target::NotJudged { .. }) => own,
            None if own.latest.is_some() && parts.iter().all(|a| favour(a.status).is_none()) => own,
            None => by_area(&tree, measure, &parts).unwrap_or_else(|| for_want_of_later(own, &parts)),
        }
    };
    let mut areas = parts;
    areas.extend(tree.made_of_parts().filter_map(part));
    MeasureAssessment { headline, areas, breakdowns }
}

/// The system as without any figure, but for the reason of parts that have figures and none late enough.
fn for_want_of_later(own: Assessment, parts: &[Assessment]) -> Assessment {
    match parts.first() {
        Some(part) if part.latest.is_none() => {
            Assessment { status: part.status, reason: part.reason.clone(), working: part.working.clone(), ..own }
        }
        _ => own,
    }
}

/// The least favourable of the parts; see [`least_favourable`].
fn by_area(tree: &Tree<'_>, measure: &Measure, areas: &[Assessment]) -> Option<Assessment> {
    let in_words = |part: &AreaCode| {
        let name = tree.areas.name(part);
        let of_it: Vec<&str> = tree.lacking(part).into_iter().map(|code| tree.areas.name(code)).collect();
        if of_it.is_empty() { name.to_owned() } else { format!("{name} (for want of {})", listed(&of_it)) }
    };
    least_favourable(measure, tree.areas, &measure.parts, areas, &in_words)
}

/// The least favourable of the areas that could be judged, under its own code: off track, at risk, on track, not
/// yet due, achieved; among equals the one whose figure is the worst, then the first. The reason names those
/// of `parts` that could not be judged, as `in_words` has them.
pub(super) fn least_favourable<'g>(
    measure: &Measure,
    areas: &Areas,
    parts: &[AreaCode],
    given: &'g [Assessment],
    in_words: &dyn Fn(&AreaCode) -> String,
) -> Option<Assessment> {
    let figures = || given.iter().filter(|a| a.latest.is_some());
    let judged: Vec<&Assessment> = figures().filter(|a| favour(a.status).is_some()).collect();
    // Where none can be judged, the worst figure still says why.
    let worst = |of: &mut dyn Iterator<Item = &'g Assessment>| of.min_by(|a, b| order(measure, a, b));
    let least = worst(&mut judged.iter().copied()).or_else(|| worst(&mut figures()))?;
    let lacking: Vec<String> = parts.iter().filter(|part| judged.iter().all(|a| a.area != **part)).map(in_words).collect();
    let place = areas.name(&least.area);
    let mut reason = match judged.len() {
        0 => format!("In {place}, as in every area with a figure: {}", within_a_sentence(&least.reason)),
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

/// A reason that may begin with an article, as it reads after a colon.
fn within_a_sentence(reason: &str) -> String {
    reason.strip_prefix("The ").map_or_else(|| reason.to_owned(), |rest| format!("the {rest}"))
}

/// `a, b and c`.
fn listed<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn order(measure: &Measure, a: &Assessment, b: &Assessment) -> Ordering {
    let goodness = |of: &Assessment| {
        let figure = of.latest.as_ref().and_then(|latest| latest.value.number());
        measure.polarity.sign().zip(figure).map_or(0.0, |(sign, figure)| sign * figure)
    };
    favour(a.status).cmp(&favour(b.status)).then_with(|| goodness(a).total_cmp(&goodness(b)))
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
        Status::NoFigure | Status::NoTargetSet | Status::CannotBeJudged => None,
    }
}
