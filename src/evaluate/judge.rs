//! One measure judged for one area: which figure, from which baseline, by which rule.

use super::assess::EvaluationContext;
use super::change::{Change, Counts, TestableFigure};
use super::compared::{OtherAreaFigure, RankAmongNeighbours};
use super::distribution::in_funnel;
use super::explained::{AssessmentWorking, ComparisonWorking, Decision, TrendWorking};
use super::series::{FigureSeries, SeriesEntry};
use super::{Assessment, ChangeSince, Comparison, Flag, NoFigure, Point, Status, Trend};
use crate::area::AreaCode;
use crate::framework::{Aspiration, Measure, MeasureId, PartsAre, Retirement, Statistic};
use crate::period::{Period, Step};
use crate::value::{Unit, Value};
use indicator_stats::{Confidence, comparison, spc, trend};
use jiff::civil::Date;

/// Whose figures are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JudgedAs {
    /// The system's: a baseline that the strategy states is its own.
    System,
    /// A part's: it starts from its own figure of the baseline period.
    Part,
}

pub(super) struct AreaCase<'a> {
    pub context: &'a EvaluationContext<'a>,
    pub measure: &'a Measure,
    pub aspiration: &'a Aspiration,
    pub area: &'a AreaCode,
    pub whose: JudgedAs,
    pub series: &'a FigureSeries,
    pub comparator: &'a FigureSeries,
}

