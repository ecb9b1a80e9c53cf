//! Asking the public sources apart from any pack, and what the commands say of their answers.

use crate::archive::Archive;
use crate::area::Areas;
use crate::cli::{Failure, Sources, clock, progress, runtime, start_logging};
use crate::collect::workbook::ReaderProcess;
use crate::collect::{self, FetchSetup, Files, Finding, Grade, IndicatorReceipt, Indicators, RunScope};
use crate::framework::{Framework, Measure, MeasureId, MeasureSource};
use crate::period::Period;
use crate::run::{LoadedConfig, Progress, QuarterChoice};
use crate::settings::{Fetch, Settings};
use crate::store::{LeftBehind, close_to_others};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt::Write;

/// Who asks, and for what.
pub(super) struct Asker {
    pub settings: Settings,
    pub framework: Framework,
    pub areas: Areas,
    pub archive: Archive,
    /// The quarter whose edition it is.
    pub period: Period,
    /// What "today" is.
    pub as_at: Date,
}

impl Asker {
    pub fn new(sources: &Sources) -> Result<Self, Failure> {
        let settings = sources.load()?;
        start_logging(&settings.log);
        let LoadedConfig { framework, areas, period, as_at, time_zone, .. } =
            LoadedConfig::load(&settings, false, QuarterChoice::default(), clock)?;
        let as_at = as_at.unwrap_or_else(|| clock().to_zoned(time_zone).date());
        LeftBehind::check(&settings.paths)?;
        close_to_others(&settings.paths);
        let archive = Archive::new(settings.paths.archive.clone());
        Ok(Self { settings, framework, areas, archive, period, as_at })
    }

    /// Puts the questions of these measures, of every one where empty.
    pub fn ask(&self, fetch: &Fetch, only: &[MeasureId], since: Option<Date>) -> Result<Indicators, Failure> {
        let progress = progress::Terminal::new();
        progress.stage_starts("fetch");
        let (config, reading) = (self.settings.config_assets(), ReaderProcess::with(self.settings.program.clone()));
        let files = Files { config: &config, areas: &self.areas, limits: &self.settings.returns.limits, reading: &reading };
        let means = FetchSetup {
            only,
            since,
            files: Some(files),
            descriptions: true,
            ..FetchSetup::new(&self.settings.sources, fetch, &self.archive, clock())
        };
        let wanted = RunScope { framework: &self.framework, partners: &[], period: self.period, as_at: self.as_at };
        let counted = |done, total, last: &str| progress.counted(done, total, last);
        Ok(runtime()?.block_on(collect::collect_indicators(&wanted, &means, &counted)))
    }

    /// What the archive and the recordings have, however old.
    pub fn kept(&self, only: &[MeasureId]) -> Result<Indicators, Failure> {
        let fetch = Fetch { offline: true, stale_after_days: u32::MAX, ..self.settings.fetch.clone() };
        self.ask(&fetch, only, None)
    }

    /// The measures that an id names: one of them, or those of an indicator by its source's own id.
    pub fn named(&self, option: &str, id: &str) -> Result<Vec<&Measure>, Failure> {
        let is_named = |measure: &&Measure| match &measure.source {
            MeasureSource::Indicator { indicator, .. } => measure.id.0.eq_ignore_ascii_case(id) || indicator == id,
            MeasureSource::Return { .. } | MeasureSource::Sum { .. } | MeasureSource::None => false,
        };
        let named: Vec<&Measure> = self.framework.measures.iter().filter(is_named).collect();
        if named.is_empty() {
            let public = |measure: &&Measure| matches!(measure.source, MeasureSource::Indicator { .. });
            let ids: Vec<&str> = self.framework.measures.iter().filter(public).map(|m| m.id.0.as_str()).collect();
            let problem = format!("{id:?} is not a measure with a public indicator; there are: {}", ids.join(", "));
            return Err(Failure::usage(option, problem));
        }
        Ok(named)
    }
}

/// The day of a moment, as these commands print it.
pub(super) fn day(of: Timestamp) -> Date {
    of.to_zoned(TimeZone::UTC).date()
}

/// The source's name and its own for the indicator.
pub(super) fn name(receipt: &IndicatorReceipt) -> String {
    let publisher = if receipt.publisher.is_empty() { &receipt.source } else { &receipt.publisher };
    format!("{publisher} {}", receipt.indicator)
}

/// What is to be looked at, a line each.
pub(super) fn findings(findings: &[Finding], text: &mut String) {
    for (grade, heading) in [(Grade::Error, "Not used"), (Grade::Question, "To check"), (Grade::Note, "Notes")] {
        let of: Vec<&Finding> = findings.iter().filter(|finding| finding.grade == grade).collect();
        if !of.is_empty() {
            line(text, &format!("\n{heading}"));
        }
        for Finding { place, problem, remedy, .. } in of {
            let remedy = if remedy.is_empty() { String::new() } else { format!(" ({remedy})") };
            line(text, &format!("  {place}: {problem}{remedy}"));
        }
    }
}

pub(super) fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("writing to a String does not fail");
}
