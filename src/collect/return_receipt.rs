//! What became of a partner's return.

use super::finding::Finding;
use super::returns::OwedItem;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What became of one partner's return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnReceipt {
    pub partner: String,
    pub outcome: ReturnOutcome,
    /// File name without its folder, where there was a file.
    pub file: Option<String>,
    pub sha256: Option<String>,
    pub figures: usize,
    pub actions: usize,
    /// Marks that a figure is missing.
    #[serde(default)]
    pub missing: usize,
    pub illustrative: bool,
    /// Who filled it in, as it says or as its folder does; empty where nothing says so.
    #[serde(default)]
    pub by: String,
    /// Why there is nothing to report, of a return that says so; empty where it does not say why.
    #[serde(default)]
    pub nil: Option<String>,
    /// Figures and reports that another version of the same look gives otherwise and that nobody has settled yet.
    #[serde(default)]
    pub unsettled: usize,
    /// The last day in time, where this partner has a later one than the others.
    #[serde(default)]
    pub due: Option<Date>,
    /// The day on which this version was first seen; none where no workbook came.
    pub arrived: Option<Date>,
    /// What was found on reading it, each with its place; for a refused workbook, why.
    pub findings: Vec<Finding>,
    /// The ids of the measures and actions of which something that is due is `owed`.
    pub lacking: Vec<String>,
    /// What was asked for and is not given in any version of the partner's; baselines last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<OwedItem>,
    /// The SHA-256 of a file that was not kept, for it looks like data about persons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_kept: Option<String>,
    /// The SHA-256 of a file that could not be opened as a workbook, and so was not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
    /// Cells (`Figures!H7`) whose text is withheld, for it seems to say who somebody is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    /// The file of the partner's next version for the quarter, which replaces this one figure by figure.
    #[serde(default)]
    pub superseded_by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnOutcome {
    Accepted,
    /// Read, with some figures not used.
    AcceptedInPart,
    /// It says that there is nothing to report.
    Nil,
    /// Nothing was filled in.
    Blank,
    Refused,
    /// It was taken out of use.
    Withdrawn,
    /// No workbook came.
    NotReceived,
}

impl ReturnReceipt {
    /// Nothing but whose it is and what became of it.
    pub fn new(partner: &str, outcome: ReturnOutcome) -> Self {
        Self {
            partner: partner.to_owned(),
            outcome,
            file: None,
            sha256: None,
            figures: 0,
            actions: 0,
            missing: 0,
            illustrative: false,
            by: String::new(),
            nil: None,
            unsettled: 0,
            due: None,
            arrived: None,
            findings: Vec::new(),
            lacking: Vec::new(),
            owed: Vec::new(),
            not_kept: None,
            unreadable: None,
            withheld: Vec::new(),
            superseded_by: None,
        }
    }

    /// The SHA-256 of a file that was not kept, for whatever reason.
    pub fn unkept(&self) -> Option<&String> {
        self.not_kept.as_ref().or(self.unreadable.as_ref())
    }

    /// Takes in what the partner owes after all of its versions, whichever of them this is about.
    pub(super) fn owe(&mut self, owed: &[OwedItem]) {
        self.lacking = owed.iter().filter(|one| one.baseline.is_none()).map(|one| one.id.clone()).collect();
        self.owed = owed.to_vec();
    }
}

impl ReturnOutcome {
    /// `accepted in part`: a word or a few.
    pub fn in_words(self) -> &'static str {
        match self {
            ReturnOutcome::Accepted => "accepted",
            ReturnOutcome::AcceptedInPart => "accepted in part",
            ReturnOutcome::Nil => "nothing to report",
            ReturnOutcome::Blank => "blank",
            ReturnOutcome::Refused => "refused",
            ReturnOutcome::Withdrawn => "withdrawn",
            ReturnOutcome::NotReceived => "not received",
        }
    }

    /// True where nothing that it gives is read.
    pub fn is_out_of_use(self) -> bool {
        matches!(self, ReturnOutcome::Refused | ReturnOutcome::Withdrawn)
    }

    /// True where something that it says is used.
    pub fn is_in_use(self) -> bool {
        matches!(self, ReturnOutcome::Accepted | ReturnOutcome::AcceptedInPart | ReturnOutcome::Nil)
    }

    /// The word in data: `accepted_in_part`.
    pub fn code(self) -> &'static str {
        match self {
            ReturnOutcome::Accepted => "accepted",
            ReturnOutcome::AcceptedInPart => "accepted_in_part",
            ReturnOutcome::Nil => "nil",
            ReturnOutcome::Blank => "blank",
            ReturnOutcome::Refused => "refused",
            ReturnOutcome::Withdrawn => "withdrawn",
            ReturnOutcome::NotReceived => "not_received",
        }
    }
}
