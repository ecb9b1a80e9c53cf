//! Versions of a partner's return laid over each other, figure by figure.

use super::figures::Figure;
use super::sent::Sent;
use crate::collect::{ActionReport, FigureKey, Observation};
use crate::fault::Fault;
use crate::framework::{Action, MeasureId};
use crate::value::Value;
use std::collections::BTreeMap;

/// What is asked of a partner.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked<'a> {
    Measure(&'a MeasureId),
    /// That it leads.
    Action(&'a Action),
}

impl Asked<'_> {
    pub fn id(&self) -> String {
        match self {
            Asked::Measure(id) => id.0.clone(),
            Asked::Action(action) => action.id.0.clone(),
        }
    }
}

/// What of a partner's versions stands, in the order of the first that gave it.
#[derive(Debug, Default)]
pub(super) struct Stood {
    pub figures: Vec<Figure>,
    pub action_reports: Vec<ActionReport>,
    /// Figures that a later version gave otherwise.
    pub replaced: Vec<Observation>,
    at: BTreeMap<FigureKey, usize>,
}

impl Stood {
    /// Lays the next version over what stands: what it gives replaces what was given, a mark like a number; what it leaves
    /// blank, or gives in a way that cannot be used, stays as it was.
    pub fn lay_over(&mut self, figures: &[Figure], reports: &[ActionReport]) {
        for figure in figures {
            let key = FigureKey::of(&figure.observation);
            let Some(at) = self.at.get(&key).copied() else {
                self.at.insert(key, self.figures.len());
                self.figures.push(figure.clone());
                continue;
            };
            if figure.blank {
                continue;
            }
            let old = std::mem::replace(&mut self.figures[at], figure.clone());
            if !old.blank && old.observation.value != figure.observation.value {
                self.replaced.push(old.observation);
            }
        }
        for report in reports {
            match self.action_reports.iter_mut().find(|stood| (&stood.action, stood.step) == (&report.action, report.step)) {
                Some(stood) => *stood = report.clone(),
                None => self.action_reports.push(report.clone()),
            }
        }
    }

    /// True where the measure has a figure of the whole or what that is made from: groups alone don't answer what was asked.
    /// True where the action is reported, with each of its steps.
    pub fn answers(&self, asked: &Asked<'_>) -> bool {
        match asked {
            Asked::Measure(id) => self
                .figures
                .iter()
                .any(|Figure { observation: o, answers, .. }| *answers && o.measure == **id && o.value != Value::Missing),
            Asked::Action(action) => ActionReport::tell_of_all(self.action_reports.iter(), action),
        }
    }
}

/// Of two good workbooks of one partner that came in together nobody knows which is meant, so the first by name stands
/// until one is taken away. One that is known from an earlier look came before.
pub(super) fn refuse_second_workbooks(sent: &mut [Sent<'_>]) {
    let mut first_of: BTreeMap<String, String> = BTreeMap::new();
    for one in sent.iter_mut().filter(|one| one.refusal.is_none() && one.known.is_none()) {
        let Some(partner) = one.partner else { continue };
        let Some(first) = first_of.get(&partner.id) else {
            first_of.insert(partner.id.clone(), one.file.clone());
            continue;
        };
        let problem = format!("is a second workbook of {} for the quarter; {first} was read", partner.id);
        let fault = Fault::new(&one.file, problem, "leave the right one of the two in the folder");
        *one = Sent {
            sha256: one.sha256.take(),
            illustrative: one.illustrative,
            refusal: Some(fault),
            ..Sent::new(std::mem::take(&mut one.file), one.partner, one.arrived)
        };
    }
}
