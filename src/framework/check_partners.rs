//! What must hold of the partners: each by itself, and beside areas and what the edition asks of them.

use super::findings::{Findings, expect_area};
use super::ids::{check_id, check_words};
use super::{Ambition, Measure, MeasureId, MeasureSource, Partner};
use crate::area::{AreaCode, Areas};
use crate::document::{Entries, words};
use crate::fault::{Fault, Faults};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Deeper than any tree of areas.
const DEEPEST: usize = 12;

/// What is wrong with a partner whatever it is asked for.
pub(super) fn each(partners: &Entries<Partner>, faults: &mut Faults) {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for (place, partner) in partners.all() {
        if let Some(earlier) = first.insert(partner.id.as_str(), place) {
            let problem = format!("the id {:?} is given twice, here and by {earlier}", partner.id);
            faults.push(place.clone(), problem, "give each partner an id of its own");
        }
        check_id(&partner.id, place, "give it an id that stays the same: its workbooks are called by it", faults);
        check_words(place, &[("name", &partner.name)], faults);
        for (key, is_empty) in [("kind", partner.kinds.is_empty()), ("area", partner.areas.is_empty())] {
            if is_empty {
                faults.push(format!("{place}, {key}"), "is an empty list", "name at least one");
            }
        }
        if partner.contacts.is_empty() {
            faults.push(format!("{place}, contact"), "names nobody", "name the person to ask about the return");
        }
        for contact in partner.contacts.iter().filter(|contact| !contact.contains('@')) {
            faults.push(
                format!("{place}, contact"),
                format!("{contact:?} is not an e-mail address"),
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
    definitions: &Entries<Measure>,
    faults: &mut Faults,
    notes: &mut Vec<Fault>,
) {
    let mut first: BTreeMap<&AreaCode, Vec<(&str, &Partner)>> = BTreeMap::new();
    for (place, partner) in partners.all() {
        for area in &partner.areas {
            expect_area(area, &format!("{place}, area"), areas, faults);
            let others = first.entry(area).or_default();
            let at_once = others.iter().filter(|(_, other)| overlap(partner, other));
            let both = at_once.filter_map(|(earlier, other)| Some((earlier, asked_of_both(partner, other, definitions)?))).next();
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

/// Ambitions that the edition does not have, on which a partner is asked for comments. They may be another edition's.
pub(super) fn comments(partners: &Entries<Partner>, ambitions: &Entries<Ambition>, notes: &mut Vec<Fault>) {
    if ambitions.is_incomplete {
        return;
    }
    let ids: Vec<&str> = ambitions.all().map(|(_, ambition)| ambition.id.as_str()).collect();
    for (place, partner) in partners.all() {
        let is_there = |id: &str| ids.contains(&id) || ambitions.broken.contains(id);
        for id in partner.comments.iter().filter(|id| !is_there(id)) {
            let meant = words::nearest(id, &ids).map(|meant| format!("did you mean {meant:?}?"));
            notes.push(Fault::new(
                format!("{place}, comments"),
                format!("the edition has no ambition {id:?}"),
                meant.unwrap_or_else(|| "correct it, unless it is another edition's".to_owned()),
            ));
        }
    }
}

/// Partners whose kind is asked for nothing, although their areas are parts of what partners return; and parts of a measure
/// that nobody gives who is asked for it. Gives the kinds that measures ask and that are told at a partner who seems to be of
/// that kind: of two spellings one is at fault, and only that is told.
pub(super) fn not_asked<'a>(
    measures: impl Iterator<Item = (&'a str, &'a Measure)>,
    areas: Option<&Areas>,
    (partners, definitions): (&Entries<Partner>, &Entries<Measure>),
    findings: &mut Findings,
) -> BTreeSet<&'a str> {
    let mut told_here = BTreeSet::new();
    // Where something cannot be read, nor can it be told who is asked.
    let Some(areas) = areas.filter(|_| !partners.is_incomplete && partners.broken.is_empty()) else { return told_here };
    let returned: Vec<(&str, &Measure)> = measures.filter(|(_, of)| matches!(of.source, MeasureSource::Return { .. })).collect();
    let is_asked = |partner: &Partner| returned.iter().any(|(_, measure)| measure.is_of_kind(partner));
    let kinds: BTreeSet<&str> = returned.iter().flat_map(|(_, of)| kinds_asked(of)).collect();
    let kinds: Vec<&str> = kinds.into_iter().collect();
    let there: BTreeSet<&str> = partners.all().flat_map(|(_, partner)| &partner.kinds).map(String::as_str).collect();
    let mut told: BTreeSet<&AreaCode> = BTreeSet::new();
    for (place, partner) in partners.all().filter(|(_, partner)| partner.asked && !is_asked(partner)) {
        let is_part = |area: &&AreaCode| returned.iter().any(|(_, measure)| measure.parts.contains(area));
        let Some(area) = partner.areas.iter().find(is_part) else { continue };
        told.extend(&partner.areas);
        let meant = partner.kinds.iter().find_map(|own| Some((own, words::nearest(own, &kinds)?)));
        // A kind that nobody is of was meant for these partners, or theirs for it.
        let pair = meant.filter(|(_, kind)| !there.contains(kind));
        if pair.is_some_and(|(own, kind)| is_likelier(own, kind, partners, definitions)) {
            continue;
        }
        told_here.extend(pair.map(|(_, kind)| kind));
        let fault = Fault::new(
            format!("{place}, kind"),
            format!(
                "no measure asks a partner of the kind {}, although the area {area} is a part of some: the partner is asked for none",
                partner.kinds.iter().map(|kind| format!("{kind:?}")).collect::<Vec<_>>().join(" or ")
            ),
            meant.map_or("correct it, or say asked = false".to_owned(), |(_, kind)| format!("did you mean {kind:?}?")),
        );
        if pair.is_some() {
            findings.faults.0.push(fault);
        } else {
            findings.notes.push(fault);
        }
    }
    for (place, measure) in returned {
        let gives = |area: &AreaCode| {
            partners.all().any(|(_, partner)| measure.is_of_kind(partner) && measure.areas_returned(partner).contains(&area))
        };
        let lacking: Vec<&AreaCode> =
            measure.parts.iter().filter(|part| !told.contains(part) && !is_given(part, areas, &gives, 0)).collect();
        if !lacking.is_empty() {
            let codes: Vec<&str> = lacking.iter().map(|part| part.as_str()).collect();
            findings.note(
                format!("{place}, parts"),
                format!("no partner that is asked for the measure gives {}: the whole stays incomplete", codes.join(", ")),
                "take them out, or add a partner of such a kind with that area",
            );
        }
    }
    told_here
}

/// Whether a partner's kind is likelier what was meant than a measure's: by its form, then by how many measures and partners
/// name it. Where nothing tells, the measures have it right.
fn is_likelier(own: &str, measures: &str, partners: &Entries<Partner>, definitions: &Entries<Measure>) -> bool {
    let is_id = |kind: &str| kind.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let named = |kind: &str| {
        let by_partners = partners.all().filter(|(_, partner)| partner.kinds.iter().any(|own| own == kind)).count();
        by_partners + definitions.all().filter(|(_, of)| kinds_asked(of).any(|asked| asked == kind)).count()
    };
    (is_id(own), named(own)) > (is_id(measures), named(measures))
}

/// Whether somebody gives the figure of an area, or of all that it is made of.
fn is_given(area: &AreaCode, areas: &Areas, gives: &dyn Fn(&AreaCode) -> bool, depth: usize) -> bool {
    let parts = areas.get(area).map_or(&[][..], |of| of.parts.as_slice());
    gives(area) || depth < DEEPEST && !parts.is_empty() && parts.iter().all(|part| is_given(part, areas, gives, depth + 1))
}

fn kinds_asked(measure: &Measure) -> impl Iterator<Item = &str> {
    let kinds: &[String] = if let MeasureSource::Return { partners, .. } = &measure.source { partners } else { &[] };
    kinds.iter().map(String::as_str)
}

/// Whether both are partners on some day.
fn overlap(one: &Partner, other: &Partner) -> bool {
    let begins_in_time = |from: Option<Date>, until: Option<Date>| from.zip(until).is_none_or(|(from, until)| from <= until);
    begins_in_time(one.from, other.until) && begins_in_time(other.from, one.until)
}

/// A measure that both partners are asked for.
fn asked_of_both<'a>(one: &Partner, other: &Partner, definitions: &'a Entries<Measure>) -> Option<&'a MeasureId> {
    let mut measures = definitions.all().map(|(_, measure)| measure);
    measures.find(|measure| measure.is_asked_of(one) && measure.is_asked_of(other)).map(|measure| &measure.id)
}
