#![doc = include_str!("../README.md")]
//!
//! A [`Document`] says what there is to say, without geometry. `layout` puts it on pages with a structure tree,
//! `paint` turns pages into drawing operations, `pdf` writes the file; `html` writes the same document as a page of its own, and
//! `docx` as a Word file.

mod attachment;
mod canvas;
mod colour;
mod cores;
mod docx;
pub mod drawing;
mod escape;
#[cfg(test)]
mod faults;
mod html;
mod inks;
mod layout;
pub mod look;
pub mod model;
mod paint;
mod pdf;
mod pictures;
mod problem;
pub mod shapes;
mod spark;
#[cfg(test)]
mod specimen;
mod standard;
mod svg;
mod tags;
pub mod unseen;

pub use attachment::{Attachment, Relationship};
pub use cores::{largest_first_on_all_cores, on_all_cores};
pub use layout::references::texts;
pub use layout::{Fonts, NotAFont, Shaper, Style, abbreviations};
pub use pictures::{Raster, decode, natural_width};
pub use problem::Problem;
pub use spark::Sparkline;
pub use standard::Standard;
pub use svg::{svg, svg_shapes};

use jiff::civil::Date;
use look::Look;
use model::Document;
use std::thread;

/// A document as files.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// A tagged PDF of the document's standard, with its attachments.
    pub pdf: Vec<u8>,
    /// The same document as one self-contained HTML file.
    pub html: String,
    pub pages: usize,
    /// What a reader may miss: characters that the fonts lack, boxes that overflow, references to nothing.
    pub warnings: Vec<Problem>,
}

/// The document as an HTML file alone.
pub fn html(document: &Document, look: &Look, fonts: &Fonts) -> String {
    html::write(document, look, fonts)
}

/// Sets the document. `date` is the day that it is dated, whenever it is made. The same document, look and fonts give the same
/// bytes.
///
/// # Errors
/// Fonts that cannot be embedded, two attachments of one name, or a file that cannot be put together; none depends on the
/// words.
pub fn render(document: &Document, look: &Look, fonts: &Fonts, date: Date) -> Result<Rendered, Problem> {
    let mut laid = layout::lay_out(document.clone(), look, fonts);
    // Layout has all cores for itself; the file is written by one, and the page beside it.
    let (html, bytes) = thread::scope(|scope| {
        let html = scope.spawn(|| html::write(document, look, fonts));
        let bytes = pdf::write(&mut laid, document, date, fonts);
        (html.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), bytes)
    });
    Ok(Rendered { pdf: bytes?, html, pages: laid.pages.len(), warnings: laid.warnings })
}

/// The same document as a Word file (.docx), for those who edit it. `date` is the day that it is dated. The same document, look
/// and fonts give the same bytes.
///
/// # Errors
/// A file that cannot be put together, which no words bring about.
pub fn word(document: &Document, look: &Look, fonts: &Fonts, date: Date) -> Result<Vec<u8>, Problem> {
    docx::write(document, look, fonts, date)
}
