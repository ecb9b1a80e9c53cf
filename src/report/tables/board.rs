//! The board's lists: what it is alerted to, advised of, assured of, and what has moved.

use super::{break_run, group_anchor, heads, illustrative_mark, measure_anchor, wide};
use crate::evaluate::Status;
use crate::report::content::sentences::sentence;
use crate::report::content::{GroupView, MatterView, MovementView, View};
use crate::report::model::{Block, Cell, Column, Item, List, Row, Run};

/// An item for each reason, with all that it holds for.
pub fn alert_list(matters: &[&MatterView], view: &View) -> Vec<Block> {
    list(reasons(matters, view).into_iter().map(|runs| Item { runs, inner: None }).collect())
}

/// The board's lists, what has moved and what is missing, a row each.
pub fn board_table(view: &View) -> Block {
    let all = |matters: &[MatterView]| {
        let lines = reasons(&matters.iter().collect::<Vec<_>>(), view);
        (lines, matters.iter().any(|m| m.illustrative))
    };
    let moved = if view.pack.since.is_empty() {
        (vec![vec![Run::text("There is no earlier pack to compare with.")]], false)
    } else {
        let since =
            format!("Since {}, {}", view.pack.since, if view.movements.is_empty() { "nothing has." } else { "these have." });
        let lines = std::iter::once(vec![Run::text(since)]).chain(ways(view)).collect();
        (lines, view.movements.iter().any(|m| m.illustrative))
    };
    let missing = (view.missing.iter().map(|words| vec![Run::text(words.clone())]).collect(), false);
    let rows = [
        ("Alert", all(&view.alert), "Nothing is off track, or at risk and clearly worsening."),
        ("Advise", all(&view.advise), "Nothing is at risk, and nothing that was due is missing."),
        ("Assure", all(&view.assure), "Nothing is achieved, or on track beyond what chance would give."),
        ("What has moved", moved, ""),
        ("What is missing", missing, "Everything that was asked for came."),
    ];
    let rows = rows.into_iter().map(|(name, (lines, illustrative), otherwise)| {
        let mut runs: Vec<Run> = Vec::new();
        for line in lines {
            if !runs.is_empty() {
                runs.push(break_run());
            }
            runs.extend(line);
        }
        if runs.is_empty() {
            runs.push(Run::text(otherwise));
        }
        if illustrative {
            runs.extend([break_run(), Run { italic: true, ..Run::quiet("Some rest on illustrative figures.") }]);
        }
        Row { cells: vec![Cell::head(vec![Run::bold(name)]), Cell::new(runs)], illustrative }
    });
    let columns = vec![Column::left().at_most(0.14), Column::left()];
    Block::Table(wide(columns, heads(&["For the board", "Which, and why"]), rows.collect()))
}

/// A line for each reason, measures before key actions.
fn reasons(matters: &[&MatterView], view: &View) -> Vec<Vec<Run>> {
    let mut reasons: Vec<(bool, &str)> = Vec::new();
    for matter in matters {
        if !reasons.contains(&(matter.is_action, &matter.why)) {
            reasons.push((matter.is_action, &matter.why));
        }
    }
    reasons.sort_by_key(|(is_action, _)| *is_action);
    let line = |(is_action, why): (bool, &str)| {
        let here: Vec<&MatterView> = matters.iter().copied().filter(|m| m.is_action == is_action && m.why == why).collect();
        let named = if is_action { format!("Key actions {why}") } else { sentence(why).trim_end_matches('.').to_owned() };
        let mut runs = vec![Run::bold(format!("{named} ({}): ", here.len()))];
        // A long list of titles that have no figure would crowd out what a board can act on.
        let summed_up = is_action || here.iter().all(|m| m.status == Status::NoFigure.label());
        let links = if summed_up { by_priority(&here, view) } else { here.iter().map(|m| measure_link(m, view)).collect() };
        for (i, link) in links.into_iter().enumerate() {
            if i > 0 {
                runs.push(Run::text("; "));
            }
            runs.push(link);
        }
        runs.push(Run::text("."));
        runs
    };
    reasons.into_iter().map(line).collect()
}

fn measure_link(matter: &MatterView, view: &View) -> Run {
    let measure = matter.measure.and_then(|key| view.measures().find(|m| m.key == key)).map(measure_anchor);
    let run = Run::text(matter.title.clone());
    measure.map_or(run.clone(), |anchor| run.linked(&anchor))
}

/// The priorities that the matters are of, with how many of each: key actions are sentences, too long for a list.
fn by_priority(matters: &[&MatterView], view: &View) -> Vec<Run> {
    let is_of = |matter: &MatterView, group: &GroupView| match matter.measure {
        Some(key) => group.measures.iter().any(|m| m.key == key),
        None => matter.priority == Some(group.key),
    };
    let counted = view.groups().map(|group| (group, matters.iter().filter(|m| is_of(m, group)).count()));
    let of = counted.filter(|(_, number)| *number > 0);
    of.map(|(group, number)| Run::text(format!("{} ({number})", group.short)).linked(&group_anchor(group))).collect()
}

/// What has moved, an item a way; nothing where nothing has, or where there is no earlier pack.
pub fn movements_list(view: &View) -> Vec<Block> {
    list(ways(view).into_iter().map(|runs| Item { runs, inner: None }).collect())
}

/// A line for each way of moving.
fn ways(view: &View) -> Vec<Vec<Run>> {
    let mut ways: Vec<&str> = Vec::new();
    for movement in &view.movements {
        if !ways.contains(&movement.moved.as_str()) {
            ways.push(&movement.moved);
        }
    }
    let line = |way: &str| {
        let here: Vec<_> = view.movements.iter().filter(|m| m.moved == way).collect();
        let mut runs = vec![Run::bold(format!("{way} ({}): ", here.len()))];
        for (i, movement) in here.into_iter().enumerate() {
            if i > 0 {
                runs.push(Run::text("; "));
            }
            runs.push(title(movement, view));
            let from = movement.from.to_lowercase();
            let was = if from.is_empty() { String::new() } else { format!("was {from}, ") };
            runs.push(Run::quiet(format!(" ({was}now {})", movement.to.to_lowercase())));
        }
        runs.push(Run::text("."));
        runs
    };
    ways.into_iter().map(line).collect()
}

fn list(items: Vec<Item>) -> Vec<Block> {
    if items.is_empty() { Vec::new() } else { vec![Block::List(List { ordered: false, items })] }
}

fn title(movement: &MovementView, view: &View) -> Run {
    let run = Run::text(movement.title.clone());
    let measure = view.measures().find(|m| m.key == movement.measure);
    measure.map_or(run.clone(), |measure| run.linked(&measure_anchor(measure)))
}

pub fn movements_table(view: &View) -> Vec<Block> {
    if view.movements.is_empty() {
        return Vec::new();
    }
    let rows = view.movements.iter().map(|m| {
        let mut title = vec![Run { bold: true, ..title(m, view) }];
        if m.illustrative {
            title.extend([break_run(), illustrative_mark()]);
        }
        let was = m.was.map_or_else(|| vec![Run::quiet("not in that pack")], Run::status);
        let cells = vec![Cell::head(title), Cell::text(m.moved.clone()), Cell::new(was), Cell::new(Run::status(m.is))];
        Row { cells, illustrative: m.illustrative }
    });
    let columns = vec![Column::left().at_most(0.5), Column::left(), Column::left(), Column::left()];
    let head = heads(&["Measure", "Change", &view.pack.since, "Now"]);
    vec![Block::Table(wide(columns, head, rows.collect()))]
}
