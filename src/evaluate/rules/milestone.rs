//! A key action that is done or not, by its steps. Its lead may lower what the dates say, and never raise it.

use super::RuleOutcome;
use crate::collect::Progress;
use crate::evaluate::wording::format_day;
use crate::evaluate::{Flag, Status};
use crate::period::Period;
use jiff::civil::Date;

/// An open action is only judged this close to its date.
const JUDGED_WITHIN_DAYS: i32 = 90;

/// What is known of an action or of one of its steps.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StepProgress {
    /// What the step is; empty for an action without steps.
    pub statement: String,
    pub due: Option<Date>,
    /// The date that an earlier edition gave it, where it was moved.
    pub first_due: Option<Date>,
    /// What its lead says; none where nothing came, or too long ago.
    pub progress: Option<Progress>,
    /// Where it was too long ago, the quarter of that return.
    pub last_reported: Option<Period>,
    pub forecast: Option<Date>,
    /// The quarter of the return that gave the forecast, where that is another than the one that gave the status.
    pub forecast_in: Option<Period>,
    pub completed: Option<Date>,
    /// The day on which a return came that said that it is complete.
    pub known_complete_on: Option<Date>,
    /// Its lead has reported of the action as a whole, and not of this step.
    pub is_told_as_whole: bool,
    /// Whose word it is, or is lacking.
    pub teller: Reporter,
}

/// Who says, or does not say, how a part of an action stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reporter {
    /// Its only lead.
    #[default]
    Lead,
    /// None of those who lead it together.
    Leads,
    /// One of these, by its name.
    One(String),
}

impl Reporter {
    /// `its lead has`, at the start of what was reported or not.
    fn has(&self) -> String {
        match self {
            Reporter::Lead => "its lead has".to_owned(),
            Reporter::Leads => "its leads have".to_owned(),
            Reporter::One(name) => format!("{name} has"),
        }
    }

    /// `its lead says`.
    fn says(&self) -> String {
        match self {
            Reporter::Lead => "its lead says".to_owned(),
            Reporter::Leads => "its leads say".to_owned(),
            Reporter::One(name) => format!("{name} says"),
        }
    }
}

impl StepProgress {
    /// Its date, where that has passed and it is not complete.
    pub fn overdue_since(&self, today: Date) -> Option<Date> {
        self.due.filter(|due| *due < today && !self.is_complete(today))
    }

    fn is_complete(&self, today: Date) -> bool {
        // A completion in the future is a promise.
        self.completed.map_or(self.progress == Some(Progress::Complete), |day| day <= today)
    }

    /// ` of this step`; nothing of an action without steps.
    fn of_this(&self) -> &'static str {
        if self.statement.is_empty() { "" } else { " of this step" }
    }

    /// `forecast for 31 March 2027`, and the return that says so where that is not the last.
    fn forecast_for(&self, day: Date) -> String {
        let given_in = self.forecast_in.filter(|_| self.forecast.is_some());
        let given_in = given_in.map_or(String::new(), |of| format!(" (return for {})", of.in_words()));
        format!("forecast for {}{given_in}", format_day(day))
    }

    /// `with no forecast`, of what and from whom where there may be another beside it.
    fn without_forecast(&self) -> String {
        let step = if self.statement.is_empty() { "" } else { " for this step" };
        let from = if let Reporter::One(name) = &self.teller { format!(" from {name}") } else { String::new() };
        format!("with no forecast{step}{from}")
    }
}

/// An action: its steps in order, or itself as the only part.
#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    /// One or more.
    pub parts: Vec<StepProgress>,
    pub today: Date,
}

/// Each part by its own date: complete by it is achieved, after it achieved late; without a date of completion by the day on
/// which a return said so; overdue is off track; further away than
/// 90 days not yet due, or at risk where its forecast is past it; within them on track where it is forecast in time,
/// otherwise at risk. A part without a date is not yet due until it is complete. Its lead may lower any of these to at
/// risk or off track. Of several parts the worst open one decides, one that is overdue before any other; once all are complete the last does, and parts that
/// were late are named.
pub fn milestone(known: &Milestone) -> RuleOutcome {
    let judged: Vec<(&StepProgress, RuleOutcome)> = known.parts.iter().map(|part| (part, judge(part, known.today))).collect();
    let is_done = |status: Status| matches!(status, Status::Achieved | Status::AchievedLate);
    let severity = |status: Status| match status {
        Status::OffTrack => 0,
        Status::AtRisk => 1,
        Status::OnTrack => 2,
        _ => 3,
    };
    let open = judged.iter().filter(|(_, verdict)| !is_done(verdict.status));
    let open = open.min_by_key(|(part, verdict)| (severity(verdict.status), part.overdue_since(known.today).is_none()));
    let verdict = match (open, judged.last()) {
        (Some((part, verdict)), _) => named(part, verdict.clone()),
        (None, Some((_, last))) => {
            let late =
                judged.iter().filter(|(part, verdict)| !part.statement.is_empty() && verdict.status == Status::AchievedLate);
            let late: Vec<String> = late.map(|(part, _)| part.statement.clone()).collect();
            let late = if late.is_empty() { String::new() } else { format!("; late: {}", late.join(", ")) };
            RuleOutcome { reason: format!("{}{late}", last.reason), ..last.clone() }
        }
        (None, None) => RuleOutcome::new(Status::CannotBeJudged, "Nothing is asked for"),
    };
    let undated = known.parts.iter().all(|part| part.due.is_none());
    RuleOutcome { flags: Vec::new(), ..verdict }.flag(Flag::NoDateSet, undated)
}

