//! The messages that the program sends.

use super::{alert, board_pack, to_partner};
use strum::VariantArray;

/// A message that the program sends: the folder of its templates under `report_templates/email/` and, but for packs, the kind of
/// its key.
/// A folder of templates that none of them names is a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_has_every_message() {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/report_templates/README.md")).unwrap();
        for message in MessageTemplate::VARIANTS {
            let row = format!("\n| `email/{}/` |", message.name());
            assert!(page.contains(&row), "report_templates/README.md does not say when {message:?} is sent");
        }
    }
}
