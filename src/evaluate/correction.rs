//! What a pack says otherwise than the issue, or the interim pack, whose place it takes.

use super::revision::{Precisions, differ};
use super::{Assessment, Evaluation, SeriesPoint, Status};
use crate::area::{AreaCode, Areas};
use crate::figure::{Category, FigureKey, Provenance};
use crate::framework::{ActionId, MeasureId};
use crate::period::Period;
use crate::precision::Precision;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// That a pack takes the place of one that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackCorrection {
    #[serde(default)]
    pub of: ReplacedPack,
    /// Its number: 2 or more where it corrects an issue, 1 where it is the first after an interim pack.
    pub issue: u32,
    /// As the person said it who asked for it; empty where nobody did.
    pub reason: String,
    /// None where what the earlier one said is kept no longer.
    pub changes: Option<Vec<StatementChange>>,
    /// The areas that had a figure in the interim pack: a part without any had no pack of its own then. None of an issue, and
    /// where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier_areas: Option<BTreeSet<AreaCode>>,
}

/// Whose place a pack takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplacedPack {
    /// An issue that was wrong.
    #[default]
    Issue,
    /// The interim pack, which this is the final one to.
    Interim,
}

impl PackCorrection {
    /// The final pack of readers who have the interim one.
    pub fn is_of_interim(&self) -> bool {
        self.of == ReplacedPack::Interim
    }

    /// The pack of the part, or of the whole where there is none, takes the place of an earlier one.
    pub fn is_of(&self, part: Option<&AreaCode>, areas: &Areas) -> bool {
        let (Some(part), Some(earlier)) = (part, &self.earlier_areas) else { return true };
        let within = areas.get(part).map_or(&[][..], |area| &area.parts);
        std::iter::once(part).chain(within).any(|area| earlier.contains(area))
    }
}

/// One thing that an evaluation says otherwise than another; `before` or `now` is none where that one does not say it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum StatementChange {
    Figure {
        measure: MeasureId,
        area: AreaCode,
        period: Period,
        /// The group of people; empty for all of the area.
        group: String,
        before: Option<Value>,
        now: Option<Value>,
    },
    Ambition {
        /// Its id.
        ambition: String,
        before: Option<Status>,
        now: Option<Status>,
    },
    Status {
        measure: MeasureId,
        area: AreaCode,
        before: Option<Status>,
        now: Option<Status>,
    },
    Action {
        action: ActionId,
        before: Option<Status>,
        now: Option<Status>,
    },
}

impl StatementChange {
    /// The area that it is about; none for an ambition or a key action, which is the whole system's.
    pub fn area(&self) -> Option<&AreaCode> {
        match self {
            StatementChange::Figure { area, .. } | StatementChange::Status { area, .. } => Some(area),
            StatementChange::Ambition { .. } | StatementChange::Action { .. } => None,
        }
    }
}

/// What an evaluation states, as far as a later one may state otherwise. It is read from a stored evaluation of this or an
/// earlier format: what else there is in that is passed over.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PackStatements {
    /// None in what was stored before ambitions had a status.
    #[serde(default)]
    ambitions: Vec<AmbitionStatement>,
    measures: Vec<MeasureStatement>,
    actions: Vec<ActionStatement>,
}

#[derive(Debug, Clone, Deserialize)]
struct AmbitionStatement {
    ambition: String,
    status: Status,
}

#[derive(Debug, Clone, Deserialize)]
struct MeasureStatement {
    headline: AreaStatement,
    areas: Vec<AreaStatement>,
    #[serde(default)]
    breakdowns: Vec<GroupsStatement>,
}

#[derive(Debug, Clone, Deserialize)]
struct AreaStatement {
    measure: MeasureId,
    area: AreaCode,
    status: Status,
    series: Vec<FigureStatement>,
}

#[derive(Debug, Clone, Deserialize)]
struct GroupsStatement {
    scheme: String,
    area: AreaCode,
    groups: Vec<(String, FigureStatement)>,
}

/// One figure.
#[derive(Debug, Clone, Deserialize)]
struct FigureStatement {
    period: Period,
    value: Value,
    sources: Vec<Provenance>,
}

#[derive(Debug, Clone, Deserialize)]
struct ActionStatement {
    action: ActionId,
    status: Status,
}

impl From<&SeriesPoint> for FigureStatement {
    fn from(SeriesPoint { period, value, sources, .. }: &SeriesPoint) -> Self {
        FigureStatement { period: *period, value: *value, sources: sources.clone() }
    }
}

impl From<&Assessment> for AreaStatement {
    fn from(Assessment { measure, area, status, series, .. }: &Assessment) -> Self {
        let series = series.iter().map(FigureStatement::from).collect();
        AreaStatement { measure: measure.clone(), area: area.clone(), status: *status, series }
    }
}

impl PackStatements {
    /// The areas with a figure.
    pub fn areas_with_figures(&self) -> BTreeSet<AreaCode> {
        let all = self.measures.iter().flat_map(|of| of.areas.iter().chain([&of.headline]));
        let with_figures = all.filter(|of| of.series.iter().any(|figure| figure.value != Value::Missing));
        with_figures.map(|of| of.area.clone()).collect()
    }
}

