//! What must hold of the measures of one ambition: which of them decide.

use super::findings::Findings;
use super::{Ambition, Combine, Role};

/// Notes an ambition that nothing decides, and refuses a stand-in for what is no lead of the same ambition.
pub(super) fn roles(place: &str, ambition: &Ambition, findings: &mut Findings) {
    let of = |role: Role| ambition.measures.iter().filter(move |aspiration| aspiration.role == role);
    if !ambition.measures.is_empty() && of(Role::Supporting).count() == ambition.measures.len() {
        findings.note(
            place,
            "all its measures are supporting, so none decides: the ambition cannot be judged",
            "give the one that is meant the role lead",
        );
    }
    if ambition.combine == Combine::Tally && of(Role::Lead).count() < 2 {
        findings.note(
            format!("{place}, combine"),
            "counts how many leads are met, and there are fewer than two",
            "leave it out: the one lead decides",
        );
    }
    for aspiration in &ambition.measures {
        let Some(named) = &aspiration.stands_in_for else { continue };
        let place = format!("{place}, measure {}, stands_in_for", aspiration.id);
        if aspiration.role != Role::StandIn {
            let problem = format!("is given to a measure whose role is {}", aspiration.role.label());
            findings.faults.push(&place, problem, "give it the role stand_in, or leave the name out");
        }
        if of(Role::Lead).all(|lead| lead.id != *named) {
            let leads: Vec<&str> = of(Role::Lead).map(|lead| lead.id.0.as_str()).collect();
            let problem = format!("{named} is not a lead of this ambition");
            findings.faults.push(place, problem, format!("name one of: {}", leads.join(", ")));
        }
    }
}
