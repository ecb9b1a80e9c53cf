//! Staying below what unmitigated growth would have given. The growth is an input: without it nothing is judged.

use super::{Scene, Start, Verdict};
use crate::evaluate::methods::trajectory;
use crate::evaluate::{Flag, Status};

/// U(t) = b(1 + g)^years; wanted is `percent` below U at the due date, and that share of the way there before it.
pub fn against_growth(scene: &Scene, percent: f64, annual_growth_percent: Option<f64>, start: &Start) -> Verdict {
    let latest = &scene.latest;
    let Some(growth) = annual_growth_percent else {
        let reason =
            format!("{} in {}, but no unmitigated-growth scenario is set", scene.figures([latest.value])[0], latest.period);
        return Verdict::new(Status::NoData, reason);
    };
    let share = percent.abs() / 100.0;
    // Periods are of one length, so the years between their ends are whole.
    let years = (trajectory::days(start.ends, latest.ends) / 365.25 * 4.0).round() / 4.0;
    let unmitigated = start.value * (1.0 + growth / 100.0).powf(years);
    let elapsed = trajectory::elapsed(start.ends, scene.due, latest.ends).unwrap_or(1.0);
    let allowed = unmitigated * (1.0 - share * elapsed);
    let [value, now, without] = scene.figures([latest.value, allowed, unmitigated]);
    let aim = format!("{} below unmitigated growth {}", crate::value::Unit::Percent.format(percent.abs(), 0), scene.by_due());
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
