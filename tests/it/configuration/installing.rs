//! What a new installation begins with: a configuration of its own, completions, manual pages, units.

use crate::support::folders::{copy, files_below};
use crate::support::published_text::every_word;
use boardpack::period::Period;
use boardpack::return_template::{Answers, FigureAnswer, PartnerHistory, ReturnRequest};
use boardpack::run::{LoadedConfig, QuarterChoice};
use boardpack::schemas::{self, FileKind};
use boardpack::settings;
use boardpack::value::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn boardpack(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_boardpack")).args(arguments).current_dir(folder).output().unwrap()
}

#[track_caller]
fn assert_exit(output: &Output, code: i32) -> String {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

#[test]
fn a_new_configuration_ends_in_a_delivered_pack() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    assert_exit(&boardpack(here, &["init", "ours", "--state", "state with spaces"]), 0);
    let with = ["--config", "ours/boardpack.toml"];
    let told = |arguments: &[&str]| boardpack(here, &[arguments, &with].concat());
    assert!(assert_exit(&told(&["config", "check"]), 0).contains("the configuration is valid"));
    let noted = assert_exit(&told(&["framework", "check"]), 0);
    assert!(noted.contains("; 0 notes"), "{noted}");
    let next = assert_exit(&told(&["schedule", "next", "quarterly", "--count", "2", "--from", "2026-11-20T00:00:00Z"]), 0);
    // The 15th of May 2027 is a Saturday.
    assert_eq!(
        next,
        "2027-02-15T07:00:00Z  2027-02-15T07:00:00+00:00  Europe/London  2026-27-Q3\n\
         2027-05-17T06:00:00Z  2027-05-17T07:00:00+01:00  Europe/London  2026-27-Q4\n"
    );

    let settings = settings::load(Some(&here.join("ours/boardpack.toml")), &BTreeMap::new()).unwrap();
    assert!(settings.paths.returns.ends_with("state with spaces/returns"), "{:?}", settings.paths.returns);
    let config = LoadedConfig::load(&settings, false, QuarterChoice::default(), jiff::Timestamp::now).unwrap();
    fs::create_dir_all(&settings.paths.returns).unwrap();
    for partner in &config.partners {
        let period = Period::financial_quarter(2026, 2);
        let (framework, areas, earlier) = (&config.framework, &config.areas, &PartnerHistory::new());
        let request = ReturnRequest { framework, areas, partner, period, earlier, secretariat: "", deadline: period.end() };
        let given = FigureAnswer {
            value: Some(Value::Number(4.2)),
            numerator: Some(42.0),
            denominator: Some(1000.0),
            ..FigureAnswer::default()
        };
        let (due, baselines) = (request.figures(), request.baselines());
        assert_eq!(baselines.len(), 1, "what the target starts from is asked for too");
        let asked = due.iter().chain(&baselines);
        let figures = asked.map(|asked| (asked.key(), given.clone())).collect();
        let workbook = request.workbook(&Answers { figures, ..Answers::default() }).unwrap();
        fs::write(settings.paths.returns.join(request.file_name()), workbook).unwrap();
    }
    let run = assert_exit(&told(&["run", "--period", "2026-27-Q2", "--as-at", "2026-11-20"]), 0);
    assert!(run.contains("2 of 3 returns are complete"), "{run}");
    assert!(run.contains("  Our hospitals NHS trust: accepted\n    still to return: "), "the report on its key action: {run}");
    assert!(run.contains("secretary@example.org: written, not sent"), "{run}");
    assert!(settings.paths.output.join("2026-27-Q2/board-brief-2026-27-Q2.pdf").exists());
    assert_exit(&told(&["archive", "verify"]), 0);
    // The first quarter is judged, for the baseline was returned with it.
    let judged = assert_exit(&told(&["evaluate", "--period", "2026-27-Q2", "--as-at", "2026-11-20"]), 0);
    let line = judged.lines().find(|line| line.contains("our-sickness-absence")).unwrap();
    assert!(line.ends_with("Off track"), "{judged}");
}

