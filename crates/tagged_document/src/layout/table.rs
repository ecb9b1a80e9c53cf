//! Tables: rows never torn, cells over several columns or rows, heads repeated, and the rows that head those of a further page too.

use super::columns::{PAD_X, PlacedCell, Widths};
use super::context::LayoutContext;
use super::fragment::{Fragment, RepeatedHead};
use super::lines::Lines;
use super::text::{Shaped, Style};
use crate::Problem;
use crate::canvas::{Artifact, Mark};
use crate::model::{Align, Cell, Paragraph, ParagraphKind, Run, Table};
use crate::shapes::Shape;
use crate::tags::{NodeId, Role, Scope};
use std::sync::Arc;

const PAD_Y: f32 = 2.3;
const LEADING: f32 = 1.26;
/// A row higher than this share of the page is set in parts: no page could hold it with the table's head.
const HIGHEST_ROW: f32 = 0.64;
/// Type sizes that are tried until no word need be broken.
const SCALES: [f32; 4] = [1.0, 0.93, 0.86, 0.8];
/// So many rows that head others stand within each other.
const DEEPEST: usize = 2;
/// A table up to this many rows is not torn.
const FEW_ROWS: usize = 4;

/// A cell in lines.
struct SetCell {
    node: NodeId,
    x: f32,
    lines: Lines,
    rows: usize,
}

/// The fragments of a table: its caption, its head, and one a row.
pub fn fragments(context: &mut LayoutContext<'_, '_>, table: &Table, parent: NodeId) -> Vec<Fragment> {
    // Heads without anything below them say nothing, and are no table to a listener.
    if table.rows.is_empty() {
        return Vec::new();
    }
    let node = context.tree.add(parent, Role::Table);
    let mut fragments = Vec::new();
    if !table.caption.is_empty() {
        let caption = context.tree.add(node, Role::Caption);
        let paragraph = Paragraph {
            kind: ParagraphKind::Caption,
            runs: vec![Run::text(&table.caption)],
            keep_next: true,
            illustrative: false,
        };
        fragments.extend(context.paragraph(&paragraph, caption));
    }
    let sized = size(context, table);
    let head = head(context, table, sized.heads, &sized.widths, sized.scale, node);
    let mut repeat = Arc::new(repeated(&head, []));
    let body = context.tree.add(node, Role::TableBody);
    let rows = set_rows(context, table, sized.cells, &sized.widths, sized.scale, body);
    let few = table.rows.len() <= FEW_ROWS;
    let count = table.rows.len();
    let mut open: Vec<Fragment> = Vec::new();
    let mut set = Vec::new();
    for (i, mut row_fragments) in rows.into_iter().enumerate() {
        // A row that heads others never stands at the foot of a page.
        let heads_rows = heads_rows(&table.rows[i].cells);
        // What fills the only column of a table is a row like any other.
        let opens = heads_rows && table.columns.len() > 1;
        if opens {
            open.truncate(within(table, i, open.len()));
            repeat = Arc::new(repeated(&head, &open));
        }
        for fragment in &mut row_fragments {
            fragment.repeat = Some(repeat.clone());
        }
        if opens {
            open.extend(row_fragments.iter().cloned());
            repeat = Arc::new(repeated(&head, &open));
        }
        if let Some(last) = row_fragments.last_mut() {
            // Nor fewer than two rows above or below a break.
            let near_an_end = i == 0 || i + 2 == count;
            last.keep_next |= i + 1 < count && (heads_rows || few || near_an_end);
            if i + 1 == count {
                last.after = 9.0;
            }
        }
        set.extend(row_fragments);
    }
    fragments.push(head);
    fragments.extend(set);
    fragments
}

/// In how many of the `open` rows that head others a further one stands: right below one it stands within it, and so many as follow
/// each other take the place of as many.
fn within(table: &Table, row: usize, open: usize) -> usize {
    if row > 0 && heads_rows(&table.rows[row - 1].cells) {
        return open.min(DEEPEST - 1);
    }
    let following = table.rows[row..].iter().take_while(|row| heads_rows(&row.cells)).count();
    open.saturating_sub(following)
}

/// What stands above the rows of a further page: the head, and the rows that head them.
fn repeated<'f>(head: &'f Fragment, open: impl IntoIterator<Item = &'f Fragment>) -> RepeatedHead {
    let (mut height, mut marks) = (0.0, Vec::new());
    for fragment in std::iter::once(head).chain(open) {
        marks.extend(fragment.marks.iter().cloned().map(|mark| as_artifact(mark).moved(0.0, height)));
        height += fragment.height;
    }
    RepeatedHead { height, marks }
}

