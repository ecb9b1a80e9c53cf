//! The sheets of a return among those of a workbook.

use crate::collect::workbook::{Sheet, squeeze};

/// The sheets of a return, by their names.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    pub about: Option<Sheet>,
    pub figures: Option<Sheet>,
    pub age_bands: Option<Sheet>,
    pub actions: Option<Sheet>,
}

impl Workbook {
    /// True where the sheets are those of the template and not of a layout of the sender's own.
    pub fn is_template(sheets: &[Sheet]) -> bool {
        let has = |name| sheets.iter().any(|sheet| squeeze(&sheet.name) == name);
        has("about") && has("figures")
    }

    /// Of two sheets whose names differ in case or spaces only, the first is read.
    pub fn of(sheets: Vec<Sheet>) -> Self {
        let mut workbook = Self::default();
        for sheet in sheets {
            let slot = match squeeze(&sheet.name).as_str() {
                "about" => &mut workbook.about,
                "figures" => &mut workbook.figures,
                "agebands" => &mut workbook.age_bands,
                "keyactions" => &mut workbook.actions,
                _ => continue,
            };
            slot.get_or_insert(sheet);
        }
        workbook
    }
}
