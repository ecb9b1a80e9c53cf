//! Which edition is used: the one that is named, or the one in force on a day.

use super::load::{
    ROOT, description, editions, editions_beside, editions_here, is_own, load, load_on, read_areas, sound_description,
};
use super::words::in_full;
use super::{Edition, Framework};
use crate::area::AreaCode;
use crate::assets::Assets;
use crate::document::words;
use crate::fault::{Fault, Faults};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::fmt;

/// The edition that is used, and why that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As its folder is called.
    pub id: String,
    pub why: EditionReason,
    /// Where it is named and another one is in force, or where one in force by its dates cannot be used: what is passed over,
    /// and why, in a sentence.
    pub passed_over: Option<String>,
}

/// Why an edition is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditionReason {
    /// By the settings or on the command line.
    Named,
    /// On this day, the last of the quarter.
    InForce(Date),
    /// It was in force until this day, and no later one is here.
    LastHere(Date),
}

impl fmt::Display for EditionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditionReason::Named => f.write_str("named in the settings or by --edition"),
            EditionReason::InForce(day) => write!(f, "in force on {}", day.strftime("%-d %B %Y")),
            EditionReason::LastHere(until) => {
                write!(f, "the last edition that is here, in force until {}", until.strftime("%-d %B %Y"))
            }
        }
    }
}

/// The edition that is used at the end of a quarter: `named`, where one is; else the one in force on that day.
///
/// # Errors
/// Where none is named: editions of more than one system, an edition that does not say what it is, and a day before the
/// first took effect. A named edition that is not there is [`load`]'s to tell.
pub fn choose(config: &Assets, named: Option<&str>, quarter_end: Date) -> Result<Choice, Faults> {
    match named {
        Some(id) => {
            let passed_over = passed_over_by_name(config, id, quarter_end);
            Ok(Choice { id: id.to_owned(), why: EditionReason::Named, passed_over })
        }
        None => {
            let id = in_force(config, editions(config), quarter_end)?;
            let until = description(config, &id).and_then(|edition| edition.effective_until);
            let why =
                until.filter(|until| *until < quarter_end).map_or(EditionReason::InForce(quarter_end), EditionReason::LastHere);
            let passed_over = passed_over_for_its_area(config, &id, quarter_end);
            Ok(Choice { id, why, passed_over })
        }
    }
}

/// The edition whose files are looked at where none can be chosen: the one whose name is nearest to what was written, the one
/// in force, or any that is here.
pub(crate) fn edition_to_check(config: &Assets, named: Option<&str>, quarter_end: Date) -> Option<String> {
    let here = editions_here(config);
    let names: Vec<&str> = here.iter().map(String::as_str).collect();
    let nearest = named.and_then(|named| words::nearest(named, &names)).map(str::to_owned);
    let in_force = || in_force(config, here.clone(), quarter_end).ok();
    nearest.or_else(in_force).or_else(|| here.last().cloned())
}

/// The edition in force that a named one goes before.
fn passed_over_by_name(config: &Assets, named: &str, quarter_end: Date) -> Option<String> {
    let other = in_force(config, editions_beside(config, named), quarter_end).ok().filter(|other| other != named)?;
    let from = description(config, &other)?.effective_from;
    Some(format!(
        "edition {other}, in force from {}, is not used: the settings or --edition name {named}; leave pack.edition out to \
         take each quarter's own",
        in_full(from)
    ))
}

/// A later edition in force whose system is no area of `areas.toml`.
fn passed_over_for_its_area(config: &Assets, chosen: &str, quarter_end: Date) -> Option<String> {
    let from = description(config, chosen)?.effective_from;
    let areas = read_areas(config).ok()?;
    // Editions that are built in beside the user's own are another system's, and nobody's mistake.
    let own = editions(config).into_iter().filter(|id| is_own(config, id));
    let others = own.filter_map(|id| Some((description(config, &id)?, id)));
    let mut others = others.filter(|(other, _)| areas.get(&other.system).is_none());
    let is_later = |other: &Edition| from < other.effective_from && other.effective_from <= quarter_end;
    let (other, id) = others.find(|(other, _)| is_later(other))?;
    Some(format!(
        "edition {id}, in force from {}, is not used: its system, {}, is not an area of areas.toml; add it there, or correct \
         the edition's system",
        in_full(other.effective_from),
        other.system
    ))
}

/// The edition in force on `date` with the targets that held then: of those for the same system as `beside`, or of all where
/// none is named.
///
/// # Errors
/// As [`choose`], and what is wrong in the files of the edition.
pub fn edition_at(config: &Assets, beside: Option<&str>, date: Date) -> Result<Framework, Faults> {
    let ids = match beside {
        Some(id) => editions_beside(config, id),
        None => editions(config),
    };
    load_on(config, &in_force(config, ids, date)?, date)
}

/// Of these editions, the last that took effect by `date`, also where it has ended and no other has taken its place here:
/// its standing says so.
fn in_force(config: &Assets, ids: Vec<String>, date: Date) -> Result<String, Faults> {
    let mut known: Vec<(String, Edition)> = Vec::new();
    for id in ids {
        match sound_description(config, &id) {
            Some(edition) => known.push((id, edition)),
            // Left out, it would silently leave its place to another.
            None => return Err(load(config, &id).err().unwrap_or_default()),
        }
    }
    // One for a system that is not among the areas, such as those built in beside a partnership's own, cannot be used. Where the
    // areas are at fault, which is told by whoever needs them, the user's own go before those that are built in.
    if let Ok(areas) = read_areas(config) {
        known.retain(|(_, edition)| areas.get(&edition.system).is_some());
    } else {
        let own: BTreeSet<AreaCode> =
            known.iter().filter(|(id, _)| is_own(config, id)).map(|(_, of)| of.system.clone()).collect();
        known.retain(|(_, edition)| own.is_empty() || own.contains(&edition.system));
    }
    let systems: BTreeSet<&str> = known.iter().map(|(_, edition)| edition.system.as_str()).collect();
    if systems.len() > 1 {
        let there_are: Vec<String> = known.iter().map(|(id, edition)| format!("{id} (for {})", edition.system)).collect();
        let problem = format!("no edition is named, and there are editions of several systems: {}", there_are.join(", "));
        return Err(Fault::new("pack.edition", problem, "name the edition").into());
    }
    known.sort_by_key(|(_, edition)| edition.effective_from);
    let mut by_then = known.iter().rev().skip_while(|(_, edition)| edition.effective_from > date);
    match (by_then.next(), by_then.next()) {
        (Some((id, last)), Some((other, same))) if last.effective_from == same.effective_from => {
            let problem = format!("the editions {other} and {id} both take effect on {}", last.effective_from);
            Err(Fault::new(format!("{ROOT}/"), problem, "correct effective_from of one, or name the edition").into())
        }
        (Some((id, _)), _) => Ok(id.clone()),
        (None, _) => {
            let first = known.first().map(|(_, edition)| edition.effective_from);
            let problem = match first {
                Some(first) => format!("no edition was in force on {date}; the first took effect on {first}"),
                None => "there is no edition for an area of areas.toml".to_owned(),
            };
            Err(Fault::new(format!("{ROOT}/"), problem, "choose a later quarter, or name the edition").into())
        }
    }
}
