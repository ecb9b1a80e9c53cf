//! A key action that is done or not. Its lead may lower what the dates say, and never raise it.

use super::{Verdict, in_full};
use crate::collect::Progress;
use crate::evaluate::{Flag, Status};
use jiff::civil::Date;

/// An open action is only judged this close to its date.
const JUDGED_WITHIN_DAYS: i32 = 90;

/// What is known of an action.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Milestone {
    pub due: Option<Date>,
    pub today: Date,
    /// What its lead says; none where nothing came.
    pub progress: Option<Progress>,
    pub forecast: Option<Date>,
    pub completed: Option<Date>,
}

/// Complete by its date is achieved, after it achieved late; overdue is off track; further away than 90 days not
/// yet due; within them on track where its lead forecasts it in time, otherwise at risk. One without a date is
/// not yet due until it is complete. Its lead may lower any of these to at risk or off track.
pub fn milestone(known: &Milestone) -> Verdict {
    // A completion in the future is a promise.
    let completed = known.completed.filter(|day| *day <= known.today);
    let forecast = known.forecast.or(known.completed);
    let done = completed.is_some() || (known.progress == Some(Progress::Complete) && known.completed.is_none());
    let verdict = match (known.due, done) {
        (None, true) => {
            Verdict::new(Status::Achieved, completed.map_or("Complete".into(), |day| format!("Completed on {}", in_full(day))))
        }
        (Some(due), true) => finished(due, completed, known.today),
        (None, false) => Verdict::new(Status::NotYetDue, said("No date is set and it is not complete", known.progress)),
        (Some(due), false) => open(due, forecast, known),
    };
    lowered(verdict, known.progress).flag(Flag::NoDateSet, known.due.is_none())
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

fn open(due: Date, forecast: Option<Date>, known: &Milestone) -> Verdict {
    let by = in_full(due);
    let days = (due - known.today).get_days();
    let expected = forecast.map_or("with no forecast".to_owned(), |day| format!("forecast for {}", in_full(day)));
    if days < 0 {
        return Verdict::new(Status::OffTrack, said(&format!("Due by {by} and not complete, {expected}"), known.progress));
    }
    let late = forecast.is_some_and(|day| day > due);
    let status = match (late, days > JUDGED_WITHIN_DAYS, forecast) {
        (true, ..) => Status::AtRisk,
        (false, true, _) => Status::NotYetDue,
        (false, false, Some(_)) => Status::OnTrack,
        (false, false, None) => Status::AtRisk,
    };
    Verdict::new(status, said(&format!("Due by {by}, {expected}"), known.progress))
}

fn said(what: &str, progress: Option<Progress>) -> String {
    if progress.is_none() { format!("{what}; its lead has reported nothing") } else { what.to_owned() }
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
