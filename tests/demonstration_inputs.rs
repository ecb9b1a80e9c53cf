//! The demonstration's inputs belong to the framework that it judges: nothing in them is orphaned.

use boardpack::assets::Assets;
use boardpack::framework::{self, Framework, Partner, Source};
use calamine::{Data, Range, Reader, open_workbook_auto};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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
fn six_of_the_seven_partners_return_and_one_of_them_in_an_opendocument_file() {
    let returned: Vec<_> = returns().into_iter().map(|(partner, ..)| partner.id).collect();
    assert_eq!(returned, ["city-council", "county-council", "icb", "nhc", "nuh", "sfh"]);
    assert!(demo("returns/nhc_2026-27-Q2.ods").exists());
}

#[test]
fn each_partner_returns_measures_that_it_is_asked_for_and_actions_that_it_leads() {
    let framework = framework();
    let (mut measures, mut actions) = (BTreeSet::new(), BTreeSet::new());
    for (partner, figures, reports) in returns() {
        for row in rows_under(&figures, "Measure ID") {
            let id = row[0].to_string();
            let measure = framework.measures.iter().find(|m| m.id.0 == id).unwrap_or_else(|| panic!("{}: {id}", partner.id));
            let Source::Return { partners } = &measure.source else { panic!("{id} is not returned") };
            assert!(partners.contains(&partner.kind), "{} is not asked for {id}", partner.id);
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
fn every_recorded_answer_is_to_a_question_that_the_framework_asks() {
    let asked: BTreeSet<String> = framework()
        .measures
        .iter()
        .filter_map(|m| match &m.source {
            Source::Indicator { source, indicator, area_types, .. } if source == "fingertips" => Some((indicator, area_types)),
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
    for source in ["fingertips", "oflog", "hcai", "admissions"] {
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
