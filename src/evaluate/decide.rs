//! What is asked of the figure that was found: which rule, told what, or why no rule is asked.

use super::assess::months_after;
use super::judge::Case;
use super::methods::comparison;
use super::rules::{Band, Beside, Figure, Question, Scene, Start, in_full};
use super::series::Entry;
use super::working::Decision;
use super::{Point, Trend};
use crate::framework::{MeasureId, Source, Statistic, Target, YearTarget};
use crate::period::Period;
use crate::value::Polarity;

impl Case<'_> {
    pub(super) fn decide(&self, latest: Option<&Entry>, baseline: Option<&Point>, trend: Trend) -> Decision {
        if let Target::NotJudged { needed } = &self.aspiration.target {
            return Decision::NothingToJudgeBy { needed: needed.clone() };
        }
        match latest {
            Some(entry) => match entry.number() {
                Some(value) => self.judge(entry, value, baseline, trend),
                None => Decision::Suppressed { period: entry.point.period.in_words() },
            },
            None => self.nothing_yet(baseline),
        }
    }

    fn nothing_yet(&self, baseline: Option<&Point>) -> Decision {
        let first_due = baseline.map(|baseline| {
            // A figure that must share no day with the baseline comes no sooner than one of its length can end.
            let wait = self.measure.cadence_months.max(if self.stands_apart() { baseline.period.months() } else { 0 });
            let first_ends = months_after(baseline.period.end(), wait);
            months_after(first_ends, self.measure.publication_lag_months)
        });
        let lacking = match &self.measure.source {
            Source::None => "Nobody publishes or returns this figure yet".to_owned(),
            Source::Sum { .. } => "The figures that it is the sum of are not all there".to_owned(),
            Source::Return { .. } => "No partner has returned a figure".to_owned(),
            Source::Indicator { source, indicator, .. } => {
                format!("No published figure has been received ({source}, indicator {indicator})")
            }
        };
        let baseline = baseline.map(|baseline| baseline.period.in_words());
        Decision::NothingYet { baseline, first_due, today: self.context.inputs.as_at, lacking }
    }

    fn judge(&self, entry: &Entry, value: f64, baseline: Option<&Point>, trend: Trend) -> Decision {
        let (today, due, period) = (self.context.inputs.as_at, self.due(), entry.point.period);
        let (cadence, lag) = (self.measure.cadence_months, self.measure.publication_lag_months);
        // Closed: the due date has passed and no later period could still end by it.
        let closed = today > due && months_after(period.end(), cadence) > due;
        let newer_due = months_after(period.end(), cadence.saturating_add(lag));
        let gone = months_after(period.end(), cadence.saturating_mul(2).saturating_add(lag));
        let (unit, decimals) = (self.measure.unit, self.measure.decimals);
        if !closed && today > gone {
            return Decision::TooOld { value, unit, decimals, period: period.in_words(), newer_due };
        }
        let start = baseline.and_then(|b| {
            Some(Start { value: b.value.number()?, limits: b.limits, period: b.period.in_words(), ends: b.period.end() })
        });
        let Some(sign) = self.sign(start.as_ref()) else {
            return Decision::NoDirection;
        };
        let mut scene = Scene {
            latest: Figure { value, limits: entry.point.limits, period: period.in_words(), ends: period.end() },
            sign,
            due,
            closed,
            worsening: self.worsening(trend),
            exact: self.measure.statistic == Statistic::Quantity,
            unit,
            decimals,
        };
        match self.question(&mut scene, entry, start, baseline) {
            Ok(question) => Decision::Rule { scene, question, newer_due, today },
            Err(decision) => *decision,
        }
    }

    /// Which way is good: the measure's polarity, or else what its target asks for.
    fn sign(&self, start: Option<&Start>) -> Option<f64> {
        self.measure.polarity.sign().or_else(|| match &self.aspiration.target {
            Target::Level { value, .. } => start.map(|s| (value - s.value).signum()),
            Target::PercentChange { percent, .. } => Some(percent.signum()),
            Target::Compliance { full, .. } => Some(if *full == 0.0 { -1.0 } else { 1.0 }),
            Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::SustainedReduction { .. }
            | Target::AgainstGrowth { .. }
            | Target::NarrowGap { .. }
            | Target::ReductionBand { .. } => Some(-1.0),
            Target::CloseGap { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NotJudged { .. } => None,
            Target::Standing { full, .. } => Some(if *full == 0.0 { -1.0 } else { 1.0 }),
        })
    }

    /// The question of the target's kind, or what stands in the way of asking it. A target of a year that is still
    /// running may have its counts added up: then the scene is that sum.
    fn question(
        &self,
        scene: &mut Scene,
        entry: &Entry,
        start: Option<Start>,
        baseline: Option<&Point>,
    ) -> Result<Question, Box<Decision>> {
        let comparator = || Beside {
            name: self.context.comparator_name().to_owned(),
            value: self.comparator_at(entry.point.period),
            published: entry.published_comparison,
        };
        let counts = entry.point.numerator.zip(entry.point.denominator);
        // Most rules cannot be asked without a start.
        let question = match (&self.aspiration.target, start) {
            (Target::Level { value, strict, .. }, start) => Question::Level { target: *value, strict: *strict, start },
            (Target::Compliance { full, .. }, start) => Question::Compliance { full: *full, counts, start },
            (Target::CloseGap { .. }, start) => {
                let comparator_at_start = baseline.and_then(|b| b.comparator);
                Question::CloseGap { comparator: comparator(), start, comparator_at_start }
            }
            (Target::BetterThanComparator { .. }, _) => Question::BetterThanComparator { comparator: comparator() },
            (Target::SimilarOrBetter { .. }, _) => Question::SimilarOrBetter { comparator: comparator() },
            (Target::AnnualTarget { targets, exceed, .. }, _) => return self.annual(scene, entry, targets, *exceed),
            (Target::Standing { full, .. }, _) => Question::Compliance { full: *full, counts, start: None },
            (Target::NotJudged { needed }, _) => return Err(Box::new(Decision::NothingToJudgeBy { needed: needed.clone() })),
            (_, None) => return Err(Box::new(self.no_baseline(scene))),
            (Target::CapRise { percent, .. }, Some(start)) => Question::CapRise { percent: *percent, start },
            (Target::Stabilise { .. }, Some(start)) => Question::Stabilise { start },
            (Target::SustainedReduction { .. }, Some(start)) => self.sustained(scene, entry, &start),
            (Target::PercentChange { percent, .. }, Some(start)) => Question::PercentChange { percent: *percent, start },
            (Target::AgainstGrowth { percent, scenario: Some(scenario), .. }, Some(start)) => {
                let unmitigated = self.scenario(scenario, entry.point.period);
                Question::AgainstScenario { percent: *percent, unmitigated, start }
            }
            (Target::AgainstGrowth { percent, annual_growth_percent, .. }, Some(start)) => {
                Question::AgainstGrowth { percent: *percent, annual_growth_percent: *annual_growth_percent, start }
            }
            (Target::Direction { .. }, Some(start)) => Question::Direction { start },
            (Target::NarrowGap { .. }, Some(start)) => Question::NarrowGap { start },
            (Target::ReductionBand { percent, early, late, .. }, Some(start)) => {
                Question::ReductionBand { band: Band { percent: *percent, early: *early, late: *late }, start }
            }
        };
        Ok(question)
    }

    /// What the scenario projects for the same area and period.
    fn scenario(&self, id: &MeasureId, period: Period) -> Option<f64> {
        let measure = self.context.inputs.framework.measure(id)?;
        self.context.headlines.series(measure, self.area).at(period).and_then(Entry::number)
    }

    fn no_baseline(&self, scene: &Scene) -> Decision {
        Decision::NoBaseline {
            value: scene.latest.value,
            unit: scene.unit,
            decimals: scene.decimals,
            period: scene.latest.period.clone(),
            baseline: self.aspiration.target.baseline().map(|b| b.period.clone()),
        }
    }

    fn sustained(&self, scene: &Scene, entry: &Entry, start: &Start) -> Question {
        let between = |e: &Entry| e.point.period.end() > start.ends && e.point.period < entry.point.period;
        let later: Vec<(f64, _)> = self.series.numbers().filter(|(e, _)| between(e)).map(|(e, v)| (v, e.point.limits)).collect();
        let (before, limits) = later.last().copied().unwrap_or((start.value, start.limits));
        let polarity = if scene.sign > 0.0 { Polarity::High } else { Polarity::Low };
        let last_change = comparison::double(scene.latest.value, scene.latest.limits, before, limits, polarity);
        let earlier: Vec<f64> = std::iter::once(start.value).chain(later.iter().map(|(value, _)| *value)).collect();
        Question::SustainedReduction { earlier, last_change }
    }

    fn annual(&self, scene: &mut Scene, entry: &Entry, targets: &[YearTarget], exceed: bool) -> Result<Question, Box<Decision>> {
        let target_of =
            |period: Period| targets.iter().find(|t| self.measure.period(&t.period).is_ok_and(|p| p == period)).map(|t| t.value);
        if let Some(target) = target_of(entry.point.period) {
            let met = |(e, value): (&Entry, f64)| {
                target_of(e.point.period).is_some_and(|t| {
                    let lead = scene.sign * (value - t);
                    if exceed { lead > 0.0 } else { lead >= 0.0 }
                })
            };
            let streak = self
                .series
                .numbers()
                .rev()
                .skip_while(|(e, _)| e.point.period > entry.point.period)
                .take_while(|x| met(*x))
                .count();
            return Ok(Question::AnnualTarget { target, exceed, streak });
        }
        let year = targets.iter().find_map(|t| {
            let year = self.measure.period(&t.period).ok()?;
            let inside = year.start() <= entry.point.period.start() && entry.point.period.end() <= year.end();
            inside.then_some((year, t.value))
        });
        match year {
            Some((year, target)) => Ok(self.year_so_far(scene, entry, year, target, exceed)),
            None => Err(Box::new(Decision::NoTargetForYear {
                value: scene.latest.value,
                unit: scene.unit,
                decimals: scene.decimals,
                period: scene.latest.period.clone(),
            })),
        }
    }

    /// Months and quarters of a running year: counts add up to now, other figures stand as they are.
    fn year_so_far(&self, scene: &mut Scene, entry: &Entry, year: Period, target: f64, exceed: bool) -> Question {
        let adds_up = matches!(self.measure.statistic, Statistic::Count | Statistic::Quantity);
        if !adds_up {
            return Question::AnnualTargetSoFar { target, exceed, share: 1.0 };
        }
        let within = |e: &Entry| year.start() <= e.point.period.start() && e.point.period <= entry.point.period;
        let so_far: Vec<_> = self.series.numbers().filter(|(e, _)| within(e)).collect();
        let months: i32 = so_far.iter().map(|(e, _)| e.point.period.months()).sum();
        scene.latest.value = so_far.iter().map(|(_, value)| value).sum();
        scene.latest.limits = None;
        scene.latest.period = format!("the year to {}", in_full(entry.point.period.end()));
        if months >= year.months() {
            Question::AnnualTarget { target, exceed, streak: 1 }
        } else {
            Question::AnnualTargetSoFar { target, exceed, share: f64::from(months) / f64::from(year.months()) }
        }
    }
}
