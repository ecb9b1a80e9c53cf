//! A condition that holds in every period from a day on, such as all electricity being renewable.

use super::{RuleContext, RuleOutcome};
use crate::evaluate::wording::format_month;
use crate::evaluate::{Flag, Status};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One complete period since the condition began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeriodMet {
    /// In words: `2024/25`.
    pub period: String,
    /// Its last day.
    pub ends: Date,
    pub met: bool,
}

/// By the latest period, the last of `periods`: met in every one is achieved, met now but not in each is achieved late,
/// since the first of the present run; not met now is off track, lapsed where it was met before. Never final.
pub fn standing(scene: &RuleContext, full: f64, periods: &[PeriodMet]) -> RuleOutcome {
    let latest = &scene.latest;
    let value = scene.figure(latest.value);
    let aim = format!("{} in every period from {}", scene.unit.stated(full), format_month(scene.due));
    let met_now = periods.last().is_some_and(|period| period.met);
    let run: Vec<&PeriodMet> = periods.iter().rev().take_while(|period| period.met).collect();
    let beside = format!("{value} in {} (wanted: {aim})", latest.period);
    let (status, reason, lapsed) = match (met_now, run.last()) {
        (true, _) if run.len() == periods.len() => (Status::Achieved, beside, false),
        (true, Some(first)) => {
            (Status::AchievedLate, format!("{beside}: met since {}, not in every period", first.period), false)
        }
        _ => match periods.iter().rev().find(|period| period.met) {
            Some(last) => (Status::OffTrack, format!("{beside}: lapsed, last met in {}", last.period), true),
            None => (Status::OffTrack, beside, false),
        },
    };
    RuleOutcome::new(status, reason).flag(Flag::Lapsed, lapsed).target(scene.target(Some(full), aim, None))
}
