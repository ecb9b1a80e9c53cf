//! The widths of a table's columns, by what is in them, and how large its type is.

use super::body::Body;
use super::grid::Placed;
use super::inline::SPARK;
use crate::layout::{Style, share_out};
use crate::model::{Align, Inline, Run, Table};

/// Room left and right of a cell's words, in points.
pub const PAD: f32 = 4.5;
/// The font of the copy is so much wider than the document's own, by which its words are measured.
const WIDER: f32 = 1.15;
/// Sizes of type that are tried until no word need be broken, in hundredths.
pub const SCALES: [u8; 4] = [100, 93, 86, 80];
/// A column up to this share of the page is short.
const SHORT: f32 = 0.16;
/// A word longer than this share of the page may be broken.
const LONGEST_WORD: f32 = 0.3;

/// Points a column, and the size of type in hundredths of a table's.
pub fn widths(body: &mut Body<'_>, table: &Table, columns: usize, cells: &[Vec<Placed<'_>>]) -> (Vec<f32>, u8) {
    let total = body.width;
    let (mut least, mut most) = (vec![0.0_f32; columns], vec![0.0_f32; columns]);
    let mut see = |column: usize, (narrow, wide): (f32, f32)| {
        least[column] = least[column].max(narrow.min(total * LONGEST_WORD));
        most[column] = most[column].max(wide);
    };
    for (column, runs) in table.head.iter().enumerate().take(columns) {
        see(column, extents(body, runs, true));
    }
    for placed in cells.iter().flatten().filter(|placed| placed.span == 1 && !placed.is_below) {
        if let Some(cell) = placed.cell {
            see(placed.column, extents(body, &cell.runs, false));
        }
    }
    let padded = |scale: u8, widths: &[f32]| -> Vec<f32> {
        widths.iter().map(|width| width * f32::from(scale) / 100.0 + 2.0 * PAD + 0.5).collect()
    };
    let fits = |scale: &u8| padded(*scale, &least).iter().sum::<f32>() <= total;
    let scale = SCALES.into_iter().find(fits).unwrap_or(SCALES[SCALES.len() - 1]);
    let (least, mut most) = (padded(scale, &least), padded(scale, &most));
    for (column, most) in most.iter_mut().enumerate() {
        let share = table.columns.get(column).map_or(1.0, |column| column.at_most);
        *most = most.min(total * share).max(least[column]);
    }
    // A short column keeps its words on one line, where all the short ones together leave room.
    let whole: Vec<f32> =
        least.iter().zip(&most).map(|(least, most)| if *most <= total * SHORT { *most } else { *least }).collect();
    let least = if whole.iter().sum::<f32>() <= total { whole } else { least };
    (share_out(&least, &most, total, table.full_width), scale)
}

/// How wide runs are with every break between words taken, and with none but the forced; in points.
fn extents(body: &mut Body<'_>, runs: &[Run], bold: bool) -> (f32, f32) {
    let (size, colour) = (body.look.text.table, body.look.colours.text);
    let mut words = String::new();
    let mut boxes = 0.0_f32;
    let mut is_bold = bold;
    for run in runs {
        is_bold |= run.bold;
        match &run.inline {
            Inline::Text(text) => words.push_str(text),
            Inline::Break => words.push('\n'),
            // As wide as the widest letter, whatever font has it.
            Inline::Sign(name) => {
                words.push_str(body.look.sign(name).map_or("", |sign| if sign.text.is_empty() { "" } else { "M" }))
            }
            Inline::PageOf(_) => words.push_str("this section"),
            Inline::Note(_) => words.push_str("00"),
            Inline::Spark { .. } => boxes = boxes.max(SPARK.0),
        }
    }
    let style = Style { size, leading: 1.2, bold: is_bold, colour, align: Align::Left };
    let mut width = |text: &str| if text.is_empty() { 0.0 } else { body.shaper.label(text, style).width() * WIDER };
    let breaks = |c: char| c == ' ' || c == '\n' || c == '\u{2013}';
    let narrow = words.split_inclusive(breaks).map(|word| width(word.trim_end_matches([' ', '\n']))).fold(boxes, f32::max);
    let wide = words.split('\n').map(&mut width).fold(boxes, f32::max);
    (narrow, wide)
}
