//! Reading an edition's files into a [`Framework`].
//!
//! `frameworks/measures/*.toml` hold the measures that all editions share; a measure of the user's own stands in for the
//! built-in one of the same id. `frameworks/<edition>/*.toml` hold what is the edition's own; all files of the folder are
//! merged in the order of their names, and any of them may hold any kind of entry. A folder of the user's that describes its
//! edition stands alone, whatever it is called: built-in files of the same folder are those of another system.

use super::check;
use super::check_partners;
use super::findings::{Findings, Input};
use super::in_time::areas_with_successions;
use super::{Action, Aim, Ambition, Edition, Framework, Measure, Partner, Priority};
use crate::area::{AreaCode, Areas, Boundaries};
use crate::assets::Assets;
use crate::document::{Entries, Places, TomlDocument, words};
use crate::fault::{Fault, Faults};
use crate::value::Unit;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeSet;

pub(super) const ROOT: &str = "frameworks";
const MEASURES: &str = "measures";
const AREAS: &str = "areas.toml";
pub(crate) const NEIGHBOURS: &str = "neighbours.toml";
pub(crate) const BOUNDARIES: &str = "boundaries.geojson";
const PARTNERS: &str = "partners.toml";

/// The ids of all editions that there are files for, sorted.
pub fn editions(config: &Assets) -> Vec<String> {
    let mut names = config.list(ROOT);
    names.retain(|name| name != MEASURES && !toml_files(config, &format!("{ROOT}/{name}")).is_empty());
    names
}

/// The editions for the same system as `edition`, sorted, and any that do not say which system they are for: another
/// system's rest on other areas and partners. All where `edition` itself does not say.
pub fn editions_beside(config: &Assets, edition: &str) -> Vec<String> {
    let mut ids = editions(config);
    if let Some(asked) = description(config, edition) {
        ids.retain(|id| description(config, id).is_none_or(|other| other.system == asked.system));
    }
    ids
}

/// What the editions for the same system as `edition` say of themselves, this one among them, as far as they can be read.
pub(crate) fn descriptions_beside(config: &Assets, edition: &str) -> Vec<Edition> {
    editions_beside(config, edition).iter().filter_map(|id| description(config, id)).collect()
}

/// What an edition says of itself, as far as it can be read; its faults are for [`load`] to tell.
pub(super) fn description(config: &Assets, edition: &str) -> Option<Edition> {
    described(config, edition).map(|(edition, _)| edition)
}

/// What an edition says of itself, where nothing of that is at fault.
pub(super) fn sound_description(config: &Assets, edition: &str) -> Option<Edition> {
    described(config, edition).filter(|(_, is_sound)| *is_sound).map(|(edition, _)| edition)
}

fn described(config: &Assets, edition: &str) -> Option<(Edition, bool)> {
    let mut found = None;
    each_file(config, edition_files(config, edition), &mut Faults::default(), &mut Places::default(), |file, faults| {
        let before = faults.0.len();
        let described = file.table::<Edition>("edition", faults).map(|(_, edition)| edition);
        found = found.take().or(described.map(|edition| (edition, faults.0.len() == before)));
    });
    found
}

/// The edition that this one took the place of: the last for the same system that took effect before it.
///
/// # Errors
/// What is wrong in the files of any such edition.
pub fn edition_before(config: &Assets, framework: &Framework) -> Result<Option<Framework>, Faults> {
    let edition = &framework.edition;
    let mut before: Option<Framework> = None;
    // One that is not called as its folder is beside no other.
    if !editions(config).contains(&edition.id) {
        return Ok(None);
    }
    for other in editions_beside(config, &edition.id).iter().filter(|id| **id != edition.id) {
        let other = load(config, other)?;
        let from = other.edition.effective_from;
        if from < edition.effective_from && before.as_ref().is_none_or(|kept| kept.edition.effective_from < from) {
            before = Some(other);
        }
    }
    Ok(before)
}

/// Reads and checks one edition.
///
/// # Errors
/// Everything that is wrong in its files, in `areas.toml` and in `partners.toml`, at once.
pub fn load(config: &Assets, edition: &str) -> Result<Framework, Faults> {
    load_with_notes(config, edition).map(|(framework, _)| framework)
}

/// One edition as it stands on `date`; see [`Framework::in_force_on`].
///
/// # Errors
/// As [`load`].
pub fn load_on(config: &Assets, edition: &str, date: Date) -> Result<Framework, Faults> {
    let framework = load(config, edition)?;
    let partners = load_partners(config)?;
    let areas = areas_with_successions(read_areas(config)?, &partners);
    Ok(framework.in_force_on(date, &areas, &partners))
}

