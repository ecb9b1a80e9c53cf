//! Steps, roles, conditions, sums, scenarios: entries of each kind and what is checked of them.

use super::*;

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
            "retired = { from = 2026-04-01, reason = \"It was split.\", successors = [\"runners\"] }",
            "retired.successors",
            "there is no measure \"runners\"",
        ),
        (
            String::new(),
            "retired = { from = 2026-04-01, reason = \"It was split.\", successors = [\"walkers\"] }",
            "retired.successors",
            "no ambition of the edition names walkers",
        ),
        (
            String::new(),
            "retired = { from = 2026-04-01, reason = \"It was split.\", successors = [\"daily-walkers\"] }",
            "retired.successors",
            "names the measure itself",
        ),
        (
            String::new(),
            "redefined = [{ from = \"spring\", reason = \"It was split.\" }]",
            "redefined spring, from",
            "is not a period",
        ),
        (String::new(), "redefined = [{ from = \"2025/26\", reason = \"\" }]", "redefined 2025/26, reason", "is empty"),
        (
            String::new(),
            "redefined = [{ from = \"2025/26\", reason = \"It was split.\" }, { from = \"2024/25\", reason = \"It was split.\" }]",
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
