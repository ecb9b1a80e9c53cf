//! The pack's templates: `pack.toml` says which there are and in what order, `theme.toml` how the pack
//! looks, and each section is a Markdown file with expressions and directives.

use super::ILLUSTRATIVE;
use super::content::View;
use super::directives::{DIRECTIVES, Stock, Workshop, environment};
use super::fonts;
use super::markdown;
use super::pictures::Pictures;
use super::tables::{ambition_anchor, group_anchor, measure_anchor};
use super::theme::Theme;
use crate::area::Areas;
use crate::assets::Assets;
use crate::document;
use crate::fault::{Fault, Faults};
use crate::framework::Framework;
use crate::{template_growth, template_limits};
use minijinja::value::Serde;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, context};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};
use tagged_document::look::Look;
use tagged_document::model::{Block, Document, Heading, Link, Picture, Section, SectionLayout};
use tagged_document::{Fonts, abbreviations, texts};

/// The pack that lends its theme and its parts to those that have none of their own.
pub const BOARD_PACK: &str = "board_pack";

/// Templates, theme and fonts, read and checked.
#[derive(Clone)]
pub struct Templates {
    theme: Theme,
    pub(super) look: Look,
    pub(super) fonts: Fonts,
    contents: Contents,
    pictures: Pictures,
    stock: Arc<Stock>,
    /// Every Markdown file of the folder: its place for messages, and its text.
    files: BTreeMap<String, Template>,
}

#[derive(Debug, Clone)]
struct Template {
    place: String,
    text: String,
}

/// `pack.toml`: what a pack holds, in order.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contents {
    /// What the pack is called.
    title: String,
    /// What it is about, in the properties of the PDF.
    subject: String,
    /// Its sections, in order.
    #[serde(rename = "section")]
    sections: Vec<Entry>,
}

/// A section of a pack.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The Markdown file of the folder.
    template: String,
    /// How often it is set.
    #[serde(default)]
    scope: Scope,
    /// How its pages begin.
    #[serde(default)]
    layout: SectionLayout,
    /// True sets it on pages turned on their side.
    #[serde(default)]
    landscape: bool,
}

/// How often a template is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Scope {
    /// Once.
    #[default]
    Pack,
    /// Once an aim, which it knows as `aim`.
    Aim,
    /// Once a priority, which it knows as `priority`.
    Priority,
}

/// What a template may name, beside its directives: the fields of the view.
const NAMES: [&str; 21] = [
    "pack",
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
];
/// And where they are due: what a place's pack has, what a scope or a loop brings in.
const SCOPED: [&str; 6] = ["without", "aim", "priority", "ambition", "measure", "action"];
/// What minijinja brings in, and a name that any loop may take.
const ALWAYS: [&str; 3] = ["loop", "super", "item"];

impl Templates {
    /// True where the fonts have the character.
    pub fn prints(&self, c: char) -> bool {
        self.fonts.has(c)
    }

    /// Reads one folder of the templates and the fonts that its theme names, and checks all that can be checked
    /// without figures. Theme, abbreviations, logo and parts that the folder lacks are the board pack's.
    ///
    /// # Errors
    /// Every fault found: a file that is lacking or cannot be read, a wrong key, a faint colour, a mistake in
    /// a template with its line.
    pub fn load(templates: &Assets, fonts: &Assets, folder: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let read = Self::read(templates, fonts, folder, &mut faults);
        faults.into_result()?;
        read.ok_or_else(Faults::default)
    }

