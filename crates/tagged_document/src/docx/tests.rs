//! Each part of a document as it comes out in Word.

use super::write;
use crate::model::*;
use crate::specimen::{document, everything, fonts, heading, look, note, paragraph, section, signed, table, words};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

fn file(document: &Document) -> Vec<u8> {
    write(document, &look(), &fonts(), jiff::civil::date(2026, 11, 20)).unwrap()
}

/// The parts of a file, each seen to be well formed.
fn parts(file: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let names: Vec<String> =
        archive.file_names().map(|name| name.unwrap().into_owned()).filter(|name| !name.ends_with(".png")).collect();
    names
        .into_iter()
        .map(|name| {
            let mut text = String::new();
            archive.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
            assert!(!events(&text).is_empty(), "{name}");
            (name, text)
        })
        .collect()
}

/// What a reader of XML sees: starts with their attributes, words, ends.
fn events(xml: &str) -> Vec<(String, BTreeMap<String, String>, String)> {
    let mut reader = Reader::from_str(xml);
    let mut seen = Vec::new();
    loop {
        let event = reader.read_event().unwrap_or_else(|e| panic!("{e}: {xml}"));
        match event {
            Event::Start(start) | Event::Empty(start) => {
                seen.push((start.name().as_ref().to_owned(), attributes(&start), String::new()))
            }
            Event::Text(text) => seen.push(("#".into(), BTreeMap::new(), text.to_string())),
            Event::GeneralRef(name) => {
                let words = quick_xml::escape::resolve_predefined_entity(&name).unwrap().to_owned();
                seen.push(("#".into(), BTreeMap::new(), words));
            }
            Event::End(end) if end.name().as_ref() == "w:p" => seen.push(("/w:p".into(), BTreeMap::new(), String::new())),
            Event::Eof => return seen,
            _ => {}
        }
    }
}

fn attributes(start: &BytesStart<'_>) -> BTreeMap<String, String> {
    let of = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        (attribute.key.as_ref().to_owned(), attribute.normalized_value(XmlVersion::Explicit1_0).unwrap().into_owned())
    };
    start.attributes().map(|attribute| of(attribute.unwrap())).collect()
}

/// Each paragraph of a part as its style and its words.
fn paragraphs(xml: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let (mut style, mut words) = (String::new(), String::new());
    for (name, attributes, text) in events(xml) {
        match name.as_str() {
            "w:p" => (style, words) = (String::new(), String::new()),
            "w:pStyle" => style.clone_from(&attributes["w:val"]),
            "w:br" | "w:tab" if attributes.is_empty() => words.push(' '),
            "#" => words.push_str(&text),
            "/w:p" => all.push((std::mem::take(&mut style), std::mem::take(&mut words))),
            _ => {}
        }
    }
    all
}

/// The values of an attribute of all elements of a name.
fn values(xml: &str, name: &str, attribute: &str) -> Vec<String> {
    events(xml).into_iter().filter(|(of, ..)| of == name).filter_map(|(_, mut all, _)| all.remove(attribute)).collect()
}

fn main_of(blocks: Vec<Block>) -> String {
    parts(&file(&document(vec![section(blocks)]))).remove("word/document.xml").unwrap()
}

