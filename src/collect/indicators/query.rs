//! A question to a public source, and what each measure wants of its answer.

use crate::area::AreaCode;
use crate::collect::indicators::options::Files;
use crate::framework::{Aggregate, Framework, Measure, MeasureSource};
use crate::period::Period;
use crate::settings::Source;
use crate::value::Sex;

/// What is asked for one answer, with the measures that the answer serves.
#[derive(Debug, Clone)]
pub(super) struct SourceQuery<'a> {
    /// The source's name in the settings.
    pub source_name: &'a str,
    /// None where the settings have no such source.
    pub source: Option<&'a Source>,
    /// The source's own id of the indicator.
    pub indicator: &'a str,
    /// What is asked, below the source's base, a request for each page that is known beforehand; or why nothing can be.
    pub requests: Result<Vec<String>, String>,
    pub measures: Vec<MeasureQuery<'a>>,
    pub framework: &'a Framework,
    /// With what published files are read.
    pub files: Option<Files<'a>>,
}

/// A measure with what it wants of an indicator.
#[derive(Debug, Clone, Copy)]
pub(super) struct MeasureQuery<'a> {
    pub measure: &'a Measure,
    /// The source's name in the settings.
    pub source: &'a str,
    pub indicator: &'a str,
    pub sex: Sex,
    /// The source's own label; any where empty.
    pub age: &'a str,
    /// The name by which the source publishes it; any where empty.
    pub name: &'a str,
    /// Length of a period in years.
    pub years: i32,
    /// The source's ids of the area types to ask for.
    pub area_types: &'a [u32],
    /// Whether figures of shorter periods are added up to the measure's.
    pub sums: bool,
}

impl<'a> MeasureQuery<'a> {
    /// None of a measure that no public source gives.
    pub fn of(measure: &'a Measure) -> Option<Self> {
        let MeasureSource::Indicator { source, indicator, sex, age, years, area_types, aggregate, name } = &measure.source else {
            return None;
        };
        let sums = *aggregate == Some(Aggregate::Sum);
        Some(Self { measure, source, indicator, sex: *sex, age, name, years: *years, area_types, sums })
    }

    /// The areas whose figures are kept: the measure's parts, also those that were parts before, the system and what is
    /// compared with or shown beside it.
    pub fn areas(&self, framework: &'a Framework) -> Vec<&'a AreaCode> {
        let edition = &framework.edition;
        let parts = &self.measure.parts;
        let former = self.measure.parts_in_time.iter().map(|part| &part.area).filter(|area| !parts.contains(area));
        let compared = [&edition.system, &edition.comparator].into_iter().chain(&edition.region).chain(&edition.beside);
        parts.iter().chain(former).chain(compared).collect()
    }

    /// One indicator may hold single years and three-year pools under the same id; the length tells them apart.
    pub fn takes(&self, period: Period) -> bool {
        if self.sums {
            return period.months() <= self.measure.cadence_months;
        }
        let monthly_or_quarterly = self.measure.cadence_months < 12 && period.months() < 12;
        monthly_or_quarterly || period.months() == self.years * 12
    }
}
