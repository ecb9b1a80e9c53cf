//! Reading the figures that a mapping finds.

use super::block::{Block, Mapping};
use super::explanation::{Figure, Left, Mapped, TableFound};
use super::rows::{self, Context};
use super::table::Table;
use crate::area::Areas;
use crate::collect::Finding;
use crate::fault::Fault;
use crate::figure::{FigureKey, cells_in_words};
use crate::framework::Framework;
use std::collections::{BTreeMap, BTreeSet};
use workbook_reader::{Sheet, cell_name, clip};

/// More than a person reads through: a workbook of another layout has a fault in every row.
const MOST_FAULTS: usize = 100;

/// Reads the figures that `mapping` finds in `sheets`; `file` is the workbook's name.
///
/// A figure that cannot be believed is a fault and no figure; of two figures for one measure, area and period that
/// differ, neither is used. Blank cells are no figures; marks are.
pub fn read(sheets: &[Sheet], file: &str, mapping: &Mapping, framework: &Framework, areas: &Areas) -> Mapped {
    let of = Context { file, mapping, framework, areas };
    let mut tables = Vec::new();
    let mut faults: Vec<Finding> = Vec::new();
    for block in &mapping.blocks {
        let found: Vec<Table<'_>> = wanted(block, sheets).filter_map(|sheet| Table::find(block, sheet)).collect();
        if found.is_empty() {
            faults.push(not_found(block, sheets, file, mapping).into());
        }
        for table in found {
            let (table, wrong) = rows::read(of, block, &table);
            tables.push(table);
            faults.extend(wrong);
        }
    }
    faults.extend(unreadable(sheets, file, &tables, &faults));
    keep_one_of_each(file, &mut tables, &mut faults);
    if faults.len() > MOST_FAULTS {
        let more = faults.len() - MOST_FAULTS;
        faults.truncate(MOST_FAULTS);
        let problem = format!("{more} more faults are not listed");
        faults.push(Fault::new(file, problem, "fix these first: they may have one cause").into());
    }
    Mapped {
        file: file.to_owned(),
        mapping: mapping.place.clone(),
        title: mapping.title.clone(),
        publisher: mapping.publisher.clone(),
        tables,
        faults,
    }
}

/// What `mapping` names that nothing in `sheets` is: blocks without a table, columns without a heading.
pub fn unmet(sheets: &[Sheet], file: &str, mapping: &Mapping, framework: &Framework, areas: &Areas) -> Vec<Fault> {
    let of = Context { file, mapping, framework, areas };
    let mut faults = Vec::new();
    for block in &mapping.blocks {
        let found: Vec<Table<'_>> = wanted(block, sheets).filter_map(|sheet| Table::find(block, sheet)).collect();
        if found.is_empty() {
            faults.push(not_found(block, sheets, file, mapping));
        }
        faults.extend(found.iter().filter_map(|table| rows::unmet(of, block, table)));
    }
    faults
}

fn wanted<'s>(block: &Block, sheets: &'s [Sheet]) -> impl Iterator<Item = &'s Sheet> {
    sheets.iter().filter(|sheet| block.sheet.as_ref().is_none_or(|name| name.matches(&sheet.name)))
}

/// The cells that could not be read, of the sheets with tables in them, as far as nothing was said of them.
fn unreadable(sheets: &[Sheet], file: &str, tables: &[TableFound], told: &[Finding]) -> Vec<Finding> {
    let read: BTreeSet<&str> = tables.iter().map(|table| table.sheet.as_str()).collect();
    let told: BTreeSet<&str> = told.iter().map(|finding| finding.place.as_str()).collect();
    let sheets = sheets.iter().filter(|sheet| read.contains(sheet.name.as_str()));
    let cells = sheets.flat_map(|sheet| sheet.unreadable().map(move |cell| (sheet, cell)));
    let faults = cells.map(|(sheet, cell)| {
        let place = format!("{file}, sheet {}, cell {}", sheet.name, cell_name(cell.row, cell.column));
        let problem = format!("{} was found; none of it is used", cell.found());
        Fault::new(place, problem, "type it again, save the workbook in Excel as .xlsx, and send that")
    });
    faults.filter(|fault| !told.contains(fault.place.as_str())).map(Finding::from).collect()
}

fn not_found(block: &Block, sheets: &[Sheet], file: &str, mapping: &Mapping) -> Fault {
    let remedy =
        format!("correct [[figures]] {} of {}, or send the workbook in the layout that it is for", block.name, mapping.place);
    let names: Vec<String> = wanted(block, sheets).map(|sheet| format!("{:?}", clip(&sheet.name, 40))).collect();
    if let (true, Some(name)) = (names.is_empty(), &block.sheet) {
        let has: Vec<String> = sheets.iter().take(20).map(|sheet| format!("{:?}", clip(&sheet.name, 40))).collect();
        return Fault::new(file, format!("has no sheet {:?}; it has {}", name.written(), has.join(", ")), remedy);
    }
    let texts: Vec<String> = block.header.iter().map(|text| format!("{:?}", text.written())).collect();
    let names = names.iter().take(20).cloned().collect::<Vec<_>>().join(", ");
    let problem = format!("no row with {} was found in the sheets {names}", texts.join(" and "));
    Fault::new(file, problem, remedy)
}

/// Takes out what stands twice: once is enough where both agree; where they do not, neither is used.
fn keep_one_of_each(file: &str, tables: &mut [TableFound], faults: &mut Vec<Finding>) {
    let key = |figure: &Figure| FigureKey::new(figure.measure.clone(), figure.area.clone(), figure.period, None);
    let at = |figure: &Figure| format!("sheet {}, {}", figure.sheet, cells_in_words(&figure.cell));
    let given = |figure: &Figure| (figure.value, figure.numerator, figure.denominator, figure.limits);
    let mut first_of: BTreeMap<FigureKey, Figure> = BTreeMap::new();
    let mut contradicted: BTreeSet<FigureKey> = BTreeSet::new();
    for figure in tables.iter().flat_map(|table| &table.figures) {
        let Some(first) = first_of.get(&key(figure)) else {
            first_of.insert(key(figure), figure.clone());
            continue;
        };
        if given(first) != given(figure) && contradicted.insert(key(figure)) {
            let Figure { measure, area, period, .. } = figure;
            let problem =
                format!("{measure} of {area} for {period} was given before, differently, in {}; neither is used", at(first));
            let remedy = "keep the right one, or say in the mapping which rows are meant";
            faults.push(Fault::new(format!("{file}, {}", at(figure)), problem, remedy).into());
        }
    }
    for table in tables {
        let mut twice = Vec::new();
        table.figures.retain(|figure| {
            let first = &first_of[&key(figure)];
            let is_first = at(first) == at(figure);
            if !is_first {
                twice.push((figure.cell.clone(), at(first)));
            }
            is_first && !contradicted.contains(&key(figure))
        });
        for (cell, found) in twice {
            table.skip(&cell, &Left { why: "given before", found });
        }
    }
}
