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
    /// Nothing came, and the deadline has not passed.
    Awaited,
    Missing,
}

impl Arrival {
    /// By the receipts of one partner's versions, in the order in which they came.
    pub fn of<'a>(receipts: impl IntoIterator<Item = &'a ReturnReceipt>, deadline: Date, today: Date) -> Self {
        let nothing = if today > deadline { Arrival::Missing } else { Arrival::Awaited };
        receipts.into_iter().fold(nothing, |so_far, receipt| match (so_far, receipt.outcome, receipt.arrived) {
            (Arrival::InTime(_) | Arrival::Late(_), ..) | (_, ReturnOutcome::NotReceived, _) | (.., None) => so_far,
            (_, ReturnOutcome::Refused, Some(day)) => Arrival::Refused(day),
            (_, ReturnOutcome::Accepted | ReturnOutcome::AcceptedInPart, Some(day)) if day > deadline => Arrival::Late(day),
            (_, ReturnOutcome::Accepted | ReturnOutcome::AcceptedInPart, Some(day)) => Arrival::InTime(day),
        })
    }

    /// The day on which something that could be used came.
    pub fn returned(self) -> Option<Date> {
        match self {
            Arrival::InTime(day) | Arrival::Late(day) => Some(day),
            Arrival::Refused(_) | Arrival::Awaited | Arrival::Missing => None,
        }
    }

    /// `late`: one or two words, without the day.
    pub fn label(self) -> &'static str {
        match self {
            Arrival::InTime(_) => "in time",
            Arrival::Late(_) => "late",
            Arrival::Refused(_) => "refused",
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
        ReturnReceipt {
            partner: "nuh".to_owned(),
            outcome,
            file: None,
            sha256: None,
            figures: 0,
            actions: 0,
            illustrative: false,
            arrived,
            findings: Vec::new(),
            lacking: Vec::new(),
            not_kept: None,
            withheld: Vec::new(),
            superseded_by: None,
        }
    }

    #[test]
    fn a_return_is_as_late_as_its_first_version_that_could_be_used() {
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
        assert_eq!(of(&[wrong, good, corrected], after), Arrival::InTime(DEADLINE));
    }
}
