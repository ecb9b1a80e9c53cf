//! The shares of what the public reads, as a table.

use super::blocks::{heads, wide};
use crate::report::content::View;
use tagged_document::model::{Block, Cell, Column, Row, Table};

/// How many of 100, where, and how many are wanted.
pub fn of_100(view: &View) -> Vec<Block> {
    let mut rows = Vec::new();
    for one in &view.plain {
        let wanted = if one.wanted.is_empty() { "not set" } else { one.wanted.as_str() };
        rows.extend(one.ends().map(|share| Row {
            cells: vec![
                Cell::head(super::blocks::marked(&one.name, one.illustrative)),
                Cell::text(if share.area.is_empty() { view.pack.system.clone() } else { share.area.clone() }),
                Cell::text(format!("{:.0}", share.of_100)),
                Cell::text(wanted.to_owned()),
            ],
            illustrative: one.illustrative,
        }));
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![Column::left(), Column::left(), Column::right(), Column::left()];
    let head = heads(&["What", "Where", "Now, of 100", "We want"]);
    vec![Block::Table(Table { caption: "How many of 100".to_owned(), ..wide(columns, head, rows) })]
}
