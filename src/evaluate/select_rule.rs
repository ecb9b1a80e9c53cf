//! What is asked of the figure that was found: which rule, with which inputs, or why no rule is asked.

use super::area_case::{AreaCase, JudgedAs};
use super::change::{Change, TestableFigure};
use super::due_dates::months_after;
use super::explained::{Decision, LaterFigures};
use super::rules::{ComparatorValue, InterimValue, PercentBand, PeriodMet, RiseCap, RuleContext, RuleInput, meets_annual};
use super::series::SeriesEntry;
use super::wording::format_day;
use super::{SeriesPoint, Status};
use crate::collect::{Finding, Grade};
use crate::framework::{MeasureId, Redefinition, Retirement, SetAgainst, Target, YearTarget};
use crate::period::Period;
use indicator_stats::Trend;
use indicator_stats::spc;
use jiff::civil::Date;

/// What decides, and the figure that it speaks of.
pub(super) fn decide<'s>(
    case: &'s AreaCase<'_>,
    latest: Option<&'s SeriesEntry>,
    baseline: Option<&SeriesPoint>,
    trend: Trend,
) -> (Decision, Option<&'s SeriesEntry>) {
    if let Some(retired) = &case.measure.retired {
        let last = case.series.entries.iter().rfind(|entry| entry.is_given());
        return (case.retired(retired, last), last);
    }
    if let Target::NotJudged { needed } = &case.aspiration.target {
        return (Decision::NothingToJudgeBy { needed: needed.clone() }, None);
    }
    let Some(latest) = latest else { return (case.nothing_yet(baseline), None) };
    if latest.number().is_none() {
        return (Decision::Suppressed { period: latest.point.period.in_words() }, Some(latest));
    }
    let (judged, closed) = case.judged(latest, baseline);
    let period = || judged.point.period.in_words();
    let decision = match (judged.number(), case.question_to(judged)) {
        (Some(value), None) => case.judge(judged, value, closed, baseline, trend),
        (Some(value), Some(why)) => {
            let (unit, decimals) = (case.measure.unit.clone(), case.measure.decimals);
            Decision::InQuestion { value, unit, decimals, period: period(), why }
        }
        (None, _) => Decision::Suppressed { period: period() },
    };
    (decision, Some(judged))
}

