//! What people told, by theme, and what was done about it.

use super::blocks::{ambition_anchor, break_run, illustrative_mark, named, paragraph, small};
use crate::report::content::{AmbitionView, View, VoiceThemeView, VoiceView};
use tagged_document::model::{Block, Heading, Paragraph, ParagraphKind, Run};

/// The name of a theme's heading.
pub fn theme_anchor(theme: &VoiceThemeView) -> String {
    named("theme", None, &theme.id)
}

/// A heading a theme, below it what each group said.
pub fn told_us(view: &View) -> Vec<Block> {
    let of_theme = |theme: &VoiceThemeView| {
        let runs = vec![Run::text(theme.title.clone())];
        let heading = Block::Heading(Heading { level: 2, runs, anchor: Some(theme_anchor(theme)) });
        let said: Vec<Block> = theme.said.iter().flat_map(|said| group(said, view)).collect();
        std::iter::once(heading).chain(said).collect::<Vec<_>>()
    };
    view.voices.themes.iter().flat_map(of_theme).collect()
}

fn group(said: &VoiceView, view: &View) -> Vec<Block> {
    let body = |runs: Vec<Run>| paragraph(ParagraphKind::Body, runs, said.illustrative);
    let mut who = vec![Run::bold(format!("{}: ", said.who)), Run::text(said.heard.clone())];
    who.extend(mark(said.illustrative));
    let mut blocks = vec![Block::Paragraph(Paragraph {
        kind: ParagraphKind::Body,
        runs: who,
        keep_next: true,
        illustrative: said.illustrative,
    })];
    for (what, words) in [("What works: ", &said.works), ("What does not: ", &said.does_not_work)] {
        if !words.is_empty() {
            blocks.push(body(vec![Run::bold(what), Run::text(words.clone())]));
        }
    }
    for quotation in &said.quotations {
        let words = Run::text(format!("\u{201c}{}\u{201d}", quotation.words));
        let by = Run { italic: true, ..Run::quiet(quotation.by.clone()) };
        let runs = [vec![words, break_run(), by], mark(said.illustrative)].concat();
        blocks.push(paragraph(ParagraphKind::CallOut, runs, said.illustrative));
    }
    for change in &said.changes {
        let words = [Run::bold("You said: "), Run::text(format!("{} ", change.you_said)), Run::bold("We did: ")];
        blocks.push(body(
            [&words[..], &[Run::text(format!("{} ", change.we_did)), Run::quiet(format!("({})", change.by))]].concat(),
        ));
    }
    blocks.push(small(bears_on(said, view)));
    blocks
}

/// The ambitions on which it bears, with links to those that the pack has.
fn bears_on(said: &VoiceView, view: &View) -> Vec<Run> {
    let mut runs = vec![Run::bold("Ambitions: ")];
    for (i, (id, title)) in said.ambitions.iter().enumerate() {
        let between = if i == 0 { None } else { Some(Run::quiet("; ")) };
        let title = Run::quiet(title.clone());
        let found = view.ambitions().find(|ambition| ambition.id == *id);
        runs.extend(between.into_iter().chain([found.map_or(title.clone(), |of| title.linked(&ambition_anchor(of)))]));
    }
    runs.push(Run::quiet("."));
    runs
}

/// The themes under which people spoke of what bears on an ambition.
pub fn told_us_of(ambition: &AmbitionView, view: &View) -> Vec<Block> {
    let bears = |said: &VoiceView| said.ambitions.iter().any(|(id, _)| *id == ambition.id);
    let themes: Vec<&VoiceThemeView> = view.voices.themes.iter().filter(|theme| theme.said.iter().any(bears)).collect();
    if themes.is_empty() {
        return Vec::new();
    }
    let mut runs = vec![Run::bold("What people told us: ")];
    for (i, theme) in themes.iter().enumerate() {
        let between = if i == 0 { None } else { Some(Run::text("; ")) };
        runs.extend(between.into_iter().chain([Run::text(theme.title.clone()).linked(&theme_anchor(theme))]));
    }
    runs.push(Run::text("."));
    vec![paragraph(ParagraphKind::Body, runs, false)]
}

fn mark(illustrative: bool) -> Vec<Run> {
    if illustrative { vec![Run::text(" "), illustrative_mark()] } else { Vec::new() }
}
