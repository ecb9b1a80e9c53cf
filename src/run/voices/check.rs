//! What can be wrong with what people are said to have said, and what of it no page may show.

use crate::area::Areas;
use crate::collect::{identifier, identifying};
use crate::document::{Entries, words};
use crate::fault::Faults;
use crate::framework::{Framework, Quotation, Voice, VoiceChange, VoiceTheme};
use crate::period::Period;
use jiff::civil::Date;

/// What entries are checked against.
pub(in crate::run) struct VoicesSubject<'a> {
    pub framework: &'a Framework,
    /// None where they cannot be read.
    pub areas: Option<&'a Areas>,
    pub period: Period,
    pub today: Date,
    pub smallest_group: u32,
}

pub(super) fn themes(themes: &Entries<VoiceTheme>, found: &mut Faults) {
    let mut known: Vec<&str> = Vec::new();
    for (place, theme) in themes.all() {
        if theme.id.trim().is_empty() {
            found.push(format!("{place}, id"), "is empty", "give letters, digits and hyphens, by which entries name it");
        } else if known.contains(&theme.id.as_str()) {
            found.push(format!("{place}, id"), format!("{:?} is given already", theme.id), "keep one of the two");
        }
        known.push(&theme.id);
        story(&format!("{place}, title"), &theme.title, 60, found);
    }
}

pub(super) fn voices(voices: &Entries<Voice>, themes: &Entries<VoiceTheme>, subject: &VoicesSubject<'_>, found: &mut Faults) {
    let mut seen: Vec<&Voice> = Vec::new();
    for (place, voice) in voices.all() {
        theme(place, voice, themes, found);
        bearing(place, voice, subject, found);
        heard(place, voice, found);
        said(place, voice, found);
        for (i, change) in voice.changes.iter().enumerate() {
            changed(&format!("{place}, change {}", i + 1), change, voice.from, found);
        }
        for (i, quotation) in voice.quotations.iter().enumerate() {
            quoted(&format!("{place}, quotation {}", i + 1), quotation, found);
        }
        let is_same = |other: &&Voice| {
            let of = |voice: &Voice| (voice.theme.clone(), voice.area.clone(), voice.group.clone(), voice.source.clone());
            of(other) == of(voice) && (other.from, other.until) == (voice.from, voice.until)
        };
        if seen.iter().any(is_same) {
            let problem = "the same group is given already on this theme, of the same place, source and days";
            found.push(format!("{place}, group"), problem, "put the two together, or keep one of them");
        }
        seen.push(voice);
    }
}

fn theme(place: &str, voice: &Voice, themes: &Entries<VoiceTheme>, found: &mut Faults) {
    let known: Vec<&str> = themes.all().map(|(_, theme)| theme.id.as_str()).collect();
    let is_known = known.contains(&voice.theme.as_str()) || themes.broken.contains(&voice.theme) || themes.is_incomplete;
    if !is_known {
        let meant = words::nearest(&voice.theme, &known).map(|id| format!("did you mean {id:?}?"));
        let remedy = meant.unwrap_or_else(|| match known.as_slice() {
            [] => "add a [[theme]] with that id and a title".to_owned(),
            known => format!("there are: {}; or add a [[theme]]", known.join(", ")),
        });
        found.push(format!("{place}, theme"), format!("there is no theme {:?}", voice.theme), remedy);
    }
}

/// On which ambitions and of which place it is.
fn bearing(place: &str, voice: &Voice, subject: &VoicesSubject<'_>, found: &mut Faults) {
    let at = format!("{place}, ambitions");
    if voice.ambitions.is_empty() {
        found.push(&*at, "is empty", "name at least one ambition by its id: pages list what was said by ambition");
    }
    // What was heard in another year may bear on ambitions of another edition.
    for id in voice.ambitions.iter().filter(|_| voice.stands_in(subject.period.end())) {
        let known: Vec<&str> = subject.framework.ambitions.iter().map(|ambition| ambition.id.as_str()).collect();
        if !known.contains(&id.as_str()) {
            let meant = words::nearest(id, &known).map(|id| format!("did you mean {id:?}?"));
            let remedy = meant.unwrap_or_else(|| "name it by its id, as the edition's files have it".to_owned());
            found.push(&*at, format!("there is no ambition {id:?}"), remedy);
        }
    }
    if let (Some(areas), Some(area)) = (subject.areas, &voice.area)
        && areas.get(area).is_none()
    {
        let known: Vec<&str> = areas.iter().map(|area| area.code.as_str()).collect();
        let meant = words::nearest(area.as_str(), &known).map(|code| format!("did you mean {code}?"));
        let remedy = meant.unwrap_or_else(|| "give its code there, or leave it out for the whole system".to_owned());
        found.push(format!("{place}, area"), format!("{area} is not an area of areas.toml"), remedy);
    }
}

