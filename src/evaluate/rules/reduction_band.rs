//! A large reduction that is to be reached between two dates, such as 80% of emissions by 2028 to 2032.

use super::{RuleContext, RuleOutcome, TestableFigure};
use crate::evaluate::{Flag, Status};
use crate::value::Unit;
use indicator_stats::{tolerance, trajectory};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The reduction and the two dates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PercentBand {
    /// Percent of the baseline.
    pub percent: f64,
    pub early: Date,
    pub late: Date,
}

/// r = 1 − v/b. At the full reduction achieved; at or above the line to the early date on track; between the two
/// lines at risk; below both off track. The scene's due date is the late one.
pub fn reduction_band(scene: &RuleContext, band: PercentBand, start: &TestableFigure) -> RuleOutcome {
    let latest = &scene.latest;
    if start.value <= 0.0 {
        return RuleOutcome::new(Status::CannotBeJudged, format!("the baseline of {} has nothing to reduce", start.period));
    }
    let reduction = (1.0 - latest.value / start.value) * 100.0;
    let on = |end: Date| trajectory::expected((start.ends, 0.0), (end, band.percent), latest.ends).unwrap_or(band.percent);
    let (early, late) = (on(band.early), on(band.late));
    let percent = |x: f64| Unit::Percent.format(x, 1);
    let wanted = Unit::Percent.stated(band.percent);
    let value = scene.figure(latest.value);
    let beside = format!("{value} in {}, {} below {}", latest.period, percent(reduction), start.period);
    let lines = format!("{beside}, against {} to {} expected at that point", percent(late), percent(early));
    let (status, reason) = if tolerance::at_least(reduction, band.percent) {
        (Status::Achieved, format!("{beside}, at least the {} wanted", wanted))
    } else if scene.is_final() {
        (Status::OffTrack, format!("{beside}, short of the {} wanted {}", wanted, scene.by_due()))
    } else if tolerance::at_least(reduction, early) {
        (Status::OnTrack, lines)
    } else if tolerance::at_least(reduction, late) {
        (Status::AtRisk, lines)
    } else {
        (Status::OffTrack, lines)
    };
    let to_value = |reduction: f64| start.value * (1.0 - reduction / 100.0);
    let words = format!("{} below {} by {} to {}", wanted, start.period, band.early.year(), band.late.year());
    RuleOutcome::new(status, reason).flag(Flag::Final, scene.is_final()).target(scene.target(
        Some(to_value(band.percent)),
        words,
        Some(to_value(early)),
    ))
}
