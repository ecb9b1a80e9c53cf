//! What a pack's PDF carries: figures of that pack, as the data annex has them.

use crate::support::demonstration::{DEMONSTRATION, PACKS};
use crate::support::pdf_text;
use crate::support::sample_pack::Sample;
use crate::support::structure_walk::Walk;
use boardpack::assets::Assets;
use boardpack::report::annex::AnnexTables;
use boardpack::report::{PackInputs, ReportTemplates, render};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use tagged_document::Standard;

type Row = BTreeMap<String, String>;

fn rows(bytes: &[u8]) -> Vec<Row> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap();
    csv::Reader::from_reader(bytes).deserialize().map(Result::unwrap).collect()
}

fn attached(pdf: &[u8]) -> BTreeMap<String, Vec<u8>> {
    pdf_text::attached(&lopdf::Document::load_mem(pdf).unwrap())
}

/// The annex of the demonstration.
fn annex() -> BTreeMap<String, Vec<Row>> {
    let tables = AnnexTables::new(&DEMONSTRATION.pack()).to_csv();
    tables.into_iter().map(|(name, bytes)| (name, rows(&bytes))).collect()
}

#[test]
fn packs_carry_the_data_that_their_templates_name() {
    for (stem, expected) in [
        ("evidence-2026-27-Q2", &["breakdowns.csv", "columns.csv", "figures.csv", "series.csv", "slopes.csv"][..]),
        ("public-summary-2026-27-Q2", &["columns.csv", "headlines.csv"]),
        ("place-brief-2026-27-Q2-place-bassetlaw", &["columns.csv", "figures.csv", "series.csv"]),
    ] {
        let pack = PACKS.iter().find(|pack| pack.stem == stem).unwrap();
        let names: Vec<String> = attached(&pack.rendered.pdf).into_keys().collect();
        assert_eq!(names, expected, "{stem}");
    }
}

#[test]
fn what_is_attached_is_what_the_annex_says() {
    let annex = annex();
    let (series, assessments) = (&annex["series.csv"], &annex["assessments.csv"]);
    let mut seen = 0;
    for pack in &*PACKS {
        for (name, bytes) in attached(&pack.rendered.pdf).into_iter().filter(|(name, _)| name != "columns.csv") {
            for row in rows(&bytes) {
                let told = |of: &Row, keys: &[&str]| keys.iter().all(|key| of[*key] == row[*key]);
                let is_in_annex = match name.as_str() {
                    "figures.csv" | "headlines.csv" => {
                        let figure = ["measure", "area", "period", "value", "numerator", "denominator", "lower", "upper"];
                        let is_whole = pack.part.is_none();
                        let same = |of: &Row| row.iter().all(|(column, cell)| of[column] == *cell);
                        // The figure of a place is one of the whole's; how it stands may be worked out of several.
                        assessments.iter().any(|of| if is_whole { same(of) } else { told(of, &figure) })
                            || !is_whole && (row["value"] == "[x]" || series.iter().any(|of| told(of, &figure)))
                    }
                    name => annex[name].contains(&row),
                };
                assert!(is_in_annex, "{}, {name}: {row:?}", pack.stem);
                seen += 1;
            }
        }
    }
    assert!(seen > 2000, "{seen}");
}

#[test]
fn the_headlines_are_a_row_a_measure() {
    let pack = PACKS.iter().find(|pack| pack.stem.starts_with("public-summary")).unwrap();
    let rows = rows(&attached(&pack.rendered.pdf)["headlines.csv"]);
    assert!(rows.len() > 20 && rows.iter().all(|row| row["headline"] == "yes"));
}

#[test]
fn the_data_of_a_place_is_of_no_other() {
    for pack in PACKS.iter().filter(|pack| pack.part.is_some()) {
        let areas = &DEMONSTRATION.config.areas;
        let place = pack.part.as_ref().unwrap();
        let own: BTreeSet<&str> =
            std::iter::once(place).chain(&areas.get(place).unwrap().parts).map(|code| code.as_str()).collect();
        for (name, bytes) in attached(&pack.rendered.pdf).into_iter().filter(|(name, _)| name != "columns.csv") {
            for row in rows(&bytes) {
                assert!(own.contains(row["area"].as_str()), "{}, {name}: {row:?}", pack.stem);
            }
        }
    }
}

#[test]
fn every_column_of_the_attached_data_is_explained() {
    for pack in &*PACKS {
        let attached = attached(&pack.rendered.pdf);
        let explained: BTreeSet<String> = rows(&attached["columns.csv"])
            .into_iter()
            .map(|row| format!("{}.csv {}", row["table"].to_lowercase(), row["column"]))
            .collect();
        for (name, bytes) in attached.iter().filter(|(name, _)| *name != "columns.csv") {
            for column in rows(bytes)[0].keys() {
                assert!(explained.contains(&format!("{name} {column}")), "{name} {column} in {explained:?}");
            }
        }
    }
}

#[test]
fn templates_that_name_no_data_make_packs_without_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("public_summary")).unwrap();
    let own = include_str!("../../../report_templates/public_summary/pack.toml");
    fs::write(folder.path().join("public_summary/pack.toml"), own.replace("data = [\"headlines\"]", "data = []")).unwrap();
    let templates =
        ReportTemplates::load(&Assets::templates(Some(folder.path().into())), &Assets::fonts(None), "public_summary").unwrap();
    let sample = Sample::new(1);
    for standard in [Standard::Ua1, Standard::Ua2] {
        let pdf = render(&PackInputs { standard, ..sample.pack() }, &templates).unwrap().pdf;
        assert_eq!(attached(&pdf).len(), 0);
        assert_eq!(Walk::of(&pdf).problems, [""; 0]);
    }
}
