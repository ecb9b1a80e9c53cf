//! What the framework's files promise, and what the loader says of files that break a promise.

mod built_in;
mod entries;
mod faults;

use boardpack::assets::Assets;
use boardpack::fault::Faults;
use boardpack::framework::{
    self, Combine, EditionChange, EditionState, Framework, How, MeasureSource, Partner, PartsAre, Role, Target, TargetKind,
    Uncertainty,
};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use strum::VariantArray;

const EDITIONS: [&str; 2] = ["2023", "2024"];

fn built_in() -> Assets {
    Assets::config(None)
}

fn load(edition: &str) -> Framework {
    framework::load(&built_in(), edition).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Areas, a partner, an edition and a measure of another system, as small as they can be.
const AREAS: &str = r#"
[[area]]
code = "X1"
name = "Rivershire"
kind = "system"
[[area]]
code = "E92000001"
name = "England"
kind = "country"
[[area]]
code = "X2"
name = "Rivershire Council"
kind = "organisation"
"#;
const PARTNERS: &str = r#"
[[partner]]
id = "rivers"
name = "Rivershire Council"
kind = "council"
area = "X2"
contact = "figures@example.org"
"#;
const EDITION: &str = r#"
[edition]
id = "rivershire"
title = "A Healthier Rivershire"
system = "X1"
comparator = "E92000001"
effective_from = 2025-04-01
default_due = "2030-03-31"
vision = "Well for longer"
status_rules = "agreed"
[[aim]]
id = "well"
title = "Well for longer"
[[priority]]
id = "walking"
aim = "well"
title = "More people walk"
short = "Walking"
[[ambition]]
id = "walking"
priority = "walking"
statement = "Half of us walk every day"
[[ambition.measure]]
id = "daily-walkers"
target = { kind = "level", value = 50, due = 2029-03-31, baseline = { period = "2024/25", value = 31.5 } }
[[action]]
id = "footpaths"
priority = "walking"
statement = "Mend the footpaths"
lead = "rivers"
"#;
const MEASURE: &str = r#"
[[measure]]
id = "daily-walkers"
title = "People who walk every day"
definition = "Share of residents who walk for half an hour every day."
multiplier = 100
unit = "percent"
statistic = "proportion"
polarity = "high"
year = "financial"
cadence_months = 12
publication_lag_months = 3
source = { kind = "return", partners = ["council"] }
parts = ["X2"]
"#;

/// The small system as a folder over the built-in files, with its edition and its measures as given.
fn rivershire(edition: &str, measures: &str) -> (tempfile::TempDir, Assets) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("areas.toml", AREAS),
        ("partners.toml", PARTNERS),
        ("frameworks/measures/walking.toml", measures),
        ("frameworks/rivershire/all.toml", edition),
    ] {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let assets = Assets::config(Some(folder.path().to_owned()));
    (folder, assets)
}

