//! `boardpack returns template`: the workbooks that partners fill in.

use super::arguments::{partner, warn};
use crate::cli::{Failure, Sources, clock, exit, quarter, runtime, start_logging};
use crate::framework::Partner;
use crate::return_template::{PartnerHistory, ReturnRequest};
use crate::run::return_cycle::BlankWorkbook;
use crate::run::{self, LoadedConfig};
use crate::{atomic_file, permissions};
use clap::Args;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[derive(Args)]
#[group(skip)]
pub struct Arguments {
    /// The id of one partner
    #[arg(long, value_name = "ID", required_unless_present = "all")]
    partner: Option<String>,
    /// Every partner that is asked for something
    #[arg(long, conflicts_with = "partner")]
    all: bool,
    /// The quarter, such as 2026-27-Q2 [default: pack.period of the settings, or the last that ended]
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    /// The folder for the workbooks, created if it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Overwrite existing workbooks, even if they were filled in
    #[arg(long)]
    force: bool,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let period = quarter("--period", arguments.period.as_deref())?;
    let settings = sources.load()?;
    start_logging(&settings.log);
    let config = LoadedConfig::load(&settings, false, run::QuarterChoice { period, as_at: None }, clock)?;
    let period = config.period;
    let chosen = chosen(arguments, &config.partners)?;
    let today = config.as_at.unwrap_or_else(|| clock().to_zoned(config.time_zone.clone()).date());
    let (known, unread) = runtime()?.block_on(run::known_by(&settings.paths, &config.framework, period, today))?;
    warn(&unread);
    let mut earlier = run::given_by(&known, &config.framework, period);
    config.add_past(&mut earlier);
    let nothing = PartnerHistory::new();
    let mut workbooks = Vec::new();
    for partner in chosen {
        let request = ReturnRequest {
            framework: &config.framework,
            areas: &config.areas,
            partner,
            period,
            earlier: earlier.get(&partner.id).unwrap_or(&nothing),
            secretariat: settings.mail.secretariat(),
            deadline: settings.returns.deadline(period),
        };
        workbooks.extend(BlankWorkbook::of(&request)?);
    }
    if workbooks.is_empty() {
        let named = arguments.partner.as_ref().and_then(|id| config.partners.iter().find(|partner| partner.id == *id));
        let why = named.filter(|partner| !partner.asked).map(|partner| partner.why_not_asked(period.end()));
        let why = why.unwrap_or_else(|| "no measure, no key action".to_owned());
        return Err(Failure::usage("--partner", format!("there is nothing to ask it for: {why}")));
    }
    save(arguments, &workbooks)
}

fn chosen<'a>(arguments: &Arguments, partners: &'a [Partner]) -> Result<Vec<&'a Partner>, Failure> {
    match &arguments.partner {
        Some(id) => Ok(vec![partner("--partner", id, partners)?]),
        None => Ok(partners.iter().collect()),
    }
}

/// All or none: a workbook that is there already may hold a partner's work.
fn save(arguments: &Arguments, workbooks: &[BlankWorkbook]) -> Result<u8, Failure> {
    let unavailable = |path: &Path, e: &dyn std::fmt::Display| Failure {
        code: exit::UNAVAILABLE,
        message: format!("{}: cannot be written: {e} (check the folder and its rights)", path.display()),
    };
    permissions::create_folders(&arguments.out).map_err(|e| unavailable(&arguments.out, &e))?;
    let path = |name: &String| arguments.out.join(name);
    let there: Vec<String> = workbooks
        .iter()
        .map(|blank| path(&blank.file))
        .filter(|path| path.exists())
        .map(|path| path.display().to_string())
        .collect();
    if !there.is_empty() && !arguments.force {
        let message = there
            .iter()
            .map(|path| format!("{path}: already exists and may be filled in (move it, or overwrite it with --force)"))
            .collect::<Vec<_>>()
            .join("\n");
        return Err(Failure { code: exit::UNAVAILABLE, message });
    }
    for blank in workbooks {
        let path = path(&blank.file);
        write(&path, &blank.bytes, arguments.force).map_err(|e| unavailable(&path, &e))?;
        println!("{}", path.display());
    }
    Ok(exit::DONE)
}

/// Whole or not at all, so that a full disk leaves the earlier file as it was.
fn write(path: &Path, bytes: &[u8], over: bool) -> io::Result<()> {
    if !over {
        OpenOptions::new().write(true).create_new(true).open(path)?.write_all(bytes)?;
        permissions::publish(path);
        return Ok(());
    }
    atomic_file::write_public(path, bytes)
}
