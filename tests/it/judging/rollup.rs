//! Areas summed up their tree, revised figures, what may be published, lists for the board, and movement.

use crate::support::small_framework;

use crate::support::small_framework::{counted, disclosed, given, received};
use boardpack::area::{AreaCode, Areas};
use boardpack::collect::Collection;
use boardpack::evaluate::{
    Evaluation, EvaluationInputs, FigureVintages, Flag, MatterSubject, MeasureAssessment, MovementKind, Movements, Point, Status,
    evaluate, rollup,
};
use boardpack::figure::{Observation, Provenance};
use boardpack::framework::{Action, ActionId, Aim, Ambition, Framework, Measure, MeasureId, Priority};
use boardpack::period::Period;
use boardpack::store::{Ledger, NewRun, RunId, RunOutcome};
use boardpack::value::{Limits, Sex, Value};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A system of a city and a county of four districts, which two places share out between them.
const AREAS: &str = r#"
area = [
  { code = "ENG", name = "England", kind = "country" },
  { code = "SYS", name = "The system", kind = "system", parts = ["CITY", "COUNTY"] },
  { code = "CITY", name = "The city", kind = "authority" },
  { code = "COUNTY", name = "The county", kind = "authority", parts = ["D1", "D2", "D3", "D4"] },
  { code = "D1", name = "Ashton", kind = "district" },
  { code = "D2", name = "Bexford", kind = "district" },
  { code = "D3", name = "Corley", kind = "district" },
  { code = "D4", name = "Denby", kind = "district" },
  { code = "NORTH", name = "The north", kind = "place", parts = ["D1", "D2"] },
  { code = "SOUTH", name = "The south", kind = "place", parts = ["D3", "D4"] },
  { code = "ICB", name = "The board", kind = "organisation" },
]
"#;
const DISTRICTS: [&str; 5] = ["CITY", "D1", "D2", "D3", "D4"];
const BY_DISTRICT: &str = r#"parts = ["CITY", "D1", "D2", "D3", "D4"]"#;
const TODAY: Date = date(2026, 11, 20);
const LEVEL: &str = r#"{ kind = "level", value = 56.0, baseline = { period = "2022/23", value = 50.0 } }"#;

fn areas() -> Areas {
    Areas::parse(AREAS, "areas.toml").unwrap()
}

fn measure(extra: &str) -> Measure {
    small_framework::measure(extra, r#"["CITY", "COUNTY"]"#)
}

fn framework(measures: Vec<Measure>, target: &str) -> Framework {
    let ambition = |measure: &Measure| {
        let text = format!(
            "id = \"a-{0}\"\npriority = \"p\"\nstatement = \"More\"\n[[measure]]\nid = \"{0}\"\ntarget = {target}",
            measure.id
        );
        toml::from_str::<Ambition>(&text).unwrap()
    };
    Framework {
        edition: small_framework::edition(),
        aims: vec![Aim { id: "aim".into(), title: "Aim".into(), owner: String::new() }],
        priorities: vec![Priority {
            id: "p".into(),
            aim: "aim".into(),
            title: "Priority".into(),
            short: "P".into(),
            definition: String::new(),
        }],
        ambitions: measures.iter().map(ambition).collect(),
        measures,
        actions: Vec::new(),
    }
}

fn evaluated_in(areas: &Areas, framework: &Framework, observations: &[Observation]) -> Evaluation {
    let period = Period::financial_quarter(2026, 2);
    evaluate(&EvaluationInputs::new(framework, areas, observations, &[], period, TODAY))
}

fn one(measure: Measure, target: &str, observations: &[Observation]) -> MeasureAssessment {
    evaluated_in(&areas(), &framework(vec![measure], target), observations).measures.remove(0)
}

fn published(measure: Measure, target: &str, observations: &[Observation]) -> MeasureAssessment {
    let framework = framework(vec![measure], target);
    let evaluation = evaluated_in(&areas(), &framework, observations);
    disclosed(&evaluation, &framework, &areas()).measures.remove(0)
}

fn area<'a>(of: &'a MeasureAssessment, code: &str) -> &'a Point {
    let assessment = of.areas.iter().find(|a| a.area.as_str() == code).unwrap_or_else(|| panic!("{code} was not assessed"));
    assessment.latest.as_ref().unwrap()
}

mod tree {
    use super::*;

