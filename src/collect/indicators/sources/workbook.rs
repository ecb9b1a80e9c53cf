//! A published file in its publisher's own layout, .xlsx, .ods, .xls or CSV, read through a mapping (docs/mappings.md).

use crate::collect::indicators::collector::AnswerCollector;
use crate::collect::indicators::figure::AnswerFigure;
use crate::collect::indicators::options::Files;
use crate::collect::indicators::query::{MeasureQuery, SourceQuery};
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::source::IndicatorSource;
use crate::collect::mapping::{self, Mapping};
use crate::collect::value_markers::Money;
use crate::fault::Fault;
use crate::figure::{Observation, cells_in_words};
use crate::framework::Framework;
use crate::settings;
use std::io::Read;
use workbook_reader::Sheet;

pub(in crate::collect::indicators) struct Workbook(pub settings::Workbook);

impl Workbook {
    fn opened(
        &self,
        page: &mut dyn Read,
        question: &SourceQuery<'_>,
        files: Files<'_>,
    ) -> Result<(Mapping, Vec<Sheet>), AnswerError> {
        let mapping = mapping::load(files.config, &self.0.mapping, question.framework, files.areas);
        let mapping = mapping.map_err(|faults| AnswerError::PublishedFile(faults.to_string()))?;
        Ok((mapping, sheets(page, self.file(), files)?))
    }

    /// The file's name without its folders.
    fn file(&self) -> &str {
        self.0.file.rsplit('/').next().unwrap_or_default()
    }
}

impl IndicatorSource for Workbook {
    fn requests(&self, _asking: &MeasureQuery<'_>, _framework: &Framework) -> Result<Vec<Vec<String>>, String> {
        Ok(vec![vec![self.0.file.clone()]])
    }

    /// A file is one page.
    fn after(&self, _page: &mut dyn Read, _asked: &str) -> Result<Option<String>, AnswerError> {
        Ok(None)
    }

    /// The mapping says which figure is of which measure; the measures' indicator only names what they come from.
    fn read(
        &self,
        page: &mut dyn Read,
        question: &SourceQuery<'_>,
        collector: &mut AnswerCollector<'_>,
    ) -> Result<(), AnswerError> {
        let files = question.files.ok_or_else(no_files)?;
        let (mapping, sheets) = self.opened(page, question, files)?;
        let mapped = mapping::read(&sheets, self.file(), &mapping, question.framework, files.areas);
        if mapped.figures().next().is_none()
            && let Some(fault) = mapped.faults.first()
        {
            return Err(at_fault(&fault.place, &fault.problem));
        }
        for found in mapped.figures() {
            if collector.takes(true, found.area.as_str().as_bytes()) {
                collector.each(|measure| {
                    measure.note("", "", &found.period.to_string());
                    let query = measure.query;
                    if query.measure.id != found.measure || measure.area(found.area.as_str()).is_none() {
                        return Ok(None);
                    }
                    let place = format!("sheet {}, {}", found.sheet, cells_in_words(&found.cell));
                    let observation = Observation {
                        measure: found.measure.clone(),
                        area: found.area.clone(),
                        period: found.period,
                        sex: query.sex,
                        age: query.age.to_owned(),
                        category: None,
                        value: found.value,
                        // A cell's number has no written form of its own.
                        decimals: None,
                        numerator: found.numerator,
                        denominator: found.denominator,
                        limits: found.limits,
                        limits_998: None,
                        published_comparison: None,
                        published_trend: None,
                        note: found.note.clone(),
                        illustrative: false,
                        provenance: measure.provenance(mapped.title.clone(), 0, place),
                    };
                    // An amount that may mean two things was told when the mapping found it.
                    Ok(Some(AnswerFigure { observation, money: Money::OwnUnit, page: 0 }))
                });
            }
        }
        collector.find(mapped.faults);
        Ok(())
    }

    fn unmet(
        &self,
        page: &mut dyn Read,
        question: &SourceQuery<'_>,
        _collector: &mut AnswerCollector<'_>,
    ) -> Result<Vec<Fault>, AnswerError> {
        let files = question.files.ok_or_else(no_files)?;
        // A mapping with faults has them told by itself.
        let loaded = mapping::load(files.config, &self.0.mapping, question.framework, files.areas);
        let Ok(mapping) = loaded else { return Ok(Vec::new()) };
        let sheets = sheets(page, self.file(), files)?;
        Ok(mapping::unmet(&sheets, self.file(), &mapping, question.framework, files.areas))
    }
}

fn sheets(page: &mut dyn Read, file: &str, files: Files<'_>) -> Result<Vec<Sheet>, AnswerError> {
    let limit = files.limits.max_file_mb.saturating_mul(1024 * 1024);
    let mut bytes = Vec::new();
    page.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|e| AnswerError::PublishedFile(format!("the file cannot be read: {e}")))?;
    if bytes.len() as u64 > limit {
        let problem = format!("the file is larger than {} MB (returns.max_file_mb)", files.limits.max_file_mb);
        return Err(AnswerError::PublishedFile(problem));
    }
    let opened = mapping::sheets(&bytes, file, files.reading, files.limits);
    opened.map_err(|fault| at_fault(&fault.place, &fault.problem))
}

fn at_fault(place: &str, problem: &str) -> AnswerError {
    AnswerError::PublishedFile(format!("{place}: {problem}"))
}

fn no_files() -> AnswerError {
    AnswerError::PublishedFile("published files cannot be read here".to_owned())
}