#[test]
fn an_existing_configuration_is_left_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("ours/config")).unwrap();
    fs::write(folder.path().join("ours/config/partners.toml"), "# mine\n").unwrap();
    let told = assert_exit(&boardpack(folder.path(), &["init", "ours"]), 69);
    assert!(told.contains("ours/config/partners.toml: already exists"), "{told}");
    assert_eq!(fs::read_to_string(folder.path().join("ours/config/partners.toml")).unwrap(), "# mine\n");
    assert!(!folder.path().join("ours/boardpack.toml").exists(), "nothing is written beside it");
}

/// Words of the system that comes with the program, and the short form that its partnership is known by.
const OTHER_SYSTEM: [&str; 12] = [
    "Nottingham",
    "Bassetlaw",
    "Mansfield",
    "Ashfield",
    "Rushcliffe",
    "Gedling",
    "Broxtowe",
    "Newark",
    "Sherwood",
    "E54000060",
    "E06000018",
    "ICP",
];

#[track_caller]
fn assert_says_nothing_of_the_other(said: &[(PathBuf, String)]) {
    for (path, words) in said {
        for word in OTHER_SYSTEM {
            let stands_alone = |at: usize| {
                let (before, after) = (words[..at].chars().next_back(), words[at + word.len()..].chars().next());
                word != "ICP" || !before.into_iter().chain(after).any(char::is_alphanumeric)
            };
            let found = words.match_indices(word).find(|(at, _)| stands_alone(*at));
            let near: Option<String> = found.map(|(at, _)| words[..at].chars().rev().take(60).collect());
            assert_eq!(near, None, "{word} stands in {}, after this read backwards", path.display());
        }
    }
}

