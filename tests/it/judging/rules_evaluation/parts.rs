//! The parts of a system, beside the whole.

use super::*;
use indicator_stats::spc::Assurance;

#[test]
fn parts_are_summed_where_all_have_counts() {
    let found = one(LEVEL, &[counted("A", "2025/26", 60.0, 100.0), counted("B", "2025/26", 1500.0, 3000.0)]);
    let latest = found.headline.latest.unwrap();
    assert_eq!(latest.value, Value::Number(100.0 * 1560.0 / 3100.0));
    assert_eq!((latest.numerator, latest.denominator, latest.sources.len()), (Some(1560.0), Some(3100.0), 2));
    assert_eq!(found.headline.area.as_str(), "SYS");
    assert_eq!(found.areas.len(), 2);
}

#[test]
fn sums_name_parts_to_which_nothing_applies() {
    let not_applicable = |period| Observation { value: Value::NotApplicable, ..given("A", period, 0.0) };
    let now = [not_applicable("2025/26"), counted("B", "2025/26", 1800.0, 3000.0)];
    let before = |of_a| [of_a, counted("B", "2024/25", 1500.0, 3000.0)];
    let judge = |before: &[Observation]| one(LEVEL, &[before, &now].concat()).headline;
    let found = judge(&before(not_applicable("2024/25")));
    assert_eq!(found.latest.as_ref().unwrap().value, Value::Number(60.0));
    assert_eq!(found.previous.unwrap().value, Value::Number(50.0), "of the same part alone");
    assert_eq!((found.status, found.flags), (Status::Achieved, vec![Flag::WithoutParts]));
    assert!(found.reason.ends_with(" (without Ashton, to which it does not apply)"), "{}", found.reason);
    let other = judge(&before(counted("A", "2024/25", 60.0, 100.0)));
    assert_eq!(other.previous, None, "a sum of other parts is no earlier figure of these");
    for value in [Value::Missing, Value::Suppressed] {
        let of_a = Observation { value, ..given("A", "2025/26", 0.0) };
        let found = one(LEVEL, &[of_a, counted("B", "2025/26", 1800.0, 3000.0)]).headline;
        assert!(!found.status.is_judged(), "{value:?}: {}", found.reason);
    }
}

#[test]
fn parts_alone_give_the_median_residents_status() {
    let both = one(LEVEL, &[given("A", "2025/26", 60.0), given("B", "2025/26", 40.0)]).headline;
    // Nothing is known of how many live where, so both count alike: half live where it is off track.
    assert_eq!(both.status, Status::OffTrack);
    assert_eq!(both.reason, "1 of 2 areas is off track (Bexford); 1 of 2 areas is achieved (Ashton)");
    assert_eq!((both.area.as_str(), both.latest), ("SYS", None));
    assert!(both.flags.contains(&Flag::ByArea) && !both.flags.contains(&Flag::Incomplete));

    let single = one(LEVEL, &[counted("A", "2025/26", 60.0, 100.0)]).headline;
    assert_eq!((single.status, single.no_figure), (Status::NoFigure, Some(NoFigure::Incomplete)));
    assert_eq!(single.reason, "Not all parts have a figure: only Ashton has one, and Bexford has not");
    assert!(single.flags.contains(&Flag::Incomplete));
}

