//! What a run would find wrong with sources is told before it: in the measures that name them, in their mappings, and in
//! what lies where they are.

use crate::support::public_source::written::{BOARD, BOOK, CSV, HEAD, JSON, MAPPING, TABLE, assert_told, with};
use crate::support::public_source::{framework, life_expectancy, measure, settings_of};
use boardpack::area::Areas;
use boardpack::assets::Assets;
use boardpack::collect::workbook::ReaderProcess;
use boardpack::collect::{Files, RunScope, check_answers, check_sources};
use boardpack::fault::Fault;
use boardpack::framework::{self, Framework};
use boardpack::period::{Period, YearKind};
use boardpack::settings::{self, Settings};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

// What the framework and the mappings say of sources.

fn shipped_areas() -> Areas {
    framework::read_areas(&Assets::config(None)).unwrap()
}

fn checked(measures: &[String], settings: &Settings, config: &Assets) -> Vec<Fault> {
    check_sources(&framework(measures), Some(&shipped_areas()), &settings.sources, config)
}

#[test]
fn measures_and_mappings_are_checked_against_sources() {
    let config_folder = tempfile::tempdir().unwrap();
    let mappings = config_folder.path().join("mappings");
    std::fs::create_dir(&mappings).unwrap();
    std::fs::write(mappings.join("broken.toml"), "title = \"t\"\n[[figures]\n").unwrap();
    std::fs::write(mappings.join("other.toml"), MAPPING.replace("MEASURE", "second")).unwrap();
    std::fs::write(mappings.join("nobody.toml"), MAPPING.replace("MEASURE", "nobody")).unwrap();
    std::fs::write(mappings.join("twice.toml"), MAPPING.replace("MEASURE", "m").replace("value =", "volume =")).unwrap();
    let config = Assets::config(Some(config_folder.path().to_owned()));
    let of_x = |id: &str, indicator: &str, more: &str| {
        measure(id, "calendar", &format!("source = \"x\", indicator = \"{indicator}\"{more}"))
    };
    let years = |cadence: u32| of_x("m", "i", "").replace("cadence_months = 12", &format!("cadence_months = {cadence}"));
    let book = |name: &str| with(BOOK, "ukhsa-hcai", name);
    let iso = |kind: &str, format: &str| with(kind, "kind", &format!("period_format = \"{format}\"\nkind"));
    let dashboard = |indicator: &str, cadence: &str| of_x("m", indicator, "").replace("cadence_months = 12", cadence);
    let correct = "correct the measure's source, or the source's settings";
    let cases: Vec<(Vec<String>, String, &str, &str, &str)> = vec![
        (
            vec![of_x("m", "i", "").replace("\"x\"", "\"y\"")],
            TABLE.into(),
            "measure m, source.source",
            "its source \"y\" is not in the settings",
            "there are: admissions, ",
        ),
        (
            vec![of_x("m", "9o366", ", area_types = [501]")],
            "kind = \"fingertips\"\n".into(),
            "measure m",
            "the indicator \"9o366\" is not a Fingertips id; a number was expected",
            correct,
        ),
        (vec![of_x("m", "90366", "")], "kind = \"fingertips\"\n".into(), "measure m", "m names no area_types", correct),
        (
            vec![dashboard("MRSA", "cadence_months = 12")],
            BOARD.into(),
            "measure m",
            "the indicator \"MRSA\" is not theme/sub_theme/topic/metric",
            correct,
        ),
        (
            vec![dashboard("a/b/c/d", "cadence_months = 12")],
            BOARD.replace("E92000001", "E99999999"),
            "measure m",
            "sources.x.areas names none of the areas of m",
            correct,
        ),
        (vec![years(24)], iso(TABLE, "iso-date"), "measure m", "has figures every 24 months", "set cadence_months to 1, 3 or 12"),
        (
            vec![years(12)],
            iso(JSON, "iso-month"),
            "measure m",
            "asks for periods of 12 months, and its source \"x\" gives such of 1",
            "aggregate = \"sum\"",
        ),
        (
            vec![of_x("m", "a", ""), of_x("second", "b", "")],
            TABLE.into(),
            "measure second",
            "gives the same figures for \"b\" as for \"a\" of m",
            "set sources.x.columns.indicator",
        ),
        (
            vec![years(12)],
            book("gone"),
            "sources.x.mapping",
            "there is no mapping \"gone\"; there are: broken.toml",
            "name one of them",
        ),
        (
            vec![years(12)],
            book("broken"),
            "sources.x.mapping: PLACE/broken.toml, line 2, column 11",
            "is not TOML",
            "correct the file at that line",
        ),
        (
            vec![years(12)],
            book("nobody"),
            "sources.x.mapping: PLACE/nobody.toml, line 5, [[figures]] number 1, measure",
            "\"nobody\" is not a measure of the 2024 framework",
            "",
        ),
        (
            vec![years(12)],
            book("twice"),
            "sources.x.mapping: PLACE/twice.toml, line 8, [[figures]] number 1, volume",
            "is not a known key here",
            "did you mean value?",
        ),
        (
            vec![of_x("m", "i", ""), of_x("second", "i", "")],
            book("other"),
            "measure m",
            "its source \"x\" is read by",
            "name the measure in the mapping",
        ),
    ];
    for (measures, kind, place, problem, remedy) in &cases {
        let found = checked(measures, &settings_of(&format!("{HEAD}{kind}")), &config);
        let place = place.replace("PLACE", &mappings.display().to_string());
        assert_told(&found, &place, problem, remedy);
        assert_eq!(found.len(), 1, "{found:#?}");
    }
    // What is right has no fault: the same figures for one indicator, months added up to a year, a mapping by labels.
    let sum = of_x("m", "i", ", aggregate = \"sum\"");
    for (measures, kind) in [
        (vec![of_x("m", "a", ""), of_x("second", "a", "")], TABLE.to_owned()),
        (vec![sum], iso(JSON, "iso-month")),
        (vec![of_x("second", "i", "")], book("other")),
        (vec![years(3)], iso(JSON, "iso-date")),
    ] {
        assert_eq!(checked(&measures, &settings_of(&format!("{HEAD}{kind}")), &config), []);
    }
}

