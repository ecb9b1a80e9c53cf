//! Tables: heads that are repeated on every page, cells over several columns or rows, what names a row.

use super::body::{Body, hex, twips};
use super::grid::{Placed, place};
use super::inline::Manner;
use super::widths::widths;
use crate::model::{Align, Inline, Run, Table, plain_text};

/// A table up to this many rows is not torn.
const FEW_ROWS: usize = 4;

/// The caption that a table has of its own.
pub fn own_caption(table: &Table) -> Vec<Run> {
    if table.caption.is_empty() { Vec::new() } else { vec![Run::text(&*table.caption)] }
}

/// What is the same for all cells of a table.
struct Setting<'t> {
    table: &'t Table,
    widths: Vec<f32>,
    /// The style of its paragraphs.
    style: String,
}

impl Body<'_> {
    /// `caption` is written above it; where it is empty, the heading that it stands under names it for a screen reader.
    pub fn table(&mut self, table: &Table, caption: &[Run]) {
        let (columns, rows) = place(&table.rows, table.columns.len().max(table.head.len()));
        // Heads without anything below them say nothing.
        if columns == 0 || rows.is_empty() {
            return;
        }
        if !caption.is_empty() {
            self.styled("Caption", |body| body.runs(caption, Manner::default()));
        } else if self.after_table {
            self.styled("Gap", |_| {});
        }
        let (widths, scale) = widths(self, table, columns, &rows);
        let setting = Setting { table, widths, style: format!("TableText{scale}") };
        let name = if caption.is_empty() { format!("Table: {}", self.here) } else { plain_text(caption) };
        self.element("w:tbl", |body| {
            body.table_properties(&setting, &name, &rows);
            body.xml.element("w:tblGrid", &[], |xml| {
                setting.widths.iter().for_each(|width| xml.empty("w:gridCol", &[("w:w", &twips(*width))]));
            });
            body.table_head(&setting);
            for (i, row) in rows.iter().enumerate() {
                let is_joined = row.iter().any(|cell| cell.rows > 1);
                let keep = i + 1 < rows.len() && (i == 0 || rows.len() <= FEW_ROWS || is_joined || heads_rows(row, columns));
                body.table_row(&setting, row, keep);
            }
        });
        self.after_table = true;
    }

    fn table_properties(&mut self, setting: &Setting<'_>, name: &str, rows: &[Vec<Placed<'_>>]) {
        let table = setting.table;
        let heads: Vec<String> = table.head.iter().map(|runs| plain_text(runs)).filter(|head| !head.is_empty()).collect();
        let names_rows = rows.iter().any(|row| row.len() > 1 && row[0].cell.is_some_and(|cell| cell.header));
        let style = if table.grid { "BoardGrid" } else { "BoardTable" };
        let flag = |set: bool| if set { "1" } else { "0" };
        // The same in one number, as earlier versions of Word read it.
        let bits = 0x600 | if heads.is_empty() { 0 } else { 0x20 } | if names_rows { 0x80 } else { 0 };
        self.xml.element("w:tblPr", &[], |xml| {
            xml.value("w:tblStyle", style);
            xml.empty("w:tblW", &[("w:w", &twips(setting.widths.iter().sum())), ("w:type", "dxa")]);
            xml.empty("w:tblLayout", &[("w:type", "fixed")]);
            xml.empty(
                "w:tblLook",
                &[
                    ("w:val", &format!("{bits:04X}")),
                    ("w:firstRow", flag(!heads.is_empty())),
                    ("w:lastRow", "0"),
                    ("w:firstColumn", flag(names_rows)),
                    ("w:lastColumn", "0"),
                    ("w:noHBand", "1"),
                    ("w:noVBand", "1"),
                ],
            );
            xml.value("w:tblCaption", name);
            if !heads.is_empty() {
                xml.value("w:tblDescription", &format!("Columns: {}", heads.join(", ")));
            }
        });
    }

    fn table_head(&mut self, setting: &Setting<'_>) {
        let table = setting.table;
        if table.head.iter().all(|runs| is_blank(runs)) {
            return;
        }
        let ground = hex(self.look.colours.panel);
        self.element("w:tr", |body| {
            body.xml.element("w:trPr", &[], |xml| {
                xml.empty("w:cantSplit", &[]);
                xml.empty("w:tblHeader", &[]);
            });
            for (column, width) in setting.widths.iter().enumerate() {
                body.element("w:tc", |body| {
                    body.xml.element("w:tcPr", &[], |xml| {
                        xml.empty("w:tcW", &[("w:w", &twips(*width)), ("w:type", "dxa")]);
                        xml.empty("w:shd", &shading(&ground));
                        xml.value("w:vAlign", "bottom");
                    });
                    let runs = table.head.get(column).map_or(&[][..], Vec::as_slice);
                    body.cell_words(setting, runs, Some(column), true, Manner::BOLD);
                });
            }
        });
    }

    /// `keep` keeps it on the page of the next.
    fn table_row(&mut self, setting: &Setting<'_>, row: &[Placed<'_>], keep: bool) {
        let heads = heads_rows(row, setting.widths.len());
        self.element("w:tr", |body| {
            body.xml.element("w:trPr", &[], |xml| xml.empty("w:cantSplit", &[]));
            for placed in row {
                body.element("w:tc", |body| body.cell(setting, placed, heads, keep));
            }
        });
    }

    fn cell(&mut self, setting: &Setting<'_>, placed: &Placed<'_>, heads: bool, keep: bool) {
        let Placed { cell, column, span, rows, is_below } = *placed;
        let width: f32 = setting.widths.iter().skip(column).take(span).sum();
        let ground = cell.and_then(|cell| cell.ground).and_then(|name| self.look.ground(name));
        let ground = ground.or(heads.then_some(self.look.colours.panel));
        self.xml.element("w:tcPr", &[], |xml| {
            xml.empty("w:tcW", &[("w:w", &twips(width)), ("w:type", "dxa")]);
            if span > 1 {
                xml.value("w:gridSpan", &span.to_string());
            }
            if is_below {
                xml.empty("w:vMerge", &[]);
            } else if rows > 1 {
                xml.value("w:vMerge", "restart");
            }
            if let Some(ground) = ground {
                xml.empty("w:shd", &shading(&hex(ground)));
            }
        });
        let runs = cell.filter(|_| !is_below).map_or(&[][..], |cell| &cell.runs);
        let manner = if heads || cell.is_some_and(|cell| cell.header && span > 1) { Manner::BOLD } else { Manner::default() };
        // What covers several columns is words, whatever the columns hold.
        self.cell_words(setting, runs, (span == 1).then_some(column), keep, manner);
    }

    fn cell_words(&mut self, setting: &Setting<'_>, runs: &[Run], column: Option<usize>, keep: bool, manner: Manner) {
        let align = column.and_then(|column| setting.table.columns.get(column)).map(|column| column.align);
        self.element("w:p", |body| {
            body.xml.element("w:pPr", &[], |xml| {
                xml.value("w:pStyle", &setting.style);
                if keep {
                    xml.empty("w:keepNext", &[]);
                }
                match align {
                    Some(Align::Right) => xml.value("w:jc", "right"),
                    Some(Align::Centre) => xml.value("w:jc", "center"),
                    Some(Align::Left) | None => {}
                }
            });
            body.runs(runs, manner);
        });
    }
}

/// A plain ground.
pub fn shading(colour: &str) -> [(&str, &str); 3] {
    [("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)]
}

/// A row of one cell that names the rows below it.
fn heads_rows(row: &[Placed<'_>], columns: usize) -> bool {
    matches!(row, [only] if only.span >= columns && columns > 1 && only.cell.is_some_and(|cell| cell.header))
}

fn is_blank(runs: &[Run]) -> bool {
    runs.iter().all(|run| match &run.inline {
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Break => true,
        Inline::Sign(_) | Inline::PageOf(_) | Inline::Note(_) | Inline::Spark { .. } => false,
    })
}