/// As [`load`], with notes on what is allowed and an owner should know, such as a target that nothing can judge yet.
///
/// # Errors
/// As [`load`].
pub fn load_with_notes(config: &Assets, edition: &str) -> Result<(Framework, Vec<Fault>), Faults> {
    let EditionContents { framework, notes, faults, .. } = read(config, edition);
    faults.into_result()?;
    // Where nothing is wrong there is an edition.
    framework.map(|framework| (framework, notes)).ok_or_else(Faults::default)
}

/// What the files of an edition hold, with all that is wrong in them.
pub(crate) struct EditionContents {
    /// What could be read of it, fit to be checked against and no more where there are faults.
    pub framework: Option<Framework>,
    pub areas: Option<Areas>,
    pub partners: Vec<Partner>,
    pub notes: Vec<Fault>,
    pub faults: Faults,
    /// Where its entries, areas and partners stand.
    pub places: Places,
}

impl EditionContents {
    /// Areas, partners and measures alone, where there is no edition.
    pub fn without_edition(config: &Assets) -> Self {
        let mut faults = Faults::default();
        let (areas, mut places) = read_areas_in_part(config, &mut faults);
        let (partners, partners_places) = read_partners(config, &mut faults);
        places.extend(partners_places);
        let definitions = definitions(config, &mut faults, &mut places);
        let mut found = Faults::default();
        check_partners::check(&partners, areas.as_ref(), &definitions, &mut found, &mut Vec::new());
        faults.0.extend(places.point_all(found.0));
        Self { framework: None, areas, partners: partners.values(), notes: Vec::new(), faults, places }
    }
}

/// The editions that can be used here, sorted: those that come with the program only where their system is one of the areas.
/// The user's own alone where the areas cannot be read and there are any.
pub fn editions_here(config: &Assets) -> Vec<String> {
    let (areas, _) = read_areas_in_part(config, &mut Faults::default());
    let mut ids = editions(config);
    if areas.is_none() && ids.iter().any(|id| is_own(config, id)) {
        ids.retain(|id| is_own(config, id));
    }
    ids.retain(|id| system_elsewhere(config, id, areas.as_ref()).is_none());
    ids
}

/// Whether the user has a folder for the edition.
pub(super) fn is_own(config: &Assets, edition: &str) -> bool {
    config.folder().is_some_and(|folder| folder.join(ROOT).join(edition).is_dir())
}

/// The system of an edition that comes with the program, where that is not one of the areas.
fn system_elsewhere(config: &Assets, edition: &str, areas: Option<&Areas>) -> Option<AreaCode> {
    let system = description(config, edition).filter(|_| !is_own(config, edition))?.system;
    areas?.get(&system).is_none().then_some(system)
}

/// Why an edition cannot be used here, and what to do; none where it can.
pub(crate) fn why_not_here(config: &Assets, edition: &str) -> Option<(String, String)> {
    let (areas, _) = read_areas_in_part(config, &mut Faults::default());
    let problem = if editions(config).iter().any(|id| id == edition) {
        let system = system_elsewhere(config, edition, areas.as_ref())?;
        format!("the edition {edition:?} is for the area {system}, which is not in areas.toml")
    } else {
        format!("there is no such edition as {edition:?}")
    };
    let here = editions_here(config);
    let there_are = if here.is_empty() { "none".to_owned() } else { here.join(", ") };
    let remedy = match (words::nearest(edition, &here.iter().map(String::as_str).collect::<Vec<_>>()), here.as_slice()) {
        (Some(id), _) => format!("did you mean {id:?}?"),
        (None, []) => format!("add its files to {ROOT}/"),
        (None, [only]) => format!("write {only:?}, or name none to take the edition in force"),
        (None, _) => "name one of them, or none to take the edition in force".to_owned(),
    };
    Some((format!("{problem}; the editions for your areas are: {there_are}"), remedy))
}

/// Reads one edition with areas and partners, and checks all that can be read.
pub(crate) fn read(config: &Assets, edition: &str) -> EditionContents {
    let mut faults = Faults::default();
    let mut places = Places::default();
    let (areas, areas_places) = read_areas_in_part(config, &mut faults);
    let (partners, partners_places) = read_partners(config, &mut faults);
    places.extend(areas_places);
    places.extend(partners_places);
    let mut notes = Vec::new();
    let framework = read_edition(config, edition, (areas.as_ref(), &partners), (&mut faults, &mut notes), &mut places);
    EditionContents { framework, areas, partners: partners.values(), notes, faults, places }
}

