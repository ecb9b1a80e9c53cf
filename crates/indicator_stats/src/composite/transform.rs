//! Transforms that make the figures of areas less skewed before they are standardised.

use crate::{Withheld, finite};
use serde::{Deserialize, Serialize};

/// What is done to a figure before it is standardised. Each rises with the figure wherever it is defined, so that it never
/// changes which of two is higher.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Transform {
    /// The figure as it is.
    #[default]
    None,
    /// Its natural logarithm; above zero.
    Log,
    /// Its square root; not below zero.
    Sqrt,
    /// Its cube root.
    Cbrt,
    /// Its square; not below zero.
    Square,
    /// Its cube.
    Cube,
    /// −1 ÷ the figure; above zero.
    Reciprocal,
    /// The logarithm of its odds, of a share between 0 and 1.
    Logit,
}

impl Transform {
    /// T(x).
    ///
    /// # Errors
    /// [`Withheld::OffTheScale`] where it is not defined.
    pub fn apply(self, x: f64) -> Result<f64, Withheld> {
        finite([x])?;
        let on_scale = match self {
            Transform::None | Transform::Cbrt | Transform::Cube => true,
            Transform::Sqrt | Transform::Square => x >= 0.0,
            Transform::Log | Transform::Reciprocal => x > 0.0,
            Transform::Logit => x > 0.0 && x < 1.0,
        };
        let transformed = match self {
            Transform::None => x,
            Transform::Log => x.ln(),
            Transform::Sqrt => x.sqrt(),
            Transform::Cbrt => x.cbrt(),
            Transform::Square => x * x,
            Transform::Cube => x.powi(3),
            Transform::Reciprocal => -1.0 / x,
            Transform::Logit => (x / (1.0 - x)).ln(),
        };
        if on_scale && transformed.is_finite() { Ok(transformed) } else { Err(Withheld::OffTheScale) }
    }

    /// T′(x), by which a small error of x becomes one of T(x).
    ///
    /// # Errors
    /// [`Withheld::OffTheScale`] where it is not defined, as of a root at zero.
    pub fn slope(self, x: f64) -> Result<f64, Withheld> {
        self.apply(x)?;
        let slope = match self {
            Transform::None => 1.0,
            Transform::Log => 1.0 / x,
            Transform::Sqrt => 0.5 / x.sqrt(),
            Transform::Cbrt => 1.0 / (3.0 * x.cbrt().powi(2)),
            Transform::Square => 2.0 * x,
            Transform::Cube => 3.0 * x * x,
            Transform::Reciprocal => 1.0 / (x * x),
            Transform::Logit => 1.0 / (x * (1.0 - x)),
        };
        if slope.is_finite() { Ok(slope) } else { Err(Withheld::OffTheScale) }
    }
}
