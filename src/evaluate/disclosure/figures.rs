//! The figures of an evaluation, each with its count.

use super::count::{Truth, count};
use crate::evaluate::{Assessment, Breakdown, MeasureAssessment, Point};
use crate::figure::{Category, FigureKey};
use crate::framework::{Aspiration, Framework, Measure, MeasureId};
use crate::period::Period;
use crate::value::Value;

pub(super) fn aspiration<'f>(framework: &'f Framework, measure: &MeasureId) -> Option<&'f Aspiration> {
    framework.aspirations().map(|(_, aspiration)| aspiration).find(|aspiration| aspiration.id == *measure)
}

/// Every point of an assessment; most stand in its series too.
pub(super) fn points(of: &Assessment) -> impl Iterator<Item = &Point> {
    of.series.iter().chain(&of.latest).chain(&of.judged).chain(&of.previous).chain(&of.baseline)
}

/// A baseline that the strategy's own text gives is public.
pub(super) fn is_stated(aspiration: &Aspiration, point: &Point) -> bool {
    let stated = aspiration.target.baseline().and_then(|baseline| baseline.value);
    stated.is_some() && point.value.number() == stated && point.numerator.is_none()
}

/// The denominator of the period nearest to this one, the earlier of two.
pub(super) fn usual_denominator(of: &Assessment, period: Period) -> Option<f64> {
    let away = |of: &Point| (period.end() - of.period.end()).get_days().abs();
    let with = points(of).filter(|point| point.denominator.is_some());
    with.min_by_key(|point| (away(point), point.period)).and_then(|point| point.denominator)
}

/// The counts of a measure's figures.
pub(super) fn counts(of: &MeasureAssessment, measure: &Measure, is_public: impl Fn(&Point) -> bool) -> Vec<(FigureKey, Truth)> {
    let all = figures(of, measure, is_public).into_iter().map(|(key, _, truth)| (key, truth));
    all.filter(|(_, truth)| *truth != Truth::Absent).collect()
}

/// A measure's figures, each with its count.
pub(super) fn figures(
    of: &MeasureAssessment,
    measure: &Measure,
    is_public: impl Fn(&Point) -> bool,
) -> Vec<(FigureKey, Value, Truth)> {
    let mut found = Vec::new();
    for assessment in std::iter::once(&of.headline).chain(&of.areas) {
        for point in points(assessment).filter(|point| !is_public(point)) {
            let truth = count(measure, point, usual_denominator(assessment, point.period));
            let key = FigureKey::new(measure.id.clone(), assessment.area.clone(), point.period, None);
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

pub(super) fn group_key(measure: &Measure, breakdown: &Breakdown, label: &str, period: Period) -> FigureKey {
    let group = Category { scheme: breakdown.scheme.clone(), group: label.to_owned() };
    FigureKey::new(measure.id.clone(), breakdown.area.clone(), period, Some(group))
}
