//! Each part of a document as it comes out in HTML.

use super::write;
use crate::drawing::{Chart, Draw, Drawing, Setter};
use crate::look::{Colour, Look};
use crate::model::*;
use crate::shapes::Shape;
use crate::specimen::{TONES, document, everything, fonts, heading, look, paragraph, section, signed, table, words};

fn page(document: &Document) -> String {
    write(document, &look(), &fonts())
}

/// The page of one section.
fn of(blocks: Vec<Block>) -> String {
    page(&document(vec![section(blocks)]))
}

#[track_caller]
fn assert_says(page: &str, expected: &[&str]) {
    for part in expected {
        assert!(page.contains(part), "{part} is not in\n{}", page.split_once("<main").map_or(page, |(_, main)| main));
    }
}

#[test]
fn everything_that_a_document_may_hold_comes_out() {
    let page = page(&everything());
    crate::specimen::keep("specimen.html", page.as_bytes());
    assert_says(
        &page,
        &[
            "<html lang=\"en-GB\">",
            "<title>Specimen (web page)</title>",
            "<h1 id=\"heading-1\">Specimen</h1>",
            "<a class=\"skip\" href=\"#content\">",
            "<header class=\"top\"><p><strong>Specimen</strong> <span>July to September 2026</span></p><p class=\"mark\">Draft</p>",
            "<div class=\"band\">",
            "<img src=\"data:image/png;base64,iVBORw0KGgo",
            "alt=\"Two squares\"",
            "<abbr title=\"hypertext markup language\">HTML</abbr> and the <abbr title=\"portable document format\">PDF</abbr> met",
            "; the PDF spoke of ≥ 35%, £12m, 2024–25 and CO₂e.",
            "<dt><svg class=\"sign\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#sign-poor\"/></svg> Off track</dt>\
             <dd class=\"value\">5</dd><dd>2 more than before</dd>",
            "<span class=\"spark\" role=\"img\" aria-label=\"Smoking: rose from 1 to 4\"><svg aria-hidden=\"true\"",
            "<span class=\"pair\"><svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#icon-wave\"/></svg>\u{a0}common cause</span>",
            "first level\n<ol>\n<li>second level\n<ul>\n<li>third level</li>",
        ],
    );
    assert!(page == self::page(&everything()), "the same document gave two pages");
}

#[test]
fn notes_link_both_ways_within_their_section() {
    let noted = |words: &str, inner: Vec<Run>| {
        let note = [vec![Run::text(words)], inner].concat();
        Run { inline: Inline::Note(note), ..Run::default() }
    };
    let second = noted("Inner.", vec![]);
    let one = section(vec![paragraph(vec![Run::text("Said"), noted("First ", vec![second])])]);
    let other = section(vec![paragraph(vec![Run::text("More"), noted("Third", vec![])])]);
    let page = page(&document(vec![one, other]));
    assert_says(
        &page,
        &[
            "Said<sup><a id=\"note-mark-1\" href=\"#note-1\" role=\"doc-noteref\" aria-label=\"Note 1\">1</a></sup></p>",
            "<li id=\"note-1\">First <sup><a id=\"note-mark-2\" href=\"#note-2\"",
            "<li id=\"note-2\">Inner. <a href=\"#note-mark-2\" role=\"doc-backlink\"",
            "<ol start=\"3\">\n<li id=\"note-3\">Third",
        ],
    );
    assert!(page.find("id=\"note-2\"").unwrap() < page.find("More<sup>").unwrap());
}

#[test]
fn a_table_says_what_heads_what() {
    let across = Cell { header: true, span: 3, ..Cell::text("Aim 1") };
    let tall = Cell { rows: 2, ..Cell::head(vec![Run::text("Both")]) };
    let rows = vec![
        vec![Cell::head(vec![Run::text("First")]), Cell::text("1"), Cell::text("2")],
        vec![across],
        vec![tall, Cell::text("3"), Cell::text("4")],
        vec![Cell { span: 2, ..Cell::text("5") }],
    ];
    let columns = vec![Column::left(), Column::right(), Column::right()];
    let page = of(vec![Block::Table(table("Counts & more", columns, &["Name", "A", ""], rows))]);
    assert_says(
        &page,
        &[
            "<caption>Counts &amp; more</caption>",
            "<tr><th scope=\"col\">Name</th><th scope=\"col\" class=\"r\">A</th><td></td></tr>\n</thead>",
            "<tr><th scope=\"row\">First</th><td class=\"r\">1</td><td class=\"r\">2</td></tr>\n</tbody>\n<tbody>\n\
             <tr class=\"group\"><th scope=\"rowgroup\" colspan=\"3\">Aim 1</th></tr>",
            "<tr><th scope=\"row\" rowspan=\"2\">Both</th><td class=\"r\">3</td><td class=\"r\">4</td></tr>\n\
             <tr><td colspan=\"2\">5</td></tr>",
        ],
    );
}

