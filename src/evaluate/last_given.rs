//! The last figure that was given, shown where none came after the baseline: nothing is judged by it.

use super::area_case::{AreaCase, JudgedAs};
use super::context::EvaluationContext;
use super::explained::Decision;
use super::series::FigureSeries;
use super::tree::AreaTree;
use super::{Assessment, MeasureAssessment, SeriesPoint};
use crate::framework::{Aspiration, Measure};
use indicator_stats::comparison;

/// The measure as it was judged, with that figure where there is no later one, and beside the comparator's of its period.
pub(super) fn with_last_given(
    context: &EvaluationContext<'_>,
    (measure, aspiration): (&Measure, &Aspiration),
    mut judged: MeasureAssessment,
) -> MeasureAssessment {
    let edition = &context.inputs.framework.edition;
    let tree = AreaTree { headlines: &context.headlines, areas: context.inputs.areas, measure, system: &edition.system };
    let (series, comparator) = (FigureSeries::default(), tree.own(&edition.comparator));
    for of in std::iter::once(&mut judged.headline).chain(&mut judged.areas) {
        let Some(point) = last_given(of).cloned() else { continue };
        let area = of.area.clone();
        let (area, series, comparator) = (&area, &series, &comparator);
        let case = AreaCase { context, measure, aspiration, area, whose: JudgedAs::Part, series, comparator };
        if !case.is_comparison_in_question(point.period) {
            of.comparison = comparison::single(point.value.number(), point.limits, point.comparator, measure.polarity);
        }
        (of.latest, of.not_after_baseline) = (Some(point), true);
    }
    judged
}

/// Of one that waits for a figure, or that nobody collects any more.
fn last_given(of: &Assessment) -> Option<&SeriesPoint> {
    let decision = &of.working.as_ref()?.decision;
    let waits = matches!(decision, Decision::NothingYet { .. } | Decision::Retired { .. });
    of.series.iter().rfind(|point| point.value.is_given()).filter(|_| waits && of.latest.is_none())
}
