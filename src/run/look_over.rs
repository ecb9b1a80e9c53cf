//! All of the configuration looked over before any run: every file, what they say of each other, and what a run would only
//! find on its way.

use super::loaded_config::{LoadedConfig, ReadConfig};
use super::quarter::{Pinned, QuarterChoice};
use super::suspect;
use crate::collect::workbook::ReaderProcess;
use crate::collect::{Files, RunScope, check_answers, check_pointers, mapping};
use crate::fault::{Fault, Faults};
use crate::framework;
use crate::period::Period;
use crate::schedule::Schedules;
use crate::settings::Settings;
use jiff::Timestamp;
use jiff::civil::Date;

/// What was read of the configuration and what was found in it.
pub(crate) struct ConfigReview {
    pub read: ReadConfig,
    /// What no one can mean.
    pub faults: Faults,
    /// What is seldom meant, each once.
    pub warnings: Faults,
}

/// Reads every file that the settings name and tells every fault and every warning of them.
pub(crate) fn look_over(settings: &Settings, now: fn() -> Timestamp) -> ConfigReview {
    let config = settings.config_assets();
    let read = LoadedConfig::read(settings, true, QuarterChoice::default(), now);
    let mut warnings = read.contents.notes.clone();
    if let Some(passed_over) = read.passed_over.as_ref().filter(|_| read.contents.framework.is_some()) {
        warnings.extend(settings.origins.point(Fault::new("pack.edition", passed_over, "")));
    }
    let mut faults = read.faults.clone();
    let schedules = Schedules::read(&config, read.lists.as_ref(), &mut faults);
    if !faults.0.is_empty() {
        // One that a source or a partner names is told by that already.
        let told =
            |fault: &Fault| faults.0.iter().any(|told| told.place.ends_with(&fault.place) && told.problem == fault.problem);
        let alone: Vec<Fault> = mapping::faults_alone(&config).into_iter().filter(|fault| !told(fault)).collect();
        faults.0.extend(alone);
    }
    faults.0.extend(day_too_early(settings));
    faults.0.extend(other_editions(settings, &read, &mut warnings));
    answers(settings, &read, &mut faults.0, &mut warnings);
    faults.0.extend(suspect::faults(settings, &read));
    warnings.extend(suspect::warnings(settings, &read, &schedules));
    ConfigReview { read, faults, warnings: Faults(warnings).distinct() }
}

/// A day that is pinned, by which the quarter that is pinned with it has not ended: there is no pack of it.
fn day_too_early(settings: &Settings) -> Option<Fault> {
    let pinned = Pinned::read(settings, &mut Faults::default());
    let (period, day) = (pinned.period?, pinned.as_at?);
    let problem = format!("is {day}; {}, the quarter of pack.period, ends on {}", period.in_words(), period.end());
    let fault = Fault::new("pack.as_at", problem, "give a day after that, or leave one of the two empty");
    settings.origins.point(fault).filter(|_| day <= period.end())
}

/// What is wrong with the editions beside the one that is used: each is used for quarters of its own.
fn other_editions(settings: &Settings, read: &ReadConfig, warnings: &mut Vec<Fault>) -> Vec<Fault> {
    let config = settings.config_assets();
    let Some(used) = read.edition.as_ref().filter(|_| read.contents.framework.is_some()) else { return Vec::new() };
    let beside = framework::editions_beside(&config, used);
    beside
        .into_iter()
        .filter(|id| id != used)
        .flat_map(|id| {
            let contents = framework::read(&config, &id);
            warnings.extend(contents.notes);
            contents.faults.0
        })
        .collect()
}

/// What is wrong with where the public sources lie, and with the answers that lie there; nothing where the framework itself
/// cannot be read, which is told with the rest.
fn answers(settings: &Settings, read: &ReadConfig, faults: &mut Vec<Fault>, warnings: &mut Vec<Fault>) {
    let config = settings.config_assets();
    let (Some(framework), Some(areas)) = (&read.contents.framework, &read.contents.areas) else { return };
    let reading = ReaderProcess::with(settings.program.clone());
    let files = Files { config: &config, areas, limits: &settings.returns.limits, reading: &reading };
    // Neither day nor quarter bears on how an answer is read.
    let (period, as_at) = (Period::last_quarter_before(Date::ZERO), Date::ZERO);
    let wanted = RunScope { framework, partners: &[], period, as_at };
    let placed = |found: Vec<Fault>| found.into_iter().filter_map(|fault| settings.origins.point(fault)).collect::<Vec<_>>();
    faults.extend(placed(check_answers(&wanted, &settings.sources, files)));
    // A column that is needed is at fault already.
    let unmet = placed(check_pointers(framework, &settings.sources, files)).into_iter();
    warnings.extend(unmet.filter(|warning| !faults.iter().any(|fault| fault.place.starts_with(&warning.place))));
}
