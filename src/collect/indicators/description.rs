//! What a source says of one of its indicators.

use crate::value::{Polarity, Unit};
use serde::Serialize;

/// What a source says of one of its indicators; empty where it does not say it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Description {
    /// The source's own id.
    pub indicator: String,
    pub name: String,
    pub definition: String,
    pub unit: String,
    /// Which way is good, in the source's words.
    pub polarity: String,
    /// What kind of year it is published for.
    pub year: String,
    /// Where the source has its figures from.
    pub origin: String,
    pub licence: String,
}

impl Description {
    /// The unit as the framework has it; none where its words are not known.
    pub(super) fn known_unit(&self) -> Option<Unit> {
        let unit = self.unit.to_lowercase();
        match unit.trim() {
            "%" | "percentage" | "percent" | "per cent" | "proportion - %" => Some(Unit::Percent),
            "years" | "years of age" | "life expectancy - years" => Some(Unit::Years),
            "days" => Some(Unit::Days),
            "per 1,000" | "per 1 000" | "per 1000" => Some(Unit::Per1000),
            "per 100,000" | "per 100 000" | "per 100000" => Some(Unit::Per100k),
            _ => None,
        }
    }

    /// Whether its unit is certainly another than `unit`: of 1,000 people is not of 100,000.
    pub(super) fn contradicts(&self, unit: &Unit) -> bool {
        let is_rate = matches!(unit, Unit::Per1000 | Unit::Per100k);
        let other_base = self.unit.to_lowercase().starts_with("per ") && is_rate;
        // A unit of one's own may be the source's by another name.
        let is_own = matches!(unit, Unit::Own(_));
        !is_own && self.known_unit().map_or(other_base, |known| known != *unit)
    }

    /// None where the source takes no side.
    pub(super) fn direction(&self) -> Option<Polarity> {
        let polarity = self.polarity.to_lowercase();
        match () {
            () if polarity.contains("low is good") || polarity.trim() == "0" => Some(Polarity::Low),
            () if polarity.contains("high is good") || polarity.trim() == "1" => Some(Polarity::High),
            () => None,
        }
    }
}
