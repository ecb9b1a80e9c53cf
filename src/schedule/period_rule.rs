//! Which quarter work on schedule is about.

use crate::period::Period;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which quarter an occurrence is about, by its day in the schedule's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeriodRule {
    /// The last that had ended.
    #[default]
    LastQuarter,
    /// The one before that, for what waits until returns are in.
    QuarterBeforeLast,
}

impl PeriodRule {
    /// The quarter that what happens on `day` is about.
    pub fn quarter_on(self, day: Date) -> Period {
        let ended = Period::last_quarter_before(day);
        match self {
            PeriodRule::LastQuarter => ended,
            PeriodRule::QuarterBeforeLast => ended.previous(),
        }
    }
}
