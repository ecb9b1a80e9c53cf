//! `boardpack evaluate`: every judgement as a table, JSON or CSV on standard output, and nothing else there.

use super::{Failure, Sources, clock, date, exit, print_by, progress, quarter, runtime, start_logging};
use crate::area::{Area, AreaCode, Areas};
use crate::evaluate::{self, AmbitionRow, AssessmentRow, ValueState};
use crate::framework::{Framework, Measure, Role};
use crate::run::{self, Assessed, LoadedConfig, Setup};
use crate::settings::Settings;
use crate::value::{Unit, format_number};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use std::io;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    when: When,
    /// Only this area or organisation, by its code or name
    #[arg(long, value_name = "AREA")]
    area: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Which figures are judged.
#[derive(Args)]
pub struct When {
    /// The quarter, such as 2026-27-Q2 [default: the last that ended]
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    /// The date to use as today [default: the clock's date]
    #[arg(long, value_name = "DATE")]
    as_at: Option<String>,
    /// Use no network: take public figures from the archive [default: fetch.offline of the settings]
    #[arg(long)]
    offline: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A line a measure, by priority
    Table,
    /// One object, described in docs/assessments.md
    Json,
    /// The same columns
    Csv,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let prepared = Prepared::new(sources, &arguments.when, arguments.area.as_deref())?;
    let assessed = prepared.assess()?;
    let Prepared { config, area, .. } = &prepared;
    let (framework, areas) = (&config.framework, &config.areas);
    let published = assessed.disclosed(config).evaluation;
    let mut rows = evaluate::rows(&published, framework, areas);
    rows.retain(|row| area.as_ref().is_none_or(|area| *row.area == *area));
    let is_system = area.as_ref().is_none_or(|area| *area == framework.edition.system);
    let ambitions = if is_system { evaluate::ambition_rows(&published, framework) } else { Vec::new() };
    let bytes = match arguments.format {
        Format::Table => Ok(table(&rows, &ambitions, framework, areas, area.as_ref()).into_bytes()),
        Format::Json => {
            let data = evaluate::AssessmentData { format: evaluate::FORMAT, ambitions, assessments: rows };
            evaluate::to_json(&data).map_err(io::Error::from)
        }
        Format::Csv => evaluate::to_csv(&rows),
    };
    print_by(|out| out.write_all(&bytes?))?;
    Ok(finish(&assessed))
}

/// All that can be wrong is told before anything is collected.
pub(super) struct Prepared {
    pub(super) settings: Settings,
    pub config: LoadedConfig,
    as_at: Option<Date>,
    /// The one area asked for.
    pub area: Option<AreaCode>,
}

impl Prepared {
    pub(super) fn new(sources: &Sources, when: &When, area: Option<&str>) -> Result<Self, Failure> {
        let period = quarter("--period", when.period.as_deref())?;
        let as_at = date("--as-at", when.as_at.as_deref())?;
        let mut settings = sources.load()?;
        settings.fetch.offline |= when.offline;
        start_logging(&settings.log);
        let config = LoadedConfig::load(&settings, false, run::QuarterChoice { period, as_at }, clock)?;
        let area = area.map(|area| area_named(area, &config.areas)).transpose()?;
        Ok(Self { settings, config, as_at, area })
    }

    /// Collects and judges, telling how it goes on standard error.
    pub(super) fn assess(&self) -> Result<Assessed, Failure> {
        let progress = progress::Terminal::new();
        let Self { settings, config, as_at, .. } = self;
        let setup = Setup { settings, config, now: clock, progress: &progress };
        Ok(runtime()?.block_on(run::assess(&setup, *as_at))?)
    }
}

fn area_named(asked: &str, areas: &Areas) -> Result<AreaCode, Failure> {
    let named = |area: &&Area| area.code.as_str().eq_ignore_ascii_case(asked) || area.name.to_lowercase() == asked.to_lowercase();
    areas.iter().find(named).map(|area| area.code.clone()).ok_or_else(|| {
        let there: Vec<String> = areas.iter().map(|area| format!("{} {}", area.code, area.name)).collect();
        Failure::usage("--area", format!("{asked:?} is not an area; there are: {}", there.join(", ")))
    })
}

