//! The pack as a file: what readers, screen readers and validators find in it.

use crate::support::pdf_text::text_of;
use crate::support::sample_pack::{HOSTILE, Sample, assessment, made, point};
use boardpack::assets::Assets;
use boardpack::evaluate::Status;
use boardpack::period::{Period, YearKind};
use boardpack::report::{ILLUSTRATIVE, PackFiles, ReportTemplates, render};
use boardpack::value::{Unit, Value};
use lopdf::{Dictionary, Document, Object, ObjectId};
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

fn templates() -> ReportTemplates {
    ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), "board_pack")
        .unwrap_or_else(|faults| panic!("{faults}"))
}

fn rendered(sample: &Sample) -> PackFiles {
    render(&sample.pack(), &templates()).unwrap_or_else(|faults| panic!("{faults}"))
}

fn assert_valid(pdf: &[u8], profile: ValidationProfile) {
    let report = validate_pdf_bytes(pdf, &ValidationOptions::default().profile(profile)).unwrap();
    assert!(report.failures.is_empty(), "{report}");
}

/// The pack of every awkward case, made once for all tests.
static AWKWARD: LazyLock<PackFiles> = LazyLock::new(|| rendered(&Sample::new(1)));

/// A pack of one measure, with nothing odd in it.
fn plain(title: &str) -> Sample {
    let series = (0..4).map(|i| point(Period::year(YearKind::Financial, 2021 + i), Value::Number(60.0), None, None)).collect();
    let mut sample =
        Sample::of(vec![made("one", title, Unit::Percent, 1, assessment("one", "E54000060", series, Status::OnTrack), vec![])]);
    sample.evaluation.actions.clear();
    sample.framework.actions.clear();
    sample.returns.clear();
    sample
}

#[test]
fn awkward_packs_are_accessible_and_archivable() {
    let pack = &*AWKWARD;
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/awkward.pdf"), &pack.pdf).unwrap();
    assert_valid(&pack.pdf, ValidationProfile::PdfUa1);
    assert_valid(&pack.pdf, ValidationProfile::PdfA3a);
    let warnings: Vec<String> = pack.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 2, "only what the hostile commentary brings in: {warnings:#?}");
    assert!(warnings.iter().all(|warning| warning.contains("the fonts have no")), "{warnings:#?}");
}

#[test]
fn a_pack_of_sixty_measures_is_accessible_too() {
    let pack = rendered(&Sample::new(6));
    assert!(pack.pages >= 50, "{} pages", pack.pages);
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/large.pdf"), &pack.pdf).unwrap();
    assert_valid(&pack.pdf, ValidationProfile::PdfUa1);
}

#[test]
fn an_empty_pack_is_a_pack() {
    let mut sample = plain("x");
    sample.framework.ambitions.clear();
    sample.framework.measures.clear();
    sample.evaluation.measures.clear();
    sample.indicators.clear();
    let pack = rendered(&sample);
    assert_valid(&pack.pdf, ValidationProfile::PdfUa1);
    assert_eq!(pack.warnings, []);
}

#[test]
fn the_same_pack_has_the_same_bytes() {
    assert!(rendered(&Sample::new(1)).pdf == AWKWARD.pdf);
    assert!(rendered(&plain("One")).pdf != rendered(&plain("Another")).pdf);
}

#[test]
fn contents_and_bookmarks_lead_to_their_pages() {
    let pack = &*AWKWARD;
    let file = Document::load_mem(&pack.pdf).unwrap();
    let outline = bookmarks(&file);
    let titles: Vec<&str> = outline.iter().map(|(title, _)| title.as_str()).collect();
    for expected in ["Contents", "Summary", "Overarching ambitions", "Healthy life expectancy at birth (female)", "Abbreviations"]
    {
        assert!(titles.contains(&expected), "{expected} in {titles:?}");
    }
    let contents = text_of(&file, 2);
    let mut told = BTreeSet::new();
    for (title, page) in outline {
        assert!(text_of(&file, page).contains(title.split_whitespace().next().unwrap()), "{title} on page {page}");
        // A title that stands again further down, as among the definitions, is another's.
        if !told.insert(title.clone()) {
            continue;
        }
        // `Summary 4` stands in the contents.
        if ["Summary", "Overarching ambitions", "Data received and missing"].contains(&title.as_str()) {
            assert!(contents.contains(&format!("{title} {page}")), "{title} {page} in {contents}");
        }
    }
}

#[test]
fn figures_have_words_that_give_their_finding() {
    let file = Document::load_mem(&AWKWARD.pdf).unwrap();
    let dicts = file.objects.values().filter_map(|object| object.as_dict().ok());
    let alternatives: Vec<String> = dicts.filter_map(|dict| dict.get(b"Alt").ok()).map(decoded).collect();
    let told = |wanted: &str| alternatives.iter().any(|alternative| alternative.starts_with(wanted));
    for wanted in [
        "From 57.3 years (Nottingham) to 62.1 years (Nottinghamshire) in 2020–22. Off track. The table below has the latest; the data annex",
        "54.2% in 2016/17, 56.9% in 2024/25. The data annex, sheet Series, has the figures.",
        "Never events. 0 in 2024/25, as in 2020/21. Achieved. The data annex, sheet Series, has",
        "Above the upper control limit, for the better: 424 in Dec 2025, mean 362. Off track. ",
    ] {
        assert!(told(wanted), "{wanted} in {alternatives:#?}");
    }
}

