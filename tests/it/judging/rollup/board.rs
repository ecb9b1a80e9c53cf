//! What the board is told of areas.

use super::*;

fn named(id: &str, extra: &str) -> Measure {
    measure(&format!("id = \"{id}\"\n{extra}"))
}

fn for_measure(id: &str, observation: Observation) -> Observation {
    Observation { measure: MeasureId(id.into()), ..observation }
}

fn ids(matters: &[boardpack::evaluate::BoardMatter]) -> Vec<(&str, &str)> {
    let id = |subject: &'_ MatterSubject| match subject {
        MatterSubject::Ambition(id) => id.trim_start_matches("a-").to_owned(),
        MatterSubject::Action(id) => id.0.clone(),
    };
    matters.iter().map(|m| (id(&m.subject).leak() as &str, m.why.as_str())).collect()
}

#[test]
fn ambitions_and_actions_follow_the_lists_rules() {
    let names = ["off", "risk", "worse", "old", "gone", "unpublished", "reached", "sure", "unsure"];
    let measures =
        names.iter().map(|id| named(id, if *id == "unpublished" { "source = { kind = \"none\" }" } else { "" })).collect();
    let mut framework = framework(measures, LEVEL);
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
        steps: Vec::new(),
        due,
        lead: "icb".into(),
        co_leads: Vec::new(),
        evidence: String::new(),
        notes: String::new(),
    };
    framework.actions = vec![action("overdue", Some(date(2026, 3, 31))), action("some-day", None)];
    let near = |value: f64, reach: f64| Observation {
        limits: Some(Limits { lower: value - reach, upper: value + reach }),
        ..given("SYS", "2025/26", value)
    };
    let worsening = Observation { published_trend: Some("Decreasing and getting worse".into()), ..near(53.0, 2.0) };
    let figures = [
        for_measure("off", near(40.0, 1.0)),
        for_measure("risk", near(53.0, 2.0)),
        for_measure("worse", worsening),
        for_measure("old", given("SYS", "2024/25", 54.0)),
        for_measure("reached", near(57.0, 2.0)),
        for_measure("sure", near(55.0, 0.5)),
        for_measure("unsure", near(55.0, 3.0)),
    ];
    let evaluation = evaluated_in(&areas(), &framework, &figures);
    let rolled = rollup(&framework, &evaluation);
    assert_eq!(rolled.tests.since_previous + rolled.tests.since_baseline, 0, "no counts, and no limits of the baseline");
    assert_eq!(
        ids(&rolled.alert),
        [("off", "off track"), ("worse", "recent trend significantly for the worse (99.8%)"), ("overdue", "off track")]
    );
    assert_eq!(ids(&rolled.advise), [("risk", "at risk"), ("old", "judged on an old figure"), ("gone", "no figure: overdue")]);
    assert_eq!(ids(&rolled.assure), [("reached", "achieved"), ("sure", "on track and confirmed")]);
    let aim = &rolled.aims[0];
    assert_eq!((aim.ambitions.total(), aim.priorities[0].ambitions, aim.priorities[0].actions.total()), (9, aim.ambitions, 2));
    assert_eq!(rolled.overarching.total(), 0);

    // What its measures of now made in the last pack is what it moves from.
    let earlier = BTreeMap::from([(MeasureId("sure".into()), Status::Achieved)]);
    let actions = BTreeMap::from([(ActionId("overdue".into()), Status::AtRisk)]);
    let movements = Movements::between(Period::financial_quarter(2026, 1), &earlier, &actions, &evaluation, &framework);
    let of = |id: &str| movements.of_ambition(id).map(|m| (m.from, m.kind));
    assert_eq!(of("a-sure"), Some((Some(Status::Achieved), MovementKind::Worsened)));
    assert_eq!(of("a-off"), Some((None, MovementKind::New)));
    assert_eq!(movements.actions.iter().map(|m| m.kind).collect::<Vec<_>>(), [MovementKind::Worsened, MovementKind::New]);
}

#[test]
fn significant_worsening_alerts_without_a_target() {
    let none = r#"{ kind = "annual_target", targets = [] }"#;
    let figures = [counted("SYS", "2024/25", 5000.0, 10_000.0), counted("SYS", "2025/26", 4600.0, 10_000.0)];
    let framework = framework(vec![measure("")], none);
    let evaluation = evaluated_in(&areas(), &framework, &figures);
    let rolled = rollup(&framework, &evaluation);
    assert_eq!(evaluation.ambitions[0].status, Status::NoTargetSet);
    assert_eq!(ids(&rolled.alert), [("m", "significantly worse than the period before (99.8%)")]);
    assert_eq!((rolled.tests.since_previous, rolled.tests.since_baseline), (1, 0));
}

#[test]
fn moves_follow_the_order_of_statuses() {
    use Status::*;
    for (from, to, kind) in [
        (Some(OffTrack), AtRisk, MovementKind::Improved),
        (Some(OnTrack), AchievedLate, MovementKind::Improved),
        (Some(Achieved), OnTrack, MovementKind::Worsened),
        (Some(AtRisk), OffTrack, MovementKind::Worsened),
        (Some(NoFigure), NotYetDue, MovementKind::Same),
        (Some(NoFigure), OffTrack, MovementKind::NewlyJudged),
        (None, NoFigure, MovementKind::New),
        (Some(OnTrack), NoFigure, MovementKind::NoLongerJudged),
        (Some(OffTrack), NotYetDue, MovementKind::NothingDue),
        (Some(Achieved), AchievedLate, MovementKind::Worsened),
        (Some(NotYetDue), AtRisk, MovementKind::NewlyJudged),
    ] {
        assert_eq!(MovementKind::between(from, to), kind, "{from:?} to {to:?}");
    }
}