/// The exit code, with what is lacking on standard error.
pub(super) fn finish(assessed: &Assessed) -> u8 {
    let failures = assessed.failures();
    for failure in &failures {
        eprintln!("partial: {failure}");
    }
    if failures.is_empty() { exit::DONE } else { exit::PARTIAL }
}

/// Columns of the table, in characters; with a space between them they fit 120.
const WIDTHS: [usize; 6] = [50, 11, 17, 10, 10, 16];

/// The headlines, or all rows where `area` names the one that was asked for.
fn table(
    rows: &[AssessmentRow<'_>],
    ambitions: &[AmbitionRow<'_>],
    framework: &Framework,
    areas: &Areas,
    area: Option<&AreaCode>,
) -> String {
    let name = areas.name(area.unwrap_or(&framework.edition.system));
    let comparator = areas.name(&framework.edition.comparator);
    let head = ["Measure", "Period", "Value", "Target", comparator, "Status"].map(str::to_owned);
    let mut text = format!("{name}\n\n{}", line(head));
    let priorities = framework.priorities.iter().map(|p| (Some(p.id.as_str()), p.short.as_str()));
    for (priority, heading) in std::iter::once((None, "Overarching ambitions")).chain(priorities) {
        let mut lines = String::new();
        for ambition in framework.ambitions_of(priority) {
            let is_shown = |row: &&AssessmentRow<'_>| row.ambition == ambition.id && (row.headline || area.is_some());
            let of_ambition: Vec<&AssessmentRow<'_>> = rows.iter().filter(is_shown).collect();
            if of_ambition.is_empty() {
                continue;
            }
            // How the ambition stands is about the system alone.
            let judged = ambitions.iter().find(|judged| judged.ambition == ambition.id);
            let status = judged.map_or(String::new(), |judged| format!(": {}", judged.status.label()));
            lines.push_str(&format!("Ambition {}{status}\n", ambition.id));
            for role in [Role::Lead, Role::StandIn, Role::Supporting] {
                let mut of_role = of_ambition.iter().filter(|row| row.role == role).peekable();
                if of_role.peek().is_some() && role != Role::Lead {
                    lines.push_str(&format!("  {}\n", role.label()));
                }
                of_role.for_each(|row| lines.push_str(&line(cells(row, framework.measure(row.measure)))));
            }
        }
        if !lines.is_empty() {
            text.push_str(&format!("\n{heading}\n{lines}"));
        }
    }
    text
}

fn cells(row: &AssessmentRow<'_>, measure: Option<&Measure>) -> [String; 6] {
    let (unit, decimals) = measure.map_or((&Unit::Score, 1), |m| (&m.unit, m.decimals));
    let nothing = || "–".to_owned();
    let number = |value: Option<f64>| value.map_or_else(nothing, |value| format_number(value, decimals));
    let value = match (row.value, row.value_state) {
        (Some(value), _) => unit.format(value, decimals),
        (None, Some(ValueState::Suppressed)) => "suppressed".to_owned(),
        (None, _) => nothing(),
    };
    let period = row.period.clone().unwrap_or_else(nothing);
    let status = row.status.label().to_owned();
    [format!("  {}", row.measure), period, value, number(row.target), number(row.comparator), status]
}

/// An id is never cut, since other commands are given it: a long one stands on a line of its own.
fn line([first, rest @ ..]: [String; 6]) -> String {
    let [width, widths @ ..] = WIDTHS;
    let mut text = match first.chars().count() > width {
        true => format!("{first}\n{:width$} ", ""),
        false => format!("{first:<width$} "),
    };
    for (cell, width) in rest.iter().zip(widths) {
        let short: String = match cell.chars().count() > width {
            true => cell.chars().take(width - 1).chain(['…']).collect(),
            false => cell.clone(),
        };
        text.push_str(&format!("{short:<width$} "));
    }
    format!("{}\n", text.trim_end())
}
