//! The status of an ambition from those of its measures.

use super::Status;
use crate::framework::{Combine, Role};

/// How an ambition stands, and on how many of its measures that rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CombinedStatus {
    pub status: Status,
    /// The role of the measures that decided; none where no lead or stand-in is judged.
    pub by: Option<Role>,
    /// How many of those that decide are judged.
    pub judged: usize,
    /// How many decide: all of the role that decided, or where none is judged all leads, or all stand-ins where there is
    /// no lead.
    pub of: usize,
    /// How many of those that decide are achieved, in time or late.
    pub met: usize,
}

/// The status of an ambition.
///
/// The leads decide; the stand-ins only while no lead is judged; supporting measures never. Those that decide are combined
/// by the worst, or as a tally of equals: achieved when all judged are, on track when none is at risk or off
/// track, off track when half or more of those judged are, else at risk. While one that decides is not judged the ambition
/// is at best on track. With none judged the first of no target set, not yet due, no figure, cannot be judged that a lead
/// has (a stand-in where there is no lead) is the ambition's, and with only supporting measures it cannot be judged.
pub fn combine(combine: Combine, measures: &[(Role, Status)]) -> CombinedStatus {
    let of_role =
        |role: Role| -> Vec<Status> { measures.iter().filter(|(r, _)| *r == role).map(|(_, status)| *status).collect() };
    let (leads, stand_ins) = (of_role(Role::Lead), of_role(Role::StandIn));
    let any_judged = |statuses: &[Status]| statuses.iter().any(|status| status.is_judged());
    let (by, deciding) = match (any_judged(&leads), any_judged(&stand_ins)) {
        (true, _) => (Some(Role::Lead), leads),
        (false, true) => (Some(Role::StandIn), stand_ins),
        (false, false) => (None, if leads.is_empty() { stand_ins } else { leads }),
    };
    let judged: Vec<Status> = deciding.iter().copied().filter(|status| status.is_judged()).collect();
    let combined = match combine {
        Combine::Worst => worst(judged.iter().copied()),
        Combine::Tally => tally(&judged),
    };
    let status = match combined {
        Some(Status::Achieved | Status::AchievedLate) if judged.len() < deciding.len() => Status::OnTrack,
        Some(status) => status,
        None => unjudged(deciding.iter().copied()).unwrap_or(Status::CannotBeJudged),
    };
    let met = judged.iter().filter(|status| is_met(**status)).count();
    CombinedStatus { status, by, judged: judged.len(), of: deciding.len(), met }
}

/// How favourable a status is, the worst first; none where it is not judged.
pub(super) fn severity(status: Status) -> Option<u8> {
    match status {
        Status::OffTrack => Some(0),
        Status::AtRisk => Some(1),
        Status::OnTrack => Some(2),
        Status::AchievedLate => Some(3),
        Status::Achieved => Some(4),
        Status::NotYetDue | Status::NoFigure | Status::NoTargetSet | Status::CannotBeJudged => None,
    }
}

/// What is said where none is judged: the first of these that occurs.
pub(super) fn unjudged(statuses: impl Iterator<Item = Status> + Clone) -> Option<Status> {
    [Status::NoTargetSet, Status::NotYetDue, Status::NoFigure, Status::CannotBeJudged]
        .into_iter()
        .find(|wanted| statuses.clone().any(|status| status == *wanted))
}

fn is_met(status: Status) -> bool {
    matches!(status, Status::Achieved | Status::AchievedLate)
}

fn worst(judged: impl Iterator<Item = Status>) -> Option<Status> {
    judged.filter_map(|status| Some((severity(status)?, status))).min_by_key(|(severity, _)| *severity).map(|(_, status)| status)
}

fn tally(judged: &[Status]) -> Option<Status> {
    let count = |wanted: Status| judged.iter().filter(|status| **status == wanted).count();
    let (off_track, at_risk, late) = (count(Status::OffTrack), count(Status::AtRisk), count(Status::AchievedLate));
    if judged.is_empty() {
        return None;
    }
    Some(match () {
        () if judged.iter().all(|status| is_met(*status)) && late > 0 => Status::AchievedLate,
        () if judged.iter().all(|status| is_met(*status)) => Status::Achieved,
        () if off_track + at_risk == 0 => Status::OnTrack,
        () if 2 * off_track >= judged.len() => Status::OffTrack,
        () => Status::AtRisk,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Lead, StandIn, Supporting};
    use Status::*;

    fn worst_of(measures: &[(Role, Status)]) -> (Status, Option<Role>, usize, usize) {
        let found = combine(Combine::Worst, measures);
        (found.status, found.by, found.judged, found.of)
    }

    #[test]
    fn stand_ins_decide_only_without_judged_leads() {
        assert_eq!(worst_of(&[(Lead, NoFigure), (StandIn, Achieved)]), (Achieved, Some(StandIn), 1, 1));
        assert_eq!(worst_of(&[(Lead, AtRisk), (StandIn, OffTrack)]), (AtRisk, Some(Lead), 1, 1));
        assert_eq!(worst_of(&[(Lead, Achieved), (Lead, NoFigure), (StandIn, OffTrack)]), (OnTrack, Some(Lead), 1, 2));
    }

    #[test]
    fn an_unjudged_measure_caps_at_on_track() {
        assert_eq!(worst_of(&[(Lead, Achieved), (Lead, NotYetDue)]).0, OnTrack);
        assert_eq!(worst_of(&[(Lead, AchievedLate), (Lead, NotYetDue)]).0, OnTrack);
        assert_eq!(worst_of(&[(Lead, OffTrack), (Lead, NotYetDue)]).0, OffTrack);
        assert_eq!(combine(Combine::Tally, &[(Lead, Achieved), (Lead, NoFigure)]).status, OnTrack);
    }

    #[test]
    fn achieved_late_is_below_achieved() {
        assert_eq!(worst_of(&[(Lead, Achieved), (Lead, AchievedLate)]).0, AchievedLate);
        assert_eq!(worst_of(&[(Lead, OnTrack), (Lead, AchievedLate)]).0, OnTrack);
    }

    #[test]
    fn unjudged_ambitions_take_the_leads_reason() {
        assert_eq!(worst_of(&[(Lead, NoFigure), (Lead, NotYetDue)]), (NotYetDue, None, 0, 2));
        assert_eq!(worst_of(&[(Lead, CannotBeJudged), (StandIn, NoTargetSet)]).0, CannotBeJudged);
        assert_eq!(worst_of(&[(StandIn, NoFigure), (StandIn, NoTargetSet)]).0, NoTargetSet);
        assert_eq!(worst_of(&[(Supporting, OffTrack)]), (CannotBeJudged, None, 0, 0));
        assert_eq!(worst_of(&[]).0, CannotBeJudged);
    }

    #[test]
    fn a_tally_counts_those_that_are_judged() {
        let of = |statuses: &[Status]| {
            let measures: Vec<_> = statuses.iter().map(|status| (Lead, *status)).collect();
            combine(Combine::Tally, &measures).status
        };
        assert_eq!(of(&[Achieved, Achieved]), Achieved);
        assert_eq!(of(&[Achieved, AchievedLate]), AchievedLate);
        assert_eq!(of(&[Achieved, OnTrack]), OnTrack);
        assert_eq!(of(&[Achieved, OffTrack]), OffTrack, "half");
        assert_eq!(of(&[Achieved, OnTrack, OffTrack]), AtRisk);
        assert_eq!(of(&[AtRisk, AtRisk, AtRisk]), AtRisk);
        assert_eq!(of(&[NoFigure, NoTargetSet]), NoTargetSet);
    }
}
