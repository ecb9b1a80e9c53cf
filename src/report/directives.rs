//! What a template can bring in by name: tables, charts, statuses, notes.

use super::content::{GroupView, MeasureView, View};
use super::markdown::{Made, escape, token};
use super::model::{Block, Run};
use super::tables;
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
    directive!("small", |_view, words: String| blocks(vec![tables::small(vec![Run::text(words)])]));
    directive!("chart", |view, of: Value| {
        blocks(measure(view, &of)?.figure.clone().map(Block::Figure).into_iter().collect())
    });
    directive!("figures", |view, of: Value| blocks(vec![tables::figures_table(measure(view, &of)?)]));
    directive!("areas", |view, of: Value| blocks(tables::areas_table(measure(view, &of)?).into_iter().collect()));
    directive!("sources", |view, of: Value| blocks(tables::sources(measure(view, &of)?)));
    directive!("measures", |view, of: Value| blocks(tables::measures_table(
        &group(view, &of)?.measures.iter().collect::<Vec<_>>(),
        view
    )));
    directive!("contents_of", |view, of: Value| {
        let measures = of.try_iter()?.map(|value| measure(view, &value)).collect::<Result<Vec<_>, _>>()?;
        blocks(tables::measures_table(&measures, view))
    });
    directive!("actions", |view, of: Value| blocks(tables::actions_table(group(view, &of)?)));
    directive!("illustrative_note", |_view, of: Value| {
        let due = of.get_attr("illustrative")?;
        blocks(if due.is_true() { vec![tables::illustrative_note()] } else { Vec::new() })
    });
    directive!("status_key", |_view| blocks(vec![tables::status_key()]));
    directive!("summary_table", |view| blocks(vec![tables::summary_table(view)]));
    directive!("returns_table", |view| blocks(vec![tables::returns_table(view)]));
    directive!("indicators_table", |view| blocks(vec![tables::indicators_table(view)]));
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
    Ok(tables::named(&kind(value), number, &id))
}
