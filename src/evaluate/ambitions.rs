//! How each ambition stands: its deciding measures made one status, with a sentence that says which decided.

use super::ambition::{CombinedStatus, combine};
use super::from_areas::rests_on_old_figures;
use super::{AmbitionAssessment, Assessment, Flag, MeasureAssessment, NoFigure, Status};
use crate::framework::{Ambition, Combine, Framework, MeasureId, Role};

/// `measures` are in the order of the framework's aspirations; so are the results in that of its ambitions.
pub(super) fn assess(framework: &Framework, measures: &[MeasureAssessment]) -> Vec<AmbitionAssessment> {
    let mut rest = measures;
    let of_each = framework.ambitions.iter().map(|ambition| {
        let (own, after) = rest.split_at(ambition.measures.len().min(rest.len()));
        rest = after;
        of_ambition(framework, ambition, own)
    });
    of_each.collect()
}

/// One ambition, by the headlines of its measures in their order.
pub(super) fn of_ambition(framework: &Framework, ambition: &Ambition, measures: &[MeasureAssessment]) -> AmbitionAssessment {
    let headlines: Vec<(Role, &Assessment)> =
        ambition.measures.iter().zip(measures).map(|(aspiration, m)| (aspiration.role, &m.headline)).collect();
    let given: Vec<Status> = headlines.iter().map(|(_, headline)| headline.status).collect();
    let roles = roles_by_stand_ins(ambition, &given);
    // What is retired decides nothing beside what is not.
    let is_retired = |of: &Assessment| of.flags.contains(&Flag::Retired);
    let any_goes_on = headlines.iter().any(|(role, of)| *role != Role::Supporting && !is_retired(of));
    let role_of = |role, of: &Assessment| if any_goes_on && is_retired(of) { Role::Supporting } else { role };
    let headlines: Vec<(Role, &Assessment)> =
        roles.into_iter().zip(headlines).map(|(role, (_, of))| (role_of(role, of), of)).collect();
    let statuses: Vec<(Role, Status)> = headlines.iter().map(|(role, headline)| (*role, headline.status)).collect();
    let combined = combine(ambition.combine, &statuses);
    let role = combined.by.or_else(|| [Role::Lead, Role::StandIn].into_iter().find(|r| statuses.iter().any(|(is, _)| is == r)));
    let deciding: Vec<&Assessment> =
        headlines.iter().filter(|(is, _)| Some(*is) == role).map(|(_, headline)| *headline).collect();
    // Of several with one status the first, before those that are given elsewhere only; On track for want of others is said by
    // the first that is judged.
    let alike = || deciding.iter().filter(|headline| headline.status == combined.status).copied();
    let decides = alike().find(|headline| headline.no_figure != Some(NoFigure::NotGivenHere)).or_else(|| alike().next());
    let decides = decides.or_else(|| deciding.iter().find(|headline| headline.status.is_judged()).copied());
    let title = |id: &MeasureId| framework.measure(id).map_or(String::new(), |measure| measure.title.clone());
    let reason = sentence(ambition, &combined, decides, &deciding, &title);
    let mut flags: Vec<Flag> = deciding.iter().flat_map(|headline| &headline.flags).copied().collect();
    flags.retain(|flag| match flag {
        Flag::Stale => rests_on_old_figures(&deciding),
        // What holds of one measure holds of the ambition.
        Flag::NotKept
        | Flag::Lapsed
        | Flag::Illustrative
        | Flag::Proxy
        | Flag::ByArea
        | Flag::Incomplete
        | Flag::WithoutParts => true,
        Flag::LeadsDisagree => false,
        Flag::Provisional
        | Flag::Final
        | Flag::Suppressed
        | Flag::NoLimits
        | Flag::LimitsWorkedOut
        | Flag::NoDateSet
        | Flag::TooOld
        | Flag::Retired => deciding.len() == 1,
    });
    flags.sort_unstable();
    flags.dedup();
    AmbitionAssessment {
        ambition: ambition.id.clone(),
        status: combined.status,
        reason,
        flags,
        by: combined.by,
        met: combined.met,
        judged: combined.judged,
        of: combined.of,
        decided_by: decides.map(|headline| headline.measure.clone()),
    }
}

