//! The last figure that was given, shown where none came after the baseline: nothing is judged by it.

use super::context::EvaluationContext;
use super::explained::Decision;
use super::measure_area::MeasureArea;
use super::{Assessment, MeasureAssessment, SeriesPoint};
use crate::framework::Measure;
use indicator_stats::comparison;

/// The measure as it was judged, with that figure where there is no later one, and beside others of its period.
pub(super) fn with_last_given(
    context: &EvaluationContext<'_>,
    measure: &Measure,
    mut judged: MeasureAssessment,
) -> MeasureAssessment {
    for of in std::iter::once(&mut judged.headline).chain(&mut judged.areas) {
        let Some(point) = last_given(of).cloned() else { continue };
        let area = of.area.clone();
        let subject = MeasureArea { context, measure, area: &area };
        if !subject.is_comparison_in_question(point.period) {
            of.comparison = comparison::single(point.value.number(), point.limits, point.comparator, measure.polarity);
        }
        // As beside a figure that is judged: nothing beside one in question, and of one that is too old no comparison of now.
        let is_certain = point.value.number().is_some() && !subject.is_in_question(point.period);
        if is_certain && !of.is_too_old() {
            (of.region, of.beside) = (subject.region(&point), subject.others(&point));
            of.neighbours = subject.neighbours(point.period);
        }
        (of.latest, of.not_after_baseline) = (Some(point), true);
        of.among_like = if is_certain { context.rank_among_like(of) } else { None };
    }
    judged
}

/// Of one that waits for a figure, or that nobody collects any more.
fn last_given(of: &Assessment) -> Option<&SeriesPoint> {
    let decision = &of.working.as_ref()?.decision;
    let waits = matches!(decision, Decision::NothingYet { .. } | Decision::Retired { .. });
    of.series.iter().rfind(|point| point.value.is_given()).filter(|_| waits && of.latest.is_none())
}
