//! Enough of a foreign text to quote it in a message.

/// Enough of a foreign text to recognise it by.
pub(in crate::collect::indicators) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
