//! What shows only when all of the configuration is looked at together, before a run: templates tried on made-up packs, texts
//! that cannot be printed, lists and folders that are not there.

use super::disclosure;
use super::loaded_config::ReadConfig;
use super::mail_config::OPERATORS;
use super::suspect_days;
use crate::area::Areas;
use crate::collect::check_inbox;
use crate::document::words;
use crate::evaluate;
use crate::fault::Fault;
use crate::framework::{Edition, Framework, NEIGHBOURS};
use crate::report::{self, STATEMENT, TrialSubject};
use crate::schedule::Schedules;
use crate::settings::Settings;
use jiff::ToSpan;
use std::collections::BTreeSet;

/// What would end a run.
pub(crate) fn faults(settings: &Settings, read: &ReadConfig) -> Vec<Fault> {
    let mut faults = templates(read);
    faults.extend(inbox(settings, read));
    let too_late = suspect_days::faults(&read.contents, read.period).into_iter();
    faults.extend(too_late.filter_map(|fault| read.contents.places.point_named(fault)));
    faults.extend(disclosure::fault_of_secret(settings).and_then(|fault| settings.origins.point(fault)));
    for (key, percent) in [
        ("gates.measures_with_figures_percent", settings.gates.measures_with_figures_percent),
        ("gates.returns_accepted_percent", settings.gates.returns_accepted_percent),
    ] {
        if percent > 100 {
            let problem = format!("is {percent}; 0 to 100 was expected: no pack would ever be sent");
            faults.extend(settings.origins.point(Fault::new(key, problem, "give a percentage")));
        }
    }
    let named = &settings.pack.recipients;
    if let Some(lists) = read.lists.as_ref().filter(|lists| lists.iter().next().is_some() && lists.get(named).is_none()) {
        let fault = Fault::new(
            "pack.recipients",
            format!("there is no list of recipients {named:?}"),
            format!("recipients.toml has: {}", lists.names()),
        );
        faults.extend(settings.origins.point(fault));
    }
    faults
}

/// What a run would pass over, and is seldom meant.
pub(crate) fn warnings(settings: &Settings, read: &ReadConfig, schedules: &Schedules) -> Vec<Fault> {
    let mut warnings = unprintable(read);
    warnings.extend(read.contents.framework.as_ref().into_iter().flat_map(|framework| gaps(settings, framework)));
    warnings.extend(read.contents.framework.as_ref().into_iter().flat_map(not_shown));
    warnings.extend(suspect_days::warnings(&read.contents, read.period));
    warnings.extend(neighbours_of_nobody(settings, read));
    warnings.extend(statement(settings, read).and_then(|fault| read.contents.places.point(fault)));
    warnings.extend(written_secrets(settings));
    let (_, not_apart) = settings.paths.what_is_not_apart();
    warnings.extend(not_apart.into_iter().filter_map(|fault| settings.origins.point(fault)));
    let config = settings.config_assets();
    let sends = !schedules.is_empty() || read.lists.as_ref().is_some_and(|lists| lists.iter().next().is_some());
    if let Some(lists) = read.lists.as_ref().filter(|lists| sends && lists.get(OPERATORS).is_none()) {
        warnings.push(Fault::new(
            config.place("recipients.toml"),
            format!("there is no list {OPERATORS:?}, so nobody is told where a run fails; the lists are: {}", lists.names()),
            format!("add a [[list]] with name = {OPERATORS:?} and who looks after boardpack"),
        ));
    }
    if let Some(areas) = &read.contents.areas {
        let there_are: BTreeSet<_> = areas.iter().map(|area| area.kind).collect();
        for kind in settings.pack.parts.iter().filter(|kind| !there_are.contains(kind)) {
            let problem = format!("no area of areas.toml is of the kind {:?}: no pack is made for it", kind.code());
            let fault = Fault::new("pack.parts", problem, "remove it, or add such areas");
            warnings.extend(settings.origins.point(fault));
        }
    }
    warnings.into_iter().filter_map(|fault| read.contents.places.point_named(fault)).collect()
}

