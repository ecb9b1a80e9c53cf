//! One measure judged for one area: which figure, from which baseline, by which rule.

use super::area_case::AreaCase;
use super::change::Change;
use super::distribution::in_funnel;
use super::explained::{AssessmentWorking, ComparisonWorking, Decision, TrendWorking};
use super::select_rule::decide;
use super::series::SeriesEntry;
use super::{Assessment, ChangeSince, Flag, NoFigure, SeriesPoint, Status};
use crate::area::AreaCode;
use crate::framework::Statistic;
use crate::period::{Period, PeriodStep};
use crate::value::{Unit, Value};
use indicator_stats::{Comparison, Trend};
use indicator_stats::{Confidence, comparison, trend};
use jiff::civil::Date;

/// Judges one measure for one area.
pub(super) fn assess_area(case: &AreaCase<'_>) -> Assessment {
    let baseline = case.baseline();
    let latest = case.latest(baseline.as_ref().map(|b| b.period));
    let trend = case.trend();
    let (decision, judged) = decide(case, latest, baseline.as_ref(), trend.result);
    let mut verdict = decision.verdict();
    let figure = latest.filter(|entry| entry.number().is_some());
    let not_made = case.context.headlines.made.why_not(&case.measure.id, case.area);
    if let Some((period, why)) = not_made.filter(|_| figure.is_none() && verdict.status == Status::NoFigure) {
        verdict.reason = format!("The figure of {} is not given: {why}", period.in_words());
    }
    // From a figure in question nothing is concluded: it is shown, beside no other.
    let is_certain = |entry: &&SeriesEntry| !case.subject().is_in_question(entry.point.period);
    let certain = figure.filter(is_certain);
    let comparable = certain.filter(|entry| !case.subject().is_comparison_in_question(entry.point.period));
    let comparison = comparable.and_then(|entry| case.comparison(entry));
    if let Some((entry, replaced)) = judged.and_then(|entry| Some((entry, entry.replaced?))) {
        let given = |x| case.measure.unit.format(x, case.measure.decimals.max(2));
        let kept = given(entry.number().unwrap_or(replaced));
        verdict.reason = format!(
            "{} (two figures were given for {}: {kept} is used, not {})",
            verdict.reason,
            entry.point.period,
            given(replaced)
        );
    }
    let mut flags = verdict.flags;
    if case.context.inputs.is_interim() {
        // Returns are still to come: nothing is final yet.
        flags.retain(|flag| *flag != Flag::Final);
    }
    flags.extend((!case.measure.proxy.is_empty()).then_some(Flag::Proxy));
    flags.extend(case.is_illustrative(figure).then_some(Flag::Illustrative));
    let shown = figure.or(case.series.last_given().filter(|_| latest.is_none()));
    flags.extend(shown.is_some_and(|entry| entry.limits_worked_out).then_some(Flag::LimitsWorkedOut));
    flags.extend(case.flags_of_age(latest, &decision));
    if let Some(period) = case.not_applicable_since(latest) {
        verdict.reason = format!("{} (it does not apply in {})", verdict.reason, period.in_words());
        // Nothing newer is to be had.
        flags.retain(|flag| !flag.is_of_age());
    }
    flags.sort_unstable();
    flags.dedup();
    let previous = latest.and_then(|entry| case.previous(entry));
    let latest_point = latest.map(|entry| case.point(entry));
    let in_funnel = latest_point.as_ref().filter(|_| certain.is_some()).and_then(|point| in_funnel(case.measure, point).ok());
    let since = |earlier: Option<&SeriesPoint>| {
        let both = earlier.zip(latest_point.as_ref());
        // What was counted otherwise is not set beside what is counted now.
        both.filter(|(a, b)| case.measure.redefined_between(a.period, b.period).is_none()).and_then(|(a, b)| case.since(a, b))
    };
    let previous = previous.map(|entry| case.point(entry));
    // A figure that is too old to judge is too old to set beside others, and tells no change of now.
    let is_current = decision.no_figure() != Some(NoFigure::TooOld) && !flags.contains(&Flag::TooOld);
    let current = certain.filter(|_| is_current);
    let since = |earlier: Option<&SeriesPoint>| since(earlier).filter(|_| is_current);
    let mut assessment = Assessment {
        measure: case.measure.id.clone(),
        area: case.area.clone(),
        since_previous: since(previous.as_ref()),
        since_baseline: since(baseline.as_ref()),
        previous,
        judged: judged.filter(|entry| latest.is_some_and(|l| l.point.period != entry.point.period)).map(|e| case.point(e)),
        baseline,
        target: verdict.target,
        comparison: comparison.as_ref().map_or(Comparison::NotCompared, |comparison| comparison.result),
        trend: trend.result,
        status: verdict.status,
        reason: verdict.reason,
        flags,
        no_figure: decision.no_figure(),
        coverage: None,
        by_area: None,
        next_due: case.next_due(latest).filter(|_| case.measure.retired.is_none()),
        scenario_sources: judged.filter(|_| verdict.status.is_judged()).map_or(Vec::new(), |entry| case.scenario_sources(entry)),
        series: case.series.entries.iter().map(|entry| case.point(entry)).collect(),
        latest: latest_point,
        not_after_baseline: false,
        working: Some(Box::new(AssessmentWorking { comparison, trend, decision })),
        among_like: None,
        region: current.and_then(|entry| case.subject().region(&entry.point)),
        beside: current.map_or(Vec::new(), |entry| case.subject().others(&entry.point)),
        neighbours: current.and_then(|entry| case.subject().neighbours(entry.point.period)),
        in_funnel,
    };
    assessment.among_like = certain.and_then(|_| case.context.rank_among_like(&assessment));
    assessment
}

