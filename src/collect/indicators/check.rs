//! What a run would find wrong with public sources and the measures that name them, told before there is one.

use crate::area::Areas;
use crate::assets::Assets;
use crate::collect::RunScope;
use crate::collect::indicators::collector::AnswerCollector;
use crate::collect::indicators::options::Files;
use crate::collect::indicators::plan::questions_of;
use crate::collect::indicators::query::{MeasureQuery, SourceQuery};
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::readers::json_rows;
use crate::collect::indicators::registry;
use crate::collect::indicators::transport::address::BaseAddress;
use crate::collect::indicators::transport::recordings::Recordings;
use crate::collect::mapping::{self, Mapping};
use crate::document::words;
use crate::fault::Fault;
use crate::framework::Framework;
use crate::period::Period;
use crate::settings::{Api, Format, PeriodFormat, Rows, Source, SourceKind, Table};
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What can be told from the configuration alone: a source that is not in the settings, a mapping that cannot be read, an
/// id that is not of the source's form, periods that the source cannot give.
pub fn check_sources(
    framework: &Framework,
    areas: Option<&Areas>,
    sources: &BTreeMap<String, Source>,
    config: &Assets,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut mappings: BTreeMap<&str, Option<Mapping>> = BTreeMap::new();
    for (name, source) in sources {
        if let Some(mapping) = source.kind.mapping() {
            if let Some((problem, remedy)) = mapping::not_there(config, mapping) {
                faults.push(Fault::new(format!("sources.{name}.mapping"), problem, remedy));
                continue;
            }
            let Some(areas) = areas else { continue };
            let loaded = mapping::load(config, mapping, framework, areas);
            let found = loaded.as_ref().err().into_iter().flat_map(|found| &found.0);
            // The mapping's file is at fault, and the source is what names it.
            faults
                .extend(found.map(|fault| Fault { place: format!("sources.{name}.mapping: {}", fault.place), ..fault.clone() }));
            mappings.insert(name, loaded.ok());
        }
    }
    // Which indicator a source was first asked for that cannot tell indicators apart.
    let mut only_indicators: BTreeMap<&str, MeasureQuery<'_>> = BTreeMap::new();
    for asking in framework.measures.iter().filter_map(MeasureQuery::of) {
        let place = format!("measure {}", asking.measure.id);
        let Some(source) = sources.get(asking.source) else {
            faults.push(not_in_the_settings(format!("{place}, source.source"), asking.source, sources));
            continue;
        };
        if let Err(problem) = registry::source_of(source).requests(&asking, framework) {
            faults.push(Fault::new(
                &place,
                problem,
                "correct the measure's source, or the source's settings (docs/indicators.md)",
            ));
        }
        faults.extend(no_such_period(&place, &asking, source));
        if let Some(Some(mapping)) = mappings.get(asking.source)
            && !mapping.may_give(&asking.measure.id)
        {
            let problem = format!("its source {:?} is read by {}, which names other measures", asking.source, mapping.place);
            faults.push(Fault::new(&place, problem, "name the measure in the mapping, or another source in the measure"));
        }
        if !tells_indicators_apart(&source.kind) {
            let first = only_indicators.entry(asking.source).or_insert(asking);
            if first.indicator != asking.indicator {
                let problem = format!(
                    "its source {:?} gives the same figures for {:?} as for {:?} of {}: nothing in it names the indicator",
                    asking.source, asking.indicator, first.indicator, first.measure.id
                );
                let remedy = format!("set sources.{}.columns.indicator, or set up a source for each", asking.source);
                faults.push(Fault::new(&place, problem, remedy));
            }
        }
    }
    faults
}

fn not_in_the_settings(place: String, name: &str, sources: &BTreeMap<String, Source>) -> Fault {
    let names: Vec<&str> = sources.keys().map(String::as_str).collect();
    let remedy = words::nearest(name, &names)
        .map_or_else(|| format!("there are: {}", names.join(", ")), |name| format!("did you mean {name:?}?"));
    Fault::new(place, format!("its source {name:?} is not in the settings"), remedy)
}