/// The workbook with a text where it has a number.
fn with_text(workbook: &[u8], number: &str, text: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        let value = format!("<v>{number}</v>");
        if let Some(sheet) = String::from_utf8(bytes.clone()).ok().filter(|sheet| sheet.contains(&value)) {
            let (before, after) = sheet.split_once(&value).unwrap();
            let (before, cell) = before.rsplit_once("<c ").unwrap();
            bytes = format!("{before}<c t=\"inlineStr\" {cell}<is><t>{text}</t></is>{after}").into_bytes();
        }
        writer.start_file(part.name().unwrap(), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A return with the same figure wherever a measure is asked for.
fn workbook(config: &LoadedConfig, partner: usize, given: &dyn Fn(&str) -> FigureAnswer) -> (String, Vec<u8>) {
    let partner = &config.partners[partner];
    let period = Period::financial_quarter(2026, 2);
    let (framework, areas, earlier) = (&config.framework, &config.areas, &PartnerHistory::new());
    let request = ReturnRequest { framework, areas, partner, period, earlier, secretariat: "", deadline: period.end() };
    let figures = request.figures();
    let figures = figures.iter().map(|asked| (asked.key(), given(&asked.series.measure.0))).collect();
    (request.file_name(), request.workbook(&Answers { figures, ..Answers::default() }).unwrap())
}

#[test]
fn a_second_system_shows_nothing_built_in() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    assert_exit(&boardpack(here, &["init", "."]), 0);
    assert_says_nothing_of_the_other(&every_word(here));
    fs::remove_dir_all(here.join("config/frameworks/first")).unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/second_system"), here);
    assert!(assert_exit(&boardpack(here, &["config", "check"]), 0).contains("framework 2024"));
    let noted = assert_exit(&boardpack(here, &["framework", "check"]), 0);
    assert!(noted.contains("; 0 notes"), "{noted}");

    let settings = settings::load(Some(&here.join("boardpack.toml")), &BTreeMap::new()).unwrap();
    let config = LoadedConfig::load(&settings, false, QuarterChoice::default(), jiff::Timestamp::now).unwrap();
    let value = |value: f64| FigureAnswer { value: Some(Value::Number(value)), ..FigureAnswer::default() };
    let counts = |numerator: f64, denominator: f64| FigureAnswer {
        numerator: Some(numerator),
        denominator: Some(denominator),
        ..FigureAnswer::default()
    };
    for (partner, described) in config.partners.iter().enumerate() {
        let is_first = described.id == "marsh" || described.id == "alder";
        let (name, bytes) = workbook(&config, partner, &|measure| match measure {
            "sickness-absence" => counts(42.0, 1000.0),
            "falls" => counts(30.0, 2500.0),
            "agency-spend" => value(1.45),
            // Of the whole system one of them answers for all.
            "care-package" if is_first => value(742.0),
            "nurses-to-beds" if is_first => value(1.35),
            "length-of-stay" if is_first => value(7.2),
            _ => FigureAnswer::default(),
        });
        let bytes = if described.id == "marsh" { with_text(&bytes, "1.45", "£1.45m") } else { bytes };
        fs::write(settings.paths.returns.join(name), bytes).unwrap();
    }
    assert_exit(&boardpack(here, &["returns", "template", "--all", "--out", "packs/asked", "--period", "2026-27-Q3"]), 0);
    let run = assert_exit(&boardpack(here, &["run", "--period", "2026-27-Q2", "--as-at", "2026-11-20"]), 0);
    assert!(run.contains("1 of 5 returns is complete"), "{run}");

    let mut said = every_word(&settings.paths.output);
    said.extend(every_word(&settings.paths.messages()));
    for kind in ["pdf", "html", "eml", "xlsx", "ods", "csv", "json"] {
        assert!(said.iter().any(|(path, _)| path.extension().is_some_and(|end| end == kind)), "{kind}: {said:#?}");
    }
    assert_says_nothing_of_the_other(&said);
    let pack = |end: &str| {
        let name = format!("2026-27-Q2/evidence-2026-27-Q2.{end}");
        &said.iter().find(|(path, _)| path.ends_with(&name)).unwrap().1
    };
    for words in [
        "Westmarch Health and Care Partnership",
        "£2.90m",
        "£742",
        "7.2 days",
        "12.0 per 1,000",
        "million pounds",
        "Office for National Statistics, smoking, retrieved 2 November 2026, figures for 2025",
        "Received, 20 figures in 5 answers",
    ] {
        assert!(pack("html").contains(words), "{words}");
    }
    assert_eq!(
        pack("html").matches("Office for National Statistics, smoking, retrieved").count(),
        1,
        "the five answers are told once"
    );
    assert!(pack("pdf").contains("£2.90m") && pack("pdf").contains("Westmarch Health and Care Partnership"));
    assert!(pack("html").contains("#4B2E83") || pack("html").contains("#4b2e83"), "the theme's one colour");
}

#[test]
fn built_in_files_are_exported_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    assert_exit(&boardpack(here, &["export-defaults", "all"]), 0);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in ["config/default.toml", "config/frameworks/README.md", "report_templates/email/board_pack/body.html.j2"] {
        assert_eq!(fs::read(here.join("all").join(file)).unwrap(), fs::read(root.join(file)).unwrap(), "{file}");
    }
    let told = assert_exit(&boardpack(here, &["export-defaults", "all"]), 69);
    assert!(told.contains("all/config/accessibility.toml: already exists and is left unchanged, and so are "), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    // What was written out stands in for what is built in, and says the same.
    fs::write(
        here.join("boardpack.toml"),
        "[paths]\nconfig = \"all/config\"\ntemplates = \"all/report_templates\"\nfonts = \"all/fonts\"\n",
    )
    .unwrap();
    assert_exit(&boardpack(here, &["framework", "check"]), 0);
}

#[test]
fn configuration_files_name_and_follow_their_schema() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["config", "report_templates", "starter", "tests/data/second_system"];
    let mut files: Vec<PathBuf> = folders.iter().flat_map(|folder| files_below(&root.join(folder))).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    assert!(files.len() > 30);
    for path in files {
        let within = path.strip_prefix(root).unwrap().to_str().unwrap();
        let within = within.trim_start_matches("starter/").trim_start_matches("tests/data/second_system/");
        let text = fs::read_to_string(&path).unwrap();
        let head = schemas::head_line(within).unwrap_or_else(|| schemas::head_line("ons/recordings.toml").unwrap());
        assert_eq!(text.lines().next(), Some(head.as_str()), "{}", path.display());
        let kind = FileKind::of_file(within).unwrap();
        let validator = jsonschema::validator_for(&schemas::schema(kind)).unwrap();
        // TOML has days of its own, which a schema knows as texts.
        let content = serde_json::to_value(plain(toml::Value::Table(text.parse().unwrap()))).unwrap();
        let wrong: Vec<String> =
            validator.iter_errors(&content).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(wrong, [""; 0], "{}", path.display());
    }
}

