//! The title of each file of a run: its own, with the place and the quarter.

use crate::support::demonstration::{DEMONSTRATION, PACKS};
use boardpack::area::Areas;
use boardpack::report::annex::AnnexTables;
use lopdf::Document;
use std::collections::BTreeSet;

const QUARTER: &str = "July to September 2026";

/// What stands between two marks, as words.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).unwrap_or_else(|| panic!("no {start}")).1.split_once(end).unwrap().0
}

/// A heading without its tags.
fn words(html: &str) -> String {
    html.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words)).collect()
}

/// The title in the information dictionary and in the XMP, which are one.
#[track_caller]
fn title_of(pdf: &[u8]) -> String {
    let file = Document::load_mem(pdf).unwrap();
    let info = file.trailer.get(b"Info").and_then(|info| file.dereference(info)).unwrap().1.as_dict().unwrap();
    let title = lopdf::decode_text_string(info.get(b"Title").unwrap()).unwrap();
    let xmp = file.catalog().and_then(|catalogue| catalogue.get(b"Metadata")).and_then(|xmp| file.dereference(xmp)).unwrap().1;
    let xmp = String::from_utf8(xmp.as_stream().unwrap().content.clone()).unwrap();
    assert_eq!(between(between(&xmp, "<dc:title>", "</dc:title>"), "x-default\">", "</rdf:li>"), title);
    title
}

#[test]
fn no_two_files_of_a_run_share_a_title() {
    let mut titles = BTreeSet::new();
    let mut files = 0;
    for pack in PACKS.iter() {
        let (pdf, html) = (title_of(&pack.rendered.pdf), &pack.rendered.html);
        let page = between(html, "<title>", "</title>").to_owned();
        assert_eq!(page, format!("{pdf} (web page)"));
        assert_eq!(html.matches("<h1").count(), 1, "{}", pack.stem);
        assert_eq!(words(&html[html.find("<h1").unwrap()..html.find("</h1>").unwrap()]), pdf);
        let areas = &DEMONSTRATION.config.areas;
        let place = pack.part.as_ref().unwrap_or(&DEMONSTRATION.config.framework.edition.system);
        assert!(pdf.contains(areas.name(place)) && pdf.ends_with(QUARTER), "{}: {pdf}", pack.stem);
        titles.extend([pdf, page]);
        files += 2;
    }
    titles.insert(AnnexTables::new(&DEMONSTRATION.pack()).title);
    assert_eq!(titles.len(), files + 1, "{titles:#?}");
    let of_summary = format!("How healthy are we? Nottingham and Nottinghamshire, {QUARTER}");
    assert!(titles.contains(&of_summary), "{titles:#?}");
    assert!(titles.contains(&format!("Outcomes framework place brief: Bassetlaw place, {QUARTER}")), "{titles:#?}");
}

#[test]
fn areas_of_one_name_are_told_apart() {
    let file = "area = [\n{ code = \"X1\", name = \"Upton\", kind = \"district\" },\n\
                { code = \"X2\", name = \"Upton\", kind = \"place\" },\n{ code = \"X3\", name = \"Upton\", kind = \"place\" },\n\
                { code = \"X4\", name = \"Downton\", kind = \"place\" },\n]";
    let areas = Areas::parse(file, "areas.toml").unwrap();
    let names: Vec<String> = areas.iter().map(|area| areas.name_apart(&area.code)).collect();
    assert_eq!(names, ["Upton (district)", "Upton (place X2)", "Upton (place X3)", "Downton"]);
}