fn heads_rows(cells: &[Cell]) -> bool {
    cells.len() == 1 && cells[0].header
}

/// What stands on every page but the first is decoration: its words have been read already.
fn as_artifact(mark: Mark) -> Mark {
    Mark::artifact(Artifact::Layout, mark.shapes)
}

fn cell_style(context: &LayoutContext<'_, '_>, table: &Table, column: usize, bold: bool, scale: f32) -> Style {
    let align = table.columns.get(column).map_or(Align::Left, |c| c.align);
    let style = context.style(context.look.text.table * scale, bold, context.look.colours.text);
    Style { leading: LEADING, align, ..style }
}

/// A table's words in glyphs, and the widths of its columns.
struct Sized<'t> {
    heads: Vec<Shaped>,
    cells: Vec<Vec<PlacedCell<'t>>>,
    widths: Vec<f32>,
    scale: f32,
}

/// The largest type in which no word of it is broken.
fn size<'t>(context: &mut LayoutContext<'_, '_>, table: &'t Table) -> Sized<'t> {
    let mut scales = SCALES.into_iter().peekable();
    loop {
        let scale = scales.next().unwrap_or(1.0);
        let mut heads: Vec<Shaped> = Vec::new();
        for (column, _) in table.columns.iter().enumerate() {
            let style = cell_style(context, table, column, true, scale);
            heads.push(context.shaper.shape(table.head.get(column).map_or(&[][..], Vec::as_slice), style));
        }
        let mut cells = place(context, table, scale);
        let mut all: Vec<PlacedCell<'_>> = Vec::new();
        let counts: Vec<usize> = cells.iter().map(Vec::len).collect();
        all.extend(cells.drain(..).flatten());
        let widths = Widths::measure(table, &mut heads, &mut all, context.width);
        let fits = widths.fit();
        if fits || scales.peek().is_none() {
            if !fits {
                context.warnings.push(Problem::new(
                    context.place.to_string(),
                    format!("the table {:?} is wider than its page: words are broken", table.caption),
                    "give it fewer columns, or set the section with `landscape = true`",
                ));
            }
            let mut all = all.into_iter();
            let cells = counts.into_iter().map(|count| all.by_ref().take(count).collect()).collect();
            return Sized { heads, cells, widths: widths.share(table.full_width), scale };
        }
    }
}

/// Cells by row, in the columns that cells from above leave to them.
fn place<'t>(context: &mut LayoutContext<'_, '_>, table: &'t Table, scale: f32) -> Vec<Vec<PlacedCell<'t>>> {
    let count = table.columns.len().max(1);
    let mut open = vec![0usize; count];
    let mut rows = Vec::with_capacity(table.rows.len());
    for (i, row) in table.rows.iter().enumerate() {
        let mut placed = Vec::with_capacity(row.cells.len());
        let mut column = 0;
        let mut taken = std::mem::replace(&mut open, vec![0; count]);
        for cell in &row.cells {
            while taken.get(column).is_some_and(|left| *left > 0) {
                column += 1;
            }
            if column >= count {
                let problem = format!("a row of the table {:?} has more cells than it has columns", table.caption);
                context.warnings.push(Problem::new(context.place.to_string(), problem, "take them out"));
                break;
            }
            let free = taken[column..].iter().take_while(|left| **left == 0).count();
            let span = cell.span.clamp(1, free);
            let rows_covered = cell.rows.clamp(1, table.rows.len() - i);
            let mut style = cell_style(context, table, column, cell.header && span > 1 && span == count, scale);
            if span > 1 {
                style.align = Align::Left;
            }
            let shaped = context.shaper.shape(&cell.runs, style);
            open[column..column + span].fill(rows_covered - 1);
            placed.push(PlacedCell { cell, row: i, column, span, rows: rows_covered, style, shaped });
            column += span;
        }
        for (open, taken) in open.iter_mut().zip(&mut taken) {
            *open = (*open).max(taken.saturating_sub(1));
        }
        rows.push(placed);
    }
    rows
}

