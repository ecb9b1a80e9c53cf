//! What came of each partner's return, by all its versions: partners are counted, not files.

use super::arrival::Arrival;
use crate::collect::{Finding, Grade, OwedItem, ReturnReceipt};
use crate::framework::Partner;
use jiff::civil::Date;

/// What came of one partner's return of a quarter.
#[derive(Debug, Clone, Copy)]
pub struct PartnerReturn<'a> {
    pub partner: &'a Partner,
    pub arrival: Arrival,
    /// The last day in time for this partner.
    pub due: Date,
    /// What was found in its versions and no later one has mended: figures that are not used, and questions.
    pub errors: usize,
    pub questions: usize,
    /// Of the errors those of reports on key actions.
    pub errors_of_reports: usize,
    /// Figures and reports that two versions of one look give differently and nobody has settled.
    pub unsettled: usize,
    /// Why there is nothing to report, where that is all that was said; may be empty.
    pub nil: Option<&'a str>,
    /// What was asked for and is not given, by all of its versions; nothing where there is nothing to report and it is said why.
    pub owed: &'a [OwedItem],
    /// The baselines that are asked for and not given: they are told, and make no return late or incomplete.
    pub baselines: &'a [OwedItem],
}

impl<'a> PartnerReturn<'a> {
    /// Of every partner who has a receipt, in the order of `partners`. `deadline` is that of all who have no later one.
    pub fn all(receipts: &'a [ReturnReceipt], partners: &'a [Partner], deadline: Date, today: Date) -> Vec<Self> {
        partners.iter().filter_map(|partner| Self::of(receipts, partner, deadline, today)).collect()
    }

    /// None of a partner who has no receipt: nothing was asked of it and nothing came.
    pub fn of(receipts: &'a [ReturnReceipt], partner: &'a Partner, deadline: Date, today: Date) -> Option<Self> {
        let of_partner = || receipts.iter().filter(|receipt| receipt.partner == partner.id);
        let first = of_partner().next()?;
        let in_use = || of_partner().filter(|receipt| !receipt.outcome.is_out_of_use());
        let found = |grade| in_use().flat_map(|r| &r.findings).filter(|f| f.grade == grade && !f.mended).count();
        let is_of_report = |f: &Finding| f.grade == Grade::Error && !f.mended && f.of_report.is_some();
        let unsettled = in_use().map(|receipt| receipt.unsettled).max().unwrap_or(0);
        // What two versions give differently is an error of each, and one figure.
        let told_of_unsettled: usize = in_use().map(|receipt| receipt.unsettled).sum();
        let nil = ReturnReceipt::standing_nil(of_partner);
        let is_excused = nil.is_some_and(ReturnReceipt::excuses);
        let nil = nil.map(|receipt| receipt.nil.as_deref().unwrap_or_default());
        let owed = of_partner().next_back().map_or(&[][..], |last| last.owed.as_slice());
        let (due, baselines) = owed.split_at(owed.iter().position(|one| one.baseline.is_some()).unwrap_or(owed.len()));
        Some(Self {
            partner,
            arrival: Arrival::of(of_partner(), deadline, today),
            due: first.due.unwrap_or(deadline),
            errors: (found(Grade::Error) + unsettled).saturating_sub(told_of_unsettled),
            questions: found(Grade::Question),
            errors_of_reports: in_use().flat_map(|r| &r.findings).filter(|f| is_of_report(f)).count(),
            unsettled,
            nil,
            owed: if is_excused { &[] } else { due },
            baselines: if is_excused { &[] } else { baselines },
        })
    }

    /// Something came that counts as the return: figures, reports, or that there is nothing to report.
    pub fn is_returned(&self) -> bool {
        self.arrival.returned().is_some()
    }

    /// It owes something, and its last day has not passed.
    pub fn is_awaited(&self, today: Date) -> bool {
        today <= self.due && !self.is_complete()
    }

