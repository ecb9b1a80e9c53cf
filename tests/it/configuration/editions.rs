//! The edition that a run takes: the one in force when its quarter ends, unless one is named.

mod in_time;

use crate::support::demo::{Demo, assert_exit, text};
use boardpack::assets::Assets;
use boardpack::fault::Faults;
use boardpack::framework::{self, EditionReason, EditionState, Target};
use boardpack::run::{LoadedConfig, QuarterChoice, framework_for, parse_quarter};
use boardpack::settings::{self, Settings};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The demonstration's settings, by which no edition is named.
fn demonstration() -> Settings {
    settings::load(Some(&root().join("examples/demo/boardpack.toml")), &BTreeMap::new()).unwrap()
}

fn of_quarter(settings: &Settings, quarter: &str) -> Result<LoadedConfig, Faults> {
    let when = QuarterChoice { period: Some(parse_quarter(quarter).unwrap()), as_at: None };
    LoadedConfig::load(settings, false, when, Timestamp::now)
}

/// A configuration with further editions beside the built-in ones: the 2024 one again under another id, changed.
fn with(editions: &[(&str, &[(&str, &str)])]) -> (TempDir, Assets) {
    let folder = tempfile::tempdir().unwrap();
    let of = "config/frameworks/2024";
    for (id, changes) in editions {
        let to = folder.path().join("frameworks").join(id);
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(root().join(of)).unwrap() {
            let entry = entry.unwrap();
            let mut text = fs::read_to_string(entry.path()).unwrap();
            if entry.file_name() == "edition.toml" {
                text = text.replace("id = \"2024\"", &format!("id = {id:?}"));
                for (from, to) in *changes {
                    assert!(text.contains(from), "{from}");
                    text = text.replace(from, to);
                }
            }
            fs::write(to.join(entry.file_name()), text).unwrap();
        }
    }
    let assets = Assets::config(Some(folder.path().to_owned()));
    (folder, assets)
}

#[test]
fn own_editions_stand_alone_under_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("frameworks/2024");
    fs::create_dir_all(&own).unwrap();
    let described = fs::read_to_string(root().join("config/frameworks/2024/edition.toml")).unwrap();
    fs::write(own.join("edition.toml"), described).unwrap();
    let assets = || Assets::config(Some(folder.path().to_owned()));
    fs::copy(root().join("config/frameworks/2024/aim-4.toml"), own.join("theirs.toml")).unwrap();
    let standing_alone = framework::load(&assets(), "2024").unwrap_or_else(|faults| panic!("{faults}"));
    assert!(standing_alone.ambitions.iter().all(|ambition| ambition.priority.as_deref() != Some("children")));
    let (_, notes) = framework::load_with_notes(&assets(), "2024").unwrap();
    let told = notes.iter().map(ToString::to_string).find(|note| note.contains("stands alone")).unwrap();
    assert!(told.contains("frameworks/2024/aim-1.toml") && told.contains("are not read"), "{told}");
    let built_in = framework::load(&Assets::config(None), "2024").unwrap();
    assert!(!standing_alone.ambitions.is_empty() && standing_alone.ambitions.len() < built_in.ambitions.len());

    // A file that describes no edition is laid over the built-in one of its name, and the others stay.
    fs::remove_dir_all(&own).unwrap();
    fs::create_dir_all(&own).unwrap();
    let aim = fs::read_to_string(root().join("config/frameworks/2024/aim-4.toml")).unwrap();
    fs::write(own.join("aim-4.toml"), aim.replacen("statement = \"", "statement = \"Ours: ", 1)).unwrap();
    let laid_over = framework::load(&assets(), "2024").unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(laid_over.ambitions.len(), built_in.ambitions.len());
    assert!(laid_over.ambitions.iter().any(|ambition| ambition.statement.starts_with("Ours: ")));
}

#[test]
fn own_measures_replace_built_in_ones() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("frameworks/measures");
    fs::create_dir_all(&own).unwrap();
    let built_in = fs::read_to_string(root().join("config/frameworks/measures/prevention.toml")).unwrap();
    let entry = built_in.split("[[measure]]").find(|entry| entry.contains("id = \"smoking-adults\"")).unwrap();
    fs::write(own.join("ours.toml"), format!("[[measure]]{}", entry.replacen("Adults who smoke", "Adults of ours who smoke", 1)))
        .unwrap();
    let framework =
        framework::load(&Assets::config(Some(folder.path().to_owned())), "2024").unwrap_or_else(|faults| panic!("{faults}"));
    let titles: Vec<&str> = framework.measures.iter().filter(|m| m.id.0 == "smoking-adults").map(|m| m.title.as_str()).collect();
    assert_eq!(titles, ["Adults of ours who smoke"]);

    // Twice among one's own is a fault as before.
    fs::write(own.join("again.toml"), format!("[[measure]]{entry}")).unwrap();
    let faults = framework::load(&Assets::config(Some(folder.path().to_owned())), "2024").unwrap_err().to_string();
    assert!(faults.contains("the id \"smoking-adults\" is given already"), "{faults}");
}

