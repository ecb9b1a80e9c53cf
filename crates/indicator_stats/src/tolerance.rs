//! Comparisons of decimal figures: two that differ only by how a computer holds them are equal.
//!
//! A target of 10% more than 50 is 55, and a figure of 55.0 meets it; in binary the product is a hair above. Figures
//! closer than [`RELATIVE`] of the larger are taken as equal, far below the precision of any published figure.

use std::cmp::Ordering;

/// Figures closer than this share of the larger are equal.
pub const RELATIVE: f64 = 1e-9;

/// True where `a` and `b` are the same figure. A number that is not finite equals only itself.
pub fn equal(a: f64, b: f64) -> bool {
    a == b || (a.is_finite() && b.is_finite() && (a - b).abs() <= RELATIVE * a.abs().max(b.abs()))
}

/// True where `a` is `b` or more.
pub fn at_least(a: f64, b: f64) -> bool {
    a >= b || equal(a, b)
}

/// True where `a` is `b` or less.
pub fn at_most(a: f64, b: f64) -> bool {
    at_least(b, a)
}

/// True where `a` is more than `b`, and not equal to it.
pub fn above(a: f64, b: f64) -> bool {
    a > b && !equal(a, b)
}

/// True where `a` is less than `b`, and not equal to it.
pub fn below(a: f64, b: f64) -> bool {
    above(b, a)
}

/// How `a` stands to `b`; none where either is NaN.
pub fn compare(a: f64, b: f64) -> Option<Ordering> {
    if equal(a, b) { Some(Ordering::Equal) } else { a.partial_cmp(&b) }
}

/// The figure that lies `percent` of `baseline` above it, below it where `percent` is negative: b(100 + p) ÷ 100, which
/// keeps decimal targets closer to what is written than b(1 + p ÷ 100).
pub fn change_by_percent(baseline: f64, percent: f64) -> f64 {
    baseline * (100.0 + percent) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_decimals_meet_their_target() {
        assert!(at_least(55.0, change_by_percent(50.0, 10.0)));
        assert!(at_least(55.0, 50.0 * 1.1), "the other order is a hair above");
        assert!(at_most(205.4, change_by_percent(200.0, 2.7)));
        assert!(at_most(0.3, 0.1 + 0.2) && at_least(0.3, 0.1 + 0.2));
        assert!(!at_least(54.9, change_by_percent(50.0, 10.0)));
        assert!(!at_most(205.41, change_by_percent(200.0, 2.7)));
    }

    #[test]
    fn what_differs_by_more_is_told_apart() {
        assert!(above(1.000_000_01, 1.0) && below(1.0, 1.000_000_01));
        assert!(!above(1.000_000_000_1, 1.0) && !below(1.0, 1.000_000_000_1));
        assert!(above(1e-300, 0.0), "nothing but zero is zero");
        assert_eq!(compare(99.96, 100.0), Some(Ordering::Less));
        assert_eq!(compare(1e308, -1e308), Some(Ordering::Greater));
        assert_eq!(compare(f64::NAN, 1.0), None);
        assert!(!at_least(f64::NAN, 0.0) && !at_most(f64::NAN, 0.0));
        assert!(!equal(f64::INFINITY, f64::MAX) && above(f64::INFINITY, f64::MAX));
    }
}
