//! Indirectly standardised ratios (such as the SMR) and rates.

use crate::{Confidence, Estimate, Limits, Withheld, rate::count_limits};

/// One age band of an area beside that of the reference population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    pub events: f64,
    /// May be zero: then none are expected.
    pub population: f64,
    pub reference_events: f64,
    pub reference_population: f64,
}

/// What was seen and what the reference's rates would have given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indirect {
    pub observed: f64,
    pub expected: f64,
    /// Events a person in the reference population.
    pub reference_rate: f64,
}

impl Indirect {
    /// Σ(refOᵢ ÷ refnᵢ)·nᵢ over the bands.
    ///
    /// # Errors
    /// Negative counts, a reference band without people, or nothing expected.
    pub fn from_bands(bands: &[Band]) -> Result<Self, Withheld> {
        for band in bands {
            super::finite([band.events, band.population, band.reference_events, band.reference_population])?;
            if band.events < 0.0 || band.population < 0.0 || band.reference_events < 0.0 {
                return Err(Withheld::NegativeCount);
            }
            if band.reference_population <= 0.0 {
                return Err(Withheld::NoReference);
            }
        }
        let sum = |of: fn(&Band) -> f64| bands.iter().map(of).sum::<f64>();
        let expected = sum(|b| b.reference_events / b.reference_population * b.population);
        if expected <= 0.0 {
            return Err(Withheld::NoReference);
        }
        Ok(Indirect {
            observed: sum(|b| b.events),
            expected,
            reference_rate: sum(|b| b.reference_events) / sum(|b| b.reference_population),
        })
    }

    /// O ÷ E × m, with the exact or Byar's limits of O over E. m is 1 or 100. Breslow & Day 1987.
    ///
    /// # Errors
    /// See [`count_limits`].
    pub fn ratio(&self, multiplier: f64, confidence: Confidence) -> Result<Estimate, Withheld> {
        super::finite([multiplier])?;
        let limits = count_limits(self.observed, confidence)?;
        let scale = multiplier / self.expected;
        Estimate { value: self.observed * scale, limits: Limits { lower: limits.lower * scale, upper: limits.upper * scale } }
            .checked()
    }

    /// The ratio times the reference rate times m.
    ///
    /// # Errors
    /// As [`Indirect::ratio`].
    pub fn rate(&self, multiplier: f64, confidence: Confidence) -> Result<Estimate, Withheld> {
        self.ratio(self.reference_rate * multiplier, confidence)
    }
}