    #[test]
    fn districts_make_authorities_and_authorities_the_system() {
        let figures: Vec<_> =
            DISTRICTS.iter().zip(1..).map(|(code, i)| counted(code, "2025/26", 10.0 * f64::from(i), 100.0)).collect();
        let found = one(measure(""), LEVEL, &figures);
        let latest = found.headline.latest.unwrap();
        assert_eq!((latest.numerator, latest.denominator, latest.value), (Some(150.0), Some(500.0), Value::Number(30.0)));
        assert_eq!((found.headline.area.as_str(), latest.sources.len()), ("SYS", 5));
        let limits = latest.limits.unwrap();
        assert!((limits.lower - 26.15).abs() < 0.01 && (limits.upper - 34.16).abs() < 0.01, "{limits:?}");
        assert!(!found.headline.flags.contains(&Flag::ByArea));
    }

    #[test]
    fn published_authority_figures_precede_sums() {
        let mut figures: Vec<_> = DISTRICTS.iter().map(|code| counted(code, "2025/26", 10.0, 100.0)).collect();
        figures.push(counted("COUNTY", "2025/26", 300.0, 1000.0));
        let latest = one(measure(""), LEVEL, &figures).headline.latest.unwrap();
        assert_eq!((latest.numerator, latest.denominator), (Some(310.0), Some(1100.0)));
    }

    #[test]
    fn authorities_missing_a_district_have_no_figure() {
        let figures: Vec<_> = ["CITY", "D1", "D2", "D4"].iter().map(|code| counted(code, "2025/26", 60.0, 100.0)).collect();
        let found = one(measure(""), LEVEL, &figures).headline;
        assert!(found.flags.contains(&Flag::Incomplete) && found.flags.contains(&Flag::ByArea));
        assert!(found.reason.ends_with("not judged: Corley"), "{}", found.reason);
    }

    #[test]
    fn places_are_made_of_districts() {
        let figures: Vec<_> =
            DISTRICTS.iter().zip(1..).map(|(code, i)| counted(code, "2025/26", 10.0 * f64::from(i), 100.0)).collect();
        let found = one(measure(BY_DISTRICT), LEVEL, &figures);
        let codes: Vec<_> = found.areas.iter().map(|a| a.area.as_str()).collect();
        assert_eq!(codes, ["CITY", "D1", "D2", "D3", "D4", "COUNTY", "NORTH", "SOUTH"]);
        assert_eq!((area(&found, "NORTH").numerator, area(&found, "SOUTH").numerator), (Some(50.0), Some(90.0)));
    }

    #[test]
    fn an_only_part_is_the_whole() {
        let by_board = || measure("parts = [\"ICB\"]\nstatistic = \"estimate\"");
        let found = one(by_board(), LEVEL, &[given("ICB", "2025/26", 57.0)]);
        assert_eq!((found.headline.area.as_str(), found.headline.status), ("SYS", Status::Achieved));
        assert!(!found.headline.flags.contains(&Flag::ByArea) && found.areas.is_empty());
        let withheld = Observation { value: Value::Suppressed, ..given("ICB", "2025/26", 0.0) };
        let found = one(by_board(), LEVEL, &[withheld]).headline;
        assert!(found.status == Status::NoFigure && found.flags.contains(&Flag::Suppressed), "{}", found.reason);
    }

    #[test]
    fn standardised_rates_are_not_summed_up_the_tree() {
        let figures: Vec<_> = DISTRICTS.iter().map(|code| counted(code, "2025/26", 60.0, 100.0)).collect();
        let found = one(measure(&format!("statistic = \"standardised-rate\"\n{BY_DISTRICT}")), LEVEL, &figures);
        assert!(found.headline.flags.contains(&Flag::ByArea));
        assert_eq!(found.areas.len(), 5);
    }

