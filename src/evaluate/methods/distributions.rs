//! Quantiles of the normal, chi-squared and t distributions, to a relative error below 1e-10.

use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF, Normal, StudentsT};

/// Φ⁻¹(p), for p between 0 and 1.
pub fn normal(p: f64) -> f64 {
    polish(&Normal::standard(), p)
}

/// The value that a chi-squared variable of `freedom` > 0 degrees stays below with probability p.
pub fn chi_squared(p: f64, freedom: f64) -> f64 {
    polish(&ChiSquared::new(freedom).expect("the callers' freedom is a positive number"), p)
}

/// The value that a t variable of `freedom` > 0 degrees stays below with probability p.
pub fn student_t(p: f64, freedom: f64) -> f64 {
    polish(&StudentsT::new(0.0, 1.0, freedom).expect("the callers' freedom is a positive number"), p)
}

/// One Newton step on the library's answer, whose own search may stop at about 1e-9. The upper half is
/// measured by its tail, which keeps its digits where the distribution function has run into 1.
fn polish<D: ContinuousCDF<f64, f64> + Continuous<f64, f64>>(distribution: &D, p: f64) -> f64 {
    let x = distribution.inverse_cdf(p);
    let excess = if p > 0.5 { (1.0 - p) - distribution.sf(x) } else { distribution.cdf(x) - p };
    let step = excess / distribution.pdf(x);
    if step.is_finite() { x - step } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::methods::Confidence;

    /// Reference values to 15 digits from tables and closed forms.
    #[test]
    fn quantiles_agree_with_closed_forms_and_tables() {
        let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-10, "{a} is not {b}");
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
    }
}