fn heard(place: &str, voice: &Voice, found: &mut Faults) {
    if voice.people == 0 {
        found.push(format!("{place}, people"), "is 0", "say how many people spoke, or remove the entry");
    }
    in_order(place, "until", (voice.from, voice.until), found);
    name(&format!("{place}, source.name"), &voice.source.name, found);
}

fn said(place: &str, voice: &Voice, found: &mut Faults) {
    story(&format!("{place}, group"), &voice.group, 80, found);
    for (key, words) in [("works", &voice.works), ("does_not_work", &voice.does_not_work)] {
        if !words.trim().is_empty() {
            story(&format!("{place}, {key}"), words, 600, found);
        }
    }
    let says_nothing = voice.works.trim().is_empty() && voice.does_not_work.trim().is_empty() && voice.quotations.is_empty();
    if says_nothing {
        let remedy = "write works, does_not_work or a [[voice.quotation]]";
        found.push(place, "says neither what works nor what does not", remedy);
    }
}

fn changed(place: &str, change: &VoiceChange, heard: Date, found: &mut Faults) {
    story(&format!("{place}, you_said"), &change.you_said, 300, found);
    story(&format!("{place}, we_did"), &change.we_did, 300, found);
    name(&format!("{place}, by"), &change.by, found);
    let at = format!("{place}, on");
    if change.on < heard {
        let problem = format!("is {}, before {heard}, when the first of them spoke", change.on);
        found.push(at, problem, "give the day on which it was done because of what they said");
    }
}

fn quoted(place: &str, quotation: &Quotation, found: &mut Faults) {
    story(&format!("{place}, words"), &quotation.words, 400, found);
    story(&format!("{place}, person"), &quotation.person, 80, found);
    let consent = quotation.consent;
    in_order(place, "consent.until", (consent.given, consent.until), found);
}

/// Words about people: no person's name, number or address.
fn story(at: &str, words: &str, most: usize, found: &mut Faults) {
    text(at, words, most, identifying(words), found);
}

/// Who heard or did something: it may be a name, and is no address.
fn name(at: &str, words: &str, found: &mut Faults) {
    text(at, words, 120, identifier(words), found);
}

fn text(at: &str, words: &str, most: usize, personal: Option<&str>, found: &mut Faults) {
    let length = words.trim().chars().count();
    if length == 0 {
        found.push(at, "is empty", "write it, or remove the entry");
    }
    if length > most {
        found.push(at, format!("has {length} characters, and {most} is the most"), "shorten it");
    }
    if let Some(what) = personal {
        let remedy = "take it out, and say who somebody is without it, such as \"a mother of two\"";
        found.push(at, format!("seems to hold {what}"), remedy);
    }
}

fn in_order(place: &str, key: &str, (first, last): (Date, Date), found: &mut Faults) {
    if last < first {
        let problem = format!("is {last}, before {first}, the first day");
        found.push(format!("{place}, {key}"), problem, "correct one of the two");
    }
}

/// What waits for its day: a pack made again of an earlier day does not know of it.
fn to_come(place: &str, voice: &Voice, today: Date, found: &mut Faults) {
    let changes = voice.changes.iter().enumerate().map(|(i, change)| (format!("change {}, on", i + 1), change.on));
    let consents = voice.quotations.iter().enumerate();
    let consents = consents.map(|(i, quotation)| (format!("quotation {}, consent.given", i + 1), quotation.consent.given));
    let days = std::iter::once(("until".to_owned(), voice.until)).chain(changes).chain(consents);
    for (key, day) in days.filter(|(_, day)| *day > today) {
        let problem = format!("is {day}, after {today}, the day of the pack: no page shows it yet");
        found.push(format!("{place}, {key}"), problem, "correct the day, or leave it to a later pack");
    }
}

/// What packs of the quarter leave out to protect people, of entries that are sound.
pub(super) fn left_out(voices: &Entries<Voice>, subject: &VoicesSubject<'_>) -> Faults {
    let mut found = Faults::default();
    for (place, voice) in &voices.good {
        to_come(place, voice, subject.today, &mut found);
    }
    for (place, voice) in voices.good.iter().filter(|(_, voice)| voice.stands_in(subject.period.end())) {
        let smallest = subject.smallest_group;
        if voice.people < smallest {
            let problem =
                format!("is {}, fewer than disclosure.smallest_group, {smallest}: no page shows the entry", voice.people);
            found.push(format!("{place}, people"), problem, "put it together with what others said, or leave it as it is");
            continue;
        }
        for (i, quotation) in voice.quotations.iter().enumerate() {
            let consent = quotation.consent;
            if !consent.holds_on(subject.today) && consent.given <= subject.today {
                let problem = format!("is {}, before {}: no page shows the words", consent.until, subject.today);
                found.push(format!("{place}, quotation {}, consent.until", i + 1), problem, "ask again, or remove the quotation");
            }
        }
    }
    found
}
