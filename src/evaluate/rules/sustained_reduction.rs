//! A fall in every year since the baseline.

use super::{RuleContext, RuleOutcome};
use crate::evaluate::{Flag, Status};
use indicator_stats::tolerance;

/// `earlier` are the figures before the latest, oldest first, from the baseline on; there is at least one.
/// `significant_rise` says whether the latest is significantly worse than the one before it.
///
/// Off track where the latest is no better than the baseline, significantly worse than the year before (95%), or the
/// second year running without a fall; at risk after any single such year; otherwise on track. Achieved can only
/// be said at the due date, of an unbroken fall.
pub fn sustained_reduction(scene: &RuleContext, earlier: &[f64], significant_rise: bool) -> RuleOutcome {
    let latest = &scene.latest;
    let baseline = earlier.first().copied().unwrap_or(latest.value);
    let series: Vec<f64> = earlier.iter().copied().chain([latest.value]).collect();
    let falls: Vec<bool> =
        series.windows(2).map(|pair| !tolerance::at_least(scene.sign * pair[0], scene.sign * pair[1])).collect();
    let unbroken = !falls.is_empty() && falls.iter().all(|fell| *fell);
    let twice = falls.len() >= 2 && falls[falls.len() - 2..].iter().all(|fell| !fell);
    let [value, first] = scene.figures([latest.value, baseline]);
    let beside = format!("{value} in {}, against {first} at the baseline", latest.period);
    let count = format!("better in {} of {} years", falls.iter().filter(|fell| **fell).count(), falls.len());
    let (status, reason) = if unbroken && scene.is_final() {
        (Status::Achieved, format!("{beside}: {count}"))
    } else if unbroken {
        (Status::OnTrack, format!("{beside}: {count}"))
    } else if scene.is_final() {
        (Status::OffTrack, format!("{beside}: only {count}"))
    } else if !scene.passes(baseline) {
        (Status::OffTrack, format!("{beside}: no better than where it started"))
    } else if significant_rise {
        (Status::OffTrack, format!("{beside}: significantly worse than the year before (95%)"))
    } else if twice {
        (Status::OffTrack, format!("{beside}: no better for two years running"))
    } else {
        (Status::AtRisk, format!("{beside}: {count}"))
    };
    RuleOutcome::new(status, reason)
        .flag(Flag::NoLimits, scene.lacks_limits())
        .flag(Flag::Final, scene.is_final())
        .target(scene.target(None, format!("better every year from {} {}", scene.figure(baseline), scene.by_due()), None))
}
