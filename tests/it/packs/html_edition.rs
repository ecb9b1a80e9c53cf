//! The pack as a web page: that it stands alone, and what a reader of it finds.

use crate::support::demo::{Demo, assert_exit, text};
use crate::support::sample_pack::Sample;
use boardpack::assets::Assets;
use boardpack::report::{PackInputs, ReportTemplates, Statement, render};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

fn html(pack: &PackInputs<'_>) -> String {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), "board_pack")
        .unwrap_or_else(|faults| panic!("{faults}"));
    render(pack, &templates).unwrap_or_else(|faults| panic!("{faults}")).html
}

static AWKWARD: LazyLock<String> = LazyLock::new(|| html(&Sample::new(1).pack()));

/// Elements that HTML never closes.
const VOID: [&str; 5] = ["meta", "br", "hr", "img", "input"];

/// One start tag.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Every start tag, after it was seen that each element is closed where it should be.
fn tags(page: &str) -> Vec<Tag> {
    let start = |tag: &BytesStart<'_>| Tag {
        name: tag.name().as_ref().to_owned(),
        attributes: tag
            .attributes()
            .map(|attribute| {
                let attribute = attribute.unwrap_or_else(|e| panic!("{tag:?}: {e}"));
                let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
                (attribute.key.as_ref().to_owned(), value)
            })
            .collect(),
    };
    let mut reader = Reader::from_str(page);
    reader.config_mut().check_end_names = false;
    let (mut all, mut open) = (Vec::new(), Vec::<String>::new());
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("at {}: {e}", reader.buffer_position())) {
            Event::Start(tag) => {
                let tag = start(&tag);
                if !VOID.contains(&tag.name.as_str()) {
                    open.push(tag.name.clone());
                }
                all.push(tag);
            }
            Event::Empty(tag) => all.push(start(&tag)),
            Event::End(tag) => {
                assert_eq!(open.pop().unwrap_or_default(), tag.name().as_ref(), "at {}", reader.buffer_position());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    all
}

#[test]
fn elements_close_ids_differ_and_links_resolve() {
    let tags = tags(&AWKWARD);
    let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len());
    let within: Vec<&str> = tags.iter().filter_map(|tag| tag.get("href")?.strip_prefix('#')).collect();
    assert!(within.len() > 20, "{}", within.len());
    for id in within {
        assert!(known.contains(id), "#{id}");
    }
    for ids in tags.iter().filter_map(|tag| tag.get("aria-labelledby")) {
        assert!(ids.split(' ').all(|id| known.contains(id)), "{ids}");
    }
}

#[test]
fn it_stands_alone_and_runs_nothing() {
    for tag in tags(&AWKWARD) {
        assert!(!["script", "link", "iframe", "object", "embed", "form", "base"].contains(&tag.name.as_str()), "{}", tag.name);
        for (key, value) in &tag.attributes {
            assert!(!key.starts_with("on"), "{key}");
            match key.as_str() {
                "src" => assert!(value.starts_with("data:image/png;base64,"), "{value}"),
                "href" if tag.name == "a" => {
                    let beside = value == Statement::PAGE;
                    assert!(
                        beside || value.starts_with('#') || value.starts_with("https://") || value.starts_with("http://"),
                        "{value}"
                    );
                }
                "href" => assert!(value.starts_with('#'), "{value}"),
                _ => {}
            }
        }
    }
    assert!(!AWKWARD.contains("@import") && !AWKWARD.contains("url("));
    assert!(AWKWARD.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'"));
}

#[test]
fn what_is_drawn_is_said_in_words() {
    let tags = tags(&AWKWARD);
    let mut drawn = 0;
    for tag in tags.iter().filter(|tag| tag.name == "svg") {
        let passed_over = tag.get("aria-hidden") == Some("true");
        assert!(passed_over || (tag.get("role") == Some("img") && tag.get("aria-labelledby").is_some()));
        drawn += usize::from(!passed_over);
    }
    let figures = tags.iter().filter(|tag| tag.name == "figure").count();
    // Once for wide screens and once for narrow ones; a page shows one of them.
    assert!(figures > 5 && drawn == 2 * figures, "{drawn} charts of {figures} figures");
    for tag in tags.iter().filter(|tag| tag.get("role") == Some("img") && tag.name != "svg") {
        assert!(tag.get("aria-label").is_some_and(|words| !words.trim().is_empty()));
    }
    assert!(tags.iter().filter(|tag| tag.name == "img").all(|tag| tag.get("alt").is_some()));
}

#[test]
fn every_header_cell_says_what_it_heads() {
    let heads: Vec<String> =
        tags(&AWKWARD).iter().filter(|tag| tag.name == "th").map(|tag| tag.get("scope").unwrap_or("none").to_owned()).collect();
    assert!(heads.iter().all(|scope| ["col", "row", "rowgroup"].contains(&scope.as_str())), "{heads:?}");
    assert!(heads.iter().any(|scope| scope == "row") && heads.iter().any(|scope| scope == "col"));
}

#[test]
fn heading_levels_are_never_skipped() {
    let levels: Vec<u32> =
        tags(&AWKWARD).iter().filter_map(|tag| tag.name.strip_prefix('h').filter(|rest| rest.len() == 1)?.parse().ok()).collect();
    assert!(levels.len() > 20 && levels[0] == 1);
    for pair in levels.windows(2) {
        assert!(pair[1] <= pair[0] + 1, "h{} after h{}", pair[1], pair[0]);
    }
}

#[test]
fn drafts_say_so_throughout() {
    let sample = Sample::new(1);
    let draft = html(&PackInputs { draft: true, ..sample.pack() });
    assert!(draft.contains("<p class=\"mark\">Draft</p>") && draft.matches("<p class=\"mark again\">Draft</p>").count() > 2);
    assert!(!AWKWARD.contains(">Draft</p>"));
}

#[test]
fn the_same_pack_gives_the_same_page() {
    assert!(html(&Sample::new(1).pack()) == *AWKWARD);
}

#[test]
#[ignore = "heavy: needs Node.js, Java, Chromium, and the packages of tests/heavy/package.json in target/heavy-tools"]
fn heavy_html_pages_pass_validator_and_axe() {
    let demo = Demo::new();
    let mut command = demo.whole_command(&["run", "--no-send"]);
    // Every pack that there is.
    command
        .env("BOARDPACK__PACK__MAKE", "board_pack,public_summary,board_brief")
        .env("BOARDPACK__PACK__PART_PACK", "place_brief");
    assert_exit(&command.output().unwrap(), 0);
    let mut pages: Vec<PathBuf> = demo.files("html");
    assert!(pages.len() > 1, "{pages:?}");
    let awkward = demo.path("awkward.html");
    std::fs::write(&awkward, &*AWKWARD).unwrap();
    pages.push(awkward);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let modules = root.join("target/heavy-tools/node_modules");
    // The validator finds the roles of a table's parts needless. Browsers drop them where rows become cards.
    let roles =
        ".*(role is unnecessary for element|attribute must not be used on an? .t[a-z]+. element which has a .table. ancestor).*";
    let jar = modules.join("vnu-jar/build/dist/vnu.jar");
    let validator = Command::new("java").arg("-jar").arg(jar).args(["--filterpattern", roles]).args(&pages).output().unwrap();
    assert!(validator.status.success(), "{}", text(&validator));
    let axe =
        Command::new("node").arg(root.join("tests/heavy/axe.cjs")).args(&pages).env("NODE_PATH", &modules).output().unwrap();
    assert!(axe.status.success(), "{}", text(&axe));
}
