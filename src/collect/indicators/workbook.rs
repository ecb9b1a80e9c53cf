//! A published file in its publisher's own layout, .xlsx, .ods, .xls or CSV, read through a mapping (docs/mappings.md).

use super::collector::{Figure, Gatherings};
use super::query::{Asking, Question};
use super::source::Kind;
use crate::area::Areas;
use crate::assets::Assets;
use crate::collect::mapping::{self, Mapping};
use crate::collect::value_markers::Money;
use crate::collect::workbook::Reading;
use crate::fault::Fault;
use crate::figure::cells_in_words;
use crate::framework::Framework;
use crate::settings;
use std::io::Read;
use workbook_reader::{Limits, Sheet};

/// With what published files are read.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// Where the mappings are.
    pub config: &'a Assets,
    pub areas: &'a Areas,
    pub limits: &'a Limits,
    pub reading: &'a Reading,
}

pub(super) struct Workbook(pub settings::Workbook);

impl Workbook {
    /// What the mapping names that the file does not have.
    ///
    /// # Errors
    /// A mapping or a file that cannot be read.
    pub fn unmet(&self, page: &mut dyn Read, question: &Question<'_>) -> Result<Vec<Fault>, String> {
        let files = question.files.ok_or("published files cannot be read here")?;
        let (mapping, sheets) = self.opened(page, question, files)?;
        Ok(mapping::unmet(&sheets, self.file(), &mapping, question.framework, files.areas))
    }

    fn opened(&self, page: &mut dyn Read, question: &Question<'_>, files: Files<'_>) -> Result<(Mapping, Vec<Sheet>), String> {
        let mapping = mapping::load(files.config, &self.0.mapping, question.framework, files.areas);
        let mapping = mapping.map_err(|faults| faults.to_string())?;
        Ok((mapping, sheets(page, self.file(), files)?))
    }

    /// The file's name without its folders.
    fn file(&self) -> &str {
        self.0.file.rsplit('/').next().unwrap_or_default()
    }
}

impl Kind for Workbook {
    fn requests(&self, _asking: &Asking<'_>, _framework: &Framework) -> Result<Vec<Vec<String>>, String> {
        Ok(vec![vec![self.0.file.clone()]])
    }

    /// The mapping says which figure is of which measure; the measures' indicator only names what they come from.
    fn read(&self, page: &mut dyn Read, question: &Question<'_>, gatherings: &mut Gatherings<'_>) -> Result<(), String> {
        let files = question.files.ok_or("published files cannot be read here")?;
        let (mapping, sheets) = self.opened(page, question, files)?;
        let mapped = mapping::read(&sheets, self.file(), &mapping, question.framework, files.areas);
        if mapped.figures().next().is_none()
            && let Some(fault) = mapped.faults.first()
        {
            return Err(format!("{}: {}", fault.place, fault.problem));
        }
        for found in mapped.figures() {
            if gatherings.takes(true, found.area.as_str().as_bytes()) {
                gatherings.each(|gathering| {
                    gathering.note("", "", &found.period.to_string());
                    let asking = gathering.asking;
                    Ok((asking.measure.id == found.measure && gathering.area(found.area.as_str()).is_some()).then(|| Figure {
                        measure: found.measure.clone(),
                        area: found.area.clone(),
                        period: found.period,
                        sex: asking.sex,
                        age: asking.age.to_owned(),
                        category: None,
                        value: found.value,
                        // An amount that may mean two things was told when the mapping found it.
                        money: Money::OwnUnit,
                        // A cell's number has no written form of its own.
                        decimals: None,
                        numerator: found.numerator,
                        denominator: found.denominator,
                        limits: found.limits,
                        limits_998: None,
                        published_comparison: None,
                        published_trend: None,
                        note: found.note.clone(),
                        indicator: mapped.title.clone(),
                        line: 0,
                        place: format!("sheet {}, {}", found.sheet, cells_in_words(&found.cell)),
                        page: 0,
                    }))
                });
            }
        }
        gatherings.find(mapped.faults);
        Ok(())
    }
}

fn sheets(page: &mut dyn Read, file: &str, files: Files<'_>) -> Result<Vec<Sheet>, String> {
    let limit = files.limits.max_file_mb.saturating_mul(1024 * 1024);
    let mut bytes = Vec::new();
    page.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| format!("the file cannot be read: {e}"))?;
    if bytes.len() as u64 > limit {
        return Err(format!("the file is larger than {} MB (returns.max_file_mb)", files.limits.max_file_mb));
    }
    let opened = mapping::sheets(&bytes, file, files.reading, files.limits);
    opened.map_err(|fault| format!("{}: {}", fault.place, fault.problem))
}
