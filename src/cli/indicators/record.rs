//! `boardpack indicators record`: answers of today, to be read again without a network.

use super::asker::Asker;
use super::fetch;
use crate::cli::{Failure, exit, print};
use crate::collect::IndicatorOutcome;
use crate::counted::counted;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub struct Arguments {
    /// The folder for the recordings, with a folder for each source; created if it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Overwrite existing recordings
    #[arg(long)]
    force: bool,
}

pub fn main(asker: &Asker, arguments: &Arguments) -> Result<u8, Failure> {
    let indicators = asker.ask(&asker.settings.fetch, &[], None)?;
    let mut text = fetch::report(asker, &indicators);
    let written = indicators
        .record(&asker.archive, &arguments.out, arguments.force)
        .map_err(|fault| Failure { code: exit::UNAVAILABLE, message: fault.to_string() })?;
    for (source, answers) in &written {
        let folder = arguments.out.join(source);
        super::asker::line(&mut text, &format!("{}: {}", folder.display(), counted(*answers, "answer", "answers")));
    }
    print(text.as_bytes())?;
    let failed = indicators.receipts.iter().any(|receipt| matches!(receipt.outcome, IndicatorOutcome::Failed { .. }));
    Ok(match (written.is_empty(), failed) {
        (true, _) => exit::UNAVAILABLE,
        (false, true) => exit::PARTIAL,
        (false, false) => exit::DONE,
    })
}
