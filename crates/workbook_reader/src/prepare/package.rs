//! The parts of an Office Open XML file, found as its relationships say and not by where Excel would put them.

use super::xml::{self, Reader};
use crate::problem::{Problem, damaged};
use crate::sheet::Beside;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor};
use zip::ZipArchive;

/// The parts of a zip file by their names, which are told apart as Office does: neither by case nor by the slash.
pub(crate) struct Package<'a> {
    pub zip: ZipArchive<Cursor<&'a [u8]>>,
    place: &'a str,
    parts: BTreeMap<String, usize>,
}

/// What one part says of another.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub id: String,
    /// The last word of its type, which is the same in the strict and the transitional form: `worksheet`.
    pub kind: String,
    /// The part it leads to.
    pub target: String,
}

/// What the workbook's own part says.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// In the order of the workbook.
    pub sheets: Vec<Listed>,
    /// Days are counted from 1904.
    pub is_1904: bool,
    pub asks_to_be_calculated: bool,
    /// Names that stand for a text.
    pub texts: Vec<Beside>,
}

/// A sheet as the workbook's own part lists it.
#[derive(Debug)]
pub(super) struct Listed {
    pub name: String,
    pub hidden: bool,
    /// The id of the relationship that leads to its part.
    pub relation: String,
}

impl<'a> Package<'a> {
    pub fn new(zip: ZipArchive<Cursor<&'a [u8]>>, place: &'a str) -> Self {
        // Of two parts of one name the first is meant, as elsewhere here.
        let mut parts = BTreeMap::new();
        for (index, name) in zip.file_names().enumerate() {
            if let Ok(name) = name {
                parts.entry(key(&name)).or_insert(index);
            }
        }
        Self { zip, place, parts }
    }

    pub fn place(&self) -> &'a str {
        self.place
    }

    pub fn has(&self, part: &str) -> bool {
        self.parts.contains_key(&key(part))
    }

    pub fn has_folder(&self, folder: &str) -> bool {
        self.parts.keys().any(|part| part.starts_with(folder))
    }

    /// The parts of objects in an .ods: charts and other documents, in the order of their names.
    pub fn objects(&self) -> Vec<String> {
        self.parts.keys().filter(|part| part.starts_with("object ") && part.ends_with("/content.xml")).cloned().collect()
    }

    /// Where a part stands in the zip file.
    pub fn index(&self, part: &str) -> Option<usize> {
        self.parts.get(&key(part)).copied()
    }

    /// # Errors
    /// There is no such part, or it cannot be unpacked.
    pub fn open(&mut self, part: &str) -> Result<impl BufRead, Problem> {
        let place = self.place;
        let missing = || damaged(place, &format!("its part {part} is missing"));
        let index = self.index(part).ok_or_else(missing)?;
        Ok(BufReader::new(self.zip.by_index(index).map_err(|e| damaged(place, &e))?))
    }

    /// The part that lists the sheets; none where the file is no workbook.
    ///
    /// # Errors
    /// Relationships that are no XML.
    pub fn workbook(&mut self) -> Result<Option<String>, Problem> {
        let said = self.relations("")?.into_iter().rfind(|relation| relation.kind == "officeDocument");
        let usual = ["xl/workbook.bin", "xl/workbook.xml", "workbook.xml"].map(str::to_owned);
        for part in said.map(|relation| relation.target).into_iter().chain(usual) {
            if self.has(&part) && (is_binary(&part) || self.root(&part)?.as_deref() == Some("workbook")) {
                return Ok(Some(part));
            }
        }
        Ok(None)
    }

    /// The relationships of a part, or of the package where the part is empty; none where there are none.
    ///
    /// # Errors
    /// What is no XML.
    pub(super) fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Problem> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let path = format!("{folder}/_rels/{name}.rels");
        if !self.has(&path) {
            return Ok(Vec::new());
        }
        let place = self.place;
        let mut reader = xml::lenient(self.open(&path)?);
        let mut relations = Vec::new();
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(|e| damaged(place, &e))? {
                Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                    let value = |name| xml::attribute(&element, name).unwrap_or_default();
                    // What lies outside is not asked for.
                    if value("TargetMode") != "External" {
                        let kind = value("Type").rsplit('/').next().unwrap_or_default().to_owned();
                        relations.push(Relation { id: value("Id"), kind, target: resolved(folder, &value("Target")) });
                    }
                }
                Event::Eof => return Ok(relations),
                _ => {}
            }
        }
    }

    /// The local name of a part's first element.
    fn root(&mut self, part: &str) -> Result<Option<String>, Problem> {
        let place = self.place;
        let mut reader: Reader<_> = xml::lenient(self.open(part)?);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(|e| damaged(place, &e))? {
                Event::Start(element) => return Ok(Some(element.local_name().as_ref().to_owned())),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }
}

/// True where a part holds binary records, as those of an .xlsb do.
pub(crate) fn is_binary(part: &str) -> bool {
    part.to_ascii_lowercase().ends_with(".bin")
}

/// The part that `relations` lead to by its kind; else the one of the usual name beside the workbook's part.
pub(super) fn part_beside(
    package: &Package<'_>,
    relations: &[Relation],
    kind: &str,
    workbook: &str,
    usual: &str,
) -> Option<String> {
    let said = relations.iter().find(|relation| relation.kind == kind && package.has(&relation.target));
    said.map(|relation| relation.target.clone()).or_else(|| {
        let folder = workbook.rsplit_once('/').map_or("", |(folder, _)| folder);
        Some(format!("{folder}/{usual}")).filter(|part| package.has(part))
    })
}

/// The part of a worksheet; none where the relationship leads to another kind of sheet, or nowhere.
pub(super) fn worksheet(package: &Package<'_>, relations: &[Relation], listed: &Listed) -> Option<String> {
    let relation = relations.iter().find(|relation| relation.id == listed.relation && relation.kind == "worksheet")?;
    package.has(&relation.target).then(|| relation.target.clone())
}

fn key(part: &str) -> String {
    part.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// The part that `target` means in a part of `folder`.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let from = if target.starts_with('/') { "" } else { folder };
    let mut steps: Vec<&str> = Vec::new();
    for step in from.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_resolve_from_folder_or_root() {
        for (folder, target, part) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "../data/s.xml", "data/s.xml"),
            ("xl", "./s.xml", "xl/s.xml"),
            ("", "workbook.xml", "workbook.xml"),
            ("xl", "..\\..\\s.xml", "s.xml"),
        ] {
            assert_eq!(resolved(folder, target), part);
        }
    }
}
