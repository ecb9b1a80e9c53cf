//! What is said beside figures: a reader who knows the rules tries each count that a hidden figure could have, and sees with
//! which of them the pack would read as it does.

use super::system::{STANDARD, System, TODAY, YEAR};
use crate::support::small_framework::{self, counted, given};
use boardpack::collect::{Finding, Grade};
use boardpack::evaluate::{EvaluationInputs, FigureVintages, Revision, disclose_revisions, evaluate};
use boardpack::fault::Fault;
use boardpack::figure::{FigureKey, Observation};
use boardpack::framework::{Ambition, TargetKind};
use boardpack::period::Period;
use boardpack::value::Value;
use std::collections::BTreeMap;

/// Where two texts begin to differ.
pub fn differs(one: &str, other: &str) -> String {
    let at = one.bytes().zip(other.bytes()).position(|(a, b)| a != b).unwrap_or_default();
    let around = |text: &str| {
        let bytes = text.as_bytes();
        String::from_utf8_lossy(&bytes[at.saturating_sub(150)..bytes.len().min(at + 150)]).into_owned()
    };
    format!("{}\nand {}", around(one), around(other))
}

/// A system with another target.
fn with_target(mut system: System, target: &str) -> System {
    let ambition =
        format!("id = \"a\"\npriority = \"p\"\nstatement = \"Less\"\n[[measure]]\nid = \"m\"\ntarget = {{ {target} }}");
    system.framework.ambitions = vec![toml::from_str::<Ambition>(&ambition).unwrap()];
    system
}

/// The pack reads alike with three or more of the counts from 1 to `most`, whichever of them is the hidden one.
#[track_caller]
fn assert_alike(system: &System, most: u32, figures: impl Fn(f64) -> Vec<Observation>) {
    let mut packs: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for count in 1..=most {
        let mut published = system.published(&figures(f64::from(count)));
        // The tests' own figures say where they came from.
        published.each().for_each(|of| assert!(of.working.is_none()));
        published.areas.sort_by(|a, b| a.area.cmp(&b.area));
        packs.entry(format!("{published:?}")).or_default().push(count);
    }
    let told: Vec<_> = packs.iter().filter(|(_, counts)| counts.len() < 3).collect();
    if let Some((pack, counts)) = told.first() {
        let (other, others) = packs.iter().find(|(_, others)| others != counts).unwrap();
        panic!("{counts:?} from {others:?}: {}", differs(pack, other));
    }
}

const TARGETS: [&str; 16] = [
    "kind = \"direction\", baseline = { period = \"2022/23\" }",
    "kind = \"level\", value = 0.2, due = \"2028-03-31\", baseline = { period = \"2022/23\" }",
    "kind = \"level\", value = 0.2, strict = true, due = \"2024-12-31\"",
    "kind = \"percent_change\", percent = -30.0, baseline = { period = \"2022/23\" }",
    "kind = \"sustained_reduction\", baseline = { period = \"2022/23\" }",
    "kind = \"stabilise\", baseline = { period = \"2022/23\" }",
    "kind = \"better_than_comparator\"",
    "kind = \"similar_or_better\"",
    "kind = \"standing\", full = 0.0, from = \"2023-04-01\"",
    "kind = \"close_gap\", baseline = { period = \"2022/23\" }",
    "kind = \"cap_rise\", percent = 30.0, baseline = { period = \"2022/23\" }",
    "kind = \"against_growth\", percent = 5.0, annual_growth_percent = 1.5, baseline = { period = \"2022/23\" }",
    "kind = \"annual_target\", targets = [], every_year = 0.2",
    "kind = \"narrow_gap\", baseline = { period = \"2022/23\" }",
    "kind = \"compliance\", full = 0.0",
    "kind = \"reduction_band\", percent = 80.0, early = \"2028-12-31\", late = \"2032-12-31\", baseline = { period = \"2022/23\" }",
];

const YEARS: [&str; 7] = ["2019/20", "2020/21", "2021/22", "2022/23", "2023/24", "2024/25", "2025/26"];

#[test]
fn statuses_trends_and_flags_tell_nothing_hidden() {
    small_framework::assert_every_kind(TARGETS.map(|target| format!("{{ {target} }}")), &[TargetKind::NotJudged]);
    for target in TARGETS {
        for polarity in ["low", "high"] {
            for disclosure in ["standard", "hospital-episodes"] {
                let extra = format!("disclosure = \"{disclosure}\"\npolarity = \"{polarity}\"\nparts_are = \"areas\"");
                let system = with_target(System::of_districts(&extra), target);
                let most = if disclosure == "standard" { 4 } else { 7 };
                for hidden in [3, 5, 6] {
                    assert_alike(&system, most, |count| {
                        let of_year = |(i, year): (usize, &&str)| {
                            let count = if i == hidden { count } else { 9.0 + 2.0 * i as f64 };
                            counted("SYS", year, count, 1000.0)
                        };
                        let own = YEARS.iter().enumerate().map(of_year);
                        own.chain(YEARS.iter().map(|year| counted("ENG", year, 250.0, 100_000.0))).collect()
                    });
                }
            }
        }
    }
}

