//! Control charts of monthly and quarterly figures.

use super::{Drawn, Subject, any_illustrative, filled, spoken_series};
use crate::evaluate::methods::spc::{Chart as Spc, FEWEST_FOR_LIMITS, Point as SpcPoint};
use crate::evaluate::{Assessment, Point};
use crate::framework::Measure;
use crate::period::Period;
use crate::report::charts::{Chart, ControlChart};
use crate::report::content::{figures, sentences};
use crate::report::model::Figure;

/// Fewer points than this say nothing of what is usual.
pub const FEWEST_POINTS: usize = 7;

/// The control chart of a measure, where its figures are enough and often enough.
pub fn control_chart(measure: &Measure, head: &Assessment) -> Option<Spc> {
    let finite = head.series.iter().filter(|p| p.value.number().is_some_and(f64::is_finite)).count();
    head.control_chart(measure).filter(|_| finite >= FEWEST_POINTS)
}

pub fn figure(of: &Subject<'_>) -> Option<Figure> {
    let Subject { measure, head, .. } = *of;
    let drawn = control_chart(measure, head)?;
    let last = drawn.points.last()?;
    let mut said = vec!["Control chart.".to_owned()];
    said.extend(drawn.variation.map(|v| format!("The latest figure {}.", sentences::variation_in_full(v))));
    said.extend(drawn.assurance.map(|a| format!("If nothing changes, the measure {}.", sentences::assurance(a))));
    said.push(spoken_series(measure, of.name(head), head));
    said.push(format!("Mean {}, limits {}.", figures::number(measure, last.mean), figures::limits(measure, Some(last.limits))));
    let goal = head.goal.as_ref().filter(|goal| goal.value.is_some_and(f64::is_finite));
    said.extend(goal.map(|goal| format!("Target: {}.", goal.words)));
    let mut notes = vec!["The lines are the mean and the limits within which chance alone would keep the figures.".to_owned()];
    if last.trial {
        notes.push(format!("The limits are on trial: there are fewer than {FEWEST_FOR_LIMITS} figures."));
    }
    let target = goal.and_then(|goal| Some((goal.value?, format!("Target: {}", goal.words))));
    let points = points(head, &drawn.points);
    let ends = points.first().zip(points.last());
    let when = ends.map_or("Control chart".to_owned(), |((from, _), (to, _))| {
        format!("Control chart: {} to {}", figures::period(*from), figures::period(*to))
    });
    let chart = Chart::Control(ControlChart { points, target });
    Some(Drawn { chart, when, said, notes, illustrative: any_illustrative([head]) }.figure(measure, of.message))
}

/// Every period from the first to the last, those without a figure as gaps.
fn points(head: &Assessment, drawn: &[SpcPoint]) -> Vec<(Period, Option<SpcPoint>)> {
    let mut drawn = drawn.iter();
    let mut next = |point: &Point| point.value.number().and_then(|_| drawn.next()).copied();
    filled(&head.series)
        .into_iter()
        .map(|(period, point)| (period, point.and_then(&mut next).filter(|p| p.value.is_finite())))
        .collect()
}
