//! What the tests of whole runs ask of a run's output, of the post office's book and of the ledger.

// Each test binary uses a part of this.

use super::small_system::SmallSystem;
use super::smtp_server::{Heard, decode_base64};
use boardpack::period::Period;
use boardpack::store::{Ledger, MessageRow};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::process::Output;

pub const DESK: &str = "desk@example.org";

pub fn quarter() -> Period {
    Period::financial_quarter(2026, 2)
}

pub fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
pub fn assert_exit(output: &Output, code: i32) -> String {
    let text = text(output);
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

pub fn to(heard: &Heard) -> Option<String> {
    heard.commands.iter().find_map(|line| Some(line.strip_prefix("RCPT TO:<")?.split('>').next()?.to_owned()))
}

/// Those to whom a whole message came, the operators apart, in alphabetical order.
pub fn readers(heard: &[Heard]) -> Vec<String> {
    let whole = heard.iter().filter(|heard| heard.is_whole);
    let mut readers: Vec<String> = whole.filter_map(to).filter(|to| to != DESK).collect();
    readers.sort();
    readers
}

pub fn everybody(readers: usize) -> Vec<String> {
    (0..readers).map(|n| format!("reader{n}@example.org")).collect()
}

/// Headers and words of a message, with soft line ends undone.
pub fn words(heard: &Heard) -> String {
    String::from_utf8_lossy(&heard.text).replace("=\r\n", "").replace("\r\n", "\n")
}

/// All that the operators were told.
pub fn told(heard: &[Heard]) -> String {
    heard.iter().filter(|heard| to(heard).as_deref() == Some(DESK)).map(words).collect()
}

/// What came since this was last asked, once the operators have heard something: what a client knows to be over may still be on
/// its way into the book.
pub async fn until_told(system: &SmallSystem) -> Vec<Heard> {
    let mut heard = Vec::new();
    while told(&heard).is_empty() {
        heard.extend(system.post.heard(1).await);
    }
    heard
}

/// What is attached to a message.
pub fn attached(heard: &Heard) -> Vec<u8> {
    let text = String::from_utf8_lossy(&heard.text).into_owned();
    let (_, part) = text.split_once("Content-Disposition: attachment").unwrap();
    decode_base64(part.split_once("\r\n\r\n").unwrap().1.split("\r\n--").next().unwrap())
}

pub async fn ledger(system: &SmallSystem) -> Ledger {
    Ledger::open(&system.path("ledger.sqlite")).await.unwrap()
}

/// The ledger as SQLite has it, to look at or to hold up.
pub async fn tables(system: &SmallSystem) -> SqliteConnection {
    SqliteConnectOptions::new().filename(system.path("ledger.sqlite")).connect().await.unwrap()
}

/// The messages that carry the quarter's pack to the board.
pub async fn messages(system: &SmallSystem) -> Vec<MessageRow> {
    let ledger = ledger(system).await;
    let messages = ledger.messages_of("board-pack", quarter()).await.unwrap();
    ledger.close().await;
    messages
}

pub async fn states(system: &SmallSystem) -> Vec<String> {
    messages(system).await.into_iter().map(|message| message.state.to_string()).collect()
}

/// The ledger and the archive are whole.
pub async fn assert_sound(system: &SmallSystem) {
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut tables(system).await).await.unwrap();
    assert_eq!(sound, "ok");
    assert_exit(&system.run(&["archive", "verify"], &[]).await, 0);
}