    #[test]
    fn older_sums_do_not_reveal_withheld_parts() {
        let withheld = |code| Observation { value: Value::Suppressed, ..given(code, "2025/26", 0.0) };
        let figures = [
            counted("CITY", "2024/25", 60.0, 100.0),
            counted("COUNTY", "2024/25", 60.0, 100.0),
            withheld("CITY"),
            withheld("COUNTY"),
        ];
        assert!(one(measure(""), LEVEL, &figures).headline.flags.contains(&Flag::Suppressed));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        /// Leaves with hundredths, put into groups at random and those into the system, in any order.
        #[test]
        fn summing_commutes(
            leaves in prop::collection::vec((0..1_000_000_u32, 0..4_usize), 2..12),
            order in any::<prop::sample::Index>(),
        ) {
            let code = |i: usize| format!("L{i}");
            let total = |grouped: bool, turned: usize| {
                let mut groups: BTreeMap<usize, Vec<String>> = BTreeMap::new();
                for (i, (_, group)) in leaves.iter().enumerate() {
                    groups.entry(if grouped { *group } else { i }).or_default().push(code(i));
                }
                let mut file = String::new();
                let mut parts = Vec::new();
                let mut area = |code: &str, kind: &str, parts: &[String]| {
                    file += &format!("[[area]]\ncode = \"{code}\"\nname = \"N\"\nkind = \"{kind}\"\nparts = {parts:?}\n");
                };
                for (group, members) in &groups {
                    let name = format!("G{group}");
                    area(&name, "place", members);
                    parts.push(name);
                }
                (0..leaves.len()).for_each(|i| area(&code(i), "district", &[]));
                parts.rotate_left(turned % groups.len());
                area("SYS", "system", &parts);
                let tree = Areas::parse(&file, "areas.toml").unwrap();
                let tonnes = measure("statistic = \"quantity\"\nunit = \"tco2e\"\nparts = []");
                let figures: Vec<_> =
                    leaves.iter().enumerate().map(|(i, (x, _))| given(&code(i), "2025/26", f64::from(*x) / 100.0)).collect();
                evaluated_in(&tree, &framework(vec![tonnes], LEVEL), &figures).measures.remove(0).headline.latest.unwrap().value
            };
            let hundredths: u64 = leaves.iter().map(|(x, _)| u64::from(*x)).sum();
            let exact = Value::Number(hundredths as f64 / 100.0);
            prop_assert_eq!(total(false, 0), exact);
            prop_assert_eq!(total(true, order.index(leaves.len())), exact);
        }
    }
}

mod revision {
    use super::*;

    fn vintage(value: Value, at: &str) -> Observation {
        Observation { value, provenance: received(at), ..given("SYS", "2025/26", 0.0) }
    }

    #[test]
    fn vintages_give_changes_in_any_order() {
        let (old, new) =
            (vintage(Value::Number(53.0), "2026-01-01T00:00:00Z"), vintage(Value::Number(54.0), "2026-05-01T00:00:00Z"));
        for given in [[old.clone(), new.clone()], [new.clone(), old.clone()]] {
            let [change] = FigureVintages::of(&given).revisions().try_into().unwrap();
            assert_eq!((change.old, change.new), (Value::Number(53.0), Value::Number(54.0)));
            assert_eq!((change.old_source, change.new_source), (old.provenance.clone(), new.provenance.clone()));
        }
        assert_eq!(FigureVintages::of(&[new.clone(), new]).revisions(), []);
    }

    #[test]
    fn vintages_differ_at_the_precision_of_publication() {
        let answer: fn(&str) -> Provenance = |sha256| Provenance::Answer {
            publisher: "Publisher".into(),
            indicator: "indicator".into(),
            url: "https://example.org".into(),
            retrieved: "2026-05-01T00:00:00Z".parse().unwrap(),
            sha256: sha256.into(),
            line: 2,
            place: String::new(),
        };
        let cell: fn(&str) -> Provenance = |sha256| Provenance::Cell {
            partner: "p".into(),
            file: "p.xlsx".into(),
            sha256: sha256.into(),
            sheet: "S".into(),
            cell: "C7".into(),
            by: String::new(),
        };
        let of = |area: &str, value: f64, provenance: Provenance| Observation { provenance, ..given(area, "2025/26", value) };
        // `also` stands in the same answer, and shows its decimals.
        for (old, new, also, source, revised) in [
            // At the published decimal, and past it.
            (12.3, 12.4, 10.1, answer, true),
            (12.3, 12.34, 10.1, answer, false),
            // 12 is 12.0 in a source that gives a decimal.
            (12.0, 12.4, 10.1, answer, true),
            (93.877_671_323_450_8, 93.877_671_323_450_81, 10.1, answer, false),
            (12.345_678_901_234_5, 12.345_678_901_234_6, 10.1, answer, false),
            // A count is exact.
            (8_178_893_123.0, 8_178_893_124.0, 10.0, answer, true),
            // What a partner wrote was given in full.
            (80.0, 80.4, 10.0, cell, true),
            (80.1, 80.100_000_000_000_01, 10.0, cell, false),
        ] {
            let now = [of("SYS", new, source("bb")), of("CITY", also, source("bb"))];
            let mut vintages = FigureVintages::of(&now);
            vintages.hold_against(of("SYS", old, source("aa")));
            vintages.hold_against(of("CITY", also, source("aa")));
            let revisions = vintages.revisions();
            assert_eq!(revisions.len(), usize::from(revised), "{old} and {new}");
            for revision in revisions {
                assert_eq!((revision.old, revision.new), (Value::Number(old), Value::Number(new)));
                assert_eq!((revision.old_source, revision.new_source), (source("aa"), source("bb")));
            }
        }
    }

