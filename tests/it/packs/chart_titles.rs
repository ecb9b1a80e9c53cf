//! The title of a chart is what it found, with a figure in it; what is drawn stands below it.

use crate::support::demonstration::{DEMONSTRATION, PACKS};
use crate::support::page_text::words;
use boardpack::evaluate::Assessment;

/// Each chart's title, and the line below it.
fn titles(html: &str) -> Vec<(String, String)> {
    let charts = html.split("<figcaption>").skip(1).map(|rest| rest.split_once("</figcaption>").unwrap());
    charts
        .map(|(title, rest)| {
            let title = title.split("<span class=\"mark\"").next().unwrap();
            let subject = rest.trim_start().strip_prefix("<p class=\"small\">").and_then(|rest| rest.split_once("</p>"));
            (words(title), subject.map_or(String::new(), |(subject, _)| words(subject)))
        })
        .collect()
}

#[test]
fn every_chart_of_the_demonstration_is_titled_by_its_finding() {
    let mut found = 0;
    for pack in PACKS.iter() {
        for (title, subject) in titles(&pack.rendered.html) {
            assert!(title.contains(|c: char| c.is_ascii_digit()), "{}: no figure in {title:?}", pack.stem);
            for when in ["Over time", "By area", "By organisation", "By deprivation", "Control chart"] {
                assert!(!title.starts_with(when), "{}: {title:?}", pack.stem);
            }
            assert!(!title.ends_with('.'), "{}: {title:?}", pack.stem);
            let is_of_measure = pack.stem.starts_with("evidence");
            assert!(!subject.is_empty() || !is_of_measure, "{}: nothing below {title:?}", pack.stem);
            found += 1;
        }
    }
    assert!(found > 100, "{found}");
}

#[test]
fn what_stands_for_a_chart_has_the_words_of_its_title() {
    let evidence = PACKS.iter().find(|pack| pack.stem.starts_with("evidence")).unwrap();
    let charts = evidence.rendered.html.split("<figcaption>").skip(1);
    let mut same = 0;
    for chart in charts {
        let title = words(chart.split(['<']).next().unwrap());
        let said = words(chart.split_once("<desc id=").unwrap().1.split_once('>').unwrap().1.split_once("</desc>").unwrap().0);
        let finding = title.split("; ").next().unwrap();
        same += usize::from(said.contains(finding));
    }
    // Names are shortened where there is no room for them.
    assert!(same * 10 > titles(&evidence.rendered.html).len() * 8, "{same}");
}

#[test]
fn targets_that_move_are_drawn_as_they_moved() {
    let evidence = PACKS.iter().find(|pack| pack.stem.starts_with("evidence")).unwrap();
    for wanted in [
        // Beside a comparator, its own line is the target.
        "(target)</text>",
        "The expected path closes the gap of the baseline evenly by the due date, beside the comparator of each period.",
        "The expected path is what the target allows of the projected growth.",
        "The straight line from the baseline to the target, at the earlier of its two dates, is what is expected on the way.",
        "The straight line from the baseline to the target is what is expected on the way.",
    ] {
        assert!(evidence.rendered.html.contains(wanted), "{wanted}");
    }
}

/// The cap of each area is worked out from its own baseline.
#[test]
fn areas_with_targets_of_their_own_have_each_drawn_and_named() {
    let evidence = PACKS.iter().find(|pack| pack.stem.starts_with("evidence")).unwrap();
    let judged = &DEMONSTRATION.published.evaluation.measures;
    let judged = judged.iter().find(|measure| measure.headline.measure.0 == "year-6-overweight").unwrap();
    let sections = evidence.rendered.html.split("<h5 id=\"measure-").skip(1);
    let is_its = |section: &&str| section.split('"').next().unwrap().ends_with("-year-6-overweight");
    let section = sections.into_iter().find(is_its).unwrap();
    let said = words(section.split_once("</figure>").unwrap().1.split_once("<table").unwrap().0)
        + &words(section.split_once("</figure>").unwrap().0);
    let note =
        said.split("Each area has a target of its own, a dashed line in its colour: ").nth(1).unwrap_or_else(|| panic!("{said}"));
    assert_eq!(judged.areas.len(), 2);
    let name = |area: &Assessment| DEMONSTRATION.config.areas.name(&area.area).to_owned();
    for area in &judged.areas {
        let target = area.target.as_ref().unwrap();
        assert!(note.contains(&format!("{}, {}", name(area), words(&target.words))), "{note}");
        assert!(said.contains(&format!("Target, {} {:.1}", name(area), target.value.unwrap())), "{said}");
    }
}
