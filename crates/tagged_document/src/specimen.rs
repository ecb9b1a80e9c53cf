//! A document that holds everything the model has, set, validated and walked.

use crate::canvas::Target;
use crate::layout::{LaidOut, lay_out};
use crate::look::*;
use crate::model::*;
use crate::pdf;
use crate::shapes::Shape;
use crate::{Attachment, Fonts, Relationship, Sparkline, Standard};
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use std::sync::Arc;

#[path = "../tests/support/structure_walk.rs"]
mod structure_walk;
pub use structure_walk::Walk;

/// The tones, each with a sign of its name, and a sign as high as a line.
pub const TONES: [&str; 3] = ["good", "middling", "poor"];
const WAVE: &str = "wave";

pub fn look() -> Look {
    let colours = [[0, 0x70, 0x30], [0x8a, 0x5a, 0], [0xb0, 0x10, 0x20]].map(Colour);
    let square = |(x, y): crate::shapes::Position, size: f32, colour| vec![Shape::rectangle(x, y, size, size, colour)];
    let tones = TONES.into_iter().zip(colours);
    let mut signs: Vec<Sign> = tones
        .clone()
        .map(|(name, own)| {
            let draw = move |at, size, ink: Option<Colour>| square(at, size, ink.unwrap_or(own));
            Sign { name, size: SignSize::Letter, text: "\u{25a0}", draw: Arc::new(draw) }
        })
        .collect();
    let wave = move |at, size, _: Option<Colour>| square(at, size, Colour([0x33; 3]));
    signs.push(Sign { name: WAVE, size: SignSize::Line, text: "", draw: Arc::new(wave) });
    Look {
        page: PageSize { width: 210.0, height: 297.0, margin_side: 20.0, margin_top: 25.0, margin_bottom: 22.0 },
        text: TextSizes {
            body: 11.0,
            small: 9.0,
            table: 9.5,
            heading_1: 22.0,
            heading_2: 16.0,
            heading_3: 13.0,
            heading_4: 11.5,
            cover: 34.0,
        },
        colours: Colours {
            brand: Colour([0, 0x30, 0x87]),
            text: Colour([0x21, 0x2b, 0x32]),
            quiet: Colour([0x42, 0x55, 0x63]),
            link: Colour([0, 0x5e, 0xb8]),
            line: Colour([0xd8, 0xdd, 0xe0]),
            panel: Colour([0xf0, 0xf4, 0xf5]),
            warning_panel: Colour([0xff, 0xf4, 0xd6]),
            comparator: Colour([0x42, 0x55, 0x63]),
            target: Colour([0xb0, 0x10, 0x20]),
            series: vec![Colour([0, 0x5e, 0xb8])],
            band: Colour([0xd5, 0xe3, 0xf2]),
        },
        tones: tones.map(|(name, colour)| NamedTone { name, colour }).collect(),
        grounds: vec![NamedTone { name: "low", colour: Colour([0xf9, 0xdc, 0xc8]) }],
        signs,
        dark: Dark::default(),
    }
}

