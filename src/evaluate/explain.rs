//! One measure laid open: its definition and target as read, every figure used down to its cell or line, each
//! method's inputs and result, and why the status came out as it did.

use super::explained::{AssessmentWorking, Decision};
use super::inputs::EvaluationInputs;
use super::limits_method::{EXACT_BELOW, LimitsMethod};
use super::{
    AssessedTarget, Assessment, ByArea, ChangeSince, Coverage, Evaluation, Flag, MeasureAssessment, NoFigure, SeriesPoint, Status,
};
use crate::area::AreaCode;
use crate::figure::Observation;
use crate::framework::{Ambition, Measure, MeasureId, Role, Statistic, StatusRules, Target, Uncertainty};
use crate::period::Period;
use indicator_stats::projection::Projection;
use indicator_stats::{Confidence, Estimate, Withheld, proportion::wilson, rate, spc, trajectory};
use jiff::civil::Date;
use serde::Serialize;

/// Why a measure stands as it does.
///
/// It shows figures as they were given, small counts included: it is for those who judge, not for publication.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation<'a> {
    pub edition: &'a str,
    /// Whether the partnership has agreed the rules.
    pub status_rules: StatusRules,
    /// The quarter of the pack.
    pub period: Period,
    /// What "today" is.
    pub as_at: Date,
    pub measure: &'a Measure,
    pub ambition: AmbitionRead<'a>,
    pub headline: HeadlineChoice<'a>,
    /// The headline first where it is the system's, then each part.
    pub areas: Vec<AreaExplanation<'a>>,
}

/// What is aimed at, as the framework's files say it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AmbitionRead<'a> {
    pub id: &'a str,
    /// None for an overarching ambition.
    pub priority: Option<&'a str>,
    pub statement: &'a str,
    /// The measure's part in it.
    pub role: Role,
    pub target: &'a Target,
    /// The document that set it, where it is not the strategy itself; else empty.
    pub document: &'a str,
    /// The target's own date, or the edition's.
    pub due: Date,
    /// Ambiguities of the text, and the readings chosen.
    pub notes: Vec<&'a str>,
}

/// Whose figure counts for the system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadlineChoice<'a> {
    pub by: HeadlineBy,
    pub area: &'a AreaCode,
    pub area_name: &'a str,
    pub status: Status,
    pub reason: &'a str,
    /// The parts that could have counted, in the order of the definition.
    pub candidates: Vec<Candidate<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadlineBy {
    /// The system has a figure of its own, or nothing has one.
    System,
    /// Counts of the parts make up the system's figure.
    Parts,
    /// Counts of the organisations that gave it, which are not all.
    SomeOrganisations,
    /// The status in which the median resident lives, area by area.
    Areas,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate<'a> {
    pub area: &'a AreaCode,
    pub area_name: &'a str,
    pub status: Status,
    pub value: Option<f64>,
    pub period: Option<Period>,
    /// What the value is measured by: what is expected by now, or else the target, or else the baseline.
    pub beside: Option<f64>,
}

/// One area's judgement with all that it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AreaExplanation<'a> {
    pub area: &'a AreaCode,
    pub area_name: &'a str,
    /// Whether this one counts in the pack.
    pub headline: bool,
    pub status: Status,
    pub reason: &'a str,
    pub flags: &'a [Flag],
    pub next_due: Option<Date>,
    /// Every period of the series, oldest first.
    pub figures: Vec<Evidence<'a>>,
    pub latest: Option<&'a SeriesPoint>,
    /// The figure that the status speaks of, where that is not the latest.
    pub judged: Option<&'a SeriesPoint>,
    pub previous: Option<&'a SeriesPoint>,
    pub baseline: Option<&'a SeriesPoint>,
    /// The changes to the latest figure, with their tests.
    pub since_previous: Option<&'a ChangeSince>,
    pub since_baseline: Option<&'a ChangeSince>,
    /// Why there is no figure to judge.
    pub no_figure: Option<&'a NoFigure>,
    /// Of a figure pooled from organisations.
    pub coverage: Option<&'a Coverage>,
    /// Of a status made from areas.
    pub by_area: Option<&'a ByArea>,
    #[serde(rename = "goal")]
    pub target: Option<&'a AssessedTarget>,
    /// The comparator's figures of the same periods.
    pub comparator: Vec<&'a Observation>,
    /// What was given for this area and not used.
    pub set_aside: Vec<SetAside<'a>>,
    pub trajectory: Option<Trajectory>,
    pub projection: Option<Projection>,
    /// Why there is no projection.
    pub projection_withheld: Option<String>,
    pub control_chart: Option<ControlChart>,
    /// Comparison, trend and rule with their inputs.
    pub working: Option<&'a AssessmentWorking>,
}

