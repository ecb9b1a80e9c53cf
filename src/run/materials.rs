//! Everything that a run reads before it starts, loaded and checked as one.

use crate::area::Areas;
use crate::distribute::{MessageTemplates, RecipientLists, Transport};
use crate::fault::{Fault, Faults};
use crate::framework::{self, Framework, Partner};
use crate::period::{Period, YearKind};
use crate::report;
use crate::settings::Settings;
use jiff::civil::Date;

/// The configuration of a run, in order.
#[derive(Debug)]
pub struct Materials {
    pub framework: Framework,
    pub areas: Areas,
    pub partners: Vec<Partner>,
    pub lists: RecipientLists,
    pub pack_templates: report::Templates,
    pub message_templates: MessageTemplates,
    pub transport: Transport,
    /// Pinned by the settings, where it is.
    pub period: Option<Period>,
    /// Pinned by the settings, where it is.
    pub as_at: Option<Date>,
}

impl Materials {
    /// # Errors
    /// Every fault of every file, not only the first.
    pub fn load(settings: &Settings) -> Result<Self, Faults> {
        let config = settings.config_assets();
        let mut faults = Faults::default();
        let mut keep = Keep(&mut faults);

        let framework = keep.value(framework::load(&config, &settings.pack.edition));
        let areas = keep.value(config.read_text("areas.toml").map_err(Faults::from).and_then(|text| Areas::parse(&text, &config.place("areas.toml"))));
        let partners = keep.value(framework::load_partners(&config));
        let lists = keep.value(RecipientLists::load(&config));
        let pack_templates = keep.value(report::Templates::load(&settings.template_assets(), &settings.font_assets()));
        let message_templates = keep.value(MessageTemplates::load(&settings.template_assets()));
        let transport = keep.value(Transport::new(&settings.mail));
        let period = keep.value(pinned("pack.period", settings.pack.period.as_deref(), parse_quarter));
        let as_at = keep.value(pinned("pack.as_at", settings.pack.as_at.as_deref(), parse_date));

        match (framework, areas, partners, lists, pack_templates, message_templates, transport, period, as_at) {
            (
                Some(framework),
                Some(areas),
                Some(partners),
                Some(lists),
                Some(pack_templates),
                Some(message_templates),
                Some(transport),
                Some(period),
                Some(as_at),
            ) => {
                faults.0.extend(unknown_areas(&framework, &areas, &partners));
                faults.into_result()?;
                Ok(Self { framework, areas, partners, lists, pack_templates, message_templates, transport, period, as_at })
            }
            _ => Err(faults),
        }
    }
}

/// Takes values out of results and keeps the faults.
struct Keep<'a>(&'a mut Faults);

impl Keep<'_> {
    fn value<T>(&mut self, result: Result<T, Faults>) -> Option<T> {
        result.map_err(|found| self.0.0.extend(found.0)).ok()
    }
}

fn pinned<T>(key: &str, text: Option<&str>, parse: fn(&str) -> Result<T, String>) -> Result<Option<T>, Faults> {
    text.map(|text| parse(text).map_err(|problem| Fault::new(key, problem, "correct the setting, or leave it empty").into())).transpose()
}

/// A quarter as a pack is named by: `2026-27-Q2`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_quarter(text: &str) -> Result<Period, String> {
    Period::parse(text, YearKind::Financial)
        .ok()
        .filter(|period| period.slug() == text)
        .ok_or_else(|| format!("{text:?} is not a financial quarter, such as 2026-27-Q2"))
}

/// A date: `2026-11-20`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("{text:?} is not a date, such as 2026-11-20"))
}

/// Areas that the framework or a partner names and `areas.toml` lacks.
fn unknown_areas(framework: &Framework, areas: &Areas, partners: &[Partner]) -> Vec<Fault> {
    let edition = &framework.edition;
    let of_edition = [&edition.system, &edition.comparator].into_iter().map(|code| (format!("edition {}", edition.id), code));
    let of_measures = framework.measures.iter().flat_map(|m| m.parts.iter().map(move |code| (format!("measure {}", m.id), code)));
    let of_partners = partners.iter().map(|p| (format!("partner {}", p.id), &p.area));
    of_edition
        .chain(of_measures)
        .chain(of_partners)
        .filter(|(_, code)| areas.get(code).is_none())
        .map(|(place, code)| Fault::new(place, format!("its area {code} is not in areas.toml"), "add the area, or correct the code"))
        .collect()
}
