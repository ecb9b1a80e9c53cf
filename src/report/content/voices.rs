//! What people say is and is not working for them, as far as it may be shown.

use super::ambition;
use super::figures;
use super::sentences::{capitalised, sentence};
use crate::counted::counted;
use crate::framework::{Quotation, Voice, VoiceChange, VoiceTheme, Voices};
use crate::report::PackInputs;
use serde::Serialize;

/// What people said that a pack shows.
#[derive(Debug, Default, Serialize)]
pub struct VoicesView {
    /// There are files of it.
    pub are_collected: bool,
    /// Those of which something is shown.
    pub themes: Vec<VoiceThemeView>,
    /// What is left out to protect people, in sentences.
    pub left_out: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct VoiceThemeView {
    pub title: String,
    #[serde(skip)]
    pub id: String,
    /// In the order of the ambitions on which they bear.
    #[serde(skip)]
    pub said: Vec<VoiceView>,
}

/// What one group said.
#[derive(Debug)]
pub struct VoiceView {
    /// `Unpaid carers, Mansfield`.
    pub who: String,
    /// `42 people, 1 May 2026 to 15 July 2026. Source: Healthwatch Hills (Healthwatch).`
    pub heard: String,
    /// May be empty, as may be what does not.
    pub works: String,
    pub does_not_work: String,
    pub quotations: Vec<QuotationView>,
    pub changes: Vec<VoiceChangeView>,
    /// On which it bears: id and title.
    pub ambitions: Vec<(String, String)>,
    pub illustrative: bool,
}

#[derive(Debug)]
pub struct QuotationView {
    pub words: String,
    /// `A mother of two (source: Healthwatch Hills)`.
    pub by: String,
}

#[derive(Debug)]
pub struct VoiceChangeView {
    pub you_said: String,
    pub we_did: String,
    /// `Dental services team, 5 October 2026`.
    pub by: String,
}

impl VoicesView {
    pub fn new(pack: &PackInputs<'_>) -> Self {
        let Some(voices) = pack.voices else { return Self::default() };
        let concerned: Vec<&Voice> = voices.entries.iter().filter(|voice| concerns(pack, voice)).collect();
        let (shown, few): (Vec<&Voice>, Vec<&Voice>) =
            concerned.into_iter().partition(|voice| voice.people >= voices.smallest_group);
        let themes: Vec<VoiceThemeView> = voices.themes.iter().filter_map(|theme| theme_view(pack, theme, &shown)).collect();
        let as_at = pack.evaluation.as_at;
        let quotations = shown.iter().flat_map(|voice| voice.quotations.iter().map(move |quotation| (*voice, quotation)));
        let without_consent = quotations.filter(|(_, quotation)| !quotation.consent.holds_on(as_at)).map(|(voice, _)| voice);
        Self { are_collected: true, themes, left_out: left_out(voices, &few, &without_consent.collect::<Vec<_>>()) }
    }
}

/// Of the quarter, and of people of the area that the pack is about.
fn concerns(pack: &PackInputs<'_>, voice: &Voice) -> bool {
    let here = &pack.framework.edition.system;
    let is_here = || {
        let parts = pack.areas.get(here).map_or(&[][..], |area| &area.parts);
        voice.area.as_ref().is_some_and(|area| area == here || parts.contains(area))
    };
    voice.stands_in(pack.evaluation.period.end()) && (!pack.is_of_part() || is_here())
}

fn theme_view(pack: &PackInputs<'_>, theme: &VoiceTheme, shown: &[&Voice]) -> Option<VoiceThemeView> {
    let place = |voice: &Voice| {
        let is_first = |id: &String| pack.whole.ambitions.iter().position(|ambition| ambition.id == *id);
        voice.ambitions.iter().filter_map(is_first).min()
    };
    let mut of_theme: Vec<&Voice> = shown.iter().copied().filter(|voice| voice.theme == theme.id).collect();
    of_theme.sort_by_key(|voice| place(voice).unwrap_or(usize::MAX));
    let said: Vec<VoiceView> = of_theme.into_iter().map(|voice| VoiceView::new(pack, voice)).collect();
    let title = in_one_line(&theme.title);
    (!said.is_empty()).then(|| VoiceThemeView { title, id: theme.id.clone(), said })
}

/// How many are left out and why, groups and the voices of quotations; nothing that could tell whose words they are.
fn left_out(voices: &Voices, few: &[&Voice], without_consent: &[&Voice]) -> Vec<String> {
    let smallest = voices.smallest_group;
    let mark = |of: &[&Voice]| if of.iter().any(|voice| voice.illustrative) { " (Illustrative.)" } else { "" };
    let of_few = (!few.is_empty()).then(|| {
        let groups = counted(few.len(), "group said is left out: it has", "groups said is left out: each has");
        format!("What {groups} fewer than {smallest} people, who could be recognised.{}", mark(few))
    });
    let of_consent = (!without_consent.is_empty()).then(|| {
        let quotations = counted(without_consent.len(), "quotation is", "quotations are");
        format!("{quotations} left out: consent to print it has ended or does not hold yet.{}", mark(without_consent))
    });
    of_few.into_iter().chain(of_consent).collect()
}

impl VoiceView {
    fn new(pack: &PackInputs<'_>, voice: &Voice) -> Self {
        let as_at = pack.evaluation.as_at;
        let area = voice.area.as_ref().unwrap_or(&pack.whole.edition.system);
        let source = in_one_line(&voice.source.name);
        let people = counted(usize::try_from(voice.people).unwrap_or(usize::MAX), "person", "people");
        let heard = format!("{people}, {}", between(voice));
        let ambitions = pack.whole.ambitions.iter().filter(|ambition| voice.ambitions.contains(&ambition.id));
        Self {
            who: format!("{}, {}", in_one_line(&voice.group), pack.areas.name(area)),
            heard: format!("{heard}. Source: {source} ({}).", voice.source.kind.label()),
            works: words(&voice.works),
            does_not_work: words(&voice.does_not_work),
            quotations: voice
                .quotations
                .iter()
                .filter(|quotation| quotation.consent.holds_on(as_at))
                .map(|quotation| QuotationView::new(quotation, &source))
                .collect(),
            changes: voice.changes.iter().filter(|change| change.on <= as_at).map(VoiceChangeView::new).collect(),
            ambitions: ambitions.map(|ambition| (ambition.id.clone(), ambition::title(ambition))).collect(),
            illustrative: voice.illustrative,
        }
    }
}

impl QuotationView {
    fn new(quotation: &Quotation, source: &str) -> Self {
        let person = capitalised(&in_one_line(&quotation.person));
        Self { words: in_one_line(&quotation.words), by: format!("{person} (source: {source})") }
    }
}

impl VoiceChangeView {
    fn new(change: &VoiceChange) -> Self {
        let by = in_one_line(&change.by);
        Self {
            you_said: words(&change.you_said),
            we_did: words(&change.we_did),
            by: format!("{by}, {}", figures::date(change.on)),
        }
    }
}

fn between(voice: &Voice) -> String {
    match (figures::date(voice.from), figures::date(voice.until)) {
        (from, until) if from == until => from,
        (from, until) => format!("{from} to {until}"),
    }
}

/// An analyst's words as a sentence; empty where there are none.
fn words(written: &str) -> String {
    sentence(&in_one_line(written))
}

/// Texts of several lines stand in one.
fn in_one_line(written: &str) -> String {
    written.split_whitespace().collect::<Vec<_>>().join(" ")
}
