//! The tests of change, trajectories, projections and the pure rules of judging reproduce worked cases.

#[allow(dead_code)]
mod cases;

use boardpack::area::AreaCode;
use boardpack::evaluate::by_area::{JudgedArea, by_area};
use boardpack::evaluate::coverage::{CoverageBy, Given, coverage};
use boardpack::evaluate::methods::change::{self, Change, RatioMethod};
use boardpack::evaluate::methods::projection::{ProjectionPoint, project};
use boardpack::evaluate::methods::{Confidence, trajectory};
use boardpack::evaluate::standing::{Held, by_date, standing};
use boardpack::evaluate::{Status, ambition};
use boardpack::framework::{Combine, Role};
use boardpack::value::{Limits, Polarity};
use cases::{Row, number, of_case, optional, rows};
use jiff::civil::Date;
use proptest::prelude::*;
use std::cmp::Ordering;

fn numbers<const N: usize>(row: &Row, keys: [&str; N]) -> [f64; N] {
    keys.map(|key| number(row, key))
}

fn date(row: &Row, key: &str) -> Date {
    row[key].parse().unwrap()
}

fn limits(row: &Row, lower: &str, upper: &str) -> Option<Limits> {
    Some(Limits { lower: optional(row, lower)?, upper: optional(row, upper)? })
}

fn status(row: &Row) -> Status {
    Status::of_code(&row["status"]).unwrap_or_else(|| panic!("{row:?}"))
}

/// The cases are written to twelve digits.
fn close(found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-10 * wanted.abs() + 1e-13, "{found} is not {wanted}");
}

fn close_where_given(found: Option<f64>, wanted: Option<f64>) {
    assert_eq!(found.is_some(), wanted.is_some(), "{found:?} is not {wanted:?}");
    if let Some((found, wanted)) = found.zip(wanted) {
        close(found, wanted);
    }
}

#[test]
fn changes_of_proportions_have_newcombes_interval() {
    for row in rows("judging/change_proportions") {
        let [o1, n1, o2, n2] = numbers(&row, ["o1", "n1", "o2", "n2"]);
        let found = change::proportions(o1, n1, o2, n2, Confidence::P95).unwrap();
        close(found.difference, number(&row, "difference"));
        close(found.limits.lower, number(&row, "lower"));
        close(found.limits.upper, number(&row, "upper"));
        assert_eq!(found.significant.to_string(), row["significant"], "{row:?}");
        assert_eq!(Change::Proportions(found).direction(), (o2 / n2).partial_cmp(&(o1 / n1)).unwrap());
    }
}

#[test]
fn changes_of_rates_have_a_logarithmic_or_an_exact_interval() {
    for row in rows("judging/change_rates") {
        let [o1, n1, o2, n2] = numbers(&row, ["o1", "n1", "o2", "n2"]);
        let found = change::rates(o1, n1, o2, n2, Confidence::P95).unwrap();
        let method = if row["method"] == "log" { RatioMethod::Log } else { RatioMethod::Exact };
        assert_eq!(found.method, method, "{row:?}");
        close_where_given(found.ratio, optional(&row, "ratio"));
        close_where_given(found.lower, optional(&row, "lower"));
        close_where_given(found.upper, optional(&row, "upper"));
        assert_eq!(found.significant.to_string(), row["significant"], "{row:?}");
        assert_eq!(Change::Rates(found).direction(), (o2 / n2).partial_cmp(&(o1 / n1)).unwrap());
    }
}

#[test]
fn changes_of_estimates_are_tested_by_their_published_limits() {
    for row in rows("judging/change_estimates") {
        let side = |value, lower, upper| (number(&row, value), limits(&row, lower, upper));
        let (earlier, later) = (side("value1", "lower1", "upper1"), side("value2", "lower2", "upper2"));
        let found = change::estimates(earlier, later, Confidence::P95).unwrap();
        close(found.z, number(&row, "z"));
        assert_eq!(found.significant.to_string(), row["significant"], "{row:?}");
        let wanted = if found.z > 0.0 { Ordering::Greater } else { Ordering::Less };
        assert_eq!(Change::Estimates(found).direction(), wanted);
    }
}

