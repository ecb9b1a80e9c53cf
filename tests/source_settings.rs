//! Every mistake in a source's settings, and in the measures that name a source, is told before a run: with its file and
//! key, what was found, what was expected, and what to do.

mod public_source;

use boardpack::area::Areas;
use boardpack::assets::Assets;
use boardpack::collect::workbook::Reading;
use boardpack::collect::{Files, Wanted, check_answers, check_sources};
use boardpack::fault::Fault;
use boardpack::framework::{self, Framework};
use boardpack::period::{Period, YearKind};
use boardpack::settings::{self, Format, Settings, SourceKind};
use public_source::{framework, life_expectancy, measure, settings_of};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every fault of a settings file, the file called FILE.
fn faults_of(text: &str, variables: &[(&str, &str)]) -> Vec<Fault> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("boardpack.toml");
    std::fs::write(&path, text).unwrap();
    let variables: BTreeMap<String, String> = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let faults = settings::load(Some(&path), &variables).err().map(|faults| faults.0).unwrap_or_default();
    let file = path.display().to_string();
    faults.into_iter().map(|fault| Fault { place: fault.place.replace(&file, "FILE"), ..fault }).collect()
}

#[track_caller]
fn assert_told(found: &[Fault], place: &str, problem: &str, remedy: &str) {
    let is_it = |fault: &&Fault| fault.place == place && fault.problem.contains(problem) && fault.remedy.contains(remedy);
    assert!(found.iter().any(|fault| is_it(&fault)), "no {place}: {problem} ({remedy}) in\n{found:#?}");
}

const HEAD: &str = "[sources.x]\npublisher = \"P\"\nlicence = \"L\"\nbase_url = \"https://example.org/\"\n";
const TABLE: &str = "kind = \"table\"\nfile = \"t.csv\"\n[sources.x.columns]\narea = \"a\"\nperiod = \"p\"\nvalue = \"v\"\n";
const JSON: &str = "kind = \"api\"\n[sources.x.api]\nrequest = \"d?i={indicator}\"\nformat = \"json\"\nrows = \"/obs\"\n\
                    [sources.x.columns]\narea = \"/area\"\nperiod = \"/period\"\nvalue = \"/value\"\n";
const CSV: &str = "kind = \"api\"\n[sources.x.api]\nrequest = \"d?i={indicator}\"\nformat = \"csv\"\n\
                   [sources.x.columns]\narea = \"a\"\nperiod = \"p\"\nvalue = \"v\"\n";
const BOOK: &str = "kind = \"workbook\"\nfile = \"b.ods\"\nmapping = \"ukhsa-hcai\"\n";
const BOARD: &str = "kind = \"dashboard\"\nareas = { E92000001 = \"Nation/England\" }\n";

const MAPPING: &str = "title = \"t\"\n[[figures]]\nsheet = \"any\"\nheader = [\"Code\"]\nmeasure = \"MEASURE\"\n\
                       area = { column = \"Code\" }\nperiod = \"2024\"\nvalue = \"Rate\"\n";

/// The settings with one text replaced.
fn with(settings: &str, from: &str, to: &str) -> String {
    assert!(settings.contains(from), "{from} is not in {settings}");
    settings.replacen(from, to, 1)
}

#[test]
fn each_kind_takes_exactly_its_own_keys() {
    for whole in [TABLE, JSON, CSV, BOOK, BOARD, "kind = \"fingertips\"\n"] {
        assert_eq!(faults_of(&format!("{HEAD}{whole}"), &[]), [], "{whole}");
    }
}

