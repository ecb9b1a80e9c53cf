//! Figures and baselines that are still to come.

use super::*;

#[test]
fn returned_figures_are_due_in_their_round() {
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let target = r#"{ kind = "level", value = 56.0, baseline = { period = "2024/25 Q4", value = 50.0 } }"#;
    let extra = "cadence_months = 3\npublication_lag_months = 0\nparts = []\n\
                 source = { kind = \"return\", partners = [\"icb\"], areas = [\"SYS\"], first = \"2024/25 Q4\" }";
    let framework = framework(measure(extra), target);
    let partner = |from| {
        let text = "id = \"icb\"\nname = \"The ICB\"\nkind = \"icb\"\narea = \"SYS\"\ncontact = \"a@example.org\"";
        [Partner { from, ..toml::from_str(text).unwrap() }]
    };
    let said = |quarter| NothingToReport { partner: "icb".into(), quarter, reason: "The team moved.".into() };
    let quarter = |year, n| Period::financial_quarter(year, n);
    let judge = |partners: &[Partner], period, as_at, first, excused: &[NothingToReport], figures: &[Observation]| {
        let rounds = ReturnRounds { deadline_days: 31, first, nothing_to_report: excused };
        let inputs =
            EvaluationInputs { partners, rounds, ..EvaluationInputs::new(&framework, &areas, figures, &[], period, as_at) };
        evaluate(&inputs).measures.remove(0).headline
    };
    let overdue = |since| Some(NoFigure::Overdue { whose: vec!["The ICB".into()], since });
    let (q4, q1) = (quarter(2025, 4), quarter(2026, 1));
    // Nothing is known of when it was first asked: the first figure after the baseline was due in the round of its quarter.
    let all = judge(&partner(None), q4, date(2026, 5, 15), None, &[], &[]);
    assert_eq!(all.no_figure, overdue(date(2025, 7, 31)));
    for (asked_from, first) in [(partner(Some(date(2026, 1, 1))), None), (partner(None), Some(q4))] {
        let before = judge(&asked_from, q4, date(2026, 5, 1), first, &[], &[]);
        assert_eq!((before.status, before.no_figure), (Status::NotYetDue, None));
        assert_eq!(before.reason, "The first figure after the baseline of January to March 2025 is due in May 2026");
        assert_eq!(judge(&asked_from, q4, date(2026, 5, 2), first, &[], &[]).no_figure, overdue(date(2026, 5, 1)));
        // Its reason stands, and in the next round it is asked again.
        let excused = judge(&asked_from, q4, date(2026, 5, 15), first, &[said(q4)], &[]);
        assert_eq!((excused.status, excused.no_figure), (Status::NoFigure, Some(NoFigure::NothingToReport)));
        assert_eq!(excused.reason, "The ICB had nothing to report: The team moved");
        assert_eq!(judge(&asked_from, q1, date(2026, 7, 31), first, &[said(q4)], &[]).status, Status::NotYetDue);
        assert_eq!(judge(&asked_from, q1, date(2026, 8, 1), first, &[said(q4)], &[]).no_figure, overdue(date(2026, 7, 31)));
    }
    // A figure is old from the day after the next one was due, and too old after that of the one after it.
    let last = [given("SYS", "2025/26 Q4", 52.0)];
    let at = |period, as_at| judge(&partner(None), period, as_at, Some(q4), &[], &last);
    assert!(!at(q1, date(2026, 7, 31)).flags.contains(&Flag::Stale));
    assert!(at(q1, date(2026, 8, 1)).flags.contains(&Flag::Stale));
    assert_eq!(at(q1, date(2026, 7, 20)).next_due, Some(date(2026, 7, 31)));
    assert!(at(quarter(2026, 2), date(2026, 10, 31)).status.is_judged());
    let gone = at(quarter(2026, 2), date(2026, 11, 1));
    assert_eq!(gone.no_figure, Some(NoFigure::TooOld));
    assert!(gone.reason.ends_with("a newer one was due in July 2026"), "{}", gone.reason);
    // Months are asked for by the quarter.
    let extra = extra.replace("cadence_months = 3", "cadence_months = 1").replace("months = 0", "months = 1");
    let framework = self::framework(measure(&extra.replace("2024/25 Q4", "Mar 2025")), &target.replace("2024/25 Q4", "Mar 2025"));
    let (rounds, figures) = (ReturnRounds { deadline_days: 31, ..ReturnRounds::default() }, [given("SYS", "Jun 2026", 52.0)]);
    let at = |as_at| {
        let inputs = EvaluationInputs::new(&framework, &areas, &figures, &[], quarter(2026, 2), as_at);
        evaluate(&EvaluationInputs { rounds, ..inputs }).measures.remove(0).headline
    };
    let in_time = at(date(2026, 10, 31));
    assert!(in_time.status.is_judged() && !in_time.flags.contains(&Flag::Stale), "{}", in_time.reason);
    let gone = at(date(2026, 11, 1));
    assert!(gone.reason.ends_with("a newer one was due in October 2026"), "{}", gone.reason);
}

