//! What may be published. Applied once, at the edge: figures are judged as they were given, and a small count is
//! hidden only where a pack or an export is made.

use super::ambitions;
use super::small_counts::{Cell, Counts, Sum};
use super::{Assessment, Breakdown, Evaluation, Flag, Goal, MeasureAssessment, Point, Revision, Status};
use crate::area::{AreaCode, Areas};
use crate::collect::{FigureKey, Finding, Grade, ReturnReceipt};
use crate::framework::{Aspiration, Disclosure, Framework, Measure, MeasureId, Statistic};
use crate::period::Period;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The evaluation as it may be published.
///
/// By the measure's [`Disclosure`], counts of 1 to 4 (standard) or 1 to 7 (hospital episodes) are hidden, each
/// period for itself; zero stays. Where the sums of areas would give a hidden count away, the next smallest is
/// hidden with it, until none can be had. A hidden figure is [`Value::Suppressed`], without its limits, numerator
/// and denominator, and a reason that could quote it is put in words without figures. Counts of hospital episodes
/// that are shown are rounded to 5, and shares and crude rates are made from the rounded counts.
///
/// A status is published, with two exceptions where it would tell the hidden count: all of them were reached
/// (the count is its denominator), and only one count from 1 to the greatest hidden lies on the figure's side of
/// its goal and of what is expected by now. Then the status is [`Status::NoFigure`], as for a withheld figure.
///
/// Groups of deprivation are treated alike, each breakdown for itself beside the figure of its area.
///
/// What it does not do: hide that few are *without* a thing (98 of 100), or look across periods or measures.
pub fn disclose(evaluation: &Evaluation, framework: &Framework, areas: &Areas) -> Evaluation {
    let measures: HashMap<&MeasureId, &Measure> = framework.measures.iter().map(|m| (&m.id, m)).collect();
    let aspirations: HashMap<&MeasureId, &Aspiration> = framework.aspirations().map(|(_, a)| (&a.id, a)).collect();
    let mut published = evaluation.clone();
    for (assessed, evaluated) in published.measures.iter_mut().zip(&evaluation.measures) {
        let id = &assessed.headline.measure;
        let (Some(measure), Some(aspiration)) = (measures.get(id), aspirations.get(id)) else { continue };
        let Some(rule) = Rule::of(measure.disclosure) else { continue };
        let hidden = hidden(assessed, measure, aspiration, rule, framework, areas);
        let protection = Protection { framework, measure, aspiration, rule, hidden, areas };
        for assessment in std::iter::once(&mut assessed.headline).chain(&mut assessed.areas) {
            protection.apply(assessment);
            // How it was judged holds every figure.
            assessment.working = None;
        }
        for breakdown in &mut assessed.breakdowns {
            let whole = std::iter::once(&evaluated.headline).chain(&evaluated.areas).find(|of| of.area == breakdown.area);
            protection.apply_to_groups(breakdown, whole);
        }
        without_withheld_areas(assessed);
    }
    // How an ambition stands must not tell what its measures do not.
    published.ambitions = ambitions::assess(framework, &published.measures);
    published
}

/// A status made from areas does not name one that is withheld.
fn without_withheld_areas(assessed: &mut MeasureAssessment) {
    let withheld: BTreeSet<AreaCode> = assessed
        .areas
        .iter()
        .filter(|area| area.flags.contains(&Flag::Suppressed) && area.status == Status::NoFigure)
        .map(|area| area.area.clone())
        .collect();
    let Some(by_area) = assessed.headline.by_area.as_mut() else { return };
    let mut changed = false;
    for standing in by_area.areas.iter_mut().filter(|standing| withheld.contains(&standing.area)) {
        changed |= standing.status != Status::NoFigure;
        (standing.status, standing.is_significantly_adverse) = (Status::NoFigure, false);
    }
    if changed {
        assessed.headline.reason =
            "By the status in which the median resident lives; that of some areas is withheld to protect people".to_owned();
    }
}

/// Revised figures as they may be published: of a protected measure it is told that a figure was revised, not what it
/// read, since the difference of two published figures could tell a hidden count; of a count by age band too, of whatever
/// measure.
pub fn disclose_revisions(revisions: &[Revision], framework: &Framework) -> Vec<Revision> {
    let is_protected = |id| framework.measure(id).is_none_or(|measure| Rule::of(measure.disclosure).is_some());
    let is_component = |of: &Revision| of.category.as_ref().is_some_and(|category| category.component().is_some());
    let published = revisions.iter().map(|revision| match is_protected(&revision.measure) || is_component(revision) {
        true => Revision { old: Value::Suppressed, new: Value::Suppressed, ..revision.clone() },
        false => revision.clone(),
    });
    published.collect()
}

