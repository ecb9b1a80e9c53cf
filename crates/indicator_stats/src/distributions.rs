//! Quantiles and tails of the normal, gamma, chi-squared, beta and t distributions, to a relative error below 1e-10.
//!
//! Quantiles are looked for on the logarithmic scale, and each by the tail that is the smaller, so that they hold for
//! parameters as small as 1e-300 and as large as numbers go.

use statrs::distribution::{Continuous, ContinuousCDF, Normal};
use statrs::function::gamma::ln_gamma as lanczos;

/// Terms after which a series or fraction is cut off: more than the largest parameters need.
const MOST_TERMS: u32 = 2_000_000;
/// A fraction that changes by no more than this has settled: two units in the last place.
const SETTLED: f64 = 2.0 * f64::EPSILON;
/// From this on Stirling's series gives all digits.
const STIRLING_FROM: f64 = 10.0;
/// From this on the quantile by Wilson & Hilferty's cube root has all the digits wanted.
const CUBE_ROOT_FROM: f64 = 1e8;

/// Φ⁻¹(p), for p between 0 and 1.
pub fn normal(p: f64) -> f64 {
    let distribution = Normal::standard();
    let x = distribution.inverse_cdf(p);
    // One Newton step on the library's answer, whose own search may stop at about 1e-9. The upper half is measured by its
    // tail, which keeps its digits where the distribution function has run into 1.
    let excess = if p > 0.5 { (1.0 - p) - distribution.sf(x) } else { distribution.cdf(x) - p };
    let step = excess / distribution.pdf(x);
    if step.is_finite() { x - step } else { x }
}

/// The value that a chi-squared variable of `freedom` > 0 degrees stays below with probability p.
pub fn chi_squared(p: f64, freedom: f64) -> f64 {
    let shape = freedom / 2.0;
    2.0 * if p > 0.5 { gamma_upper(1.0 - p, shape) } else { gamma_lower(p, shape) }
}

/// The value that a gamma variable of `shape` > 0 and scale 1 stays below with probability `tail`; 0 where that is too
/// small for a number.
pub fn gamma_lower(tail: f64, shape: f64) -> f64 {
    if shape >= CUBE_ROOT_FROM {
        return cube_root(-normal(1.0 - tail), shape);
    }
    solve(|w| gamma_tails(shape, w.exp()).0 < tail).exp()
}

/// The value that a gamma variable of `shape` > 0 and scale 1 exceeds with probability `tail`.
pub fn gamma_upper(tail: f64, shape: f64) -> f64 {
    if shape >= CUBE_ROOT_FROM {
        return cube_root(normal(1.0 - tail), shape);
    }
    solve(|w| gamma_tails(shape, w.exp()).1 > tail).exp()
}

fn cube_root(z: f64, shape: f64) -> f64 {
    shape * (1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt())).powi(3)
}

/// The odds p ÷ (1 − p) of the p that a beta variable of `a` and `b` > 0 stays below with probability `tail`; 0 where
/// they are too small for a number.
pub fn beta_lower_odds(tail: f64, a: f64, b: f64) -> f64 {
    if is_gamma(a, b) {
        (gamma_lower(tail, a) / gamma_scale(a, b)).exp_m1()
    } else if is_gamma(b, a) {
        1.0 / (gamma_upper(tail, b) / gamma_scale(b, a)).exp_m1()
    } else {
        solve(|w| beta_tails(a, b, w).0 < tail).exp()
    }
}

/// The odds of the p that a beta variable of `a` and `b` > 0 exceeds with probability `tail`; infinite where they are
/// too great for a number.
pub fn beta_upper_odds(tail: f64, a: f64, b: f64) -> f64 {
    if is_gamma(a, b) {
        return (gamma_upper(tail, a) / gamma_scale(a, b)).exp_m1();
    }
    if is_gamma(b, a) {
        return 1.0 / (gamma_lower(tail, b) / gamma_scale(b, a)).exp_m1();
    }
    let w = solve(|w| beta_tails(a, b, w).1 > tail);
    if w >= WIDEST { f64::INFINITY } else { w.exp() }
}

