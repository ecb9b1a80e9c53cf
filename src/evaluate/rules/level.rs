//! A value to be reached by a date, on the straight line from the baseline.

use super::{Figure, Scene, Verdict};
use crate::evaluate::methods::{tolerance, trajectory};
use crate::evaluate::{Flag, Status};

/// Without limits, a figure this share of the whole way behind the line is at risk, not off track.
const TOLERATED_SHORTFALL: f64 = 0.1;

/// Reach `target`, or go beyond it where `strict`.
pub fn level(scene: &Scene, target: f64, strict: bool, start: Option<&Figure>) -> Verdict {
    let met = if strict { scene.passes(target) } else { scene.reaches(target) };
    let beyond = if strict { "more than " } else { "" };
    toward(scene, &Aim { target, met, by_limits: true, words: beyond }, start)
}

/// Change by `percent` of the baseline.
pub fn percent_change(scene: &Scene, percent: f64, start: &Figure) -> Verdict {
    level(scene, tolerance::change_by_percent(start.value, percent), false, Some(start))
}

/// Reach all or none: met only where every single one counts, whatever the figure rounds to. `counts` are the
/// numerator and denominator; without them the figure has to be `full` exactly.
pub fn compliance(scene: &Scene, full: f64, counts: Option<(f64, f64)>, start: Option<&Figure>) -> Verdict {
    let met = match counts {
        Some((count, of)) if full == 0.0 => count == 0.0 && of > 0.0,
        Some((count, of)) => count == of && of > 0.0,
        None => scene.latest.value == full,
    };
    let scene = Scene { sign: if full == 0.0 { -1.0 } else { 1.0 }, ..scene.clone() };
    let verdict = toward(&scene, &Aim { target: full, met, by_limits: false, words: "" }, start);
    match counts {
        Some((count, of)) if !met => {
            let missing = if full == 0.0 { count } else { of - count };
            let reason = format!("{} ({} of {} to go)", verdict.reason, plain(missing), plain(of));
            Verdict { reason, ..verdict }
        }
        _ => verdict,
    }
}

fn plain(count: f64) -> String {
    crate::value::format_number(count, 0)
}

struct Aim {
    target: f64,
    met: bool,
    /// Whether limits may excuse a shortfall.
    by_limits: bool,
    /// Before the target in a sentence.
    words: &'static str,
}

fn toward(scene: &Scene, aim: &Aim, start: Option<&Figure>) -> Verdict {
    let latest = &scene.latest;
    let line = start.map(|s| trajectory::expected((s.ends, s.value), (scene.due, aim.target), latest.ends).unwrap_or(aim.target));
    let [value, target, expected] = scene.figures([latest.value, aim.target, line.unwrap_or(aim.target)]);
    let target = format!("{}{target}", aim.words);
    let period = &latest.period;
    let limits = latest.limits.filter(|_| aim.by_limits && !scene.is_whole());
    let wanted = format!("{value} in {period}, against {target} wanted {}", scene.by_due());

    let (status, reason) = if aim.met {
        let confirmed =
            limits.is_some_and(|l| scene.sign * (if scene.sign > 0.0 { l.lower } else { l.upper } - aim.target) >= 0.0);
        let confirmed = if confirmed { ", statistically confirmed (95%)" } else { "" };
        (Status::Achieved, format!("{value} in {period} has reached the {target} wanted {}{confirmed}", scene.by_due()))
    } else if scene.is_final() {
        (Status::OffTrack, format!("{value} in {period} has not reached the {target} wanted {}", scene.by_due()))
    } else if let Some((line, start)) = line.zip(start) {
        let shortfall = -scene.lead(line);
        let on_line = scene.reaches(line);
        let expecting = format!("{wanted} and {expected} expected at that point");
        if on_line && scene.worsening {
            (Status::AtRisk, format!("{expecting}, but it is getting significantly worse"))
        } else if on_line {
            (Status::OnTrack, expecting)
        } else if limits.is_some_and(|l| l.contains(line)) {
            (Status::AtRisk, format!("{expecting}, which lies within its 95% limits"))
        } else if limits.is_none() && tolerance::at_least(TOLERATED_SHORTFALL * (aim.target - start.value).abs(), shortfall) {
            (Status::AtRisk, format!("{expecting}, behind by no more than a tenth of the whole change"))
        } else {
            (Status::OffTrack, expecting)
        }
    } else {
        (Status::CannotBeJudged, format!("{wanted}, but there is no baseline to say what is expected at that point"))
    };
    let lacks = aim.by_limits && scene.lacks_limits();
    Verdict::new(status, reason).flag(Flag::NoLimits, lacks).flag(Flag::Final, scene.is_final()).goal(scene.goal(
        Some(aim.target),
        format!("{target} {}", scene.by_due()),
        line,
    ))
}