    #[test]
    fn only_shared_and_differing_figures_are_revised() {
        let now = [
            vintage(Value::Number(54.0), "2026-05-01T00:00:00Z"),
            Observation { area: AreaCode::new("CITY").unwrap(), ..vintage(Value::Suppressed, "2026-05-01T00:00:00Z") },
            Observation { area: AreaCode::new("COUNTY").unwrap(), ..vintage(Value::Number(1.0), "2026-05-01T00:00:00Z") },
            Observation { sex: Sex::Female, ..vintage(Value::Number(9.0), "2026-05-01T00:00:00Z") },
        ];
        let mut vintages = FigureVintages::of(&now);
        vintages.hold_against(vintage(Value::Number(53.0), "2026-02-01T00:00:00Z"));
        // An older vintage of the earlier run had been replaced there already.
        vintages.hold_against(vintage(Value::Number(52.0), "2026-01-01T00:00:00Z"));
        vintages.hold_against(Observation { area: AreaCode::new("CITY").unwrap(), ..given("CITY", "2025/26", 3.0) });
        vintages.hold_against(Observation { value: Value::Missing, ..given("COUNTY", "2025/26", 0.0) });
        vintages.hold_against(given("D1", "2025/26", 7.0));
        let changes: Vec<_> = vintages.revisions().into_iter().map(|r| (r.area.as_str().to_owned(), r.old, r.new)).collect();
        let wanted = [
            ("CITY".to_owned(), Value::Number(3.0), Value::Suppressed),
            ("SYS".to_owned(), Value::Number(53.0), Value::Number(54.0)),
        ];
        assert_eq!(changes, wanted);
    }
}

mod disclosure {
    use super::*;

    const STANDARD: &str = "disclosure = \"standard\"";

    fn counts(extra: &str) -> Measure {
        measure(&format!("statistic = \"count\"\nunit = \"count\"\ndecimals = 0\npolarity = \"low\"\n{extra}"))
    }

    #[test]
    fn small_counts_are_hidden_but_keep_statuses() {
        let figures = [counted("SYS", "2024/25", 4.0, 40.0), counted("SYS", "2025/26", 3.0, 50.0)];
        let shown = published(measure(STANDARD), LEVEL, &figures).headline;
        let latest = shown.latest.unwrap();
        assert_eq!((latest.value, latest.numerator, latest.denominator, latest.limits), (Value::Suppressed, None, None, None));
        assert_eq!(shown.status, Status::OffTrack);
        assert!(shown.flags.contains(&Flag::Suppressed));
        assert!(!shown.reason.contains(|c: char| c.is_ascii_digit()), "{}", shown.reason);
        assert!(shown.series.iter().chain(&shown.previous).all(|p| p.value == Value::Suppressed && p.numerator.is_none()));
    }

    #[test]
    fn zero_and_large_counts_stay() {
        for (numerator, hidden) in [(0.0, false), (1.0, true), (4.0, true), (5.0, false)] {
            let figures = [counted("SYS", "2025/26", numerator, 100.0)];
            let mut judged = one(measure(STANDARD), LEVEL, &figures);
            // How it was judged is never published of a measure that is protected.
            judged.headline.working = None;
            let shown = published(measure(STANDARD), LEVEL, &figures);
            assert_eq!(shown.headline.latest.as_ref().unwrap().value == Value::Suppressed, hidden, "{numerator}");
            assert_eq!(shown == judged, !hidden, "{numerator}");
        }
        let unprotected = [counted("SYS", "2025/26", 3.0, 100.0)];
        assert_eq!(published(measure(""), LEVEL, &unprotected), one(measure(""), LEVEL, &unprotected));
    }

