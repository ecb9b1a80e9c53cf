//! What a partner gave before, shown beside what is asked for now.

use super::answers::{ActionAnswer, COMPLETE, CommentAnswer};
use crate::area::{AreaCode, Areas};
use crate::figure::{FigureKey, ReportKey, SeriesKey};
use crate::framework::{ActionId, Partner};
use crate::period::Period;
use crate::value::{Limits, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What one partner gave before.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PartnerHistory {
    figures: BTreeMap<SeriesKey, BTreeMap<Period, PriorFigure>>,
    counts: BTreeMap<SeriesKey, BTreeMap<Period, PriorCounts>>,
    actions: BTreeMap<ReportKey, ReportedAction>,
    comments: BTreeMap<String, PriorComment>,
    /// What is not asked for again.
    answered: BTreeSet<FigureKey>,
    told: BTreeSet<ActionId>,
}

/// What a figure given before was given with; none of what it was given without.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PriorCounts {
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// 95% limits.
    pub limits: Option<Limits>,
}

/// What was last said of a key action, or of a step of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedAction {
    pub answer: ActionAnswer,
    /// The quarter of the last return that said something.
    pub quarter: Period,
    /// The quarters of the returns that said what this one left blank.
    stood: StoodSince,
}

/// What was last said of an ambition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorComment {
    pub answer: CommentAnswer,
    /// The quarter of the return that said it.
    pub quarter: Period,
}

/// Of the fields of a report that stood as an earlier return gave them: the quarter of that; none of those that were given last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct StoodSince {
    status: Option<Period>,
    forecast: Option<Period>,
    completed: Option<Period>,
    commentary: Option<Period>,
}

impl ReportedAction {
    /// What is complete has no forecast.
    pub fn new(answer: ActionAnswer, quarter: Period) -> Self {
        let forecast = answer.forecast.filter(|_| answer.status != COMPLETE);
        Self { answer: ActionAnswer { forecast, ..answer }, quarter, stood: StoodSince::default() }
    }

    /// What was said in the return of each quarter, the last first.
    pub(super) fn by_quarter(&self) -> Vec<(Period, ActionAnswer)> {
        let StoodSince { status, forecast, completed, commentary } = self.stood;
        let of = |field: Option<Period>| field.unwrap_or(self.quarter);
        let mut quarters: Vec<Period> = [None, status, forecast, completed, commentary].into_iter().map(of).collect();
        quarters.sort_by_key(|quarter| std::cmp::Reverse(quarter.end()));
        quarters.dedup();
        let told = |quarter: Period| {
            let is_of = |field: Option<Period>| of(field) == quarter;
            let text = |field: Option<Period>, text: &String| if is_of(field) { text.clone() } else { String::new() };
            let answer = ActionAnswer {
                status: text(status, &self.answer.status),
                forecast: self.answer.forecast.filter(|_| is_of(forecast)),
                completed: self.answer.completed.filter(|_| is_of(completed)),
                commentary: text(commentary, &self.answer.commentary),
            };
            (quarter, answer)
        };
        quarters.into_iter().map(told).filter(|(_, said)| *said != ActionAnswer::default()).collect()
    }

    /// Takes from what was said before what this one left blank.
    fn over(mut self, before: &Self) -> Self {
        let since = |field: Option<Period>| Some(field.unwrap_or(before.quarter));
        let (answer, was) = (&mut self.answer, &before.answer);
        let is_complete = |answer: &ActionAnswer| answer.status == COMPLETE;
        let is_as_before = answer.status.is_empty() || is_complete(answer) && is_complete(was);
        if answer.status.is_empty() {
            answer.status.clone_from(&was.status);
            self.stood.status = since(before.stood.status);
        }
        if is_as_before && answer.completed.is_none() {
            answer.completed = was.completed;
            self.stood.completed = since(before.stood.completed);
        }
        if answer.forecast.is_none() && answer.completed.is_none() && !is_complete(answer) {
            answer.forecast = was.forecast;
            self.stood.forecast = since(before.stood.forecast);
        }
        if answer.commentary.is_empty() {
            answer.commentary.clone_from(&was.commentary);
            self.stood.commentary = since(before.stood.commentary);
        }
        self
    }
}

impl PartnerHistory {
    pub const fn new() -> Self {
        Self {
            figures: BTreeMap::new(),
            counts: BTreeMap::new(),
            actions: BTreeMap::new(),
            comments: BTreeMap::new(),
            answered: BTreeSet::new(),
            told: BTreeSet::new(),
        }
    }

    /// The figures of a series by their periods; none where none was given.
    pub fn get(&self, series: &SeriesKey) -> Option<&BTreeMap<Period, PriorFigure>> {
        self.figures.get(series)
    }

    /// What was said of an action, or of a step of it.
    pub fn reported(&self, of: &ReportKey) -> Option<&ReportedAction> {
        self.actions.get(of)
    }