fn head(
    context: &mut LayoutContext<'_, '_>,
    table: &Table,
    heads: Vec<Shaped>,
    widths: &[f32],
    scale: f32,
    node: NodeId,
) -> Fragment {
    let group = context.tree.add(node, Role::TableHead);
    let row = context.tree.add(group, Role::TableRow);
    let mut set = Vec::new();
    for (column, (shaped, width)) in heads.into_iter().zip(widths).enumerate() {
        let style = cell_style(context, table, column, true, scale);
        let runs = table.head.get(column).map_or(&[][..], Vec::as_slice);
        set.push(context.shaper.break_lines(shaped, runs, style, width - 2.0 * PAD_X));
    }
    let height = set.iter().map(Lines::height).fold(0.0, f32::max) + 2.0 * PAD_Y;
    let colours = &context.look.colours;
    let total: f32 = widths.iter().sum();
    let mut ground = vec![Shape::rectangle(0.0, 0.0, total, height, colours.panel)];
    if table.grid {
        ground.extend(uprights(widths, |_| true).map(|x| Shape::line((x, 0.0), (x, height), 0.5, colours.line)));
    }
    ground.push(Shape::line((0.0, height), (total, height), 1.2, colours.brand));
    let mut marks = vec![Mark::artifact(Artifact::Layout, ground)];
    let mut x = 0.0;
    for (lines, width) in set.iter().zip(widths) {
        let cell = context.tree.add(row, Role::HeaderCell { scope: Scope::Column, span: 1, rows: 1 });
        // Heads stand on the last line of the row, near what they head.
        let y = height - PAD_Y - lines.height();
        marks.extend(cell_marks(context, lines, cell, x + PAD_X, y));
        x += width;
    }
    Fragment { before: 5.0, height, keep_next: true, ..context.fragment(marks) }
}

/// Where lines stand between columns and at both ends, of those that `wanted` says by the column to their right.
fn uprights(widths: &[f32], wanted: impl Fn(usize) -> bool) -> impl Iterator<Item = f32> {
    let mut x = 0.0;
    let mut all = Vec::with_capacity(widths.len() + 1);
    for (column, width) in widths.iter().enumerate() {
        if wanted(column) {
            all.push(x);
        }
        x += width;
    }
    all.push(x);
    all.into_iter()
}

/// Marks of a cell; one without words is in the tree all the same.
fn cell_marks(context: &mut LayoutContext<'_, '_>, lines: &Lines, cell: NodeId, x: f32, y: f32) -> Vec<Mark> {
    let marks = context.line_marks(&lines.lines, cell, x, y, &mut None);
    if marks.is_empty() { vec![Mark::node(cell, Vec::new())] } else { marks }
}

/// The fragments of each row: one, or several where the row is higher than a page.
fn set_rows(
    context: &mut LayoutContext<'_, '_>,
    table: &Table,
    cells: Vec<Vec<PlacedCell<'_>>>,
    widths: &[f32],
    scale: f32,
    body: NodeId,
) -> Vec<Vec<Fragment>> {
    let covered = cover(&cells, widths.len());
    let named = names_rows(table, &cells);
    let rows: Vec<Vec<SetCell>> = cells.into_iter().map(|row| set_cells(context, row, widths, named, body)).collect();
    let heights = heights(&rows);
    let mut all = Vec::with_capacity(rows.len());
    for (i, cells) in rows.iter().enumerate() {
        // Joined to the next by a cell that covers both.
        let joined = (0..widths.len()).any(|column| below(&covered, i, column));
        let alone = !joined && (i == 0 || (0..widths.len()).all(|column| !below(&covered, i - 1, column)));
        let parts = if alone { parts(context, cells, scale) } else { vec![(0, usize::MAX)] };
        let mut fragments = Vec::with_capacity(parts.len());
        for (from, to) in &parts {
            let part: Vec<Lines> = cells.iter().map(|cell| part_of(&cell.lines, *from, *to)).collect();
            let height =
                if parts.len() == 1 { heights[i] } else { part.iter().map(Lines::height).fold(0.0, f32::max) + 2.0 * PAD_Y };
            let mut marks = vec![Mark::artifact(Artifact::Layout, ground(context, table, &covered, i, widths, height))];
            for (cell, lines) in cells.iter().zip(&part) {
                marks.extend(cell_marks(context, lines, cell.node, cell.x + PAD_X, PAD_Y));
            }
            fragments.push(Fragment {
                height,
                illustrative: table.rows[i].illustrative,
                keep_next: joined,
                ..context.fragment(marks)
            });
        }
        all.push(fragments);
    }
    all
}