    #[test]
    fn a_second_part_of_a_sum_is_hidden() {
        let numbers = [("CITY", 900.0), ("D1", 3.0), ("D2", 40.0), ("D3", 0.0), ("D4", 25.0)];
        let figures: Vec<_> = numbers.iter().map(|(code, number)| counted(code, "2025/26", *number, 1000.0)).collect();
        let shown = published(measure(&format!("{STANDARD}\n{BY_DISTRICT}")), LEVEL, &figures);
        let hidden: Vec<_> =
            shown.areas.iter().filter(|a| a.flags.contains(&Flag::Suppressed)).map(|a| a.area.as_str()).collect();
        // Bexford alone is told by the north, and Denby then by the south, were the places not to go with them.
        assert_eq!(area(&shown, "D3").value, Value::Number(0.0));
        assert!(hidden.contains(&"D1") && hidden.contains(&"D2"), "{hidden:?}");
        assert_eq!(shown.headline.latest.unwrap().numerator, Some(968.0), "the system's figure stays");
    }

    #[test]
    fn reasons_quote_no_earlier_small_count() {
        let target = r#"{ kind = "percent_change", percent = -10.0, baseline = { period = "2022/23" } }"#;
        let figures = [given("SYS", "2022/23", 3.0), given("SYS", "2025/26", 12.0)];
        let shown = published(counts(STANDARD), target, &figures).headline;
        assert_eq!(shown.latest.unwrap().value, Value::Number(12.0));
        assert_eq!(shown.baseline.unwrap().value, Value::Suppressed);
        let goal = shown.goal.unwrap();
        assert_eq!((goal.value, goal.expected_now), (None, None));
        assert_eq!(goal.words, "10% below 2022/23 by 31 March 2028");
        let reason =
            "12 in 2025/26; wanted: 10% below 2022/23 by 31 March 2028; an earlier figure is suppressed to protect people";
        assert_eq!(shown.reason, reason);
    }

    #[test]
    fn statuses_that_tell_a_count_are_withheld() {
        let all = r#"{ kind = "compliance", full = 100.0 }"#;
        let judged = [counted("SYS", "2025/26", 3.0, 3.0)];
        assert_eq!(one(measure(STANDARD), all, &judged).headline.status, Status::Achieved);
        let shown = published(measure(STANDARD), all, &judged).headline;
        assert_eq!(shown.status, Status::NoFigure);
        assert!(shown.flags.contains(&Flag::Suppressed));

        // At most one, and it is not zero: it is one.
        let at_most =
            |most: f64| format!("{{ kind = \"level\", value = {most}.0, baseline = {{ period = \"2022/23\", value = 9.0 }} }}");
        assert_eq!(published(counts(STANDARD), &at_most(1.0), &[given("SYS", "2025/26", 1.0)]).headline.status, Status::NoFigure);
        // Of four, the status would be another; were it left out for four alone, that would tell them.
        for count in [2.0, 4.0] {
            let status = published(counts(STANDARD), &at_most(3.0), &[given("SYS", "2025/26", count)]).headline.status;
            assert_eq!(status, Status::NoFigure, "{count}");
        }
        assert_eq!(published(counts(STANDARD), &at_most(4.0), &[given("SYS", "2025/26", 2.0)]).headline.status, Status::Achieved);
    }

    #[test]
    fn hospital_episodes_are_hidden_and_rounded() {
        let rule = "disclosure = \"hospital-episodes\"";
        let target = r#"{ kind = "percent_change", percent = -10.0, baseline = { period = "2022/23" } }"#;
        let figures = [given("SYS", "2022/23", 123.0), given("SYS", "2024/25", 7.0), given("SYS", "2025/26", 98.0)];
        let shown = published(counts(rule), target, &figures).headline;
        let values: Vec<_> = shown.series.iter().map(|p| p.value).collect();
        assert_eq!(values, [Value::Number(125.0), Value::Suppressed, Value::Number(100.0)]);
        assert!(shown.reason.starts_with("100 in 2025/26, by counts rounded to 5"), "{}", shown.reason);
        assert_eq!(shown.goal.unwrap().value, None);

        let share = published(measure(rule), LEVEL, &[counted("SYS", "2025/26", 98.0, 200.0)]).headline.latest.unwrap();
        assert_eq!((share.value, share.numerator, share.limits), (Value::Number(50.0), Some(100.0), None));
    }