#[test]
fn a_quarter_uses_the_edition_at_its_end() {
    let settings = demonstration();
    assert_eq!(settings.pack.edition, None);
    for (quarter, edition, why) in [
        ("2023-24-Q2", "2023", "in force on 30 September 2023"),
        ("2023-24-Q3", "2023", "in force on 31 December 2023"),
        // The refresh came nine days before the end of this one.
        ("2023-24-Q4", "2024", "in force on 31 March 2024"),
        ("2026-27-Q2", "2024", "the last edition that is here, in force until 31 March 2025"),
    ] {
        let config = of_quarter(&settings, quarter).unwrap_or_else(|faults| panic!("{quarter}: {faults}"));
        assert_eq!(config.framework.edition.id, edition, "{quarter}");
        assert_eq!(config.edition_why.to_string(), why);
        assert_eq!(config.period.slug(), quarter);
    }
}

#[test]
fn changes_are_counted_from_the_edition_before() {
    let settings = demonstration();
    assert!(of_quarter(&settings, "2023-24-Q2").unwrap().changes.is_none());
    assert_eq!(of_quarter(&settings, "2026-27-Q2").unwrap().changes.unwrap().from, "2023");
}

#[test]
fn the_clock_decides_without_a_stated_quarter() {
    let mut settings = demonstration();
    assert_eq!(
        LoadedConfig::load(&settings, false, QuarterChoice::default(), Timestamp::now).unwrap().period.slug(),
        "2026-27-Q2"
    );
    (settings.pack.period, settings.pack.as_at) = (None, None);
    let autumn = || "2023-11-20T09:00:00Z".parse().unwrap();
    let (framework, choice) = framework_for(&settings, QuarterChoice::default(), autumn).unwrap();
    assert_eq!((framework.edition.id.as_str(), choice.why.to_string().as_str()), ("2023", "in force on 30 September 2023"));
    // The day that is asked for goes before the clock.
    let when = QuarterChoice { period: None, as_at: Some("2024-06-01".parse().unwrap()) };
    assert_eq!(framework_for(&settings, when, autumn).unwrap().0.edition.id, "2024");
}

/// The demonstration's settings, with an edition named in them.
fn naming(edition: &str) -> Settings {
    let mut settings = demonstration();
    settings.pack.edition = Some(edition.to_owned());
    settings
}

#[test]
fn a_named_edition_is_taken_whatever_the_quarter() {
    let settings = naming("2023");
    for quarter in ["2022-23-Q2", "2026-27-Q2"] {
        let config = of_quarter(&settings, quarter).unwrap_or_else(|faults| panic!("{quarter}: {faults}"));
        assert_eq!((config.framework.edition.id.as_str(), config.edition_why), ("2023", EditionReason::Named));
    }
    let fault = of_quarter(&naming("2019"), "2026-27-Q2").err().unwrap().to_string();
    assert!(fault.contains("the editions for your areas are: 2023, 2024"), "{fault}");
}

#[test]
fn an_unused_edition_in_force_is_a_warning() {
    let warned =
        |settings: &Settings, quarter: &str| of_quarter(settings, quarter).unwrap().warnings().collect::<Vec<_>>().join("\n");
    let said = warned(&naming("2023"), "2026-27-Q2");
    let expected = "edition 2024, in force from 22 March 2024, is not used: the settings or --edition name 2023";
    assert!(said.contains(expected), "{said}");
    assert!(!warned(&naming("2023"), "2023-24-Q2").contains("is not used"), "it is the one in force");
    assert!(!warned(&demonstration(), "2026-27-Q2").contains("is not used"));
    // One of the user's own whose system is no area takes no effect, and that is told.
    let (folder, _) =
        with(&[("2026", &[("effective_from = 2024-03-22", "effective_from = 2026-01-01"), ("\"E54000060\"", "\"E54\"")])]);
    let mut settings = demonstration();
    settings.paths.config = Some(folder.path().to_owned());
    let said = warned(&settings, "2026-27-Q2");
    assert!(said.contains("edition 2026, in force from 1 January 2026, is not used: its system, E54, is not an area"), "{said}");
    assert!(!warned(&settings, "2025-26-Q2").contains("is not used"), "it was not in force yet");
}

