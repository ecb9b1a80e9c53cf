//! `boardpack run`: one pack, by hand.

use super::{Failure, Sources, clock, date, exit, progress, quarter, serve, start_logging, stoppable};
use crate::area::AreaCode;
use crate::collect::{Finding, Grade, IndicatorOutcome, PartnerReturn};
use crate::counted::{counted, counted_of};
use crate::distribute::Recipient;
use crate::explanation::no_reason;
use crate::run::{self, LoadedConfig, PackJob, PackReaders, QuarterChoice, Selection, Setup, Summary, Trigger};
use clap::Args;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct Arguments {
    /// The quarter, such as 2026-27-Q2 [default: the last that ended]
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    /// The date to use as today [default: the clock's date]
    #[arg(long, value_name = "DATE")]
    as_at: Option<String>,
    /// Make the pack and send nothing
    #[arg(long)]
    no_send: bool,
    /// Mark every page as a draft, and send nothing
    #[arg(long, conflicts_with = "to")]
    draft: bool,
    /// Send to this address instead of the list; may be given several times
    #[arg(long, value_name = "ADDRESS", conflicts_with = "no_send")]
    to: Vec<String>,
    /// Send a preview, marked as a draft, to the operators and nobody else
    #[arg(long, conflicts_with_all = ["no_send", "draft", "to"])]
    send_to_me: bool,
    /// Send to this list of recipients.toml [default: pack.recipients of the settings]
    #[arg(long, value_name = "LIST", conflicts_with_all = ["no_send", "draft", "to", "send_to_me"])]
    list: Option<String>,
    /// Only the pack of this part of the system: an area's code
    #[arg(long, value_name = "AREA", value_parser = |code: &str| AreaCode::new(code))]
    place: Option<AreaCode>,
    /// Only this section of the pack, with the cover; may be given several times; cannot be sent to a list
    #[arg(long = "section", value_name = "TEMPLATE")]
    sections: Vec<String>,
    /// The edition of the framework [default: pack.edition of the settings, or the one in force when the quarter ends]
    #[arg(long, value_name = "EDITION")]
    edition: Option<String>,
    /// Correct the pack that was sent: send the next issue, with this reason, to everybody who has an earlier one
    #[arg(long, value_name = "REASON", conflicts_with_all = ["no_send", "draft", "to", "send_to_me", "place", "sections"])]
    reissue: Option<String>,
    /// Use no network: take public figures from the archive [default: fetch.offline of the settings]
    #[arg(long)]
    offline: bool,
    /// The folder for the packs, with a folder for each quarter [default: paths.output of the settings]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Run what is due by the schedules, as `serve` would, and end; for a timer that fires at least once an hour
    #[arg(long, conflicts_with_all = [
        "period", "as_at", "no_send", "draft", "to", "send_to_me", "list", "place", "sections", "edition", "reissue", "out",
    ])]
    due: bool,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    if arguments.due {
        return serve::due(sources);
    }
    let period = quarter("--period", arguments.period.as_deref())?;
    let as_at = date("--as-at", arguments.as_at.as_deref())?;
    let these: Vec<Recipient> = arguments
        .to
        .iter()
        .map(|text| Recipient::parse(text))
        .collect::<Result<_, _>>()
        .map_err(|e| Failure::usage("--to", e))?;
    let reissue = arguments.reissue.as_deref().map(|reason| reason.split_whitespace().collect::<Vec<_>>().join(" "));
    if let Some(problem) = reissue.as_deref().and_then(no_reason) {
        return Err(Failure::usage("--reissue", format!("{problem}; say what was wrong, in words: readers are told")));
    }
    let mut settings = sources.load()?;
    start_logging(&settings.log);
    settings.paths.out.clone_from(&arguments.out);
    if let Some(edition) = &arguments.edition {
        settings.pack.edition = Some(edition.clone());
    }
    settings.fetch.offline |= arguments.offline;
    let sends = !arguments.no_send && !arguments.draft;
    let recipients = match (!sends, these.is_empty()) {
        (true, _) => PackReaders::Nobody,
        _ if arguments.send_to_me => PackReaders::Operators,
        (false, true) => PackReaders::List(arguments.list.clone().unwrap_or_else(|| settings.pack.recipients.clone())),
        (false, false) => PackReaders::These(these),
    };
    if matches!(recipients, PackReaders::List(_)) && !arguments.sections.is_empty() {
        let problem = "makes an extract, which cannot be sent to a list; use --to, --send-to-me, --draft or --no-send";
        return Err(Failure::usage("--section", problem));
    }
    let only = Selection { place: arguments.place.clone(), sections: arguments.sections.clone() };
    let config = LoadedConfig::load(&settings, sends, QuarterChoice { period, as_at }, clock)?.narrowed(only)?;
    let draft = arguments.draft || arguments.send_to_me;
    let job = PackJob { recipients, draft, reissue };
    let progress = progress::of(&settings.log);
    let setup = Setup { settings: &settings, config: &config, now: clock, progress: &*progress };
    let summary = stoppable(run::run_job(&job, &setup, &Trigger::by_hand(as_at)))?;
    drop(progress);
    print(&summary, &config);
    Ok(if summary.shortfalls().is_empty() { exit::DONE } else { exit::PARTIAL })
}

