//! What is shown where nothing came after the baseline, and what is said of a figure that is old.

use super::*;
use boardpack::area::AreaCode;
use boardpack::collect::{Distribution, IndicatorOutcome, IndicatorReceipt};
use boardpack::framework::MeasureId;
use boardpack::value::Sex;

fn headline(measure: Measure, target: &str, figures: &[Observation], as_at: Date) -> Assessment {
    evaluated(&framework(measure, target), figures, as_at).measures.remove(0).headline
}

#[test]
fn directions_need_periods_apart_from_the_baseline() {
    let pooled = || {
        let source = "source = { kind = \"indicator\", source = \"f\", indicator = \"1\", years = 3 }";
        measure(&format!("year = \"calendar\"\nstatistic = \"estimate\"\n{source}"))
    };
    let target = r#"{ kind = "direction", baseline = { period = "2020 - 22" } }"#;
    let observe = |period, value| within(given("SYS", period, value), 0.1);
    let overlapping = [observe("2020 - 22", 60.0), observe("2021 - 23", 60.5), observe("2022 - 24", 61.0)];
    let found = headline(pooled(), target, &overlapping, date(2026, 5, 1));
    assert_eq!((found.status, found.not_after_baseline), (Status::NotYetDue, true));
    assert_eq!(found.latest.unwrap().value, Value::Number(61.0));
    assert_eq!(found.since_baseline, None);
    let said = "The latest figure, of 2022 to 2024, shares days with the baseline of 2020 to 2022 and cannot be set against it; \
                the first that can, of 2023 to 2025, is due in June 2026";
    assert_eq!(found.reason, said);
    let overdue = headline(pooled(), target, &overlapping, TODAY);
    assert_eq!(overdue.status, Status::NoFigure);
    assert!(overdue.reason.ends_with("of 2023 to 2025, has not been received"), "{}", overdue.reason);
    let apart = [observe("2020 - 22", 60.0), observe("2023 - 25", 61.0)];
    let judged = headline(pooled(), target, &apart, TODAY);
    assert_eq!((judged.status, judged.not_after_baseline), (Status::Achieved, false));
}

#[test]
fn comparators_keep_their_limits_and_projections_their_sources() {
    let found = one(LEVEL, &[given("SYS", "2024/25", 52.0), within(given("ENG", "2024/25", 50.0), 0.5)]).headline;
    assert_eq!(found.latest.unwrap().comparator_limits, Some(Limits { lower: 49.5, upper: 50.5 }));
    let target = r#"{ kind = "against_growth", percent = 5, baseline = { period = "2022/23" }, scenario = "grown" }"#;
    let mut framework = framework(measure(""), target);
    framework.measures.push(Measure { id: MeasureId("grown".into()), ..measure("") });
    let projected = Observation { measure: MeasureId("grown".into()), ..given("SYS", "2024/25", 60.0) };
    let figures = [given("SYS", "2022/23", 50.0), given("SYS", "2024/25", 52.0), projected.clone()];
    let judged = evaluated(&framework, &figures, date(2025, 11, 21)).measures.remove(0).headline;
    assert!(judged.status.is_judged(), "{}", judged.reason);
    assert_eq!(judged.scenario_sources, [projected.provenance]);
}

#[test]
fn figures_of_the_baselines_period_are_shown() {
    let figures = [given("SYS", "2022/23", 54.0), given("ENG", "2022/23", 58.0), given("A", "2022/23", 60.0)];
    let evaluation = evaluated(&framework(measure(""), DIRECTION), &figures, date(2025, 1, 10));
    let found = &evaluation.measures[0];
    let headline = &found.headline;
    assert_eq!(headline.reason, "No figure has been received for any period after the baseline of 2022/23");
    assert!(matches!(headline.no_figure, Some(NoFigure::Overdue { .. })));
    for (of, value) in [(headline, 54.0), (&found.areas[0], 60.0)] {
        let latest = of.latest.as_ref().unwrap();
        assert_eq!((latest.value, latest.comparator), (Value::Number(value), Some(58.0)));
        assert!(of.not_after_baseline && of.flags.contains(&Flag::Stale), "{:?}", of.flags);
        assert_eq!(of.next_due, Some(date(2024, 9, 30)));
    }
}

