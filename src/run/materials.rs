//! Everything that a run reads before it starts, loaded and checked as one.

use super::quarter::{Pinned, When};
use crate::area::{AreaCode, AreaKind, Areas};
use crate::ask;
use crate::collect::mapping::{self, Mapping};
use crate::collect::{Prints, check_sources};
use crate::distribute::{self, Recipient, RecipientList, RecipientLists, Sender, Transport};
use crate::fault::{Fault, Faults};
use crate::framework::{self, Choice, Differences, Framework, Partner, Why};
use crate::period::{Period, Step, YearKind};
use crate::report;
use crate::settings::{self, Settings};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The configuration of a run, in order.
pub struct Materials {
    /// With the targets that hold at the end of the quarter.
    pub framework: Framework,
    /// Why it is this edition.
    pub edition_why: Why,
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
    /// In the order of the settings, at least one; the first is the pack that is sent.
    pub packs: Vec<PackTemplates>,
    /// Kinds of area of which each gets the first pack for itself.
    pub parts: Vec<AreaKind>,
    /// How returns are read and when they are due.
    pub returns: settings::Returns,
    /// The quarter whose edition this is.
    pub period: Period,
    /// Pinned by the settings, where it is.
    pub as_at: Option<Date>,
    /// Whose calendar "today" is taken from.
    pub time_zone: TimeZone,
    /// None where nothing is to be sent.
    pub mail: Option<MailMaterials>,
    /// To what the packs are narrowed for one run.
    pub only: Only,
}

/// What of the packs is made; all of it by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Only {
    /// The pack of this part of the system.
    pub place: Option<AreaCode>,
    /// The sections of the first pack that these templates make.
    pub sections: Vec<String>,
}

/// A kind of pack.
#[derive(Clone)]
pub struct PackTemplates {
    /// As its files are called: `board-pack`.
    pub name: String,
    pub templates: report::Templates,
}

/// What sending needs beside the mail settings.
#[derive(Debug)]
pub struct MailMaterials {
    pub sender: Sender,
    /// By the partner's id, who is asked for its return and told of it.
    pub contacts: BTreeMap<String, Vec<Recipient>>,
    pub lists: RecipientLists,
    pub templates: distribute::Templates,
}

impl Materials {
    /// What can be printed of partners' words in every pack.
    pub fn prints(&self) -> Prints {
        let templates: Vec<report::Templates> = self.packs.iter().map(|pack| pack.templates.clone()).collect();
        Prints::new(move |c| templates.iter().all(|templates| templates.prints(c)))
    }

    /// Reads everything for a quarter, what concerns mail only where the run is to send. `now` is the clock, for the quarter
    /// where none is asked for or pinned.
    ///
    /// # Errors
    /// Every fault of every file, not only the first.
    pub fn load(settings: &Settings, sends: bool, when: When, now: fn() -> Timestamp) -> Result<Self, Faults> {
        let config = settings.config_assets();
        let mut faults = Faults::default();
        let mut keep = Keep(&mut faults);
        let pinned = keep.value(Pinned::by(settings));
        let period = pinned.as_ref().map(|pinned| pinned.quarter(when, now));
        let named = settings.pack.edition.as_deref();
        // A named edition needs no quarter to be known by, so that its faults are told with those of the settings.
        let end = period.map(|period| period.end()).or(named.map(|_| Date::ZERO));
        let choice = end.and_then(|end| keep.value(framework::choose(&config, named, end)));
        let framework = choice.as_ref().and_then(|choice| keep.value(framework::load(&config, &choice.id)));
        let areas = keep.value(framework::read_areas(&config));
        let partners = keep.value(framework::load_partners(&config));
        let changes = framework.as_ref().zip(areas.as_ref()).map(|(framework, areas)| {
            let before = keep.value(framework::edition_before(&config, framework)).flatten();
            before.map(|before| framework::diff(&before, framework, areas))
        });
        let mappings = match (&partners, &framework, &areas) {
            (Some(partners), Some(framework), Some(areas)) => {
                keep.value(mapping::of_partners(&config, partners, framework, areas))
            }
            _ => None,
        };
        let packs = keep.value(load_packs(settings));
        let mail = if sends {
            keep.value(MailMaterials::load(settings, partners.as_deref().unwrap_or_default())).map(Some)
        } else {
            Some(None)
        };
        match (framework, areas, partners, mappings, changes, packs, period, pinned, choice, mail) {
            (
                Some(framework),
                Some(areas),
                Some(partners),
                Some(mappings),
                Some(changes),
                Some(packs),
                Some(period),
                Some(Pinned { as_at, time_zone, .. }),
                Some(Choice { why, passed_over, .. }),
                Some(mail),
            ) => {
                faults.0.extend(check_sources(&framework, &areas, &settings.sources, &config));
                let lists = mail.iter().flat_map(|mail| mail.lists.iter());
                let areas = framework::areas_with_successions(areas, &partners);
                let framework = framework.in_force_on(period.end(), &areas, &partners);
                let areas = areas.on(period.end());
                faults.0.extend(lists.filter_map(|list| without_pack(list, &areas, &settings.pack.parts)));
                faults.into_result()?;
                Ok(Self {
                    framework,
                    edition_why: why,
                    edition_passed_over: passed_over,
                    areas,
                    partners: framework::partners_on(partners, period.end()),
                    mappings,
                    changes,
                    packs,
                    parts: settings.pack.parts.clone(),
                    returns: settings.returns.clone(),
                    period,
                    as_at,
                    time_zone,
                    mail,
                    only: Only::default(),
                })
            }
            _ => Err(faults),
        }
    }

