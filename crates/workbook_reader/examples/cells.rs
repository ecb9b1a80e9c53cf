//! Prints the cells of a workbook, which is read in a process of its own: `cargo run --example cells -- FILE`.

use std::env;
use std::error::Error;
use std::io;
use workbook_reader::{Sandbox, WorkbookLimits, cell_name, sandbox};

/// By which this program knows that it is the process that reads.
const READ: &str = "--read-workbook";

fn main() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).ok_or("name a workbook")?;
    if file == READ {
        return Ok(sandbox::serve(io::stdin().lock(), io::stdout().lock())?);
    }
    let reader = Sandbox::new(env::current_exe()?).arg(READ);
    for sheet in reader.read(&std::fs::read(&file)?, &file, &WorkbookLimits::default())? {
        for cell in sheet.rows().flat_map(|row| row.cells) {
            println!("{}!{}  {}", sheet.name, cell_name(cell.row, cell.column), cell.found());
        }
        for beside in &sheet.beside {
            println!("{}: {}", beside.place(&sheet.name), workbook_reader::one_line(&beside.text));
        }
    }
    Ok(())
}