fn faults_of(edition: &str, measures: &str) -> Vec<String> {
    let (_folder, assets) = rivershire(edition, measures);
    let Faults(found) = framework::load(&assets, "rivershire").expect_err("the framework was accepted");
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn another_systems_framework_needs_only_files() {
    let (_folder, assets) = rivershire(EDITION, MEASURE);
    let framework = framework::load(&assets, "rivershire").unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(framework.edition.title, "A Healthier Rivershire");
    assert_eq!(framework.measures.len(), 1);
    let (_, aspiration) = framework.aspirations().next().unwrap();
    assert_eq!(framework.due(aspiration).to_string(), "2029-03-31");
    assert!(framework::editions(&assets).contains(&"rivershire".to_owned()));
}

#[test]
fn the_refresh_changes_what_its_text_does() {
    let (first, refresh) = (load("2023"), load("2024"));
    let actions = |f: &Framework| f.actions.iter().map(|a| a.id.0.clone()).collect::<BTreeSet<_>>();
    let ambitions = |f: &Framework| f.ambitions.iter().map(|a| a.id.clone()).collect::<BTreeSet<_>>();
    let only = |a: BTreeSet<String>, b: &BTreeSet<String>| a.into_iter().filter(|id| !b.contains(id)).collect::<Vec<_>>();
    let added = ["staff-waste-reduction", "strategic-partnerships", "strategic-workforce-plan"];
    assert_eq!(only(actions(&refresh), &actions(&first)), added);
    let dropped = ["allied-health-rotation", "collective-procurement", "patient-pathway-schemes"];
    assert_eq!(only(actions(&first), &actions(&refresh)), dropped);
    assert_eq!(only(ambitions(&refresh), &ambitions(&first)), ["nhs-impact"]);
    assert!(only(ambitions(&first), &ambitions(&refresh)).is_empty());

    let due = |f: &Framework, id: &str| f.actions.iter().find(|a| a.id.0 == id).and_then(|a| a.due).map(|d| d.to_string());
    assert_eq!(due(&first, "digital-staff-passport").as_deref(), Some("2024-03-31"));
    assert_eq!(due(&refresh, "digital-staff-passport").as_deref(), Some("2025-03-31"));
    // A date that the refresh moved or took away stays known.
    for action in &refresh.actions {
        let was = first.actions.iter().find(|a| a.id == action.id).and_then(|a| a.due);
        let kept = action.first_due.or_else(|| action.steps.first().and_then(|step| step.first_due));
        assert_eq!(kept, was.filter(|was| action.due != Some(*was)), "{}", action.id);
    }
    let review = refresh.actions.iter().find(|a| a.id.0 == "better-care-fund-review").unwrap();
    assert_eq!(review.steps.iter().map(|step| step.reported_complete).collect::<Vec<_>>(), [true, false]);
    let training =
        |f: &Framework| f.aspirations().find(|(_, a)| a.id.0 == "quality-improvement-training").map(|(_, a)| a.target.clone());
    assert!(matches!(training(&first), Some(Target::Level { value: 50.0, .. })));
    assert!(matches!(training(&refresh), Some(Target::NotJudged { .. })));
}

#[test]
fn the_last_edition_in_effect_is_in_force() {
    let at = |day: &str| framework::edition_at(&built_in(), None, day.parse().unwrap()).map(|f| f.edition.id);
    // An action of the first edition is due on that day.
    assert_eq!(at("2023-03-31").unwrap(), "2023");
    assert_eq!(at("2024-03-21").unwrap(), "2023");
    assert_eq!(at("2024-03-22").unwrap(), "2024");
    // It has ended and its successor is not here: its standing says so.
    assert_eq!(at("2026-09-30").unwrap(), "2024");
    assert_eq!(load("2024").edition.standing.state, EditionState::Superseded);
    assert!(at("2022-12-31").unwrap_err().to_string().contains("no edition was in force on 2022-12-31"));
    // Another system's edition is no version of this one.
    let (_folder, assets) = rivershire(EDITION, MEASURE);
    assert_eq!(
        framework::edition_at(&assets, Some("rivershire"), "2026-01-01".parse().unwrap()).unwrap().edition.id,
        "rivershire"
    );
    assert_eq!(framework::editions_beside(&assets, "rivershire"), ["rivershire"]);
    assert_eq!(framework::editions_beside(&assets, "2024"), EDITIONS);
}

/// Runs the program, and gives its exit code and what it wrote.
fn boardpack(arguments: &[&str], config: Option<&Path>) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_boardpack"));
    command.arg("framework").args(arguments).current_dir(folder.path());
    if let Some(config) = config {
        command.env("BOARDPACK__PATHS__CONFIG", config);
    }
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_list_shows_the_whole_edition() {
    let (code, text, _) = boardpack(&["list", "--edition", "2024"], None);
    assert_eq!(code, 0);
    insta::assert_snapshot!("list_2024", text);
    assert_eq!(boardpack(&["list", "--at", "2023-12-31"], None), boardpack(&["list", "--edition", "2023"], None));
}

#[test]
fn the_json_list_keeps_one_shape() {
    let keys = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    for edition in EDITIONS {
        let (code, text, _) = boardpack(&["list", "--edition", edition, "--format", "json"], None);
        let tree: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((code, tree["edition"].as_str()), (0, Some(edition)));
        assert_eq!(keys(&tree), ["aims", "edition", "overarching"]);
        let list = |value: &Value| value.as_array().unwrap().clone();
        let framework = load(edition);
        let (mut measures, mut actions) = (Vec::new(), 0);
        let mut ambition = |ambition: &Value| {
            assert_eq!(keys(ambition), ["combine", "id", "measures", "statement", "text"]);
            measures.extend(list(&ambition["measures"]).iter().map(|m| m["id"].as_str().unwrap().to_owned()));
        };
        list(&tree["overarching"]).iter().for_each(&mut ambition);
        for priority in list(&tree["aims"]).iter().flat_map(|aim| list(&aim["priorities"])) {
            assert_eq!(keys(&priority), ["actions", "ambitions", "id", "title"]);
            list(&priority["ambitions"]).iter().for_each(&mut ambition);
            for action in list(&priority["actions"]) {
                let expected = ["due", "first_due", "id", "lead", "proposed", "reported_complete", "statement", "steps", "text"];
                // Some name the ambitions that they further.
                let mut found = keys(&action);
                found.retain(|key| key != "ambitions");
                assert_eq!(found, expected);
                let known = framework.actions.iter().find(|a| a.id.0 == *action["id"].as_str().unwrap()).unwrap();
                assert_eq!(action["due"].as_str().map(str::to_owned), known.due.map(|due| due.to_string()));
                actions += 1;
            }
        }
        let named: BTreeSet<_> = framework.aspirations().map(|(_, a)| a.id.0.clone()).collect();
        assert_eq!(measures.into_iter().collect::<BTreeSet<_>>(), named);
        assert_eq!(actions, framework.actions.len());
    }
}

#[test]
fn edition_differences_are_told_plainly() {
    let (code, text, _) = boardpack(&["diff", "2023", "2024"], None);
    assert_eq!(code, 0);
    insta::assert_snapshot!("diff_2023_2024", text);
    let (_, text, _) = boardpack(&["diff", "2023", "2024", "--format", "json"], None);
    let found: Value = serde_json::from_str(&text).unwrap();
    let changes = found["changes"].as_array().unwrap();
    let of = |id: &str, change: &str| changes.iter().filter(|c| c["id"] == *id && c["change"] == *change).count();
    assert_eq!((of("quality-improvement-training", "dropped"), of("nhs-impact", "added")), (1, 1));
    assert_eq!(of("digital-staff-passport", "changed"), 2);
    // The two are other actions, and what the text no longer says is told as a fact.
    assert_eq!((of("patient-pathway-schemes", "dropped"), of("staff-waste-reduction", "added")), (1, 1));
    for chapter in ["evaluation", "wellbeing-measurement", "partnerships"] {
        assert_eq!(of(chapter, "dropped"), 1, "{chapter}");
    }
    let is_done = |c: &&Value| c["id"] == "better-care-fund-review" && c["part"] == "reported complete by the text";
    assert_eq!(changes.iter().find(is_done).unwrap()["after"], "The review");
    // Nothing that is ours stands as the strategy's words.
    assert!(!text.contains('\u{201c}') && !changes.iter().any(|c| c["part"] == "evidence"));
    let (_, text, _) = boardpack(&["diff", "2024", "2024"], None);
    assert!(text.ends_with("Nothing differs\n"), "{text}");
}

#[test]
fn a_difference_turned_round_adds_what_was_dropped() {
    let areas = framework::read_areas(&built_in()).unwrap();
    let forth = framework::diff(&load("2023"), &load("2024"), &areas).changes;
    let back = framework::diff(&load("2024"), &load("2023"), &areas).changes;
    let turned = |change: &EditionChange| match change.change {
        How::Added => How::Dropped,
        How::Dropped => How::Added,
        How::Changed => How::Changed,
    };
    assert_eq!(forth.len(), back.len());
    for change in &forth {
        let same =
            |other: &&EditionChange| (other.what, &other.before, &other.after) == (change.what, &change.after, &change.before);
        let other = back.iter().find(same).unwrap_or_else(|| panic!("{change}"));
        assert_eq!(other.change, turned(change), "{change}");
    }
}

#[test]
fn check_notes_good_editions_and_refuses_bad_ones() {
    let (code, text, errors) = boardpack(&["check"], None);
    assert_eq!((code, errors.as_str()), (0, ""));
    for edition in EDITIONS {
        assert!(text.contains(&format!("edition {edition}: valid")), "{text}");
    }
    assert!(text.contains("measure c-difficile-cases, target.targets: no year's target is entered"), "{text}");

    let (folder, _) = rivershire(&EDITION.replace("lead = \"rivers\"", "lead = \"lakes\""), MEASURE);
    let (code, _, errors) = boardpack(&["check", "--edition", "rivershire"], Some(folder.path()));
    assert_eq!(code, 78);
    assert!(errors.contains("[[action]] footpaths, lead: there is no partner \"lakes\""), "{errors}");
    let (code, _, errors) = boardpack(&["list", "--edition", "2042"], None);
    assert!(code == 78 && errors.contains("the editions for your areas are: 2023, 2024"), "{errors}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mangled_files_never_panic(at in 0..EDITION.len(), cut in 0usize..40, put in "[-0-9a-z{}\\[\\]=\"/. é]{0,12}") {
        let end = (at + cut).min(EDITION.len());
        let mangled = format!("{}{put}{}", &EDITION[..at], &EDITION[end..]);
        let (_folder, assets) = rivershire(&mangled, MEASURE);
        if let Err(Faults(found)) = framework::load(&assets, "rivershire") {
            prop_assert!(!found.is_empty(), "refused without a word");
        }
    }
}

#[test]
fn documentation_has_every_kind_of_target() {
    let rows = |page: &str| -> Vec<String> {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        let cells = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
        cells.flat_map(|cell| cell.split(", ").map(str::to_owned).collect::<Vec<_>>()).collect()
    };
    let (keys, methods) = (rows("config/frameworks/README.md"), rows("docs/methods.md"));
    for kind in TargetKind::VARIANTS.iter().map(<&str>::from) {
        assert!(keys.contains(&format!("`{kind}`")), "config/frameworks/README.md does not say which keys {kind} has");
        assert!(methods.contains(&kind.replace('_', " ")), "docs/methods.md does not say how {kind} is judged");
    }
}
