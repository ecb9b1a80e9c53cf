#![doc = include_str!("../README.md")]
//!
//! Notation in the modules: O a count of events, n its denominator, m a multiplier, z the two-sided normal quantile of a
//! confidence level.

pub mod change;
pub mod comparison;
pub mod composite;
pub mod distributions;
pub mod funnel;
pub mod life_expectancy;
pub mod mean;
pub mod projection;
pub mod proportion;
pub mod quantile_groups;
pub mod rate;
pub mod slope_index;
pub mod spc;
pub mod standardised_rate;
pub mod standardised_ratio;
pub mod tolerance;
pub mod trajectory;
pub mod trend;

pub use comparison::Comparison;
pub use trend::Trend;

use serde::{Deserialize, Serialize};

/// How sure an interval is to hold the true figure, between 0 and 1, neither included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    level: f64,
    z: f64,
}

impl Confidence {
    /// 95%, the level of published limits.
    pub const P95: Self = Self { level: 0.95, z: 1.959_963_984_540_054 };
    /// 99.8%, about three standard errors: the level of control limits.
    pub const P998: Self = Self { level: 0.998, z: 3.090_232_306_167_813_5 };

    /// # Errors
    /// [`Withheld::NotAConfidence`] where `level` is not between 0 and 1, or so near to 1 that it has no quantile.
    pub fn new(level: f64) -> Result<Self, Withheld> {
        let within = level > 0.0 && level < 1.0;
        let z = if within { distributions::normal(0.5 + level / 2.0) } else { f64::NAN };
        if z.is_finite() { Ok(Self { level, z }) } else { Err(Withheld::NotAConfidence) }
    }

    pub fn level(self) -> f64 {
        self.level
    }

    /// The probability left in each tail.
    pub fn tail(self) -> f64 {
        (1.0 - self.level) / 2.0
    }

    /// Φ⁻¹(½ + level ÷ 2): 1.959964 at 95%, 3.090232 at 99.8%.
    pub fn z(self) -> f64 {
        self.z
    }
}

/// A confidence interval around a figure, in the figure's own unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    pub lower: f64,
    pub upper: f64,
}

impl Limits {
    /// True where `x` lies inside the interval, its ends included.
    pub fn contains(self, x: f64) -> bool {
        self.lower <= x && x <= self.upper
    }
}

/// Which direction of a measure is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// A rise is good.
    High,
    /// A fall is good.
    Low,
    /// No direction is good in itself.
    None,
}

impl Polarity {
    /// `+1` where high is good, `-1` where low is good, nothing where neither is.
    pub fn sign(self) -> Option<f64> {
        match self {
            Polarity::High => Some(1.0),
            Polarity::Low => Some(-1.0),
            Polarity::None => None,
        }
    }
}

/// A figure with its limits, all in the same unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    pub value: f64,
    pub limits: Limits,
}

impl Estimate {
    /// Refuses what extreme inputs turned into something other than numbers.
    fn checked(self) -> Result<Self, Withheld> {
        finite([self.value, self.limits.lower, self.limits.upper]).map(|()| self)
    }
}

/// Why a method gives no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    #[error("a confidence level lies between 0 and 1")]
    NotAConfidence,
    #[error("an input is not a finite number")]
    NotFinite,
    #[error("a count is negative")]
    NegativeCount,
    #[error("the numerator is greater than the denominator")]
    CountExceedsDenominator,
    #[error("a denominator is not above zero")]
    NoDenominator,
    #[error("a weight is negative, or all are zero")]
    NoWeight,
    #[error("the reference population has no events, or a band of it no people")]
    NoReference,
    #[error("fewer than {0} events")]
    TooFewEvents(u32),
    #[error("fewer than {0} values")]
    TooFewValues(u32),
    #[error("more than {0} groups")]
    TooManyGroups(u32),
    #[error("the age bands are not 0, 1, 5, 10 and so on to 90, in order")]
    NotTheAgeBands,
    #[error("a total population of 5,000 or fewer")]
    PopulationTooSmall,
    #[error("no deaths in the oldest band")]
    NoDeathsInOldestBand,
    #[error("nobody lives to this age in the table")]
    NoSurvivors,
    #[error("the 95% interval is wider than 20 years")]
    IntervalTooWide,
    #[error("the lower limit is undefined")]
    LimitUndefined,
    #[error("a value or limit cannot be put on the transformed scale")]
    OffTheScale,
    #[error("confidence limits are missing, or have no width")]
    NoLimits,
    #[error("limits are the wrong way round")]
    LimitsReversed,
    #[error("the latest five years are not all there")]
    NotFiveYears,
    #[error("the numerator equals the denominator, so no trend can be tested")]
    CountEqualsDenominator,
    #[error("all points fall on one date")]
    NoSpread,
    #[error("the start and the end of a trajectory are not in order")]
    NotInOrder,
    #[error("two figures are less than a year apart")]
    NotYearly,
    #[error("the date is further ahead than the series is long")]
    TooFarAhead,
    #[error("the figures lie exactly on a line, so how far they stray from it is not known")]
    NoScatter,
    #[error("all areas have the same figure")]
    NoDeviation,
    #[error("no direction is good in itself")]
    NoDirection,
    #[error("the weights do not add up to 1")]
    NotShares,
    #[error("more than one domain lacks scores for two thirds of its weight")]
    TooFewDomains,
    #[error("the two sides are not of one basket")]
    NotOneBasket,
}

/// Passes finite numbers on.
pub fn finite<const N: usize>(numbers: [f64; N]) -> Result<(), Withheld> {
    if numbers.iter().all(|x| x.is_finite()) { Ok(()) } else { Err(Withheld::NotFinite) }
}
