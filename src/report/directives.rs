//! What a template can bring in by name: tables, charts, statuses, notes.

use super::content::figures::{NONE, NOT_COMPARED};
use super::content::{CountView, GroupView, MeasureView, View};
use super::markdown::{Made, escape, token};
use super::model::{Block, Cell, Column, Inline, Link, Paragraph, ParagraphKind, Row, Run, Table, plain_text};
use crate::evaluate::Status;
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use std::sync::{Arc, Mutex, PoisonError};

/// The names of all directives with what each takes, for messages and for checking templates.
pub const DIRECTIVES: [(&str, &str); 19] = [
    ("actions", "actions(priority): the table of key actions"),
    ("anchor", "anchor(measure | priority | aim): the name that links and headings share"),
    ("areas", "areas(measure): the table of areas"),
    ("chart", "chart(measure): the measure's chart"),
    ("contents", "contents(depth): headings down to a level, with their pages"),
    ("contents_of", "contents_of(list of measures): a table of them, with links"),
    ("figures", "figures(measure): latest, previous, baseline, target"),
    ("here", "here(measure | priority | aim): at the end of a heading, makes it the one that links lead to"),
    ("illustrative_note", "illustrative_note(pack | priority | measure): the warning, where it is due"),
    ("indicators_table", "indicators_table(): answers of public sources"),
    ("measures", "measures(priority): the table of its measures"),
    ("plural", "plural(count, one, many): `1 measure`, `2 measures`"),
    ("range", "range(from, to): numbers, as in minijinja"),
    ("returns_table", "returns_table(): partners' returns"),
    ("small", "small(words): a note in small type"),
    ("sources", "sources(measure): where its figures are from"),
    ("status", "status(measure | action): the sign and the word"),
    ("status_key", "status_key(): what each status means"),
    ("summary_table", "summary_table(): priorities by status of their measures"),
];

/// What the directives of one template made, in order of their tokens.
pub type Workshop = Arc<Mutex<Vec<Made>>>;

/// An environment in which every directive works on `view` and leaves what it makes in the workshop.
pub fn environment(view: &Arc<View>, workshop: &Workshop) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    env.set_formatter(|out, state, value| {
        // Text is escaped here, once, for every template: none can forget it.
        if value.kind() == ValueKind::String && !value.is_safe() {
            out.write_str(&escape(value.as_str().unwrap_or_default())).map_err(Error::from)
        } else {
            minijinja::escape_formatter(out, state, value)
        }
    });
    env.add_function("anchor", |of: Value| Ok::<_, Error>(Value::from_safe_string(anchor(&of)?)));
    env.add_function("here", |of: Value| Ok::<_, Error>(Value::from_safe_string(format!("{{#{}}}", anchor(&of)?))));
    env.add_function("plural", |count: usize, one: String, many: String| super::content::figures::count(count, &one, &many));
    let make = |workshop: &Workshop| {
        let workshop = workshop.clone();
        move |made: Made| {
            let mut all = workshop.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(made);
            Value::from_safe_string(token(all.len() - 1))
        }
    };
    macro_rules! directive {
        ($name:literal, |$view:ident $(, $arg:ident : $type:ty)*| $body:expr) => {{
            let ($view, make) = (view.clone(), make(workshop));
            env.add_function($name, move |$($arg: $type),*| -> Result<Value, Error> { let $view = &*$view; Ok(make($body)) });
        }};
    }
    directive!("contents", |_view, depth: u8| blocks(vec![Block::Contents(depth)]));
    directive!("status", |view, of: Value| Made::Runs(Run::status(status(view, &of)?)));
    directive!("small", |_view, words: String| blocks(vec![small(vec![Run::text(words)])]));
    directive!("chart", |view, of: Value| {
        blocks(measure(view, &of)?.figure.clone().map(Block::Figure).into_iter().collect())
    });
    directive!("figures", |view, of: Value| blocks(vec![figures_table(measure(view, &of)?)]));
    directive!("areas", |view, of: Value| blocks(areas_table(measure(view, &of)?).into_iter().collect()));
    directive!("sources", |view, of: Value| blocks(sources(measure(view, &of)?)));
    directive!("measures", |view, of: Value| blocks(measures_table(
        &group(view, &of)?.measures.iter().collect::<Vec<_>>(),
        view
    )));
    directive!("contents_of", |view, of: Value| {
        let measures = of.try_iter()?.map(|value| measure(view, &value)).collect::<Result<Vec<_>, _>>()?;
        blocks(measures_table(&measures, view))
    });
    directive!("actions", |view, of: Value| blocks(actions_table(group(view, &of)?)));
    directive!("illustrative_note", |_view, of: Value| {
        let due = of.get_attr("illustrative")?;
        blocks(if due.is_true() { vec![illustrative_note()] } else { Vec::new() })
    });
    directive!("status_key", |_view| blocks(vec![status_key()]));
    directive!("summary_table", |view| blocks(vec![summary_table(view)]));
    directive!("returns_table", |view| blocks(vec![returns_table(view)]));
    directive!("indicators_table", |view| blocks(vec![indicators_table(view)]));
    env
}