fn tells_indicators_apart(kind: &SourceKind) -> bool {
    match kind {
        SourceKind::Table(table) => table.rows.columns.indicator.is_some(),
        SourceKind::Api(api) => api.rows.columns.indicator.is_some() || api.request.contains("{indicator}"),
        SourceKind::Fingertips | SourceKind::Dashboard(_) | SourceKind::Workbook(_) => true,
    }
}

/// Why the form in which a source writes its periods can give none that the measure asks for.
fn no_such_period(place: &str, asking: &MeasureQuery<'_>, source: &Source) -> Option<Fault> {
    let (format, by_length) = match &source.kind {
        SourceKind::Table(Table { rows: Rows { period_format, .. }, .. }) => (*period_format, false),
        SourceKind::Api(Api { rows: Rows { period_format, .. }, .. }) => (*period_format, true),
        SourceKind::Dashboard(_) => (PeriodFormat::IsoDate, true),
        SourceKind::Fingertips | SourceKind::Workbook(_) => return None,
    };
    let (name, measure) = (asking.source, asking.measure);
    let (months, years) = (measure.cadence_months, asking.years);
    // Any day will do: all periods of a form are of one length.
    let day = date(2021, 6, 15);
    let period = match format {
        PeriodFormat::Label => return None,
        PeriodFormat::IsoMonth => Period::containing(day, 1, measure.year)?,
        PeriodFormat::IsoDate => match Period::containing(day, months, measure.year) {
            Some(period) => period,
            None => {
                let problem = format!(
                    "has figures every {months} months, and its source {name:?} writes days, which stand for a \
                                       month, a quarter or a year"
                );
                return Some(Fault::new(place, problem, "set cadence_months to 1, 3 or 12, or use another source"));
            }
        },
    };
    if !by_length || asking.takes(period) {
        return None;
    }
    let (given, asked) = (period.months(), if months < 12 { months } else { years * 12 });
    let problem = format!("asks for periods of {asked} months, and its source {name:?} gives such of {given} (period_format)");
    Some(Fault::new(
        place,
        problem,
        "set the measure's cadence_months and years to what the source gives, or aggregate = \"sum\"",
    ))
}

/// What can be told from where the sources lie: an address that is none, a folder without the answers, a recorded answer
/// or a file of which not the first page can be read as the settings say. Nothing is asked over the network.
pub fn check_answers(wanted: &RunScope<'_>, sources: &BTreeMap<String, Source>, files: Files<'_>) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    let questions = questions_of(wanted.framework, sources, Some(files));
    for (name, source) in sources {
        let asked = questions.iter().filter(|question| question.source_name == name);
        let of_source = match source.base_url.as_deref() {
            None => Vec::new(),
            Some(base) if base.contains("://") => at_address(name, base, asked),
            Some(folder) => in_folder(name, folder, source, asked, wanted),
        };
        faults.extend(of_source);
    }
    faults
}

fn at_address<'a>(name: &str, base: &str, asked: impl Iterator<Item = &'a SourceQuery<'a>>) -> Vec<Fault> {
    let place = format!("sources.{name}.base_url");
    if !base.starts_with("http://") && !base.starts_with("https://") {
        let problem = format!("{base:?} is neither an address nor a folder; http:// or https:// was expected");
        return vec![Fault::new(place, problem, "correct the address")];
    }
    let base = match BaseAddress::parse(base) {
        Ok(base) => base,
        Err(problem) => return vec![Fault::new(place, problem, "correct the address")],
    };
    let requests = asked.flat_map(|question| question.requests.as_ref().ok().and_then(|requests| requests.first()));
    let elsewhere = requests.filter_map(|request| base.join(request).err());
    let fault = |problem| Fault::new(format!("sources.{name}"), problem, "give what lies below base_url only");
    elsewhere.map(fault).collect()
}