/// True where −ln(1 − p) of a beta variable is a gamma variable over [`gamma_scale`], to all the digits wanted.
fn is_gamma(small: f64, large: f64) -> bool {
    large >= 1e7 && small < 100.0
}

fn gamma_scale(small: f64, large: f64) -> f64 {
    large + (small - 1.0) / 2.0
}

/// The value that a t variable of `freedom` > 0 degrees stays below with probability p.
pub fn student_t(p: f64, freedom: f64) -> f64 {
    let tail = p.min(1.0 - p);
    if tail >= 0.5 {
        return 0.0;
    }
    // ν ÷ (ν + t²) is a beta variable of ν/2 and ½, whose lower tail holds both tails of t.
    let t = (freedom / beta_lower_odds(2.0 * tail, freedom / 2.0, 0.5)).sqrt();
    if p < 0.5 { -t } else { t }
}

/// The probability that a t variable of `freedom` > 0 degrees stays below `t`.
pub fn student_t_below(t: f64, freedom: f64) -> f64 {
    if t == 0.0 {
        return 0.5;
    }
    let beyond = beta_tails(freedom / 2.0, 0.5, freedom.ln() - 2.0 * t.abs().ln()).0 / 2.0;
    if t < 0.0 { beyond } else { 1.0 - beyond }
}

/// Logarithms beyond this either way stand for zero and for no number.
const WIDEST: f64 = 750.0;

/// The point of the logarithmic scale up to which `holds` is true, for one that is true first and then false.
fn solve(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (-WIDEST, WIDEST);
    if !holds(low) {
        return low;
    }
    if holds(high) {
        return high;
    }
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if holds(middle) { low = middle } else { high = middle }
    }
}

/// ln Γ(x) for x > 0, however small.
fn ln_gamma(x: f64) -> f64 {
    if x < 1.0 { lanczos(x + 1.0) - x.ln() } else { lanczos(x) }
}

/// What ln Γ(x) has beyond (x − ½)ln x − x + ½ln 2π, for x from [`STIRLING_FROM`].
fn stirling(x: f64) -> f64 {
    let y = 1.0 / (x * x);
    (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y * (1.0 / 1188.0 - y * 691.0 / 360_360.0))))) / x
}

/// ln(x^a·e^−x ÷ Γ(a + 1)).
fn ln_gamma_weight(a: f64, x: f64) -> f64 {
    if a < STIRLING_FROM {
        return a * x.ln() - x - lanczos(a + 1.0);
    }
    // Large terms that nearly cancel are put together first.
    let t = (x - a) / a;
    let near = if t.abs() < 0.5 { t.ln_1p() - t } else { (x / a).ln() - t };
    a * near - (std::f64::consts::TAU * a).ln() / 2.0 - stirling(a)
}

/// The probabilities that a gamma variable stays below and exceeds `x`.
fn gamma_tails(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x.is_infinite() {
        return (1.0, 0.0);
    }
    let weight = ln_gamma_weight(a, x).exp();
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0, 1.0);
        for n in 1..MOST_TERMS {
            term *= x / (a + f64::from(n));
            sum += term;
            if term <= sum * f64::EPSILON {
                break;
            }
        }
        let lower = (weight * sum).min(1.0);
        return (lower, 1.0 - lower);
    }
    // The upper tail's continued fraction, by Lentz's method.
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (f64::INFINITY, 1.0 / b);
    let mut fraction = d;
    for n in 1..MOST_TERMS {
        let n = f64::from(n);
        let step = -n * (n - a);
        b += 2.0;
        d = 1.0 / away_from_zero(b + step * d);
        c = away_from_zero(b + step / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() <= SETTLED {
            break;
        }
    }
    let upper = (weight * a * fraction).min(1.0);
    (1.0 - upper, upper)
}

