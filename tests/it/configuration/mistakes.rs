//! Mistakes of configuration, as `config check` tells them: each alone, and all that can stand together in one go.
//!
//! `tests/data/mistakes.toml` says what is replaced in `tests/data/mistakes/`, and every line that is told.

use crate::support::folders::copy;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Deserialize)]
struct Table {
    mistake: Vec<Mistake>,
}

#[derive(Deserialize)]
struct Mistake {
    file: String,
    replace: String,
    with: String,
    /// It hides or changes what others are told, so that it is tried alone.
    #[serde(default)]
    alone: bool,
    told: Vec<Told>,
}

/// One line that is told: the file, the line on which `at` begins, and what is said of it.
#[derive(Deserialize)]
struct Told {
    /// The file of the mistake where it is left out.
    #[serde(default)]
    file: Option<String>,
    /// Empty where no line is named.
    at: String,
    says: String,
    #[serde(default)]
    warning: bool,
}

fn mistakes() -> Vec<Mistake> {
    let text = fs::read_to_string(data().with_extension("toml")).unwrap();
    toml::from_str::<Table>(&text).unwrap().mistake
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mistakes")
}

/// Copies the sound configuration with these mistakes in it.
fn with(mistakes: &[&Mistake]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&data(), folder.path());
    fs::create_dir(folder.path().join("returns")).unwrap();
    for mistake in mistakes {
        let path = folder.path().join(&mistake.file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(&mistake.replace), "{} has no {:?}", mistake.file, mistake.replace);
        fs::write(&path, text.replacen(&mistake.replace, &mistake.with, 1)).unwrap();
    }
    folder
}

/// Every fault and warning of the configuration in a folder, sorted, and the exit code.
fn check(folder: &Path) -> (Vec<String>, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_boardpack"))
        .args(["--config", "boardpack.toml", "config", "check"])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    let mut lines: Vec<String> = text
        .lines()
        .filter(|line| !line.starts_with("framework ") && *line != "the configuration is valid")
        .map(|line| line.trim_start_matches("error: ").to_owned())
        .collect();
    lines.sort();
    (lines, output.status.code())
}

/// What is to be told of these mistakes in this folder, sorted.
fn expected(mistakes: &[&Mistake], folder: &Path) -> Vec<String> {
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    let mut lines = Vec::new();
    for mistake in mistakes {
        for told in &mistake.told {
            let file = told.file.as_ref().unwrap_or(&mistake.file);
            let text = texts.entry(file).or_insert_with(|| fs::read_to_string(folder.join(file)).unwrap_or_default());
            let grade = if told.warning { "warning: " } else { "" };
            let line = match (told.at.as_str(), format!("\n{text}").find(&format!("\n{}", told.at))) {
                ("", _) => String::new(),
                (_, Some(at)) => format!(", line {}", text[..at].matches('\n').count() + 1),
                (at, None) => panic!("{file} has no line {at:?}"),
            };
            lines.push(format!("{grade}{file}{line}{}", told.says));
        }
    }
    lines.sort();
    lines
}

#[test]
fn the_configuration_without_a_mistake_is_in_order() {
    let folder = with(&[]);
    assert_eq!(check(folder.path()), (Vec::new(), Some(0)));
}

