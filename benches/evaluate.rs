//! How long an assessment takes, and that the time grows with the number of areas and no faster.
//!
//! `cargo bench --bench evaluate`: 60 measures × 75, 150 and 300 areas × 15 years; the throughput is in assessments,
//! of which there is one an area and one for the system of each measure.

use boardpack::area::{AreaCode, Areas};
use boardpack::evaluate::{EvaluationInputs, evaluate};
use boardpack::figure::{Observation, Provenance};
use boardpack::framework::{Ambition, Edition, Framework, Measure, MeasureId};
use boardpack::period::{Period, YearKind};
use boardpack::value::{Sex, Value};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::date;
use std::fmt::Write;
use std::hint::black_box;

const MEASURES: usize = 60;
const YEARS: i32 = 15;
const FIRST_YEAR: i32 = 2011;

const EDITION: &str = r#"
id = "2024"
title = "A strategy"
system = "SYS"
comparator = "ENG"
effective_from = "2023-04-01"
default_due = "2028-03-31"
vision = "Better"
status_rules = "proposed"
"#;

/// Kinds of target that ask for the most work: limits, trends, comparisons.
const TARGETS: [&str; 4] = [
    r#"{ kind = "level", value = 30.0, baseline = { period = "2022/23" } }"#,
    r#"{ kind = "close_gap", baseline = { period = "2022/23" } }"#,
    r#"{ kind = "direction", baseline = { period = "2022/23" } }"#,
    r#"{ kind = "sustained_reduction", baseline = { period = "2022/23" } }"#,
];

struct Case {
    framework: Framework,
    areas: Areas,
    observations: Vec<Observation>,
}

impl Case {
    fn of(number_of_areas: usize) -> Self {
        let codes: Vec<String> = (0..number_of_areas).map(|i| format!("A{i}")).collect();
        let listed = codes.iter().map(|code| format!("\"{code}\"")).collect::<Vec<_>>().join(", ");
        let mut file = String::from("[[area]]\ncode = \"ENG\"\nname = \"England\"\nkind = \"country\"\n");
        writeln!(file, "[[area]]\ncode = \"SYS\"\nname = \"System\"\nkind = \"system\"\nparts = [{listed}]").unwrap();
        for code in &codes {
            writeln!(file, "[[area]]\ncode = \"{code}\"\nname = \"Area {code}\"\nkind = \"district\"").unwrap();
        }
        let measures = (0..MEASURES).map(|i| measure(i, &listed)).collect();
        let ambitions = (0..MEASURES).map(ambition).collect();
        let edition: Edition = toml::from_str(EDITION).unwrap();
        let framework = Framework { edition, aims: vec![], priorities: vec![], ambitions, measures, actions: vec![] };
        let mut observations = Vec::new();
        for measure in 0..MEASURES {
            for (i, area) in codes.iter().map(String::as_str).chain(["ENG"]).enumerate() {
                for year in 0..YEARS {
                    observations.push(observation(measure, i, area, year));
                }
            }
        }
        Case { framework, areas: Areas::parse(&file, "areas.toml").unwrap(), observations }
    }

    fn inputs(&self) -> EvaluationInputs<'_> {
        let (period, as_at) = (Period::financial_quarter(2026, 2), date(2026, 11, 20));
        EvaluationInputs::new(&self.framework, &self.areas, &self.observations, &[], period, as_at)
    }
}

fn measure(i: usize, parts: &str) -> Measure {
    let statistic = if i.is_multiple_of(2) { "proportion" } else { "crude-rate" };
    toml::from_str(&format!(
        "id = \"m{i}\"\ntitle = \"Measure {i}\"\ndefinition = \"Share\"\nmultiplier = 100.0\nunit = \"percent\"\n\
         statistic = \"{statistic}\"\npolarity = \"low\"\nyear = \"financial\"\ncadence_months = 12\n\
         publication_lag_months = 6\nsource = {{ kind = \"return\", partners = [\"council\"] }}\nparts = [{parts}]\n"
    ))
    .unwrap()
}

fn ambition(i: usize) -> Ambition {
    let target = TARGETS[i % TARGETS.len()];
    toml::from_str(&format!("id = \"a{i}\"\nstatement = \"Less\"\n[[measure]]\nid = \"m{i}\"\ntarget = {target}\n")).unwrap()
}

fn observation(measure: usize, place: usize, area: &str, year: i32) -> Observation {
    // Any figures will do that differ from each other and are not all alike from year to year.
    let wobble = ((measure * 31 + place * 17) as f64 + f64::from(year) * 7.0) % 13.0;
    let (numerator, denominator) = (400.0 - 5.0 * f64::from(year) + wobble.floor(), 1000.0);
    Observation {
        measure: MeasureId(format!("m{measure}")),
        area: AreaCode::new(area).unwrap(),
        period: Period::year(YearKind::Financial, FIRST_YEAR + year),
        sex: Sex::Persons,
        age: "All ages".into(),
        category: None,
        value: Value::Number(100.0 * numerator / denominator),
        decimals: None,
        numerator: Some(numerator),
        denominator: Some(denominator),
        limits: None,
        limits_998: None,
        published_comparison: None,
        published_trend: None,
        note: String::new(),
        illustrative: true,
        provenance: Provenance::Answer {
            publisher: "OHID Fingertips".into(),
            indicator: format!("Indicator {measure}"),
            url: "https://fingertips.phe.org.uk/api/all_data/csv/by_indicator_id".into(),
            retrieved: "2026-11-02T09:00:00Z".parse().unwrap(),
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".into(),
            line: 2,
            place: String::new(),
        },
    }
}

fn evaluation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("evaluate");
    group.sample_size(10);
    for areas in [75, 150, 300] {
        let case = Case::of(areas);
        let found = evaluate(&case.inputs());
        let assessments: usize = found.measures.iter().map(|m| 1 + m.areas.len()).sum();
        group.throughput(Throughput::Elements(assessments as u64));
        group.bench_with_input(BenchmarkId::new("areas", areas), &case, |b, case| b.iter(|| evaluate(black_box(&case.inputs()))));
    }
    group.finish();
}

criterion_group!(benches, evaluation);
criterion_main!(benches);
