//! The precision at which a figure is published, and whether two vintages of it differ at that precision (METHODS 2.10).

/// More digits than this are the arithmetic's, not the publisher's: a double holds fifteen, and sums of doubles lose some.
const SIGNIFICANT_DIGITS: i32 = 12;

/// Whole numbers up to this are exact in a double.
const EXACT_WHOLE: f64 = 9_007_199_254_740_992.0;

/// Half a unit of the last decimal is a tie, whichever way the arithmetic of doubles tips it.
const TIE: f64 = 1e-9;

/// How many decimals a source gives. The order is from the coarsest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Precision(i32);

impl Precision {
    /// A figure that was given in full, such as a cell that a partner filled in: only what arithmetic adds is left out.
    pub const FULL: Precision = Precision(i32::MAX);

    /// The decimals that a number needs, of at most twelve significant digits: 12.3 has one, 12 and 1,200 none.
    pub fn of(number: f64) -> Self {
        if !number.is_finite() || number.fract() == 0.0 {
            return Precision(0);
        }
        // Such as `1.23000000000e1`.
        let written = format!("{number:.*e}", (SIGNIFICANT_DIGITS - 1) as usize);
        let (digits, exponent) = written.split_once('e').unwrap_or((&written, "0"));
        let decimals = digits.trim_end_matches('0').split_once('.').map_or(0, |(_, decimals)| decimals.len());
        Precision((i32::try_from(decimals).unwrap_or(0) - exponent.parse::<i32>().unwrap_or(0)).max(0))
    }

    /// That of a source with these figures: the finest of them. Of none nothing is known, and each is taken in full.
    pub fn of_source(figures: impl IntoIterator<Item = f64>) -> Self {
        figures.into_iter().map(Precision::of).max().unwrap_or(Precision::FULL)
    }

    /// The finer of two: a source that writes 12.0 as 12 shows by its other figures that it gives a decimal.
    pub fn finer(self, other: Self) -> Self {
        self.max(other)
    }

    /// The coarser of two decides whether vintages of one figure differ.
    pub fn coarser(self, other: Self) -> Self {
        self.min(other)
    }

    /// True where two numbers are apart by more than half a unit of the last decimal. Whole numbers are exact.
    pub fn tells_apart(self, old: f64, new: f64) -> bool {
        let is_whole = |number: f64| number.fract() == 0.0 && number.abs() <= EXACT_WHOLE;
        if old == new || is_whole(old) && is_whole(new) {
            return old != new;
        }
        let largest = old.abs().max(new.abs());
        // Where the first digit of the larger stands; nothing is smaller than a double's smallest.
        let first = if largest > 0.0 { largest.log10().floor().clamp(-324.0, 308.0) as i32 } else { 0 };
        let decimals = self.0.min(SIGNIFICANT_DIGITS - 1 - first);
        (new - old).abs() > 0.5 * 10f64.powi(-decimals) * (1.0 + TIE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_that_the_number_needs() {
        for (number, decimals) in [
            (12.3, 1),
            (12.0, 0),
            (1200.0, 0),
            (-0.05, 2),
            (12.299_999_999_999_999, 1),
            (0.1 + 0.2, 1),
            (93.877_671_323_450_8, 10),
            (0.0, 0),
            (1e300, 0),
            (2.5e-7, 8),
        ] {
            assert_eq!(Precision::of(number), Precision(decimals), "{number}");
        }
    }

    #[test]
    fn vintages_differ_at_the_coarser_precision_and_not_at_the_fifteenth_digit() {
        let differ = |old: f64, new: f64| Precision::of(old).coarser(Precision::of(new)).tells_apart(old, new);
        for (old, new, expected) in [
            (12.3, 12.4, true),
            (12.3, 12.34, false),
            (12.3, 12.35, false),
            (12.3, 12.36, true),
            (93.877_671_323_450_8, 93.877_671_323_450_81, false),
            (12.345_678_901_234_5, 12.345_678_901_234_6, false),
            (12.345_678, 12.345_679, true),
            (8_178_893_123.0, 8_178_893_124.0, true),
            (0.3, 0.1 + 0.2, false),
            (0.0, -0.0, false),
            (1e-300, 2e-300, true),
            (1e300, 1e300 * (1.0 + 1e-15), false),
        ] {
            assert_eq!(differ(old, new), expected, "{old} {new}");
            assert_eq!(differ(new, old), expected, "{new} {old}");
        }
        assert!(Precision::FULL.tells_apart(80.0, 80.4));
        assert!(!Precision::FULL.tells_apart(80.1, 80.1 + 1e-13));
    }
}
