//! Areas and organisations that a figure can be about, as a tree read from `areas.toml`.

use crate::fault::{Fault, Faults};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A code that names one area or organisation: a GSS code (`E06000018`) or an ODS code (`RX1`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AreaCode(String);

impl AreaCode {
    /// # Errors
    /// Says what is wrong where `code` is empty, longer than 32 characters, or has a character that
    /// is neither an ASCII letter, a digit nor a hyphen.
    pub fn new(code: impl Into<String>) -> Result<Self, String> {
        let code = code.into();
        let plain = code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if code.is_empty() || code.len() > 32 || !plain {
            return Err(format!("{code:?} is not an area code: letters, digits and hyphens, 1 to 32 of them, were expected"));
        }
        Ok(Self(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AreaCode {
    type Error = String;
    fn try_from(code: String) -> Result<Self, String> {
        Self::new(code)
    }
}

impl From<AreaCode> for String {
    fn from(code: AreaCode) -> String {
        code.0
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of thing an area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaKind {
    Country,
    Region,
    System,
    /// An upper-tier or unitary local authority.
    Authority,
    District,
    Place,
    Neighbourhood,
    /// A body that returns figures about itself: a trust, a board.
    Organisation,
}

/// One area or organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    pub code: AreaCode,
    /// The name as it is printed.
    pub name: String,
    pub kind: AreaKind,
    /// The areas whose whole makes this one, where it is made of others.
    #[serde(default)]
    pub parts: Vec<AreaCode>,
    /// What a reader of its figures must know.
    #[serde(default)]
    pub note: String,
}

/// All areas that the framework can speak of.
#[derive(Debug, Clone, Default)]
pub struct Areas {
    by_code: BTreeMap<AreaCode, Area>,
    order: Vec<AreaCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    area: Vec<Area>,
}

impl Areas {
    /// Reads `areas.toml`; `place` names the file in any fault.
    ///
    /// # Errors
    /// A file that is not such a table, a code given twice, a part that is not an area.
    pub fn parse(text: &str, place: &str) -> Result<Self, Faults> {
        let file: File = toml::from_str(text).map_err(|e| Fault::new(place, e.message(), "mend the file"))?;
        let mut areas = Areas::default();
        let mut faults = Faults::default();
        for area in file.area {
            areas.order.push(area.code.clone());
            if let Some(earlier) = areas.by_code.insert(area.code.clone(), area) {
                faults.push(place, format!("area {} is given twice", earlier.code), "remove one");
            }
        }
        for area in areas.by_code.values() {
            for part in area.parts.iter().filter(|part| !areas.by_code.contains_key(part)) {
                faults.push(
                    format!("{place}, area {}", area.code),
                    format!("its part {part} is not an area of this file"),
                    "add it, or correct the code",
                );
            }
        }
        faults.into_result()?;
        Ok(areas)
    }

    pub fn get(&self, code: &AreaCode) -> Option<&Area> {
        self.by_code.get(code)
    }

    /// The name of an area, or its code where the file does not have it.
    pub fn name<'a>(&'a self, code: &'a AreaCode) -> &'a str {
        self.by_code.get(code).map_or(code.as_str(), |area| area.name.as_str())
    }

    /// All areas in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.order.iter().map(|code| &self.by_code[code])
    }
}
