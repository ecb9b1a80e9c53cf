//! Where a figure came from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a figure came from, down to the cell or the line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Provenance {
    /// A cell of a partner's workbook.
    Cell {
        /// The partner's id.
        partner: String,
        /// File name without its folder.
        file: String,
        /// SHA-256 of the file, in hexadecimal.
        sha256: String,
        sheet: String,
        /// `C7`.
        cell: String,
        /// Who filled the workbook in, as it says or as its folder does; empty where nothing says so.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        by: String,
    },
    /// A line of an answer of a public source.
    Answer {
        /// The source's name as printed: `OHID Fingertips`.
        publisher: String,
        /// The indicator's name as the answer gives it.
        indicator: String,
        url: String,
        /// When the answer was received; for a recording, when that was made.
        retrieved: Timestamp,
        /// SHA-256 of the answer, in hexadecimal.
        sha256: String,
        /// Line of the answer, the header being 1; of JSON, the row.
        line: u64,
        /// Where in an answer that is no table of lines: `/obs/3`, `sheet Table_S6, cell C7`.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        place: String,
    },
}

impl Provenance {
    /// Where in its file or answer it stands: `sheet Figures, cell C7`, `line 12`.
    pub fn place(&self) -> String {
        match self {
            Provenance::Cell { sheet, cell, .. } => format!("sheet {sheet}, {}", cells_in_words(cell)),
            Provenance::Answer { line, place, .. } if place.is_empty() => format!("line {line}"),
            Provenance::Answer { place, .. } => place.clone(),
        }
    }
}

/// Cells by their names, in words: `cell F2`, `cells F2:F9`.
pub fn cells_in_words(names: &str) -> String {
    format!("cell{} {names}", if names.contains([':', ',']) { "s" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_cells_are_not_called_one() {
        let words = ["F227", "F227:F236", "D2:E20, F2:F20"].map(cells_in_words);
        assert_eq!(words, ["cell F227", "cells F227:F236", "cells D2:E20, F2:F20"]);
    }
}