/// Lists of neighbours whose area is none of `areas.toml`. The file that comes with the program may serve other systems.
fn neighbours_of_nobody(settings: &Settings, read: &ReadConfig) -> Vec<Fault> {
    let is_built_in = settings.config_assets().is_built_in(NEIGHBOURS);
    let Some(areas) = read.contents.areas.as_ref().filter(|_| !is_built_in) else { return Vec::new() };
    let codes: Vec<&str> = areas.iter().map(|area| area.code.as_str()).collect();
    let unknown = areas.neighbours_elsewhere();
    let told = unknown.map(|code| {
        let meant = words::nearest(code.as_str(), &codes).map(|code| format!("did you mean {code}?"));
        Fault::new(
            format!("neighbours {code}, area"),
            format!("{code} is not an area of areas.toml: the list is used nowhere"),
            meant.unwrap_or_else(|| "correct the code, or leave the list for another system that uses this file".to_owned()),
        )
    });
    told.collect()
}

/// An accessibility statement that was not looked over for a year, or that is not the publisher's own. That which comes with the
/// program says so on its page.
fn statement(settings: &Settings, read: &ReadConfig) -> Option<Fault> {
    let config = settings.config_assets();
    let statement = read.statement.as_ref().filter(|_| !config.is_built_in(STATEMENT))?;
    let at = |key: &str| format!("{}, {key}", config.place(STATEMENT));
    if statement.demonstration {
        let remedy = "write your own, and take this out";
        return Some(Fault::new(at("demonstration"), "is true: the statement's page says that it is a demonstration", remedy));
    }
    let end = read.period.end();
    let is_old = statement.checked.checked_add(1.year()).is_ok_and(|then| then < end);
    is_old.then(|| {
        let problem = format!("is {}, more than a year before {end}, when the quarter ends", statement.checked);
        Fault::new(at("checked"), problem, "look the statement over, and give the day on which you did")
    })
}

/// Secrets that stand in the addresses of sources, and so in packs, assessments and the archive.
fn written_secrets(settings: &Settings) -> impl Iterator<Item = Fault> {
    settings.sources.iter().filter_map(|(name, source)| {
        let (key, parameter) = source.written_secret()?;
        let problem = format!("the parameter {parameter:?} seems to hold a secret, which is published with the address");
        let remedy = match source.kind.access() {
            Some((table, _)) => format!("write {{secret}} for it, and name its file in {table}.secret_file (docs/indicators.md)"),
            None => "take it out: a source of this kind is given no secret; kind = \"api\" is (docs/indicators.md)".to_owned(),
        };
        settings.origins.point(Fault::new(format!("sources.{name}.{key}"), problem, remedy))
    })
}

/// That what partners send can be found, where any are asked.
fn inbox(settings: &Settings, read: &ReadConfig) -> Option<Fault> {
    let partners = &read.contents.partners;
    let fault = (!partners.is_empty()).then(|| check_inbox(&settings.paths.returns, partners).err()).flatten()?;
    settings.origins.point(Fault::new("paths.returns", format!("{}: {}", fault.place, fault.problem), fault.remedy))
}

fn templates(read: &ReadConfig) -> Vec<Fault> {
    let contents = &read.contents;
    let Some(framework) = &contents.framework else { return Vec::new() };
    // Where the areas cannot be read their codes stand for their names.
    let none = Areas::default();
    let areas = contents.areas.as_ref().unwrap_or(&none);
    let changes = read.config.as_ref().and_then(|config| config.changes.as_ref());
    let subject = TrialSubject { framework, areas, partners: &contents.partners, changes, period: read.period };
    let found = read.packs.iter().chain(&read.part_pack).flat_map(|pack| report::faults_in(&pack.templates, subject));
    // What shows without figures is told already.
    found.filter(|fault| read.faults.0.iter().all(|told| told.place != fault.place)).collect()
}

