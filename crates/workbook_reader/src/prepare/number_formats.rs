//! What a number format of Excel's shows.

use crate::sheet::NumberFormat;

/// How a number or a date of this format is shown.
pub(crate) fn shown_by(code: &str) -> NumberFormat {
    let letters = letters(code);
    if letters.contains('%') {
        NumberFormat::Percent
    } else if shows_month(&letters) {
        NumberFormat::Month
    } else if shows_thousands(&letters) {
        NumberFormat::Scaled
    } else {
        NumberFormat::Plain
    }
}

/// How a number or a date is shown by the format with this number, and this code where the workbook says one.
pub(super) fn shown_by_number(id: u16, code: Option<&str>) -> NumberFormat {
    code.map_or_else(
        // Every workbook has these: 0%, 0.00% and mmm-yy.
        || match id {
            9 | 10 => NumberFormat::Percent,
            17 => NumberFormat::Month,
            _ => NumberFormat::Plain,
        },
        shown_by,
    )
}

/// A month without a day: `mmm-yy`, `mmmm yyyy`, `mm/yyyy`. Beside hours or seconds an `m` is minutes.
fn shows_month(letters: &str) -> bool {
    letters.contains('m') && (letters.contains('y') || letters.contains("mmm")) && !letters.contains(['d', 'h', 's'])
}

/// A comma after all places for digits divides what is shown by a thousand: `#,##0,`, `0.0,,`, `#,##0,.0`.
fn shows_thousands(letters: &str) -> bool {
    let is_place = |c: char| matches!(c, '0' | '#' | '?');
    let first = letters.split(';').next().unwrap_or_default();
    let places = first.trim_matches(|c: char| !is_place(c) && !matches!(c, ',' | '.'));
    places.contains(is_place) && (places.ends_with(',') || places.contains(",."))
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
    fn a_percent_sign_counts_where_excel_multiplies() {
        assert!(["0%", "0.0%", "#,##0.0%;[Red]-0.0%"].iter().all(|code| shown_by(code) == NumberFormat::Percent));
        assert!(["General", "0.0", "0\"%\"", "0\\%"].iter().all(|code| shown_by(code) == NumberFormat::Plain));
    }

    #[test]
    fn a_number_in_its_thousands_is_told() {
        assert!(
            ["#,##0,", "£0.0,,\"m\"", "£#,##0,\"k\"", "#,##0,.0", "0,;-0,"]
                .iter()
                .all(|code| shown_by(code) == NumberFormat::Scaled)
        );
        for code in ["#,##0", "#,##0.00", "_-* #,##0_-;-* #,##0_-", "0\",\"", "dd mmm yyyy, h:mm", "General"] {
            assert_eq!(shown_by(code), NumberFormat::Plain, "{code}");
        }
    }

    #[test]
    fn built_in_formats_are_known_by_number() {
        let numbers = [0, 9, 10, 14, 17].map(|id| shown_by_number(id, None));
        assert_eq!(
            numbers,
            [NumberFormat::Plain, NumberFormat::Percent, NumberFormat::Percent, NumberFormat::Plain, NumberFormat::Month]
        );
        assert_eq!(shown_by_number(9, Some("0")), NumberFormat::Plain);
        assert_eq!(shown_by_number(164, Some("0.0%")), NumberFormat::Percent);
    }

    #[test]
    fn a_date_without_its_day_is_a_month() {
        assert!(
            ["mmm-yy", "mmmm yyyy", "[$-809]mmm\\ yyyy;@", "mm/yyyy", "MMM YY", "mmmm"]
                .iter()
                .all(|code| shown_by(code) == NumberFormat::Month)
        );
        for code in ["dd/mm/yyyy", "d-mmm", "h:mm", "mm:ss", "yyyy", "0\" mmm yy\"", "[h]:mm", "#,##0"] {
            assert_eq!(shown_by(code), NumberFormat::Plain, "{code}");
        }
    }
}
