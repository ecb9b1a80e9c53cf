//! What a board is told first: how many ambitions stand where under each aim and priority, and what it is alerted to,
//! advised of and assured of.
//!
//! | list | an ambition | a key action |
//! |---|---|---|
//! | alert | off track; and whatever its status, also without a target: one of its measures is significantly worse than the period before (99.8%) or its baseline (95%), has a special cause for the worse, a recent trend for the worse, or an area significantly adverse | off track: an overdue step among them |
//! | advise | at risk; not kept; judged on a stale figure; without a figure that was due; no target set | at risk |
//! | assure | achieved; on track and confirmed | achieved |
//!
//! The first list that fits has it. Confirmed means significant: the recent trend of a deciding measure is for the better,
//! or its 95% limits lie wholly on the good side of what is expected by now (or of the comparator, where the target is
//! set against it). There are no averages: no colour makes up for another.

use super::ambitions::{counted, deciding_role, roles_by_stand_ins};
use super::{AmbitionAssessment, Assessment, Evaluation, Flag, MeasureAssessment, NoFigure, Status, Tally};
use super::{counts_of_actions, counts_of_aim, counts_of_priority};
use crate::framework::{ActionId, Ambition, Framework, Measure, MeasureId, MeasureSource, Role, Target};
use indicator_stats::spc::Variation;
use indicator_stats::{Comparison, Trend};
use serde::{Deserialize, Serialize};

/// The whole evaluation for a board.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardRollup {
    /// The overarching ambitions.
    pub overarching: Tally,
    pub aims: Vec<AimRollup>,
    /// In the order of the framework, ambitions before key actions; see the module for the rules.
    pub alert: Vec<BoardMatter>,
    pub advise: Vec<BoardMatter>,
    pub assure: Vec<BoardMatter>,
    /// How many changes were tested for the alert list.
    pub tests: ChangeTests,
}

/// Tests of a change, and how many of them chance alone would call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangeTests {
    /// Against the period before, at 99.8%.
    pub since_previous: usize,
    /// Against the baseline, at 95%.
    pub since_baseline: usize,
}

impl ChangeTests {
    /// For the worse, were nothing to have changed: half of 0.2% and of 5% of the tests.
    pub fn by_chance(&self) -> f64 {
        self.since_previous as f64 * 0.001 + self.since_baseline as f64 * 0.025
    }

