//! Figures that are made from counts by age band, or from the figures of groups.

use crate::age::AgeBand;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a measure's figure is made from what is returned or published for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum MadeFrom {
    /// From events and population in 19 age bands, by the European Standard Population 2013, times the measure's multiplier.
    DirectlyStandardisedRate {
        /// One person may have several events: how many people had how many is asked as well, and widens the limits.
        #[serde(default)]
        repeats: bool,
    },
    /// Events over those that the reference's rates would have given, from 19 age bands, times the measure's multiplier.
    IndirectlyStandardisedRatio {
        /// Counts of the reference population; without them the comparator's own counts of the same period.
        #[serde(default)]
        reference: Option<ReferenceCounts>,
        /// What is given: the ratio, or a rate.
        #[serde(default)]
        result: RatioResult,
    },
    /// Years still to live, from deaths and population in 20 age bands.
    LifeExpectancy {
        /// At birth where it is left out; otherwise the first age of a band, such as 65.
        #[serde(default)]
        age: u8,
    },
    /// The mean of a score of each person, given with its standard deviation and the number of people: limits by Student's t.
    Mean,
    /// The slope index of inequality across the groups of a breakdown, the most deprived first.
    SlopeIndex {
        /// The breakdown: `Deprivation deciles`.
        by: String,
        /// How each group's figure is made from its counts; without it each group's figure is given, with its limits and
        /// population.
        #[serde(default)]
        of: Option<Box<MadeFrom>>,
        /// What the groups' figures are; by the measure's unit where it is left out.
        #[serde(default)]
        values: Option<GroupValues>,
        /// Which index is given.
        #[serde(default)]
        index: Index,
    },
}

/// Events and population of a reference, a number for each of the 19 age bands in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferenceCounts {
    /// Whose they are, when, and who published them.
    pub source: String,
    /// Events in each age band.
    pub events: Vec<f64>,
    /// People in each age band.
    pub population: Vec<f64>,
}

/// What an indirectly standardised figure is given as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RatioResult {
    /// The ratio times the measure's multiplier.
    #[default]
    Ratio,
    /// The ratio times the reference's crude rate.
    Rate,
}

/// What the figures of groups are, which decides the scale on which they vary normally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupValues {
    /// Means, life expectancies.
    Mean,
    /// Rates.
    Rate,
    /// Shares, in per cent.
    Proportion,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Index {
    /// The line at the least deprived end less that at the most deprived.
    #[default]
    Slope,
    /// The one over the other.
    Relative,
}

impl MadeFrom {
    /// The age bands in which its counts are asked, in order; none where groups' figures are given.
    pub fn age_bands(&self) -> Vec<AgeBand> {
        match self {
            MadeFrom::DirectlyStandardisedRate { .. } | MadeFrom::IndirectlyStandardisedRatio { .. } => {
                AgeBand::standard().to_vec()
            }
            MadeFrom::LifeExpectancy { .. } => AgeBand::of_life_table().to_vec(),
            MadeFrom::SlopeIndex { of, .. } => of.as_ref().map_or_else(Vec::new, |of| of.age_bands()),
            MadeFrom::Mean => Vec::new(),
        }
    }

    /// What makes each figure from counts by age band: itself, or what makes the figure of each group; none where no counts do.
    pub fn from_bands(&self) -> Option<&MadeFrom> {
        match self {
            MadeFrom::SlopeIndex { of, .. } => of.as_deref(),
            MadeFrom::Mean => None,
            other => Some(other),
        }
    }

    /// Whether it is asked how many people had how many events.
    pub fn repeats(&self) -> bool {
        matches!(self.from_bands(), Some(MadeFrom::DirectlyStandardisedRate { repeats: true }))
    }

    /// True where each event is a person of the population, who can have one only: deaths.
    pub fn events_are_people(&self) -> bool {
        matches!(self.from_bands(), Some(MadeFrom::LifeExpectancy { .. }))
    }
}
