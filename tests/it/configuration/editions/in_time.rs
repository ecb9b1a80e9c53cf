//! What begins, ends and takes another's place: measures, targets, areas, partners and those who lead an action.

mod actions;

use crate::support::small_framework::{self, counted, given, received};
use boardpack::area::{AreaCode, Areas};
use boardpack::collect::{ActionReport, Progress};
use boardpack::evaluate::{
    Comparison, Evaluation, EvaluationInputs, Flag, MovementKind, Movements, Status, Trend, counts_of_actions, evaluate,
};
use boardpack::figure::{Observation, SeriesKey};
use boardpack::framework::{
    self, Action, ActionId, Aim, Ambition, Framework, Measure, MeasureId, Partner, Priority, partners_on,
};
use boardpack::period::Period;
use boardpack::return_template::{Answers, PartnerHistory, PriorFigure, ReturnRequest, add_past};
use boardpack::value::Value;
use calamine::{Data, Reader, Xlsx};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use std::io::Cursor;

const TODAY: Date = date(2026, 11, 21);
const LEVEL: &str = r#"{ kind = "level", value = 56.0, baseline = { period = "2022/23", value = 50.0 } }"#;
const DIRECTION: &str = r#"{ kind = "direction", baseline = { period = "2022/23" } }"#;

/// Ashton became New Ashton in April 2025; Bexford stays.
const AREAS: &str = r#"
area = [
  { code = "ENG", name = "England", kind = "country" },
  { code = "REG", name = "The region", kind = "region" },
  { code = "SYS", name = "The system", kind = "system", parts = ["A", "B", "N"] },
  { code = "A", name = "Ashton", kind = "authority", until = "2025-03-31", replaced_by = ["N"] },
  { code = "B", name = "Bexford", kind = "authority" },
  { code = "N", name = "New Ashton", kind = "authority", from = "2025-04-01" },
]
"#;

fn code(code: &str) -> AreaCode {
    AreaCode::new(code).unwrap()
}

