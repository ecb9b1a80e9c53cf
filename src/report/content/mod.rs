//! What templates see: the evaluation as sentences and formatted figures, never as it is stored.

mod chart;
pub mod figures;
mod inputs;
mod measure;

pub use inputs::{IndicatorView, ReturnView};
pub use measure::MeasureView;

use super::Pack;
use crate::evaluate::{ActionAssessment, Flag, MeasureAssessment, Status};
use crate::framework::{Action, MeasureId, StatusRules};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything that a template may name.
#[derive(Debug, Serialize)]
pub struct View {
    pub pack: PackView,
    /// The ambitions above all priorities, then each priority, in the order of the edition.
    pub overarching: GroupView,
    pub aims: Vec<AimView>,
    /// Measures by how they stand, in the order of the edition.
    pub off_track: Vec<MeasureView>,
    pub at_risk: Vec<MeasureView>,
    pub no_data: Vec<MeasureView>,
    pub cannot_be_judged: Vec<MeasureView>,
    pub returns: Vec<ReturnView>,
    pub indicators: Vec<IndicatorView>,
    /// Licences of what was received from public sources, each once.
    pub licences: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PackView {
    pub kind: &'static str,
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// The area that it is about.
    pub system: String,
    pub comparator: String,
    /// `July to September 2026`.
    pub quarter: String,
    /// `2026-27-Q2`.
    pub quarter_code: String,
    pub as_at: String,
    pub edition: String,
    pub vision: String,
    pub rules_are_proposed: bool,
    pub illustrative: bool,
    pub measures: usize,
    pub actions: usize,
    /// Measures by status, every status once.
    pub counts: Vec<CountView>,
    pub action_counts: Vec<CountView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct CountView {
    pub status: String,
    pub count: usize,
    #[serde(skip)]
    pub of: Status,
}

#[derive(Debug, Serialize)]
pub struct AimView {
    pub kind: &'static str,
    pub id: String,
    pub number: usize,
    pub title: String,
    pub priorities: Vec<GroupView>,
}

/// A priority, or the overarching ambitions.
#[derive(Debug, Serialize)]
pub struct GroupView {
    pub kind: &'static str,
    /// Finds the group again when a template hands it to a directive.
    pub key: usize,
    pub id: String,
    pub title: String,
    pub short: String,
    pub measures: Vec<MeasureView>,
    pub actions: Vec<ActionView>,
    pub illustrative: bool,
    #[serde(skip)]
    pub counts: Vec<CountView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ActionView {
    pub id: String,
    pub statement: String,
    pub lead: String,
    pub due: String,
    pub status: String,
    pub reason: String,
    /// What the lead said, as it was said; empty where it said nothing.
    pub said: String,
    pub said_by: String,
    pub illustrative: bool,
    #[serde(skip)]
    pub of: Status,
}

impl View {
    pub fn new(pack: &Pack<'_>, title: &str, publisher: &str) -> Self {
        let mut assessments = Assessments::new(&pack.evaluation.measures);
        let actions: BTreeMap<_, _> = pack.evaluation.actions.iter().map(|action| (&action.action, action)).collect();
        let mut keys = Keys::default();
        let framework = pack.framework;
        let mut group = |priority: Option<&str>, title: &str, short: &str| {
            let measures =
                framework.ambitions_of(priority).flat_map(|ambition| ambition.measures.iter().map(move |a| (ambition, a)));
            let measures: Vec<MeasureView> = measures
                .filter_map(|(ambition, aspiration)| {
                    let measure = framework.measure(&aspiration.id)?;
                    Some(MeasureView::new(pack, ambition, aspiration, measure, assessments.next(&aspiration.id), keys.measure()))
                })
                .collect();
            let actions: Vec<ActionView> = priority
                .into_iter()
                .flat_map(|priority| framework.actions_of(priority))
                .map(|action| ActionView::new(pack, action, actions.get(&action.id).copied()))
                .collect();
            GroupView {
                kind: "priority",
                key: keys.group(),
                id: priority.unwrap_or("overarching").to_owned(),
                title: title.to_owned(),
                short: short.to_owned(),
                illustrative: measures.iter().any(|m| m.illustrative) || actions.iter().any(|a| a.illustrative),
                counts: counts(measures.iter().map(|m| m.of)),
                measures,
                actions,
            }
        };
        let overarching = group(None, "Overarching ambitions", "Overarching ambitions");
        let aims: Vec<AimView> = framework
            .aims
            .iter()
            .enumerate()
            .map(|(i, aim)| AimView {
                kind: "aim",
                id: aim.id.clone(),
                number: i + 1,
                title: aim.title.clone(),
                priorities: framework.priorities_of(&aim.id).map(|p| group(Some(&p.id), &p.title, &p.short)).collect(),
            })
            .collect();
        let groups: Vec<&GroupView> = std::iter::once(&overarching).chain(aims.iter().flat_map(|aim| &aim.priorities)).collect();
        let measures: Vec<&MeasureView> = groups.iter().flat_map(|group| &group.measures).collect();
        let actions: Vec<&ActionView> = groups.iter().flat_map(|group| &group.actions).collect();
        let with = |status: Status| measures.iter().filter(|m| m.of == status).map(|m| (*m).clone()).collect();
        let edition = &framework.edition;
        let pack_view = PackView {
            kind: "pack",
            title: title.to_owned(),
            publisher: publisher.to_owned(),
            system: pack.areas.name(&edition.system).to_owned(),
            comparator: pack.areas.name(&edition.comparator).to_owned(),
            quarter: pack.evaluation.period.in_words(),
            quarter_code: pack.evaluation.period.slug(),
            as_at: figures::date(pack.evaluation.as_at),
            edition: edition.title.clone(),
            vision: edition.vision.clone(),
            rules_are_proposed: edition.status_rules == StatusRules::Proposed,
            illustrative: groups.iter().any(|group| group.illustrative) || pack.returns.iter().any(|r| r.illustrative),
            measures: measures.len(),
            actions: actions.len(),
            counts: counts(measures.iter().map(|m| m.of)),
            action_counts: counts(actions.iter().map(|a| a.of)),
        };
        View {
            off_track: with(Status::OffTrack),
            at_risk: with(Status::AtRisk),
            no_data: with(Status::NoData),
            cannot_be_judged: with(Status::CannotBeJudged),
            pack: pack_view,
            returns: inputs::returns(pack),
            indicators: inputs::indicators(pack),
            licences: inputs::licences(pack),
            overarching,
            aims,
        }
    }

    /// The overarching ambitions and every priority, in order.
    pub fn groups(&self) -> impl Iterator<Item = &GroupView> {
        std::iter::once(&self.overarching).chain(self.aims.iter().flat_map(|aim| &aim.priorities))
    }

    pub fn measures(&self) -> impl Iterator<Item = &MeasureView> {
        self.groups().flat_map(|group| &group.measures)
    }
}

/// Hands out each assessment of a measure in turn: an edition may name a measure twice, with two targets.
struct Assessments<'a> {
    by_measure: BTreeMap<&'a MeasureId, (usize, Vec<&'a MeasureAssessment>)>,
}

impl<'a> Assessments<'a> {
    fn new(all: &'a [MeasureAssessment]) -> Self {
        let mut by_measure: BTreeMap<_, (usize, Vec<_>)> = BTreeMap::new();
        for assessment in all {
            by_measure.entry(&assessment.headline.measure).or_default().1.push(assessment);
        }
        Assessments { by_measure }
    }

