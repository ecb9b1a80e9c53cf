//! Life expectancy by an abridged life table of twenty age bands.

use crate::{Confidence, Estimate, Limits, Withheld};

/// First ages of the bands: 0, 1–4, 5–9 and so on, 90 and over.
pub const START_AGES: [u8; 20] = [0, 1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90];

/// No table is made for this many people or fewer.
const SMALLEST_POPULATION: f64 = 5000.0;
/// Half the widest 95% interval, in years, at which a value is still given.
const WIDEST_REACH: f64 = 10.0;

/// Deaths and people of one age band over the same time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    pub start_age: u8,
    pub deaths: f64,
    /// Person-years.
    pub population: f64,
}

/// Years still to live at the start of each band, in the order of [`START_AGES`].
pub type LifeTable = [Result<Estimate, Withheld>; 20];

/// Chiang's abridged table: a₀ = 0.1, other a = 0.5, q = Mn ÷ (1 + Mn(1 − a)), the open band L = l ÷ M.
/// Limits by Silcocks: var q = q²(1 − q) ÷ d, and 4 ÷ dM² for the open band.
/// Chiang 1968; Newell 1994; Silcocks 2001; Eayres & Williams 2004.
///
/// # Errors
/// For the whole table: bands other than [`START_AGES`], a band without people, deaths below zero or above the
/// population, 5,000 people or fewer, no deaths in the open band. For one age: an interval wider than 20 years at 95%.
pub fn life_table(bands: &[Band], confidence: Confidence) -> Result<LifeTable, Withheld> {
    let bands: &[Band; 20] = bands.try_into().map_err(|_| Withheld::NotTheAgeBands)?;
    check(bands)?;

    // Chance of dying within each band.
    let width = |i: usize| f64::from(START_AGES[i + 1] - START_AGES[i]);
    let lived_by_the_dying = |i: usize| if i == 0 { 0.1 } else { 0.5 };
    let mut survivors = [1.0; 20];
    let mut dying = [1.0; 20];
    for i in 0..19 {
        let (n, a, band) = (width(i), lived_by_the_dying(i), bands[i]);
        let mortality = band.deaths / band.population;
        let exhausted = band.deaths > band.population / (n * a);
        dying[i] = if exhausted { 1.0 } else { mortality * n / (1.0 + mortality * n * (1.0 - a)) };
        survivors[i + 1] = survivors[i] * (1.0 - dying[i]);
    }

    // Years lived from each age on, and their variance, gathered from the oldest down.
    let oldest = bands[19];
    let oldest_mortality = oldest.deaths / oldest.population;
    let mut years = survivors[19] / oldest_mortality;
    let mut variance = survivors[19].powi(2) / (oldest.deaths * oldest_mortality.powi(2));
    let mut expected = if survivors[19] > 0.0 { 1.0 / oldest_mortality } else { 0.0 };
    let z = confidence.z();
    let widest = WIDEST_REACH / Confidence::P95.z();
    let estimate = |years: f64, variance: f64, survivors: f64| {
        if survivors <= 0.0 {
            return Err(Withheld::NoSurvivors);
        }
        let (value, error) = (years / survivors, variance.sqrt() / survivors);
        if error > widest {
            return Err(Withheld::IntervalTooWide);
        }
        Estimate { value, limits: Limits { lower: value - z * error, upper: value + z * error } }.checked()
    };
    let mut table = [Err(Withheld::NoSurvivors); 20];
    table[19] = estimate(years, variance, survivors[19]);
    for i in (0..19).rev() {
        let (n, a) = (width(i), lived_by_the_dying(i));
        let deaths = survivors[i] - survivors[i + 1];
        if bands[i].deaths > 0.0 {
            let chance = dying[i].powi(2) * (1.0 - dying[i]) / bands[i].deaths;
            variance += chance * survivors[i].powi(2) * ((1.0 - a) * n + expected).powi(2);
        }
        years += n * (survivors[i + 1] + a * deaths);
        expected = if survivors[i] > 0.0 { years / survivors[i] } else { 0.0 };
        table[i] = estimate(years, variance, survivors[i]);
    }
    Ok(table)
}

fn check(bands: &[Band; 20]) -> Result<(), Withheld> {
    if bands.iter().zip(START_AGES).any(|(band, age)| band.start_age != age) {
        return Err(Withheld::NotTheAgeBands);
    }
    for band in bands {
        super::finite([band.deaths, band.population])?;
        if band.population <= 0.0 {
            return Err(Withheld::NoDenominator);
        }
        if band.deaths < 0.0 {
            return Err(Withheld::NegativeCount);
        }
        if band.deaths > band.population {
            return Err(Withheld::CountExceedsDenominator);
        }
    }
    if bands.iter().map(|b| b.population).sum::<f64>() <= SMALLEST_POPULATION {
        return Err(Withheld::PopulationTooSmall);
    }
    if bands[19].deaths == 0.0 {
        return Err(Withheld::NoDeathsInOldestBand);
    }
    Ok(())
}