#[test]
fn trajectories_count_whole_months() {
    for row in rows("judging/trajectories") {
        let (from, due, at) = (date(&row, "baseline_at"), date(&row, "due"), date(&row, "at"));
        close(trajectory::years(from, at), number(&row, "years_elapsed"));
        close(trajectory::elapsed(from, due, at).unwrap(), number(&row, "share"));
        let [baseline, target] = numbers(&row, ["baseline", "target"]);
        close(trajectory::expected((from, baseline), (due, target), at).unwrap(), number(&row, "expected"));
    }
}

#[test]
fn projections_have_a_prediction_interval_and_a_chance() {
    let points = rows("judging/projections_points");
    for row in rows("judging/projections") {
        let points: Vec<_> = of_case(&points, &row)
            .map(|p| ProjectionPoint { end: date(p, "end"), value: number(p, "value"), limits: limits(p, "lower", "upper") })
            .collect();
        let polarity = if row["polarity"] == "high" { Polarity::High } else { Polarity::Low };
        let found = project(&points, date(&row, "due"), optional(&row, "target"), polarity).unwrap();
        close(found.value, number(&row, "value"));
        close(found.limits.lower, number(&row, "lower"));
        close(found.limits.upper, number(&row, "upper"));
        assert_eq!(found.shown.to_string(), row["shown"], "{row:?}");
        let chance = found.chance.unwrap();
        close(chance.probability(), number(&row, "chance"));
        assert_eq!(chance.shown_percent().to_string(), row["chance_shown_percent"]);
        assert_eq!(chance.words(), row["chance_words"]);
        close_where_given(found.yearly_change_needed, optional(&row, "yearly_change_needed"));
    }
}

fn role(text: &str) -> Role {
    match text {
        "lead" => Role::Lead,
        "stand_in" => Role::StandIn,
        "supporting" => Role::Supporting,
        other => panic!("{other} is no role"),
    }
}

#[test]
fn ambitions_are_combined_from_their_measures() {
    let measures = rows("judging/ambitions_measures");
    for row in rows("judging/ambitions") {
        let measures: Vec<_> = of_case(&measures, &row).map(|m| (role(&m["role"]), status(m))).collect();
        let combine = if row["combine"] == "tally" { Combine::Tally } else { Combine::Worst };
        let found = ambition::combine(combine, &measures);
        assert_eq!(found.status, status(&row), "{row:?}: {found:?}");
        for (key, found) in [("judged", found.judged), ("of", found.of), ("met", found.met)] {
            assert!(row[key].is_empty() || row[key] == found.to_string(), "{key} of {row:?}: {found}");
        }
        if !row["by"].is_empty() {
            assert_eq!(found.by, Some(role(&row["by"])), "{row:?}");
        }
    }
}

#[test]
fn the_system_has_the_status_in_which_the_median_resident_lives() {
    let parts = rows("judging/areas_parts");
    for row in rows("judging/areas") {
        let areas: Vec<_> = of_case(&parts, &row)
            .map(|part| JudgedArea {
                area: AreaCode::new(part["area"].clone()).unwrap(),
                population: number(part, "population"),
                status: status(part),
                significantly_adverse: part["significantly_adverse"] == "true",
            })
            .collect();
        let found = by_area(&areas);
        assert_eq!(found.status, status(&row), "{row:?}: {found:?}");
    }
}

#[test]
fn organisations_are_pooled_with_their_coverage() {
    let organisations = rows("judging/coverage_organisations");
    for row in rows("judging/coverage") {
        let given: Vec<_> = of_case(&organisations, &row)
            .map(|one| Given {
                last_denominator: optional(one, "last_denominator"),
                counts: optional(one, "numerator").zip(optional(one, "denominator")),
            })
            .collect();
        let found = coverage(&given, number(&row, "multiplier"), number(&row, "coverage_percent")).unwrap();
        close_where_given(found.value, optional(&row, "value"));
        close(found.coverage, number(&row, "coverage"));
        let by = if row["by"] == "number" { CoverageBy::Number } else { CoverageBy::Denominator };
        assert_eq!(found.by, by, "{row:?}");
        assert_eq!((found.judged.to_string(), found.complete.to_string()), (row["judged"].clone(), row["complete"].clone()));
    }
}

