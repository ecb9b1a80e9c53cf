//! Figures by deprivation: in order, of the area that has them, with a slope only where it can be trusted and may be shown.

use crate::support::small_framework::{AREAS, counted, disclosed, framework_of, given, measure};
use boardpack::area::Areas;
use boardpack::evaluate::{Breakdown, Evaluation, EvaluationInputs, evaluate};
use boardpack::figure::{Category, Observation};
use boardpack::framework::{Framework, Measure};
use boardpack::period::Period;
use boardpack::value::{Limits, Value};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 21);
const FIFTHS: [&str; 5] = ["Most deprived", "2", "3", "4", "Least deprived"];

fn evaluated(framework: &Framework, observations: &[Observation]) -> Evaluation {
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let period = Period::last_quarter_before(TODAY);
    evaluate(&EvaluationInputs::new(framework, &areas, observations, &[], period, TODAY))
}

fn breakdowns(measure: Measure, observations: &[Observation]) -> Vec<Breakdown> {
    evaluated(&framework_of(measure), observations).measures.remove(0).breakdowns
}

fn published(measure: Measure, observations: &[Observation]) -> Vec<Breakdown> {
    let framework = framework_of(measure);
    let evaluation = evaluated(&framework, observations);
    disclosed(&evaluation, &framework, &Areas::parse(AREAS, "areas.toml").unwrap()).measures.remove(0).breakdowns
}

fn share(extra: &str) -> Measure {
    measure(extra, r#"["A", "B"]"#)
}

fn of(scheme: &str, group: &str, observation: Observation) -> Observation {
    Observation { category: Some(Category { scheme: scheme.into(), group: group.into() }), ..observation }
}

/// Numerators of the fifths of an area, each of a thousand people.
fn fifths(area: &str, period: &str, numerators: [f64; 5]) -> Vec<Observation> {
    let group = |(label, count): (&str, f64)| of("Deprivation quintiles", label, counted(area, period, count, 1000.0));
    FIFTHS.into_iter().zip(numerators).map(group).collect()
}

fn shown(breakdown: &Breakdown) -> Vec<Value> {
    breakdown.groups.iter().map(|(_, point)| point.value).collect()
}

#[test]
fn slopes_run_from_most_to_least_deprived() {
    let mut given_groups = fifths("SYS", "2025/26", [400.0, 350.0, 300.0, 250.0, 200.0]);
    given_groups.reverse();
    given_groups.push(given("ENG", "2025/26", 28.0));
    let found = breakdowns(share(""), &given_groups);
    let [one] = found.as_slice() else { panic!("{found:?}") };
    let labels: Vec<&str> = one.groups.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, FIFTHS);
    assert_eq!(one.area.as_str(), "SYS");
    assert!(one.groups.iter().all(|(_, point)| point.comparator == Some(28.0)));
    // Fifths of the people stand at 0.1, 0.3 … 0.9, each 5 points below the one before: 25 points from 0 to 1.
    let slope = one.slope.unwrap();
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    assert!(near(slope.index, -25.0) && near(slope.ends.0, 42.5) && near(slope.ends.1, 17.5), "{slope:?}");
    assert!(slope.limits.lower < -25.0 && slope.limits.upper > -25.0 && slope.limits.upper < -18.0, "{slope:?}");
}

#[test]
fn published_tenths_match_the_reference_slope() {
    // Case SII-S003 of PHEindicatormethods: life expectancy in ten groups.
    let file = include_str!("../../../crates/indicator_stats/tests/cases/slope_indices_groups.csv");
    let rows: Vec<Vec<f64>> = file
        .lines()
        .filter(|line| line.starts_with("SII-S003,"))
        .map(|line| line.split(',').skip(1).map(|cell| cell.parse().unwrap()).collect())
        .collect();
    let group = |(i, row): (usize, &Vec<f64>)| {
        let observation = Observation {
            denominator: Some(row[0]),
            limits: Some(Limits { lower: row[2], upper: row[3] }),
            ..given("A", "2025/26", row[1])
        };
        of("LSOA deprivation deciles within area", &format!("Decile {}", i + 1), observation)
    };
    let observations: Vec<Observation> = rows.iter().enumerate().map(group).collect();
    let years = "unit = \"years\"\nstatistic = \"estimate\"\nmultiplier = 1.0";
    let found = breakdowns(share(years), &observations);
    assert_eq!((found.len(), found[0].area.as_str()), (1, "A"));
    let slope = found[0].slope.unwrap();
    let near = |a: f64, b: f64| (a - b).abs() < 1e-3;
    assert!(near(slope.index, -1.173_896) && near(slope.ends.0, 78.380_581), "{slope:?}");
    // The reference's limits are simulated.
    let close = |a: f64, b: f64| (a - b).abs() < 5e-3;
    assert!(close(slope.limits.lower, -2.035_055) && close(slope.limits.upper, -0.314_522), "{slope:?}");
}