    /// Which edition is used, its standing, and why it is this one.
    pub fn edition_in_words(&self) -> String {
        let edition = &self.framework.edition;
        format!("edition {} ({}), {}", edition.id, edition.standing.state.label(), self.edition_why)
    }

    /// Warnings of an edition that is a draft or has been superseded, and of one that is used in the place of another.
    pub fn edition_warnings(&self) -> impl Iterator<Item = String> {
        let standing = self.framework.edition.standing.warning("the pack");
        standing.into_iter().chain(self.edition_passed_over.clone())
    }

    /// The same, to make no more than `only`.
    ///
    /// # Errors
    /// A place of which no pack is made; a section that the first pack does not have.
    pub fn narrowed(mut self, only: Only) -> Result<Self, Faults> {
        if let Some(place) = &only.place {
            no_pack_of(place, &self.areas, &self.parts)
                .map_or(Ok(()), |(problem, there_are)| Err(Fault::new("--place", problem, there_are)))?;
        }
        if !only.sections.is_empty() {
            self.packs.truncate(1);
            let pack = &mut self.packs[0];
            pack.templates = pack.templates.only(&only.sections)?;
            pack.name.push_str("-extract");
        }
        self.only = only;
        Ok(self)
    }

    /// Adds to what each partner gave before what those gave whose past is its own; see [`ask::add_past`].
    pub fn add_past(&self, earlier: &mut BTreeMap<String, ask::Earlier>) {
        ask::add_past(earlier, &self.partners, &self.areas);
    }

    /// A partner's name as it is printed, or its id where it is not known.
    pub fn partner_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.partners.iter().find(|partner| partner.id == id).map_or(id, |partner| &partner.name)
    }
}

impl MailMaterials {
    pub(super) fn load(settings: &Settings, partners: &[Partner]) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut keep = Keep(&mut faults);
        let sender = keep.value(Sender::new(&settings.mail));
        let lists = keep.value(RecipientLists::load(&settings.config_assets()));
        let templates = keep.value(distribute::Templates::load(&settings.template_assets()));
        // Only tried here: a run makes its own for the folder of its pack.
        keep.value(Transport::new(&settings.mail, &settings.paths.output));
        let contacts = keep.value(contacts(partners));
        faults.0.dedup();
        match (sender, contacts, lists, templates) {
            (Some(sender), Some(contacts), Some(lists), Some(templates)) if faults.0.is_empty() => {
                Ok(Self { sender, contacts, lists, templates })
            }
            _ => Err(faults),
        }
    }
}

/// The contacts of each partner, each address once.
fn contacts(partners: &[Partner]) -> Result<BTreeMap<String, Vec<Recipient>>, Faults> {
    let mut faults = Faults::default();
    let mut all = BTreeMap::new();
    for partner in partners {
        let mut recipients: Vec<Recipient> = Vec::new();
        for contact in &partner.contacts {
            match Recipient::parse(contact) {
                Ok(one) if recipients.iter().any(|other| other.address == one.address) => {}
                Ok(recipient) => recipients.push(recipient),
                Err(problem) => faults.push(format!("partners.toml, {}, contact", partner.id), problem, "correct it"),
            }
        }
        all.insert(partner.id.clone(), recipients);
    }
    faults.into_result().map(|()| all)
}

/// The templates of every pack that the settings name.
fn load_packs(settings: &Settings) -> Result<Vec<PackTemplates>, Faults> {
    let (templates, fonts) = (settings.template_assets(), settings.font_assets());
    let mut faults = Faults::default();
    let mut keep = Keep(&mut faults);
    let mut packs: Vec<PackTemplates> = Vec::new();
    for folder in &settings.pack.make {
        let name = folder.replace('_', "-");
        let loaded = keep.value(report::Templates::load(&templates, &fonts, folder));
        packs.extend(
            loaded
                .filter(|_| packs.iter().all(|pack| pack.name != name))
                .map(|templates| PackTemplates { name: name.clone(), templates }),
        );
    }
    if settings.pack.make.is_empty() {
        faults.push("pack.make", "it names no pack", "name at least one folder of report_templates/, such as \"board_pack\"");
    }
    faults.into_result()?;
    Ok(packs)
}

/// Takes values out of results and keeps the faults.
struct Keep<'a>(&'a mut Faults);

impl Keep<'_> {
    fn value<T>(&mut self, result: Result<T, Faults>) -> Option<T> {
        result.map_err(|found| self.0.0.extend(found.0)).ok()
    }
}

/// A financial quarter, as `2026-27-Q2` or however else periods are written.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_quarter(text: &str) -> Result<Period, String> {
    let read = Period::parse(text, YearKind::Financial).ok().map(|period| period.counted_in(3, YearKind::Financial));
    read.filter(|period| period.step() == Step::Quarter && period.count() == 1 && period.year_kind() == YearKind::Financial)
        .ok_or_else(|| format!("{text:?} is not a financial quarter, such as 2026-27-Q2"))
}

/// A date: `2026-11-20`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("{text:?} is not a date, such as 2026-11-20"))
}

/// What is wrong with a list whose recipients are to get the pack of a part of the system.
fn without_pack(list: &RecipientList, areas: &Areas, parts: &[AreaKind]) -> Option<Fault> {
    let (problem, there_are) = no_pack_of(list.pack_of.as_ref()?, areas, parts)?;
    Some(Fault::new(format!("recipients.toml, list {:?}, pack_of", list.name), problem, there_are))
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