fn read_edition(
    config: &Assets,
    edition: &str,
    (areas, partners): (Option<&Areas>, &Entries<Partner>),
    (faults, notes): (&mut Faults, &mut Vec<Fault>),
    places: &mut Places,
) -> Option<Framework> {
    if let Some((problem, remedy)) = why_not_here(config, edition) {
        faults.push(format!("edition {edition:?}"), problem, remedy);
        return None;
    }

    let definitions = definitions(config, faults, places);

    let mut own: Option<(String, Edition)> = None;
    let mut aims: Entries<Aim> = Entries::default();
    let mut priorities: Entries<Priority> = Entries::default();
    let mut ambitions: Entries<Ambition> = Entries::default();
    let mut actions: Entries<Action> = Entries::default();
    let folder = format!("{ROOT}/{edition}");
    let before = faults.0.len();
    each_file(config, edition_files(config, edition), faults, places, |file, faults| {
        if let Some((place, table)) = file.table::<Edition>("edition", faults) {
            match &own {
                Some((first, _)) => {
                    faults.push(place, format!("the edition is described in {first} already"), "keep one of the two")
                }
                None => own = Some((place, table)),
            }
        }
        aims.extend(file.entries("aim", faults));
        priorities.extend(file.entries("priority", faults));
        ambitions.extend(file.entries("ambition", faults));
        actions.extend(file.entries("action", faults));
    });

    let Some((place, described)) = own else {
        let mut found = Faults::default();
        check_partners::check(partners, areas, &definitions, &mut found, notes);
        faults.0.extend(places.point_all(found.0));
        // A fault in the folder explains its absence better than its absence does.
        if faults.0.len() == before {
            faults.push(
                folder,
                "no file of the folder describes the edition",
                "add a table [edition] with its id, title and dates",
            );
        }
        return None;
    };

    let unread = unread(config, edition, &described);
    let input = Input { edition: (place, described), definitions, aims, priorities, ambitions, actions };
    let Findings { faults: mut found, notes: noted } = check::check(&input, edition, areas, partners, places);
    check_partners::check(partners, areas, &input.definitions, &mut found, notes);
    check_partners::comments(partners, &input.ambitions, notes);
    faults.0.extend(places.point_all(found.0));
    notes.extend(noted);
    *notes = places.point_all(std::mem::take(notes));
    let mut framework = input.into_framework();
    let asked: Vec<Partner> = partners.all().map(|(_, partner)| partner.clone()).collect();
    for measure in &mut framework.measures {
        measure.keep_parts_that_are_asked(&asked);
    }
    notes.extend(unread);
    Some(framework)
}

/// Reads `partners.toml`.
///
/// # Errors
/// Entries that cannot be read, an id given twice, a contact that is not an e-mail address.
pub fn load_partners(config: &Assets) -> Result<Vec<Partner>, Faults> {
    let mut faults = Faults::default();
    let (partners, _) = read_partners(config, &mut faults);
    faults.into_result()?;
    Ok(partners.values())
}

/// The partners that can be read, with what is wrong with each of them by itself.
fn read_partners(config: &Assets, faults: &mut Faults) -> (Entries<Partner>, Places) {
    let text = match config.read_text(PARTNERS) {
        Ok(text) => text,
        Err(fault) => {
            faults.0.push(fault);
            return (Entries { is_incomplete: true, ..Entries::default() }, Places::default());
        }
    };
    let mut file = TomlDocument::parse(&text, &config.place(PARTNERS), faults);
    let entries: Entries<Partner> = file.entries("partner", faults);
    let places = file.finish(faults);
    let mut found = Faults::default();
    check_partners::each(&entries, &mut found);
    super::check_time::partners(&entries, &mut found);
    faults.0.extend(places.point_all(found.0));
    (entries, places)
}

/// Reads `areas.toml`, with `neighbours.toml` and `boundaries.geojson` beside it.
///
/// # Errors
/// As [`Areas::parse`] and [`Areas::with_neighbours`].
pub fn read_areas(config: &Assets) -> Result<Areas, Faults> {
    let mut faults = Faults::default();
    let (areas, _) = read_areas_in_part(config, &mut faults);
    faults.into_result()?;
    areas.ok_or_else(Faults::default)
}