#[test]
fn quarters_before_the_first_edition_are_faults() {
    let fault = of_quarter(&demonstration(), "2022-23-Q2").err().unwrap().to_string();
    assert!(fault.contains("no edition was in force on 2022-09-30; the first took effect on 2023-01-01"), "{fault}");
}

#[test]
fn targets_hold_as_at_the_quarters_end() {
    // The 75% that NHS England withdrew in September 2022, in an edition that took effect before.
    let mut settings = demonstration();
    let (folder, _assets) = with(&[("2022", &[("effective_from = 2024-03-22", "effective_from = 2022-04-01")])]);
    settings.paths.config = Some(folder.path().to_owned());
    settings.pack.edition = Some("2022".into());
    let target = |quarter: &str| {
        let config = of_quarter(&settings, quarter).unwrap_or_else(|faults| panic!("{quarter}: {faults}"));
        let is_it = |document: &str| document.starts_with("Core20PLUS5 as first published");
        let mut aspirations = config.framework.aspirations();
        let (_, aspiration) = aspirations.find(|(_, a)| a.earlier.iter().any(|earlier| is_it(&earlier.document))).unwrap();
        (aspiration.target.clone(), is_it(&aspiration.document))
    };
    assert!(matches!(target("2022-23-Q1"), (Target::Level { .. }, true)), "{:?}", target("2022-23-Q1"));
    assert!(matches!(target("2022-23-Q2"), (Target::NotJudged { .. }, false)), "{:?}", target("2022-23-Q2"));
}

#[test]
fn editions_of_several_systems_are_not_chosen_between() {
    let (_folder, config) = with(&[("other", &[("system = \"E54000060\"", "system = \"E12000004\"")])]);
    let end = "2026-09-30".parse().unwrap();
    let fault = framework::choose(&config, None, end).unwrap_err().to_string();
    assert!(fault.contains("2023 (for E54000060), 2024 (for E54000060), other (for E12000004)"), "{fault}");
    assert!(fault.contains("name the edition"), "{fault}");
    assert_eq!(framework::choose(&config, Some("other"), end).unwrap().id, "other");
}

#[test]
fn editions_of_other_systems_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    file("areas.toml", "area = [{ code = \"X1\", name = \"Threeshire\", kind = \"system\" }]\n");
    let edition = include_str!("../../data/threeshire/edition.toml");
    file("frameworks/threeshire/edition.toml", edition);
    // The editions that are built in are of another system.
    let config = Assets::config(Some(folder.path().to_owned()));
    assert_eq!(framework::choose(&config, None, "2026-09-30".parse().unwrap()).unwrap().id, "threeshire");
}

#[test]
fn an_unreadable_edition_is_not_passed_over() {
    let (_folder, config) = with(&[("2026", &[("effective_from = 2024-03-22", "effective_from = \"in March\"")])]);
    let fault = framework::choose(&config, None, "2026-09-30".parse().unwrap()).unwrap_err().to_string();
    assert!(fault.contains("2026/edition.toml") && fault.contains("effective_from"), "{fault}");
}

#[test]
fn two_editions_of_one_day_are_a_fault() {
    let (_folder, config) = with(&[("2024b", &[])]);
    let fault = framework::choose(&config, None, "2026-09-30".parse().unwrap()).unwrap_err().to_string();
    assert!(fault.contains("the editions 2024 and 2024b both take effect on 2024-03-22"), "{fault}");
    // Before that day there is nothing to choose between.
    assert_eq!(framework::choose(&config, None, "2023-09-30".parse().unwrap()).unwrap().id, "2023");
}

#[test]
fn drafts_and_superseded_editions_give_warnings() {
    let mut settings = demonstration();
    let config = of_quarter(&settings, "2026-27-Q2").unwrap();
    assert_eq!(config.framework.edition.standing.state, EditionState::Superseded);
    assert!(config.warnings().next().unwrap().contains("has been superseded"));
    assert_eq!(of_quarter(&settings, "2023-24-Q2").unwrap().warnings().next(), None);
    let draft: &[(&str, &str)] = &[
        ("effective_from = 2024-03-22", "effective_from = 2026-01-01"),
        ("effective_until = 2025-03-31", ""),
        ("state = \"superseded\"", "state = \"draft\""),
    ];
    let (folder, _assets) = with(&[("2026", draft)]);
    settings.paths.config = Some(folder.path().to_owned());
    settings.pack.edition = Some("2026".into());
    assert!(of_quarter(&settings, "2026-27-Q2").unwrap().warnings().next().unwrap().contains("is a draft"));
}