#[test]
fn everything_that_a_document_may_hold_comes_out() {
    let file = file(&everything());
    crate::specimen::keep("specimen.docx", &file);
    let parts = parts(&file);
    let main = &parts["word/document.xml"];
    let paragraphs = paragraphs(main);
    let styled =
        |style: &str| -> Vec<&str> { paragraphs.iter().filter(|(of, _)| of == style).map(|(_, words)| words.as_str()).collect() };
    assert_eq!(styled("CoverTitle"), ["Specimen"]);
    assert_eq!(styled("Heading1"), ["Everything", "On its side", "Upright again"]);
    assert_eq!(styled("Caption"), ["Measures with small charts", "A matrix"]);
    assert_eq!(styled("CardValue"), ["5", "12,345,678", "18", "0.004", "9"]);
    assert_eq!(styled("ListParagraph")[..3], ["first level", "second level", "third level"]);
    assert_eq!(
        values(main, "wp:docPr", "descr"),
        [
            "Two squares",
            "Smoking: rose from 1 to 4",
            "Carbon footprint (CO₂e): rose from 1 to 4",
            "Never events: rose from 1 to 4",
            "Two squares"
        ]
    );
    assert_eq!(values(main, "w:tblCaption", "w:val"), ["Key figures: Everything", "Measures with small charts", "A matrix"]);
    assert_eq!(values(main, "w:tblDescription", "w:val")[1], "Columns: Measure, Latest, Over time, Trend, Status");
    // One page on its side, between upright ones.
    assert_eq!(values(main, "w:pgSz", "w:orient"), ["landscape"]);
    assert_eq!(values(main, "w:pgSz", "w:w"), ["11906", "11906", "16838", "11906"]);
    let properties = &parts["docProps/core.xml"];
    for expected in ["<dc:title>Specimen</", "<dc:creator>Nobody</", "<dc:language>en-GB</", ">2026-11-20T00:00:00Z</"] {
        assert!(properties.contains(expected), "{expected}: {properties}");
    }
    assert_eq!(values(&parts["word/styles.xml"], "w:lang", "w:val"), ["en-GB"]);
    let head: Vec<String> = self::paragraphs(&parts["word/header1.xml"]).into_iter().map(|(_, words)| words).collect();
    assert_eq!(head, ["Specimen July to September 2026", " Draft "]);
    assert_eq!(values(&parts["word/footer1.xml"], "w:fldSimple", "w:instr"), ["PAGE", "NUMPAGES"]);
    assert!(file == self::file(&everything()), "the same document gave two files");
}

