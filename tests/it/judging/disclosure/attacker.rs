//! A reader who works out what hidden counts can be, from what is published and from the rules, which are public too. It
//! shares no code with what hides them.

pub mod cases;
pub mod pairs;
pub mod published;
mod runs;
mod statements;
pub mod system;

use boardpack::area::{AreaCode, Areas};
use boardpack::evaluate::{MeasureAssessment, SeriesPoint};
use boardpack::framework::{Disclosure, Measure, Statistic};
use boardpack::period::Period;
use boardpack::value::Value;
use microlp::{ComparisonOp, OptimizationDirection, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// An area, and a scheme and a group of it; all people where both are empty.
pub type Name = (String, String, String);

/// A count as a reader finds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Found {
    Hidden,
    /// Not less than the one and not more than the other.
    Between(f64, f64),
}

/// All that is published of one measure and period, from however many packs.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    pub found: BTreeMap<Name, Found>,
    /// In the last pack, whatever earlier ones showed.
    hidden_last: BTreeSet<Name>,
    sums: Vec<(Name, Vec<Name>)>,
    pub most: i32,
}

pub fn name(area: &str) -> Name {
    (area.to_owned(), String::new(), String::new())
}

/// What a figure says of its count. `usual` is the denominator of another period.
pub fn count(
    measure: &Measure,
    value: Value,
    numerator: Option<f64>,
    denominator: Option<f64>,
    usual: Option<f64>,
) -> Option<Found> {
    let rounds = measure.disclosure == Disclosure::HospitalEpisodes;
    let value = match value {
        Value::Suppressed => return Some(Found::Hidden),
        Value::Missing => return None,
        Value::NotApplicable => 0.0,
        Value::Number(value) => match (measure.statistic, numerator, denominator.or(usual)) {
            (Statistic::Count | Statistic::Quantity, ..) => value,
            (_, Some(numerator), _) => numerator,
            (Statistic::StandardisedRate | Statistic::Estimate, ..) => return None,
            (_, None, Some(of)) => (value * of / measure.multiplier).round(),
            (_, None, None) => return None,
        },
    };
    Some(if rounds && value > 0.0 { Found::Between((value - 2.0).max(8.0), value + 2.0) } else { Found::Between(value, value) })
}

pub fn count_of(measure: &Measure, point: &SeriesPoint) -> Option<Found> {
    count(measure, point.value, point.numerator, point.denominator, None)
}

fn groups_of(scheme: &str) -> usize {
    match scheme {
        "Deprivation deciles" => 10,
        "Deprivation quintiles" => 5,
        _ => 2,
    }
}

impl Reader {
    /// Reads one pack's figures of a period, over what was read before: what was shown once is known.
    pub fn read(&mut self, published: &MeasureAssessment, measure: &Measure, areas: &Areas, system: &AreaCode, period: Period) {
        self.most = if measure.disclosure == Disclosure::HospitalEpisodes { 7 } else { 4 };
        let some = published.headline.coverage.as_ref().filter(|coverage| !coverage.absent.is_empty());
        // What some organisations make is not the system's.
        let pooled = some.map(|coverage| (format!("{system} of {:?}", coverage.given), String::new(), String::new()));
        for assessment in published.areas.iter().chain([&published.headline]) {
            let every =
                assessment.series.iter().chain(&assessment.latest).chain(&assessment.previous).chain(&assessment.baseline);
            for point in every.filter(|point| point.period == period) {
                let name = match &pooled {
                    Some(pooled) if assessment.area == *system => pooled.clone(),
                    _ => name(assessment.area.as_str()),
                };
                self.see(name, count_of(measure, point));
            }
        }
        for breakdown in &published.breakdowns {
            for (label, point) in breakdown.groups.iter().filter(|(_, point)| point.period == period) {
                let name = (breakdown.area.to_string(), breakdown.scheme.clone(), label.clone());
                self.see(name, count_of(measure, point));
            }
        }
        if let Some((whole, coverage)) = pooled.zip(some) {
            self.add(whole, coverage.given.iter().map(|part| name(part.as_str())).collect());
        }
        self.add_tree(areas, system, &measure.parts);
        for breakdown in &published.breakdowns {
            let of = |from: usize, to: usize| -> Vec<Name> {
                let labels = breakdown.groups[from..to].iter().map(|(label, _)| label.clone());
                labels.map(|label| (breakdown.area.to_string(), breakdown.scheme.clone(), label)).collect()
            };
            // A group that was not given is missing from the sum.
            if groups_of(&breakdown.scheme) == breakdown.groups.len() {
                self.add(name(breakdown.area.as_str()), of(0, breakdown.groups.len()));
            }
            if breakdown.groups.len() != 10 {
                continue;
            }
            for other in published.breakdowns.iter().filter(|other| other.area == breakdown.area) {
                let group = |at: usize| (other.area.to_string(), other.scheme.clone(), other.groups[at].0.clone());
                match groups_of(&other.scheme) {
                    whole if whole != other.groups.len() => {}
                    5 => (0..5).for_each(|at| self.add(group(at), of(2 * at, 2 * at + 2))),
                    2 => [(0, 0, 2), (1, 2, 10)].into_iter().for_each(|(at, from, to)| self.add(group(at), of(from, to))),
                    _ => {}
                }
            }
        }
    }