#[test]
fn parts_are_not_held_to_system_targets() {
    let before = [counted("A", "2022/23", 10.0, 100.0), counted("B", "2022/23", 20.0, 100.0)];
    let more = [
        r#"{ kind = "level", value = 10.0 }"#,
        r#"{ kind = "level", value = 10.0, baseline = { period = "2022/23" } }"#,
        r#"{ kind = "compliance", full = 0.0 }"#,
        r#"{ kind = "standing", full = 0.0, from = "2023-04-30" }"#,
        r#"{ kind = "annual_target", targets = [], every_year = 50.0 }"#,
    ];
    let kinds = [("quantity", "tco2e"), ("count", "count"), ("proportion", "percent"), ("crude-rate", "per100k")];
    for ((statistic, unit), parts_are) in kinds.iter().flat_map(|kind| [(kind, "areas"), (kind, "organisations")]) {
        for target in EVERY_KIND.iter().chain(&more) {
            for (polarity, last) in [("low", 0.0), ("low", 5.0), ("high", 5.0), ("high", 80.0)] {
                let of = format!(
                    "statistic = \"{statistic}\"\nunit = \"{unit}\"\npolarity = \"{polarity}\"\nparts_are = \"{parts_are}\""
                );
                let now = [counted("A", "2024/25", last, 100.0), counted("A", "2025/26", last, 100.0)];
                let figures = [before.as_slice(), &now].concat();
                let found = evaluated(&framework(measure(&of), target), &figures, TODAY).measures.remove(0).headline;
                // Where none is wanted, one that has some is enough to miss it.
                let missed =
                    matches!(found.status, Status::OffTrack | Status::AtRisk) && last > 0.0 && target.contains("full = 0");
                assert!(!found.status.is_judged() || missed, "{of}\n{target}: {:?}, {}", found.status, found.reason);
            }
        }
    }
    let quantity = measure("statistic = \"quantity\"\nunit = \"tco2e\"\npolarity = \"low\"");
    let found = evaluated(&framework(quantity, more[0]), &[given("A", "2025/26", 9.1)], TODAY).measures.remove(0);
    assert_eq!(found.headline.reason, "Not all parts have a figure for 2025/26: Ashton has one, and Bexford has not");
    assert_eq!((found.headline.no_figure, found.headline.latest), (Some(NoFigure::Incomplete), None));
}

#[test]
fn old_figures_of_unjudged_areas_age_nothing() {
    let areas = AREAS.replace("code = \"A\",", "code = \"A\", population = 300, population_source = \"Census\",");
    let areas = areas.replace("code = \"B\",", "code = \"B\", population = 100, population_source = \"Census\",");
    let areas = Areas::parse(&areas, "areas.toml").unwrap();
    let framework = framework(measure("statistic = \"estimate\""), LEVEL);
    let judge = |of_a: &str| {
        let figures = [given("A", of_a, 60.0), given("B", "2023/24", 60.0)];
        let period = Period::last_quarter_before(TODAY);
        let found = evaluate(&EvaluationInputs::new(&framework, &areas, &figures, &[], period, TODAY));
        let headline = &found.measures[0].headline;
        (headline.status, [&headline.flags, &found.ambitions[0].flags].map(|flags| flags.contains(&Flag::Stale)))
    };
    assert_eq!(judge("2025/26"), (Status::Achieved, [false; 2]), "what is too old is not judged, and nothing rests on it");
    assert_eq!(judge("2024/25"), (Status::Achieved, [true; 2]));
    assert_eq!(judge("2023/24"), (Status::NoFigure, [true; 2]));
}

#[test]
fn more_people_outweigh_more_areas() {
    let areas = AREAS.replace("code = \"A\",", "code = \"A\", population = 300, population_source = \"Census\",");
    let areas = areas.replace("code = \"B\",", "code = \"B\", population = 100, population_source = \"Census\",");
    let areas = Areas::parse(&areas, "areas.toml").unwrap();
    let framework = framework(measure("statistic = \"estimate\""), LEVEL);
    let period = Period::last_quarter_before(TODAY);
    let judge = |a, b| {
        let figures = [given("A", "2025/26", a), given("B", "2025/26", b)];
        evaluate(&EvaluationInputs::new(&framework, &areas, &figures, &[], period, TODAY)).measures.remove(0).headline
    };
    assert_eq!(judge(60.0, 40.0).status, Status::Achieved);
    assert_eq!(judge(40.0, 60.0).status, Status::OffTrack);
    let one = judge(40.0, 60.0).reason;
    assert_eq!(one, "1 of 2 areas, 75% of people, is off track (Ashton); 1 of 2 areas, 25% of people, is achieved (Bexford)");
}