fn print(summary: &Summary, config: &LoadedConfig) {
    let (period, as_at) = (summary.period, summary.as_at);
    println!("\nBoard pack for {} ({}), as at {as_at}", period.in_words(), period.slug());

    println!("By {}", config.edition_in_words());
    for warning in config.warnings() {
        println!("  warning: {warning}");
    }

    println!("\nRead {}", counted(summary.figures, "figure", "figures"));
    let deadline = config.returns.deadline(period);
    let returns = PartnerReturn::all(&summary.returns, &config.partners, deadline, as_at);
    let complete = returns.iter().filter(|one| one.is_complete()).count();
    let verbs = ("is complete", "are complete");
    println!("  {}", counted_of(complete, returns.len(), ("return", "returns"), verbs));
    let is_as_asked = |one: &&PartnerReturn<'_>| one.is_complete() && one.errors == 0;
    for one in returns.iter().filter(|one| !is_as_asked(one) || one.nil.is_some()) {
        println!("  {}: {}", one.partner.name, one.outcome());
        let of_partner = summary.returns.iter().filter(|receipt| receipt.partner == one.partner.id);
        for fault in of_partner.flat_map(|receipt| &receipt.findings).filter(|finding| !finding.mended) {
            println!("    {fault}");
        }
        for owed in one.owed {
            println!("    still to return: {}", owed.in_words());
        }
    }
    for one in returns.iter().filter(is_as_asked) {
        let of_partner = summary.returns.iter().filter(|receipt| receipt.partner == one.partner.id);
        let is_open = |finding: &&Finding| finding.grade == Grade::Question && !finding.mended;
        for question in of_partner.flat_map(|receipt| &receipt.findings).filter(is_open) {
            println!("  to ask {}: {question}", one.partner.name);
        }
    }
    for receipt in summary.returns.iter().filter(|r| config.partners.iter().all(|partner| partner.id != r.partner)) {
        for fault in &receipt.findings {
            println!("  not matched to a partner: {fault}");
        }
    }
    for line in &summary.other_files {
        println!("  {line}");
    }
    let received = summary.indicators.iter().filter(|i| matches!(i.outcome, IndicatorOutcome::Received { .. })).count();
    if !summary.indicators.is_empty() {
        println!("  {received} of {} received", counted(summary.indicators.len(), "public indicator", "public indicators"));
    }
    for receipt in &summary.indicators {
        match &receipt.outcome {
            IndicatorOutcome::Received { instead_of: None, .. } => {}
            IndicatorOutcome::Received { retrieved, instead_of: Some(reason), .. } => {
                let day = retrieved.to_zoned(TimeZone::UTC).date();
                println!("  {} {}: as at {day}: {reason}", receipt.publisher, receipt.indicator);
            }
            IndicatorOutcome::NotAvailable { reason } => {
                println!("  {} {}: not available: {reason}", receipt.publisher, receipt.indicator);
            }
            IndicatorOutcome::Failed { reason } => println!("  {} {}: failed: {reason}", receipt.publisher, receipt.indicator),
        }
    }

    let asked = |grade: Grade| summary.findings.iter().filter(move |finding| finding.grade == grade);
    for finding in asked(Grade::Error).chain(asked(Grade::Question)) {
        println!("  to check: {finding}");
    }

    if !summary.revisions.is_empty() {
        let figures = counted(summary.revisions.len(), "figure", "figures");
        println!("  {figures} revised since the last run; the ledger lists what was revised");
    }

    println!("\nStatus of {}", counted(summary.counts.total(), "ambition", "ambitions"));
    for (status, count) in summary.counts.iter().filter(|(_, count)| *count > 0) {
        println!("  {:<17} {count:>3}", status.label());
    }
    if let Some(movements) = &summary.movements {
        println!("  Since the pack of {}: {}", movements.since.slug(), movements.counts_in_words());
        for moved in movements.moved_actions() {
            println!("  key action {}: {}", moved.action, moved.in_words());
        }
    }

    let interim = if summary.interim { " an interim pack: some returns are still to come" } else { "" };
    println!("\nMade{interim}{}", if summary.illustrative { ", with illustrative figures" } else { "" });
    for (name, pages) in &summary.packs {
        println!("  {name}, {}", counted(*pages, "page", "pages"));
    }
    for comment in &summary.left_out {
        println!("  left out: {comment}");
    }
    for name in &summary.without_pack {
        println!("  no pack of {name}: it has no figure to show yet");
    }
    println!("\nWrote");
    for file in &summary.files {
        println!("  {}", short(file));
    }
    for warning in &summary.warnings {
        println!("  warning: {warning}");
    }
    for delivery in &summary.deliveries {
        println!("  {delivery}");
    }
    if summary.deliveries.iter().any(|delivery| delivery.result == crate::distribute::DeliveryResult::Written) {
        println!("  mail.transport is \"file\", so nothing was sent; the first real send goes to everybody");
    }
    if let Some(by) = summary.issued_by.filter(|_| !summary.deliveries.is_empty()) {
        println!(
            "  some readers have issue {} from run {by}, so the others get the same; `boardpack run --reissue REASON` sends this \
             one to everybody as the next issue",
            summary.issue
        );
    }
    for told in &summary.told {
        println!("  {told}");
    }
    let shortfalls = summary.shortfalls();
    for reason in summary.would_withhold.iter().filter(|reason| !shortfalls.contains(reason)) {
        println!("  not asked to send it; it would be withheld: {reason}");
    }
    for reason in shortfalls {
        eprintln!("partial: {reason}");
    }
}

/// A path as it is easiest read: relative to the working folder where it lies in it, and without detours.
pub fn short(path: &Path) -> String {
    let Ok(whole) = path.canonicalize() else { return path.display().to_string() };
    let folder = std::env::current_dir().and_then(|folder| folder.canonicalize()).unwrap_or_default();
    whole.strip_prefix(&folder).unwrap_or(&whole).display().to_string()
}
