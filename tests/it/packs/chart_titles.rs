//! The title of a chart is what it found, with a figure in it; what is drawn stands below it.

use crate::support::demonstration::PACKS;
use crate::support::page_text::words;

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
