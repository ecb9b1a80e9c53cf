//! Better than the baseline, by whatever amount; and a gap that is to become narrower.

use super::{RuleContext, RuleOutcome, TestableFigure};
use crate::evaluate::change::Tested;
use crate::evaluate::{AssessedTarget, Flag, Status};
use crate::value::Limits;

/// The change from the baseline, tested: significant and favourable is achieved, favourable on track, flat or adverse at
/// risk, significant and adverse off track. At the due date favourable without significance is at risk, and anything
/// that is not favourable off track.
pub fn direction(scene: &RuleContext, start: &TestableFigure) -> RuleOutcome {
    let change = scene.change_from(start);
    let better = scene.sign * change.difference > 0.0;
    let worse = scene.sign * change.difference < 0.0;
    let last = scene.is_final();
    let is_real = change.is_significant().unwrap_or(matches!(change.tested, Tested::Whole) && (better || worse));
    let status = match (better, is_real) {
        (true, true) => Status::Achieved,
        (true, false) if last => Status::AtRisk,
        (true, false) => Status::OnTrack,
        (false, true) => Status::OffTrack,
        (false, false) if last => Status::OffTrack,
        (false, false) => Status::AtRisk,
    };
    let merit = match (better, worse) {
        (true, _) => ", which is better",
        (_, true) => ", which is worse",
        _ => "",
    };
    let [value, first] = scene.figures([scene.latest.value, start.value]);
    let aim = |first: &str| format!("better than {first} {}", scene.by_due());
    let how = format!("{}{merit}", change.in_words());
    let (period, wanted) = (&scene.latest.period, aim(&scene.figure(start.value)));
    let reason = format!("{value} in {period}, against {first} in {}: {how} (wanted: {wanted})", start.period);
    RuleOutcome::new(status, reason)
        .flag(Flag::NoLimits, matches!(change.tested, Tested::Not(_)))
        .flag(Flag::Provisional, status == Status::Achieved && !last)
        .flag(Flag::Final, last)
        .target(scene.target(None, aim(&scene.figure(start.value)), None))
}

/// As [`direction`], on the distance from zero: a gap in either direction counts, and its reversal is said.
pub fn narrow_gap(scene: &RuleContext, start: &TestableFigure) -> RuleOutcome {
    let apart = |figure: &TestableFigure| {
        let (value, limits) = distance_from_zero(figure.value, figure.limits);
        TestableFigure { value, limits, counts: None, ..figure.clone() }
    };
    let first = apart(start);
    let reversed = scene.latest.value * start.value < 0.0;
    let verdict = direction(&RuleContext { sign: -1.0, latest: apart(&scene.latest), ..scene.clone() }, &first);
    let reason = if reversed { format!("{}; the gap has changed direction", verdict.reason) } else { verdict.reason };
    let words = format!("narrower than {} {}", scene.figure(first.value), scene.by_due());
    let target = verdict.target.map(|target| AssessedTarget { words, ..target });
    RuleOutcome { reason, target, ..verdict }
}

/// A figure and its limits without their sign; limits on both sides of zero reach down to it.
pub fn distance_from_zero(value: f64, limits: Option<Limits>) -> (f64, Option<Limits>) {
    let limits = limits.map(|l| {
        let (a, b) = (l.lower.abs(), l.upper.abs());
        Limits { lower: if l.contains(0.0) { 0.0 } else { a.min(b) }, upper: a.max(b) }
    });
    (value.abs(), limits)
}
