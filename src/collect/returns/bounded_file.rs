//! Files of no more than so many bytes.

use crate::fault::Fault;
use std::fs::File;
use std::io::{self, Read};

pub(super) fn read_limited(opened: io::Result<File>, file: &str, max_mb: u64) -> Result<Vec<u8>, Fault> {
    let unreadable = |e: io::Error| match e.kind() {
        io::ErrorKind::NotFound => Fault::new(file, "is not there", "check its name and its folder"),
        _ => Fault::new(file, format!("cannot be read: {e}"), "change its permissions, or copy it again"),
    };
    let mut bytes = Vec::new();
    opened.and_then(|f| f.take(most_bytes(max_mb).saturating_add(1)).read_to_end(&mut bytes)).map_err(unreadable)?;
    within_limit(bytes, file, max_mb)
}

pub(super) fn within_limit(bytes: Vec<u8>, file: &str, max_mb: u64) -> Result<Vec<u8>, Fault> {
    if bytes.len() as u64 > most_bytes(max_mb) {
        let problem = format!("is larger than {max_mb} MB, the most that is read");
        return Err(Fault::new(file, problem, "send a workbook with the return only, or raise returns.max_file_mb"));
    }
    Ok(bytes)
}

fn most_bytes(max_mb: u64) -> u64 {
    max_mb.saturating_mul(1024 * 1024)
}
