//! Looking for an indicator among those that the sources describe.

use crate::collect::RunScope;
use crate::collect::indicators::description::Description;
use crate::collect::indicators::fetch::{Fetcher, Hosts};
use crate::collect::indicators::options::FetchSetup;
use crate::collect::indicators::page::ResponsePage;
use crate::collect::indicators::plan::questions;
use crate::collect::indicators::source::IndicatorSource;
use crate::collect::indicators::{describe, registry};
use crate::settings::Source;
use jiff::Timestamp;

/// More than a person looks through.
const MOST_FOUND: usize = 200;

/// What was found, and where it could not be looked for.
#[derive(Debug, Clone, Default)]
pub struct FoundIndicators {
    pub indicators: Vec<FoundIndicator>,
    /// Sources that describe their indicators and could not be asked, with why.
    pub failures: Vec<String>,
    /// How many descriptions were looked through.
    pub of: usize,
    /// True where more were found than are given.
    pub clipped: bool,
}

/// An indicator that a source describes.
#[derive(Debug, Clone)]
pub struct FoundIndicator {
    /// The source's name in the settings.
    pub source: String,
    pub publisher: String,
    pub description: Description,
    /// When the source said so.
    pub retrieved: Timestamp,
}

/// Finds the indicators whose id, name or definition has every one of `words`, whatever their case.
///
/// Each source is asked for all that it describes; where it fails, or nothing is to be asked, what the archive has is looked
/// through.
pub async fn search_indicators(words: &[String], wanted: &RunScope<'_>, means: &FetchSetup<'_>) -> FoundIndicators {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let mut found = FoundIndicators::default();
    let mut hosts = Hosts::new();
    for (name, source) in means.sources {
        let kind = registry::source_of(source);
        let Some(request) = kind.describing_all() else { continue };
        let ask = Fetcher::of(Some(source), means.fetch, wanted.as_at, &mut hosts);
        let pages = match pages(&ask, request, &*kind, means).await {
            Ok(pages) => pages,
            Err(reason) => {
                found.failures.push(format!("{}: {reason}", source.publisher));
                of_framework(&ask, name, &*kind, wanted, means).await
            }
        };
        for page in pages {
            look_through(&page, name, source, &*kind, &words, means, &mut found);
        }
    }
    found
}

async fn pages(
    ask: &Fetcher,
    request: String,
    kind: &dyn IndicatorSource,
    means: &FetchSetup<'_>,
) -> Result<Vec<ResponsePage>, String> {
    let requests = [request];
    match (ask.answer(&requests, Some(kind), means.archive, means.now).await, ask) {
        (Ok(pages), _) => {
            if let Fetcher::Live(_) = ask {
                pages.iter().for_each(|page| describe::note(page, None, means.archive));
            }
            Ok(pages)
        }
        (Err(unanswered), Fetcher::Live(live)) => {
            let earlier = Fetcher::Archived(live.archived.clone()).answer(&requests, Some(kind), means.archive, means.now).await;
            earlier.map_err(|_| unanswered.to_string())
        }
        (Err(unanswered), _) => Err(unanswered.to_string()),
    }
}

/// What is kept of the descriptions of the framework's own indicators.
async fn of_framework(
    ask: &Fetcher,
    name: &str,
    kind: &dyn IndicatorSource,
    wanted: &RunScope<'_>,
    means: &FetchSetup<'_>,
) -> Vec<ResponsePage> {
    let ask = match ask {
        Fetcher::Live(live) => Fetcher::Archived(live.archived.clone()),
        other => other.clone(),
    };
    let mut indicators: Vec<&str> = Vec::new();
    for question in questions(wanted.framework, means, &[]).iter().filter(|question| question.source_name == name) {
        if !indicators.contains(&question.indicator) {
            indicators.push(question.indicator);
        }
    }
    let mut pages = Vec::new();
    for request in indicators.into_iter().filter_map(|indicator| kind.describing(indicator)) {
        pages.extend(ask.answer(&[request], Some(kind), means.archive, means.now).await.unwrap_or_default());
    }
    pages
}

fn look_through(
    page: &ResponsePage,
    name: &str,
    source: &Source,
    kind: &dyn IndicatorSource,
    words: &[String],
    means: &FetchSetup<'_>,
    found: &mut FoundIndicators,
) {
    let mut each = |description: Description| {
        found.of += 1;
        let text = format!("{} {} {}", description.indicator, description.name, description.definition).to_lowercase();
        if !words.iter().all(|word| text.contains(word)) {
            return;
        }
        if found.indicators.len() == MOST_FOUND {
            found.clipped = true;
            return;
        }
        found.indicators.push(FoundIndicator {
            source: name.to_owned(),
            publisher: source.publisher.clone(),
            description,
            retrieved: page.retrieved,
        });
    };
    let read = page.open(means.archive).and_then(|mut body| kind.describe(&mut body, &mut each));
    if let Err(reason) = read {
        found.failures.push(format!("{}: {reason}", source.publisher));
    }
}
