//! Revised figures as they may be published: what readers have in a pack is said again, and nothing else.

use super::EarlierFigures;
use super::figures::points;
use super::rule::Rule;
use crate::evaluate::{Evaluation, Revision, SeriesPoint};
use crate::figure::{Category, FigureKey};
use crate::framework::Framework;
use crate::value::Value;
use std::collections::BTreeMap;

/// The figures of an evaluation as it is published, by which figure is meant.
struct Shown<'a>(BTreeMap<FigureKey, &'a SeriesPoint>);

impl<'a> Shown<'a> {
    fn of(published: &'a Evaluation) -> Self {
        let mut shown = BTreeMap::new();
        for of in &published.measures {
            let measure = &of.headline.measure;
            for (area, point) in of.each().flat_map(|assessed| points(assessed).map(|point| (&assessed.area, point))) {
                shown.insert(FigureKey::new(measure.clone(), area.clone(), point.period, None), point);
            }
            for breakdown in &of.breakdowns {
                for (label, point) in &breakdown.groups {
                    let category = Category { scheme: breakdown.scheme.clone(), group: label.clone() };
                    let area = breakdown.area.clone();
                    shown.insert(FigureKey::new(measure.clone(), area, point.period, Some(category)), point);
                }
            }
        }
        Shown(shown)
    }
}

/// Of a protected measure the new figure is told as `published` has it, and the old one where an earlier pack showed it. What is
/// hidden now is not said again as it was, and what was given in between and never published is not said. Of other measures
/// both are told, but for counts by age band, which no pack shows. What reads the same as it is published was not revised.
pub fn disclose_revisions(
    revisions: &[Revision],
    published: &Evaluation,
    earlier: &EarlierFigures,
    framework: &Framework,
) -> Vec<Revision> {
    let shown = Shown::of(published);
    let disclosed = revisions.iter().map(|revision| {
        let Revision { measure, area, period, category, .. } = revision;
        let key = FigureKey::new(measure.clone(), area.clone(), *period, category.clone());
        let now = shown.0.get(&key).map(|point| point.value);
        let is_component = category.as_ref().is_some_and(|category| category.component().is_some());
        let rule = framework.measure(measure).map(|measure| Rule::of(measure.disclosure));
        let (old, new) = match (rule, now) {
            (_, Some(Value::Suppressed)) => (Value::Suppressed, Value::Suppressed),
            _ if is_component => (Value::Suppressed, Value::Suppressed),
            (Some(None), _) => (revision.old, revision.new),
            (Some(Some(rule)), Some(now)) => {
                let old = revision.old.number().and_then(|old| earlier.shown(&key, old, rule.round_to.is_some()));
                (old.map_or(Value::Suppressed, Value::Number), now)
            }
            // A figure that was withdrawn has no new number to hide.
            _ if revision.new.number().is_none() => (Value::Suppressed, revision.new),
            _ => (Value::Suppressed, Value::Suppressed),
        };
        Revision { old, new, ..revision.clone() }
    });
    disclosed.filter(|revision| revision.old.number().is_none() || revision.old != revision.new).collect()
}
