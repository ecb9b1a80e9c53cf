//! Tables: columns sized by what is in them, rows never torn, heads repeated.

use super::blocks::Setting;
use super::flow::{Piece, Repeat};
use super::text::{Lines, Style};
use crate::report::canvas::{Artifact, Mark, Shape};
use crate::report::model::{Align, Cell, Paragraph, ParagraphKind, Row, Run, Table};
use crate::report::tags::{NodeId, Role, Scope};
use std::rc::Rc;

const PAD_X: f32 = 5.0;
const PAD_Y: f32 = 2.3;
/// A row higher than this (points) is set in parts: no page could hold it.
const HIGHEST_ROW: f32 = 480.0;
/// A column up to this share of the page is short.
const SHORT: f32 = 0.19;
/// A table up to this share of the page is not stretched to all of it.
const NARROW: f32 = 0.55;
/// A table up to this many rows is not torn.
pub const FEW_ROWS: usize = 6;

/// The pieces of a table: its caption, its head, and one a row.
pub fn pieces(setting: &mut Setting<'_, '_>, table: &Table, parent: NodeId) -> Vec<Piece> {
    let node = setting.tree.add(parent, Role::Table);
    let mut pieces = Vec::new();
    if !table.caption.is_empty() {
        let caption = setting.tree.add(node, Role::Caption);
        let paragraph = Paragraph {
            kind: ParagraphKind::Caption,
            runs: vec![Run::text(&table.caption)],
            keep_next: true,
            illustrative: false,
        };
        pieces.extend(setting.block(&crate::report::model::Block::Paragraph(paragraph), caption, None));
    }
    let widths = column_widths(setting, table);
    let few = table.rows.len() <= FEW_ROWS;
    let head = head(setting, table, &widths, node);
    let repeat = Rc::new(Repeat { height: head.height, marks: head.marks.iter().cloned().map(as_artifact).collect() });
    pieces.push(head);
    let body = setting.tree.add(node, Role::TableBody);
    let count = table.rows.len();
    for (i, row) in table.rows.iter().enumerate() {
        let mut row_pieces = row_pieces(setting, table, row, &widths, body);
        for piece in &mut row_pieces {
            piece.repeat = Some(repeat.clone());
        }
        // A row that heads others never stands at the foot of a page.
        let heads_rows = row.cells.len() == 1;
        if let Some(last) = row_pieces.last_mut() {
            // Nor fewer than three rows above or below a break.
            let near_an_end = i < 2 || i + 3 >= count;
            last.keep_next |= i + 1 < count && (heads_rows || few || near_an_end);
            if i + 1 == count {
                last.after = 9.0;
            }
        }
        pieces.extend(row_pieces);
    }
    pieces
}

/// What stands on every page but the first is decoration: its words have been read already.
fn as_artifact(mark: Mark) -> Mark {
    Mark::artifact(Artifact::Layout, mark.shapes)
}

fn cell_style(setting: &Setting<'_, '_>, table: &Table, column: usize, bold: bool) -> Style {
    let align = table.columns.get(column).map_or(Align::Left, |c| c.align);
    let style = setting.style(setting.theme.text.table, bold, setting.theme.colours.text);
    Style { leading: 1.26, align, ..style }
}

/// Points a column, padding included; together the width of the page, or less where little is in them.
fn column_widths(setting: &mut Setting<'_, '_>, table: &Table) -> Vec<f32> {
    let count = table.columns.len().max(1);
    let total = setting.width;
    let (mut least, mut most) = (vec![0.0f32; count], vec![0.0f32; count]);
    let mut see = |setting: &mut Setting<'_, '_>, column: usize, runs: &[Run], bold: bool| {
        let style = cell_style(setting, table, column, bold);
        let (narrow, wide) = setting.shaper.extents(runs, style);
        least[column] = least[column].max(narrow.min(total * 0.3) + 2.0 * PAD_X + 0.5);
        most[column] = most[column].max(wide + 2.0 * PAD_X + 0.5);
    };
    for (column, runs) in table.head.iter().enumerate().take(count) {
        see(setting, column, runs, true);
    }
    for row in &table.rows {
        let mut column = 0;
        for cell in &row.cells {
            if cell.span <= 1 && column < count {
                see(setting, column, &cell.runs, false);
            }
            column += cell.span.max(1);
        }
    }
    for (column, most) in most.iter_mut().enumerate() {
        let share = table.columns.get(column).map_or(1.0, |c| c.at_most);
        *most = most.min(total * share).max(least[column]);
    }
    // A short column keeps its words on one line, where all the short ones together leave room.
    let whole: Vec<f32> =
        least.iter().zip(&most).map(|(least, most)| if *most <= total * SHORT { *most } else { *least }).collect();
    let least = if whole.iter().sum::<f32>() <= total { whole } else { least };
    share_out(&least, &most, total, table.full_width)
}

