//! A gap to the comparator to be closed by a date. The comparator moves, so the gap is always that of one period.

use super::{Comparator, RuleContext, RuleOutcome, TestableFigure};
use crate::evaluate::{Flag, Status};
use indicator_stats::Comparison;
use indicator_stats::{tolerance, trajectory};
use jiff::civil::Date;

/// The gap that is allowed at a day: that of the start, less the share of it that the time since then asks for. `sign` is +1 where
/// high is good.
pub fn gap_allowed(sign: f64, ((from, start), comparator): ((Date, f64), f64), due: Date, at: Date) -> f64 {
    let first = (sign * (comparator - start)).max(0.0);
    first * (1.0 - trajectory::elapsed(from, due, at).unwrap_or(1.0))
}

/// `comparator_at_start` is the comparator's figure of the baseline period. Matched means at or better than the
/// comparator by the figure itself; a merely similar one has not matched.
pub fn close_gap(
    scene: &RuleContext,
    comparator: &Comparator<'_>,
    start: Option<&TestableFigure>,
    comparator_at_start: Option<f64>,
) -> RuleOutcome {
    let Some(other) = comparator.value else {
        return comparator.missing(scene);
    };
    let gap = -scene.lead(other);
    let allowed = start
        .zip(comparator_at_start)
        .map(|(start, other)| gap_allowed(scene.sign, ((start.ends, start.value), other), scene.due, scene.latest.ends));
    let expected = allowed.map(|allowed| other - scene.sign * allowed);
    let [value, theirs, now] = scene.figures([scene.latest.value, other, expected.unwrap_or(other)]);
    let (period, name) = (&scene.latest.period, comparator.name);
    let beside = format!("{value} in {period}, against {theirs} in {name}");
    let aim = format!("to match {name} {}", scene.by_due());

    let standing = comparator.standing(scene);
    let (status, reason) = match (gap, allowed) {
        _ if scene.reaches(other) => {
            (Status::Achieved, format!("{value} in {period} matches {name} ({theirs}), as wanted {}", scene.by_due()))
        }
        _ if scene.is_final() => (Status::OffTrack, format!("{beside}, which was to be matched {}", scene.by_due())),
        (gap, Some(allowed)) if tolerance::at_least(allowed, gap) => {
            (Status::OnTrack, format!("{beside} and {now} expected at that point, {aim}"))
        }
        (_, Some(_)) => {
            let behind = format!("{beside} and {now} expected at that point, {aim}");
            match standing {
                Comparison::Similar => (Status::AtRisk, format!("{behind}; it is statistically similar to {name}")),
                Comparison::NotCompared => (Status::AtRisk, behind),
                _ => (Status::OffTrack, behind),
            }
        }
        (_, None) => match standing {
            Comparison::Similar => (Status::AtRisk, format!("{beside}, statistically similar, {aim}")),
            _ => (
                scene.without_baseline(),
                format!("{beside}, {aim}, but there is no baseline gap to say what is expected at that point"),
            ),
        },
    };
    RuleOutcome::new(status, reason)
        .flag(Flag::NoLimits, scene.lacks_limits())
        .flag(Flag::Final, scene.is_final())
        .target(scene.target(Some(other), aim, expected))
}
