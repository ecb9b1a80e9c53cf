//! What a board is told first: how many stand where under each aim and priority, and what it is alerted to,
//! advised of and assured of.
//!
//! | list | a measure that is | a key action that is |
//! |---|---|---|
//! | alert | off track; at risk while changing significantly for the worse | off track |
//! | advise | at risk; judged on a stale figure; without data although it is published or returned; lower than in the last pack | at risk |
//! | assure | achieved; on track and confirmed | achieved |
//!
//! The first list that fits has it. Confirmed means significant: the recent trend is for the better, or the 95%
//! limits lie wholly on the good side of what is expected by now (or of the comparator, where the target is set against
//! it). What is on
//! track without confirmation, not yet due, or cannot be judged is in no list, and is counted. There are no
//! averages: no colour makes up for another.

use super::methods::spc::{FEWEST_FOR_LIMITS, Variation};
use super::{Assessment, Comparison, Evaluation, Flag, Move, Status, Tally, Trend};
use super::{counts_of_actions, counts_of_aim, counts_of_priority};
use crate::framework::{ActionId, Framework, Measure, MeasureId, Source, Target};
use serde::{Deserialize, Serialize};

/// The whole evaluation for a board.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollup {
    /// The overarching ambitions.
    pub overarching: Tally,
    pub aims: Vec<AimRollup>,
    /// In the order of the framework, measures before key actions; see the module for the rules.
    pub alert: Vec<Matter>,
    pub advise: Vec<Matter>,
    pub assure: Vec<Matter>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AimRollup {
    pub aim: String,
    pub measures: Tally,
    pub priorities: Vec<PriorityRollup>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PriorityRollup {
    pub priority: String,
    pub measures: Tally,
    pub actions: Tally,
}

/// One thing that a list names, and why it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    pub subject: Subject,
    pub status: Status,
    /// In a few words: `off track`, `at risk and significantly worsening`.
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Measure(MeasureId),
    Action(ActionId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    Alert,
    Advise,
    Assure,
}

/// Sorts what was judged for a board.
pub fn rollup(framework: &Framework, evaluation: &Evaluation) -> Rollup {
    let aims = framework.aims.iter().map(|aim| AimRollup {
        aim: aim.id.clone(),
        measures: counts_of_aim(framework, evaluation, &aim.id),
        priorities: framework
            .priorities_of(&aim.id)
            .map(|priority| PriorityRollup {
                priority: priority.id.clone(),
                measures: counts_of_priority(framework, evaluation, Some(&priority.id)),
                actions: counts_of_actions(framework, evaluation, &priority.id),
            })
            .collect(),
    });
    let mut rollup = Rollup {
        overarching: counts_of_priority(framework, evaluation, None),
        aims: aims.collect(),
        alert: Vec::new(),
        advise: Vec::new(),
        assure: Vec::new(),
    };
    for headline in evaluation.measures.iter().map(|m| &m.headline) {
        let moved = evaluation.movements.as_ref().and_then(|m| m.of(&headline.measure)).map(|m| m.kind);
        let measure = framework.measure(&headline.measure);
        let target = framework.aspirations().find(|(_, a)| a.id == headline.measure).map(|(_, a)| &a.target);
        rollup.put(
            list_of_measure(headline, measure.zip(target), moved),
            Subject::Measure(headline.measure.clone()),
            headline.status,
        );
    }
    for action in &evaluation.actions {
        rollup.put(list_of_action(action.status), Subject::Action(action.action.clone()), action.status);
    }
    rollup
}

impl Rollup {
    fn put(&mut self, placed: Option<(List, &'static str)>, subject: Subject, status: Status) {
        let Some((list, why)) = placed else { return };
        let matters = match list {
            List::Alert => &mut self.alert,
            List::Advise => &mut self.advise,
            List::Assure => &mut self.assure,
        };
        matters.push(Matter { subject, status, why: why.to_owned() });
    }
}

fn list_of_measure(of: &Assessment, measure: Option<(&Measure, &Target)>, moved: Option<Move>) -> Option<(List, &'static str)> {
    let stale = of.flags.contains(&Flag::Stale);
    let is_due = measure.is_some_and(|(measure, _)| !matches!(measure.source, Source::None));
    match of.status {
        Status::OffTrack => Some((List::Alert, "off track")),
        Status::AtRisk if measure.is_some_and(|(measure, _)| is_worsening(of, measure)) => {
            Some((List::Alert, "at risk and significantly worsening"))
        }
        Status::AtRisk => Some((List::Advise, "at risk")),
        Status::NoFigure if of.flags.contains(&Flag::Suppressed) => Some((List::Advise, "figure suppressed")),
        Status::NoFigure if is_due => Some((List::Advise, "no data where it was due")),
        Status::NoFigure | Status::NotYetDue | Status::NoTargetSet | Status::CannotBeJudged => None,
        _ if stale => Some((List::Advise, "judged on an old figure")),
        _ if moved == Some(Move::Worsened) => Some((List::Advise, "lower than in the last pack")),
        Status::Achieved => Some((List::Assure, "achieved")),
        Status::AchievedLate => Some((List::Assure, "achieved late")),
        Status::OnTrack => measure
            .is_some_and(|(measure, target)| is_confirmed(of, measure, target))
            .then_some((List::Assure, "on track and confirmed")),
    }
}

fn list_of_action(status: Status) -> Option<(List, &'static str)> {
    match status {
        Status::OffTrack => Some((List::Alert, "off track")),
        Status::AtRisk => Some((List::Advise, "at risk")),
        Status::Achieved => Some((List::Assure, "achieved")),
        Status::AchievedLate => Some((List::Assure, "achieved late")),
        Status::OnTrack | Status::NotYetDue | Status::NoFigure | Status::NoTargetSet | Status::CannotBeJudged => None,
    }
}

fn is_worsening(of: &Assessment, measure: &Measure) -> bool {
    let concern = || {
        let enough = of.series.iter().filter(|p| p.value.number().is_some()).count() >= FEWEST_FOR_LIMITS;
        let chart = of.control_chart(measure.polarity).filter(|_| enough);
        chart.is_some_and(|chart| matches!(chart.variation, Some(Variation::ConcernHigh | Variation::ConcernLow)))
    };
    matches!(of.trend, Trend::IncreasingWorse | Trend::DecreasingWorse) || concern()
}

fn is_confirmed(of: &Assessment, measure: &Measure, target: &Target) -> bool {
    if matches!(of.trend, Trend::IncreasingBetter | Trend::DecreasingBetter) {
        return true;
    }
    let limits = of.latest.as_ref().and_then(|latest| latest.limits);
    let expected = of.goal.as_ref().and_then(|goal| goal.expected_now);
    match (limits.zip(expected), measure.polarity.sign()) {
        (Some((limits, expected)), Some(sign)) => {
            let nearest = if sign > 0.0 { limits.lower } else { limits.upper };
            sign * (nearest - expected) > 0.0
        }
        _ => {
            let against_it = matches!(target, Target::BetterThanComparator { .. } | Target::SimilarOrBetter { .. });
            against_it && of.comparison == Comparison::Better
        }
    }
}
