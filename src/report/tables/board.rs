//! The board's lists: what it is alerted to, advised of, assured of, and what has moved.

use super::blocks::{ambition_anchor, break_run, group_anchor, heads, illustrative_mark, measure_anchor, wide};
use crate::evaluate::{NO_EARLIER_QUARTER, Status};
use crate::report::content::sentences::sentence;
use crate::report::content::{MatterView, MeasureView, MovedActionView, MovementView, TestedView, View};
use crate::report::signs;
use tagged_document::model::{Block, Cell, Column, Item, List, Row, Run};

/// An item for each reason, with all that it holds for.
pub fn alert_list(matters: &[&MatterView], view: &View) -> Vec<Block> {
    list(reasons(matters, view).into_iter().map(Line::in_a_list).collect())
}

/// The board's lists, what has changed by tests, what has moved and what is missing, a row a reason.
pub fn board_table(view: &View) -> Block {
    let all = |matters: &[MatterView]| reasons(&matters.iter().collect::<Vec<_>>(), view);
    let plain = |words: &str| Line { name: String::new(), runs: vec![Run::text(words)], illustrative: false };
    let or = |lines: Vec<Line>, otherwise: &str| if lines.is_empty() { vec![plain(otherwise)] } else { lines };
    let mut alert = or(all(&view.alert), "No ambition is off track, and no test or special cause says that anything is worse.");
    if !view.pack.tests.is_empty() {
        alert.push(Line { name: "how many tests".to_owned(), ..plain(&view.pack.tests) });
    }
    let moved = if view.pack.since.is_empty() {
        vec![plain(if view.pack.is_of_part {
            "What has moved is told in the pack of the whole system."
        } else {
            NO_EARLIER_QUARTER
        })]
    } else {
        let since = match (&view.movements[..], &view.moved_actions[..]) {
            ([], []) => format!("No ambition and no key action has moved since {}.", view.pack.since),
            ([], _) => format!("No ambition has moved since {}; these key actions have.", view.pack.since),
            _ => format!("Moved since {}:", view.pack.since),
        };
        std::iter::once(plain(&since)).chain(ways(view)).chain(ways_of_actions(view)).collect()
    };
    let mut tested = or(changes(view), "No change that was tested is significant.");
    if !view.pack.tests_at_95.is_empty() {
        tested.push(Line { name: "how many tests".to_owned(), ..plain(&view.pack.tests_at_95) });
    }
    let missing = view.missing.iter().map(|words| plain(words)).collect();
    let lists = [
        ("Alert", alert),
        ("Advise", or(all(&view.advise), "No ambition is at risk, and nothing that was due is missing.")),
        ("Assure", or(all(&view.assure), &view.pack.without_assurance)),
        ("Tested", tested),
        ("What has moved", moved),
        ("What is missing", or(missing, "Everything that was asked for came.")),
    ];
    let rows = lists.into_iter().flat_map(|(name, lines)| {
        lines.into_iter().map(move |line| {
            let mut head = vec![Run::bold(name)];
            if !line.name.is_empty() {
                head.extend([break_run(), Run::text(line.name)]);
            }
            let mut runs = line.runs;
            if line.illustrative {
                runs.extend([break_run(), Run { italic: true, ..Run::quiet("Some rest on illustrative figures.") }]);
            }
            Row { cells: vec![Cell::head(head), Cell::new(runs)], illustrative: line.illustrative }
        })
    });
    let columns = vec![Column::left().at_most(0.24), Column::left()];
    Block::Table(wide(columns, heads(&["For the board", "Which"]), rows.collect()))
}

/// One reason with all that it holds for.
struct Line {
    /// With how many: `off track (9)`.
    name: String,
    runs: Vec<Run>,
    illustrative: bool,
}

impl Line {
    /// The reason in bold before what it holds for.
    fn in_a_list(self) -> Item {
        let name = sentence(&self.name);
        let runs = std::iter::once(Run::bold(format!("{}: ", name.trim_end_matches('.')))).chain(self.runs).collect();
        Item { runs, inner: None }
    }
}

