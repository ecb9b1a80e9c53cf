//! Versions of a partner's return laid over each other, figure by figure, whichever quarter's workbook gave it.

use super::figures::{self, Figure};
use super::known::Contents;
use crate::area::Areas;
use crate::ask;
use crate::collect::{ActionReport, FigureKey, Observation, Progress, Wanted};
use crate::framework::{Action, ActionId, Measure, MeasureId, Partner, Source};
use crate::period::Period;
use crate::value::Value;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked of a partner.
#[derive(Debug, Clone)]
pub(super) enum Asked<'a> {
    Measure {
        measure: &'a Measure,
        /// The figures any of which answers, of the periods that are due.
        answers: BTreeSet<FigureKey>,
        /// When the first of those periods ends: a layout of the partner's own may give others as late.
        first_ends: Date,
    },
    /// That it leads.
    Action(&'a Action),
}

impl<'a> Asked<'a> {
    /// The measures of which a partner is asked for a figure and the actions that it leads, in the order of the framework.
    pub fn of(partner: &'a Partner, wanted: &Wanted<'a>, areas: &'a Areas) -> Vec<Self> {
        let Wanted { framework, period, .. } = *wanted;
        let mut asked: Vec<Asked<'a>> = Vec::new();
        for one in ask::Request::new(framework, areas, partner, period).figures() {
            let (keys, ends) = (FigureKey::that_answer(&one), one.period.end());
            match asked.last_mut() {
                Some(Asked::Measure { measure, answers, first_ends }) if measure.id == one.measure.id => {
                    answers.extend(keys);
                    *first_ends = ends.min(*first_ends);
                }
                _ => {
                    let measure = framework.measures.iter().find(|measure| measure.id == one.measure.id);
                    asked.extend(measure.map(|measure| Asked::Measure {
                        measure,
                        answers: keys.into_iter().collect(),
                        first_ends: ends,
                    }));
                }
            }
        }
        asked.extend(framework.actions.iter().filter(|action| action.is_asked_of(partner)).map(Asked::Action));
        asked
    }

    pub fn id(&self) -> String {
        match self {
            Asked::Measure { measure, .. } => measure.id.0.clone(),
            Asked::Action(action) => action.id.0.clone(),
        }
    }
}

/// What of a partner's versions stands, in the order of the first that gave it.
#[derive(Debug)]
pub(super) struct Stood {
    /// Of the look.
    quarter: Period,
    figures: Vec<Standing>,
    /// The places of the figures among these.
    at: BTreeMap<FigureKey, usize>,
    action_reports: BTreeMap<ActionKey, Reported>,
    /// The key actions in the order in which they were first reported.
    order: Vec<ActionKey>,
    /// Figures of a version of the look's own quarter that a later one of that quarter gave otherwise.
    pub replaced: Vec<Observation>,
    /// Something was given that is not made up.
    is_real: bool,
}

/// A key action, or a step of it, counted from 1.
type ActionKey = (ActionId, Option<usize>);

/// What stands of what was said of a key action.
#[derive(Debug)]
struct Reported {
    report: ActionReport,
    /// The quarter of the return that the commentary is from.
    commented: Option<Period>,
}

#[derive(Debug)]
struct Standing {
    observation: Observation,
    /// No cell of its row was filled in.
    blank: bool,
    /// It was given for the look's own quarter.
    own: bool,
}

impl Stood {
    pub fn new(quarter: Period) -> Self {
        Self {
            quarter,
            figures: Vec::new(),
            at: BTreeMap::new(),
            action_reports: BTreeMap::new(),
            order: Vec::new(),
            replaced: Vec::new(),
            is_real: false,
        }
    }

    /// Lays the next version of the look's own quarter over what stands: what it gives replaces what was given, a mark like a
    /// number; what it leaves blank, or gives in a way that cannot be used, stays as it was.
    pub fn lay_over(&mut self, figures: &[Figure], reports: &[ActionReport]) {
        for Figure { observation, blank } in figures {
            self.put(Standing { observation: observation.clone(), blank: *blank, own: true });
        }
        reports.iter().for_each(|report| self.report(report));
    }

    /// Lays a version of another quarter over what stands: of it that counts which the look's quarter may know of.
    pub fn remember(&mut self, contents: &Contents, wanted: &Wanted<'_>) {
        let is_of_use = |of: &&Observation| {
            let returned = wanted.framework.measure(&of.measure).is_some_and(|m| matches!(m.source, Source::Return { .. }));
            returned && (of.period.end() <= wanted.period.end() || wanted.framework.is_scenario(&of.measure))
        };
        for observation in contents.figures.iter().filter(is_of_use) {
            self.put(Standing { observation: observation.clone(), blank: false, own: false });
        }
        let is_told = |report: &&ActionReport| {
            let is_action = wanted.framework.actions.iter().any(|action| action.id == report.action);
            is_action && report.quarter().is_none_or(|quarter| quarter <= wanted.period)
        };
        contents.action_reports.iter().filter(is_told).for_each(|report| self.report(report));
    }