/// A figure of the series, where it came from, and where its limits did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence<'a> {
    pub figure: &'a SeriesPoint,
    pub limits: LimitsWorking,
    /// One, or several where they were summed.
    pub observations: Vec<&'a Observation>,
}

/// How 95% limits were had: the method with O, n and m, or why there are none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LimitsWorking {
    pub method: LimitsMethod,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub multiplier: f64,
    /// Why there are none; null where there are.
    pub withheld: Option<String>,
}

/// A figure that was not used, and why not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetAside<'a> {
    pub why: WhySetAside,
    pub observation: &'a Observation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhySetAside {
    /// Of a group within the area.
    Breakdown,
    /// Its period ends after the quarter.
    NotYetEnded,
    /// Its periods are of another kind or length than the series.
    OtherPeriods,
    /// Another figure of the same period is used.
    Replaced,
}

/// The straight line from the baseline to the target, R(t).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trajectory {
    pub baseline: f64,
    pub baseline_ends: Date,
    pub target: f64,
    pub due: Date,
    /// The end of the latest period.
    pub at: Date,
    /// The share of the way that has gone, 0 to 1.
    pub elapsed: f64,
    pub expected: f64,
}

/// The SPC chart with the period of each of its points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ControlChart {
    pub periods: Vec<Period>,
    pub target: Option<f64>,
    pub chart: spc::Chart,
}

/// Lays open one measure of an evaluation that was made of `inputs`; none where the edition does not have it.
pub fn explain<'a>(inputs: &EvaluationInputs<'a>, evaluation: &'a Evaluation, measure: &MeasureId) -> Option<Explanation<'a>> {
    let framework = inputs.framework;
    let (ambition, aspiration) = framework.aspirations().find(|(_, aspiration)| aspiration.id == *measure)?;
    let judged = evaluation.measures.iter().find(|m| m.headline.measure == *measure)?;
    let measure = framework.measure(measure)?;
    let given: Vec<&Observation> = inputs.observations.iter().filter(|o| o.measure == measure.id).collect();
    let of_system = judged.headline.area == framework.edition.system;
    let explainer = Explainer { inputs, measure, given: &given };
    let areas = of_system
        .then_some(&judged.headline)
        .into_iter()
        .chain(&judged.areas)
        .map(|assessment| {
            let headline = assessment.area == judged.headline.area;
            explainer.explain(if headline { &judged.headline } else { assessment }, headline)
        })
        .collect();
    Some(Explanation {
        edition: &framework.edition.id,
        status_rules: framework.edition.status_rules,
        period: inputs.period,
        as_at: inputs.as_at,
        measure,
        ambition: AmbitionRead {
            due: framework.due(aspiration),
            notes: notes(ambition, &aspiration.notes),
            id: &ambition.id,
            priority: ambition.priority.as_deref(),
            statement: &ambition.statement,
            role: aspiration.role,
            target: &aspiration.target,
            document: &aspiration.document,
        },
        headline: explainer.choice(judged),
        areas,
    })
}

fn notes<'a>(ambition: &'a Ambition, of_target: &'a str) -> Vec<&'a str> {
    [ambition.notes.as_str(), of_target].into_iter().filter(|note| !note.is_empty()).collect()
}

/// What every area's explanation is made from.
struct Explainer<'a, 'b> {
    inputs: &'b EvaluationInputs<'a>,
    measure: &'a Measure,
    given: &'b [&'a Observation],
}

