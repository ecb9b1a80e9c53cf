//! Priorities with their measures and key actions, and aims with their priorities.

use super::ambition::{AmbitionView, place};
use super::figures;
use super::measure::MeasureView;
use super::sentences::{joined, sentence};
use crate::collect::ActionReport;
use crate::evaluate::{ActionAssessment, Flag, Status};
use crate::framework::Action;
use crate::period::Period;
use crate::report::PackInputs;
use jiff::civil::Date;
use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
pub struct CountView {
    pub status: String,
    pub count: usize,
    #[serde(skip)]
    pub of: Status,
}

/// A count as a card has it.
#[derive(Debug, Clone, Serialize)]
pub struct CardView {
    pub label: String,
    pub value: String,
    #[serde(skip)]
    pub count: usize,
    /// What else there is to know; may be empty.
    pub note: String,
    /// The status that it counts, the first where it counts several.
    pub status: String,
}

#[derive(Debug, Serialize)]
pub struct AimView {
    pub kind: &'static str,
    pub id: String,
    pub number: usize,
    pub title: String,
    /// Who answers for it; may be empty.
    pub owner: String,
    pub priorities: Vec<GroupView>,
    /// Ambitions by status, every status once.
    pub counts: Vec<CountView>,
    pub illustrative: bool,
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
    /// Whom or what it means, where the text defines that; may be empty.
    pub definition: String,
    pub ambitions: Vec<AmbitionView>,
    /// Those of all its ambitions, in their order.
    pub measures: Vec<MeasureView>,
    pub actions: Vec<ActionView>,
    pub illustrative: bool,
    /// Ambitions by status, every status once.
    pub counts: Vec<CountView>,
    pub action_counts: Vec<CountView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ActionView {
    pub id: String,
    pub statement: String,
    /// Its name, or the names of those who lead it together; `proposed` beside it where the text names none.
    pub lead: String,
    /// Titles of the other priorities under which it is shown too.
    pub also_under: Vec<String>,
    /// The ids of ambitions that it is to further.
    #[serde(skip)]
    pub ambitions: Vec<String>,
    /// The day, with the first one where an edition has moved it.
    pub due: String,
    /// Its parts in order, each with its day: `Induction by 31 March 2024`.
    pub steps: Vec<String>,
    /// The first of its dates and its steps' that has passed; empty where none has.
    pub passed: String,
    /// How its completion is shown; may be empty.
    pub evidence: String,
    /// That `lead` and `evidence` are our proposal: the text names none.
    pub proposed: bool,
    /// Where in the strategy's text it stands; empty where that is not recorded.
    pub place: String,
    pub status: String,
    pub reason: String,
    /// What the lead said, as it was said; empty where it said nothing.
    pub said: String,
    pub said_by: String,
    /// What others who lead it said, each with who said it.
    pub others: Vec<SaidView>,
    pub illustrative: bool,
    #[serde(skip)]
    pub of: Status,
}

/// What one partner said of a key action.
#[derive(Debug, Clone, Serialize)]
pub struct SaidView {
    pub said: String,
    pub by: String,
}

/// All measures by aim, each list with its heading.
pub fn by_aim<'v>(overarching: &'v GroupView, aims: &'v [AimView]) -> Vec<(String, Vec<&'v MeasureView>)> {
    let first = ("Across all aims".to_owned(), overarching.measures.iter().collect());
    let aims = aims.iter().map(|aim| {
        let measures = aim.priorities.iter().flat_map(|priority| &priority.measures).collect();
        (format!("Aim {}: {}", aim.number, aim.title), measures)
    });
    std::iter::once(first).chain(aims).collect()
}

/// Every status with how many there are.
pub fn counts(statuses: impl Iterator<Item = Status>) -> Vec<CountView> {
    let all: Vec<Status> = statuses.collect();
    let count = |of: Status| CountView { status: of.label().to_owned(), count: all.iter().filter(|s| **s == of).count(), of };
    Status::ALL.into_iter().map(count).collect()
}

/// Counts in six groups: late achievements with the others, and one group of what was not judged, with why.
pub fn cards(counts: &[CountView]) -> Vec<CardView> {
    let of = |status: Status| counts.iter().find(|c| c.of == status).map_or(0, |c| c.count);
    let card = |label: &str, status: Status, value: usize, note: String| CardView {
        label: label.to_owned(),
        value: value.to_string(),
        count: value,
        note,
        status: status.label().to_owned(),
    };
    let one = |status: Status| card(status.label(), status, of(status), String::new());
    let late = of(Status::AchievedLate);
    let unjudged = [
        (Status::NoFigure, "without a figure"),
        (Status::NoTargetSet, "without a target set"),
        (Status::CannotBeJudged, "that cannot be judged"),
    ];
    let why: Vec<String> =
        unjudged.iter().filter(|(status, _)| of(*status) > 0).map(|(status, why)| format!("{} {why}", of(*status))).collect();
    vec![
        card(
            Status::Achieved.label(),
            Status::Achieved,
            of(Status::Achieved) + late,
            if late == 0 { String::new() } else { format!("{late} of them late") },
        ),
        one(Status::OnTrack),
        one(Status::AtRisk),
        one(Status::OffTrack),
        one(Status::NotYetDue),
        card("Not judged", Status::NoFigure, unjudged.iter().map(|(status, _)| of(*status)).sum(), joined(&why)),
    ]
}

