//! What the commands have in common that look after a round of returns.

use crate::cli::{Failure, Sources, clock, date, exit, quarter, run::short, start_logging, stoppable};
use crate::counted::counted;
use crate::run::return_cycle::{CycleReport, NoticeDraft, Rehearse, ReturnsStatus, rehearse};
use crate::run::{self, Job, JobReport, LoadedConfig, RunError, Setup, Trigger, Unwatched, run_job};
use crate::settings::Settings;
use clap::Args;
use jiff::civil::Date;

/// Which quarter, and as at when.
#[derive(Args)]
pub struct When {
    /// The quarter, such as 2026-27-Q2 [default: pack.period of the settings, or the last that ended]
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    /// The date to use as today [default: pack.as_at of the settings, or the clock's date]
    #[arg(long, value_name = "DATE")]
    as_at: Option<String>,
}

/// Does one job by hand, or with `dry_run` only tries it. `writes` where it has something to write to partners.
pub fn perform<J: Job<Report = CycleReport> + Rehearse>(
    sources: &Sources,
    job: &J,
    when: &When,
    writes: impl FnOnce(&Settings) -> bool,
    dry_run: bool,
) -> Result<CycleReport, Failure> {
    with_setup(sources, when, writes, async |setup, as_at| match dry_run {
        true => rehearse(job, &setup, as_at).await,
        false => run_job(job, &setup, &Trigger::by_hand(as_at)).await,
    })
}

/// Looks how the returns stand.
pub fn look(sources: &Sources, when: &When) -> Result<CycleReport, Failure> {
    with_setup(sources, when, |_| false, async |setup, as_at| rehearse(&ReturnsStatus, &setup, as_at).await)
}

fn with_setup(
    sources: &Sources,
    when: &When,
    writes: impl FnOnce(&Settings) -> bool,
    work: impl AsyncFnOnce(Setup<'_>, Option<Date>) -> Result<CycleReport, RunError>,
) -> Result<CycleReport, Failure> {
    let period = quarter("--period", when.period.as_deref())?;
    let as_at = date("--as-at", when.as_at.as_deref())?;
    let settings = sources.load()?;
    start_logging(&settings.log);
    let config = LoadedConfig::load(&settings, writes(&settings), run::QuarterChoice { period, as_at }, clock)?;
    let setup = Setup { settings: &settings, config: &config, now: clock, progress: &Unwatched };
    stoppable(work(setup, as_at))
}

/// Prints what else lies in the inbox and what was sent, or would be, and gives the exit code.
pub fn print(done: &CycleReport, dry_run: bool) -> u8 {
    for line in done.other_files() {
        println!("{line}");
    }
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
    let partial = done.shortfalls();
    for reason in &partial {
        eprintln!("partial: {reason}");
    }
    if partial.is_empty() { exit::DONE } else { exit::PARTIAL }
}

fn print_draft(draft: &NoticeDraft) {
    println!("\nTo: {}\nSubject: {}", draft.recipient.mailbox(), draft.words.subject);
    if let Some(blank) = &draft.workbook {
        println!("Attached: {} ({} bytes)", blank.file, blank.bytes.len());
    }
    println!("\n{}", draft.words.text);
}