fn blocks(blocks: Vec<Block>) -> Made {
    Made::Blocks(blocks)
}

fn wrong(message: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.to_owned())
}

fn field(value: &Value, name: &str) -> Option<Value> {
    value.get_attr(name).ok().filter(|field| !field.is_undefined())
}

fn kind(value: &Value) -> String {
    field(value, "kind").and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default()
}

fn key(value: &Value, of: &str) -> Option<usize> {
    field(value, "key").filter(|_| kind(value) == of).and_then(|key| usize::try_from(key).ok())
}

fn measure<'a>(view: &'a View, value: &Value) -> Result<&'a MeasureView, Error> {
    key(value, "measure").and_then(|key| view.measures().find(|m| m.key == key)).ok_or_else(|| wrong("a measure was expected"))
}

fn group<'a>(view: &'a View, value: &Value) -> Result<&'a GroupView, Error> {
    key(value, "priority").and_then(|key| view.groups().find(|g| g.key == key)).ok_or_else(|| wrong("a priority was expected"))
}

fn status(view: &View, value: &Value) -> Result<Status, Error> {
    if let Ok(measure) = measure(view, value) {
        return Ok(measure.of);
    }
    let word = field(value, "status").and_then(|status| status.as_str().map(str::to_owned));
    let found = word.and_then(|word| Status::ALL.into_iter().find(|status| status.label() == word));
    found.ok_or_else(|| wrong("a measure or an action was expected"))
}

/// `measure-3-life-expectancy`: letters, digits and hyphens.
fn anchor(value: &Value) -> Result<String, Error> {
    let id = field(value, "id").and_then(|id| id.as_str().map(str::to_owned));
    let id = id.ok_or_else(|| wrong("a measure, a priority or an aim was expected"))?;
    let number = field(value, "key").and_then(|key| usize::try_from(key).ok());
    Ok(named(&kind(value), number, &id))
}

fn named(kind: &str, number: Option<usize>, id: &str) -> String {
    let number = number.map_or(String::new(), |number| format!("-{number}"));
    let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    format!("{kind}{number}-{id}")
}

fn measure_anchor(measure: &MeasureView) -> String {
    named("measure", Some(measure.key), &measure.id)
}

fn group_anchor(group: &GroupView) -> String {
    named("priority", Some(group.key), &group.id)
}

fn paragraph(kind: ParagraphKind, runs: Vec<Run>, illustrative: bool) -> Block {
    Block::Paragraph(Paragraph { kind, runs, keep_next: false, illustrative })
}

fn small(runs: Vec<Run>) -> Block {
    paragraph(ParagraphKind::Small, runs, false)
}

fn illustrative_note() -> Block {
    let runs = vec![
        Run::bold("Illustrative figures. "),
        Run::text("Some figures here were made up to show how the pack works. They say nothing about any organisation or place."),
    ];
    Block::Paragraph(Paragraph { kind: ParagraphKind::Warning, runs, keep_next: true, illustrative: true })
}

fn break_run() -> Run {
    Run { inline: Inline::Break, ..Run::default() }
}

/// A figure, with its mark where it was made up.
fn marked(value: &str, illustrative: bool) -> Vec<Run> {
    let mut runs = vec![Run::text(value)];
    if illustrative {
        runs.extend([break_run(), Run { italic: true, ..Run::quiet("illustrative") }]);
    }
    runs
}