    /// What was last said of an ambition, by its id.
    pub fn commented(&self, ambition: &str) -> Option<&PriorComment> {
        self.comments.get(ambition)
    }

    /// Has a figure not asked for again in a workbook that asks for what is owed.
    pub fn leave_out(&mut self, series: SeriesKey, period: Period) {
        self.answered.insert(series.at(period));
    }

    /// The same of a key action.
    pub fn leave_out_action(&mut self, action: ActionId) {
        self.told.insert(action);
    }

    pub(super) fn is_left_out(&self, series: &SeriesKey, period: Period) -> bool {
        // Without a copy where nothing is left out, as in most workbooks.
        !self.answered.is_empty() && self.answered.contains(&series.at(period))
    }

    pub(super) fn is_action_left_out(&self, action: &ActionId) -> bool {
        self.told.contains(action)
    }

    /// Puts the figures of a series in place of those that it had.
    pub fn insert(&mut self, series: SeriesKey, by_period: BTreeMap<Period, PriorFigure>) {
        self.figures.insert(series, by_period);
    }

    /// Adds a figure, in place of one of the same period; one that was made up does not take the place of a real one.
    pub fn give(&mut self, series: SeriesKey, period: Period, given: PriorFigure) {
        let by_period = self.figures.entry(series).or_default();
        if !given.illustrative || by_period.get(&period).is_none_or(|before| before.illustrative) {
            by_period.insert(period, given);
        }
    }

    /// The same with what it was given with.
    pub fn give_with(&mut self, series: SeriesKey, period: Period, given: PriorFigure, counts: PriorCounts) {
        self.give(series.clone(), period, given);
        if self.figures.get(&series).and_then(|by_period| by_period.get(&period)) == Some(&given) {
            self.counts.entry(series).or_default().insert(period, counts);
        }
    }

    /// What the figure of a period was given with.
    pub fn counts(&self, series: &SeriesKey, period: Period) -> PriorCounts {
        self.counts.get(series).and_then(|by_period| by_period.get(&period)).copied().unwrap_or_default()
    }

    /// Adds what was said of an action, or of a step of it, in place of what was said for the same quarter or one before. What
    /// is left blank stands as it was said last.
    pub fn report(&mut self, key: ReportKey, reported: ReportedAction) {
        let Some(before) = self.actions.get(&key) else {
            self.actions.insert(key, reported);
            return;
        };
        if before.quarter > reported.quarter {
            return;
        }
        let reported = reported.over(before);
        self.actions.insert(key, reported);
    }

    /// Adds what was said of an ambition, in place of what was said for the same quarter or one before.
    pub fn comment(&mut self, ambition: String, said: PriorComment) {
        if self.comments.get(&ambition).is_none_or(|before| before.quarter <= said.quarter) {
            self.comments.insert(ambition, said);
        }
    }
}

impl<const N: usize> From<[(SeriesKey, BTreeMap<Period, PriorFigure>); N]> for PartnerHistory {
    fn from(figures: [(SeriesKey, BTreeMap<Period, PriorFigure>); N]) -> Self {
        Self { figures: BTreeMap::from(figures), ..Self::default() }
    }
}

/// A figure given before, in the measure's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriorFigure {
    pub value: Value,
    /// Made up to show how the pack works.
    pub illustrative: bool,
}

/// Adds to what each partner gave before, by its id, what those gave whose past is its own (`continues`): of the same area, or
/// of the one area that its own takes the place of. What it gave itself stands.
pub fn add_past(by_partner: &mut BTreeMap<String, PartnerHistory>, partners: &[Partner], areas: &Areas) {
    for partner in partners.iter().filter(|partner| !partner.continues.is_empty()) {
        let becomes = |area: &AreaCode| {
            let takes_over = |own: &&AreaCode| areas.past_of(own).is_some_and(|(before, _)| before == [area.clone()]);
            partner.areas.iter().find(takes_over).unwrap_or(area).clone()
        };
        let past: Vec<PartnerHistory> = partner.continues.iter().filter_map(|id| by_partner.get(id)).cloned().collect();
        let own = by_partner.entry(partner.id.clone()).or_default();
        for PartnerHistory { figures, mut counts, actions, comments, .. } in past {
            for (of_past, by_period) in figures {
                let counts = counts.remove(&of_past).unwrap_or_default();
                let series = SeriesKey { area: becomes(&of_past.area), ..of_past };
                for (period, given) in by_period {
                    if own.figures.get(&series).is_none_or(|known| !known.contains_key(&period)) {
                        own.give_with(series.clone(), period, given, counts.get(&period).copied().unwrap_or_default());
                    }
                }
            }
            for (action, reported) in actions {
                own.actions.entry(action).or_insert(reported);
            }
            for (ambition, said) in comments {
                own.comments.entry(ambition).or_insert(said);
            }
        }
    }
}