    fn next(&mut self, measure: &MeasureId) -> Option<&'a MeasureAssessment> {
        let (used, all) = self.by_measure.get_mut(measure)?;
        let next = all.get(*used).or(all.last()).copied();
        *used += 1;
        next
    }
}

#[derive(Default)]
struct Keys {
    measures: usize,
    groups: usize,
}

impl Keys {
    fn measure(&mut self) -> usize {
        self.measures += 1;
        self.measures - 1
    }

    fn group(&mut self) -> usize {
        self.groups += 1;
        self.groups - 1
    }
}

fn counts(statuses: impl Iterator<Item = Status>) -> Vec<CountView> {
    let all: Vec<Status> = statuses.collect();
    let count = |of: Status| CountView { status: of.label().to_owned(), count: all.iter().filter(|s| **s == of).count(), of };
    Status::ALL.into_iter().map(count).collect()
}

impl ActionView {
    fn new(pack: &Pack<'_>, action: &Action, assessment: Option<&ActionAssessment>) -> Self {
        let name = |id: &str| {
            pack.partners.iter().find(|partner| partner.id == id).map_or(id.to_owned(), |partner| partner.name.clone())
        };
        let of = assessment.map_or(Status::NoData, |a| a.status);
        let report = assessment.and_then(|a| a.report.as_ref());
        let mut said = report.map_or(String::new(), |r| r.commentary.trim().to_owned());
        if let Some(forecast) = report.and_then(|r| r.forecast) {
            let forecast = format!("Forecast: {}.", figures::date(forecast));
            said = if said.is_empty() { forecast } else { format!("{said} {forecast}") };
        }
        ActionView {
            id: action.id.0.clone(),
            statement: action.statement.clone(),
            lead: name(&action.lead),
            due: action.due.map_or("no date set".to_owned(), figures::date),
            status: of.label().to_owned(),
            reason: assessment.map_or("It was not judged.".to_owned(), |a| figures::sentence(&a.reason)),
            said,
            said_by: report.map_or(String::new(), |r| name(&r.partner)),
            illustrative: report.is_some_and(|r| r.illustrative)
                || assessment.is_some_and(|a| a.flags.contains(&Flag::Illustrative)),
            of,
        }
    }
}
