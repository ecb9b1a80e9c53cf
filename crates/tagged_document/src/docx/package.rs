//! The file: a zip archive of parts, each with its type and what it refers to.

use super::body::Relation;
use super::xml::Xml;
use crate::Problem;
use std::fmt::Display;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const CORE: &str = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";

/// Parts in the order in which they are to stand in the file.
pub struct Package<'a> {
    parts: Vec<(String, Vec<u8>)>,
    pictures: &'a [Vec<u8>],
}

impl<'a> Package<'a> {
    pub fn new(pictures: &'a [Vec<u8>]) -> Self {
        Package { parts: Vec::new(), pictures }
    }

    /// A part of the folder `word` may refer to others.
    pub fn add(&mut self, name: &str, part: Xml, relations: &[Relation]) {
        if let Some(file) = name.strip_prefix("word/").filter(|_| !relations.is_empty()) {
            self.parts.push((format!("word/_rels/{file}.rels"), self::relations(relations)));
        }
        self.parts.push((name.to_owned(), part.into_bytes()));
    }

    /// # Errors
    /// More than a zip archive holds.
    pub fn finish(self) -> Result<Vec<u8>, Problem> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let heads = [("[Content_Types].xml".to_owned(), self.types()), ("_rels/.rels".to_owned(), root_relations())];
        let pictures = self.pictures.iter().enumerate().map(|(i, bytes)| (picture(i), bytes));
        let parts = heads.iter().chain(&self.parts).map(|(name, bytes)| (name.clone(), bytes));
        for (name, bytes) in parts.chain(pictures.map(|(name, bytes)| (format!("word/{name}"), bytes))) {
            let packed = if name.ends_with(".png") { CompressionMethod::Stored } else { CompressionMethod::Deflated };
            let options = SimpleFileOptions::default().compression_method(packed);
            zip.start_file(name, options).map_err(|e| fault(&e))?;
            zip.write_all(bytes).map_err(|e| fault(&e))?;
        }
        Ok(zip.finish().map_err(|e| fault(&e))?.into_inner())
    }

    fn types(&self) -> Vec<u8> {
        let mut xml = Xml::new();
        xml.element("Types", &[("xmlns", TYPES)], |xml| {
            for (extension, of) in [
                ("png", "image/png"),
                ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
                ("xml", "application/xml"),
            ] {
                xml.empty("Default", &[("Extension", extension), ("ContentType", of)]);
            }
            for (name, _) in &self.parts {
                if let Some(of) = content_type(name) {
                    xml.empty("Override", &[("PartName", &format!("/{name}")), ("ContentType", &of)]);
                }
            }
        });
        xml.into_bytes()
    }
}

fn fault(problem: &dyn Display) -> Problem {
    Problem::new("the Word copy", problem.to_string(), "make the document shorter")
}

/// The name of a picture's part, in the folder `word`.
fn picture(place: usize) -> String {
    format!("media/picture{}.png", place + 1)
}

fn content_type(name: &str) -> Option<String> {
    let word = |of: &str| Some(format!("application/vnd.openxmlformats-officedocument.wordprocessingml.{of}+xml"));
    match name {
        "docProps/core.xml" => Some("application/vnd.openxmlformats-package.core-properties+xml".to_owned()),
        "docProps/app.xml" => Some("application/vnd.openxmlformats-officedocument.extended-properties+xml".to_owned()),
        "word/document.xml" => word("document.main"),
        _ => {
            let of = name.strip_prefix("word/")?.strip_suffix(".xml")?;
            word(of.trim_end_matches(|c: char| c.is_ascii_digit()))
        }
    }
}

fn relations(relations: &[Relation]) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.element("Relationships", &[("xmlns", RELATIONS)], |xml| {
        for (i, relation) in relations.iter().enumerate() {
            let id = format!("rId{}", i + 1);
            let (kind, target, is_outside) = match relation {
                Relation::Picture(place) => ("image", picture(*place), false),
                Relation::Address(url) => ("hyperlink", url.clone(), true),
                Relation::Part(kind, name) => (*kind, name.clone(), false),
            };
            let kind = format!("{OFFICE}/{kind}");
            let attributes = [("Id", id.as_str()), ("Type", &kind), ("Target", &target)];
            let outside = [("TargetMode", "External")];
            xml.empty("Relationship", &if is_outside { [&attributes[..], &outside].concat() } else { attributes.to_vec() });
        }
    });
    xml.into_bytes()
}

fn root_relations() -> Vec<u8> {
    let mut xml = Xml::new();
    xml.element("Relationships", &[("xmlns", RELATIONS)], |xml| {
        for (id, kind, target) in [
            ("rId1", format!("{OFFICE}/officeDocument"), "word/document.xml"),
            ("rId2", CORE.to_owned(), "docProps/core.xml"),
            ("rId3", format!("{OFFICE}/extended-properties"), "docProps/app.xml"),
        ] {
            xml.empty("Relationship", &[("Id", id), ("Type", &kind), ("Target", target)]);
        }
    });
    xml.into_bytes()
}
