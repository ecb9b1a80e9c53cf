//! What the framework's files promise, and what the loader says of files that break a promise.

use boardpack::assets::Assets;
use boardpack::fault::Faults;
use boardpack::framework::{
    self, Change, Combine, EditionState, Framework, How, Partner, PartsAre, Role, Source, Target, Uncertainty,
};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

const EDITIONS: [&str; 2] = ["2023", "2024"];

fn built_in() -> Assets {
    Assets::config(None)
}

fn load(edition: &str) -> Framework {
    framework::load(&built_in(), edition).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Ambitions and key actions as counted from the bullets of each edition's text: 49 and 48 with three above them, and 23
/// actions in each. A part of a bullet stays inside it; the supports of net zero count one each.
#[test]
fn every_ambition_and_action_of_2024_is_there() {
    let priorities = [
        ("best-start", 7, 0),
        ("frailty", 10, 0),
        ("every-contact", 6, 1),
        ("greatest-needs", 6, 1),
        ("prevention", 6, 2),
        ("recruitment-hub", 4, 1),
        ("quality-improvement", 2, 1),
        ("better-care-fund", 0, 1),
        ("intelligence", 0, 2),
        ("working-across", 0, 8),
        ("employability", 0, 0),
        ("local-communities", 0, 0),
        ("social-value", 2, 6),
        ("environment", 6, 0),
    ];
    for edition in EDITIONS {
        let framework = load(edition);
        assert_eq!(framework.aims.len(), 4, "{edition}");
        assert_eq!(framework.edition.principles.len(), 3, "{edition}");
        assert_eq!(framework.ambitions_of(None).count(), 3, "{edition}: overarching");
        let counted: Vec<_> = framework
            .priorities
            .iter()
            .map(|p| (p.id.as_str(), framework.ambitions_of(Some(&p.id)).count(), framework.actions_of(&p.id).count()))
            .collect();
        let mut expected = priorities.to_vec();
        if edition == "2023" {
            // NHS IMPACT came with the refresh.
            expected[6].1 = 1;
        }
        assert_eq!(counted, expected, "{edition}");
        let bullets: usize = counted.iter().map(|(_, ambitions, _)| ambitions).sum();
        assert_eq!((bullets, framework.actions.len()), (if edition == "2024" { 49 } else { 48 }, 23), "{edition}");
    }
}

/// As the texts have them: no bullet is left out, and none is there twice.
#[test]
fn ambitions_and_actions_cite_the_text() {
    for edition in EDITIONS {
        let framework = load(edition);
        let places = framework.ambitions.iter().map(|a| &a.text).chain(framework.actions.iter().map(|a| &a.text));
        let mut bullets: BTreeMap<&str, Vec<Option<u32>>> = BTreeMap::new();
        for place in places {
            assert!(!place.heading.is_empty() && place.verbatim.is_empty(), "{edition}: {place:?}");
            bullets.entry(&place.heading).or_default().push(place.bullet);
        }
        for (heading, found) in bullets.iter().filter(|(heading, _)| !heading.starts_with("Overarching")) {
            assert_eq!(*found, (1..).map(Some).take(found.len()).collect::<Vec<_>>(), "{edition}: {heading}");
        }
    }
}

/// The numbers, dates and baselines of the text, or of the document that it refers to, in the words of the list.
#[test]
fn targets_are_those_of_the_text() {
    let areas = framework::read_areas(&built_in()).unwrap();
    let framework = load("2024");
    let target = |id: &str| {
        let (_, aspiration) = framework.aspirations().find(|(_, a)| a.id.0 == id).unwrap_or_else(|| panic!("{id}"));
        framework.target_in_words(aspiration, &areas)
    };
    for (id, words) in [
        ("preventable-mortality-under-75-pooled", "better than 2017 - 19 by 31 March 2028"),
        ("gram-negative-healthcare-associated", "50% below 2016/17 by 31 March 2025"),
        ("smoking-adults", "5.0% by 31 December 2035, from 2022"),
        ("smoking-routine-and-manual", "better than 2020 - 22 by 31 December 2040"),
        ("core20-early-cancer-diagnosis-published", "75.0% by 31 December 2028, from 2022"),
        ("core20-smi-health-checks-published", "60.0% by 31 March 2025, from 2022/23 Q4"),
        ("core20-hypertension", "80.0% by 31 March 2025, from 2022/23 Q4"),
        ("core20-lipids", "65.0% by 31 March 2025, from 2022/23 Q4"),
        ("learning-disability-health-checks", "each year's own target (75.0% in every year)"),
        ("renewable-electricity", "all (100%) in every period from 1 April 2023"),
        ("oil-heated-sites", "none (0%) in every period from 1 April 2023"),
        ("recruitment-collaborative-partners", "all (100%) in every period from 1 April 2023"),
        ("inhaler-emissions", "50% below 2019/20 by 31 December 2028"),
        ("emissions-scope-1-2-net", "100% below 2019/20 by 31 December 2040"),
    ] {
        assert_eq!(target(id), words, "{id}");
    }
    let beyond: Vec<_> =
        framework.aspirations().filter(|(_, a)| a.target.goes_beyond_due()).map(|(ambition, _)| ambition.id.as_str()).collect();
    assert_eq!(beyond, ["healthy-life-expectancy", "healthy-life-expectancy", "life-expectancy", "life-expectancy"]);
}

/// A target that its document withdrew is ended by date, and holds on the days before.
#[test]
fn withdrawn_targets_hold_until_their_day() {
    let framework = load("2024");
    let (_, maternity) = framework.aspirations().find(|(_, a)| a.id.0 == "core20-maternity-continuity").unwrap();
    let on = |day: &str| maternity.target_on(day.parse().unwrap()).0.clone();
    assert!(matches!(on("2022-09-20"), Target::Level { value: 75.0, .. }));
    assert!(matches!(on("2022-09-21"), Target::NotJudged { .. }));
}

/// Ten areas decide as equals; two series of one thing are a lead and its stand-in.
#[test]
fn core20plus5_has_a_lead_for_each_area() {
    for edition in EDITIONS {
        let framework = load(edition);
        let ambition = framework.ambitions.iter().find(|a| a.id == "core20plus5").unwrap();
        let of = |role: Role| ambition.measures.iter().filter(move |a| a.role == role);
        assert_eq!((ambition.combine, of(Role::Lead).count()), (Combine::Tally, 10));
        assert!(of(Role::StandIn).all(|a| a.stands_in_for.is_some()));
        assert!(of(Role::Lead).chain(of(Role::StandIn)).all(|a| a.target.baseline().is_none() || !a.document.is_empty()));
    }
}

/// The texts name no lead and no evidence.
#[test]
fn additions_to_the_text_are_marked_proposals() {
    for action in EDITIONS.into_iter().flat_map(|edition| load(edition).actions) {
        assert!(action.proposed, "{}", action.id);
    }
}

/// A number that the source says nothing of chance about gets no limits: sites, kilowatt hours, vehicles, organisations.
#[test]
fn whole_counts_have_no_uncertainty() {
    let framework = load("2024");
    for id in ["renewable-electricity", "oil-heated-sites", "low-emission-fleet", "nhs-impact-adoption", "emissions-scope-1-2"] {
        let measure = framework.measures.iter().find(|m| m.id.0 == id).unwrap();
        assert_eq!(measure.uncertainty(), Uncertainty::None, "{id}");
    }
    let pooled = framework.measures.iter().filter(|m| m.parts_are == PartsAre::Organisations);
    assert!(pooled.clone().any(|m| m.id.0 == "staff-turnover"));
    assert!(pooled.into_iter().all(|m| m.coverage_percent == 80.0));
}

/// A partner that is named and not asked returns nothing, and no figure of the system waits for it.
#[test]
fn partners_not_yet_asked_are_no_parts() {
    let partners = framework::load_partners(&built_in()).unwrap();
    let named: Vec<_> = partners.iter().filter(|p| !p.asked).flat_map(|p| &p.areas).map(|area| area.as_str()).collect();
    assert!(["RP5", "RX9", "primary-care", "vcse-alliance", "E07000171"].iter().all(|area| named.contains(area)), "{named:?}");
    let parts = |framework: &Framework| {
        let turnover = framework.measures.iter().find(|m| m.id.0 == "staff-turnover").unwrap();
        turnover.parts.iter().map(|part| part.to_string()).collect::<Vec<_>>()
    };
    assert!(!parts(&load("2024")).contains(&"RX9".to_owned()));

    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/partners.toml")).unwrap();
    std::fs::write(folder.path().join("partners.toml"), text.replace("asked = false", "asked = true")).unwrap();
    let asked = framework::load(&Assets::config(Some(folder.path().to_owned())), "2024").unwrap();
    assert!(parts(&asked).contains(&"RX9".to_owned()));
    let all = framework::load_partners(&Assets::config(Some(folder.path().to_owned()))).unwrap();
    let of = |list: &[Partner], id: &str| list.iter().find(|p| p.id == id).cloned().unwrap();
    let asks = |framework: &Framework, partner: &Partner| framework.measures.iter().any(|m| m.is_asked_of(partner));
    assert!(!asks(&load("2024"), &of(&partners, "emas")) && asks(&asked, &of(&all, "emas")));
}

#[test]
fn built_in_editions_load_with_all_definitions() {
    assert_eq!(framework::editions(&built_in()), EDITIONS);
    for edition in EDITIONS {
        let framework = load(edition);
        for (ambition, aspiration) in framework.aspirations() {
            let measure = framework.measure(&aspiration.id).unwrap_or_else(|| panic!("{} of {}", aspiration.id, ambition.id));
            assert!(!measure.title.is_empty() && !measure.definition.is_empty(), "{}", measure.id);
        }
    }
}

#[test]
fn each_thing_named_in_a_bullet_is_measured() {
    let framework = load("2024");
    let measures = |id: &str| {
        let ambition = framework.ambitions.iter().find(|a| a.id == id).unwrap_or_else(|| panic!("{id}"));
        ambition.measures.len()
    };
    assert_eq!(measures("infection-thresholds"), 5);
    assert_eq!(measures("home-after-91-days"), 2);
    assert_eq!(measures("smoke-free-generation"), 4);
    assert_eq!(measures("equity"), 3);
    assert_eq!(measures("low-emission-fleet"), 2);
}

#[test]
fn unjudgeable_targets_say_what_is_needed() {
    let framework = load("2024");
    let needed: Vec<_> = framework
        .aspirations()
        .filter_map(|(ambition, a)| match &a.target {
            Target::NotJudged { needed } => Some((ambition.id.as_str(), needed.as_str())),
            _ => None,
        })
        .collect();
    let ambitions: BTreeSet<_> = needed.iter().map(|(ambition, _)| *ambition).collect();
    let awkward = ["equity", "best-start-indicators", "quality-improvement-training"];
    assert!(awkward.iter().all(|id| ambitions.contains(id)), "{ambitions:?}");
    assert!(needed.iter().all(|(_, words)| words.len() > 20), "{needed:?}");
}

/// Otherwise "all of them have returned it" would mean one thing to the reader and another to the judge.
#[test]
fn returned_measures_have_their_partners_as_parts() {
    let partners = framework::load_partners(&built_in()).unwrap();
    for measure in EDITIONS.into_iter().flat_map(|edition| load(edition).measures) {
        let Source::Return { partners: kinds, areas, .. } = &measure.source else { continue };
        let is_asked = |p: &&Partner| p.asked && p.kinds.iter().any(|kind| kinds.contains(kind));
        let asked: BTreeSet<_> = partners.iter().filter(is_asked).flat_map(|p| &p.areas).collect();
        // What is returned for the whole system has no parts.
        let expected = if areas.is_empty() { asked } else { BTreeSet::new() };
        assert_eq!(measure.parts.iter().collect::<BTreeSet<_>>(), expected, "{}", measure.id);
    }
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

/// The end of the measure's source.
const RETURN: &str = r#"partners = ["council"] }"#;

#[test]
fn faults_name_file_entry_and_key() {
    for (from, to, place, problem) in [
        ("aim = \"well\"", "aim = \"ill\"", "[[priority]] walking, aim", "there is no aim \"ill\""),
        (
            "priority = \"walking\"",
            "priority = \"running\"",
            "[[ambition]] walking, priority",
            "there is no priority \"running\"",
        ),
        ("lead = \"rivers\"", "lead = \"lakes\"", "[[action]] footpaths, lead", "there is no partner \"lakes\""),
        ("id = \"daily-walkers\"\ntarget", "id = \"daily-runners\"\ntarget", "measure daily-runners", "there is no measure"),
        ("value = 50", "value = 150", "daily-walkers, target.value", "0 to 100"),
        ("value = 31.5", "value = -1", "target.baseline.value", "0 to 100"),
        ("due = 2029-03-31", "due = 2025-03-31", "target.due", "not after its baseline"),
        ("period = \"2024/25\"", "period = \"2024/26\"", "target.baseline.period", "\"2024/26\" is not a period"),
        ("kind = \"level\"", "kind = \"hope\"", "[[ambition]] walking, measure daily-walkers, target.kind", "\"hope\""),
        ("value = 50", "value = 50, valu = 1", "[[ambition]] walking, measure daily-walkers, target.valu", "is not a known key"),
        ("statement = \"Mend", "stament = \"Mend", "[[action]] footpaths, stament", "did you mean statement?"),
        ("vision = ", "visoin = ", "[edition], visoin", "did you mean vision?"),
        ("cadence_months = 12", "cadence_months = 0", "[[measure]] daily-walkers, cadence_months", "is 0"),
        ("cadence_months = 12", "cadence_months = \"twelve\"", "[[measure]] daily-walkers, cadence_months", "twelve"),
        ("polarity = \"high\"", "polarity = \"none\"", "daily-walkers, target.kind", "no good direction"),
        ("parts = [\"X2\"]", "parts = [\"X9\"]", "[[measure]] daily-walkers, parts", "X9 is not an area"),
        ("system = \"X1\"", "system = \"X7\"", "[edition], system", "X7 is not an area"),
        ("default_due = \"2030-03-31\"", "default_due = \"2020-03-31\"", "[edition], default_due", "not after effective_from"),
        ("[[action]]", "[[actoin]]", "actoin", "is not a known key here"),
        ("[[aim]]", "[[aim]", "all.toml, line 11", "is not TOML"),
        ("id = \"rivershire\"", "id = \"lakeshire\"", "[edition], id", "\"rivershire\" was expected"),
        (
            RETURN,
            r#"partners = ["council"], breakdowns = [{ by = " ", groups = ["a", "b"] }] }"#,
            "[[measure]] daily-walkers, source.breakdowns",
            "is empty or given twice",
        ),
        (
            RETURN,
            r#"partners = ["council"], breakdowns = [{ by = "Age", groups = ["Under 20"] }] }"#,
            "[[measure]] daily-walkers, source.breakdowns",
            "\"Age\" has fewer than two groups",
        ),
        (
            RETURN,
            r#"partners = ["council"], breakdowns = [{ by = "Age", groups = ["Under 20", "under  20"] }] }"#,
            "[[measure]] daily-walkers, source.breakdowns",
            "the group \"under  20\" of \"Age\"",
        ),
        (
            RETURN,
            r#"partners = ["council"], first = "spring" }"#,
            "[[measure]] daily-walkers, source.first",
            "\"spring\" is not a period",
        ),
        ("id = \"footpaths\"", "id = \"Foot paths\"", "[[action]] Foot paths, id", "is not an id"),
    ] {
        assert!(EDITION.contains(from) || MEASURE.contains(from), "the small framework has no {from}");
        let found = faults_of(&EDITION.replace(from, to), &MEASURE.replace(from, to));
        assert!(
            found.iter().any(|f| f.contains(place) && f.contains(problem)),
            "{to}: {place:?} and {problem:?} were expected in\n{}",
            found.join("\n")
        );
    }
}

#[test]
fn a_bad_entry_hides_no_other_fault() {
    let edition = EDITION.replace("lead = \"rivers\"", "lead = \"lakes\"").replace("aim = \"well\"", "aim = 7");
    let found = faults_of(&edition, &MEASURE.replace("unit = \"percent\"", "unit = \"furlongs\""));
    assert_eq!(found.len(), 3, "{}", found.join("\n"));
    for words in ["\"furlongs\"", "[[priority]] walking, aim", "there is no partner \"lakes\""] {
        assert!(found.iter().any(|f| f.contains(words)), "{words} in\n{}", found.join("\n"));
    }
}

#[test]
fn an_id_given_twice_is_a_fault() {
    let found = faults_of(&EDITION.replace("[[action]]", "[[aim]]\nid = \"well\"\ntitle = \"Again\"\n[[action]]"), MEASURE);
    assert!(found.iter().any(|f| f.contains("the id \"well\" is given already")), "{}", found.join("\n"));
}

#[test]
fn duplicate_series_and_targets_are_faults() {
    let indicator = r#"source = { kind = "indicator", source = "fingertips", indicator = "1" }"#;
    let first = MEASURE.replace(r#"source = { kind = "return", partners = ["council"] }"#, indicator);
    let second = first.replace("id = \"daily-walkers\"", "id = \"walkers\"");
    let again = |id: &str| {
        let target = r#"target = { kind = "not_judged", needed = "a level to reach" }"#;
        EDITION.replace("[[action]]", &format!("[[ambition.measure]]\nid = \"{id}\"\n{target}\n[[action]]"))
    };
    let found = faults_of(&again("walkers"), &format!("{first}{second}"));
    assert!(found.iter().any(|f| f.contains("the same series as that of the measure daily-walkers")), "{}", found.join("\n"));
    let found = faults_of(&again("daily-walkers"), &first);
    assert!(found.iter().any(|f| f.contains("has a target already")), "{}", found.join("\n"));
}

#[test]
fn a_missing_baseline_is_a_note() {
    let measure = MEASURE.replace(r#"source = { kind = "return", partners = ["council"] }"#, r#"source = { kind = "none" }"#);
    let (_folder, assets) = rivershire(&EDITION.replace(", value = 31.5", ""), &measure);
    let (_, notes) = framework::load_with_notes(&assets, "rivershire").unwrap_or_else(|faults| panic!("{faults}"));
    assert!(notes.iter().any(|n| n.place.contains("target.baseline") && n.problem.contains("no source gives it")), "{notes:?}");
}

#[test]
fn a_partner_needs_someone_to_ask() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("partners.toml"), PARTNERS.replace("figures@example.org", "the desk").repeat(2)).unwrap();
    let Faults(found) = framework::load_partners(&Assets::config(Some(folder.path().to_owned()))).unwrap_err();
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found.iter().all(|f| f.place.contains("partners.toml, line ") && f.place.contains("[[partner]] rivers")),
        "{found:?}"
    );
}

#[test]
fn what_takes_a_partners_place_begins_after_it() {
    let second = PARTNERS.replace("\"rivers\"", "\"lakes\"");
    let found = |first: &str, next: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("partners.toml"), format!("{PARTNERS}{first}\n{second}{next}")).unwrap();
        match framework::load_partners(&Assets::config(Some(folder.path().to_owned()))) {
            Ok(_) => String::new(),
            Err(faults) => faults.to_string(),
        }
    };
    for (first, next, expected) in [
        ("until = 2026-03-31\nreplaced_by = \"lakes\"", "from = 2026-04-01\ncontinues = [\"rivers\"]", ""),
        // One may be merged into another that goes on.
        ("until = 2026-03-31\nreplaced_by = \"lakes\"", "", ""),
        ("from = 2026-04-01\nuntil = 2026-03-31", "", "[[partner]] rivers, until: is 2026-03-31, before from, 2026-04-01"),
        ("replaced_by = \"lakes\"", "", "[[partner]] rivers, replaced_by: rivers has no last day (until)"),
        ("until = 2026-03-31\nreplaced_by = \"seas\"", "", "replaced_by: there is no partner \"seas\""),
        ("until = 2026-03-31\nreplaced_by = \"rivers\"", "", "replaced_by: names the partner itself"),
        ("until = 2026-03-31", "from = 2026-03-01\ncontinues = [\"rivers\"]", "lakes begins on 2026-03-01, and rivers ends on"),
        ("", "kind = []", "duplicate key"),
    ] {
        let told = found(first, next);
        assert!(if expected.is_empty() { told.is_empty() } else { told.contains(expected) }, "{first}, {next}: {told}");
    }
}

