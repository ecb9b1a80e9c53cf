//! Published figures in question.

use super::*;

#[test]
fn questioned_published_figures_decide_no_status() {
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let framework = framework(measure(""), LEVEL);
    let figures = [given("SYS", "2024/25", 50.0), given("SYS", "2025/26", 54.0)];
    let period = Period::last_quarter_before(TODAY);
    let judged = |grade, of: &str| {
        let about = FigureKey { period: Period::parse(of, YearKind::Financial).unwrap(), ..FigureKey::of(&figures[0]) };
        let finding = Finding::new(grade, Fault::new("p", "odd", "r")).about(about);
        let findings = [finding];
        let inputs =
            EvaluationInputs { findings: &findings, ..EvaluationInputs::new(&framework, &areas, &figures, &[], period, TODAY) };
        let Assessment { status, reason, latest, .. } = evaluate(&inputs).measures.remove(0).headline;
        assert_eq!(latest.unwrap().value, Value::Number(54.0), "the figure is shown");
        (status == Status::CannotBeJudged, reason)
    };
    assert!(judged(Grade::Question, "2025/26").1.ends_with("in 2025/26 is in question: odd"));
    assert!(!judged(Grade::Question, "2024/25").0, "an earlier figure is not what is judged");
    assert!(!judged(Grade::Note, "2025/26").0);
    assert!(!judged(Grade::Error, "2025/26").0, "only its limits were not used");
    assert!(!judged(Grade::Error, "2026/27").0, "that year has not ended");
    let (is_withheld, reason) = judged(Grade::Error, "2026/27 Q1");
    assert!(is_withheld && reason.ends_with("in 2025/26 is the last figure that can be used: odd"), "{reason}");
}

#[test]
fn nothing_is_concluded_from_questioned_figures() {
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let framework = framework(measure(""), LEVEL);
    let period = Period::last_quarter_before(TODAY);
    let five = |area: &str| -> Vec<Observation> {
        let year = |i: u32| counted(area, &format!("{}/{}", 2021 + i, 22 + i), 2900.0 - 90.0 * f64::from(i), 5_000.0);
        (0..5).map(year).collect()
    };
    let england = within(given("ENG", "2025/26", 58.0), 0.1);
    let judged = |figures: &[Observation], of: Option<(&str, &str)>| {
        let key = |(area, label)| FigureKey::of(&given(area, label, 0.0));
        let findings: Vec<Finding> =
            of.map(|of| Finding::new(Grade::Question, Fault::new("p", "odd", "r")).about(key(of))).into_iter().collect();
        let inputs =
            EvaluationInputs { findings: &findings, ..EvaluationInputs::new(&framework, &areas, figures, &[], period, TODAY) };
        evaluate(&inputs).measures.remove(0)
    };
    let tested = |of: &Assessment| {
        let since = of.since_previous.as_ref().is_some_and(|since| since.change.is_significant().is_some());
        (of.comparison != Comparison::NotCompared, of.trend != Trend::CannotBeCalculated, since)
    };
    let parts: Vec<Observation> = five("A").into_iter().chain(five("B")).chain([england]).collect();
    assert_eq!(tested(&judged(&parts, None).headline), (true, true, true));
    // A sum is as doubtful as what it is made from.
    let found = judged(&parts, Some(("A", "2025/26")));
    assert_eq!((found.headline.status, tested(&found.headline)), (Status::CannotBeJudged, (false, false, false)));
    let of_area = |area: &str| tested(found.areas.iter().find(|a| a.area.as_str() == area).unwrap());
    assert_eq!((of_area("A"), of_area("B")), ((false, false, false), (true, true, true)));
    // An earlier figure bears on the trend and on the change from it, not on the comparison.
    assert_eq!(tested(&judged(&parts, Some(("A", "2024/25"))).headline), (true, false, false));
    // With a comparator in question nothing is compared.
    assert_eq!(tested(&judged(&parts, Some(("ENG", "2025/26"))).headline), (false, true, true));
}