/// Which cell of which row covers each place of the table.
fn cover(rows: &[Vec<PlacedCell<'_>>], columns: usize) -> Vec<Vec<Option<(usize, usize)>>> {
    let mut covered = vec![vec![None; columns]; rows.len()];
    for (i, row) in rows.iter().enumerate() {
        for (j, cell) in row.iter().enumerate() {
            for line in covered.iter_mut().skip(i).take(cell.rows) {
                line.iter_mut().skip(cell.column).take(cell.span).for_each(|place| *place = Some((i, j)));
            }
        }
    }
    covered
}

/// True where the cell at a place goes on in the row below.
fn below(covered: &[Vec<Option<(usize, usize)>>], row: usize, column: usize) -> bool {
    let here = covered[row][column];
    here.is_some() && covered.get(row + 1).is_some_and(|next| next[column] == here)
}

fn set_cells(
    context: &mut LayoutContext<'_, '_>,
    row: Vec<PlacedCell<'_>>,
    widths: &[f32],
    named: bool,
    body: NodeId,
) -> Vec<SetCell> {
    let node = context.tree.add(body, Role::TableRow);
    let mut cells = Vec::with_capacity(row.len());
    let columns = widths.len();
    for PlacedCell { cell, column, span, rows, style, shaped, .. } in row {
        let width: f32 = widths.iter().skip(column).take(span).sum();
        let lines = context.shaper.break_lines(shaped, &cell.runs, style, width - 2.0 * PAD_X);
        let x = widths.iter().take(column).sum();
        let heads_rows = cell.header && span == columns && columns > 1;
        // What heads rows names its own row, whose other cells are empty: it is no head of columns.
        let (span, named) = if heads_rows { (1, true) } else { (span, named) };
        let owner = context.tree.add(node, role(cell, span, rows, named, style.align));
        cells.push(SetCell { node: owner, x, lines, rows });
        if heads_rows {
            let rest = context.tree.add(node, Role::DataCell { span: columns - 1, rows, align: Align::Left });
            cells.push(SetCell { node: rest, x, lines: Lines::default(), rows });
        }
    }
    cells
}

/// Row by row; a cell over several rows makes the last of them as high as it needs.
fn heights(rows: &[Vec<SetCell>]) -> Vec<f32> {
    let needed = |cell: &SetCell| cell.lines.height() + 2.0 * PAD_Y;
    let single = |row: &Vec<SetCell>| row.iter().filter(|cell| cell.rows == 1).map(needed).fold(0.0, f32::max);
    let mut heights: Vec<f32> = rows.iter().map(single).collect();
    for (i, row) in rows.iter().enumerate() {
        for cell in row.iter().filter(|cell| cell.rows > 1) {
            let last = (i + cell.rows).min(heights.len()) - 1;
            let lacking = needed(cell) - heights[i..=last].iter().sum::<f32>();
            heights[last] += lacking.max(0.0);
        }
    }
    heights
}

/// The lines, from and to, of each part in which a row is set.
fn parts(context: &LayoutContext<'_, '_>, cells: &[SetCell], scale: f32) -> Vec<(usize, usize)> {
    let most = context.height * HIGHEST_ROW;
    let highest = cells.iter().map(|cell| cell.lines.height()).fold(0.0, f32::max);
    if highest <= most {
        return vec![(0, usize::MAX)];
    }
    let lines = cells.iter().map(|cell| cell.lines.lines.len()).max().unwrap_or(0);
    let line_height = cells
        .iter()
        .flat_map(|cell| &cell.lines.lines)
        .map(|line| line.height)
        .fold(context.look.text.table * scale * LEADING, f32::max);
    let a_part = ((most / line_height) as usize).max(1);
    (0..lines).step_by(a_part).map(|from| (from, from + a_part)).collect()
}

fn part_of(lines: &Lines, from: usize, to: usize) -> Lines {
    let count = lines.lines.len();
    Lines { lines: lines.lines[from.min(count)..to.min(count)].to_vec() }
}

/// The ground of a row and the lines around its cells.
fn ground(
    context: &LayoutContext<'_, '_>,
    table: &Table,
    covered: &[Vec<Option<(usize, usize)>>],
    row: usize,
    widths: &[f32],
    height: f32,
) -> Vec<Shape> {
    let colours = &context.look.colours;
    let total: f32 = widths.iter().sum();
    let mut shapes = Vec::new();
    if heads_rows(&table.rows[row].cells) {
        shapes.push(Shape::rectangle(0.0, 0.0, total, height, colours.panel));
    }
    let of = |(row, cell): (usize, usize)| table.rows.get(row).and_then(|row| row.cells.get(cell));
    let mut x = 0.0;
    for (place, width) in covered[row].iter().zip(widths) {
        let colour = place.and_then(of).and_then(|cell| cell.ground).and_then(|name| context.look.ground(name));
        shapes.extend(colour.map(|colour| Shape::rectangle(x, 0.0, *width, height, colour)));
        x += width;
    }
    if table.grid {
        let places = &covered[row];
        let apart = |column: usize| column == 0 || places[column].is_none() || places[column] != places[column - 1];
        shapes.extend(uprights(widths, apart).map(|x| Shape::line((x, 0.0), (x, height), 0.5, colours.line)));
    }
    let (mut x, mut from) = (0.0, None);
    for (column, width) in widths.iter().enumerate() {
        if below(covered, row, column) {
            shapes.extend(from.take().map(|from| Shape::line((from, height), (x, height), 0.5, colours.line)));
        } else {
            from = from.or(Some(x));
        }
        x += width;
    }
    shapes.extend(from.map(|from| Shape::line((from, height), (total, height), 0.5, colours.line)));
    shapes
}

/// True where the cells that name their rows are headers to a listener too. In a small table, one of a row or two or
/// of two columns, they would outnumber what they head, and the heads of its columns say enough.
fn names_rows(table: &Table, rows: &[Vec<PlacedCell<'_>>]) -> bool {
    let cells = || rows.iter().filter(|row| !(row.len() == 1 && row[0].cell.header)).flatten();
    let names = cells().filter(|cell| cell.cell.header).count();
    let figures = cells().count() - names;
    table.columns.len() + names <= figures
}

fn role(cell: &Cell, span: usize, rows: usize, named: bool, align: Align) -> Role {
    if cell.header && named { Role::HeaderCell { scope: Scope::Row, span, rows } } else { Role::DataCell { span, rows, align } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::{Owner, Page};
    use crate::layout::lay_out;
    use crate::model::{Block, Column, Row};
    use crate::specimen;

    fn row(cells: Vec<Cell>) -> Row {
        Row { cells, illustrative: false }
    }

    /// The words on a page that a listener has read before.
    fn repeated_words(page: &Page) -> String {
        let artifacts = page.marks.iter().filter(|mark| mark.owner == Owner::Artifact(Artifact::Layout));
        let texts = artifacts.flat_map(|mark| &mark.shapes).filter_map(|shape| match shape {
            Shape::Text { text, .. } => Some(text.glyphs.iter().map(|glyph| glyph.text.as_str()).collect::<String>()),
            Shape::Line { .. } | Shape::Fill { .. } => None,
        });
        texts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_further_page_says_what_its_rows_belong_to() {
        let heading = |words: &str| row(vec![Cell { span: 2, ..Cell::head(vec![Run::text(words)]) }]);
        let mut rows = Vec::new();
        for group in ["First", "Second"] {
            rows.push(heading(group));
            for part in ["east", "west"] {
                rows.push(heading(&format!("{group} {part}")));
                rows.extend((0..60).map(|i| row(vec![Cell::head(vec![Run::text(format!("Row {i}"))]), Cell::text("1")])));
            }
        }
        let table = Table {
            caption: String::new(),
            full_width: true,
            grid: false,
            columns: vec![Column::left(), Column::right()],
            head: vec![vec![Run::text("Name")], vec![Run::text("Figure")]],
            rows,
        };
        let document = specimen::document(vec![specimen::section(vec![Block::Table(table)])]);
        let pages = lay_out(document, &specimen::look(), &specimen::fonts()).pages;
        let said: Vec<String> = pages.iter().map(repeated_words).collect();
        assert_eq!(said[0], "", "nothing is repeated on the first page");
        assert!(said[1..].iter().all(|said| said.starts_with("Name Figure")), "{said:#?}");
        for group in ["Name Figure First First east", "Name Figure First First west", "Name Figure Second Second east"] {
            assert!(said.iter().any(|said| said == group), "{group}: {said:#?}");
        }
        assert_eq!(said.last().unwrap(), "Name Figure Second Second west");
    }
}
