//! What people say is and is not working for them: what is printed of it, and what never is.

use crate::support::demonstration::{DEMONSTRATION, PACKS};
use crate::support::page_text::words;
use crate::support::sample_pack::Sample;
use boardpack::assets::Assets;
use boardpack::framework::{Consent, Quotation, Voice, VoiceChange, VoiceSource, VoiceSourceKind, VoiceTheme, Voices};
use boardpack::report::{PackInputs, ReportTemplates, render};
use jiff::civil::{Date, date};

fn html(pack: &PackInputs<'_>, folder: &str) -> String {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), folder).unwrap();
    render(pack, &templates).unwrap_or_else(|faults| panic!("{faults}")).html
}

fn page(voices: &Voices, sample: &Sample, folder: &str) -> String {
    words(&html(&PackInputs { voices: Some(voices), ..sample.pack() }, folder))
}

fn quotation(words: &str, given: Date, until: Date) -> Quotation {
    Quotation { words: words.to_owned(), person: "a carer".to_owned(), consent: Consent { given, until } }
}

fn voice(sample: &Sample) -> Voice {
    Voice {
        theme: "carers".to_owned(),
        ambitions: vec![sample.framework.ambitions[0].id.clone()],
        area: None,
        group: "Unpaid carers".to_owned(),
        people: 38,
        from: date(2026, 6, 8),
        until: date(2026, 7, 17),
        source: VoiceSource { kind: VoiceSourceKind::VoluntarySector, name: "A carers' group".to_owned() },
        works: "The monthly meeting".to_owned(),
        does_not_work: "Breaks are cancelled".to_owned(),
        changes: vec![VoiceChange {
            you_said: "Open later".to_owned(),
            we_did: "We open at eight".to_owned(),
            by: "The carers team".to_owned(),
            on: date(2026, 9, 14),
        }],
        quotations: vec![quotation("Then I had four hours.", date(2026, 7, 1), date(2027, 6, 30))],
        illustrative: false,
    }
}

fn voices(entries: Vec<Voice>) -> Voices {
    let theme = |id: &str, title: &str| VoiceTheme { id: id.to_owned(), title: title.to_owned() };
    Voices { themes: vec![theme("carers", "Looking after someone"), theme("empty", "Of nobody")], entries, smallest_group: 5 }
}

const SECTION: &str = "What people told us";

#[test]
fn what_was_said_is_printed_by_theme_with_its_source() {
    let sample = Sample::new(1);
    let ambition = sample.framework.ambitions[0].statement.trim_end_matches('.').to_owned();
    let evidence = page(&voices(vec![voice(&sample)]), &sample, "evidence");
    for said in [
        SECTION,
        "Looking after someone",
        "38 people, 8 June 2026 to 17 July 2026. Source: A carers' group (voluntary sector).",
        "What works: The monthly meeting.",
        "What does not: Breaks are cancelled.",
        "\u{201c}Then I had four hours.\u{201d}",
        "A carer (source: A carers' group)",
        "You said: Open later. We did: We open at eight. (The carers team, 14 September 2026)",
        &format!("Ambitions: {ambition}"),
        // Below the ambition.
        "What people told us: Looking after someone.",
    ] {
        assert!(evidence.contains(said), "{said}: {evidence}");
    }
    assert!(!evidence.contains("Of nobody"), "a theme without an entry");
    let with_links = html(&PackInputs { voices: Some(&voices(vec![voice(&sample)])), ..sample.pack() }, "evidence");
    assert!(with_links.contains("href=\"#theme-carers\"") && with_links.contains("id=\"theme-carers\""));
}

#[test]
fn without_files_nothing_is_said_and_without_entries_whom_to_ask() {
    let sample = Sample::new(1);
    for folder in ["evidence", "place_brief", "board_pack"] {
        let without = words(&html(&sample.pack(), folder));
        assert!(!without.contains(SECTION) && !without.contains("Healthwatch"), "{folder}");
        let empty = page(&voices(Vec::new()), &sample, folder);
        assert_eq!(empty.matches("engagement leads may be asked").count(), 1, "{folder}");
    }
}

#[test]
fn the_words_of_few_people_are_nowhere() {
    let sample = Sample::new(1);
    let few = Voice { people: 4, group: "A small group".to_owned(), ..voice(&sample) };
    let enough = Voice { people: 5, works: "Enough of them".to_owned(), ..voice(&sample) };
    for folder in ["evidence", "place_brief"] {
        let page = page(&voices(vec![few.clone()]), &sample, folder);
        for hidden in
            ["A small group", "monthly meeting", "cancelled", "four hours", "open at eight", "4 people", SECTION_OF_CARERS]
        {
            assert!(!page.contains(hidden), "{folder}: {hidden}");
        }
        assert!(page.contains("What 1 group said is left out: it has fewer than 5 people"), "{folder}");
    }
    let both = page(&voices(vec![enough, few]), &sample, "evidence");
    assert!(both.contains("Enough of them.") && !both.contains("A small group"));
}

