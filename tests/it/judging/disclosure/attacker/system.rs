//! A system of two authorities, four districts and two places, with one measure, and what is published of its figures.

use super::{Found, Name, Reader};
use crate::support::small_framework::{self, framework_of, given};
use boardpack::area::{AreaCode, Areas};
use boardpack::evaluate::{
    DisclosedEvaluation, DisclosureTerms, EarlierFigures, Evaluation, EvaluationInputs, MeasureAssessment, Secret, disclose,
    evaluate,
};
use boardpack::figure::{Category, Observation};
use boardpack::framework::{Framework, Measure, Partner};
use boardpack::period::{Period, YearKind};
use boardpack::value::Value;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;

pub const TODAY: Date = date(2026, 11, 20);
pub const STANDARD: &str = "disclosure = \"standard\"";
pub const YEAR: &str = "2025/26";
pub const TREE: &str = r#"
area = [
  { code = "SYS", name = "The system", kind = "system", parts = ["CITY", "COUNTY"] },
  { code = "CITY", name = "The city", kind = "authority" },
  { code = "COUNTY", name = "The county", kind = "authority", parts = ["D1", "D2", "D3", "D4"] },
  { code = "D1", name = "Ashton", kind = "district" },
  { code = "D2", name = "Bexford", kind = "district" },
  { code = "D3", name = "Corley", kind = "district" },
  { code = "D4", name = "Denby", kind = "district" },
  { code = "NORTH", name = "The north", kind = "place", parts = ["D1", "D2"] },
  { code = "SOUTH", name = "The south", kind = "place", parts = ["D3", "D4"] },
]
"#;
pub const DISTRICTS: &str = r#"["CITY", "D1", "D2", "D3", "D4"]"#;

pub struct System {
    pub framework: Framework,
    pub areas: Areas,
    pub earlier: EarlierFigures,
    /// Who is asked for figures.
    pub partners: Vec<Partner>,
}

impl System {
    pub fn new(areas: &str, measure: Measure) -> Self {
        let areas = Areas::parse(areas, "areas.toml").unwrap_or_else(|faults| panic!("{faults}\n{areas}"));
        Self { framework: framework_of(measure), areas, earlier: EarlierFigures::default(), partners: Vec::new() }
    }

    pub fn of_districts(extra: &str) -> Self {
        Self::new(TREE, small_framework::measure(extra, DISTRICTS))
    }

    /// Each part of the measure is asked of a council of its own.
    pub fn with_councils(mut self) -> Self {
        let council = |part: &AreaCode| {
            let id = part.as_str().to_lowercase();
            let text = format!(
                "id = {id:?}\nname = {id:?}\nkind = \"council\"\narea = {:?}\ncontact = \"a@example.org\"",
                part.as_str()
            );
            toml::from_str::<Partner>(&text).unwrap()
        };
        self.partners = self.framework.measures[0].parts.iter().map(council).collect();
        self
    }

    pub fn judged(&self, figures: &[Observation]) -> Evaluation {
        evaluate(&EvaluationInputs::new(&self.framework, &self.areas, figures, &[], Period::financial_quarter(2026, 2), TODAY))
    }

    pub fn disclosed(&self, figures: &[Observation]) -> DisclosedEvaluation {
        let System { framework, areas, earlier, partners } = self;
        let terms = DisclosureTerms { framework, areas, partners, secret: &secret(), earlier };
        disclose(&self.judged(figures), &terms)
    }

    /// That a pack was made of it.
    pub fn remember(&mut self, pack: &DisclosedEvaluation) {
        self.earlier.add(&pack.evaluation.measures, &pack.marks, &self.framework, &secret());
    }

    pub fn published(&self, figures: &[Observation]) -> MeasureAssessment {
        self.disclosed(figures).evaluation.measures.remove(0)
    }

    pub fn read(&self, reader: &mut Reader, published: &MeasureAssessment) {
        let period = Period::parse(YEAR, YearKind::Financial).unwrap();
        reader.read(published, &self.framework.measures[0], &self.areas, &self.framework.edition.system, period);
    }

    /// What can be told of a year's counts.
    pub fn reader(&self, figures: &[Observation]) -> Reader {
        let mut reader = Reader::default();
        self.read(&mut reader, &self.published(figures));
        reader
    }
}

fn secret() -> Secret {
    Secret::new(b"only for tests".to_vec())
}

pub fn marked(area: &str) -> Observation {
    Observation { value: Value::Suppressed, ..given(area, YEAR, 0.0) }
}

pub fn of(scheme: &str, group: &str, observation: Observation) -> Observation {
    Observation { category: Some(Category { scheme: scheme.into(), group: group.into() }), ..observation }
}

pub fn value(of: &MeasureAssessment, area: &str) -> Value {
    let found = of.areas.iter().chain([&of.headline]).find(|a| a.area.as_str() == area).unwrap();
    found.series.last().unwrap().value
}

/// The number of values that stay possible of every small count of the truth that is hidden.
pub fn fewest(reader: &Reader, truth: &BTreeMap<Name, u32>) -> Option<(usize, Name)> {
    let is_small = |count: &u32| (1..=reader.most as u32).contains(count);
    let small = truth.iter().filter(|(_, count)| is_small(count)).map(|(name, _)| name);
    let hidden = small.filter(|name| match reader.found.get(*name) {
        None => false,
        Some(Found::Hidden) => true,
        Some(shown) => panic!("{name:?} is small and shown as {shown:?}"),
    });
    hidden.map(|name| (reader.possible(name).len(), name.clone())).min()
}
