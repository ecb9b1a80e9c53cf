//! Key actions.

use super::{break_run, heads, illustrative_mark, wide};
use crate::report::content::GroupView;
use crate::report::model::{Block, Cell, Column, Row, Run};

pub fn actions_table(group: &GroupView) -> Vec<Block> {
    if group.actions.is_empty() {
        return Vec::new();
    }
    let rows = group.actions.iter().map(|action| {
        let mut said =
            if action.said.is_empty() { vec![Run::quiet("Nothing was said.")] } else { vec![Run::text(action.said.clone())] };
        if !action.said_by.is_empty() && action.said_by != action.lead {
            said.extend([break_run(), Run { italic: true, ..Run::quiet(action.said_by.clone()) }]);
        }
        if action.illustrative {
            said.extend([break_run(), illustrative_mark()]);
        }
        let cells = vec![
            Cell::head(vec![Run::text(action.statement.clone())]),
            Cell::text(action.lead.clone()),
            Cell::text(action.due.clone()),
            Cell::new(Run::status(action.of)),
            Cell::new(said),
        ];
        Row { cells, illustrative: action.illustrative }
    });
    let columns = vec![
        Column::left().at_most(0.36),
        Column::left().at_most(0.26),
        Column::left(),
        Column::left(),
        Column::left().at_most(0.36),
    ];
    let head = heads(&["Key action", "Lead", "Due", "Status", "What the lead said"]);
    vec![Block::Table(wide(columns, head, rows.collect()))]
}
