//! Two measures of the same count: a number of people and a share, or two shares of different people.

use super::Reader;
use super::system::{System, YEAR};
use crate::support::small_framework;
use boardpack::area::AreaCode;
use boardpack::evaluate::DisclosedEvaluation;
use boardpack::figure::Observation;
use boardpack::framework::{Ambition, MeasureId};
use boardpack::value::Value;

/// Adds a measure `n`, of which the system is to be better than in 2022/23 too.
pub fn with_second(mut system: System, extra: &str, parts: &str) -> System {
    let ambition = "id = \"b\"\npriority = \"p\"\nstatement = \"Less\"\n[[measure]]\nid = \"n\"\n\
                    target = { kind = \"direction\", baseline = { period = \"2022/23\" } }";
    system.framework.ambitions.push(toml::from_str::<Ambition>(ambition).unwrap());
    system.framework.measures.push(small_framework::measure(&format!("id = \"n\"\n{extra}"), parts));
    system
}

/// A figure of the measure `n`.
pub fn second(figure: Observation) -> Observation {
    Observation { measure: MeasureId("n".into()), ..figure }
}

/// What a reader knows who takes the counts of both measures for the same.
pub fn read(system: &System, reader: &mut Reader, disclosed: &DisclosedEvaluation) {
    let period = boardpack::period::Period::parse(YEAR, boardpack::period::YearKind::Financial).unwrap();
    for published in &disclosed.evaluation.measures {
        let measure = system.framework.measure(&published.headline.measure).unwrap();
        reader.read(published, measure, &system.areas, &system.framework.edition.system, period);
    }
}

/// What is shown of an area by each of the two measures.
pub fn shown(disclosed: &DisclosedEvaluation, area: &str) -> Vec<Value> {
    let area = AreaCode::new(area).unwrap();
    let of = disclosed.evaluation.measures.iter().filter_map(|of| of.each().find(|of| of.area == area));
    of.filter_map(|of| of.latest.as_ref()).map(|latest| latest.value).collect()
}
