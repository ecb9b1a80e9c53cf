//! Statistically better than the comparator, or similar to it and better.

use super::{RuleContext, RuleOutcome};
use crate::evaluate::{Flag, Status};
use crate::value::Polarity;
use indicator_stats::Comparison;
use indicator_stats::comparison::single;

/// The area compared with, in the same period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparator<'a> {
    /// As it is printed: `England`.
    pub name: &'a str,
    pub value: Option<f64>,
    /// The publisher's own comparison, used where there are no limits.
    pub published: Option<Comparison>,
}

impl Comparator<'_> {
    /// How the figure stands: by its limits, or as the publisher says.
    pub(super) fn standing(&self, scene: &RuleContext) -> Comparison {
        let polarity = if scene.sign > 0.0 { Polarity::High } else { Polarity::Low };
        match single(Some(scene.latest.value), scene.limits(), self.value, polarity) {
            Comparison::NotCompared => match self.published {
                Some(Comparison::Higher) if scene.sign > 0.0 => Comparison::Better,
                Some(Comparison::Higher) => Comparison::Worse,
                Some(Comparison::Lower) if scene.sign > 0.0 => Comparison::Worse,
                Some(Comparison::Lower) => Comparison::Better,
                Some(published) => published,
                None => Comparison::NotCompared,
            },
            standing => standing,
        }
    }

    pub(super) fn missing(&self, scene: &RuleContext) -> RuleOutcome {
        let value = scene.figure(scene.latest.value);
        RuleOutcome::new(
            Status::NoFigure,
            format!("{value} in {}, but there is no figure for {} in that period", scene.latest.period, self.name),
        )
    }
}

/// The figure beside the comparator, taken apart for both rules.
struct ComparatorValue {
    standing: Comparison,
    /// At or on the good side of the comparator; none where its figure is not known.
    ahead: Option<bool>,
    words: String,
}

fn beside(scene: &RuleContext, comparator: &Comparator<'_>) -> Option<ComparatorValue> {
    let standing = comparator.standing(scene);
    let (period, name) = (&scene.latest.period, comparator.name);
    let words = match comparator.value {
        Some(other) => {
            let [value, theirs] = scene.figures([scene.latest.value, other]);
            format!("{value} in {period}, against {theirs} in {name}")
        }
        None if standing == Comparison::NotCompared => return None,
        None => format!("{} in {period}, compared with {name} by the publisher", scene.figure(scene.latest.value)),
    };
    Some(ComparatorValue { standing, ahead: comparator.value.map(|other| scene.reaches(other)), words })
}

/// Better at 95% is achieved, provisionally until the due date; similar is on track on the good side, otherwise at
/// risk; worse is off track.
pub fn better_than_comparator(scene: &RuleContext, comparator: &Comparator<'_>) -> RuleOutcome {
    let Some(ComparatorValue { standing, ahead, words }) = beside(scene, comparator) else {
        return comparator.missing(scene);
    };
    let last = scene.is_final();
    let aim = format!("significantly better than {} {}", comparator.name, scene.by_due());
    let (status, how) = match (standing, ahead) {
        (Comparison::Better, _) => (Status::Achieved, "significantly better"),
        (Comparison::Worse, _) => (Status::OffTrack, "significantly worse"),
        (Comparison::Similar, _) if last => (Status::OffTrack, "not significantly better"),
        (Comparison::Similar, Some(true)) => (Status::OnTrack, "better, though not significantly"),
        (Comparison::Similar, _) => (Status::AtRisk, "statistically similar, not better"),
        (_, Some(false)) if last => (Status::OffTrack, "not better"),
        _ if last => (Status::AtRisk, "better, not tested because there are no limits"),
        (_, Some(true)) => (Status::OnTrack, "better, not tested because there are no limits"),
        _ => (Status::AtRisk, "not better"),
    };
    RuleOutcome::new(status, format!("{words}: {how} (wanted: {aim})"))
        .flag(Flag::NoLimits, scene.lacks_limits())
        .flag(Flag::Provisional, status == Status::Achieved && !last)
        .flag(Flag::Final, last)
        .target(scene.target(None, aim, None))
}

/// Better or similar at 95% is on track, and achieved at the due date; similar on the bad side with a worsening
/// trend is at risk; worse is off track.
pub fn similar_or_better(scene: &RuleContext, comparator: &Comparator<'_>) -> RuleOutcome {
    let Some(ComparatorValue { standing, ahead, words }) = beside(scene, comparator) else {
        return comparator.missing(scene);
    };
    let last = scene.is_final();
    let aim = format!("statistically similar to {} or better {}", comparator.name, scene.by_due());
    let good = if last { Status::Achieved } else { Status::OnTrack };
    let (status, how) = match (standing, ahead) {
        (Comparison::Better, _) => (good, "significantly better"),
        (Comparison::Worse, _) => (Status::OffTrack, "significantly worse"),
        (Comparison::Similar, Some(false)) if scene.worsening && !last => {
            (Status::AtRisk, "statistically similar, but on the wrong side with a worsening trend")
        }
        (Comparison::Similar, _) => (good, "statistically similar"),
        // Better by the figure itself is at least similar, whatever the limits would be.
        (_, Some(true)) => (good, "not worse; not tested because there are no limits"),
        _ => (Status::AtRisk, "worse, not tested because there are no limits"),
    };
    RuleOutcome::new(status, format!("{words}: {how} (wanted: {aim})"))
        .flag(Flag::NoLimits, scene.lacks_limits())
        .flag(Flag::Final, last)
        .target(scene.target(None, aim, None))
}
