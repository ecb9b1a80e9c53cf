//! A key action that is done or not, by its steps. Its lead may lower what the dates say, and never raise it.

use super::{Verdict, in_full};
use crate::collect::Progress;
use crate::evaluate::{Flag, Status};
use crate::period::Period;
use jiff::civil::Date;

/// An open action is only judged this close to its date.
const JUDGED_WITHIN_DAYS: i32 = 90;

/// What is known of an action or of one of its steps.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PartDone {
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
    pub completed: Option<Date>,
    /// Its lead has reported of the action as a whole, and not of this step.
    pub is_told_as_whole: bool,
}

/// An action: its steps in order, or itself as the only part.
#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    /// One or more.
    pub parts: Vec<PartDone>,
    pub today: Date,
}

/// Each part by its own date: complete by it is achieved, after it achieved late; overdue is off track; further away than
/// 90 days not yet due, or at risk where its forecast is past it; within them on track where it is forecast in time,
/// otherwise at risk. A part without a date is not yet due until it is complete. Its lead may lower any of these to at
/// risk or off track. Of several parts the worst open one decides; once all are complete the last does, and parts that
/// were late are named.
pub fn milestone(known: &Milestone) -> Verdict {
    let judged: Vec<(&PartDone, Verdict)> = known.parts.iter().map(|part| (part, judge(part, known.today))).collect();
    let is_done = |status: Status| matches!(status, Status::Achieved | Status::AchievedLate);
    let severity = |status: Status| match status {
        Status::OffTrack => 0,
        Status::AtRisk => 1,
        Status::OnTrack => 2,
        _ => 3,
    };
    let open = judged.iter().filter(|(_, verdict)| !is_done(verdict.status)).min_by_key(|(_, verdict)| severity(verdict.status));
    let verdict = match (open, judged.last()) {
        (Some((part, verdict)), _) => named(part, verdict.clone()),
        (None, Some((_, last))) => {
            let late =
                judged.iter().filter(|(part, verdict)| !part.statement.is_empty() && verdict.status == Status::AchievedLate);
            let late: Vec<String> = late.map(|(part, _)| part.statement.clone()).collect();
            let late = if late.is_empty() { String::new() } else { format!("; late: {}", late.join(", ")) };
            Verdict { reason: format!("{}{late}", last.reason), ..last.clone() }
        }
        (None, None) => Verdict::new(Status::CannotBeJudged, "Nothing is asked for"),
    };
    let undated = known.parts.iter().all(|part| part.due.is_none());
    Verdict { flags: Vec::new(), ..verdict }.flag(Flag::NoDateSet, undated)
}

fn named(part: &PartDone, verdict: Verdict) -> Verdict {
    if part.statement.is_empty() {
        verdict
    } else {
        Verdict { reason: format!("{}: {}", part.statement, verdict.reason), ..verdict }
    }
}

fn judge(part: &PartDone, today: Date) -> Verdict {
    // A completion in the future is a promise.
    let completed = part.completed.filter(|day| *day <= today);
    let forecast = part.forecast.or(part.completed);
    let done = completed.is_some() || (part.progress == Some(Progress::Complete) && part.completed.is_none());
    let verdict = match (part.due, done) {
        (None, true) => {
            Verdict::new(Status::Achieved, completed.map_or("Complete".into(), |day| format!("Completed on {}", in_full(day))))
        }
        (Some(due), true) => finished(due, completed, today),
        (None, false) => {
            let expected = forecast.map_or(String::new(), |day| format!(", forecast for {}", in_full(day)));
            Verdict::new(Status::NotYetDue, format!("No date is set and it is not complete{expected}{}", said(part)))
        }
        (Some(due), false) => open(due, forecast, part, today),
    };
    lowered(verdict, part.progress)
}

/// `31 March 2026`, and what it was before it was moved.
fn by(due: Date, part: &PartDone) -> String {
    match part.first_due.filter(|first| *first != due) {
        Some(first) => format!("{} (first {})", in_full(due), in_full(first)),
        None => in_full(due),
    }
}

fn finished(due: Date, completed: Option<Date>, today: Date) -> Verdict {
    let by = in_full(due);
    match completed {
        Some(day) if day <= due => Verdict::new(Status::Achieved, format!("Completed on {}, due by {by}", in_full(day))),
        Some(day) => Verdict::new(Status::AchievedLate, format!("Completed on {}, after {by}, when it was due", in_full(day))),
        None if today <= due => Verdict::new(Status::Achieved, format!("Complete before {by}, when it is due")),
        None => Verdict::new(
            Status::AchievedLate,
            format!("Complete, with no date given to show that it was by {by}, when it was due"),
        ),
    }
}

fn open(due: Date, forecast: Option<Date>, part: &PartDone, today: Date) -> Verdict {
    let by = by(due, part);
    let days = (due - today).get_days();
    let expected = match forecast {
        None => "with no forecast".to_owned(),
        Some(day) if day < today => format!("forecast for {}, which has passed", in_full(day)),
        Some(day) => format!("forecast for {}", in_full(day)),
    };
    let said = said(part);
    if days < 0 {
        return Verdict::new(Status::OffTrack, format!("Due by {by} and not complete, {expected}{said}"));
    }
    let late = forecast.is_some_and(|day| day > due);
    let status = match (late, days > JUDGED_WITHIN_DAYS, forecast) {
        (true, ..) => Status::AtRisk,
        (false, true, _) => Status::NotYetDue,
        (false, false, Some(_)) => Status::OnTrack,
        (false, false, None) => Status::AtRisk,
    };
    Verdict::new(status, format!("Due by {by}, {expected}{said}"))
}

fn said(part: &PartDone) -> String {
    let words = match part.progress {
        None if part.last_reported.is_some() => {
            let last = part.last_reported.map_or(String::new(), Period::in_words);
            return format!("; its lead has reported nothing since the return for {last}");
        }
        None if part.is_told_as_whole => "; its lead has reported of the action as a whole, not of this step",
        None => "; its lead has reported nothing",
        Some(Progress::NotStarted) => "; its lead says that it has not started",
        Some(Progress::NotGiven) => "; its lead has given no status that can be used",
        Some(Progress::OnTrack | Progress::AtRisk | Progress::OffTrack | Progress::Complete) => "",
    };
    words.to_owned()
}

fn lowered(verdict: Verdict, progress: Option<Progress>) -> Verdict {
    let open = matches!(verdict.status, Status::NotYetDue | Status::OnTrack | Status::AtRisk);
    let (status, words) = match progress {
        Some(Progress::OffTrack) if open => (Status::OffTrack, "off track"),
        Some(Progress::AtRisk) if open && verdict.status != Status::AtRisk => (Status::AtRisk, "at risk"),
        _ => return verdict,
    };
    Verdict { status, reason: format!("{}; its lead says that it is {words}", verdict.reason), ..verdict }
}
