//! Where figures lie in funnels, and where the funnels' limits are.

use crate::cases::{number, rows};
use indicator_stats::{Confidence, Withheld, funnel};

#[test]
fn points_outside_the_funnel_are_named() {
    let rows = rows("tests/cases/funnel");
    let points: Vec<_> = rows.iter().map(|row| (number(row, "numerator"), number(row, "denominator"))).collect();
    let found = funnel::significance(funnel::FunnelStatistic::Proportion, &points).unwrap();
    for (row, significance) in rows.iter().zip(found) {
        assert_eq!(significance.label(), row["significance"]);
    }
}

#[test]
fn significant_points_lie_outside_the_funnel() {
    let points = [(40.0, 200.0), (60.0, 200.0), (75.0, 200.0), (12.0, 150.0), (5.0, 90.0)];
    let average = points.iter().map(|p| p.0).sum::<f64>() / points.iter().map(|p| p.1).sum::<f64>();
    for ((o, n), significance) in points.iter().zip(funnel::significance(funnel::FunnelStatistic::Proportion, &points).unwrap()) {
        let inside = |confidence| funnel::proportion_limits(average, *n, 1.0, confidence).unwrap().contains(o / n);
        let wanted = match (inside(Confidence::P95), inside(Confidence::P998), o / n > average) {
            (true, ..) => funnel::Significance::NotSignificant,
            (_, true, true) => funnel::Significance::High025,
            (_, true, false) => funnel::Significance::Low025,
            (_, _, true) => funnel::Significance::High001,
            (_, _, false) => funnel::Significance::Low001,
        };
        assert_eq!(significance, wanted, "{o} of {n}");
    }
}

#[test]
fn rates_lie_outside_the_funnel_where_they_are_significant() {
    let (average, n) = (0.01, 2500.0);
    for count in 0..80 {
        let count = f64::from(count);
        let beyond = |confidence| {
            let limits = funnel::rate_limits_at(average, n, 1.0, confidence).unwrap();
            (count / n > limits.upper, count / n < limits.lower)
        };
        let wanted = match (beyond(Confidence::P998), beyond(Confidence::P95)) {
            ((true, _), _) => funnel::Significance::High001,
            ((_, true), _) => funnel::Significance::Low001,
            (_, (true, _)) => funnel::Significance::High025,
            (_, (_, true)) => funnel::Significance::Low025,
            _ => funnel::Significance::NotSignificant,
        };
        assert_eq!(funnel::beside(funnel::FunnelStatistic::Rate, (count, n), average), Ok(wanted), "{count}");
    }
    assert_eq!(funnel::rate_limits_at(average, 0.0, 1.0, Confidence::P95), Err(Withheld::NoDenominator));
    assert!(funnel::rate_limits_at(f64::MAX, f64::MAX, 1.0, Confidence::P95).is_err());
    // Where no event is expected none is the limit.
    let none = funnel::rate_limits_at(0.0, n, 1.0, Confidence::P95).unwrap();
    assert_eq!((none.lower, none.upper), (0.0, 0.0));
}
