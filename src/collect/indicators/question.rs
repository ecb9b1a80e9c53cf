//! Which questions the framework puts to which sources.

use crate::framework::{Framework, Measure, Source as MeasureSource};
use crate::settings::{Source, SourceKind};
use crate::value::Sex;
use std::collections::BTreeMap;

/// One request, with the measures that its answer serves.
#[derive(Debug)]
pub(super) struct Question<'a> {
    /// The source's name in the settings.
    pub source_name: &'a str,
    /// None where the settings have no such source.
    pub source: Option<&'a Source>,
    /// The source's own id of the indicator.
    pub indicator: &'a str,
    /// What is asked, below the source's base; or why nothing can be.
    pub request: Result<String, String>,
    pub measures: Vec<Asking<'a>>,
}

/// A measure with what it wants of an indicator.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking<'a> {
    pub measure: &'a Measure,
    pub indicator: &'a str,
    pub sex: Sex,
    /// The source's own label; any where empty.
    pub age: &'a str,
    /// Length of a period in years.
    pub years: i32,
}

/// Fingertips' id of England as an area type, the parent of every other.
const ENGLAND: u32 = 15;

/// The questions in the order in which the framework first asks them; measures of one indicator and area type share one.
pub(super) fn questions<'a>(framework: &'a Framework, sources: &'a BTreeMap<String, Source>) -> Vec<Question<'a>> {
    let mut questions: Vec<Question<'a>> = Vec::new();
    for measure in &framework.measures {
        let MeasureSource::Indicator { source: name, indicator, sex, age, years, area_types } = &measure.source else { continue };
        let source = sources.get(name);
        let asking = Asking { measure, indicator, sex: *sex, age, years: *years };
        for request in requests(measure, indicator, area_types, source) {
            match questions.iter_mut().find(|q| q.source_name == name && q.indicator == indicator && q.request == request) {
                Some(question) => question.measures.push(asking),
                None => questions.push(Question { source_name: name, source, indicator, request, measures: vec![asking] }),
            }
        }
    }
    questions
}

fn requests(measure: &Measure, indicator: &str, area_types: &[u32], source: Option<&Source>) -> Vec<Result<String, String>> {
    match source.map(|source| (source.kind, source.file.as_deref())) {
        Some((SourceKind::Fingertips, _)) if area_types.is_empty() => {
            vec![Err(format!("{} names no area_types, and without one the source answers with every area there is", measure.id))]
        }
        // The order of the parameters is fixed: recordings are found by this text.
        Some((SourceKind::Fingertips, _)) => area_types
            .iter()
            .map(|area_type| {
                Ok(format!(
                    "all_data/csv/by_indicator_id?indicator_ids={}&child_area_type_id={area_type}&parent_area_type_id={ENGLAND}",
                    escaped(indicator)
                ))
            })
            .collect(),
        Some((SourceKind::Table, Some(file))) => vec![Ok(file.to_owned())],
        Some((SourceKind::Table, None)) => vec![Err("the source names no file in the settings".to_owned())],
        // Told when it is asked.
        None => vec![Ok(String::new())],
    }
}

/// An id is a number; anything else must not add parameters of its own.
fn escaped(indicator: &str) -> String {
    indicator.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