#[test]
fn every_mistake_in_a_source_is_told_with_its_key_and_what_to_do() {
    let all_lacking = "add it (docs/indicators.md)";
    let other_kind = "leave it out, or set the kind that has it";
    let cases: Vec<(String, &str, &str, &str)> = vec![
        // What every source needs.
        (String::new(), "kind", "is needed and not given; expected \"fingertips\", \"dashboard\"", all_lacking),
        ("kind = \"web\"\n".into(), "kind", "\"web\" is no kind of source; expected \"fingertips\"", "name one of them"),
        // What a kind needs.
        (with(TABLE, "file = \"t.csv\"\n", ""), "file", "is needed for a source of kind \"table\" and not given", all_lacking),
        (with(TABLE, "\"t.csv\"", "\"\""), "file", "is needed for a source of kind \"table\"", all_lacking),
        ("kind = \"table\"\nfile = \"t.csv\"\n".into(), "columns", "a table [sources.NAME.columns]", all_lacking),
        (with(TABLE, "area = \"a\"\n", ""), "columns.area", "expected the column with the area's code", all_lacking),
        (with(TABLE, "\"p\"", "\"\""), "columns.period", "expected the column with the period", all_lacking),
        (with(CSV, "value = \"v\"\n", ""), "columns.value", "a source of kind \"api\" and not given", all_lacking),
        (with(BOOK, "mapping = \"ukhsa-hcai\"\n", ""), "mapping", "the name of a file of mappings/", all_lacking),
        (with(BOOK, "file = \"b.ods\"\n", ""), "file", "the file below base_url", all_lacking),
        ("kind = \"dashboard\"\n".into(), "areas", "the dashboard's names of areas", all_lacking),
        (
            with(BOARD, "Nation/England", "England"),
            "areas.E92000001",
            "\"England\" is no geography",
            "as the dashboard's addresses",
        ),
        (
            "kind = \"api\"\n[sources.x.columns]\narea = \"a\"\nperiod = \"p\"\nvalue = \"v\"\n".into(),
            "api",
            "a table [sources.NAME.api]",
            all_lacking,
        ),
        (with(JSON, "request = \"d?i={indicator}\"\n", ""), "api.request", "expected the rest of the address", all_lacking),
        (with(JSON, "format = \"json\"\n", ""), "api.format", "expected \"json\" or \"csv\"", all_lacking),
        (
            with(CSV, "format", "paging = { size = 5 }\nformat"),
            "api.paging.parameter",
            "the parameter that takes the number",
            all_lacking,
        ),
        (with(CSV, "format", "paging = { size = 5 }\nformat"), "api.paging.counts", "\"rows\" or \"pages\"", all_lacking),
        // What a kind has no use for.
        (
            "kind = \"fingertips\"\nmissing = [\"-\"]\n".into(),
            "missing",
            "a source of kind \"fingertips\" has no such setting",
            "leave it out",
        ),
        (
            with(BOARD, "areas", "file = \"f\"\nareas"),
            "file",
            "a source of kind \"dashboard\" has no such setting; expected `areas` or `missing`",
            other_kind,
        ),
        (
            format!("{BOOK}[sources.x.columns]\narea = \"a\"\n"),
            "columns",
            "a source of kind \"workbook\" has no such setting",
            other_kind,
        ),
        (with(TABLE, "file", "mapping = \"m\"\nfile"), "mapping", "a source of kind \"table\" has no such setting", other_kind),
        (
            with(JSON, "kind = \"api\"\n", "kind = \"api\"\nfile = \"f\"\n"),
            "file",
            "a source of kind \"api\" has no such setting",
            other_kind,
        ),
        (
            with(TABLE, "area = \"a\"", "aera = \"a\"\narea = \"a\""),
            "columns.aera",
            "has no such setting; expected one of `indicator`",
            other_kind,
        ),
        (
            with(CSV, "format", "next = \"/next\"\nformat"),
            "api.next",
            "\"/next\" points into JSON, and api.format is \"csv\"",
            "api.paging",
        ),
        (with(CSV, "format", "rows = \"/obs\"\nformat"), "api.rows", "points into JSON", "leave it out"),
        // Values that no source can have.
        (with(TABLE, "file = \"t.csv\"", "file = [\"t.csv\"]"), "file", "invalid type: sequence", "correct it"),
        (
            with(TABLE, "file", "period_format = \"week\"\nfile"),
            "period_format",
            "unknown variant `week`, expected one of `label`, `iso-month`",
            "correct it",
        ),
        (with(JSON, "\"json\"", "\"xml\""), "api.format", "unknown variant `xml`, expected `json` or `csv`", "correct it"),
        (
            with(CSV, "format", "paging = { parameter = \"p\", size = 0, counts = \"rows\" }\nformat"),
            "api.paging.size",
            "is 0",
            "page size",
        ),
        (
            with(TABLE, "file", "sexes = { Woman = \"w\" }\nfile"),
            "sexes.Woman",
            "expected Persons, Male or Female",
            "write Female",
        ),
        (
            with(TABLE, "area =", "lower = \"l\"\narea ="),
            "columns.lower",
            "is given without columns.upper",
            "both columns or neither",
        ),
        (
            with(TABLE, "file", "only = { s = \"A\" }\nexcept = { s = \"A\" }\nfile"),
            "except",
            "no row is read",
            "keep one of them",
        ),
        (with(TABLE, "\"a\"", "\" \""), "columns.area", "is blank", "the heading as the source writes it"),
        // Requests and what they have filled in.
        (
            with(JSON, "{indicator}", "{indicater}"),
            "api.request",
            "{indicater} is never filled in; expected one of {indicator}, {area}",
            "did you mean {indicator}?",
        ),
        (with(CSV, "{indicator}", "{ aera }"), "api.request", "is never filled in", "did you mean {area}?"),
        (
            with(JSON, "{indicator}", "{period}"),
            "api.periods",
            "is needed and not given: the request has {period} in it",
            "[\"latest\"]",
        ),
        (
            with(JSON, "format", "periods = [\"latest\"]\nformat"),
            "api.periods",
            "is given and never used",
            "put {period} into api.request",
        ),
        (
            with(&with(JSON, "{indicator}", "{period}"), "format", "periods = [\" \"]\nformat"),
            "api.periods",
            "asks for no period",
            "take it out",
        ),
        (
            with(JSON, "rows", "next = \"/next\"\npaging = { parameter = \"p\", size = 5, counts = \"rows\" }\nrows"),
            "api.paging",
            "so is api.next",
            "keep one",
        ),
        // Pointers that can never match.
        (with(JSON, "\"/obs\"", "\"obs\""), "api.rows", "\"obs\" is no JSON pointer: a / was expected", "write \"/obs\""),
        (with(JSON, "\"/obs\"", "\"/data[0]/obs\""), "api.rows", "\"data[0]\" of the JSON pointer", "write \"/data/0/obs\""),
        (with(JSON, "\"/obs\"", "\"/data/*/obs\""), "api.rows", "\"*\" of the JSON pointer", "such as /data/0/rows"),
        (with(JSON, "\"/area\"", "\"area.code\""), "columns.area", "is no JSON pointer", "write \"/area/code\""),
        (with(JSON, "\"/area\"", "\"#area\""), "columns.area", "\"area\" is no JSON pointer", "write \"/area\""),
        (with(JSON, "\"/area\"", "\"/a~b\""), "columns.area", "neither ~0 nor ~1", "write ~0 for ~"),
        (with(JSON, "\"/area\"", "\"#/obs/0/area\""), "columns.area", "points into the list of rows \"/obs\"", "without #"),
        (with(JSON, "\"/area\"", "\"#/obs\""), "columns.area", "points into the list of rows \"/obs\"", "without #"),
        (
            with(&with(JSON, "\"/obs\"", "\"/data/0/obs\""), "\"/area\"", "\"#/data/0\""),
            "columns.area",
            "holds the list of rows",
            "beside the list",
        ),
        (
            with(&with(JSON, "rows = \"/obs\"\n", ""), "\"/area\"", "\"#/area\""),
            "columns.area",
            "the answer itself is the list of rows",
            "set api.rows",
        ),
        (with(JSON, "rows", "next = \"next\"\nrows"), "api.next", "is no JSON pointer", "write \"/next\""),
        (with(JSON, "rows", "cut_short = \"/obs/1\"\nrows"), "api.cut_short", "points into the list of rows", "beside the list"),
        (
            with(JSON, "\"/area\"", "\"/value/area\""),
            "columns.value",
            "holds \"/value/area\" (columns.area)",
            "point to the text or number itself",
        ),
        (
            with(JSON, "kind = \"api\"", "kind = \"api\"\nonly = { status = \"A\" }"),
            "only",
            "\"status\" is no JSON pointer",
            "write \"/status\"",
        ),
    ];
    for (text, key, problem, remedy) in &cases {
        let found = faults_of(&format!("{HEAD}{text}"), &[]);
        assert_told(&found, &format!("FILE, sources.x.{key}"), problem, remedy);
    }
    for key in ["publisher", "licence", "base_url"] {
        let head: String = HEAD.lines().filter(|line| !line.starts_with(key)).map(|line| format!("{line}\n")).collect();
        assert_told(&faults_of(&format!("{head}{BOOK}"), &[]), &format!("FILE, sources.x.{key}"), "is needed", all_lacking);
    }
}