    /// For the worse or the better, were all of them made at 95% and nothing to have changed: 5% of the tests.
    pub fn by_chance_at_95(&self) -> f64 {
        (self.since_previous + self.since_baseline) as f64 * 0.05
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct AimRollup {
    pub aim: String,
    pub ambitions: Tally,
    pub priorities: Vec<PriorityRollup>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PriorityRollup {
    pub priority: String,
    pub ambitions: Tally,
    pub actions: Tally,
}

/// One thing that a list names, and why it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardMatter {
    pub subject: MatterSubject,
    pub status: Status,
    /// In a few words: `off track`, `significantly worse than the period before (99.8%)`.
    pub why: String,
    /// The measure that is the reason, where it is one.
    #[serde(default)]
    pub measure: Option<MeasureId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatterSubject {
    /// By its id.
    Ambition(String),
    Action(ActionId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardList {
    Alert,
    Advise,
    Assure,
}

/// Sorts what was judged for a board.
pub fn rollup(framework: &Framework, evaluation: &Evaluation) -> BoardRollup {
    let aims = framework.aims.iter().map(|aim| AimRollup {
        aim: aim.id.clone(),
        ambitions: counts_of_aim(framework, evaluation, &aim.id),
        priorities: framework
            .priorities_of(&aim.id)
            .map(|priority| PriorityRollup {
                priority: priority.id.clone(),
                ambitions: counts_of_priority(framework, evaluation, Some(&priority.id)),
                actions: counts_of_actions(framework, evaluation, &priority.id),
            })
            .collect(),
    });
    let mut rollup = BoardRollup {
        overarching: counts_of_priority(framework, evaluation, None),
        aims: aims.collect(),
        alert: Vec::new(),
        advise: Vec::new(),
        assure: Vec::new(),
        tests: ChangeTests::default(),
    };
    let mut rest = evaluation.measures.as_slice();
    for (ambition, judged) in framework.ambitions.iter().zip(&evaluation.ambitions) {
        let (own, after) = rest.split_at(ambition.measures.len().min(rest.len()));
        rest = after;
        for measure in own {
            let tested = |since: &Option<super::ChangeSince>| {
                usize::from(since.as_ref().is_some_and(|s| s.change.is_significant().is_some()))
            };
            rollup.tests.since_previous += tested(&measure.headline.since_previous);
            rollup.tests.since_baseline += tested(&measure.headline.since_baseline);
        }
        let placed = list_of_ambition(framework, ambition, judged, own);
        rollup.add_matter(placed, MatterSubject::Ambition(ambition.id.clone()), judged.status);
    }
    for action in &evaluation.actions {
        let placed = list_of_action(action.status).map(|(list, why)| (list, why.to_owned(), None));
        rollup.add_matter(placed, MatterSubject::Action(action.action.clone()), action.status);
    }
    rollup
}

impl BoardRollup {
    fn add_matter(&mut self, placed: Option<(BoardList, String, Option<MeasureId>)>, subject: MatterSubject, status: Status) {
        let Some((list, why, measure)) = placed else { return };
        let matters = match list {
            BoardList::Alert => &mut self.alert,
            BoardList::Advise => &mut self.advise,
            BoardList::Assure => &mut self.assure,
        };
        matters.push(BoardMatter { subject, status, why, measure });
    }
}

fn list_of_ambition(
    framework: &Framework,
    ambition: &Ambition,
    judged: &AmbitionAssessment,
    measures: &[MeasureAssessment],
) -> Option<(BoardList, String, Option<MeasureId>)> {
    let defined = |of: &MeasureAssessment| framework.measure(&of.headline.measure);
    let worse_of = |shown: bool| {
        let own = ambition.measures.iter().zip(measures).filter(|(a, _)| (a.role == Role::Supporting) == shown);
        own.map(|(_, of)| of).find_map(|of| Some((worsening(of, defined(of)?)?.words().to_owned(), of.headline.measure.clone())))
    };
    // What is only shown is said to be no more than that.
    let shown = || worse_of(true).map(|(why, of)| (format!("{why}, by a supporting measure"), of));
    let worse = || worse_of(false).or_else(shown);
    let decided_by = judged.decided_by.clone();
    if judged.status == Status::OffTrack {
        return Some((BoardList::Alert, "off track".to_owned(), decided_by));
    }
    if let Some((why, measure)) = worse() {
        return Some((BoardList::Alert, why, Some(measure)));
    }
    let advise = |why: &str| Some((BoardList::Advise, why.to_owned(), decided_by.clone()));
    match judged.status {
        Status::AtRisk => advise("at risk"),
        Status::NoTargetSet => advise("no target set"),
        Status::NoFigure => {
            let deciding = || deciding(ambition, judged.by, measures);
            let is_due = deciding().any(|of| defined(of).is_some_and(|measure| !matches!(measure.source, MeasureSource::None)));
            let is_elsewhere = |why: &&NoFigure| **why == NoFigure::NotGivenHere;
            let whys = || deciding().filter_map(|of| of.headline.no_figure.as_ref());
            // What is given for others only was never due here.
            match whys().find(|why| !is_elsewhere(why)) {
                Some(NoFigure::NoSource) | None if !is_due => None,
                None if whys().any(|why| is_elsewhere(&why)) => None,
                Some(why) => Some((BoardList::Advise, format!("no figure: {}", why.label()), decided_by.clone())),
                None => advise("no figure"),
            }
        }
        Status::NotYetDue | Status::CannotBeJudged => None,
        _ if judged.flags.contains(&Flag::NotKept) => advise("reached, and not kept"),
        _ if judged.flags.contains(&Flag::Stale) => advise("judged on an old figure"),
        Status::Achieved => Some((BoardList::Assure, "achieved".to_owned(), decided_by)),
        Status::AchievedLate => Some((BoardList::Assure, "achieved late".to_owned(), decided_by)),
        Status::OnTrack | Status::OffTrack => {
            let counted = counted(ambition, measures, judged.by);
            let mut judged_ones =
                ambition.measures.iter().zip(measures).zip(counted).filter(|(_, counted)| *counted).map(|(of, _)| of).peekable();
            let is_all = judged.judged == judged.of
                && judged_ones.peek().is_some()
                && judged_ones.all(|(aspiration, of)| {
                    defined(of).is_some_and(|measure| is_confirmed(&of.headline, measure, &aspiration.target))
                });
            is_all.then(|| (BoardList::Assure, "on track and confirmed".to_owned(), decided_by))
        }
    }
}

fn deciding<'a>(
    ambition: &'a Ambition,
    by: Option<Role>,
    measures: &'a [MeasureAssessment],
) -> impl Iterator<Item = &'a MeasureAssessment> {
    let role = deciding_role(ambition, by);
    let statuses: Vec<Status> = measures.iter().map(|of| of.headline.status).collect();
    let roles = roles_by_stand_ins(ambition, &statuses);
    roles.into_iter().zip(measures).filter(move |(is, _)| Some(*is) == role).map(|(_, of)| of)
}

fn list_of_action(status: Status) -> Option<(BoardList, &'static str)> {
    match status {
        Status::OffTrack => Some((BoardList::Alert, "off track")),
        Status::AtRisk => Some((BoardList::Advise, "at risk")),
        Status::Achieved => Some((BoardList::Assure, "achieved")),
        Status::AchievedLate => Some((BoardList::Assure, "achieved late")),
        Status::OnTrack | Status::NotYetDue | Status::NoFigure | Status::NoTargetSet | Status::CannotBeJudged => None,
    }
}

/// How sure it is that something is for the worse, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// By a test at 99.8%, or by a special cause.
    At998,
    /// By a test at 95%.
    At95,
    /// No test says so.
    Untested,
}

/// Why the board is told where the whole stands well and not all of its areas do.
pub const AREA_ADVERSE: &str = "an area is significantly adverse";

/// What is significantly for the worse of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worsening {
    SincePrevious,
    SinceBaseline,
    Trend,
    SpecialCause,
    /// The only area.
    Adverse,
    AreaAdverse,
}

impl Worsening {
    fn words(self) -> &'static str {
        match self {
            Worsening::SincePrevious => "significantly worse than the period before (99.8%)",
            Worsening::SinceBaseline => "significantly worse than its baseline (95%)",
            Worsening::Trend => "recent trend significantly for the worse (99.8%)",
            Worsening::SpecialCause => "special cause for the worse",
            Worsening::Adverse => "significantly adverse",
            Worsening::AreaAdverse => AREA_ADVERSE,
        }
    }

