//! What stands for figures where they cannot be seen: short, with the finding, and with the way to the table.

use crate::support::demonstration::PACKS;
use crate::support::sample_pack::Sample;
use boardpack::area::Areas;
use boardpack::assets::Assets;
use boardpack::report::{PackFiles, ReportTemplates, render};
use lopdf::Document;
use std::collections::BTreeMap;

/// Those of a PDF's figures.
fn alternatives(pdf: &[u8]) -> Vec<String> {
    let file = Document::load_mem(pdf).unwrap();
    let dicts = file.objects.values().filter_map(|object| object.as_dict().ok());
    dicts.filter_map(|dict| dict.get(b"Alt").ok()).map(|alt| lopdf::decode_text_string(alt).unwrap()).collect()
}

/// Those of a page's figures.
fn of_page(html: &str) -> Vec<String> {
    let between = |start: &str, after: &str, end: &str| -> Vec<String> {
        let parts = html.split(start).skip(1).filter_map(|rest| rest.split_once(after)?.1.split_once(end));
        parts.map(|(words, _)| words.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")).collect()
    };
    let mut all = between("<desc ", ">", "</desc>");
    all.extend(between("<span class=\"spark\"", "aria-label=\"", "\""));
    all.extend(between("<img ", "alt=\"", "\""));
    all
}

/// Every one is a sentence or more in at most 150 characters, and its last sentence is the way to the figures.
#[track_caller]
pub(super) fn assert_short(name: &str, files: &PackFiles) -> usize {
    let (of_pdf, of_page) = (alternatives(&files.pdf), of_page(&files.html));
    assert_eq!(of_pdf.len(), of_page.len(), "{name}");
    for words in of_pdf.iter().chain(&of_page) {
        assert!(words.chars().count() <= 150, "{name}: {} characters: {words}", words.chars().count());
        let (finding, pointer) = words.rsplit_once(". ").unwrap_or_else(|| panic!("{name}: no finding: {words}"));
        assert!(pointer.starts_with("The ") && (pointer.contains("table") || pointer.contains("data annex, sheet ")), "{words}");
        assert!(finding.contains(|c: char| c.is_ascii_digit()) || finding.contains("No figure"), "{name}: no figure: {words}");
    }
    of_pdf.len()
}

fn board_pack(sample: &Sample) -> PackFiles {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), "board_pack").unwrap();
    render(&sample.pack(), &templates).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn every_pack_of_the_demonstration_has_short_ones() {
    let counted: BTreeMap<&str, usize> =
        PACKS.iter().map(|pack| (pack.stem.as_str(), assert_short(&pack.stem, &pack.rendered))).collect();
    assert!(counted.len() >= 6 && counted["evidence-2026-27-Q2"] > 100, "{counted:?}");
}

#[test]
fn awkward_cases_and_long_names_have_short_ones_too() {
    let mut sample = Sample::new(1);
    assert!(assert_short("awkward", &board_pack(&sample)) >= 8);
    let areas: String = sample.areas.iter().enumerate().fold(String::from("area = [\n"), |list, (i, area)| {
        let name = if i % 2 == 0 { format!("{} {i}", "Long-winded county of the ".repeat(12)) } else { "x".repeat(200 + i) };
        list + &format!("{{ code = {:?}, name = {name:?}, kind = \"district\" }},\n", area.code.as_str())
    });
    sample.areas = Areas::parse(&(areas + "]"), "areas.toml").unwrap();
    for measure in &mut sample.framework.measures {
        measure.title = format!("{} by 2.5 per 100,000 and 12.3%", "A very long title of a measure ".repeat(8));
    }
    let files = board_pack(&sample);
    assert_short("long names", &files);
    for words in alternatives(&files.pdf) {
        // What is cut is cut between words.
        for cut in words.split('…').rev().skip(1) {
            let last = cut.rsplit([' ', '(']).next().unwrap();
            assert!(["Long-winded", "county", "of", "the"].contains(&last), "{words}");
        }
        assert!(!words.contains("xx"), "{words}");
    }
}

#[test]
fn what_no_table_of_the_page_has_stands_folded_below_the_chart() {
    let html = board_pack(&Sample::new(1)).html;
    let twins: Vec<&str> = html.split("<summary>").skip(1).map(|rest| rest.split("</details>").next().unwrap()).collect();
    let has = |wanted: &[&str]| twins.iter().any(|twin| wanted.iter().all(|words| twin.contains(words)));
    // Series of areas with their limits, a target, what is suppressed, every month with its mean.
    assert!(has(&["2013–15", "56.8 (95% limits 55.7 to 57.9)", "61.6 (95% limits 60.5 to 62.7)"]), "{twins:#?}");
    assert!(has(&["Target</th>", "60.0% by March 2028", "57.4"]), "{twins:#?}");
    assert!(has(&["2021/22", "suppressed"]), "{twins:#?}");
    assert!(twins.iter().any(|twin| twin.contains(">Mean<") && twin.matches("<tr").count() > 60), "{twins:#?}");
    let places = html.match_indices("<summary>").map(|(at, _)| html[..at].rfind("</svg>").unwrap());
    assert!(places.zip(&twins).count() == twins.len() && twins.len() > 4, "{}", twins.len());
}