/// A table of these columns with one row of the same words.
fn alike(caption: &str, words: &[&str]) -> Block {
    let row =
        words.iter().enumerate().map(|(i, word)| if i == 0 { Cell::head(vec![Run::text(*word)]) } else { Cell::text(*word) });
    Block::Table(table(caption, vec![Column::left(); words.len()], words, vec![row.collect()]))
}

#[test]
fn tables_without_room_scroll_or_are_cards_and_keep_their_roles() {
    let wide = ["Measure", "Latest", "Neighbourhoods", "Status & why"];
    let page = of(vec![heading(1, "Smoking"), alike("", &wide), alike("By area", &wide)]);
    for name in ["Table: Smoking", "Table: By area"] {
        assert_says(&page, &[&format!("<div class=\"scroll\" role=\"group\" aria-label=\"{name}\" tabindex=\"0\">")]);
    }
    assert_says(
        &page,
        &[
            " role=\"table\">\n<caption>By area</caption>\n<thead role=\"rowgroup\">\n<tr role=\"row\">\
             <th scope=\"col\" role=\"columnheader\">Measure</th>",
            "<tbody role=\"rowgroup\">\n<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">Measure</th>\
             <td role=\"cell\" data-label=\"Latest\">Latest</td>",
            "data-label=\"Status &amp; why\"",
        ],
    );
    let narrow = of(vec![alike("", &["Year", "Figure", "England", "Trent"])]);
    assert!(narrow.contains("<div class=\"held\">") && !narrow.contains("role=\"table\"") && !narrow.contains("data-label=\""));
}

#[test]
fn rows_of_a_long_table_can_be_chosen_by_status() {
    let rows = |count: usize| -> Vec<Vec<Cell>> {
        let names = ["good", "poor", "poor"].iter().cycle();
        (0..count)
            .zip(names)
            .map(|(i, name)| vec![Cell::head(vec![Run::text(format!("Row {i}"))]), Cell::new(signed(name, "As said"))])
            .collect()
    };
    let of_rows = |rows: Vec<Vec<Cell>>| of(vec![Block::Table(table("All", vec![Column::left(); 2], &["Name", "Status"], rows))]);
    let long = of_rows(rows(9));
    assert_says(
        &long,
        &[
            "<fieldset><legend>Show rows<span class=\"unseen\"> of All</span></legend>\
             <label><input type=\"radio\" name=\"rows-1\" class=\"all\" checked=\"\"> All <span>(9 rows)</span></label>\
             <label><input type=\"radio\" name=\"rows-1\" class=\"by-good\"> As said <span>(3 rows)</span></label>\
             <label><input type=\"radio\" name=\"rows-1\" class=\"by-poor\"> As said <span>(6 rows)</span></label></fieldset>",
            "<tr class=\"row is-good\"><th scope=\"row\">Row 0</th>",
        ],
    );
    assert!(long.contains(".by-good:checked)") && !long.contains(".by-middling:checked)"), "a rule for each status in use");
    assert_eq!(long.matches("<tr class=\"row is-poor\">").count(), 6);
    // Few rows are seen at a glance; a key of statuses is no list of things that have one.
    let keyed = rows(9)
        .into_iter()
        .map(|mut row| {
            row.reverse();
            row
        })
        .collect();
    for page in [of_rows(rows(8)), of_rows(keyed)] {
        assert!(!page.contains("<fieldset>") && !page.contains("@supports selector(:has"), "{page}");
    }
    // Rows that one cell covers belong together.
    let mut covered = rows(9);
    covered[0][0].rows = 2;
    covered[1].remove(0);
    assert!(!of_rows(covered).contains("<fieldset>"));
}

#[test]
fn headings_across_go_with_the_rows_below_them() {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (group, name) in [("First", "good"), ("Second", "poor")] {
        rows.push(vec![Cell { header: true, span: 2, ..Cell::text(group) }]);
        rows.extend((0..5).map(|_| vec![Cell::text("x"), Cell::new(signed(name, "As said"))]));
    }
    let page = of(vec![Block::Table(table("", vec![Column::left(); 2], &["Name", "Status"], rows))]);
    assert_says(
        &page,
        &["All <span>(10 rows)</span>", "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"2\">First</th></tr>"],
    );
    assert!(page.contains(":is(.row:not(.is-good),tbody:not(:has(.is-good))){display:none}"));
}

