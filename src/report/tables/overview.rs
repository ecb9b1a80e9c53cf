//! Where everything stands, on a page.

use super::blocks::{break_run, group_anchor, heading_row, heads, illustrative_mark, signed, wide};
use crate::counted::counted;
use crate::evaluate::Status;
use crate::report::content::{CountView, GroupView, View};
use crate::report::signs;
use tagged_document::model::{Align, Block, Cell, Column, Row, Run, Table};

pub fn summary_table(view: &View) -> Block {
    const SHOWN: [Status; 4] = [Status::Achieved, Status::OnTrack, Status::AtRisk, Status::OffTrack];
    const REST: [(Status, &str); 4] = [
        (Status::NotYetDue, "Not yet due"),
        (Status::NoFigure, "No figure"),
        (Status::NoTargetSet, "No target set"),
        (Status::CannotBeJudged, "Cannot be judged"),
    ];
    let of = |counts: &[CountView], wanted: &[Status]| -> usize {
        counts.iter().filter(|c| wanted.contains(&c.of)).map(|c| c.count).sum()
    };
    let row = |group: &GroupView| {
        let mut cells = vec![Cell::head(vec![Run::bold(group.short.clone()).linked(&group_anchor(group))])];
        let mut groups: Vec<Vec<Status>> = vec![vec![Status::Achieved, Status::AchievedLate]];
        groups.extend(SHOWN[1..].iter().map(|status| vec![*status]));
        groups.extend(REST.map(|(status, _)| vec![status]));
        for wanted in groups {
            let count = of(&group.counts, &wanted);
            cells.push(Cell::new(vec![if count == 0 { Run::quiet("0") } else { Run::bold(count.to_string()) }]));
        }
        Row { cells, illustrative: group.illustrative }
    };
    let mut rows = vec![row(&view.overarching)];
    for aim in &view.aims {
        // A priority without an ambition has nothing to count.
        let mut counted = aim.priorities.iter().filter(|group| !group.ambitions.is_empty()).peekable();
        if counted.peek().is_some() {
            rows.push(heading_row(vec![Run::text(format!("Aim {}: {}", aim.number, aim.title))], 9));
            rows.extend(counted.map(row));
        }
    }
    let mut head = vec![vec![Run::text("Priority")]];
    head.extend(SHOWN.map(signs::status));
    head.extend(heads(&REST.map(|(_, words)| words)));
    let number = Column { align: Align::Centre, at_most: 0.1 };
    let columns = std::iter::once(Column::left()).chain([number; 8]).collect();
    let caption = "Ambitions of each priority by status; achieved late is counted with achieved".to_owned();
    Block::Table(Table { caption, ..wide(columns, head, rows) })
}

/// The strategy on a page: an aim a column, a priority a cell, with how many stand where.
pub fn plan(view: &View) -> Vec<Block> {
    let columns = view.aims.len();
    if columns == 0 {
        return Vec::new();
    }
    let share = 1.0 / columns as f32;
    let head = view.aims.iter().map(|aim| vec![Run::text(format!("Aim {}: {}", aim.number, aim.title))]).collect();
    let mut rows = Vec::new();
    if !view.overarching.ambitions.is_empty() {
        let cell = Cell { span: columns, ..Cell::new(priority(view, &view.overarching, " ")) };
        rows.push(Row { cells: vec![cell], illustrative: view.overarching.illustrative });
    }
    let most = view.aims.iter().map(|aim| aim.priorities.len()).max().unwrap_or(0);
    for i in 0..most {
        let of_row: Vec<Option<&GroupView>> = view.aims.iter().map(|aim| aim.priorities.get(i)).collect();
        let cells =
            of_row.iter().map(|group| Cell::new(group.map_or_else(Vec::new, |group| priority(view, group, "")))).collect();
        rows.push(Row { cells, illustrative: of_row.iter().flatten().any(|group| group.illustrative) });
    }
    let columns = vec![Column::left().at_most(share); columns];
    vec![Block::Table(Table { grid: true, ..wide(columns, head, rows) })]
}

/// A priority's name, its ambitions by status, and its key actions by status; `apart` stands between name and counts,
/// where it is not a line's end.
fn priority(view: &View, group: &GroupView, apart: &str) -> Vec<Run> {
    let mut runs = vec![Run::bold(group.short.clone()).linked(&group_anchor(group))];
    if apart.is_empty() {
        runs.push(break_run());
    } else {
        runs.push(Run::text(apart));
    }
    if group.ambitions.is_empty() {
        // In the pack of a part of the system, a priority's measures may have no figure for it.
        let why = if view.without.is_empty() { "No ambition of its own" } else { "No measure with a figure here" };
        runs.push(Run::quiet(why));
    } else {
        runs.push(Run::quiet(format!("{}: ", counted(group.ambitions.len(), "ambition", "ambitions"))));
        runs.extend(standing(&group.counts));
    }
    if !group.actions.is_empty() {
        runs.extend([break_run(), Run::quiet(format!("{}: ", counted(group.actions.len(), "key action", "key actions")))]);
        runs.extend(standing(&group.action_counts));
    }
    if group.illustrative {
        runs.extend([Run::text(" "), illustrative_mark()]);
    }
    runs
}

/// `2 achieved, 3 off track`, each with its sign, those that are none left out.
fn standing(counts: &[CountView]) -> Vec<Run> {
    let mut runs = Vec::new();
    for count in counts.iter().filter(|c| c.count > 0) {
        if !runs.is_empty() {
            runs.push(Run::text(", "));
        }
        runs.extend(signed(count.of, &format!("{} {}", count.count, count.status.to_lowercase())));
    }
    runs
}
