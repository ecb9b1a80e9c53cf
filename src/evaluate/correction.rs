//! What a corrected pack says otherwise than the issue whose place it takes.

use super::{Evaluation, Point, Status};
use crate::area::AreaCode;
use crate::framework::{ActionId, Disclosure, Framework, MeasureId};
use crate::period::Period;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// That a pack takes the place of one that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// Its number: 2 or more.
    pub issue: u32,
    /// As the person said it who asked for it.
    pub reason: String,
    /// None where what the earlier issue said is kept no longer.
    pub changes: Option<Vec<Alteration>>,
}

/// One thing that an evaluation says otherwise than another; `before` or `now` is none where that one does not say it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum Alteration {
    Figure {
        measure: MeasureId,
        area: AreaCode,
        period: Period,
        /// The group of people; empty for all of the area.
        group: String,
        before: Option<Value>,
        now: Option<Value>,
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

impl Alteration {
    /// The area that it is about; none for a key action, which is the whole system's.
    pub fn area(&self) -> Option<&AreaCode> {
        match self {
            Alteration::Figure { area, .. } | Alteration::Status { area, .. } => Some(area),
            Alteration::Action { .. } => None,
        }
    }
}

/// What `now` says otherwise than `before`, both as they may be published: figures of every period and area, statuses, key
/// actions. In the order of `now`, then what only `before` says. Of a protected measure it is told that a figure changed,
/// not what it read, since the difference of two published figures could tell a hidden count.
pub fn alterations(before: &Evaluation, now: &Evaluation, framework: &Framework) -> Vec<Alteration> {
    let mut changes = Vec::new();
    let of_status = |((measure, _, area), before, now)| Alteration::Status { measure, area, before, now };
    changes.extend(differing(statuses(before), statuses(now)).into_iter().map(of_status));
    changes.extend(differing(figures(before), figures(now)).into_iter().map(|((measure, area, period, group), before, now)| {
        let is_open = framework.measure(&measure).is_some_and(|measure| measure.disclosure == Disclosure::None);
        let shown = |value: Option<Value>| if is_open { value } else { value.map(|_| Value::Suppressed) };
        Alteration::Figure { measure, area, period, group, before: shown(before), now: shown(now) }
    }));
    let actions = |of: &Evaluation| of.actions.iter().map(|a| (a.action.clone(), a.status)).collect::<Vec<_>>();
    let of_action = |(action, before, now)| Alteration::Action { action, before, now };
    changes.extend(differing(actions(before), actions(now)).into_iter().map(of_action));
    changes
}

/// Each key with what it was and is, where those differ; each once, in the order in which it is said, or was.
fn differing<K: Ord + Clone, V: PartialEq + Copy>(before: Vec<(K, V)>, now: Vec<(K, V)>) -> Vec<(K, Option<V>, Option<V>)> {
    let was: BTreeMap<&K, V> = before.iter().map(|(key, value)| (key, *value)).collect();
    let is: BTreeMap<&K, V> = now.iter().map(|(key, value)| (key, *value)).collect();
    let mut told = BTreeSet::new();
    let keys = now.iter().chain(&before).map(|(key, _)| key).filter(|key| told.insert(*key));
    let all = keys.map(|key| (key.clone(), was.get(key).copied(), is.get(key).copied()));
    all.filter(|(_, was, is)| was != is).collect()
}

/// An edition may name a measure twice, with two targets: the number tells them apart.
fn statuses(of: &Evaluation) -> Vec<((MeasureId, usize, AreaCode), Status)> {
    let mut times: BTreeMap<&MeasureId, usize> = BTreeMap::new();
    let mut statuses = Vec::new();
    for assessed in &of.measures {
        let time = times.entry(&assessed.headline.measure).or_default();
        *time += 1;
        statuses.extend(assessed.each().map(|a| ((a.measure.clone(), *time, a.area.clone()), a.status)));
    }
    statuses
}

type FigureOf = (MeasureId, AreaCode, Period, String);

fn figures(of: &Evaluation) -> Vec<(FigureOf, Value)> {
    let mut figures = Vec::new();
    let mut add = |measure: &MeasureId, area: &AreaCode, group: &str, point: &Point| {
        if !matches!(point.value, Value::Missing) {
            figures.push(((measure.clone(), area.clone(), point.period, group.to_owned()), point.value));
        }
    };
    for assessed in &of.measures {
        for assessment in assessed.each() {
            assessment.series.iter().for_each(|point| add(&assessment.measure, &assessment.area, "", point));
        }
        for breakdown in &assessed.breakdowns {
            for (group, point) in &breakdown.groups {
                add(&assessed.headline.measure, &breakdown.area, &format!("{}: {group}", breakdown.scheme), point);
            }
        }
    }
    figures
}