fn named(part: &StepProgress, verdict: RuleOutcome) -> RuleOutcome {
    if part.statement.is_empty() {
        verdict
    } else {
        RuleOutcome { reason: format!("{}: {}", part.statement, verdict.reason), ..verdict }
    }
}

fn judge(part: &StepProgress, today: Date) -> RuleOutcome {
    let completed = part.completed.filter(|day| *day <= today);
    let forecast = part.forecast.or(part.completed);
    let verdict = match (part.due, part.is_complete(today)) {
        (None, true) => RuleOutcome::new(
            Status::Achieved,
            completed.map_or("Complete".into(), |day| format!("Completed on {}", format_day(day))),
        ),
        (Some(due), true) => finished(due, completed, part.known_complete_on, today),
        (None, false) => {
            let expected = forecast.map_or(String::new(), |day| format!(", {}", part.forecast_for(day)));
            RuleOutcome::new(
                Status::NotYetDue,
                format!("No date is set and it is not complete{expected}{}", progress_in_words(part)),
            )
        }
        (Some(due), false) => open(due, forecast, part, today),
    };
    lowered(verdict, part)
}

/// `31 March 2026`, and what it was before it was moved.
fn by(due: Date, part: &StepProgress) -> String {
    match part.first_due.filter(|first| *first != due) {
        Some(first) => format!("{} (first {})", format_day(due), format_day(first)),
        None => format_day(due),
    }
}

fn finished(due: Date, completed: Option<Date>, known_complete_on: Option<Date>, today: Date) -> RuleOutcome {
    let by = format_day(due);
    let known_in_time = known_complete_on.filter(|day| *day <= due);
    match completed {
        Some(day) if day <= due => RuleOutcome::new(Status::Achieved, format!("Completed on {}, due by {by}", format_day(day))),
        Some(day) => {
            RuleOutcome::new(Status::AchievedLate, format!("Completed on {}, after {by}, when it was due", format_day(day)))
        }
        None if today <= due => RuleOutcome::new(Status::Achieved, format!("Complete before {by}, when it is due")),
        None if let Some(day) = known_in_time => {
            RuleOutcome::new(Status::Achieved, format!("Reported complete on {}, due by {by}", format_day(day)))
        }
        None => RuleOutcome::new(
            Status::AchievedLate,
            format!("Complete, with no date given to show that it was by {by}, when it was due"),
        ),
    }
}

fn open(due: Date, forecast: Option<Date>, part: &StepProgress, today: Date) -> RuleOutcome {
    let by = by(due, part);
    let days = (due - today).get_days();
    let expected = match forecast {
        None => part.without_forecast(),
        Some(day) if day < today => format!("{}, which has passed", part.forecast_for(day)),
        Some(day) => part.forecast_for(day),
    };
    let said = progress_in_words(part);
    if days < 0 {
        return RuleOutcome::new(Status::OffTrack, format!("Due by {by} and not complete, {expected}{said}"));
    }
    let late = forecast.is_some_and(|day| day > due);
    let status = match (late, days > JUDGED_WITHIN_DAYS, forecast) {
        (true, ..) => Status::AtRisk,
        (false, true, _) => Status::NotYetDue,
        (false, false, Some(_)) => Status::OnTrack,
        (false, false, None) => Status::AtRisk,
    };
    RuleOutcome::new(status, format!("Due by {by}, {expected}{said}"))
}

fn progress_in_words(part: &StepProgress) -> String {
    let (has, says, of_this) = (part.teller.has(), part.teller.says(), part.of_this());
    match part.progress {
        None if let Some(last) = part.last_reported => {
            format!("; {has} reported nothing{of_this} since the return for {}", last.in_words())
        }
        None if part.is_told_as_whole => format!("; {has} reported of the action as a whole, not of this step"),
        None => format!("; {has} reported nothing{of_this}"),
        Some(Progress::NotStarted) => format!("; {says} that it has not started"),
        Some(Progress::NotGiven) => format!("; {has} given no status that can be used"),
        Some(Progress::OnTrack | Progress::AtRisk | Progress::OffTrack | Progress::Complete) => String::new(),
    }
}

fn lowered(verdict: RuleOutcome, part: &StepProgress) -> RuleOutcome {
    let open = matches!(verdict.status, Status::NotYetDue | Status::OnTrack | Status::AtRisk);
    let (status, words) = match part.progress {
        Some(Progress::OffTrack) if open => (Status::OffTrack, "off track"),
        Some(Progress::AtRisk) if open && verdict.status != Status::AtRisk => (Status::AtRisk, "at risk"),
        _ => return verdict,
    };
    RuleOutcome { status, reason: format!("{}; {} that it is {words}", verdict.reason, part.teller.says()), ..verdict }
}
