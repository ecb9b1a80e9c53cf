//! A sheet of an .ods gone through row by row and written anew with its cells and nothing else.

use super::ods_cell::{Cell, Content, repeated};
use super::ods_grid::Grid;
use super::ods_styles::Styles;
use super::prepared::{Mark, Marks};
use super::xml::{self, Reader, escaped, prefixed};
use crate::problem::{Problem, ProblemKind, damaged};
use crate::sheet::Beside;
use quick_xml::events::Event;
use std::io::{self, BufRead, Write};

/// A sheet that is being read.
pub(super) struct Table<'a, W> {
    grid: Grid,
    styles: &'a Styles,
    to: &'a mut W,
    /// Up to which column which style is meant for cells without one.
    columns: Vec<(u64, String)>,
    row_style: Option<String>,
    /// False in rows past the last that there can be.
    has_room: bool,
    beside: Vec<Beside>,
}

impl<'a, W: Write> Table<'a, W> {
    pub fn new(styles: &'a Styles, to: &'a mut W) -> Self {
        Self { grid: Grid::default(), styles, to, columns: Vec::new(), row_style: None, has_room: true, beside: Vec::new() }
    }

    /// Reads the sheet up to its end, and writes it plainly.
    ///
    /// # Errors
    /// XML that is not well formed, or a sheet that spreads over more cells than are read.
    pub fn read(
        mut self,
        reader: &mut Reader<impl BufRead>,
        name: &str,
        max_cells: u64,
        place: &str,
    ) -> Result<(Marks, Vec<Beside>), Problem> {
        let fault = |e: io::Error| damaged(place, &e);
        let mut buffer = Vec::new();
        let mut in_row = false;
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(|e| damaged(place, &e))? {
                Event::Start(element) => match element.name().0 {
                    "table:table-row" if !in_row => {
                        in_row = true;
                        self.row_style = prefixed(&element, "table:default-cell-style-name");
                        let repeats = self.grid.begin_row(repeated(&element, "table:number-rows-repeated"));
                        self.has_room = repeats > 0;
                        if self.has_room {
                            write!(self.to, "<table:table-row table:number-rows-repeated=\"{repeats}\">").map_err(fault)?;
                        }
                    }
                    "table:table-cell" | "table:covered-table-cell" if in_row => {
                        let mut cell = Cell::read(reader, &element).map_err(|e| damaged(place, &e))?;
                        let at = Some(self.grid.next());
                        let texts = std::mem::take(&mut cell.beside).into_iter();
                        self.beside.extend(texts.filter_map(|(name, text)| Beside::named(name, at, text)));
                        self.cell(&cell).map_err(fault)?;
                    }
                    "table:table-column" => {
                        let to = self
                            .columns
                            .last()
                            .map_or(0, |(to, _)| *to)
                            .saturating_add(repeated(&element, "table:number-columns-repeated"));
                        self.columns.push((to, prefixed(&element, "table:default-cell-style-name").unwrap_or_default()));
                    }
                    // Rows lie in the sheet or in groups of rows.
                    "table:table-row-group"
                    | "table:table-rows"
                    | "table:table-header-rows"
                    | "table:table-column-group"
                    | "table:table-columns"
                    | "table:table-header-columns" => {}
                    // Drawings, forms, names and what else is no cell.
                    _ => {
                        let text = xml::paragraphs(reader, &element).map_err(|e| damaged(place, &e))?;
                        self.beside.extend(Beside::named("text box", None, text));
                    }
                },
                Event::End(element) => match element.name().0 {
                    "table:table-row" => {
                        in_row = false;
                        self.grid.end_row();
                        if self.has_room {
                            write!(self.to, "</table:table-row>").map_err(fault)?;
                        }
                    }
                    "table:table" => break,
                    _ => {}
                },
                Event::Eof => return Err(damaged(place, &"content.xml breaks off")),
                _ => {}
            }
        }
        if self.grid.is_wider_than(max_cells) {
            let problem = format!("sheet {name} spreads over more than {max_cells} cells");
            return Err(Problem::new(place, ProblemKind::TooWide, problem));
        }
        Ok((self.grid.marks(), self.beside))
    }

    fn cell(&mut self, cell: &Cell) -> io::Result<()> {
        let style = cell.style.as_deref().or(self.row_style.as_deref()).or_else(|| {
            let column = self.grid.column();
            let after = self.columns.partition_point(|(to, _)| *to <= column);
            self.columns.get(after).map(|(_, style)| style.as_str())
        });
        let (content, mut mark) = cell.understood();
        if matches!(content, Content::Date(_)) && style.is_some_and(|style| self.styles.shows_month(style)) {
            mark = Some(Mark::Month);
        }
        let is_plain = matches!(content, Content::Number(_)) && mark.is_none();
        if is_plain && style.is_some_and(|style| self.styles.shows_thousands(style)) {
            mark = Some(Mark::Scaled);
        }
        let filled = mark.is_some() || !matches!(content, Content::Blank);
        let repeats = self.grid.cell(cell.repeats, filled, mark);
        if repeats == 0 || !self.has_room {
            return Ok(());
        }
        write!(self.to, "<table:table-cell table:number-columns-repeated=\"{repeats}\"")?;
        match content {
            Content::Blank => Ok(()),
            Content::Text(text) => write!(self.to, " office:string-value=\"{}\"", escaped(text)),
            Content::Number(number) => write!(self.to, " office:value=\"{number}\""),
            Content::Date(date) => write!(self.to, " office:date-value=\"{}\"", escaped(date)),
            Content::Time(time) => write!(self.to, " office:time-value=\"{}\"", escaped(time)),
            Content::Logical(logical) => write!(self.to, " office:boolean-value=\"{logical}\""),
        }?;
        write!(self.to, "/>")
    }
}
