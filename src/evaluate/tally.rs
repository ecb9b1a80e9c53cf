//! How many ambitions, measures and key actions stand where.

use super::{Evaluation, Status};
use crate::framework::Framework;

/// Things by status, in the order of [`Status::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally([usize; Status::ALL.len()]);

impl Tally {
    pub fn of(statuses: impl IntoIterator<Item = Status>) -> Self {
        let mut tally = Tally::default();
        for status in statuses {
            tally.0[status as usize] += 1;
        }
        tally
    }

    pub fn count(&self, status: Status) -> usize {
        self.0[status as usize]
    }

    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }

    /// Every status with its count, none left out.
    pub fn iter(&self) -> impl Iterator<Item = (Status, usize)> {
        Status::ALL.into_iter().zip(self.0)
    }
}

/// All ambitions: what the board counts.
pub fn counts(evaluation: &Evaluation) -> Tally {
    Tally::of(evaluation.ambitions.iter().map(|ambition| ambition.status))
}

/// All key actions.
pub fn counts_of_all_actions(evaluation: &Evaluation) -> Tally {
    Tally::of(evaluation.actions.iter().map(|action| action.status))
}

/// The ambitions of one priority, or the overarching ones for none.
pub fn counts_of_priority(framework: &Framework, evaluation: &Evaluation, priority: Option<&str>) -> Tally {
    counts_where(framework, evaluation, |of| of == priority)
}

/// The ambitions of all priorities of one aim.
pub fn counts_of_aim(framework: &Framework, evaluation: &Evaluation, aim: &str) -> Tally {
    counts_where(framework, evaluation, |of| of.is_some_and(|id| framework.priorities_of(aim).any(|p| p.id == id)))
}

/// The key actions of one priority, those that are under another too among them.
pub fn counts_of_actions(framework: &Framework, evaluation: &Evaluation, priority: &str) -> Tally {
    let of_priority = framework.actions.iter().zip(&evaluation.actions).filter(|(action, _)| action.is_under(priority));
    Tally::of(of_priority.map(|(_, assessment)| assessment.status))
}

fn counts_where(framework: &Framework, evaluation: &Evaluation, wanted: impl Fn(Option<&str>) -> bool) -> Tally {
    // The ambitions of an evaluation are in the order of the framework's.
    let of_priority =
        framework.ambitions.iter().zip(&evaluation.ambitions).filter(|(ambition, _)| wanted(ambition.priority.as_deref()));
    Tally::of(of_priority.map(|(_, assessment)| assessment.status))
}