const SECTION_OF_CARERS: &str = "Looking after someone";

#[test]
fn consent_holds_on_the_day_of_the_pack_or_the_words_are_left_out() {
    let sample = Sample::new(1);
    let day = sample.evaluation.as_at;
    let with = |given: Date, until: Date| {
        let quotations = vec![quotation("Quoted words.", given, until)];
        page(&voices(vec![Voice { quotations, ..voice(&sample) }]), &sample, "evidence")
    };
    assert!(with(day, day).contains("Quoted words."));
    let told = "1 quotation is left out: consent to print it has ended or does not hold yet.";
    for (given, until) in [(date(2026, 7, 1), day.yesterday().unwrap()), (day.tomorrow().unwrap(), date(2030, 1, 1))] {
        let page = with(given, until);
        assert!(!page.contains("Quoted words.") && page.contains(told), "{given} {until}");
        assert!(page.contains("The monthly meeting."), "the rest stays");
    }
}

#[test]
fn an_entry_stands_for_a_year_and_a_change_from_its_day_on() {
    let sample = Sample::new(1);
    let end = sample.evaluation.period.end();
    let year_before = end.saturating_sub(jiff::ToSpan::year(1));
    for (until, stands) in
        [(end, true), (end.tomorrow().unwrap(), false), (year_before, false), (year_before.tomorrow().unwrap(), true)]
    {
        let entry = Voice { from: date(2025, 1, 1), until, ..voice(&sample) };
        assert_eq!(page(&voices(vec![entry]), &sample, "evidence").contains("monthly meeting"), stands, "{until}");
    }
    let mut later = voice(&sample);
    later.changes[0].on = sample.evaluation.as_at.tomorrow().unwrap();
    let page = page(&voices(vec![later]), &sample, "evidence");
    assert!(page.contains("monthly meeting") && !page.contains("We did"));
}

#[test]
fn a_place_has_what_its_people_said() {
    let brief = |place: &str| {
        let stem = format!("place-brief-2026-27-Q2-{place}");
        words(&PACKS.iter().find(|pack| pack.stem == stem).unwrap_or_else(|| panic!("{stem}")).rendered.html)
    };
    let (city, mid) = (brief("place-nottingham-city"), brief("place-mid-nottinghamshire"));
    assert!(city.contains("Parents of children under five, Nottingham") && !city.contains("Unpaid carers"));
    assert!(mid.contains("Unpaid carers of working age, Mansfield") && !mid.contains("Parents of children"));
    assert!(!mid.contains("nobody would come at nine"), "consent has ended");
    assert!(brief("place-south-nottinghamshire").contains("engagement leads may be asked"));
    let bassetlaw = brief("place-bassetlaw");
    assert!(bassetlaw.contains("fewer than 5 people") && !bassetlaw.contains("nobody wrote"));
}

#[test]
fn made_up_words_are_marked_wherever_they_are_printed() {
    let sample = Sample::new(1);
    let marks = |illustrative: bool| {
        let page = page(&voices(vec![Voice { illustrative, ..voice(&sample) }]), &sample, "evidence");
        page[page.rfind(SECTION).unwrap()..].matches("illustrative").count()
    };
    assert_eq!(marks(true) - marks(false), 2, "beside the group and the quotation");
    let evidence = PACKS.iter().find(|pack| pack.stem.starts_with("evidence")).unwrap();
    assert!(words(&evidence.rendered.html).contains("Source: a carers' group (made up) (voluntary sector). illustrative"));
    assert!(DEMONSTRATION.pack().voices.is_some());
}

#[test]
fn markup_and_scripts_stay_text() {
    let sample = Sample::new(1);
    let hostile = "<script>alert(1)</script> **bold** [a](javascript:x) {{ pack.title }} | # \" ' &amp; \u{202e}";
    let mut entry = voice(&sample);
    entry.quotations[0].person = hostile.to_owned();
    entry.quotations[0].words = hostile.to_owned();
    entry.changes[0].we_did = hostile.to_owned();
    entry.changes[0].by = hostile.to_owned();
    let entry = Voice { works: hostile.to_owned(), group: hostile.to_owned(), ..entry };
    let mut all = voices(vec![entry]);
    all.themes[0].title = hostile.to_owned();
    for folder in ["evidence", "place_brief"] {
        let html = html(&PackInputs { voices: Some(&all), ..sample.pack() }, folder);
        assert!(!html.contains("<script>alert") && !html.contains("href=\"javascript"), "{folder}");
        assert!(words(&html).contains("**bold** [a](javascript:x) {{ pack.title }}"), "{folder}");
    }
}

#[test]
fn those_of_an_area_are_named_with_it() {
    let sample = Sample::new(1);
    let area = sample.areas.iter().last().unwrap();
    let of_area = Voice { area: Some(area.code.clone()), ..voice(&sample) };
    assert!(page(&voices(vec![of_area]), &sample, "evidence").contains(&format!("Unpaid carers, {}", area.name)));
}
