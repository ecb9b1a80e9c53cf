//! Slope and relative index of inequality across groups ordered by deprivation. Low & Low 2004; OHID.

use crate::{Confidence, Estimate, Limits, Withheld};
use std::sync::LazyLock;

/// Draws behind a simulated interval.
pub const DRAWS: usize = 100_000;
const FEWEST_GROUPS: usize = 5;
const MOST_GROUPS: usize = 100;

/// One group's figure; groups come in order, the most deprived first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    pub population: f64,
    pub value: f64,
    pub error: Error,
}

/// How sure a group's figure is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Error {
    /// A standard error: of the value, of its logarithm for a rate, of its log odds for a proportion.
    Standard(f64),
    /// 95% limits, from which it is (U − L) ÷ 2z on the same scale.
    Limits(Limits),
}

/// What the values are, which decides the scale on which they vary normally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScaleKind {
    /// Means, life expectancies: as they are.
    Normal,
    /// Above zero: on the log scale.
    Rate,
    /// Between 0 and 1: on the logit scale.
    Proportion,
}

/// How the line is fitted and scaled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    pub kind: ScaleKind,
    /// Fit the line on the kind's own scale (log, logit) and turn its ends back.
    pub transform: bool,
    /// The SII is multiplied by it; a negative one also inverts the RII.
    pub multiplier: f64,
    pub confidence: Confidence,
}

/// The two indices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inequality {
    /// The difference between the hypothetical least and most deprived person.
    pub sii: Estimate,
    /// The ratio of the two.
    pub rii: Estimate,
    /// The line at the most deprived end. It is scaled by the multiplier only after a transformation, as in the
    /// reference implementation, so that its figures compare.
    pub intercept: f64,
}

/// Weighted least squares of the values on x, the middle of each group's stretch of the population from 0 (most
/// deprived) to 1, weights being population shares. SII = slope × m, RII = ŷ(1)/ŷ(0).
///
/// Limits: for values that vary normally, and for a transformed fit, the slope is a sum of normal variables and
/// its interval exact; a transformed one is turned about the line's middle. Everything else is the spread of
/// [`DRAWS`] simulated fits from a fixed seed.
///
/// # Errors
/// Fewer than 5 or more than 100 groups, a group without people, limits reversed, a value off its scale.
pub fn slope_index(groups: &[Group], options: &Options) -> Result<Inequality, Withheld> {
    if groups.len() < FEWEST_GROUPS {
        return Err(Withheld::TooFewValues(FEWEST_GROUPS as u32));
    }
    if groups.len() > MOST_GROUPS {
        return Err(Withheld::TooManyGroups(MOST_GROUPS as u32));
    }
    let scaled: Vec<Normal> = groups.iter().map(|group| on_scale(group, options.kind)).collect::<Result<_, _>>()?;
    let fit = Fit::over(groups)?;
    let m = options.multiplier;
    super::finite([m])?;
    if options.transform && options.kind != ScaleKind::Normal {
        return transformed(&fit, &scaled, options);
    }
    let (start, slope) = fit.line(&mut groups.iter().map(|group| group.value));
    let rii = ratio(start + slope, start, m);
    let draws = simulate(&fit, &scaled, options);
    let sii_limits = match options.kind {
        ScaleKind::Normal => {
            let reach = options.confidence.z() * fit.slope_error(&scaled) * m.abs();
            Limits { lower: slope * m - reach, upper: slope * m + reach }
        }
        ScaleKind::Rate | ScaleKind::Proportion => middle(draws.iter().map(|(_, slope)| slope * m).collect(), options.confidence),
    };
    let rii_limits = middle(draws.iter().map(|(start, slope)| ratio(start + slope, *start, m)).collect(), options.confidence);
    super::finite([start])?;
    Ok(Inequality {
        sii: Estimate { value: slope * m, limits: sii_limits }.checked()?,
        rii: Estimate { value: rii, limits: rii_limits }.checked()?,
        intercept: start,
    })
}

fn transformed(fit: &Fit, scaled: &[Normal], options: &Options) -> Result<Inequality, Withheld> {
    let (kind, m) = (options.kind, options.multiplier);
    let (start, slope) = fit.line(&mut scaled.iter().map(|n| n.mean));
    let reach = options.confidence.z() * fit.slope_error(scaled);
    let centre = start + slope / 2.0;
    let ends = |slope: f64| (back(centre - slope / 2.0, kind), back(centre + slope / 2.0, kind));
    let sii = |slope: f64| (ends(slope).1 - ends(slope).0) * m;
    let rii = |slope: f64| ratio(ends(slope).1, ends(slope).0, m);
    let estimate = |of: &dyn Fn(f64) -> f64| {
        let (a, b) = (of(slope - reach), of(slope + reach));
        Estimate { value: of(slope), limits: Limits { lower: a.min(b), upper: a.max(b) } }
    };
    let intercept = back(start, kind) * m.abs();
    super::finite([intercept])?;
    Ok(Inequality { sii: estimate(&sii).checked()?, rii: estimate(&rii).checked()?, intercept })
}

fn ratio(end: f64, start: f64, multiplier: f64) -> f64 {
    if multiplier < 0.0 { start / end } else { end / start }
}

