//! The messages that the program sends.

use super::{alert, board_pack, to_partner};

/// A message that the program sends: the folder of its templates under `report_templates/email/`, and the kind of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageTemplate {
    BoardPack,
    ReturnRequest,
    ReturnReceipt,
    ReturnDiffering,
    ReturnWithdrawn,
    ReturnReminder,
    Operators,
}

impl MessageTemplate {
    /// Every one. A folder of templates that none of them names is a fault.
    pub const ALL: [Self; 7] = [
        Self::BoardPack,
        Self::ReturnRequest,
        Self::ReturnReceipt,
        Self::ReturnDiffering,
        Self::ReturnWithdrawn,
        Self::ReturnReminder,
        Self::Operators,
    ];

    /// The name of its folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::BoardPack => board_pack::NAME,
            Self::ReturnRequest => to_partner::REQUEST,
            Self::ReturnReceipt => to_partner::RECEIPT,
            Self::ReturnDiffering => to_partner::DIFFERING,
            Self::ReturnWithdrawn => to_partner::WITHDRAWN,
            Self::ReturnReminder => to_partner::REMINDER,
            Self::Operators => alert::NAME,
        }
    }
}
