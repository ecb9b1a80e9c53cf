//! What figures are held against, and all checks in turn.

use super::doubt::{Doubt, Given, asked, finding, named};
use super::past::{Expected, LastProgress, Past};
use super::{actions, age_bands, alone, change, revised, sums};
use crate::area::Areas;
use crate::collect::own_words::explains;
use crate::collect::returns::returned_figure::ReturnedFigure;
use crate::collect::{ActionReport, Finding, Grade, checks};
use crate::figure::{FigureKey, Observation};
use crate::framework::{Framework, Measure};
use crate::period::Period;
use crate::value::Value;

/// What figures are held against.
pub(in crate::collect::returns) struct Against<'a> {
    pub framework: &'a Framework,
    pub areas: &'a Areas,
    /// The quarter of the return.
    pub period: Period,
    pub past: Past<'a>,
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
        let mut used = Vec::with_capacity(figures.len());
        for figure in figures {
            let observation = &figure.observation;
            // A count by age band is no figure of its measure, and is checked with the others of its figure.
            let is_figure = !figure.blank && observation.component().is_none();
            let Some(measure) = self.framework.measure(&observation.measure).filter(|_| is_figure) else {
                used.push(figure);
                continue;
            };
            let doubts = self.doubts(measure, observation);
            let is_used = doubts.iter().all(|doubt| doubt.grade != Grade::Error);
            findings.extend(doubts.into_iter().map(|doubt| finding(observation, doubt)));
            if is_used {
                used.push(figure);
            }
        }
        let given = used.iter().filter(|figure| !figure.blank).map(|figure| &figure.observation);
        let given: Given<'_> = given.map(|observation| (FigureKey::of(observation), observation)).collect();
        findings.extend(sums::groups(&given, self.framework));
        findings.extend(sums::parts(&given, self.areas, self.framework));
        findings.extend(reports.iter().filter_map(|report| actions::worsened(report, self.progress?, self.framework)));
        findings.extend(actions::complete_with_open_steps(reports, self.framework));
        findings.extend(alone::without_counts(&given, self.framework));
        findings.extend(age_bands::incomplete(&given, self.framework));
        used
    }

    fn doubts(&self, measure: &Measure, of: &Observation) -> Vec<Doubt> {
        let revised = revised::revised(measure, of, &self.past);
        let Value::Number(value) = of.value else { return revised.into_iter().collect() };
        let length = checks::odd_length(measure, of.period, self.period).map(|problem| Doubt {
            grade: Grade::Question,
            problem: format!("{}: {problem}", named(of, measure)),
            remedy: "correct the period; it is not shown beside figures of the length that is asked for",
        });
        let doubt = in_another_unit(measure, of, value, &self.past)
            .or_else(|| below_zero(measure, of, value, &self.past))
            .or_else(|| change::beyond_the_run(measure, of, value, &self.past, self.expected))
            .or_else(|| change::since_last_time(measure, of, value, &self.past));
        length.into_iter().chain(doubt).chain(revised).collect()
    }
}

/// A figure of another size than the last one: an error, unless a note stands beside it.
fn in_another_unit(measure: &Measure, of: &Observation, value: f64, past: &Past<'_>) -> Option<Doubt> {
    let jump = checks::jump(measure, value, past.last_before(measure, &FigureKey::of(of), of.illustrative)?)?;
    let problem = format!("{}: {jump}", named(of, measure));
    Some(if !explains(&of.note) {
        let remedy = "give it in the unit of the template; if it is right, say so in the row's note";
        Doubt { grade: Grade::Error, problem: format!("{problem}: it may be in another unit"), remedy }
    } else {
        let remedy = "look at the unit once more";
        Doubt { grade: Grade::Question, problem: format!("{problem}; it is used, for a note stands beside it"), remedy }
    })
}

/// A share is not below 0, a difference may be: nobody said which it is until one was.
fn below_zero(measure: &Measure, of: &Observation, value: f64, past: &Past<'_>) -> Option<Doubt> {
    let before = past.run_before(measure, &FigureKey::of(of), of.illustrative);
    let problem = checks::first_below_zero(measure, value, before.into_iter().map(|(_, value)| value))?;
    let problem = format!("{}: {problem}", named(of, measure));
    Some(asked(of, problem, "correct it, or say in the row's note that it is a difference"))
}