pub fn fonts() -> Fonts {
    let files = ["Regular", "Bold", "It", "BoldIt"].map(|face| {
        let file = format!("SourceSans3-{face}.ttf");
        let bytes = std::fs::read(format!("{}/../../fonts/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        (file, bytes)
    });
    Fonts::new(files).unwrap()
}

pub fn document(sections: Vec<Section>) -> Document {
    let abbreviations = [("PDF", "portable document format"), ("HTML", "hypertext markup language")];
    Document {
        title: "Specimen".into(),
        author: "Nobody".into(),
        subject: "Everything a document may hold".into(),
        head: ("Specimen".into(), "July to September 2026".into()),
        foot: "Nobody".into(),
        abbreviations: abbreviations.map(|(short, full)| (short.into(), full.into())).to_vec(),
        producer: "a test".into(),
        language: "en-GB".into(),
        marks: vec!["Draft".into()],
        illustrative: "Illustrative figures".into(),
        links: vec![("Accessibility".into(), "accessibility.html".into())],
        sections,
        standard: Standard::Ua1,
        attachments: Vec::new(),
    }
}

pub fn section(blocks: Vec<Block>) -> Section {
    Section { place: "specimen.md".into(), layout: SectionLayout::NewPage, landscape: false, blocks }
}

pub fn heading(level: u8, words: &str) -> Block {
    Block::Heading(Heading { level, runs: vec![Run::text(words)], anchor: None })
}

pub fn paragraph(runs: Vec<Run>) -> Block {
    Block::Paragraph(Paragraph { kind: ParagraphKind::Body, runs, keep_next: false, illustrative: false })
}

pub fn words(words: &str) -> Block {
    paragraph(vec![Run::text(words)])
}

pub fn note(words: &str) -> Run {
    Run { inline: Inline::Note(vec![Run::text(words)]), ..Run::default() }
}

fn icon(word: &str) -> Vec<Run> {
    vec![Run { inline: Inline::Sign(WAVE), ..Run::default() }, Run::text(format!("\u{a0}{word}"))]
}

/// A sign and its word on one line, in the tone of that name.
pub fn signed(name: &'static str, word: &str) -> Vec<Run> {
    let tone = tone(name);
    let word = format!("\u{a0}{}", word.replace(' ', "\u{a0}"));
    vec![Run { inline: Inline::Sign(name), tone, ..Run::default() }, Run { tone, bold: true, ..Run::text(word) }]
}

fn tone(name: &'static str) -> Tone {
    Tone::Named(name)
}

fn spark(values: &[f64], alternative: &str) -> Run {
    let chart = Sparkline { values: values.iter().copied().map(Some).collect(), target: Some(5.0) };
    Run { inline: Inline::Spark { chart, alternative: alternative.into() }, ..Run::default() }
}

fn card(label: &str, value: &str, note: &str, tone: Tone) -> Card {
    Card { label: label.into(), value: value.into(), note: note.into(), tone }
}

/// A square of two colours, the lower half transparent.
pub fn png() -> Arc<[u8]> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
    encoder.set_color(png::ColorType::Rgba);
    let samples: Vec<u8> = (0..64 * 64)
        .flat_map(|i| if i % 64 < 32 { [255, 255, 255, 255] } else { [0, 94, 184, if i < 2048 { 255 } else { 0 }] })
        .collect();
    encoder.write_header().unwrap().write_image_data(&samples).unwrap();
    Arc::from(bytes)
}

pub fn table(caption: &str, columns: Vec<Column>, head: &[&str], rows: Vec<Vec<Cell>>) -> Table {
    Table {
        caption: caption.into(),
        full_width: true,
        grid: false,
        columns,
        head: head.iter().map(|words| vec![Run::text(*words)]).collect(),
        rows: rows.into_iter().map(|cells| Row { cells, illustrative: false }).collect(),
    }
}

/// A matrix with cells over several rows and columns.
fn matrix() -> Table {
    let tall = |words: &str| Cell { rows: 2, ..Cell::head(vec![Run::bold(words)]) };
    let rows = vec![
        vec![tall("Improving"), Cell::text("Life expectancy"), Cell { span: 2, ..Cell::text("Nothing of this kind in either") }],
        vec![
            Cell::text("a"),
            Cell::text("b"),
            Cell { rows: 2, ..Cell::text("One cell beside two rows, with words enough for them") },
        ],
        vec![Cell::head(vec![Run::bold("Worsening")]), Cell::text("c"), Cell::text("")],
    ];
    Table { grid: true, ..table("A matrix", vec![Column::left(); 4], &["", "Passes", "Hit and miss", "Fails"], rows) }
}

fn measures() -> Table {
    let row = |name: &str, value: &str, values: &[f64]| {
        let mut trend = icon("common cause");
        trend.push(note("A process without special cause."));
        let latest = Cell {
            runs: vec![Run::text(value), Run { inline: Inline::Break, ..Run::default() }, Run::quiet("2024/25")],
            ..Cell::text("")
        };
        vec![
            Cell::head(vec![Run::text(name)]),
            latest,
            Cell::new(vec![spark(values, &format!("{name}: rose from 1 to 4"))]),
            Cell::new(trend),
            Cell::new(signed("middling", "At risk")),
        ]
    };
    let columns = vec![Column::left(), Column::right(), Column::left(), Column::left(), Column::left()];
    let rows = vec![
        row("Smoking", "11.2%", &[1.0, 3.0, 2.0, 4.0]),
        row("Carbon footprint (CO₂e)", "12,345,678", &[4.0, 4.0, 4.0]),
        row("Never events", "0.004", &[]),
    ];
    table("Measures with small charts", columns, &["Measure", "Latest", "Over time", "Trend", "Status"], rows)
}

fn nested() -> Block {
    let item = |words: &str, inner| Item { runs: vec![Run::text(words)], inner };
    let deepest = List { ordered: false, items: vec![item("third level", None)] };
    let inner = List {
        ordered: true,
        items: vec![
            item("second level", Some(deepest)),
            item("and again, with words enough that its line must break and the next one stands below its first word", None),
        ],
    };
    Block::List(List { ordered: false, items: vec![item("first level", Some(inner)), item("the last", None)] })
}

pub fn everything() -> Document {
    let cards = vec![
        card("Off track", "5", "2 more than before", tone("poor")),
        card("On track or achieved", "12,345,678", "of 41 measures", tone("good")),
        card("Key actions", "18", "", Tone::Plain),
        card("No data", "0.004", "returns of three partners are late, and one was refused", tone("middling")),
        card("Fifth", "9", "on a second row", Tone::Quiet),
    ];
    let picture = Block::Picture(Picture { alternative: "Two squares".into(), png: png(), width: 20.0 });
    let cover = Section {
        layout: SectionLayout::Cover,
        ..section(vec![
            picture.clone(),
            heading(1, "Specimen"),
            words("July to September 2026"),
            Block::Rule,
            words("As at today"),
        ])
    };
    let mut matrix_page = section(vec![heading(2, "On its side"), Block::Table(matrix())]);
    matrix_page.landscape = true;
    let elsewhere = Link::Elsewhere(Elsewhere { file: "rain-2026".into(), title: "Rain".into(), anchor: "durham".into() });
    let named = Heading { level: 2, runs: vec![Run::text("Everything")], anchor: Some("everything".into()) };
    let main = section(vec![
        Block::Heading(named),
        paragraph(vec![
            Run::text("The HTML and the PDF met"),
            note(
                "In Durham, on a day of rain. The note is long enough that it needs a second line at the foot of the page, whatever the size of its type.",
            ),
            Run::text("; the PDF spoke of ≥ 35%, £12m, 2024–25 and CO₂e. "),
            Run::text("Elsewhere").linked("heading-4"),
            Run::text(" and "),
            Run { link: Some(elsewhere), ..Run::text("in another book") },
            note("Again."),
        ]),
        Block::Cards(cards),
        nested(),
        Block::Table(measures()),
        picture,
    ]);
    let mut after = section(vec![heading(2, "Upright again"), paragraph(icon("hit or miss"))]);
    after.layout = SectionLayout::Continue;
    document(vec![cover, main, matrix_page, after])
}

pub fn set(document: Document) -> (LaidOut, Vec<u8>) {
    let fonts = fonts();
    let mut laid = lay_out(document.clone(), &look(), &fonts);
    let bytes = pdf::write(&mut laid, &document, jiff::civil::date(2026, 11, 20), &fonts);
    (laid, bytes.unwrap_or_else(|fault| panic!("{fault}")))
}

pub fn assert_valid(pdf: &[u8]) {
    for profile in [ValidationProfile::PdfUa1, ValidationProfile::PdfA3a] {
        let report = validate_pdf_bytes(pdf, &ValidationOptions::default().profile(profile)).unwrap();
        assert!(report.failures.is_empty(), "{report}");
    }
}

/// Leaves a file to look at.
pub fn keep(name: &str, pdf: &[u8]) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tmp");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), pdf).unwrap();
}

