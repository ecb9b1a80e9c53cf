//! Everything that a run reads before it starts, loaded and checked as one.

use super::comments::read_comments;
use super::error::RunError;
use super::leads::read_leads;
use super::mail_config::MailConfig;
use super::quarter::{Pinned, QuarterChoice};
use super::voices::{VoicesSubject, read_voices};
use crate::area::{AreaCode, AreaKind, Areas};
use crate::assets::Assets;
use crate::collect::mapping::{self, Mapping};
use crate::collect::{Prints, check_sources};
use crate::distribute::{RecipientList, RecipientLists};
use crate::document::{Places, words};
use crate::fault::{Fault, Faults};
use crate::framework::{
    self, AmbitionLead, Choice, Comment, Differences, EditionContents, EditionReason, Framework, MeasureSource, Partner, Voices,
};
use crate::period::Period;
use crate::report;
use crate::return_template;
use crate::settings::{self, Settings};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tagged_document::{Standard, on_all_cores};

/// The configuration of a run, in order.
pub struct LoadedConfig {
    /// With the targets that hold at the end of the quarter.
    pub framework: Framework,
    /// Why it is this edition.
    pub edition_why: EditionReason,
    /// That another edition is in force and not used, in a sentence; see [`Choice::passed_over`].
    pub edition_passed_over: Option<String>,
    /// As they stand at the end of the quarter.
    pub areas: Areas,
    /// All of them; those who are none at the end of the quarter are not asked.
    pub partners: Vec<Partner>,
    /// By the partner's id, how the workbooks of those are read who send a layout of their own.
    pub mappings: BTreeMap<String, Mapping>,
    /// What this edition changed beside the one before it, where there is one.
    pub changes: Option<Differences>,
    /// What is said of its ambitions this quarter.
    pub comments: Vec<Comment>,
    /// Who answers for its ambitions at the end of the quarter.
    pub leads: Vec<AmbitionLead>,
    /// What people say is and is not working for them, where there are files of it.
    pub voices: Option<Voices>,
    /// What of it packs leave out to protect people.
    pub voices_left_out: Vec<Fault>,
    /// In the order of the settings, at least one; the first is the pack that is sent.
    pub packs: Vec<PackTemplates>,
    /// Kinds of area of which each gets a pack for itself.
    pub parts: Vec<AreaKind>,
    /// The pack that each of them gets; none where it is the first.
    pub part_pack: Option<PackTemplates>,
    /// The address of the folder in which packs are published, with its last stroke; empty where none is known.
    pub published_at: String,
    /// How accessible the packs are, as their publisher says.
    pub statement: report::Statement,
    /// Which standards their PDFs keep to.
    pub standard: Standard,
    /// How returns are read and when they are due.
    pub returns: settings::ReturnsSettings,
    /// The quarter whose edition this is.
    pub period: Period,
    /// Pinned by the settings, where it is.
    pub as_at: Option<Date>,
    /// Whose calendar "today" is taken from.
    pub time_zone: TimeZone,
    /// None where nothing is to be sent.
    pub mail: Option<MailConfig>,
    /// To what the packs are narrowed for one run.
    pub only: Selection,
}

/// What of the packs is made; all of it by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// The pack of this part of the system.
    pub place: Option<AreaCode>,
    /// The sections of the first pack that these templates make.
    pub sections: Vec<String>,
}

/// A kind of pack.
#[derive(Clone)]
pub struct PackTemplates {
    /// The folder of its templates.
    pub folder: String,
    /// As its files are called: `board-pack`.
    pub name: String,
    pub templates: report::ReportTemplates,
}

impl PackTemplates {
    /// The name of its files of a quarter, without an ending.
    pub fn stem(&self, quarter: Period) -> String {
        format!("{}-{}", self.name, quarter.slug())
    }
}

/// What could be read of the configuration.
pub(crate) struct ReadConfig {
    /// Where nothing is at fault.
    pub config: Option<LoadedConfig>,
    /// Of the edition's files, with their notes; their faults are among the others.
    pub contents: EditionContents,
    /// The edition that is used, or that was looked at where none can be.
    pub edition: Option<String>,
    /// That another edition is in force and not used; see [`Choice::passed_over`].
    pub passed_over: Option<String>,
    /// The quarter for which it was read.
    pub period: Period,
    /// The packs, as far as they can be read.
    pub packs: Vec<PackTemplates>,
    /// That of the parts of the system, where it is another than the first.
    pub part_pack: Option<PackTemplates>,
    /// The accessibility statement, where it can be read.
    pub statement: Option<report::Statement>,
    /// The lists of recipients, where each is known and something is to be sent.
    pub lists: Option<RecipientLists>,
    pub faults: Faults,
}

