//! The pack's templates: `pack.toml` says which there are and in what order, `theme.toml` how the pack
//! looks, and each section is a Markdown file with expressions and directives.

use super::annex::AttachedData;
use super::check_templates::{TemplateFile, check_template, listed};
use super::content::Titles;
use super::directives::Stock;
use super::fonts;
use super::pictures::Pictures;
use super::theme::Theme;
use crate::area::Areas;
use crate::assets::Assets;
use crate::document;
use crate::fault::{Fault, Faults};
use crate::framework::Framework;
use crate::template_growth;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tagged_document::Fonts;
use tagged_document::look::Look;
use tagged_document::model::{Picture, SectionLayout};

/// The pack that lends its theme and its parts to those that have none of their own.
pub const BOARD_PACK: &str = "board_pack";

/// Templates, theme and fonts, read and checked.
#[derive(Clone)]
pub struct ReportTemplates {
    theme: Theme,
    pub(super) look: Look,
    pub(super) fonts: Fonts,
    pub(super) contents: PackContents,
    pub(super) pictures: Pictures,
    pub(super) stock: Arc<Stock>,
    /// Said after the title in the documents' own, where another pack of a run has the same; else empty.
    pub(super) told_apart: String,
    /// Every Markdown file of the folder: its place for messages, and its text.
    pub(super) files: BTreeMap<String, TemplateFile>,
}

/// The pack behind another one of the same run.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// Its file without the ending: beside the other pack's, or an address.
    pub file: &'a str,
    pub templates: &'a ReportTemplates,
}

/// `pack.toml`: what a pack holds, in order.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackContents {
    /// What the pack is called.
    title: String,
    /// What it is about, in the properties of the PDF.
    pub(super) subject: String,
    /// The data that its PDF carries as CSV files: figures of the pack itself, as the data annex has them.
    #[serde(default)]
    pub(super) data: Vec<AttachedData>,
    /// True makes a copy for Word (`.docx`) beside the PDF, for those who edit it. It is sent to nobody.
    #[serde(default)]
    pub(super) word: bool,
    /// The folder of the pack whose pages tell of what this one names: titles of ambitions and measures that this pack has no section
    /// of lead there, where that pack is made too.
    #[serde(default)]
    pub(super) evidence: Option<String>,
    /// Its sections, in order. Not set: those of `board_pack`.
    #[serde(rename = "section", default)]
    pub(super) sections: Vec<PackSection>,
}

/// A section of a pack.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PackSection {
    /// The Markdown file of the folder.
    pub template: String,
    /// How often it is set.
    #[serde(default)]
    pub scope: SectionScope,
    /// How its pages begin.
    #[serde(default)]
    pub layout: SectionLayout,
    /// True sets it on pages turned on their side.
    #[serde(default)]
    pub landscape: bool,
}

/// How often a template is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SectionScope {
    /// Once.
    #[default]
    Pack,
    /// Once an aim, which it knows as `aim`.
    Aim,
    /// Once a priority, which it knows as `priority`.
    Priority,
}

impl ReportTemplates {
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

