//! What can be found wrong in a template without figures.

use super::directives::DIRECTIVES;
use crate::fault::{Fault, Faults};
use crate::template_limits;
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use std::collections::{BTreeMap, BTreeSet};

/// A Markdown file of the folder.
#[derive(Debug, Clone)]
pub(super) struct TemplateFile {
    pub place: String,
    pub text: String,
}

/// What a template may name, beside its directives: the fields of the view.
const NAMES: [&str; 24] = [
    "pack",
    "brief",
    "overarching",
    "aims",
    "alert",
    "advise",
    "assure",
    "movements",
    "moved_actions",
    "missing",
    "off_track",
    "at_risk",
    "no_figure",
    "no_target_set",
    "cannot_be_judged",
    "returns",
    "indicators",
    "source_faults",
    "licences",
    "revisions",
    "changes",
    "corrections",
    "plain",
    "voices",
];

/// And where they are due: what a place's pack has, what a scope or a loop brings in.
const SCOPED: [&str; 6] = ["without", "aim", "priority", "ambition", "measure", "action"];

/// What minijinja brings in, and a name that any loop may take.
const ALWAYS: [&str; 3] = ["loop", "super", "item"];

/// What can be found without figures: grammar, and names that nothing brings in. False where it cannot be parsed.
pub(super) fn check_template(
    name: &str,
    template: &TemplateFile,
    files: &BTreeMap<String, TemplateFile>,
    faults: &mut Faults,
) -> bool {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    if let Err(error) = env.add_template(name, &template.text) {
        let expression = error.range().and_then(|range| template.text.get(range)).unwrap_or_default();
        faults.0.push(describe(&error, &template.place, expression));
        return false;
    }
    let Ok(parsed) = env.get_template(name) else { return false };
    let names: BTreeSet<&str> = NAMES.into_iter().chain(SCOPED).chain(ALWAYS).chain(DIRECTIVES.map(|(name, _)| name)).collect();
    let mut unknown: Vec<String> =
        parsed.undeclared_variables(false).into_iter().filter(|word| !names.contains(word.as_str())).collect();
    unknown.sort();
    for word in unknown {
        let shown: Vec<&str> = NAMES.into_iter().chain(SCOPED).collect();
        faults.push(
            format!("{}, line {}", template.place, line_of(&template.text, &word)),
            format!("nothing is called {word:?}"),
            format!("there are: {}; and the directives {}", shown.join(", "), DIRECTIVES.map(|(name, _)| name).join(", ")),
        );
    }
    for included in includes(&template.text).filter(|included| !files.contains_key(*included)) {
        faults.push(
            format!("{}, line {}", template.place, line_of(&template.text, included)),
            format!("there is no template {included:?}"),
            format!("there are: {}", listed(files.keys())),
        );
    }
    true
}

/// The files that `{% include "…" %}` names.
fn includes(text: &str) -> impl Iterator<Item = &str> {
    text.split("{%").skip(1).filter_map(|tag| {
        let rest = tag.trim_start_matches('-').trim_start().strip_prefix("include")?.trim_start();
        rest.strip_prefix('"')?.split_once('"').map(|(name, _)| name)
    })
}

/// The first line on which a word stands by itself, from 1.
fn line_of(text: &str, word: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let stands = |line: &str| {
        line.match_indices(word).any(|(at, _)| {
            let (before, after) = (line[..at].chars().next_back(), line[at + word.len()..].chars().next());
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
    };
    text.lines().position(stands).unwrap_or(0) + 1
}

pub(super) fn describe(error: &minijinja::Error, place: &str, expression: &str) -> Fault {
    let line = error.line().unwrap_or(1);
    if let Some(fault) = template_limits::stopped(error, &format!("{place}, line {line}")) {
        return fault;
    }
    let detail = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    let problem = if expression.is_empty() { detail } else { format!("{detail}, in `{}`", expression.trim()) };
    let remedy = match error.kind() {
        ErrorKind::InvalidOperation | ErrorKind::MissingArgument | ErrorKind::TooManyArguments => {
            let called = DIRECTIVES.iter().find(|(name, _)| expression.starts_with(name));
            called.map_or("correct the expression".to_owned(), |(_, usage)| format!("it is used as {usage}"))
        }
        _ => "correct the expression".to_owned(),
    };
    Fault::new(format!("{place}, line {line}"), problem, remedy)
}

pub(super) fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}
