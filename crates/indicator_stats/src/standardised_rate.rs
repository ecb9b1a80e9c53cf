//! Directly age-standardised rates, for events that are independent and for events that repeat.

use crate::{Confidence, Estimate, Limits, Withheld, rate::count_limits};

/// The European Standard Population 2013: people in 0–4, 5–9 and so on to 90 and over, of 100,000.
pub const ESP2013: [f64; 19] = [
    5000.0, 5500.0, 5500.0, 5500.0, 6000.0, 6000.0, 6500.0, 7000.0, 7000.0, 7000.0, 7000.0, 6500.0, 6000.0, 5500.0, 5000.0,
    4000.0, 2500.0, 1500.0, 1000.0,
];

/// A rate is given from this many events.
pub const FEWEST_EVENTS: u32 = 10;

/// One age band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Events, each counted once.
    pub events: f64,
    pub population: f64,
    /// The standard population of the band.
    pub weight: f64,
}

/// One age band in which a person may have several events.
#[derive(Debug, Clone, PartialEq)]
pub struct RepeatBand {
    /// How many people had how many events each: `(events a person, people)`.
    pub people: Vec<(f64, f64)>,
    pub population: f64,
    pub weight: f64,
}

/// Σwᵢ(Oᵢ/nᵢ) ÷ Σwᵢ × m, with Dobson's limits: rate + √(Var ÷ O)·(limit of O − O), where
/// Var = Σwᵢ²Oᵢ/nᵢ² ÷ (Σwᵢ)². Dobson 1991.
///
/// # Errors
/// Fewer than [`FEWEST_EVENTS`] events in all (value and limits alike), a band without people, a negative count or weight.
pub fn standardised_rate(bands: &[Band], multiplier: f64, confidence: Confidence) -> Result<Estimate, Withheld> {
    let total = Totals::of(bands)?;
    dobson(&total, total.variance, multiplier, confidence)
}

/// As [`standardised_rate`], for events that are not independent: the variance is Σf f²·Var(people with f events).
///
/// # Errors
/// As [`standardised_rate`].
pub fn standardised_rate_of_repeats(bands: &[RepeatBand], multiplier: f64, confidence: Confidence) -> Result<Estimate, Withheld> {
    let summed = |power: i32| -> Vec<Band> {
        bands
            .iter()
            .map(|band| Band {
                events: band.people.iter().map(|(each, people)| each.powi(power) * people).sum(),
                population: band.population,
                weight: band.weight,
            })
            .collect()
    };
    if bands.iter().flat_map(|band| &band.people).any(|(each, people)| *each < 0.0 || *people < 0.0) {
        return Err(Withheld::NegativeCount);
    }
    // Var is linear in the counts, so f²·Var(people with f events) summed over f is Var of Σf²·people.
    let variance = Totals::of(&summed(2))?.variance;
    dobson(&Totals::of(&summed(1))?, variance, multiplier, confidence)
}

struct Totals {
    events: f64,
    rate: f64,
    variance: f64,
}

impl Totals {
    fn of(bands: &[Band]) -> Result<Self, Withheld> {
        for band in bands {
            super::finite([band.events, band.population, band.weight])?;
            if band.population <= 0.0 {
                return Err(Withheld::NoDenominator);
            }
            if band.events < 0.0 {
                return Err(Withheld::NegativeCount);
            }
            if band.weight < 0.0 {
                return Err(Withheld::NoWeight);
            }
        }
        let weight: f64 = bands.iter().map(|b| b.weight).sum();
        if weight <= 0.0 {
            return Err(Withheld::NoWeight);
        }
        Ok(Totals {
            events: bands.iter().map(|b| b.events).sum(),
            rate: bands.iter().map(|b| b.weight * b.events / b.population).sum::<f64>() / weight,
            variance: bands.iter().map(|b| b.weight.powi(2) * b.events / b.population.powi(2)).sum::<f64>() / weight.powi(2),
        })
    }
}

fn dobson(total: &Totals, variance: f64, multiplier: f64, confidence: Confidence) -> Result<Estimate, Withheld> {
    if total.events < f64::from(FEWEST_EVENTS) {
        return Err(Withheld::TooFewEvents(FEWEST_EVENTS));
    }
    let counts = count_limits(total.events, confidence)?;
    let scale = (variance / total.events).sqrt();
    let at = |limit: f64| (total.rate + scale * (limit - total.events)) * multiplier;
    Estimate { value: total.rate * multiplier, limits: Limits { lower: at(counts.lower), upper: at(counts.upper) } }.checked()
}
