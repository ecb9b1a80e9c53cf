//! Messages: from templates and a finished pack to a recipient's server, with a plain account of how it went.
//!
//! Nothing here remembers what was sent. [`message_key`] gives each message the key and the Message-ID by which the
//! ledger does, and [`delivery_result`] is what the ledger is told of how sending it ended.

pub mod account;
pub mod alert;
pub mod board_pack;
pub mod delivery_result;
mod dkim;
pub mod message;
pub mod message_key;
mod message_template;
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
pub use delivery_result::DeliveryResult;
pub use message::{Attachment, Message, OutgoingMessage, compose};
pub use message_key::{MessageId, MessageKey};
pub use message_template::MessageTemplate;
pub use recipients::{Recipient, RecipientList, RecipientLists};
pub use sender::Sender;
pub use templates::MessageTemplates;
pub use transport::Transport;
