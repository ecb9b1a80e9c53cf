//! Areas and organisations that a figure can be about, as a tree read from `areas.toml`.

mod boundaries;
mod code;
mod neighbours;
mod succession;

pub use boundaries::{Boundaries, Ring};
pub use code::AreaCode;
pub use neighbours::{Neighbour, Neighbours};

use crate::document::{Entries, Places, TomlDocument};
use crate::fault::Faults;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What kind of thing an area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AreaKind {
    /// A country.
    Country,
    /// A region of England.
    Region,
    /// The area of an integrated care board.
    System,
    /// An upper-tier or unitary local authority.
    Authority,
    /// A district or borough.
    District,
    /// A place, such as that of a place-based partnership.
    Place,
    /// A part of a place.
    Neighbourhood,
    /// A body that returns figures about itself: a trust, a board.
    Organisation,
}

impl AreaKind {
    /// The word in files: `neighbourhood`.
    pub fn code(self) -> &'static str {
        match self {
            AreaKind::Country => "country",
            AreaKind::Region => "region",
            AreaKind::System => "system",
            AreaKind::Authority => "authority",
            AreaKind::District => "district",
            AreaKind::Place => "place",
            AreaKind::Neighbourhood => "neighbourhood",
            AreaKind::Organisation => "organisation",
        }
    }
}

/// One area or organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Its GSS code (`E92000001`), its ODS code (three to six letters and digits), or a code of your own: letters, digits and hyphens.
    pub code: AreaCode,
    /// The name as it is printed.
    pub name: String,
    pub kind: AreaKind,
    /// The areas whose whole makes this one, where it is made of others.
    #[serde(default)]
    pub parts: Vec<AreaCode>,
    /// What was one of its parts and has ended; filled in by [`Areas::on`].
    #[serde(skip)]
    pub former_parts: Vec<AreaCode>,
    /// The first day on which it is an area; always before where it is left out.
    #[serde(default, deserialize_with = "day")]
    pub from: Option<Date>,
    /// The last day on which it is one.
    #[serde(default, deserialize_with = "day")]
    pub until: Option<Date>,
    /// The areas that replaced it.
    #[serde(default)]
    pub replaced_by: Vec<AreaCode>,
    /// The areas whose figures go on as its own past: of one its figures, of several those of all of them together. Without
    /// it the figures of an area are only its own.
    #[serde(default)]
    pub continues: Vec<AreaCode>,
    /// The body that has the area's code as a partner or an employer, such as its council; empty where that is the area
    /// itself.
    #[serde(default)]
    pub body: String,
    /// A short name of the organisation, or of the body that has the area's code, for the heads of tables with many columns; below
    /// them it is explained. Left out: its whole name.
    #[serde(default)]
    pub short: String,
    /// How many people live there; the parts are added up where it is not stated. It needs `population_source`.
    #[serde(default)]
    pub population: Option<u64>,
    /// Who counted the population, and how: `Census 2021, Office for National Statistics`. Needed beside a population.
    #[serde(default)]
    pub population_source: String,
    /// The day that the population is of: `2021-03-21`.
    #[serde(default, deserialize_with = "day")]
    #[schemars(with = "Option<Date>")]
    pub population_date: Option<Date>,
    /// What a reader of its figures must know.
    #[serde(default)]
    pub note: String,
}

/// A day as TOML writes it, or as text.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Day {
        Toml(toml::value::Datetime),
        Text(String),
    }
    let written = match Option::<Day>::deserialize(deserializer)? {
        None => return Ok(None),
        Some(Day::Toml(day)) => day.to_string(),
        Some(Day::Text(text)) => text,
    };
    let date = written.parse().map_err(|_| format!("{written:?} is not a day such as 2021-03-21"));
    date.map(Some).map_err(serde::de::Error::custom)
}

/// All areas that the framework can speak of.
#[derive(Debug, Clone, Default)]
pub struct Areas {
    by_code: BTreeMap<AreaCode, Area>,
    order: Vec<AreaCode>,
    neighbours: Vec<Neighbours>,
    /// Where they lie.
    pub boundaries: Boundaries,
}

