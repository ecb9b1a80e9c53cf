//! One figure as it was received.

use super::key::{Category, FigureKey};
use super::provenance::Provenance;
use crate::area::AreaCode;
use crate::component;
use crate::framework::MeasureId;
use crate::period::Period;
use crate::value::{Limits, Sex, Value};
use serde::{Deserialize, Serialize};

/// One figure as it was received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    pub measure: MeasureId,
    pub area: AreaCode,
    pub period: Period,
    pub sex: Sex,
    /// The source's own age label; empty where it gives none.
    pub age: String,
    /// A breakdown such as a deprivation decile; none for the headline figure.
    pub category: Option<Category>,
    /// In the measure's unit.
    pub value: Value,
    /// Digits after the point as the source wrote the value, where it came as text: the precision of publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// 95% limits as published; they are computed where there are none and counts allow.
    pub limits: Option<Limits>,
    /// 99.8% limits as published.
    pub limits_998: Option<Limits>,
    /// The publisher's own comparison with England, in its own words.
    pub published_comparison: Option<String>,
    /// The publisher's own recent trend, in its own words.
    pub published_trend: Option<String>,
    pub note: String,
    /// True for figures made up to show how the pack works.
    pub illustrative: bool,
    pub provenance: Provenance,
}

impl FigureKey {
    /// The key of an observation.
    pub fn of(observation: &Observation) -> Self {
        let Observation { measure, area, period, sex, age, category, .. } = observation;
        let (measure, area, age, category) = (measure.clone(), area.clone(), age.clone(), category.clone());
        Self { measure, area, period: *period, sex: *sex, age, category }
    }

    /// True of an observation of this figure. Sex and age are not asked: a measure is of one of each, and keys that earlier
    /// versions stored name neither.
    pub fn is_of(&self, observation: &Observation) -> bool {
        let Observation { measure, area, period, category, .. } = observation;
        (measure, area, *period, category) == (&self.measure, &self.area, self.period, &self.category)
    }
}

impl Observation {
    /// What it holds of a figure that is made from counts; none for a figure.
    pub fn component(&self) -> Option<component::GroupComponent<'_>> {
        self.category.as_ref()?.component()
    }
}