#[test]
fn every_part_and_style_that_is_named_is_there() {
    let file = file(&everything());
    let parts = parts(&file);
    let archive = zip::ZipArchive::new(Cursor::new(&file)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let styles = values(&parts["word/styles.xml"], "w:style", "w:styleId");
    let numbers = values(&parts["word/numbering.xml"], "w:num", "w:numId");
    for (name, text) in &parts {
        for (element, known) in
            [("w:pStyle", &styles), ("w:rStyle", &styles), ("w:tblStyle", &styles), ("w:basedOn", &styles), ("w:numId", &numbers)]
        {
            for value in values(text, element, "w:val") {
                assert!(known.contains(&value), "{name}: {element} {value}");
            }
        }
        let relations = name.replace("word/", "word/_rels/") + ".rels";
        let ids = parts.get(&relations).map_or(Vec::new(), |rels| values(rels, "Relationship", "Id"));
        for (element, attribute) in [("a:blip", "r:embed"), ("w:hyperlink", "r:id"), ("w:headerReference", "r:id")] {
            for id in values(text, element, attribute) {
                assert!(ids.contains(&id), "{name}: {element} {id}");
            }
        }
        let base = if name.starts_with("word/") { "word/" } else { "" };
        for (_, relation, _) in events(text).into_iter().filter(|(of, ..)| of == "Relationship") {
            let inside = !relation.contains_key("TargetMode");
            assert!(!inside || names.contains(&format!("{base}{}", relation["Target"])), "{name}: {relation:?}");
        }
    }
    let overrides = values(&parts["[Content_Types].xml"], "Override", "PartName");
    for name in names.iter().filter(|name| !name.ends_with(".rels") && !name.ends_with(".png") && !name.starts_with('[')) {
        assert!(overrides.contains(&format!("/{name}")), "{name}");
    }
}

#[test]
fn tables_have_heads_that_repeat_and_cells_in_their_places() {
    let across = Cell { header: true, span: 3, ..Cell::text("Aim 1") };
    let tall = Cell { rows: 2, ..Cell::head(vec![Run::text("Both")]) };
    let rows = vec![
        vec![Cell::head(vec![Run::text("First")]), Cell::text("1"), Cell { ground: Some("low"), ..Cell::text("2") }],
        vec![across],
        vec![tall, Cell::text("3"), Cell::text("4")],
        vec![Cell { span: 2, ..Cell::text("5") }],
    ];
    let columns = vec![Column::left(), Column::right(), Column::right()];
    let main = main_of(vec![Block::Table(table("Counts & more", columns, &["Name", "A", ""], rows))]);
    assert_eq!(values(&main, "w:tblCaption", "w:val"), ["Counts & more"]);
    assert_eq!(main.matches("<w:tblHeader/>").count(), 1);
    assert_eq!(values(&main, "w:tblLook", "w:firstColumn"), ["1"]);
    assert_eq!(values(&main, "w:gridSpan", "w:val"), ["3", "2"]);
    assert!(main.contains("<w:vMerge w:val=\"restart\"/>") && main.contains("<w:vMerge/>"), "{main}");
    assert!(values(&main, "w:shd", "w:fill").contains(&"F9DCC8".to_owned()));
    assert_eq!(values(&main, "w:jc", "w:val").len(), 6, "{main}");
    let widths: u32 = values(&main, "w:gridCol", "w:w").iter().map(|width| width.parse::<u32>().unwrap()).sum();
    assert!(widths.abs_diff(9638) < 5, "{widths}");
    // One table runs into another where nothing stands between them.
    let plain = || Block::Table(table("", vec![Column::left()], &["A"], vec![vec![Cell::text("1")]]));
    let two = main_of(vec![heading(1, "Smoking"), plain(), plain()]);
    assert!(!two.contains("</w:tbl><w:tbl>") && two.contains("</w:tbl><w:p>"), "{two}");
    assert_eq!(values(&two, "w:tblCaption", "w:val"), ["Table: Smoking"; 2]);
}

#[test]
fn links_lead_to_bookmarks_and_unsafe_ones_go() {
    let url = |url: &str, words: &str| Run { link: Some(Link::Url(url.into())), ..Run::bold(words) };
    let mut document = document(vec![section(vec![
        heading(1, "Contents"),
        Block::Contents(2),
        heading(1, "Here"),
        heading(2, "Below"),
        heading(3, "Too deep"),
        paragraph(vec![
            Run::text("See ").linked("heading-2"),
            Run::bold("here").linked("heading-2"),
            Run::text("nowhere").linked("lost"),
            url("javascript:alert(1)", "run"),
            url("https://example.org/?a=1&b=2", "out"),
        ]),
    ])]);
    document.title = "Links".into();
    let parts = parts(&file(&document));
    let main = &parts["word/document.xml"];
    assert_eq!(values(main, "w:hyperlink", "w:anchor"), ["heading_2", "heading_3", "heading_2"]);
    for name in ["heading_2", "heading_3", "listed_in_contents"] {
        assert!(values(main, "w:bookmarkStart", "w:name").contains(&name.to_owned()), "{name}");
    }
    let mut ids = values(main, "w:bookmarkStart", "w:id");
    assert_eq!(ids.len(), values(main, "w:bookmarkEnd", "w:id").len());
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
    let contents: Vec<(String, String)> = paragraphs(main).into_iter().filter(|(style, _)| style.starts_with("TOC")).collect();
    let field = " TOC \\o \"1-2\" \\h \\z \\u \\b listed_in_contents ";
    assert_eq!(contents, [("TOC1".into(), format!("{field}Here")), ("TOC2".to_owned(), "Below".to_owned())]);
    assert_eq!(values(main, "w:fldChar", "w:fldCharType"), ["begin", "separate", "end"]);
    let relations = &parts["word/_rels/document.xml.rels"];
    assert!(values(relations, "Relationship", "Target").contains(&"https://example.org/?a=1&b=2".to_owned()), "{relations}");
    assert!(!relations.contains("javascript"));
}

#[test]
fn notes_are_footnotes_in_their_order() {
    let inner = Run { inline: Inline::Note(vec![Run::text("First "), note("inner.")]), ..Run::default() };
    let parts = parts(&file(&document(vec![section(vec![paragraph(vec![Run::text("Said"), inner, note("Second.")])])])));
    assert_eq!(values(&parts["word/document.xml"], "w:footnoteReference", "w:id"), ["1", "2"]);
    let notes: Vec<String> = paragraphs(&parts["word/footnotes.xml"]).into_iter().map(|(_, words)| words).collect();
    assert_eq!(notes, ["", "", " First  (inner.)", " Second."]);
}

#[test]
fn nothing_that_is_said_becomes_markup() {
    let hostile = "</w:t><w:br/>\u{0}\u{8}\u{b}\u{1b}\u{202e}\u{fffe}]]>& \"x\" 'y'";
    let shown = "</w:t><w:br/>]]>& \"x\" 'y'";
    let mut document = everything();
    for words in [&mut document.title, &mut document.author, &mut document.subject, &mut document.foot, &mut document.head.0] {
        *words = hostile.into();
    }
    let picture = Picture { alternative: hostile.into(), png: crate::specimen::png(), width: 10.0 };
    document.sections.push(section(vec![
        heading(1, hostile),
        words(hostile),
        paragraph(vec![note(hostile)]),
        Block::Cards(vec![Card { label: hostile.into(), value: hostile.into(), note: hostile.into(), tone: Tone::Plain }]),
        Block::Table(table(hostile, vec![Column::left(); 4], &[hostile; 4], vec![vec![Cell::text(hostile)]])),
        Block::Picture(picture),
    ]));
    let parts = parts(&file(&document));
    let main = &parts["word/document.xml"];
    let said = paragraphs(main).into_iter().filter(|(_, words)| words == shown).count();
    assert_eq!(said, 11, "{main}");
    assert_eq!(values(main, "wp:docPr", "descr").last().unwrap(), shown);
    assert_eq!(values(main, "w:tblCaption", "w:val").last().unwrap(), shown);
    assert!(
        parts
            .values()
            .all(|part| !part.contains("<w:br/>\u{0}") && !part.contains(['\u{0}', '\u{8}', '\u{1b}', '\u{202e}', '\u{fffe}']))
    );
}

#[test]
fn illustrative_parts_are_marked() {
    let mut table = table("", vec![Column::left()], &["A"], vec![vec![Cell::text("1")]]);
    table.rows[0].illustrative = true;
    let made_up = section(vec![heading(1, "Made up"), words("x"), Block::Table(table), heading(1, "Real"), words("y")]);
    let parts = parts(&file(&document(vec![made_up, section(vec![words("z")])])));
    let marked: Vec<usize> = paragraphs(&parts["word/document.xml"])
        .iter()
        .enumerate()
        .filter(|(_, (style, words))| style == "Mark" && words.trim() == "Illustrative figures")
        .map(|(i, _)| i)
        .collect();
    assert_eq!(marked, [1]);
    let heads = values(&parts["word/document.xml"], "w:headerReference", "r:id");
    let relations = &parts["word/_rels/document.xml.rels"];
    let targets: BTreeMap<String, String> =
        values(relations, "Relationship", "Id").into_iter().zip(values(relations, "Relationship", "Target")).collect();
    let says: Vec<bool> =
        heads.iter().map(|id| parts[&format!("word/{}", targets[id])].contains("Illustrative figures")).collect();
    assert_eq!(says, [true, false]);
}

#[test]
fn a_sign_is_a_character_before_its_word() {
    let wave = Run { inline: Inline::Sign("wave"), ..Run::default() };
    let bare = paragraph(vec![wave, Run::text("\u{a0}common cause")]);
    let said: Vec<String> =
        paragraphs(&main_of(vec![paragraph(signed("poor", "Off track")), bare])).into_iter().map(|(_, words)| words).collect();
    assert_eq!(said, ["\u{25a0}\u{a0}Off\u{a0}track", "common cause"]);
}

#[test]
fn broken_parts_still_make_a_file() {
    let empty = Table { caption: String::new(), full_width: false, grid: true, columns: vec![], head: vec![], rows: vec![] };
    let uneven =
        table("", vec![Column::left(); 2], &["A"], vec![vec![], vec![Cell::text("1"), Cell::text("2"), Cell::text("3")]]);
    let main = main_of(vec![
        Block::Table(empty),
        Block::Table(uneven),
        Block::Cards(vec![]),
        Block::Contents(9),
        Block::List(List { ordered: true, items: vec![] }),
        Block::Picture(Picture { alternative: "No picture".into(), png: std::sync::Arc::from(Vec::new()), width: f32::NAN }),
        Block::Picture(Picture { alternative: String::new(), png: crate::specimen::png(), width: f32::NAN }),
        heading(9, ""),
    ]);
    assert_eq!(main.matches("<w:tc>").count(), 9);
    assert!(!main.contains("NaN") && main.contains("No picture"), "{main}");
    assert!(main.contains("<adec:decorative "), "{main}");
}
