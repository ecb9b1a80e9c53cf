//! A made-up pack that holds every awkward case the report must set: many and few periods, no limits,
//! suppressed and missing figures, long names, tiny and huge values, hostile words.

mod framework_and_inputs;

use framework_and_inputs::{action, action_assessment, edition, indicators, partner, returns};

use boardpack::area::{AreaCode, Areas};
use boardpack::collect::{
    ActionReport, Finding, Grade, IndicatorOutcome, IndicatorReceipt, Progress, ReturnOutcome, ReturnReceipt,
};
use boardpack::evaluate::change::{Change, TestableFigure};
use boardpack::evaluate::{
    ActionAssessment, AmbitionAssessment, AreaStanding, AssessedTarget, Assessment, ByArea, ChangeSince, Comparison, Evaluation,
    Flag, MeasureAssessment, NoFigure, SeriesPoint, Status, Trend,
};
use boardpack::figure::Provenance;
use boardpack::framework::{
    Action, ActionId, Aim, Ambition, Aspiration, Combine, Edition, EditionStanding, Framework, Measure, MeasureId, Partner,
    Priority, Role, StatusRules, Target, TextPlace, Uncertainty,
};
use boardpack::period::{Period, YearKind};
use boardpack::report::PackInputs;
use boardpack::value::{Limits, Unit, Value};
use jiff::civil::date;
use tagged_document::Standard;

pub struct Sample {
    pub framework: Framework,
    pub areas: Areas,
    pub partners: Vec<Partner>,
    pub evaluation: Evaluation,
    pub returns: Vec<ReturnReceipt>,
    pub indicators: Vec<IndicatorReceipt>,
}

pub const HOSTILE: &str = "# Heading\n\n**bold** [click](https://evil.example) {{ pack.title }} {% include \"cover.md\" %} <b>x</b> | a | \u{e000}0\u{e001} `code`";
const LONG_NAME: &str =
    "Nottinghamshire Healthcare and Sherwood Forest Community Partnership Collaborative NHS Foundation Trust (provisional)";

const AREAS: &str = r#"
area = [
  { code = "E54000060", name = "Nottingham and Nottinghamshire", kind = "system" },
  { code = "E92000001", name = "England", kind = "country" },
  { code = "E06000018", name = "Nottingham", kind = "authority" },
  { code = "E10000024", name = "Nottinghamshire", kind = "authority" },
  { code = "E07000170", name = "Ashfield", kind = "district" },
  { code = "E07000171", name = "Bassetlaw", kind = "district" },
  { code = "E07000172", name = "Broxtowe", kind = "district" },
  { code = "E07000173", name = "Gedling", kind = "district" },
  { code = "E07000174", name = "Mansfield", kind = "district" },
  { code = "E07000175", name = "Newark and Sherwood", kind = "district" },
  { code = "E07000176", name = "Rushcliffe", kind = "district" },
  { code = "RXX", name = "Nottinghamshire Healthcare and Sherwood Forest Community Partnership Collaborative NHS Foundation Trust (provisional)", kind = "organisation" },
]
"#;
const DISTRICTS: [&str; 9] =
    ["E06000018", "E07000170", "E07000171", "E07000172", "E07000173", "E07000174", "E07000175", "E07000176", "RXX"];

pub fn code(code: &str) -> AreaCode {
    AreaCode::new(code).unwrap()
}

fn year(start: i32) -> Period {
    Period::year(YearKind::Financial, start)
}

fn answer(line: u64) -> Provenance {
    Provenance::Answer {
        publisher: "OHID Fingertips".into(),
        indicator: "Healthy life expectancy at birth".into(),
        url: "https://fingertips.phe.org.uk/api/all_data/csv/by_indicator_id?indicator_ids=90362&child_area_type_id=502&parent_area_type_id=15".into(),
        retrieved: "2026-11-03T09:12:00Z".parse().unwrap(),
        sha256: "0".repeat(64),
        line,
        place: String::new(),
    }
}

fn cell(cell: &str) -> Provenance {
    Provenance::Cell {
        partner: "nuh".into(),
        file: "nuh-2026-27-q2.xlsx".into(),
        sha256: "0".repeat(64),
        sheet: "Measures".into(),
        cell: cell.into(),
        by: String::new(),
    }
}