    pub(super) fn certainty(self) -> Certainty {
        match self {
            Worsening::SincePrevious | Worsening::Trend | Worsening::SpecialCause => Certainty::At998,
            Worsening::SinceBaseline | Worsening::Adverse | Worsening::AreaAdverse => Certainty::At95,
        }
    }
}

/// What is significantly for the worse of a measure, whatever its status.
pub(super) fn worsening(of: &MeasureAssessment, measure: &Measure) -> Option<Worsening> {
    let headline = &of.headline;
    if headline.is_too_old() {
        return None;
    }
    let special_cause = || {
        let variation = headline.control_chart(measure).and_then(|chart| chart.variation);
        matches!(variation, Some(Variation::ConcernHigh | Variation::ConcernLow))
    };
    if headline.since_previous.as_ref().is_some_and(super::ChangeSince::is_significantly_worse_998) {
        Some(Worsening::SincePrevious)
    } else if headline.since_baseline.as_ref().is_some_and(super::ChangeSince::is_significantly_worse) {
        Some(Worsening::SinceBaseline)
    } else if matches!(headline.trend, Trend::IncreasingWorse | Trend::DecreasingWorse) {
        Some(Worsening::Trend)
    } else if special_cause() {
        Some(Worsening::SpecialCause)
    } else {
        headline.by_area.as_ref().filter(|by_area| by_area.has_adverse()).map(|by_area| match by_area.areas.as_slice() {
            [only] if only.area == headline.area => Worsening::Adverse,
            _ => Worsening::AreaAdverse,
        })
    }
}

fn is_confirmed(of: &Assessment, measure: &Measure, target: &Target) -> bool {
    if matches!(of.trend, Trend::IncreasingBetter | Trend::DecreasingBetter) {
        return true;
    }
    let limits = of.latest.as_ref().and_then(|latest| latest.limits);
    let expected = of.target.as_ref().and_then(|target| target.expected_now);
    match (limits.zip(expected), measure.polarity.sign()) {
        (Some((limits, expected)), Some(sign)) => {
            let nearest = if sign > 0.0 { limits.lower } else { limits.upper };
            sign * (nearest - expected) > 0.0
        }
        _ => target.compares() && of.comparison == Comparison::Better,
    }
}
