//! Messages: from templates and a finished pack to a recipient's server, with a plain account of how it went.
//!
//! Nothing here remembers what was sent. [`outbox`] gives each message the key and the Message-ID by which the
//! ledger does, and the outcome that the ledger keeps.

pub mod account;
pub mod alert;
pub mod board_pack;
mod dkim;
pub mod message;
pub mod outbox;
pub mod recipients;
mod samples;
pub mod sender;
mod sign_in;
pub mod smtp;
pub mod templates;
pub mod to_partner;
mod token;
pub mod transport;

pub use account::AccountTemplates;
pub use board_pack::BoardPack;
pub use message::{Attachment, Message, compose};
pub use outbox::{MessageId, MessageKey, Outcome};
pub use recipients::{Recipient, RecipientList, RecipientLists};
pub use sender::Sender;
pub use templates::Templates;
pub use transport::Transport;