pub fn point(period: Period, value: Value, spread: Option<f64>, comparator: Option<f64>) -> SeriesPoint {
    let limits = value.number().zip(spread).map(|(v, s)| Limits { lower: v - s, upper: v + s });
    SeriesPoint {
        period,
        value,
        numerator: None,
        denominator: None,
        limits,
        comparator,
        comparator_limits: None,
        illustrative: false,
        sources: vec![answer(7)],
    }
}

/// A measure with its assessment, before it is put under a priority.
pub struct Made {
    pub measure: Measure,
    pub assessment: MeasureAssessment,
    pub target: Target,
}

pub fn assessment(id: &str, area: &str, series: Vec<SeriesPoint>, status: Status) -> Assessment {
    let latest = series.last().cloned();
    let previous = series.len().checked_sub(2).map(|i| series[i].clone());
    let baseline = series.first().filter(|_| series.len() > 1).cloned();
    let change = |earlier: &Option<SeriesPoint>| since(earlier.as_ref()?, latest.as_ref()?);
    Assessment {
        since_previous: change(&previous),
        since_baseline: change(&baseline),
        previous,
        baseline,
        latest,
        comparison: Comparison::Similar,
        trend: Trend::NoSignificantChange,
        status,
        reason: "The latest figure is where the straight line from the baseline to the target needs it to be by now.".into(),
        next_due: Some(date(2027, 3, 31)),
        series,
        ..Assessment::without_figure(MeasureId(id.into()), code(area))
    }
}

/// The change between two figures as judging tests it; higher is better.
fn since(earlier: &SeriesPoint, latest: &SeriesPoint) -> Option<ChangeSince> {
    let figure = |point: &SeriesPoint| {
        let (period, ends) = (point.period.in_words(), point.period.end());
        Some(TestableFigure { value: point.value.number()?, limits: point.limits, counts: None, season: None, period, ends })
    };
    let (was, is) = (figure(earlier)?, figure(latest)?);
    let change = if earlier.period.is_apart_from(latest.period) {
        Change::between(&was, &is, Uncertainty::Published)
    } else {
        Change::untested(&was, &is, "the two periods share days")
    };
    let is_better = (change.difference != 0.0).then_some(change.difference > 0.0);
    Some(ChangeSince { period: earlier.period, is_significant_998: None, change, is_better })
}

pub fn measure(id: &str, title: &str, unit: Unit, decimals: u8) -> Measure {
    let defined: Measure = toml::from_str(&format!(
        "id = \"{id}\"\ntitle = \"M\"\ndefinition = \"A share of people.\"\nmultiplier = 100\nunit = \"percent\"\n\
         statistic = \"proportion\"\npolarity = \"high\"\nyear = \"financial\"\ncadence_months = 12\n\
         publication_lag_months = 12\nsource = {{ kind = \"none\" }}"
    ))
    .unwrap();
    Measure { title: title.into(), unit, decimals, ..defined }
}

pub fn made(id: &str, title: &str, unit: Unit, decimals: u8, headline: Assessment, areas: Vec<Assessment>) -> Made {
    Made {
        measure: measure(id, title, unit, decimals),
        assessment: MeasureAssessment { headline, areas, breakdowns: Vec::new() },
        target: Target::BetterThanComparator { due: None },
    }
}

fn target(value: Option<f64>, words: &str) -> Option<AssessedTarget> {
    Some(AssessedTarget { value, due: date(2028, 3, 31), words: words.into(), expected_now: value.map(|v| v - 1.0) })
}

fn wave(i: usize) -> f64 {
    // A fixed unrest, so that lines look like figures.
    [0.0, 0.6, 0.2, 1.1, 0.7, 1.6, 1.2, 0.9, 1.8, 2.1, 1.7, 2.4][i % 12] + i as f64 * 0.11
}

/// The system without a figure of its own, judged by these areas.
fn by_area(id: &str, areas: &[&Assessment], status: Status) -> Assessment {
    let standing = |area: &&Assessment| AreaStanding {
        area: area.area.clone(),
        population: Some(100_000.0),
        status: area.status,
        is_significantly_adverse: area.comparison == Comparison::Worse,
    };
    Assessment {
        by_area: Some(ByArea { areas: areas.iter().map(standing).collect(), left_out: Vec::new(), judged_share: 1.0 }),
        status,
        reason: "Most people live where it is not on track.".into(),
        ..Assessment::without_figure(MeasureId(id.into()), code("E54000060"))
    }
}

