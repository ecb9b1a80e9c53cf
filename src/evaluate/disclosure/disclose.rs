//! The evaluation as it may be published.

use super::apply::{self, Protection};
use super::count::{Truth, count};
use super::count_marks::CountMarks;
use super::figures::{as_shown, counts, group_key, is_stated, points, usual_denominator};
use super::hide::{self, Outcome};
use super::record::DisclosureAudit;
use super::rule::Rule;
use super::same::{SameCounts, rules};
use super::status::{self, Alternatives, Judge};
use super::sums;
use super::terms::DisclosureTerms;
use crate::area::{AreaCode, Areas};
use crate::evaluate::context::EvaluationContext;
use crate::evaluate::{Evaluation, EvaluationInputs, MeasureAssessment, SeriesPoint, ambitions};
use crate::figure::FigureKey;
use crate::framework::{Aspiration, Measure, MeasureId, Statistic};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An evaluation as it may be published, and what was hidden of it.
#[derive(Debug, Clone)]
pub struct DisclosedEvaluation {
    pub evaluation: Evaluation,
    pub audit: DisclosureAudit,
    /// Of what is not shown as it is; for the record only.
    pub marks: CountMarks,
}

/// The evaluation as it may be published.
///
/// By the measure's [`crate::framework::Disclosure`], counts of 1 to 4 (standard) or 1 to 7 (hospital episodes) are hidden;
/// zero stays; of other measures what is marked as suppressed is kept from being worked out. A count that is not given is worked out, from value and denominator or from the limits, as any reader could.
/// Beside small counts others are hidden until each small one keeps at least three possible values over all that is
/// published: all areas, sums, breakdowns, and what earlier packs showed. So does each count that is not given and that somebody is
/// asked for, where it could be small. A hidden figure is [`Value::Suppressed`](crate::value::Value::Suppressed), without
/// its limits, numerator and denominator, and a reason that could quote it is put in words without figures. Counts of
/// hospital episodes that are shown are rounded to 5, shares and crude rates are made from the rounded counts, and limits,
/// which give the exact count back, are not shown. A standardised rate without a count is shown to two figures.
///
/// A status is published where every status that the counts which stay possible could have leaves three of them; else it is
/// [`crate::evaluate::Status::NoFigure`], as for a withheld figure. So are ranks that would place a hidden figure between two that are shown.
///
/// Measures that have the same count, as a number and a share of the same people do, are hidden together.
///
/// What it does not do: hide that few are *without* a thing (98 of 100), or look across measures that are neither sums of others nor
/// the same count.
pub fn disclose(evaluation: &Evaluation, terms: &DisclosureTerms<'_>) -> DisclosedEvaluation {
    let &DisclosureTerms { framework, areas, secret, .. } = terms;
    let stated = SameCounts::stated(framework);
    let rules = rules(evaluation, framework, &stated);
    let same = stated.with_equal_counts(evaluation, framework, &rules);
    let mut outcomes: Vec<Outcome> =
        sums::tables(evaluation, terms, &rules, &same).iter().map(|table| hide::protect(table, secret).into_shown()).collect();
    let audit = DisclosureAudit::of(&outcomes);
    let mut hidden: BTreeSet<FigureKey> = outcomes.iter().flat_map(|outcome| outcome.hidden.keys().cloned()).collect();
    let possible: BTreeMap<FigureKey, BTreeSet<u8>> = outcomes.iter_mut().flat_map(|o| std::mem::take(&mut o.possible)).collect();
    let ranges: BTreeMap<FigureKey, (f64, f64)> = outcomes.iter_mut().flat_map(|o| std::mem::take(&mut o.ranges)).collect();
    let unprotected: BTreeSet<&MeasureId> = outcomes.iter().flat_map(|o| &o.unprotected).map(|key| &key.measure).collect();

    let measures: HashMap<&MeasureId, &Measure> = framework.measures.iter().map(|m| (&m.id, m)).collect();
    let aspirations: HashMap<&MeasureId, &Aspiration> = framework.aspirations().map(|(_, a)| (&a.id, a)).collect();
    let mut published = evaluation.clone();
    // Whoever judges anew needs the areas and the day, and no figures but those that are here.
    let inputs = EvaluationInputs::new(framework, areas, &[], &[], evaluation.period, evaluation.as_at);
    let context = EvaluationContext::of(&inputs);
    for assessed in &mut published.measures {
        let id = assessed.headline.measure.clone();
        let (Some(measure), Some(aspiration)) = (measures.get(&id), aspirations.get(&id)) else { continue };
        let Some(rule) = rules.get(&id).copied() else {
            let is_protected = |id: &MeasureId| measures.get(id).is_some_and(|part| Rule::of(part.disclosure).is_some());
            if measure.summed().iter().any(is_protected) {
                let each = std::iter::once(&mut assessed.headline).chain(&mut assessed.areas);
                each.for_each(apply::without_what_is_in_question);
            }
            continue;
        };
        hidden.extend(without_a_count(assessed, measure, aspiration, rule, areas));
        if unprotected.contains(&id) {
            hidden.extend(counts(assessed, measure, |_| false).iter().map(|(key, _)| as_shown(key)));
        }
        let by_area = assessed.headline.by_area.as_ref().map(|by| by.areas.len());
        let judge = Judge {
            context: &context,
            measure,
            aspiration,
            rule,
            hidden: &hidden,
            possible: &possible,
            ranges: &ranges,
            by_area,
            is_shared: same.is_shared(&id),
        };
        let of_system = judge.alternatives(&assessed.headline, true);
        let of_areas: Vec<Alternatives> = assessed.areas.iter().map(|area| judge.alternatives(area, false)).collect();
        let truth = assessed.clone();
        let protection = Protection { framework, measure, aspiration, rule, hidden: &hidden, areas };
        let each = std::iter::once(&mut assessed.headline).chain(&mut assessed.areas);
        for (assessment, alternatives) in each.zip(std::iter::once(&of_system).chain(&of_areas)) {
            protection.apply(assessment, alternatives);
            // How it was judged holds every figure.
            assessment.working = None;
        }
        for breakdown in &mut assessed.breakdowns {
            protection.apply_to_groups(breakdown);
        }
        status::by_areas(&judge, &truth, assessed, &of_areas);
        protection.ranks(assessed);
    }
    // How an ambition stands must not tell what its measures do not.
    published.ambitions = ambitions::assess(framework, &published.measures);
    let mut not_shown: BTreeMap<FigureKey, f64> = BTreeMap::new();
    for (truth, shown) in evaluation.measures.iter().zip(&published.measures) {
        let id = &truth.headline.measure;
        let (Some(measure), Some(aspiration)) = (measures.get(id), aspirations.get(id)) else { continue };
        if rules.contains_key(id) {
            not_shown.extend(counts_not_shown(truth, shown, measure, aspiration));
        }
    }
    DisclosedEvaluation { evaluation: published, audit, marks: CountMarks::of(&not_shown, secret) }
}