impl AreaCase<'_> {
    /// Why no status is drawn from a published figure: it, one that it is made from or the comparator's that it is held to is in
    /// question, or a later one cannot be used.
    fn question_to(&self, judged: &SeriesEntry) -> Option<String> {
        let period = judged.point.period;
        let is_last = self.series.latest_given() == Some(period);
        let end = self.context.inputs.period.end();
        let concerns = |finding: &Finding, about: Period| match finding.grade {
            Grade::Question => about == period,
            Grade::Error => is_last && about > period && about.end() <= end,
            Grade::Note => false,
        };
        if let Some(finding) = self.subject().finding_of(self.area, period, &concerns) {
            return Some(match finding.grade {
                Grade::Error => format!("is the last figure that can be used: {}", finding.problem),
                Grade::Question | Grade::Note => format!("is in question: {}", finding.problem),
            });
        }
        let in_question = |figure: &SetAgainst| match figure {
            SetAgainst::Comparator => {
                let finding = self.subject().question_of(&self.context.inputs.framework.edition.comparator, period)?;
                let name = self.context.comparator_name();
                Some(format!("is compared with a figure of {name} that is in question: {}", finding.problem))
            }
            // What stands there is gone by until it is corrected.
            SetAgainst::Baseline | SetAgainst::Scenario => None,
        };
        self.aspiration.target.set_against().iter().find_map(in_question)
    }

    /// A figure that this one is set against and that is by another definition, with where that changed.
    fn redefined<'s>(&'s self, judged: Period, baseline: Option<&'s SeriesPoint>) -> Option<(&'s SeriesPoint, &'s Redefinition)> {
        let by_another = |figure: &SetAgainst| match figure {
            SetAgainst::Baseline => baseline.and_then(|b| Some((b, self.measure.redefined_between(b.period, judged)?))),
            // Of the same period.
            SetAgainst::Comparator | SetAgainst::Scenario => None,
        };
        self.aspiration.target.set_against().iter().find_map(by_another)
    }

    /// The figure that the status speaks of, and whether it is the one for the date: once that has passed, the last that
    /// ended by it, or where there is none the first after it.
    fn judged<'s>(&'s self, latest: &'s SeriesEntry, baseline: Option<&SeriesPoint>) -> (&'s SeriesEntry, bool) {
        if !self.is_past_due() {
            return (latest, false);
        }
        let due = self.due();
        let counts = |entry: &&SeriesEntry| self.counts_after(entry, baseline.map(|b| b.period));
        let in_time = self.series.entries.iter().rev().filter(counts).find(|entry| entry.point.period.end() <= due);
        let after = || self.series.entries.iter().filter(counts).find(|entry| entry.point.period.end() > due);
        match in_time {
            // Another period could still end by the date.
            Some(entry) if months_after(entry.point.period.end(), self.measure.cadence_months) <= due && after().is_none() => {
                (entry, false)
            }
            Some(entry) => (entry, true),
            None => (after().unwrap_or(latest), true),
        }
    }

    /// Later figures beside one that was judged for a date that has passed.
    fn later(&self, judged: &SeriesEntry, ask: &dyn Fn(&SeriesEntry) -> Option<Status>) -> Option<LaterFigures> {
        let in_words = |entry: &SeriesEntry, value: f64| {
            format!("{} in {}", self.measure.unit.format(value, self.measure.decimals), entry.point.period.in_words())
        };
        let is_met = |entry: &SeriesEntry| ask(entry) == Some(Status::Achieved);
        let later: Vec<(&SeriesEntry, f64)> =
            self.series.numbers().filter(|(e, _)| e.point.period > judged.point.period).collect();
        let (last, value) = *later.last()?;
        let met_in = later.iter().find(|(entry, _)| is_met(entry)).map(|(entry, value)| in_words(entry, *value));
        Some(LaterFigures { met_in, latest: in_words(last, value), latest_meets: is_met(last) })
    }

    fn judge(&self, entry: &SeriesEntry, value: f64, closed: bool, baseline: Option<&SeriesPoint>, trend: Trend) -> Decision {
        let (today, period) = (self.context.inputs.as_at, entry.point.period);
        let due = |steps| self.context.inputs.due_after(self.measure, self.area, period.end(), steps);
        let (newer_due, gone) = (due(1), due(2));
        let (unit, decimals) = (self.measure.unit.clone(), self.measure.decimals);
        if !closed && today > gone {
            return Decision::TooOld { value, unit, decimals, period: period.in_words(), newer_due };
        }
        if self.whose == JudgedAs::Part && self.asks_a_number_of_the_whole() {
            return Decision::OfThePart { value, unit, decimals, period: period.in_words() };
        }
        // A baseline by another definition is no start for a figure by this one.
        let start_of = |entry: &SeriesEntry| {
            let alike = |b: &&SeriesPoint| self.measure.redefined_between(b.period, entry.point.period).is_none();
            baseline.filter(alike).and_then(|baseline| self.figure(baseline))
        };
        let start = start_of(entry);
        let Some(sign) = self.sign(start.as_ref()) else {
            return Decision::NoDirection;
        };
        if let Some((baseline, redefined)) = self.redefined(period, baseline)
            && self.aspiration.target.needs_baseline()
        {
            return Decision::Redefined {
                value,
                unit,
                decimals,
                period: period.in_words(),
                from: self.measure.period_in_short(&redefined.from),
                reason: redefined.reason.clone(),
                baseline: baseline.period.in_words(),
            };
        }
        let due = self.aspiration.target.holds_from().unwrap_or_else(|| self.due());
        let scene_of = |entry: &SeriesEntry| {
            Some(RuleContext {
                latest: self.figure(&entry.point)?,
                sign,
                due,
                closed,
                beyond_due: self.aspiration.target.goes_beyond_due() || !self.aspiration.target.is_dated(),
                baseline_redefined: baseline.is_some() && start_of(entry).is_none(),
                worsening: self.worsening(trend),
                uncertainty: self.measure.uncertainty(),
                unit: self.measure.unit.clone(),
                decimals,
            })
        };
        let Some(mut scene) = scene_of(entry) else { return Decision::NoDirection };
        match self.question(&mut scene, entry, start.clone(), baseline) {
            Ok(question) => {
                let ask = |later: &SeriesEntry| {
                    let mut scene = scene_of(later)?;
                    let question = self.question(&mut scene, later, start_of(later), baseline).ok()?;
                    Some(question.ask(&scene).status)
                };
                let later = if closed { self.later(entry, &ask) } else { None };
                let in_time = !closed || entry.point.period.end() <= due;
                Decision::Rule { scene: Box::new(scene), question: Box::new(question), newer_due, today, later, in_time }
            }
            Err(decision) => *decision,
        }
    }

    /// Which way is good: the measure's polarity, or else what its target asks for.
    fn sign(&self, start: Option<&TestableFigure>) -> Option<f64> {
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
        scene: &mut RuleContext,
        entry: &SeriesEntry,
        start: Option<TestableFigure>,
        baseline: Option<&SeriesPoint>,
    ) -> Result<RuleInput, Box<Decision>> {
        let comparator = || ComparatorValue {
            name: self.context.comparator_name().to_owned(),
            value: self.comparator_at(entry.point.period),
            published: entry.published_comparison,
        };
        let counts = entry.point.numerator.zip(entry.point.denominator);
        // Most rules cannot be asked without a start; each kind says so, so that a new one is not forgotten.
        let question = match (&self.aspiration.target, start) {
            (Target::Level { value, strict, .. }, start) => {
                RuleInput::Level { target: *value, strict: *strict, start, interim: self.interim() }
            }
            (Target::Compliance { full, .. }, start) => RuleInput::Compliance { full: *full, counts, start },
            (Target::CloseGap { .. }, start) => {
                let comparator_at_start = baseline.and_then(|b| b.comparator);
                RuleInput::CloseGap { comparator: comparator(), start, comparator_at_start }
            }
            (Target::BetterThanComparator { .. }, _) => RuleInput::BetterThanComparator { comparator: comparator() },
            (Target::SimilarOrBetter { .. }, _) => RuleInput::SimilarOrBetter { comparator: comparator() },
            (Target::AnnualTarget { targets, every_year, exceed }, _) => {
                return self.annual(scene, entry, (targets, *every_year), *exceed);
            }
            (Target::Standing { full, from }, _) => {
                let is_full = |e: &SeriesEntry, value: f64| match e.point.numerator.zip(e.point.denominator) {
                    Some((count, of)) if *full == 0.0 => count == 0.0 && of > 0.0,
                    Some((count, of)) => count == of && of > 0.0,
                    None => value == *full,
                };
                let since = self.series.numbers().filter(|(e, _)| e.point.period.end() >= *from);
                let periods = since.map(|(e, value)| PeriodMet {
                    period: e.point.period.in_words(),
                    ends: e.point.period.end(),
                    met: is_full(e, value),
                });
                RuleInput::Standing { full: *full, periods: periods.collect() }
            }
            (Target::NotJudged { needed }, _) => return Err(Box::new(Decision::NothingToJudgeBy { needed: needed.clone() })),
            (Target::CapRise { percent, change_type, confirmed, .. }, Some(start)) => {
                let cap = RiseCap { percent: *percent, change_type: *change_type, confirmed: *confirmed };
                RuleInput::CapRise { cap, start }
            }
            (Target::Stabilise { .. }, Some(start)) => RuleInput::Stabilise { start },
            (Target::SustainedReduction { .. }, Some(start)) => self.sustained(scene, entry, &start),
            (Target::PercentChange { percent, .. }, Some(start)) => RuleInput::PercentChange { percent: *percent, start },
            (Target::AgainstGrowth { percent, scenario: Some(_), .. }, Some(start)) => {
                let unmitigated = self.scenario_at(entry.point.period).as_ref().and_then(SeriesEntry::number);
                RuleInput::AgainstScenario { percent: *percent, unmitigated, start }
            }
            (Target::AgainstGrowth { percent, annual_growth_percent, .. }, Some(start)) => {
                RuleInput::AgainstGrowth { percent: *percent, annual_growth_percent: *annual_growth_percent, start }
            }
            (Target::Direction { .. }, Some(start)) => RuleInput::Direction { start },
            (Target::NarrowGap { .. }, Some(start)) => RuleInput::NarrowGap { start },
            (Target::ReductionBand { percent, early, late, .. }, Some(start)) => {
                RuleInput::ReductionBand { band: PercentBand { percent: *percent, early: *early, late: *late }, start }
            }
            (
                Target::CapRise { .. }
                | Target::Stabilise { .. }
                | Target::SustainedReduction { .. }
                | Target::PercentChange { .. }
                | Target::AgainstGrowth { .. }
                | Target::Direction { .. }
                | Target::NarrowGap { .. }
                | Target::ReductionBand { .. },
                None,
            ) => return Err(Box::new(self.no_baseline(scene))),
        };
        Ok(question)
    }

    /// The values on the way, each with the last figure that ended by its date, once that date has passed.
    fn interim(&self) -> Vec<InterimValue> {
        let by = |date: Date| self.series.numbers().take_while(|(e, _)| e.point.period.end() <= date).last();
        let quarter_end = self.context.inputs.period.end();
        let interim = self.aspiration.interim.iter().map(|interim| InterimValue {
            value: interim.value,
            due: interim.due,
            figure: by(interim.due).filter(|_| interim.due <= quarter_end).map(|(_, value)| value),
        });
        interim.collect()
    }

    fn no_baseline(&self, scene: &RuleContext) -> Decision {
        Decision::NoBaseline {
            value: scene.latest.value,
            unit: scene.unit.clone(),
            decimals: scene.decimals,
            period: scene.latest.period.clone(),
            baseline: self.aspiration.target.baseline().map(|b| self.measure.period_in_words(&b.period)),
        }
    }

    fn sustained(&self, scene: &RuleContext, entry: &SeriesEntry, start: &TestableFigure) -> RuleInput {
        let between = |e: &SeriesEntry| e.point.period.end() > start.ends && e.point.period < entry.point.period;
        let later: Vec<TestableFigure> =
            self.series.numbers().filter(|(e, _)| between(e)).filter_map(|(e, _)| self.figure(&e.point)).collect();
        let before = later.last().unwrap_or(start);
        let change = Change::between(before, &scene.latest, scene.uncertainty);
        let earlier = std::iter::once(start.value).chain(later.iter().map(|figure| figure.value)).collect();
        RuleInput::SustainedReduction { earlier, significant_rise: change.is_significantly(-scene.sign) }
    }

    fn annual(
        &self,
        scene: &mut RuleContext,
        entry: &SeriesEntry,
        (targets, every_year): (&[YearTarget], Option<f64>),
        exceed: bool,
    ) -> Result<RuleInput, Box<Decision>> {
        let own = |period: Period| targets.iter().find(|t| self.measure.period(&t.period).is_ok_and(|p| p == period));
        let target_of = |period: Period| own(period).map(|t| t.value).or(every_year.filter(|_| period.months() == 12));
        if let Some(target) = target_of(entry.point.period) {
            let met = |(e, value): (&SeriesEntry, f64)| {
                target_of(e.point.period).is_some_and(|target| meets_annual(scene.sign, value, target, exceed))
            };
            let streak = self
                .series
                .numbers()
                .rev()
                .skip_while(|(e, _)| e.point.period > entry.point.period)
                .take_while(|x| met(*x))
                .count();
            return Ok(RuleInput::AnnualTarget { target, exceed, streak });
        }
        let year = targets.iter().find_map(|t| {
            let year = self.measure.period(&t.period).ok()?;
            let inside = year.start() <= entry.point.period.start() && entry.point.period.end() <= year.end();
            inside.then_some((year, t.value))
        });
        let standard = || every_year.zip(Period::containing(entry.point.period.end(), 12, self.measure.year));
        match year.or_else(|| standard().map(|(target, year)| (year, target))) {
            Some((year, target)) => self.year_so_far(scene, entry, year, target, exceed),
            None => Err(Box::new(Decision::NoTargetForYear {
                value: scene.latest.value,
                unit: scene.unit.clone(),
                decimals: scene.decimals,
                period: scene.latest.period.clone(),
            })),
        }
    }

    /// Months and quarters of a running year: counts add up to now, other figures stand as they are.
    fn year_so_far(
        &self,
        scene: &mut RuleContext,
        entry: &SeriesEntry,
        year: Period,
        target: f64,
        exceed: bool,
    ) -> Result<RuleInput, Box<Decision>> {
        let (now, in_words) = (entry.point.period, year.in_words());
        if !self.measure.statistic.is_number() {
            return Ok(RuleInput::AnnualTargetSoFar { target, exceed, share: 1.0, year: Some(in_words) });
        }
        let expected = std::iter::successors(Some(now), |period| Some(period.previous()));
        let mut expected: Vec<Period> = expected.take_while(|period| year.start() <= period.start()).collect();
        expected.reverse();
        let number = |period: &Period| self.series.at(*period).and_then(SeriesEntry::number);
        let lacking: Vec<String> = expected.iter().filter(|period| number(period).is_none()).map(|p| p.in_words()).collect();
        if !lacking.is_empty() {
            return Err(Box::new(Decision::YearNotWhole { year: in_words, lacking }));
        }
        let months: i32 = expected.iter().map(|period| period.months()).sum();
        scene.latest.value = expected.iter().filter_map(number).sum();
        scene.latest.limits = None;
        if months >= year.months() {
            scene.latest.period = in_words;
            return Ok(RuleInput::AnnualTarget { target, exceed, streak: 1 });
        }
        scene.latest.period = format!("{in_words} up to {}", format_day(now.end()));
        let share = f64::from(months) / f64::from(year.months());
        Ok(RuleInput::AnnualTargetSoFar { target, exceed, share, year: Some(in_words) })
    }

    /// That nobody collects the measure any more, with its last figure.
    fn retired(&self, retired: &Retirement, last: Option<&SeriesEntry>) -> Decision {
        let title = |id: &MeasureId| {
            let measure = self.context.inputs.framework.measure(id);
            measure.map_or_else(|| id.0.clone(), |measure| measure.title.trim().to_owned())
        };
        let in_words = |entry: &SeriesEntry| {
            let format = |value| self.measure.unit.format(value, self.measure.decimals);
            format!("{} in {}", entry.number().map_or("suppressed".to_owned(), format), entry.point.period.in_words())
        };
        Decision::Retired {
            from: retired.from,
            reason: retired.reason.clone(),
            last: last.map(in_words),
            successors: retired.successors.iter().map(title).collect(),
        }
    }

    /// A significant change for the worse, by the recent trend or, for months and quarters, by the control chart.
    fn worsening(&self, trend: Trend) -> bool {
        let points: Vec<SeriesPoint> = self.series.entries.iter().map(|entry| entry.point.clone()).collect();
        let chart = super::projection::chart_of(self.measure, self.area, &points, None);
        let last = chart.and_then(|chart| chart.variation);
        matches!(trend, Trend::IncreasingWorse | Trend::DecreasingWorse)
            || matches!(last, Some(spc::Variation::ConcernHigh | spc::Variation::ConcernLow))
    }
}