impl LoadedConfig {
    /// What can be printed of partners' words in every pack.
    pub fn prints(&self) -> Prints {
        let packs = self.packs.iter().chain(&self.part_pack);
        let templates: Vec<report::ReportTemplates> = packs.map(|pack| pack.templates.clone()).collect();
        Prints::new(move |c| templates.iter().all(|templates| templates.prints(c)))
    }

    /// Reads everything for a quarter, what concerns mail only where the run is to send. `now` is the clock, for the quarter
    /// where none is asked for or pinned.
    ///
    /// # Errors
    /// Every fault of every file, not only the first.
    pub fn load(settings: &Settings, sends: bool, when: QuarterChoice, now: fn() -> Timestamp) -> Result<Self, Faults> {
        let ReadConfig { config, faults, .. } = Self::read(settings, sends, when, now);
        faults.into_result()?;
        // Where nothing is wrong everything is there.
        config.ok_or_else(Faults::default)
    }

    /// As [`LoadedConfig::load`], going on past what is at fault with what is sound.
    pub(crate) fn read(settings: &Settings, sends: bool, when: QuarterChoice, now: fn() -> Timestamp) -> ReadConfig {
        let config = settings.config_assets();
        let mut faults = Faults::default();
        faults.0.extend(settings.paths.what_is_not_apart().0);
        let pinned = Pinned::read(settings, &mut faults);
        let (period, today) = (pinned.quarter(when, now), pinned.today(when, now));
        let named = settings.pack.edition.as_deref();
        let mut choice = faults.value_of(framework::choose(&config, named, period.end()));
        let not_here = choice.as_ref().and_then(|choice| framework::why_not_here(&config, &choice.id));
        if let Some((problem, remedy)) = not_here {
            faults.push("pack.edition", problem, remedy);
            choice = None;
        }
        // The files are looked at all the same: what is wrong in them is told at once.
        let edition = match &choice {
            Some(choice) => Some(choice.id.clone()),
            None => framework::edition_to_check(&config, named, period.end()),
        };
        let mut contents = match &edition {
            Some(edition) => framework::read(&config, edition),
            None => EditionContents::without_edition(&config),
        };
        let partners = contents.partners.clone();
        let (mut mappings, mut changes) = (None, None);
        if let (Some(framework), Some(areas)) = (&contents.framework, &contents.areas) {
            let before = faults.value_of(framework::edition_before(&config, framework)).flatten();
            changes = Some(before.map(|before| framework::diff(&before, framework, areas)));
            mappings = faults.value_of(mapping::of_partners(&config, &partners, framework, areas));
        }
        if let Some(framework) = &contents.framework {
            // What a source is asked for that is at fault itself cannot be told.
            let mut asking = framework.clone();
            asking.measures.retain(
                |measure| !matches!(&measure.source, MeasureSource::Indicator { source, .. } if settings.lacks_source(source)),
            );
            faults.0.extend(check_sources(&asking, contents.areas.as_ref(), &settings.sources, &config));
        }
        let comments = contents
            .framework
            .as_ref()
            .map(|of| read_comments(&config, of, (period, today), &mut faults, &mut contents.notes))
            .unwrap_or_default();
        let leads = contents.framework.as_ref().map(|of| read_leads(&config, of, period.end(), &mut faults)).unwrap_or_default();
        let mut voices = (None, Vec::new());
        if let Some(framework) = &contents.framework {
            let smallest_group = settings.disclosure.smallest_group.get();
            let areas = contents.areas.as_ref();
            let subject = VoicesSubject { framework, areas, period, today: pinned.today(when, now), smallest_group };
            voices = read_voices(&config, &subject, &mut faults);
        }
        let (voices, voices_left_out) = voices;
        contents.notes.extend(voices_left_out.iter().cloned());
        let packs = read_packs(settings, &mut faults);
        let part_pack = read_part_pack(settings, &packs, &mut faults);
        let statement = read_statement(&config, &mut contents.places, &mut faults);
        let (mut mail, mut lists) = (Some(None), None);
        if sends {
            let (read, lists_read, places) = MailConfig::read(settings, &partners, &mut faults);
            contents.places.extend(places);
            (mail, lists) = (read.map(Some), lists_read);
        }
        if let (Some(areas), Some(lists)) = (&contents.areas, &lists) {
            let areas = &areas.clone().on(period.end());
            let parts = Some(&settings.pack.parts).filter(|_| !settings.origins.is_told("pack.parts"));
            faults.0.extend(parts.iter().flat_map(|parts| lists.iter().filter_map(|list| without_pack(list, areas, parts))));
        }
        // Those of the edition's files have their lines; the others name entries and settings.
        let named = faults.0.into_iter().filter_map(|fault| contents.places.point_named(fault));
        let placed = named.filter_map(|fault| settings.origins.point(fault));
        let of_edition = contents.faults.0.iter().cloned().filter_map(|fault| settings.origins.point(fault));
        let faults = Faults(of_edition.chain(placed).collect()).distinct();
        let passed_over = choice.as_ref().and_then(|choice| choice.passed_over.clone());
        let read = (&contents.framework, &contents.areas, mappings, changes, choice, mail, &statement);
        let config = match read {
            (
                Some(framework),
                Some(areas),
                Some(mappings),
                Some(changes),
                Some(Choice { why, passed_over, .. }),
                Some(mail),
                Some(statement),
            ) if faults.0.is_empty() => {
                let areas = framework::areas_with_successions(areas.clone(), &partners);
                Some(Self {
                    framework: framework.clone().in_force_on(period.end(), &areas, &partners),
                    edition_why: why,
                    edition_passed_over: passed_over,
                    areas: areas.on(period.end()),
                    partners: framework::partners_on(partners, period.end()),
                    mappings,
                    changes,
                    comments,
                    leads,
                    voices,
                    voices_left_out,
                    packs: packs.clone(),
                    parts: settings.pack.parts.clone(),
                    part_pack: part_pack.clone(),
                    published_at: settings.pack.published_at.clone().unwrap_or_default(),
                    statement: statement.clone(),
                    standard: settings.pdf.standard,
                    returns: settings.returns.clone(),
                    period,
                    as_at: pinned.as_at,
                    time_zone: pinned.time_zone,
                    mail,
                    only: Selection::default(),
                })
            }
            _ => None,
        };
        ReadConfig { config, contents, edition, passed_over, period, packs, part_pack, statement, lists, faults }
    }

