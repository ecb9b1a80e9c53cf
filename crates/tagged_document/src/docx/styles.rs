//! The styles: those that Word knows by its own names, in the look's sizes and colours, and a few more.

use super::body::{hex, tone_style, twips};
use super::table::shading;
use super::widths::{PAD, SCALES};
use super::xml::Xml;
use crate::colour::Colour;
use crate::look::Look;

/// On every machine that has Word; where it is not, a font of the same widths is.
pub const FONT: &str = "Arial";
const NAMESPACE: (&str, &str) = ("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main");

/// Styles that Word does not know by their names.
const OWN: [&str; 13] = [
    "CoverTitle",
    "CoverText",
    "Small",
    "CallOut",
    "Warning",
    "Mark",
    "HeaderMarks",
    "Figure",
    "Gap",
    "Rule",
    "CardLabel",
    "CardValue",
    "CardNote",
];

/// A style of paragraphs, in points.
struct Style {
    id: &'static str,
    name: &'static str,
    size: f32,
    bold: bool,
    colour: Colour,
    before: f32,
    after: f32,
    keep_next: bool,
    /// Of a heading, from 0.
    outline: Option<u8>,
    /// From the left.
    indent: f32,
    ground: Option<Colour>,
    /// Lines at sides, with their widths in points.
    borders: Vec<(&'static str, f32, Colour)>,
    /// The height of its lines, where that is not as its words need.
    exact: Option<f32>,
}

/// The part of the styles.
pub fn sheet(look: &Look, language: &str) -> Xml {
    let mut xml = Xml::new();
    xml.element("w:styles", &[NAMESPACE], |xml| {
        defaults(xml, look, language);
        xml.element("w:style", &[("w:type", "paragraph"), ("w:default", "1"), ("w:styleId", "Normal")], |xml| {
            xml.value("w:name", "Normal");
            xml.empty("w:qFormat", &[]);
        });
        for style in paragraphs(look) {
            paragraph(xml, &style);
        }
        for scale in SCALES {
            let id = format!("TableText{scale}");
            let name = if scale == 100 { "Table Text".to_owned() } else { format!("Table Text {scale}%") };
            paragraph_style(xml, &id, &name, |xml| {
                xml.element("w:pPr", &[], |xml| spacing(xml, 0.0, 0.0, None));
                xml.element("w:rPr", &[], |xml| size(xml, look.text.table * f32::from(scale) / 100.0));
            });
        }
        characters(xml, look);
        tables(xml, look);
    });
    xml
}

fn defaults(xml: &mut Xml, look: &Look, language: &str) {
    xml.element("w:docDefaults", &[], |xml| {
        xml.element("w:rPrDefault", &[], |xml| {
            xml.element("w:rPr", &[], |xml| {
                xml.empty("w:rFonts", &[("w:ascii", FONT), ("w:hAnsi", FONT), ("w:eastAsia", FONT), ("w:cs", FONT)]);
                xml.value("w:color", &hex(look.colours.text));
                size(xml, look.text.body);
                xml.value("w:lang", language);
            });
        });
        xml.element("w:pPrDefault", &[], |xml| {
            xml.element("w:pPr", &[], |xml| {
                xml.empty("w:spacing", &[("w:after", "0"), ("w:line", "264"), ("w:lineRule", "auto")])
            });
        });
    });
}

fn paragraphs(look: &Look) -> Vec<Style> {
    let (t, c) = (look.text, &look.colours);
    let plain = |id, name| Style {
        id,
        name,
        size: t.body,
        bold: false,
        colour: c.text,
        before: 0.0,
        after: 6.0,
        keep_next: false,
        outline: None,
        indent: 0.0,
        ground: None,
        borders: Vec::new(),
        exact: None,
    };
    let on_band = |id, name| Style {
        colour: Colour::WHITE,
        ground: Some(c.brand),
        // Lines of the ground's colour join the grounds of paragraphs that follow each other.
        borders: ["w:top", "w:left", "w:bottom", "w:right"].map(|side| (side, 6.0, c.brand)).to_vec(),
        ..plain(id, name)
    };
    let panel = |id, name, ground, line| Style {
        before: 4.0,
        after: 8.0,
        indent: 8.0,
        ground: Some(ground),
        borders: vec![("w:left", 4.0, line)],
        ..plain(id, name)
    };
    let small = |id, name| Style { size: t.small, colour: c.quiet, after: 4.0, ..plain(id, name) };
    let heading = |id, name, size, level: u8, before, after| Style {
        size,
        bold: true,
        colour: if level < 3 { c.brand } else { c.text },
        before,
        after,
        keep_next: true,
        outline: Some(level),
        ..plain(id, name)
    };
    let bare = |id, name, exact| Style { after: 0.0, exact: Some(exact), ..plain(id, name) };
    let mut styles = vec![
        plain("BodyText", "Body Text"),
        Style { size: t.heading_1 * 1.1, bold: true, colour: c.brand, after: 10.0, keep_next: true, ..plain("Title", "Title") },
        Style { size: t.cover, bold: true, ..on_band("CoverTitle", "Cover Title") },
        Style { size: t.body * 1.25, ..on_band("CoverText", "Cover Text") },
        // Between the first two sizes: below a title, headings of the second level are of the first here.
        heading("Heading1", "heading 1", (t.heading_1 + t.heading_2) / 2.0, 0, 13.0, 4.0),
        heading("Heading2", "heading 2", t.heading_2, 1, 11.0, 4.0),
        heading("Heading3", "heading 3", t.heading_3, 2, 10.0, 3.0),
        heading("Heading4", "heading 4", t.heading_4, 3, 8.0, 3.0),
        Style { bold: true, before: 8.0, after: 3.0, keep_next: true, ..plain("Caption", "caption") },
        Style { before: 3.0, ..small("Small", "Note") },
        panel("CallOut", "Call-out", c.panel, c.brand),
        panel("Warning", "Warning", c.warning_panel, c.text),
        Style { keep_next: true, ..plain("Mark", "Mark") },
        Style { after: 3.0, ..plain("ListParagraph", "List Paragraph") },
        small("FootnoteText", "footnote text"),
        Style { borders: vec![("w:bottom", 0.5, c.line)], ..small("Header", "header") },
        Style { after: 2.0, ..small("HeaderMarks", "Header Marks") },
        Style { after: 0.0, ..small("Footer", "footer") },
        Style { after: 4.0, ..plain("Figure", "Figure") },
        bare("Gap", "Gap", 6.0),
        Style { borders: vec![("w:bottom", 0.5, c.line)], after: 6.0, ..bare("Rule", "Rule", 8.0) },
        Style { size: t.small, bold: true, after: 0.0, ..plain("CardLabel", "Card Label") },
        Style { size: t.heading_2, bold: true, colour: c.brand, after: 0.0, ..plain("CardValue", "Card Value") },
        Style { size: t.small, after: 0.0, ..plain("CardNote", "Card Note") },
    ];
    for (i, (id, name)) in [("TOC1", "toc 1"), ("TOC2", "toc 2"), ("TOC3", "toc 3"), ("TOC4", "toc 4")].into_iter().enumerate() {
        let before = if i == 0 { 4.0 } else { 0.0 };
        styles.push(Style { before, after: 2.0, bold: i == 0, indent: i as f32 * 14.0, ..plain(id, name) });
    }
    styles
}

fn paragraph(xml: &mut Xml, style: &Style) {
    paragraph_style(xml, style.id, style.name, |xml| {
        xml.element("w:pPr", &[], |xml| {
            if style.keep_next {
                xml.empty("w:keepNext", &[]);
                xml.empty("w:keepLines", &[]);
            }
            if !style.borders.is_empty() {
                xml.element("w:pBdr", &[], |xml| {
                    for (side, width, colour) in &style.borders {
                        let (width, space) = (eighths(*width), if style.ground.is_some() { "4" } else { "1" });
                        let colour = hex(*colour);
                        xml.empty(side, &[("w:val", "single"), ("w:sz", &width), ("w:space", space), ("w:color", &colour)]);
                    }
                });
            }
            if let Some(ground) = style.ground {
                xml.empty("w:shd", &shading(&hex(ground)));
            }
            spacing(xml, style.before, style.after, style.exact);
            if style.indent > 0.0 {
                xml.empty("w:ind", &[("w:left", &twips(style.indent))]);
            }
            if let Some(level) = style.outline {
                xml.value("w:outlineLvl", &level.to_string());
            }
        });
        xml.element("w:rPr", &[], |xml| {
            if style.bold {
                xml.empty("w:b", &[]);
            }
            xml.value("w:color", &hex(style.colour));
            size(xml, if style.exact.is_some() { 2.0 } else { style.size });
        });
    });
}

fn paragraph_style(xml: &mut Xml, id: &str, name: &str, within: impl FnOnce(&mut Xml)) {
    let named = [("w:type", "paragraph"), ("w:styleId", id)];
    let own = [("w:customStyle", "1")];
    let attributes = if OWN.contains(&id) || id.starts_with("TableText") { [&named[..], &own].concat() } else { named.to_vec() };
    xml.element("w:style", &attributes, |xml| {
        xml.value("w:name", name);
        xml.value("w:basedOn", "Normal");
        if id.starts_with("Heading") || id == "Title" {
            xml.value("w:next", "BodyText");
        }
        xml.empty("w:qFormat", &[]);
        within(xml);
    });
}

fn characters(xml: &mut Xml, look: &Look) {
    let c = &look.colours;
    xml.element("w:style", &[("w:type", "character"), ("w:default", "1"), ("w:styleId", "DefaultParagraphFont")], |xml| {
        xml.value("w:name", "Default Paragraph Font");
    });
    let mut style = |id: &str, name: &str, within: &dyn Fn(&mut Xml)| {
        let custom = if ["Hyperlink", "FootnoteReference"].contains(&id) { "0" } else { "1" };
        xml.element("w:style", &[("w:type", "character"), ("w:customStyle", custom), ("w:styleId", id)], |xml| {
            xml.value("w:name", name);
            xml.value("w:basedOn", "DefaultParagraphFont");
            xml.element("w:rPr", &[], within);
        });
    };
    style("Hyperlink", "Hyperlink", &|xml| {
        xml.value("w:color", &hex(c.link));
        xml.value("w:u", "single");
    });
    style("FootnoteReference", "footnote reference", &|xml| xml.value("w:vertAlign", "superscript"));
    style("Quiet", "Quiet", &|xml| xml.value("w:color", &hex(c.quiet)));
    style("MarkText", "Mark Text", &|xml| {
        xml.empty("w:b", &[]);
        xml.value("w:color", &hex(c.text));
        size(xml, look.text.small);
        xml.empty("w:shd", &shading(&hex(c.warning_panel)));
    });
    for tone in &look.tones {
        let name = format!("Tone {}", tone.name);
        style(&tone_style(tone.name), &name, &|xml| xml.value("w:color", &hex(tone.colour)));
    }
}

fn tables(xml: &mut Xml, look: &Look) {
    let (line, brand, panel) = (hex(look.colours.line), hex(look.colours.brand), hex(look.colours.panel));
    let border = |colour: &str, eighths: &str| -> [(&'static str, String); 4] {
        [("w:val", "single".into()), ("w:sz", eighths.into()), ("w:space", "0".into()), ("w:color", colour.into())]
    };
    let put = |xml: &mut Xml, side: &str, border: &[(&'static str, String); 4]| {
        xml.empty(side, &border.each_ref().map(|(name, value)| (*name, value.as_str())));
    };
    xml.element("w:style", &[("w:type", "table"), ("w:default", "1"), ("w:styleId", "TableNormal")], |xml| {
        xml.value("w:name", "Normal Table");
        xml.element("w:tblPr", &[], |xml| cell_margins(xml, 0.0));
    });
    for (id, name, sides) in [
        ("BoardTable", "Board Table", &["w:bottom", "w:insideH"][..]),
        ("BoardGrid", "Board Grid", &["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"]),
    ] {
        xml.element("w:style", &[("w:type", "table"), ("w:customStyle", "1"), ("w:styleId", id)], |xml| {
            xml.value("w:name", name);
            xml.value("w:basedOn", "TableNormal");
            xml.element("w:tblPr", &[], |xml| {
                xml.element("w:tblBorders", &[], |xml| sides.iter().for_each(|side| put(xml, side, &border(&line, "4"))));
                cell_margins(xml, 2.3);
            });
            xml.element("w:tblStylePr", &[("w:type", "firstRow")], |xml| {
                xml.element("w:rPr", &[], |xml| xml.empty("w:b", &[]));
                xml.element("w:tcPr", &[], |xml| {
                    xml.element("w:tcBorders", &[], |xml| put(xml, "w:bottom", &border(&brand, "10")));
                    xml.empty("w:shd", &shading(&panel));
                });
            });
        });
    }
}

fn cell_margins(xml: &mut Xml, above: f32) {
    xml.element("w:tblCellMar", &[], |xml| {
        for (side, room) in [("w:top", above), ("w:left", PAD), ("w:bottom", above), ("w:right", PAD)] {
            xml.empty(side, &[("w:w", &twips(room)), ("w:type", "dxa")]);
        }
    });
}

fn spacing(xml: &mut Xml, before: f32, after: f32, exact: Option<f32>) {
    let (before, after) = (twips(before), twips(after));
    let sides = [("w:before", before.as_str()), ("w:after", &after)];
    match exact {
        Some(height) => xml.empty("w:spacing", &[&sides[..], &[("w:line", &twips(height)), ("w:lineRule", "exact")]].concat()),
        None => xml.empty("w:spacing", &sides),
    }
}

/// In half points, as sizes of type are.
fn size(xml: &mut Xml, points: f32) {
    let half = ((points * 2.0).round().clamp(2.0, 400.0) as u32).to_string();
    xml.value("w:sz", &half);
    xml.value("w:szCs", &half);
}

/// In eighths of a point, as lines are.
fn eighths(points: f32) -> String {
    ((points * 8.0).round().clamp(2.0, 96.0) as u32).to_string()
}
