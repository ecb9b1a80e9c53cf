//! The few things that a board is told first: of all ambitions that it is alerted to the surest, then what weighs most, and no
//! more than one a priority.

use super::rollup::{BoardMatter, BoardRollup, Certainty, MatterSubject, Worsening, worsening};
use super::{Assessment, Evaluation, MeasureAssessment, Status};
use crate::area::Areas;
use crate::framework::{Framework, Measure, MeasureId};
use indicator_stats::Confidence;

/// A page has room for so many, and nobody remembers more.
const MOST: usize = 5;

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardMessage {
    /// The ambition's id.
    pub ambition: String,
    /// The measure that is the reason; none where none is.
    pub measure: Option<MeasureId>,
    /// In a few words, as in the list.
    pub why: String,
    /// How sure it is that things are worse than they were or should be.
    pub certainty: Certainty,
    /// `why` is that an area is significantly adverse.
    pub is_by_area: bool,
    /// How many people it is about, each as often as the figure lies standard errors on the wrong side of where it should be.
    weight: f64,
}

/// The messages for a board, the first first.
///
/// What is significant at 99.8% (a special cause among it) stands before what is at 95%, and that before what no test
/// says; of the same certainty what weighs more, and of the same weight what the framework names first.
pub fn board_messages(framework: &Framework, areas: &Areas, evaluation: &Evaluation, rollup: &BoardRollup) -> Vec<BoardMessage> {
    let mut all: Vec<BoardMessage> =
        rollup.alert.iter().filter_map(|matter| message(framework, areas, evaluation, matter)).collect();
    // Stable: the list is in the order of the framework.
    all.sort_by(|a, b| a.certainty.cmp(&b.certainty).then_with(|| b.weight.total_cmp(&a.weight)));
    let mut told: Vec<Option<&str>> = Vec::new();
    all.retain(|message| {
        let ambition = framework.ambitions.iter().find(|ambition| ambition.id == message.ambition);
        let priority = ambition.and_then(|ambition| ambition.priority.as_deref());
        let is_new = !told.contains(&priority);
        told.push(priority);
        is_new
    });
    all.truncate(MOST);
    all
}

fn message(framework: &Framework, areas: &Areas, evaluation: &Evaluation, matter: &BoardMatter) -> Option<BoardMessage> {
    let MatterSubject::Ambition(ambition) = &matter.subject else { return None };
    let of = matter.measure.as_ref().and_then(|id| evaluation.measures.iter().find(|of| of.headline.measure == *id));
    let measure = matter.measure.as_ref().and_then(|id| framework.measure(id));
    let worse = of.zip(measure).and_then(|(of, measure)| worsening(of, measure));
    Some(BoardMessage {
        ambition: ambition.clone(),
        measure: matter.measure.clone(),
        why: matter.why.clone(),
        certainty: worse.map_or(Certainty::Untested, |worse| worse.certainty()),
        is_by_area: matter.status != Status::OffTrack && matches!(worse, Some(Worsening::Adverse | Worsening::AreaAdverse)),
        weight: of.zip(measure).map_or(0.0, |(of, measure)| weight(of, measure, areas)),
    })
}

fn weight(of: &MeasureAssessment, measure: &Measure, areas: &Areas) -> f64 {
    let adverse = of.headline.by_area.iter().flat_map(|by_area| &by_area.areas).filter(|area| area.is_significantly_adverse);
    let mut by_area = 0.0;
    for standing in adverse {
        let distance = of.each().find(|one| one.area == standing.area).map_or(0.0, |one| distance(one, measure));
        by_area += standing.population.unwrap_or(0.0) * distance;
    }
    if by_area > 0.0 {
        return by_area;
    }
    let people = areas.population(&of.headline.area).map_or(0.0, |people| people as f64);
    people * distance(&of.headline, measure)
}

/// How many standard errors a figure lies on the wrong side of what is expected by now, or else of the target; 0 where it does not, or
/// where that cannot be said.
fn distance(of: &Assessment, measure: &Measure) -> f64 {
    let wanted = of.target.as_ref().and_then(|target| target.expected_now.or(target.value));
    let latest = of.judged.as_ref().or(of.latest.as_ref());
    let figure = latest.and_then(|point| Some((point.value.number()?, point.limits?)));
    let (Some(wanted), Some((value, limits)), Some(sign)) = (wanted, figure, measure.polarity.sign()) else { return 0.0 };
    let error = (limits.upper - limits.lower) / (2.0 * Confidence::P95.z());
    if error > 0.0 { (sign * (wanted - value) / error).max(0.0) } else { 0.0 }
}