/// The counts of a measure's figures that readers cannot tell from what is shown.
fn counts_not_shown(
    truth: &MeasureAssessment,
    published: &MeasureAssessment,
    measure: &Measure,
    aspiration: &Aspiration,
) -> BTreeMap<FigureKey, f64> {
    // The first of a figure counts.
    let all = |of| counts(of, measure, |point| is_stated(aspiration, point)).into_iter().rev().collect::<BTreeMap<_, _>>();
    let shown = all(published);
    let not_shown = all(truth).into_iter().filter(|(key, truth)| shown.get(key) != Some(truth));
    not_shown.filter_map(|(key, truth)| if let Truth::Count(count) = truth { Some((key, count)) } else { None }).collect()
}

/// Shares and crude rates of which no count can be told from what is given with them. Of hospital episodes they cannot be
/// rounded, and whoever knows the denominator would have the count; of others everybody knows how many live in an area.
fn without_a_count(
    assessed: &MeasureAssessment,
    measure: &Measure,
    aspiration: &Aspiration,
    rule: Rule,
    areas: &Areas,
) -> Vec<FigureKey> {
    if matches!(measure.statistic, Statistic::StandardisedRate | Statistic::Estimate) {
        return Vec::new();
    }
    let is_exact = |point: &SeriesPoint, usual: Option<f64>, area: Option<&AreaCode>| {
        let Some(value) = point.value.number().filter(|_| count(measure, point, usual) == Truth::Absent) else { return false };
        let of_all = area.and_then(|area| areas.population(area)).map(|people| value * people as f64 / measure.multiplier);
        rule.round_to.is_some() || of_all.is_some_and(|count| rule.is_small(count.round()))
    };
    let mut keys = Vec::new();
    for of in std::iter::once(&assessed.headline).chain(&assessed.areas) {
        let mut exact: Vec<&SeriesPoint> = points(of).filter(|point| !is_stated(aspiration, point)).collect();
        exact.retain(|point| is_exact(point, usual_denominator(of, point.period), Some(&of.area)));
        let key = |point: &SeriesPoint| FigureKey::new(measure.id.clone(), of.area.clone(), point.period, None);
        keys.extend(exact.into_iter().map(key));
    }
    for breakdown in &assessed.breakdowns {
        let exact = breakdown.groups.iter().filter(|(_, point)| is_exact(point, None, None));
        keys.extend(exact.map(|(label, point)| group_key(measure, breakdown, label, point.period)));
    }
    keys
}
