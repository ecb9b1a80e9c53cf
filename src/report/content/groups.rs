//! The overarching ambitions, and the aims with their priorities, each with what is measured and done under it.

use super::ambition::AmbitionView;
use super::group::{ActionView, AimView, GroupView, counts};
use super::ids::Names;
use super::measure::{Case, MeasureView};
use crate::evaluate::MeasureAssessment;
use crate::framework::MeasureId;
use crate::report::PackInputs;
use std::collections::BTreeMap;
use tagged_document::on_all_cores;

/// The overarching ambitions, and the aims with their priorities.
pub(super) fn groups(pack: &PackInputs<'_>, names: &Names) -> (GroupView, Vec<AimView>) {
    let actions: BTreeMap<_, _> = pack.evaluation.actions.iter().map(|action| (&action.action, action)).collect();
    let framework = pack.framework;
    let judged: BTreeMap<&str, _> = pack.evaluation.ambitions.iter().map(|a| (a.ambition.as_str(), a)).collect();
    let mut made = measures(pack, names).into_iter().peekable();
    let mut ambition_keys = 0..;
    let mut group_keys = 0..;
    let mut group = |priority: Option<&str>, title: &str, short: &str, definition: &str| {
        let (mut ambitions, mut measures) = (Vec::new(), Vec::new());
        for (ambition, key) in framework.ambitions_of(priority).zip(&mut ambition_keys) {
            let mut own: Vec<MeasureView> = std::iter::from_fn(|| made.next_if(|measure| measure.ambition_key == key)).collect();
            let view = AmbitionView::new((pack, names), ambition, judged.get(ambition.id.as_str()).copied(), &own, key);
            let decides = view.decided_by.or_else(|| own.first().map(|measure| measure.key));
            own.iter_mut().for_each(|measure| measure.decides = Some(measure.key) == decides);
            ambitions.push(view);
            measures.extend(own);
        }
        let actions: Vec<ActionView> = priority
            .into_iter()
            .flat_map(|priority| framework.actions_of(priority))
            .map(|action| ActionView::new(pack, action, actions.get(&action.id).copied()))
            .collect();
        GroupView {
            kind: "priority",
            key: group_keys.next().unwrap_or_default(),
            id: priority.unwrap_or("overarching").to_owned(),
            title: title.to_owned(),
            short: short.to_owned(),
            definition: definition.trim().to_owned(),
            illustrative: measures.iter().any(|m| m.illustrative) || actions.iter().any(|a| a.illustrative),
            counts: counts(ambitions.iter().map(|a| a.of)),
            action_counts: counts(actions.iter().map(|a| a.of)),
            ambitions,
            measures,
            actions,
        }
    };
    let overarching = group(None, "Overarching ambitions", "Overarching ambitions", "");
    let aims = framework.aims.iter().enumerate().map(|(i, aim)| {
        let priorities: Vec<GroupView> =
            framework.priorities_of(&aim.id).map(|p| group(Some(&p.id), &p.title, &p.short, &p.definition)).collect();
        AimView {
            kind: "aim",
            id: aim.id.clone(),
            number: i + 1,
            title: aim.title.clone(),
            owner: aim.owner.trim().to_owned(),
            counts: counts(priorities.iter().flat_map(|p| &p.ambitions).map(|a| a.of)),
            illustrative: priorities.iter().any(|p| p.illustrative),
            priorities,
        }
    });
    let aims = aims.collect();
    (overarching, aims)
}

/// The measures of all ambitions, in the order in which groups and ambitions stand. Most of the time of a pack's content goes into them.
fn measures(pack: &PackInputs<'_>, names: &Names) -> Vec<MeasureView> {
    let framework = pack.framework;
    let mut assessments = Assessments::new(&pack.evaluation.measures);
    let priorities = framework.aims.iter().flat_map(|aim| framework.priorities_of(&aim.id)).map(|p| Some(p.id.as_str()));
    let ambitions = std::iter::once(None).chain(priorities).flat_map(|priority| framework.ambitions_of(priority));
    let mut cases = Vec::new();
    for (ambition_key, ambition) in ambitions.enumerate() {
        for aspiration in &ambition.measures {
            let Some(measure) = framework.measure(&aspiration.id) else { continue };
            let assessment = assessments.next(&aspiration.id);
            cases.push((cases.len(), ambition_key, Case { pack, names, ambition, aspiration, measure, assessment }));
        }
    }
    on_all_cores(cases, || (), |(), (key, ambition_key, case)| MeasureView::new(&case, key, ambition_key))
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