#[test]
fn all_faults_are_told_at_once_each_once_and_where_it_was_set() {
    let text = "[sources.a]\nkind = \"table\"\npublisher = \"P\"\nlicence = \"L\"\nbase_url = \"\"\nfile = 3.5\nmapping = \"m\"\n\
                [sources.b]\nkind = \"api\"\npublisher = [1]\nlicence = \"L\"\nbase_url = \"\"\n\
                [sources.b.api]\nrequest = \"{aera}\"\nformat = \"json\"\nrows = \"obs\"\n\
                [sources.b.columns]\nperiod = \"when\"\n[mail]\ntransprot = \"smtp\"\n";
    let variables = [("BOARDPACK__SOURCES__FINGERTIPS__FILE", "f"), ("BOARDPACK__SOURCES__C__KIND", "workbook")];
    let found = faults_of(text, &variables);
    let mut places: Vec<&str> = found.iter().map(|fault| fault.place.as_str()).collect();
    places.sort_unstable();
    assert_eq!(
        places,
        [
            "FILE, mail.transprot",
            "FILE, sources.a.columns",
            "FILE, sources.a.mapping",
            "FILE, sources.b.api.request",
            "FILE, sources.b.columns.area",
            "FILE, sources.b.columns.value",
            "FILE, sources.b.publisher",
            "environment variable BOARDPACK__SOURCES__C__BASE_URL, sources.c.base_url",
            "environment variable BOARDPACK__SOURCES__C__FILE, sources.c.file",
            "environment variable BOARDPACK__SOURCES__C__LICENCE, sources.c.licence",
            "environment variable BOARDPACK__SOURCES__C__MAPPING, sources.c.mapping",
            "environment variable BOARDPACK__SOURCES__C__PUBLISHER, sources.c.publisher",
            "environment variable BOARDPACK__SOURCES__FINGERTIPS__FILE, sources.fingertips.file",
        ],
        "{found:#?}"
    );
}