/// What was found in returns as it may be published: see [`disclose_findings`].
pub fn disclose_receipts(receipts: &[ReturnReceipt], published: &Evaluation, framework: &Framework) -> Vec<ReturnReceipt> {
    let mut receipts = receipts.to_vec();
    let findings = receipts.iter_mut().flat_map(|receipt| &mut receipt.findings);
    disclose_each(findings, published, framework);
    receipts
}

/// What was found of figures as it may be published: of a figure of a protected measure, or one that is withheld in
/// `published`, it is told that something was found, not the figures in it.
pub fn disclose_findings(findings: &[Finding], published: &Evaluation, framework: &Framework) -> Vec<Finding> {
    let mut findings = findings.to_vec();
    disclose_each(findings.iter_mut(), published, framework);
    findings
}

fn disclose_each<'f>(findings: impl Iterator<Item = &'f mut Finding>, published: &Evaluation, framework: &Framework) {
    let assessments = published.measures.iter().flat_map(|m| m.areas.iter().chain([&m.headline]));
    let withheld: BTreeSet<(&MeasureId, &AreaCode, Period)> = assessments
        .flat_map(|a| a.series.iter().filter(|p| p.value == Value::Suppressed).map(|p| (&a.measure, &a.area, p.period)))
        .collect();
    let is_protected = |about: &FigureKey| {
        framework.measure(&about.measure).is_none_or(|measure| Rule::of(measure.disclosure).is_some())
            || withheld.contains(&(&about.measure, &about.area, about.period))
            || about.category.as_ref().is_some_and(|category| category.component().is_some())
    };
    for finding in findings {
        if let Some(about) = finding.about.as_ref().filter(|about| is_protected(about)) {
            let found = if finding.grade == Grade::Error { "wrong, and is not used" } else { "doubtful" };
            finding.problem = format!("{} for {}: a figure that is not published was found {found}", about.measure, about.period);
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Rule {
    /// Counts of 1 up to this are hidden.
    most: f64,
    /// Other counts are rounded to multiples of this.
    round_to: Option<f64>,
}

impl Rule {
    fn of(disclosure: Disclosure) -> Option<Self> {
        match disclosure {
            Disclosure::None => None,
            Disclosure::Standard => Some(Rule { most: 4.0, round_to: None }),
            Disclosure::HospitalEpisodes => Some(Rule { most: 7.0, round_to: Some(5.0) }),
        }
    }
}

/// The points that are hidden, by area and period.
type Hidden = BTreeSet<(AreaCode, Period)>;

fn hidden(
    assessed: &MeasureAssessment,
    measure: &Measure,
    aspiration: &Aspiration,
    rule: Rule,
    framework: &Framework,
    areas: &Areas,
) -> Hidden {
    let mut periods: BTreeMap<Period, BTreeMap<&AreaCode, Cell>> = BTreeMap::new();
    for assessment in std::iter::once(&assessed.headline).chain(&assessed.areas) {
        for point in points(assessment).filter(|point| !is_stated(aspiration, point)) {
            if let Some(cell) = cell(measure, point) {
                periods.entry(point.period).or_default().insert(&assessment.area, cell);
            }
        }
    }
    let system = &framework.edition.system;
    let own = (!measure.parts.is_empty()).then_some(Sum { whole: system, parts: &measure.parts });
    let of_tree = areas.iter().filter(|area| !area.parts.is_empty()).map(|area| Sum { whole: &area.code, parts: &area.parts });
    let sums: Vec<Sum<'_>> = own.into_iter().chain(of_tree).collect();
    periods
        .into_iter()
        .flat_map(|(period, cells)| {
            let hidden = Counts { cells, sums: sums.clone(), most: rule.most }.hidden();
            hidden.into_iter().map(move |area| (area.clone(), period)).collect::<Vec<_>>()
        })
        .collect()
}

fn points(of: &Assessment) -> impl Iterator<Item = &Point> {
    of.series.iter().chain(&of.latest).chain(&of.judged).chain(&of.previous).chain(&of.baseline)
}

fn cell(measure: &Measure, point: &Point) -> Option<Cell> {
    match (point.value, is_count(measure)) {
        (Value::Suppressed, _) => Some(Cell::Withheld),
        (Value::NotApplicable, _) => Some(Cell::Count(0.0)),
        (Value::Missing, _) => None,
        (Value::Number(value), true) => Some(Cell::Count(value)),
        (Value::Number(_), false) => point.numerator.map(Cell::Count),
    }
}

/// True where the figure itself is the count.
fn is_count(measure: &Measure) -> bool {
    matches!(measure.statistic, Statistic::Count | Statistic::Quantity)
}

/// A baseline that the strategy's own text gives is public.
fn is_stated(aspiration: &Aspiration, point: &Point) -> bool {
    let stated = aspiration.target.baseline().and_then(|baseline| baseline.value);
    stated.is_some() && point.value.number() == stated && point.numerator.is_none()
}

/// How one measure is protected.
struct Protection<'a> {
    framework: &'a Framework,
    measure: &'a Measure,
    aspiration: &'a Aspiration,
    rule: Rule,
    hidden: Hidden,
    areas: &'a Areas,
}

impl Protection<'_> {
    fn apply(&self, assessment: &mut Assessment) {
        let area = assessment.area.clone();
        let changes = |point: &Point| !is_stated(self.aspiration, point);
        let is_hidden = |point: &Point| changes(point) && self.hidden.contains(&(area.clone(), point.period));
        let latest_is_hidden = assessment.latest.as_ref().is_some_and(&is_hidden);
        let some_are_hidden = points(assessment).any(&is_hidden);
        let baseline_is_protected = assessment
            .baseline
            .as_ref()
            .is_some_and(|baseline| is_hidden(baseline) || (changes(baseline) && self.is_rounded(baseline)));
        let latest_is_rounded = assessment.latest.as_ref().is_some_and(|latest| self.is_rounded(latest));

        if latest_is_hidden {
            if self.status_tells(assessment) {
                assessment.status = Status::NoFigure;
                assessment.reason =
                    "The figure is suppressed to protect people, and so is a status that would tell it".to_owned();
            } else {
                assessment.reason = "The figure is suppressed to protect people; its status rests on it all the same".to_owned();
            }
            assessment.flags.push(Flag::Suppressed);
            assessment.flags.sort_unstable();
            assessment.flags.dedup();
        }
        // A difference of two figures would tell a hidden or rounded one.
        let tells = |point: Option<&Point>| point.is_some_and(|p| is_hidden(p) || (changes(p) && self.is_rounded(p)));
        let of_latest = tells(assessment.latest.as_ref());
        if of_latest {
            (assessment.in_funnel, assessment.among_like) = (None, None);
            (assessment.region, assessment.neighbours) = (None, None);
            assessment.beside.clear();
        }
        if of_latest || tells(assessment.previous.as_ref()) {
            assessment.since_previous = None;
        }
        if of_latest || tells(assessment.baseline.as_ref()) {
            assessment.since_baseline = None;
        }
        let Assessment { series, latest, judged, previous, baseline, .. } = assessment;
        for point in series.iter_mut().chain(latest).chain(judged).chain(previous).chain(baseline) {
            if is_hidden(point) {
                hide(point);
            } else if changes(point) {
                self.round(point);
            }
        }
        if baseline_is_protected {
            assessment.goal = assessment.goal.take().map(|goal| self.goal_without_baseline(goal));
        }
        if !latest_is_hidden && (some_are_hidden || latest_is_rounded || baseline_is_protected) {
            assessment.reason = self.reason_of_latest(assessment, some_are_hidden);
        }
        if latest_is_hidden || some_are_hidden || latest_is_rounded || baseline_is_protected {
            if assessment.flags.contains(&Flag::ByArea) {
                assessment.reason = format!("{}: {}", self.areas.name(&assessment.area), assessment.reason);
            }
        } else if self.quotes_a_replaced_figure(assessment) {
            // What was given before may be smaller than what stands.
            assessment.reason = self.reason_of_latest(assessment, false);
        }
    }

    /// The small counts of groups, and those that would give them away beside the figure of the `whole`; all of them where
    /// that one is hidden, since they add up to it. Without every group as it was given there is no slope.
    fn apply_to_groups(&self, breakdown: &mut Breakdown, whole: Option<&Assessment>) {
        let Some(period) = breakdown.groups.first().map(|(_, point)| point.period) else { return };
        let whole = whole.and_then(|whole| points(whole).find(|point| point.period == period));
        let codes: Vec<AreaCode> = (0..breakdown.groups.len()).filter_map(|i| AreaCode::new(format!("group-{i}")).ok()).collect();
        let mut cells: BTreeMap<&AreaCode, Cell> = BTreeMap::new();
        for (code, (_, point)) in codes.iter().zip(&breakdown.groups) {
            cells.extend(cell(self.measure, point).map(|cell| (code, cell)));
        }
        cells.extend(whole.and_then(|point| cell(self.measure, point)).map(|cell| (&breakdown.area, cell)));
        let sums = vec![Sum { whole: &breakdown.area, parts: &codes }];
        let hidden = Counts { cells, sums, most: self.rule.most }.hidden();
        let all = hidden.contains(&breakdown.area) || self.hidden.contains(&(breakdown.area.clone(), period));
        for (code, (_, point)) in codes.iter().zip(&mut breakdown.groups) {
            if point.value == Value::Missing {
                continue;
            }
            if all || hidden.contains(code) {
                hide(point);
            } else {
                self.round(point);
            }
        }
        let rounded = || breakdown.groups.iter().any(|(_, point)| self.is_rounded(point));
        if all || !hidden.is_empty() || rounded() {
            breakdown.slope = None;
        }
    }

    /// Rounded counts change what stands beside them: a count itself, and a share or crude rate made from it.
    fn is_rounded(&self, point: &Point) -> bool {
        self.rule.round_to.is_some()
            && match self.measure.statistic {
                Statistic::Count | Statistic::Quantity => point.value.number().is_some(),
                Statistic::Proportion | Statistic::CrudeRate => point.numerator.is_some(),
                Statistic::StandardisedRate | Statistic::Estimate => false,
            }
    }

    fn round(&self, point: &mut Point) {
        let Some(to) = self.rule.round_to else { return };
        let rounded = |count: f64| (count / to).round() * to;
        if self.is_rounded(point) {
            let counts = point.numerator.zip(point.denominator).filter(|(_, of)| *of > 0.0);
            point.value = match (point.value, counts) {
                (Value::Number(count), _) if is_count(self.measure) => Value::Number(rounded(count)),
                // A rounded share of a small group is no more than all of it.
                (Value::Number(_), Some((count, of))) if self.measure.statistic == Statistic::Proportion => {
                    Value::Number(self.measure.multiplier * (rounded(count) / of).min(1.0))
                }
                (Value::Number(_), Some((count, of))) => Value::Number(self.measure.multiplier * rounded(count) / of),
                (Value::Number(_), None) => Value::Suppressed,
                (other, _) => other,
            };
            // Limits give the exact count back.
            point.limits = None;
        }
        point.numerator = point.numerator.map(rounded);
    }

    /// See [`disclose`] for the two cases.
    fn status_tells(&self, assessment: &Assessment) -> bool {
        let reached = matches!(assessment.status, Status::Achieved | Status::AchievedLate);
        let all = self.measure.statistic == Statistic::Proportion
            && assessment.goal.as_ref().and_then(|goal| goal.value) == Some(self.measure.multiplier);
        if reached && (all || self.aspiration.target.is_all_or_none()) {
            return true;
        }
        let count = assessment.latest.as_ref().and_then(|latest| latest.value.number());
        let Some(count) = count.filter(|count| is_count(self.measure) && *count <= self.rule.most) else { return false };
        let beside = assessment.latest.as_ref().and_then(|latest| latest.comparator);
        let bars: Vec<f64> =
            assessment.goal.iter().flat_map(|goal| goal.value.into_iter().chain(goal.expected_now)).chain(beside).collect();
        let alike = |other: f64| bars.iter().all(|bar| (other >= *bar) == (count >= *bar) && (other > *bar) == (count > *bar));
        let mut candidate = 1.0;
        let mut candidates = 0;
        while candidate <= self.rule.most {
            candidates += u32::from(alike(candidate));
            candidate += 1.0;
        }
        candidates < 2
    }

    /// A goal without the figures that rest on the baseline; its words are then the target's own.
    fn goal_without_baseline(&self, goal: Goal) -> Goal {
        let goal = Goal { expected_now: None, ..goal };
        if self.aspiration.target.states_its_value() {
            return goal;
        }
        Goal { value: None, words: self.framework.target_in_words(self.aspiration, self.areas), ..goal }
    }

    fn reason_of_latest(&self, assessment: &Assessment, earlier_hidden: bool) -> String {
        let Some((latest, value)) = assessment.latest.as_ref().and_then(|latest| Some((latest, latest.value.number()?))) else {
            return "Its figures are protected and are not shown".to_owned();
        };
        let value = self.measure.unit.format(value, self.measure.decimals);
        let wanted = assessment.goal.as_ref().map_or(String::new(), |goal| format!("; wanted: {}", goal.words));
        let rounded = if self.is_rounded(latest) { ", by counts rounded to 5" } else { "" };
        let hidden = if earlier_hidden { "; an earlier figure is suppressed to protect people" } else { "" };
        format!("{value} in {}{rounded}{wanted}{hidden}", latest.period.in_words())
    }

    fn quotes_a_replaced_figure(&self, assessment: &Assessment) -> bool {
        assessment.reason.contains("two figures were given")
    }
}

fn hide(point: &mut Point) {
    point.value = Value::Suppressed;
    point.numerator = None;
    point.denominator = None;
    point.limits = None;
}
