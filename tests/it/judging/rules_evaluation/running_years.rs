//! Targets of a year that is not over.

use super::*;

#[test]
fn running_years_meet_a_share_of_targets() {
    let sessions =
        measure("statistic = \"count\"\nunit = \"count\"\ndecimals = 0\ncadence_months = 3\npublication_lag_months = 1");
    let target = r#"{ kind = "annual_target", targets = [{ period = "2026/27", value = 1000.0 }], exceed = true }"#;
    let quarter = |label, value| given("SYS", label, value);
    let found =
        evaluated(&framework(sessions.clone(), target), &[quarter("2026-27-Q1", 300.0), quarter("2026-27-Q2", 250.0)], TODAY);
    assert_eq!(
        found.measures[0].headline.reason,
        "550 in 2026/27 up to 30 September 2026, against 500 expected at that point and more than 1,000 in the year"
    );
    assert_eq!(found.measures[0].headline.status, Status::OnTrack);
    assert_eq!(found.measures[0].headline.target.as_ref().unwrap().words, "more than 1,000 in 2026/27");
    let untargeted = evaluated(&framework(sessions, target), &[quarter("2025-26-Q4", 300.0)], date(2026, 6, 1));
    assert_eq!(untargeted.measures[0].headline.status, Status::NoTargetSet, "{}", untargeted.measures[0].headline.reason);
}

#[test]
fn a_year_with_a_gap_is_not_judged() {
    let sessions = measure("statistic = \"count\"\nunit = \"count\"\ndecimals = 0\ncadence_months = 3");
    let target = r#"{ kind = "annual_target", targets = [{ period = "2026/27", value = 1000.0 }] }"#;
    let framework = framework(sessions, target);
    let judged = |quarters: &[&str], as_at| {
        let figures: Vec<Observation> = quarters.iter().map(|label| given("SYS", label, 400.0)).collect();
        evaluated(&framework, &figures, as_at).measures.remove(0).headline
    };
    let with_gap = judged(&["2026-27-Q1", "2026-27-Q3"], date(2027, 2, 21));
    let reason = "What 2026/27 has come to so far is not known: there is no figure for July to September 2026";
    assert_eq!((with_gap.status, with_gap.reason.as_str()), (Status::NoFigure, reason));
    assert_eq!(judged(&["2026-27-Q2"], TODAY).status, Status::NoFigure, "the first quarter is lacking");
    // A whole year is held to its target as a yearly figure would be.
    let whole = judged(&["2026-27-Q1", "2026-27-Q2", "2026-27-Q3", "2026-27-Q4"], date(2027, 5, 21));
    assert_eq!((whole.status, whole.reason.as_str()), (Status::Achieved, "1,600 in 2026/27, against 1,000 wanted in that year"));
}
