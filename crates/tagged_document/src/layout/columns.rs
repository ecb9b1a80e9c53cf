//! The widths of a table's columns, by what is in them.

use super::text::{Shaped, Style};
use crate::model::{Cell, Table};

/// Room left and right of a cell's words, in points.
pub const PAD_X: f32 = 5.0;
/// A column up to this share of the page is short.
const SHORT: f32 = 0.19;
/// A table up to this share of the page is not stretched to all of it.
const NARROW: f32 = 0.55;
/// A word longer than this share of the page may be broken.
const LONGEST_WORD: f32 = 0.3;

/// A cell in its place.
pub struct PlacedCell<'t> {
    pub cell: &'t Cell,
    pub column: usize,
    /// Columns and rows that it covers, no more than there are.
    pub span: usize,
    pub rows: usize,
    pub style: Style,
    pub shaped: Shaped,
}

/// How wide columns may be.
pub struct Widths {
    /// Points a column, padding included, with every break between words taken.
    least: Vec<f32>,
    /// The same, with none taken.
    most: Vec<f32>,
    total: f32,
}

impl Widths {
    /// What heads and cells want of a table that has `total` points.
    pub fn measure(table: &Table, heads: &mut [Shaped], cells: &mut [PlacedCell<'_>], total: f32) -> Self {
        let count = table.columns.len().max(1);
        let mut widths = Widths { least: vec![0.0; count], most: vec![0.0; count], total };
        for (column, head) in heads.iter_mut().enumerate() {
            widths.see(column, head);
        }
        for cell in cells.iter_mut().filter(|cell| cell.span == 1) {
            widths.see(cell.column, &mut cell.shaped);
        }
        for (column, most) in widths.most.iter_mut().enumerate() {
            let share = table.columns.get(column).map_or(1.0, |c| c.at_most);
            *most = most.min(total * share).max(widths.least[column]);
        }
        widths
    }

    fn see(&mut self, column: usize, shaped: &mut Shaped) {
        let (narrow, wide) = shaped.extents();
        let (Some(least), Some(most)) = (self.least.get_mut(column), self.most.get_mut(column)) else { return };
        *least = least.max(narrow.min(self.total * LONGEST_WORD) + 2.0 * PAD_X + 0.5);
        *most = most.max(wide + 2.0 * PAD_X + 0.5);
    }

    /// True where no word need be broken.
    pub fn fit(&self) -> bool {
        self.least.iter().sum::<f32>() <= self.total + 0.5
    }

    /// Points a column, padding included; together the width of the page, or less where little is in them.
    pub fn share(&self, full_width: bool) -> Vec<f32> {
        // A short column keeps its words on one line, where all the short ones together leave room.
        let pairs = self.least.iter().zip(&self.most);
        let whole: Vec<f32> = pairs.map(|(least, most)| if *most <= self.total * SHORT { *most } else { *least }).collect();
        let least = if whole.iter().sum::<f32>() <= self.total { &whole } else { &self.least };
        share_out(least, &self.most, self.total, full_width)
    }
}

/// Widths between `least` and `most` that sum to `total`, or to less where `most` is far less; beyond `most`, or below
/// `least`, in proportion.
pub fn share_out(least: &[f32], most: &[f32], total: f32, full_width: bool) -> Vec<f32> {
    let (low, high): (f32, f32) = (least.iter().sum(), most.iter().sum());
    if high <= 0.0 {
        return vec![total / least.len().max(1) as f32; least.len()];
    }
    if !full_width && high <= total * NARROW {
        return most.iter().map(|width| width * 1.25).collect();
    }
    if high <= total {
        return most.iter().map(|width| width * total / high).collect();
    }
    if low >= total {
        return least.iter().map(|width| width * total / low).collect();
    }
    let part = (total - low) / (high - low);
    least.iter().zip(most).map(|(low, high)| low + (high - low) * part).collect()
}

#[cfg(test)]
mod tests {
    use super::share_out;

    #[test]
    fn columns_fill_the_page_unless_narrow() {
        for (least, most) in [
            ([10.0, 10.0], [20.0, 30.0]),
            ([10.0, 10.0], [200.0, 30.0]),
            ([90.0, 80.0], [200.0, 300.0]),
            ([0.0, 0.0], [0.0, 0.0]),
        ] {
            let widths = share_out(&least, &most, 100.0, true);
            assert!((widths.iter().sum::<f32>() - 100.0).abs() < 0.01, "{widths:?}");
        }
        assert_eq!(share_out(&[10.0, 10.0], &[20.0, 30.0], 100.0, false), [25.0, 37.5]);
    }
}
