//! How wide the columns of a sheet are and how many lines its rows take, so that all of their words can be seen, also on a page.
//! Both kinds of workbook are given these, for not every program works them out when it opens a file.

use super::sheet_cell::SheetCell;
use super::table::{AnnexCell, AnnexColumn, ColumnKind};
use crate::value::format_number;

/// Characters that a column of words is at most wide before they are wrapped; of identifiers; of those that go on for lines; and
/// of those that are read.
const WIDEST: usize = 28;
const WIDEST_IDENTIFIER: usize = 20;
const WIDEST_LONG: usize = 48;
const WIDEST_PROSE: usize = 100;
/// Words are long from this many characters on.
const LONG: usize = 180;
/// Characters across a page on its side that can be read: at half their size.
const ACROSS: usize = 270;
/// Characters by which a column grows at a time.
const STEP: usize = 4;
/// Lines that a row shows at most: Excel's rows are no higher than 409 points.
const MOST_LINES: usize = 27;
/// Lines that the longest words of a column may take.
const LINES: usize = 20;
/// The widest that a column can be in Excel.
const WIDEST_OF_ALL: usize = 250;
/// Characters that a date with its time takes.
const MOMENT: usize = 19;

/// How high the row of a sheet's title is, in points.
pub(super) const TITLE_HEIGHT: f64 = 20.0;

/// How high a row of so many lines is, in points.
pub(super) fn row_height(lines: usize) -> f64 {
    u16::try_from(lines.min(MOST_LINES)).map_or(409.0, |lines| f64::from(lines) * 15.0)
}

/// The widths of columns in characters, by their headings and the cells below them.
pub(super) fn widths(columns: &[&AnnexColumn], is_prose: bool, rows: &[Vec<SheetCell<'_>>]) -> Vec<usize> {
    let longest = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(length).max().unwrap_or(0);
    let longest: Vec<usize> = (0..columns.len()).map(longest).collect();
    let least = columns.iter().zip(&longest).map(|(column, longest)| least_width(column, is_prose, *longest));
    let mut widths: Vec<usize> = least.collect();
    // What is left of the page goes to where words take most lines.
    let lines = |at: usize, width: usize| longest[at].div_ceil(width);
    while !is_prose && widths.iter().sum::<usize>() + STEP <= ACROSS {
        let grows = (0..columns.len()).filter(|at| lines(*at, widths[*at]) > 1 && widths[*at] + STEP <= WIDEST_OF_ALL);
        // The first of those that are alike.
        let Some(at) = grows.rev().max_by_key(|at| lines(*at, widths[*at])) else { break };
        widths[at] += STEP;
    }
    widths
}

fn least_width(column: &AnnexColumn, is_prose: bool, longest: usize) -> usize {
    let widest = match column.kind {
        _ if is_prose => WIDEST_PROSE,
        ColumnKind::Words if column.is_identifier => WIDEST_IDENTIFIER,
        ColumnKind::Words if longest > LONG => WIDEST_LONG,
        ColumnKind::Words => WIDEST,
        _ => WIDEST_OF_ALL,
    };
    // Words are indented.
    let longest = longest + if column.kind == ColumnKind::Words { 2 } else { 0 };
    let all = longest.min(widest).max(longest.div_ceil(LINES)).min(WIDEST_OF_ALL);
    // Bold letters are wider.
    let longest_word = column.heading().split(' ').map(|word| word.chars().count() + 2).max().unwrap_or(0);
    all.max(longest_word).max(8)
}

/// Characters that a cell shows in its longest line.
fn length(cell: &SheetCell<'_>) -> usize {
    match cell {
        SheetCell::Words(words) => words.lines().map(|line| line.chars().count()).max().unwrap_or(0),
        SheetCell::Mark(mark) => mark.len(),
        SheetCell::Other(AnnexCell::Date(_)) => 10,
        SheetCell::Other(AnnexCell::Number(value, places)) => format_number(*value, *places).chars().count(),
        SheetCell::Other(_) => MOMENT,
    }
}

/// Lines that a row takes in columns of these widths.
pub(super) fn lines_of_row(row: &[SheetCell<'_>], widths: &[usize]) -> usize {
    let each = row.iter().zip(widths).map(|(cell, width)| match cell {
        // Letters are narrower than digits; a part of that is left for words that have many wide ones.
        SheetCell::Words(words) => lines(words, width + width / 16),
        _ => 1,
    });
    each.max().unwrap_or(1)
}

/// Lines that words take where they are wrapped at a width, at most as many as a row shows.
pub(super) fn lines(words: &str, width: usize) -> usize {
    let wrapped = |line: &str| {
        let (mut lines, mut used) = (1, 0);
        for word in line.split(' ').map(|word| word.chars().count()) {
            let with_space = if used == 0 { word } else { used + 1 + word };
            used = match with_space <= width {
                true => with_space,
                false => {
                    lines += usize::from(used > 0) + word.saturating_sub(1) / width;
                    (word.saturating_sub(1)) % width + 1
                }
            };
        }
        lines
    };
    words.lines().map(wrapped).sum::<usize>().clamp(1, MOST_LINES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_at_spaces_and_long_ones_anywhere() {
        for (words, expected) in [
            ("", 1),
            ("ten letter", 1),
            ("ten letters", 2),
            ("a b c d e f g h i j", 2),
            ("one\ntwo\n\nfour", 4),
            ("0123456789012345678901", 3),
            ("see 0123456789012345678901", 4),
            ("0123456789 0123456789", 2),
        ] {
            assert_eq!(lines(words, 10), expected, "{words}");
        }
        assert_eq!(lines(&"x".repeat(40_000), 10), MOST_LINES);
    }
}
