//! Nearest neighbours: which areas a published model finds most like one of ours, read from `neighbours.toml`.

use super::code::AreaCode;
use crate::document::{Entries, Places, TomlDocument};
use crate::fault::Faults;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The neighbours of one area by one model. A comparison with them names them, and the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Neighbours {
    /// The area whose neighbours these are.
    pub area: AreaCode,
    /// The publisher's name of the model.
    pub model: String,
    /// Who publishes the model, and which version of it this is.
    pub source: String,
    /// The nearest first. They need not be areas of `areas.toml`.
    pub of: Vec<Neighbour>,
}

/// An area that the model finds like the one whose list this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Neighbour {
    /// Its GSS code.
    pub code: AreaCode,
    /// Its name, as its country's statistics write it.
    pub name: String,
}

impl Neighbours {
    /// Reads `neighbours.toml`; `place` names the file in any fault. The lists keep the order of the file.
    ///
    /// # Errors
    /// A file that is not such a table; a list without model or source, without neighbours, given twice, or with an area
    /// that is named twice, is its own neighbour or has no name.
    pub fn parse(text: &str, place: &str) -> Result<Vec<Self>, Faults> {
        let mut faults = Faults::default();
        let (lists, _) = Self::read(text, place, &mut faults);
        faults.into_result().map(|()| lists)
    }

    /// As [`Neighbours::parse`], with those lists that can be read, and where each stands.
    pub(crate) fn read(text: &str, file: &str, faults: &mut Faults) -> (Vec<Self>, Places) {
        let mut document = TomlDocument::parse(text, file, faults);
        let entries: Entries<Self> = document.entries("neighbours", faults);
        let places = document.finish(faults);
        let mut found = Faults::default();
        let mut lists = BTreeSet::new();
        for (place, list) in entries.all() {
            for (key, text) in [("model", &list.model), ("source", &list.source)] {
                if text.trim().is_empty() {
                    found.push(format!("{place}, {key}"), "is empty", "name it: a comparison says with whom it is made");
                }
            }
            if !lists.insert((&list.area, &list.model)) {
                let problem = format!("a list by the model {:?} is given twice", list.model);
                found.push(place.clone(), problem, "remove one");
            }
            if list.of.is_empty() {
                found.push(format!("{place}, of"), "names nobody", "name the neighbours, or remove the list");
            }
            list.check(place, &mut found);
        }
        faults.0.extend(places.point_all(found.0));
        (entries.values(), places)
    }

    fn check(&self, place: &str, faults: &mut Faults) {
        let mut seen = BTreeSet::new();
        for Neighbour { code, name } in &self.of {
            let place = format!("{place}, of {code}");
            if *code == self.area {
                faults.push(place.clone(), "is the area itself", "remove it");
            }
            if !seen.insert(code) {
                faults.push(place.clone(), "is named twice", "remove one");
            }
            if name.trim().is_empty() {
                faults.push(place, "has no name", "give its name as its country's statistics write it");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;
    use crate::framework::read_areas;

    const LIST: &str =
        "[[neighbours]]\narea = \"A1\"\nmodel = \"all\"\nsource = \"Statistics\"\nof = [{ code = \"B1\", name = \"B\" }]\n";

    fn faults(text: &str) -> String {
        Neighbours::parse(text, "neighbours.toml").unwrap_err().to_string()
    }

    #[test]
    fn the_nearest_neighbour_comes_first_and_is_named() {
        let areas = read_areas(&Assets::config(None)).unwrap();
        let nottingham = areas.neighbours(&AreaCode::new("E06000018").unwrap()).unwrap();
        assert_eq!(nottingham.of.len(), 20);
        assert_eq!((nottingham.of[0].code.as_str(), nottingham.of[0].name.as_str()), ("E08000032", "Bradford"));
        assert_eq!(nottingham.of[1].name, "Derby");
        assert!(nottingham.source.starts_with("Office for National Statistics"), "{}", nottingham.source);
        // The model has no counties.
        assert!(areas.neighbours(&AreaCode::new("E10000024").unwrap()).is_none());
    }

    #[test]
    fn areas_of_other_systems_are_passed_over() {
        let areas = read_areas(&Assets::config(None)).unwrap().with_neighbours(LIST, "neighbours.toml").unwrap();
        assert!(areas.neighbours(&AreaCode::new("A1").unwrap()).is_none());
    }

    #[test]
    fn a_list_that_cannot_be_used_is_told() {
        assert_eq!(Neighbours::parse(LIST, "neighbours.toml").unwrap().len(), 1);
        assert!(Neighbours::parse("", "neighbours.toml").unwrap().is_empty());
        for (text, expected) in [
            (
                format!("{LIST}{LIST}"),
                "neighbours.toml, line 6, [[neighbours]] A1: a list by the model \"all\" is given twice (remove one)",
            ),
            (LIST.replace("Statistics", " "), "neighbours.toml, line 4, [[neighbours]] A1, source: is empty"),
            (LIST.replace("{ code = \"B1\", name = \"B\" }", ""), "neighbours.toml, line 5, [[neighbours]] A1, of: names nobody"),
            (LIST.replace("\"B1\"", "\"A1\""), "of A1: is the area itself"),
            (LIST.replace("\"B\"", "\"\""), "of B1: has no name"),
            (LIST.replace(" }]", " }, { code = \"B1\", name = \"B\" }]"), "of B1: is named twice"),
            (
                LIST.replace("model", "mode"),
                "mode: is not a known key here; one of area, model, source, of was expected (did you mean model?)",
            ),
        ] {
            let told = faults(&text);
            assert!(told.contains(expected), "{text}: {told}");
        }
    }
}
