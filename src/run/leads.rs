//! `leads.toml`: who answers for each ambition.

use crate::assets::Assets;
use crate::document::read_list;
use crate::fault::Faults;
use crate::framework::{AmbitionLead, Framework};
use jiff::civil::Date;

const FILE: &str = "leads.toml";

/// Those who answer for ambitions of the edition on a day, in the order of `leads.toml`.
pub(super) fn read_leads(config: &Assets, framework: &Framework, day: Date, faults: &mut Faults) -> Vec<AmbitionLead> {
    let (entries, places) = read_list::<AmbitionLead>(config, FILE, "lead", faults);
    let mut found = Faults::default();
    let mut leads: Vec<AmbitionLead> = Vec::new();
    for (place, lead) in entries.all() {
        if lead.lead.trim().is_empty() {
            found.push(format!("{place}, lead"), "is empty", "write a role or a name, or remove the entry");
        }
        if let (Some(from), Some(until)) = (lead.from, lead.until)
            && until < from
        {
            found.push(format!("{place}, until"), format!("is {until}, before {from}"), "give the last day, or leave it out");
        }
        // Those of another time may be of an ambition that another edition has.
        if !lead.stands_on(day) {
            continue;
        }
        let at = format!("{place}, ambition");
        if framework.ambitions.iter().all(|ambition| ambition.id != lead.ambition) {
            let problem = format!("there is no ambition {:?}", lead.ambition);
            found.push(at, problem, "name it by its id, as the edition's files have it, or give its last day as until");
        } else if leads.iter().any(|other| other.ambition == lead.ambition) {
            let problem = format!("{} has another lead on {day}", lead.ambition);
            found.push(at, problem, "end one of them with until, or name both in one");
        } else {
            leads.push(lead.clone());
        }
    }
    faults.0.extend(places.point_all(found.0));
    leads
}