/// The cases that must be right, one a measure.
pub fn awkward() -> Vec<Made> {
    const SYSTEM: &str = "E54000060";
    let mut all = Vec::new();

    let series = (0..9).map(|i| point(year(2016 + i), Value::Number(54.2 + wave(i as usize)), Some(1.4), Some(57.4))).collect();
    let mut normal = assessment("normal", SYSTEM, series, Status::AtRisk);
    normal.target = target(Some(60.0), "60.0% by March 2028");
    normal.reason =
        "At 57.0% in 2024/25 the figure is short of 58.3%, where it needs to be by now, and within its limits.".into();
    all.push(made("normal", "Children who are ready for school at the end of reception", Unit::Percent, 1, normal, vec![]));

    let series = |base: f64| -> Vec<SeriesPoint> {
        (0..8)
            .map(|i| {
                let period = Period::parse(&format!("{} - {}", 2013 + i, (2015 + i) % 100), YearKind::Calendar).unwrap();
                point(period, Value::Number(base + wave(i as usize) * 0.3), Some(1.1), Some(63.4))
            })
            .collect()
    };
    let city = assessment("hle", "E06000018", series(56.8), Status::OffTrack);
    let county = assessment("hle", "E10000024", series(61.6), Status::AtRisk);
    let mut whole = by_area("hle", &[&city, &county], Status::OffTrack);
    whole.flags = vec![Flag::Stale, Flag::ByArea];
    whole.reason = "1 of 2 areas is off track (Nottingham); 1 of 2 areas is at risk (Nottinghamshire).".into();
    whole.target = target(None, "a significant rise by March 2028");
    all.push(made("hle", "Healthy life expectancy at birth (female)", Unit::Years, 1, whole, vec![city, county]));

    let districts: Vec<Assessment> = DISTRICTS
        .iter()
        .enumerate()
        .map(|(i, area)| {
            let value = if i == 4 { Value::Suppressed } else { Value::Number(31.0 + wave(i) * 2.0) };
            let mut one =
                assessment("districts", area, vec![point(year(2024), value, Some(2.0), Some(35.8))], Status::ALL[i % 5]);
            one.comparison = [Comparison::Better, Comparison::Similar, Comparison::Worse, Comparison::NotCompared][i % 4];
            one
        })
        .collect();
    let mut whole = by_area("districts", &districts.iter().collect::<Vec<_>>(), Status::AtRisk);
    whole.flags = vec![Flag::ByArea];
    all.push(made("districts", "Year 6 children who are overweight or living with obesity", Unit::Percent, 1, whole, districts));

    let series = (0..12)
        .map(|i| point(Period::financial_quarter(2023 + i / 4, i % 4 + 1), Value::Number(88.0 + wave(i as usize)), None, None))
        .collect();
    let mut plain = assessment("no-limits", SYSTEM, series, Status::OnTrack);
    plain.flags = vec![Flag::NoLimits, Flag::Provisional];
    plain.target = target(Some(95.0), "95.0% by March 2027");
    all.push(made("no-limits", "Patients whose discharge was not delayed", Unit::Percent, 1, plain, vec![]));

    let series = (0..6).map(|i| point(year(2019 + i), Value::Missing, None, None)).collect();
    let mut missing = assessment("missing", SYSTEM, series, Status::NoFigure);
    missing.latest = None;
    missing.previous = None;
    missing.baseline = None;
    missing.since_previous = None;
    missing.since_baseline = None;
    missing.no_figure = Some(NoFigure::Overdue { whose: vec!["OHID Fingertips".into()], since: date(2025, 11, 30) });
    missing.reason = "No figure has been published or returned since the baseline.".into();
    all.push(made("missing", "Women who smoke at the time of delivery", Unit::Percent, 1, missing, vec![]));

    let series = (0..7)
        .map(|i| {
            let value = if i == 3 { Value::Suppressed } else { Value::Number(40.0 + wave(i as usize) * 5.0) };
            point(year(2018 + i), value, Some(6.0), Some(52.0))
        })
        .collect();
    let mut gap = assessment("gap", SYSTEM, series, Status::Achieved);
    gap.flags = vec![Flag::Final];
    all.push(made("gap", "Deaths from suicide and injury of undetermined intent", Unit::Per100k, 1, gap, vec![]));

    let one =
        assessment("suppressed", SYSTEM, vec![point(year(2024), Value::Suppressed, None, Some(3.4))], Status::CannotBeJudged);
    all.push(made("suppressed", "Babies born before 37 weeks", Unit::Percent, 1, one, vec![]));

    let zeros = (0..5).map(|i| point(year(2020 + i), Value::Number(0.0), None, None)).collect();
    all.push(made("zero", "Never events", Unit::Count, 0, assessment("zero", SYSTEM, zeros, Status::Achieved), vec![]));

    let tiny = (0..5).map(|i| point(year(2020 + i), Value::Number(0.001 * f64::from(i)), Some(0.0004), Some(0.003))).collect();
    all.push(made(
        "tiny",
        "MRSA bloodstream infections",
        Unit::Per100k,
        1,
        assessment("tiny", SYSTEM, tiny, Status::NotYetDue),
        vec![],
    ));

    let huge =
        (0..5).map(|i| point(year(2020 + i), Value::Number(12_345_678.0 - f64::from(i) * 700_000.0), None, None)).collect();
    let mut huge = assessment("huge", SYSTEM, huge, Status::OnTrack);
    huge.target = target(Some(8_000_000.0), "8,000,000 tonnes CO₂e by March 2028, a fall of ≥ 35% – at a cost of £12m");
    all.push(made(
        "huge",
        "Carbon footprint of the partnership’s estates, travel and supply chain (CO₂e)",
        Unit::TonnesCo2e,
        0,
        huge,
        vec![],
    ));

    let one = assessment("one", SYSTEM, vec![point(year(2024), Value::Number(71.3), Some(2.2), Some(70.1))], Status::NotYetDue);
    all.push(made("one", "Adults with a learning disability who had a health check", Unit::Percent, 1, one, vec![]));

    let months = (0..60)
        .map(|i: i32| {
            let label = format!("{:04}-{:02}", 2021 + i / 12, i % 12 + 1);
            point(Period::parse_iso_month(&label).unwrap(), Value::Number(300.0 + wave(i as usize) * 14.0), Some(30.0), None)
        })
        .collect();
    all.push(made(
        "months",
        "Ambulance handovers over 60 minutes",
        Unit::Count,
        0,
        assessment("months", SYSTEM, months, Status::OffTrack),
        vec![],
    ));

    let mut series: Vec<SeriesPoint> = (0..6)
        .map(|i| point(Period::financial_quarter(2025, 1 + i % 4), Value::Number(61.0 + wave(i as usize)), Some(3.0), None))
        .collect();
    series.truncate(4);
    for point in &mut series {
        point.illustrative = true;
        point.sources = vec![cell("C7"), cell("C11")];
    }
    let mut returned = assessment("returned", "RXX", series, Status::OnTrack);
    returned.flags = vec![Flag::Illustrative, Flag::Incomplete];
    all.push(made(
        "returned",
        &format!("Staff of {LONG_NAME} who had an appraisal in the last twelve months"),
        Unit::Percent,
        1,
        returned,
        vec![],
    ));

    for made in &mut all {
        if made.measure.id.0 == "suppressed" {
            made.target = Target::NotJudged { needed: "a number to reach and a date to reach it by".into() };
        }
        if made.measure.id.0 == "gap" {
            made.measure.proxy = "counts deaths registered in the year, not deaths that happened in it".into();
            made.measure.notes = "The text does not say which year the baseline is; the year before the strategy is used.".into();
        }
    }
    all
}

