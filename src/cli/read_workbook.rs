//! `boardpack read-workbook`: reads one workbook for another process of boardpack, and is not for people.

use super::{Failure, exit};
use std::io;
use workbook_reader::sandbox;

pub fn main() -> Result<u8, Failure> {
    sandbox::serve(io::stdin().lock(), io::stdout().lock())
        .map_err(|e| Failure { code: exit::UNAVAILABLE, message: format!("the workbook could not be read: {e}") })?;
    Ok(exit::DONE)
}
