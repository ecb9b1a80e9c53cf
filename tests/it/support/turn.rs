//! Whose turn it is to run the server within this process: a clock, and what the process knows of itself, are shared.

/// Held for as long as a test runs it.
pub static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
