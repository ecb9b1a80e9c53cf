//! A mean of single values.

use crate::{Confidence, Estimate, Limits, Withheld, distributions, finite};

/// A mean, and what its limits rest on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    pub estimate: Estimate,
    /// With n − 1 below.
    pub standard_deviation: f64,
    pub n: usize,
}

/// x̄ ± t(n − 1)·sd ÷ √n. Altman 2000.
///
/// # Errors
/// Fewer than two values: the spread cannot be known.
pub fn mean(values: &[f64], confidence: Confidence) -> Result<Mean, Withheld> {
    if values.iter().any(|x| !x.is_finite()) {
        return Err(Withheld::NotFinite);
    }
    if values.len() < 2 {
        return Err(Withheld::TooFewValues(2));
    }
    let n = values.len() as f64;
    let centre = values.iter().sum::<f64>() / n;
    // In units of the widest distance, so that no square leaves the range of numbers.
    let widest = values.iter().map(|x| (x - centre).abs()).fold(0.0, f64::max);
    let squares: f64 = values.iter().filter(|_| widest > 0.0).map(|x| ((x - centre) / widest).powi(2)).sum();
    let standard_deviation = widest * (squares / (n - 1.0)).sqrt();
    finite([standard_deviation])?;
    Ok(Mean { estimate: of_summary(centre, standard_deviation, n, confidence)?, standard_deviation, n: values.len() })
}

/// The same of values that are known by their mean, their standard deviation (with n − 1 below) and their number.
///
/// # Errors
/// Fewer than two values, a negative standard deviation.
pub fn of_summary(mean: f64, standard_deviation: f64, n: f64, confidence: Confidence) -> Result<Estimate, Withheld> {
    finite([mean, standard_deviation, n])?;
    if n < 2.0 {
        return Err(Withheld::TooFewValues(2));
    }
    if standard_deviation < 0.0 {
        return Err(Withheld::LimitUndefined);
    }
    let reach = distributions::student_t(1.0 - confidence.tail(), n - 1.0) * standard_deviation / n.sqrt();
    Estimate { value: mean, limits: Limits { lower: mean - reach, upper: mean + reach } }.checked()
}