/// Blocks that strain the engine.
fn extremes() -> Vec<Section> {
    let long_name = "Northumberland Uplands and Hadrian Forest Community Partnership Collaborative of Many Towns and Villages";
    let areas: Vec<Vec<Cell>> = (1..=12)
        .map(|i| {
            let figures = ["0", "0.004", "12,345,678", "suppressed", "–"].map(Cell::text);
            std::iter::once(Cell::head(vec![Run::text(format!("{long_name} {i}"))])).chain(figures).collect()
        })
        .collect();
    let figures = ["Latest", "Tiny", "Huge", "Suppressed", "Missing"];
    let heads: Vec<&str> = std::iter::once("Area").chain(figures).collect();
    let right = |count: usize| std::iter::once(Column::left()).chain((1..count).map(|_| Column::right())).collect::<Vec<_>>();
    let rows: Vec<Vec<Cell>> = (1..=300)
        .map(|i| vec![Cell::head(vec![Run::text(format!("Row {i}"))]), Cell::text(i.to_string()), Cell::text("x")])
        .collect();
    let tall = vec![vec![Cell::text("word ".repeat(1500)), Cell::text("a"), Cell::text("b")]];
    let wide: Vec<Vec<Cell>> = (1..=8)
        .map(|i| (0..16).map(|column| Cell::text(if column == 0 { format!("Measure {i}") } else { "12,345".into() })).collect())
        .collect();
    let months: Vec<String> = (0..16).map(|i| if i == 0 { "Measure".into() } else { format!("Month {i}") }).collect();
    let months: Vec<&str> = months.iter().map(String::as_str).collect();
    let mut notes: Vec<Block> = (1..=40)
        .map(|i| {
            paragraph(vec![Run::text(format!("Paragraph {i} of a page with notes")), note(&"foot ".repeat(i)), Run::text(".")])
        })
        .collect();
    notes.insert(0, heading(2, "Notes near the foot"));
    let mut landscape =
        section(vec![heading(2, "A wide table"), Block::Table(table("By month", right(16), &months, wide.clone()))]);
    landscape.landscape = true;
    vec![
        section(vec![
            heading(1, &format!("A heading as long as a name may be: {long_name} and its partners")),
            words(&"x".repeat(200)),
            Block::Table(table("Twelve areas", right(6), &heads, areas)),
            words(&format!("https://example.org/{}", "a".repeat(180))),
        ]),
        section(vec![
            heading(2, "Three hundred rows"),
            Block::Table(table("Long", right(3), &["Name", "Number", "Letter"], rows)),
        ]),
        section(vec![
            heading(2, "A cell longer than a page"),
            Block::Table(table("Tall", vec![Column::left(); 3], &["Words", "A", "B"], tall)),
        ]),
        section(notes),
        landscape,
        section(vec![
            heading(2, "Nothing"),
            Block::Table(table("Empty", right(2), &["", ""], vec![])),
            Block::Cards(vec![]),
            words(""),
        ]),
    ]
}

