//! Partners' own words: what a cell holds where words are due, and whether a text says anything.

use super::persons::without_withheld;
use crate::explanation;
use workbook_reader::{Cell, CellContent};

/// The text of a cell where words are due; nothing where it could not be read, which is told of every such cell.
///
/// # Errors
/// What was found instead: an error, or a formula without its result.
pub(super) fn words_of(cell: &Cell) -> Result<String, String> {
    match &cell.content {
        CellContent::Error(_) | CellContent::Uncached => Err(cell.found()),
        CellContent::Unreadable => Ok(String::new()),
        CellContent::Text(_) | CellContent::Number(_) | CellContent::Date(_) | CellContent::Time | CellContent::Logical(_) => {
            Ok(cell.text())
        }
    }
}

/// True where a text explains something beside what stands in place of a text that is withheld; see [`explanation::explains`].
pub(crate) fn explains(text: &str) -> bool {
    explanation::explains(&without_withheld(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::persons::WITHHELD;

    #[test]
    fn marks_and_withheld_texts_explain_nothing() {
        for text in [
            "",
            " ",
            "-",
            "..",
            "n/a",
            "N/A.",
            "x",
            "XXX",
            "none",
            "Nil return".split(' ').next().unwrap(),
            "tbc",
            "1",
            "?",
            WITHHELD,
        ] {
            assert!(!explains(text), "{text:?}");
        }
        for text in ["The gates were closed.", "New system", "Geschlossen", "ward 7 closed", &format!("New ward. {WITHHELD}")] {
            assert!(explains(text), "{text:?}");
        }
    }
}
