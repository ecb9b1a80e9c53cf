//! The first two pages of a board's brief.

use super::blocks::{
    COMMENT_WITHHELD, NO_COMMENT, ambition_anchor, ambition_judged, break_run, comment_runs, heads, illustrative_mark,
    measure_anchor, wide, with_lead,
};
use super::board::in_its_priority;
use crate::evaluate::{AREA_ADVERSE, Comparison, Status};
use crate::report::content::figures::{NONE, NOT_COMPARED};
use crate::report::content::sentences::{self, sentence};
use crate::report::content::{ActionView, AmbitionView, ChangedView, Control, MatterView, MeasureView, MessageView, View};
use crate::report::icons::Icon;
use crate::report::signs;
use tagged_document::model::{Block, Cell, Column, Inline, Item, List, Row, Run};

/// Rows that a page has room for.
const MOST_ROWS: usize = 12;

/// So many areas are named in a row.
const MOST_AREAS: usize = 3;

/// The messages as a numbered list.
pub fn messages(view: &View) -> Vec<Block> {
    let item = |message: &MessageView| {
        let ambition = view.ambitions().find(|ambition| ambition.key == message.ambition);
        let title = Run::bold(message.title.clone());
        let mut runs = vec![ambition.map_or(title.clone(), |ambition| title.linked(&ambition_anchor(ambition)))];
        runs.push(Run::text(format!(": {} ", message.words)));
        if !message.reason().is_empty() {
            runs.push(Run::quiet(message.reason()));
        }
        if !message.said.is_empty() {
            runs.push(Run { italic: true, ..Run::text(format!(" {}", message.said)) });
        }
        if !message.marked.is_empty() {
            runs.extend([Run::text(" "), Run { italic: true, ..Run::quiet(message.marked.clone()) }]);
        }
        Item { runs, inner: None }
    };
    let items: Vec<Item> = view.brief.messages.iter().map(item).collect();
    if items.is_empty() { Vec::new() } else { vec![Block::List(List { ordered: true, items })] }
}

/// What has changed for the worse by a test, an item a measure, and last the areas in which others have.
pub fn got_worse(view: &View) -> Vec<Block> {
    let mut items = changed(&view.brief.worse, view);
    let mut runs = Vec::new();
    for of in &view.brief.worse_in {
        runs.push(Run::text(if runs.is_empty() { "Worse in single areas, by a stricter test: " } else { "; " }));
        runs.extend([changed_title(of, view), Run::text(format!(" {}", of.words))]);
        if of.illustrative {
            runs.extend([Run::text(" "), illustrative_mark()]);
        }
    }
    if !runs.is_empty() {
        runs.push(Run::text("."));
        items.push(Item { runs, inner: None });
    }
    list(items)
}

pub fn got_better(view: &View) -> Vec<Block> {
    list(changed(&view.brief.better, view))
}

fn changed_title(of: &ChangedView, view: &View) -> Run {
    let measure = view.measures().find(|measure| measure.key == of.measure);
    let title = Run::bold(of.title.clone());
    measure.map_or(title.clone(), |measure| title.linked(&measure_anchor(measure)))
}

fn list(items: Vec<Item>) -> Vec<Block> {
    if items.is_empty() { Vec::new() } else { vec![Block::List(List { ordered: false, items })] }
}

fn changed(changed: &[ChangedView], view: &View) -> Vec<Item> {
    let item = |of: &ChangedView| {
        let mut runs = vec![changed_title(of, view), Run::text(format!(": {}.", of.words))];
        if of.illustrative {
            runs.extend([Run::text(" "), illustrative_mark()]);
        }
        Item { runs, inner: None }
    };
    changed.iter().map(item).collect()
}