/// Widths between `least` and `most` that sum to `total`, or to less where `most` is far less; beyond `most`, or below `least`, in proportion.
fn share_out(least: &[f32], most: &[f32], total: f32, full_width: bool) -> Vec<f32> {
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

fn head(setting: &mut Setting<'_, '_>, table: &Table, widths: &[f32], node: NodeId) -> Piece {
    let group = setting.tree.add(node, Role::TableHead);
    let row = setting.tree.add(group, Role::TableRow);
    let mut set = Vec::new();
    for (column, width) in widths.iter().enumerate() {
        let style = cell_style(setting, table, column, true);
        let runs = table.head.get(column).map_or(&[][..], Vec::as_slice);
        set.push(setting.shaper.set(runs, style, width - 2.0 * PAD_X));
    }
    let height = set.iter().map(Lines::height).fold(0.0, f32::max) + 2.0 * PAD_Y;
    let colours = &setting.theme.colours;
    let total: f32 = widths.iter().sum();
    let ground = vec![
        Shape::rectangle(0.0, 0.0, total, height, colours.panel),
        Shape::line((0.0, height), (total, height), 1.2, colours.brand),
    ];
    let mut marks = vec![Mark::artifact(Artifact::Layout, ground)];
    let mut x = 0.0;
    for (lines, width) in set.iter().zip(widths) {
        let cell = setting.tree.add(row, Role::HeaderCell { scope: Scope::Column, span: 1 });
        // Heads stand on the last line of the row, near what they head.
        let y = height - PAD_Y - lines.height();
        let cell_marks = setting.line_marks(&lines.lines, cell, x + PAD_X, y, &mut None);
        marks.extend(if cell_marks.is_empty() { vec![Mark::node(cell, Vec::new())] } else { cell_marks });
        x += width;
    }
    Piece { before: 5.0, height, keep_next: true, marks, ..setting.piece() }
}

/// One piece, or several where the row is higher than a page.
fn row_pieces(setting: &mut Setting<'_, '_>, table: &Table, row: &Row, widths: &[f32], body: NodeId) -> Vec<Piece> {
    let node = setting.tree.add(body, Role::TableRow);
    let mut cells: Vec<(NodeId, f32, Lines)> = Vec::new();
    let (mut column, mut x) = (0, 0.0);
    for cell in &row.cells {
        let span = cell.span.clamp(1, widths.len().saturating_sub(column).max(1));
        let width: f32 = widths.iter().skip(column).take(span).sum();
        let mut style = cell_style(setting, table, column, cell.header && span > 1);
        if span > 1 {
            style.align = Align::Left;
        }
        let lines = setting.shaper.set(&cell.runs, style, width - 2.0 * PAD_X);
        cells.push((setting.tree.add(node, role(cell, span, widths.len(), style.align)), x, lines));
        column += span;
        x += width;
    }
    let heads_rows = row.cells.len() == 1 && row.cells[0].header;
    let line_height = setting.theme.text.table * 1.26;
    let most_lines = cells.iter().map(|(_, _, lines)| lines.lines.len()).max().unwrap_or(0).max(1);
    let lines_a_part = ((HIGHEST_ROW / line_height) as usize).max(1);
    let mut pieces = Vec::new();
    for first in (0..most_lines).step_by(lines_a_part) {
        let part = |lines: &Lines| {
            let from = first.min(lines.lines.len());
            lines.lines[from..(first + lines_a_part).min(lines.lines.len())].to_vec()
        };
        let parts: Vec<_> = cells.iter().map(|(node, x, lines)| (*node, *x, part(lines))).collect();
        let tallest = parts.iter().map(|(_, _, lines)| lines.iter().map(|l| l.height).sum::<f32>()).fold(0.0, f32::max);
        let height = tallest + 2.0 * PAD_Y;
        let colours = &setting.theme.colours;
        let total: f32 = widths.iter().sum();
        let mut ground = vec![Shape::line((0.0, height), (total, height), 0.5, colours.line)];
        if heads_rows {
            ground.insert(0, Shape::rectangle(0.0, 0.0, total, height, colours.panel));
        }
        let mut marks = vec![Mark::artifact(Artifact::Layout, ground)];
        for (cell, x, lines) in parts {
            let cell_marks = setting.line_marks(&lines, cell, x + PAD_X, PAD_Y, &mut None);
            marks.extend(if cell_marks.is_empty() { vec![Mark::node(cell, Vec::new())] } else { cell_marks });
        }
        pieces.push(Piece { height, marks, illustrative: row.illustrative, ..setting.piece() });
    }
    pieces
}

fn role(cell: &Cell, span: usize, columns: usize, align: Align) -> Role {
    match (cell.header, span >= columns && columns > 1) {
        (true, true) => Role::HeaderCell { scope: Scope::Column, span },
        (true, false) => Role::HeaderCell { scope: Scope::Row, span },
        (false, _) => Role::DataCell { span, align },
    }
}

#[cfg(test)]
mod tests {
    use super::share_out;

    #[test]
    fn columns_fill_the_page_unless_they_may_be_narrower() {
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