/// The probabilities that a beta variable stays below and exceeds the p whose log odds are `w`.
fn beta_tails(a: f64, b: f64, w: f64) -> (f64, f64) {
    let (p, q) = (1.0 / (1.0 + (-w).exp()), 1.0 / (1.0 + w.exp()));
    // ln p and ln q, which keep their digits at both ends.
    let (ln_p, ln_q) = (-ln_1p_exp(-w), -ln_1p_exp(w));
    let weight = beta_weight(a, b, (p, q), (ln_p, ln_q));
    if p <= (a + 1.0) / (a + b + 2.0) {
        let lower = (weight / a * beta_fraction(a, b, p)).clamp(0.0, 1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (weight / b * beta_fraction(b, a, q)).clamp(0.0, 1.0);
        (1.0 - upper, upper)
    }
}

/// ln(1 + e^w).
fn ln_1p_exp(w: f64) -> f64 {
    if w > 0.0 { w + (-w).exp().ln_1p() } else { w.exp().ln_1p() }
}

/// p^a·q^b ÷ B(a, b).
fn beta_weight(a: f64, b: f64, (p, q): (f64, f64), (ln_p, ln_q): (f64, f64)) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    let (ln_small, ln_large) = if a < b { (ln_p, ln_q) } else { (ln_q, ln_p) };
    if large < STIRLING_FROM {
        return (a * ln_p + b * ln_q + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b)).exp();
    }
    if small < STIRLING_FROM {
        // Γ(large + small) ÷ Γ(large) by Stirling's series: their logarithms are large and nearly equal.
        let rise = (large - 0.5) * (small / large).ln_1p() - small + stirling(large + small) - stirling(large);
        let share = small * ((large + small).ln() + ln_small);
        return (rise + share + large * ln_large - ln_gamma(small)).exp();
    }
    // Both large: about the middle p = a ÷ (a + b), where the powers nearly cancel the quotient.
    let n = a + b;
    let apart = a * ratio_ln(p * n / a, (p * b - q * a) / a) + b * ratio_ln(q * n / b, (q * a - p * b) / b);
    let scale = (a / n * b / std::f64::consts::TAU).sqrt();
    scale * (apart + stirling(n) - stirling(a) - stirling(b)).exp()
}