#[test]
fn an_adverse_small_area_means_at_risk() {
    let district = |i: usize| {
        format!(
            "{{ code = \"D{i}\", name = \"District {i}\", kind = \"district\", population = {}, population_source = \"Census\" }}",
            if i == 8 { 10_000 } else { 100_000 }
        )
    };
    let codes: Vec<String> = (1..=8).map(|i| format!("D{i}")).collect();
    let areas = format!(
        "area = [{{ code = \"ENG\", name = \"England\", kind = \"country\" }}, {{ code = \"SYS\", name = \"The system\", kind = \"system\", parts = {codes:?} }}, {}]",
        (1..=8).map(district).collect::<Vec<_>>().join(", ")
    );
    let areas = Areas::parse(&areas, "areas.toml").unwrap();
    let framework = framework(measure(&format!("statistic = \"estimate\"\nparts = {codes:?}")), LEVEL);
    let period = Period::last_quarter_before(TODAY);
    let judge = |last: f64| {
        let mut figures: Vec<_> = codes[..7].iter().map(|code| within(given(code, "2025/26", 54.0), 0.5)).collect();
        figures.push(within(given("D8", "2025/26", last), 0.5));
        evaluate(&EvaluationInputs::new(&framework, &areas, &figures, &[], period, TODAY)).measures.remove(0).headline
    };
    assert_eq!(judge(54.0).status, Status::OnTrack);
    // 53.6 is expected, and 52 ± 0.79 at 99.8% lies wholly short of it.
    let held = judge(52.0);
    assert_eq!(held.status, Status::AtRisk, "{}", held.reason);
    assert!(held.reason.ends_with("significantly adverse: District 8"), "{}", held.reason);
    assert!(held.reason.contains("1 of 8 areas, 1% of people"), "{}", held.reason);
    // Chance would call one of eight at 95%: 53 ± 0.5 is short of 53.6, and 53 ± 0.79 is not.
    assert_eq!(judge(53.0).status, Status::OnTrack);
}

#[test]
fn one_organisation_never_stands_for_the_system() {
    let areas = Areas::parse(
        r#"area = [
            { code = "ENG", name = "England", kind = "country" },
            { code = "SYS", name = "The system", kind = "system", parts = ["A"] },
            { code = "A", name = "Ashton", kind = "authority", body = "Ashton Council" },
            { code = "T1", name = "North Trust", kind = "organisation" },
            { code = "T2", name = "South Trust", kind = "organisation" },
        ]"#,
        "areas.toml",
    )
    .unwrap();
    let employers = measure("parts = [\"A\", \"T1\", \"T2\"]\nparts_are = \"organisations\"\ndenominator = \"Staff in post\"");
    let framework = framework(employers, LEVEL);
    let before =
        [counted("A", "2024/25", 40.0, 100.0), counted("T1", "2024/25", 4000.0, 7900.0), counted("T2", "2024/25", 900.0, 2000.0)];
    let judge = |now: &[Observation]| {
        let figures = [before.as_slice(), now].concat();
        let period = Period::last_quarter_before(TODAY);
        evaluate(&EvaluationInputs::new(&framework, &areas, &figures, &[], period, TODAY)).measures.remove(0).headline
    };
    let (large, other) = (counted("T1", "2025/26", 4500.0, 8000.0), counted("T2", "2025/26", 1200.0, 2000.0));
    let both = judge(&[large.clone(), other]);
    assert_eq!(both.status, Status::Achieved, "{}", both.reason);
    let coverage = both.coverage.unwrap();
    assert!((coverage.share - 0.99).abs() < 1e-12 && coverage.is_enough);
    assert!(
        both.reason.ends_with("(2 of 3 organisations, 99% of staff in post; no figure from Ashton Council)"),
        "{}",
        both.reason
    );
    assert_eq!(both.previous.unwrap().value, Value::Number(100.0 * 4900.0 / 9900.0), "beside those of the same organisations");
    let alone = judge(&[large]);
    assert_eq!((alone.status, alone.no_figure), (Status::NoFigure, Some(NoFigure::Incomplete)));
    assert_eq!(alone.latest, None, "it is the organisation's own, and stands under its name only");
    assert_eq!(alone.reason, "Incomplete: only North Trust of 3 organisations gave a figure");
    let marked = |value| Observation { value, ..given("A", "2025/26", 0.0) };
    let both = [counted("T1", "2025/26", 4500.0, 8000.0), counted("T2", "2025/26", 1200.0, 2000.0)];
    let withheld = judge(&[both.as_slice(), &[marked(Value::Suppressed)]].concat()).reason;
    assert!(withheld.ends_with("99% of staff in post; withheld by Ashton Council)"), "{withheld}");
    // Coverage is of those to which it applies, however large the others are.
    let of_one_less = judge(&[both[1].clone(), marked(Value::NotApplicable), counted("T1", "2025/26", 4500.0, 8000.0)]);
    assert!(of_one_less.reason.ends_with(" (without Ashton Council, to which it does not apply)"), "{}", of_one_less.reason);
    assert_eq!((of_one_less.status, of_one_less.flags), (Status::Achieved, vec![Flag::WithoutParts]));
    let coverage = of_one_less.coverage.unwrap();
    assert_eq!((coverage.share, coverage.is_enough, coverage.absent.len(), coverage.left_out.len()), (1.0, true, 0, 1));
    let without_t1 = Observation { value: Value::NotApplicable, ..given("T1", "2025/26", 0.0) };
    let alone = judge(&[both[1].clone(), marked(Value::NotApplicable), without_t1]);
    assert_eq!((alone.status, alone.latest), (Status::NoFigure, None), "one is not the system: {}", alone.reason);
}

