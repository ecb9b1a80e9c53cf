//! Whether a partner's return came, and whether in time.

use crate::collect::{ReturnOutcome, ReturnReceipt};
use jiff::civil::Date;
use serde::Serialize;

/// How one partner's return of a quarter stands against its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "arrival", content = "on", rename_all = "snake_case")]
pub enum Arrival {
    /// The day on which the first version came that could be used, here and below.
    InTime(Date),
    Late(Date),
    /// What came was refused, the last of it on this day.
    Refused(Date),
    /// What came last was taken out of use; it came on this day.
    Withdrawn(Date),
    /// Nothing was filled in in what came last, on this day.
    Blank(Date),
    /// Nothing came, and the deadline has not passed.
    Awaited,
    Missing,
}

impl Arrival {
    /// The label of a version that came late, after one that came in time.
    pub const CORRECTED: &str = "in time, corrected after the deadline";

    /// The label of `receipt`, one of `all`: a version that came late is no late return where one before it came in time.
    pub fn label_among(receipt: &ReturnReceipt, all: &[ReturnReceipt], deadline: Date, today: Date) -> &'static str {
        let own = Arrival::of([receipt], deadline, today);
        let before = all.iter().take_while(|other| !std::ptr::eq(*other, receipt));
        let before = Arrival::of(before.filter(|other| other.partner == receipt.partner), deadline, today);
        match (before, own) {
            (Arrival::InTime(_), Arrival::Late(_)) => Self::CORRECTED,
            _ => own.label(),
        }
    }

    /// By the receipts of one partner's versions, in the order in which they came. `deadline` holds where they say no later one.
    pub fn of<'a>(receipts: impl IntoIterator<Item = &'a ReturnReceipt>, deadline: Date, today: Date) -> Self {
        let mut receipts = receipts.into_iter().peekable();
        let due = receipts.peek().and_then(|receipt| receipt.due).unwrap_or(deadline);
        let nothing = if today > due { Arrival::Missing } else { Arrival::Awaited };
        receipts.fold(nothing, |so_far, receipt| match (so_far, receipt.outcome, receipt.arrived) {
            (Arrival::InTime(_) | Arrival::Late(_), ..) | (_, ReturnOutcome::NotReceived, _) | (.., None) => so_far,
            // What came no later than a return that was taken out of use is not what it lacks.
            (Arrival::Withdrawn(day), ReturnOutcome::Refused | ReturnOutcome::Blank, Some(other)) if other <= day => so_far,
            (_, ReturnOutcome::Refused, Some(day)) => Arrival::Refused(day),
            (_, ReturnOutcome::Withdrawn, Some(day)) => Arrival::Withdrawn(day),
            (_, ReturnOutcome::Blank, Some(day)) => Arrival::Blank(day),
            (_, ReturnOutcome::Accepted | ReturnOutcome::AcceptedInPart | ReturnOutcome::Nil, Some(day)) => {
                if day > due {
                    Arrival::Late(day)
                } else {
                    Arrival::InTime(day)
                }
            }
        })
    }

    /// The day on which something that could be used came.
    pub fn returned(self) -> Option<Date> {
        match self {
            Arrival::InTime(day) | Arrival::Late(day) => Some(day),
            Arrival::Refused(_) | Arrival::Withdrawn(_) | Arrival::Blank(_) | Arrival::Awaited | Arrival::Missing => None,
        }
    }

    /// `late`: one or two words, without the day.
    pub fn label(self) -> &'static str {
        match self {
            Arrival::InTime(_) => "in time",
            Arrival::Late(_) => "late",
            Arrival::Refused(_) => "refused",
            Arrival::Withdrawn(_) => "withdrawn",
            Arrival::Blank(_) => "blank",
            Arrival::Awaited => "not due yet",
            Arrival::Missing => "missing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const DEADLINE: Date = date(2026, 10, 31);

    fn receipt(outcome: ReturnOutcome, arrived: Option<Date>) -> ReturnReceipt {
        ReturnReceipt { arrived, ..ReturnReceipt::new("nuh", outcome) }
    }

    #[test]
    fn the_first_usable_version_sets_lateness() {
        let of = |receipts: &[ReturnReceipt], today| Arrival::of(receipts, DEADLINE, today);
        let (before, after) = (date(2026, 10, 20), date(2026, 11, 3));
        let none = receipt(ReturnOutcome::NotReceived, None);
        let wrong = receipt(ReturnOutcome::Refused, Some(before));
        let good = receipt(ReturnOutcome::Accepted, Some(DEADLINE));
        let corrected = receipt(ReturnOutcome::AcceptedInPart, Some(after));
        assert_eq!(of(std::slice::from_ref(&none), DEADLINE), Arrival::Awaited);
        assert_eq!(of(&[none], after), Arrival::Missing);
        assert_eq!(of(std::slice::from_ref(&wrong), after), Arrival::Refused(before));
        assert_eq!(of(&[wrong.clone(), corrected.clone()], after), Arrival::Late(after));
        assert_eq!(of(&[wrong.clone(), good, corrected.clone()], after), Arrival::InTime(DEADLINE));
        let blank = receipt(ReturnOutcome::Blank, Some(before));
        assert_eq!(of(std::slice::from_ref(&blank), after), Arrival::Blank(before));
        assert_eq!(of(&[blank, corrected.clone()], after), Arrival::Late(after), "a blank workbook is no return");
        assert_eq!(of(&[receipt(ReturnOutcome::Nil, Some(before))], after), Arrival::InTime(before));
        let withdrawn = receipt(ReturnOutcome::Withdrawn, Some(before));
        assert_eq!(of(&[wrong.clone(), withdrawn.clone()], after), Arrival::Withdrawn(before));
        assert_eq!(of(&[withdrawn.clone(), corrected.clone()], after), Arrival::Late(after), "it counts for nothing");
        assert_eq!(of(&[withdrawn.clone(), wrong.clone()], after), Arrival::Withdrawn(before));
        let later = receipt(ReturnOutcome::Refused, Some(after));
        assert_eq!(of(&[withdrawn, later], after), Arrival::Refused(after));
        let extended = |outcome, arrived| ReturnReceipt { due: Some(after), ..receipt(outcome, arrived) };
        assert_eq!(of(&[extended(ReturnOutcome::Accepted, Some(after))], after), Arrival::InTime(after));
        assert_eq!(of(&[extended(ReturnOutcome::NotReceived, None)], after), Arrival::Awaited);
    }

    #[test]
    fn a_late_correction_is_not_a_late_return() {
        let (before, after) = (date(2026, 10, 20), date(2026, 11, 3));
        let versions = |first: ReturnOutcome| {
            let other = ReturnReceipt { partner: "other".to_owned(), ..receipt(ReturnOutcome::Accepted, Some(before)) };
            [other, receipt(first, Some(before)), receipt(ReturnOutcome::Accepted, Some(after))]
        };
        let labels = |all: &[ReturnReceipt]| {
            all.iter().map(|one| Arrival::label_among(one, all, DEADLINE, after)).skip(1).collect::<Vec<_>>()
        };
        assert_eq!(labels(&versions(ReturnOutcome::AcceptedInPart)), ["in time", Arrival::CORRECTED]);
        assert_eq!(labels(&versions(ReturnOutcome::Nil)), ["in time", Arrival::CORRECTED]);
        // What is not in use is corrected by nothing.
        assert_eq!(labels(&versions(ReturnOutcome::Blank)), ["blank", "late"]);
        assert_eq!(labels(&versions(ReturnOutcome::Withdrawn)), ["withdrawn", "late"]);
        assert_eq!(labels(&versions(ReturnOutcome::Refused)), ["refused", "late"]);
    }
}