#[test]
fn the_shipped_configuration_has_no_faults() {
    let config = Assets::config(None);
    let settings = settings::load(None, &BTreeMap::new()).unwrap();
    for edition in ["2023", "2024"] {
        let framework: Framework = framework::load(&config, edition).unwrap();
        assert_eq!(check_sources(&framework, Some(&shipped_areas()), &settings.sources, &config), []);
    }
}

// Where the sources lie.

fn answers(measures: &[String], settings: &Settings) -> Vec<Fault> {
    let folder = laid(&[]);
    std::fs::create_dir(folder.path().join("mappings")).unwrap();
    std::fs::write(folder.path().join("mappings/of-m.toml"), MAPPING.replace("MEASURE", "m")).unwrap();
    let (framework, areas) = (framework(measures), shipped_areas());
    let config = Assets::config(Some(folder.path().to_owned()));
    let files = Files { config: &config, areas: &areas, limits: &settings.returns.limits, reading: &ReaderProcess::Here };
    let period = Period::parse("2026-27-Q2", YearKind::Financial).unwrap();
    let wanted = RunScope { framework: &framework, partners: &[], period, as_at: "2026-11-20".parse().unwrap() };
    check_answers(&wanted, &settings.sources, files)
}

fn laid(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| std::fs::write(folder.path().join(name), text).unwrap());
    folder
}

fn list(request: &str, file: &str) -> String {
    format!("[[answer]]\nrequest = \"{request}\"\nfile = \"{file}\"\nretrieved = \"2026-11-02T09:00:00Z\"\n")
}