fn in_folder<'a>(
    name: &str,
    folder: &str,
    source: &Source,
    asked: impl Iterator<Item = &'a SourceQuery<'a>>,
    wanted: &RunScope<'_>,
) -> Vec<Fault> {
    let recordings = match Recordings::open(Path::new(folder), source) {
        Ok(recordings) => recordings,
        Err(problem) => {
            let remedy = "correct base_url: an address, or a folder with recordings.toml or the source's file in it";
            return vec![Fault::new(format!("sources.{name}.base_url"), problem, remedy)];
        }
    };
    let kind = registry::source_of(source);
    let mut faults = Vec::new();
    // A file of several indicators is read once.
    let mut read: BTreeSet<&str> = BTreeSet::new();
    for question in asked {
        let Some(request) = question.requests.as_ref().ok().and_then(|requests| requests.first()) else { continue };
        if !read.insert(request) {
            continue;
        }
        // A request without a recording is no fault: its figures are not available.
        let Some(opened) = recordings.open_answer(request) else { continue };
        let found = opened
            .map_err(AnswerError::Unopened)
            .and_then(|mut page| kind.unmet(&mut page, question, &mut AnswerCollector::of(question, wanted)));
        match found {
            Ok(unmet) => {
                faults.extend(unmet.into_iter().map(|fault| Fault { place: format!("sources.{name}: {}", fault.place), ..fault }))
            }
            Err(error) => {
                let place = match key_in(source, &error) {
                    Some(key) => format!("sources.{name}.{key}, {request} in {folder}"),
                    None => format!("sources.{name}, {request} in {folder}"),
                };
                faults.push(Fault::new(place, error.to_string(), "correct the source's settings, or what lies in the folder"));
            }
        }
    }
    faults
}

/// The key of the source that has what an error is about: a pointer, or a column.
fn key_in(source: &Source, error: &AnswerError) -> Option<String> {
    let is_meant = |text: &str| !text.is_empty() && error.is_about(text);
    let (rows, list) = match &source.kind {
        SourceKind::Table(table) => (&table.rows, None),
        SourceKind::Api(Api { rows, format: Format::Json(json), .. }) => (rows, Some(json.list.as_str())),
        SourceKind::Api(Api { rows, .. }) => (rows, None),
        SourceKind::Fingertips | SourceKind::Dashboard(_) | SourceKind::Workbook(_) => return None,
    };
    if list.is_some_and(is_meant) {
        return Some("api.rows".to_owned());
    }
    rows.read_columns().find(|(_, column)| is_meant(column)).map(|(key, _)| key)
}

/// Pointers into rows of which no row of the recorded answers has anything: what they are for is never found.
pub fn check_pointers(framework: &Framework, sources: &BTreeMap<String, Source>, files: Files<'_>) -> Vec<Fault> {
    let questions = questions_of(framework, sources, Some(files));
    let mut warnings = Vec::new();
    for (name, source) in sources {
        let Some((json, rows)) = source.kind.pointers() else { continue };
        let folder = source.base_url.as_deref().filter(|base| !base.contains("://"));
        let Some(Ok(recordings)) = folder.map(|folder| Recordings::open(Path::new(folder), source)) else { continue };
        let mut unmet: Vec<(String, &str)> = rows.read_columns().filter(|(_, column)| !column.starts_with('#')).collect();
        let mut seen = 0;
        for question in questions.iter().filter(|question| question.source_name == name) {
            let Some(request) = question.requests.as_ref().ok().and_then(|requests| requests.first()) else { continue };
            let Some(Ok(mut answer)) = recordings.open_answer(request) else { continue };
            let sought = json_rows::Sought { rows: &json.list, outside: &[] };
            // What is wrong with the answer itself is told already.
            let _ = json_rows::read(&mut answer, sought, &mut |row, _, _| {
                seen += 1;
                unmet.retain(|(_, pointer)| row.pointer(pointer).is_none());
                Ok(())
            });
        }
        for (key, pointer) in unmet.into_iter().filter(|_| seen > 0) {
            let problem = format!("no row of the recorded answers has anything at {pointer:?}");
            warnings.push(Fault::new(format!("sources.{name}.{key}"), problem, "correct the pointer, or leave it out"));
        }
    }
    warnings
}
