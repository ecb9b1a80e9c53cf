//! A pack as files.

use super::annex;
use super::content::{MessageView, View};
use super::pack::PackInputs;
use super::templates::{Evidence, ReportTemplates};
use crate::fault::{Fault, Faults};
use std::sync::Arc;
use std::thread;
use tagged_document::Problem;
use tagged_document::model::Document;

/// A pack as files.
#[derive(Debug, Clone)]
pub struct PackFiles {
    /// A tagged PDF of the standard that was asked for, with the data that its templates name.
    pub pdf: Vec<u8>,
    /// The same document as one self-contained HTML file.
    pub html: String,
    /// The same document for Word, where the pack's `pack.toml` asks for it.
    pub word: Option<Vec<u8>>,
    pub pages: usize,
    /// What it is called, and what it is about.
    pub title: String,
    pub subject: String,
    /// What a board is told first, a sentence or two each; empty where nothing is alerted.
    pub messages: Vec<String>,
    /// What the board is asked, a sentence each.
    pub asks: Vec<String>,
    /// Any of its figures is made up.
    pub illustrative: bool,
    /// What a reader may miss: characters that the fonts lack, boxes that overflow, references to nothing.
    pub warnings: Vec<Fault>,
}

/// Makes a pack that stands alone. The same pack and templates give the same bytes.
///
/// # Errors
/// A mistake in a template that shows only with figures in it; fonts that cannot be embedded.
pub fn render(pack: &PackInputs<'_>, templates: &ReportTemplates) -> Result<PackFiles, Faults> {
    render_with(pack, templates, None)
}

/// The same with links to its evidence, a pack of the same run.
///
/// # Errors
/// As [`render`], of the evidence's templates too.
pub fn render_with(
    pack: &PackInputs<'_>,
    templates: &ReportTemplates,
    evidence: Option<Evidence<'_>>,
) -> Result<PackFiles, Faults> {
    let titles = templates.titles(evidence.map(|evidence| evidence.templates));
    let view = Arc::new(View::new(pack, titles, templates.publisher(pack.whole, pack.areas)));
    let (filled, attachments) = thread::scope(|scope| {
        let attachments = scope.spawn(|| annex::attached(pack, &templates.contents.data));
        let filled = templates.fill(&view, evidence);
        (filled, attachments.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let document = Document { marks: pack.marks(), standard: pack.standard, attachments, ..filled? };
    let (look, fonts, date) = (&templates.look, &templates.fonts, pack.evaluation.as_at);
    let rendered = tagged_document::render(&document, look, fonts, date).map_err(fault)?;
    let word = templates.contents.word.then(|| tagged_document::word(&document, look, fonts, date).map_err(fault));
    let word = word.transpose()?;
    let tagged_document::Rendered { pdf, html, pages, warnings } = rendered;
    let messages = view.brief.messages.iter().map(MessageView::in_words).collect();
    let illustrative = view.pack.illustrative;
    let (title, subject) = (templates.title().to_owned(), templates.contents.subject.clone());
    let (asks, warnings) = (view.brief.asks.clone(), warnings.into_iter().map(fault).collect());
    Ok(PackFiles { pdf, html, word, pages, title, subject, messages, asks, illustrative, warnings })
}

fn fault(Problem { place, problem, remedy }: Problem) -> Fault {
    Fault::new(place, problem, remedy)
}
