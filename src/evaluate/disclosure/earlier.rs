//! What earlier packs showed of the figures of these.

use super::count::Truth;
use super::count_marks::CountMarks;
use super::figures::{as_shown, figures, pooled_of};
use super::groups::GroupNames;
use super::rule::Rule;
use super::secret::Secret;
use super::table::Cell;
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
    vintages: BTreeMap<MeasureId, BTreeMap<FigureKey, Vec<Vintage>>>,
    /// Those that may be said again: no small counts.
    figures: BTreeMap<FigureKey, Vec<f64>>,
    /// Those that the last pack which had them hid, and of which none showed what they have been since.
    hidden: BTreeMap<MeasureId, BTreeSet<FigureKey>>,
    /// By measure and period.
    breakdowns: BTreeMap<(MeasureId, Period), Vec<GroupNames>>,
    /// How many packs there were.
    packs: usize,
}

/// What a figure was from one pack on, until it was revised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Vintage {
    /// The first pack that had it, counted from 1.
    pub pack: usize,
    /// The last pack that is known to have had it.
    pub until: usize,
    /// The count as a pack showed it; none where each hid it.
    pub shown: Option<f64>,
    /// By which the count is known again, see [`CountMarks`]; none where it was only shown rounded, by packs that left no marks.
    mark: Option<u64>,
}

impl Vintage {
    /// True where another pack had the same count, for all that is known.
    fn is(&self, shown: Option<f64>, mark: Option<u64>) -> bool {
        match (self.mark, mark, self.shown, shown) {
            (Some(mark), Some(other), ..) => mark == other,
            (_, _, Some(count), Some(other)) => count == other,
            _ => true,
        }
    }

    /// Whether this is the figure that is given now.
    fn is_now(&self, key: &FigureKey, truth: Truth, rule: Option<Rule>, secret: &Secret) -> bool {
        match (truth, self.mark, self.shown) {
            (Truth::Count(count), Some(mark), _) => mark == secret.mark(key, count),
            (Truth::Count(count), None, Some(shown)) => rule.map_or(count, |rule| rule.rounded(count)) == shown,
            _ => true,
        }
    }

    /// True where it is known from marks, not from what is shown rounded.
    pub fn is_certain(&self) -> bool {
        self.mark.is_some()
    }
}