#[test]
fn unknown_editions_are_told_with_the_known() {
    let found = framework::load(&built_in(), "../2024").unwrap_err().to_string();
    assert!(found.contains("there is no such edition") && found.contains("2024"), "{found}");
}

#[test]
fn an_impossible_target_is_a_fault() {
    let target = "target = { kind = \"level\", value = 50, due = 2029-03-31, baseline = { period = \"2024/25\", value = 31.5 } }";
    assert!(EDITION.contains(target));
    let baseline = "baseline = { period = \"2024/25\" }";
    for (other, problem) in [
        (format!("kind = \"percent_change\", percent = -10, {baseline}"), "asks for a change for the worse"),
        (format!("kind = \"percent_change\", percent = 0, {baseline}"), "or for none"),
        (format!("kind = \"cap_rise\", percent = -2.7, {baseline}"), "is -2.7"),
        (format!("kind = \"compliance\", full = 99, {baseline}"), "100 (all) or 0 (none)"),
        (
            format!("kind = \"reduction_band\", percent = 80, early = 2032-12-31, late = 2028-12-31, {baseline}"),
            "not after early",
        ),
        (
            "kind = \"annual_target\", targets = [{ period = \"next year\", value = 5 }]".to_owned(),
            "\"next year\" is not a period",
        ),
        ("kind = \"annual_target\", targets = [{ period = \"2025/26\", value = 500 }]".to_owned(), "is 500"),
        ("kind = \"not_judged\", needed = \" \"".to_owned(), "say what would be needed"),
    ] {
        let found = faults_of(&EDITION.replace(target, &format!("target = {{ {other} }}")), MEASURE);
        assert!(
            found.iter().any(|f| f.contains("daily-walkers, target.") && f.contains(problem)),
            "{other}:\n{}",
            found.join("\n")
        );
    }
}