    /// As [`Templates::load`], going on past what is at fault: without templates that cannot be parsed, and in the built-in
    /// look where the theme's cannot be had. Fit to be tried, and for use only where nothing is at fault.
    pub(crate) fn read(templates: &Assets, fonts: &Assets, folder: &str, faults: &mut Faults) -> Option<Self> {
        let own = templates.list(folder);
        let path = |name: &str| {
            let of = if name == "pack.toml" || own.iter().any(|file| file == name) { folder } else { BOARD_PACK };
            format!("{of}/{name}")
        };
        let read = |name: &str, faults: &mut Faults| keep(faults, templates.read_text(&path(name)).map_err(Faults::from));
        let contents = read("pack.toml", faults);
        let theme: Vec<(String, String)> = [BOARD_PACK, folder]
            .into_iter()
            .take(if folder == BOARD_PACK { 1 } else { 2 })
            .map(|folder| format!("{folder}/theme.toml"))
            .filter(|path| templates.has(path))
            .filter_map(|path| Some((keep(faults, templates.read_text(&path).map_err(Faults::from))?, templates.place(&path))))
            .collect();
        let mut names: BTreeSet<String> = templates.list(BOARD_PACK).into_iter().collect();
        names.extend(own.iter().cloned());
        let mut files = BTreeMap::new();
        for name in names.iter().filter(|name| name.ends_with(".md") && *name != "README.md") {
            if let Some(text) = read(name, faults) {
                files.insert(name.clone(), Template { place: templates.place(&path(name)), text });
            }
        }
        let contents = contents.and_then(|text| read_contents(&text, &templates.place(&path("pack.toml")), &files, faults));
        let theme_place = theme.last().map_or_else(|| "theme.toml (built in)".to_owned(), |(_, place)| place.clone());
        let (theme, theme_places) = Theme::read(&theme, faults);
        let loaded = theme.as_ref().and_then(|theme| {
            let fonts = fonts::load(theme, fonts, &theme_place);
            keep(faults, fonts.map_err(|found| theme_places.point_faults(found)))
        });
        let look = theme.as_ref().zip(loaded).map(|(theme, fonts)| (theme.clone(), fonts));
        let mut stock = Stock::default();
        if names.contains("abbreviations.toml")
            && let Some(text) = read("abbreviations.toml", faults)
        {
            let file = document::Document::parse(&text, &templates.place(&path("abbreviations.toml")), faults);
            let read: Option<BTreeMap<String, String>> = file.whole(faults).0;
            stock.abbreviations = read.unwrap_or_default().into_iter().collect();
        }
        let unparsed = files.iter().filter(|(name, template)| !check(name, template, &files, faults));
        let unparsed: Vec<String> = unparsed.map(|(name, _)| name.clone()).collect();
        let given = files.values().map(|template| (template.place.clone(), template.text.as_str()));
        let names: Vec<&String> = files.keys().collect();
        let growing: Vec<(String, Fault)> =
            template_growth::faults(given).into_iter().map(|(of, fault)| (names[of].clone(), fault)).collect();
        let unfilled: Vec<String> = unparsed.into_iter().chain(growing.iter().map(|(name, _)| name.clone())).collect();
        faults.0.extend(growing.into_iter().map(|(_, fault)| fault));
        // An empty section takes no page.
        files.iter_mut().filter(|(name, _)| unfilled.contains(name)).for_each(|(_, template)| template.text.clear());
        let pictures = keep(faults, Pictures::load(templates, &[BOARD_PACK, folder]));
        if let (Some(Theme { brand, .. }), Some(pictures)) = (&theme, &pictures)
            && let Some(name) = &brand.logo
        {
            match pictures.find(name) {
                Ok(png) => {
                    stock.logo = Some(Picture { alternative: brand.logo_alternative.clone(), png, width: brand.logo_width });
                }
                Err(there_are) => {
                    let problem = format!("there is no picture {name:?} for the logo");
                    let fault = Fault::new(format!("{theme_place}, brand.logo"), problem, there_are);
                    faults.0.extend(theme_places.point(fault));
                }
            }
        }
        let (theme, fonts) = look.or_else(built_in_look)?;
        let contents = contents?;
        Some(Templates {
            look: theme.look(),
            theme,
            fonts,
            contents,
            pictures: pictures.unwrap_or_default(),
            stock: Arc::new(stock),
            files,
        })
    }

    /// The same without the expression that a fault of filling in quotes, so that those behind it show; none where it cannot
    /// be found.
    pub(super) fn without(&self, fault: &Fault) -> Option<Self> {
        let (place, line) = fault.place.rsplit_once(", line ")?;
        let expression = fault.problem.rsplit_once(", in `")?.1.strip_suffix('`')?;
        let index = line.parse::<usize>().ok()?.checked_sub(1)?;
        let mut mended = self.clone();
        let template = mended.files.values_mut().find(|template| template.place == place)?;
        let mut lines: Vec<String> = template.text.lines().map(str::to_owned).collect();
        let line = lines.get_mut(index).filter(|line| !expression.is_empty() && line.contains(expression))?;
        *line = line.replacen(expression, "\"\"", 1);
        template.text = lines.join("\n");
        Some(mended)
    }

    /// The same with its cover and those sections alone that `templates` name, with or without their ending.
    ///
    /// # Errors
    /// A name that no section has.
    pub fn only(&self, templates: &[String]) -> Result<Self, Faults> {
        let is_named = |entry: &Entry, name: &str| entry.template.trim_end_matches(".md") == name.trim_end_matches(".md");
        let mut faults = Faults::default();
        let sections = &self.contents.sections;
        for name in templates.iter().filter(|name| !sections.iter().any(|entry| is_named(entry, name))) {
            let there_are = listed(sections.iter().map(|entry| &entry.template));
            faults.push(name, "the pack has no such section", format!("there are: {there_are}"));
        }
        faults.into_result()?;
        let mut extract = self.clone();
        let is_kept = |entry: &Entry| entry.layout == SectionLayout::Cover || templates.iter().any(|name| is_named(entry, name));
        extract.contents.sections.retain(is_kept);
        Ok(extract)
    }

