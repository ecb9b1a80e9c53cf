//! `boardpack returns collect`: a look at the folder of returns, without a pack.

use super::messages::{self, When};
use crate::archive::short_sha256;
use crate::cli::{Failure, Sources};
use crate::collect::ReturnReceipt;
use crate::run::return_cycle::CollectReturns;
use crate::settings::Settings;
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    when: When,
    /// Send no receipts; the next collection that sends makes up for them
    #[arg(long)]
    no_send: bool,
    /// Record and send nothing: print what is new, and the full text of each message that would be sent
    #[arg(long)]
    dry_run: bool,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let job = CollectReturns { sends: !arguments.no_send };
    // A look that tells nobody needs no mail server.
    let writes = |settings: &Settings| job.sends && settings.returns.receipts;
    let done = messages::perform(sources, &job, &arguments.when, writes, arguments.dry_run)?;
    if done.new.is_empty() && done.late.is_empty() {
        println!("nothing new for {}", done.period.in_words());
    }
    done.new.iter().for_each(|receipt| println!("{}", line(receipt)));
    done.late.iter().for_each(|(quarter, receipt)| println!("{}, filed under {}", line(receipt), quarter.slug()));
    let status = done.status.as_ref();
    for partner in status.iter().flat_map(|status| &status.partners).filter(|partner| !partner.unsettled.is_empty()) {
        println!(
            "{}: two workbooks differ, and nobody has decided which to use: see `boardpack returns status`",
            partner.partner
        );
    }
    for (file, reason) in status.iter().flat_map(|status| &status.unlaid) {
        println!("not matched to a partner: {file}: {reason}");
    }
    Ok(messages::print(&done, arguments.dry_run))
}

/// `hills: hills_2026-27-Q2.xlsx (completed by Ada Hill): accepted (0a1b2c3d4e5f)`
fn line(receipt: &ReturnReceipt) -> String {
    let ReturnReceipt { partner, file, sha256, by, .. } = receipt;
    let by = if by.is_empty() { String::new() } else { format!(" (completed by {by})") };
    let kept = sha256.as_ref().map_or("not kept", |sha256| short_sha256(sha256));
    format!("{partner}: {}{by}: {} ({kept})", file.as_deref().unwrap_or_default(), receipt.verdict())
}
