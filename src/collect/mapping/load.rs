//! Reading a mapping file, and checking that it speaks of measures, areas and periods that there are.

use super::block::{Block, Mapping};
use super::check;
use super::grammar::{self, Head};
use crate::area::{AreaCode, Areas};
use crate::assets::Assets;
use crate::fault::{Fault, Faults};
use crate::framework::{Framework, Measure, Partner, Statistic};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

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
    let mapping = parse(&config.read_text(&path)?, &config.place(&path))?;
    mapping.check(framework, areas)?;
    Ok(mapping)
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
        match load(config, name, framework, areas) {
            Ok(mapping) => drop(mappings.insert(partner.id.clone(), mapping)),
            Err(found) => faults.0.extend(found.0),
        }
    }
    faults.into_result()?;
    Ok(mappings)
}

/// Reads the text of a mapping; `place` names the file in any fault.
///
/// # Errors
/// Every mistake that can be told without a framework, each with its key: text that is not TOML, keys that are not
/// known or lacking, keys that contradict each other.
pub fn parse(text: &str, place: &str) -> Result<Mapping, Faults> {
    let mut table: Table = text.parse().map_err(|e: toml::de::Error| {
        let line = e.span().map_or(String::new(), |span| {
            let before = text.get(..span.start).unwrap_or_default();
            format!(", line {}", before.matches('\n').count() + 1)
        });
        Fault::new(format!("{place}{line}"), format!("is not TOML: {}", e.message()), "mend the file at that line")
    })?;
    let mut faults = Faults::default();
    let written = match table.remove(BLOCKS) {
        Some(Value::Array(blocks)) => blocks,
        Some(_) => {
            faults.push(format!("{place}, {BLOCKS}"), "a list of blocks was expected", "begin each block with [[figures]]");
            Vec::new()
        }
        None => {
            faults.push(place, "has no block of figures", "begin each with [[figures]]");
            Vec::new()
        }
    };
    let head: Option<Head> = entry(Value::Table(table), place, &mut faults);
    let mut names = BTreeSet::new();
    let mut blocks = Vec::new();
    for (index, value) in written.into_iter().enumerate() {
        let name = value.get("name").and_then(Value::as_str).map_or_else(|| format!("number {}", index + 1), str::to_owned);
        let place = format!("{place}, [[{BLOCKS}]] {name}");
        if !names.insert(name.clone()) {
            faults.push(format!("{place}, name"), "is given twice", "give each block a name of its own");
        }
        let Some(block) = entry::<grammar::Block>(value, &place, &mut faults) else { continue };
        match check::block(grammar::Block { name, ..block }, &place) {
            Ok(block) => blocks.push(block),
            Err(found) => faults.0.extend(found.0),
        }
    }
    faults.into_result()?;
    Ok(check::mapping(place, head.unwrap_or_default(), blocks))
}

fn entry<T: DeserializeOwned>(value: Value, place: &str, faults: &mut Faults) -> Option<T> {
    serde_path_to_error::deserialize(value)
        .map_err(|e| {
            let key = e.path().to_string();
            let place = if key == "." { place.to_owned() } else { format!("{place}, {key}") };
            faults.push(place, e.into_inner().to_string().trim_end(), "correct it as docs/mappings.md says");
        })
        .ok()
}

impl Mapping {
    /// # Errors
    /// Every measure that the framework does not have, area that there is not, period that is none, and weeks added up
    /// of what cannot be added.
    pub fn check(&self, framework: &Framework, areas: &Areas) -> Result<(), Faults> {
        let mut faults = Faults::default();
        for block in &self.blocks {
            let place = |key: &str| format!("{}, [[{BLOCKS}]] {}, {key}", self.place, block.name);
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
        faults.into_result()
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
