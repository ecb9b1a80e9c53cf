//! Lines from a baseline to a target, and from what has been to what is to come.

use crate::cases::{date, number, of_case, optional, rows};
use crate::numbers::{any_size, close, close_where_given, numbers};
use indicator_stats::projection::{ProjectionPoint, project};
use indicator_stats::{Limits, Polarity, trajectory};
use proptest::prelude::*;

#[test]
fn trajectories_count_whole_months() {
    for row in rows("tests/cases/trajectories") {
        let (from, due, at) = (date(&row, "baseline_at"), date(&row, "due"), date(&row, "at"));
        close(trajectory::years(from, at), number(&row, "years_elapsed"), 1e-10);
        close(trajectory::elapsed(from, due, at).unwrap(), number(&row, "share"), 1e-10);
        let [baseline, target] = numbers(&row, ["baseline", "target"]);
        close(trajectory::expected((from, baseline), (due, target), at).unwrap(), number(&row, "expected"), 1e-10);
    }
}

#[test]
fn projections_have_a_prediction_interval_and_a_chance() {
    let points = rows("tests/cases/projections_points");
    for row in rows("tests/cases/projections") {
        let points: Vec<_> = of_case(&points, &row)
            .map(|p| ProjectionPoint {
                end: date(p, "end"),
                value: number(p, "value"),
                limits: optional(p, "lower").zip(optional(p, "upper")).map(|(lower, upper)| Limits { lower, upper }),
            })
            .collect();
        let polarity = if row["polarity"] == "high" { Polarity::High } else { Polarity::Low };
        let found = project(&points, date(&row, "due"), optional(&row, "target"), polarity).unwrap();
        close(found.value, number(&row, "value"), 1e-10);
        close(found.limits.lower, number(&row, "lower"), 1e-10);
        close(found.limits.upper, number(&row, "upper"), 1e-10);
        assert_eq!(found.shown.to_string(), row["shown"], "{row:?}");
        let chance = found.chance.unwrap();
        close(chance.probability(), number(&row, "chance"), 1e-10);
        assert_eq!(chance.shown_percent().to_string(), row["chance_shown_percent"]);
        assert_eq!(chance.words(), row["chance_words"]);
        close_where_given(found.yearly_change_needed, optional(&row, "yearly_change_needed"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_projection_is_a_number_or_reason(values in prop::collection::vec(any_size(), 5..9), width in any_size(), target in any_size()) {
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