    #[test]
    fn replaced_figures_of_protected_measures_are_unquoted() {
        let later = Observation { provenance: received("2026-05-01T00:00:00Z"), ..counted("SYS", "2025/26", 60.0, 100.0) };
        let figures = [counted("SYS", "2025/26", 2.0, 100.0), later];
        let shown = published(measure(STANDARD), LEVEL, &figures).headline;
        assert_eq!(shown.reason, "60.0% in 2025/26; wanted: 56.0% by March 2028");
    }

    /// Every way of filling in the hidden counts of districts, places, county and system that agrees with what is
    /// published and with the rule that zeros are never hidden.
    fn possible(shown: &BTreeMap<&str, Option<f64>>, most: u32) -> Vec<[u32; 5]> {
        let ceiling = most + 30;
        let range = |code: &str| match shown[code] {
            Some(count) => count as u32..=count as u32,
            None => 1..=ceiling,
        };
        let agrees = |code: &str, sum: u32| shown[code].is_none_or(|published| published as u32 == sum);
        let mut found = Vec::new();
        for d1 in range("D1") {
            for d2 in range("D2").filter(|d2| agrees("NORTH", d1 + d2)) {
                for d3 in range("D3") {
                    for d4 in range("D4").filter(|d4| agrees("SOUTH", d3 + d4) && agrees("COUNTY", d1 + d2 + d3 + d4)) {
                        for city in range("CITY").filter(|city| agrees("SYS", city + d1 + d2 + d3 + d4)) {
                            found.push([city, d1, d2, d3, d4]);
                        }
                    }
                }
            }
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_hidden_count_can_be_had_by_subtraction(
            numbers in prop::array::uniform5(prop_oneof![2 => 0..=4_u32, 1 => 5..20_u32]),
        ) {
            let figures: Vec<_> =
                DISTRICTS.iter().zip(numbers).map(|(code, x)| counted(code, "2025/26", f64::from(x), 1000.0)).collect();
            let found = published(measure(&format!("{STANDARD}\n{BY_DISTRICT}")), LEVEL, &figures);
            let mut shown: BTreeMap<&str, Option<f64>> = BTreeMap::new();
            for assessment in found.areas.iter().chain([&found.headline]) {
                shown.insert(assessment.area.as_str(), assessment.latest.as_ref().unwrap().numerator);
            }
            let ways = possible(&shown, 4);
            for (i, code) in DISTRICTS.iter().enumerate() {
                prop_assert!((1..=4).contains(&numbers[i]) <= shown[code].is_none(), "{} is small and shown", code);
                if (1..=4).contains(&numbers[i]) {
                    let first = ways[0][i];
                    prop_assert!(ways.iter().any(|way| way[i] != first), "{} can be had: {:?}", code, shown);
                }
            }
        }
    }
}

mod board {
    use super::*;

    fn named(id: &str, extra: &str) -> Measure {
        measure(&format!("id = \"{id}\"\n{extra}"))
    }

    fn for_measure(id: &str, observation: Observation) -> Observation {
        Observation { measure: MeasureId(id.into()), ..observation }
    }

    fn ids(matters: &[boardpack::evaluate::BoardMatter]) -> Vec<(&str, &str)> {
        let id = |subject: &'_ MatterSubject| match subject {
            MatterSubject::Ambition(id) => id.trim_start_matches("a-").to_owned(),
            MatterSubject::Action(id) => id.0.clone(),
        };
        matters.iter().map(|m| (id(&m.subject).leak() as &str, m.why.as_str())).collect()
    }

