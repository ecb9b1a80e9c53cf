//! What is known of partners' returns from before a look at the folder. Whoever keeps a ledger hands it in.

use crate::ask::Earlier;
use crate::collect::{Allowed, Progress};
use crate::framework::ActionId;
use crate::value::Limits;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By default nothing.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Every version that was seen in earlier looks for the same quarter, in the order in which they came.
    pub versions: Vec<ReturnVersion>,
    /// By the partner's id, what it gave in returns of earlier quarters.
    pub figures: BTreeMap<String, Earlier>,
    /// How key actions stood by the last return of an earlier quarter.
    pub progress: BTreeMap<(ActionId, Option<usize>), Progress>,
    /// What somebody let through although it looks like personal data.
    pub allowed: Allowed,
    /// The evaluation knows how, and comes after this stage.
    pub expected: Option<Expected>,
}

/// Limits within which the values before, in time order, leave the next one by chance; none where they are too few.
pub type Expected = fn(&[f64]) -> Option<Limits>;

/// One version of a partner's workbook for a quarter, by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnVersion {
    /// The partner's id; the file's name where it could be laid to none.
    pub partner: String,
    /// File name without its folder.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal: the archive has it by this.
    pub sha256: String,
    /// The day of the look that saw it first.
    pub arrived: Date,
    pub standing: Standing,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// Its figures are used, but for those that a later version gives otherwise.
    Accepted,
    Refused,
    /// Somebody took it out of use; a file with its content is not read again.
    Withdrawn {
        reason: String,
    },
}
