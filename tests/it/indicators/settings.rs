//! Every mistake in a source's settings is told at once as they are read: with its file and key, what was found, what was
//! expected, and what to do.

use crate::support::public_source::settings_of;
use crate::support::public_source::written::{BOARD, BOOK, CSV, HEAD, JSON, TABLE, assert_told, with};
use boardpack::fault::Fault;
use boardpack::settings::{self, Format, SourceKind};
use std::collections::BTreeMap;
use std::path::Path;

/// Every fault of a settings file, the file called FILE.
fn faults_of(text: &str, variables: &[(&str, &str)]) -> Vec<Fault> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("boardpack.toml");
    std::fs::write(&path, text).unwrap();
    let variables: BTreeMap<String, String> = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let faults = settings::load(Some(&path), &variables).err().map(|faults| faults.0).unwrap_or_default();
    let file = path.display().to_string();
    faults.into_iter().map(|fault| Fault { place: without_line(&fault.place.replace(&file, "FILE")), ..fault }).collect()
}

/// The place without the line, which is tried where the settings are read.
fn without_line(place: &str) -> String {
    let is_line = |part: &&str| !part.starts_with("line ");
    place.split(", ").filter(is_line).collect::<Vec<_>>().join(", ")
}

#[test]
fn each_kind_takes_exactly_its_own_keys() {
    for whole in [TABLE, JSON, CSV, BOOK, BOARD, "kind = \"fingertips\"\n"] {
        assert_eq!(faults_of(&format!("{HEAD}{whole}"), &[]), [], "{whole}");
    }
}

#[test]
fn each_source_mistake_names_key_and_remedy() {
    let all_lacking = "add it (docs/indicators.md)";
    let other_kind = "leave it out, or set the kind that has it";
    let cases: Vec<(String, &str, &str, &str)> = vec![
        // What every source needs.
        (String::new(), "kind", "is needed and not given; expected \"fingertips\", \"dashboard\"", all_lacking),
        ("kind = \"web\"\n".into(), "kind", "\"web\" is not a kind of source; expected \"fingertips\"", "name one of them"),
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
            "\"England\" is not a geography",
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
        (
            with(TABLE, "file = \"t.csv\"", "file = [\"t.csv\"]"),
            "file",
            "is a list; a text in quotation marks was expected",
            "config/default.toml",
        ),
        (
            with(TABLE, "file", "period_format = \"week\"\nfile"),
            "period_format",
            "is \"week\"; one of label, iso-month",
            "correct it",
        ),
        (with(JSON, "\"json\"", "\"xml\""), "api.format", "is \"xml\"; one of json, csv was expected", "correct it"),
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
        (with(JSON, "\"/obs\"", "\"obs\""), "api.rows", "\"obs\" is not a JSON pointer: a / was expected", "write \"/obs\""),
        (with(JSON, "\"/obs\"", "\"/data[0]/obs\""), "api.rows", "\"data[0]\" of the JSON pointer", "write \"/data/0/obs\""),
        (with(JSON, "\"/obs\"", "\"/data/*/obs\""), "api.rows", "\"*\" of the JSON pointer", "such as /data/0/rows"),
        (with(JSON, "\"/area\"", "\"area.code\""), "columns.area", "is not a JSON pointer", "write \"/area/code\""),
        (with(JSON, "\"/area\"", "\"#area\""), "columns.area", "\"area\" is not a JSON pointer", "write \"/area\""),
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
        (with(JSON, "rows", "next = \"next\"\nrows"), "api.next", "is not a JSON pointer", "write \"/next\""),
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
            "\"status\" is not a JSON pointer",
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
fn secrets_are_never_stored_or_sent_openly() {
    let given = "secret = \"s3cr3t-value\"\n";
    let asked =
        |request: &str, rest: &str| with(CSV, "request = \"d?i={indicator}\"\n", &format!("request = \"{request}\"\n{rest}"));
    let cases = [
        (asked("d?key={secret}", ""), "api.secret_file", "{secret} stands for it", "BOARDPACK__SOURCES__X__API__SECRET"),
        (asked("d?i=1", given), "api.secret", "is given and never used", "write {secret} where"),
        (asked("{secret}/d?i=1", given), "api.request", "is in the path", "a parameter of the query"),
        (
            asked("d", "secret_file = \"nowhere\"\nheaders = { X = \"{secret}\" }\n"),
            "api.secret_file",
            "nowhere cannot be read",
            "may read",
        ),
        (asked("//user:s3cr3t-value@example.org/d", ""), "api.request", "has a user or a password in it", "take it out"),
        (
            asked("d", "headers = { Authorization = \"Bearer s3cr3t-value\" }\n"),
            "api.headers.Authorization",
            "is the name of a secret, and its value is in the settings",
            "write {secret}",
        ),
        (asked("d", "headers = { Range = \"bytes=0-1\" }\n"), "api.headers.Range", "boardpack sets itself", "leave it out"),
        (
            asked("d", "headers = { \"a b\" = \"c\" }\n"),
            "api.headers",
            "\"a b\" is not the name of a header",
            "as the source does",
        ),
    ];
    for (text, key, problem, remedy) in &cases {
        let found = faults_of(&format!("{HEAD}{text}"), &[]);
        assert_told(&found, &format!("FILE, sources.x.{key}"), problem, remedy);
        assert!(!format!("{found:?}").contains("s3cr3t"), "{found:?}");
    }
    let open = HEAD.replace("https://", "http://");
    let found = faults_of(&format!("{open}{}", asked("d?key={secret}", given)), &[]);
    assert_told(&found, "FILE, sources.x.base_url", "would be sent in the clear", "https://");
    for base in ["https://user:s3cr3t@example.org/", "https://s3cr3t@example.org", "ftp://user:s3cr3t@[bad/"] {
        let found = faults_of(&format!("{}{CSV}", HEAD.replace("https://example.org/", base)), &[]);
        assert_told(&found, "FILE, sources.x.base_url", "has a user or a password in it", "take it out");
        assert!(!format!("{found:?}").contains("s3cr3t"), "{found:?}");
    }
    // By a file beside the settings, by the environment, and by neither where no secret is asked for.
    let variable = [("BOARDPACK__SOURCES__X__API__SECRET", "s3cr3t-value")];
    assert_eq!(faults_of(&format!("{HEAD}{}", asked("d?key={secret}", "")), &variable), []);
    assert_eq!(faults_of(&format!("{HEAD}{}", asked("d", "headers = { Accept = \"text/csv\" }\n")), &[]), []);
}

#[test]
fn all_faults_are_told_where_they_arose() {
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
            "FILE, sources.a.file",
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
fn other_source_kinds_keep_only_what_fits() {
    let settings = settings_of("[sources.hcai]\nkind = \"workbook\"\nfile = \"a.ods\"\nmapping = \"ukhsa-hcai\"\n");
    let SourceKind::Workbook(workbook) = &settings.sources["hcai"].kind else { panic!() };
    assert!(settings.sources["hcai"].publisher.starts_with("UK Health Security Agency, "));
    assert_eq!(workbook.file, "a.ods");
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