    #[test]
    fn ambitions_and_actions_follow_the_lists_rules() {
        let names = ["off", "risk", "worse", "old", "gone", "unpublished", "reached", "sure", "unsure"];
        let measures =
            names.iter().map(|id| named(id, if *id == "unpublished" { "source = { kind = \"none\" }" } else { "" })).collect();
        let mut framework = framework(measures, LEVEL);
        let action = |id: &str, due| Action {
            id: ActionId(id.into()),
            priority: "p".into(),
            also_under: Vec::new(),
            statement: "Do it".into(),
            text: Default::default(),
            first_due: None,
            proposed: false,
            reported_complete: false,
            steps: Vec::new(),
            due,
            lead: "icb".into(),
            co_leads: Vec::new(),
            evidence: String::new(),
            notes: String::new(),
        };
        framework.actions = vec![action("overdue", Some(date(2026, 3, 31))), action("some-day", None)];
        let near = |value: f64, reach: f64| Observation {
            limits: Some(Limits { lower: value - reach, upper: value + reach }),
            ..given("SYS", "2025/26", value)
        };
        let worsening = Observation { published_trend: Some("Decreasing and getting worse".into()), ..near(53.0, 2.0) };
        let figures = [
            for_measure("off", near(40.0, 1.0)),
            for_measure("risk", near(53.0, 2.0)),
            for_measure("worse", worsening),
            for_measure("old", given("SYS", "2024/25", 54.0)),
            for_measure("reached", near(57.0, 2.0)),
            for_measure("sure", near(55.0, 0.5)),
            for_measure("unsure", near(55.0, 3.0)),
        ];
        let evaluation = evaluated_in(&areas(), &framework, &figures);
        let rolled = rollup(&framework, &evaluation);
        assert_eq!(rolled.tests.since_previous + rolled.tests.since_baseline, 0, "no counts, and no limits of the baseline");
        assert_eq!(
            ids(&rolled.alert),
            [("off", "off track"), ("worse", "recent trend significantly for the worse (99.8%)"), ("overdue", "off track")]
        );
        assert_eq!(
            ids(&rolled.advise),
            [("risk", "at risk"), ("old", "judged on an old figure"), ("gone", "no figure: overdue")]
        );
        assert_eq!(ids(&rolled.assure), [("reached", "achieved"), ("sure", "on track and confirmed")]);
        let aim = &rolled.aims[0];
        assert_eq!(
            (aim.ambitions.total(), aim.priorities[0].ambitions, aim.priorities[0].actions.total()),
            (9, aim.ambitions, 2)
        );
        assert_eq!(rolled.overarching.total(), 0);

        // What its measures of now made in the last pack is what it moves from.
        let earlier = BTreeMap::from([(MeasureId("sure".into()), Status::Achieved)]);
        let actions = BTreeMap::from([(ActionId("overdue".into()), Status::AtRisk)]);
        let movements = Movements::between(Period::financial_quarter(2026, 1), &earlier, &actions, &evaluation, &framework);
        let of = |id: &str| movements.of_ambition(id).map(|m| (m.from, m.kind));
        assert_eq!(of("a-sure"), Some((Some(Status::Achieved), MovementKind::Worsened)));
        assert_eq!(of("a-off"), Some((None, MovementKind::New)));
        assert_eq!(movements.actions.iter().map(|m| m.kind).collect::<Vec<_>>(), [MovementKind::Worsened, MovementKind::New]);
    }

    #[test]
    fn significant_worsening_alerts_without_a_target() {
        let none = r#"{ kind = "annual_target", targets = [] }"#;
        let figures = [counted("SYS", "2024/25", 5000.0, 10_000.0), counted("SYS", "2025/26", 4600.0, 10_000.0)];
        let framework = framework(vec![measure("")], none);
        let evaluation = evaluated_in(&areas(), &framework, &figures);
        let rolled = rollup(&framework, &evaluation);
        assert_eq!(evaluation.ambitions[0].status, Status::NoTargetSet);
        assert_eq!(ids(&rolled.alert), [("m", "significantly worse than the period before (99.8%)")]);
        assert_eq!((rolled.tests.since_previous, rolled.tests.since_baseline), (1, 0));
    }

    #[test]
    fn moves_follow_the_order_of_statuses() {
        use Status::*;
        for (from, to, kind) in [
            (Some(OffTrack), AtRisk, MovementKind::Improved),
            (Some(OnTrack), AchievedLate, MovementKind::Improved),
            (Some(Achieved), OnTrack, MovementKind::Worsened),
            (Some(AtRisk), OffTrack, MovementKind::Worsened),
            (Some(NoFigure), NotYetDue, MovementKind::Same),
            (Some(NoFigure), OffTrack, MovementKind::NewlyJudged),
            (None, NoFigure, MovementKind::New),
            (Some(OnTrack), NoFigure, MovementKind::NoLongerJudged),
            (Some(OffTrack), NotYetDue, MovementKind::NothingDue),
            (Some(Achieved), AchievedLate, MovementKind::Worsened),
            (Some(NotYetDue), AtRisk, MovementKind::NewlyJudged),
        ] {
            assert_eq!(MovementKind::between(from, to), kind, "{from:?} to {to:?}");
        }
    }
}