impl Areas {
    /// Reads `areas.toml`; `place` names the file in any fault.
    ///
    /// # Errors
    /// A file that is not such a table, a code given twice, a part that is not an area, parts that go round in a circle, a
    /// population of nobody or without its source.
    pub fn parse(text: &str, place: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let (areas, _) = Self::read(text, place, &mut faults);
        faults.into_result()?;
        areas.ok_or_else(Faults::default)
    }

    /// As [`Areas::parse`], with all that can be read beside the faults, and where each area stands. None where some area is
    /// not known at all.
    pub(crate) fn read(text: &str, file: &str, faults: &mut Faults) -> (Option<Self>, Places) {
        let mut document = TomlDocument::parse(text, file, faults);
        let entries: Entries<Area> = document.entries("area", faults);
        let places = document.finish(faults);
        let mut areas = Areas::default();
        let mut found = Faults::default();
        let mut first: BTreeMap<&AreaCode, &str> = BTreeMap::new();
        for (place, area) in entries.all() {
            if let Some(earlier) = first.insert(&area.code, place) {
                found.push(place, format!("the code {} is given already by {earlier}", area.code), "remove one");
                continue;
            }
            areas.order.push(area.code.clone());
            areas.by_code.insert(area.code.clone(), area.clone());
        }
        let mut in_circle: BTreeSet<&AreaCode> = BTreeSet::new();
        for (place, area) in entries.all() {
            if area.name.trim().is_empty() {
                found.push(format!("{place}, name"), "is empty", "write what is to be printed");
            }
            population(area, place, &mut found);
            areas.check_time_of(area, place, &mut found);
            if let Some(circle) = areas.circle_from(&area.code).filter(|_| !in_circle.contains(&area.code)) {
                let round: Vec<&str> = circle.iter().chain([&&area.code]).map(|code| code.as_str()).collect();
                let problem = format!("is a part of itself: {}", round.join(" has the part "));
                found.push(format!("{place}, parts"), problem, "take one of them out of the parts of the other");
                in_circle.extend(circle);
            }
            let is_known = |part: &&AreaCode| areas.by_code.contains_key(*part) || entries.broken.contains(part.as_str());
            for part in area.parts.iter().filter(|part| !entries.is_incomplete && !is_known(part)) {
                let problem = format!("its part {part} is not an area of this file");
                found.push(format!("{place}, parts"), problem, "add it, or correct the code");
            }
        }
        if areas.order.is_empty() && !entries.is_incomplete && entries.broken.is_empty() {
            found.push(file, "has no area", "add an entry [[area]] for each area and organisation");
        }
        // Whoever goes down the tree must come to an end.
        let in_circle: Vec<AreaCode> = in_circle.into_iter().cloned().collect();
        for code in in_circle {
            areas.by_code.entry(code).and_modify(|area| area.parts.clear());
        }
        faults.0.extend(places.point_all(found.0));
        let is_whole =
            !entries.is_incomplete && entries.broken.iter().all(|code| first.keys().any(|known| known.as_str() == code));
        (is_whole.then_some(areas), places)
    }

    pub fn get(&self, code: &AreaCode) -> Option<&Area> {
        self.by_code.get(code)
    }

    /// The name of an area, or its code where the file does not have it.
    pub fn name<'a>(&'a self, code: &'a AreaCode) -> &'a str {
        self.by_code.get(code).map_or(code.as_str(), |area| area.name.as_str())
    }

    /// The name of an area, with its kind where an area of another kind has the same name, and with its code where one of its
    /// own kind has.
    pub fn name_apart(&self, code: &AreaCode) -> String {
        let Some(area) = self.get(code) else { return code.to_string() };
        let same: Vec<AreaKind> =
            self.iter().filter(|other| other.code != *code && other.name == area.name).map(|other| other.kind).collect();
        match same.as_slice() {
            [] => area.name.clone(),
            kinds if kinds.contains(&area.kind) => format!("{} ({} {code})", area.name, area.kind.code()),
            _ => format!("{} ({})", area.name, area.kind.code()),
        }
    }

