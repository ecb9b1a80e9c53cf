//! Small counts in the sums of areas.

use super::*;

const STANDARD: &str = "disclosure = \"standard\"";

fn counts(extra: &str) -> Measure {
    measure(&format!("statistic = \"count\"\nunit = \"count\"\ndecimals = 0\npolarity = \"low\"\n{extra}"))
}

#[test]
fn small_counts_are_hidden_but_keep_statuses() {
    let figures = [counted("SYS", "2024/25", 4.0, 40.0), counted("SYS", "2025/26", 3.0, 50.0)];
    let shown = published(measure(STANDARD), LEVEL, &figures).headline;
    let latest = shown.latest.unwrap();
    assert_eq!((latest.value, latest.numerator, latest.denominator, latest.limits), (Value::Suppressed, None, None, None));
    assert_eq!(shown.status, Status::OffTrack);
    assert!(shown.flags.contains(&Flag::Suppressed));
    assert!(!shown.reason.contains(|c: char| c.is_ascii_digit()), "{}", shown.reason);
    assert!(shown.series.iter().chain(&shown.previous).all(|p| p.value == Value::Suppressed && p.numerator.is_none()));
}

#[test]
fn zero_and_large_counts_stay() {
    for (numerator, hidden) in [(0.0, false), (1.0, true), (4.0, true), (5.0, false)] {
        let figures = [counted("SYS", "2025/26", numerator, 100.0)];
        let mut judged = one(measure(STANDARD), LEVEL, &figures);
        // How it was judged is never published of a measure that is protected.
        judged.headline.working = None;
        let shown = published(measure(STANDARD), LEVEL, &figures);
        assert_eq!(shown.headline.latest.as_ref().unwrap().value == Value::Suppressed, hidden, "{numerator}");
        assert_eq!(shown == judged, !hidden, "{numerator}");
    }
    let unprotected = [counted("SYS", "2025/26", 3.0, 100.0)];
    assert_eq!(published(measure(""), LEVEL, &unprotected), one(measure(""), LEVEL, &unprotected));
}

#[test]
fn a_second_part_of_a_sum_is_hidden() {
    let numbers = [("CITY", 900.0), ("D1", 3.0), ("D2", 40.0), ("D3", 0.0), ("D4", 25.0)];
    let figures: Vec<_> = numbers.iter().map(|(code, number)| counted(code, "2025/26", *number, 1000.0)).collect();
    let shown = published(measure(&format!("{STANDARD}\n{BY_DISTRICT}")), LEVEL, &figures);
    let hidden: Vec<_> = shown.areas.iter().filter(|a| a.flags.contains(&Flag::Suppressed)).map(|a| a.area.as_str()).collect();
    // Bexford alone is told by the north, and Denby then by the south, were the places not to go with them.
    assert_eq!(area(&shown, "D3").value, Value::Number(0.0));
    assert!(hidden.contains(&"D1") && hidden.contains(&"D2"), "{hidden:?}");
    assert_eq!(shown.headline.latest.unwrap().numerator, Some(968.0), "the system's figure stays");
}

#[test]
fn reasons_quote_no_earlier_small_count() {
    let target = r#"{ kind = "percent_change", percent = -10.0, baseline = { period = "2022/23" } }"#;
    let figures = [given("SYS", "2022/23", 3.0), given("SYS", "2025/26", 12.0)];
    let shown = published(counts(STANDARD), target, &figures).headline;
    assert_eq!(shown.latest.unwrap().value, Value::Number(12.0));
    assert_eq!(shown.baseline.unwrap().value, Value::Suppressed);
    let target = shown.target.unwrap();
    assert_eq!((target.value, target.expected_now), (None, None));
    assert_eq!(target.words, "10% below 2022/23 by 31 March 2028");
    let reason = "12 in 2025/26; wanted: 10% below 2022/23 by 31 March 2028; an earlier figure is suppressed to protect people";
    assert_eq!(shown.reason, reason);
}

