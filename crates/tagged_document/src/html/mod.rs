//! The document as one self-contained HTML file, for those who cannot use a PDF.
//!
//! It has the words, tables and charts of the PDF in the same order, no script, and asks nothing of any other file: its
//! policy forbids it. Charts are drawn for the PDF's column, so that both say the same, and once more for a phone; a page shows
//! one of the two. Who asks for dark pages gets the look's dark colours, but on paper.

mod blocks;
mod choice;
mod document;
mod fit;
mod ids;
mod inline;
mod page;
mod placed;
mod signs;
mod style;
mod table;
#[cfg(test)]
mod tests;

pub use document::write;