#[test]
fn checks_read_folders_but_ask_no_host() {
    let of_x = measure("m", "calendar", "source = \"x\", indicator = \"i\"");
    let at =
        |base: &Path, kind: &str| settings_of(&format!("{}{kind}", HEAD.replace("https://example.org/", base.to_str().unwrap())));
    let recorded = |answer: &str| laid(&[("recordings.toml", &list("d?i=i", "a")), ("a", answer)]);
    let heading = laid(&[("t.csv", "a,period,v\n")]);
    let (no_list, no_column) = (recorded("{\"observations\":[]}"), recorded("{\"obs\":[{\"area\":1,\"value\":2}]}"));
    let (not_csv, bad_list) = (recorded("<html>"), laid(&[("recordings.toml", "[[answer]]\nrequest = 1\n")]));
    let cut = laid(&[("b.ods", "PK\u{3}\u{4}not a workbook")]);
    let elsewhere = laid(&[("recordings.toml", &list("d?i=i", "../a"))]);
    let of_m = with(BOOK, "ukhsa-hcai", "of-m");
    let gone = PathBuf::from("/nowhere");
    let cases: Vec<(&Path, &str, &str, String, &str)> = vec![
        (&gone, JSON, "base_url", "recordings.toml cannot be read".into(), "correct base_url"),
        (bad_list.path(), JSON, "base_url", "recordings.toml, line 2".into(), "correct base_url"),
        (&gone, TABLE, "base_url", "t.csv cannot be read".into(), "correct base_url"),
        (Path::new("ftp://example.org"), TABLE, "base_url", "neither an address nor a folder".into(), "correct the address"),
        (Path::new("http://"), TABLE, "base_url", "is not an address".into(), "correct the address"),
        (
            heading.path(),
            TABLE,
            ", t.csv in",
            "the table has no column \"p\"; its first line is \"a,period,v\" (sources.x.columns".into(),
            "correct the source's settings",
        ),
        (no_list.path(), JSON, ", d?i=i in", "the answer holds no list at \"/obs\"".into(), "correct the source's settings"),
        (no_column.path(), JSON, ", d?i=i in", "/obs/0 has nothing at \"/period\"".into(), "or what lies in the folder"),
        (not_csv.path(), CSV, ", d?i=i in", "a web page or XML came instead of a table".into(), "or what lies in the folder"),
        (elsewhere.path(), CSV, ", d?i=i in", "lies outside its folder".into(), "or what lies in the folder"),
        (cut.path(), &of_m, ", b.ods in", "b.ods".into(), "or what lies in the folder"),
    ];
    for (base, kind, place, problem, remedy) in &cases {
        let found = answers(std::slice::from_ref(&of_x), &at(base, kind));
        let [fault] = &found[..] else { panic!("{problem}: {found:#?}") };
        assert!(fault.place.starts_with("sources.x") && fault.place.contains(place), "{fault}");
        assert!(fault.problem.contains(problem.as_str()) && fault.remedy.contains(remedy), "{fault}");
    }
    let csv = laid(&[("b.ods", "Code,Ratio\nE06000018,7\n")]);
    let found = answers(std::slice::from_ref(&of_x), &at(csv.path(), &of_m));
    assert_told(
        &found,
        "sources.x: b.ods, sheet b",
        "the header in row 1 has no \"Rate\"; it has \"Code\", \"Ratio\"",
        "correct value in [[figures]]",
    );
    let csv = laid(&[("b.ods", "Kode,Rate\nE06000018,7\n")]);
    let found = answers(std::slice::from_ref(&of_x), &at(csv.path(), &of_m));
    assert_told(&found, "sources.x: b.ods", "no row with \"Code\" was found in the sheets \"b\"", "correct [[figures]]");
    let leads_away = settings_of(&format!("{HEAD}{}", with(JSON, "d?i=", "https://example.com/d?i=")));
    let found = answers(std::slice::from_ref(&of_x), &leads_away);
    assert_told(&found, "sources.x", "another host than the source's https://example.org", "below base_url only");
    // Not set up, not recorded, not asked: none of it is a mistake.
    let unrecorded = laid(&[("recordings.toml", &list("d?i=other", "a"))]);
    for settings in [at(Path::new(""), JSON), at(unrecorded.path(), JSON), at(Path::new("https://127.0.0.1:9/"), JSON)] {
        assert_eq!(answers(std::slice::from_ref(&of_x), &settings), []);
    }
    assert_eq!(answers(&[life_expectancy("le", "Female", 3)], &at(heading.path(), TABLE)), []);
}

#[test]
fn config_check_covers_sources() {
    let folder = laid(&[(
        "boardpack.toml",
        &format!("{}{TABLE}[sources.hcai]\nbase_url = \"gone\"\n", HEAD.replace("https://example.org/", "ftp://example.org")),
    )]);
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_boardpack"));
        command.args(arguments).arg("--config").arg(folder.path().join("boardpack.toml")).current_dir(folder.path());
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, told) = run(&["config", "check"]);
    assert_eq!(code, Some(78), "{told}");
    assert!(
        told.contains("mail.from") && told.contains("sources.x.base_url") && told.contains("sources.hcai.base_url"),
        "{told}"
    );
    std::fs::write(folder.path().join("boardpack.toml"), format!("{HEAD}{}", with(JSON, "\"/obs\"", "\"obs\""))).unwrap();
    let (code, told) = run(&["config", "check"]);
    assert_eq!(code, Some(78), "{told}");
    assert!(
        told.contains("boardpack.toml, line 9, sources.x.api.rows: \"obs\" is not a JSON pointer")
            && told.contains("write \"/obs\""),
        "{told}"
    );
}
