//! What messages to partners about their returns say: the request with the blank workbook, the receipt, the reminder.

use crate::collect::{DifferingLine, FindingLine, Lacking, ValidationReport};
use crate::period::Period;
use jiff::civil::Date;
use serde::Serialize;

/// The folders of their templates under `report_templates/email/`, and the kinds of their keys.
pub const REQUEST: &str = "return_request";
pub const RECEIPT: &str = "return_receipt";
pub const DIFFERING: &str = "return_differing";
pub const WITHDRAWN: &str = "return_withdrawn";
pub const REMINDER: &str = "return_reminder";

/// What each of them may use, less the recipient's name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Round {
    /// The partnership's name.
    pub system: String,
    /// The partner's name.
    pub partner: String,
    /// `July to September 2026`
    pub quarter: String,
    /// `2026-27-Q2`
    pub quarter_id: String,
    /// The last day in time, in words: `31 October 2026`.
    pub deadline: String,
    /// That day is over.
    pub overdue: bool,
    /// This partner has longer than the others.
    pub extended: bool,
    /// Whom to ask; may be empty.
    pub secretariat: String,
}

/// `email/return_request/`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Request {
    #[serde(flatten)]
    pub round: Round,
    /// How many figures and key actions are asked about.
    pub figures: usize,
    pub actions: usize,
    /// It shows what was given before.
    pub shows_earlier: bool,
    /// The name of the attached workbook.
    pub attachment: String,
}

/// `email/return_receipt/`: beside these, every field of the [`ValidationReport`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Receipt {
    pub system: String,
    #[serde(flatten)]
    pub account: ValidationReport,
    /// The day on which this version was first seen, in words.
    pub arrived: String,
    /// Who said that it is used, where it differs from another that came with it; empty where nobody had to.
    pub chosen_by: String,
    /// It was refused or is blank, and another workbook of the partner is in use: its return stands as it was.
    pub stands: bool,
    pub deadline: String,
    pub overdue: bool,
    pub extended: bool,
    pub secretariat: String,
}

/// `email/return_differing/`: workbooks that came in one look and give figures differently.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DifferingVersions {
    #[serde(flatten)]
    pub round: Round,
    /// The day on which they were first seen, in words.
    pub arrived: String,
    pub differing: Vec<DifferingLine>,
    /// Each of the workbooks.
    pub accounts: Vec<ValidationReport>,
    /// What is owed as long as it is not settled, that which differs among it.
    pub lacking: Vec<Lacking>,
    /// Baselines that are asked for and not given.
    pub baselines: Vec<Lacking>,
    /// What still stands of what was asked about workbooks before these.
    pub still_open: Vec<FindingLine>,
}

/// `email/return_withdrawn/`: a version that its receipt said was accepted has been taken out of use.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WithdrawnVersion {
    #[serde(flatten)]
    pub round: Round,
    #[serde(flatten)]
    pub version: Withdrawn,
    /// Another message of the same look says what is missing and still open, so that this one does not.
    pub said_in_another: bool,
    /// The day, in words, on which the nil return came that counts again, so that nothing is lacking; empty where none does.
    pub nil_counts: String,
    /// What is lacking without it: a measure with how many figures are given, or a key action.
    pub lacking: Vec<String>,
    /// What was asked about the partner's other workbooks and still stands.
    pub still_open: Vec<FindingLine>,
}

/// A version that was taken out of use.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Withdrawn {
    pub file: String,
    /// The day on which it was first seen, in words.
    pub arrived: String,
    /// Who withdrew it; empty where that was not recorded.
    pub by: String,
    pub reason: String,
}

/// `email/return_reminder/`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reminder {
    #[serde(flatten)]
    pub round: Round,
    /// The day on which the first usable workbook came, in words; empty where none has.
    pub returned: String,
    /// Nothing usable has come, and this is why what came was refused; empty where nothing came.
    pub refused: Vec<String>,
    /// The workbooks that were withdrawn and in whose place none has come.
    pub withdrawn: Vec<Withdrawn>,
    /// The day on which a workbook came in which nothing was filled in, in words; empty where none did, or where more came.
    pub blank: String,
    /// It says that there is nothing to report, and not why.
    pub nil: bool,
    /// The workbooks of later quarters that came, and will be read when those have ended.
    pub waiting: Vec<Waiting>,
    /// What two workbooks give differently: it is owed until it is said which stands.
    pub differing: Vec<DifferingLine>,
    /// The measures of which figures are owed.
    pub measures: Vec<OwedMeasure>,
    /// What of its workbooks could not be used and why, each with its place.
    pub not_used: Vec<String>,
    /// The key actions of which nothing was said.
    pub actions: Vec<String>,
    /// The name of the attached workbook, which asks for what is owed.
    pub attachment: String,
}

/// A workbook of a later quarter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Waiting {
    pub file: String,
    /// `October to December 2026`
    pub quarter: String,
}

/// A measure of which figures are owed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwedMeasure {
    /// Of the measure; of a baseline with its period.
    pub title: String,
    /// Of the figures asked for.
    pub given: usize,
    pub due: usize,
    /// Which are lacking beside what is given, up to a handful: `South Fen`; empty where none is given.
    pub lacking: String,
}

impl Round {
    /// `deadline` is the partner's own, later than that of the others where it was `extended`; `today` says whether it has passed.
    pub fn new(
        system: &str,
        partner: &str,
        quarter: Period,
        (deadline, extended): (Date, bool),
        today: Date,
        secretariat: &str,
    ) -> Self {
        Self {
            system: system.to_owned(),
            partner: partner.to_owned(),
            quarter: quarter.in_words(),
            quarter_id: quarter.slug(),
            deadline: in_words(deadline),
            overdue: today > deadline,
            extended,
            secretariat: secretariat.to_owned(),
        }
    }
}

impl Receipt {
    pub fn new(round: Round, account: ValidationReport, arrived: Option<Date>, stands: bool) -> Self {
        let Round { system, deadline, overdue, extended, secretariat, .. } = round;
        let arrived = arrived.map_or(String::new(), in_words);
        Self { system, account, arrived, chosen_by: String::new(), stands, deadline, overdue, extended, secretariat }
    }
}

/// `31 October 2026`
pub fn in_words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}
