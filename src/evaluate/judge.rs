//! One measure judged for one area: which figure, from which baseline, by which rule.

use super::assess::{Context, months_after};
use super::methods::{comparison, spc, trend};
use super::rules::{self, Comparator, Figure, Scene, Start, Verdict, in_full, month_and_year};
use super::series::{Entry, Series};
use super::{Assessment, Comparison, Flag, Point, Status, Trend};
use crate::area::AreaCode;
use crate::framework::{Aspiration, Measure, Source, Statistic, Target};
use crate::period::{Period, Step};
use crate::value::{Polarity, Value};
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
        let mut verdict = match latest {
            _ if matches!(self.aspiration.target, Target::NotJudged { .. }) => self.not_judged(),
            Some(entry) => match entry.number() {
                Some(value) => self.judge(entry, value, baseline.as_ref(), trend),
                None => self.withheld(entry),
            },
            None => self.nothing_yet(baseline.as_ref()),
        };
        let judged = latest.filter(|entry| entry.number().is_some());
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
            comparison: judged.map_or(Comparison::NotCompared, |entry| self.comparison(entry)),
            trend,
            status: verdict.status,
            reason: verdict.reason,
            flags,
            next_due: self.next_due(latest),
            series: self.series.entries.iter().map(|entry| self.point(entry)).collect(),
        }
    }

    fn due(&self) -> Date {
        self.context.inputs.framework.due(self.aspiration)
    }

    fn point(&self, entry: &Entry) -> Point {
        Point { comparator: self.comparator_at(entry.point.period), ..entry.point.clone() }
    }

    fn comparator_at(&self, period: Period) -> Option<f64> {
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
            if !matches!(self.aspiration.target, Target::Level { .. } | Target::Compliance { .. }) {
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
        let apart =
            matches!(self.aspiration.target, Target::Direction { .. } | Target::NarrowGap { .. } | Target::Stabilise { .. });
        let after =
            |period: Period| baseline.is_none_or(|b| if apart { period.start() > b.end() } else { period.end() > b.end() });
        let dated = !matches!(self.aspiration.target, Target::AnnualTarget { .. } | Target::NotJudged { .. });
        let past_due = dated && self.context.inputs.as_at > self.due();
        let counts = |period: Period| after(period) && (!past_due || period.end() <= self.due());
        let given = |value: Value| matches!(value, Value::Number(_) | Value::Suppressed);
        self.series.entries.iter().rev().find(|e| counts(e.point.period) && given(e.point.value))
    }

    /// Published one lag after the next period ends.
    fn next_due(&self, latest: Option<&Entry>) -> Option<Date> {
        let last = latest.or(self.series.entries.last())?.point.period.end();
        Some(months_after(last, self.measure.cadence_months.saturating_add(self.measure.publication_lag_months)))
    }

    fn comparison(&self, entry: &Entry) -> Comparison {
        let other = self.comparator_at(entry.point.period);
        match comparison::single(entry.number(), entry.point.limits, other, self.measure.polarity) {
            Comparison::NotCompared => entry.published_comparison.unwrap_or(Comparison::NotCompared),
            compared => compared,
        }
    }

    /// The recent trend where the measure allows one, or the publisher's own.
    fn trend(&self) -> Trend {
        let testable =
            matches!(self.measure.statistic, Statistic::Proportion | Statistic::CrudeRate | Statistic::StandardisedRate);
        let annual =
            self.series.entries.last().is_some_and(|e| e.point.period.step() == Step::Year && e.point.period.count() == 1);
        let computed = (testable && annual).then(|| {
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
            trend::weighted(&years)
        });
        match computed {
            Some(Ok(found)) => found.direction.judged(self.measure.polarity),
            _ => self.series.entries.last().and_then(|e| e.published_trend).unwrap_or(Trend::CannotBeCalculated),
        }
    }

    /// A significant change for the worse, by the recent trend or, for months and quarters, by the control chart.
    fn worsening(&self, trend: Trend) -> bool {
        let shorter = self.series.entries.last().is_some_and(|e| e.point.period.step() != Step::Year);
        let chart = || {
            let values: Vec<f64> = self.series.numbers().map(|(_, value)| value).collect();
            let enough = values.len() >= spc::FEWEST_FOR_LIMITS;
            let last = spc::chart(&values, &spc::Options::new(self.measure.polarity)).variation;
            enough && matches!(last, Some(spc::Variation::ConcernHigh | spc::Variation::ConcernLow))
        };
        matches!(trend, Trend::IncreasingWorse | Trend::DecreasingWorse) || (shorter && chart())
    }

    fn not_judged(&self) -> Verdict {
        let needed = match &self.aspiration.target {
            Target::NotJudged { needed } => needed.as_str(),
            _ => "",
        };
        Verdict { status: Status::CannotBeJudged, reason: format!("Needed to judge it: {needed}"), flags: Vec::new(), goal: None }
    }

    fn withheld(&self, entry: &Entry) -> Verdict {
        let reason = format!("The figure for {} is suppressed", entry.point.period.in_words());
        Verdict { status: Status::NoData, reason, flags: vec![Flag::Suppressed], goal: None }
    }

    fn nothing_yet(&self, baseline: Option<&Point>) -> Verdict {
        let verdict = |status, reason| Verdict { status, reason, flags: Vec::new(), goal: None };
        if let Some(baseline) = baseline {
            let first_ends = months_after(baseline.period.end(), self.measure.cadence_months);
            let published = months_after(first_ends, self.measure.publication_lag_months);
            let since = format!("the baseline of {}", baseline.period.in_words());
            if self.context.inputs.as_at < published {
                return verdict(
                    Status::NotYetDue,
                    format!("The first figure after {since} is due in {}", month_and_year(published)),
                );
            }
            return verdict(Status::NoData, format!("No figure has been received for any period after {since}"));
        }
        let reason = match &self.measure.source {
            Source::None => "Nobody publishes or returns this figure yet".to_owned(),
            Source::Return { .. } => "No partner has returned a figure".to_owned(),
            Source::Indicator { source, indicator, .. } => {
                format!("No figure has been received from {source} (indicator {indicator})")
            }
        };
        verdict(Status::NoData, reason)
    }

    fn judge(&self, entry: &Entry, value: f64, baseline: Option<&Point>, trend: Trend) -> Verdict {
        let (as_at, due, period) = (self.context.inputs.as_at, self.due(), entry.point.period);
        let (cadence, lag) = (self.measure.cadence_months, self.measure.publication_lag_months);
        // Closed: the due date has passed and no later period could still end by it.
        let closed = as_at > due && months_after(period.end(), cadence) > due;
        let expected = months_after(period.end(), cadence.saturating_add(lag));
        let gone = months_after(period.end(), cadence.saturating_mul(2).saturating_add(lag));
        if !closed && as_at > gone {
            let last = self.measure.unit.format(value, self.measure.decimals);
            let reason = format!(
                "The last figure, {last} in {}, is too old to judge by: a newer one was due in {}",
                period.in_words(),
                month_and_year(expected)
            );
            return Verdict { status: Status::NoData, reason, flags: vec![Flag::Stale], goal: None };
        }
        let start = baseline.and_then(|b| {
            Some(Start { value: b.value.number()?, limits: b.limits, period: b.period.in_words(), ends: b.period.end() })
        });
        let Some(sign) = self.sign(start.as_ref()) else {
            let reason = "The measure does not say which direction is good".to_owned();
            return Verdict { status: Status::CannotBeJudged, reason, flags: Vec::new(), goal: None };
        };
        let scene = Scene {
            latest: Figure { value, limits: entry.point.limits, period: period.in_words(), ends: period.end() },
            sign,
            due,
            closed,
            worsening: self.worsening(trend),
            exact: self.measure.statistic == Statistic::Quantity,
            unit: self.measure.unit,
            decimals: self.measure.decimals,
        };
        let mut verdict = self.by_rule(&scene, entry, start.as_ref(), baseline);
        if !closed && as_at > expected {
            verdict.flags.push(Flag::Stale);
        }
        verdict
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
        })
    }

    fn by_rule(&self, scene: &Scene, entry: &Entry, start: Option<&Start>, baseline: Option<&Point>) -> Verdict {
        let comparator = Comparator {
            name: self.context.comparator_name(),
            value: self.comparator_at(entry.point.period),
            published: entry.published_comparison,
        };
        let from = |rule: &dyn Fn(&Start) -> Verdict| match start {
            Some(start) => rule(start),
            None => self.no_baseline(scene),
        };
        match &self.aspiration.target {
            Target::Level { value, strict, .. } => rules::level(scene, *value, *strict, start),
            Target::CloseGap { .. } => rules::close_gap(scene, &comparator, start, baseline.and_then(|b| b.comparator)),
            Target::CapRise { percent, .. } => from(&|start| rules::cap_rise(scene, *percent, start)),
            Target::Stabilise { .. } => from(&|start| rules::stabilise(scene, start)),
            Target::BetterThanComparator { .. } => rules::better_than_comparator(scene, &comparator),
            Target::SimilarOrBetter { .. } => rules::similar_or_better(scene, &comparator),
            Target::SustainedReduction { .. } => from(&|start| self.sustained(scene, entry, start)),
            Target::PercentChange { percent, .. } => from(&|start| rules::percent_change(scene, *percent, start)),
            Target::AgainstGrowth { percent, annual_growth_percent, .. } => {
                from(&|start| rules::against_growth(scene, *percent, *annual_growth_percent, start))
            }
            Target::AnnualTarget { targets, exceed } => self.annual(scene, entry, targets, *exceed),
            Target::Direction { .. } => from(&|start| rules::direction(scene, start)),
            Target::NarrowGap { .. } => from(&|start| rules::narrow_gap(scene, start)),
            Target::Compliance { full, .. } => {
                rules::compliance(scene, *full, entry.point.numerator.zip(entry.point.denominator), start)
            }
            Target::ReductionBand { percent, early, late, .. } => {
                from(&|start| rules::reduction_band(scene, rules::Band { percent: *percent, early: *early, late: *late }, start))
            }
            Target::NotJudged { .. } => self.not_judged(),
        }
    }

    fn no_baseline(&self, scene: &Scene) -> Verdict {
        let named = self.aspiration.target.baseline().map_or(String::new(), |b| format!(", {}", b.period));
        let value = scene.unit.format(scene.latest.value, scene.decimals);
        let reason = format!("{value} in {}, but there is no figure for the baseline period{named}", scene.latest.period);
        Verdict { status: Status::NoData, reason, flags: Vec::new(), goal: None }
    }

    fn sustained(&self, scene: &Scene, entry: &Entry, start: &Start) -> Verdict {
        let between = |e: &Entry| e.point.period.end() > start.ends && e.point.period < entry.point.period;
        let later: Vec<(f64, _)> = self.series.numbers().filter(|(e, _)| between(e)).map(|(e, v)| (v, e.point.limits)).collect();
        let (before, limits) = later.last().copied().unwrap_or((start.value, start.limits));
        let polarity = if scene.sign > 0.0 { Polarity::High } else { Polarity::Low };
        let last_change = comparison::double(scene.latest.value, scene.latest.limits, before, limits, polarity);
        let earlier: Vec<f64> = std::iter::once(start.value).chain(later.iter().map(|(value, _)| *value)).collect();
        rules::sustained_reduction(scene, &earlier, last_change)
    }

    fn annual(&self, scene: &Scene, entry: &Entry, targets: &[crate::framework::YearTarget], exceed: bool) -> Verdict {
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
            return rules::annual_target(scene, target, exceed, streak);
        }
        let year = targets.iter().find_map(|t| {
            let year = self.measure.period(&t.period).ok()?;
            let inside = year.start() <= entry.point.period.start() && entry.point.period.end() <= year.end();
            inside.then_some((year, t.value))
        });
        match year {
            Some((year, target)) => self.year_so_far(scene, entry, year, target, exceed),
            None => {
                let value = scene.unit.format(scene.latest.value, scene.decimals);
                let reason = format!("{value} in {}, but no target is set for that year", scene.latest.period);
                Verdict { status: Status::NoData, reason, flags: Vec::new(), goal: None }
            }
        }
    }

    /// Months and quarters of a running year: counts add up to now, other figures stand as they are.
    fn year_so_far(&self, scene: &Scene, entry: &Entry, year: Period, target: f64, exceed: bool) -> Verdict {
        let adds_up = matches!(self.measure.statistic, Statistic::Count | Statistic::Quantity);
        if !adds_up {
            return rules::annual_target_so_far(scene, target, exceed, 1.0);
        }
        let within = |e: &Entry| year.start() <= e.point.period.start() && e.point.period <= entry.point.period;
        let so_far: Vec<_> = self.series.numbers().filter(|(e, _)| within(e)).collect();
        let months: i32 = so_far.iter().map(|(e, _)| e.point.period.months()).sum();
        let value = so_far.iter().map(|(_, value)| value).sum();
        let period = format!("the year to {}", in_full(entry.point.period.end()));
        let scene = Scene { latest: Figure { value, limits: None, period, ..scene.latest.clone() }, ..scene.clone() };
        if months >= year.months() {
            rules::annual_target(&scene, target, exceed, 1)
        } else {
            rules::annual_target_so_far(&scene, target, exceed, f64::from(months) / f64::from(year.months()))
        }
    }
}
