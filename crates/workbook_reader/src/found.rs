//! What a reader comes upon, and the sheets that are made of it.

use crate::sheet::{Beside, Cell, Sheet};

/// What a reader comes upon as it goes through a workbook: a sheet, then the cells of it, in any order.
#[derive(Debug)]
pub(crate) enum WorkbookItem<'a> {
    Sheet { name: &'a str, hidden: bool },
    Cell(Cell),
    Beside(Beside),
}

/// The sheets as a reader comes upon them.
#[derive(Default)]
pub(crate) struct SheetCollector(Vec<(Sheet, Vec<Cell>)>);

impl SheetCollector {
    pub fn take(&mut self, found: WorkbookItem<'_>) {
        match (found, self.0.last_mut()) {
            (WorkbookItem::Sheet { name, hidden }, _) => {
                self.0.push((Sheet::new(name.to_owned(), hidden, Vec::new()), Vec::new()))
            }
            (WorkbookItem::Cell(cell), Some((_, cells))) => cells.push(cell),
            (WorkbookItem::Beside(beside), Some((sheet, _))) => sheet.beside.push(beside),
            (_, None) => {}
        }
    }

    pub fn sheets(self) -> Vec<Sheet> {
        let made = |(sheet, cells): (Sheet, Vec<Cell>)| {
            let mut made = Sheet::new(sheet.name, sheet.hidden, cells);
            made.beside = sheet.beside;
            made
        };
        self.0.into_iter().map(made).collect()
    }
}
