//! A pack's templates filled in with what there is to say.

use super::check_templates::{describe, listed};
use super::content::View;
use super::directives::{Workshop, environment};
use super::markdown;
use super::pack::ILLUSTRATIVE;
use super::statement::Statement;
use super::tables::{ambition_anchor, group_anchor, measure_anchor, theme_anchor};
use super::templates::{BOARD_PACK, Evidence, PackSection, ReportTemplates, SectionScope};
use crate::fault::Faults;
use crate::template_limits;
use minijinja::value::Serde;
use minijinja::{Environment, ErrorKind, context};
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};
use tagged_document::model::{Block, Document, Elsewhere, Link, Section, plain_text};
use tagged_document::{Standard, abbreviations, on_all_cores, texts};

impl ReportTemplates {
    /// Fills the templates in.
    ///
    /// # Errors
    /// A mistake that only shows with figures in it: a field that is not there, a heading that skips a level.
    pub(super) fn fill(&self, view: &Arc<View>, evidence: Option<Evidence<'_>>) -> Result<Document, Faults> {
        let mut sections = self.sections(view)?;
        abbreviations::list_used(&mut sections, &self.stock.abbreviations);
        lead_to_evidence(&mut sections, view, evidence)?;
        let pack = &view.pack;
        Ok(Document {
            title: pack.document_title.clone(),
            author: pack.publisher.clone(),
            subject: self.contents.subject.clone(),
            producer: concat!("boardpack ", env!("CARGO_PKG_VERSION")).to_owned(),
            language: "en-GB".to_owned(),
            head: (pack.running_title.clone(), format!("{} ({})", pack.quarter, pack.quarter_code)),
            foot: pack.publisher.clone(),
            abbreviations: self.stock.abbreviations.clone(),
            marks: Vec::new(),
            illustrative: ILLUSTRATIVE.to_owned(),
            links: vec![(Statement::TITLE.to_owned(), Statement::PAGE.to_owned())],
            sections,
            standard: Standard::default(),
            attachments: Vec::new(),
        })
    }

    /// The sections that have something to say in this pack.
    fn sections(&self, view: &Arc<View>) -> Result<Vec<Section>, Faults> {
        let mut faults = Faults::default();
        let mut sections = Vec::new();
        let all = minijinja::Value::from(Serde(&**view));
        let mut work: Vec<(&PackSection, minijinja::Value)> = Vec::new();
        for entry in &self.contents.sections {
            match entry.scope {
                SectionScope::Pack => work.push((entry, context! { ..all.clone() })),
                SectionScope::Aim => {
                    work.extend(view.aims.iter().map(|aim| (entry, context! { aim => Serde(aim), ..all.clone() })));
                }
                SectionScope::Priority => {
                    let priorities = view.aims.iter().flat_map(|aim| &aim.priorities);
                    work.extend(priorities.map(|priority| (entry, context! { priority => Serde(priority), ..all.clone() })));
                }
            }
        }
        let filled = on_all_cores(
            work,
            || self.environment(view),
            |env, (entry, scope)| {
                let (env, workshop) = env.as_ref().map_err(Clone::clone)?;
                self.section(entry, view, &scope, (env, workshop))
            },
        );
        for section in filled {
            match section {
                // What has nothing to say in this pack takes no page.
                Ok(section) if section.blocks.is_empty() => {}
                Ok(section) => sections.push(section),
                Err(wrong) => {
                    let new = wrong.0.into_iter().filter(|fault| !faults.0.contains(fault)).collect::<Vec<_>>();
                    faults.0.extend(new);
                }
            }
        }
        check_levels(&sections, &mut faults);
        faults.into_result().map(|()| sections)
    }

    /// The templates, parsed, with what they may ask for; and where they leave what they make.
    fn environment(&self, view: &Arc<View>) -> Result<(Environment<'_>, Workshop), Faults> {
        let workshop = Workshop::default();
        let mut env = environment(view, &self.stock, &workshop);
        for (name, template) in &self.files {
            env.add_template(name, &template.text).map_err(|e| self.fault(&e, view))?;
        }
        Ok((env, workshop))
    }

    fn section(
        &self,
        entry: &PackSection,
        view: &Arc<View>,
        scope: &minijinja::Value,
        (env, workshop): (&Environment<'_>, &Workshop),
    ) -> Result<Section, Faults> {
        let filled = env.get_template(&entry.template).and_then(|template| template.render(scope));
        let made = std::mem::take(&mut *workshop.lock().unwrap_or_else(PoisonError::into_inner));
        let filled = filled.map_err(|e| self.fault(&e, view))?;
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

/// A heading of the fourth level right below one of the third: a few words between them stay with it, or they would be left
/// alone at the foot of a page.
fn keep_with_heading_below(blocks: &mut [Block]) {
    const MOST_CHARACTERS: usize = 240;
    let level = |block: &Block| if let Block::Heading(heading) = block { Some(heading.level) } else { None };
    let below: Vec<usize> = (0..blocks.len()).filter(|i| level(&blocks[*i]) == Some(4)).collect();
    for i in below {
        let between = blocks[..i].iter().rev().take_while(|block| matches!(block, Block::Paragraph(_))).count();
        let characters = |block: &Block| if let Block::Paragraph(of) = block { plain_text(&of.runs).chars().count() } else { 0 };
        let are_few = blocks[i - between..i].iter().map(characters).sum::<usize>() <= MOST_CHARACTERS;
        let is_first = are_few && i.checked_sub(between + 1).is_some_and(|above| level(&blocks[above]) == Some(3));
        for block in blocks[i - between..i].iter_mut().filter(|_| is_first) {
            if let Block::Paragraph(paragraph) = block {
                paragraph.keep_next = true;
            }
        }
    }
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

/// Directives link what they name to its section. What a shorter pack has no section of leads to that of its evidence, or is
/// plain text where there is none. Links of an analyst's own are left for a warning.
fn lead_to_evidence(sections: &mut [Section], view: &Arc<View>, evidence: Option<Evidence<'_>>) -> Result<(), Faults> {
    let mut untold: BTreeSet<String> = view
        .measures()
        .map(measure_anchor)
        .chain(view.ambitions().map(ambition_anchor))
        .chain(view.groups().map(group_anchor))
        .chain(view.voices.themes.iter().map(theme_anchor))
        .collect();
    let own = anchors(sections);
    untold.retain(|anchor| !own.contains(anchor.as_str()));
    let behind = evidence.map(|evidence| evidence.templates.sections(view)).transpose()?.unwrap_or_default();
    let told = anchors(&behind);
    for run in sections.iter_mut().flat_map(|section| &mut section.blocks).flat_map(texts).flatten() {
        let Some(Link::Anchor(anchor)) = &run.link else { continue };
        if untold.contains(anchor) {
            let there = evidence.filter(|_| told.contains(anchor.as_str()));
            run.link = there.map(|Evidence { file, templates }| {
                let title = templates.title().to_owned();
                Link::Elsewhere(Elsewhere { file: file.to_owned(), title, anchor: anchor.clone() })
            });
        }
    }
    Ok(())
}

/// What the headings of some sections are linked by.
fn anchors(sections: &[Section]) -> BTreeSet<&str> {
    let blocks = sections.iter().flat_map(|section| &section.blocks);
    let headings = blocks.filter_map(|block| if let Block::Heading(heading) = block { Some(heading) } else { None });
    headings.filter_map(|heading| heading.anchor.as_deref()).collect()
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