/// Texts of the configuration that are printed and have a character which the pack's fonts lack.
fn unprintable(read: &ReadConfig) -> Vec<Fault> {
    let contents = &read.contents;
    let Some(pack) = read.packs.first() else { return Vec::new() };
    let mut texts: Vec<(String, &str)> = Vec::new();
    if let Some(Framework { edition, aims, priorities, ambitions, measures, actions }) = &contents.framework {
        texts.extend(of_edition(edition));
        texts.extend(aims.iter().map(|aim| (format!("aim {}, title", aim.id), aim.title.as_str())));
        for priority in priorities {
            let at = |key: &str| format!("priority {}, {key}", priority.id);
            texts.extend([
                (at("title"), priority.title.as_str()),
                (at("short"), &priority.short),
                (at("definition"), &priority.definition),
            ]);
        }
        texts.extend(
            ambitions.iter().map(|ambition| (format!("ambition {}, statement", ambition.id), ambition.statement.as_str())),
        );
        for measure in measures {
            let at = |key: &str| format!("measure {}, {key}", measure.id);
            texts.extend([
                (at("title"), measure.title.as_str()),
                (at("definition"), &measure.definition),
                (at("numerator"), &measure.numerator),
                (at("denominator"), &measure.denominator),
            ]);
        }
        texts.extend(actions.iter().map(|action| (format!("action {}, statement", action.id.0), action.statement.as_str())));
    }
    texts.extend(contents.partners.iter().map(|partner| (format!("partner {}, name", partner.id), partner.name.as_str())));
    let areas = contents.areas.iter().flat_map(|areas| areas.iter());
    texts.extend(areas.map(|area| (format!("area {}, name", area.code), area.name.as_str())));
    if let (Some(framework), Some(areas)) = (&contents.framework, &contents.areas) {
        texts.push(("theme.toml, brand.name".to_owned(), pack.templates.publisher(framework, areas)));
    }
    texts.push(("pack.toml, title".to_owned(), pack.templates.title()));
    let lacking = texts.into_iter().filter_map(|(place, text)| Some((place, report::unprintable(&pack.templates, text)?)));
    lacking
        .map(|(place, c)| {
            let problem = format!("the pack's fonts have no {c:?} (U+{:04X}): \"?\" would be printed for it", u32::from(c));
            Fault::new(place, problem, "use another character, or fonts that have it")
        })
        .collect()
}

fn of_edition(edition: &Edition) -> Vec<(String, &str)> {
    let at = |key: &str| format!("edition {}, {key}", edition.id);
    vec![(at("title"), &edition.title), (at("vision"), &edition.vision)]
}

/// Breakdowns that partners are asked for and no pack shows.
fn not_shown(framework: &Framework) -> Vec<Fault> {
    let asked = framework.measures.iter().flat_map(|measure| measure.breakdowns().iter().map(move |of| (measure, of)));
    let not_shown = asked.filter(|(measure, of)| {
        // One group alone is a fault already.
        of.groups.len() > 1
            && measure.slope_by() != Some(of.by.as_str())
            && !evaluate::is_shown(&of.by, of.groups.iter().map(String::as_str))
    });
    not_shown
        .map(|(measure, of)| {
            let problem = format!(
                "partners are asked for figures by {:?}, which no pack shows: they are checked and kept, and go no further. A pack \
                 shows groups of deprivation that are numbered from the most deprived on",
                of.by
            );
            let remedy = "take it out, or make each group that is to be shown a measure of its own";
            Fault::new(format!("measure {}, source.breakdowns", measure.id), problem, remedy)
        })
        .collect()
}

/// Days between two editions of the system on which none is in force.
fn gaps(settings: &Settings, framework: &Framework) -> Vec<Fault> {
    let mut editions = crate::framework::descriptions_beside(&settings.config_assets(), &framework.edition.id);
    editions.sort_by_key(|edition| edition.effective_from);
    let pairs = editions.windows(2).filter_map(|pair| Some((&pair[0], pair[0].effective_until?, &pair[1])));
    pairs
        .filter(|(_, until, next)| until.saturating_add(1.day()) < next.effective_from)
        .map(|(edition, until, next)| {
            let problem = format!(
                "is {until}, and the next edition, {}, takes effect on {}: between them none is in force",
                next.id, next.effective_from
            );
            let remedy = "give the day before the next edition takes effect, or leave it out";
            Fault::new(format!("edition {}, effective_until", edition.id), problem, remedy)
        })
        .collect()
}
