//! One SMTP conversation a message, step by step, so that how far it got is always known.
//!
//! lettre's transport can send a message in one call, but its error does not tell a server that fell silent before
//! the text from one that did after it. Only the second may have delivered the message, so the steps are taken here.

mod connection;
mod conversation;
pub(super) mod quoted;
mod reply;
pub(super) mod secrets;
mod server;
mod tls;

pub(super) use connection::{Connection, SmtpFailure};
pub(super) use reply::Offers;
pub use server::MailServer;