    /// As [`ReportTemplates::load`], going on past what is at fault: without templates that cannot be parsed, and in the built-in
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
                files.insert(name.clone(), TemplateFile { place: templates.place(&path(name)), text });
            }
        }
        let contents = contents.and_then(|text| read_contents(&text, (templates, &path("pack.toml")), &files, faults));
        let contents = contents.and_then(|contents| {
            if contents.sections.is_empty() && folder != BOARD_PACK {
                let lender = format!("{BOARD_PACK}/pack.toml");
                let text = keep(faults, templates.read_text(&lender).map_err(Faults::from))?;
                let sections = read_contents(&text, (templates, &lender), &files, faults)?.sections;
                return Some(PackContents { sections, ..contents });
            }
            if contents.sections.is_empty() {
                faults.push(templates.place(&path("pack.toml")), "it names no section", "add a [[section]]");
            }
            Some(contents)
        });
        // The last that says something of it.
        let theme_place = |table: &str| {
            let says = |text: &str| toml::from_str::<toml::Table>(text).is_ok_and(|theme| theme.contains_key(table));
            let place = theme.iter().rev().find(|(text, _)| says(text)).or(theme.last()).map(|(_, place)| place.clone());
            place.unwrap_or_else(|| "theme.toml (built in)".to_owned())
        };
        let (of_fonts, of_brand) = (theme_place("fonts"), theme_place("brand"));
        let (theme, theme_places) = Theme::read(&theme, faults);
        let loaded = theme.as_ref().and_then(|theme| {
            let fonts = fonts::load(theme, fonts, &of_fonts);
            keep(faults, fonts.map_err(|found| theme_places.point_faults(found)))
        });
        let look = theme.as_ref().zip(loaded).map(|(theme, fonts)| (theme.clone(), fonts));
        let mut stock = Stock::default();
        if names.contains("abbreviations.toml")
            && let Some(text) = read("abbreviations.toml", faults)
        {
            let file = document::TomlDocument::parse(&text, &templates.place(&path("abbreviations.toml")), faults);
            let read: Option<BTreeMap<String, String>> = file.whole(faults).0;
            stock.abbreviations = read.unwrap_or_default().into_iter().collect();
        }
        let unparsed = files.iter().filter(|(name, template)| !check_template(name, template, &files, faults));
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
                    let fault = Fault::new(format!("{of_brand}, brand.logo"), problem, there_are);
                    faults.0.extend(theme_places.point(fault));
                }
            }
        }
        let (theme, fonts) = look.or_else(built_in_look)?;
        let contents = contents?;
        Some(ReportTemplates {
            look: theme.look(),
            theme,
            fonts,
            contents,
            pictures: pictures.unwrap_or_default(),
            stock: Arc::new(stock),
            told_apart: String::new(),
            files,
        })
    }

    /// Makes its documents' titles others than those of a pack that has the same.
    pub(crate) fn tell_apart(&mut self, name: &str) {
        self.told_apart = format!(" ({name})");
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
        let is_named = |entry: &PackSection, name: &str| entry.template.trim_end_matches(".md") == name.trim_end_matches(".md");
        let mut faults = Faults::default();
        let sections = &self.contents.sections;
        for name in templates.iter().filter(|name| !sections.iter().any(|entry| is_named(entry, name))) {
            let there_are = listed(sections.iter().map(|entry| &entry.template));
            faults.push(name, "the pack has no such section", format!("there are: {there_are}"));
        }
        faults.into_result()?;
        let mut extract = self.clone();
        let is_kept =
            |entry: &PackSection| entry.layout == SectionLayout::Cover || templates.iter().any(|name| is_named(entry, name));
        extract.contents.sections.retain(is_kept);
        Ok(extract)
    }

    /// How many sections the pack has, those of each aim or priority counted once.
    pub fn size(&self) -> usize {
        self.contents.sections.len()
    }

    /// The folder of the pack to which it links what it names; none where it links to none.
    pub(crate) fn evidence(&self) -> Option<&str> {
        self.contents.evidence.as_deref()
    }

    /// What the pack is called.
    pub fn title(&self) -> &str {
        &self.contents.title
    }

    /// What the pack and its evidence are called.
    pub(super) fn titles<'a>(&'a self, evidence: Option<&'a Self>) -> Titles<'a> {
        Titles { own: self.title(), told_apart: &self.told_apart, evidence: evidence.map_or("", Self::title) }
    }

    /// Whom to ask about the figures; may be empty.
    pub fn contact(&self) -> &str {
        self.theme.brand.contact.trim()
    }

    /// Who publishes the pack: the theme's brand, or who the edition says.
    pub fn publisher<'a>(&'a self, framework: &'a Framework, areas: &'a Areas) -> &'a str {
        let brand = self.theme.brand.name.trim();
        if brand.is_empty() { framework.publisher(areas) } else { brand }
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

fn read_contents(
    text: &str,
    (templates, path): (&Assets, &str),
    files: &BTreeMap<String, TemplateFile>,
    faults: &mut Faults,
) -> Option<PackContents> {
    let place = templates.place(path);
    let (contents, places) = document::TomlDocument::parse(text, &place, faults).whole::<PackContents>(faults);
    let mut contents = contents?;
    let mut found = Faults::default();
    if let Some(evidence) = contents.evidence.as_ref().filter(|folder| !templates.has(&format!("{folder}/pack.toml"))) {
        let problem = format!("there is no pack {evidence:?}");
        found.push(format!("{place}, evidence"), problem, "name a folder that has a pack.toml, or leave the key out");
    }
    for (i, entry) in (1..).zip(&contents.sections) {
        if !files.contains_key(&entry.template) {
            let problem = format!("there is no template {:?}", entry.template);
            found.push(format!("{place}, section {i}, template"), problem, format!("there are: {}", listed(files.keys())));
        }
    }
    contents.sections.retain(|entry| files.contains_key(&entry.template));
    faults.0.extend(places.point_all(found.0));
    Some(contents)
}