#[test]
fn a_last_figure_stands_beside_the_region_and_its_like() {
    let code = |code: &str| AreaCode::new(code).unwrap();
    let mut framework = framework(measure(""), DIRECTION);
    (framework.edition.region, framework.edition.beside) = (Some(code("B")), vec![code("A")]);
    let figures = [("SYS", 54.0), ("B", 58.0), ("A", 52.0)].map(|(area, value)| within(given(area, "2022/23", value), 1.0));
    let list = "[[neighbours]]\narea = \"SYS\"\nmodel = \"all\"\nsource = \"s\"\nof = [{ code = \"N1\", name = \"N\" }]";
    let areas = Areas::parse(AREAS, "areas.toml").unwrap().with_neighbours(list, "neighbours.toml").unwrap();
    let values = [("N1", 60.0), ("N2", 61.0), ("N3", 62.0), ("SYS", 54.0)];
    let distribution = Distribution {
        measure: MeasureId("m".into()),
        period: figures[0].period,
        sex: Sex::Persons,
        age: String::new(),
        area_types: vec!["System".into()],
        values: values.map(|(area, value)| (code(area), value)).to_vec(),
        without_figure: 0,
        provenance: figures[0].provenance.clone(),
    };
    let at = |as_at| {
        let inputs = EvaluationInputs::new(&framework, &areas, &figures, &[], Period::last_quarter_before(as_at), as_at);
        let distributions = std::slice::from_ref(&distribution);
        evaluate(&EvaluationInputs { distributions, ..inputs }).measures.remove(0).headline
    };
    let found = at(date(2024, 6, 1));
    assert!(found.not_after_baseline);
    let region = found.region.unwrap();
    assert_eq!((region.value, region.comparison), (58.0, Comparison::Worse));
    assert_eq!(found.beside.iter().map(|other| other.value).collect::<Vec<_>>(), [52.0]);
    assert_eq!(found.neighbours.map(|near| (near.rank, near.of)), Some((2, 2)));
    assert_eq!(found.among_like.map(|like| (like.rank, like.of)), Some((4, 4)));
    // One that is too old says nothing of how things stand now.
    assert_eq!(at(TODAY).region, None);
}

#[test]
fn old_figures_without_a_target_say_nothing_of_now() {
    let target = r#"{ kind = "not_judged", needed = "a definition" }"#;
    let figures = [counted("SYS", "2022/23", 500.0, 1000.0), counted("SYS", "2023/24", 100.0, 1000.0)];
    let at = |as_at| headline(measure(""), target, &figures, as_at);
    let (fresh, old, gone) = (at(date(2025, 9, 30)), at(date(2025, 10, 1)), at(date(2026, 10, 1)));
    assert!(!fresh.flags.contains(&Flag::Stale));
    assert!(old.flags.contains(&Flag::Stale) && !old.is_too_old());
    assert!(fresh.since_previous.is_some() && old.since_previous.is_some());
    assert!(gone.is_too_old() && gone.flags.contains(&Flag::Stale));
    assert_eq!(gone.since_previous, None);
    assert_eq!(gone.latest.map(|latest| latest.value), Some(Value::Number(10.0)));
}

#[test]
fn sums_name_the_source_that_failed() {
    let sum = measure("statistic = \"count\"\nsource = { kind = \"sum\", of = [\"young\", \"old\"] }");
    let framework = framework(sum, DIRECTION);
    let receipts = [IndicatorReceipt {
        source: "teeth".into(),
        publisher: "Publisher".into(),
        indicator: "episodes".into(),
        measures: vec![MeasureId("young".into()), MeasureId("old".into())],
        url: String::new(),
        outcome: IndicatorOutcome::NotAvailable { reason: "no address".into() },
    }];
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let inputs = EvaluationInputs::new(&framework, &areas, &[], &[], Period::last_quarter_before(TODAY), TODAY);
    let found = evaluate(&EvaluationInputs { indicators: &receipts, ..inputs }).measures.remove(0).headline;
    assert_eq!(found.reason, "No answer from the public source (Publisher, episodes)");
    assert_eq!(found.no_figure, Some(NoFigure::SourceFailed { reason: "no address".into() }));
}
