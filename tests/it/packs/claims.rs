//! Nothing on a page is called significant, a matter of chance, risen or fallen without a test behind it, and nothing is
//! named by an id of the configuration.

use crate::support::demonstration::DEMONSTRATION;
use crate::support::page_text::words;
use crate::support::sample_pack::Sample;
use boardpack::assets::Assets;
use boardpack::evaluate::change::Tested;
use boardpack::evaluate::{self, Assessment, ChangeSince, Comparison, MeasureAssessment, Trend};
use boardpack::framework::{Measure, Statistic};
use boardpack::report::{PackInputs, ReportTemplates, render};
use std::collections::BTreeSet;

fn html(pack: &PackInputs<'_>, templates: &str) -> String {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), templates)
        .unwrap_or_else(|faults| panic!("{faults}"));
    render(pack, &templates).unwrap_or_else(|faults| panic!("{faults}")).html
}

/// The words of each measure's own section, with the measure as it was judged.
fn sections<'a>(pack: &PackInputs<'a>, html: &str) -> Vec<(String, &'a Measure, &'a MeasureAssessment)> {
    let body = html.split_once("<body").unwrap().1;
    let mut found = Vec::new();
    for part in body.split("<h5 id=\"measure-").skip(1) {
        let end = ["<h2", "<h3", "<h4"].iter().filter_map(|tag| part.find(tag)).min().unwrap_or(part.len());
        // `3-life-expectancy">`: its key, then its id.
        let id = part.split_once('"').and_then(|(anchor, _)| anchor.split_once('-')).unwrap().1;
        let judged = pack.evaluation.measures.iter().find(|m| m.headline.measure.0.to_lowercase() == id);
        let judged = judged.unwrap_or_else(|| panic!("no measure {id}"));
        let measure = pack.framework.measure(&judged.headline.measure).unwrap();
        found.push((words(&part[part.find('>').unwrap() + 1..end]), measure, judged));
    }
    assert_eq!(found.len(), pack.evaluation.measures.len());
    found
}

/// The changes to the latest figure, and that which the rule itself tested.
fn changes(of: &Assessment) -> Vec<&ChangeSince> {
    [&of.since_previous, &of.since_baseline].into_iter().filter_map(Option::as_ref).collect()
}

fn tested(of: &Assessment, significant: bool) -> bool {
    changes(of).iter().any(|since| since.change.is_significant() == Some(significant))
}

fn is_limit_based(of: &Assessment) -> bool {
    matches!(of.comparison, Comparison::Better | Comparison::Similar | Comparison::Worse | Comparison::Higher | Comparison::Lower)
}

/// What may be said of significance in the section of one measure, each with whether there is a test behind it.
fn allowed(measure: &Measure, judged: &MeasureAssessment) -> Vec<(&'static str, bool)> {
    let head = &judged.headline;
    let each = || judged.each();
    let trend = each().any(|a| a.trend != Trend::CannotBeCalculated);
    let adverse = head.by_area.as_ref().is_some_and(|by| by.areas.iter().any(|area| area.is_significantly_adverse));
    let slope = judged.breakdowns.iter().any(|breakdown| breakdown.slope.is_some());
    let changed = |significant| each().any(|a| tested(a, significant));
    let changed_to = |is_better| {
        let significant = changes(head).into_iter().filter(|since| since.change.is_significant() == Some(true));
        significant.into_iter().any(|since| since.is_better == is_better)
    };
    let compared = each().any(Assessment::is_tested_beside_comparator);
    let has_counts = |a: &&Assessment| a.latest.as_ref().is_some_and(|p| p.numerator.is_some() && p.denominator.is_some());
    let is_share_or_rate = matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate);
    let funnel = is_share_or_rate && judged.areas.iter().filter(has_counts).count() >= 5;
    let icons = head.control_chart(measure).is_some_and(|chart| chart.points.last().is_some_and(|last| !last.trial));
    vec![
        ("significantly higher (95%)", changed(true)),
        ("significantly lower (95%)", changed(true)),
        ("no significant change (95%)", changed(false)),
        ("has risen significantly over five years (99.8%)", trend),
        ("has fallen significantly over five years (99.8%)", trend),
        ("no significant trend over five years (99.8%)", trend),
        ("no significant trend in", trend),
        ("by more than chance (99.8%)", funnel),
        ("within which chance alone would leave 95% and 99.8% of figures", funnel),
        ("recent trend is significantly for the worse", trend || icons),
        ("significantly adverse", adverse),
        ("no significant difference", slope),
        ("Significantly better than in ", changed_to(Some(true))),
        ("Significantly worse than in ", changed_to(Some(false))),
        ("Significantly higher than in ", changed_to(None)),
        ("Significantly lower than in ", changed_to(None)),
        ("No significant change since ", changed(false)),
        ("Significantly better over five years", trend),
        ("Significantly worse over five years", trend),
        ("Significantly up over five years", trend),
        ("Significantly down over five years", trend),
        ("significantly worse than ", compared),
        ("significantly higher or lower than ", compared),
        ("statistically similar to", each().any(is_limit_based)),
        ("statistically better than", each().any(is_limit_based)),
        ("statistically worse than", each().any(is_limit_based)),
        ("special cause variation", icons),
        ("common cause variation", icons),
        ("chance of meeting the target", head.projection(measure).is_ok_and(|projection| projection.chance.is_some())),
    ]
}

