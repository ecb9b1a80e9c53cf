//! Who decides something, and why, as it goes on record.

use super::Failure;
use crate::explanation::no_reason;

/// Who decides it.
pub fn decided_by(name: &str) -> Result<&str, Failure> {
    let name = name.trim();
    let problem = "is no name; say who decides this, for the record";
    if name.contains(char::is_alphabetic) { Ok(name) } else { Err(Failure::usage("--by", problem)) }
}

/// Why, in words.
pub fn reason<'t>(option: &str, text: &'t str) -> Result<&'t str, Failure> {
    match no_reason(text) {
        Some(problem) => Err(Failure::usage(option, format!("{problem}; say why, in words: it is for the record"))),
        None => Ok(text.trim()),
    }
}
