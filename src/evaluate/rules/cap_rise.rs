//! A rise that is to be held below a cap, or stopped.

use super::{RuleContext, RuleOutcome, TestableFigure};
use crate::evaluate::change::Tested;
use crate::evaluate::{Flag, Status};
use crate::framework::ChangeType;
use indicator_stats::{tolerance, trajectory};

/// How a cap is written.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct RiseCap {
    pub percent: f64,
    /// As a share of the baseline, or in points.
    pub change_type: ChangeType,
    /// Whether the owner has confirmed the reading; until then the other one is told beside it.
    pub confirmed: bool,
}

impl RiseCap {
    fn value(&self, change_type: ChangeType, start: &TestableFigure) -> f64 {
        match change_type {
            ChangeType::Relative => tolerance::change_by_percent(start.value, self.percent),
            ChangeType::Points => start.value + self.percent,
        }
    }

    fn other(&self) -> ChangeType {
        match self.change_type {
            ChangeType::Relative => ChangeType::Points,
            ChangeType::Points => ChangeType::Relative,
        }
    }
}

/// Rise by no more than the cap. Achieved can only be said at the due date.
pub fn cap_rise(scene: &RuleContext, cap: RiseCap, start: &TestableFigure) -> RuleOutcome {
    let mut verdict = read(scene, cap.value(cap.change_type, start), start);
    if !cap.confirmed {
        let other = read(scene, cap.value(cap.other(), start), start);
        let most = scene.figure(cap.value(cap.other(), start));
        let (this, that) = match cap.change_type {
            ChangeType::Relative => ("a share of the baseline", "percentage points"),
            ChangeType::Points => ("percentage points", "a share of the baseline"),
        };
        let percent = cap.percent;
        verdict.reason = format!(
            "{} ({percent}% is read as {this}; as {that} the cap would be {most} and the status {}; the owner has not confirmed which)",
            verdict.reason,
            other.status.label()
        );
    }
    verdict
}

fn read(scene: &RuleContext, cap: f64, start: &TestableFigure) -> RuleOutcome {
    let latest = &scene.latest;
    let scene = RuleContext { sign: -1.0, ..scene.clone() };
    let allowance = trajectory::expected((start.ends, start.value), (scene.due, cap), latest.ends).unwrap_or(cap);
    let [value, most, now] = scene.figures([latest.value, cap, allowance]);
    let aim = |most: String| format!("at most {most} {}", scene.by_due());
    let beside = format!("{value} in {}, against {}", latest.period, aim(most));
    let allowed = format!("{beside} and {now} allowed at that point");
    let (status, reason) = match scene.limits() {
        _ if scene.is_final() && scene.reaches(cap) => (Status::Achieved, beside),
        _ if scene.is_final() => (Status::OffTrack, format!("{beside}: the cap is passed")),
        _ if scene.reaches(allowance) => (Status::OnTrack, allowed),
        _ if scene.reaches(cap) => (Status::AtRisk, allowed),
        Some(limits) if tolerance::at_least(cap, limits.lower) && !scene.is_whole() => {
            (Status::AtRisk, format!("{beside}: above the cap, which lies within its 95% limits"))
        }
        Some(_) if scene.is_whole() => (Status::OffTrack, format!("{beside}: above the cap")),
        Some(_) => (Status::OffTrack, format!("{beside}: above the cap, which lies below its 95% limits")),
        None => (Status::AtRisk, format!("{beside}: above the cap, and there are no limits")),
    };
    RuleOutcome::new(status, reason)
        .flag(Flag::NoLimits, scene.lacks_limits())
        .flag(Flag::Final, scene.is_final())
        .target(scene.target(Some(cap), aim(scene.figure(cap)), Some(allowance)))
}

/// Not significantly worse than the baseline, and no trend that way. Achieved can only be said at the due date.
pub fn stabilise(scene: &RuleContext, start: &TestableFigure) -> RuleOutcome {
    let latest = &scene.latest;
    let [value, first] = scene.figures([latest.value, start.value]);
    let aim = format!("no significant rise above {} {}", scene.figure(start.value), scene.by_due());
    let beside = format!("{value} in {}, against {first} in {}", latest.period, start.period);
    let change = scene.change_from(start);
    let good = if scene.is_final() { Status::Achieved } else { Status::OnTrack };
    let worse = scene.sign * change.difference < 0.0;
    let untested = matches!(change.tested, Tested::Not(_));
    let (status, and) = match (worse, &change.tested) {
        _ if change.is_significantly(-scene.sign) => (Status::OffTrack, ""),
        (true, Tested::Whole) => (Status::OffTrack, ""),
        _ if scene.worsening && scene.is_final() => (Status::OffTrack, "; its recent trend is significantly for the worse"),
        _ if scene.worsening => (Status::AtRisk, "; its recent trend is significantly for the worse"),
        (true, Tested::Not(_)) => (Status::AtRisk, ""),
        _ => (good, ""),
    };
    RuleOutcome::new(status, format!("{beside}: {}{and}", change.in_words()))
        .flag(Flag::NoLimits, untested)
        .flag(Flag::Final, scene.is_final())
        .target(scene.target(None, aim, None))
}