#[test]
fn statuses_that_tell_a_count_are_withheld() {
    let all = r#"{ kind = "compliance", full = 100.0 }"#;
    let judged = [counted("SYS", "2025/26", 3.0, 3.0)];
    assert_eq!(one(measure(STANDARD), all, &judged).headline.status, Status::Achieved);
    let shown = published(measure(STANDARD), all, &judged).headline;
    assert_eq!(shown.status, Status::NoFigure);
    assert!(shown.flags.contains(&Flag::Suppressed));

    // At most one, and it is not zero: it is one.
    let at_most =
        |most: f64| format!("{{ kind = \"level\", value = {most}.0, baseline = {{ period = \"2022/23\", value = 9.0 }} }}");
    assert_eq!(published(counts(STANDARD), &at_most(1.0), &[given("SYS", "2025/26", 1.0)]).headline.status, Status::NoFigure);
    // Of four, the status would be another; were it left out for four alone, that would tell them.
    for count in [2.0, 4.0] {
        let status = published(counts(STANDARD), &at_most(3.0), &[given("SYS", "2025/26", count)]).headline.status;
        assert_eq!(status, Status::NoFigure, "{count}");
    }
    assert_eq!(published(counts(STANDARD), &at_most(4.0), &[given("SYS", "2025/26", 2.0)]).headline.status, Status::Achieved);
}

#[test]
fn hospital_episodes_are_hidden_and_rounded() {
    let rule = "disclosure = \"hospital-episodes\"";
    let target = r#"{ kind = "percent_change", percent = -10.0, baseline = { period = "2022/23" } }"#;
    let figures = [given("SYS", "2022/23", 123.0), given("SYS", "2024/25", 7.0), given("SYS", "2025/26", 98.0)];
    let shown = published(counts(rule), target, &figures).headline;
    let values: Vec<_> = shown.series.iter().map(|p| p.value).collect();
    assert_eq!(values, [Value::Number(125.0), Value::Suppressed, Value::Number(100.0)]);
    assert!(shown.reason.starts_with("100 in 2025/26, by counts rounded to 5"), "{}", shown.reason);
    assert_eq!(shown.target.unwrap().value, None);

    let share = published(measure(rule), LEVEL, &[counted("SYS", "2025/26", 98.0, 200.0)]).headline.latest.unwrap();
    assert_eq!((share.value, share.numerator, share.limits), (Value::Number(50.0), Some(100.0), None));
}

#[test]
fn replaced_figures_of_protected_measures_are_unquoted() {
    let later = Observation { provenance: received("2026-05-01T00:00:00Z"), ..counted("SYS", "2025/26", 60.0, 100.0) };
    let figures = [counted("SYS", "2025/26", 2.0, 100.0), later];
    let shown = published(measure(STANDARD), LEVEL, &figures).headline;
    assert_eq!(shown.reason, "60.0% in 2025/26; wanted: 56% by March 2028");
}

/// Every way of filling in the hidden counts of districts, places, county and system that agrees with what is
/// published and with the rule that zeros are never hidden.
fn possible(shown: &BTreeMap<&str, Option<f64>>, most: u32) -> Vec<[u32; 5]> {
    let ceiling = most + 30;
    let range = |code: &str| match shown[code] {
        Some(count) => count as u32..=count as u32,
        None => 1..=ceiling,
    };
    let agrees = |code: &str, sum: u32| shown[code].is_none_or(|published| published as u32 == sum);
    let mut found = Vec::new();
    for d1 in range("D1") {
        for d2 in range("D2").filter(|d2| agrees("NORTH", d1 + d2)) {
            for d3 in range("D3") {
                for d4 in range("D4").filter(|d4| agrees("SOUTH", d3 + d4) && agrees("COUNTY", d1 + d2 + d3 + d4)) {
                    for city in range("CITY").filter(|city| agrees("SYS", city + d1 + d2 + d3 + d4)) {
                        found.push([city, d1, d2, d3, d4]);
                    }
                }
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_hidden_count_can_be_had_by_subtraction(
        numbers in prop::array::uniform5(prop_oneof![2 => 0..=4_u32, 1 => 5..20_u32]),
    ) {
        let figures: Vec<_> =
            DISTRICTS.iter().zip(numbers).map(|(code, x)| counted(code, "2025/26", f64::from(x), 1000.0)).collect();
        let found = published(measure(&format!("{STANDARD}\n{BY_DISTRICT}")), LEVEL, &figures);
        let mut shown: BTreeMap<&str, Option<f64>> = BTreeMap::new();
        for assessment in found.areas.iter().chain([&found.headline]) {
            shown.insert(assessment.area.as_str(), assessment.latest.as_ref().unwrap().numerator);
        }
        let ways = possible(&shown, 4);
        for (i, code) in DISTRICTS.iter().enumerate() {
            prop_assert!((1..=4).contains(&numbers[i]) <= shown[code].is_none(), "{} is small and shown", code);
            if (1..=4).contains(&numbers[i]) {
                let first = ways[0][i];
                prop_assert!(ways.iter().any(|way| way[i] != first), "{} can be had: {:?}", code, shown);
            }
        }
    }
}
