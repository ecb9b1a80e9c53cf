//! Figures beside the values that they are to reach, whatever their statuses say.

use super::assessment::Assessment;
use super::status::Status;
use crate::framework::{Measure, Target};
use jiff::civil::Date;

/// Whether the latest figure of one part of a measure is as good as the target or better; none where there is nothing to set it
/// against. `head` is the measure's headline. The figure itself counts, and not the status: one that was achieved once and is missed
/// now is missed. A target that the strategy states holds for parts that cannot be judged by it too.
pub fn meets_target((measure, goal): (&Measure, &Target), head: &Assessment, of: &Assessment) -> Option<bool> {
    let value = |of: &Assessment| of.target.as_ref().and_then(|target| target.value);
    let wanted = value(of).or_else(|| value(head).filter(|_| goal.states_its_value()));
    let is_achieved = matches!(of.status, Status::Achieved | Status::AchievedLate);
    let figure = of.latest.as_ref().and_then(|latest| latest.value.number());
    match (figure, wanted, measure.polarity.sign()) {
        (Some(figure), Some(wanted), Some(sign)) if figure != wanted => Some(sign * (figure - wanted) > 0.0),
        // At the line itself it depends on the target whether that is enough.
        (Some(_), Some(_), Some(_)) if !of.status.is_judged() => None,
        _ => of.status.is_judged().then_some(is_achieved),
    }
}

/// The value that all of `several` are to reach and by when; none where there is none in figures, or another for each. Figures that
/// are too old to be judged have no target beside them: what the strategy states stands all the same.
pub fn common_target(several: &[&Assessment], goal: &Target, default_due: Date) -> Option<(f64, Date)> {
    let stated = || match goal {
        Target::Level { value, .. } => Some((*value, goal.due().unwrap_or(default_due))),
        _ => None,
    };
    let wanted = |of: &Assessment| of.target.as_ref().map_or_else(stated, |target| Some((target.value?, target.due)));
    let mut each = several.iter().map(|of| wanted(of));
    let (value, due) = each.next()??;
    each.all(|other| other.is_some_and(|(other, _)| other == value)).then_some((value, due))
}

/// The values that several are to reach are not the same: each has one of its own, or none.
pub fn have_own_targets(several: &[&Assessment]) -> bool {
    let value = |of: &Assessment| of.target.as_ref().and_then(|target| target.value);
    several.windows(2).any(|two| value(two[0]) != value(two[1]))
}