#[test]
fn each_mistake_is_told_once_at_its_line() {
    let all = mistakes();
    let wrong = std::thread::scope(|scope| {
        // A process each, two at a time.
        let halves = all.chunks(all.len().div_ceil(2));
        let tried: Vec<_> =
            halves.map(|half| scope.spawn(move || half.iter().filter_map(try_alone).collect::<Vec<_>>())).collect();
        tried.into_iter().flat_map(|half| half.join().unwrap()).collect::<Vec<String>>()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

/// What is told otherwise than expected; none where all is as expected.
fn try_alone(mistake: &Mistake) -> Option<String> {
    let folder = with(&[mistake]);
    let (found, code) = check(folder.path());
    let expected = expected(&[mistake], folder.path());
    let expected_code = if mistake.told.iter().all(|told| told.warning) { 0 } else { 78 };
    (found != expected || code != Some(expected_code))
        .then(|| format!("{}, {:?} ({code:?})\n  expected {expected:#?}\n  found {found:#?}", mistake.file, mistake.with))
}

#[test]
fn sixty_mistakes_are_told_at_once() {
    let all = mistakes();
    let together: Vec<&Mistake> = all.iter().filter(|mistake| !mistake.alone).collect();
    assert!(together.len() >= 60, "{}", together.len());
    let folder = with(&together);
    let (found, code) = check(folder.path());
    let expected = expected(&together, folder.path());
    let missing: Vec<&String> = expected.iter().filter(|line| !found.contains(line)).collect();
    let more: Vec<&String> = found.iter().filter(|line| !expected.contains(line)).collect();
    assert!(missing.is_empty() && more.is_empty(), "not told: {missing:#?}\nnot expected: {more:#?}");
    assert_eq!((found.len(), code), (expected.len(), Some(78)), "some are told twice");
}

#[test]
fn invalid_toml_hides_no_other_mistake() {
    // Each file, with the files in which some mistakes can only be known by what it says.
    const AREAS: [&str; 4] = ["is not an area of areas.toml", "is not a period of", "no pack is made of", "has no column"];
    const PARTNERS: [&str; 3] = ["there is no partner", "is not an area of areas.toml", "is not a period of"];
    let all = mistakes();
    let together: Vec<&Mistake> = all.iter().filter(|mistake| !mistake.alone).collect();
    let unbroken = check(with(&together).path()).0;
    for (file, resting) in [
        ("config/areas.toml", &AREAS[..]),
        ("config/partners.toml", &PARTNERS),
        ("config/schedules.toml", &[]),
        ("config/neighbours.toml", &[]),
        ("config/mappings/hospitals.toml", &[]),
        ("config/recipients.toml", &["there is no list of recipients"]),
        ("templates/board_pack/pack.toml", &[]),
        ("boardpack.toml", &[]),
    ] {
        for broken in ["the end", "a date"] {
            let folder = with(&together);
            let path = folder.path().join(file);
            let text = fs::read_to_string(&path).unwrap();
            let first_key = text.find(" = ").and_then(|at| text[..at].rfind('\n')).map_or(0, |at| at + 1);
            let text = match broken {
                "the end" => text + "\n[[[oops\n",
                _ => format!("{}from = 2026-13-45\n{}", &text[..first_key], &text[first_key..]),
            };
            fs::write(&path, text).unwrap();
            let (found, code) = check(folder.path());
            assert_eq!(code, Some(78));
            let of_it = |line: &&String| line.trim_start_matches("warning: ").starts_with(file);
            let rests = |line: &&String| resting.iter().any(|words| line.contains(words)) || line.starts_with("warning: ");
            let hidden: Vec<&String> =
                unbroken.iter().filter(|line| !of_it(line) && !rests(line) && !found.contains(line)).collect();
            assert!(hidden.is_empty(), "{file}, {broken} hides: {hidden:#?}");
            assert_eq!(found.iter().filter(|line| line.contains("is not TOML")).count(), 1, "{file}, {broken}: {found:#?}");
        }
    }
}

#[test]
fn a_wrong_edition_hides_no_other_mistake() {
    let all = mistakes();
    let together: Vec<&Mistake> = all.iter().filter(|mistake| !mistake.alone).collect();
    let folder = with(&together);
    let right = check(folder.path()).0;
    for (file, from, to) in [
        ("boardpack.toml", "edition = \"rivers\"", "edition = \"river\""),
        ("boardpack.toml", "edition = \"river\"", "edition = \"2024\""),
        ("boardpack.toml", "edition = \"2024\"", ""),
        ("config/frameworks/rivers/edition.toml", "effective_from = \"April 2025\"", "effective_from = 2031-04-01"),
    ] {
        edit(folder.path(), file, from, to);
        let found = check(folder.path()).0;
        let is_replaced = |line: &&String| line.contains(", effective_from: ");
        let hidden: Vec<&String> = right.iter().filter(|line| !is_replaced(line) && !found.contains(line)).collect();
        assert!(hidden.is_empty(), "{to} hides: {hidden:#?}");
    }
}

#[test]
fn an_invalid_date_is_the_only_finding() {
    for (file, line) in [
        ("boardpack.toml", "[pack]"),
        ("config/areas.toml", "[[area]]"),
        ("config/partners.toml", "[[partner]]"),
        ("config/recipients.toml", "[[list]]"),
        ("config/schedules.toml", "[[schedule]]"),
        ("config/frameworks/rivers/edition.toml", "[edition]"),
        ("config/frameworks/rivers/ambitions.toml", "[[ambition]]"),
        ("config/frameworks/measures/all.toml", "[[measure]]"),
    ] {
        let folder = with(&[]);
        edit(folder.path(), file, line, &format!("{line}\nas_at = 2026-13-45"));
        let (found, _) = check(folder.path());
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].starts_with(file) && found[0].contains("is not TOML: invalid date"), "{found:#?}");
    }
    // What other files say is looked at all the same, and a file that names the folder of all others hides them.
    let folder = with(&[]);
    edit(folder.path(), "config/frameworks/rivers/edition.toml", "effective_from = 2025-04-01", "effective_from = 2025-13-01");
    edit(folder.path(), "config/partners.toml", r#"area = "R2""#, r#"area = "R22""#);
    let (found, _) = check(folder.path());
    assert!(found.len() == 2 && found[1].contains("R22 is not an area of areas.toml"), "{found:#?}");
    let folder = with(&[]);
    edit(folder.path(), "boardpack.toml", "config = \"config\"", "config = 2025-13-01");
    assert_eq!(check(folder.path()).0.len(), 1);
}

/// Writes one text of a file in place of another that is there.
fn edit(folder: &Path, file: &str, replace: &str, with: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(replace), "{file} has no {replace}");
    fs::write(&path, text.replacen(replace, with, 1)).unwrap();
}

#[test]
fn unasked_kinds_of_partner_are_told() {
    let folder = with(&[]);
    let source = r#"source = { kind = "return", partners = ["council"], first = "2025/26" }"#;
    let parts = format!("{source}\nparts = [\"R2\", \"R3\"]");
    edit(folder.path(), "config/frameworks/measures/all.toml", source, &parts);
    assert_eq!(check(folder.path()), (Vec::new(), Some(0)));
    edit(folder.path(), "config/partners.toml", r#"kind = "council""#, r#"kind = "concil""#);
    let told = "warning: config/partners.toml, line 1, [[partner]] upper, kind: no measure asks a partner of the kind \"concil\", \
                although the area R2 is a part of some: the partner is asked for none (did you mean \"council\"?)";
    let (found, code) = check(folder.path());
    assert_eq!((found.len(), code), (1, Some(0)), "{found:#?}");
    assert_eq!(found[0].replace("line 4", "line 1"), told);
}

#[test]
fn two_spellings_of_a_kind_are_one_fault() {
    let remedies = |file: &str, replace: &str, with_this: &str| {
        let folder = with(&[]);
        let source = r#"source = { kind = "return", partners = ["acute-trust"] }"#;
        edit(folder.path(), "config/frameworks/measures/all.toml", source, &format!("{source}\nparts = [\"R4\", \"R3\"]"));
        edit(folder.path(), file, replace, with_this);
        let (found, code) = check(folder.path());
        assert_eq!(code, Some(78), "{found:#?}");
        let of_kinds = found.into_iter().filter(|line| line.contains("acute_trust") || line.contains("acute-trst"));
        of_kinds.collect::<Vec<_>>()
    };
    let of_partner = remedies("config/partners.toml", r#"kind = "acute-trust""#, r#"kind = "acute_trust""#);
    assert_eq!(of_partner.len(), 1, "{of_partner:#?}");
    assert!(of_partner[0].starts_with("config/partners.toml") && of_partner[0].contains("did you mean \"acute-trust\"?"));
    for slip in ["acute_trust", "acute-trst"] {
        let slip = format!("partners = [\"{slip}\"]");
        let of_measure = remedies("config/frameworks/measures/all.toml", r#"partners = ["acute-trust"]"#, &slip);
        assert_eq!(of_measure.len(), 1, "{of_measure:#?}");
        assert!(of_measure[0].starts_with("config/frameworks") && of_measure[0].contains("did you mean \"acute-trust\"?"));
    }
}

#[test]
fn duplicate_codes_are_one_fault() {
    let folder = with(&[]);
    edit(folder.path(), "boardpack.toml", "edition = \"rivers\"\n", "");
    assert_eq!(check(folder.path()), (Vec::new(), Some(0)));
    edit(folder.path(), "config/areas.toml", r#"code = "E92000001""#, r#"code = "R4""#);
    let (found, _) = check(folder.path());
    let of_codes: Vec<&String> = found.iter().filter(|line| line.contains("is given already by")).collect();
    assert_eq!(of_codes.len(), 1, "{found:#?}");
    assert!(found.iter().all(|line| !line.contains("E54000060") && !line.contains("several systems")), "{found:#?}");
}
