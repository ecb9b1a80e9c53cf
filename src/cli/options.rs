//! Options that several commands have.

use super::failure::Failure;
use crate::period::Period;
use crate::run::{parse_date, parse_quarter};
use jiff::civil::Date;

/// The quarter that an option names; none where it is not given.
pub(super) fn quarter(option: &str, text: Option<&str>) -> Result<Option<Period>, Failure> {
    text.map(parse_quarter).transpose().map_err(|problem| Failure::usage(option, problem))
}

/// The date that an option names; none where it is not given.
pub(super) fn date(option: &str, text: Option<&str>) -> Result<Option<Date>, Failure> {
    text.map(parse_date).transpose().map_err(|problem| Failure::usage(option, problem))
}
