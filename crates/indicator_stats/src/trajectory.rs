//! Time between two dates in whole months, and the straight line from a baseline to a target.

use crate::{Withheld, finite};
use jiff::civil::Date;

/// R(t) = b + (T − b)(t − t_b) ÷ (t_T − t_b), time by [`years`]; before the start b, after the end T.
///
/// # Errors
/// An end that is not after the start, or values that are no numbers.
pub fn expected(start: (Date, f64), end: (Date, f64), at: Date) -> Result<f64, Withheld> {
    let share = elapsed(start.0, end.0, at)?;
    let on_line = if share >= 1.0 { end.1 } else { start.1 + (end.1 - start.1) * share };
    finite([start.1, end.1, on_line])?;
    Ok(on_line)
}

/// The share of the way from `start` to `end` that has gone at `at`, from 0 to 1: 24 of 60 months.
///
/// # Errors
/// As [`expected`].
pub fn elapsed(start: Date, end: Date, at: Date) -> Result<f64, Withheld> {
    let whole = months(start, end);
    if whole <= 0.0 { Err(Withheld::NotInOrder) } else { Ok((months(start, at) / whole).clamp(0.0, 1.0)) }
}

/// Years from one date to another, negative where it is earlier: months ÷ 12.
pub fn years(from: Date, to: Date) -> f64 {
    months(from, to) / 12.0
}

/// Months from the end of one day to the end of another. The last day of a month is a whole month; days count only
/// inside a month, by that month's length.
pub fn months(from: Date, to: Date) -> f64 {
    let number = |d: Date| f64::from(i32::from(d.year()) * 12 + i32::from(d.month()));
    let inside = |d: Date| f64::from(d.day()) / f64::from(d.days_in_month());
    (number(to) - number(from)) + (inside(to) - inside(from))
}

/// Days from one date to another, negative where it is earlier.
pub fn days(from: Date, to: Date) -> f64 {
    f64::from((to - from).get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_line_is_held_at_its_ends() {
        let (start, end) = ((date(2023, 3, 31), 40.0), (date(2028, 3, 31), 50.0));
        for (at, wanted) in [
            (date(2022, 1, 1), 40.0),
            (date(2023, 3, 31), 40.0),
            (date(2025, 9, 30), 45.0),
            (date(2028, 3, 31), 50.0),
            (date(2030, 1, 1), 50.0),
        ] {
            assert_eq!(expected(start, end, at), Ok(wanted));
        }
        assert_eq!(expected(end, start, date(2025, 1, 1)), Err(Withheld::NotInOrder));
        assert_eq!(expected((start.0, 1e308), (end.0, -1e308), date(2025, 9, 30)), Err(Withheld::NotFinite));
        assert_eq!(expected((start.0, f64::NAN), end, end.0), Err(Withheld::NotFinite));
    }

    #[test]
    fn two_of_five_years_are_two_fifths() {
        let (start, end) = (date(2023, 3, 31), date(2028, 3, 31));
        assert_eq!(elapsed(start, end, date(2025, 3, 31)), Ok(0.4));
        let allowed = expected((start, 50.0), (end, 56.0), date(2025, 3, 31)).unwrap();
        assert!(crate::tolerance::at_least(52.4, allowed), "{allowed}");
    }

    #[test]
    fn the_last_day_makes_a_whole_month() {
        assert_eq!(months(date(2024, 1, 31), date(2024, 2, 29)), 1.0);
        assert_eq!(months(date(2024, 2, 29), date(2025, 2, 28)), 12.0);
        assert_eq!(months(date(2025, 6, 15), date(2025, 6, 30)), 0.5);
        assert_eq!(months(date(2025, 6, 30), date(2025, 6, 15)), -0.5);
        assert_eq!(years(date(2020, 12, 31), date(2026, 6, 30)), 5.5);
    }
}