    /// The name of the body that has an area's code as a partner or an employer: a council rather than its place. The
    /// area's own name where no body is given.
    pub fn body_name<'a>(&'a self, code: &'a AreaCode) -> &'a str {
        let body = self.by_code.get(code).map(|area| area.body.as_str()).filter(|body| !body.is_empty());
        body.unwrap_or_else(|| self.name(code))
    }

    /// How many people live in an area: as stated, or those of its parts where each of them is known. None where not.
    pub fn population(&self, code: &AreaCode) -> Option<u64> {
        let area = self.by_code.get(code)?;
        match area.population {
            Some(population) => Some(population),
            None if area.parts.is_empty() => None,
            None => area.parts.iter().map(|part| self.population(part)).sum(),
        }
    }

    /// Whether an area is a part of another, or of a part of it.
    pub fn lies_within(&self, area: &AreaCode, whole: &AreaCode) -> bool {
        let mut open = vec![whole];
        let mut seen = BTreeSet::new();
        while let Some(of) = open.pop() {
            let parts = self.by_code.get(of).map_or(&[][..], |of| of.parts.as_slice());
            if parts.contains(area) {
                return true;
            }
            open.extend(parts.iter().filter(|part| seen.insert(*part)));
        }
        false
    }

    /// The areas that are like this one by a published model, where `neighbours.toml` has a list of it. Of several the
    /// first.
    pub fn neighbours(&self, code: &AreaCode) -> Option<&Neighbours> {
        self.neighbours.iter().find(|neighbours| neighbours.area == *code && self.by_code.contains_key(code))
    }

    /// The areas of `neighbours.toml` that are none here.
    pub(crate) fn neighbours_elsewhere(&self) -> impl Iterator<Item = &AreaCode> {
        self.neighbours.iter().map(|list| &list.area).filter(|area| !self.by_code.contains_key(*area))
    }

    /// Adds the lists of `neighbours.toml`, whose text this is; `place` names the file in any fault. Areas that are not
    /// here are passed over: the file may serve other systems too.
    ///
    /// # Errors
    /// As [`Neighbours::parse`].
    pub fn with_neighbours(self, text: &str, place: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let (areas, _) = self.and_neighbours(text, place, &mut faults);
        faults.into_result().map(|()| areas)
    }

    /// As [`Areas::with_neighbours`], with those lists that can be read, and where each stands.
    pub(crate) fn and_neighbours(mut self, text: &str, place: &str, faults: &mut Faults) -> (Self, Places) {
        let (lists, places) = Neighbours::read(text, place, faults);
        self.neighbours = lists;
        (self, places)
    }

    /// The areas through which the parts of an area lead back to it, itself first; none where they do not.
    fn circle_from<'a>(&'a self, code: &'a AreaCode) -> Option<Vec<&'a AreaCode>> {
        // Of which area each was found to be a part.
        let mut parent: BTreeMap<&AreaCode, &AreaCode> = BTreeMap::new();
        let mut ahead = vec![code];
        while let Some(area) = ahead.pop() {
            for part in self.by_code.get(area).into_iter().flat_map(|area| &area.parts) {
                if part == code {
                    let up = std::iter::successors(Some(area), |area| parent.get(area).copied());
                    let mut circle: Vec<&AreaCode> = up.collect();
                    circle.reverse();
                    return Some(circle);
                }
                if !parent.contains_key(part) {
                    parent.insert(part, area);
                    ahead.push(part);
                }
            }
        }
        None
    }

    /// All areas in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.order.iter().map(|code| &self.by_code[code])
    }
}

