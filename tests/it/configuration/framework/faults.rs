//! What is wrong with an edition, named by file, entry and key.

use super::*;

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
