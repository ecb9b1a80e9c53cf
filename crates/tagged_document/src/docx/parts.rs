//! The small parts: lists' numbers, settings, fonts, what the document is.

use super::styles::FONT;
use super::xml::Xml;
use crate::look::Look;
use crate::model::Document;
use jiff::civil::Date;

const NAMESPACE: (&str, &str) = ("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main");
/// Twentieths of a point from one level of a list to the next.
const STEP: usize = 360;

/// Numbering 1 is of lists without numbers; each list with numbers has one of its own, in which its level starts at 1.
pub fn numbering(numbered: &[usize], look: &Look) -> Xml {
    let mut xml = Xml::new();
    let brand = super::body::hex(look.colours.brand);
    xml.element("w:numbering", &[NAMESPACE], |xml| {
        for (id, ordered) in [("0", false), ("1", true)] {
            xml.element("w:abstractNum", &[("w:abstractNumId", id)], |xml| {
                xml.value("w:multiLevelType", "multilevel");
                for level in 0..9_usize {
                    xml.element("w:lvl", &[("w:ilvl", &level.to_string())], |xml| {
                        xml.value("w:start", "1");
                        xml.value("w:numFmt", if ordered { "decimal" } else { "bullet" });
                        let sign = if level % 2 == 0 { "\u{2022}".to_owned() } else { "\u{2013}".to_owned() };
                        xml.value("w:lvlText", &if ordered { format!("%{}.", level + 1) } else { sign });
                        xml.value("w:lvlJc", "left");
                        xml.element("w:pPr", &[], |xml| {
                            let left = ((level + 1) * STEP).to_string();
                            xml.empty("w:ind", &[("w:left", &left), ("w:hanging", &STEP.to_string())]);
                        });
                        xml.element("w:rPr", &[], |xml| xml.value("w:color", &brand));
                    });
                }
            });
        }
        xml.element("w:num", &[("w:numId", "1")], |xml| xml.value("w:abstractNumId", "0"));
        for (i, level) in numbered.iter().enumerate() {
            xml.element("w:num", &[("w:numId", &(i + 2).to_string())], |xml| {
                xml.value("w:abstractNumId", "1");
                xml.element("w:lvlOverride", &[("w:ilvl", &level.to_string())], |xml| xml.value("w:startOverride", "1"));
            });
        }
    });
    xml
}

/// As the Word of today reads it, and its language.
pub fn settings(language: &str) -> Xml {
    const WORD: &str = "http://schemas.microsoft.com/office/word";
    let mut xml = Xml::new();
    xml.element("w:settings", &[NAMESPACE], |xml| {
        xml.value("w:defaultTabStop", "720");
        xml.element("w:footnotePr", &[], |xml| {
            xml.empty("w:footnote", &[("w:id", "-1")]);
            xml.empty("w:footnote", &[("w:id", "0")]);
        });
        xml.element("w:compat", &[], |xml| {
            xml.empty("w:compatSetting", &[("w:name", "compatibilityMode"), ("w:uri", WORD), ("w:val", "15")]);
        });
        xml.value("w:themeFontLang", language);
    });
    xml
}

/// What stands in where a machine lacks the font.
pub fn font_table() -> Xml {
    let mut xml = Xml::new();
    xml.element("w:fonts", &[NAMESPACE], |xml| {
        xml.element("w:font", &[("w:name", FONT)], |xml| {
            xml.value("w:altName", "Liberation Sans");
            xml.value("w:family", "swiss");
            xml.value("w:pitch", "variable");
        });
    });
    xml
}

/// Title, publisher, subject, language and day.
pub fn core(document: &Document, date: Date) -> Xml {
    let root = [
        ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    let mut xml = Xml::new();
    xml.element("cp:coreProperties", &root, |xml| {
        let title = if document.title.trim().is_empty() { "Document" } else { &document.title };
        xml.words("dc:title", &[], title);
        xml.words("dc:subject", &[], &document.subject);
        xml.words("dc:creator", &[], &document.author);
        xml.words("cp:lastModifiedBy", &[], &document.author);
        let moment = format!("{date}T00:00:00Z");
        xml.words("dcterms:created", &[("xsi:type", "dcterms:W3CDTF")], &moment);
        xml.words("dcterms:modified", &[("xsi:type", "dcterms:W3CDTF")], &moment);
        xml.words("dc:language", &[], &document.language);
    });
    xml
}

/// The program that makes it.
pub fn app(document: &Document) -> Xml {
    let root = ("xmlns", "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties");
    let mut xml = Xml::new();
    xml.element("Properties", &[root], |xml| {
        xml.words("Application", &[], &document.producer);
        xml.words("Company", &[], &document.author);
    });
    xml
}