fn heads(words: &[&str]) -> Vec<Vec<Run>> {
    words.iter().map(|word| vec![Run::text(*word)]).collect()
}

fn measures_table(measures: &[&MeasureView], view: &View) -> Vec<Block> {
    if measures.is_empty() {
        return Vec::new();
    }
    let rows = measures.iter().map(|m| {
        let mut title = vec![Run::bold(m.title.clone()).linked(&measure_anchor(m))];
        if !m.area.is_empty() {
            title.extend([break_run(), Run::quiet(m.area.clone())]);
        }
        let mut latest = vec![Run::bold(m.latest.clone())];
        if !m.latest_period.is_empty() {
            latest.extend([break_run(), Run::quiet(m.latest_period.clone())]);
        }
        if m.illustrative {
            latest.extend([break_run(), Run { italic: true, ..Run::quiet("illustrative") }]);
        }
        let cells = vec![
            Cell::head(title),
            Cell::new(latest),
            Cell::text(m.target.clone()),
            Cell::text(m.comparator.clone()),
            Cell::new(Run::status(m.of)),
        ];
        Row { cells, illustrative: m.illustrative }
    });
    let columns = vec![
        Column::left().at_most(0.42),
        Column::right().at_most(0.19),
        Column::left().at_most(0.26),
        Column::right().at_most(0.19),
        Column::left(),
    ];
    let head = heads(&["Measure", "Latest", "Target", &view.pack.comparator, "Status"]);
    vec![Block::Table(Table { caption: String::new(), full_width: true, columns, head, rows: rows.collect() })]
}

fn figures_table(measure: &MeasureView) -> Block {
    let rows = measure.lines.iter().map(|line| {
        let cells = vec![
            Cell::head(vec![Run::text(line.name)]),
            Cell::text(line.period.clone()),
            Cell::new(marked(&line.value, line.illustrative)),
            Cell::text(line.limits.clone()),
            Cell::text(line.comparator.clone()),
        ];
        Row { cells, illustrative: line.illustrative }
    });
    let columns = vec![Column::left(), Column::left(), Column::right(), Column::right(), Column::right()];
    let head = heads(&["Figure", "Period", "Value", "95% limits", &measure.compared_with]);
    let caption = if measure.area.is_empty() { String::new() } else { format!("Figures for {}", measure.area) };
    let mut table = Table { caption, full_width: true, columns, head, rows: rows.collect() };
    drop_empty(&mut table, &[3, 4]);
    table.rows.push(target_row(measure, table.columns.len()));
    Block::Table(table)
}

fn areas_table(measure: &MeasureView) -> Option<Block> {
    if measure.areas.is_empty() {
        return None;
    }
    let mut rows: Vec<Row> = Vec::new();
    for area in &measure.areas {
        let cells = vec![
            Cell::head(vec![Run::text(area.name.clone())]),
            Cell::text(area.period.clone()),
            Cell::new(marked(&area.value, area.illustrative)),
            Cell::text(area.limits.clone()),
            Cell::text(area.previous.clone()),
            Cell::text(area.baseline.clone()),
            Cell::text(area.comparison.clone()),
            Cell::new(Run::status(area.of)),
        ];
        rows.push(Row { cells, illustrative: area.illustrative });
    }
    if let Some((period, value)) = &measure.comparator_line {
        let mut cells = vec![
            Cell::head(vec![Run::text(measure.compared_with.clone())]),
            Cell::text(period.clone()),
            Cell::text(value.clone()),
        ];
        cells.extend([NONE; 4].map(Cell::text));
        cells.push(Cell::new(vec![Run::quiet("not judged")]));
        rows.push(Row { cells, illustrative: false });
    }
    let mut columns = vec![Column::left().at_most(0.26), Column::left()];
    columns.extend([Column::right(); 4]);
    columns.extend([Column::left().at_most(0.2), Column::left()]);
    let head = heads(&["Area", "Period", "Latest", "95% limits", "Previous", "Baseline", "Compared", "Status"]);
    let caption = format!("Figures by area, {}", measure.unit);
    let mut table = Table { caption, full_width: true, columns, head, rows };
    drop_empty(&mut table, &[3, 4, 5, 6]);
    if measure.only_areas {
        table.rows.push(target_row(measure, table.columns.len()));
    }
    Some(Block::Table(table))
}