/// Parted by semicolons, with a full stop.
fn parted(parts: impl Iterator<Item = Vec<Run>>) -> Vec<Run> {
    let mut runs = Vec::new();
    for (i, part) in parts.enumerate() {
        if i > 0 {
            runs.push(Run::text("; "));
        }
        runs.extend(part);
    }
    runs.push(Run::text("."));
    runs
}

/// The measures whose latest figure differs by a test from the period before or from the baseline, whatever their status.
fn changes(view: &View) -> Vec<Line> {
    let mut lines = Vec::new();
    for (i, since) in ["the period before", "its baseline"].into_iter().enumerate() {
        for (way, found) in [
            ("worse", TestedView::Worse),
            ("better", TestedView::Better),
            ("higher", TestedView::Higher),
            ("lower", TestedView::Lower),
        ] {
            let here: Vec<&MeasureView> = view.measures().filter(|m| m.moved_since[i] == Some(found)).collect();
            if here.is_empty() {
                continue;
            }
            lines.push(Line {
                name: format!("significantly {way} than {since}, at 95% ({})", here.len()),
                illustrative: here.iter().any(|m| m.illustrative),
                runs: parted(here.iter().map(|m| vec![Run::text(m.title.clone()).linked(&measure_anchor(m))])),
            });
        }
    }
    lines
}

/// A line for each reason, ambitions before key actions.
fn reasons(matters: &[&MatterView], view: &View) -> Vec<Line> {
    let mut reasons: Vec<(bool, &str)> = Vec::new();
    for matter in matters {
        if !reasons.contains(&(matter.is_action, &matter.why)) {
            reasons.push((matter.is_action, &matter.why));
        }
    }
    reasons.sort_by_key(|(is_action, _)| *is_action);
    let line = |(is_action, why): (bool, &str)| {
        let here: Vec<&MatterView> = matters.iter().copied().filter(|m| m.is_action == is_action && m.why == why).collect();
        let named = if is_action { format!("key actions {why}") } else { why.to_owned() };
        let links = here.iter().map(|m| if is_action { vec![action_link(m, view)] } else { ambition_link(m, view) });
        Line { name: format!("{named} ({})", here.len()), runs: parted(links), illustrative: here.iter().any(|m| m.illustrative) }
    };
    reasons.into_iter().map(line).collect()
}

/// The ambition, and the measure that is the reason where the ambition's own status is another matter.
fn ambition_link(matter: &MatterView, view: &View) -> Vec<Run> {
    let ambition = matter.ambition.and_then(|key| view.ambitions().find(|a| a.key == key));
    let run = Run::text(matter.title.clone());
    let mut runs = vec![ambition.map_or(run.clone(), |ambition| run.linked(&ambition_anchor(ambition)))];
    let is_by_status = matter.why.eq_ignore_ascii_case(&matter.status) || matter.because.is_empty();
    if !is_by_status {
        let status = matter.status.to_lowercase();
        let named = Run::quiet(matter.because.clone());
        let measure = matter.measure.and_then(|key| view.measures().find(|m| m.key == key));
        let linked = measure.map_or(named.clone(), |measure| named.linked(&measure_anchor(measure)));
        runs.extend([Run::quiet(format!(" ({status}; by ")), linked, Run::quiet(")")]);
    }
    runs
}

/// The key action, leading to its priority.
fn action_link(matter: &MatterView, view: &View) -> Run {
    in_its_priority(matter.title.trim_end_matches('.'), matter.priority, view)
}

pub(super) fn in_its_priority(title: &str, priority: Option<usize>, view: &View) -> Run {
    let run = Run::text(title);
    let group = view.groups().find(|group| Some(group.key) == priority);
    group.map_or(run.clone(), |group| run.linked(&group_anchor(group)))
}

/// What has moved, an item a way; nothing where nothing has, or where there is no earlier pack.
pub fn movements_list(view: &View) -> Vec<Block> {
    list(ways(view).into_iter().map(Line::in_a_list).collect())
}