/// ln of `ratio`, which is 1 + `excess`.
fn ratio_ln(ratio: f64, excess: f64) -> f64 {
    if excess.abs() < 0.5 { excess.ln_1p() } else { ratio.ln() }
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn beta_fraction(a: f64, b: f64, p: f64) -> f64 {
    let (mut c, mut d) = (1.0, 1.0 / away_from_zero(1.0 - (a + b) * p / (a + 1.0)));
    let mut fraction = d;
    for m in 1..MOST_TERMS {
        let m = f64::from(m);
        let a2 = a + 2.0 * m;
        let mut change = 1.0;
        for step in [m * (b - m) * p / ((a2 - 1.0) * a2), -(a + m) * (a + b + m) * p / (a2 * (a2 + 1.0))] {
            d = 1.0 / away_from_zero(1.0 + step * d);
            c = away_from_zero(1.0 + step / c);
            change = d * c;
            fraction *= change;
        }
        if (change - 1.0).abs() <= SETTLED {
            break;
        }
    }
    fraction
}

fn away_from_zero(x: f64) -> f64 {
    if x.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Confidence;

    fn near(a: f64, b: f64) {
        assert!((a / b - 1.0).abs() < 1e-10, "{a} is not {b}");
    }

    /// Reference values to 15 digits from tables and closed forms.
    #[test]
    fn quantiles_agree_with_closed_forms_and_tables() {
        near(normal(0.975), 1.959_963_984_540_054);
        near(normal(0.999), 3.090_232_306_167_813_5);
        for level in [Confidence::P95, Confidence::P998] {
            near(level.z(), Confidence::new(level.level()).unwrap().z());
        }
        near(normal(0.025), -1.959_963_984_540_054);
        // With two degrees of freedom chi-squared is exponential.
        for p in [0.001, 0.025, 0.5, 0.975, 0.999] {
            near(chi_squared(p, 2.0), -2.0 * f64::ln_1p(-p));
        }
        near(chi_squared(0.998, 1.0), 9.549_535_706_083_24);
        // With one degree of freedom t is Cauchy; with two it has a closed form.
        for p in [0.6, 0.9, 0.975, 0.999] {
            near(student_t(p, 1.0), (std::f64::consts::PI * (p - 0.5)).tan());
            let a: f64 = 2.0 * p - 1.0;
            near(student_t(p, 2.0), a * (2.0 / (1.0 - a * a)).sqrt());
        }
        near(student_t(0.975, 11.0), 2.200_985_160_091_640_6);
        near(student_t(0.025, 11.0), -2.200_985_160_091_640_6);
        assert_eq!(student_t(0.5, 3.0), 0.0);
    }

    /// Computed outside the project to 50 digits (mpmath 1.3): the 2.5% point below and the 0.1% point above.
    #[test]
    fn quantiles_agree_with_many_digits() {
        for (shape, lower, upper) in [
            (0.5, 0.000_491_034_558_587_628, 5.413_783_085_331_366),
            (1.0, 0.025_317_807_984_289_875, 6.907_755_278_982_137),
            (7.3, 3.003_625_188_062_615, 18.535_037_027_899_16),
            (9.99, 4.788_506_589_612_768, 22.642_489_417_661_99),
            (10.5, 5.141_448_891_261_431, 23.398_519_020_780_657),
            (250.0, 219.967_995_630_937_3, 301.723_002_897_588_8),
        ] {
            near(gamma_lower(0.025, shape), lower);
            near(gamma_upper(0.001, shape), upper);
        }
        for (a, b, lower, upper) in [
            (3.0, 9.0, 0.064_076_261_451_805_1, 2.118_324_450_413_317),
            (0.5, 0.5, 0.001_543_712_508_674_131, 405_284.067_902_848_9),
            (1.0, 4.0, 0.006_349_525_306_027_367, 4.623_413_251_903_491),
            (9.5, 11.0, 0.348_481_115_960_971_3, 3.541_878_424_601_092),
            (30.0, 45.0, 0.413_878_302_609_596_7, 1.366_084_007_660_494_3),
            (4.7, 123_456.0, 1.181_034_402_591_034e-5, 0.000_115_698_873_364_906_47),
            (10.9, 2e9, 2.710_469_118_623_407e-9, 1.199_365_854_522_69e-8),
        ] {
            near(beta_lower_odds(0.025, a, b), lower);
            near(beta_upper_odds(0.001, a, b), upper);
            near(beta_lower_odds(0.001, b, a), 1.0 / upper);
        }
        for (t, freedom, below) in [
            (1.5, 3.0, 0.884_708_067_377_588_5),
            (8.0, 5.0, 0.999_753_546_669_713_8),
            (0.001, 8.0, 0.500_386_698_948_455_3),
            (2.0, 100.0, 0.975_893_910_634_433_2),
        ] {
            near(student_t_below(t, freedom), below);
            near(1.0 - student_t_below(-t, freedom), below);
        }
    }

    #[test]
    fn parameters_of_any_size_have_quantiles() {
        assert_eq!(gamma_lower(0.025, 1e-300), 0.0);
        near(gamma_upper(0.025, 1.0 + 1e-300), -(0.025_f64.ln()));
        assert_eq!(beta_lower_odds(0.025, 1e-300, 6.0), 0.0);
        assert_eq!(beta_upper_odds(0.025, 6.0, 1e-300), f64::INFINITY);
        near(beta_lower_odds(0.025, 1.0, 1e12) * 1e12, -f64::ln_1p(-0.025));
        // Where the cube root takes over the two ways agree.
        let just_below = CUBE_ROOT_FROM * (1.0 - 1e-12);
        near(gamma_lower(0.001, just_below), gamma_lower(0.001, CUBE_ROOT_FROM));
        // The first term by which t is wider than the normal distribution.
        let z = normal(0.975);
        near(student_t(0.975, 1e9), z + (z.powi(3) + z) / 4e9);
        assert!((student_t(0.975, 1e9) - z) * 4e9 > 9.0);
        assert_eq!((student_t_below(f64::INFINITY, 3.0), student_t_below(f64::NEG_INFINITY, 3.0)), (1.0, 0.0));
        assert_eq!(student_t_below(0.0, 3.0), 0.5);
    }
}