    /// Its quarter, and the day: as asked, or as the settings pin it, or by the clock.
    ///
    /// # Errors
    /// [`RunError::QuarterNotEnded`].
    pub fn quarter_and_day(&self, as_at: Option<Date>, now: fn() -> Timestamp) -> Result<(Period, Date), RunError> {
        let as_at = as_at.or(self.as_at).unwrap_or_else(|| now().to_zoned(self.time_zone.clone()).date());
        let period = self.period;
        if period.end() >= as_at { Err(RunError::QuarterNotEnded { period, as_at }) } else { Ok((period, as_at)) }
    }

    /// Which edition is used, its standing, and why it is this one.
    pub fn edition_in_words(&self) -> String {
        let edition = &self.framework.edition;
        format!("edition {} ({}), {}", edition.id, edition.standing.state.label(), self.edition_why)
    }

    /// Warnings of an edition that is a draft or has been superseded, and of one that is used in the place of another; what is left
    /// out of what people say.
    pub fn warnings(&self) -> impl Iterator<Item = String> {
        let standing = self.framework.edition.standing.warning();
        let standing = standing.map(|warning| format!("the text that the pack measures against {warning}"));
        let left_out = self.voices_left_out.iter().map(ToString::to_string);
        standing.into_iter().chain(self.edition_passed_over.clone()).chain(left_out)
    }

    /// The same, to make no more than `only`.
    ///
    /// # Errors
    /// A place of which no pack is made; a section that the pack does not have: the first one, or the place's.
    pub fn narrowed(mut self, only: Selection) -> Result<Self, Faults> {
        if let Some(place) = &only.place {
            no_pack_of(place, &self.areas, &self.parts)
                .map_or(Ok(()), |(problem, there_are)| Err(Fault::new("--place", problem, there_are)))?;
        }
        if !only.sections.is_empty() {
            self.packs.truncate(1);
            // Sections of the place's own pack are asked for with the place; else they are the first one's.
            let of_place = self.part_pack.take().filter(|_| only.place.is_some());
            let mut pack = of_place.unwrap_or_else(|| self.packs[0].clone());
            pack.templates = pack.templates.only(&only.sections)?;
            pack.name.push_str("-extract");
            self.packs = vec![pack];
        }
        self.only = only;
        Ok(self)
    }

    /// Adds to what each partner gave before what those gave whose past is its own; see [`return_template::add_past`].
    pub fn add_past(&self, earlier: &mut BTreeMap<String, return_template::PartnerHistory>) {
        return_template::add_past(earlier, &self.partners, &self.areas);
    }

    /// A partner's name as it is printed, or its id where it is not known.
    pub fn partner_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.partners.iter().find(|partner| partner.id == id).map_or(id, |partner| &partner.name)
    }
}