    /// What the pack is called.
    pub fn title(&self) -> &str {
        &self.contents.title
    }

    /// Who publishes the pack: the theme's brand, or who the edition says.
    pub fn publisher<'a>(&'a self, framework: &'a Framework, areas: &'a Areas) -> &'a str {
        let brand = self.theme.brand.name.trim();
        if brand.is_empty() { framework.publisher(areas) } else { brand }
    }

    /// Fills the templates in.
    ///
    /// # Errors
    /// A mistake that only shows with figures in it: a field that is not there, a heading that skips a level.
    pub(super) fn fill(&self, view: &Arc<View>) -> Result<Document, Faults> {
        let mut faults = Faults::default();
        let mut sections = Vec::new();
        let all = minijinja::Value::from(Serde(&**view));
        for entry in &self.contents.sections {
            let scopes: Vec<minijinja::Value> = match entry.scope {
                Scope::Pack => vec![context! { ..all.clone() }],
                Scope::Aim => view.aims.iter().map(|aim| context! { aim => Serde(aim), ..all.clone() }).collect(),
                Scope::Priority => {
                    let priorities = view.aims.iter().flat_map(|aim| &aim.priorities);
                    priorities.map(|priority| context! { priority => Serde(priority), ..all.clone() }).collect()
                }
            };
            for scope in scopes {
                match self.section(entry, view, &scope) {
                    // What has nothing to say in this pack takes no page.
                    Ok(section) if section.blocks.is_empty() => {}
                    Ok(section) => sections.push(section),
                    Err(wrong) => {
                        let new = wrong.0.into_iter().filter(|fault| !faults.0.contains(fault)).collect::<Vec<_>>();
                        faults.0.extend(new);
                    }
                }
            }
        }
        check_levels(&sections, &mut faults);
        faults.into_result()?;
        abbreviations::list_used(&mut sections, &self.stock.abbreviations);
        unlink_untold(&mut sections, view);
        let pack = &view.pack;
        Ok(Document {
            title: format!("{}, {}", pack.title, pack.quarter),
            author: pack.publisher.clone(),
            subject: self.contents.subject.clone(),
            producer: concat!("boardpack ", env!("CARGO_PKG_VERSION")).to_owned(),
            language: "en-GB".to_owned(),
            head: (pack.running_title.clone(), format!("{} ({})", pack.quarter, pack.quarter_code)),
            foot: pack.publisher.clone(),
            abbreviations: self.stock.abbreviations.clone(),
            marks: Vec::new(),
            illustrative: ILLUSTRATIVE.to_owned(),
            sections,
        })
    }

    fn section(&self, entry: &Entry, view: &Arc<View>, scope: &minijinja::Value) -> Result<Section, Faults> {
        let workshop = Workshop::default();
        let mut env = environment(view, &self.stock, &workshop);
        for (name, template) in &self.files {
            env.add_template(name, &template.text).map_err(|e| self.fault(&e, view))?;
        }
        let filled = env.get_template(&entry.template).and_then(|template| template.render(scope));
        let filled = filled.map_err(|e| self.fault(&e, view))?;
        drop(env);
        let made = std::mem::take(&mut *workshop.lock().unwrap_or_else(PoisonError::into_inner));
        let place = self.files.get(&entry.template).map_or(entry.template.clone(), |template| template.place.clone());
        let filled = template_limits::checked(filled, &place)?;
        let mut blocks = markdown::parse(&filled, &made, &self.pictures, &place)?;
        keep_with_heading_below(&mut blocks);
        Ok(Section { place, layout: entry.layout, landscape: entry.landscape, blocks })
    }

    /// A mistake found while filling in, with what exists.
    fn fault(&self, error: &minijinja::Error, view: &View) -> Faults {
        // The innermost error that knows its line is the mistake; the others are the includes around it.
        let mut innermost = error;
        let mut next: Option<&dyn std::error::Error> = std::error::Error::source(error);
        while let Some(cause) = next {
            if let Some(cause) = cause.downcast_ref::<minijinja::Error>().filter(|cause| cause.line().is_some()) {
                innermost = cause;
            }
            next = cause.source();
        }
        let template = innermost.name().and_then(|name| self.files.get(name));
        let expression =
            innermost.range().and_then(|range| template.and_then(|template| template.text.get(range))).unwrap_or_default();
        let mut fault = describe(innermost, template.map_or(BOARD_PACK, |template| &template.place), expression);
        if innermost.kind() == ErrorKind::UndefinedError
            && let Some(fields) = fields_beside(expression, view)
        {
            fault.remedy = format!("there are: {fields}");
        }
        fault.into()
    }
}

fn keep<T>(faults: &mut Faults, result: Result<T, Faults>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(wrong) => {
            faults.0.extend(wrong.0);
            None
        }
    }
}