/// The areas that can be read; none where some are not known at all, so that nothing can be said of a code.
fn read_areas_in_part(config: &Assets, faults: &mut Faults) -> (Option<Areas>, Places) {
    let text = match config.read_text(AREAS) {
        Ok(text) => text,
        Err(fault) => {
            faults.0.push(fault);
            return (None, Places::default());
        }
    };
    let (areas, mut places) = Areas::read(&text, &config.place(AREAS), faults);
    let mut with_neighbours = match config.read_text(NEIGHBOURS) {
        Ok(text) => {
            // It is told what is wrong with it whether or not there are areas.
            let is_whole = areas.is_some();
            let (areas, lists) = areas.unwrap_or_default().and_neighbours(&text, &config.place(NEIGHBOURS), faults);
            places.extend(lists);
            is_whole.then_some(areas)
        }
        Err(fault) => {
            faults.0.push(fault);
            areas
        }
    };
    let boundaries = config.read_text(BOUNDARIES).and_then(|text| Boundaries::parse(&text, &config.place(BOUNDARIES)));
    match boundaries {
        Ok(boundaries) => with_neighbours.iter_mut().for_each(|areas| areas.boundaries = boundaries.clone()),
        Err(fault) => faults.0.push(fault),
    }
    (with_neighbours, places)
}

fn toml_files(config: &Assets, folder: &str) -> Vec<String> {
    config.list(folder).into_iter().filter(|name| name.ends_with(".toml")).map(|name| format!("{folder}/{name}")).collect()
}

/// The definitions of measures: all of the user's, and the built-in ones that none of them stands in for.
fn definitions(config: &Assets, faults: &mut Faults, places: &mut Places) -> Entries<Measure> {
    let (built_in, own): (Vec<String>, Vec<String>) =
        toml_files(config, &format!("{ROOT}/{MEASURES}")).into_iter().partition(|path| config.is_built_in(path));
    let [mut definitions, mut others] = [own, built_in].map(|files| {
        let mut entries: Entries<Measure> = Entries::default();
        each_file(config, files, faults, places, |file, faults| {
            file.change("measure", take_defaults_of_unit);
            entries.extend(file.entries("measure", faults));
        });
        entries
    });
    let ids: BTreeSet<&str> =
        definitions.all().map(|(_, own)| own.id.0.as_str()).chain(definitions.broken.iter().map(String::as_str)).collect();
    others.good.retain(|(_, measure)| !ids.contains(measure.id.0.as_str()));
    others.mended.retain(|(_, measure)| !ids.contains(measure.id.0.as_str()));
    definitions.extend(others);
    definitions
}

/// A measure that states no decimals or multiplier has those of its own unit.
fn take_defaults_of_unit(measure: &mut toml::Table) {
    // One that cannot be read is told with the measure.
    let Some(unit) = measure.get("unit").and_then(|unit| Unit::deserialize(unit.clone()).ok()) else { return };
    measure.entry("decimals").or_insert_with(|| i64::from(unit.decimals()).into());
    if let Unit::Own(own) = &unit
        && let Some(multiplier) = own.multiplier
    {
        measure.entry("multiplier").or_insert_with(|| multiplier.into());
    }
}

/// The files of an edition: those of the user's folder alone where one of them describes the edition, otherwise built-in ones
/// too, file by file.
fn edition_files(config: &Assets, edition: &str) -> Vec<String> {
    let files = toml_files(config, &format!("{ROOT}/{edition}"));
    let describes = |path: &String| {
        // As far as it can be read: one line that is not TOML makes no folder another's.
        let text = config.read_text(path).unwrap_or_default();
        TomlDocument::parse(&text, path, &mut Faults::default()).tables().contains_key("edition")
    };
    let own: Vec<String> = files.iter().filter(|path| !config.is_built_in(path)).cloned().collect();
    if own.iter().any(describes) { own } else { files }
}

/// That built-in files of an edition of the same name and system are not read, which a person may have meant to change one by
/// one.
fn unread(config: &Assets, edition: &str, own: &Edition) -> Option<Fault> {
    let read = edition_files(config, edition);
    let left: Vec<String> =
        toml_files(config, &format!("{ROOT}/{edition}")).into_iter().filter(|path| !read.contains(path)).collect();
    let built_in = description(&Assets::config(None), edition)?;
    (!left.is_empty() && built_in.system == own.system).then(|| {
        let problem = format!("stands alone, since it describes the edition: the built-in {} are not read", left.join(", "));
        Fault::new(
            format!("{ROOT}/{edition}"),
            problem,
            "copy those that belong to it (boardpack export-defaults writes them out)",
        )
    })
}

fn each_file(
    config: &Assets,
    files: Vec<String>,
    faults: &mut Faults,
    places: &mut Places,
    mut take: impl FnMut(&mut TomlDocument, &mut Faults),
) {
    for path in files {
        match config.read_text(&path) {
            Ok(text) => {
                let mut file = TomlDocument::parse(&text, &config.place(&path), faults);
                take(&mut file, faults);
                places.extend(file.finish(faults));
            }
            Err(fault) => faults.0.push(fault),
        }
    }
}
