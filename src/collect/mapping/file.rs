//! A published file as sheets of cells, whether it is a workbook or a CSV table.

use crate::collect::decode;
use crate::collect::workbook::ReaderProcess;
use crate::fault::Fault;
use workbook_reader::{Cell, CellContent, NumberFormat, Sheet, WorkbookLimits};

/// The sheets of a workbook, or the one of a CSV table, which is named after the file.
///
/// # Errors
/// What cannot be read, with what to do.
pub fn sheets(bytes: &[u8], file: &str, reading: &ReaderProcess, limits: &WorkbookLimits) -> Result<Vec<Sheet>, Fault> {
    if is_text(bytes) {
        let fault = |problem| Fault::new(file, problem, "give the workbook, or a CSV table, as the publisher gives it");
        return table(bytes, file, limits.max_cells).map_err(fault);
    }
    reading.open(bytes, file, limits).map_err(|refusal| refusal.into_fault())
}

/// A workbook is a ZIP archive or a compound file; both have bytes that no text has.
fn is_text(bytes: &[u8]) -> bool {
    !bytes.iter().take(512).any(|byte| *byte == 0) && !bytes.starts_with(b"PK\x03\x04")
}

/// A CSV file as one sheet, named after the file.
fn table(bytes: &[u8], file: &str, max_cells: u64) -> Result<Vec<Sheet>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii_start().starts_with(b"<") {
        return Err("a web page or XML came instead of a file".to_owned());
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut cells = Vec::new();
    for (row, record) in reader.byte_records().enumerate() {
        let record = record.map_err(|e| format!("the file cannot be read: {e}"))?;
        for (column, text) in record.iter().enumerate().filter(|(_, text)| !text.trim_ascii().is_empty()) {
            if cells.len() as u64 == max_cells {
                return Err(format!("the file has more than {max_cells} cells (returns.max_cells)"));
            }
            let (Ok(row), Ok(column)) = (u32::try_from(row), u32::try_from(column)) else { continue };
            let content = CellContent::Text(decode::text(text).trim().to_owned());
            cells.push(Cell { row, column, content, shown: NumberFormat::Plain });
        }
    }
    let name = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned();
    Ok(vec![Sheet::new(name, false, cells)])
}