    fn put(&mut self, figure: Standing) {
        self.is_real |= !figure.blank && !figure.observation.illustrative;
        let key = FigureKey::of(&figure.observation);
        let Some(at) = self.at.get(&key) else {
            self.at.insert(key, self.figures.len());
            self.figures.push(figure);
            return;
        };
        let stood = &mut self.figures[*at];
        let is_made_up_over_real = !figure.own && figure.observation.illustrative && !stood.observation.illustrative;
        if figure.blank || is_made_up_over_real && !stood.blank {
            return;
        }
        let old = std::mem::replace(stood, figure);
        // What another quarter's return gave otherwise is seen beside what earlier packs stated.
        if old.own && stood.own && !old.blank && old.observation.value != stood.observation.value {
            self.replaced.push(old.observation);
        }
    }

    /// The return of a later quarter has the last word, whenever that of an earlier one came. A cell that it leaves blank, or
    /// gives in a way that cannot be used, changes nothing that still stands.
    fn report(&mut self, report: &ActionReport) {
        self.is_real |= !report.illustrative;
        let key = (report.action.clone(), report.step);
        let quarter = self.quarter;
        let Some(Reported { report: stood, commented }) = self.action_reports.get_mut(&key) else {
            self.order.push(key.clone());
            self.action_reports.insert(key, Reported { report: report.clone(), commented: report.quarter() });
            return;
        };
        if report.quarter() < stood.quarter() {
            return;
        }
        let mut new = report.clone();
        if stood.still_stands(quarter) && new.progress != Progress::Complete {
            new.forecast = new.forecast.or(stood.forecast);
        }
        if new.progress == Progress::NotGiven && stood.still_stands(quarter) {
            (new.progress, new.returned) = (stood.progress, stood.returned);
            new.completed = new.completed.or(stood.completed);
        }
        let is_recent = commented.is_none_or(|of| quarter.end() < of.next_step().next_step().end());
        if !new.commentary.is_empty() || !is_recent {
            *commented = report.quarter();
        } else {
            new.commentary.clone_from(&stood.commentary);
        }
        *stood = new;
    }

    /// The figures in use: those made up in other quarters to try things out do not stand beside real ones.
    fn in_use(&self) -> impl Iterator<Item = &Observation> {
        let counts = |of: &&Standing| of.own || !self.is_real || !of.observation.illustrative;
        self.figures.iter().filter(counts).map(|figure| &figure.observation)
    }

    fn reports_in_use(&self) -> impl Iterator<Item = &Reported> + Clone {
        let counts = |of: &&Reported| of.report.quarter() == Some(self.quarter) || !self.is_real || !of.report.illustrative;
        self.order.iter().filter_map(|key| self.action_reports.get(key)).filter(counts)
    }

    pub fn figures(&self) -> Vec<Observation> {
        self.in_use().cloned().collect()
    }

    pub fn action_reports(&self) -> Vec<ActionReport> {
        let told = |Reported { report, commented }: &Reported| match commented {
            Some(of) if *commented != report.quarter() && !report.commentary.is_empty() => {
                let commentary = format!("In the return for {}: {}", of.in_words(), report.commentary);
                ActionReport { commentary, ..report.clone() }
            }
            _ => report.clone(),
        };
        self.reports_in_use().map(told).collect()
    }

    /// The ids of what was asked and is not there. A measure is there with a figure that was asked for, or what it is made
    /// from: groups alone don't answer. An action is there where it is reported, with each of its steps.
    pub fn lacking(&self, asked: &[Asked<'_>]) -> Vec<String> {
        let mut of_measure: BTreeMap<&MeasureId, Vec<&Observation>> = BTreeMap::new();
        for figure in self.in_use().filter(|figure| figure.value != Value::Missing) {
            of_measure.entry(&figure.measure).or_default().push(figure);
        }
        let is_there = |asked: &&Asked<'_>| match asked {
            Asked::Measure { measure, answers, first_ends } => of_measure.get(&measure.id).is_some_and(|figures| {
                let is_as_late = |of: &Observation| of.period.end() >= *first_ends && figures::answers(of, measure);
                figures.iter().any(|of| answers.contains(&FigureKey::of(of)) || is_as_late(of))
            }),
            Asked::Action(action) => {
                let standing = self.reports_in_use().map(|one| &one.report).filter(|report| report.still_stands(self.quarter));
                ActionReport::tell_of_all(standing, action)
            }
        };
        asked.iter().filter(|asked| !is_there(asked)).map(Asked::id).collect()
    }
}
