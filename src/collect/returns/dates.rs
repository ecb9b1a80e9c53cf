//! Days as cells give them.

use jiff::civil::Date;
use workbook_reader::{Cell, CellContent};

/// The day that a cell gives; none where it says that there is none.
///
/// # Errors
/// What was found instead, in words.
pub(super) fn date_in(cell: &Cell) -> Result<Option<Date>, String> {
    let text = cell.text();
    let none = matches!(text.to_lowercase().as_str(), "" | "-" | "n/a" | "na" | "tbc" | "..");
    match &cell.content {
        CellContent::Date(date) => Ok(Some(*date)),
        CellContent::Text(_) if none => Ok(None),
        CellContent::Text(_) if date_of(&text).is_some() => Ok(date_of(&text)),
        _ => Err(format!("{} is not a date; one such as 31/12/2026 was expected", cell.found())),
    }
}

/// `2026-12-31`, or the British `31/12/2026`, `31 Dec 2026` and `31 December 2026`.
fn date_of(text: &str) -> Option<Date> {
    let forms = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"];
    // A year of two digits is read as one of the first century.
    forms.iter().find_map(|form| Date::strptime(form, text).ok()).filter(|date| date.year() >= 1900)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_day_first() {
        for text in ["2026-12-05", "05/12/2026", "5/12/2026", "5 December 2026", "05 Dec 2026"] {
            assert_eq!(date_of(text), Some(jiff::civil::date(2026, 12, 5)), "{text}");
        }
        for text in ["12/31/2026", "December 2026", "31/12/26", "31/02/2026"] {
            assert_eq!(date_of(text), None, "{text}");
        }
    }
}