mod ledger {
    use super::*;

    async fn recorded(ledger: &Ledger, period: Period, value: f64, outcome: Option<RunOutcome>) -> RunId {
        let framework = framework(vec![measure("")], LEVEL);
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        let new = NewRun { pack: "board-pack", period, as_at: TODAY, edition: "2024", trigger: "by hand" };
        let run = ledger.start_run(&new, now).await.unwrap();
        let observations = vec![given("SYS", "2025/26", value)];
        let evaluation = evaluated_in(&areas(), &framework, &observations);
        ledger.record_inputs(run, &Collection { observations, ..Collection::default() }).await.unwrap();
        ledger.end_stage(run, "collect", "", now).await.unwrap();
        ledger.record_evaluation(run, &evaluation, &evaluation).await.unwrap();
        if let Some(outcome) = outcome {
            ledger.end_stage(run, "render", "", now).await.unwrap();
            ledger.end_run(run, &outcome, now).await.unwrap();
        }
        run
    }

    #[tokio::test]
    async fn moves_start_from_finished_packs_only() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
        let quarter = |year, quarter| Period::financial_quarter(year, quarter);
        recorded(&ledger, quarter(2025, 4), 40.0, Some(RunOutcome::Done)).await;
        let first =
            recorded(&ledger, quarter(2026, 1), 40.0, Some(RunOutcome::of(vec!["a recipient was refused".to_owned()]))).await;
        recorded(&ledger, quarter(2026, 1), 40.0, Some(RunOutcome::failed("no disk"))).await;
        let cut_off = recorded(&ledger, quarter(2026, 1), 40.0, None).await;
        recorded(&ledger, quarter(2026, 2), 57.0, Some(RunOutcome::Done)).await;
        let later = recorded(&ledger, quarter(2026, 3), 57.0, Some(RunOutcome::Done)).await;

        let found = ledger.last_pack_before(quarter(2026, 2), "board-pack", ["board-pack", "board-pack-interim"]).await.unwrap();
        assert_eq!(found, Some((first, quarter(2026, 1))));
        assert_eq!(
            ledger.last_pack_before(quarter(2025, 4), "board-pack", ["board-pack", "board-pack-interim"]).await.unwrap(),
            None
        );
        assert_eq!(ledger.last_pack_before(quarter(2026, 2), "another", ["another", "another"]).await.unwrap(), None);
        let statuses = ledger.published_statuses(first).await.unwrap();
        assert_eq!(statuses, BTreeMap::from([(MeasureId("m".into()), Status::OffTrack)]));

        let before = ledger.last_collection_before(later, "board-pack").await.unwrap().unwrap();
        assert!(before < later && before > cut_off);
        let now = [given("SYS", "2025/26", 58.0)];
        let mut vintages = FigureVintages::of(&now);
        vintages.hold_against(given("SYS", "2025/26", 57.0));
        let revisions = vintages.revisions();
        assert_eq!(revisions.len(), 1);
        ledger.record_revisions(later, &revisions).await.unwrap();
        ledger.record_revisions(later, &revisions).await.unwrap();
        assert_eq!(ledger.count_revisions(later).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn moves_may_start_from_withheld_statuses() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
        let framework = framework(vec![measure("disclosure = \"standard\"")], r#"{ kind = "compliance", full = 100.0 }"#);
        let judged = evaluated_in(&areas(), &framework, &[counted("SYS", "2025/26", 2.0, 2.0)]);
        let shown = disclosed(&judged, &framework, &areas());
        let period = Period::financial_quarter(2026, 2);
        let new = NewRun { pack: "board-pack", period, as_at: TODAY, edition: "2024", trigger: "by hand" };
        let run = ledger.start_run(&new, "2026-11-20T09:00:00Z".parse().unwrap()).await.unwrap();
        ledger.record_evaluation(run, &judged, &shown).await.unwrap();
        assert_eq!(ledger.published_statuses(run).await.unwrap(), BTreeMap::from([(MeasureId("m".into()), Status::NoFigure)]));
    }
}
