//! From the document to pages: lines, columns, page breaks, and the tree that says what each mark is.

pub mod abbreviations;
mod blocks;
mod cards;
mod columns;
mod context;
mod flow;
mod fonts;
mod fragment;
mod furniture;
mod line_marks;
mod lines;
mod notes;
mod pages;
mod paragraphs;
mod pictures;
pub mod references;
mod sections;
mod table;
mod text;

pub use columns::share_out;
pub use flow::Anchor;
pub use fonts::{Fonts, NotAFont};
pub use pages::{LaidOut, lay_out};
pub use text::{Shaper, Style};