impl Sample {
    pub fn pack(&self) -> PackInputs<'_> {
        PackInputs {
            framework: &self.framework,
            whole: &self.framework,
            areas: &self.areas,
            partners: &self.partners,
            evaluation: &self.evaluation,
            returns: &self.returns,
            returns_due: date(2026, 10, 31),
            indicators: &self.indicators,
            source_findings: &[],
            revisions: &[],
            remarks: &[],
            comments: &[],
            leads: &[],
            voices: None,
            returned_comments: &[],
            changes: None,
            without: &[],
            draft: false,
            standard: Standard::Ua1,
            correction: None,
        }
    }

    /// The awkward cases, `times` over, under three aims.
    pub fn new(times: usize) -> Sample {
        let mut measures: Vec<Made> = Vec::new();
        for round in 0..times {
            for mut made in awkward() {
                if round > 0 {
                    made.measure.id.0 = format!("{}-{round}", made.measure.id.0);
                    made.assessment.headline.measure = made.measure.id.clone();
                    made.measure.title = format!("{} ({})", made.measure.title, round + 1);
                }
                measures.push(made);
            }
        }
        Sample::of(measures)
    }

    pub fn of(all: Vec<Made>) -> Sample {
        let priorities: Vec<Priority> = [
            ("prevention", "aim-1", "Support children and young people to have the best start in life with their health, development, education and preparation for adulthood", "Best start"),
            ("frailty", "aim-1", "Support frail older people with underlying conditions to maintain their independence and health", "Frailty"),
            ("equity", "aim-2", "Focus on and invest in prevention priorities, like tobacco, alcohol, healthy weight, oral health and mental health", "Prevention priorities"),
            ("environment", "aim-3", "Adding social value and reducing our impact upon the environment", "Social value and environment"),
        ]
        .map(|(id, aim, title, short)| Priority { id: id.into(), aim: aim.into(), title: title.into(), short: short.into(), definition: String::new() })
        .to_vec();
        let mut ambitions = Vec::new();
        let (mut measures, mut judged, mut standing) = (Vec::new(), Vec::new(), Vec::new());
        for (i, made) in all.into_iter().enumerate() {
            let priority = if (3..6).contains(&i) { None } else { Some(priorities[i % 3].id.clone()) };
            ambitions.push(Ambition {
                id: format!("ambition-{i}"),
                priority,
                statement: format!(
                    "Ambition {i}: raise the share of people, and close the gap to the England average, by March 2028"
                ),
                text: TextPlace::default(),
                combine: Combine::Worst,
                measures: vec![Aspiration {
                    id: made.measure.id.clone(),
                    role: Role::Lead,
                    stands_in_for: None,
                    target: made.target,
                    document: String::new(),
                    earlier: Vec::new(),
                    interim: Vec::new(),
                    area_targets: Vec::new(),
                    owner: String::new(),
                    notes: String::new(),
                }],
                notes: String::new(),
            });
            let headline = &made.assessment.headline;
            standing.push(AmbitionAssessment {
                ambition: format!("ambition-{i}"),
                status: headline.status,
                reason: headline.reason.clone(),
                flags: headline.flags.clone(),
                by: Some(Role::Lead),
                met: usize::from(matches!(headline.status, Status::Achieved | Status::AchievedLate)),
                judged: usize::from(headline.status.is_judged()),
                of: 1,
                decided_by: Some(made.measure.id.clone()),
            });
            measures.push(made.measure);
            judged.push(made.assessment);
        }
        let partners = vec![
            partner("nuh", "Nottingham University Hospitals NHS Trust", "acute-trust"),
            partner("city", "Nottingham City Council", "council"),
            partner("nhc", LONG_NAME, "mental-health-trust"),
        ];
        let actions: Vec<Action> = (0..6).map(|i| action(i, &priorities[i % 2].id)).collect();
        let assessments = actions.iter().enumerate().map(|(i, action)| action_assessment(i, &action.id)).collect();
        Sample {
            framework: Framework {
                edition: edition(),
                aims: [
                    "Improve outcomes in population health and healthcare",
                    "Tackle inequalities in outcomes, experiences and access",
                    "Support broader social and economic development",
                ]
                .iter()
                .enumerate()
                .map(|(i, title)| Aim { id: format!("aim-{}", i + 1), title: (*title).into(), owner: String::new() })
                .collect(),
                priorities,
                ambitions,
                measures,
                actions,
            },
            areas: Areas::parse(AREAS, "areas.toml").unwrap(),
            partners,
            evaluation: Evaluation {
                period: Period::financial_quarter(2026, 2),
                as_at: date(2026, 11, 20),
                edition: "2024".into(),
                interim: false,
                ambitions: standing,
                measures: judged,
                actions: assessments,
                movements: None,
            },
            returns: returns(),
            indicators: indicators(),
        }
    }
}
