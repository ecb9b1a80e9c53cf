//! What each measure is and how it is judged, for the annex.

use super::ids::Names;
use super::sentences::sentence;
use crate::framework::{Ambition, Aspiration, Disclosure, MadeFrom, Measure, Statistic, Uncertainty};
use crate::report::PackInputs;
use crate::value::Polarity;
use serde::Serialize;

/// Every field a sentence or a few words; empty where there is nothing to say.
#[derive(Debug, Clone, Serialize)]
pub struct DefinitionView {
    pub definition: String,
    pub numerator: String,
    pub denominator: String,
    /// `per cent`, `per 100,000`.
    pub unit: String,
    /// Which way is good.
    pub polarity: String,
    /// Where its limits are from.
    pub limits: String,
    /// How small numbers are protected.
    pub disclosure: String,
    /// The target with every number and date that it holds.
    pub target: String,
    /// The document that set the target, where it is not the strategy itself; else empty.
    pub document: String,
    /// Ambiguities of the text, and the readings chosen.
    pub notes: Vec<String>,
}

impl DefinitionView {
    pub fn new(pack: &PackInputs<'_>, names: &Names, ambition: &Ambition, aspiration: &Aspiration, measure: &Measure) -> Self {
        let notes = [&ambition.notes, &aspiration.notes, &measure.notes];
        DefinitionView {
            definition: sentence(&measure.definition),
            numerator: measure.numerator.trim().to_owned(),
            denominator: measure.denominator.trim().to_owned(),
            unit: measure.unit.in_words().to_owned(),
            polarity: match measure.polarity {
                Polarity::High => "Higher is better",
                Polarity::Low => "Lower is better",
                Polarity::None => "Neither way is good in itself",
            }
            .to_owned(),
            limits: match (measure.statistic, &measure.made_from) {
                _ if measure.uncertainty() == Uncertainty::None => "none, all of a finite set is counted",
                (_, Some(made_from)) => match made_from {
                    MadeFrom::DirectlyStandardisedRate { .. } => "published, or Dobson’s",
                    MadeFrom::IndirectlyStandardisedRatio { .. } => "published, or Byar’s",
                    MadeFrom::LifeExpectancy { .. } => "published, or Silcocks’",
                    MadeFrom::SlopeIndex { .. } => "published, or from those of each group",
                    MadeFrom::Mean => "published, or Student’s t",
                },
                (Statistic::Proportion, None) => "published, or Wilson’s",
                (Statistic::CrudeRate | Statistic::Count, None) => "published, or Byar’s",
                (Statistic::StandardisedRate | Statistic::Estimate, None) => "as published",
                (Statistic::Quantity, None) => "none, it has no sampling error",
            }
            .to_owned(),
            disclosure: match measure.disclosure {
                Disclosure::None => "",
                Disclosure::Standard => "Counts of 1 to 4 are withheld",
                Disclosure::HospitalEpisodes => "Counts of 1 to 7 are withheld, others rounded to 5",
            }
            .to_owned(),
            target: sentence(&pack.framework.target_in_words(aspiration, pack.areas)).replace(" - ", "–"),
            document: aspiration.document.trim().trim_end_matches('.').to_owned(),
            notes: notes.into_iter().filter(|n| !n.trim().is_empty()).map(|n| names.with_titles(&sentence(n))).collect(),
        }
    }
}
