//! What has moved between the statuses that an earlier pack published and those of now.

use super::ambition::combine;
use super::due_dates::months_after;
use super::movement::{ActionMovement, AmbitionMovement, MeasureMovement, MovementKind, Movements};
use super::{ActionAssessment, Assessment, Evaluation, Status};
use crate::framework::{ActionId, Ambition, Framework, Measure, MeasureId, Role};
use crate::period::Period;
use std::collections::{BTreeMap, BTreeSet};

impl Movements {
    /// `earlier` has the statuses of measures that were published in the pack of `since`, `actions` those of key actions.
    pub fn between(
        since: Period,
        earlier: &BTreeMap<MeasureId, Status>,
        actions: &BTreeMap<ActionId, Status>,
        now: &Evaluation,
        framework: &Framework,
    ) -> Self {
        let was = |ambition: &Ambition| {
            let known = ambition.measures.iter().filter_map(|a| Some((a.role, *earlier.get(&a.id)?)));
            let known: Vec<(Role, Status)> = known.collect();
            (!known.is_empty()).then(|| combine(ambition.combine, &known).status)
        };
        let redefined: BTreeSet<&MeasureId> = now
            .measures
            .iter()
            .filter(|m| framework.measure(&m.headline.measure).is_some_and(|of| is_redefined(since, of, &m.headline)))
            .map(|m| &m.headline.measure)
            .collect();
        let kind = |from, to, is_redefined: bool| match MovementKind::between(from, to) {
            MovementKind::Improved | MovementKind::Worsened | MovementKind::Same if is_redefined => MovementKind::NotComparable,
            kind => kind,
        };
        let ambitions = framework.ambitions.iter().zip(&now.ambitions).map(|(ambition, is)| {
            let from = was(ambition);
            let (ambition, to) = (ambition.id.clone(), is.status);
            let by_redefined = is.decided_by.as_ref().is_some_and(|measure| redefined.contains(measure));
            AmbitionMovement { ambition, from, to, kind: kind(from, to, by_redefined) }
        });
        let movement = |measure: &MeasureId, to| {
            let from = earlier.get(measure).copied();
            MeasureMovement { measure: measure.clone(), from, to, kind: kind(from, to, redefined.contains(measure)) }
        };
        let ambitions = ambitions.collect();
        Movements {
            since,
            ambitions,
            measures: now.measures.iter().map(|m| movement(&m.headline.measure, m.headline.status)).collect(),
            actions: now.actions.iter().map(|is| action_movement(actions.get(&is.action).copied(), is)).collect(),
        }
    }
}

fn action_movement(from: Option<Status>, is: &ActionAssessment) -> ActionMovement {
    let kind = MovementKind::between(from, is.status);
    ActionMovement { action: is.action.clone(), from, to: is.status, kind }
}

/// Whether the latest figure is by a definition by which none was published when the quarter `since` ended.
fn is_redefined(since: Period, measure: &Measure, now: &Assessment) -> bool {
    let Some(latest) = now.latest.as_ref() else { return false };
    measure
        .redefinitions
        .iter()
        .filter_map(|redefined| measure.period(&redefined.from).ok())
        .any(|from| from <= latest.period && months_after(from.end(), measure.publication_lag_months) > since.end())
}
