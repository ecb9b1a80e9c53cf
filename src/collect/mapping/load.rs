//! Reading a mapping file, and checking that it speaks of measures, areas and periods that there are.

use super::block::{Block, Mapping};
use super::check;
use super::grammar::{self, Head};
use crate::area::{AreaCode, Areas};
use crate::assets::Assets;
use crate::document::{Entries, TomlDocument};
use crate::fault::{Fault, Faults};
use crate::framework::{Framework, Measure, Partner, Statistic};
use std::collections::BTreeMap;

const FOLDER: &str = "mappings";
const BLOCKS: &str = "figures";

/// Reads `mappings/<name>` of the configuration and checks it; `name` may leave out `.toml`.
///
/// # Errors
/// As [`parse`] and [`Mapping::check`].
pub fn load(config: &Assets, name: &str, framework: &Framework, areas: &Areas) -> Result<Mapping, Faults> {
    let file = if name.ends_with(".toml") { name.to_owned() } else { format!("{name}.toml") };
    // A name leads to a file of the folder and nowhere else.
    if file.contains(['/', '\\']) || file.starts_with('.') {
        let problem = format!("{name:?} is not the name of a mapping");
        return Err(Fault::new(FOLDER, problem, format!("there are: {}", config.list(FOLDER).join(", "))).into());
    }
    let path = format!("{FOLDER}/{file}");
    let mut faults = Faults::default();
    let mapping = read(&config.read_text(&path)?, &config.place(&path), &mut faults);
    faults.0.extend(mapping.check(framework, areas).err().unwrap_or_default().0);
    faults.into_result().map(|()| mapping)
}

/// What is wrong with the name of a mapping that there is not, and what to do; none where its file is there.
pub(crate) fn not_there(config: &Assets, name: &str) -> Option<(String, String)> {
    let there_are = config.list(FOLDER);
    let file = if name.ends_with(".toml") { name.to_owned() } else { format!("{name}.toml") };
    (!there_are.contains(&file)).then(|| {
        let problem = format!("there is no mapping {name:?}; there are: {}", there_are.join(", "));
        (problem, format!("name one of them, or add {FOLDER}/{file}"))
    })
}

/// The mappings that partners' workbooks are read by, by the partner's id.
///
/// # Errors
/// As [`load`], of every mapping that a partner names.
pub fn of_partners(
    config: &Assets,
    partners: &[Partner],
    framework: &Framework,
    areas: &Areas,
) -> Result<BTreeMap<String, Mapping>, Faults> {
    let mut faults = Faults::default();
    let mut mappings = BTreeMap::new();
    for partner in partners {
        let Some(name) = &partner.mapping else { continue };
        if let Some((problem, remedy)) = not_there(config, name) {
            faults.push(format!("partner {}, mapping", partner.id), problem, remedy);
            continue;
        }
        match load(config, name, framework, areas) {
            Ok(mapping) => drop(mappings.insert(partner.id.clone(), mapping)),
            Err(found) => faults.0.extend(found.0),
        }
    }
    faults.into_result()?;
    Ok(mappings)
}

/// What is wrong with each mapping of the user's folder by itself, whoever names it: where partners, areas or the framework
/// cannot be read it would not be looked at.
pub(crate) fn faults_alone(config: &Assets) -> Vec<Fault> {
    let mut faults = Faults::default();
    let files = config.list(FOLDER).into_iter().map(|file| format!("{FOLDER}/{file}"));
    for path in files.filter(|path| path.ends_with(".toml") && !config.is_built_in(path)) {
        match config.read_text(&path) {
            Ok(text) => drop(read(&text, &config.place(&path), &mut faults)),
            Err(fault) => faults.0.push(fault),
        }
    }
    faults.0
}

/// Reads the text of a mapping; `place` names the file in any fault.
///
/// # Errors
/// Every mistake that can be told without a framework, each with its line and key: text that is not TOML, keys that are not
/// known or lacking, keys that contradict each other.
pub fn parse(text: &str, place: &str) -> Result<Mapping, Faults> {
    let mut faults = Faults::default();
    let mapping = read(text, place, &mut faults);
    faults.into_result().map(|()| mapping)
}

/// The blocks that can be read.
fn read(text: &str, place: &str, faults: &mut Faults) -> Mapping {
    let mut document = TomlDocument::parse(text, place, faults);
    let entries: Entries<grammar::Block> = document.entries(BLOCKS, faults);
    if entries.all().next().is_none() && entries.broken.is_empty() && !entries.is_incomplete {
        faults.push(place, "has no block of figures", "begin each with [[figures]]");
    }
    let mut found = Faults::default();
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut blocks = Vec::new();
    for (place, block) in entries.good.into_iter().chain(entries.mended) {
        // The place ends in the entry's name, or its number.
        let name = place.rsplit_once("]] ").map_or_else(|| place.clone(), |(_, name)| name.to_owned());
        if let Some(earlier) = first.insert(name.clone(), place.clone()) {
            let problem = format!("is given already by {earlier}");
            found.push(format!("{place}, name"), problem, "give each block a name of its own");
        }
        match check::block(grammar::Block { name, ..block }, &place) {
            Ok(block) => blocks.push(block),
            Err(wrong) => found.0.extend(wrong.0),
        }
    }
    let (head, places) = document.whole::<Head>(faults);
    faults.0.extend(places.point_all(found.0));
    Mapping { places, ..check::mapping(place, head.unwrap_or_default(), blocks) }
}

impl Mapping {
    /// # Errors
    /// Every measure that the framework does not have, area that there is not, period that is none, and weeks added up
    /// of what cannot be added.
    pub fn check(&self, framework: &Framework, areas: &Areas) -> Result<(), Faults> {
        let mut faults = Faults::default();
        for block in &self.blocks {
            let place = |key: &str| format!("{}, {key}", block.place);
            for id in block.measure.meanings() {
                match framework.measures.iter().find(|measure| measure.id.0 == id) {
                    None => {
                        let problem = format!("{id:?} is not a measure of the {} framework", framework.edition.id);
                        faults.push(place("measure"), problem, nearest(id, framework));
                    }
                    Some(measure) => check_measure(block, measure, &place, &mut faults),
                }
            }
            for code in block.area.meanings() {
                if !AreaCode::new(code).is_ok_and(|code| areas.get(&code).is_some()) {
                    let problem = format!("{code:?} is not an area of areas.toml");
                    faults.push(place("area"), problem, "give its code, or add the area there");
                }
            }
        }
        self.places.point_faults(faults).into_result()
    }
}

fn check_measure(block: &Block, measure: &Measure, place: &impl Fn(&str) -> String, faults: &mut Faults) {
    for text in block.period.meanings() {
        if measure.period(text).is_err() {
            let problem =
                format!("{text:?} is not a period of {}; such as 2025/26, 2026/27 Q2, Sep 2026 was expected", measure.id);
            faults.push(place("period"), problem, "correct it");
        }
    }
    let adds = matches!(measure.statistic, Statistic::Count | Statistic::Quantity);
    if block.reads.weeks_ended.is_some() && !adds {
        let problem = format!("{} is not a number of events or a quantity, so its weeks do not add up", measure.id);
        faults.push(place("period.weeks_ended"), problem, "leave it out");
    }
}

fn nearest(id: &str, framework: &Framework) -> String {
    let ids = framework.measures.iter().map(|measure| measure.id.0.as_str());
    let best = ids.map(|known| (strsim::jaro_winkler(id, known), known)).max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((likeness, known)) if likeness > 0.8 => format!("did you mean {known:?}?"),
        _ => "boardpack framework list shows the measures".to_owned(),
    }
}
