//! The figures of an evaluation, each with its count.

use super::count::{Truth, count};
use crate::area::AreaCode;
use crate::evaluate::{Assessment, Breakdown, Coverage, MeasureAssessment, SeriesPoint};
use crate::figure::{Category, FigureKey};
use crate::framework::{Aspiration, Framework, Measure, MeasureId};
use crate::period::Period;
use crate::value::Value;
use std::collections::BTreeMap;

/// The scheme under which a figure of the system stands in a table that is pooled from some of its organisations.
const POOLED_FROM: &str = "pooled from";

pub(super) fn aspiration<'f>(framework: &'f Framework, measure: &MeasureId) -> Option<&'f Aspiration> {
    framework.aspirations().map(|(_, aspiration)| aspiration).find(|aspiration| aspiration.id == *measure)
}

/// Every point of an assessment; most stand in its series too.
pub(super) fn points(of: &Assessment) -> impl Iterator<Item = &SeriesPoint> {
    of.series.iter().chain(&of.latest).chain(&of.judged).chain(&of.previous).chain(&of.baseline)
}

/// A baseline that the strategy's own text gives is public.
pub(super) fn is_stated(aspiration: &Aspiration, point: &SeriesPoint) -> bool {
    let stated = aspiration.target.baseline().and_then(|baseline| baseline.value);
    stated.is_some() && point.value.number() == stated && point.numerator.is_none()
}

/// The denominator of the period nearest to this one, the earlier of two.
pub(super) fn usual_denominator(of: &Assessment, period: Period) -> Option<f64> {
    let away = |of: &SeriesPoint| (period.end() - of.period.end()).get_days().abs();
    let with = points(of).filter(|point| point.denominator.is_some());
    with.min_by_key(|point| (away(point), point.period)).and_then(|point| point.denominator)
}

/// The counts of a measure's figures.
pub(super) fn counts(
    of: &MeasureAssessment,
    measure: &Measure,
    is_public: impl Fn(&SeriesPoint) -> bool,
) -> Vec<(FigureKey, Truth)> {
    let all = figures(of, measure, is_public).into_iter().map(|(key, _, truth)| (key, truth));
    all.filter(|(_, truth)| *truth != Truth::Absent).collect()
}

/// A measure's figures, each with its count.
pub(super) fn figures(
    of: &MeasureAssessment,
    measure: &Measure,
    is_public: impl Fn(&SeriesPoint) -> bool,
) -> Vec<(FigureKey, Value, Truth)> {
    let mut found = Vec::new();
    for assessment in std::iter::once(&of.headline).chain(&of.areas) {
        for point in points(assessment).filter(|point| !is_public(point)) {
            let truth = count(measure, point, usual_denominator(assessment, point.period));
            let made_of = pooled_from_some(assessment, point);
            let key = FigureKey::new(measure.id.clone(), assessment.area.clone(), point.period, made_of);
            found.push((key, point.value, truth));
        }
    }
    for breakdown in &of.breakdowns {
        for (label, point) in &breakdown.groups {
            let key = group_key(measure, breakdown, label, point.period);
            found.push((key, point.value, count(measure, point, None)));
        }
    }
    found
}

/// A figure that some of the organisations make is not that of all of them, though it is shown in its place: by which it is made,
/// where some did not give theirs, or it does not apply to some now.
fn pooled_from_some(of: &Assessment, point: &SeriesPoint) -> Option<Category> {
    let is_of_some = |coverage: &&Coverage| !coverage.absent.is_empty() || !coverage.left_out.is_empty();
    // Where one of several gave it, what is shown is what all of them gave before.
    let coverage = of.coverage.as_ref().filter(is_of_some).filter(|coverage| coverage.given.len() > 1)?;
    // A baseline of which the series has none is that of all.
    let is_pooled = of.series.iter().any(|pooled| pooled.period == point.period);
    let given: Vec<&str> = coverage.given.iter().map(AreaCode::as_str).collect();
    is_pooled.then(|| Category { scheme: POOLED_FROM.to_owned(), group: given.join(" ") })
}

/// The organisations that make a figure which is pooled from some; none for any other.
pub(super) fn pooled_organisations(key: &FigureKey) -> Option<Vec<AreaCode>> {
    let category = key.category.as_ref().filter(|category| category.scheme == POOLED_FROM)?;
    Some(category.group.split(' ').filter_map(|code| AreaCode::new(code).ok()).collect())
}

/// The figure as it is shown: one that is pooled from some organisations in the place of the system's.
pub(super) fn as_shown(key: &FigureKey) -> FigureKey {
    let category = key.category.clone().filter(|category| category.scheme != POOLED_FROM);
    FigureKey { category, ..key.clone() }
}

/// Whether the figure is of all people, whoever makes it.
pub(super) fn is_of_all_people(key: &FigureKey) -> bool {
    key.category.as_ref().is_none_or(|category| category.scheme == POOLED_FROM)
}

/// The figures of these that are pooled from some organisations, where `whole` is that of all.
pub(super) fn pooled_of<'k, V>(whole: &FigureKey, figures: &'k BTreeMap<FigureKey, V>) -> impl Iterator<Item = &'k FigureKey> {
    let is_of = |key: &FigureKey| (&key.measure, &key.area, key.period) == (&whole.measure, &whole.area, whole.period);
    let of_area = figures.range(whole..).map(|(key, _)| key).take_while(move |key| is_of(key));
    of_area.filter(|key| pooled_organisations(key).is_some())
}

pub(super) fn group_key(measure: &Measure, breakdown: &Breakdown, label: &str, period: Period) -> FigureKey {
    let group = Category { scheme: breakdown.scheme.clone(), group: label.to_owned() };
    FigureKey::new(measure.id.clone(), breakdown.area.clone(), period, Some(group))
}
