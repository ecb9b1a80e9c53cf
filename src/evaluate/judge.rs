//! One measure judged for one area: which figure, from which baseline, by which rule.

use super::assess::{Context, next_due};
use super::methods::{comparison, spc, trend};
use super::series::{Entry, Series};
use super::working::{ComparisonWorking, TrendWorking, Working};
use super::{Assessment, Comparison, Flag, Point, Status, Trend};
use crate::area::AreaCode;
use crate::framework::{Aspiration, Measure, Statistic, Target};
use crate::period::{Period, Step};
use crate::value::Value;
use jiff::civil::Date;

/// Whose figures are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The system's: a baseline that the strategy states is its own.
    System,
    /// A part's: it starts from its own figure of the baseline period.
    Part,
}

pub(super) struct Case<'a> {
    pub context: &'a Context<'a>,
    pub measure: &'a Measure,
    pub aspiration: &'a Aspiration,
    pub area: &'a AreaCode,
    pub whose: Whose,
    pub series: &'a Series,
    pub comparator: &'a Series,
}

impl Case<'_> {
    pub(super) fn assess(&self) -> Assessment {
        let baseline = self.baseline();
        let latest = self.latest(baseline.as_ref().map(|b| b.period));
        let trend = self.trend();
        let decision = self.decide(latest, baseline.as_ref(), trend.result);
        let mut verdict = decision.verdict();
        let judged = latest.filter(|entry| entry.number().is_some());
        let not_made = self.context.headlines.made.why_not(&self.measure.id, self.area);
        if let Some((period, why)) = not_made.filter(|_| judged.is_none() && verdict.status == Status::NoFigure) {
            verdict.reason = format!("The figure of {period} is not given: {why}");
        }
        let comparison = judged.and_then(|entry| self.comparison(entry));
        if let Some((entry, replaced)) = judged.and_then(|entry| Some((entry, entry.replaced?))) {
            let given = |x| self.measure.unit.format(x, self.measure.decimals.max(2));
            let kept = given(entry.number().unwrap_or(replaced));
            verdict.reason = format!(
                "{} (two figures were given for {}: {kept} is used, not {})",
                verdict.reason,
                entry.point.period,
                given(replaced)
            );
        }
        let mut flags = verdict.flags;
        flags.extend((!self.measure.proxy.is_empty()).then_some(Flag::Proxy));
        flags.extend(self.is_illustrative(judged).then_some(Flag::Illustrative));
        flags.sort_unstable();
        flags.dedup();
        Assessment {
            measure: self.measure.id.clone(),
            area: self.area.clone(),
            previous: latest
                .and_then(|entry| {
                    self.series.numbers().map(|(e, _)| e).take_while(|e| e.point.period < entry.point.period).last()
                })
                .map(|e| self.point(e)),
            latest: latest.map(|entry| self.point(entry)),
            baseline,
            goal: verdict.goal,
            comparison: comparison.as_ref().map_or(Comparison::NotCompared, |comparison| comparison.result),
            trend: trend.result,
            status: verdict.status,
            reason: verdict.reason,
            flags,
            next_due: self.next_due(latest),
            series: self.series.entries.iter().map(|entry| self.point(entry)).collect(),
            working: Some(Box::new(Working { comparison, trend, decision })),
        }
    }

    pub(super) fn due(&self) -> Date {
        self.context.inputs.framework.due(self.aspiration)
    }

    /// True where the figure is compared with the baseline's by the limits of both.
    pub(super) fn stands_apart(&self) -> bool {
        matches!(self.aspiration.target, Target::Direction { .. } | Target::NarrowGap { .. } | Target::Stabilise { .. })
    }

    fn is_past_due(&self) -> bool {
        let dated = !matches!(self.aspiration.target, Target::AnnualTarget { .. } | Target::NotJudged { .. });
        dated && self.context.inputs.as_at > self.due()
    }

    fn point(&self, entry: &Entry) -> Point {
        Point { comparator: self.comparator_at(entry.point.period), ..entry.point.clone() }
    }

    pub(super) fn comparator_at(&self, period: Period) -> Option<f64> {
        self.comparator.at(period).and_then(Entry::number)
    }

    fn is_illustrative(&self, judged: Option<&Entry>) -> bool {
        let used = self.series.entries.iter().any(|e| e.point.illustrative);
        used || judged.and_then(|e| self.comparator.at(e.point.period)).is_some_and(|e| e.point.illustrative)
    }

    /// The baseline that the strategy states, or the figure of the period that it names; where it names none, the
    /// last whole period before its targets took effect.
    fn baseline(&self) -> Option<Point> {
        let Some(stated) = self.aspiration.target.baseline() else {
            // After the due date there is no line to be on, and so nothing to start it from.
            if self.is_past_due() || !matches!(self.aspiration.target, Target::Level { .. } | Target::Compliance { .. }) {
                return None;
            }
            let start = self.context.inputs.framework.edition.effective_from;
            return self.series.numbers().rev().find(|(e, _)| e.point.period.end() < start).map(|(e, _)| self.point(e));
        };
        let period = self.measure.period(&stated.period).ok()?;
        let observed = self.series.at(period).filter(|e| e.number().is_some()).map(|e| self.point(e));
        let own = self.whose == Whose::System
            || observed.is_none() && matches!(self.aspiration.target, Target::Level { .. } | Target::Compliance { .. });
        let Some(value) = stated.value.filter(|_| own) else { return observed };
        let rounding = 0.5 * 0.1_f64.powi(i32::from(self.measure.decimals)) + 1e-9;
        let same = observed.filter(|p| p.value.number().is_some_and(|v| (v - value).abs() <= rounding));
        let (limits, sources) = same.map_or((None, Vec::new()), |p| (p.limits, p.sources));
        Some(Point {
            period,
            value: Value::Number(value),
            numerator: None,
            denominator: None,
            limits,
            comparator: self.comparator_at(period),
            illustrative: false,
            sources,
        })
    }

    /// The last figure after the baseline, and once the due date has passed the last that ended by then. A figure
    /// that is compared with the baseline by their limits must share no day with it.
    fn latest(&self, baseline: Option<Period>) -> Option<&Entry> {
        let apart = self.stands_apart();
        let after =
            |period: Period| baseline.is_none_or(|b| if apart { period.start() > b.end() } else { period.end() > b.end() });
        let past_due = self.is_past_due();
        let counts = |period: Period| after(period) && (!past_due || period.end() <= self.due());
        let given = |value: Value| matches!(value, Value::Number(_) | Value::Suppressed);
        self.series.entries.iter().rev().find(|e| counts(e.point.period) && given(e.point.value))
    }

    /// Published one lag after the next period ends.
    fn next_due(&self, latest: Option<&Entry>) -> Option<Date> {
        Some(next_due(self.measure, latest.or(self.series.entries.last())?.point.period))
    }

    fn comparison(&self, entry: &Entry) -> Option<ComparisonWorking> {
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
        let testable =
            matches!(self.measure.statistic, Statistic::Proportion | Statistic::CrudeRate | Statistic::StandardisedRate);
        let annual =
            self.series.entries.last().is_some_and(|e| e.point.period.step() == Step::Year && e.point.period.count() == 1);
        let published = self.series.entries.last().and_then(|e| e.published_trend);
        let otherwise = published.unwrap_or(Trend::CannotBeCalculated);
        if !(testable && annual) {
            return TrendWorking { years: Vec::new(), tested: None, withheld: None, published, result: otherwise };
        }
        let latest = self.series.entries.len().saturating_sub(trend::YEARS);
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
        let (tested, withheld) = match trend::weighted(&years) {
            Ok(tested) => (Some(tested), None),
            Err(withheld) => (None, Some(withheld.to_string())),
        };
        let result = tested.map_or(otherwise, |found| found.direction.judged(self.measure.polarity));
        TrendWorking { years, tested, withheld, published, result }
    }

    /// A significant change for the worse, by the recent trend or, for months and quarters, by the control chart.
    pub(super) fn worsening(&self, trend: Trend) -> bool {
        let shorter = self.series.entries.last().is_some_and(|e| e.point.period.step() != Step::Year);
        let chart = || {
            let values: Vec<f64> = self.series.numbers().map(|(_, value)| value).collect();
            let enough = values.len() >= spc::FEWEST_FOR_LIMITS;
            let last = spc::chart(&values, &spc::Options::new(self.measure.polarity)).variation;
            enough && matches!(last, Some(spc::Variation::ConcernHigh | spc::Variation::ConcernLow))
        };
        matches!(trend, Trend::IncreasingWorse | Trend::DecreasingWorse) || (shorter && chart())
    }
}