impl From<&Evaluation> for PackStatements {
    fn from(evaluation: &Evaluation) -> Self {
        let measures = evaluation.measures.iter().map(|assessed| MeasureStatement {
            headline: AreaStatement::from(&assessed.headline),
            areas: assessed.areas.iter().map(AreaStatement::from).collect(),
            breakdowns: assessed
                .breakdowns
                .iter()
                .map(|breakdown| GroupsStatement {
                    scheme: breakdown.scheme.clone(),
                    area: breakdown.area.clone(),
                    groups: breakdown.groups.iter().map(|(group, point)| (group.clone(), FigureStatement::from(point))).collect(),
                })
                .collect(),
        });
        let actions = evaluation.actions.iter().map(|a| ActionStatement { action: a.action.clone(), status: a.status });
        let ambitions = evaluation.ambitions.iter().map(|a| AmbitionStatement { ambition: a.ambition.clone(), status: a.status });
        PackStatements { ambitions: ambitions.collect(), measures: measures.collect(), actions: actions.collect() }
    }
}

/// What `now` says otherwise than `before`, both as they may be published: figures of every period and area that differ at
/// the precision of publication, statuses, key actions. In the order of `now`, then what only `before` says. Both are what
/// readers have; only of a figure that is hidden now it is not said again what it read.
pub fn alterations(before: &PackStatements, now: &PackStatements) -> Vec<StatementChange> {
    let mut changes = Vec::new();
    if !before.ambitions.is_empty() {
        let of_ambition = |(ambition, before, now)| StatementChange::Ambition { ambition, before, now };
        changes.extend(differing(before.ambitions(), now.ambitions(), |was, is| was != is).into_iter().map(of_ambition));
    }
    let of_status = |((measure, _, area), before, now)| StatementChange::Status { measure, area, before, now };
    changes.extend(differing(before.statuses(), now.statuses(), |was, is| was != is).into_iter().map(of_status));
    let figures = differing(before.figures(), now.figures(), differ);
    changes.extend(figures.into_iter().map(|(FigureKey { measure, area, period, category, .. }, before, now)| {
        let group = category.map_or_else(String::new, |of| format!("{}: {}", of.scheme, of.group));
        let [before, now] = [before, now].map(|stated| stated.map(|(value, _)| value));
        let is_hidden = now == Some(Value::Suppressed);
        let before = before.map(|before| if is_hidden { Value::Suppressed } else { before });
        StatementChange::Figure { measure, area, period, group, before, now }
    }));
    let of_action = |(action, before, now)| StatementChange::Action { action, before, now };
    changes.extend(differing(before.actions(), now.actions(), |was, is| was != is).into_iter().map(of_action));
    changes
}

/// Each key with what it was and is, where those differ; each once, in the order in which it is said, or was.
fn differing<K: Ord + Clone, V: Copy>(
    before: Vec<(K, V)>,
    now: Vec<(K, V)>,
    differ: impl Fn(V, V) -> bool,
) -> Vec<(K, Option<V>, Option<V>)> {
    let was: BTreeMap<&K, V> = before.iter().map(|(key, value)| (key, *value)).collect();
    let is: BTreeMap<&K, V> = now.iter().map(|(key, value)| (key, *value)).collect();
    let mut told = BTreeSet::new();
    let keys = now.iter().chain(&before).map(|(key, _)| key).filter(|key| told.insert(*key));
    let all = keys.map(|key| (key.clone(), was.get(key).copied(), is.get(key).copied()));
    let is_told = |(_, was, is): &(K, Option<V>, Option<V>)| match (*was, *is) {
        (Some(was), Some(is)) => differ(was, is),
        (was, is) => was.is_some() != is.is_some(),
    };
    all.filter(is_told).collect()
}

impl PackStatements {
    fn ambitions(&self) -> Vec<(String, Status)> {
        self.ambitions.iter().map(|of| (of.ambition.clone(), of.status)).collect()
    }

    /// An edition may name a measure twice, with two targets: the number tells them apart.
    fn statuses(&self) -> Vec<((MeasureId, usize, AreaCode), Status)> {
        let mut times: BTreeMap<&MeasureId, usize> = BTreeMap::new();
        let mut statuses = Vec::new();
        for assessed in &self.measures {
            let time = times.entry(&assessed.headline.measure).or_default();
            *time += 1;
            statuses.extend(assessed.each().map(|a| ((a.measure.clone(), *time, a.area.clone()), a.status)));
        }
        statuses
    }

    fn figures(&self) -> Vec<(FigureKey, (Value, Precision))> {
        let mut all: Vec<(&MeasureId, &AreaCode, Option<Category>, &FigureStatement)> = Vec::new();
        for assessed in &self.measures {
            for of in assessed.each() {
                all.extend(of.series.iter().map(|stated| (&of.measure, &of.area, None, stated)));
            }
            for GroupsStatement { scheme, area, groups } in &assessed.breakdowns {
                let measure = &assessed.headline.measure;
                let category = |group: &str| Category { scheme: scheme.clone(), group: group.to_owned() };
                all.extend(groups.iter().map(|(group, stated)| (measure, area, Some(category(group)), stated)));
            }
        }
        let mut precisions = Precisions::default();
        for (measure, _, _, stated) in &all {
            if let [source] = &stated.sources[..] {
                precisions.add(measure, source, stated.value);
            }
        }
        let there = all.into_iter().filter(|(.., stated)| !matches!(stated.value, Value::Missing));
        there
            .map(|(measure, area, category, stated)| {
                let key = FigureKey::new(measure.clone(), area.clone(), stated.period, category);
                (key, (stated.value, precisions.get(measure, &stated.sources)))
            })
            .collect()
    }

    fn actions(&self) -> Vec<(ActionId, Status)> {
        self.actions.iter().map(|a| (a.action.clone(), a.status)).collect()
    }
}

impl MeasureStatement {
    /// The headline, then the other areas: where one area stands for the measure, the headline is that one's.
    fn each(&self) -> impl Iterator<Item = &AreaStatement> {
        let others = self.areas.iter().filter(|other| other.area != self.headline.area);
        std::iter::once(&self.headline).chain(others)
    }
}