/// The accessibility statement: the user's, or that which is built in.
fn read_statement(config: &Assets, places: &mut Places, faults: &mut Faults) -> Option<report::Statement> {
    let text = faults.value_of(config.read_text(report::STATEMENT).map_err(Faults::from))?;
    let (statement, of_file) = report::Statement::read(&text, &config.place(report::STATEMENT), faults);
    places.extend(of_file);
    statement
}

/// The templates of every pack that the settings name, as far as they can be read.
fn read_packs(settings: &Settings, faults: &mut Faults) -> Vec<PackTemplates> {
    let (templates, fonts) = (settings.template_assets(), settings.font_assets());
    let mut packs: Vec<PackTemplates> = Vec::new();
    let read = on_all_cores(
        &settings.pack.make,
        || (),
        |(), folder| {
            let mut faults = Faults::default();
            if let Some(fault) = no_such_pack(&templates, folder, "pack.make") {
                return (folder, None, fault.into());
            }
            let read = report::ReportTemplates::read(&templates, &fonts, folder, &mut faults);
            (folder, read, faults)
        },
    );
    for (folder, mut read, found) in read {
        faults.0.extend(found.0);
        let name = pack_name(folder);
        if let Some(read) = &mut read
            && packs.iter().any(|pack| pack.templates.title() == read.title())
        {
            read.tell_apart(&folder.replace('_', " "));
        }
        packs.extend(read.filter(|_| packs.iter().all(|pack| pack.name != name)).map(|templates| PackTemplates {
            folder: folder.clone(),
            name: name.clone(),
            templates,
        }));
    }
    if settings.pack.make.is_empty() {
        faults.push("pack.make", "it names no pack", "name at least one folder of report_templates/, such as \"board_brief\"");
    }
    faults.0.extend(settings.pack.attach.iter().filter_map(|folder| no_such_pack(&templates, folder, "pack.attach")));
    packs
}

/// The pack of the parts of the system, where the settings name another than the first.
fn read_part_pack(settings: &Settings, packs: &[PackTemplates], faults: &mut Faults) -> Option<PackTemplates> {
    let folder = settings.pack.part_pack.as_ref().filter(|folder| settings.pack.make.first() != Some(folder))?;
    let name = pack_name(folder);
    if let Some(read) = packs.iter().find(|pack| pack.name == name) {
        return Some(read.clone());
    }
    let (templates, fonts) = (settings.template_assets(), settings.font_assets());
    if let Some(fault) = no_such_pack(&templates, folder, "pack.part_pack") {
        faults.0.push(fault);
        return None;
    }
    let templates = report::ReportTemplates::read(&templates, &fonts, folder, faults)?;
    Some(PackTemplates { folder: folder.clone(), name, templates })
}

/// As the files of a folder's pack are called.
fn pack_name(folder: &str) -> String {
    folder.replace('_', "-")
}

/// That a setting names a pack of which there is no folder; none where there is one.
fn no_such_pack(templates: &Assets, folder: &str, setting: &str) -> Option<Fault> {
    let there_are = templates.list("");
    if there_are.iter().any(|name| name == folder) {
        return None;
    }
    let folders: Vec<&str> =
        there_are.iter().map(String::as_str).filter(|name| *name != "email" && !name.contains('.')).collect();
    let problem = format!("there is no pack {folder:?}; there are: {}", folders.join(", "));
    let remedy = words::nearest(folder, &folders).map(|name| format!("did you mean {name:?}?"));
    Some(Fault::new(setting, problem, remedy.unwrap_or_else(|| "name one of them, or add a folder of templates".to_owned())))
}

/// What is wrong with a list whose recipients are to get the pack of a part of the system.
fn without_pack(list: &RecipientList, areas: &Areas, parts: &[AreaKind]) -> Option<Fault> {
    let (problem, there_are) = no_pack_of(list.pack_of.as_ref()?, areas, parts)?;
    Some(Fault::new(format!("list {}, pack_of", list.name), problem, there_are))
}

/// Why an area gets no pack for itself, and which do; none where it does.
fn no_pack_of(area: &AreaCode, areas: &Areas, parts: &[AreaKind]) -> Option<(String, String)> {
    if areas.iter().any(|of| of.code == *area && parts.contains(&of.kind)) {
        return None;
    }
    let with: Vec<&str> = areas.iter().filter(|area| parts.contains(&area.kind)).map(|area| area.code.as_str()).collect();
    let there_are = if with.is_empty() {
        "name their kind in pack.parts".to_owned()
    } else {
        format!("packs are made of {}", with.join(", "))
    };
    Some((format!("no pack is made of {area}"), there_are))
}