#[test]
fn targets_due_before_their_edition_are_noted() {
    let (_folder, assets) = rivershire(&EDITION.replace("effective_from = 2025-04-01", "effective_from = 2029-04-01"), MEASURE);
    let (_, notes) = framework::load_with_notes(&assets, "rivershire").unwrap_or_else(|faults| panic!("{faults}"));
    assert!(
        notes.iter().any(|note| note.place.contains("target.due") && note.problem.contains("2029-03-31 had passed")),
        "{notes:?}"
    );
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

/// The edition's only action with these lines added, and what is said of it.
fn faults_of_action(lines: &str) -> Vec<String> {
    faults_of(&EDITION.replace("lead = \"rivers\"", &format!("lead = \"rivers\"\n{lines}")), MEASURE)
}

#[test]
fn steps_are_ordered_and_end_with_their_action() {
    let steps = |first: &str, second: &str| {
        format!(
            "steps = [{{ statement = \"Half\", due = {first} }}, {{ statement = \"All\", due = {second} }}]\ndue = 2026-03-31"
        )
    };
    let (_folder, assets) = rivershire(
        &EDITION.replace("lead = \"rivers\"", &format!("lead = \"rivers\"\n{}", steps("2025-09-30", "2026-03-31"))),
        MEASURE,
    );
    let framework = framework::load(&assets, "rivershire").unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(framework.actions[0].steps.len(), 2);
    for (lines, problem) in [
        (steps("2025-09-30", "2026-06-30"), "the last has 2026-06-30 and the action 2026-03-31"),
        (format!("first_due = 2026-03-31\n{}", steps("2025-09-30", "2026-03-31")), "is 2026-03-31, the same as due"),
        (steps("2026-06-30", "2026-03-31"), "2026-06-30 comes before 2026-03-31"),
        ("steps = [{ statement = \"All\", due = 2026-03-31 }]\ndue = 2026-03-31".to_owned(), "one step"),
    ] {
        let found = faults_of_action(&lines);
        assert!(found.iter().any(|f| f.contains("[[action]] footpaths") && f.contains(problem)), "{problem}: {found:?}");
    }
}

#[test]
fn two_dates_in_the_text_make_two_steps() {
    let steps = |edition: &str| -> Vec<_> {
        load(edition)
            .actions
            .into_iter()
            .filter(|a| !a.steps.is_empty())
            .map(|a| {
                let days = a.steps.iter().map(|step| step.due.map_or("no date".to_owned(), |due| due.to_string()));
                format!("{}: {}", a.id, days.collect::<Vec<_>>().join(", "))
            })
            .collect()
    };
    let workforce = "workforce-reflects-population: 2024-03-31, no date";
    let aims = "aims-in-induction-and-reviews: 2024-03-31, 2026-03-31";
    let memorandum = "mutual-aid-memorandum: 2023-09-30, 2026-03-31";
    assert_eq!(steps("2024"), [workforce, aims, "better-care-fund-review: no date, no date", memorandum]);
    assert_eq!(steps("2023"), [workforce, aims, memorandum, "allied-health-rotation: 2023-04-30, 2024-03-31"]);
}

/// What is said of the small framework with a second measure beside the first, and of the two definitions with these lines.
fn told(measures: &str, lines: &str) -> Vec<String> {
    let edition = EDITION.replace("[[action]]", &format!("{measures}\n[[action]]"));
    let second = MEASURE.replace("id = \"daily-walkers\"", "id = \"walkers\"");
    let (_folder, assets) = rivershire(&edition, &format!("{MEASURE}{lines}\n{second}"));
    match framework::load_with_notes(&assets, "rivershire") {
        Ok((_, notes)) => notes.iter().map(ToString::to_string).collect(),
        Err(Faults(found)) => found.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn what_ends_or_follows_is_checked() {
    let second = |lines: &str| format!("[[ambition.measure]]\nid = \"walkers\"\n{lines}");
    let level = "target = { kind = \"level\", value = 60, baseline = { period = \"2024/25\" } }";
    let direction = "target = { kind = \"direction\", baseline = { period = \"2024/25\" } }";
    let with = |lines: &str| second(&format!("{level}\n{lines}"));
    let own =
        |area: &str| format!("[[ambition.measure.area_target]]\narea = \"{area}\"\ntarget = {{ kind = \"level\", value = 700 }}");
    let action = |lines: &str| {
        format!("[[action]]\nid = \"paths\"\npriority = \"walking\"\nstatement = \"x\"\nlead = \"rivers\"\n{lines}")
    };
    for (measures, lines, place, problem) in [
        (
            with("interim = [{ value = 50, due = 2028-03-31 }, { value = 55, due = 2027-03-31 }]"),
            "",
            "interim",
            "is not after the one before",
        ),
        (with("interim = [{ value = 50, due = 2030-03-31 }]"), "", "interim", "is not before the target's own date, 2030-03-31"),
        (with("interim = [{ value = 500, due = 2028-03-31 }]"), "", "interim", "is 500; a percentage from 0 to 100"),
        (with("interim = [{ value = 70, due = 2028-03-31 }]"), "", "interim", "does not lie between"),
        (
            second(&format!("{direction}\ninterim = [{{ value = 50, due = 2028-03-31 }}]")),
            "",
            "interim",
            "another kind than level",
        ),
        (with(&own("X2")), "", "area_target X2, target.value", "is 700"),
        (with(&own("X9")), "", "area_target X9, area", "X9 is not an area"),
        (with(&own("X1")), "", "area_target X1", "X1 has a target already"),
        (String::new(), "retired = { from = 2026-04-01, reason = \"\" }", "retired.reason", "is empty"),
        (
            String::new(),
            "retired = { from = 2026-04-01, reason = \"x\", successors = [\"runners\"] }",
            "retired.successors",
            "there is no measure \"runners\"",
        ),
        (
            String::new(),
            "retired = { from = 2026-04-01, reason = \"x\", successors = [\"walkers\"] }",
            "retired.successors",
            "no ambition of the edition names walkers",
        ),
        (
            String::new(),
            "retired = { from = 2026-04-01, reason = \"x\", successors = [\"daily-walkers\"] }",
            "retired.successors",
            "names the measure itself",
        ),
        (String::new(), "redefined = [{ from = \"spring\", reason = \"x\" }]", "redefined spring, from", "is not a period"),
        (String::new(), "redefined = [{ from = \"2025/26\", reason = \"\" }]", "redefined 2025/26, reason", "is empty"),
        (
            String::new(),
            "redefined = [{ from = \"2025/26\", reason = \"x\" }, { from = \"2024/25\", reason = \"y\" }]",
            "redefined 2024/25",
            "is not after the one before",
        ),
        (action("co_leads = [\"lakes\"]"), "", "[[action]] paths, co_leads", "there is no partner \"lakes\""),
        (action("co_leads = [\"rivers\"]"), "", "[[action]] paths, co_leads", "\"rivers\" is named twice"),
        (action("also_under = [\"running\"]"), "", "[[action]] paths, also_under", "there is no priority \"running\""),
        (action("also_under = [\"walking\"]"), "", "[[action]] paths, also_under", "\"walking\" is named twice"),
    ] {
        let told = told(&measures, lines);
        let is_told = |f: &String| f.contains(place) && f.contains(problem);
        assert!(told.iter().any(is_told), "{place:?} and {problem:?} were expected in\n{}", told.join("\n"));
    }
    let found = faults_of(
        &EDITION.replace("comparator = \"E92000001\"", "comparator = \"E92000001\"\nbeside = [\"E92000001\", \"X7\"]"),
        MEASURE,
    );
    for expected in ["beside: E92000001 is shown already", "beside: X7 is not an area"] {
        assert!(found.iter().any(|f| f.contains(expected)), "{expected} in {}", found.join("\n"));
    }
}

#[test]
fn roles_conditions_and_marked_periods_are_checked() {
    let second = |lines: &str| format!("[[ambition.measure]]\nid = \"walkers\"\n{lines}");
    let level = "target = { kind = \"level\", value = 60, baseline = { period = \"2024/25\" } }";
    let ended = |value: f64, until: &str, document: &str| {
        let target = format!("target = {{ kind = \"level\", value = {value} }}");
        format!("[[ambition.measure.earlier]]\n{target}\nuntil = {until}\ndocument = \"{document}\"\nended_by = \"the next\"")
    };
    for (measures, lines, place, problem) in [
        (second(&format!("stands_in_for = \"daily-walkers\"\n{level}")), "", "walkers, stands_in_for", "whose role is lead"),
        (
            second(&format!("role = \"stand_in\"\nstands_in_for = \"runners\"\n{level}")),
            "",
            "walkers, stands_in_for",
            "runners is not a lead of this ambition",
        ),
        (format!("{}\n{}", second(level), ended(700.0, "2025-05-31", "A plan")), "", "earlier 1, target.value", "is 700"),
        (format!("{}\n{}", second(level), ended(50.0, "2025-05-31", "")), "", "earlier 1, document", "is empty"),
        (
            format!("{}\n{}\n{}", second(level), ended(50.0, "2025-05-31", "A"), ended(55.0, "2025-05-31", "B")),
            "",
            "earlier 2, until",
            "not after that of the one before",
        ),
        (second("target = { kind = \"standing\", full = 50, from = 2025-04-01 }"), "", "target.full", "100 (all) or 0 (none)"),
        (
            second("target = { kind = \"standing\", full = 100, from = 2025-04-30 }"),
            "",
            "target.from",
            "2025-04-30 lies inside 2025/26, which begins on 2025-04-01",
        ),
        (String::new(), "coverage_percent = 180", "daily-walkers, coverage_percent", "is 180"),
        (
            String::new(),
            "[[measure.step_change]]\nfrom = \"spring\"\nreason = \"a new way of counting\"\ndecided_by = \"the board\"",
            "step_change spring, from",
            "is not a period",
        ),
        (
            String::new(),
            "[[measure.step_change]]\nfrom = \"2025/26\"\nreason = \"a new way of counting\"\ndecided_by = \"\"",
            "step_change 2025/26, decided_by",
            "is empty",
        ),
        (
            String::new(),
            "[[measure.doubtful]]\narea = \"X9\"\nperiod = \"2025/26\"\nreason = \"repeats a year\"",
            "doubtful 2025/26, area",
            "X9 is not an area",
        ),
    ] {
        let found = told(&measures, lines);
        assert!(found.iter().any(|f| f.contains(place) && f.contains(problem)), "{place}: {problem}:\n{}", found.join("\n"));
    }
}

#[test]
fn undecided_ambitions_are_told_to_their_owner() {
    let noted = |edition: &str, measure: &str| {
        let (_folder, assets) = rivershire(edition, measure);
        let (_, notes) = framework::load_with_notes(&assets, "rivershire").unwrap_or_else(|faults| panic!("{faults}"));
        notes.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let supporting = EDITION.replace("id = \"daily-walkers\"\ntarget", "id = \"daily-walkers\"\nrole = \"supporting\"\ntarget");
    assert_ne!(supporting, EDITION);
    assert!(noted(&supporting, MEASURE).iter().any(|n| n.contains("[[ambition]] walking") && n.contains("none decides")));
    let split = |by: &str| {
        let breakdowns = format!("[\"council\"], breakdowns = [{{ by = \"{by}\", groups = [\"a\", \"b\"] }}]");
        let measure = MEASURE.replace("[\"council\"]", &breakdowns);
        noted(EDITION, &measure).iter().any(|n| n.contains("by which index of deprivation"))
    };
    assert!(split("Deprivation halves") && split("Core20") && !split("Core20 (IMD 2019)") && !split("Age"));
    let standing = |words: &str| {
        let edition = EDITION.replace("[[aim]]", &format!("[edition.standing]\nstate = \"{words}\"\n[[aim]]"));
        noted(&edition, MEASURE).iter().any(|n| n.contains("[edition], standing"))
    };
    assert!(standing("superseded") && standing("agreed") && !standing("agreed\"\nby = \"the board") && !standing("draft"));
    assert_eq!(load("2023").edition.standing.state, EditionState::Agreed);
}

#[test]
fn sums_add_up_one_kind() {
    let sum = MEASURE
        .replace(r#"source = { kind = "return", partners = ["council"] }"#, r#"source = { kind = "sum", of = ["a", "b"] }"#)
        .replace("proportion", "count")
        .replace("\"percent\"", "\"count\"")
        .replace("parts = [\"X2\"]\n", "");
    let part = |id: &str| MEASURE.replace("daily-walkers", id).replace("proportion", "count").replace("\"percent\"", "\"count\"");
    let whole = format!("{sum}{}{}", part("a"), part("b"));
    let (_folder, assets) = rivershire(EDITION, &whole);
    let framework = framework::load(&assets, "rivershire").unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(framework.measures.iter().map(|m| m.id.0.as_str()).collect::<Vec<_>>(), ["daily-walkers", "a", "b"]);
    for (measures, problem) in [
        (format!("{sum}{}", part("a")), "there is no measure \"b\""),
        (
            format!("{sum}{}{}", part("a"), part("b").replace("cadence_months = 12", "cadence_months = 3")),
            "kind of year or cadence",
        ),
        (format!("{sum}{}{}", part("a"), part("b").replace("multiplier = 100", "multiplier = 10")), "statistic or multiplier"),
        (format!("{}{}{}", sum.replace("\"count\"", "\"estimate\""), part("a"), part("b")), "only numbers, quantities and rates"),
    ] {
        let found = faults_of(EDITION, &measures.replacen("unit = \"estimate\"", "unit = \"count\"", 1));
        assert!(found.iter().any(|f| f.contains(problem)), "{problem}:\n{}", found.join("\n"));
    }
}

/// A target set against growth, with the projection as a measure beside it.
fn against(target: &str, scenario: &str) -> (String, String) {
    let before = "target = { kind = \"level\", value = 50, due = 2029-03-31, baseline = { period = \"2024/25\", value = 31.5 } }";
    let edition = EDITION.replace(before, &format!("target = {{ kind = \"against_growth\", percent = 5, {target} }}"));
    assert_ne!(edition, EDITION);
    let projection = MEASURE.replace("id = \"daily-walkers\"", "id = \"projected\"").replace("unit = \"percent\"", scenario);
    (edition, format!("{MEASURE}{projection}"))
}

#[test]
fn growth_scenarios_are_measures_without_ambition() {
    let baseline = "baseline = { period = \"2024/25\" }";
    let (edition, measures) = against(&format!("{baseline}, scenario = \"projected\""), "unit = \"percent\"");
    let (_folder, assets) = rivershire(&edition, &measures);
    let framework = framework::load(&assets, "rivershire").unwrap_or_else(|faults| panic!("{faults}"));
    let ids: Vec<_> = framework.measures.iter().map(|m| m.id.0.as_str()).collect();
    assert_eq!((ids, framework.aspirations().count()), (vec!["daily-walkers", "projected"], 1));
    assert!(framework.is_scenario(&framework.measures[1].id) && !framework.is_scenario(&framework.measures[0].id));

    for (target, unit, place, problem) in [
        ("scenario = \"guessed\"", "unit = \"percent\"", "target.scenario", "there is no measure \"guessed\""),
        ("scenario = \"projected\"", "unit = \"count\"", "target.scenario", "in another unit"),
        ("scenario = \"daily-walkers\"", "unit = \"percent\"", "target.scenario", "has a target of its own"),
        ("scenario = \"projected\", annual_growth_percent = 2", "unit = \"percent\"", "target.scenario", "two scenarios"),
    ] {
        let (edition, measures) = against(&format!("{baseline}, {target}"), unit);
        let found = faults_of(&edition, &measures);
        assert!(found.iter().any(|f| f.contains(place) && f.contains(problem)), "{problem}: {found:?}");
    }
    let (edition, measures) = against(baseline, "unit = \"percent\"");
    let (_folder, assets) = rivershire(&edition, &measures);
    let (_, notes) = framework::load_with_notes(&assets, "rivershire").unwrap();
    assert!(notes.iter().any(|n| n.place.ends_with("target.scenario") && n.problem.contains("no growth scenario")), "{notes:?}");
}

#[test]
fn partners_return_only_areas_of_the_system() {
    let returned = |areas: &str| MEASURE.replace("[\"council\"]", &format!("[\"council\"], areas = [{areas}]"));
    for (areas, problem) in [("\"X8\"", "X8 is not an area"), ("\"X1\", \"X1\"", "X1 is listed twice")] {
        let found = faults_of(EDITION, &returned(areas));
        assert!(found.iter().any(|f| f.contains("daily-walkers, source.areas") && f.contains(problem)), "{found:?}");
    }
    // A comparison needs somebody to give the other area's figure.
    let target = "target = { kind = \"level\", value = 50, due = 2029-03-31, baseline = { period = \"2024/25\", value = 31.5 } }";
    let edition = EDITION.replace(target, "target = { kind = \"similar_or_better\" }");
    let noted = |areas: &str| {
        let (_folder, assets) = rivershire(&edition, &returned(areas));
        framework::load_with_notes(&assets, "rivershire").unwrap().1.iter().any(|n| n.problem.contains("compares with E92000001"))
    };
    assert!(noted("\"X1\"") && !noted("\"X1\", \"E92000001\""));
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
                assert_eq!(keys(&action), expected);
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
    let turned = |change: &Change| match change.change {
        How::Added => How::Dropped,
        How::Dropped => How::Added,
        How::Changed => How::Changed,
    };
    assert_eq!(forth.len(), back.len());
    for change in &forth {
        let same = |other: &&Change| (other.what, &other.before, &other.after) == (change.what, &change.after, &change.before);
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
    assert!(code == 78 && errors.contains("there are: 2023, 2024"), "{errors}");
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