/// A line for each way of moving.
fn ways(view: &View) -> Vec<Line> {
    let mut ways: Vec<&str> = Vec::new();
    for movement in &view.movements {
        if !ways.contains(&movement.moved.as_str()) {
            ways.push(&movement.moved);
        }
    }
    let line = |way: &str| {
        let here: Vec<_> = view.movements.iter().filter(|m| m.moved == way).collect();
        let each = here.iter().map(|movement| {
            let from = movement.from.to_lowercase();
            let was = if from.is_empty() { String::new() } else { format!("was {from}, ") };
            vec![title(movement, view), Run::quiet(format!(" ({was}now {})", movement.to.to_lowercase()))]
        });
        Line {
            name: format!("{} ({})", way.to_lowercase(), here.len()),
            runs: parted(each),
            illustrative: here.iter().any(|m| m.illustrative),
        }
    };
    ways.into_iter().map(line).collect()
}

/// The same of key actions.
fn ways_of_actions(view: &View) -> Vec<Line> {
    let alike = view.moved_actions.chunk_by(|one, next| one.moved == next.moved);
    let line = |here: &[MovedActionView]| {
        let each = here.iter().map(|moved| {
            let from = moved.from.to_lowercase();
            let was = if from.is_empty() { String::new() } else { format!("was {from}, ") };
            let title = in_its_priority(moved.title.trim_end_matches('.'), Some(moved.priority), view);
            vec![title, Run::quiet(format!(" ({was}now {})", moved.to.to_lowercase()))]
        });
        Line {
            name: format!("key actions {} ({})", here[0].moved.to_lowercase(), here.len()),
            runs: parted(each),
            illustrative: here.iter().any(|moved| moved.illustrative),
        }
    };
    alike.map(line).collect()
}

fn list(items: Vec<Item>) -> Vec<Block> {
    if items.is_empty() { Vec::new() } else { vec![Block::List(List { ordered: false, items })] }
}

fn title(movement: &MovementView, view: &View) -> Run {
    let run = Run::text(movement.title.clone());
    let ambition = view.ambitions().find(|a| a.key == movement.ambition);
    ambition.map_or(run.clone(), |ambition| run.linked(&ambition_anchor(ambition)))
}

/// Ambitions and key actions that have moved; nothing where none has.
pub fn movements_table(view: &View) -> Vec<Block> {
    if view.movements.is_empty() && view.moved_actions.is_empty() {
        return Vec::new();
    }
    let was_in = |was: Option<Status>| was.map_or_else(|| vec![Run::quiet("not in that pack")], signs::status);
    let ambitions = view.movements.iter().map(|m| {
        let mut title = vec![Run { bold: true, ..title(m, view) }];
        if m.illustrative {
            title.extend([break_run(), illustrative_mark()]);
        }
        let cells =
            vec![Cell::head(title), Cell::text(m.moved.clone()), Cell::new(was_in(m.was)), Cell::new(signs::status(m.is))];
        Row { cells, illustrative: m.illustrative }
    });
    let actions = view.moved_actions.iter().map(|m| {
        let mut title = vec![
            Run { bold: true, ..in_its_priority(m.title.trim_end_matches('.'), Some(m.priority), view) },
            break_run(),
            Run::quiet(format!("Key action, led by {}", m.lead)),
        ];
        if m.illustrative {
            title.extend([break_run(), illustrative_mark()]);
        }
        let cells =
            vec![Cell::head(title), Cell::text(m.moved.clone()), Cell::new(was_in(m.was)), Cell::new(signs::status(m.is))];
        Row { cells, illustrative: m.illustrative }
    });
    let rows = ambitions.chain(actions);
    let columns = vec![Column::left().at_most(0.5), Column::left(), Column::left(), Column::left()];
    let head = heads(&["Ambition or key action", "Change", &view.pack.since, "Now"]);
    vec![Block::Table(wide(columns, head, rows.collect()))]
}
