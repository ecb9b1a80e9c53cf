//! Key actions.

use super::blocks::{break_run, heads, illustrative_mark, wide};
use crate::report::content::{ActionView, GroupView};
use crate::report::signs;
use tagged_document::model::{Block, Cell, Column, Row, Run};

pub fn actions_table(group: &GroupView) -> Vec<Block> {
    if group.actions.is_empty() {
        return Vec::new();
    }
    let rows = group.actions.iter().map(|action| {
        let mut said =
            if action.said.is_empty() { vec![Run::quiet("Nothing was returned.")] } else { vec![Run::text(action.said.clone())] };
        if !action.said_by.is_empty() && action.said_by != action.lead {
            said.extend([break_run(), Run { italic: true, ..Run::quiet(action.said_by.clone()) }]);
        }
        for other in &action.others {
            said.extend([break_run(), Run::text(other.said.clone())]);
            said.extend([break_run(), Run { italic: true, ..Run::quiet(other.by.clone()) }]);
        }
        if action.illustrative {
            said.extend([break_run(), illustrative_mark()]);
        }
        let cells = vec![
            Cell::head(statement(action)),
            Cell::text(action.lead.clone()),
            Cell::text(action.due_with_passed()),
            Cell::new(status(action)),
            Cell::new(said),
        ];
        Row { cells, illustrative: action.illustrative }
    });
    let columns = vec![
        Column::left().at_most(0.32),
        Column::left().at_most(0.18),
        Column::left().at_most(0.14),
        Column::left().at_most(0.2),
        Column::left().at_most(0.26),
    ];
    let head = heads(&["Key action", "Lead", "Due", "Status", "What the lead said"]);
    vec![Block::Table(wide(columns, head, rows.collect()))]
}

/// The action with its steps and how its completion is shown.
fn statement(action: &ActionView) -> Vec<Run> {
    let mut runs = vec![Run::text(action.statement.clone())];
    for step in &action.steps {
        runs.extend([break_run(), Run::quiet(format!("Step: {step}"))]);
    }
    if !action.also_under.is_empty() {
        runs.extend([break_run(), Run::quiet(format!("Also under: {}", action.also_under.join("; ")))]);
    }
    if !action.evidence.is_empty() {
        let proposed = if action.proposed { " (proposed)" } else { "" };
        runs.extend([break_run(), Run::quiet(format!("Shown by{proposed}: {}", action.evidence))]);
    }
    runs
}

/// The sign and the word, and why.
fn status(action: &ActionView) -> Vec<Run> {
    let mut runs = signs::status(action.of);
    runs.extend([break_run(), Run::quiet(action.reason.clone())]);
    runs
}
