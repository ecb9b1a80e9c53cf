//! Reads any bytes as the answer of the process that reads workbooks: the parent must survive whatever that says.

#![no_main]

use boardpack::collect::workbook::read_answer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(Ok(sheets)) = read_answer(data, 1000, 10) {
        assert!(sheets.len() <= 10);
        let cells = || sheets.iter().flat_map(|sheet| sheet.rows()).flat_map(|row| row.cells);
        assert!(cells().count() <= 1000);
        assert!(cells().all(|cell| !cell.found().is_empty()));
    }
});