/// Every alert as a row, as far as a page has room; the others by name below.
pub fn alerts(view: &View) -> Vec<Block> {
    let (shown, rest) = view.alert.split_at(view.alert.len().min(MOST_ROWS));
    if shown.is_empty() {
        return Vec::new();
    }
    let shares = [0.22, 0.15, 0.08, 0.15, 0.1, 0.17, 0.21];
    let columns = shares.map(|share| Column::left().at_most(share)).to_vec();
    let beside = format!("{} and others", view.pack.comparator);
    let head = heads(&["Alert", "Now", "Over time", "Is it real?", &beside, "Why", "Lead and action"]);
    let rows = shown.iter().map(|matter| row(matter, view)).collect();
    let mut blocks = vec![Block::Table(wide(columns, head, rows))];
    if !rest.is_empty() {
        let name = |matter: &MatterView| {
            let title = matter.title.trim_end_matches('.');
            if matter.illustrative { format!("{title} (illustrative)") } else { title.to_owned() }
        };
        let names: Vec<String> = rest.iter().map(name).collect();
        blocks.push(super::small(vec![Run::text(format!("Also alerted: {}.", names.join("; ")))]));
    }
    blocks
}

fn row(matter: &MatterView, view: &View) -> Row {
    let measure = matter.measure.and_then(|key| view.measures().find(|measure| measure.key == key));
    let ambition = matter.ambition.and_then(|key| view.ambitions().find(|ambition| ambition.key == key));
    let title = matter.title.trim_end_matches('.');
    let title = match ambition {
        Some(ambition) => Run::text(title).linked(&ambition_anchor(ambition)),
        None => in_its_priority(title, matter.priority, view),
    };
    let mut name = vec![Run { bold: true, ..title }];
    if matter.illustrative {
        name.extend([Run::text(" "), illustrative_mark()]);
    }
    let none = || vec![Run::quiet(NONE)];
    let cells = vec![
        Cell::head(name),
        Cell::new(measure.map_or_else(none, now)),
        Cell::new(measure.and_then(|measure| measure.spark.clone()).map_or_else(none, |spark| vec![spark])),
        Cell::new(real(matter, ambition, measure)),
        Cell::new(measure.map_or_else(none, beside)),
        Cell::new(why(ambition, measure)),
        Cell::new(with_lead(ambition, actions(matter, ambition, view))),
    ];
    Row { cells, illustrative: matter.illustrative }
}

fn now(measure: &MeasureView) -> Vec<Run> {
    let mut runs = super::measures::figure_and_period(measure);
    runs.extend([break_run(), Run::quiet(measure.title.clone())]);
    if !measure.coverage.is_empty() {
        runs.push(Run::quiet(format!(" ({})", measure.coverage)));
    }
    runs
}

/// What the tests and the control chart say, and why the board is told where that is not the status.
fn real(matter: &MatterView, ambition: Option<&AmbitionView>, measure: Option<&MeasureView>) -> Vec<Run> {
    let is_status = ambition.is_some_and(|ambition| ambition.of.label().eq_ignore_ascii_case(&matter.why));
    let mut runs = ambition.map_or_else(Vec::new, |ambition| ambition_judged(ambition, measure));
    let mut said: Vec<String> = Vec::new();
    let adverse = measure.map(|measure| measure.adverse.as_str()).filter(|adverse| !adverse.is_empty());
    if !is_status {
        // In the words of the first page, where it is said of how many.
        let why = adverse.map_or(matter.why.clone(), |adverse| matter.why.replace(AREA_ADVERSE, adverse));
        said.push(sentence(&why));
    }
    said.extend(adverse.filter(|_| is_status).map(sentence));
    said.extend(measure.map(|measure| &measure.since_previous).filter(|since| !since.is_empty()).map(|since| sentence(since)));
    if !runs.is_empty() {
        runs.push(break_run());
    }
    runs.push(if said.is_empty() { Run::quiet("Not tested.") } else { Run::text(said.join(" ")) });
    let Some(measure) = measure else { return runs };
    if let Control::Chart { variation, assurance, .. } = measure.control {
        runs.extend([
            break_run(),
            sign(Icon::Variation(variation)),
            Run::quiet(format!("\u{a0}{}", sentences::variation(variation))),
        ]);
        if let Some(assurance) = assurance {
            let words = format!("\u{a0}{}", sentences::assurance(assurance));
            runs.extend([break_run(), sign(Icon::Assurance(assurance)), Run::quiet(words)]);
        }
    }
    runs
}

fn sign(icon: Icon) -> Run {
    Run { inline: Inline::Sign(icon.name()), ..Run::default() }
}

