//! What commands about runs say.

use crate::cli::Failure;
use crate::store::RunId;
use jiff::Timestamp;

pub(super) fn no_such_run(run: RunId) -> Failure {
    Failure::usage("RUN", format!("there is no run {run}; `boardpack runs list` lists them"))
}

/// A recorded instant to the second.
pub(super) fn to_the_second(at: &str) -> String {
    at.parse::<Timestamp>().map_or(at.to_owned(), |at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}
