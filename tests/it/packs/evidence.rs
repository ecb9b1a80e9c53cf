//! Links from the brief into the evidence.

use crate::support::demonstration::{DEMONSTRATION, PACKS};
use boardpack::assets::Assets;
use boardpack::report::{Evidence, PackFiles, ReportTemplates, render_with};
use lopdf::{Dictionary, Document, Object};
use std::collections::BTreeSet;

fn pack(folder: &str) -> &'static PackFiles {
    &PACKS.iter().find(|pack| pack.folder == folder).unwrap().rendered
}

/// What the links of a page lead to that begin so, without that.
fn led_to<'a>(html: &'a str, to: &str) -> Vec<&'a str> {
    let start = format!("<a href=\"{to}");
    html.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// The addresses to which a PDF leads.
fn addresses(pdf: &[u8]) -> Vec<String> {
    let file = Document::load_mem(pdf).unwrap();
    let uri = |link: &Dictionary| Some(link.get(b"A").ok()?.as_dict().ok()?.get(b"URI").ok()?.as_str().ok()?.to_vec());
    let links = file.objects.values().filter_map(|object| uri(object.as_dict().ok()?));
    links.map(|address| String::from_utf8(address).unwrap()).collect()
}

/// The names of places in a PDF.
fn places(pdf: &[u8]) -> BTreeSet<String> {
    let file = Document::load_mem(pdf).unwrap();
    let trees = file.catalog().unwrap().get(b"Names").and_then(Object::as_dict).unwrap();
    let tree = file.get_dictionary(trees.get(b"Dests").and_then(Object::as_reference).unwrap()).unwrap();
    let names = tree.get(b"Names").and_then(Object::as_array).unwrap().iter().filter_map(|name| name.as_str().ok());
    names.map(|name| String::from_utf8(name.to_vec()).unwrap()).collect()
}

#[test]
fn each_link_of_the_brief_leads_to_a_section_of_the_evidence() {
    let (brief, evidence) = (pack("board_brief"), pack("evidence"));
    let on_page = led_to(&brief.html, "evidence-2026-27-Q2.html#");
    for anchor in &on_page {
        assert!(evidence.html.contains(&format!(" id=\"{anchor}\"")), "{anchor} is no section of the page");
    }
    let (addresses, places) = (addresses(&brief.pdf), places(&evidence.pdf));
    let in_pdf = addresses.iter().filter_map(|address| address.strip_prefix("evidence-2026-27-Q2.pdf#nameddest="));
    let in_pdf: BTreeSet<&str> = in_pdf.collect();
    for anchor in &in_pdf {
        assert!(places.contains(*anchor), "{anchor} is no place of the PDF");
    }
    assert_eq!(in_pdf, on_page.iter().copied().collect());
    for ambition in &DEMONSTRATION.config.framework.ambitions {
        let is_its = |anchor: &&&str| anchor.starts_with("ambition-") && anchor.ends_with(&format!("-{}", ambition.id));
        assert!(on_page.iter().any(|anchor| is_its(&anchor)), "nothing leads to {}", ambition.id);
    }
}

#[test]
fn every_message_change_alert_and_row_of_the_brief_leads_there() {
    let html = &pack("board_brief").html;
    let from = |heading: &str| html.rfind(&format!(">{heading}")).unwrap_or_else(|| panic!("no {heading}"));
    let part = |first: &str, next: &str| &html[from(first)..from(next)];
    for (words, what) in [
        (part("What the board needs to know", "What got worse"), "<li"),
        (part("What got worse", "What we ask of the board"), "<li"),
        (part("Alerts", "Across all aims"), "<th scope=\"row\""),
        (part("Ambitions with figures by area", "Aim 1"), "<th scope=\"row\""),
    ] {
        // Below the table of areas stands a list of them.
        let rows: Vec<&str> = words.split("</table>").next().unwrap().split(what).skip(1).collect();
        assert!(!rows.is_empty());
        for row in rows {
            let head = row.split("</th>").next().unwrap().split("</li>").next().unwrap();
            // One that names those below it.
            let is_heading = head.contains("colspan");
            assert!(is_heading || head.contains("<a href=\"evidence-2026-27-Q2.html#"), "{head}");
        }
    }
    assert!(html.contains("Titles lead to the evidence, with every figure’s chart, judgement and source."));
}

#[test]
fn where_packs_are_published_the_links_lead_to_that_address() {
    let load = |folder: &str| ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), folder).unwrap();
    let (brief, evidence) = (load("board_brief"), load("evidence"));
    let there = Evidence { file: "https://example.org/packs/evidence", templates: &evidence };
    let made = render_with(&DEMONSTRATION.pack(), &brief, Some(there)).unwrap();
    let to = "https://example.org/packs/evidence.html#";
    assert!(led_to(&made.html, to).len() > 80);
    assert!(addresses(&made.pdf).iter().filter(|address| address.starts_with(to)).count() > 80);
}

#[test]
fn a_pack_without_its_evidence_has_no_such_link() {
    let place = PACKS.iter().find(|pack| pack.folder == "place_brief").unwrap();
    assert_eq!(led_to(&place.rendered.html, "evidence"), [""; 0]);
    let load = |folder: &str| ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), folder).unwrap();
    let alone = render_with(&DEMONSTRATION.pack(), &load("board_brief"), None).unwrap();
    assert_eq!(led_to(&alone.html, "evidence"), [""; 0]);
    assert!(!alone.html.contains("Titles lead to the evidence"));
}
