//! The document as a Word file (WordprocessingML, ISO/IEC 29500), for those who edit it.
//!
//! It has the words, tables and charts of the HTML edition in the same order, in styles of the names that Word knows. A chart is a
//! picture with an alternative text: Word and LibreOffice show it alike, whatever fonts they have.

mod blocks;
mod body;
mod cards;
mod document;
mod grid;
mod inline;
mod outlines;
mod package;
mod parts;
mod pictures;
mod raster;
mod sections;
mod styles;
mod table;
#[cfg(test)]
mod tests;
mod widths;
mod xml;

pub use document::write;