fn target_row(measure: &MeasureView, columns: usize) -> Row {
    let target = Cell { span: columns.saturating_sub(1).max(1), ..Cell::text(measure.target.clone()) };
    Row { cells: vec![Cell::head(vec![Run::text("Target")]), target], illustrative: false }
}

/// Leaves out those of the named columns in which no row says anything.
fn drop_empty(table: &mut Table, droppable: &[usize]) {
    let says_nothing = |cell: &Cell| [NONE, NOT_COMPARED].contains(&plain_text(&cell.runs).as_str());
    for column in droppable.iter().rev() {
        if table.rows.iter().all(|row| row.cells.get(*column).is_none_or(says_nothing)) {
            table.columns.remove(*column);
            table.head.remove(*column);
            for row in &mut table.rows {
                row.cells.remove(*column);
            }
        }
    }
}

fn sources(measure: &MeasureView) -> Vec<Block> {
    let lines = measure.sources.iter().map(|source| {
        let link = source.url.as_deref().and_then(followed);
        small(vec![Run::bold("Source: "), Run { link, ..Run::quiet(source.words.clone()) }])
    });
    lines.collect()
}

/// An address as a link, where a reader could follow it.
fn followed(url: &str) -> Option<Link> {
    (url.starts_with("https://") || url.starts_with("http://")).then(|| Link::Url(url.to_owned()))
}