#[test]
fn a_source_of_another_kind_than_the_default_keeps_its_publisher_and_nothing_that_it_has_no_use_for() {
    let settings = settings_of("[sources.hcai]\nkind = \"workbook\"\nfile = \"a.ods\"\nmapping = \"ukhsa-hcai\"\n");
    let SourceKind::Workbook(workbook) = &settings.sources["hcai"].kind else { panic!() };
    assert_eq!((workbook.file.as_str(), settings.sources["hcai"].publisher.as_str()), ("a.ods", "UK Health Security Agency"));
    // The default's column "organism" would be no pointer.
    let api = JSON.replace("sources.x", "sources.hcai");
    let settings = settings_of(&format!("[sources.hcai]\n{api}"));
    let SourceKind::Api(api) = &settings.sources["hcai"].kind else { panic!() };
    assert!(matches!(&api.format, Format::Json(json) if json.list == "/obs"));
    assert_eq!((api.rows.columns.indicator.as_deref(), api.rows.columns.area.as_str()), (None, "/area"));
    // What the same kind has stays as ever, key by key.
    let settings = settings_of("[sources.hcai.columns]\nvalue = \"rate\"\n");
    let SourceKind::Table(table) = &settings.sources["hcai"].kind else { panic!() };
    assert_eq!((table.rows.columns.value.as_str(), table.rows.columns.area.as_str()), ("rate", "area_code"));
}