/// A group's figure on the scale on which it varies normally.
struct Normal {
    mean: f64,
    error: f64,
}

fn on_scale(group: &Group, kind: ScaleKind) -> Result<Normal, Withheld> {
    super::finite([group.population, group.value])?;
    let to = |x: f64| match kind {
        ScaleKind::Normal => x,
        ScaleKind::Rate => x.ln(),
        ScaleKind::Proportion => (x / (1.0 - x)).ln(),
    };
    let error = match group.error {
        Error::Standard(error) => error,
        Error::Limits(limits) if limits.lower > limits.upper => return Err(Withheld::LimitsReversed),
        Error::Limits(limits) => (to(limits.upper) - to(limits.lower)) / (2.0 * Confidence::P95.z()),
    };
    let mean = to(group.value);
    if !mean.is_finite() || !error.is_finite() {
        return Err(Withheld::OffTheScale);
    }
    if error < 0.0 { Err(Withheld::NoLimits) } else { Ok(Normal { mean, error }) }
}

fn back(x: f64, kind: ScaleKind) -> f64 {
    match kind {
        ScaleKind::Normal => x,
        ScaleKind::Rate => x.exp(),
        ScaleKind::Proportion => 1.0 / (1.0 + (-x).exp()),
    }
}

/// What each group's value adds to the line's slope and to its mean: both are linear in the values.
struct Fit {
    shares: Vec<f64>,
    leverage: Vec<f64>,
    x0: f64,
}

impl Fit {
    fn over(groups: &[Group]) -> Result<Self, Withheld> {
        if groups.iter().any(|g| g.population <= 0.0) {
            return Err(Withheld::NoDenominator);
        }
        let total: f64 = groups.iter().map(|g| g.population).sum();
        let shares: Vec<f64> = groups.iter().map(|g| g.population / total).collect();
        let mut before = 0.0;
        let ranks: Vec<f64> = shares
            .iter()
            .map(|share| {
                before += share;
                before - share / 2.0
            })
            .collect();
        let x0: f64 = shares.iter().zip(&ranks).map(|(a, x)| a * x).sum();
        let sxx: f64 = shares.iter().zip(&ranks).map(|(a, x)| a * (x - x0).powi(2)).sum();
        super::finite([total])?;
        if sxx <= 0.0 {
            return Err(Withheld::NoSpread);
        }
        let leverage = shares.iter().zip(&ranks).map(|(a, x)| a * (x - x0) / sxx).collect();
        Ok(Fit { shares, leverage, x0 })
    }

    /// The line at 0, and its slope.
    fn line(&self, values: &mut dyn Iterator<Item = f64>) -> (f64, f64) {
        let (mut mean, mut slope) = (0.0, 0.0);
        for ((value, share), leverage) in values.zip(&self.shares).zip(&self.leverage) {
            mean += share * value;
            slope += leverage * value;
        }
        (mean - slope * self.x0, slope)
    }

    fn slope_error(&self, scaled: &[Normal]) -> f64 {
        self.leverage.iter().zip(scaled).map(|(w, n)| (w * n.error).powi(2)).sum::<f64>().sqrt()
    }
}

fn simulate(fit: &Fit, scaled: &[Normal], options: &Options) -> Vec<(f64, f64)> {
    let mut normal = Noise::normals();
    let mut drawn = |of: &Normal| back(of.mean + of.error * normal.next().unwrap_or_default(), options.kind);
    (0..DRAWS).map(|_| fit.line(&mut scaled.iter().map(&mut drawn))).collect()
}

/// The interval that leaves the same share of draws out at each end.
fn middle(mut draws: Vec<f64>, confidence: Confidence) -> Limits {
    let below = (draws.len() as f64 * confidence.tail()).round() as usize;
    let last = draws.len() - 1;
    let mut ranked = |rank: usize| *draws.select_nth_unstable_by(rank, f64::total_cmp).1;
    Limits { lower: ranked(below.saturating_sub(1).min(last)), upper: ranked(last - below.min(last)) }
}

/// SplitMix64 (Steele, Lea & Flood 2014) turned normal: the same draws on every run and machine.
#[derive(Clone)]
struct Noise {
    state: u64,
}

impl Noise {
    const START: Self = Self { state: 0x5EED_0F1D_EA1B_0A4D };

    /// The normal draws from the start. As many as deciles take are drawn once and kept, 8 MB of them.
    fn normals() -> impl Iterator<Item = f64> {
        static FIRST: LazyLock<(Vec<f64>, Noise)> = LazyLock::new(|| {
            let mut noise = Noise::START;
            (noise.by_ref().take(DRAWS * 10).collect(), noise)
        });
        let (first, after) = &*FIRST;
        first.iter().copied().chain(after.clone())
    }

    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        // 53 bits, shifted off both 0 and 1.
        ((z >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }
}

/// Without an end.
impl Iterator for Noise {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        Some(radius * (std::f64::consts::TAU * self.uniform()).cos())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_draws_are_those_drawn_anew() {
        let around = |draws: &mut dyn Iterator<Item = f64>| draws.skip(DRAWS * 10 - 2).take(4).collect::<Vec<f64>>();
        assert_eq!(around(&mut Noise::normals()), around(&mut Noise::START.clone()));
    }
}
