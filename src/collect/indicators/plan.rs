//! Which questions the framework puts to which sources.

use crate::collect::indicators::options::{FetchSetup, Files};
use crate::collect::indicators::query::{MeasureQuery, SourceQuery};
use crate::collect::indicators::registry::source_of;
use crate::framework::{Framework, MeasureId};
use crate::settings::Source;
use std::collections::BTreeMap;

/// The questions in the order in which the framework first asks them; measures with the same requests share one. Where
/// `only` names measures, theirs and those that the same answers serve.
pub(super) fn questions<'a>(framework: &'a Framework, means: &FetchSetup<'a>, only: &[MeasureId]) -> Vec<SourceQuery<'a>> {
    let mut questions = questions_of(framework, means.sources, means.files);
    if !only.is_empty() {
        let is_named = |question: &&SourceQuery<'_>| question.measures.iter().any(|asking| only.contains(&asking.measure.id));
        let named: Vec<_> = questions.iter().filter(is_named).map(|q| (q.source_name, q.requests.clone())).collect();
        questions.retain(|question| named.iter().any(|(name, of)| *name == question.source_name && *of == question.requests));
    }
    questions
}

/// Every question that the framework puts to these sources.
pub(super) fn questions_of<'a>(
    framework: &'a Framework,
    sources: &'a BTreeMap<String, Source>,
    files: Option<Files<'a>>,
) -> Vec<SourceQuery<'a>> {
    let mut questions: Vec<SourceQuery<'a>> = Vec::new();
    for asking in framework.measures.iter().filter_map(MeasureQuery::of) {
        let MeasureQuery { source: source_name, indicator, .. } = asking;
        let source = sources.get(source_name);
        for requests in requests(&asking, source, framework) {
            let like =
                |q: &&mut SourceQuery<'_>| q.source_name == source_name && q.indicator == indicator && q.requests == requests;
            match questions.iter_mut().find(like) {
                Some(question) => question.measures.push(asking),
                None => questions.push(SourceQuery {
                    source_name,
                    source,
                    indicator,
                    requests,
                    measures: vec![asking],
                    framework,
                    files,
                }),
            }
        }
    }
    questions
}

fn requests(asking: &MeasureQuery<'_>, source: Option<&Source>, framework: &Framework) -> Vec<Result<Vec<String>, String>> {
    // That there is no such source is told when it is asked.
    let Some(source) = source else { return vec![Ok(Vec::new())] };
    match source_of(source).requests(asking, framework) {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        Err(reason) => vec![Err(reason)],
    }
}
