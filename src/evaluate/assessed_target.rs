//! A target as an assessment has it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is aimed at, as a number where it can be one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssessedTarget {
    /// The value to reach at `due`; none where the target is a direction or a comparison.
    pub value: Option<f64>,
    pub due: Date,
    /// In words: `56% by March 2028`.
    pub words: String,
    /// What a straight line from the baseline allows at the latest period, where there is one.
    pub expected_now: Option<f64>,
}