fn boardpack(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boardpack"));
    command.args(arguments).current_dir(folder).output().unwrap()
}

#[test]
fn commands_take_the_edition_of_their_quarter() {
    let here = tempfile::tempdir().unwrap();
    fs::create_dir(here.path().join("returns")).unwrap();
    let title = |arguments: &[&str], pinned: &str| {
        let text = format!("[pack]\nperiod = {pinned:?}\n[mail]\nfrom = \"secretariat@example.org\"\ntransport = \"file\"\n");
        fs::write(here.path().join("boardpack.toml"), text).unwrap();
        let output = boardpack(arguments, here.path());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let list = ["framework", "list", "--format", "json"];
    let edition = |text: String| serde_json::from_str::<serde_json::Value>(&text).unwrap()["edition"].clone();
    let first = edition(title(&list, "2023-24-Q2"));
    let second = edition(title(&list, ""));
    assert_ne!(first, second);
    assert_eq!(first, edition(title(&["framework", "list", "--format", "json", "--edition", "2023"], "")));
    assert_eq!(second, edition(title(&["framework", "list", "--format", "json", "--at", "2026-09-30"], "2023-24-Q2")));
    assert!(title(&["config", "check"], "2023-24-Q2").starts_with("framework 2023, in force on 30 September 2023: "));
    // The workbook says by which edition it asks.
    let template = ["returns", "template", "--partner", "nuh", "--period", "2023-24-Q2", "--out", "blank"];
    title(&template, "");
    let bytes = fs::read_dir(here.path().join("blank")).unwrap().next().unwrap().unwrap();
    let limits = demonstration().returns.limits;
    let sheets = boardpack::collect::workbook::open_all(&fs::read(bytes.path()).unwrap(), "blank.xlsx", &limits).unwrap();
    let mut cells = sheets.iter().flat_map(|sheet| sheet.rows()).flat_map(|row| row.cells.iter());
    let label = cells.by_ref().find(|cell| cell.text() == "Framework edition").unwrap();
    assert_eq!(cells.find(|cell| cell.row == label.row).unwrap().text(), "2023");
}

#[test]
fn runs_record_their_edition_and_the_reason() {
    let demo = Demo::new();
    let run = demo.run(&["--period", "2023-24-Q2", "--no-send"]);
    // Partial while no answer that fits is recorded for every measure.
    assert!(matches!(run.status.code(), Some(0 | 3)), "{}", text(&run));
    assert!(text(&run).contains("By edition 2023 (agreed), in force on 30 September 2023\n"), "{}", text(&run));
    let manifest = fs::read_to_string(demo.path("out/2023-24-Q2/manifest.json")).unwrap();
    assert!(manifest.contains("\"edition\": \"2023\""), "{manifest}");
    let page = |path: &str| fs::read_to_string(demo.path(path)).unwrap();
    assert!(page("out/2023-24-Q2/board-pack-2023-24-Q2.html").contains("Integrated Care Strategy 2023 to 2027"));

    let named = demo.run(&["--period", "2023-24-Q2", "--no-send", "--edition", "2024"]);
    assert!(text(&named).contains("By edition 2024 (superseded), named in the settings or by --edition\n"), "{}", text(&named));
    let warning = "warning: the text that the pack measures against has been superseded\n";
    assert!(text(&named).contains(warning) && !text(&run).contains(warning));
    // The last assessment of the quarter was by the named one, which the settings do not say.
    let command = &mut demo.command(&["render", "--period", "2023-24-Q2", "--only", "board-pack"]);
    assert_exit(&command.output().unwrap(), 0);
    let again = page("out/2023-24-Q2/preview/board-pack-2023-24-Q2.html");
    assert_eq!(again, page("out/2023-24-Q2/board-pack-2023-24-Q2.html"));

    let early = demo.run(&["--period", "2022-23-Q2", "--no-send"]);
    assert_exit(&early, 78);
    assert!(text(&early).contains("no edition was in force on 2022-09-30"), "{}", text(&early));
}