#[test]
fn extremes_stay_on_their_pages() {
    let (laid, pdf) = set(document(extremes()));
    keep("extremes.pdf", &pdf);
    assert_eq!(laid.warnings, []);
    assert_valid(&pdf);
    for (number, page) in laid.pages.iter().enumerate() {
        for shape in page.marks.iter().flat_map(|mark| &mark.shapes) {
            if let Shape::Text { at: (x, y), text } = shape {
                let right = page.frame.page_width - page.frame.left;
                assert!(*x >= page.frame.left - 1.0 && x + text.width() <= right + 3.0, "page {number}: {text:?} at {x}");
                assert!(*y > 0.0 && *y < page.frame.page_height, "page {number}: {text:?} at {y}");
            }
        }
    }
}

#[test]
fn a_table_too_wide_is_a_warning() {
    let columns = vec![Column::left(); 20];
    let cells = (0..20).map(|_| Cell::text("Northumberlands")).collect();
    let (laid, pdf) = set(document(vec![section(vec![
        heading(1, "Wide"),
        Block::Table(table("Too wide", columns, &["Name"; 20], vec![cells])),
    ])]));
    assert_valid(&pdf);
    let warnings: Vec<String> = laid.warnings.iter().map(ToString::to_string).collect();
    assert!(warnings.len() == 1 && warnings[0].contains("the table \"Too wide\" is wider than its page"), "{warnings:?}");
}