/// For a theme that cannot be used.
fn built_in_look() -> Option<(Theme, Fonts)> {
    let theme = Theme::built_in()?;
    let fonts = fonts::load(&theme, &Assets::fonts(None), "theme.toml").ok()?;
    Some((theme, fonts))
}

fn read_contents(text: &str, place: &str, files: &BTreeMap<String, Template>, faults: &mut Faults) -> Option<Contents> {
    let (contents, places) = document::Document::parse(text, place, faults).whole::<Contents>(faults);
    let mut contents = contents?;
    let mut found = Faults::default();
    for (i, entry) in (1..).zip(&contents.sections) {
        if !files.contains_key(&entry.template) {
            let problem = format!("there is no template {:?}", entry.template);
            found.push(format!("{place}, section {i}, template"), problem, format!("there are: {}", listed(files.keys())));
        }
    }
    if contents.sections.is_empty() {
        found.push(place, "it names no section", "add a [[section]]");
    }
    contents.sections.retain(|entry| files.contains_key(&entry.template));
    faults.0.extend(places.point_all(found.0));
    Some(contents)
}

/// What can be found without figures: grammar, and names that nothing brings in. False where it cannot be parsed.
fn check(name: &str, template: &Template, files: &BTreeMap<String, Template>, faults: &mut Faults) -> bool {
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

/// A heading of the fourth level right below one of the third: the lines between them stay with it, or they would be left
/// alone at the foot of a page.
fn keep_with_heading_below(blocks: &mut [Block]) {
    const MOST_LINES: usize = 3;
    let level = |block: &Block| if let Block::Heading(heading) = block { Some(heading.level) } else { None };
    let below: Vec<usize> = (0..blocks.len()).filter(|i| level(&blocks[*i]) == Some(4)).collect();
    for i in below {
        let between = blocks[..i].iter().rev().take_while(|block| matches!(block, Block::Paragraph(_))).count();
        let is_first = between <= MOST_LINES && i.checked_sub(between + 1).is_some_and(|above| level(&blocks[above]) == Some(3));
        for block in blocks[i - between..i].iter_mut().filter(|_| is_first) {
            if let Block::Paragraph(paragraph) = block {
                paragraph.keep_next = true;
            }
        }
    }
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

fn describe(error: &minijinja::Error, place: &str, expression: &str) -> Fault {
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

/// The fields of what an expression such as `measure.titel` looks into.
fn fields_beside(expression: &str, view: &View) -> Option<String> {
    let path = expression.trim().trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_');
    let (owner, _) = path.rsplit_once('.')?;
    let owner = owner.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    let sample = match owner {
        "pack" => serde_json::to_value(&view.pack),
        "aim" => serde_json::to_value(view.aims.first()?),
        "priority" | "overarching" => serde_json::to_value(&view.overarching),
        "ambition" => serde_json::to_value(view.ambitions().next()?),
        "measure" => serde_json::to_value(view.measures().next()?),
        "action" => serde_json::to_value(view.groups().find_map(|group| group.actions.first())?),
        "matter" => serde_json::to_value(view.alert.iter().chain(&view.advise).chain(&view.assure).next()?),
        "movement" => serde_json::to_value(view.movements.first()?),
        "method" => serde_json::to_value(&view.measures().next()?.method),
        _ => return None,
    };
    let sample = sample.ok()?;
    Some(listed(sample.as_object()?.keys().filter(|name| !["kind", "key"].contains(&name.as_str()))))
}

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Directives link what they name to its section, which a shorter pack does not have: it then is plain text. Links of
/// an analyst's own are left for a warning.
fn unlink_untold(sections: &mut [Section], view: &View) {
    let mut untold: BTreeSet<String> = view
        .measures()
        .map(measure_anchor)
        .chain(view.ambitions().map(ambition_anchor))
        .chain(view.groups().map(group_anchor))
        .collect();
    for section in &*sections {
        for block in &section.blocks {
            if let Block::Heading(Heading { anchor: Some(anchor), .. }) = block {
                untold.remove(anchor);
            }
        }
    }
    for run in sections.iter_mut().flat_map(|section| &mut section.blocks).flat_map(texts).flatten() {
        if matches!(&run.link, Some(Link::Anchor(anchor)) if untold.contains(anchor)) {
            run.link = None;
        }
    }
}

/// A heading may go one level deeper than the one before it, not two: a screen reader counts on it.
fn check_levels(sections: &[Section], faults: &mut Faults) {
    let mut last = 0;
    for section in sections {
        for block in &section.blocks {
            let Block::Heading(heading) = block else { continue };
            if heading.level > last + 1 {
                faults.push(
                    &*section.place,
                    format!(
                        "the heading {:?} is of level {} and follows one of level {last}",
                        tagged_document::model::plain_text(&heading.runs),
                        heading.level
                    ),
                    "use the levels in order",
                );
            }
            last = heading.level;
        }
    }
}
