//! Key actions under what is amiss in a place.

use super::blocks::{heads, wide};
use crate::counted::counted;
use crate::report::content::{ActionView, View};
use tagged_document::model::{Block, Cell, Column, Row, Run};

/// So many are shown; the rest is counted.
const MOST: usize = 12;

/// What, who leads and when it is due.
pub fn place_actions(view: &View) -> Vec<Block> {
    let actions = &view.place_actions;
    if actions.is_empty() {
        return Vec::new();
    }
    let row = |action: &ActionView| Row {
        cells: vec![
            Cell::head(vec![Run::text(action.statement.clone())]),
            Cell::text(action.lead.clone()),
            Cell::text(action.due.clone()),
        ],
        illustrative: false,
    };
    let rows: Vec<Row> = actions.iter().take(MOST).map(row).collect();
    let columns = vec![Column::left().at_most(0.52), Column::left().at_most(0.3), Column::left().at_most(0.18)];
    let mut blocks = vec![Block::Table(wide(columns, heads(&["Key action", "Lead", "Due"]), rows))];
    if actions.len() > MOST {
        let more = counted(actions.len() - MOST, "more is", "more are");
        blocks.push(super::small(vec![Run::text(format!("{more} in the board pack."))]));
    }
    blocks
}