/// A population is of somebody, and says who counted.
fn population(area: &Area, place: &str, faults: &mut Faults) {
    let place = |key: &str| format!("{place}, {key}");
    if area.population == Some(0) {
        let remedy = "give the number of people, or leave it out where it is not known";
        faults.push(place("population"), "is 0; a number of people was expected", remedy);
    }
    if area.population.is_some() && area.population_source.trim().is_empty() {
        let remedy = "name the publisher and the count, such as a census";
        faults.push(place("population_source"), "is not given beside a population", remedy);
    }
    if area.population.is_none() && !(area.population_source.is_empty() && area.population_date.is_none()) {
        let remedy = "give the population too, or leave both out";
        faults.push(place("population"), "is not given beside its source or date", remedy);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;
    use crate::framework::read_areas;

    fn code(text: &str) -> AreaCode {
        AreaCode::new(text).unwrap()
    }

    fn faults(text: &str) -> String {
        Areas::parse(text, "areas.toml").unwrap_err().to_string()
    }

    #[test]
    fn populations_match_the_census() {
        let areas = read_areas(&Assets::config(None)).unwrap();
        let people = |text: &str| areas.population(&code(text));
        assert_eq!(people("E06000018"), Some(323_632));
        assert_eq!(people("E10000024"), Some(824_830));
        assert_eq!(people("E54000060"), Some(1_148_462), "the system is its two authorities");
        let places = ["nottingham-city", "south-nottinghamshire", "mid-nottinghamshire", "bassetlaw"];
        let in_places: u64 = places.iter().filter_map(|place| people(&format!("place-{place}"))).sum();
        assert_eq!(in_places, 1_148_462, "the four places are the system");
        assert_eq!(people("RX1"), None, "nobody lives in a trust");
        for area in areas.iter().filter(|area| area.population.is_some()) {
            assert!(area.population_date.is_some(), "{}", area.code);
            let parts: Option<u64> = area.parts.iter().map(|part| people(part.as_str())).sum();
            assert!(area.parts.is_empty() || parts == area.population, "{}: {parts:?}", area.code);
        }
    }

    #[test]
    fn a_body_is_named_apart_from_its_place() {
        let areas = read_areas(&Assets::config(None)).unwrap();
        assert_eq!(areas.body_name(&code("E06000018")), "Nottingham City Council");
        assert_eq!(areas.body_name(&code("E10000024")), "Nottinghamshire County Council");
        assert_eq!(areas.name(&code("E06000018")), "Nottingham");
        assert_eq!(areas.body_name(&code("RX1")), areas.name(&code("RX1")));
        assert_eq!(areas.body_name(&code("X9")), "X9");
    }

    #[test]
    fn a_population_needs_people_and_a_source() {
        let area = |keys: &str| format!("[[area]]\ncode = \"A1\"\nname = \"A\"\nkind = \"district\"\n{keys}\n");
        for (keys, expected) in [
            (
                "population = 0\npopulation_source = \"Census\"",
                "areas.toml, line 5, [[area]] A1, population: is 0; a number of people",
            ),
            ("population = 12", "areas.toml, line 1, [[area]] A1, population_source: is not given beside a population"),
            ("population_source = \"Census\"", "areas.toml, line 1, [[area]] A1, population: is not given beside its source"),
            ("population = -3", "areas.toml, line 5, [[area]] A1, population: is -3; a whole number, 0 or more was expected"),
            ("population_date = \"in March\"", "\"in March\" is not a day such as 2021-03-21"),
            ("parts = [\"A1\"]", "areas.toml, line 5, [[area]] A1, parts: is a part of itself: A1 has the part A1"),
        ] {
            let told = faults(&area(keys));
            assert!(told.contains(expected), "{keys}: {told}");
        }
        for day in ["2021-03-21", "\"2021-03-21\""] {
            let text = area(&format!("population = 12\npopulation_source = \"Census\"\npopulation_date = {day}"));
            let areas = Areas::parse(&text, "areas.toml").unwrap();
            assert_eq!(areas.get(&code("A1")).unwrap().population_date, Some(jiff::civil::date(2021, 3, 21)));
        }
    }
}