fn plain(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Datetime(day) => toml::Value::String(day.to_string()),
        toml::Value::Array(items) => items.into_iter().map(plain).collect::<Vec<_>>().into(),
        toml::Value::Table(table) => toml::Value::Table(table.into_iter().map(|(key, value)| (key, plain(value))).collect()),
        other => other,
    }
}

#[test]
fn a_schema_refuses_what_the_reader_refuses() {
    let wrong = |kind: FileKind, text: &str| {
        let validator = jsonschema::validator_for(&schemas::schema(kind)).unwrap();
        !validator.is_valid(&serde_json::to_value(plain(toml::Value::Table(text.parse().unwrap()))).unwrap())
    };
    for (kind, text) in [
        (FileKind::Settings, "[pack]\nediton = \"2024\""),
        (FileKind::Settings, "[mail]\ntransport = \"post\""),
        (FileKind::Settings, "[sources.a]\nkind = \"table\"\nmapping = \"m\""),
        (FileKind::Areas, "[[area]]\ncode = \"a b\"\nname = \"A\"\nkind = \"place\""),
        (FileKind::Areas, "[[area]]\nname = \"A\"\nkind = \"place\""),
        (
            FileKind::Edition,
            "[[ambition]]\nid = \"a\"\nstatement = \"s\"\n[[ambition.measure]]\nid = \"m\"\ntarget = { kind = \"level\" }",
        ),
        (
            FileKind::Edition,
            "[[ambition]]\nid = \"a\"\nstatement = \"s\"\n[[ambition.measure]]\nid = \"m\"\ntarget = { kind = \"leveled\", value = 3 }",
        ),
        (FileKind::Measures, "[[measure]]\nid = \"m\"\nunit = \"persent\""),
        (FileKind::Mapping, "title = \"t\"\n[[figures]]\nsheet = 3"),
        (FileKind::Theme, "[colours]\nbrand = \"blue\""),
        (FileKind::Pack, "title = \"t\"\nsubject = \"s\"\n[[section]]\ntemplate = \"a.md\"\nscope = \"area\""),
    ] {
        assert!(wrong(kind, text), "{text}");
    }
    assert!(
        !wrong(FileKind::Settings, "[pack]\nedition = \"2024\"") && !wrong(FileKind::Theme, "[colours]\nbrand = \"#4B2E83\"")
    );
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let help = assert_exit(&boardpack(folder.path(), &["--help"]), 0);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() > 12, "{help}");
    for shell in ["bash", "fish", "zsh"] {
        let script = assert_exit(&boardpack(folder.path(), &["completions", shell]), 0);
        assert!(commands.iter().all(|command| script.contains(command)), "{shell}");
    }
    assert_exit(&boardpack(folder.path(), &["man", "--out", "man"]), 0);
    for command in commands {
        let page = fs::read_to_string(folder.path().join(format!("man/boardpack-{command}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{command}");
    }
    let hidden =
        fs::read_dir(folder.path().join("man")).unwrap().any(|page| page.unwrap().file_name().to_string_lossy().contains("read"));
    assert!(!hidden, "the command that processes use among themselves has a page");
}

#[test]
fn timers_run_due_work_and_make_up() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    assert_exit(&boardpack(here, &["init", "."]), 0);
    let schedule = |name: &str, missed: &str| {
        format!(
            "[[schedule]]\nname = \"{name}\"\nkind = \"pack\"\ncron = \"0 * * * *\"\nrecipients = \"board\"\nmissed = \"{missed}\"\n"
        )
    };
    fs::write(here.join("config/schedules.toml"), schedule("makes-up", "run_once") + &schedule("skips", "skip")).unwrap();
    // First seen five hours ago, and nothing has looked since.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let ledger = boardpack::store::Ledger::open(&here.join("state/ledger.sqlite")).await.unwrap();
        let seen = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(5);
        for name in ["makes-up", "skips"] {
            ledger.unsettled_since(name, "0 * * * * Europe/London", seen).await.unwrap();
        }
        ledger.close().await;
    });
    let first = boardpack(here, &["run", "--due"]);
    let printed = String::from_utf8_lossy(&first.stdout).into_owned();
    // Nothing was returned, so that each run is tried, fails, and says so; both had a time within the last hour.
    assert_eq!(first.status.code(), Some(3), "{printed}");
    assert_eq!(printed.lines().count(), 2, "{printed}");
    assert!(
        printed.contains("makes-up  failed: no figure could be collected") && printed.contains("skips  failed: "),
        "{printed}"
    );
    runtime.block_on(async {
        let ledger = boardpack::store::Ledger::open(&here.join("state/ledger.sqlite")).await.unwrap();
        let occurrences = ledger.overview().await.unwrap().occurrences;
        let missed = occurrences.iter().filter(|(_, outcome, _)| outcome == "missed").count();
        assert_eq!(missed, 2, "those before the last hour are noted: {occurrences:?}");
        ledger.close().await;
    });
    let second = boardpack(here, &["run", "--due"]);
    // On the turn of the hour the next is due; otherwise nothing is.
    assert!(String::from_utf8_lossy(&second.stdout).lines().all(|line| !printed.contains(line)));
    let wrong = boardpack(here, &["run", "--due", "--no-send"]);
    assert_exit(&wrong, 64);
}