#[test]
fn system_figures_precede_parts_and_comparators() {
    let low = [50.0, 40.0, 30.0, 20.0, 10.0];
    let areas = |codes: &[&str]| -> Vec<String> {
        let groups = codes.iter().flat_map(|code| fifths(code, "2025/26", low));
        // Without populations, hence without the slopes, which take their time.
        let observations: Vec<Observation> = groups.map(|o| Observation { denominator: None, ..o }).collect();
        breakdowns(share(""), &observations).into_iter().map(|one| one.area.to_string()).collect()
    };
    assert_eq!(areas(&["ENG", "B", "A", "SYS"]), ["SYS"]);
    assert_eq!(areas(&["ENG", "B", "A"]), ["A", "B"]);
    assert_eq!(areas(&["ENG"]), ["ENG"]);
}

#[test]
fn groups_need_the_latest_period() {
    let mut observations = fifths("SYS", "2024/25", [90.0; 5]);
    observations.extend(
        fifths("SYS", "2025/26", [50.0, 40.0, 30.0, 20.0, 10.0])
            .into_iter()
            .filter(|o| o.category.as_ref().is_some_and(|category| category.group != "3")),
    );
    // Not yet ended, and not of deprivation.
    observations.extend(fifths("SYS", "2026/27", [99.0; 5]));
    observations.push(of("Ethnic groups", "1", given("SYS", "2025/26", 5.0)));
    observations.push(of("Ethnic groups", "2", given("SYS", "2025/26", 6.0)));
    let found = breakdowns(share(""), &observations);
    assert_eq!(found.len(), 1);
    assert_eq!(shown(&found[0])[..3], [Value::Number(5.0), Value::Number(4.0), Value::Missing]);
    assert_eq!(found[0].slope, None);
}

#[test]
fn incomplete_groups_give_no_slope() {
    let all = fifths("SYS", "2025/26", [400.0, 350.0, 300.0, 250.0, 200.0]);
    let without: Vec<Observation> = all.iter().map(|o| Observation { denominator: None, ..o.clone() }).collect();
    assert_eq!(breakdowns(share(""), &without)[0].slope, None);
    let tenths: Vec<Observation> = all
        .iter()
        .map(|o| of("Deprivation deciles", &o.category.as_ref().unwrap().group, Observation { category: None, ..o.clone() }))
        .collect();
    assert_eq!(breakdowns(share(""), &tenths)[0].slope, None, "five of ten");
}

#[test]
fn small_groups_are_hidden_with_their_slope() {
    let mut observations = fifths("SYS", "2025/26", [400.0, 350.0, 300.0, 20.0, 3.0]);
    observations.push(counted("SYS", "2025/26", 1073.0, 5000.0));
    let protected = share("disclosure = \"standard\"");
    assert!(breakdowns(protected.clone(), &observations)[0].slope.is_some());
    let found = published(protected, &observations);
    let hidden: Vec<_> = found[0].groups.iter().filter(|(_, point)| point.value == Value::Suppressed).collect();
    for (label, point) in &hidden {
        let left = (point.numerator, point.denominator, point.limits);
        assert_eq!(left, (None, None, None), "{label}");
    }
    assert!(hidden.len() >= 2 && hidden.len() < 5 && shown(&found[0])[4] == Value::Suppressed, "{:?}", shown(&found[0]));
    assert_eq!(found[0].slope, None);
}

#[test]
fn empty_groups_stay_beside_hidden_figures() {
    // That the one group has all of the system's people does not tell how many they are.
    let mut observations = fifths("SYS", "2025/26", [4.0, 0.0, 0.0, 0.0, 0.0]);
    observations.push(counted("SYS", "2025/26", 4.0, 5000.0));
    let found = published(share("disclosure = \"standard\""), &observations);
    assert_eq!(shown(&found[0])[0], Value::Suppressed);
    assert_eq!(shown(&found[0])[1..], [Value::Number(0.0); 4]);
}

#[test]
fn large_groups_are_published_and_hospital_counts_rounded() {
    let mut observations = fifths("SYS", "2025/26", [401.0, 352.0, 303.0, 254.0, 206.0]);
    observations.push(counted("SYS", "2025/26", 1516.0, 5000.0));
    let open = share("disclosure = \"standard\"");
    assert_eq!(published(open.clone(), &observations), breakdowns(open, &observations));
    let hospital = published(share("disclosure = \"hospital-episodes\""), &observations);
    let numerators: Vec<f64> = hospital[0].groups.iter().filter_map(|(_, point)| point.numerator).collect();
    assert_eq!((numerators, hospital[0].slope), (vec![400.0, 350.0, 305.0, 255.0, 205.0], None));
}
