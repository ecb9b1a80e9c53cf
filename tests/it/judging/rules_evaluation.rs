//! A whole evaluation: which figure is judged, for which area, against what, and nothing left out.

mod due_figures;
mod in_question;
mod last_given;
mod parts;
mod running_years;

use crate::support::small_framework;

use crate::support::small_framework::{AREAS, counted, given, received};
use boardpack::area::Areas;
use boardpack::collect::{ActionReport, Finding, Grade, NothingToReport, Progress, ReturnReceipt};
use boardpack::evaluate::{
    Assessment, Comparison, Evaluation, EvaluationInputs, Flag, MeasureAssessment, NoFigure, ReturnRounds, Status, Trend, counts,
    counts_of_actions, counts_of_aim, counts_of_priority, evaluate, rows,
};
use boardpack::fault::Fault;
use boardpack::figure::{Category, FigureKey, Observation};
use boardpack::framework::{Action, ActionId, Aim, Ambition, Framework, Measure, Partner, Priority};
use boardpack::period::{Period, YearKind};
use boardpack::value::{Limits, Value};
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn measure(extra: &str) -> Measure {
    small_framework::measure(extra, r#"["A", "B"]"#)
}

fn framework(measure: Measure, target: &str) -> Framework {
    let ambition = format!("id = \"a\"\npriority = \"p\"\nstatement = \"More\"\n[[measure]]\nid = \"m\"\ntarget = {target}");
    Framework {
        edition: small_framework::edition(),
        aims: vec![Aim { id: "aim".into(), title: "Aim".into(), owner: String::new() }],
        priorities: vec![Priority {
            id: "p".into(),
            aim: "aim".into(),
            title: "Priority".into(),
            short: "P".into(),
            definition: String::new(),
        }],
        ambitions: vec![toml::from_str::<Ambition>(&ambition).unwrap()],
        measures: vec![measure],
        actions: Vec::new(),
    }
}

fn within(observation: Observation, reach: f64) -> Observation {
    let value = observation.value.number().unwrap();
    Observation { limits: Some(Limits { lower: value - reach, upper: value + reach }), ..observation }
}

fn evaluated(framework: &Framework, observations: &[Observation], as_at: Date) -> Evaluation {
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let period = Period::last_quarter_before(as_at);
    evaluate(&EvaluationInputs::new(framework, &areas, observations, &[], period, as_at))
}

const LEVEL: &str = r#"{ kind = "level", value = 56.0, baseline = { period = "2022/23", value = 50.0 } }"#;
const DIRECTION: &str = r#"{ kind = "direction", baseline = { period = "2022/23" } }"#;
const TODAY: Date = date(2026, 11, 21);

fn one(target: &str, observations: &[Observation]) -> MeasureAssessment {
    evaluated(&framework(measure(""), target), observations, TODAY).measures.remove(0)
}

#[test]
fn system_figures_are_judged_with_count_limits() {
    let found =
        one(LEVEL, &[given("SYS", "2024/25", 51.0), counted("SYS", "2025/26", 5400.0, 10_000.0), given("ENG", "2025/26", 58.0)]);
    let headline = found.headline;
    assert_eq!(headline.status, Status::OnTrack, "{}", headline.reason);
    assert_eq!(headline.reason, "54.0% in 2025/26, against 56% wanted by March 2028 and 53.6% expected at that point");
    let latest = headline.latest.unwrap();
    assert!((latest.limits.unwrap().lower - 53.02).abs() < 0.01, "{:?}", latest.limits);
    assert_eq!(latest.comparator, Some(58.0));
    assert_eq!(headline.comparison, Comparison::Worse);
    assert_eq!(headline.previous.unwrap().value, Value::Number(51.0));
    assert_eq!(headline.baseline.unwrap().value, Value::Number(50.0));
    assert_eq!(headline.next_due, Some(date(2027, 9, 30)));
    assert!((headline.target.unwrap().expected_now.unwrap() - 53.6).abs() < 0.01);
    assert!(headline.flags.is_empty(), "{:?}", headline.flags);
}

#[test]
fn mismatched_counts_give_no_limits() {
    let found = one(LEVEL, &[Observation { numerator: Some(10.0), denominator: Some(40.0), ..given("SYS", "2025/26", 54.0) }]);
    assert_eq!(found.headline.latest.unwrap().limits, None);
    assert!(found.headline.flags.contains(&Flag::NoLimits));
}

#[test]
fn nothing_is_silently_absent() {
    for (target, status, words) in [
        (LEVEL, Status::NoFigure, "No figure has been received for any period after the baseline of 2022/23"),
        (r#"{ kind = "better_than_comparator" }"#, Status::NoFigure, "No partner has returned a figure"),
        (r#"{ kind = "not_judged", needed = "a definition" }"#, Status::CannotBeJudged, "Needed to judge it: a definition"),
    ] {
        let found = one(target, &[]);
        assert_eq!((found.headline.status, found.headline.reason.as_str()), (status, words));
        assert_eq!(found.headline.latest, None);
    }
    let figures = [given("A", "2025/26", 60.0), given("B", "2025/26", 40.0)];
    let unjudged = one(r#"{ kind = "not_judged", needed = "a definition" }"#, &figures);
    assert_eq!(unjudged.headline.reason, "Needed to judge it: a definition");
    assert_eq!((unjudged.headline.area.as_str(), unjudged.areas.len()), ("SYS", 2));
    let early = evaluated(&framework(measure(""), LEVEL), &[], date(2024, 6, 1));
    assert_eq!(early.measures[0].headline.status, Status::NotYetDue);
    assert_eq!(early.measures[0].headline.reason, "The first figure after the baseline of 2022/23 is due in September 2024");
}

#[test]
fn missing_suppressed_and_zero_differ() {
    let hidden = |value| Observation { value, ..given("SYS", "2025/26", 1.0) };
    let earlier = given("SYS", "2024/25", 55.0);
    let suppressed = one(LEVEL, &[earlier.clone(), hidden(Value::Suppressed)]).headline;
    assert_eq!(suppressed.status, Status::NoFigure);
    assert!(suppressed.flags.contains(&Flag::Suppressed));
    let missing = one(LEVEL, &[earlier, hidden(Value::Missing)]).headline;
    assert_eq!(missing.latest.unwrap().value, Value::Number(55.0), "the figure before stands");
    let zero = one(LEVEL, &[hidden(Value::Number(0.0))]).headline;
    assert_eq!((zero.status, zero.latest.unwrap().value), (Status::OffTrack, Value::Number(0.0)));
}

#[test]
fn old_figures_are_stale_and_then_none() {
    let at =
        |as_at| evaluated(&framework(measure(""), LEVEL), &[given("SYS", "2023/24", 55.0)], as_at).measures.remove(0).headline;
    assert!(!at(date(2025, 9, 30)).flags.contains(&Flag::Stale));
    assert!(at(date(2025, 10, 1)).flags.contains(&Flag::Stale));
    assert_eq!(at(date(2026, 9, 30)).status, Status::OnTrack);
    let gone = at(date(2026, 10, 1));
    assert_eq!(gone.status, Status::NoFigure);
    assert_eq!(gone.reason, "The last figure, 55.0% in 2023/24, is too old to judge by: a newer one was due in September 2025");
}

#[test]
fn statuses_are_dated_beside_the_latest_figure() {
    let at = |figures: &[(&str, f64)], as_at| {
        let figures: Vec<_> = figures.iter().map(|(label, value)| given("SYS", label, *value)).collect();
        evaluated(&framework(measure(""), LEVEL), &figures, as_at).measures.remove(0).headline
    };
    let late = at(&[("2027/28", 55.0), ("2028/29", 60.0)], date(2029, 12, 1));
    assert_eq!(late.status, Status::AchievedLate, "{}", late.reason);
    assert_eq!(late.judged.unwrap().value, Value::Number(55.0));
    assert_eq!(late.latest.unwrap().value, Value::Number(60.0));
    assert!(late.reason.contains("reached later, with 60.0% in 2028/29"), "{}", late.reason);

    let missed = at(&[("2027/28", 55.0), ("2028/29", 54.0)], date(2029, 12, 1));
    assert_eq!(missed.status, Status::OffTrack);
    assert!(
        missed.reason.contains("55.0% in 2027/28") && missed.reason.ends_with("since then 54.0% in 2028/29"),
        "{}",
        missed.reason
    );
    assert!(!missed.flags.contains(&Flag::Final) && !missed.flags.contains(&Flag::Stale), "it may still be reached late");

    let lost = at(&[("2027/28", 57.0), ("2028/29", 54.0)], date(2029, 12, 1));
    assert_eq!(lost.status, Status::Achieved);
    assert!(lost.flags.contains(&Flag::NotKept) && lost.reason.ends_with("not kept: 54.0% in 2028/29"), "{}", lost.reason);

    let waiting = at(&[("2026/27", 55.5)], date(2028, 6, 1));
    assert_eq!(waiting.status, Status::OnTrack, "the last year is still to be published: {}", waiting.reason);
}

#[test]
fn standing_conditions_need_the_latest_period() {
    let target = r#"{ kind = "standing", full = 100.0, from = "2024-03-31" }"#;
    let judge = |values: &[f64]| {
        let figures: Vec<_> = values.iter().zip(2023..).map(|(v, y)| given("SYS", &format!("{y}/{}", y - 1999), *v)).collect();
        evaluated(&framework(measure(""), target), &figures, TODAY).measures.remove(0).headline
    };
    assert_eq!(judge(&[100.0, 100.0, 100.0]).status, Status::Achieved);
    let again = judge(&[99.4, 100.0, 100.0]);
    assert_eq!(again.status, Status::AchievedLate, "{}", again.reason);
    assert!(again.reason.contains("met since 2024/25"), "{}", again.reason);
    let lapsed = judge(&[100.0, 100.0, 99.4]);
    assert!(lapsed.status == Status::OffTrack && lapsed.flags.contains(&Flag::Lapsed), "{}", lapsed.reason);
}

#[test]
fn unset_targets_are_no_missing_figures() {
    let target = r#"{ kind = "annual_target", targets = [] }"#;
    let found = one(target, &[given("SYS", "2025/26", 54.0)]).headline;
    assert_eq!((found.status, found.no_figure), (Status::NoTargetSet, None));
    assert_eq!(found.latest.unwrap().value, Value::Number(54.0));
    let every = r#"{ kind = "annual_target", targets = [], every_year = 54.0 }"#;
    assert_eq!(one(every, &[given("SYS", "2025/26", 54.0)]).headline.status, Status::Achieved);
}

#[test]
fn before_the_deadline_nobody_is_late() {
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let target = r#"{ kind = "better_than_comparator" }"#;
    let framework = framework(measure(""), target);
    let period = Period::last_quarter_before(TODAY);
    let judge_with = |deadline, returns: &[ReturnReceipt]| {
        let inputs = EvaluationInputs {
            deadline: Some(deadline),
            returns,
            ..EvaluationInputs::new(&framework, &areas, &[], &[], period, TODAY)
        };
        let found = evaluate(&inputs);
        (found.interim, found.measures[0].headline.status)
    };
    let judge = |deadline| judge_with(deadline, &[]);
    assert_eq!(judge(date(2026, 11, 29)), (true, Status::NotYetDue));
    assert_eq!(judge(date(2026, 11, 15)), (false, Status::NoFigure));
    let due_on = |due: &str| -> ReturnReceipt {
        serde_json::from_value(serde_json::json!({
            "partner": "a", "outcome": "not_received", "file": null, "sha256": null, "figures": 0, "actions": 0,
            "illustrative": false, "arrived": null, "findings": [], "lacking": [], "superseded_by": null, "due": due,
        }))
        .unwrap()
    };
    assert!(judge_with(date(2026, 11, 15), &[due_on("2026-11-29")]).0, "one partner has longer");
    assert!(!judge_with(date(2026, 11, 15), &[due_on("2026-11-18")]).0);
}

#[test]
fn a_change_is_tested_on_the_counts() {
    let found = one(DIRECTION, &[counted("SYS", "2022/23", 880.0, 2905.0), counted("SYS", "2025/26", 965.0, 2930.0)]).headline;
    let since = found.since_baseline.unwrap();
    assert_eq!(since.change.is_significant(), Some(true));
    assert_eq!(since.is_better, Some(true));
    assert!(found.reason.contains("significantly higher (95%)"), "{}", found.reason);
    let untested = one(DIRECTION, &[given("SYS", "2022/23", 30.0), given("SYS", "2025/26", 33.0)]).headline;
    assert_eq!(untested.since_baseline.unwrap().change.is_significant(), None);
    assert!(!untested.reason.contains("significant"), "{}", untested.reason);
}

#[test]
fn unfinished_periods_are_unknown() {
    let found = one(LEVEL, &[given("SYS", "2025/26", 54.0), given("SYS", "2026/27", 99.0)]).headline;
    assert_eq!(found.latest.unwrap().value, Value::Number(54.0));
}

#[test]
fn breakdowns_and_repeats_do_not_count() {
    let category = Some(Category { scheme: "Deciles".into(), group: "Most deprived".into() });
    let later = Observation { provenance: received("2026-05-01T00:00:00Z"), ..given("SYS", "2025/26", 54.0) };
    let found = one(
        LEVEL,
        &[later.clone(), given("SYS", "2025/26", 53.0), later, Observation { category, ..given("SYS", "2025/26", 10.0) }],
    )
    .headline;
    assert_eq!(found.series.len(), 1);
    assert_eq!(found.latest.unwrap().value, Value::Number(54.0));
    assert!(found.reason.ends_with("(two figures were given for 2025/26: 54.00% is used, not 53.00%)"), "{}", found.reason);
}

#[test]
fn single_and_pooled_years_stay_apart() {
    let pooled = measure(
        "source = { kind = \"indicator\", source = \"f\", indicator = \"1\", years = 3 }\nyear = \"calendar\"\ncadence_months = 12",
    );
    let target = r#"{ kind = "level", value = 56.0, baseline = { period = "2018 - 20", value = 50.0 } }"#;
    let found = evaluated(
        &framework(pooled, target),
        &[given("SYS", "2022 - 24", 54.0), given("SYS", "2025", 10.0), given("SYS", "2023 - 25", 55.0)],
        TODAY,
    );
    assert_eq!(found.measures[0].headline.series.len(), 2);
    assert_eq!(found.measures[0].headline.latest.as_ref().unwrap().value, Value::Number(55.0));
}

#[test]
fn illustrative_and_proxy_figures_carry_their_flags() {
    let proxied = measure("proxy = \"Stands in\"");
    let figures = [Observation { illustrative: true, ..given("SYS", "2024/25", 52.0) }, given("SYS", "2025/26", 54.0)];
    let flags = evaluated(&framework(proxied, LEVEL), &figures, TODAY).measures.remove(0).headline.flags;
    assert!(flags.contains(&Flag::Illustrative) && flags.contains(&Flag::Proxy), "{flags:?}");
}

#[test]
fn a_significant_worsening_takes_on_track_away() {
    let falling: Vec<_> =
        (0..5).map(|i| counted("SYS", &format!("{}/{}", 2021 + i, 22 + i), 5900.0 - 130.0 * f64::from(i), 10_000.0)).collect();
    let found = one(LEVEL, &falling).headline;
    assert_eq!(found.trend, Trend::DecreasingWorse);
    assert_eq!(found.status, Status::AtRisk, "{}", found.reason);
    let stated = Observation { published_trend: Some("Decreasing and getting worse".into()), ..given("SYS", "2025/26", 54.0) };
    assert_eq!(one(LEVEL, &[stated]).headline.status, Status::AtRisk, "the publisher's trend counts where none can be made");
}

#[test]
fn employers_figures_belong_to_employers_alone() {
    let areas = r#"
        area = [
          { code = "ENG", name = "England", kind = "country" },
          { code = "SYS", name = "The system", kind = "system", parts = ["C"] },
          { code = "C", name = "Cloudshire", kind = "authority", body = "Cloudshire County Council", parts = ["D", "E"] },
          { code = "D", name = "Dale", kind = "district", body = "Dale District Council" },
          { code = "E", name = "Elm", kind = "district", body = "Elm District Council" },
          { code = "P", name = "The place", kind = "place", parts = ["D", "E"] },
        ]
    "#;
    let areas = Areas::parse(areas, "areas.toml").unwrap();
    let of = small_framework::measure("parts_are = \"organisations\"\nparts = [\"C\", \"D\", \"E\"]", "[]");
    let framework = framework(of, LEVEL);
    let figures = [counted("D", "2025/26", 50.0, 100.0), counted("E", "2025/26", 70.0, 100.0)];
    let found = evaluate(&EvaluationInputs::new(&framework, &areas, &figures, &[], Period::last_quarter_before(TODAY), TODAY));
    // Neither the county council, which gave nothing, nor the place stands by what the districts' councils gave.
    let shown: Vec<&str> = found.measures[0].areas.iter().map(|a| a.area.as_str()).collect();
    assert_eq!(shown, ["D", "E"]);
    let headline = &found.measures[0].headline;
    let absent = headline.coverage.as_ref().map(|of| of.absent.iter().map(|code| code.as_str()).collect::<Vec<_>>());
    assert_eq!(absent, Some(vec!["C"]));
    assert!(headline.reason.contains("no figure from Cloudshire County Council"), "{}", headline.reason);
    let names = rows(&found, &framework, &areas).into_iter().map(|row| row.area_name).collect::<Vec<_>>();
    assert_eq!(names, ["The system", "Dale District Council", "Elm District Council"]);
}

#[test]
fn actions_follow_their_leads_reports() {
    let mut framework = framework(measure(""), LEVEL);
    let action = |id: &str, due| Action {
        id: ActionId(id.into()),
        priority: "p".into(),
        also_under: Vec::new(),
        ambitions: Vec::new(),
        statement: "Do it".into(),
        text: Default::default(),
        first_due: None,
        proposed: false,
        reported_complete: false,
        due,
        steps: Vec::new(),
        lead: "icb".into(),
        co_leads: Vec::new(),
        evidence: String::new(),
        notes: String::new(),
    };
    framework.actions = vec![action("done", Some(date(2026, 3, 31))), action("silent", None)];
    let report = |partner: &str, progress, completed| ActionReport {
        action: ActionId("done".into()),
        step: None,
        partner: partner.into(),
        progress,
        forecast: None,
        completed,
        forecast_in: None,
        complete_since: None,
        commentary: String::new(),
        illustrative: true,
        provenance: received("2026-01-01T00:00:00Z"),
        returned: None,
    };
    let reports = [report("icb", Progress::Complete, Some(date(2026, 3, 1))), report("other", Progress::OffTrack, None)];
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let period = Period::last_quarter_before(TODAY);
    let found = evaluate(&EvaluationInputs::new(&framework, &areas, &[], &reports, period, TODAY));
    assert_eq!(found.actions[0].reason, "Completed on 1 March 2026, due by 31 March 2026");
    assert_eq!((found.actions[0].status, found.actions[0].flags.as_slice()), (Status::Achieved, [Flag::Illustrative].as_slice()));
    assert_eq!(found.actions[1].status, Status::NotYetDue);
    assert!(found.actions[1].reason.contains("reported nothing"));
    assert_eq!(counts_of_actions(&framework, &found, "p").count(Status::Achieved), 1);
    assert_eq!(counts(&found).count(Status::NoFigure), 1);
    assert_eq!(counts_of_priority(&framework, &found, Some("p")), counts_of_aim(&framework, &found, "aim"));
    assert_eq!(counts_of_priority(&framework, &found, None).total(), 0);
}

#[test]
fn the_order_of_the_figures_does_not_matter() {
    let mut figures = vec![
        counted("A", "2022/23", 40.0, 100.0),
        counted("A", "2025/26", 60.0, 100.0),
        counted("B", "2022/23", 45.0, 100.0),
        counted("B", "2025/26", 50.0, 100.0),
        given("ENG", "2025/26", 58.0),
    ];
    let forward = one(LEVEL, &figures);
    figures.reverse();
    let backward = one(LEVEL, &figures);
    assert_eq!(forward.headline.reason, backward.headline.reason);
    assert_eq!(forward, backward);
}

const EVERY_KIND: [&str; 16] = [
    LEVEL,
    r#"{ kind = "close_gap", baseline = { period = "2022/23" } }"#,
    r#"{ kind = "cap_rise", percent = 2.7, baseline = { period = "2022/23", value = 37.0 } }"#,
    r#"{ kind = "stabilise", baseline = { period = "2022/23" } }"#,
    r#"{ kind = "better_than_comparator" }"#,
    r#"{ kind = "similar_or_better" }"#,
    r#"{ kind = "sustained_reduction", baseline = { period = "2022/23" } }"#,
    r#"{ kind = "percent_change", percent = -10.0, baseline = { period = "2022/23" } }"#,
    r#"{ kind = "against_growth", percent = 5.0, baseline = { period = "2022/23" }, annual_growth_percent = 1.5 }"#,
    r#"{ kind = "annual_target", targets = [{ period = "2025/26", value = 50.0 }] }"#,
    DIRECTION,
    r#"{ kind = "narrow_gap", baseline = { period = "2022/23" } }"#,
    r#"{ kind = "compliance", full = 100.0 }"#,
    r#"{ kind = "standing", full = 100.0, from = "2023-04-30" }"#,
    r#"{ kind = "reduction_band", percent = 80.0, early = "2028-12-31", late = "2032-12-31", baseline = { period = "2019/20", value = 100.0 } }"#,
    r#"{ kind = "not_judged", needed = "a definition" }"#,
];

#[test]
fn every_target_kind_is_judged_on_figures() {
    let mut figures = Vec::new();
    for (area, values) in [("SYS", [40.0, 43.0, 46.0, 49.0]), ("ENG", [50.0, 50.0, 50.0, 50.0])] {
        for (year, value) in (2022..).zip(values) {
            figures.push(within(given(area, &format!("{year}/{}", year - 1999), value), 1.0));
        }
    }
    small_framework::assert_every_kind(EVERY_KIND, &[]);
    for target in EVERY_KIND {
        let found = one(target, &figures).headline;
        let wanted = target.contains("not_judged");
        assert_eq!(found.status == Status::CannotBeJudged, wanted, "{target}: {}", found.reason);
        assert_ne!(found.status, Status::NoFigure, "{target}: {}", found.reason);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_figures_are_evaluated_without_a_panic(
        kind in 0..EVERY_KIND.len(),
        figures in prop::collection::vec((0..4_usize, 2015..2030_i16, 0..6_u8, prop::num::f64::ANY, 0.0..1e4_f64, 0.0..1e4_f64), 0..25),
        cadence in any::<i32>(), lag in any::<i32>(), year in 2020..2040_i16,
    ) {
        let observations: Vec<_> = figures
            .iter()
            .map(|(area, start, form, value, numerator, denominator)| {
                let label = format!("{start}/{:02}", (start + 1) % 100);
                let area = ["SYS", "ENG", "A", "B"][*area];
                match form {
                    0 => counted(area, &label, *numerator, *denominator),
                    1 => within(given(area, &label, *numerator), *denominator),
                    2 => Observation { value: Value::Suppressed, ..given(area, &label, 0.0) },
                    3 => Observation { value: Value::Missing, ..given(area, &label, 0.0) },
                    4 => given(area, &format!("{start} Q1"), *numerator),
                    _ => given(area, &label, *value),
                }
            })
            .collect();
        let strange = Measure { cadence_months: cadence, publication_lag_months: lag, ..measure("") };
        let found = evaluated(&framework(strange, EVERY_KIND[kind]), &observations, date(year, 6, 1));
        prop_assert_eq!(found.measures.len(), 1);
        prop_assert!(!found.measures[0].headline.reason.is_empty());
    }
}
