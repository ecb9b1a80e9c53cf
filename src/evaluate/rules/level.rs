//! A value to be reached by a date, on the straight line from the baseline.

use super::{RuleContext, RuleOutcome, TestableFigure};
use crate::evaluate::wording::format_month;
use crate::evaluate::{Flag, Status};
use crate::value::Limits;
use indicator_stats::{tolerance, trajectory};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Without limits, a figure this share of the whole way behind the line is at risk, not off track.
const TOLERATED_SHORTFALL: f64 = 0.1;

/// A value on the way to the target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct InterimValue {
    pub value: f64,
    pub due: Date,
    /// Once its date has passed, the last figure that ended by it.
    pub figure: Option<f64>,
}

/// Reach `target`, or go beyond it where `strict`.
pub fn level(scene: &RuleContext, target: f64, strict: bool, start: Option<&TestableFigure>) -> RuleOutcome {
    level_by_way_of(scene, target, strict, start, &[])
}

/// As [`level`], by way of the values of `interim`: what is expected lies on the line through them, and it is told whether
/// the last whose date has passed was reached, and which is next.
pub fn level_by_way_of(
    scene: &RuleContext,
    target: f64,
    strict: bool,
    start: Option<&TestableFigure>,
    interim: &[InterimValue],
) -> RuleOutcome {
    let met = if strict { scene.passes(target) } else { scene.reaches(target) };
    let beyond = if strict { "more than " } else { "" };
    let aim = LevelAim { target, stated: true, met, by_limits: true, words: beyond, interim };
    let verdict = toward(scene, &aim, start);
    let said: Vec<String> = if met || scene.is_final() { Vec::new() } else { on_the_way(scene, interim) };
    let reason = std::iter::once(verdict.reason).chain(said).collect::<Vec<_>>().join("; ");
    RuleOutcome { reason, ..verdict }
}

/// What is said of the last value on the way whose date has passed, and of the next.
fn on_the_way(scene: &RuleContext, interim: &[InterimValue]) -> Vec<String> {
    let words = |of: &InterimValue| format!("{} by {}", scene.unit.stated(of.value), format_month(of.due));
    let passed = interim.iter().rfind(|of| of.figure.is_some());
    let reached = |of: &InterimValue| of.figure.is_some_and(|x| tolerance::at_least(scene.sign * x, scene.sign * of.value));
    let passed = passed.map(|of| {
        let found = of.figure.map_or(String::new(), |found| scene.figure(found));
        let wanted = scene.told_apart(of.value, of.figure.unwrap_or(of.value), words(of));
        let verb = if reached(of) { "was reached" } else { "was not reached" };
        format!("the interim target of {wanted} {verb} ({found})")
    });
    let next = interim.iter().find(|of| scene.latest.ends < of.due && of.figure.is_none());
    passed.into_iter().chain(next.map(|of| format!("the next interim target is {}", words(of)))).collect()
}

/// What lies at `at` on the line through `points`, which are in the order of their dates: before the first of them its value
/// holds, and after the last that one's. None where there are no points.
fn line_at(points: &[(Date, f64)], at: Date) -> Option<f64> {
    let (first, last) = (points.first()?, points.last()?);
    Some(match points.array_windows().find(|[from, to]| from.0 <= at && at < to.0) {
        Some([from, to]) => trajectory::expected(*from, *to, at).unwrap_or(to.1),
        None if at < first.0 => first.1,
        None => last.1,
    })
}

/// Where the line and the limit that it lies beyond look alike as they are printed: that they are not the same.
fn beyond_limits(scene: &RuleContext, aim: &LevelAim<'_>, line: f64, limits: Option<Limits>) -> Option<String> {
    let nearest = limits.map(|limits| if scene.sign > 0.0 { limits.upper } else { limits.lower })?;
    (scene.figure(nearest) == scene.figure(line)).then(|| {
        let [value, expected] = scene.figures([scene.latest.value, line]);
        let nearest = scene.told_apart(nearest, line, scene.figure(nearest));
        let target = aim.told_apart(scene);
        format!(
            "{value} in {}, against {target} wanted {} and {expected} expected at that point, beyond its 95% limit of {nearest}",
            scene.latest.period,
            scene.by_due()
        )
    })
}

