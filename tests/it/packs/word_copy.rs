//! The copy for Word: that it says what the web page says, and that another program opens it.

use crate::support::demonstration::DEMONSTRATION;
use boardpack::assets::Assets;
use boardpack::report::{PackFiles, PackInputs, ReportTemplates, render};
use lopdf::Document;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{Cursor, Read};
use std::process::Command;
use std::sync::LazyLock;

fn made(pack: &PackInputs<'_>, folder: &str) -> PackFiles {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), folder).unwrap();
    render(pack, &templates).unwrap_or_else(|faults| panic!("{faults}"))
}

static BRIEF: LazyLock<PackFiles> = LazyLock::new(|| made(&DEMONSTRATION.pack(), "board_brief"));

fn word() -> &'static [u8] {
    BRIEF.word.as_deref().expect("the brief's pack.toml asks for it")
}

fn part(file: &[u8], name: &str) -> String {
    let mut text = String::new();
    zip::ZipArchive::new(Cursor::new(file)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// What is read, in order.
#[derive(Debug, Default)]
struct Said {
    /// Words without spaces, and without the signs that Word's copy has in place of drawings.
    words: String,
    headings: Vec<String>,
    alternatives: Vec<String>,
    /// Captions of tables and charts.
    captions: Vec<String>,
}

fn get(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.attributes().filter_map(Result::ok).find(|attribute| attribute.key.as_ref() == name)?;
    Some(quick_xml::escape::unescape(&attribute.value).unwrap().into_owned())
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Goes through a page or a part; `enter` says by an element whether its words are passed over, `leave` what to do at its end with
/// the words since it began.
fn walk(
    xml: &str,
    mut enter: impl FnMut(&BytesStart<'_>, &mut Said) -> bool,
    mut leave: impl FnMut(&str, String, &mut Said),
) -> Said {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut said = Said::default();
    let mut text = String::new();
    // Each open element: whether it is passed over, and where its words begin.
    let mut open: Vec<(bool, usize)> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if ["meta", "br", "hr", "img", "input"].contains(&tag.name().as_ref()) => {
                enter(&tag, &mut said);
                text.push(' ');
            }
            Event::Start(tag) => {
                let is_over = open.last().is_some_and(|(is_over, _)| *is_over);
                let is_passed = enter(&tag, &mut said) || is_over;
                open.push((is_passed, text.len()));
            }
            Event::Empty(tag) => {
                enter(&tag, &mut said);
            }
            Event::Text(words) if !open.last().is_some_and(|(is_over, _)| *is_over) => text.push_str(&words),
            Event::GeneralRef(name) if !open.last().is_some_and(|(is_over, _)| *is_over) => {
                text.push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap_or("?"));
            }
            Event::End(tag) => {
                let (is_over, from) = open.pop().unwrap();
                if !is_over {
                    leave(tag.name().as_ref(), joined(&text[from..]), &mut said);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    said.words = text.chars().filter(|c| !c.is_whitespace() && !"✔✓●▲✖◔□○◇".contains(*c)).collect();
    said
}

/// What the web page says, without its own head and foot, the marks that pages of paper have in their heads, and notes.
fn of_page(html: &str) -> Said {
    let main = &html[html.find("<main").unwrap()..html.find("</main>").unwrap() + "</main>".len()];
    let enter = |tag: &BytesStart<'_>, said: &mut Said| {
        let class = get(tag, "class").unwrap_or_default();
        let is_passed = ["mark", "mark again", "unseen", "notes"].contains(&class.as_str());
        match tag.name().as_ref() {
            "img" => said.alternatives.extend(get(tag, "alt")),
            "span" if class == "spark" => said.alternatives.extend(get(tag, "aria-label")),
            "svg" | "sup" | "summary" | "fieldset" => return true,
            _ => {}
        }
        is_passed
    };
    let mut said = walk(main, enter, |name, words, said| match name {
        "h1" | "h2" | "h3" | "h4" | "h5" => said.headings.push(words),
        "caption" | "figcaption" => said.captions.push(words),
        _ => {}
    });
    // What stands for a drawing is within it.
    let drawn = main.split("<desc id=").skip(1).map(|rest| rest.split_once('>').unwrap().1.split_once("</desc>").unwrap().0);
    said.alternatives.extend(drawn.map(|words| quick_xml::escape::unescape(words).unwrap().into_owned()));
    said.alternatives.sort();
    said
}

fn of_word(file: &[u8]) -> Said {
    let xml = part(file, "word/document.xml");
    let style = std::cell::RefCell::new(String::new());
    let enter = |tag: &BytesStart<'_>, said: &mut Said| {
        match tag.name().as_ref() {
            "w:pStyle" => *style.borrow_mut() = get(tag, "w:val").unwrap(),
            "wp:docPr" => said.alternatives.extend(get(tag, "descr")),
            "w:p" => style.borrow_mut().clear(),
            "w:instrText" => return true,
            _ => {}
        }
        false
    };
    let mark = part(file, "word/header2.xml");
    assert!(mark.contains("Illustrative figures"), "{mark}");
    // Marks stand in runs of their own.
    let without_marks: String = xml
        .split("<w:r>")
        .enumerate()
        .map(|(i, run)| {
            let is_mark = run.starts_with("<w:rPr><w:rStyle w:val=\"MarkText\"/></w:rPr>");
            let rest = if is_mark { run.split_once("</w:t>").unwrap().1 } else { run };
            if i == 0 {
                rest.to_owned()
            } else if is_mark {
                format!("<w:r>{rest}")
            } else {
                format!("<w:r>{run}")
            }
        })
        .collect();
    let mut said = walk(&without_marks, enter, |name, words, said| {
        let style = style.borrow();
        match name {
            "w:p" if style.starts_with("Heading") || *style == "Title" || *style == "CoverTitle" => said.headings.push(words),
            "w:p" if *style == "Caption" => said.captions.push(words),
            _ => {}
        }
    });
    said.alternatives.sort();
    said
}

/// The first place at which two texts part.
fn assert_same(page: &str, word: &str) {
    let (a, b): (Vec<char>, Vec<char>) = (page.chars().collect(), word.chars().collect());
    let at = a.iter().zip(&b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()));
    let around = |text: &[char]| text[at.saturating_sub(60)..(at + 60).min(text.len())].iter().collect::<String>();
    assert!(a == b, "they part at {at}:\n{}\n{}", around(&a), around(&b));
}

#[test]
fn it_says_what_the_web_page_says_in_the_same_order() {
    let (page, word) = (of_page(&BRIEF.html), of_word(word()));
    assert!(page.headings.len() > 8 && page.words.len() > 5000, "{:?}", page.headings);
    assert_eq!(page.headings, word.headings);
    assert_same(&page.words, &word.words);
    for caption in &page.captions {
        assert!(word.captions.contains(caption), "{caption}: {:?}", word.captions);
    }
    assert!(!page.alternatives.is_empty());
    assert_eq!(page.alternatives, word.alternatives);
}

#[test]
fn only_packs_that_ask_have_one() {
    assert!(made(&DEMONSTRATION.pack(), "public_summary").word.is_none());
}

#[test]
fn it_has_the_marks_of_the_pdf_and_the_same_bytes() {
    let draft = PackInputs { draft: true, ..DEMONSTRATION.pack() };
    let marked = made(&draft, "board_brief").word.unwrap();
    for header in ["word/header1.xml", "word/header2.xml"] {
        assert!(part(&marked, header).contains(" Draft "));
        assert!(!part(word(), header).contains(" Draft "));
    }
    assert!(part(word(), "docProps/core.xml").contains(&format!(">{}T00:00:00Z<", DEMONSTRATION.pack().evaluation.as_at)));
    assert!(made(&DEMONSTRATION.pack(), "board_brief").word.as_deref() == Some(word()));
}

#[test]
#[ignore = "heavy: needs LibreOffice"]
fn heavy_libreoffice_makes_a_tagged_pdf_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("brief.docx");
    std::fs::write(&source, word()).unwrap();
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    let filter = "pdf:writer_pdf_Export:{\"UseTaggedPDF\":{\"type\":\"boolean\",\"value\":\"true\"}}";
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", filter, "--outdir"])
        .arg(folder.path())
        .arg(&source)
        .output()
        .unwrap();
    let bytes = std::fs::read(folder.path().join("brief.pdf"));
    let pdf = Document::load_mem(&bytes.unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)))).unwrap();
    let elements = || pdf.objects.values().filter_map(|object| object.as_dict().ok());
    let name_of = |dict: &lopdf::Dictionary| dict.get(b"S").and_then(lopdf::Object::as_name).map(<[u8]>::to_vec).ok();
    let said = of_word(word());
    let headings =
        elements().filter_map(name_of).filter(|name| [&b"H1"[..], b"H2", b"H3", b"H4"].contains(&name.as_slice())).count();
    // The title is none there.
    assert_eq!(headings, said.headings.len() - 1);
    let mut alternatives: Vec<String> = elements()
        .filter(|dict| name_of(dict).is_some_and(|name| name == b"Figure"))
        .filter_map(|dict| dict.get(b"Alt").ok().and_then(|words| lopdf::decode_text_string(words).ok()))
        .collect();
    alternatives.sort();
    assert_eq!(alternatives, said.alternatives);
    let pages = pdf.get_pages().len();
    // Its tables have widths of their own, and LibreOffice fonts that it finds.
    assert!(pages.abs_diff(BRIEF.pages) <= 5, "{pages} pages, {} in the pack", BRIEF.pages);
}
