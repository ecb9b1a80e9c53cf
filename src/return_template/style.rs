//! How cells look, and what every sheet has: protection, print set-up.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, ProtectionOptions, Table, TableStyle, Worksheet, XlsxError};

const INK: Color = Color::RGB(0x212B32);
const BLUE: Color = Color::RGB(0x003D78);
const WHITE: Color = Color::RGB(0xFFFFFF);
const OPEN: Color = Color::RGB(0xFFF8D6);
const EDGE: Color = Color::RGB(0x6B7278);
const RULE: Color = Color::RGB(0xC8CDD1);
const NOT_ASKED: Color = Color::RGB(0xE3E6E8);

/// Excel's numbers of paper sizes.
const A3: u8 = 8;
const A4: u8 = 9;

/// Height of a line of text, in points.
const LINE: f64 = 14.5;

/// The formats of the workbook. Whatever is no input stays locked.
pub(super) struct Styles {
    pub title: Format,
    pub text: Format,
    /// A locked cell of a table.
    pub cell: Format,
    pub key: Format,
    pub heading: Format,
    /// A number as it is typed, so that 45% typed becomes a percentage cell.
    pub input: Format,
    pub input_text: Format,
    pub input_date: Format,
    pub not_asked: Format,
}

impl Styles {
    pub fn new() -> Self {
        let plain = || Format::new().set_font_name("Arial").set_font_size(11).set_font_color(INK).set_align(FormatAlign::Top);
        let boxed = || plain().set_border(FormatBorder::Thin).set_border_color(EDGE);
        // An edge as well as a colour: an input cell is also seen without colours.
        let open = || boxed().set_background_color(OPEN).set_unlocked();
        Self {
            title: plain().set_font_size(16).set_bold().set_font_color(BLUE),
            text: plain().set_text_wrap(),
            cell: plain().set_text_wrap().set_border(FormatBorder::Thin).set_border_color(RULE),
            key: plain().set_bold().set_text_wrap(),
            heading: boxed().set_bold().set_font_color(WHITE).set_background_color(BLUE).set_text_wrap(),
            input: open().set_align(FormatAlign::Right),
            input_text: open().set_text_wrap(),
            input_date: open().set_num_format("dd/mm/yyyy"),
            not_asked: boxed().set_background_color(NOT_ASKED),
        }
    }
}

/// Locks what is not open and sets up printing one page wide: upright A4, or with the header row of a table repeated on
/// each page of lying A3.
pub(super) fn finish(sheet: &mut Worksheet, footer: &str, header: Option<u32>) -> Result<(), XlsxError> {
    let options = ProtectionOptions { format_columns: true, format_rows: true, ..ProtectionOptions::new() };
    sheet.protect_with_options(&options);
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    // An ampersand begins a code in a footer.
    sheet.set_footer(format!("&L{}&RPage &P of &N", footer.replace('&', "&&")));
    if let Some(row) = header {
        sheet.set_paper_size(A3).set_landscape().set_repeat_rows(row, row)?;
    }
    Ok(())
}

/// Makes a row high enough for its wrapped texts, each with the width of its column in characters: not every program does
/// so by itself.
pub(super) fn fit(sheet: &mut Worksheet, row: u32, least: usize, texts: &[(&str, f64)]) -> Result<(), XlsxError> {
    let lines = texts.iter().map(|(text, width)| lines(text, *width)).max().unwrap_or(1).max(least);
    sheet.set_row_height(row, LINE * f64::from(u16::try_from(lines).unwrap_or(u16::MAX)).min(27.0))?;
    Ok(())
}

/// How many lines a text takes, breaking between words.
fn lines(text: &str, width: f64) -> usize {
    let mut lines = 0;
    for paragraph in text.lines() {
        lines += 1;
        let mut used = 0.0;
        for word in paragraph.split(' ') {
            // A letter of Arial is on the average narrower than the digit that a width counts.
            let length = 0.93 * f64::from(u16::try_from(word.chars().count()).unwrap_or(u16::MAX));
            if used > 0.0 && used + 1.0 + length > width {
                lines += 1;
                used = 0.0;
            }
            used += length + if used > 0.0 { 1.0 } else { 0.0 };
        }
    }
    lines.max(1)
}

/// A table whose header row is marked as such, without filter buttons: they do not work on a protected sheet.
pub(super) fn table(name: &str, alt_text: &str) -> Table {
    Table::new().set_name(name).set_autofilter(false).set_banded_rows(false).set_style(TableStyle::Light1).set_alt_text(alt_text)
}
