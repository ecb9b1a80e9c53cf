//! Partners' returns: the limits within which a workbook is read, and when it is due.

use crate::period::Period;
use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::num::NonZero;
use workbook_reader::WorkbookLimits;

/// How partners' returns are read, and when they are due.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(from = "ReturnsTable")]
pub struct ReturnsSettings {
    #[serde(flatten)]
    pub limits: WorkbookLimits,
    /// After the quarter's end.
    pub deadline_days: u16,
    /// After the deadline.
    #[serde(skip_serializing)]
    pub stop_reminding_days: u16,
    /// Whether partners are told by e-mail what became of what they sent.
    #[serde(skip_serializing)]
    pub receipts: bool,
}

/// When returns are due, and the limits within which a workbook is read.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReturnsTable {
    /// The largest workbook that is read, in MB; one that is over a limit is refused.
    max_file_mb: NonZero<u64>,
    /// The most that a workbook may hold once unpacked, in MB.
    max_unzipped_mb: NonZero<u64>,
    /// The most cells of a workbook.
    max_cells: NonZero<u64>,
    /// The most sheets of a workbook.
    max_sheets: NonZero<usize>,
    /// How long reading one may take, in seconds.
    max_seconds: NonZero<u32>,
    /// The memory of the process that reads it, in MB.
    max_memory_mb: NonZero<u64>,
    /// A return is due this many days after its quarter's end.
    deadline_days: u16,
    /// Reminders continue for this many days after the deadline, to partners with something still to return.
    stop_reminding_days: u16,
    /// True sends a partner's contacts a receipt for each version of a workbook, once.
    receipts: bool,
}

impl From<ReturnsTable> for ReturnsSettings {
    fn from(table: ReturnsTable) -> Self {
        Self {
            limits: WorkbookLimits {
                max_file_mb: table.max_file_mb.get(),
                max_unzipped_mb: table.max_unzipped_mb.get(),
                max_cells: table.max_cells.get(),
                max_sheets: table.max_sheets.get(),
                max_seconds: table.max_seconds.get().into(),
                max_memory_mb: table.max_memory_mb.get(),
            },
            deadline_days: table.deadline_days,
            stop_reminding_days: table.stop_reminding_days,
            receipts: table.receipts,
        }
    }
}

impl ReturnsSettings {
    /// The last day on which the return of a quarter is in time.
    pub fn deadline(&self, quarter: Period) -> Date {
        quarter.end().saturating_add(i64::from(self.deadline_days).days())
    }

    /// The last day on which a partner is reminded of a return that was due on `deadline`.
    pub fn reminded_until(&self, deadline: Date) -> Date {
        deadline.saturating_add(i64::from(self.stop_reminding_days).days())
    }
}
