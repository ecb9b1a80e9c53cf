//! Worked cases, a row each, in CSV files.

use jiff::civil::Date;
use std::collections::BTreeMap;

pub type Row = BTreeMap<String, String>;

/// The rows of one file, named from the package's folder: `tests/cases/spc_points`.
pub fn rows(name: &str) -> Vec<Row> {
    let path = format!("{}/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    assert!(!rows.is_empty(), "{path} has cases");
    rows
}

/// The rows of the same case as `case`.
pub fn of_case<'a>(rows: &'a [Row], case: &'a Row) -> impl Iterator<Item = &'a Row> {
    rows.iter().filter(|row| row["case"] == case["case"])
}

pub fn optional(row: &Row, key: &str) -> Option<f64> {
    let text = &row[key];
    (!text.is_empty()).then(|| text.parse().unwrap())
}

pub fn number(row: &Row, key: &str) -> f64 {
    optional(row, key).unwrap_or_else(|| panic!("{key} of {row:?}"))
}

pub fn date(row: &Row, key: &str) -> Date {
    row[key].parse().unwrap()
}