// What the framework and the mappings say of sources.

fn shipped_areas() -> Areas {
    framework::read_areas(&Assets::config(None)).unwrap()
}

fn checked(measures: &[String], settings: &Settings, config: &Assets) -> Vec<Fault> {
    check_sources(&framework(measures), &shipped_areas(), &settings.sources, config)
}

#[test]
fn what_measures_and_mappings_say_of_a_source_is_held_against_it() {
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
            "measure m",
            "its source \"y\" is not in the settings",
            "there are: admissions, fingertips, hcai, oflog, x",
        ),
        (
            vec![of_x("m", "9o366", ", area_types = [501]")],
            "kind = \"fingertips\"\n".into(),
            "measure m",
            "the indicator \"9o366\" is no id of Fingertips; a number was expected",
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
            "sources.x.mapping: mappings/gone.toml (built in)",
            "there is no such file",
            "there are: broken.toml",
        ),
        (
            vec![years(12)],
            book("broken"),
            "sources.x.mapping: PLACE/broken.toml, line 2",
            "is not TOML",
            "mend the file at that line",
        ),
        (
            vec![years(12)],
            book("nobody"),
            "sources.x.mapping: PLACE/nobody.toml, [[figures]] number 1, measure",
            "\"nobody\" is not a measure of the 2024 framework",
            "",
        ),
        (
            vec![years(12)],
            book("twice"),
            "sources.x.mapping: PLACE/twice.toml, [[figures]] number 1, volume",
            "unknown field `volume`",
            "docs/mappings.md",
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
fn the_shipped_framework_and_settings_have_no_such_fault() {
    let config = Assets::config(None);
    let settings = settings::load(None, &BTreeMap::new()).unwrap();
    for edition in ["2023", "2024"] {
        let framework: Framework = framework::load(&config, edition).unwrap();
        assert_eq!(check_sources(&framework, &shipped_areas(), &settings.sources, &config), []);
    }
}

// Where the sources lie.

fn answers(measures: &[String], settings: &Settings) -> Vec<Fault> {
    let folder = laid(&[]);
    std::fs::create_dir(folder.path().join("mappings")).unwrap();
    std::fs::write(folder.path().join("mappings/of-m.toml"), MAPPING.replace("MEASURE", "m")).unwrap();
    let (framework, areas) = (framework(measures), shipped_areas());
    let config = Assets::config(Some(folder.path().to_owned()));
    let files = Files { config: &config, areas: &areas, limits: &settings.returns.limits, reading: &Reading::Here };
    let period = Period::parse("2026-27-Q2", YearKind::Financial).unwrap();
    let wanted = Wanted { framework: &framework, partners: &[], period, as_at: "2026-11-20".parse().unwrap() };
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
fn addresses_folders_and_recorded_answers_are_looked_at_and_nothing_is_asked() {
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
fn the_settings_in_the_documentation_are_in_order() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/indicators.md")).unwrap();
    let blocks = text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut whole = 0;
    for block in blocks.filter(|block| block.contains("publisher")) {
        assert_eq!(faults_of(block, &[]), [], "{block}");
        whole += 1;
    }
    assert_eq!(whole, 3, "Nomis, the successor of Fingertips, the dashboard");
}

#[test]
fn config_check_of_a_configuration_ends_with_all_of_it() {
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
        told.contains("boardpack.toml, sources.x.api.rows: \"obs\" is no JSON pointer") && told.contains("write \"/obs\""),
        "{told}"
    );
}