#[test]
fn notes_stand_on_the_page_of_their_mark() {
    let (laid, _) = set(document(extremes()));
    let marks = |page: &crate::canvas::Page| -> Vec<String> {
        let links = page.marks.iter().filter_map(|mark| mark.link.as_ref());
        links
            .filter_map(|(target, _)| match target {
                Target::Anchor(anchor) if anchor.starts_with("note ") => Some(anchor.clone()),
                _ => None,
            })
            .collect()
    };
    let mut seen = 0;
    for (number, page) in laid.pages.iter().enumerate() {
        for anchor in marks(page) {
            assert_eq!(laid.anchors[&anchor].page, number, "{anchor}");
            seen += 1;
        }
    }
    assert_eq!(seen, 40);
}

/// Everything, with contents and two files.
pub fn with_files(standard: Standard) -> Document {
    let file = |name: &str, bytes: &[u8]| Attachment {
        name: name.into(),
        media_type: "text/csv".into(),
        description: "Rain – by town".into(),
        relationship: Relationship::Data,
        bytes: bytes.into(),
        modified: jiff::civil::date(2026, 11, 20),
    };
    let mut document = everything();
    document.sections[1].blocks.insert(0, Block::Contents(2));
    // The checksum of the second's deflated bytes ends in a carriage return.
    let attachments = vec![file("towns.csv", b"town,mm\n"), file("a.csv", &[12])];
    Document { standard, attachments, ..document }
}

#[test]
fn every_kind_of_block_is_accessible() {
    let (laid, pdf) = set(with_files(Standard::Ua1));
    keep("specimen.pdf", &pdf);
    assert_eq!(laid.warnings, []);
    assert_valid(&pdf);
    assert_eq!(Walk::of(&pdf).problems, [""; 0]);
}

#[test]
fn every_kind_of_block_is_accessible_by_the_second_standard() {
    let (_, pdf) = set(with_files(Standard::Ua2));
    keep("specimen-ua-2.pdf", &pdf);
    let walk = Walk::of(&pdf);
    assert_eq!(walk.problems, [""; 0]);
    assert!(walk.links > 5 && walk.contents > 50, "{walk:?}");
    let (_, without) = set(Document { standard: Standard::Ua2, ..everything() });
    assert_eq!(Walk::of(&without).problems, [""; 0], "PDF/A-4 without files");
}

#[test]
fn another_document_is_led_to_by_the_name_of_a_heading() {
    let (_, pdf) = set(with_files(Standard::Ua1));
    let file = lopdf::Document::load_mem(&pdf).unwrap();
    let links = file.objects.values().filter_map(|object| object.as_dict().ok());
    let address = |dict: &lopdf::Dictionary| Some(dict.get(b"A").ok()?.as_dict().ok()?.get(b"URI").ok()?.as_str().ok()?.to_vec());
    let found = links.filter_map(|dict| Some((address(dict)?, dict.get(b"Contents").ok()?.as_str().ok()?.to_vec())));
    let mut found: Vec<_> = found.filter(|(address, _)| address.starts_with(b"rain")).collect();
    // A link of two lines has a place on each.
    found.dedup();
    assert_eq!(found, [(b"rain-2026.pdf#nameddest=durham".to_vec(), b"Rain: in another book".to_vec())]);
    // Beside the attachments, which are names of the catalogue too.
    let trees = file.catalog().unwrap().get(b"Names").unwrap().as_dict().unwrap();
    let tree = |name: &[u8]| file.get_dictionary(trees.get(name).unwrap().as_reference().unwrap()).unwrap();
    assert_eq!(tree(b"EmbeddedFiles").get(b"Names").unwrap().as_array().unwrap().len(), 4);
    let places = tree(b"Dests").get(b"Names").unwrap().as_array().unwrap();
    assert_eq!((places.len(), places[0].as_str().unwrap()), (2, &b"everything"[..]));
}

#[test]
fn two_attachments_of_one_name_are_a_problem() {
    let mut document = with_files(Standard::Ua1);
    document.attachments[1].name = "towns.csv".into();
    let problem = crate::render(&document, &look(), &fonts(), jiff::civil::date(2026, 11, 20)).unwrap_err();
    assert!(problem.to_string().contains("two attachments called \"towns.csv\""), "{problem}");
}
