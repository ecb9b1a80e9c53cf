//! What the tests of the evaluation are made of: an edition, a measure, and figures of it.

use boardpack::area::{AreaCode, Areas};
use boardpack::evaluate::{DisclosureTerms, EarlierFigures, Evaluation, Secret, disclose};
use boardpack::figure::{Observation, Provenance};
use boardpack::framework::{Ambition, Edition, Framework, Measure, MeasureId, Target, TargetKind};
use boardpack::period::{Period, YearKind};
use boardpack::value::{Sex, Value};
use std::collections::BTreeMap;
use strum::VariantArray;

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

/// A system of two authorities.
pub const AREAS: &str = r#"
area = [
  { code = "ENG", name = "England", kind = "country" },
  { code = "SYS", name = "The system", kind = "system", parts = ["A", "B"] },
  { code = "A", name = "Ashton", kind = "authority" },
  { code = "B", name = "Bexford", kind = "authority" },
]
"#;

pub fn edition() -> Edition {
    toml::from_str(EDITION).unwrap()
}

/// The evaluation as it may be published by an installation that has published nothing before.
pub fn disclosed(evaluation: &Evaluation, framework: &Framework, areas: &Areas) -> Evaluation {
    let (secret, earlier) = (Secret::new(b"only for tests".to_vec()), EarlierFigures::default());
    let terms = DisclosureTerms { framework, areas, partners: &[], secret: &secret, earlier: &earlier };
    disclose(evaluation, &terms).evaluation
}

/// A yearly percentage that councils return, with `extra` in place of what it names.
pub fn measure(extra: &str, parts: &str) -> Measure {
    let defaults = [
        ("id", "\"m\""),
        ("title", "\"Measure\""),
        ("definition", "\"Share\""),
        ("multiplier", "100.0"),
        ("unit", "\"percent\""),
        ("statistic", "\"proportion\""),
        ("polarity", "\"high\""),
        ("year", "\"financial\""),
        ("cadence_months", "12"),
        ("publication_lag_months", "6"),
        ("source", "{ kind = \"return\", partners = [\"council\"] }"),
        ("parts", parts),
    ];
    let mut text = String::from(extra);
    for (key, value) in defaults {
        if !extra.lines().any(|line| line.trim_start().starts_with(&format!("{key} "))) {
            text.push_str(&format!("\n{key} = {value}"));
        }
    }
    toml::from_str(&text).unwrap()
}

pub fn given(area: &str, period: &str, value: f64) -> Observation {
    Observation {
        measure: MeasureId("m".into()),
        area: AreaCode::new(area).unwrap(),
        period: Period::parse(period, YearKind::Financial).unwrap(),
        sex: Sex::Persons,
        age: String::new(),
        category: None,
        value: Value::Number(value),
        decimals: None,
        numerator: None,
        denominator: None,
        limits: None,
        limits_998: None,
        published_comparison: None,
        published_trend: None,
        note: String::new(),
        illustrative: false,
        provenance: received("2026-01-01T00:00:00Z"),
    }
}

pub fn received(at: &str) -> Provenance {
    Provenance::Answer {
        publisher: "Publisher".into(),
        indicator: "Indicator".into(),
        url: "https://example.org/".into(),
        retrieved: at.parse().unwrap(),
        sha256: "00".into(),
        line: 2,
        place: String::new(),
    }
}

pub fn counted(area: &str, period: &str, numerator: f64, denominator: f64) -> Observation {
    Observation {
        numerator: Some(numerator),
        denominator: Some(denominator),
        ..given(area, period, 100.0 * numerator / denominator)
    }
}

/// One ambition that a measure `m` be better than in 2022/23.
pub fn framework_of(measure: Measure) -> Framework {
    let ambition = "id = \"a\"\npriority = \"p\"\nstatement = \"Less\"\n[[measure]]\nid = \"m\"\n\
                    target = { kind = \"direction\", baseline = { period = \"2022/23\" } }";
    Framework {
        edition: edition(),
        aims: Vec::new(),
        priorities: Vec::new(),
        ambitions: vec![toml::from_str::<Ambition>(ambition).unwrap()],
        measures: vec![measure],
        actions: Vec::new(),
    }
}

/// There is a target of every kind but `left_out` among these, each as a file has it.
#[track_caller]
pub fn assert_every_kind(targets: impl IntoIterator<Item = impl AsRef<str>>, left_out: &[TargetKind]) {
    let listed: Vec<TargetKind> = targets
        .into_iter()
        .map(|target| {
            let read: BTreeMap<String, Target> = toml::from_str(&format!("target = {}", target.as_ref())).unwrap();
            TargetKind::from(&read["target"])
        })
        .collect();
    let lacking: Vec<TargetKind> = TargetKind::VARIANTS.iter().copied().filter(|kind| !listed.contains(kind)).collect();
    assert_eq!(lacking, left_out, "give a target of each kind that is lacking");
}