#[test]
fn conditions_are_judged_by_their_latest_or_their_due_period() {
    let periods = rows("judging/conditions_periods");
    for row in rows("judging/conditions") {
        let required = number(&row, "required");
        let held: Vec<_> =
            of_case(&periods, &row).map(|p| Held::in_full(date(p, "end"), optional(p, "value"), required)).collect();
        let judge = if row["kind"] == "standing" { standing } else { by_date };
        let found = judge(date(&row, "from"), &held);
        assert_eq!(found.status, status(&row), "{row:?}: {found:?}");
        let since = found.since.map(|since| since.to_string()).unwrap_or_default();
        for (key, found) in [("since", since), ("lapsed", found.lapsed.to_string()), ("not_kept", found.not_kept.to_string())] {
            assert!(row[key].is_empty() || row[key] == found, "{key} of {row:?}: {found}");
        }
    }
}

/// Counts, populations and values of every size, whole and not.
fn any_size() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        0.0..20.0_f64,
        (0_u32..100_000).prop_map(f64::from),
        (-320.0..308.0_f64).prop_map(|e| 10.0_f64.powf(e))
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_change_is_in_its_interval_or_has_a_reason(o1 in any_size(), n1 in any_size(), o2 in any_size(), n2 in any_size()) {
        for confidence in [Confidence::P95, Confidence::P998] {
            if let Ok(found) = change::proportions(o1, n1, o2, n2, confidence) {
                prop_assert!(-1.0 <= found.limits.lower && found.limits.upper <= 1.0, "{found:?}");
                prop_assert!(found.limits.lower <= found.difference && found.difference <= found.limits.upper, "{found:?}");
            }
            if let Ok(found) = change::rates(o1, n1, o2, n2, confidence) {
                let ordered = [found.lower, found.ratio, found.upper].into_iter().flatten().collect::<Vec<_>>();
                prop_assert!(ordered.iter().all(|x| x.is_finite() && *x >= 0.0), "{found:?}");
                prop_assert!(ordered.windows(2).all(|pair| pair[0] <= pair[1] * (1.0 + 1e-9)), "{o1} {o2}: {found:?}");
            }
        }
    }

    #[test]
    fn the_two_ways_round_agree(o1 in 0_u32..40, n1 in 40_u32..1000, o2 in 0_u32..40, n2 in 40_u32..1000) {
        let [o1, n1, o2, n2] = [o1, n1, o2, n2].map(f64::from);
        let (there, back) = (change::rates(o1, n1, o2, n2, Confidence::P95).unwrap(), change::rates(o2, n2, o1, n1, Confidence::P95).unwrap());
        prop_assert_eq!(there.significant, back.significant);
        if let Some((lower, upper)) = there.lower.filter(|l| *l > 0.0).zip(back.upper) {
            prop_assert!((lower * upper - 1.0).abs() < 1e-9, "{there:?} {back:?}");
        }
        let (there, back) = (change::proportions(o1, n1, o2, n2, Confidence::P95).unwrap(), change::proportions(o2, n2, o1, n1, Confidence::P95).unwrap());
        prop_assert!((there.limits.lower + back.limits.upper).abs() < 1e-12);
    }

    #[test]
    fn a_projection_is_a_number_or_has_a_reason(values in prop::collection::vec(any_size(), 5..9), width in any_size(), target in any_size()) {
        let points: Vec<_> = (2015_i16..)
            .zip(&values)
            .map(|(year, value)| ProjectionPoint {
                end: jiff::civil::date(year, 12, 31),
                value: *value,
                limits: Some(Limits { lower: value - width, upper: value + width * (1.0 + f64::from(year % 3)) }),
            })
            .collect();
        let due = jiff::civil::date(2015 + values.len() as i16 + 1, 12, 31);
        if let Ok(found) = project(&points, due, Some(target), Polarity::High) {
            prop_assert!(found.limits.lower <= found.value && found.value <= found.limits.upper);
            prop_assert!((0.0..=1.0).contains(&found.chance.unwrap().probability()));
            prop_assert!([found.value, found.limits.lower, found.limits.upper].iter().all(|x| x.is_finite()));
        }
    }
}
