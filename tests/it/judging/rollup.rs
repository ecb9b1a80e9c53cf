//! Areas summed up their tree, revised figures, what may be published, lists for the board, and movement.

mod board;
mod disclosure;

use crate::support::small_framework;

use crate::support::small_framework::{counted, disclosed, given, received};
use boardpack::area::{AreaCode, Areas};
use boardpack::collect::Collection;
use boardpack::evaluate::{
    Evaluation, EvaluationInputs, FigureVintages, Flag, MatterSubject, MeasureAssessment, MovementKind, Movements, SeriesPoint,
    Status, evaluate, rollup,
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

fn area<'a>(of: &'a MeasureAssessment, code: &str) -> &'a SeriesPoint {
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
            vintages.add_earlier(of("SYS", old, source("aa")));
            vintages.add_earlier(of("CITY", also, source("aa")));
            let revisions = vintages.revisions();
            assert_eq!(revisions.len(), usize::from(revised), "{old} and {new}");
            for revision in revisions {
                assert_eq!((revision.old, revision.new), (Value::Number(old), Value::Number(new)));
                assert_eq!((revision.old_source, revision.new_source), (source("aa"), source("bb")));
            }
        }
        // A return that was withdrawn takes its figures with it; a public source may not have answered.
        for (source, gone) in [(cell, true), (answer, false)] {
            let mut vintages = FigureVintages::of(&[]);
            vintages.add_earlier(of("SYS", 4.8, source("aa")));
            let revised: Vec<_> = vintages.revisions_since().iter().map(|r| (r.old, r.new, r.is_of_gone())).collect();
            let wanted = if gone { vec![(Value::Number(4.8), Value::Missing, true)] } else { Vec::new() };
            assert_eq!(revised, wanted);
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
        vintages.add_earlier(vintage(Value::Number(53.0), "2026-02-01T00:00:00Z"));
        // An older vintage of the earlier run had been replaced there already.
        vintages.add_earlier(vintage(Value::Number(52.0), "2026-01-01T00:00:00Z"));
        vintages.add_earlier(Observation { area: AreaCode::new("CITY").unwrap(), ..given("CITY", "2025/26", 3.0) });
        vintages.add_earlier(Observation { value: Value::Missing, ..given("COUNTY", "2025/26", 0.0) });
        vintages.add_earlier(given("D1", "2025/26", 7.0));
        let changes: Vec<_> = vintages.revisions().into_iter().map(|r| (r.area.as_str().to_owned(), r.old, r.new)).collect();
        let wanted = [
            ("CITY".to_owned(), Value::Number(3.0), Value::Suppressed),
            ("SYS".to_owned(), Value::Number(53.0), Value::Number(54.0)),
        ];
        assert_eq!(changes, wanted);
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
        vintages.add_earlier(given("SYS", "2025/26", 57.0));
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
