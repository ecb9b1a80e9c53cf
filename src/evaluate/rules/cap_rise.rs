//! A rise that is to be held below a cap, or stopped.

use super::{Scene, Start, Verdict};
use crate::evaluate::methods::{comparison::double, trajectory};
use crate::evaluate::{Comparison, Flag, Status};
use crate::value::Polarity;

/// Rise by no more than `percent` of the baseline. Achieved can only be said at the due date.
pub fn cap_rise(scene: &Scene, percent: f64, start: &Start) -> Verdict {
    let latest = &scene.latest;
    let cap = start.value * (1.0 + percent / 100.0);
    let allowance = trajectory::expected((start.ends, start.value), (scene.due, cap), latest.ends).unwrap_or(cap);
    let [value, most, now] = scene.figures([latest.value, cap, allowance]);
    let aim = format!("at most {most} {}", scene.by_due());
    let beside = format!("{value} in {}, against {aim}", latest.period);
    let allowed = format!("{beside} and {now} allowed by now");
    let (status, reason) = match scene.limits() {
        _ if scene.is_final() && latest.value <= cap => (Status::Achieved, beside),
        _ if scene.is_final() => (Status::OffTrack, format!("{beside}: the cap is passed")),
        _ if latest.value <= allowance => (Status::OnTrack, allowed),
        _ if latest.value <= cap => (Status::AtRisk, allowed),
        Some(limits) if limits.lower <= cap => (Status::AtRisk, format!("{beside}, which is within its confidence limits")),
        Some(_) => (Status::OffTrack, format!("{beside}: significantly above the cap")),
        None => (Status::AtRisk, format!("{beside}: above the cap, without limits to say whether significantly")),
    };
    Verdict::new(status, reason).flag(Flag::NoLimits, scene.lacks_limits()).flag(Flag::Final, scene.is_final()).goal(scene.goal(
        Some(cap),
        aim,
        Some(allowance),
    ))
}

/// Not significantly worse than the baseline, and no trend that way. Achieved can only be said at the due date.
pub fn stabilise(scene: &Scene, start: &Start) -> Verdict {
    let latest = &scene.latest;
    let [value, first] = scene.figures([latest.value, start.value]);
    let aim = format!("no significant rise above {first} {}", scene.by_due());
    let beside = format!("{value} in {}, against {first} in {}", latest.period, start.period);
    let polarity = if scene.sign > 0.0 { Polarity::High } else { Polarity::Low };
    let change = double(latest.value, scene.limits(), start.value, start_limits(scene, start), polarity);
    let good = if scene.is_final() { Status::Achieved } else { Status::OnTrack };
    let worse = scene.lead(start.value) < 0.0;
    let (status, how) = match change {
        Comparison::Worse => (Status::OffTrack, "significantly worse"),
        _ if scene.worsening && scene.is_final() => (Status::OffTrack, "with a recent trend significantly for the worse"),
        _ if scene.worsening => (Status::AtRisk, "not significantly worse, but its recent trend is"),
        Comparison::NotCompared if worse && scene.is_final() => {
            (Status::CannotBeJudged, "worse, and without limits no one can say whether significantly")
        }
        Comparison::NotCompared if worse => (Status::AtRisk, "worse, without limits to say whether significantly"),
        _ if worse => (good, "not significantly worse"),
        _ => (good, "no worse"),
    };
    Verdict::new(status, format!("{beside}: {how}"))
        .flag(Flag::NoLimits, change == Comparison::NotCompared)
        .flag(Flag::Final, scene.is_final())
        .goal(scene.goal(Some(start.value), aim, None))
}

/// As [`Scene::limits`], of the start.
pub(super) fn start_limits(scene: &Scene, start: &Start) -> Option<crate::value::Limits> {
    start.limits.or(scene.exact.then_some(crate::value::Limits { lower: start.value, upper: start.value }))
}
