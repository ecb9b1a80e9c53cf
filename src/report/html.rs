//! The document as one self-contained HTML file, for those who cannot use a PDF.

use super::layout::text::Fonts;
use super::model::Document;
use super::theme::Theme;

/// The whole file.
pub fn write(_document: &Document, _theme: &Theme, _fonts: &Fonts) -> String {
    String::new()
}
