//! What `serve` shows on a local address to whoever watches it: `/healthz` (the process answers), `/readyz` (it can do
//! its work) and `/metrics`. Nothing is sent or changed by asking.

mod metrics;
mod server;
mod watched;

pub use server::answer_on;
pub use watched::{TOO_OLD, Watched};
