//! How statuses have moved since the last pack of an earlier period.

use super::status::Status;
use crate::framework::{ActionId, MeasureId};
use crate::period::Period;
use serde::{Deserialize, Serialize};

/// What is said in place of movements where there are none.
pub const NO_EARLIER_QUARTER: &str = "There is no pack of an earlier quarter to compare with.";

/// Every measure's move since one earlier pack, in the order of the evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movements {
    /// The period of the earlier pack.
    pub since: Period,
    /// In the order of the framework.
    #[serde(default)]
    pub ambitions: Vec<AmbitionMovement>,
    pub measures: Vec<MeasureMovement>,
    /// Key actions, in the order of the framework.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ActionMovement>,
}

/// One key action's move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionMovement {
    pub action: ActionId,
    /// None where that pack did not have the action.
    pub from: Option<Status>,
    pub to: Status,
    pub kind: MovementKind,
}

/// One ambition's move: from what its measures of now made then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmbitionMovement {
    /// The ambition's id.
    pub ambition: String,
    /// None where that pack had none of its deciding measures.
    pub from: Option<Status>,
    pub to: Status,
    pub kind: MovementKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureMovement {
    pub measure: MeasureId,
    /// As it was published then; none where that pack did not have the measure.
    pub from: Option<Status>,
    pub to: Status,
    pub kind: MovementKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    Improved,
    Worsened,
    Same,
    /// Was not in that pack, whatever is said of it now.
    New,
    /// Was there and not judged, and is now; it may have been judged before that.
    NewlyJudged,
    /// Was judged, and is not now.
    NoLongerJudged,
    /// Was judged, and nothing of it is due now, as where a key action's overdue step is done and the next is not due.
    NothingDue,
    /// The measure was redefined since: the two statuses are of different things.
    NotComparable,
}

impl MovementKind {
    pub const ALL: [MovementKind; 8] = [
        MovementKind::Improved,
        MovementKind::Worsened,
        MovementKind::Same,
        MovementKind::New,
        MovementKind::NewlyJudged,
        MovementKind::NoLongerJudged,
        MovementKind::NothingDue,
        MovementKind::NotComparable,
    ];

    /// The ways of moving that readers are told of, in this order; what stands as it did is not.
    pub const TOLD: [MovementKind; 7] = [
        MovementKind::Worsened,
        MovementKind::NoLongerJudged,
        MovementKind::NotComparable,
        MovementKind::Improved,
        MovementKind::NothingDue,
        MovementKind::NewlyJudged,
        MovementKind::New,
    ];

    /// The words on the page, in messages and in the account of a run.
    pub fn label(self) -> &'static str {
        match self {
            MovementKind::Improved => "improved",
            MovementKind::Worsened => "worsened",
            MovementKind::Same => "the same",
            MovementKind::New => "not in that pack",
            MovementKind::NewlyJudged => "judged now and not then",
            MovementKind::NoLongerJudged => "no longer judged",
            MovementKind::NothingDue => "now not yet due",
            MovementKind::NotComparable => "not comparable (a measure was redefined)",
        }
    }

    /// Achieved is above achieved late, that above on track, that above at risk, and that above off track; the other statuses
    /// say that there is no judgement.
    pub fn between(from: Option<Status>, to: Status) -> Self {
        let Some(from) = from else { return MovementKind::New };
        match (height(from), height(to)) {
            (None, None) => MovementKind::Same,
            (None, Some(_)) => MovementKind::NewlyJudged,
            (Some(_), None) if to == Status::NotYetDue => MovementKind::NothingDue,
            (Some(_), None) => MovementKind::NoLongerJudged,
            (Some(was), Some(is)) if is > was => MovementKind::Improved,
            (Some(was), Some(is)) if is < was => MovementKind::Worsened,
            _ => MovementKind::Same,
        }
    }
}

impl Movements {
    /// How many ambitions moved so.
    pub fn count(&self, kind: MovementKind) -> usize {
        self.ambitions.iter().filter(|m| m.kind == kind).count()
    }

    /// How many ambitions moved in each way that any did, the same among them: `1 improved, 2 worsened, 9 the same`.
    pub fn counts_in_words(&self) -> String {
        let counts = MovementKind::ALL.map(|kind| (self.count(kind), kind)).into_iter().filter(|(count, _)| *count > 0);
        counts.map(|(count, kind)| format!("{count} {}", kind.label())).collect::<Vec<_>>().join(", ")
    }

    /// The key actions that have moved, those alike together: the worsened first.
    pub fn moved_actions(&self) -> impl Iterator<Item = &ActionMovement> {
        MovementKind::TOLD.into_iter().flat_map(|kind| self.actions.iter().filter(move |one| one.kind == kind))
    }

    /// Of one ambition.
    pub fn of_ambition(&self, ambition: &str) -> Option<&AmbitionMovement> {
        self.ambitions.iter().find(|m| m.ambition == ambition)
    }

    pub fn of(&self, measure: &MeasureId) -> Option<&MeasureMovement> {
        self.measures.iter().find(|m| m.measure == *measure)
    }
}

impl ActionMovement {
    /// `was on track, now off track`.
    pub fn in_words(&self) -> String {
        let was = self.from.map_or(String::new(), |from| format!("was {}, ", from.label().to_lowercase()));
        format!("{was}now {}", self.to.label().to_lowercase())
    }
}

fn height(status: Status) -> Option<u8> {
    match status {
        Status::OffTrack => Some(0),
        Status::AtRisk => Some(1),
        Status::OnTrack => Some(2),
        Status::AchievedLate => Some(3),
        Status::Achieved => Some(4),
        Status::NotYetDue | Status::NoFigure | Status::NoTargetSet | Status::CannotBeJudged => None,
    }
}
