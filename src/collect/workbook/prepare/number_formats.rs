//! What a number format of Excel's shows.

use crate::collect::workbook::sheet::Shown;

/// How a number or a date of this format is shown.
pub(in crate::collect::workbook) fn shown_by(code: &str) -> Shown {
    let letters = letters(code);
    if letters.contains('%') {
        Shown::Percent
    } else if shows_month(&letters) {
        Shown::Month
    } else {
        Shown::Plain
    }
}

/// The format that every workbook has for a month, `mmm-yy`.
const BUILT_IN_MONTH: u16 = 17;

/// True where the format with this number, and this code where the workbook has its own, shows a date as a month.
pub(super) fn is_month(id: u16, code: Option<&str>) -> bool {
    code.map_or(id == BUILT_IN_MONTH, |code| shown_by(code) == Shown::Month)
}

/// A month without a day: `mmm-yy`, `mmmm yyyy`, `mm/yyyy`. Beside hours or seconds an `m` is minutes.
fn shows_month(letters: &str) -> bool {
    letters.contains('m') && (letters.contains('y') || letters.contains("mmm")) && !letters.contains(['d', 'h', 's'])
}

/// The characters that Excel acts on, in lower case: without what is quoted or escaped, and
/// without colours and languages in brackets.
fn letters(code: &str) -> String {
    let mut acted_on = String::new();
    let mut quoted = false;
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => drop(characters.next()),
            '[' => drop(characters.by_ref().find(|c| *c == ']')),
            other => acted_on.extend(other.to_lowercase()),
        }
    }
    acted_on
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_sign_counts_only_where_excel_multiplies_by_it() {
        assert!(["0%", "0.0%", "#,##0.0%;[Red]-0.0%"].iter().all(|code| shown_by(code) == Shown::Percent));
        assert!(["General", "0.0", "0\"%\"", "0\\%"].iter().all(|code| shown_by(code) == Shown::Plain));
    }

    #[test]
    fn a_date_without_its_day_is_a_month() {
        assert!(
            ["mmm-yy", "mmmm yyyy", "[$-809]mmm\\ yyyy;@", "mm/yyyy", "MMM YY", "mmmm"]
                .iter()
                .all(|code| shown_by(code) == Shown::Month)
        );
        for code in ["dd/mm/yyyy", "d-mmm", "h:mm", "mm:ss", "yyyy", "0\" mmm yy\"", "[h]:mm", "#,##0"] {
            assert_eq!(shown_by(code), Shown::Plain, "{code}");
        }
    }
}
