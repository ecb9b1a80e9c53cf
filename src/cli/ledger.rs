//! `boardpack ledger`: a copy of the ledger while it is in use, and what a person decides about one that is not to be relied on.

use super::{Failure, Sources, clock, exit, on_record, runtime};
use crate::archive::short_sha256;
use crate::counted::counted;
use crate::run::{opening, this_process};
use crate::settings::Settings;
use crate::store::{
    Adopting, Adoption, AllowanceRecord, Decisions, ExtensionRecord, Ledger, LedgerError, LeftBehind, MessageState, ReturnRecord,
    SentMessage, close_to_others,
};
use clap::Subcommand;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub enum Command {
    /// Back up the ledger to a new file, while it is in use
    Backup {
        /// The new file; an existing file is not overwritten
        file: PathBuf,
    },
    /// Continue with a ledger that is new, older than what was sent, or from elsewhere
    Adopt {
        /// Change nothing: print what was sent that the ledger does not know of
        #[arg(long)]
        dry_run: bool,
        /// Who decides this, for the record
        #[arg(long, value_name = "NAME", required_unless_present = "dry_run")]
        by: Option<String>,
        /// Why, for the record
        #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
        reason: Option<String>,
        /// Continue although the archive does not record everything that was sent, so that a pack may be sent again
        #[arg(long)]
        without_record: bool,
    },
    /// Move the ledger, archive and message files out of the packs folder, where earlier versions kept them
    Move,
    /// Restore a backup of the ledger, with what was sent since it was made
    Restore {
        /// The file that `ledger backup` wrote
        file: PathBuf,
        /// Continue although the archive does not record everything that was sent, so that a pack may be sent again
        #[arg(long)]
        without_record: bool,
    },
}

/// What no record has of a ledger that was lost, or went on after its backup.
const APPROVE_AGAIN: &str =
    "who approved a pack is not in the record: one that was approved and has not reached everybody waits for approval again";

/// The same of what was decided about returns, where the record says nothing of it.
const DECIDE_AGAIN: &str = "the record has no workbook and no decision about one, as where an earlier version of boardpack wrote it: if \
    workbooks were withdrawn, settled or allowed, or deadlines extended, decide that again before the next run (a withdrawn workbook \
    that is still in the inbox counts again)";

/// The same where there is no record.
const DECISIONS_LOST: &str = "the record of which workbooks were withdrawn, settled or allowed, and of which deadlines were extended, is \
    lost too: decide these again before the next run (a withdrawn workbook that is still in the inbox counts again)";

/// Of what a command takes in, and behind what nobody knows.
const WOULD_BE: (&str, &str) = (
    "would be taken in",
    ". `boardpack ledger adopt` refuses that: restore the archive, or its file that is damaged, from a backup first; without a backup, \
     look in the mail account for what was sent, then add --without-record",
);
const IS: (&str, &str) = ("taken in", ". Before the next run, look in the mail account for what was sent");

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    let settings = sources.load()?;
    match command {
        Command::Backup { file } => {
            let is_reliable = back_up(&settings, file)?;
            println!("{}", file.display());
            if !is_reliable {
                return Ok(exit::PARTIAL);
            }
        }
        Command::Adopt { dry_run: true, .. } => {
            let adoption = runtime()?.block_on(Adoption::of(&settings.paths))?;
            print(&adoption, &settings, WOULD_BE);
        }
        Command::Adopt { by, reason, without_record, .. } => {
            opening::private_lies_apart(&settings)?;
            let by = on_record::decided_by(by.as_deref().unwrap_or_default())?;
            let reason = on_record::reason("--reason", reason.as_deref().unwrap_or_default())?;
            let holder = this_process(clock());
            let adopting = Adopting { by, reason, holder: &holder, without_record: *without_record };
            // What it does not know of is shown before it is taken in.
            let adoption = runtime()?.block_on(Ledger::adopt(&settings.paths, adopting, clock()))?;
            print(&adoption, &settings, IS);
            println!("the ledger {} is adopted; the next run uses it", settings.paths.ledger.display());
            println!("{APPROVE_AGAIN}");
        }
        Command::Move => {
            let left = LeftBehind::of(&settings.paths);
            if left.is_empty() {
                println!("there is nothing to move");
                return Ok(exit::DONE);
            }
            runtime()?.block_on(left.carry_out(&this_process(clock())))?;
            for (old, new) in left.ledger.iter().chain(&left.archive).chain(&left.secret) {
                println!("{} is {} now", old.display(), new.display());
            }
            let messages = counted(left.messages.len(), "message in a file", "messages in files");
            println!("{messages} moved to {}", settings.paths.messages().display());
            close_to_others(&settings.paths);
        }
        Command::Restore { file, without_record } => {
            opening::private_lies_apart(&settings)?;
            let holder = this_process(clock());
            let (adoption, before) =
                runtime()?.block_on(Ledger::restore(&settings.paths, file, (&holder, *without_record), clock()))?;
            print(&adoption, &settings, IS);
            if let Some(before) = before {
                println!("the ledger from before is {}", before.display());
            }
            println!("{} is the ledger now; the next run uses it", settings.paths.ledger.display());
            println!("{APPROVE_AGAIN}");
        }
    }
    Ok(exit::DONE)
}