    /// What was read so far, of these areas as they were before they were revised between a pack and the one before it.
    pub fn before_revisions(self, revised: &BTreeSet<String>, pack: u32) -> Self {
        let then = |of: Name| match revised.contains(&of.0) {
            true => (format!("{} before {pack}", of.0), of.1, of.2),
            false => of,
        };
        Self {
            found: self.found.into_iter().map(|(name, found)| (then(name), found)).collect(),
            hidden_last: self.hidden_last.into_iter().map(then).collect(),
            sums: self.sums.into_iter().map(|(whole, parts)| (then(whole), parts.into_iter().map(then).collect())).collect(),
            most: self.most,
        }
    }

    /// That areas are the sums of their parts, and the system of the measure's.
    pub fn add_tree(&mut self, areas: &Areas, system: &AreaCode, parts: &[AreaCode]) {
        for area in areas.iter().filter(|area| !area.parts.is_empty()) {
            self.add(name(area.code.as_str()), area.parts.iter().map(|part| name(part.as_str())).collect());
        }
        self.add(name(system.as_str()), parts.iter().map(|part| name(part.as_str())).collect());
    }

    pub fn see(&mut self, name: Name, found: Option<Found>) {
        match found {
            Some(Found::Hidden) => _ = self.hidden_last.insert(name.clone()),
            Some(Found::Between(..)) => _ = self.hidden_last.remove(&name),
            None => {}
        }
        match (self.found.get(&name), found) {
            (_, None) | (Some(Found::Between(..)), Some(Found::Hidden)) => {}
            (_, Some(found)) => _ = self.found.insert(name, found),
        }
    }

    pub fn add(&mut self, whole: Name, parts: Vec<Name>) {
        if !parts.contains(&whole) && !self.sums.contains(&(whole.clone(), parts.clone())) {
            self.sums.push((whole, parts));
        }
    }

    /// The values of the protected range that a hidden count can have. A mark may stand for zero where nothing else adds up.
    pub fn possible(&self, of: &Name) -> BTreeSet<i32> {
        let found = self.possible_above(of, 1.0);
        if found.is_empty() { self.possible_above(of, 0.0) } else { found }
    }

    /// The same where no hidden count is less than this.
    pub fn possible_above(&self, of: &Name, least: f64) -> BTreeSet<i32> {
        (1..=self.most).filter(|value| self.is_possible(of, *value, least)).collect()
    }

    /// Whether a count can have three values that are not zero, of the protected range or next above it.
    pub fn leaves_three(&self, of: &Name) -> bool {
        (1..=self.most + 3).filter(|value| self.is_possible(of, *value, 1.0)).count() >= 3
    }

    fn is_possible(&self, of: &Name, value: i32, least: f64) -> bool {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut variables = BTreeMap::new();
        let is_unseen =
            |name: &Name| self.hidden_last.contains(name) || !matches!(self.found.get(name), Some(Found::Between(..)));
        // Where a sum and all its parts are hidden, zeros may be among them; so they may where nothing is shown at all.
        let shows_nothing = self.found.keys().all(is_unseen);
        let bare = self.sums.iter().filter(|(whole, parts)| is_unseen(whole) && parts.iter().all(is_unseen));
        let or_zero: BTreeSet<&Name> = bare.flat_map(|(_, parts)| parts).collect();
        for (whole, parts) in &self.sums {
            for name in parts.iter().chain([whole]) {
                variables.entry(name).or_insert_with(|| {
                    let range = match self.found.get(name) {
                        _ if name == of => (f64::from(value), f64::from(value)),
                        Some(Found::Between(lower, upper)) => (*lower, *upper),
                        Some(Found::Hidden) if !or_zero.contains(name) && !shows_nothing => (least, 1e5),
                        Some(Found::Hidden) | None => (0.0, 1e5),
                    };
                    problem.add_integer_var(0.0, (range.0 as i32, range.1 as i32))
                });
            }
        }
        for (whole, parts) in self.sums.iter().filter(|sum| self.adds_up(sum)) {
            let terms: Vec<_> = parts.iter().map(|part| (variables[part], 1.0)).chain([(variables[whole], -1.0)]).collect();
            problem.add_constraint(terms, ComparisonOp::Eq, 0.0);
        }
        problem.solve().is_ok_and(|outcome| outcome.into_solution().is_ok())
    }

    /// Sums that what is published contradicts are none.
    fn adds_up(&self, (whole, parts): &(Name, Vec<Name>)) -> bool {
        let seen = |name: &Name| match self.found.get(name) {
            Some(Found::Between(lower, upper)) => Some((*lower, *upper)),
            _ => None,
        };
        let Some((_, whole)) = seen(whole) else { return true };
        let all = parts.iter().all(|part| seen(part).is_some());
        let least: f64 = parts.iter().filter_map(seen).map(|(lower, _)| lower).sum();
        let most: f64 = parts.iter().filter_map(seen).map(|(_, upper)| upper).sum();
        least <= whole && (!all || most >= whole)
    }
}
