//! `boardpack returns collect`: a look at the folder of returns, without a pack.

use super::messages::{self, When};
use crate::cli::{Failure, Sources};
use crate::collect::{ReturnVersion, Standing};
use crate::run::round::Task;
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    when: When,
    /// Send no receipts; the next look that sends makes up for them
    #[arg(long)]
    no_send: bool,
    /// Record and send nothing: print what is new, and each message that would be sent, whole
    #[arg(long)]
    dry_run: bool,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let done = messages::perform(sources, Task::Collect, &arguments.when, !arguments.no_send, arguments.dry_run)?;
    if done.new.is_empty() {
        println!("nothing new for {}", done.period.in_words());
    }
    for ReturnVersion { partner, file, sha256, standing, .. } in &done.new {
        let standing = match standing {
            Standing::Accepted => "accepted",
            Standing::Refused => "refused",
            Standing::Withdrawn { .. } => "withdrawn",
        };
        println!("{partner}: {file}: {standing} ({})", &sha256[..12.min(sha256.len())]);
    }
    for (file, reason) in done.status.iter().flat_map(|status| &status.unlaid) {
        println!("laid to no partner: {file}: {reason}");
    }
    Ok(messages::print(&done, arguments.dry_run))
}