#[test]
fn what_all_gave_before_stays_shown() {
    let employers = measure("parts = [\"A\", \"B\"]\nparts_are = \"organisations\"");
    let framework = framework(employers, LEVEL);
    let figures = [
        counted("A", "2023/24", 40.0, 100.0),
        counted("B", "2023/24", 60.0, 100.0),
        counted("A", "2024/25", 60.0, 100.0),
        counted("A", "2025/26", 70.0, 100.0),
    ];
    let found = evaluated(&framework, &figures, TODAY).measures.remove(0).headline;
    assert_eq!((found.status, &found.latest), (Status::NoFigure, &None), "{}", found.reason);
    assert_eq!(found.series.iter().map(|point| point.value).collect::<Vec<_>>(), [Value::Number(50.0)]);
}

#[test]
fn areas_to_which_nothing_applies_are_named() {
    let framework = framework(measure("statistic = \"estimate\""), LEVEL);
    let not_applicable = Observation { value: Value::NotApplicable, ..given("B", "2025/26", 0.0) };
    let figures = [given("A", "2025/26", 60.0), given("B", "2024/25", 40.0), not_applicable];
    let found = evaluated(&framework, &figures, TODAY).measures.remove(0);
    let headline = found.headline;
    assert_eq!((headline.status, headline.flags), (Status::Achieved, vec![Flag::NoLimits, Flag::ByArea, Flag::WithoutParts]));
    assert_eq!(
        headline.reason,
        "The only area to which it applies is achieved (Ashton) (without Bexford, to which it does not apply)"
    );
    let left_out = &found.areas[1];
    assert!(left_out.reason.ends_with(" (it does not apply in 2025/26)"), "{}", left_out.reason);
    assert!(!left_out.flags.contains(&Flag::Stale), "nothing newer is owed: {:?}", left_out.flags);
}

#[test]
fn parts_that_cannot_be_judged_still_say_why() {
    let found = one(LEVEL, &[given("A", "2022/23", 50.0), given("A", "2023/24", 60.0)]).headline;
    assert_eq!(found.status, Status::NoFigure);
    assert_eq!(found.reason, "None of its 2 areas can be judged: Ashton (too old) and Bexford (no figure)");
    let not_yet = evaluated(&framework(measure(""), LEVEL), &[given("A", "2022/23", 50.0)], date(2024, 6, 1));
    assert_eq!(not_yet.measures[0].headline.status, Status::NotYetDue);
    assert!(not_yet.measures[0].headline.reason.starts_with("The first figure after"));
}