impl<'a> Explainer<'a, '_> {
    fn choice(&self, judged: &'a MeasureAssessment) -> HeadlineChoice<'a> {
        let headline = &judged.headline;
        let system = &self.inputs.framework.edition.system;
        let summed =
            headline.latest.as_ref().is_some_and(|latest| self.behind(latest).any(|observation| observation.area != *system));
        let is_part = headline.coverage.as_ref().is_some_and(|of| !of.absent.is_empty() || !of.left_out.is_empty());
        let by = match (headline.by_area.is_some(), is_part, summed) {
            (true, ..) => HeadlineBy::Areas,
            (_, true, _) => HeadlineBy::SomeOrganisations,
            (_, _, true) => HeadlineBy::Parts,
            _ => HeadlineBy::System,
        };
        let candidates = judged.areas.iter().map(|part| {
            let target = part.target.as_ref().and_then(|target| target.expected_now.or(target.value));
            Candidate {
                area: &part.area,
                area_name: self.name(&part.area),
                status: part.status,
                value: part.latest.as_ref().and_then(|latest| latest.value.number()),
                period: part.latest.as_ref().map(|latest| latest.period),
                beside: target.or(part.baseline.as_ref().and_then(|baseline| baseline.value.number())),
            }
        });
        HeadlineChoice {
            by,
            area: &headline.area,
            area_name: self.name(&headline.area),
            status: headline.status,
            reason: &headline.reason,
            candidates: candidates.collect(),
        }
    }

    /// An area by its name, an organisation by its own.
    fn name(&self, area: &'a AreaCode) -> &'a str {
        self.measure.name_of(area, self.inputs.areas)
    }

    /// The observations that a point was made from.
    fn behind<'p>(&self, point: &'p SeriesPoint) -> impl Iterator<Item = &'a Observation> + use<'a, 'p, '_> {
        let same = |o: &&Observation| {
            (o.category.is_none() || self.measure.made_from.is_some())
                && o.period == point.period
                && point.sources.iter().any(|source| source.includes(&o.provenance))
        };
        self.given.iter().copied().filter(same)
    }

    fn explain(&self, assessment: &'a Assessment, headline: bool) -> AreaExplanation<'a> {
        let figures: Vec<Evidence<'a>> = assessment
            .series
            .iter()
            .map(|figure| {
                let observations: Vec<_> = self.behind(figure).collect();
                Evidence { limits: self.limits(figure, &observations), figure, observations }
            })
            .collect();
        let is_to_come = assessment.target.as_ref().is_some_and(|target| target.due > self.inputs.as_at);
        let projection = if is_to_come { assessment.projection(self.measure) } else { Err(Withheld::NotInOrder) };
        let why_not = |withheld: &Withheld| match &assessment.target {
            _ if assessment.latest.is_none() => "there is no figure".to_owned(),
            None => "there is nothing to reach by a date".to_owned(),
            Some(_) if !is_to_come => "the date has passed".to_owned(),
            Some(_) => withheld.to_string(),
        };
        let projection_withheld = projection.as_ref().err().map(why_not);
        AreaExplanation {
            area: &assessment.area,
            area_name: self.name(&assessment.area),
            headline,
            status: assessment.status,
            reason: &assessment.reason,
            flags: &assessment.flags,
            next_due: assessment.next_due,
            latest: assessment.latest.as_ref(),
            judged: assessment.judged.as_ref(),
            since_previous: assessment.since_previous.as_ref(),
            since_baseline: assessment.since_baseline.as_ref(),
            no_figure: assessment.no_figure.as_ref(),
            coverage: assessment.coverage.as_ref(),
            by_area: assessment.by_area.as_ref(),
            previous: assessment.previous.as_ref(),
            baseline: assessment.baseline.as_ref(),
            target: assessment.target.as_ref(),
            comparator: self.comparator(assessment),
            set_aside: self.set_aside(assessment, &figures),
            trajectory: trajectory(assessment),
            projection_withheld,
            projection: projection.ok(),
            control_chart: assessment.control_chart(self.measure).map(|chart| ControlChart {
                periods: assessment.series.iter().filter(|p| p.value.number().is_some()).map(|p| p.period).collect(),
                target: assessment.target.as_ref().and_then(|target| target.value),
                chart,
            }),
            working: assessment.working.as_deref(),
            figures,
        }
    }

    fn comparator(&self, assessment: &Assessment) -> Vec<&'a Observation> {
        let area = &self.inputs.framework.edition.comparator;
        let used = |o: &Observation| {
            let beside = assessment.series.iter().find(|point| point.period == o.period).and_then(|point| point.comparator);
            o.area == *area && o.category.is_none() && beside.is_some() && o.value.number() == beside
        };
        self.given.iter().copied().filter(|o| used(o)).collect()
    }

    fn set_aside(&self, assessment: &Assessment, figures: &[Evidence<'a>]) -> Vec<SetAside<'a>> {
        let used = |o: &Observation| figures.iter().flat_map(|figure| &figure.observations).any(|used| std::ptr::eq(*used, o));
        let of_area = self.given.iter().copied().filter(|o| o.area == assessment.area && !used(o));
        of_area
            .map(|observation| {
                let why = if observation.category.is_some() {
                    WhySetAside::Breakdown
                } else if observation.period.end() > self.inputs.period.end() {
                    WhySetAside::NotYetEnded
                } else if assessment.series.iter().any(|point| point.period == observation.period) {
                    WhySetAside::Replaced
                } else {
                    WhySetAside::OtherPeriods
                };
                SetAside { why, observation }
            })
            .collect()
    }

    fn limits(&self, figure: &SeriesPoint, observations: &[&Observation]) -> LimitsWorking {
        let (numerator, denominator, multiplier) = (figure.numerator, figure.denominator, self.measure.multiplier);
        let working = |method, withheld| LimitsWorking { method, numerator, denominator, multiplier, withheld };
        if let [one] = observations
            && one.limits.is_some()
            && one.limits == figure.limits
        {
            return working(LimitsMethod::Published, None);
        }
        if let Some(method) = self
            .measure
            .made_from
            .as_ref()
            .map(|made_from| LimitsMethod::of_made(made_from, numerator))
            .filter(|_| figure.limits.is_some())
        {
            return working(method, None);
        }
        let count = if self.measure.statistic == Statistic::Count { figure.value.number() } else { numerator };
        match (figure.limits, self.measure.statistic, count) {
            (Some(_), Statistic::Proportion, _) => working(LimitsMethod::Wilson, None),
            (Some(_), _, Some(count)) if count < EXACT_BELOW => working(LimitsMethod::Exact, None),
            (Some(_), ..) => working(LimitsMethod::Byar, None),
            (None, ..) => working(LimitsMethod::None, Some(self.why_no_limits(figure))),
        }
    }

    fn why_no_limits(&self, figure: &SeriesPoint) -> String {
        let Some(value) = figure.value.number() else { return "there is no number".to_owned() };
        let counts = figure.numerator.zip(figure.denominator);
        let made: Result<Estimate, Withheld> = match (self.measure.statistic, counts) {
            _ if self.measure.uncertainty() == Uncertainty::None => {
                return "all of a finite set is counted, so that chance has no part".to_owned();
            }
            (Statistic::Quantity, _) => return "the figure has no sampling error".to_owned(),
            (Statistic::StandardisedRate | Statistic::Estimate, _) => {
                return "none are published, and they cannot be made from a numerator and a denominator".to_owned();
            }
            (Statistic::Count, _) => rate::count(value, Confidence::P95),
            (_, None) => return "none are published, and there is no numerator or denominator to make them from".to_owned(),
            (Statistic::Proportion, Some((count, of))) => wilson(count, of, self.measure.multiplier, Confidence::P95),
            (Statistic::CrudeRate, Some((count, of))) => rate::crude_rate(count, of, self.measure.multiplier, Confidence::P95),
        };
        made.map_or_else(|e| e.to_string(), |_| "the numerator and denominator do not give the value".to_owned())
    }
}

fn trajectory(assessment: &Assessment) -> Option<Trajectory> {
    let Decision::Rule { scene, question, .. } = &assessment.working.as_ref()?.decision else { return None };
    let start = question.line_start()?;
    let target = assessment.target.as_ref()?.value?;
    let at = scene.latest.ends;
    // By way of interim targets the line is that between the two values around the day.
    let interim = question.interim();
    let before = interim.iter().rfind(|of| of.due <= at).map_or((start.ends, start.value), |of| (of.due, of.value));
    let after = interim.iter().find(|of| at < of.due).map_or((scene.due, target), |of| (of.due, of.value));
    Some(Trajectory {
        baseline: before.1,
        baseline_ends: before.0,
        target: after.1,
        due: after.0,
        at,
        elapsed: trajectory::elapsed(before.0, after.0, at).ok()?,
        expected: trajectory::expected(before, after, at).ok()?,
    })
}