/// A day, with the first one where it was moved.
fn due_in_words(due: Option<Date>, first: Option<Date>) -> String {
    let due_words = due.map_or("no date set".to_owned(), figures::date);
    match first.filter(|first| Some(*first) != due) {
        Some(first) => format!("{due_words} (first: {})", figures::date(first)),
        None => due_words,
    }
}

/// Status, commentary and forecast as they were reported, with the quarter of the return where that is not this one.
fn report_in_words(report: &ActionReport, action: &Action, quarter: Period) -> String {
    let step = report.step.and_then(|number| Some((number, action.steps.get(number.checked_sub(1)?)?)));
    let step = step.map_or(String::new(), |(number, step)| format!("{}: ", step.named(number).trim_end_matches('.')));
    let words = format!("{step}{} {}", sentence(report.progress.in_words()), report.commentary.trim());
    let given_in = report.forecast_in.map_or(String::new(), |of| format!(", given in the return for {}", of.in_words()));
    let forecast = report.forecast.map(|day| format!("Forecast: {}{given_in}.", figures::date(day)));
    let said = [Some(words.trim().to_owned()), forecast].into_iter().flatten().collect::<Vec<_>>().join(" ");
    match report.returned.filter(|returned| returned.quarter != quarter) {
        Some(earlier) => {
            let (quarter, day) = (earlier.quarter.in_words(), figures::date(earlier.on));
            format!("In the return for {quarter}, received {day}: {said}")
        }
        None => said,
    }
}

impl ActionView {
    /// When it is due, and a part of it that was due earlier and has passed: `31 March 2026; a step was due 31 March 2024`.
    pub fn due_with_passed(&self) -> String {
        let is_said = self.passed.is_empty() || self.due.starts_with(&self.passed);
        if is_said { self.due.clone() } else { format!("{}; a step was due {}", self.due, self.passed) }
    }

    pub fn new(pack: &PackInputs<'_>, action: &Action, assessment: Option<&ActionAssessment>) -> Self {
        let name = |id: &str| {
            pack.partners.iter().find(|partner| partner.id == id).map_or(id.to_owned(), |partner| partner.name.clone())
        };
        let of = assessment.map_or(Status::NoFigure, |a| a.status);
        let report = assessment.and_then(|a| a.report.as_ref());
        let leads: Vec<String> = action.leads().map(name).collect();
        let leads = joined(&leads);
        let title = |id: &String| pack.framework.priorities.iter().find(|p| p.id == *id).map(|p| p.title.clone());
        let others = assessment.map_or(&[][..], |a| a.others.as_slice());
        let dates = action.steps.iter().filter_map(|step| step.due).chain(action.due);
        let passed = dates.filter(|due| *due < pack.evaluation.as_at).min();
        ActionView {
            id: action.id.0.clone(),
            statement: action.statement.clone(),
            lead: if action.proposed { format!("{leads} (proposed)") } else { leads },
            also_under: action.also_under.iter().filter_map(title).collect(),
            ambitions: action.ambitions.clone(),
            due: due_in_words(action.due, action.first_due),
            passed: passed.map_or(String::new(), figures::date),
            steps: action
                .steps
                .iter()
                .map(|step| {
                    let due = due_in_words(step.due, step.first_due);
                    let by = if step.due.is_some() { "by " } else { "" };
                    format!("{}: {by}{due}", sentence(&step.statement).trim_end_matches('.'))
                })
                .collect(),
            evidence: action.evidence.trim().to_owned(),
            proposed: action.proposed,
            place: place(&action.text),
            status: of.label().to_owned(),
            reason: assessment.map_or("It was not judged.".to_owned(), |a| sentence(&a.reason)),
            said: report.map_or(String::new(), |r| report_in_words(r, action, pack.evaluation.period)),
            others: others
                .iter()
                .map(|r| SaidView { said: report_in_words(r, action, pack.evaluation.period), by: name(&r.partner) })
                .collect(),
            said_by: report.map_or(String::new(), |r| name(&r.partner)),
            illustrative: report.is_some_and(|r| r.illustrative)
                || assessment.is_some_and(|a| a.flags.contains(&Flag::Illustrative)),
            of,
        }
    }
}
