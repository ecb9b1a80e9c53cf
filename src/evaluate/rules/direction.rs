//! Better than the baseline, by whatever amount; and a gap that is to become narrower.

use super::{Figure, Scene, Start, Verdict, cap_rise::start_limits};
use crate::evaluate::methods::comparison::double;
use crate::evaluate::{Comparison, Flag, Status};
use crate::value::{Limits, Polarity};

/// Two estimates with their limits: significantly better is achieved, better on track, no better at risk,
/// significantly worse off track. At the due date only a significant improvement is achieved.
pub fn direction(scene: &Scene, start: &Start) -> Verdict {
    let latest = &scene.latest;
    let polarity = if scene.sign > 0.0 { Polarity::High } else { Polarity::Low };
    let change = double(latest.value, scene.limits(), start.value, start_limits(scene, start), polarity);
    let better = scene.lead(start.value) > 0.0;
    let last = scene.is_final();
    let (status, how) = match (change, better) {
        (Comparison::Better, _) => (Status::Achieved, "significantly better"),
        (Comparison::Worse, _) => (Status::OffTrack, "significantly worse"),
        (Comparison::NotCompared, true) if last => {
            (Status::CannotBeJudged, "better, but without limits no one can say whether significantly")
        }
        (_, true) if last => (Status::OffTrack, "better, but not significantly"),
        (_, false) if last => (Status::OffTrack, "not better"),
        (Comparison::NotCompared, true) => (Status::OnTrack, "better, without limits to say whether significantly"),
        (Comparison::NotCompared, false) => (Status::AtRisk, "not better, without limits to say whether significantly worse"),
        (_, true) => (Status::OnTrack, "better, though not yet significantly"),
        (_, false) => (Status::AtRisk, "not better, though not significantly worse"),
    };
    let [value, first] = scene.figures([latest.value, start.value]);
    let aim = format!("better than {first} {}", scene.by_due());
    Verdict::new(
        status,
        format!("{value} in {}, against {first} in {}: {how} (wanted {})", latest.period, start.period, scene.by_due()),
    )
    .flag(Flag::NoLimits, change == Comparison::NotCompared)
    .flag(Flag::Provisional, status == Status::Achieved && !last)
    .flag(Flag::Final, last)
    .goal(scene.goal(None, aim, None))
}

/// As [`direction`], on the distance from zero: a gap in either direction counts, and its reversal is said.
pub fn narrow_gap(scene: &Scene, start: &Start) -> Verdict {
    let (value, limits) = distance_from_zero(scene.latest.value, scene.latest.limits);
    let (first, first_limits) = distance_from_zero(start.value, start.limits);
    let reversed = scene.latest.value * start.value < 0.0;
    let apart = Scene { sign: -1.0, latest: Figure { value, limits, ..scene.latest.clone() }, ..scene.clone() };
    let verdict = direction(&apart, &Start { value: first, limits: first_limits, ..start.clone() });
    let reason = if reversed { format!("{}; the gap has changed direction", verdict.reason) } else { verdict.reason };
    let [first] = scene.figures([first]);
    let goal =
        verdict.goal.map(|goal| crate::evaluate::Goal { words: format!("narrower than {first} {}", scene.by_due()), ..goal });
    Verdict { reason, goal, ..verdict }
}

/// A figure and its limits without their sign; limits on both sides of zero reach down to it.
pub fn distance_from_zero(value: f64, limits: Option<Limits>) -> (f64, Option<Limits>) {
    let limits = limits.map(|l| {
        let (a, b) = (l.lower.abs(), l.upper.abs());
        Limits { lower: if l.contains(0.0) { 0.0 } else { a.min(b) }, upper: a.max(b) }
    });
    (value.abs(), limits)
}