#[test]
fn dark_pages_have_colours_of_their_own_and_paper_has_not() {
    let page = page(&everything());
    let look = look();
    let (light, dark) = page.split_once("@media screen and (prefers-color-scheme:dark){").unwrap();
    let dark = dark.split_once("\n}\n").unwrap().0;
    for (name, colour) in [("page", Colour::WHITE), ("text", look.colours.text), ("link", look.colours.link)] {
        assert!(light.contains(&format!("--{name}:{};", colour.hex())), "{name}");
        assert!(dark.contains(&format!("--{name}:{};", look.dark.of(colour).hex())), "{name}");
    }
    // What is drawn has classes alone.
    let body = page.split_once("<body>").unwrap().1;
    assert!(!body.contains("fill=\"#") && !body.contains("stroke=\"#"));
    let classes = |css: &str| css.matches("\n.k").count();
    assert!(classes(light) > 1 && classes(light) == classes(dark), "{} {}", classes(light), classes(dark));
}

/// A line of words as wide as the chart.
#[derive(Debug)]
struct Words;

impl Draw for Words {
    fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        let text = set("Smoking", 8.5, false, look.colours.text);
        let line = Shape::line((0.0, 12.0), (width, 12.0), 1.0, look.colours.target);
        Drawing { height: 14.0, shapes: vec![Shape::Text { at: (0.0, 9.0), text }, line] }
    }
}

#[test]
fn a_chart_is_drawn_for_a_phone_too_and_named_once() {
    let figure = Figure {
        caption: "Smoking".into(),
        subject: "per cent, 2022 to 2023".into(),
        alternative: "Fell from 3 to 2.".into(),
        twin: None,
        note: String::new(),
        chart: Chart::new(Words),
        illustrative: false,
    };
    let page = of(vec![heading(1, "x"), Block::Figure(figure)]);
    assert_says(
        &page,
        &[
            "<figcaption>Smoking</figcaption>\n<p class=\"small\">per cent, 2022 to 2023</p>\n<div class=\"chart\">",
            "<div class=\"chart\"><svg role=\"img\" aria-labelledby=\"chart-1-title chart-1-desc\" ",
            "<title id=\"chart-1-title\">Smoking</title><desc id=\"chart-1-desc\">Fell from 3 to 2.</desc><text",
            "<div class=\"chart narrow\"><svg role=\"img\" aria-labelledby=\"chart-1-title chart-1-desc\" ",
            "viewBox=\"0 0 240 14\"",
            "d=\"M0 12l240 0\"",
        ],
    );
    assert_eq!((page.matches("<desc").count(), page.matches(">Smoking</text>").count()), (1, 2));
}

#[test]
fn the_foot_links_to_what_lies_beside_the_page() {
    assert_says(
        &of(vec![words("x")]),
        &["<footer><p>Nobody</p><p><a href=\"accessibility.html\">Accessibility</a></p></footer>"],
    );
}

#[test]
fn contents_are_nested_lists() {
    let page = of(vec![
        heading(1, "Contents"),
        Block::Contents(2),
        heading(1, "One"),
        heading(2, "Two"),
        heading(3, "Three"),
        heading(1, "Four"),
    ]);
    let list = "<ul>\n<li><a href=\"#heading-2\">One</a>\n<ul>\n<li><a href=\"#heading-3\">Two</a></li>\n</ul></li>\n\
                <li><a href=\"#heading-5\">Four</a></li>\n</ul>";
    assert_says(&page, &[list, "<h3 id=\"heading-3\">Two</h3>", "<nav aria-label=\"Contents\">"]);
}

#[test]
fn neighbouring_links_merge_and_unsafe_ones_go() {
    let url = |url: &str, words: &str| Run { link: Some(Link::Url(url.into())), ..Run::bold(words) };
    let page = of(vec![
        heading(1, "Here"),
        paragraph(vec![
            Run::text("See ").linked("heading-1"),
            Run::bold("here").linked("heading-1"),
            Run::text("nowhere").linked("lost"),
            url("javascript:alert(1)", "run"),
            url("https://example.org/?a=1&b=2", "out"),
        ]),
        paragraph(vec![Run { inline: Inline::PageOf("heading-1".into()), ..Run::default() }]),
    ]);
    assert_says(
        &page,
        &[
            "<p><a href=\"#heading-1\">See <strong>here</strong></a>nowhere<strong>run</strong>\
             <a href=\"https://example.org/?a=1&amp;b=2\"><strong>out</strong></a></p>",
            "<p><a href=\"#heading-1\">",
        ],
    );
}