/// Target words say what is wanted, not what was found.
fn without_targets(pack: &PackInputs<'_>, section: &str, judged: &MeasureAssessment) -> String {
    let mut wanted: Vec<String> = judged.each().filter_map(|a| a.target.as_ref()).map(|target| target.words.clone()).collect();
    let of_measure = pack.framework.aspirations().filter(|(_, aspiration)| aspiration.id == judged.headline.measure);
    wanted.extend(of_measure.map(|(_, aspiration)| pack.framework.target_in_words(aspiration, pack.areas)));
    wanted.sort_by_key(|words| std::cmp::Reverse(words.len()));
    let plain = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ").replace('\u{a0}', " ");
    wanted.iter().fold(section.to_owned(), |section, words| section.replace(&plain(words), "the target"))
}

const CLAIMS: [&str; 7] = ["significan", "Significan", "chance", " rose ", " fell ", " risen ", " fallen "];

fn assert_true(pack: &PackInputs<'_>) -> usize {
    let html = html(pack, "board_pack");
    let mut claims = 0;
    for (section, measure, judged) in sections(pack, &html) {
        let mut rest = without_targets(pack, &section, judged);
        // What partners said is theirs.
        while let Some((before, after)) = rest.split_once('\u{201c}') {
            rest = format!("{before}{}", after.split_once('\u{201d}').map_or("", |(_, after)| after));
        }
        for (phrase, has_test) in allowed(measure, judged) {
            assert!(has_test || !rest.contains(phrase), "{}: {phrase:?} without a test in\n{section}", measure.id);
            claims += rest.matches(phrase).count();
            rest = rest.replace(phrase, "");
        }
        for claim in CLAIMS {
            assert!(!rest.contains(claim), "{}: {claim:?} in\n{rest}", measure.id);
        }
    }
    claims
}

#[test]
fn each_claim_of_a_section_is_tested() {
    let claims = assert_true(&DEMONSTRATION.pack());
    assert!(claims > 40, "{claims} claims were found to be looked at");
    assert!(assert_true(&Sample::new(1).pack()) > 5);
}

#[test]
fn each_reason_is_tested() {
    let pack = DEMONSTRATION.pack();
    let mut looked_at = 0;
    for judged in &pack.evaluation.measures {
        let measure = pack.framework.measure(&judged.headline.measure).unwrap();
        for assessment in judged.each() {
            let alone = MeasureAssessment { headline: assessment.clone(), areas: judged.areas.clone(), breakdowns: Vec::new() };
            let mut reason = without_targets(&pack, &assessment.reason, &alone);
            for (phrase, has_test) in allowed(measure, &alone) {
                assert!(has_test || !reason.contains(phrase), "{}, {}: {}", measure.id, assessment.area, assessment.reason);
                reason = reason.replace(phrase, "");
            }
            for claim in CLAIMS {
                assert!(!reason.contains(claim), "{}, {}: {claim:?} in {}", measure.id, assessment.area, assessment.reason);
            }
            assert!(!reason.contains("least favourable"), "{}", assessment.reason);
            looked_at += 1;
        }
    }
    assert!(looked_at > 200, "{looked_at}");
}

