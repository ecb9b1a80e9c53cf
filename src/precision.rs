//! The precision at which a figure is published, and whether two vintages of it differ at that precision (`docs/methods.md`, Revisions).

/// More digits than this are the arithmetic's, not the publisher's: a double holds fifteen, and sums of doubles lose some.
const SIGNIFICANT_DIGITS: i32 = 12;

/// Whole numbers up to this are exact in a double.
const EXACT_WHOLE: f64 = 9_007_199_254_740_992.0;

/// Half a unit of the last decimal is a tie, whichever way the arithmetic of doubles tips it.
const TIE: f64 = 1e-9;

/// So many whole numbers, and no other, are of a source that gives no decimals. Fewer do not tell: 12.0 is read as 12, and one
/// figure in ten of a source with one decimal is whole.
const WHOLE_ENOUGH: u32 = 5;

/// How many decimals a source gives. The order is from the coarsest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Precision(i32);

/// What the figures of a source show of its decimals.
#[derive(Debug, Clone, Copy, Default)]
pub struct DecimalsSeen {
    /// The most that one of them needs.
    most: Option<i32>,
    whole: u32,
}

impl DecimalsSeen {
    pub fn in_all(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut seen = DecimalsSeen::default();
        figures.into_iter().for_each(|figure| seen.add(figure));
        seen
    }

    pub fn add(&mut self, figure: f64) {
        match decimals(figure) {
            Some(decimals) => self.most = self.most.max(Some(decimals)),
            None => self.whole = self.whole.saturating_add(1),
        }
    }

    /// Where they do not tell, each is taken in full.
    pub fn precision(self) -> Precision {
        match self.most {
            Some(decimals) => Precision(decimals),
            None if self.whole >= WHOLE_ENOUGH => Precision(0),
            None => Precision::FULL,
        }
    }
}

/// The decimals that a number needs, of at most twelve significant digits; none for a whole number.
fn decimals(number: f64) -> Option<i32> {
    if !number.is_finite() || number.fract() == 0.0 {
        return None;
    }
    // Such as `1.23000000000e1`.
    let written = format!("{number:.*e}", (SIGNIFICANT_DIGITS - 1) as usize);
    let (digits, exponent) = written.split_once('e')?;
    let after_point = digits.trim_end_matches('0').split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let decimals = i32::try_from(after_point).ok()? - exponent.parse::<i32>().ok()?;
    // 12.0000000000000002 is 12 and arithmetic.
    (decimals > 0).then_some(decimals)
}

impl Precision {
    /// A figure that was given in full, such as a cell that a partner filled in: only what arithmetic adds is left out.
    pub const FULL: Precision = Precision(i32::MAX);

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
        for (number, expected) in [
            (12.3, Some(1)),
            (12.0, None),
            (1200.0, None),
            (-0.05, Some(2)),
            (12.299_999_999_999_999, Some(1)),
            (0.1 + 0.2, Some(1)),
            (12.000_000_000_000_002, None),
            (93.877_671_323_450_8, Some(10)),
            (0.0, None),
            (1e300, None),
            (2.5e-7, Some(8)),
        ] {
            assert_eq!(decimals(number), expected, "{number}");
        }
    }

    #[test]
    fn a_sources_decimals_come_from_all_figures() {
        let of = |figures: &[f64]| DecimalsSeen::in_all(figures.iter().copied()).precision();
        assert_eq!(of(&[12.0, 12.3, 12.25]), Precision(2));
        assert_eq!(of(&[80.0, 81.0]), Precision::FULL);
        assert_eq!(of(&[80.0, 81.0, 82.0, 83.0, 84.0]), Precision(0));
    }

    #[test]
    fn vintages_compare_at_the_coarser_precision() {
        let precision = |number: f64| DecimalsSeen::in_all([number]).precision();
        let differ = |old: f64, new: f64| precision(old).coarser(precision(new)).tells_apart(old, new);
        for (old, new, expected) in [
            (12.3, 12.4, true),
            (12.3, 12.34, false),
            (12.3, 12.35, false),
            (12.3, 12.36, true),
            (12.0, 12.1, true),
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
        // Five whole figures are of a source that rounds.
        let rounded = DecimalsSeen::in_all([80.0, 81.0, 82.0, 83.0, 84.0]).precision();
        assert!(!rounded.coarser(precision(80.4)).tells_apart(80.0, 80.4));
    }
}
