//! What figures are held against, and all checks in turn.

use super::doubt::{Doubt, ReturnFigures, asked, finding, named, place};
use super::past::{Expected, LastProgress, PastFigures};
use super::{actions, age_bands, alone, change, revised, sums};
use crate::area::Areas;
use crate::collect::own_words::explains;
use crate::collect::returns::returned_figure::ReturnedFigure;
use crate::collect::{ActionReport, Finding, Grade, checks};
use crate::figure::{FigureKey, Observation};
use crate::framework::{Framework, Measure, Partner};
use crate::period::Period;
use std::collections::BTreeMap;

/// What figures are held against.
pub(in crate::collect::returns) struct Against<'a> {
    pub framework: &'a Framework,
    pub partner: &'a Partner,
    pub areas: &'a Areas,
    /// The quarter of the return.
    pub period: Period,
    pub past: PastFigures<'a>,
    /// The figures are in `past` already, among what was given since.
    pub is_known: bool,
    /// None of a partner who has not reported before.
    pub progress: Option<&'a LastProgress>,
    pub expected: Option<Expected>,
}

impl Against<'_> {
    /// Adds what is found to `findings` and gives the figures that are used.
    pub fn check(
        &self,
        figures: Vec<ReturnedFigure>,
        reports: &[ActionReport],
        findings: &mut Vec<Finding>,
    ) -> Vec<ReturnedFigure> {
        let own = figures.iter().filter(|figure| !figure.blank && !self.is_known).map(|figure| &figure.observation);
        let first = self.past.given_first(own.clone());
        let stands = self.past.corrected_by(own.filter(|of| !self.is_of_another_size(of)));
        let (past, own) = (self.past.standing(&stands), PastFigures::new(Some(&first)));
        let mut used = Vec::with_capacity(figures.len());
        for figure in figures {
            let observation = &figure.observation;
            // A count by age band is no figure of its measure, and is checked with the others of its figure.
            let is_figure = !figure.blank && observation.component().is_none();
            let Some(measure) = self.framework.measure(&observation.measure).filter(|_| is_figure) else {
                used.push(figure);
                continue;
            };
            let doubts = self.doubts(measure, observation, &past, &own);
            let is_used = doubts.iter().all(|doubt| doubt.grade != Grade::Error);
            findings.extend(doubts.into_iter().map(|doubt| finding(observation, doubt)));
            if is_used {
                used.push(figure);
            }
        }
        let given = used.iter().filter(|figure| !figure.blank).map(|figure| &figure.observation);
        let given: ReturnFigures<'_> = given.map(|observation| (FigureKey::of(observation), observation)).collect();
        findings.extend(sums::groups(&given, self.framework, &|of, measure| self.name(of, measure)));
        findings.extend(sums::parts(&given, self.areas, self.framework, &|of, measure| self.name(of, measure)));
        findings.extend(reports.iter().filter_map(|report| actions::worsened(report, self.progress?, self.framework)));
        findings.extend(actions::complete_with_open_steps(reports, self.framework));
        findings.extend(alone::without_counts(&given, self.framework));
        findings.extend(age_bands::incomplete(&given, self.framework));
        used
    }

    fn name(&self, of: &Observation, measure: &Measure) -> String {
        named((&of.area, of.category.as_ref()), measure, self.partner, self.areas)
    }

    fn is_of_another_size(&self, of: &Observation) -> bool {
        let number = self.framework.measure(&of.measure).zip(of.value.number());
        let doubt = number.and_then(|(measure, value)| in_another_unit(measure, "", of, value, &self.past));
        doubt.is_some_and(|doubt| doubt.grade == Grade::Error)
    }

    fn doubts(&self, measure: &Measure, of: &Observation, past: &PastFigures<'_>, own: &PastFigures<'_>) -> Vec<Doubt> {
        let name = self.name(of, measure);
        let revised = revised::revised(measure, &name, of, past);
        if of.value.number().is_none() {
            return revised.into_iter().collect();
        }
        let length = checks::odd_length(measure, of.period, self.period).map(|problem| Doubt {
            grade: Grade::Question,
            problem: format!("{name}: {problem}"),
            remedy: "correct the period; it is not shown beside figures of the length that is asked for",
            of_past: false,
        });
        length.into_iter().chain(beside_past(measure, &name, of, [past, own], self.expected)).chain(revised).collect()
    }

    /// Asks anew, by what stands of them, what was asked of `figures` for what earlier periods were.
    pub fn ask_again(&self, findings: &mut Vec<Finding>, figures: &BTreeMap<FigureKey, &Observation>) {
        let first = self.past.given_first(figures.values().copied());
        let own = PastFigures::new(Some(&first));
        findings.retain_mut(|finding| {
            let is_asked = finding.of_past && finding.grade == Grade::Question;
            let figure = finding.about.as_ref().filter(|_| is_asked).and_then(|about| figures.get(about));
            // Another version's figure has its own question.
            let Some(of) = figure.filter(|of| place(of) == finding.place) else { return true };
            let Some(measure) = self.framework.measure(&of.measure) else { return true };
            let doubt = beside_past(measure, &self.name(of, measure), of, [&self.past, &own], self.expected);
            let doubt = doubt.filter(|doubt| doubt.grade != Grade::Note);
            finding.problem = doubt.as_ref().map_or(String::new(), |doubt| doubt.problem.clone());
            doubt.is_some()
        });
    }
}

/// What is to be said of a figure beside those of the periods before it; of one of which nothing was given before, beside those that
/// came with it.
fn beside_past(
    measure: &Measure,
    name: &str,
    of: &Observation,
    [past, own]: [&PastFigures<'_>; 2],
    expected: Option<Expected>,
) -> Option<Doubt> {
    let value = of.value.number()?;
    in_another_unit(measure, name, of, value, past)
        .or_else(|| below_zero(measure, name, of, value, past))
        .or_else(|| change::beyond_the_run(measure, name, of, value, past, expected))
        .or_else(|| change::since_last_time(measure, name, of, value, past))
        .or_else(|| change::beside_own_baseline(measure, name, of, value, own))
}

/// A figure of another size than the last one: an error, unless a note stands beside it.
fn in_another_unit(measure: &Measure, name: &str, of: &Observation, value: f64, past: &PastFigures<'_>) -> Option<Doubt> {
    let jump = checks::jump(measure, value, past.last_before(measure, &FigureKey::of(of), of.illustrative)?)?;
    let problem = format!("{name}: {jump}");
    Some(if !explains(&of.note) {
        let remedy = "give it in the unit of the template; if it is right, say so in the row's note";
        Doubt { grade: Grade::Error, problem: format!("{problem}: it may be in another unit"), remedy, of_past: true }
    } else {
        let remedy = "look at the unit once more";
        let problem = format!("{problem}; it is used, for a note stands beside it");
        Doubt { grade: Grade::Question, problem, remedy, of_past: true }
    })
}

/// A share is not below 0, a difference may be: nobody said which it is until one was.
fn below_zero(measure: &Measure, name: &str, of: &Observation, value: f64, past: &PastFigures<'_>) -> Option<Doubt> {
    let before = past.run_before(measure, &FigureKey::of(of), of.illustrative);
    let problem = checks::first_below_zero(measure, value, before.into_iter().map(|(_, value)| value))?;
    let problem = format!("{name}: {problem}");
    Some(asked(of, problem, "correct it, or say in the row's note that it is a difference"))
}
