//! A target that is set anew for each year: no line, only the year's own figure.

use super::{RuleContext, RuleOutcome};
use crate::evaluate::Status;
use indicator_stats::tolerance;

/// A whole year beside its target. `exceed` asks for strictly beyond it. `streak` is how many years running,
/// this one included, have met theirs.
pub fn annual_target(scene: &RuleContext, target: f64, exceed: bool, streak: usize) -> RuleOutcome {
    let latest = &scene.latest;
    let met = meets(scene, target, exceed);
    let wanted = wanted(scene, target, exceed);
    let (value, told_apart) = (scene.figure(latest.value), scene.told_apart(target, latest.value, wanted.clone()));
    let beside = format!("{value} in {}, against {told_apart} wanted in that year", latest.period);
    let (status, reason) = match (met, streak) {
        (true, 2..) => (Status::Achieved, format!("{beside}, met {streak} years running")),
        (true, _) => (Status::Achieved, beside),
        (false, _) => (Status::OffTrack, beside),
    };
    RuleOutcome::new(status, reason).target(scene.target(Some(target), format!("{wanted} in {}", latest.period), None))
}

/// A year that is still running, in words: `share` of it, between 0 and 1, has gone.
pub fn annual_target_so_far(scene: &RuleContext, target: f64, exceed: bool, share: f64, year: &str) -> RuleOutcome {
    let latest = &scene.latest;
    let due_by_now = target * share.clamp(0.0, 1.0);
    let [value, now] = scene.figures([latest.value, due_by_now]);
    let wanted = wanted(scene, target, exceed);
    let status = if meets(scene, due_by_now, exceed) { Status::OnTrack } else { Status::AtRisk };
    RuleOutcome::new(
        status,
        format!("{value} in {}, against {now} expected at that point and {wanted} in the year", latest.period),
    )
    .target(scene.target(Some(target), format!("{wanted} in {year}"), Some(due_by_now)))
}

fn wanted(scene: &RuleContext, target: f64, exceed: bool) -> String {
    let beyond = if exceed { "more than " } else { "" };
    format!("{beyond}{}", scene.unit.stated(target))
}

/// Whether `value` meets the target of its year; `sign` is +1 where high is good.
pub fn meets_annual(sign: f64, value: f64, target: f64, exceed: bool) -> bool {
    let (value, target) = (sign * value, sign * target);
    if exceed { !tolerance::at_least(target, value) } else { tolerance::at_least(value, target) }
}

fn meets(scene: &RuleContext, target: f64, exceed: bool) -> bool {
    meets_annual(scene.sign, scene.latest.value, target, exceed)
}