#[test]
fn partners_text_is_printed_as_written() {
    let file = Document::load_mem(&AWKWARD.pdf).unwrap();
    let all: String = (1..=u32::try_from(file.get_pages().len()).unwrap()).map(|page| text_of(&file, page)).collect();
    let spaced = HOSTILE.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = spaced.replace(['\u{e000}', '\u{e001}'], "?");
    assert!(without_spaces(&all).contains(&without_spaces(&expected)), "{expected}");
    let links = file.objects.values().filter_map(|object| object.as_dict().ok()).filter_map(|dict| dict.get(b"A").ok());
    assert!(!links.map(|action| format!("{action:?}")).any(|action| action.contains("evil")), "a partner's words made a link");
}

#[test]
fn signs_come_out_as_the_characters_they_are() {
    let mut sample = plain("Fall of ≥ 35% – CO₂e ≤ £12m → “done” × 2");
    sample.framework.ambitions[0].notes = "Non‑breaking and no-break\u{a0}space.".into();
    let file = Document::load_mem(&rendered(&sample).pdf).unwrap();
    let all: String = (1..=u32::try_from(file.get_pages().len()).unwrap()).map(|page| text_of(&file, page)).collect();
    assert!(all.contains("Fall of ≥ 35% – CO₂e ≤ £12m → “done” × 2"), "{all}");
    assert!(all.contains("Non-breaking and no-break space."), "{all}");
    // A figure and the period below it in the same cell are apart.
    assert!(all.contains("60.0% 2024/25"), "{all}");
}

#[test]
fn missing_glyphs_are_named_in_valid_packs() {
    let pack = rendered(&plain("Health 健 of \u{1f600} people"));
    let warnings: Vec<String> = pack.warnings.iter().map(ToString::to_string).collect();
    assert!(warnings.iter().any(|w| w.contains(".md (built in): the fonts have no '健' (U+5065)")), "{warnings:#?}");
    assert_eq!(warnings.len(), 2, "{warnings:#?}");
    assert_valid(&pack.pdf, ValidationProfile::PdfUa1);
}

#[test]
fn only_illustrative_pages_say_so() {
    let file = Document::load_mem(&AWKWARD.pdf).unwrap();
    for page in 2..=u32::try_from(file.get_pages().len()).unwrap() {
        let text = text_of(&file, page);
        // The mark at the head stands first, before whatever the page says of its figures.
        let words = text.replacen(ILLUSTRATIVE, "", 1).to_lowercase();
        assert_eq!(
            text.contains(ILLUSTRATIVE),
            words.contains("illustrative") || words.contains("made up"),
            "page {page}: {text}"
        );
    }
    let file = Document::load_mem(&rendered(&plain("A measure")).pdf).unwrap();
    assert!((1..=u32::try_from(file.get_pages().len()).unwrap()).all(|page| !text_of(&file, page).contains(ILLUSTRATIVE)));
}

#[test]
fn comments_longer_than_a_page_are_whole() {
    let mut sample = Sample::new(1);
    let long = "word ".repeat(900) + "END";
    for action in &mut sample.evaluation.actions {
        if let Some(report) = &mut action.report {
            report.commentary.clone_from(&long);
        }
    }
    let pack = rendered(&sample);
    assert_valid(&pack.pdf, ValidationProfile::PdfUa1);
    let file = Document::load_mem(&pack.pdf).unwrap();
    let all: String = (1..=u32::try_from(file.get_pages().len()).unwrap()).map(|page| text_of(&file, page)).collect();
    assert_eq!(all.matches("END").count(), 5);
    assert!(!pack.warnings.iter().any(|warning| warning.problem.contains("cut off")), "{:#?}", pack.warnings);
}

#[test]
fn rebranded_packs_stay_accessible() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fonts");
    let (_folder, assets) = with_file("theme.toml", &std::fs::read_to_string(own.join("theme.toml")).unwrap());
    let templates =
        ReportTemplates::load(&assets, &Assets::fonts(Some(own)), "board_pack").unwrap_or_else(|faults| panic!("{faults}"));
    let pack = render(&Sample::new(1).pack(), &templates).unwrap();
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/second-theme.pdf"), &pack.pdf).unwrap();
    assert_valid(&pack.pdf, ValidationProfile::PdfUa1);
    assert_valid(&pack.pdf, ValidationProfile::PdfA3a);
    let warnings: Vec<String> = pack.warnings.iter().map(ToString::to_string).collect();
    assert!(
        warnings.iter().all(|warning| warning.contains("'\\u{e00")),
        "only what the hostile commentary brings in: {warnings:#?}"
    );
    let file = Document::load_mem(&pack.pdf).unwrap();
    let fonts: Vec<String> = file
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok()?.get(b"FontName").ok()?.as_name().ok())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    assert!(fonts.len() >= 2 && fonts.iter().all(|name| name.contains("SpecimenSerif")), "{fonts:?}");
}

