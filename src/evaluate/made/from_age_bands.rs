//! A figure with its limits from events and population by age band.

use super::NotMade;
use crate::framework::{MadeFrom, RatioResult, ReferenceCounts};
use indicator_stats::life_expectancy::{self, START_AGES, life_table};
use indicator_stats::standardised_rate::{self, ESP2013, RepeatBand, standardised_rate, standardised_rate_of_repeats};
use indicator_stats::standardised_ratio::{self, Indirect};
use indicator_stats::{Confidence, Estimate, Withheld};

/// The counts of one age band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::evaluate) struct AgeBandCounts {
    pub events: f64,
    /// People, or person-years.
    pub population: f64,
    /// Σ f² × the people with f events each, where that was asked.
    pub squared: Option<f64>,
}

/// The figure of counts in the order of the age bands, with 95% limits; `comparator` has the comparator's counts of the same
/// period, in the same order.
///
/// # Errors
/// What the method says; no reference for a ratio; no squares where events repeat.
pub(in crate::evaluate) fn figure(
    how: &MadeFrom,
    multiplier: f64,
    bands: &[AgeBandCounts],
    comparator: Option<&[AgeBandCounts]>,
) -> Result<Estimate, NotMade> {
    match how {
        MadeFrom::DirectlyStandardisedRate { repeats } => direct(bands, multiplier, *repeats),
        MadeFrom::IndirectlyStandardisedRatio { reference, result } => {
            let reference = reference.as_ref().map(reference_counts).or_else(|| comparator.map(<[AgeBandCounts]>::to_vec));
            indirect(bands, &reference.ok_or(NotMade::NoReference)?, multiplier, *result)
        }
        MadeFrom::LifeExpectancy { age } => expectancy(bands, *age),
        // Neither is made from bands.
        MadeFrom::SlopeIndex { .. } | MadeFrom::Mean => Err(Withheld::NotTheAgeBands.into()),
    }
}

fn direct(bands: &[AgeBandCounts], multiplier: f64, repeats: bool) -> Result<Estimate, NotMade> {
    if bands.len() != ESP2013.len() {
        return Err(Withheld::NotTheAgeBands.into());
    }
    let weighted = bands.iter().zip(ESP2013);
    if !repeats {
        let bands: Vec<_> =
            weighted.map(|(b, weight)| standardised_rate::Band { events: b.events, population: b.population, weight }).collect();
        return Ok(standardised_rate(&bands, multiplier, Confidence::P95)?);
    }
    let band = |(counts, weight): (&AgeBandCounts, f64)| {
        let squared = counts.squared.ok_or(NotMade::RepeatsLacking)?;
        if squared < counts.events {
            return Err(NotMade::RepeatsLacking);
        }
        // The method needs Σf·people and Σf²·people only: people who all have as many events give the same two sums.
        let people =
            if counts.events > 0.0 { vec![(squared / counts.events, counts.events.powi(2) / squared)] } else { Vec::new() };
        Ok(RepeatBand { people, population: counts.population, weight })
    };
    let bands: Vec<RepeatBand> = weighted.map(band).collect::<Result<_, NotMade>>()?;
    Ok(standardised_rate_of_repeats(&bands, multiplier, Confidence::P95)?)
}

fn reference_counts(reference: &ReferenceCounts) -> Vec<AgeBandCounts> {
    let counts = |(events, population): (&f64, &f64)| AgeBandCounts { events: *events, population: *population, squared: None };
    reference.events.iter().zip(&reference.population).map(counts).collect()
}

fn indirect(
    bands: &[AgeBandCounts],
    reference: &[AgeBandCounts],
    multiplier: f64,
    result: RatioResult,
) -> Result<Estimate, NotMade> {
    if bands.len() != reference.len() {
        return Err(NotMade::NoReference);
    }
    let bands: Vec<_> = bands
        .iter()
        .zip(reference)
        .map(|(own, reference)| standardised_ratio::Band {
            events: own.events,
            population: own.population,
            reference_events: reference.events,
            reference_population: reference.population,
        })
        .collect();
    let indirect = Indirect::from_bands(&bands)?;
    Ok(match result {
        RatioResult::Ratio => indirect.ratio(multiplier, Confidence::P95)?,
        RatioResult::Rate => indirect.rate(multiplier, Confidence::P95)?,
    })
}

fn expectancy(bands: &[AgeBandCounts], age: u8) -> Result<Estimate, NotMade> {
    let bands: Vec<_> = bands
        .iter()
        .zip(START_AGES)
        .map(|(b, start_age)| life_expectancy::Band { start_age, deaths: b.events, population: b.population })
        .collect();
    let at = START_AGES.iter().position(|start| *start == age).ok_or(Withheld::NotTheAgeBands)?;
    let table = life_table(&bands, Confidence::P95)?;
    Ok(table[at]?)
}
