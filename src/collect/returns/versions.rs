//! Versions of a partner's return laid over each other, figure by figure, whichever quarter's workbook gave it.

use super::returned_figure::ReturnedFigure;
use super::version::VersionContents;
use crate::collect::{ActionReport, AmbitionComment, Progress, RunScope};
use crate::figure::{FigureKey, Observation, ReportKey};
use crate::framework::MeasureSource;
use crate::period::Period;
use crate::value::Value;
use std::collections::BTreeMap;

/// What of a partner's versions stands, in the order of the first that gave it.
#[derive(Debug)]
pub(super) struct StandingFigures {
    /// Of the look.
    quarter: Period,
    figures: Vec<StandingFigure>,
    /// The places of the figures among these.
    at: BTreeMap<FigureKey, usize>,
    action_reports: BTreeMap<ReportKey, StandingReport>,
    /// The key actions in the order in which they were first reported.
    order: Vec<ReportKey>,
    /// The last on each ambition by its id, of the look's own quarter.
    pub comments: BTreeMap<String, AmbitionComment>,
    /// Figures of a version of the look's own quarter that a later one of that quarter gave otherwise.
    pub replaced: Vec<Observation>,
    /// Something was given that is not made up.
    is_real: bool,
}

/// What stands of what was said of a key action.
#[derive(Debug)]
struct StandingReport {
    report: ActionReport,
    /// The quarter of the return that the commentary is from.
    commented: Option<Period>,
    /// Where this speaks of the action as a whole and not of each step: what was said before it that did.
    of_each_step: Option<ActionReport>,
}

#[derive(Debug)]
struct StandingFigure {
    observation: Observation,
    /// No cell of its row was filled in.
    blank: bool,
    /// It was given for the look's own quarter.
    own: bool,
}

impl StandingFigures {
    pub fn new(quarter: Period) -> Self {
        Self {
            quarter,
            figures: Vec::new(),
            at: BTreeMap::new(),
            action_reports: BTreeMap::new(),
            order: Vec::new(),
            comments: BTreeMap::new(),
            replaced: Vec::new(),
            is_real: false,
        }
    }

    /// Lays the next version of the look's own quarter over what stands: what it gives replaces what was given, a mark like a
    /// number; what it leaves blank, or gives in a way that cannot be used, stays as it was.
    pub fn lay_over(&mut self, figures: &[ReturnedFigure], reports: &[ActionReport], comments: &[AmbitionComment]) {
        for ReturnedFigure { observation, blank } in figures {
            self.put(StandingFigure { observation: observation.clone(), blank: *blank, own: true });
        }
        reports.iter().for_each(|report| self.report(report));
        self.comments.extend(comments.iter().map(|comment| (comment.ambition.clone(), comment.clone())));
    }

    /// Lays a version of another quarter over what stands: of it that counts which the look's quarter may know of. Its comments
    /// say how ambitions stood then, and are not taken.
    pub fn remember(&mut self, contents: &VersionContents, wanted: &RunScope<'_>) {
        let is_of_use = |of: &&Observation| {
            let returned =
                wanted.framework.measure(&of.measure).is_some_and(|m| matches!(m.source, MeasureSource::Return { .. }));
            returned && (of.period.end() <= wanted.period.end() || wanted.framework.is_scenario(&of.measure))
        };
        for observation in contents.figures.iter().filter(is_of_use) {
            self.put(StandingFigure { observation: observation.clone(), blank: false, own: false });
        }
        let is_told = |report: &&ActionReport| {
            let is_action = wanted.framework.actions.iter().any(|action| action.id == report.action);
            is_action && report.quarter().is_none_or(|quarter| quarter <= wanted.period)
        };
        contents.action_reports.iter().filter(is_told).for_each(|report| self.report(report));
    }

    fn put(&mut self, figure: StandingFigure) {
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
        let key = report.key();
        // What stood when it was said, whichever quarter is looked at now.
        let quarter = report.quarter().unwrap_or(self.quarter);
        let Some(StandingReport { report: stood, commented, of_each_step }) = self.action_reports.get_mut(&key) else {
            self.order.push(key.clone());
            let report = ActionReport { complete_since: report.known_complete_on(), ..report.clone() };
            self.action_reports.insert(key, StandingReport { commented: report.quarter(), report, of_each_step: None });
            return;
        };
        if report.quarter() < stood.quarter() {
            return;
        }
        let mut new = report.clone();
        let mut forecast_in = report.quarter();
        if stood.still_stands(quarter) && new.progress != Progress::Complete && new.forecast.is_none() {
            new.forecast = stood.forecast;
            forecast_in = stood.forecast_in.or(stood.quarter());
        }
        if new.progress == Progress::NotGiven && stood.still_stands(quarter) {
            (new.progress, new.returned) = (stood.progress, stood.returned);
            new.completed = new.completed.or(stood.completed);
        }
        new.forecast_in = forecast_in.filter(|of| new.forecast.is_some() && Some(*of) != new.quarter());
        if new.progress == Progress::Complete && stood.progress == Progress::Complete {
            new.completed = new.completed.or(stood.completed);
            new.complete_since = stood.complete_since;
        }
        new.complete_since = new.known_complete_on();
        let is_recent = commented.is_none_or(|of| quarter.end() < of.next_step().next_step().end());
        if !new.commentary.is_empty() || !is_recent {
            *commented = report.quarter();
        } else {
            new.commentary.clone_from(&stood.commentary);
        }
        // What was said of each step once is not owed again since the whole is further on.
        if new.step.is_none() && stood.tells_of_each_step() {
            *of_each_step = Some(stood.clone());
        }
        *stood = new;
    }

    /// The figures in use: those made up in other quarters to try things out do not stand beside real ones.
    pub(super) fn in_use(&self) -> impl Iterator<Item = &Observation> {
        let counts = |of: &&StandingFigure| of.own || !self.is_real || !of.observation.illustrative;
        self.figures.iter().filter(counts).map(|figure| &figure.observation)
    }

    fn reports_in_use(&self) -> impl Iterator<Item = &StandingReport> + Clone {
        let counts = |of: &&StandingReport| of.report.quarter() == Some(self.quarter) || !self.is_real || !of.report.illustrative;
        self.order.iter().filter_map(|key| self.action_reports.get(key)).filter(counts)
    }

    pub fn figures(&self) -> Vec<Observation> {
        self.in_use().cloned().collect()
    }

    pub fn action_reports(&self) -> Vec<ActionReport> {
        let told = |StandingReport { report, commented, .. }: &StandingReport| match commented {
            Some(of) if *commented != report.quarter() && !report.commentary.is_empty() => {
                let commentary = format!("In the return for {}: {}", of.in_words(), report.commentary);
                ActionReport { commentary, ..report.clone() }
            }
            _ => report.clone(),
        };
        self.reports_in_use().map(told).collect()
    }

    /// What is said of key actions and still holds.
    pub fn standing_reports(&self) -> impl Iterator<Item = &ActionReport> + Clone {
        let reports = self.reports_in_use().flat_map(|one| one.of_each_step.iter().chain([&one.report]));
        reports.filter(|report| report.still_stands(self.quarter))
    }

    /// A figure or a report stands that a version of the look's own quarter gave.
    pub fn gives(&self) -> bool {
        let is_given = |of: &StandingFigure| of.own && !of.blank && of.observation.value != Value::Missing;
        self.figures.iter().any(is_given) || self.reports_in_use().any(|of| of.report.quarter() == Some(self.quarter))
    }
}
