//! Whether a table has room on the screen of a phone.

use crate::model::{Inline, Run, Table};

/// What a table may have on a screen of 320 pixels, in letters.
const ROOM: usize = 36;
/// What stands between two columns, likewise.
const GAP: usize = 2;
/// A small chart, likewise.
const SPARK: usize = 12;
/// A sign.
const SIGN: usize = 3;

/// True where the longest words of all columns stand side by side on a narrow screen.
pub fn fits_a_phone(table: &Table) -> bool {
    let columns = table.columns.len().max(table.head.len());
    let mut widest = vec![0; columns];
    for (column, runs) in table.head.iter().enumerate() {
        widest[column] = longest(runs);
    }
    for row in &table.rows {
        let mut column = 0;
        for cell in &row.cells {
            // What covers several columns has the room of all.
            if cell.span <= 1
                && let Some(widest) = widest.get_mut(column)
            {
                *widest = longest(&cell.runs).max(*widest);
            }
            column += cell.span.max(1);
        }
    }
    widest.iter().map(|width| width + GAP).sum::<usize>() <= ROOM
}

/// Letters of the longest piece that is not broken.
fn longest(runs: &[Run]) -> usize {
    let (mut longest, mut here) = (0, 0);
    for run in runs {
        match &run.inline {
            Inline::Text(text) => {
                for c in text.chars() {
                    here = if matches!(c, ' ' | '\n') { 0 } else { here + 1 };
                    longest = here.max(longest);
                }
            }
            Inline::Sign(_) => here += SIGN,
            Inline::Spark { .. } => here += SPARK,
            Inline::Break => here = 0,
            Inline::PageOf(_) | Inline::Note(_) => {}
        }
        longest = here.max(longest);
    }
    longest
}