impl EarlierFigures {
    /// Adds what a pack showed, and the marks of what it hid; packs are added in the order in which they were made.
    pub fn add(&mut self, published: &[MeasureAssessment], marks: &CountMarks, framework: &Framework, secret: &Secret) {
        self.packs += 1;
        let marks = marks.by_figure(secret);
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
            let mut counts: BTreeMap<FigureKey, Option<f64>> = BTreeMap::new();
            for (key, value, count) in figures(of, measure, |_| false) {
                if let Some(value) = value.number().filter(|_| may_stand(count)) {
                    let shown = self.figures.entry(as_shown(&key)).or_default();
                    if shown.last() != Some(&value) {
                        shown.push(value);
                    }
                }
                match count {
                    Truth::Count(count) => _ = counts.entry(key).or_insert(Some(count)),
                    _ if value == Value::Suppressed => _ = counts.entry(key).or_insert(None),
                    Truth::Marked | Truth::Absent => {}
                }
            }
            let is_exact = rule.is_none_or(|rule| rule.round_to.is_none());
            for (key, shown) in counts {
                let of_shown = || shown.filter(|_| is_exact).map(|count| secret.mark(&key, count));
                let mark = marks.get(&key).copied().or_else(of_shown);
                self.add_figure(key, shown, mark);
            }
        }
    }

    fn add_figure(&mut self, key: FigureKey, shown: Option<f64>, mark: Option<u64>) {
        let hidden = self.hidden.entry(key.measure.clone()).or_default();
        let vintages = self.vintages.entry(key.measure.clone()).or_default().entry(key.clone()).or_default();
        match vintages.last_mut().filter(|last| last.is(shown, mark)) {
            Some(last) => {
                // What is hidden without a mark may be another by now.
                if last.mark.is_none() && last.shown.is_some() == shown.is_some() {
                    last.mark = mark;
                }
                last.shown = last.shown.or(shown);
                if shown.is_some() || mark.is_some() {
                    last.until = self.packs;
                }
            }
            None if shown.is_some() || mark.is_some() => {
                vintages.push(Vintage { pack: self.packs, until: self.packs, shown, mark })
            }
            None => {}
        }
        match vintages.last().is_some_and(|last| last.shown.is_some()) {
            true => _ = hidden.remove(&key),
            false => _ = hidden.insert(key),
        }
    }

    /// What a figure was in packs, each time that it was another.
    fn vintages(&self, key: &FigureKey) -> &[Vintage] {
        self.vintages.get(&key.measure).and_then(|of| of.get(key)).map_or(&[], Vec::as_slice)
    }

    /// A figure that an earlier pack showed, as it showed it; of figures that were rounded the last one.
    pub(super) fn shown(&self, key: &FigureKey, figure: f64, is_rounded: bool) -> Option<f64> {
        let shown = self.figures.get(key)?;
        let is_same = |other: &&f64| (**other - figure).abs() <= 1e-9 * figure.abs().max(1.0);
        if is_rounded { shown.last().copied() } else { shown.iter().find(is_same).copied() }
    }

    /// Whether a pack showed the figure's count.
    pub(super) fn has(&self, key: &FigureKey) -> bool {
        was_shown(self.vintages(key))
    }

    /// The packs from which on the figure was another.
    pub(super) fn packs_of(&self, key: &FigureKey) -> impl Iterator<Item = usize> {
        self.vintages(key).iter().map(|vintage| vintage.pack)
    }

    /// What the figure was in a pack; none where no pack had it by then.
    pub(super) fn as_of(&self, key: &FigureKey, pack: usize) -> Option<&Vintage> {
        self.vintages(key).iter().rfind(|vintage| vintage.pack <= pack)
    }

    /// What the figure was when a pack had it first.
    pub(super) fn first(&self, key: &FigureKey) -> Option<&Vintage> {
        self.vintages(key).first()
    }

    /// What the figure was in the last pack that had it.
    fn last(&self, key: &FigureKey) -> Option<&Vintage> {
        self.vintages(key).last()
    }

    /// Whether a figure is now what it was in one of its vintages, and no pack had it otherwise since.
    pub(super) fn is_still(&self, vintage: &Vintage, now: (&FigureKey, Truth, Option<Rule>), secret: &Secret) -> bool {
        let (key, truth, rule) = now;
        let is_last = self.last(key).is_some_and(|last| last.pack == vintage.pack);
        is_last && vintage.is_now(key, truth, rule, secret)
    }

    /// Whether a pack hid the figure when it was another than now.
    pub(super) fn hid_another(&self, key: &FigureKey, truth: Truth, rule: Option<Rule>, secret: &Secret) -> bool {
        let is_still = |vintage: &Vintage| self.is_still(vintage, (key, truth, rule), secret);
        self.vintages(key).iter().any(|vintage| vintage.shown.is_none() && !is_still(vintage))
    }

    /// The groups of the breakdowns that they had of a measure in a period.
    pub(super) fn breakdowns(&self, measure: &MeasureId, period: Period) -> &[GroupNames] {
        self.breakdowns.get(&(measure.clone(), period)).map_or(&[], Vec::as_slice)
    }

    /// The figures of these measures whose counts they showed, by period.
    pub(super) fn shown_by_period(&self, measures: &BTreeSet<&MeasureId>) -> BTreeMap<Period, Vec<&FigureKey>> {
        let all = measures.iter().filter_map(|measure| self.vintages.get(*measure)).flatten();
        by_period(all.filter(|(_, vintages)| was_shown(vintages)).map(|(key, _)| key))
    }

    /// The figures of these measures that they hid and none showed, by period.
    pub(super) fn hidden_by_period(&self, measures: &BTreeSet<&MeasureId>) -> BTreeMap<Period, Vec<&FigureKey>> {
        by_period(measures.iter().filter_map(|measure| self.hidden.get(*measure)).flatten())
    }

    /// The figures that some of the organisations made, where `whole` is that of all.
    pub(super) fn pooled(&self, whole: &FigureKey) -> impl Iterator<Item = &FigureKey> {
        let pooled = self.vintages.get(&whole.measure).into_iter().flat_map(|of| pooled_of(whole, of));
        pooled.filter(|key| self.has(key))
    }

    /// Whether a figure that is given now was another when a pack last had this one.
    pub(super) fn is_revised_since(&self, key: &FigureKey, given: &Cell, secret: &Secret) -> bool {
        let Some(last) = self.last(key).filter(|_| given.is_given()) else { return false };
        let then = self.as_of(&given.key, last.until);
        then.is_some_and(|then| !self.is_still(then, (&given.key, given.truth, given.rule), secret))
    }

    /// Whether a pack had another figure by the time that one had this one last.
    pub(super) fn knew_beside(&self, key: &FigureKey, other: &FigureKey) -> bool {
        self.last(key).is_some_and(|last| self.as_of(other, last.until).is_some())
    }

    /// The least and the greatest count that are left by what was shown of this figure. One that is another now was
    /// revised since, and what was shown says nothing of it.
    pub(super) fn of(&self, key: &FigureKey, truth: Truth, rule: Option<Rule>, secret: &Secret) -> Option<(f64, f64)> {
        let shown = self.last(key).filter(|last| last.is_now(key, truth, rule, secret))?.shown?;
        match truth {
            Truth::Count(count) if rule.is_some_and(|rule| rule.is_small(count)) => {
                Some((count, count)).filter(|_| shown == count)
            }
            Truth::Count(count) => Some(range(count, rule)),
            // What was shown once is known, also where there is no figure now.
            Truth::Marked | Truth::Absent => Some(range(shown, rule)),
        }
    }
}

fn was_shown(vintages: &[Vintage]) -> bool {
    vintages.iter().any(|vintage| vintage.shown.is_some())
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
