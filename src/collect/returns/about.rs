//! The sheet that says whose return it is, for when, and whether its figures are real.

use super::layout::value_beside;
use super::quarter;
use super::return_file::no_words;
use crate::collect::entry::squeeze;
use crate::collect::own_words::{explains, words_of};
use crate::collect::{Finding, Grade, RunScope};
use crate::fault::Fault;
use crate::framework::Partner;
use workbook_reader::{Cell, Sheet, cell_name, clip};

const LONGEST_NAME: usize = 200;
const LONGEST_REASON: usize = 1000;

/// What the sheet says.
#[derive(Debug, Clone)]
pub(super) struct About<'a> {
    pub partner: &'a Partner,
    pub illustrative: bool,
    /// Who filled it in; may be empty.
    pub by: String,
    /// Why there is nothing to report, where the sheet says that there is not; empty where it does not say why.
    pub nil: Option<String>,
    /// That the workbook was made for another edition of the framework, and cells without the words that are due in them.
    pub findings: Vec<Finding>,
}

/// Why the sheet cannot be gone by, with the partner where that much is known.
#[derive(Debug)]
pub(super) struct Unclear<'a> {
    pub partner: Option<&'a Partner>,
    pub fault: Fault,
}

/// Reads the keys and values of `sheet`, in whichever columns they stand.
///
/// # Errors
/// A partner, a period or a data status that is not given or is not one of ours.
pub(super) fn read<'a>(sheet: &Sheet, wanted: &RunScope<'a>, file: &str) -> Result<About<'a>, Unclear<'a>> {
    let unknown = |fault| Unclear { partner: None, fault };
    let ids = || wanted.partners.iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", ");
    let id = field(sheet, "Partner", &format!("one of {}", ids()), file).map_err(unknown)?;
    let named = id.text();
    let partner = wanted.partners.iter().find(|p| p.id.eq_ignore_ascii_case(&named)).ok_or_else(|| {
        let problem = format!("{} is not the id of a partner; one of {} was expected", id.found(), ids());
        unknown(Fault::new(place(file, sheet, id), problem, "correct it"))
    })?;
    let known = |fault| Unclear { partner: Some(partner), fault };

    let period = field(sheet, "Period", &wanted.period.slug(), file).map_err(known)?;
    let expected = wanted.period.slug();
    let remedy = "send the workbook of that quarter, or correct the period if that is what it is";
    match quarter::of_text(&period.text()) {
        Some(given) if given == wanted.period => {}
        Some(given) => {
            let problem = format!("the return is for {}; {expected} was expected", given.slug());
            return Err(known(Fault::new(place(file, sheet, period), problem, remedy)));
        }
        None => {
            let problem = format!("{} is not a quarter; {expected} was expected", period.found());
            return Err(known(Fault::new(place(file, sheet, period), problem, remedy)));
        }
    }

    let status = field(sheet, "Data status", "Illustrative or Real", file).map_err(known)?;
    let illustrative = match squeeze(&status.text()).as_str() {
        "illustrative" => true,
        "real" => false,
        // Made-up figures must never pass for real ones, so there is no default.
        _ => {
            let problem = format!("{} was found; Illustrative or Real was expected", status.found());
            return Err(known(Fault::new(place(file, sheet, status), problem, "say which the figures are")));
        }
    };
    made_for(sheet, "Template partner", &partner.id, file).map_err(known)?;
    made_for(sheet, "Template period", &expected, file).map_err(known)?;
    let edition = &wanted.framework.edition.id;
    let other = value_beside(sheet, "Framework edition").filter(|cell| cell.text() != *edition);
    let mut findings: Vec<Finding> = Vec::from_iter(other.map(|cell| {
        let problem = format!("the workbook was made for the {} framework; {edition} is in force", clip(&cell.text(), 40));
        Finding::new(Grade::Note, Fault::new(place(file, sheet, cell), problem, "use the newest template"))
    }));
    let mut words_beside = |key: &str| {
        let cell = value_beside(sheet, key)?;
        let words = words_of(cell).map_err(|found| findings.push(no_words(place(file, sheet, cell), &found)));
        words.ok()
    };
    let by = ["Completed by", "Filled in by"].iter().find_map(|key| words_beside(key)).unwrap_or_default();
    let [nothing, reason] = ["Nothing to report", "Reason for nothing to report"]
        .map(|key| clip(&words_beside(key).unwrap_or_default(), LONGEST_REASON));
    Ok(About { partner, illustrative, by: clip(&by, LONGEST_NAME), nil: nil(nothing, reason), findings })
}

/// Why there is nothing to report, where the sheet says so: beside "Nothing to report" stands yes, or the reason itself. A mark
/// such as `n/a` is neither; a reason is in words.
fn nil(nothing: String, reason: String) -> Option<String> {
    let reason = if explains(&reason) { reason } else { String::new() };
    match squeeze(&nothing).as_str() {
        "no" | "n" | "false" | "0" => None,
        "yes" | "y" | "x" | "true" | "1" | "nil" | "none" | "nothing" | "nothingtoreport" => Some(reason),
        _ if !explains(&nothing) => (!reason.is_empty()).then_some(reason),
        _ if reason.is_empty() => Some(nothing),
        _ => Some(format!("{nothing}: {reason}")),
    }
}

/// What the template wrote in its hidden rows must be what is said above them: a workbook of another partner or quarter that
/// was made to look like this one has the other's rows.
fn made_for(sheet: &Sheet, key: &str, expected: &str, file: &str) -> Result<(), Fault> {
    let Some(cell) = value_beside(sheet, key).filter(|cell| squeeze(&cell.text()) != squeeze(expected)) else { return Ok(()) };
    let problem = format!("the workbook was made for {}; {expected} was expected", clip(&cell.text(), 40));
    Err(Fault::new(place(file, sheet, cell), problem, "fill in the workbook that was made for you and this quarter"))
}

fn place(file: &str, sheet: &Sheet, cell: &Cell) -> String {
    format!("{file}, sheet {}, cell {}", sheet.name, cell_name(cell.row, cell.column))
}

/// The value beside the key `name`.
fn field<'s>(sheet: &'s Sheet, name: &str, expected: &str, file: &str) -> Result<&'s Cell, Fault> {
    value_beside(sheet, name).ok_or_else(|| {
        let problem = format!("{name:?} is not given; {expected} was expected beside it");
        Fault::new(format!("{file}, sheet {}", sheet.name), problem, "fill it in")
    })
}
