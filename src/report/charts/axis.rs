//! Value axes: round ticks that a reader can count by.

use crate::value::format_number;
use tagged_document::shapes::drawable;

/// The span of an axis and its ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    pub low: f64,
    pub high: f64,
    pub ticks: Vec<f64>,
    /// Decimal places that tell the ticks apart.
    pub decimals: u8,
}

impl Scale {
    /// An axis over `values` in steps of 1, 2, 2.5 or 5 times a power of ten, with about `wanted`
    /// steps. It starts at zero where that costs little: where the least value is not more than half the greatest.
    pub fn over(values: impl Iterator<Item = f64>, wanted: usize) -> Self {
        let (low, high) = span(values);
        if low >= 0.0 && low <= high * 0.5 {
            Scale::between(0.0, high, wanted)
        } else if high <= 0.0 && high >= low * 0.5 {
            Scale::between(low, 0.0, wanted)
        } else {
            Scale::between(low, high, wanted)
        }
    }

    /// As [`Scale::over`], but no longer than the values need: where it is their variation that is looked at.
    pub fn closely_over(values: impl Iterator<Item = f64>, wanted: usize) -> Self {
        let (low, high) = span(values);
        Scale::between(low, high, wanted)
    }

    fn between(mut low: f64, mut high: f64, wanted: usize) -> Self {
        // A flat line needs room above and below it that its own size suggests.
        let spread = high - low;
        if spread <= f64::EPSILON * high.abs().max(low.abs()) * 8.0 {
            let room = if high == 0.0 { 1.0 } else { high.abs() * 0.1 };
            high += room;
            low = if low == 0.0 { 0.0 } else { low - room };
        }
        let step = nice_step((high - low) / wanted.max(1) as f64);
        let first = (low / step + 1e-9).floor();
        let last = (high / step - 1e-9).ceil().max(first + 1.0);
        // At most a score of ticks whatever rounding does.
        let ticks: Vec<f64> = (0..20).map(|i| first + f64::from(i)).take_while(|n| *n <= last).map(|n| n * step).collect();
        let decimals = (0..=9).find(|d| is_whole(step * 10f64.powi(*d))).unwrap_or(9);
        Scale {
            low: first * step,
            high: ticks.last().copied().unwrap_or(high),
            ticks,
            decimals: u8::try_from(decimals).expect("at most nine"),
        }
    }

    /// Where a value stands between the ends: 0 to 1.
    pub fn share(&self, value: f64) -> f32 {
        // What rounding puts a hair outside stays on the axis.
        (((value - self.low) / (self.high - self.low)) as f32).clamp(0.0, 1.0)
    }

    /// A tick in words.
    pub fn label(&self, tick: f64) -> String {
        in_words(tick, self.decimals, self.high.abs().max(self.low.abs()), self.high - self.low)
    }

    /// A value between ticks in words, to about a tenth of a step.
    pub fn reading(&self, value: f64) -> String {
        let step = self.ticks.windows(2).next().map_or(self.high - self.low, |pair| pair[1] - pair[0]);
        let finer = |d: u8| step * 10f64.powi(i32::from(d));
        let decimals = (0..9u8).find(|d| finer(*d) > 10.0 || (*d > 0 && finer(*d) > 9.999)).unwrap_or(9);
        in_words(value, decimals, self.high.abs().max(self.low.abs()), self.high - self.low)
    }
}

/// The least and the greatest of the values that have a place on an axis; without any, 0 and 1.
fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) =
        values.filter(|v| drawable(*v)).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if low > high { (0.0, 1.0) } else { (low, high) }
}

/// In digits, or as `2.5e15` on an axis whose digits nobody would count.
fn in_words(value: f64, decimals: u8, greatest: f64, span: f64) -> String {
    let plain = greatest < 1e13 && span > 1e-8;
    if plain || value == 0.0 {
        format_number(value, decimals)
    } else {
        format!("{:e}", format!("{value:.3e}").parse().unwrap_or(value))
    }
}

