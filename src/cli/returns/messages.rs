//! What the commands have in common that look after a round of returns.

use crate::cli::{Failure, Sources, clock, date, exit, quarter, run::short, start_logging, stoppable};
use crate::counted::counted;
use crate::run::return_cycle::{self, Done, Draft, Request, Task};
use crate::run::{self, LoadedConfig};
use clap::Args;

/// Which quarter, and as at when.
#[derive(Args)]
pub struct When {
    /// The quarter, such as 2026-27-Q2 [default: pack.period of the settings, or the last that ended]
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    /// What "today" is [default: pack.as_at of the settings, or the clock's date]
    #[arg(long, value_name = "DATE")]
    as_at: Option<String>,
}

/// Does one task by hand.
pub fn perform(sources: &Sources, task: Task, when: &When, sends: bool, dry_run: bool) -> Result<Done, Failure> {
    let period = quarter("--period", when.period.as_deref())?;
    let as_at = date("--as-at", when.as_at.as_deref())?;
    let settings = sources.load()?;
    start_logging(&settings.log);
    // A look that tells nobody needs no mail server.
    let writes = sends && (task != Task::Collect || settings.returns.receipts);
    let materials = LoadedConfig::load(&settings, writes, run::When { period, as_at }, clock)?;
    let request = Request { task, as_at, for_day: None, trigger: "by hand".to_owned(), met: Vec::new(), sends, dry_run };
    stoppable(return_cycle::round(&settings, &materials, &request, clock))
}

/// Prints what was sent, or would be, and gives the exit code.
pub fn print(done: &Done, dry_run: bool) -> u8 {
    if dry_run {
        println!("{} would be sent", counted(done.drafts.len(), "message", "messages"));
        done.drafts.iter().for_each(print_draft);
    }
    for told in &done.told {
        println!("{told}");
        if let Some(file) = &told.file {
            println!("  {}", short(file));
        }
    }
    let partial = done.partial();
    for reason in &partial {
        eprintln!("partial: {reason}");
    }
    if partial.is_empty() { exit::DONE } else { exit::PARTIAL }
}

fn print_draft(draft: &Draft) {
    println!("\nTo: {}\nSubject: {}", draft.recipient.mailbox(), draft.words.subject);
    if let Some(blank) = &draft.workbook {
        println!("Attached: {} ({} bytes)", blank.file, blank.bytes.len());
    }
    println!("\n{}", draft.words.text);
}
