//! The demonstration's inputs belong to the framework that it judges: nothing in them is orphaned.

use boardpack::archive::Archive;
use boardpack::assets::Assets;
use boardpack::collect::workbook::ReaderProcess;
use boardpack::collect::{FetchSetup, Intake, PriorReturns, RunScope, collect_indicators, collect_returns};
use boardpack::evaluate::{Evaluation, EvaluationInputs, Flag, Status, evaluate};
use boardpack::framework::{self, Framework, MeasureSource, Partner, TargetKind};
use boardpack::period::{Period, YearKind};
use boardpack::settings;
use calamine::{Data, Range, Reader, open_workbook_auto};
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use strum::VariantArray;

fn demo(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/demo").join(path)
}

fn framework() -> Framework {
    framework::load(&Assets::config(None), "2024").unwrap_or_else(|faults| panic!("{faults}"))
}

/// The workbooks with the partner that each says it is of.
fn returns() -> Vec<(Partner, Range<Data>, Range<Data>)> {
    let partners = framework::load_partners(&Assets::config(None)).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(demo("returns")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |file: PathBuf| {
        let mut book = open_workbook_auto(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let mut sheet = |name: &str| book.worksheet_range(name).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let about = sheet("About");
        let said = |key: &str| about.rows().find(|row| row[0] == *key).map(|row| row[1].to_string()).unwrap_or_default();
        assert_eq!(said("Data status"), "Illustrative", "{}", file.display());
        let partner = partners.iter().find(|p| p.id == said("Partner")).unwrap_or_else(|| panic!("{}", file.display()));
        assert!(file.file_name().unwrap().to_string_lossy().starts_with(&format!("{}_{}.", partner.id, said("Period"))));
        (partner.clone(), sheet("Figures"), sheet("Key actions"))
    };
    files.into_iter().map(read).collect()
}

fn rows_under<'a>(sheet: &'a Range<Data>, header: &'a str) -> impl Iterator<Item = &'a [Data]> {
    sheet.rows().skip_while(move |row| row[0] != *header).skip(1)
}

#[test]
fn six_of_seven_partners_return() {
    let returned: Vec<_> = returns().into_iter().map(|(partner, ..)| partner.id).collect();
    assert_eq!(returned, ["city-council", "county-council", "icb", "nhc", "nuh", "sfh"]);
    assert!(demo("returns/nhc_2026-27-Q2.ods").exists());
}

#[test]
fn partners_return_only_what_is_asked() {
    let framework = framework();
    let (mut measures, mut actions) = (BTreeSet::new(), BTreeSet::new());
    for (partner, figures, reports) in returns() {
        for row in rows_under(&figures, "Measure ID") {
            let id = row[0].to_string();
            let measure = framework.measures.iter().find(|m| m.id.0 == id).unwrap_or_else(|| panic!("{}: {id}", partner.id));
            let MeasureSource::Return { partners, areas, .. } = &measure.source else { panic!("{id} is not returned") };
            assert!(partner.kinds.iter().any(|kind| partners.contains(kind)), "{} is not asked for {id}", partner.id);
            let area = row[8].to_string();
            assert!(
                area.is_empty() == areas.is_empty() && (area.is_empty() || areas.iter().any(|a| a.as_str() == area)),
                "{id}: {area}"
            );
            assert!(measure.period(&row[2].to_string()).is_ok(), "{}: {id}: {}", partner.id, row[2]);
            measures.insert(id);
        }
        for row in rows_under(&reports, "Action ID") {
            let id = row[0].to_string();
            let action = framework.actions.iter().find(|a| a.id.0 == id).unwrap_or_else(|| panic!("{}: {id}", partner.id));
            assert_eq!(action.lead, partner.id, "{id}");
            actions.insert(id);
        }
    }
    assert!(measures.len() >= 15, "{}", measures.len());
    let priorities: BTreeSet<_> = framework.actions.iter().filter(|a| actions.contains(&a.id.0)).map(|a| &a.priority).collect();
    let aims: BTreeSet<_> = framework.priorities.iter().filter(|p| priorities.contains(&p.id)).map(|p| &p.aim).collect();
    assert!(actions.len() >= 8 && aims.len() == 4, "{actions:?} of {aims:?}");
}

#[test]
fn recorded_answers_answer_the_frameworks_questions() {
    let asked: BTreeSet<String> = framework()
        .measures
        .iter()
        .filter_map(|m| match &m.source {
            MeasureSource::Indicator { source, indicator, area_types, .. } if source == "fingertips" => {
                Some((indicator, area_types))
            }
            _ => None,
        })
        .flat_map(|(indicator, types)| {
            types.iter().map(move |area_type| {
                format!(
                    "all_data/csv/by_indicator_id?indicator_ids={indicator}&child_area_type_id={area_type}&parent_area_type_id=15"
                )
            })
        })
        .collect();
    for source in ["fingertips", "oflog", "hcai", "admissions", "sickness", "discharges"] {
        let folder = demo("indicators").join(source);
        let text = std::fs::read_to_string(folder.join("recordings.toml")).unwrap();
        let table: toml::Table = text.parse().unwrap();
        for answer in table["answer"].as_array().unwrap() {
            let text = |key: &str| answer[key].as_str().unwrap_or_else(|| panic!("{source}: {key}"));
            assert!(folder.join(text("file")).exists(), "{source}: {}", text("file"));
            assert!(source != "fingertips" || asked.contains(text("request")), "{}", text("request"));
            assert!(text("retrieved").parse::<jiff::Timestamp>().is_ok());
            assert!(!text("publisher").is_empty() && text("licence").contains("Open Government Licence"));
        }
    }
}

/// The demonstration, collected and judged as a run does.
async fn judged(framework: &Framework) -> Evaluation {
    let settings = settings::load(Some(&demo("boardpack.toml")), &BTreeMap::new()).unwrap_or_else(|faults| panic!("{faults}"));
    let partners = framework::load_partners(&Assets::config(None)).unwrap();
    let areas = framework::read_areas(&Assets::config(None)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::new(folder.path().join("archive"));
    let period = Period::parse("2026-27-Q2", YearKind::Financial).unwrap();
    let wanted = RunScope { framework, partners: &partners, period, as_at: date(2026, 11, 20) };
    let now = "2026-11-20T09:00:00Z".parse().unwrap();
    let intake = Intake {
        folder: &settings.paths.returns,
        limits: &settings.returns.limits,
        reading: &ReaderProcess::Here,
        archive: &archive,
        areas: &areas,
        mappings: &BTreeMap::new(),
        now,
        wait: &|| {},
    };
    let returns = collect_returns(&intake, &wanted, &PriorReturns::default());
    let means = FetchSetup::new(&settings.sources, &settings.fetch, &archive, now);
    let indicators = collect_indicators(&wanted, &means, &|_, _, _| {}).await;
    let observations = [returns.observations, indicators.observations].concat();
    evaluate(&EvaluationInputs::new(framework, &areas, &observations, &returns.action_reports, period, wanted.as_at))
}

#[tokio::test]
async fn every_target_kind_is_judged() {
    let framework = framework();
    let evaluation = judged(&framework).await;
    let mut of_kind: BTreeMap<String, Vec<Status>> = BTreeMap::new();
    for ((_, aspiration), assessed) in framework.aspirations().zip(&evaluation.measures) {
        assert_eq!(aspiration.id, assessed.headline.measure);
        let kind = serde_json::to_value(&aspiration.target).unwrap()["kind"].as_str().unwrap().to_owned();
        of_kind.entry(kind).or_default().push(assessed.headline.status);
    }
    let kinds: BTreeSet<&str> = TargetKind::VARIANTS.iter().map(<&str>::from).collect();
    let there_are: BTreeSet<&str> = of_kind.keys().map(String::as_str).collect();
    assert_eq!(there_are, kinds, "a new kind has a figure in the demonstration");
    for (kind, statuses) in of_kind {
        let unjudged = [Status::NoFigure, Status::CannotBeJudged, Status::NotYetDue];
        match kind.as_str() {
            "not_judged" => assert!(statuses.iter().all(|s| *s == Status::CannotBeJudged), "{statuses:?}"),
            _ => assert!(statuses.iter().any(|s| !unjudged.contains(s)), "{kind}: {statuses:?}"),
        }
    }
    let actions: BTreeSet<_> = evaluation.actions.iter().map(|a| a.status).collect();
    assert!(actions.contains(&Status::AchievedLate) && actions.contains(&Status::OffTrack), "{actions:?}");
}

#[tokio::test]
async fn system_wide_returns_are_judged_as_such() {
    let framework = framework();
    let evaluation = judged(&framework).await;
    let headline = |id: &str| &evaluation.measures.iter().find(|m| m.headline.measure.0 == id).unwrap().headline;
    for measure in &framework.measures {
        let MeasureSource::Return { areas, .. } = &measure.source else { continue };
        // Healthcare-associated cases of all three organisms were never counted for the baseline, so nobody returns them.
        if areas.is_empty() || framework.is_scenario(&measure.id) || measure.id.0 == "gram-negative-healthcare-associated" {
            continue;
        }
        let found = headline(&measure.id.0);
        assert_eq!(found.area, framework.edition.system, "{}", measure.id);
        assert!(!found.flags.contains(&Flag::ByArea) && found.flags.contains(&Flag::Illustrative), "{}", measure.id);
        assert!(found.latest.is_some(), "{}", measure.id);
    }
    // The strategy's own baseline is the system's.
    assert_eq!(headline("self-harm-admissions-10-to-24-local").baseline.as_ref().unwrap().value.number(), Some(380.6));
    // England's figure of the same return is what the system's is compared with.
    assert_eq!(headline("suicide-local").latest.as_ref().unwrap().comparator, Some(11.0));
    // The projection of the same year, less three fifths of 5%.
    let admissions = headline("emergency-admissions-local");
    let allowed = admissions.target.as_ref().unwrap().expected_now.unwrap();
    assert!((allowed - 142_900.0 * (1.0 - 0.05 * 3.0 / 5.0)).abs() < 5.0, "{allowed}");
    assert!(admissions.reason.contains("142,900 had growth gone on"), "{}", admissions.reason);
}
