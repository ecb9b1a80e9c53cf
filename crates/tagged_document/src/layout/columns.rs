//! The widths of a table's columns, by what is in them.

use super::text::{Shaped, Style};
use crate::model::{Cell, Inline, Table};

/// Room left and right of a cell's words, in points.
pub const PAD_X: f32 = 5.0;
/// A column up to this share of the page is short.
const SHORT: f32 = 0.19;
/// Where not all short columns can be kept on one line, they may take this share of the page with what others need at least.
const LEFT_BY_SHORT: f32 = 0.97;
/// A table up to this share of the page is not stretched to all of it.
const NARROW: f32 = 0.55;
/// A word longer than this share of the page may be broken.
const LONGEST_WORD: f32 = 0.3;
/// What is left goes to the columns that need it most where that makes the table lower than this share of its height.
const LOWER: f32 = 0.95;
/// In so many steps what is left of the page is given to the columns.
const STEPS: u16 = 64;

/// A cell in its place.
pub struct PlacedCell<'t> {
    pub cell: &'t Cell,
    pub row: usize,
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
    /// The same, with none taken, as far as the column may be so wide.
    most: Vec<f32>,
    /// The same, as wide as it may be.
    natural: Vec<f32>,
    /// The cells of one column and one row, by rows.
    rows: Vec<Vec<CellWidth>>,
    total: f32,
}

/// How wide a cell is on one line, padding included, and how many lines it has at least.
struct CellWidth {
    column: usize,
    wide: f32,
    /// With its forced breaks.
    lines: f32,
}

impl CellWidth {
    /// About how many lines it takes in a column of this width.
    fn lines(&self, width: f32) -> f32 {
        self.lines - 1.0 + ((self.wide - 2.0 * PAD_X) / (width - 2.0 * PAD_X).max(1.0)).max(1.0)
    }
}

impl Widths {
    /// What heads and cells want of a table that has `total` points.
    pub fn measure(table: &Table, heads: &mut [Shaped], cells: &mut [PlacedCell<'_>], total: f32) -> Self {
        let count = table.columns.len().max(1);
        let rows = (0..table.rows.len()).map(|_| Vec::new()).collect();
        let mut widths = Widths { least: vec![0.0; count], most: vec![0.0; count], natural: Vec::new(), rows, total };
        for (column, head) in heads.iter_mut().enumerate() {
            widths.see(column, head);
        }
        for cell in cells.iter_mut().filter(|cell| cell.span == 1) {
            let wide = widths.see(cell.column, &mut cell.shaped);
            if let (1, Some(row)) = (cell.rows, widths.rows.get_mut(cell.row)) {
                let breaks = cell.cell.runs.iter().filter(|run| run.inline == Inline::Break).count();
                row.push(CellWidth { column: cell.column, wide, lines: 1.0 + breaks as f32 });
            }
        }
        widths.natural.clone_from(&widths.most);
        for (column, most) in widths.most.iter_mut().enumerate() {
            let share = table.columns.get(column).map_or(1.0, |c| c.at_most);
            *most = most.min(total * share).max(widths.least[column]);
        }
        widths
    }

    /// Gives how wide it is on one line, padding included.
    fn see(&mut self, column: usize, shaped: &mut Shaped) -> f32 {
        let (narrow, wide) = shaped.extents();
        let wide = wide + 2.0 * PAD_X + 0.5;
        if let (Some(least), Some(most)) = (self.least.get_mut(column), self.most.get_mut(column)) {
            *least = least.max(narrow.min(self.total * LONGEST_WORD) + 2.0 * PAD_X + 0.5);
            *most = most.max(wide);
        }
        wide
    }

    /// True where no word need be broken.
    pub fn fit(&self) -> bool {
        self.least.iter().sum::<f32>() <= self.total + 0.5
    }

    /// Points a column, padding included; together the width of the page, or less where little is in them.
    pub fn share(&self, full_width: bool) -> Vec<f32> {
        if self.natural.iter().sum::<f32>() <= self.total {
            return share_out(&self.least, &self.natural, self.total, full_width);
        }
        let least = self.with_whole_columns();
        let even = share_out(&least, &self.most, self.total, full_width);
        let lowest = self.lowest(&least);
        if self.height(&lowest) < self.height(&even) * LOWER { lowest } else { even }
    }

    /// A short column keeps its words on one line where all the short ones together leave room; otherwise those that need least for
    /// it, as long as others have a part of the page left.
    fn with_whole_columns(&self) -> Vec<f32> {
        let needs = |column: &usize| self.most[*column] - self.least[*column];
        let mut short: Vec<usize> = (0..self.least.len()).filter(|column| self.most[*column] <= self.total * SHORT).collect();
        short.sort_by(|a, b| needs(a).total_cmp(&needs(b)));
        let mut used: f32 = self.least.iter().sum();
        let all = used + short.iter().map(needs).sum::<f32>() <= self.total;
        let mut least = self.least.clone();
        for column in short {
            if all || used + needs(&column) <= self.total * LEFT_BY_SHORT {
                used += needs(&column);
                least[column] = self.most[column];
            }
        }
        least
    }

    /// About how many lines the rows are high together.
    fn height(&self, widths: &[f32]) -> f32 {
        self.rows.iter().map(|row| row.iter().map(|cell| cell.lines(widths[cell.column])).fold(0.0, f32::max)).sum()
    }

    /// Widths with which the rows are about as low as they can be: what the words leave of the page is given step by step to the
    /// column that gains most by it, where cells of many lines count far more than those of few.
    fn lowest(&self, least: &[f32]) -> Vec<f32> {
        let mut widths = least.to_vec();
        let step = (self.total - widths.iter().sum::<f32>()).max(0.0) / f32::from(STEPS);
        let strain = |column: usize, width: f32| -> f32 {
            let cells = self.rows.iter().flatten().filter(|cell| cell.column == column);
            cells.map(|cell| cell.lines(width).powi(4)).sum()
        };
        for _ in 0..STEPS {
            let gain = |column: usize| strain(column, widths[column]) - strain(column, widths[column] + step);
            let open = (0..widths.len()).filter(|column| widths[*column] < self.most[*column]);
            let best = open.map(|column| (column, gain(column))).max_by(|a, b| a.1.total_cmp(&b.1));
            let Some((column, _)) = best.filter(|(_, gain)| *gain > 0.0) else { break };
            widths[column] += step;
        }
        let used: f32 = widths.iter().sum();
        widths.iter().map(|width| width * self.total / used).collect()
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
    use super::{CellWidth, Widths, share_out};

    #[test]
    fn width_goes_to_the_column_that_makes_rows_high() {
        let row = || vec![CellWidth { column: 0, wide: 300.0, lines: 1.0 }, CellWidth { column: 1, wide: 38.0, lines: 1.0 }];
        let widths = Widths {
            least: vec![30.0, 20.0],
            most: vec![150.0, 60.0],
            natural: vec![300.0, 60.0],
            rows: vec![row(), row()],
            total: 160.0,
        };
        let shared = widths.share(true);
        let even = share_out(&widths.least, &widths.most, widths.total, true);
        assert!((shared.iter().sum::<f32>() - 160.0).abs() < 0.01, "{shared:?}");
        assert!(shared[0] > even[0] && shared[1] >= 20.0, "{shared:?}, evenly {even:?}");
        assert!(widths.height(&shared) < widths.height(&even));
    }

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