#[test]
fn missing_baselines_leave_targets_unjudged() {
    let level = r#"{ kind = "level", value = 56.0, baseline = { period = "2022/23" } }"#;
    let change = r#"{ kind = "percent_change", percent = 10.0, baseline = { period = "2022/23" } }"#;
    for target in [level, change, DIRECTION] {
        let found = one(target, &[given("SYS", "2025/26", 54.0)]).headline;
        assert_eq!((found.status, found.no_figure), (Status::NoFigure, Some(NoFigure::NoBaseline)), "{target}");
        assert_eq!(found.latest.unwrap().value, Value::Number(54.0), "{target}");
    }
    let reached = one(level, &[given("SYS", "2025/26", 56.0)]).headline;
    assert_eq!((reached.status, reached.no_figure), (Status::Achieved, None), "a level is reached without one");
    // The whole is shown where its areas lack a baseline too.
    let whole = one(level, &[counted("A", "2025/26", 54.0, 100.0), counted("B", "2025/26", 52.0, 100.0)]).headline;
    assert_eq!((whole.latest.unwrap().value, whole.no_figure), (Value::Number(53.0), Some(NoFigure::NoBaseline)));
}

#[test]
fn pooled_baselines_say_whose_counts_lack() {
    let now = [counted("A", "2025/26", 54.0, 100.0), counted("B", "2025/26", 156.0, 300.0)];
    let before = [given("A", "2022/23", 50.0), counted("B", "2022/23", 150.0, 300.0)];
    let level = LEVEL.replace(", value = 50.0", "");
    for parts_are in ["areas", "organisations"] {
        let of = || measure(&format!("parts_are = \"{parts_are}\""));
        let judge = |target: &str, figures: &[Observation]| {
            evaluated(&framework(of(), target), figures, TODAY).measures.remove(0).headline
        };
        for target in [level.as_str(), DIRECTION] {
            if parts_are == "areas" && target == level {
                // Each area has a baseline of its own, and is judged.
                continue;
            }
            let found = judge(target, &[before.as_slice(), &now].concat());
            let end = "for the baseline of 2022/23, no numerator and denominator from Ashton";
            if parts_are == "organisations" {
                assert_eq!(found.no_figure, Some(NoFigure::NoBaseline), "{}", found.reason);
                assert!(found.reason.ends_with(end), "{}", found.reason);
            }
            // The whole's own baseline goes before that of its parts.
            let stated = judge(target, &[before.as_slice(), &now, &[given("SYS", "2022/23", 49.0)]].concat());
            assert!(stated.status.is_judged(), "{}", stated.reason);
            assert_eq!(stated.baseline.unwrap().value, Value::Number(49.0));
        }
    }
}

#[test]
fn withheld_baselines_are_not_owed() {
    let hidden = Observation { value: Value::Suppressed, ..given("SYS", "2022/23", 0.0) };
    for target in [LEVEL.replace(", value = 50.0", ""), DIRECTION.to_owned()] {
        let found = one(&target, std::slice::from_ref(&hidden)).headline;
        assert_eq!(found.status, Status::NoFigure, "{}", found.reason);
        assert!(found.no_figure.is_some() && found.no_figure != Some(NoFigure::Withheld), "{:?}", found.no_figure);
        assert!(!found.flags.contains(&Flag::Suppressed), "{:?}", found.flags);
    }
    let latest = Observation { value: Value::Suppressed, ..given("SYS", "2025/26", 0.0) };
    assert_eq!(one(DIRECTION, &[hidden, latest]).headline.no_figure, Some(NoFigure::Withheld));
}

#[test]
fn areas_without_baselines_are_told_apart() {
    let figures = [given("A", "2022/23", 50.0), given("A", "2025/26", 60.0), given("B", "2025/26", 58.0)];
    let found = one(DIRECTION, &figures).headline;
    assert_eq!((found.status, found.no_figure), (Status::NoFigure, Some(NoFigure::NoBaseline)));
    assert_eq!(found.reason, "Too few areas can be judged: only Ashton can; not judged: Bexford (no baseline)");
    assert_eq!(found.target, None);
    // Its working says the same.
    let verdict = found.working.unwrap().decision.verdict();
    assert_eq!((verdict.status, verdict.reason), (found.status, found.reason));
    let neither = one(DIRECTION, &figures[2..]).headline;
    assert_eq!(neither.reason, "None of its 2 areas can be judged: Ashton (no figure) and Bexford (no baseline)");
    assert_eq!(neither.no_figure, Some(NoFigure::Incomplete));
}

#[test]
fn complete_baselines_are_told_despite_later_figures() {
    let at_first = [counted("A", "2022/23", 40.0, 100.0), counted("B", "2022/23", 180.0, 300.0)];
    let since = [counted("A", "2025/26", 70.0, 100.0)];
    let baseline = |measure: Measure, figures: &[Observation]| {
        let found = evaluated(&framework(measure, DIRECTION), figures, TODAY).measures.remove(0).headline;
        assert!(found.latest.is_none() && !found.status.is_judged(), "{}", found.reason);
        found.baseline.and_then(|point| point.value.number())
    };
    for parts_are in ["parts_are = \"areas\"", "parts_are = \"organisations\""] {
        assert_eq!(baseline(measure(parts_are), &[&at_first[..], &since].concat()), Some(55.0), "{parts_are}");
        assert_eq!(baseline(measure(parts_are), &[&at_first[..1], &since].concat()), None, "{parts_are}");
    }
}
