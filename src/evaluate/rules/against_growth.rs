//! Staying below what unmitigated growth would have given. The growth is an input: without it nothing is judged.

use super::{Scene, Start, Verdict};
use crate::evaluate::methods::trajectory;
use crate::evaluate::{Flag, Status};
use crate::value::Unit;

/// Growth by a yearly share: U(t) = b(1 + g)^years, which is then judged as by [`against_scenario`].
pub fn against_growth(scene: &Scene, percent: f64, annual_growth_percent: Option<f64>, start: &Start) -> Verdict {
    let Some(growth) = annual_growth_percent else {
        return nothing_to_judge_by(scene, "no unmitigated-growth scenario is set: its agreed figure for each period is needed");
    };
    // Periods are of one length, so the years between their ends are whole.
    let years = (trajectory::days(start.ends, scene.latest.ends) / 365.25 * 4.0).round() / 4.0;
    below(scene, percent, start.value * (1.0 + growth / 100.0).powf(years), start)
}

/// `unmitigated` is U(t), what the locked scenario projects for the latest period. Wanted is `percent` below U at the
/// due date, and the share of that which the time since the baseline allows before it: U(t)(1 − percent · elapsed).
pub fn against_scenario(scene: &Scene, percent: f64, unmitigated: Option<f64>, start: &Start) -> Verdict {
    match unmitigated {
        Some(unmitigated) => below(scene, percent, unmitigated, start),
        None => nothing_to_judge_by(scene, "the unmitigated-growth scenario has no figure for that period: it is needed"),
    }
}

fn nothing_to_judge_by(scene: &Scene, lacking: &str) -> Verdict {
    let [value] = scene.figures([scene.latest.value]);
    Verdict::new(Status::NoData, format!("{value} in {}, but {lacking}", scene.latest.period))
}

fn below(scene: &Scene, percent: f64, unmitigated: f64, start: &Start) -> Verdict {
    let latest = &scene.latest;
    let share = percent.abs() / 100.0;
    let elapsed = trajectory::elapsed(start.ends, scene.due, latest.ends).unwrap_or(1.0);
    let allowed = unmitigated * (1.0 - share * elapsed);
    let [value, now, without] = scene.figures([latest.value, allowed, unmitigated]);
    let aim = format!("{} below unmitigated growth {}", Unit::Percent.format(percent.abs(), 0), scene.by_due());
    let beside = format!("{value} in {}, against {now} allowed by now and {without} had growth gone on", latest.period);
    let (status, reason) = match latest.limits {
        _ if latest.value <= allowed && scene.is_final() => (Status::Achieved, beside),
        _ if latest.value <= allowed => (Status::OnTrack, beside),
        _ if scene.is_final() => (Status::OffTrack, beside),
        Some(limits) if limits.lower <= allowed => (Status::AtRisk, format!("{beside}, which is within its confidence limits")),
        None if scene.lacks_limits() => (Status::AtRisk, beside),
        _ => (Status::OffTrack, beside),
    };
    Verdict::new(status, reason).flag(Flag::NoLimits, scene.lacks_limits()).flag(Flag::Final, scene.is_final()).goal(scene.goal(
        None,
        aim,
        Some(allowed),
    ))
}