/// What was sent, or may have been, and the ledger did not know of.
fn print(adoption: &Adoption, settings: &Settings, (what, advice): (&str, &str)) {
    for sent in &adoption.messages {
        let SentMessage { kind, period, about, issue, address, state, at, .. } = sent;
        let state = if *state == MessageState::Accepted { "accepted" } else { "may have arrived: it is held" };
        println!("{address}  {kind} of {period}, {about}, issue {issue}: {state}, {at}");
    }
    let messages = counted(adoption.messages.len(), "message", "messages");
    println!("{messages} {what} from the record of the archive");
    print_decisions(&adoption.decided, what);
    if adoption.lacks_decisions {
        println!("{}", if adoption.has_no_record { DECISIONS_LOST } else { DECIDE_AGAIN });
    }
    for lost in &adoption.lost_approvals {
        println!("{lost}: {}", lost.remedy());
    }
    if let Some(run) = adoption.last_run {
        println!("runs up to {run} are recorded elsewhere and not in the ledger; the next run has a higher number");
    }
    if let Some(problem) = adoption.record_problem.as_ref().filter(|_| adoption.lost_lines.is_none()) {
        println!("the archive's record of what was sent: {problem}; what the ledger knows is the record from then on");
    }
    if let Some(problem) = &adoption.of_another {
        println!("warning: {problem}: `boardpack ledger adopt` refuses it, and says what to do");
    }
    if let Some(unknown) = adoption.unknown(&settings.paths) {
        println!("warning: {unknown}{advice}");
    }
}

/// What came from partners and was decided about it, and the ledger did not know of.
fn print_decisions(decided: &Decisions, what: &str) {
    let Decisions { returns, extensions, allowances, .. } = decided;
    for ReturnRecord { period, sha256, partner, file, withdrawn_by, withdrawn_for, settled_by, .. } in returns {
        let named = format!("{file} of {partner} for {period} ({})", short_sha256(sha256));
        if let Some(reason) = withdrawn_for {
            let by = if withdrawn_by.is_empty() { String::new() } else { format!(" by {withdrawn_by}") };
            println!("{named}: withdrawn{by}, so it is not used: {reason}");
        } else if let Some(by) = settled_by {
            println!("{named}: chosen by {by} where another differs");
        }
    }
    for ExtensionRecord { period, partner, until, granted_by, reason, .. } in extensions {
        println!("{partner} has until {until} for {period}, by {granted_by}: {reason}");
    }
    for AllowanceRecord { sha256, cell, allowed_by, reason, .. } in allowances {
        let place = if cell.is_empty() { "the workbook" } else { cell };
        println!("{place} of {} is allowed by {allowed_by}: {reason}", short_sha256(sha256));
    }
    let returns = counted(returns.len(), "version of a return", "versions of returns");
    println!("{returns} {what}, with what was decided");
}

