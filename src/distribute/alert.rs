//! What operators are told when something needs them. It holds no figure and no address.

use serde::Serialize;

/// The folder of its templates under `report_templates/email/`, and the kind of its keys.
pub const NAME: &str = "operators";

/// What the templates of `email/operators/` may use, less the recipient's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// The partnership's name.
    pub system: String,
    /// `2026-27-Q2`
    pub quarter: String,
    /// The number of the run; empty where there was none.
    pub run: String,
    /// `by hand`, or the name of the schedule.
    pub trigger: String,
    /// In a few words, such as `the pack was not sent`.
    pub headline: String,
    pub happened: Vec<String>,
    pub means: Vec<String>,
    pub todo: Vec<String>,
    /// What the run did and when, a line each; empty where there was none.
    pub log: Vec<String>,
}
