//! What earlier packs showed of the figures of these.

use super::count::Truth;
use super::figures::{as_shown, figures, pooled_of};
use super::groups::GroupNames;
use super::rule::Rule;
use crate::area::AreaCode;
use crate::evaluate::{Assessment, Breakdown, Coverage, MeasureAssessment, SeriesPoint};
use crate::figure::FigureKey;
use crate::framework::{Framework, MeasureId};
use crate::period::Period;
use crate::value::Value;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

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
    series: Vec<SeriesPoint>,
    latest: Option<SeriesPoint>,
    judged: Option<SeriesPoint>,
    previous: Option<SeriesPoint>,
    baseline: Option<SeriesPoint>,
    #[serde(default)]
    coverage: Option<ShownCoverage>,
}

/// By which organisations a figure of the system was made.
#[derive(Debug, Deserialize)]
struct ShownCoverage {
    given: Vec<AreaCode>,
    absent: Vec<AreaCode>,
    /// None in what was stored before these were told apart from the absent.
    #[serde(default)]
    left_out: Vec<AreaCode>,
}

#[derive(Debug, Deserialize)]
struct ShownBreakdown {
    scheme: String,
    area: AreaCode,
    groups: Vec<(String, SeriesPoint)>,
}

impl From<ShownMeasure> for MeasureAssessment {
    fn from(shown: ShownMeasure) -> Self {
        let coverage = |ShownCoverage { given, absent, left_out }| Coverage {
            given,
            absent,
            left_out,
            share: 0.0,
            by_denominator: false,
            is_enough: false,
        };
        let area = |ShownArea { measure, area, series, latest, judged, previous, baseline, coverage: made_of }| Assessment {
            series,
            latest,
            judged,
            previous,
            baseline,
            coverage: made_of.map(coverage),
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

/// The figures that earlier packs showed, and the counts that they showed or gave away by those, oldest first.
#[derive(Debug, Clone, Default)]
pub struct EarlierFigures {
    counts: BTreeMap<MeasureId, BTreeMap<FigureKey, Vec<ShownCount>>>,
    /// Those that may be said again: no small counts.
    figures: BTreeMap<FigureKey, Vec<f64>>,
    /// Those that every pack which had them hid.
    hidden: BTreeMap<MeasureId, BTreeSet<FigureKey>>,
    /// By measure and period.
    breakdowns: BTreeMap<(MeasureId, Period), Vec<GroupNames>>,
    /// How many packs there were.
    packs: usize,
}

/// A count from the pack on that showed it first, counted from 1, until another is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
struct ShownCount {
    pack: usize,
    count: f64,
}

impl EarlierFigures {
    /// Adds what a pack showed; packs are added in the order in which they were made.
    pub fn add(&mut self, published: &[MeasureAssessment], framework: &Framework) {
        self.packs += 1;
        for of in published {
            let Some(measure) = framework.measure(&of.headline.measure) else { continue };
            let rule = Rule::of(measure.disclosure);
            let may_stand = |count: Truth| match count {
                Truth::Count(count) => rule.is_none_or(|rule| !rule.is_small(count)),
                Truth::Marked | Truth::Absent => true,
            };
            for breakdown in &of.breakdowns {
                for period in breakdown.groups.iter().map(|(_, point)| point.period).collect::<BTreeSet<_>>() {
                    let seen = self.breakdowns.entry((measure.id.clone(), period)).or_default();
                    GroupNames::of(breakdown).join(seen);
                }
            }
            let counts = self.counts.entry(measure.id.clone()).or_default();
            let hidden = self.hidden.entry(measure.id.clone()).or_default();
            for (key, value, count) in figures(of, measure, |_| false) {
                if let Some(value) = value.number().filter(|_| may_stand(count)) {
                    let shown = self.figures.entry(as_shown(&key)).or_default();
                    if shown.last() != Some(&value) {
                        shown.push(value);
                    }
                }
                match count {
                    Truth::Count(count) => {
                        hidden.remove(&key);
                        let shown = counts.entry(key).or_default();
                        if shown.last().map(|last| last.count) != Some(count) {
                            shown.push(ShownCount { pack: self.packs, count });
                        }
                    }
                    _ if value == Value::Suppressed && !counts.contains_key(&key) => _ = hidden.insert(key),
                    Truth::Marked | Truth::Absent => {}
                }
            }
        }
    }

    /// The counts of a figure that packs showed.
    fn counts_of(&self, key: &FigureKey) -> &[ShownCount] {
        self.counts.get(&key.measure).and_then(|counts| counts.get(key)).map_or(&[], Vec::as_slice)
    }

    /// A figure that an earlier pack showed, as it showed it; of figures that were rounded the last one.
    pub(super) fn shown(&self, key: &FigureKey, figure: f64, is_rounded: bool) -> Option<f64> {
        let shown = self.figures.get(key)?;
        let is_same = |other: &&f64| (**other - figure).abs() <= 1e-9 * figure.abs().max(1.0);
        if is_rounded { shown.last().copied() } else { shown.iter().find(is_same).copied() }
    }

    /// Whether a pack showed the figure's count.
    pub(super) fn has(&self, key: &FigureKey) -> bool {
        !self.counts_of(key).is_empty()
    }

    /// The packs from which on another count of the figure was shown.
    pub(super) fn packs_of(&self, key: &FigureKey) -> impl Iterator<Item = usize> {
        self.counts_of(key).iter().map(|shown| shown.pack)
    }

    /// The count of the figure as readers knew it from a pack.
    pub(super) fn as_of(&self, key: &FigureKey, pack: usize) -> Option<f64> {
        self.counts_of(key).iter().rfind(|shown| shown.pack <= pack).map(|shown| shown.count)
    }

    /// The groups of the breakdowns that they had of a measure in a period.
    pub(super) fn breakdowns(&self, measure: &MeasureId, period: Period) -> &[GroupNames] {
        self.breakdowns.get(&(measure.clone(), period)).map_or(&[], Vec::as_slice)
    }

    /// The figures of these measures whose counts they showed, by period.
    pub(super) fn shown_by_period(&self, measures: &BTreeSet<&MeasureId>) -> BTreeMap<Period, Vec<&FigureKey>> {
        by_period(measures.iter().filter_map(|measure| self.counts.get(*measure)).flat_map(BTreeMap::keys))
    }

    /// The figures of these measures that they hid and none showed, by period.
    pub(super) fn hidden_by_period(&self, measures: &BTreeSet<&MeasureId>) -> BTreeMap<Period, Vec<&FigureKey>> {
        by_period(measures.iter().filter_map(|measure| self.hidden.get(*measure)).flatten())
    }

    /// The figures that some of the organisations made, where `whole` is that of all.
    pub(super) fn pooled(&self, whole: &FigureKey) -> impl Iterator<Item = &FigureKey> {
        self.counts.get(&whole.measure).into_iter().flat_map(|counts| pooled_of(whole, counts))
    }

    /// The least and the greatest count that are left by what was shown of this figure. One that reads otherwise now was
    /// revised since, and what was shown says nothing of it.
    pub(super) fn of(&self, key: &FigureKey, truth: Truth, rule: Option<Rule>) -> Option<(f64, f64)> {
        let shown = self.counts_of(key);
        let was_shown = |count: f64| shown.iter().any(|shown| shown.count == count);
        match truth {
            Truth::Count(count) if was_shown(count) && rule.is_none_or(|rule| rule.round_to.is_none()) => Some((count, count)),
            Truth::Count(count) => {
                let rule = rule?;
                let is_rounded = was_shown(rule.rounded(count)) && !rule.is_small(count);
                is_rounded.then(|| rule.range(count))
            }
            // What was shown once is known, also where there is no figure now.
            Truth::Marked | Truth::Absent => shown.last().map(|last| range(last.count, rule)),
        }
    }
}

/// The counts that a figure can have which is shown as this one.
pub(super) fn range(shown: f64, rule: Option<Rule>) -> (f64, f64) {
    rule.map_or((shown, shown), |rule| rule.range(shown))
}

fn by_period<'k>(keys: impl Iterator<Item = &'k FigureKey>) -> BTreeMap<Period, Vec<&'k FigureKey>> {
    let mut found: BTreeMap<Period, Vec<&FigureKey>> = BTreeMap::new();
    keys.for_each(|key| found.entry(key.period).or_default().push(key));
    found
}
