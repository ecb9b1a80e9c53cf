//! Reads any bytes as the answer of the process that reads workbooks: the parent must survive whatever that says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use workbook_reader::{WorkbookLimits, read_answer};

fuzz_target!(|data: &[u8]| {
    let limits = WorkbookLimits { max_cells: 1000, max_sheets: 10, ..WorkbookLimits::default() };
    if let Ok(Ok(sheets)) = read_answer(data, &limits) {
        assert!(sheets.len() <= 10);
        let cells = || sheets.iter().flat_map(|sheet| sheet.rows()).flat_map(|row| row.cells);
        assert!(cells().count() <= 1000);
        assert!(cells().all(|cell| !cell.found().is_empty()));
    }
});
