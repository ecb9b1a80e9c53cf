//! What must hold of the partners: each by itself, and beside areas and what the edition asks of them.

use super::check::{Input, expect_area};
use super::{MeasureId, Partner};
use crate::area::{AreaCode, Areas};
use crate::document::Entries;
use crate::fault::{Fault, Faults};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What is wrong with a partner whatever it is asked for.
pub(super) fn each(partners: &Entries<Partner>, faults: &mut Faults) {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for (place, partner) in partners.all() {
        if let Some(earlier) = first.insert(partner.id.as_str(), place) {
            let problem = format!("the id {:?} is given twice, here and by {earlier}", partner.id);
            faults.push(place.clone(), problem, "give each partner an id of its own");
        }
        if partner.contacts.is_empty() {
            faults.push(format!("{place}, contact"), "names nobody", "name the person to ask about the return");
        }
        for contact in partner.contacts.iter().filter(|contact| !contact.contains('@')) {
            faults.push(
                format!("{place}, contact"),
                format!("{contact:?} is no e-mail address"),
                "name the person to ask about the return",
            );
        }
        match (&partner.mapping, partner.data_status) {
            // Made-up figures must never pass for real ones, so there is no default.
            (Some(_), None) => faults.push(
                format!("{place}, data_status"),
                "is not given beside the mapping",
                "say whether the figures are \"real\" or \"illustrative\"",
            ),
            (None, Some(_)) => faults.push(
                format!("{place}, data_status"),
                "is given without a mapping",
                "leave it out: the template's sheet About says it",
            ),
            _ => {}
        }
    }
}

/// What only areas and the edition can tell: an area that there is not, and one figure that two partners would give.
pub(super) fn check(
    partners: &Entries<Partner>,
    areas: Option<&Areas>,
    input: &Input,
    faults: &mut Faults,
    notes: &mut Vec<Fault>,
) {
    let mut first: BTreeMap<&AreaCode, Vec<(&str, &Partner)>> = BTreeMap::new();
    for (place, partner) in partners.all() {
        for area in &partner.areas {
            expect_area(area, &format!("{place}, area"), areas, faults);
            let others = first.entry(area).or_default();
            let at_once = others.iter().filter(|(_, other)| overlap(partner, other));
            let both = at_once.filter_map(|(earlier, other)| Some((earlier, asked_of_both(partner, other, input)?))).next();
            if let Some((earlier, measure)) = both {
                notes.push(Fault::new(
                    format!("{place}, area"),
                    format!("is that of {earlier} too, and both are asked for {measure}: one figure may be given twice"),
                    "give one of them another area or kind, or asked = false",
                ));
            }
            others.push((place, partner));
        }
    }
}

/// Whether both are partners on some day.
fn overlap(one: &Partner, other: &Partner) -> bool {
    let begins_in_time = |from: Option<Date>, until: Option<Date>| from.zip(until).is_none_or(|(from, until)| from <= until);
    begins_in_time(one.from, other.until) && begins_in_time(other.from, one.until)
}

/// A measure that both partners are asked for.
fn asked_of_both<'a>(one: &Partner, other: &Partner, input: &'a Input) -> Option<&'a MeasureId> {
    let mut measures = input.definitions.all().map(|(_, measure)| measure);
    measures.find(|measure| measure.is_asked_of(one) && measure.is_asked_of(other)).map(|measure| &measure.id)
}