/// Which of an ambition's measures counted: those that are judged, of the role that decided, in the order of the ambition.
pub fn counted(ambition: &Ambition, measures: &[MeasureAssessment], by: Option<Role>) -> Vec<bool> {
    let statuses: Vec<Status> = measures.iter().map(|m| m.headline.status).collect();
    let roles = roles_by_stand_ins(ambition, &statuses);
    roles.into_iter().zip(statuses).map(|(role, status)| by == Some(role) && status.is_judged()).collect()
}

/// The part that each measure of an ambition has once its status is known, in their order: one that stands in for a lead by
/// name takes its place while that lead is not judged and it is, and decides nothing otherwise.
pub fn roles_by_stand_ins(ambition: &Ambition, statuses: &[Status]) -> Vec<Role> {
    let given: Vec<Role> = ambition.measures.iter().map(|aspiration| aspiration.role).take(statuses.len()).collect();
    let mut roles = given.clone();
    for (i, aspiration) in ambition.measures.iter().enumerate().take(given.len()) {
        let Some(named) = &aspiration.stands_in_for else { continue };
        let lead = ambition.measures.iter().position(|other| other.id == *named).filter(|at| *at < given.len());
        // A lead that is not there, as in the pack of a place that has no figure of it, leaves its stand-in one of all.
        let Some(lead) = lead else { continue };
        roles[i] = Role::Supporting;
        if statuses[i].is_judged() && !statuses[lead].is_judged() {
            roles[i] = given[lead];
            roles[lead] = Role::Supporting;
        }
    }
    roles
}

/// The role of the measures that decide: while none is judged the leads', or where there is none the stand-ins'.
pub(super) fn deciding_role(ambition: &Ambition, by: Option<Role>) -> Option<Role> {
    let has = |role| ambition.measures.iter().any(|aspiration| aspiration.role == role);
    by.or_else(|| [Role::Lead, Role::StandIn].into_iter().find(|role| has(*role)))
}

fn sentence(
    ambition: &Ambition,
    combined: &CombinedStatus,
    decides: Option<&Assessment>,
    deciding: &[&Assessment],
    title: &dyn Fn(&MeasureId) -> String,
) -> String {
    let Some(decides) = decides.or(deciding.first().copied()) else {
        return "None of its measures decides: they are all supporting".to_owned();
    };
    let reason = &decides.reason;
    let alone = deciding.len() == 1;
    let role = ambition.measures.iter().find(|aspiration| aspiration.id == decides.measure).map(|aspiration| aspiration.role);
    let stands_in = if role == Some(Role::StandIn) { ", which stands in" } else { "" };
    let CombinedStatus { judged, of, met, .. } = combined;
    match ambition.combine {
        Combine::Tally if *judged == 0 => format!("None of {of} is judged. {}{stands_in}: {reason}", title(&decides.measure)),
        Combine::Tally => format!("{met} of {of} met, {judged} judged"),
        Combine::Worst if alone && stands_in.is_empty() => reason.clone(),
        Combine::Worst if alone => format!("{}{stands_in}: {reason}", title(&decides.measure)),
        Combine::Worst if judged < of => format!("Judged on {judged} of {of}. {}{stands_in}: {reason}", title(&decides.measure)),
        Combine::Worst => format!("{}{stands_in}: {reason}", title(&decides.measure)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ambition(stand_in_for: &str) -> Ambition {
        let target = "{ kind = \"not_judged\", needed = \"x\" }";
        toml::from_str(&format!(
            "id = \"a\"\nstatement = \"More\"\n[[measure]]\nid = \"lead\"\ntarget = {target}\n\
             [[measure]]\nid = \"local\"\nrole = \"stand_in\"\nstands_in_for = \"{stand_in_for}\"\ntarget = {target}"
        ))
        .unwrap()
    }

    #[test]
    fn a_stand_in_replaces_only_its_unjudged_lead() {
        use Role::{Lead, Supporting};
        let roles = |statuses: [Status; 2]| roles_by_stand_ins(&ambition("lead"), &statuses);
        assert_eq!(roles([Status::NoFigure, Status::OnTrack]), [Supporting, Lead]);
        assert_eq!(roles([Status::AtRisk, Status::OnTrack]), [Lead, Supporting]);
        assert_eq!(roles([Status::NoFigure, Status::NoFigure]), [Lead, Supporting]);
    }

    #[test]
    fn a_stand_in_without_lead_serves_all() {
        let mut place = ambition("lead");
        place.measures.remove(0);
        assert_eq!(roles_by_stand_ins(&place, &[Status::OnTrack]), [Role::StandIn]);
    }
}
