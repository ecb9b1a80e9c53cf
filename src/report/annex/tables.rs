//! Every table of the annex, in order.

use super::table::AnnexTable;
use super::{comments, cover, figures, framework, notes, received};
use crate::report::PackInputs;
use jiff::civil::Date;

/// Every table of the annex, in order: first what it is and how to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnexTables {
    /// `Nottingham and Nottinghamshire, July to September 2026: data annex`.
    pub title: String,
    /// `Nottingham and Nottinghamshire, July to September 2026`.
    pub(super) of: String,
    /// What the cover of a workbook says beside who publishes it.
    pub(super) cover: Vec<(&'static str, String)>,
    /// What "today" was when the figures were judged.
    pub as_at: Date,
    pub tables: Vec<AnnexTable>,
}

impl AnnexTables {
    /// The tables of a pack. What the pack's evaluation withholds is withheld here.
    pub fn new(pack: &PackInputs<'_>) -> Self {
        let mut tables = vec![
            framework::ambitions(pack),
            comments::comments(pack),
            figures::assessments(pack),
            figures::series(pack),
            figures::breakdowns(pack),
            figures::slopes(pack),
            framework::measures(pack),
            framework::actions(pack),
            framework::areas(pack),
            received::returns(pack),
            received::faults(pack),
            received::sources(pack),
            received::revisions(pack),
        ];
        tables.insert(0, notes::columns(&tables));
        tables.insert(0, notes::notes(pack, &tables));
        let quarter = pack.evaluation.period.in_words();
        let of = format!("{}, {quarter}", pack.areas.name_apart(&pack.framework.edition.system));
        AnnexTables { title: format!("{of}: data annex"), of, cover: cover::cover(pack), as_at: pack.evaluation.as_at, tables }
    }
}