/// Change by `percent` of the baseline.
pub fn percent_change(scene: &RuleContext, percent: f64, start: &TestableFigure) -> RuleOutcome {
    let target = tolerance::change_by_percent(start.value, percent);
    let aim = LevelAim { target, stated: false, met: scene.reaches(target), by_limits: true, words: "", interim: &[] };
    toward(scene, &aim, Some(start))
}

/// Reach all or none: met only where every single one counts, whatever the figure rounds to. `counts` are the
/// numerator and denominator; without them the figure has to be `full` exactly.
pub fn compliance(scene: &RuleContext, full: f64, counts: Option<(f64, f64)>, start: Option<&TestableFigure>) -> RuleOutcome {
    let met = match counts {
        Some((count, of)) if full == 0.0 => count == 0.0 && of > 0.0,
        Some((count, of)) => count == of && of > 0.0,
        None => scene.latest.value == full,
    };
    let scene = RuleContext { sign: if full == 0.0 { -1.0 } else { 1.0 }, ..scene.clone() };
    let verdict = toward(&scene, &LevelAim { target: full, stated: true, met, by_limits: false, words: "", interim: &[] }, start);
    match counts {
        Some((count, of)) if !met => {
            let missing = if full == 0.0 { count } else { of - count };
            let reason = format!("{} ({} of {} to go)", verdict.reason, plain(missing), plain(of));
            RuleOutcome { reason, ..verdict }
        }
        _ => verdict,
    }
}

fn plain(count: f64) -> String {
    crate::value::format_number(count, 0)
}

struct LevelAim<'a> {
    target: f64,
    /// It is written in the strategy, not worked out.
    stated: bool,
    met: bool,
    /// Whether limits may excuse a shortfall.
    by_limits: bool,
    /// Before the target in a sentence.
    words: &'static str,
    /// Values on the way.
    interim: &'a [InterimValue],
}

impl LevelAim<'_> {
    /// As it is stated, or else as it is worked out.
    fn in_words(&self, scene: &RuleContext) -> String {
        let value = if self.stated { scene.unit.stated(self.target) } else { scene.figure(self.target) };
        format!("{}{value}", self.words)
    }

    /// The same beside the figure that is judged.
    fn told_apart(&self, scene: &RuleContext) -> String {
        scene.told_apart(self.target, scene.latest.value, self.in_words(scene))
    }
}

fn toward(scene: &RuleContext, aim: &LevelAim<'_>, start: Option<&TestableFigure>) -> RuleOutcome {
    let latest = &scene.latest;
    let from = start.map(|s| (s.ends, s.value));
    let line = match aim.interim {
        [] => from.map(|from| trajectory::expected(from, (scene.due, aim.target), latest.ends).unwrap_or(aim.target)),
        // Without a start the line begins at the first value on the way.
        [first, ..] if from.is_none() && latest.ends < first.due => None,
        interim => {
            let on_the_way = interim.iter().map(|of| (of.due, of.value));
            let points: Vec<_> = from.into_iter().chain(on_the_way).chain([(scene.due, aim.target)]).collect();
            line_at(&points, latest.ends)
        }
    };
    let start = from.map(|(_, value)| value).or(aim.interim.first().map(|of| of.value));
    let [value, expected] = scene.figures([latest.value, line.unwrap_or(aim.target)]);
    let target = aim.told_apart(scene);
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
        } else if limits.is_none() && tolerance::at_least(TOLERATED_SHORTFALL * (aim.target - start).abs(), shortfall) {
            (Status::AtRisk, format!("{expecting}, behind by no more than a tenth of the whole change"))
        } else {
            (Status::OffTrack, beyond_limits(scene, aim, line, limits).unwrap_or(expecting))
        }
    } else {
        (scene.without_baseline(), format!("{wanted}, but there is no baseline to say what is expected at that point"))
    };
    let lacks = aim.by_limits && scene.lacks_limits();
    RuleOutcome::new(status, reason).flag(Flag::NoLimits, lacks).flag(Flag::Final, scene.is_final()).target(scene.target(
        Some(aim.target),
        format!("{} {}", aim.in_words(scene), scene.by_due()),
        line,
    ))
}
