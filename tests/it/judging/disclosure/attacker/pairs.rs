//! Two measures of the same count: a number of people and a share, or two shares of different people.

use super::cases::{Case, Dice, case};
use super::system::{System, YEAR, of};
use super::{Name, Reader};
use crate::support::small_framework::{self, given};
use boardpack::area::AreaCode;
use boardpack::evaluate::{DisclosedEvaluation, EarlierFigures};
use boardpack::figure::Observation;
use boardpack::framework::{Ambition, MeasureId};
use boardpack::value::Value;
use std::collections::BTreeMap;

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

/// A system with two such measures, and the figures of a year as two quarters give them: some come only in the second.
pub struct Pair {
    pub system: System,
    pub quarters: [Vec<Observation>; 2],
    pub truth: BTreeMap<Name, u32>,
}

pub fn pair(seed: u64) -> Pair {
    let Case { system, measure, mut figures, truth, .. } = case(seed);
    let mut dice = Dice::of(seed + 1);
    let is_hospital = measure.contains("hospital-episodes");
    let disclosure = if is_hospital { "hospital-episodes" } else { "standard" };
    let (kind, multiplier) = match dice.below(3) {
        0 => ("statistic = \"count\"\nunit = \"count\"\ndecimals = 0\nmultiplier = 1.0", None),
        1 => ("statistic = \"crude-rate\"\nunit = \"per100k\"\nmultiplier = 100000.0", Some(100_000.0)),
        _ => ("statistic = \"proportion\"", Some(100.0)),
    };
    let parts = measure.lines().find_map(|line| line.strip_prefix("parts = ")).unwrap();
    let words = "numerator = \"People who fell\"";
    let mut system = with_second(system, &format!("disclosure = \"{disclosure}\"\n{kind}\n{words}"), parts);
    system.framework.measures[0].numerator = "people who  fell.".to_owned();
    for ((area, scheme, group), count) in &truth {
        let figure = match (multiplier, dice.below(12)) {
            (_, 0..3) => continue,
            (_, 3) if *count > 0 => Observation { value: Value::Suppressed, ..given(area, YEAR, 0.0) },
            (None, _) => given(area, YEAR, f64::from(*count)),
            (Some(multiplier), _) => {
                let people = 2000.0 + 7.0 * f64::from(dice.below(500));
                let numerator = (!dice.one_in(4)).then_some(f64::from(*count));
                let value = multiplier * f64::from(*count) / people;
                Observation { numerator, denominator: Some(people), ..given(area, YEAR, value) }
            }
        };
        figures.push(second(if scheme.is_empty() { figure } else { of(scheme, group, figure) }));
    }
    let first = figures.iter().filter(|_| !dice.one_in(4)).cloned().collect();
    Pair { system, quarters: [first, figures], truth }
}

/// Publishes both quarters, the second with what the first showed in mind, and reads them.
pub fn published(pair: &mut Pair) -> (Reader, [DisclosedEvaluation; 2]) {
    let mut reader = Reader::default();
    let disclosed = [0, 1].map(|quarter| {
        let disclosed = pair.system.disclosed(&pair.quarters[quarter]);
        read(&pair.system, &mut reader, &disclosed);
        pair.system.earlier = EarlierFigures::default();
        pair.system.remember(&disclosed);
        disclosed
    });
    (reader, disclosed)
}

/// What is shown of an area by each of the two measures.
pub fn shown(disclosed: &DisclosedEvaluation, area: &str) -> Vec<Value> {
    let area = AreaCode::new(area).unwrap();
    let of = disclosed.evaluation.measures.iter().filter_map(|of| of.each().find(|of| of.area == area));
    of.filter_map(|of| of.latest.as_ref()).map(|latest| latest.value).collect()
}
