//! The board's brief of the demonstration.

use crate::support::demonstration::DEMONSTRATION;
use crate::support::page_text::words;
use crate::support::pdf_text::text_of;
use boardpack::assets::Assets;
use boardpack::report::{PackFiles, ReportTemplates, render};
use lopdf::Document;
use std::sync::LazyLock;

static BRIEF: LazyLock<PackFiles> = LazyLock::new(|| {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), "board_brief").unwrap();
    render(&DEMONSTRATION.pack(), &templates).unwrap_or_else(|faults| panic!("{faults}"))
});

/// What stands under a heading of the web page, up to the next one.
fn under<'a>(html: &'a str, heading: &str) -> &'a str {
    let from = html.rfind(heading).unwrap_or_else(|| panic!("no {heading}"));
    let rest = &html[from + heading.len()..];
    &rest[..rest.find("<h").unwrap_or(rest.len())]
}

/// The items of a list, as words.
fn items(html: &str) -> Vec<String> {
    html.split("<li").skip(1).map(|item| words(&format!("<li{}", item.split("</li>").next().unwrap()))).collect()
}

#[test]
fn one_page_answers_what_a_board_asks_first() {
    let file = Document::load_mem(&BRIEF.pdf).unwrap();
    let pages = file.get_pages().len();
    assert!(pages <= 16, "{pages} pages");
    let first: String = text_of(&file, 1).split_whitespace().collect();
    for heading in
        ["What the board needs to know", "What got worse", "What got better", "What we ask of the board", "How sure we are"]
    {
        assert!(first.contains(&heading.split_whitespace().collect::<String>()), "{heading}: {first}");
    }
}

#[test]
fn five_messages_each_have_a_figure_and_a_date() {
    let messages = items(under(&BRIEF.html, "What the board needs to know"));
    assert_eq!(messages.len(), 5, "{messages:#?}");
    for message in &messages {
        let (measure, figure) = message.split_once(": ").unwrap();
        assert!(!measure.is_empty() && figure.contains("20") && figure.contains("target: "), "{message}");
    }
    // The surest first: at 99.8%, then by population and distance.
    assert!(messages[0].contains("150,550 in 2024/25, significantly higher than 139,346 in 2023/24"), "{messages:#?}");
}

#[test]
fn what_is_asked_has_an_owner_and_a_date() {
    let asks = items(under(&BRIEF.html, "What we ask of the board"));
    let decide: Vec<&String> = asks.iter().filter(|ask| ask.starts_with("Decide how to recover")).collect();
    assert!(
        decide.len() == 2 && decide.iter().all(|ask| ask.contains("(proposed); step due 31 March 2024; illustrative).")),
        "{asks:#?}"
    );
    assert!(asks.iter().any(|ask| ask == "Note that 2 more key actions are off track."), "{asks:#?}");
}

#[test]
fn what_has_changed_has_both_figures() {
    for heading in ["What got worse", "What got better"] {
        let changed = items(under(&BRIEF.html, heading));
        assert!((1..=3).contains(&changed.len()), "{changed:#?}");
        let has_both = |words: &String| {
            words.contains(", higher than ") || words.contains(", lower than ") || words.starts_with("Worse in single areas")
        };
        assert!(changed.iter().all(has_both), "{changed:#?}");
    }
}

#[test]
fn what_got_worse_is_said_of_whom() {
    let html = &BRIEF.html;
    assert!(html.contains("What got worse in Nottingham and Nottinghamshire as a whole, by a test at 95%"));
    // As one of eight areas, at 99.8%, where the whole has no figure.
    let changed = items(under(html, "What got worse"));
    assert!(
        changed.contains(&"Worse in single areas, by a stricter test: Obese adults in Nottingham.".to_owned()),
        "{changed:#?}"
    );
}

#[test]
fn an_area_is_adverse_on_every_page_or_on_none() {
    let found = "1 of 8 areas significantly adverse (99.8%)";
    let messages = items(under(&BRIEF.html, "What the board needs to know"));
    assert!(messages.iter().any(|message| message.contains(&format!("{found} in 2023: Nottingham 18.2%"))), "{messages:#?}");
    let rows = words(under(&BRIEF.html, ">Alerts</h"));
    assert!(rows.contains(found), "{rows}");
    // A figure that stands beside the comparator's in the table of areas stands beside it here too.
    assert!(rows.contains("not compared with England (52.7% 2023/24)"), "{rows}");
}

#[test]
fn every_ground_of_the_rug_has_its_letter() {
    let html = under(&BRIEF.html, "Ambitions with figures by area");
    let cells: Vec<&str> = html.split("<td").skip(1).map(|cell| cell.split("</td>").next().unwrap()).collect();
    let grounds: Vec<&&str> = cells.iter().filter(|cell| cell.contains("ground-")).collect();
    assert!(grounds.len() > 20, "{}", grounds.len());
    for cell in grounds {
        let said = words(&format!("<td{cell}</td>"));
        assert!(said.split_whitespace().any(|word| ["B", "S", "W", "H", "L"].contains(&word)), "{said}");
    }
}

#[test]
fn the_map_has_its_period_and_a_table() {
    let html = under(&BRIEF.html, "Ambitions with figures by area");
    let (_, map) = html.split_once("<figure").unwrap();
    let said = words(&format!("<figure{map}"));
    assert!(
        said.contains(", 2024 ")
            && said.contains(" of the 8 areas drawn are worse than England")
            && said.contains("Crown copyright"),
        "{said}"
    );
    assert!(map.contains("<table") && map.contains("Rushcliffe"), "{said}");
}