impl AreaCase<'_> {
    fn is_illustrative(&self, judged: Option<&SeriesEntry>) -> bool {
        let used = self.series.entries.iter().any(|e| e.point.illustrative);
        let beside = judged.and_then(|e| self.comparator.at(e.point.period)).is_some_and(|e| e.point.illustrative);
        used || beside || judged.is_some_and(|e| self.scenario_at(e.point.period).is_some_and(|e| e.point.illustrative))
    }

    /// The last figure after the baseline, a withheld one among them.
    fn latest(&self, baseline: Option<Period>) -> Option<&SeriesEntry> {
        self.series.entries.iter().rev().find(|entry| self.counts_after(entry, baseline))
    }

    /// The last period, where that is after `latest` and it was said of it that the figure does not apply.
    fn not_applicable_since(&self, latest: Option<&SeriesEntry>) -> Option<Period> {
        let last = self.series.entries.iter().rfind(|entry| entry.point.value != Value::Missing)?;
        let is_newer = latest.is_none_or(|latest| last.point.period > latest.point.period);
        (is_newer && last.point.value == Value::NotApplicable).then_some(last.point.period)
    }

    /// The last figure before `latest` that shares no day with it; of months and quarters, which have seasons, that of a
    /// year before. Where all share days with it, the one before it.
    fn previous(&self, latest: &SeriesEntry) -> Option<&SeriesEntry> {
        let period = latest.point.period;
        let is_alike = |e: &&SeriesEntry| self.measure.redefined_between(e.point.period, period).is_none();
        let earlier = || self.series.numbers().map(|(e, _)| e).take_while(|e| e.point.period < period).filter(is_alike);
        if period.step() != PeriodStep::Year && period.months() < 12 {
            let steps = 12 / period.step().months();
            let year_before = (0..steps).fold(period, |p, _| p.previous());
            return earlier().find(|e| e.point.period == year_before);
        }
        earlier().filter(|e| e.point.period.end() < period.start()).last().or_else(|| earlier().last())
    }

    /// The change from an earlier figure to the latest.
    fn since(&self, earlier: &SeriesPoint, latest: &SeriesPoint) -> Option<ChangeSince> {
        let (before, now) = (self.figure(earlier)?, self.figure(latest)?);
        let uncertainty = self.measure.uncertainty();
        let share_days = earlier.period.end() >= latest.period.start();
        let (change, is_significant_998) = if let Some(why) = self.not_alike(earlier.period, latest.period) {
            (Change::untested(&before, &now, &why), None)
        } else if share_days {
            (Change::untested(&before, &now, "the two periods share days"), None)
        } else {
            let at_998 = Change::at(&before, &now, uncertainty, Confidence::P998);
            (Change::between(&before, &now, uncertainty), at_998.is_significant())
        };
        let sign = self.measure.polarity.sign();
        let is_better = sign.map(|sign| sign * change.difference).filter(|gain| *gain != 0.0).map(|gain| gain > 0.0);
        Some(ChangeSince { period: earlier.period, change, is_significant_998, is_better })
    }

    /// Why two periods of one series are not of one level: a step change between them, or a doubtful figure.
    fn not_alike(&self, earlier: Period, latest: Period) -> Option<String> {
        if let Some(period) = [latest, earlier].into_iter().find(|period| self.subject().is_in_question(*period)) {
            return Some(format!("the figure of {} is in question", period.in_words()));
        }
        let is_here = |area: &Option<AreaCode>| area.as_ref().is_none_or(|area| area == self.area);
        let period = |label: &str| self.measure.period(label).ok();
        let doubtful =
            self.measure.doubtful.iter().find(|doubtful| {
                is_here(&doubtful.area) && period(&doubtful.period).is_some_and(|p| p == earlier || p == latest)
            });
        if let Some(doubtful) = doubtful {
            return Some(format!("a figure is doubtful ({})", doubtful.reason.trim_end_matches('.')));
        }
        let step = self
            .measure
            .step_changes
            .iter()
            .find(|step| is_here(&step.area) && period(&step.from).is_some_and(|from| earlier < from && from <= latest))?;
        let from = self.measure.period_in_words(&step.from);
        Some(format!("the level changed in {from} ({})", step.reason.trim_end_matches('.')))
    }

    /// That the latest figure is older than it should be, or so old that it says nothing of now. Of a target whose date has
    /// passed the figure of that date stands.
    fn flags_of_age(&self, latest: Option<&SeriesEntry>, decision: &Decision) -> Vec<Flag> {
        if self.measure.retired.is_some() || matches!(decision, Decision::Rule { scene, .. } if scene.closed) {
            return Vec::new();
        }
        let Some(end) = latest.or(self.series.last_given()).map(|last| last.point.period.end()) else { return Vec::new() };
        let is_past = |steps| self.context.inputs.as_at > self.context.inputs.due_after(self.measure, self.area, end, steps);
        // Where that is why there is no status it is said already.
        let is_said = decision.no_figure() == Some(NoFigure::TooOld);
        let flags = [(Flag::Stale, is_past(1)), (Flag::TooOld, is_past(2) && !is_said)];
        flags.into_iter().filter_map(|(flag, holds)| holds.then_some(flag)).collect()
    }

    /// When the figure after the latest is due.
    fn next_due(&self, latest: Option<&SeriesEntry>) -> Option<Date> {
        let last = latest.or(self.series.last_given()).or(self.series.entries.last())?.point.period.end();
        Some(self.context.inputs.due_after(self.measure, self.area, last, 1))
    }

    fn comparison(&self, entry: &SeriesEntry) -> Option<ComparisonWorking> {
        let (value, limits, polarity) = (entry.number()?, entry.point.limits, self.measure.polarity);
        let (comparator, published) = (self.comparator_at(entry.point.period), entry.published_comparison);
        let result = match comparison::single(Some(value), limits, comparator, polarity) {
            Comparison::NotCompared => published.unwrap_or(Comparison::NotCompared),
            compared => compared,
        };
        Some(ComparisonWorking { value, limits, comparator, polarity, published, result })
    }

    /// The recent trend where the measure allows one, or the publisher's own.
    fn trend(&self) -> TrendWorking {
        let testable = match self.measure.statistic {
            Statistic::Proportion | Statistic::CrudeRate | Statistic::StandardisedRate => true,
            // A survey's published percentage, whose limits serve as they are.
            Statistic::Estimate => self.measure.unit == Unit::Percent,
            Statistic::Count | Statistic::Quantity => false,
        };
        let annual =
            self.series.entries.last().is_some_and(|e| e.point.period.step() == PeriodStep::Year && e.point.period.count() == 1);
        let last = self.series.entries.last().map(|e| e.point.period);
        let is_alike = |e: &SeriesEntry| last.is_some_and(|last| self.measure.redefined_between(e.point.period, last).is_none());
        let alike = self.series.entries.iter().position(is_alike).unwrap_or_default();
        // The publisher's own trend is of its last five years, too.
        let published = self.series.entries.last().and_then(|e| e.published_trend);
        let published = published.filter(|_| alike == 0 || self.series.entries.len() - alike >= trend::YEARS);
        let otherwise = published.unwrap_or(Trend::CannotBeCalculated);
        if !(testable && annual) {
            return TrendWorking { years: Vec::new(), tested: None, withheld: None, published, result: otherwise };
        }
        let latest = self.series.entries.len().saturating_sub(trend::YEARS).max(alike);
        let years: Vec<_> = self.series.entries[latest..]
            .iter()
            .map(|e| trend::Year {
                year: i32::from(e.point.period.start().year()),
                value: e.number(),
                limits: e.point.limits,
                numerator: e.point.numerator,
                denominator: e.point.denominator,
            })
            .collect();
        let in_question =
            self.series.entries[latest..].iter().map(|e| e.point.period).find(|p| self.subject().is_in_question(*p));
        let (tested, withheld) = match (in_question, trend::weighted(&years)) {
            (Some(period), _) => (None, Some(format!("the figure of {} is in question", period.in_words()))),
            (None, Ok(tested)) => (Some(tested), None),
            (None, Err(withheld)) => (None, Some(withheld.to_string())),
        };
        let result = tested.map_or(otherwise, |found| found.direction.judged(self.measure.polarity));
        TrendWorking { years, tested, withheld, published, result }
    }
}
