//! What calamine does not tell of an .xlsx: whether its formulas were ever calculated, and which number formats are percentages.

use quick_xml::events::Event;
use std::io::{BufReader, Cursor};
use zip::ZipArchive;

/// True where a workbook asks to be calculated when it is opened, as programs do that write formulas and cannot calculate.
///
/// Some of these (XlsxWriter and its kin) save 0 as each formula's result. Excel takes the request away when it has
/// calculated and saves. What cannot be read here is left for the reader of the whole to refuse.
pub(super) fn is_calculated_on_opening(bytes: &[u8]) -> bool {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return false };
    let Ok(part) = zip.by_name("xl/workbook.xml") else { return false };
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element) | Event::Empty(element)) if element.local_name().as_ref() == "calcPr" => {
                let asks = |key: &str, value: &str| key == "fullCalcOnLoad" && matches!(value, "1" | "true");
                return element.attributes().with_checks(false).flatten().any(|a| asks(a.key.0, &a.value));
            }
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// True where a number format shows a share as a percentage: a `%` that is not quoted or escaped.
pub(super) fn shows_percent(code: &str) -> bool {
    let mut quoted = false;
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted = !quoted,
            '\\' | '_' | '*' if !quoted => {
                characters.next();
            }
            '%' if !quoted => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_sign_counts_only_where_excel_multiplies_by_it() {
        assert!(["0%", "0.0%", "#,##0.0%;[Red]-0.0%"].iter().all(|code| shows_percent(code)));
        assert!(["General", "0.0", "0\"%\"", "0\\%"].iter().all(|code| !shows_percent(code)));
    }
}