/// How a measure stands beside the comparator and others.
pub(super) fn beside(measure: &MeasureView) -> Vec<Run> {
    let mut said = vec![measure.beside.clone()];
    said.extend(measure.placings.iter().cloned());
    said.retain(|words| !words.is_empty());
    if said.is_empty() {
        said.extend(worse_areas(measure));
    }
    if said.is_empty() {
        let theirs = match measure.comparator == NONE {
            true => String::new(),
            false => format!(" with {} ({})", measure.compared_with, measure.comparator),
        };
        return vec![Run::quiet(format!("{NOT_COMPARED}{theirs}"))];
    }
    let mut runs = Vec::new();
    for words in said {
        if !runs.is_empty() {
            runs.push(break_run());
        }
        runs.push(Run::text(sentence(&words)));
    }
    runs
}

/// In which areas a measure is worse than the comparator, where only areas have figures; none where no area is compared.
fn worse_areas(measure: &MeasureView) -> Option<String> {
    let compared = || measure.rug.iter().filter(|cell| cell.comparison != Comparison::NotCompared);
    let worse: Vec<&str> =
        compared().filter(|cell| cell.comparison == Comparison::Worse).map(|cell| cell.name.as_str()).collect();
    compared().next()?;
    Some(match worse.as_slice() {
        [] => format!("worse than {} in no area", measure.compared_with),
        few if few.len() <= MOST_AREAS => format!("worse than {} in {}", measure.compared_with, sentences::joined(few)),
        many => format!("worse than {} in {} of {} areas", measure.compared_with, many.len(), compared().count()),
    })
}

fn why(ambition: Option<&AmbitionView>, measure: Option<&MeasureView>) -> Vec<Run> {
    if let Some(comment) = ambition.and_then(|ambition| ambition.comments.first()) {
        return comment_runs(comment);
    }
    match measure.and_then(MeasureView::said) {
        Some(said) => vec![
            Run::text(sentence(&said.words)),
            break_run(),
            Run { italic: true, ..Run::quiet(format!("{}, {}", said.partner, said.period)) },
        ],
        None if ambition.is_some_and(|ambition| ambition.comment_is_withheld) => vec![Run::quiet(COMMENT_WITHHELD)],
        None => vec![Run::quiet(NO_COMMENT)],
    }
}

/// The key action that the ambition hangs on, or else of its priority, the one that stands worst first, or the alert's own; first and present dates stand beside.
fn actions(matter: &MatterView, ambition: Option<&AmbitionView>, view: &View) -> Vec<Run> {
    let of_ambition = |key: usize| view.groups().find(|group| group.ambitions.iter().any(|ambition| ambition.key == key));
    let group = match matter.ambition {
        Some(key) => of_ambition(key),
        None => view.groups().find(|group| Some(group.key) == matter.priority),
    };
    let is_its_own = |action: &&ActionView| !matter.is_action || action.statement == matter.title;
    let tied = |action: &&ActionView| ambition.is_some_and(|ambition| action.ambitions.contains(&ambition.id));
    let mut actions: Vec<&ActionView> = group.into_iter().flat_map(|group| &group.actions).filter(is_its_own).collect();
    // One may hang on an ambition of another priority.
    let elsewhere = view.groups().flat_map(|group| &group.actions).filter(tied);
    for action in elsewhere {
        if actions.iter().all(|known| known.id != action.id) {
            actions.push(action);
        }
    }
    let urgency = |action: &&&ActionView| {
        let how_urgent = match action.of {
            Status::OffTrack => 0,
            Status::AtRisk => 1,
            _ => 2,
        };
        (!tied(action), how_urgent)
    };
    let open = || actions.iter().filter(|action| action.of != Status::Achieved);
    let Some(first) = open().min_by_key(urgency) else {
        let none = if actions.is_empty() { "The strategy has no key action here." } else { "The key actions here are achieved." };
        return vec![Run::quiet(none)];
    };
    let mut runs = signs::status(first.of);
    runs.extend([Run::text(format!(" {} ", sentence(&first.statement))), Run::quiet(format!("{}; {}", first.lead, first.due))]);
    let more = open().count() - 1;
    if more > 0 {
        runs.push(Run::quiet(format!("; and {more} more open")));
    }
    runs
}