/// The templates' folder with one file replaced.
fn with_file(name: &str, text: &str) -> (tempfile::TempDir, Assets) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("board_pack")).unwrap();
    std::fs::write(folder.path().join("board_pack").join(name), text).unwrap();
    let assets = Assets::templates(Some(folder.path().to_path_buf()));
    (folder, assets)
}

fn loading(name: &str, text: &str) -> String {
    let (_folder, assets) = with_file(name, text);
    ReportTemplates::load(&assets, &Assets::fonts(None), "board_pack").err().map_or(String::new(), |faults| faults.to_string())
}

fn filling(name: &str, text: &str) -> String {
    let (_folder, assets) = with_file(name, text);
    let templates =
        ReportTemplates::load(&assets, &Assets::fonts(None), "board_pack").unwrap_or_else(|faults| panic!("{faults}"));
    render(&Sample::new(1).pack(), &templates).err().map_or(String::new(), |faults| faults.to_string())
}

#[test]
fn template_mistakes_name_file_and_line() {
    let message = loading("summary.md", "# Summary\n\n{{ chrat(measure) }}\n");
    assert!(message.contains("summary.md, line 3: nothing is called \"chrat\""), "{message}");
    assert!(message.contains("chart") && message.contains("off_track"), "{message}");

    let message = loading("summary.md", "# Summary\n\n{% for x in %}\n");
    assert!(message.contains("summary.md, line 3: syntax error"), "{message}");

    let message = loading("aim.md", "# Aim\n\n{% include \"mesures.md\" %}\n");
    assert!(
        message.contains("aim.md, line 3: there is no template \"mesures.md\"") && message.contains("measures.md"),
        "{message}"
    );

    let message = filling("measure.md", "### {{ measure.title }}\n\n{{ measure.titel }}\n");
    assert!(message.contains("measure.md, line 3: undefined value") && message.contains("measure.titel"), "{message}");
    assert!(message.contains("there are: ") && message.contains("title"), "{message}");

    let message = filling("measure.md", "### {{ measure.title }}\n\n{{ actions(measure) }}\n");
    assert!(message.contains("measure.md, line 3") && message.contains("it is used as actions(priority)"), "{message}");

    let message = filling("summary.md", "# Summary\n\n#### Too deep\n");
    assert!(
        message.contains("summary.md") && message.contains("\"Too deep\" is of level 4 and follows one of level 1"),
        "{message}"
    );
}

#[test]
fn section_list_mistakes_name_the_line() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("report_templates/board_pack/pack.toml")).unwrap();
    let message = loading("pack.toml", &text.replace("summary.md", "sumary.md"));
    assert!(message.contains("there is no template \"sumary.md\"") && message.contains("summary.md"), "{message}");
    let message = loading("pack.toml", &text.replace("scope = \"aim\"", "scope = \"aims\""));
    assert!(message.contains("pack.toml, line ") && message.contains("aims"), "{message}");
}

#[test]
fn broken_links_become_plain_text() {
    let (_folder, assets) = with_file("contents.md", "# Contents\n\n[Nowhere](#nowhere)\n\n{{ contents(2) }}\n");
    let templates = ReportTemplates::load(&assets, &Assets::fonts(None), "board_pack").unwrap();
    let pack = render(&plain("A measure").pack(), &templates).unwrap();
    assert_eq!(pack.warnings.len(), 1);
    assert!(pack.warnings[0].to_string().contains("no heading is named #nowhere"));
    assert_valid(&pack.pdf, ValidationProfile::PdfUa1);
}

/// Titles of bookmarks with their pages, in order.
fn bookmarks(file: &Document) -> Vec<(String, u32)> {
    fn visit(file: &Document, mut next: Option<ObjectId>, pages: &BTreeMap<ObjectId, u32>, out: &mut Vec<(String, u32)>) {
        while let Some(id) = next {
            let dict: &Dictionary = file.get_dictionary(id).unwrap();
            let page = dict.get(b"Dest").unwrap().as_array().unwrap()[0].as_reference().unwrap();
            out.push((decoded(dict.get(b"Title").unwrap()), pages[&page]));
            visit(file, dict.get(b"First").ok().map(|first| first.as_reference().unwrap()), pages, out);
            next = dict.get(b"Next").ok().map(|next| next.as_reference().unwrap());
        }
    }
    let pages = file.get_pages().into_iter().map(|(number, id)| (id, number)).collect();
    let root = file.get_dictionary(file.catalog().unwrap().get(b"Outlines").unwrap().as_reference().unwrap()).unwrap();
    let mut out = Vec::new();
    visit(file, Some(root.get(b"First").unwrap().as_reference().unwrap()), &pages, &mut out);
    out
}

fn decoded(object: &Object) -> String {
    let bytes = object.as_str().unwrap();
    match bytes.strip_prefix(&[0xFE, 0xFF]) {
        Some(units) => {
            let units: Vec<u16> = units.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        None => String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