/// Whole under its name or not at all, and for the eyes of its owner: it holds addresses. False where the ledger is not to be relied
/// on: its copy may be wanted all the same, and is no backup to go on with.
fn back_up(settings: &Settings, file: &Path) -> Result<bool, Failure> {
    let failed = |problem: &dyn std::fmt::Display| Failure {
        code: exit::UNAVAILABLE,
        message: format!("{}: cannot be written: {problem} (check the folder, its rights and its space)", file.display()),
    };
    if file.exists() {
        return Err(failed(&"it already exists"));
    }
    let mut name = file.file_name().ok_or_else(|| failed(&"it has no name"))?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(name);
    let written = private(&part)
        .map_err(|e| failed(&e))
        .and_then(|()| read_with_doubt(settings, async |ledger| ledger.back_up(&part).await))
        .and_then(|((), doubt)| fs::hard_link(&part, file).map(|()| doubt).map_err(|e| failed(&e)));
    let _ = fs::remove_file(&part);
    let doubt = written?;
    warn_of(doubt.as_ref());
    Ok(doubt.is_none())
}

/// An empty file that others cannot read; SQLite writes into it.
fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(drop)
}

/// Does something with the ledger of the settings, which must be there, and is only looked at. Where it is not to be relied on,
/// that is told.
pub fn read<T>(settings: &Settings, work: impl AsyncFnOnce(&Ledger) -> Result<T, LedgerError>) -> Result<T, Failure> {
    let (read, doubt) = read_with_doubt(settings, work)?;
    warn_of(doubt.as_ref());
    Ok(read)
}

fn warn_of(doubt: Option<&LedgerError>) {
    if let Some(doubt) = doubt {
        eprintln!("warning: {doubt}");
    }
}

/// The same where boardpack may never have run: none where it has not.
pub fn read_if_any<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Ledger) -> Result<T, LedgerError>,
) -> Result<Option<T>, Failure> {
    let read = read_with_any(settings, work)?;
    Ok(read.map(|(read, doubt)| {
        warn_of(doubt.as_ref());
        read
    }))
}

/// The same for whoever has told by then why it is not to be relied on.
pub fn read_quietly<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Ledger) -> Result<T, LedgerError>,
) -> Result<Option<T>, Failure> {
    Ok(read_with_any(settings, work)?.map(|(read, _)| read))
}

/// The same, and why it is not to be relied on, which whoever asks tells.
pub fn read_with_doubt<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Ledger) -> Result<T, LedgerError>,
) -> Result<(T, Option<LedgerError>), Failure> {
    read_with_any(settings, work)?.ok_or_else(|| Failure {
        code: exit::UNAVAILABLE,
        message: format!("{}; run boardpack first, or correct paths.ledger", nothing_yet(settings)),
    })
}

/// That boardpack has not run, as far as the settings tell.
pub fn nothing_yet(settings: &Settings) -> String {
    format!("nothing has been run yet: there is no ledger {}", settings.paths.ledger.display())
}

fn read_with_any<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Ledger) -> Result<T, LedgerError>,
) -> Result<Option<(T, Option<LedgerError>)>, Failure> {
    runtime()?.block_on(async {
        let Some((ledger, doubt)) = Ledger::open_to_read(&settings.paths).await? else { return Ok(None) };
        let result = async {
            opening::found_cut_off(&ledger.cut_off().await?);
            work(&ledger).await
        };
        let result = result.await;
        ledger.close().await;
        Ok(Some((result.map_err(|error| error.of(&settings.paths.ledger))?, doubt)))
    })
}

/// Does something that changes the ledger of the settings, which is made where it is not there.
pub fn work<T>(settings: &Settings, work: impl AsyncFnOnce(&Ledger) -> Result<T, LedgerError>) -> Result<T, Failure> {
    runtime()?.block_on(async {
        let ledger = opening::open(settings, false, clock).await?;
        let result = work(&ledger).await;
        ledger.close().await;
        Ok(result.map_err(|error| error.of(&settings.paths.ledger))?)
    })
}