#[test]
fn projections_need_five_years() {
    let years = |count: i32| -> Vec<_> {
        let value = |i: i32| 50.0 + f64::from(i) + 0.3 * f64::from(i % 2);
        (0..count).map(|i| given("SYS", &format!("{}/{}", 2021 + i, 22 + i), value(i))).collect()
    };
    assert!(one(LEVEL, &years(4)).headline.projection(&measure("")).is_err());
    let projected = one(LEVEL, &years(5)).headline.projection(&measure("")).unwrap();
    assert!(projected.shown && (projected.value - 56.1).abs() < 0.5, "{projected:?}");
    assert!(projected.chance.unwrap().probability() > 0.2);
    assert!((projected.yearly_change_needed.unwrap() - 1.0).abs() < 1e-9, "54 in March 2026, 56 two years later");
}

#[test]
fn short_series_have_no_icon() {
    let monthly = measure("cadence_months = 1\npublication_lag_months = 1\nparts = []");
    let months: Vec<_> = ["Jul 2026", "Aug 2026", "Sep 2026"].iter().map(|m| given("SYS", m, 57.0)).collect();
    let headline = evaluated(&framework(monthly.clone(), LEVEL), &months, TODAY).measures.remove(0).headline;
    let chart = headline.control_chart(&monthly).unwrap();
    assert_eq!((chart.variation, chart.assurance), (None, None));
    assert_eq!(one(LEVEL, &[given("SYS", "2025/26", 50.0)]).headline.control_chart(&measure("")), None);
}

#[test]
fn met_targets_are_not_forecast_to_be_missed() {
    let monthly = measure("cadence_months = 1\npublication_lag_months = 1\nparts = []");
    let target = r#"{ kind = "standing", full = 100.0, from = "2025-09-30" }"#;
    let named = ["Sep 2025", "Oct 2025", "Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026", "May 2026"];
    let labels = named.iter().chain(&["Jun 2026", "Jul 2026", "Aug 2026", "Sep 2026"]);
    let judge = |last: f64| {
        let value = |i: usize| if i == 12 { last } else { 57.0 + (i % 2) as f64 };
        let months: Vec<_> = labels.clone().enumerate().map(|(i, label)| given("SYS", label, value(i))).collect();
        evaluated(&framework(monthly.clone(), target), &months, TODAY).measures.remove(0).headline
    };
    let assurance = |of: &Assessment| of.control_chart(&monthly).unwrap().assurance;
    let missed = judge(57.0);
    assert_eq!((missed.status, assurance(&missed)), (Status::OffTrack, Some(Assurance::Fail)));
    let met = judge(100.0);
    assert_eq!((met.status, assurance(&met)), (Status::AchievedLate, None), "{}", met.reason);
    assert!(met.without_assurance(&monthly).starts_with("the target is met"));
}

#[test]
fn a_standardised_rate_is_never_summed() {
    let rates = measure("statistic = \"standardised-rate\"");
    let found =
        evaluated(&framework(rates, LEVEL), &[counted("A", "2025/26", 60.0, 100.0), counted("B", "2025/26", 50.0, 100.0)], TODAY);
    assert!(found.measures[0].headline.flags.contains(&Flag::ByArea));
}

#[test]
fn a_parts_direction_starts_from_its_own_baseline() {
    let observations = [
        within(given("A", "2022/23", 40.0), 1.0),
        within(given("A", "2025/26", 45.0), 1.0),
        within(given("B", "2025/26", 45.0), 1.0),
    ];
    let found = one(DIRECTION, &observations);
    assert_eq!(found.areas[0].status, Status::Achieved);
    assert_eq!(found.areas[1].status, Status::NoFigure, "{}", found.areas[1].reason);
    assert!(found.areas[1].reason.contains("no figure for the baseline period, 2022/23"), "{}", found.areas[1].reason);
}
