//! `boardpack returns map`: the figures that a mapping finds in a workbook, and where.

use super::arguments::warn;
use crate::archive::sha256;
use crate::cli::{Failure, Sources, clock, exit, print};
use crate::collect::mapping::{self, Figure, Mapped, Mapping};
use crate::collect::workbook::ReaderProcess;
use crate::collect::{Allowed, withhold};
use crate::counted::counted;
use crate::fault::{Fault, Faults};
use crate::framework::{self, Framework};
use crate::run::{QuarterChoice, framework_for};
use crate::settings::Settings;
use crate::value::Value;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Of what was left out for one reason; --format json has them all.
const SHOWN_PLACES: usize = 8;

#[derive(Args)]
pub struct Arguments {
    /// The workbook, or a published CSV table
    file: PathBuf,
    /// The mapping: a file, or the name of one in the configuration's mappings folder
    mapping: String,
    /// Also show where each column was found, and what was left out and why
    #[arg(long)]
    explain: bool,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

/// As it is printed: the workbook by its content, then what was read.
#[derive(Serialize)]
struct Answer<'a> {
    sha256: &'a str,
    #[serde(flatten)]
    reading: &'a Mapped,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let settings = sources.load()?;
    let config = settings.config_assets();
    let framework = framework_for(&settings, QuarterChoice::default(), clock)?.0;
    let areas = framework::read_areas(&config)?;
    let named = Path::new(&arguments.mapping);
    let mapping = if named.is_file() {
        from_file(named, &framework, &areas)?
    } else {
        mapping::load(&config, &arguments.mapping, &framework, &areas)?
    };
    let bytes = bytes_of(&arguments.file, &settings)?;
    let name = arguments.file.file_name().unwrap_or_default().to_string_lossy();
    let reading = ReaderProcess::with(settings.program.clone());
    let mut sheets = mapping::sheets(&bytes, &name, &reading, &settings.returns.limits).map_err(|fault| bad_data(&fault))?;
    let mut withheld = Vec::new();
    withhold(&mut sheets, &name, &sha256(&bytes), &Allowed::default(), &mut withheld);
    warn(&withheld);
    let reading = mapping::read(&sheets, &name, &mapping, &framework, &areas);
    let answer = Answer { sha256: &sha256(&bytes), reading: &reading };
    let text = match arguments.format {
        Format::Text => in_words(&answer, &framework, arguments.explain),
        Format::Json => serde_json::to_string_pretty(&answer).expect("texts, numbers and lists can be written as JSON") + "\n",
    };
    print(text.as_bytes())?;
    Ok(match (reading.figures().next().is_some(), reading.faults.is_empty()) {
        (_, true) => exit::DONE,
        (true, false) => exit::PARTIAL,
        (false, false) => exit::BAD_DATA,
    })
}

fn from_file(path: &Path, framework: &Framework, areas: &crate::area::Areas) -> Result<Mapping, Faults> {
    let place = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|e| Fault::new(&place, format!("cannot be read: {e}"), "check its permissions, and save it as UTF-8"))?;
    let mapping = mapping::parse(&text, &place)?;
    mapping.check(framework, areas)?;
    Ok(mapping)
}

fn bad_data(fault: &Fault) -> Failure {
    Failure { code: exit::BAD_DATA, message: fault.to_string() }
}

fn bytes_of(path: &Path, settings: &Settings) -> Result<Vec<u8>, Failure> {
    let place = path.display().to_string();
    let most = settings.returns.limits.max_file_mb;
    let limit = most.saturating_mul(1024 * 1024);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes));
    read.map_err(|e| {
        bad_data(&Fault::new(&place, format!("cannot be read: {e}"), "correct the path, or change its permissions"))
    })?;
    if bytes.len() as u64 > limit {
        let problem = format!("is larger than {most} MB, the most that is read");
        return Err(bad_data(&Fault::new(&place, problem, "make it smaller, or raise returns.max_file_mb")));
    }
    Ok(bytes)
}

fn in_words(answer: &Answer<'_>, framework: &Framework, explain: bool) -> String {
    let Answer { reading, sha256 } = answer;
    let mut text = format!("{}: {}\n", reading.file, reading.title);
    if explain {
        let _ = writeln!(text, "  SHA-256 {sha256}\n  mapping {}", reading.mapping);
    }
    for table in &reading.tables {
        let _ = writeln!(text, "\n{}: sheet {}, header in row {}", table.block, table.sheet, table.header_row);
        if explain {
            for place in &table.places {
                let cell = if place.cell.is_empty() { "-" } else { &place.cell };
                let _ = writeln!(text, "  {:<12} {:<8} {}", place.key, cell, place.text);
            }
        }
        let _ = writeln!(text, "  {}", counted(table.figures.len(), "figure", "figures"));
        for figure in &table.figures {
            let _ = writeln!(text, "  {:<8} {}", figure.cell, line(figure, framework, explain));
        }
        if explain && !table.skipped.is_empty() {
            text.push_str("  left out\n");
            for skipped in &table.skipped {
                let _ = writeln!(text, "  {}: {}", skipped.why, places(&skipped.places));
            }
        }
    }
    if !reading.faults.is_empty() {
        let _ = writeln!(text, "\n{} faults", reading.faults.len());
        for fault in &reading.faults {
            let _ = writeln!(text, "  {}: {} ({})", fault.place, fault.problem, fault.remedy);
        }
    }
    text
}

/// `e-coli-rate  E54000060  2023/24  93.0 per 100,000`
fn line(figure: &Figure, framework: &Framework, explain: bool) -> String {
    let value = match (figure.value, framework.measure(&figure.measure)) {
        (Value::Number(value), Some(measure)) => measure.unit.format(value, measure.decimals),
        (Value::Number(value), None) => value.to_string(),
        (Value::Suppressed, _) => "suppressed".to_owned(),
        (Value::Missing, _) => "missing".to_owned(),
        (Value::NotApplicable, _) => "not applicable".to_owned(),
    };
    let mut line = format!("{}  {}  {}  {value}", figure.measure, figure.area, figure.period);
    if let Some(limits) = figure.limits {
        let _ = write!(line, "  ({} to {})", limits.lower, limits.upper);
    }
    if let (Some(numerator), Some(denominator)) = (figure.numerator, figure.denominator) {
        let _ = write!(line, "  {numerator} of {denominator}");
    }
    if explain {
        let _ = write!(line, "  from {:?}", figure.found);
    }
    line
}

/// The first few places, and how many more there are.
fn places(places: &[String]) -> String {
    match places.split_at_checked(SHOWN_PLACES) {
        Some((shown, more)) if !more.is_empty() => format!("{} and {} more", shown.join(", "), more.len()),
        _ => places.join(", "),
    }
}