#[test]
fn area_made_statuses_tell_nothing_hidden() {
    // Rates that are not added up: the system stands as its areas do.
    let rates = "statistic = \"standardised-rate\"\nunit = \"per100k\"\nmultiplier = 100000.0\npolarity = \"low\"\n\
                 disclosure = \"standard\"\nparts_are = \"areas\"";
    for target in TARGETS {
        let target = target.replace("0.2", "200.0");
        let system = with_target(System::of_districts(rates), &target);
        for hidden in ["CITY", "D2"] {
            assert_alike(&system, 4, |count| {
                let rate = |area: &str, year: &str, count: f64| Observation {
                    numerator: Some(count),
                    ..given(area, year, 100_000.0 * count / 1000.0)
                };
                let mut figures = vec![rate("ENG", YEAR, 3.0), rate("ENG", "2022/23", 3.0)];
                for (area, others) in [("CITY", 5.0), ("D1", 6.0), ("D2", 11.0), ("D3", 7.0), ("D4", 8.0)] {
                    figures.push(rate(area, "2022/23", 9.0));
                    figures.push(rate(area, YEAR, if area == hidden { count } else { others }));
                }
                figures
            });
        }
    }
}

#[test]
fn no_figure_beside_another_tells_a_hidden_one() {
    let extra = format!("{STANDARD}\nstatistic = \"count\"\nunit = \"count\"\ndecimals = 0\npolarity = \"low\"");
    let mut system = System::of_districts(&extra);
    system.framework.edition.beside = vec![boardpack::area::AreaCode::new("D2").unwrap()];
    assert_alike(&system, 4, |count| vec![given("D2", YEAR, count), given("D3", YEAR, 20.0)]);
}

#[test]
fn doubts_about_hidden_figures_are_not_quoted() {
    let system = System::of_districts(STANDARD);
    let counts = [("CITY", 30.0), ("D1", 20.0), ("D2", 3.0), ("D3", 12.0), ("D4", 15.0)];
    let figures: Vec<_> = counts.iter().map(|(area, count)| counted(area, YEAR, *count, 1000.0)).collect();
    let key = FigureKey { category: None, ..FigureKey::of(&figures[2]) };
    let problem = "fell from 2.9% to 0.3%, 3 of 1,000 in all";
    let finding = Finding::new(Grade::Question, Fault::new("line 4", problem, "ask")).about(key);
    let inputs =
        EvaluationInputs::new(&system.framework, &system.areas, &figures, &[], Period::financial_quarter(2026, 2), TODAY);
    let judged = evaluate(&EvaluationInputs { findings: &[finding], ..inputs });
    assert!(judged.measures[0].headline.reason.contains("0.3%"), "{}", judged.measures[0].headline.reason);
    let published = small_framework::disclosed(&judged, &system.framework, &system.areas);
    let said = format!("{:?}", published.measures[0].each().map(|of| &of.reason).collect::<Vec<_>>());
    assert!(said.contains("is in question: fell from \u{2026} to \u{2026}"), "{said}");
    assert!(!said.contains("0.3%") && !said.contains("2.9%") && !said.contains("3 of"), "{said}");
}

/// The revision of one district's figure, the last pack having shown the first of these, as it is told beside the last of
/// them; what came in between was never published.
fn told(disclosure: &str, figures: [f64; 3]) -> Vec<(Value, Value)> {
    let extra =
        format!("disclosure = \"{disclosure}\"\nstatistic = \"count\"\nunit = \"count\"\ndecimals = 0\npolarity = \"low\"");
    let mut system = System::of_districts(&extra);
    let of = |figure: f64| vec![given("D1", YEAR, figure)];
    let [first, before, last] = figures;
    let earlier = system.disclosed(&of(first));
    system.remember(&earlier);
    let now = of(last);
    let revised = FigureVintages::of(&now).replacing(&of(before)).revisions();
    assert_eq!(revised.len(), 1);
    let published = system.disclosed(&now).evaluation;
    let told: Vec<Revision> = disclose_revisions(&revised, &published, &system.earlier, &system.framework);
    told.iter().map(|of| (of.old, of.new)).collect()
}

#[test]
fn revisions_are_told_as_published() {
    let number = Value::Number;
    assert_eq!(told("standard", [20.0, 20.0, 24.0]), [(number(20.0), number(24.0))]);
    assert_eq!(told("standard", [20.0, 22.0, 24.0]), [(Value::Suppressed, number(24.0))], "22 was in no pack");
    assert_eq!(told("standard", [20.0, 20.0, 3.0]), [(Value::Suppressed, Value::Suppressed)]);
    assert_eq!(told("standard", [3.0, 3.0, 24.0]), [(Value::Suppressed, number(24.0))]);
    assert_eq!(told("hospital-episodes", [21.0, 21.0, 31.0]), [(number(20.0), number(30.0))]);
    assert_eq!(told("hospital-episodes", [21.0, 21.0, 22.0]), [], "both are shown as 20");
    assert_eq!(told("none", [3.0, 3.0, 2.0]), [(number(3.0), number(2.0))]);
}