#[test]
fn nothing_that_is_said_becomes_markup() {
    let hostile = "</style></title><script>alert(1)</script>\" onload=\"x";
    let mut document = everything();
    for words in [&mut document.title, &mut document.author, &mut document.subject, &mut document.foot, &mut document.head.0] {
        *words = hostile.into();
    }
    document.sections.push(section(vec![
        heading(1, hostile),
        words(hostile),
        Block::Cards(vec![Card { label: hostile.into(), value: hostile.into(), note: hostile.into(), tone: Tone::Plain }]),
        Block::Table(table(hostile, vec![Column::left(); 4], &[hostile; 4], vec![vec![Cell::text(hostile)]])),
    ]));
    let page = page(&document);
    assert!(!page.contains("<script") && !page.contains("\" onload"), "{page}");
    assert_eq!(page.matches("</style>").count(), 1);
}

#[test]
fn the_title_is_the_only_heading_of_the_first_level() {
    let with = |title: &str, blocks: Vec<Block>| page(&Document { title: title.into(), ..document(vec![section(blocks)]) });
    let blocks = || vec![heading(1, "Rainfall"), heading(1, "Summary"), heading(2, "By town")];
    let same = with("Rainfall: Durham, 2025", blocks());
    let title = "<h1 id=\"heading-1\">Rainfall<span class=\"unseen\">: Durham, 2025</span></h1>";
    assert_says(&same, &[title, "<h2 id=\"heading-2\">Summary</h2>", "<h3 id=\"heading-3\">By town</h3>"]);
    let other = with("Weather & <rain>", blocks());
    assert_says(&other, &["<h1 class=\"unseen\">Weather &amp; &lt;rain&gt;</h1>", "<h2 id=\"heading-1\">Rainfall</h2>"]);
    for page in [same, other, with("Bare", vec![words("x")]), with("", vec![heading(1, "x")])] {
        assert_eq!(page.matches("<h1").count(), 1, "{page}");
    }
}

#[test]
fn illustrative_parts_are_marked() {
    let mut table = table("", vec![Column::left()], &["A"], vec![vec![Cell::text("1")]]);
    table.rows[0].illustrative = true;
    let page = of(vec![heading(1, "Made up"), words("x"), Block::Table(table), heading(1, "Real"), words("y")]);
    let mark = "<p class=\"mark\">Illustrative figures</p>";
    assert_says(&page, &[&format!("{mark}</header>"), &format!(">Made up</h2>\n{mark}")]);
    assert_eq!(page.matches(mark).count(), 2);
    assert!(!of(vec![words("y")]).contains(mark));
}

#[test]
fn a_sign_has_its_word_beside_it() {
    for name in TONES {
        let page = of(vec![paragraph(signed(name, "As said"))]);
        let word = "As\u{a0}said";
        assert_says(
            &page,
            &[
                &format!(
                    "<use href=\"#sign-{name}\"/></svg></span><span class=\"{name}\"><strong>\u{a0}{word}</strong></span></span></p>"
                ),
                &format!("<symbol id=\"sign-{name}\""),
                &format!(".{name}{{--tone:#"),
            ],
        );
    }
    assert_says(&of(vec![words("x")]), &[".good,.middling,.poor{color:var(--tone)}"]);
}

#[test]
fn broken_parts_still_make_a_page() {
    let empty = Table { caption: String::new(), full_width: false, grid: true, columns: vec![], head: vec![], rows: vec![] };
    let uneven =
        table("", vec![Column::left(); 2], &["A"], vec![vec![], vec![Cell::text("1"), Cell::text("2"), Cell::text("3")]]);
    let page = of(vec![
        Block::Table(empty),
        Block::Table(uneven),
        Block::Cards(vec![]),
        Block::Contents(9),
        Block::List(List { ordered: true, items: vec![] }),
        Block::Picture(Picture { alternative: String::new(), png: std::sync::Arc::from(Vec::new()), width: f32::NAN }),
        heading(9, ""),
    ]);
    assert_says(&page, &["<tr><td></td><td></td><td></td></tr>", "<td>3</td>", "</html>"]);
    assert!(!page.contains("NaN") && !page.contains("<ol>"), "{page}");
}