fn actions_table(group: &GroupView) -> Vec<Block> {
    if group.actions.is_empty() {
        return Vec::new();
    }
    let rows = group.actions.iter().map(|action| {
        let mut said = if action.said.is_empty() {
            vec![Run::quiet("Nothing was said.")]
        } else {
            vec![Run::text(action.said.clone()), break_run(), Run { italic: true, ..Run::quiet(action.said_by.clone()) }]
        };
        if action.illustrative {
            said.extend([break_run(), Run { italic: true, ..Run::quiet("illustrative") }]);
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
        Column::left().at_most(0.18),
        Column::left(),
        Column::left(),
        Column::left().at_most(0.36),
    ];
    let head = heads(&["Key action", "Lead", "Due", "Status", "What the lead said"]);
    vec![Block::Table(Table { caption: String::new(), full_width: true, columns, head, rows: rows.collect() })]
}

/// What each status means, in a line each.
const MEANINGS: [(Status, &str); 8] = [
    (Status::Achieved, "The target is met."),
    (Status::AchievedLate, "The target is met, but after the date it was due."),
    (Status::OnTrack, "Not met yet; the latest figure is where it needs to be by now."),
    (Status::AtRisk, "Short of where it needs to be by now, but not clearly so; or on track and getting significantly worse."),
    (Status::OffTrack, "Clearly short of where it needs to be by now, or the target was missed."),
    (Status::NotYetDue, "The first figure after the starting point has not been published, or nothing is due yet."),
    (Status::NoData, "There is no figure that it could be judged by."),
    (Status::CannotBeJudged, "The strategy gives nothing to judge it by; the reason says what would be needed."),
];

fn status_key() -> Block {
    let rows = MEANINGS
        .map(|(status, meaning)| Row { cells: vec![Cell::head(Run::status(status)), Cell::text(meaning)], illustrative: false });
    let columns = vec![Column::left().at_most(0.28), Column::left()];
    Block::Table(Table {
        caption: String::new(),
        full_width: true,
        columns,
        head: heads(&["Status", "What it means"]),
        rows: rows.to_vec(),
    })
}

fn summary_table(view: &View) -> Block {
    const SHOWN: [Status; 4] = [Status::Achieved, Status::OnTrack, Status::AtRisk, Status::OffTrack];
    let of = |counts: &[CountView], wanted: &[Status]| -> usize {
        counts.iter().filter(|c| wanted.contains(&c.of)).map(|c| c.count).sum()
    };
    let row = |group: &GroupView| {
        let mut cells = vec![Cell::head(vec![Run::bold(group.short.clone()).linked(&group_anchor(group))])];
        let mut groups: Vec<Vec<Status>> = vec![vec![Status::Achieved, Status::AchievedLate]];
        groups.extend(SHOWN[1..].iter().map(|status| vec![*status]));
        groups.push(vec![Status::NotYetDue]);
        groups.push(vec![Status::NoData, Status::CannotBeJudged]);
        for wanted in groups {
            let count = of(&group.counts, &wanted);
            cells.push(Cell::new(vec![if count == 0 { Run::quiet("0") } else { Run::bold(count.to_string()) }]));
        }
        Row { cells, illustrative: group.illustrative }
    };
    let mut rows = vec![row(&view.overarching)];
    for aim in &view.aims {
        let title = Cell { header: true, span: 7, ..Cell::text(format!("Aim {}: {}", aim.number, aim.title)) };
        rows.push(Row { cells: vec![title], illustrative: false });
        rows.extend(aim.priorities.iter().map(row));
    }
    let mut head = vec![vec![Run::text("Priority")]];
    head.extend(SHOWN.map(Run::status));
    head.extend(heads(&["Not yet due", "No data or not judged"]));
    let number = Column { align: super::model::Align::Centre, at_most: 0.12 };
    let columns = std::iter::once(Column::left()).chain([number; 6]).collect();
    Block::Table(Table { caption: "Measures of each priority by status".to_owned(), full_width: true, columns, head, rows })
}

fn returns_table(view: &View) -> Block {
    let rows = view.returns.iter().map(|receipt| {
        let mut wrong: Vec<Run> = Vec::new();
        for fault in &receipt.faults {
            if !wrong.is_empty() {
                wrong.push(break_run());
            }
            wrong.push(Run::bold(format!("{}: ", fault.place)));
            wrong.push(Run::text(fault.problem.clone()));
            if !fault.remedy.is_empty() {
                wrong.push(Run::quiet(format!(" ({})", fault.remedy)));
            }
        }
        if !receipt.lacking.is_empty() {
            if !wrong.is_empty() {
                wrong.push(break_run());
            }
            wrong.push(Run::bold("Not given: "));
            wrong.push(Run::text(receipt.lacking.join("; ")));
        }
        if wrong.is_empty() {
            wrong.push(Run::quiet("nothing"));
        }
        let mut outcome = vec![Run::text(receipt.outcome.clone())];
        if receipt.illustrative {
            outcome.extend([break_run(), Run { italic: true, ..Run::quiet("illustrative") }]);
        }
        let cells = vec![
            Cell::head(vec![Run::bold(receipt.partner.clone())]),
            Cell::new(outcome),
            Cell::text(receipt.file.clone()),
            Cell::text(receipt.figures.to_string()),
            Cell::text(receipt.actions.to_string()),
            Cell::new(wrong),
        ];
        Row { cells, illustrative: receipt.illustrative }
    });
    let columns = vec![
        Column::left().at_most(0.24),
        Column::left().at_most(0.16),
        Column::left().at_most(0.19),
        Column::right(),
        Column::right(),
        Column::left().at_most(0.36),
    ];
    let head = heads(&["Partner", "Outcome", "File", "Figures", "Actions", "What was wrong or not given"]);
    Block::Table(Table { caption: String::new(), full_width: true, columns, head, rows: rows.collect() })
}

fn indicators_table(view: &View) -> Block {
    let rows = view.indicators.iter().map(|receipt| {
        let retrieved = if receipt.retrieved.is_empty() { NONE.to_owned() } else { receipt.retrieved.clone() };
        let cells = vec![
            Cell::head(vec![
                Run::bold(receipt.indicator.clone()),
                break_run(),
                Run { link: followed(&receipt.url), ..Run::quiet(receipt.url.clone()) },
            ]),
            Cell::text(receipt.publisher.clone()),
            Cell::text(receipt.outcome.clone()),
            Cell::text(retrieved),
        ];
        Row { cells, illustrative: false }
    });
    let columns = vec![Column::left(), Column::left().at_most(0.2), Column::left().at_most(0.32), Column::left().at_most(0.2)];
    let head = heads(&["Indicator", "Publisher", "Outcome", "Retrieved"]);
    Block::Table(Table { caption: String::new(), full_width: true, columns, head, rows: rows.collect() })
}
