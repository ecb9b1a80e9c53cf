//! A page an aim: its ambitions and its key actions, a row each.

use super::blocks::{
    ambition_anchor, ambition_judged, break_run, comment_runs, heading_row, heads, illustrative_mark, wide, with_lead,
};
use super::brief::beside;
use super::measures::{figure_and_period, trend};
use crate::report::content::figures::NONE;
use crate::report::content::sentences::sentence;
use crate::report::content::{ActionView, AimView, AmbitionView, GroupView, MeasureView, View};
use crate::report::signs;
use tagged_document::model::{Block, Cell, Column, Row, Run};

/// The ambitions of some priorities, each with the measure that decides it, or else its first.
pub fn ambition_rows(priorities: &[&GroupView], view: &View) -> Vec<Block> {
    let mut rows = Vec::new();
    for priority in priorities.iter().filter(|priority| !priority.ambitions.is_empty()) {
        if priorities.len() > 1 {
            rows.push(heading_row(vec![Run::text(priority.title.clone())], 7));
        }
        rows.extend(priority.ambitions.iter().map(|ambition| row(ambition, priority)));
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let shares = [0.27, 0.13, 0.15, 0.07, 0.10, 0.09, 0.19];
    let columns = shares.map(|share| Column::left().at_most(share)).to_vec();
    let beside = format!("{} and others", view.pack.comparator);
    let head = heads(&[
        "Ambition",
        "Latest, with limits",
        "Target, and the chance of it",
        "Trend",
        &beside,
        "Status",
        "Lead and comment",
    ]);
    vec![Block::Table(wide(columns, head, rows))]
}

fn row(ambition: &AmbitionView, priority: &GroupView) -> Row {
    let of_ambition = || priority.measures.iter().filter(|measure| measure.ambition_key == ambition.key);
    let decides = of_ambition().find(|measure| Some(measure.key) == ambition.decided_by).or_else(|| of_ambition().next());
    let mut name = vec![Run::bold(ambition.title.clone()).linked(&ambition_anchor(ambition))];
    if let Some(measure) = decides {
        name.extend([break_run(), Run::quiet(measure.title.clone())]);
    }
    if ambition.illustrative {
        name.extend([Run::text(" "), illustrative_mark()]);
    }
    let none = || vec![Run::quiet(NONE)];
    let cells = vec![
        Cell::head(name),
        Cell::new(decides.map_or_else(none, latest)),
        Cell::new(decides.map_or_else(none, target)),
        Cell::new(decides.map_or_else(none, trend)),
        Cell::new(decides.map_or_else(none, beside)),
        Cell::new(ambition_judged(ambition, decides)),
        Cell::new(with_lead(Some(ambition), comment(ambition, decides))),
    ];
    Row { cells, illustrative: ambition.illustrative }
}

/// The latest figure, and below it its limits, what else it is judged on, and by whom it was given.
fn latest(measure: &MeasureView) -> Vec<Run> {
    let limits = if measure.limits == NONE { String::new() } else { measure.limits.clone() };
    let judged = match measure.judged.is_empty() {
        true => String::new(),
        false => format!("judged on {} ({})", measure.judged, measure.judged_period),
    };
    let mut runs = figure_and_period(measure);
    let below: Vec<String> = [limits, judged, measure.coverage.clone()].into_iter().filter(|words| !words.is_empty()).collect();
    if !below.is_empty() {
        runs.extend([break_run(), Run::quiet(below.join("; "))]);
    }
    runs
}

/// The target, how likely it is to be met, and what it would take.
fn target(measure: &MeasureView) -> Vec<Run> {
    let mut runs = vec![Run::text(measure.target.clone())];
    if !measure.chance.is_empty() {
        runs.extend([break_run(), Run::quiet(format!("chance: {}", measure.chance))]);
    }
    if !measure.needed.is_empty() {
        runs.extend([break_run(), Run::quiet(format!("needs {}", measure.needed))]);
    }
    runs
}

/// What whoever answers for it says; else what those who gave the figure said; else what is to be known of the figure.
fn comment(ambition: &AmbitionView, measure: Option<&MeasureView>) -> Vec<Run> {
    if let Some(comment) = ambition.comments.first() {
        return comment_runs(comment);
    }
    let known = match measure.and_then(MeasureView::said) {
        Some(said) => return vec![Run::text(said.words.clone()), break_run(), Run::quiet(said.partner.clone())],
        None if !ambition.of.is_judged() => ambition.reason.clone(),
        None => sentence(&ambition.flags.join("; ")),
    };
    vec![Run::quiet(if known.is_empty() { NONE.to_owned() } else { known })]
}

/// Its key actions: what, who leads, when it was due at first and is now, and how it stands.
pub fn aim_actions(aim: &AimView) -> Vec<Block> {
    let actions: Vec<&ActionView> = aim.priorities.iter().flat_map(|priority| &priority.actions).collect();
    if actions.is_empty() {
        return Vec::new();
    }
    let rows = actions.into_iter().map(|action| {
        let mut status = signs::status(action.of);
        if action.illustrative {
            status.extend([break_run(), illustrative_mark()]);
        }
        let mut statement = vec![Run::text(action.statement.clone())];
        if !action.steps.is_empty() {
            statement.extend([break_run(), Run::quiet(action.steps.join("; "))]);
        }
        let cells =
            vec![Cell::head(statement), Cell::text(action.lead.clone()), Cell::text(action.due_with_passed()), Cell::new(status)];
        Row { cells, illustrative: action.illustrative }
    });
    let columns = vec![
        Column::left().at_most(0.46),
        Column::left().at_most(0.22),
        Column::left().at_most(0.16),
        Column::left().at_most(0.16),
    ];
    let caption = format!("Key actions of aim {}", aim.number);
    let table = wide(columns, heads(&["Key action", "Lead", "Due", "Status"]), rows.collect());
    vec![Block::Table(tagged_document::model::Table { caption, ..table })]
}