#[test]
#[ignore = "heavy: needs systemd-analyze"]
fn heavy_systemd_finds_no_fault_with_the_units() {
    let folder = tempfile::tempdir().unwrap();
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging");
    let units = packaging.join("systemd");
    let mut copies = Vec::new();
    for unit in fs::read_dir(units).unwrap().map(|unit| unit.unwrap().path()) {
        // The program is looked for where it is installed.
        let text = fs::read_to_string(&unit).unwrap().replace("/usr/local/bin/boardpack", env!("CARGO_BIN_EXE_boardpack"));
        let copy = folder.path().join(unit.file_name().unwrap());
        fs::write(&copy, text).unwrap();
        if copy.extension().is_some_and(|kind| kind == "service") {
            let more = copy.with_extension("service.d");
            fs::create_dir(&more).unwrap();
            for credential in ["oauth2.conf", "dkim.conf"] {
                fs::copy(packaging.join("credentials").join(credential), more.join(credential)).unwrap();
            }
        }
        copies.push(copy);
    }
    assert_eq!(copies.len(), 3);
    let verified = Command::new("systemd-analyze").args(["verify", "--man=no"]).args(&copies).output().unwrap();
    let told = assert_exit(&verified, 0);
    assert!(!told.contains("boardpack"), "{told}");
}

#[test]
fn an_unreadable_inbox_accuses_no_partner() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    assert_exit(&boardpack(here, &["init", "."]), 0);
    fs::remove_dir_all(here.join("returns")).unwrap();
    let told = |args: &[&str], code: i32| {
        let said = assert_exit(&boardpack(here, args), code);
        assert!(said.contains("the folder of returns cannot be read"), "{args:?}: {said}");
    };
    told(&["config", "check"], 78);
    let quarter = ["--period", "2026-27-Q2", "--as-at", "2026-11-20"];
    for command in [&["returns", "remind"][..], &["returns", "collect"], &["run"]] {
        told(&[command, &quarter].concat(), 69);
    }
    // What only looks goes on, and says it.
    let output = boardpack(here, &[&["evaluate"][..], &quarter].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("the folder of returns cannot be read") && output.status.code() != Some(69), "{said}");
    let letters = every_word(here).into_iter().filter(|(path, _)| path.extension().is_some_and(|of| of == "eml"));
    for (path, said) in letters {
        assert!(said.contains("the folder of returns cannot be read"), "only operators are told: {}\n{said}", path.display());
    }
}
