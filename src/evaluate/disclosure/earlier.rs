//! What earlier packs showed of the figures of these.

use super::count::Truth;
use super::rule::Rule;
use super::sums::counts;
use super::table::Key;
use crate::area::AreaCode;
use crate::evaluate::{Assessment, Breakdown, MeasureAssessment, Point};
use crate::framework::{Framework, MeasureId};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A measure as a pack showed it: its figures alone, which every version of boardpack writes alike.
#[derive(Debug, Deserialize)]
pub struct ShownMeasure {
    headline: ShownArea,
    areas: Vec<ShownArea>,
    #[serde(default)]
    breakdowns: Vec<ShownBreakdown>,
}

#[derive(Debug, Deserialize)]
struct ShownArea {
    measure: MeasureId,
    area: AreaCode,
    #[serde(default)]
    series: Vec<Point>,
    latest: Option<Point>,
    judged: Option<Point>,
    previous: Option<Point>,
    baseline: Option<Point>,
}

#[derive(Debug, Deserialize)]
struct ShownBreakdown {
    scheme: String,
    area: AreaCode,
    groups: Vec<(String, Point)>,
}

impl From<ShownMeasure> for MeasureAssessment {
    fn from(shown: ShownMeasure) -> Self {
        let area = |ShownArea { measure, area, series, latest, judged, previous, baseline }| Assessment {
            series,
            latest,
            judged,
            previous,
            baseline,
            ..Assessment::without_figure(measure, area)
        };
        let breakdown = |ShownBreakdown { scheme, area, groups }| Breakdown { scheme, area, groups, slope: None };
        MeasureAssessment {
            headline: area(shown.headline),
            areas: shown.areas.into_iter().map(area).collect(),
            breakdowns: shown.breakdowns.into_iter().map(breakdown).collect(),
        }
    }
}

/// The counts that earlier packs showed or gave away by what they showed, oldest first.
#[derive(Debug, Clone, Default)]
pub struct EarlierFigures(BTreeMap<Key, Vec<f64>>);

impl EarlierFigures {
    /// Adds what a pack showed; packs are added in the order in which they were made.
    pub fn add(&mut self, published: &[MeasureAssessment], framework: &Framework) {
        for of in published {
            let Some(measure) = framework.measure(&of.headline.measure) else { continue };
            if Rule::of(measure.disclosure).is_none() {
                continue;
            }
            for (key, truth) in counts(of, measure, |_| false) {
                if let Truth::Count(count) = truth {
                    let shown = self.0.entry(key).or_default();
                    if shown.last() != Some(&count) {
                        shown.push(count);
                    }
                }
            }
        }
    }

    /// The least and the greatest count that are left by what was shown of this figure. One that reads otherwise now was
    /// revised since, and what was shown says nothing of it.
    pub(super) fn of(&self, key: &Key, truth: Truth, rule: Option<Rule>) -> Option<(f64, f64)> {
        let shown = self.0.get(key)?;
        match truth {
            Truth::Count(count) if shown.contains(&count) && rule.is_none_or(|rule| rule.round_to.is_none()) => {
                Some((count, count))
            }
            Truth::Count(count) => {
                let rule = rule?;
                let is_rounded = shown.contains(&rule.rounded(count)) && !rule.is_small(count);
                is_rounded.then(|| rule.range(count))
            }
            Truth::Marked => shown.last().map(|last| rule.map_or((*last, *last), |rule| rule.range(*last))),
            Truth::Absent => None,
        }
    }
}