#[test]
fn a_whole_count_is_never_tested() {
    let pack = DEMONSTRATION.pack();
    for judged in &pack.evaluation.measures {
        let measure = pack.framework.measure(&judged.headline.measure).unwrap();
        let is_whole = measure.uncertainty() == boardpack::framework::Uncertainty::None;
        for since in judged.each().flat_map(changes).filter(|_| is_whole) {
            assert!(!matches!(since.change.tested, Tested::By(_)), "{}", measure.id);
        }
    }
}

/// Sentences outside the measures' sections that speak of chance or significance, as rules do, or as sums of tests.
const SAID_OF_RULES: [&str; 10] = [
    "chance alone would call about",
    "chance alone would call fewer than",
    "The chance of meeting the target, to the nearest tenth",
    "life chances",
    "The chance is that of the line",
    "The chance is less than even for",
    "Each filled circle is one chance in ten",
    "Without a chance, and why",
    "by more than chance (99.8%)",
    "within which chance alone would leave 95% and 99.8% of figures",
];

#[test]
fn no_page_leaves_anything_to_chance() {
    let sample = Sample::new(1);
    for pack in [DEMONSTRATION.pack(), sample.pack()] {
        for templates in ["board_pack", "public_summary"] {
            let mut text = words(html(&pack, templates).split_once("<body").unwrap().1);
            text = text.replace("chance of meeting the target by", "");
            for said in SAID_OF_RULES {
                text = text.replace(said, "");
            }
            for claim in ["chance", "within what chance", "varies as usual", "least favourable area", "No data"] {
                let at = text.find(claim);
                let around =
                    at.map(|at| text.chars().skip(text[..at].chars().count().saturating_sub(80)).take(200).collect::<String>());
                assert_eq!(around, None, "{templates}: {claim:?}");
            }
        }
    }
}

#[test]
fn no_page_names_anything_by_an_id() {
    let pack = DEMONSTRATION.pack();
    let framework = pack.framework;
    let ids = framework.measures.iter().map(|m| m.id.0.as_str());
    let ids =
        ids.chain(framework.ambitions.iter().map(|a| a.id.as_str())).chain(framework.actions.iter().map(|a| a.id.0.as_str()));
    // Fewer hyphens are words: self-harm.
    let ids: BTreeSet<&str> = ids.filter(|id| id.matches('-').count() >= 2).collect();
    assert!(ids.len() > 60, "{}", ids.len());
    for templates in ["board_pack", "public_summary"] {
        let text = words(html(&pack, templates).split_once("<body").unwrap().1);
        let found: BTreeSet<&str> =
            text.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| ids.contains(word)).collect();
        assert_eq!(found, BTreeSet::new(), "{templates}");
        let sources = ["fingertips, indicator", "oflog, indicator", "hcai, indicator"];
        assert!(sources.iter().all(|source| !text.contains(source)), "{templates}");
    }
}

#[test]
fn the_pack_lists_only_ambitions_and_actions() {
    let pack = DEMONSTRATION.pack();
    let text = words(&html(&pack, "board_pack"));
    assert!(text.contains("Of 52 ambitions for") && text.contains("Of 23 key actions:"));
    let rollup = evaluate::rollup(pack.framework, pack.evaluation);
    assert!(rollup.tests.since_previous > 0);
    for matter in rollup.alert.iter().chain(&rollup.advise) {
        if let evaluate::MatterSubject::Ambition(id) = &matter.subject {
            let ambition = pack.framework.ambitions.iter().find(|ambition| ambition.id == *id).unwrap();
            assert!(text.contains(ambition.statement.trim_end_matches('.')), "{}", ambition.statement);
        }
    }
}