fn measure(extra: &str) -> Measure {
    small_framework::measure(extra, r#"["A", "B", "N"]"#)
}

/// One ambition that `extra` says more of, under the first of two priorities.
fn framework(measures: Vec<Measure>, target: &str, extra: &str) -> Framework {
    let aspiration = |m: &Measure| format!("[[measure]]\nid = \"{}\"\ntarget = {target}\n{extra}\n", m.id);
    let ambition: String = measures.iter().map(aspiration).collect();
    let ambition = format!("id = \"a\"\npriority = \"p\"\nstatement = \"More\"\n{ambition}");
    let priority = |id: &str| Priority {
        id: id.into(),
        aim: "aim".into(),
        title: format!("Priority {id}"),
        short: id.into(),
        definition: String::new(),
    };
    Framework {
        edition: small_framework::edition(),
        aims: vec![Aim { id: "aim".into(), title: "Aim".into(), owner: String::new() }],
        priorities: vec![priority("p"), priority("q")],
        ambitions: vec![toml::from_str::<Ambition>(&ambition).unwrap()],
        measures,
        actions: Vec::new(),
    }
}

fn evaluated(framework: Framework, areas: &str, partners: &[Partner], observations: &[Observation]) -> Evaluation {
    let period = Period::last_quarter_before(TODAY);
    let areas = Areas::parse(areas, "areas.toml").unwrap();
    let framework = framework.in_force_on(period.end(), &areas, partners);
    evaluate(&EvaluationInputs::new(&framework, &areas.on(period.end()), observations, &[], period, TODAY))
}

fn years(from: i32, values: &[f64]) -> Vec<Observation> {
    let label = |year: i32| format!("{year}/{:02}", (year + 1) % 100);
    (from..).zip(values).map(|(year, value)| counted("SYS", &label(year), value * 100.0, 10_000.0)).collect()
}

const REDEFINED: &str = "redefined = [{ from = \"2024/25\", reason = \"people who walk to work count too.\" }]";

fn action(lines: &str) -> Action {
    toml::from_str(&format!("id = \"do\"\npriority = \"p\"\nstatement = \"Do it\"\ndue = \"2027-06-30\"\n{lines}")).unwrap()
}

#[test]
fn nothing_is_compared_across_a_redefinition() {
    let figures = years(2018, &[41.0, 42.0, 43.0, 44.0, 50.0, 51.0, 62.0, 63.0]);
    let found = |extra: &str, target: &str| {
        let judged = evaluated(framework(vec![measure(extra)], target, ""), AREAS, &[], &figures);
        judged.measures[0].headline.clone()
    };
    let before = found("", LEVEL);
    assert_eq!(before.trend, Trend::IncreasingBetter);
    assert_eq!(before.since_baseline.as_ref().unwrap().period.to_string(), "2022/23");
    let after = found(REDEFINED, LEVEL);
    assert_eq!(after.trend, Trend::CannotBeCalculated);
    assert_eq!(after.since_baseline, None);
    assert_eq!(after.previous.as_ref().unwrap().period.to_string(), "2024/25", "of the same definition");
    assert_eq!(after.status, Status::Achieved, "a level is reached by the figure that there is");
    assert_eq!(after.series.len(), 8, "what was before is still shown");
    let of_measure = measure(REDEFINED);
    assert!(before.projection(&of_measure).is_err(), "two yearly figures are no line");
    // A target that rests on the baseline cannot be judged by one of another definition.
    assert_eq!(found("", DIRECTION).status, Status::Achieved);
    let direction = found(REDEFINED, DIRECTION);
    assert_eq!((direction.status, direction.no_figure.clone()), (Status::CannotBeJudged, None));
    assert_eq!(
        direction.reason,
        "63.0% in 2025/26; the measure was redefined from 2024/25 (people who walk to work count too), so its baseline of \
         2022/23 cannot be compared with it"
    );
    // The first figure by the new definition has none before it.
    let first = evaluated(framework(vec![measure(REDEFINED)], LEVEL, ""), AREAS, &[], &figures[..7]);
    assert_eq!((&first.measures[0].headline.previous, &first.measures[0].headline.since_previous), (&None, &None));
}

#[test]
fn redefined_baselines_set_no_trajectory() {
    let figures = years(2022, &[50.0, 51.0, 52.0, 53.0]);
    let judged = evaluated(framework(vec![measure(REDEFINED)], LEVEL, ""), AREAS, &[], &figures);
    let headline = &judged.measures[0].headline;
    assert_eq!(headline.status, Status::CannotBeJudged, "{}", headline.reason);
    assert_eq!(headline.target.as_ref().unwrap().expected_now, None);
}

#[test]
fn control_charts_restart_at_a_redefinition() {
    let months: Vec<Observation> = (0..26)
        .map(|i| {
            let label = format!("{}-{:02}", 2024 + i / 12, i % 12 + 1);
            let value = f64::from(i % 2) + if i < 13 { 10.0 } else { 30.0 };
            Observation { period: Period::parse_iso_month(&label).unwrap(), ..given("SYS", "2025/26", value) }
        })
        .collect();
    let monthly = "statistic = \"count\"\nunit = \"count\"\nmultiplier = 1.0\ncadence_months = 1\npublication_lag_months = 1";
    let mean = |extra: &str| {
        let of = measure(&format!("{monthly}\n{extra}"));
        let judged = evaluated(framework(vec![of.clone()], LEVEL, ""), AREAS, &[], &months);
        judged.measures[0].headline.control_chart(&of).unwrap().points.last().unwrap().mean
    };
    assert!(mean("") < 25.0);
    assert!(mean("redefined = [{ from = \"Feb 2025\", reason = \"other beds count\" }]") > 30.0);
}

#[test]
fn a_status_before_a_redefinition_is_no_movement() {
    let figures = years(2021, &[50.0, 51.0, 52.0, 53.0, 57.0]);
    let earlier = BTreeMap::from([(MeasureId("m".into()), Status::OffTrack)]);
    let since = Period::financial_quarter(2026, 1);
    let kinds = |from: &str| {
        let redefined = format!("redefined = [{{ from = \"{from}\", reason = \"other people\" }}]");
        let of = framework(vec![measure(&redefined)], LEVEL, "");
        let judged = evaluated(of.clone(), AREAS, &[], &figures);
        let movements = Movements::between(since, &earlier, &BTreeMap::new(), &judged, &of);
        (movements.measures[0].kind, movements.ambitions[0].kind)
    };
    // Published in September 2026, after the quarter of the last pack.
    assert_eq!(kinds("2025/26"), (MovementKind::NotComparable, MovementKind::NotComparable));
    assert_eq!(kinds("2024/25"), (MovementKind::Improved, MovementKind::Improved), "both are by the new definition");
}

const RETIRED: &str = "retired = { from = \"2026-07-01\", reason = \"its survey ended\", successors = [\"n\", \"o\"] }";

fn three_measures() -> Vec<Measure> {
    let other = |id: &str, title: &str| measure(&format!("id = \"{id}\"\ntitle = \"{title}\""));
    vec![measure(RETIRED), other("n", "Walking"), other("o", "Cycling")]
}

#[test]
fn retired_measures_are_shown_but_decide_nothing() {
    let mut figures = years(2023, &[51.0, 52.0]);
    let of_other = |o: &Observation| Observation { measure: MeasureId("n".into()), ..o.clone() };
    figures.extend(years(2025, &[57.0]).iter().map(of_other));
    let judged = evaluated(framework(three_measures(), LEVEL, ""), AREAS, &[], &figures);
    let headline = &judged.measures[0].headline;
    assert_eq!(
        headline.reason,
        "Retired from 1 July 2026 (its survey ended); its last figure was 52.0% in 2024/25; it is replaced by Walking and Cycling"
    );
    assert_eq!((headline.status, headline.no_figure.clone()), (Status::CannotBeJudged, None), "nothing is owed");
    assert!(headline.flags.contains(&Flag::Retired));
    assert_eq!(headline.latest.as_ref().unwrap().value, Value::Number(52.0));
    assert_eq!((judged.ambitions[0].of, judged.ambitions[0].status), (2, Status::OnTrack), "of the two that follow");
    // Alone it is all that there is to say.
    let alone = evaluated(framework(vec![measure(RETIRED)], LEVEL, ""), AREAS, &[], &[]);
    assert!(alone.ambitions[0].reason.contains("Retired from 1 July 2026") && alone.ambitions[0].flags.contains(&Flag::Retired));
    assert!(alone.ambitions[0].reason.contains("no figure of it is known"));
}

#[test]
fn interim_targets_bend_the_trajectory() {
    let interim = "interim = [{ value = 54.0, due = \"2025-03-31\" }, { value = 55.0, due = \"2027-03-31\" }]";
    let judged = |values: &[f64], extra: &str| {
        let of = framework(vec![measure("")], LEVEL, extra);
        evaluated(of, small_framework::AREAS, &[], &years(2022, values)).measures[0].headline.clone()
    };
    let straight = judged(&[50.0, 52.0, 53.0, 53.7], "");
    assert_eq!(straight.status, Status::OnTrack, "53.6 are expected on the straight line");
    let bent = judged(&[50.0, 52.0, 53.0, 53.7], interim);
    let expected = bent.target.as_ref().unwrap().expected_now.unwrap();
    assert!((expected - 54.5).abs() < 0.01, "{expected}");
    assert_eq!(bent.status, Status::AtRisk);
    assert!(bent.reason.contains("; the interim target of 54% by March 2025 was not reached (53.0%)"), "{}", bent.reason);
    assert!(bent.reason.ends_with("; the next interim target is 55% by March 2027"), "{}", bent.reason);
    assert!(judged(&[50.0, 52.0, 54.0, 54.8], interim).reason.contains("54% by March 2025 was reached (54.0%)"));
}

#[test]
fn areas_are_judged_by_their_own_targets() {
    let own = "[[measure.area_target]]\narea = \"B\"\ntarget = { kind = \"level\", value = 70.0, due = \"2026-03-31\" }";
    let figures = [counted("B", "2025/26", 6000.0, 10_000.0), counted("N", "2025/26", 6000.0, 10_000.0)];
    let judged = evaluated(framework(vec![measure("")], LEVEL, own), AREAS, &[], &figures);
    let of = |area: &str| judged.measures[0].areas.iter().find(|a| a.area == code(area)).unwrap();
    assert_eq!((of("N").status, of("B").status), (Status::Achieved, Status::OffTrack));
    assert_eq!(of("B").target.as_ref().unwrap().words, "70% by March 2026");
    // A number that is asked of the place itself is judged, where the system's would not be.
    let number = "statistic = \"count\"\nunit = \"count\"\nmultiplier = 1.0";
    let judged = evaluated(framework(vec![measure(number)], LEVEL, own), AREAS, &[], &figures);
    let of = |area: &str| judged.measures[0].areas.iter().find(|a| a.area == code(area)).unwrap();
    assert!(of("N").reason.contains("the target is for the whole system"), "{}", of("N").reason);
    assert_eq!((of("N").baseline.as_ref(), of("N").since_baseline.as_ref()), (None, None), "nor is it a start for the part's");
    assert_eq!(of("B").status, Status::OffTrack);
}

#[test]
fn former_areas_figures_need_a_stated_succession() {
    let figures = [
        counted("A", "2023/24", 4000.0, 10_000.0),
        counted("A", "2024/25", 4200.0, 10_000.0),
        counted("N", "2025/26", 4500.0, 10_000.0),
        counted("B", "2023/24", 6000.0, 10_000.0),
        counted("B", "2024/25", 6000.0, 10_000.0),
        counted("B", "2025/26", 6100.0, 10_000.0),
    ];
    let of_new = |areas: &str| {
        let judged = evaluated(framework(vec![measure("")], LEVEL, ""), areas, &[], &figures);
        let periods = |of: &boardpack::evaluate::Assessment| {
            of.series.iter().map(|p| format!("{} {:.0}", p.period, p.value.number().unwrap())).collect::<Vec<_>>().join(", ")
        };
        let new = judged.measures[0].areas.iter().find(|a| a.area == code("N")).unwrap();
        (periods(new), periods(&judged.measures[0].headline), judged.measures[0].areas.len())
    };
    let (new, system, areas) = of_new(AREAS);
    assert_eq!(new, "2025/26 45");
    // The system is what its parts were in each year.
    assert_eq!((system.as_str(), areas), ("2023/24 50, 2024/25 51, 2025/26 53", 2));
    let said = AREAS.replace("from = \"2025-04-01\"", "from = \"2025-04-01\", continues = [\"A\"]");
    let (new, system, _) = of_new(&said);
    assert_eq!(new, "2023/24 40, 2024/25 42, 2025/26 45");
    assert_eq!(system, "2023/24 50, 2024/25 51, 2025/26 53", "nothing is counted twice");
}

#[test]
fn two_that_were_merged_have_one_past() {
    let areas = r#"
        area = [
          { code = "ENG", name = "England", kind = "country" },
          { code = "SYS", name = "The system", kind = "system" },
          { code = "R1", name = "One Trust", kind = "organisation", until = "2025-03-31" },
          { code = "R2", name = "Two Trust", kind = "organisation", until = "2025-03-31" },
          { code = "R3", name = "Both Trust", kind = "organisation", from = "2025-04-01", continues = ["R1", "R2"] },
          { code = "R4", name = "Other Trust", kind = "organisation" },
        ]
    "#;
    let figures = [
        counted("R1", "2024/25", 100.0, 1000.0),
        counted("R2", "2024/25", 600.0, 3000.0),
        counted("R4", "2024/25", 300.0, 1000.0),
        counted("R3", "2025/26", 800.0, 4000.0),
        counted("R4", "2025/26", 200.0, 1000.0),
    ];
    let of = measure("parts_are = \"organisations\"\nparts = [\"R1\", \"R2\", \"R3\", \"R4\"]");
    let judged = evaluated(framework(vec![of], LEVEL, ""), areas, &[], &figures);
    let headline = &judged.measures[0].headline;
    let values: Vec<f64> = headline.series.iter().filter_map(|p| p.value.number()).collect();
    assert_eq!(values, [20.0, 20.0], "1,000 of 5,000 in both years");
    let coverage = headline.coverage.as_ref().unwrap();
    assert_eq!((coverage.given.len(), coverage.absent.len()), (2, 0), "those that ended are not missing");
    let both = judged.measures[0].areas.iter().find(|a| a.area == code("R3")).unwrap();
    assert_eq!(both.previous.as_ref().unwrap().value, Value::Number(17.5), "700 of 4,000");
}

fn partner(id: &str, lines: &str) -> Partner {
    let text = format!("id = \"{id}\"\nname = \"The {id}\"\ncontact = \"{id}@example.org\"\n{lines}");
    toml::from_str(&text).unwrap()
}

#[test]
fn partner_figures_pass_to_the_successor() {
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let partners = [
        partner("old", "kind = \"council\"\narea = \"A\"\nuntil = \"2025-03-31\""),
        partner("new", "kind = \"council\"\narea = \"N\"\nfrom = \"2025-04-01\"\ncontinues = [\"old\"]"),
    ];
    let areas = framework::areas_with_successions(areas, &partners).on(date(2026, 9, 30));
    assert_eq!(areas.past_of(&code("N")), Some(([code("A")].as_slice(), date(2025, 4, 1))));
    // Its next workbook shows what the other gave.
    let year = |label: &str| Period::parse(label, boardpack::period::YearKind::Financial).unwrap();
    let series = |area: &str| SeriesKey::new(MeasureId("m".into()), code(area), None);
    let given = |value| PriorFigure { value: Value::Number(value), illustrative: false };
    let before = BTreeMap::from([(year("2024/25"), given(42.0))]);
    let mut earlier = BTreeMap::from([("old".to_owned(), PartnerHistory::from([(series("A"), before)]))]);
    add_past(&mut earlier, &partners, &areas);
    assert_eq!(earlier["new"].get(&series("N")).unwrap()[&year("2024/25")], given(42.0));
    // Without the word nothing goes on.
    let apart = [partners[0].clone(), Partner { continues: Vec::new(), ..partners[1].clone() }];
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    assert_eq!(framework::areas_with_successions(areas, &apart).past_of(&code("N")), None);
}

#[test]
fn partners_are_asked_between_their_dates() {
    let council = "kind = \"council\"\narea = \"A\"";
    let partners = vec![
        partner("old", &format!("{council}\nuntil = \"2025-03-31\"\nreplaced_by = \"new\"")),
        partner(
            "new",
            "kind = [\"council\", \"provider\"]\narea = [\"N\", \"R7\"]\nfrom = \"2025-04-01\"\ncontinues = [\"old\"]",
        ),
        partner("other", "kind = \"council\"\narea = \"B\""),
    ];
    let asked = |day| {
        let on = partners_on(partners.clone(), day);
        let areas = Areas::parse(AREAS, "areas.toml").unwrap();
        let of = framework(vec![measure("")], LEVEL, "").in_force_on(day, &areas, &partners);
        let asked: Vec<String> = on.iter().filter(|p| of.measures[0].is_asked_of(p)).map(|p| p.id.clone()).collect();
        let parts: Vec<String> = of.measures[0].parts.iter().map(ToString::to_string).collect();
        (asked.join(" "), parts.join(" "))
    };
    assert_eq!(asked(date(2025, 3, 31)), ("old other".into(), "A B".into()));
    assert_eq!(asked(date(2025, 6, 30)), ("new other".into(), "B N".into()));
    assert_eq!(
        partners[0].why_not_asked(date(2025, 6, 30)),
        "it was a partner until 31 March 2025, replaced by new (until in partners.toml)"
    );
    assert_eq!(partners[1].why_not_asked(date(2024, 6, 30)), "it is a partner from 1 April 2025 (from in partners.toml)");
    // What is over may still be corrected by whoever gave it.
    let year = |label: &str| Period::parse(label, boardpack::period::YearKind::Financial).unwrap();
    let today = date(2026, 9, 30);
    let old = &partners_on(partners.clone(), today)[0];
    let why = |of: &Measure, label: &str| of.why_not_given(old, year(label), today).unwrap_or_default();
    assert_eq!(why(&measure(""), "2024/25"), "");
    assert!(why(&measure(""), "2025/26").starts_with("it was a partner until 31 March 2025"));
    let retired = measure("retired = { from = \"2024-04-01\", reason = \"its survey ended\" }");
    assert_eq!(why(&retired, "2023/24"), "");
    assert_eq!(why(&retired, "2024/25"), "retired from 1 April 2024 (its survey ended)");
    // Of several areas those that make up the measure; each kind is asked.
    let returned = |of: &Measure| of.areas_returned(&partners[1]).iter().map(|a| a.to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(returned(&measure("")), "N");
    let of_provider = measure("source = { kind = \"return\", partners = [\"provider\"] }\nparts = [\"R7\"]");
    assert!(of_provider.is_asked_of(&partners[1]) && !of_provider.is_asked_of(&partners[2]));
    assert_eq!(returned(&of_provider), "R7");
    assert_eq!(returned(&measure("parts = []")), "N R7", "where neither is a part, each");
}

#[test]
fn a_second_comparator_decides_nothing() {
    let mut of = framework(vec![measure("")], r#"{ kind = "better_than_comparator" }"#, "");
    of.edition.beside = vec![code("REG"), code("B")];
    let figures = [counted("SYS", "2025/26", 5400.0, 10_000.0), given("ENG", "2025/26", 50.0), given("REG", "2025/26", 60.0)];
    let judged = evaluated(of, AREAS, &[], &figures);
    let headline = &judged.measures[0].headline;
    assert!(headline.reason.contains("England"), "{}", headline.reason);
    assert_eq!(headline.comparison, Comparison::Better);
    let beside: Vec<_> = headline.beside.iter().map(|b| (b.region.as_str(), b.value, b.comparison)).collect();
    assert_eq!(beside, [("The region", 60.0, Comparison::Worse)], "who has no figure is not there");
}

/// The texts of a workbook's guidance.
fn guidance(framework: &Framework, partner: &Partner) -> String {
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let (period, nothing) = (Period::last_quarter_before(TODAY), PartnerHistory::new());
    let deadline = date(2026, 10, 31);
    let request = ReturnRequest { framework, areas: &areas, partner, period, earlier: &nothing, secretariat: "", deadline };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(request.workbook(&Answers::default()).unwrap())).unwrap();
    let range = workbook.worksheet_range("Guidance").unwrap();
    range.rows().flatten().map(Data::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_workbook_shows_changes_and_other_partners() {
    let partner = partner("other", "kind = \"council\"\narea = \"B\"");
    let mut of = framework(three_measures(), LEVEL, "");
    let redefined =
        "id = \"n\"\ntitle = \"Walking\"\nredefined = [{ from = \"2025/26\", reason = \"walking to work counts too\" }]";
    of.measures[1] = measure(redefined);
    of.actions = vec![action("lead = \"icb\"\nco_leads = [\"other\"]")];
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let said = guidance(&of.in_force_on(date(2026, 9, 30), &areas, &[]), &partner);
    for wanted in [
        "Measure is no longer asked for: it was retired from 1 July 2026 (its survey ended). It is replaced by Walking and \
         Cycling.",
        "Walking is counted differently from 2025/26 on: walking to work counts too.",
        "Several partners lead do together, and each of them is asked",
    ] {
        assert!(said.contains(wanted), "{wanted} in {said}");
    }
    let plain = framework(vec![measure("")], LEVEL, "");
    assert!(!guidance(&plain, &partner).contains("What has changed"));
}
