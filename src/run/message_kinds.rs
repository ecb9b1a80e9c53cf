//! The names by which the ledger knows packs and messages.

use crate::distribute::{MessageTemplate, to_partner};
use strum::VariantArray;

/// The packs of a quarter, and a message with a final one.
pub(crate) const PACK: &str = "board-pack";

/// A message with an interim pack: who has it gets the final one all the same.
pub(super) const INTERIM: &str = "board-pack-interim";

/// What a person has sent to addresses of their own choice, and previews: neither counts as the pack of the quarter having
/// been delivered.
pub(super) const COPY: &str = "board-pack-copy";
pub(super) const PREVIEW: &str = "board-pack-preview";

/// Every message that carries a pack.
pub(super) const WITH_PACKS: [&str; 4] = [PACK, INTERIM, COPY, PREVIEW];

/// A message with a pack.
pub(super) fn of_pack(is_interim: bool) -> &'static str {
    if is_interim { INTERIM } else { PACK }
}

/// The messages that only go out once the round of a quarter has begun: partners are asked for its returns, or readers told of
/// them.
pub(super) fn of_a_round() -> Vec<&'static str> {
    MessageTemplate::VARIANTS.iter().flat_map(|message| tells_of_a_round(*message)).copied().collect()
}

fn tells_of_a_round(message: MessageTemplate) -> &'static [&'static str] {
    match message {
        MessageTemplate::BoardPack => &[PACK, INTERIM],
        MessageTemplate::ReturnRequest => &[to_partner::REQUEST],
        MessageTemplate::ReturnReminder => &[to_partner::REMINDER],
        // Whoever sends a return need not have been asked for it.
        MessageTemplate::ReturnReceipt
        | MessageTemplate::ReturnDiffering
        | MessageTemplate::ReturnWithdrawn
        | MessageTemplate::Operators => &[],
    }
}