fn nice_step(raw: f64) -> f64 {
    // Below this a power of ten is no longer exact.
    let raw = raw.max(1e-290);
    let power = 10f64.powf(raw.log10().floor());
    let factor = raw / power;
    let nice = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|n| factor <= n * 1.000_001).unwrap_or(10.0);
    nice * power
}

fn is_whole(x: f64) -> bool {
    (x - x.round()).abs() < 1e-6 * x.abs().max(1.0)
}

/// Which of a row of labels to print so that none touches another: the last always, the others at even steps
/// back from it, the first of `steps` that leaves room, otherwise any. Positions are centres and ascend; `gap` is the
/// least space between two.
pub fn spaced(centres: &[f32], widths: &[f32], gap: f32, steps: &[usize]) -> Vec<usize> {
    let count = centres.len().min(widths.len());
    let fits = |kept: &[usize]| {
        kept.windows(2).all(|pair| centres[pair[1]] - widths[pair[1]] / 2.0 - (centres[pair[0]] + widths[pair[0]] / 2.0) >= gap)
    };
    for step in steps.iter().copied().filter(|step| (1..count).contains(step)).chain(1..=count.max(1)) {
        let mut kept: Vec<usize> = (0..count).rev().step_by(step).collect();
        kept.reverse();
        if fits(&kept) {
            return kept;
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_values() {
        for values in
            [[0.0, 0.004], [0.0, 12_345_678.0], [56.0, 63.9], [-3.0, 4.0], [7.0, 7.0], [0.0, 0.0], [99.2, 99.7], [-8.0, -1.0]]
        {
            let scale = Scale::over(values.into_iter(), 5);
            assert!(scale.low <= values[0] && scale.high >= values[1], "{values:?} {scale:?}");
            assert!((2..=12).contains(&scale.ticks.len()), "{values:?} {scale:?}");
        }
        assert_eq!(Scale::over([56.0, 63.9].into_iter(), 5).ticks, [56.0, 58.0, 60.0, 62.0, 64.0]);
    }

    #[test]
    fn axes_start_at_zero_where_cheap() {
        assert_eq!(Scale::over([12.0, 40.0].into_iter(), 5).low, 0.0);
        assert!(Scale::over([78.0, 84.0].into_iter(), 5).low > 70.0);
    }

    #[test]
    fn readings_have_one_more_place_than_axes() {
        assert_eq!(Scale::over([56.0, 63.9].into_iter(), 5).reading(55.23), "55.2");
        assert_eq!(Scale::over([0.0, 12_345_678.0].into_iter(), 5).reading(11_999_999.6), "12,000,000");
        assert_eq!(Scale::over([0.0, 0.004].into_iter(), 5).reading(0.00312), "0.0031");
        assert_eq!(Scale::over([0.0, 3e20].into_iter(), 5).reading(2.54e20), "2.54e20");
    }

    #[test]
    fn no_values_give_an_axis_all_the_same() {
        assert_eq!(Scale::over(std::iter::empty(), 5).low, 0.0);
        assert_eq!(Scale::over([f64::NAN, f64::INFINITY].into_iter(), 5).low, 0.0);
    }

    #[test]
    fn labels_never_touch_and_include_the_last() {
        let centres: Vec<f32> = (0..60u8).map(|i| f32::from(i) * 6.0).collect();
        let kept = spaced(&centres, &[40.0; 60], 6.0, &[]);
        assert_eq!(kept.last(), Some(&59));
        assert!(kept.windows(2).all(|pair| centres[pair[1]] - centres[pair[0]] >= 46.0));
        // A year apart rather than eight months.
        let yearly = spaced(&centres, &[40.0; 60], 6.0, &[1, 12]);
        assert!(yearly.windows(2).all(|pair| pair[1] - pair[0] == 12), "{yearly:?}");
        assert_eq!(spaced(&[10.0], &[400.0], 6.0, &[]), [0]);
        assert!(spaced(&[], &[], 6.0, &[]).is_empty());
    }
}
