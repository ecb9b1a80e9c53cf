//! What a new installation begins with: a configuration of its own, completions, manual pages, units.

use boardpack::ask::{Answers, Earlier, Figure, Request};
use boardpack::period::Period;
use boardpack::run::{Materials, When};
use boardpack::settings;
use boardpack::value::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
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
fn a_new_configuration_is_in_order_and_ends_in_a_delivered_pack_once_figures_are_returned() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    assert_exit(&boardpack(here, &["init", "ours", "--state", "state with spaces"]), 0);
    let with = ["--config", "ours/boardpack.toml"];
    let told = |arguments: &[&str]| boardpack(here, &[arguments, &with].concat());
    assert!(assert_exit(&told(&["config", "check"]), 0).contains("the configuration is in order"));
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
    let materials = Materials::load(&settings, false, When::default(), jiff::Timestamp::now).unwrap();
    fs::create_dir_all(&settings.paths.returns).unwrap();
    for partner in &materials.partners {
        let period = Period::financial_quarter(2026, 2);
        let (framework, areas, earlier) = (&materials.framework, &materials.areas, &Earlier::new());
        let request = Request { framework, areas, partner, period, earlier, secretariat: "", deadline: period.end() };
        let given =
            Figure { value: Some(Value::Number(4.2)), numerator: Some(42.0), denominator: Some(1000.0), ..Figure::default() };
        let (due, baselines) = (request.figures(), request.baselines());
        assert_eq!(baselines.len(), 1, "what the target starts from is asked for too");
        let asked = due.iter().chain(&baselines);
        let figures = asked.map(|asked| ((asked.series.clone(), asked.period), given.clone())).collect();
        let workbook = request.workbook(&Answers { figures, ..Answers::default() }).unwrap();
        fs::write(settings.paths.returns.join(request.file_name()), workbook).unwrap();
    }
    let run = assert_exit(&told(&["run", "--period", "2026-27-Q2", "--as-at", "2026-11-20"]), 0);
    assert!(run.contains("3 of 3 partner returns accepted whole"), "{run}");
    assert!(run.contains("secretary@example.org: written, not sent"), "{run}");
    assert!(settings.paths.output.join("2026-27-Q2/board-pack-2026-27-Q2.pdf").exists());
    assert_exit(&told(&["archive", "verify"]), 0);
    // The first quarter is judged, for the baseline was returned with it.
    let judged = assert_exit(&told(&["evaluate", "--period", "2026-27-Q2", "--as-at", "2026-11-20"]), 0);
    let line = judged.lines().find(|line| line.contains("our-sickness-absence")).unwrap();
    assert!(line.ends_with("Off track"), "{judged}");
}

#[test]
fn a_configuration_that_is_there_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("ours/config")).unwrap();
    fs::write(folder.path().join("ours/config/partners.toml"), "# mine\n").unwrap();
    let told = assert_exit(&boardpack(folder.path(), &["init", "ours"]), 69);
    assert!(told.contains("ours/config/partners.toml: is there already"), "{told}");
    assert_eq!(fs::read_to_string(folder.path().join("ours/config/partners.toml")).unwrap(), "# mine\n");
    assert!(!folder.path().join("ours/boardpack.toml").exists(), "nothing is written beside it");
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
fn a_timer_runs_what_is_due_once_and_makes_up_for_what_was_missed_as_its_schedule_says() {
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
        let ledger = boardpack::store::Ledger::open(&here.join("ledger.sqlite")).await.unwrap();
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
    assert!(printed.contains("makes-up  failed: not one figure") && printed.contains("skips  failed: "), "{printed}");
    runtime.block_on(async {
        let ledger = boardpack::store::Ledger::open(&here.join("ledger.sqlite")).await.unwrap();
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