impl AreaCase<'_> {
    pub(super) fn assess(&self) -> Assessment {
        let baseline = self.baseline();
        let latest = self.latest(baseline.as_ref().map(|b| b.period));
        let trend = self.trend();
        let (decision, judged) = self.decide(latest, baseline.as_ref(), trend.result);
        let mut verdict = decision.verdict();
        let figure = latest.filter(|entry| entry.number().is_some());
        let not_made = self.context.headlines.made.why_not(&self.measure.id, self.area);
        if let Some((period, why)) = not_made.filter(|_| figure.is_none() && verdict.status == Status::NoFigure) {
            verdict.reason = format!("The figure of {period} is not given: {why}");
        }
        let comparison = figure.and_then(|entry| self.comparison(entry));
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
        if self.context.inputs.is_interim() {
            // Returns are still to come: nothing is final yet.
            flags.retain(|flag| *flag != Flag::Final);
        }
        flags.extend((!self.measure.proxy.is_empty()).then_some(Flag::Proxy));
        flags.extend(self.is_illustrative(figure).then_some(Flag::Illustrative));
        flags.extend(figure.is_some_and(|entry| entry.limits_worked_out).then_some(Flag::LimitsWorkedOut));
        flags.sort_unstable();
        flags.dedup();
        let previous = latest.and_then(|entry| self.previous(entry));
        let latest_point = latest.map(|entry| self.point(entry));
        let rankings = self.context.rankings.get(&self.measure.id).map_or(&[][..], Vec::as_slice);
        let in_funnel = latest_point.as_ref().and_then(|point| in_funnel(self.measure, point).ok());
        let since = |earlier: Option<&Point>| {
            let both = earlier.zip(latest_point.as_ref());
            // What was counted otherwise is not set beside what is counted now.
            both.filter(|(a, b)| self.measure.redefined_between(a.period, b.period).is_none()).and_then(|(a, b)| self.since(a, b))
        };
        let previous = previous.map(|entry| self.point(entry));
        // A figure that is too old to judge is too old to set beside others.
        let current = figure.filter(|_| decision.no_figure() != Some(NoFigure::TooOld));
        let mut assessment = Assessment {
            measure: self.measure.id.clone(),
            area: self.area.clone(),
            since_previous: since(previous.as_ref()),
            since_baseline: since(baseline.as_ref()),
            previous,
            judged: judged.filter(|entry| latest.is_some_and(|l| l.point.period != entry.point.period)).map(|e| self.point(e)),
            baseline,
            goal: verdict.goal,
            comparison: comparison.as_ref().map_or(Comparison::NotCompared, |comparison| comparison.result),
            trend: trend.result,
            status: verdict.status,
            reason: verdict.reason,
            flags,
            no_figure: decision.no_figure(),
            coverage: None,
            by_area: None,
            next_due: self.next_due(latest).filter(|_| self.measure.retired.is_none()),
            series: self.series.entries.iter().map(|entry| self.point(entry)).collect(),
            latest: latest_point,
            working: Some(Box::new(AssessmentWorking { comparison, trend, decision })),
            among_like: None,
            region: current.and_then(|entry| self.region(entry)),
            beside: current.map_or(Vec::new(), |entry| self.others(entry)),
            neighbours: current.and_then(|entry| self.neighbours(entry.point.period)),
            in_funnel,
        };
        assessment.among_like = rankings.iter().find_map(|ranking| ranking.place(&assessment).ok());
        assessment
    }

    pub(super) fn due(&self) -> Date {
        self.context.inputs.framework.due(self.aspiration)
    }

    /// Its date has passed, and it is judged for that date.
    pub(super) fn is_past_due(&self) -> bool {
        let target = &self.aspiration.target;
        target.is_dated() && !target.goes_beyond_due() && self.context.inputs.as_at > self.due()
    }

    fn point(&self, entry: &SeriesEntry) -> Point {
        Point { comparator: self.comparator_at(entry.point.period), ..entry.point.clone() }
    }

    pub(super) fn comparator_at(&self, period: Period) -> Option<f64> {
        self.comparator.at(period).and_then(SeriesEntry::number)
    }

    fn is_illustrative(&self, judged: Option<&SeriesEntry>) -> bool {
        let used = self.series.entries.iter().any(|e| e.point.illustrative);
        let beside = judged.and_then(|e| self.comparator.at(e.point.period)).is_some_and(|e| e.point.illustrative);
        used || beside || judged.is_some_and(|e| self.scenario_at(e.point.period).is_some_and(|e| e.point.illustrative))
    }

    /// The baseline that the strategy states, or the figure of the period that it names; where it names none, the
    /// last whole period before the edition's day for that.
    fn baseline(&self) -> Option<Point> {
        let Some(stated) = self.aspiration.target.baseline() else {
            // After the due date there is no line to be on, and so nothing to start it from.
            if self.is_past_due() || !self.aspiration.target.is_a_value() {
                return None;
            }
            let start = self.context.inputs.framework.edition.baseline_before();
            return self.series.numbers().rev().find(|(e, _)| e.point.period.end() < start).map(|(e, _)| self.point(e));
        };
        let period = self.measure.period(&stated.period).ok()?;
        let observed = self.series.at(period).filter(|e| e.number().is_some()).map(|e| self.point(e));
        // The number of the whole is no start for that of a part; a share or a rate of the whole is, where it has none of its own.
        let own = self.whose == JudgedAs::System
            || observed.is_none() && self.aspiration.target.is_a_value() && !self.asks_a_number_of_the_whole();
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

    /// True where a figure of this period counts after the baseline's. One that is tested against the baseline must
    /// share no day with it.
    pub(super) fn is_after(&self, period: Period, baseline: Option<Period>) -> bool {
        let apart = self.aspiration.target.tests_change();
        baseline.is_none_or(|b| if apart { period.start() > b.end() } else { period.end() > b.end() })
    }

    /// The last figure after the baseline, a withheld one among them.
    fn latest(&self, baseline: Option<Period>) -> Option<&SeriesEntry> {
        self.series.entries.iter().rev().find(|entry| self.counts_after(entry, baseline))
    }

    /// True for a figure after the baseline's. One that is withheld counts only after the period that the target names: of that
    /// period it is a baseline that is withheld, and not the figure that is judged.
    pub(super) fn counts_after(&self, entry: &SeriesEntry, baseline: Option<Period>) -> bool {
        let named = || self.aspiration.target.baseline().and_then(|named| self.measure.period(&named.period).ok());
        let start = baseline.or_else(|| named().filter(|_| entry.number().is_none()));
        entry.is_given() && self.is_after(entry.point.period, start)
    }

    /// The last figure before `latest` that shares no day with it; of months and quarters, which have seasons, that of a
    /// year before. Where all share days with it, the one before it.
    fn previous(&self, latest: &SeriesEntry) -> Option<&SeriesEntry> {
        let period = latest.point.period;
        let is_alike = |e: &&SeriesEntry| self.measure.redefined_between(e.point.period, period).is_none();
        let earlier = || self.series.numbers().map(|(e, _)| e).take_while(|e| e.point.period < period).filter(is_alike);
        if period.step() != Step::Year && period.months() < 12 {
            let steps = 12 / period.step().months();
            let year_before = (0..steps).fold(period, |p, _| p.previous());
            return earlier().find(|e| e.point.period == year_before);
        }
        earlier().filter(|e| e.point.period.end() < period.start()).last().or_else(|| earlier().last())
    }

    /// The figure with what a test of it needs.
    pub(super) fn figure(&self, point: &Point) -> Option<TestableFigure> {
        let value = point.value.number()?;
        let counts = match self.measure.statistic {
            Statistic::Count => Some(Counts { numerator: value, denominator: f64::from(point.period.months()) }),
            Statistic::Proportion | Statistic::CrudeRate => {
                let denominator = point.denominator.filter(|of| *of > 0.0);
                point.numerator.zip(denominator).map(|(numerator, denominator)| Counts { numerator, denominator })
            }
            Statistic::StandardisedRate | Statistic::Estimate | Statistic::Quantity => None,
        };
        let ends = point.period.end();
        let season = (point.period.months() < 12).then(|| ends.month());
        Some(TestableFigure { value, limits: point.limits, counts, period: point.period.in_words(), ends, season })
    }

    /// The change from an earlier figure to the latest.
    fn since(&self, earlier: &Point, latest: &Point) -> Option<ChangeSince> {
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
        Some(format!("the level changed in {} ({})", step.from, step.reason.trim_end_matches('.')))
    }

    /// That nobody collects the measure any more, with its last figure.
    pub(super) fn retired(&self, retired: &Retirement, last: Option<&SeriesEntry>) -> Decision {
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

    /// When the figure after the latest is due.
    fn next_due(&self, latest: Option<&SeriesEntry>) -> Option<Date> {
        let last = latest.or(self.series.entries.last())?.point.period.end();
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

    /// The region's figure of the same period, where the edition names a region that has one.
    fn region(&self, entry: &SeriesEntry) -> Option<OtherAreaFigure> {
        self.beside(self.context.inputs.framework.edition.region.as_ref()?, entry)
    }

    /// The figures of the same period of the further areas that the edition has shown beside it.
    fn others(&self, entry: &SeriesEntry) -> Vec<OtherAreaFigure> {
        self.context.inputs.framework.edition.beside.iter().filter_map(|area| self.beside(area, entry)).collect()
    }

    fn beside(&self, other: &AreaCode, entry: &SeriesEntry) -> Option<OtherAreaFigure> {
        if other == self.area {
            return None;
        }
        let theirs = self.context.headlines.series(self.measure, other).at(entry.point.period).and_then(SeriesEntry::number)?;
        let name = self.context.inputs.areas.name(other);
        Some(OtherAreaFigure::of(name, theirs, entry.number()?, entry.point.limits, self.measure.polarity))
    }

    /// None of an organisation: its area's neighbours are no likeness of it.
    fn neighbours(&self, period: Period) -> Option<RankAmongNeighbours> {
        if self.measure.parts_are == PartsAre::Organisations && self.measure.parts.contains(self.area) {
            return None;
        }
        let inputs = self.context.inputs;
        let mut distributions = inputs.distributions.iter().filter(|distribution| distribution.measure == self.measure.id);
        distributions.find_map(|of| RankAmongNeighbours::of(inputs.areas, self.area, period, of, self.measure.polarity))
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
            self.series.entries.last().is_some_and(|e| e.point.period.step() == Step::Year && e.point.period.count() == 1);
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
        let (tested, withheld) = match trend::weighted(&years) {
            Ok(tested) => (Some(tested), None),
            Err(withheld) => (None, Some(withheld.to_string())),
        };
        let result = tested.map_or(otherwise, |found| found.direction.judged(self.measure.polarity));
        TrendWorking { years, tested, withheld, published, result }
    }

    /// A significant change for the worse, by the recent trend or, for months and quarters, by the control chart.
    pub(super) fn worsening(&self, trend: Trend) -> bool {
        let points: Vec<Point> = self.series.entries.iter().map(|entry| entry.point.clone()).collect();
        let chart = super::projection::chart_of(self.measure, self.area, &points, None);
        let last = chart.and_then(|chart| chart.variation);
        matches!(trend, Trend::IncreasingWorse | Trend::DecreasingWorse)
            || matches!(last, Some(spc::Variation::ConcernHigh | spc::Variation::ConcernLow))
    }
}
