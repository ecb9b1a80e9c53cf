//! The accessibility statement: a page of its own beside the packs, from a file that an analyst edits.

use crate::support::demo::{Demo, assert_exit, text};
use serde_json::Value as Json;
use std::fs;

const PAGE: &str = "accessibility.html";

#[test]
fn every_web_page_links_to_the_statement_and_the_manifest_names_it() {
    let demo = Demo::new();
    assert_exit(&demo.whole_command(&["run", "--no-send"]).output().unwrap(), 0);
    let pages = demo.files("html");
    assert!(pages.len() > 4 && pages.iter().any(|page| page.ends_with(PAGE)), "{pages:?}");
    for page in &pages {
        let page = fs::read_to_string(page).unwrap();
        assert!(
            page.contains("<footer>") && page.contains(&format!("<a href=\"{PAGE}\">Accessibility statement</a></p></footer>"))
        );
        assert_eq!(page.matches("<h1").count(), 1);
    }
    let manifest: Json = serde_json::from_slice(&fs::read(demo.pack().join("manifest.json")).unwrap()).unwrap();
    let named = |list: &str| manifest[list].to_string();
    assert!(named("outputs").contains("\"accessibility.html\"") && named("configuration").contains("config/accessibility.toml"));
    let page = fs::read_to_string(demo.pack().join(PAGE)).unwrap();
    for said in [
        "<h1 id=\"heading-1\">Accessibility statement</h1>",
        "<li>The web pages meet Web Content Accessibility Guidelines (WCAG) 2.2, level AA in part.</li>",
        "<h2 id=\"heading-3\">What is not accessible</h2>",
        "<a href=\"mailto:accessibility@example.org\">accessibility@example.org</a>. You get an answer within 10 working days.",
        "This statement was last checked on 30 November 2026.",
        "<p class=\"mark\">Demonstration text</p>",
    ] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
}

#[test]
fn a_statement_of_ones_own_takes_its_place() {
    let demo = Demo::new();
    let config = demo.path("ours");
    fs::create_dir(&config).unwrap();
    let built_in = fs::read_to_string(format!("{}/config/accessibility.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let write = |from: &str, to: &str| {
        assert!(built_in.contains(from));
        fs::write(config.join("accessibility.toml"), built_in.replace(from, to)).unwrap();
    };
    let command = |arguments: &[&str]| {
        let mut command = demo.command(arguments);
        command.env("BOARDPACK__PATHS__CONFIG", &config);
        command.output().unwrap()
    };
    write("name = \"The population health team\"", "name = \"The <b>analysts</b>\"");
    let checked = command(&["config", "check"]);
    assert!(text(&checked).contains("demonstration: is true"), "{}", text(&checked));
    write("met = \"part\"", "met = \"most\"");
    let checked = command(&["config", "check"]);
    assert!(!checked.status.success() && text(&checked).contains("accessibility.toml, line"), "{}", text(&checked));
    let own = built_in.replace("demonstration = true ", "# ").replace("The population health team", "The <b>analysts</b>");
    fs::write(config.join("accessibility.toml"), own).unwrap();
    assert_exit(&command(&["run", "--no-send"]), 0);
    let page = fs::read_to_string(demo.pack().join(PAGE)).unwrap();
    assert!(page.contains("The &lt;b&gt;analysts&lt;/b&gt;") && !page.contains("Demonstration text"));
}
