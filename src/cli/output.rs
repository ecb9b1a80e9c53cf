//! Standard output and standard error: what others wrote is shown without ruling a terminal, and a failure to write is told once.

use super::{exit, failure::Failure};
use crate::visible::Visible;
use std::fmt;
use std::io::{self, Write};
use std::sync::OnceLock;

/// Why standard output could not be written, where what a command does was not for its output only.
static UNWRITTEN: OnceLock<String> = OnceLock::new();

/// What `println!` and `print!` do here.
pub(super) fn say(text: fmt::Arguments<'_>) {
    if let Err(e) = Visible(io::stdout()).write_fmt(text)
        && e.kind() != io::ErrorKind::BrokenPipe
    {
        UNWRITTEN.get_or_init(|| e.to_string());
    }
}

/// What `eprintln!` does here. Where that cannot be written there is nobody to tell.
pub(super) fn say_aside(text: fmt::Arguments<'_>) {
    let _ = Visible(io::stderr()).write_fmt(text);
}

fn unwritten(problem: impl fmt::Display) -> Failure {
    Failure { code: exit::UNAVAILABLE, message: format!("standard output could not be written: {problem}") }
}

/// What could not be written so far.
pub(super) fn failed() -> Option<Failure> {
    UNWRITTEN.get().map(unwritten)
}

/// Writes to standard output.
pub(super) fn print(bytes: &[u8]) -> Result<(), Failure> {
    print_by(|out| out.write_all(bytes))
}

/// The same for what is written bit by bit, or may fail before it is; a reader who stops reading, such as `head`, has what it
/// wanted.
pub(super) fn print_by(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = Visible(io::BufWriter::new(io::stdout().lock()));
    match write(&mut out).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(unwritten(e)),
        _ => Ok(()),
    }
}
