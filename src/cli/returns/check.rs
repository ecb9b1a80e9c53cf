//! `boardpack returns check`: a partner's workbook as it would be understood, before it is sent.

use super::arguments::{partner, warn};
use crate::archive::Archive;
use crate::cli::{Failure, Sources, clock, exit, print, quarter, runtime, start_logging};
use crate::collect::workbook::ReaderProcess;
use crate::collect::{Finding, Intake, ReturnOutcome, Returns, RunScope, ValidationReport, check_return};
use crate::distribute::AccountTemplates;
use crate::fault::{Fault, Faults};
use crate::run::{self, LoadedConfig, RunError};
use crate::settings::Settings;
use clap::{Args, ValueEnum};
use jiff::ToSpan;
use jiff::civil::Date;
use std::path::PathBuf;

#[derive(Args)]
pub struct Arguments {
    /// The workbook
    file: PathBuf,
    /// The id of the partner that it is from [default: what the workbook or its name says]
    #[arg(long, value_name = "ID")]
    partner: Option<String>,
    /// The quarter, such as 2026-27-Q2 [default: what the workbook says, or pack.period of the settings, or the last that ended]
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Html,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let period = quarter("--period", arguments.period.as_deref())?;
    if !arguments.file.exists() {
        let fault = Fault::new(arguments.file.display().to_string(), "is not there", "check its name and its folder");
        return Err(Failure { code: exit::BAD_DATA, message: fault.to_string() });
    }
    let settings = sources.load()?;
    start_logging(&settings.log);
    let templates = AccountTemplates::load(&settings.template_assets())?;
    let load = |period| LoadedConfig::load(&settings, false, run::QuarterChoice { period, as_at: None }, clock);
    let mut config = load(period)?;
    let mut as_at = day_for(&config)?;
    let read_as = |config: &LoadedConfig, as_at, of_this_quarter| read(&settings, arguments, config, as_at, of_this_quarter);
    let (mut returns, mut unread) = read_as(&config, as_at, period.is_some())?;
    if let Some(said) = returns.elsewhere.first().map(|elsewhere| elsewhere.quarter) {
        // It is understood as the return of the quarter that it says, as a look files it; one that has not begun is a slip.
        if said.previous().end() < as_at {
            config = load(Some(said)).unwrap_or(config);
            as_at = day_for(&config)?;
        }
        (returns, unread) = read_as(&config, as_at, true)?;
    }
    warn(&unread);
    let LoadedConfig { framework, areas, partners, period, .. } = &config;
    let wanted = RunScope { framework, partners, period: *period, as_at };
    let receipt = &returns.receipts[0];
    let account = ValidationReport::of(receipt, &returns, &wanted, areas);
    let said = match arguments.format {
        Format::Text => templates.text(&account).map_err(Faults::from)?,
        Format::Html => page(&account, &templates.html(&account).map_err(Faults::from)?),
        Format::Json => serde_json::to_string_pretty(&account).expect("texts, numbers and lists can be written as JSON") + "\n",
    };
    print(said.as_bytes())?;
    if receipt.outcome == ReturnOutcome::Refused {
        return Ok(exit::BAD_DATA);
    }
    Ok(if account.errors.is_empty() && account.questions.is_empty() { exit::DONE } else { exit::PARTIAL })
}

/// Today or, of a quarter that has not ended, the first day on which its return would be looked at.
fn day_for(config: &LoadedConfig) -> Result<Date, Failure> {
    match config.quarter_and_day(None, clock) {
        Ok((_, today)) => Ok(today),
        Err(RunError::QuarterNotEnded { period, .. }) => Ok(period.end().saturating_add(1.day())),
        Err(other) => Err(other.into()),
    }
}

/// How the workbook is understood in the light of what the ledger knows, and what of that could not be read.
fn read(
    settings: &Settings,
    arguments: &Arguments,
    config: &LoadedConfig,
    as_at: Date,
    of_this_quarter: bool,
) -> Result<(Returns, Vec<Finding>), Failure> {
    let LoadedConfig { framework, areas, partners, mappings, period, .. } = config;
    let partner = arguments.partner.as_ref().map(|id| partner("--partner", id, partners)).transpose()?;
    let (mut known, unread) = runtime()?.block_on(run::known_by(&settings.paths, framework, *period, as_at))?;
    config.add_past(&mut known.figures);
    known.prints = config.prints();
    let intake = Intake {
        folder: &settings.paths.returns,
        limits: &settings.returns.limits,
        reading: &ReaderProcess::with(settings.program.clone()),
        archive: &Archive::new(settings.paths.archive.clone()),
        areas,
        mappings,
        now: clock(),
        wait: &|| {},
    };
    let wanted = RunScope { framework, partners, period: *period, as_at };
    Ok((check_return(&arguments.file, partner, of_this_quarter, &intake, &wanted, &known), unread))
}

/// A page of its own, which loads nothing.
fn page(account: &ValidationReport, body: &str) -> String {
    let title = minijinja::HtmlEscape(&format!("{}: return for {}", account.partner, account.quarter)).to_string();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n</head>\n\
         <body style=\"margin: 0 auto; padding: 16px; max-width: 1000px; font-family: Arial, sans-serif; line-height: 1.5; \
         color: #212b32;\">\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}
