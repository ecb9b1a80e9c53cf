//! The data that a pack's PDF carries: figures of the pack itself as CSV files, in the words of the annex.

use super::table::{AnnexCell, AnnexColumn, AnnexTable};
use super::{csv, figures, notes};
use crate::report::PackInputs;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::LazyLock;
use tagged_document::{Attachment, Relationship};

/// Figures of the pack itself, withheld where the pack withholds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttachedData {
    /// How each measure stands, a row a measure.
    Headlines,
    /// How each measure stands in each area.
    Figures,
    /// Each figure behind the charts, with its source.
    Series,
    /// Figures by deprivation.
    Breakdowns,
    /// How figures differ by deprivation.
    Slopes,
}

/// The files that a pack's PDF carries, in this order, and what their columns hold; none without a row is.
pub fn attached(pack: &PackInputs<'_>, data: &[AttachedData]) -> Vec<Attachment> {
    let named_once = data.iter().enumerate().filter(|(i, named)| !data[..*i].contains(named));
    let mut tables: Vec<AnnexTable> = named_once.map(|(_, data)| data.table(pack)).collect();
    tables.retain(|table| !table.rows.is_empty());
    if tables.is_empty() {
        return Vec::new();
    }
    tables.push(notes::columns(&tables));
    let as_at = pack.evaluation.as_at;
    let descriptions: Vec<String> = tables.iter().map(description).collect();
    let files = tables.iter().map(csv::file).zip(descriptions).map(|((name, bytes), description)| Attachment {
        name,
        media_type: "text/csv".to_owned(),
        description,
        relationship: Relationship::Data,
        bytes: bytes.into(),
        modified: as_at,
    });
    files.collect()
}

fn description(table: &AnnexTable) -> String {
    let what = table.what;
    match table.is_prose() {
        true => format!("{what} of the other files"),
        false => {
            format!("{what}. In place of a number: [c] withheld to protect people, [x] not available, [z] not applicable")
        }
    }
}

impl AttachedData {
    fn table(self, pack: &PackInputs<'_>) -> AnnexTable {
        match self {
            AttachedData::Headlines => {
                let mut table = standings(pack);
                let headline = table.columns.iter().position(|column| column.name == HEADLINE);
                table.rows.retain(|row| headline.and_then(|at| row.get(at)) == Some(&AnnexCell::YesNo(true)));
                AnnexTable { name: "Headlines", what: "How a measure stands", ..table }
            }
            AttachedData::Figures => standings(pack),
            AttachedData::Series => figures::series(pack),
            AttachedData::Breakdowns => figures::breakdowns(pack),
            AttachedData::Slopes => figures::slopes(pack),
        }
    }
}

const HEADLINE: &str = "headline";

/// Of the annex's columns those that a reader of the pack looks for.
static STANDING: LazyLock<Vec<AnnexColumn>> = LazyLock::new(|| {
    const KEPT: [&str; 28] = [
        "measure",
        "title",
        "unit",
        "area",
        "area_name",
        HEADLINE,
        "period",
        "value",
        "value_state",
        "numerator",
        "denominator",
        "lower",
        "upper",
        "limits_worked_out",
        "judged_period",
        "judged_value",
        "previous",
        "previous_period",
        "baseline",
        "baseline_period",
        "target",
        "target_due",
        "target_words",
        "comparator",
        "comparator_area",
        "comparison",
        "status",
        "flags",
    ];
    figures::ASSESSMENTS.iter().filter(|column| KEPT.contains(&column.name)).copied().collect()
});

/// How each measure stands in each area, in few columns.
fn standings(pack: &PackInputs<'_>) -> AnnexTable {
    let whole = figures::assessments(pack);
    let kept: Vec<bool> = whole.columns.iter().map(|c| STANDING.iter().any(|kept| kept.name == c.name)).collect();
    let narrow = |row: Vec<AnnexCell>| row.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(cell, _)| cell).collect();
    AnnexTable {
        name: "Figures",
        what: "How a measure stands in an area: the headline first, then the other areas",
        columns: &STANDING,
        rows: whole.rows.into_iter().map(narrow).collect(),
    }
}
