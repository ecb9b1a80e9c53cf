//! The board's lists: what it is alerted to, advised of, assured of, and what has moved.

use super::{break_run, group_anchor, heads, illustrative_mark, measure_anchor, wide};
use crate::report::content::sentences::sentence;
use crate::report::content::{MatterView, MovementView, View};
use crate::report::model::{Block, Cell, Column, Item, List, Row, Run};

/// An item for each reason, with all that it holds for; measures before key actions.
pub fn alert_list(matters: &[&MatterView], view: &View) -> Vec<Block> {
    let mut reasons: Vec<(bool, &str)> = Vec::new();
    for matter in matters {
        if !reasons.contains(&(matter.is_action, &matter.why)) {
            reasons.push((matter.is_action, &matter.why));
        }
    }
    reasons.sort_by_key(|(is_action, _)| *is_action);
    let items = reasons.into_iter().map(|(is_action, why)| {
        let here: Vec<_> = matters.iter().filter(|m| m.is_action == is_action && m.why == why).collect();
        let named = if is_action { format!("Key actions {why}") } else { sentence(why).trim_end_matches('.').to_owned() };
        let mut runs = vec![Run::bold(format!("{named} ({}): ", here.len()))];
        for (i, matter) in here.into_iter().enumerate() {
            if i > 0 {
                runs.push(Run::text("; "));
            }
            runs.push(link(matter, view));
        }
        runs.push(Run::text("."));
        Item { runs, inner: None }
    });
    list(items.collect())
}

fn link(matter: &MatterView, view: &View) -> Run {
    let measure = matter.measure.and_then(|key| view.measures().find(|m| m.key == key)).map(measure_anchor);
    let group = || matter.priority.and_then(|key| view.groups().find(|g| g.key == key)).map(group_anchor);
    let run = Run::text(matter.title.clone());
    measure.or_else(group).map_or(run.clone(), |anchor| run.linked(&anchor))
}

/// What has moved, an item a way; nothing where nothing has, or where there is no earlier pack.
pub fn movements_list(view: &View) -> Vec<Block> {
    let mut ways: Vec<&str> = Vec::new();
    for movement in &view.movements {
        if !ways.contains(&movement.moved.as_str()) {
            ways.push(&movement.moved);
        }
    }
    let items = ways.into_iter().map(|way| {
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
        Item { runs, inner: None }
    });
    list(items.collect())
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