    /// Figures or reports are owed, or an answer which of two workbooks stands.
    pub fn owes(&self) -> bool {
        !self.owed.is_empty() || self.unsettled > 0
    }

    /// It came, and owes nothing.
    pub fn is_complete(&self) -> bool {
        self.is_returned() && !self.owes()
    }

    /// What of the return is not used, in words; none where all is. What is not settled is told as that.
    pub fn not_used(&self) -> Option<&'static str> {
        let errors = self.errors.saturating_sub(self.unsettled);
        match (errors > self.errors_of_reports, self.errors_of_reports > 0) {
            (false, false) => None,
            (true, false) => Some("some figures"),
            (false, true) => Some("something of the reports on key actions"),
            (true, true) => Some("some figures, and something of the reports on key actions,"),
        }
    }

    /// In a word or a few: `accepted`, `questions`, `accepted in part`, `nothing to report`, `blank`, `refused`,
    /// `withdrawn`, `missing`.
    pub fn outcome(&self) -> &'static str {
        match self.arrival {
            Arrival::InTime(_) | Arrival::Late(_) if self.unsettled > 0 => "not settled",
            Arrival::InTime(_) | Arrival::Late(_) if self.errors > 0 => "accepted in part",
            Arrival::InTime(_) | Arrival::Late(_) if self.nil.is_some() => "nothing to report",
            Arrival::InTime(_) | Arrival::Late(_) if self.questions > 0 => "questions",
            Arrival::InTime(_) | Arrival::Late(_) => "accepted",
            nothing => nothing.label(),
        }
    }
}

/// How returns stand after the day on which they were due, while some are awaited from partners who have longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastDeadline {
    /// `Westmark Community has until 14 August 2026`.
    pub extended: String,
    /// `late: Alder City Council`, and so on: a kind each, of those who have no longer than the others or whose day has passed too.
    pub overdue: Vec<String>,
}

impl PastDeadline {
    /// None until the day has passed, and where nothing is awaited.
    pub fn of(returns: &[PartnerReturn<'_>], deadline: Date, today: Date) -> Option<Self> {
        let name = |one: &PartnerReturn<'_>| one.partner.name.clone();
        let until = |one: &PartnerReturn<'_>| format!("{} has until {}", name(one), one.due.strftime("%-d %B %Y"));
        let extended: Vec<String> = returns.iter().filter(|one| one.is_awaited(today)).map(until).collect();
        if today <= deadline || extended.is_empty() {
            return None;
        }
        type IsSo = fn(&PartnerReturn<'_>) -> bool;
        let kinds: [(&str, IsSo); 6] = [
            ("late", |one| matches!(one.arrival, Arrival::Late(_))),
            ("missing", |one| one.arrival == Arrival::Missing),
            ("refused", |one| matches!(one.arrival, Arrival::Refused(_))),
            ("withdrawn", |one| matches!(one.arrival, Arrival::Withdrawn(_))),
            ("blank", |one| matches!(one.arrival, Arrival::Blank(_))),
            ("not complete", |one| one.is_returned() && !one.is_complete()),
        ];
        let overdue = kinds.into_iter().filter_map(|(kind, is_so)| {
            let names: Vec<String> = returns.iter().filter(|one| is_so(one) && !one.is_awaited(today)).map(name).collect();
            (!names.is_empty()).then(|| format!("{kind}: {}", names.join(", ")))
        });
        Some(Self { extended: extended.join(", "), overdue: overdue.collect() })
    }

    /// `Returns were due on 31 July 2026; Westmark Community has until 14 August 2026; late: Alder City Council.`
    pub fn in_words(&self, deadline: Date) -> String {
        let due = format!("Returns were due on {}", deadline.strftime("%-d %B %Y"));
        let all: Vec<&str> = [due.as_str(), &self.extended].into_iter().chain(self.overdue.iter().map(String::as_str)).collect();
        format!("{}.", all.join("; "))
    }
}
