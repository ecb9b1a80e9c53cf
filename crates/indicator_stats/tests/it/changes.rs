//! Tests of the change between two figures.

use crate::cases::{Row, number, optional, rows};
use crate::numbers::{any_size, close, close_where_given, numbers};
use indicator_stats::change::{self, Change, RatioMethod};
use indicator_stats::{Confidence, Limits};
use proptest::prelude::*;
use std::cmp::Ordering;

fn limits(row: &Row, lower: &str, upper: &str) -> Option<Limits> {
    Some(Limits { lower: optional(row, lower)?, upper: optional(row, upper)? })
}

#[test]
fn changes_of_proportions_have_newcombes_interval() {
    for row in rows("tests/cases/change_proportions") {
        let [o1, n1, o2, n2] = numbers(&row, ["o1", "n1", "o2", "n2"]);
        let found = change::proportions(o1, n1, o2, n2, Confidence::P95).unwrap();
        close(found.difference, number(&row, "difference"), 1e-10);
        close(found.limits.lower, number(&row, "lower"), 1e-10);
        close(found.limits.upper, number(&row, "upper"), 1e-10);
        assert_eq!(found.significant.to_string(), row["significant"], "{row:?}");
        assert_eq!(Change::Proportions(found).direction(), (o2 / n2).partial_cmp(&(o1 / n1)).unwrap());
    }
}

#[test]
fn rate_changes_have_logarithmic_or_exact_intervals() {
    for row in rows("tests/cases/change_rates") {
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
fn estimate_changes_are_tested_by_published_limits() {
    for row in rows("tests/cases/change_estimates") {
        let side = |value, lower, upper| (number(&row, value), limits(&row, lower, upper));
        let (earlier, later) = (side("value1", "lower1", "upper1"), side("value2", "lower2", "upper2"));
        let found = change::estimates(earlier, later, Confidence::P95).unwrap();
        close(found.z, number(&row, "z"), 1e-10);
        assert_eq!(found.significant.to_string(), row["significant"], "{row:?}");
        let wanted = if found.z > 0.0 { Ordering::Greater } else { Ordering::Less };
        assert_eq!(Change::Estimates(found).direction(), wanted);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_change_lies_within_its_interval(o1 in any_size(), n1 in any_size(), o2 in any_size(), n2 in any_size()) {
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
}
