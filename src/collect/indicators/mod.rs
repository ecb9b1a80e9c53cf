//! Public indicators: the framework's questions put to their sources, live or recorded, and the answers read.
//!
//! `source` is what a kind of source must know. One question's failure never stops the others, and the order of the figures
//! does not depend on which answer comes first.

mod address;
mod aggregate;
mod api;
mod archived;
mod believed;
mod by_age_band;
mod check;
mod client;
mod collector;
mod column_reader;
mod credentials;
mod csv_rows;
mod dashboard;
mod description;
mod fetch;
mod fingertips;
mod json_rows;
mod query;
mod rate_limit;
mod receipt;
mod record;
mod recordings;
mod repeats;
mod resolve;
mod retry;
mod search;
mod source;
mod spread;
mod table;
mod vintage;
mod workbook;

pub use check::{check_answers, check_pointers, check_sources};
pub use description::Description;
pub(crate) use recordings::Recording;
pub use search::{FoundIndicator, FoundIndicators, search_indicators};
pub use vintage::{Change, Changed};
pub use workbook::Files;

use super::{Distribution, Finding, IndicatorReceipt, Wanted};
use crate::archive::Archive;
use crate::figure::{FigureKey, Observation};
use crate::framework::MeasureId;
use crate::settings::{Fetch, Source};
use fetch::{Ask, Hosts, Unanswered};
use jiff::Timestamp;
use jiff::civil::Date;
use query::{Question, questions};
use record::Recordable;
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// By what means public sources are asked, and what of them.
#[derive(Debug, Clone, Copy)]
pub struct Means<'a> {
    pub sources: &'a BTreeMap<String, Source>,
    pub fetch: &'a Fetch,
    pub archive: &'a Archive,
    /// When live answers count as retrieved.
    pub now: Timestamp,
    /// Only these measures; every one where empty.
    pub only: &'a [MeasureId],
    /// What was answered on this day or later is not asked again but taken from the archive.
    pub since: Option<Date>,
    /// With what published files are read; none where none are.
    pub files: Option<Files<'a>>,
    /// Whether what the sources say of their indicators is asked for too, and held against the framework.
    pub descriptions: bool,
}

impl<'a> Means<'a> {
    /// Everything that the framework asks for, asked now.
    pub fn new(sources: &'a BTreeMap<String, Source>, fetch: &'a Fetch, archive: &'a Archive, now: Timestamp) -> Self {
        Self { sources, fetch, archive, now, only: &[], since: None, files: None, descriptions: false }
    }
}

/// All that the public sources answered.
#[derive(Debug, Clone, Default)]
pub struct Indicators {
    /// In the order of the questions, then of the lines of their answers.
    pub observations: Vec<Observation>,
    /// The figures of all areas of a kind for the latest period, where an answer has them; in the order of the questions.
    pub distributions: Vec<Distribution>,
    /// One for each page of an answer with figures, in the order in which the framework first asks for it; and one for each
    /// measure that an answer does not serve, or for a question without an answer.
    pub receipts: Vec<IndicatorReceipt>,
    /// What live answers say otherwise than the last good ones before them.
    pub changes: Vec<Change>,
    /// What is doubtful or could not be used, and what the admin should look at.
    pub findings: Vec<Finding>,
    /// What was read, for recordings of it.
    pages: Vec<Recordable>,
}

/// Puts the questions of the framework to their sources and reads the answers.
///
/// A source that fails is stood in for by its last good answer. `progress` is told how many questions of how many are done,
/// and which was the last. Must be run on a tokio runtime with time and I/O.
pub async fn collect_indicators(
    wanted: &Wanted<'_>,
    means: &Means<'_>,
    progress: &(dyn Fn(usize, usize, &str) + Sync),
) -> Indicators {
    let questions = questions(wanted.framework, means, means.only);
    let mut hosts = Hosts::new();
    let mut asks: BTreeMap<&str, Ask> = BTreeMap::new();
    for question in &questions {
        let ask = || Ask::of(question.source, means.fetch, wanted.as_at, &mut hosts);
        asks.entry(question.source_name).or_insert_with(ask);
    }
    let total = questions.len();
    let mut parts: Vec<Option<Indicators>> = vec![None; total];
    let mut done = 0;
    let mut conclude = |index: usize, part: Indicators| {
        let question = &questions[index];
        parts[index] = Some(part);
        done += 1;
        let publisher = question.source.map_or(question.source_name, |source| &source.publisher);
        progress(done, total, &format!("{publisher} {}", question.indicator));
    };
    let mut rounds: Vec<(&str, &[String], Vec<usize>)> = Vec::new();
    for (index, question) in questions.iter().enumerate() {
        match &question.requests {
            Err(reason) => conclude(index, question.without(Unanswered::failed("", reason))),
            // A file with several indicators is asked for once.
            Ok(requests) => match rounds.iter_mut().find(|r| (r.0, r.1) == (question.source_name, requests.as_slice())) {
                Some((.., members)) => members.push(index),
                None => rounds.push((question.source_name, requests, vec![index])),
            },
        }
    }
    let mut under_way = JoinSet::new();
    for (source_name, requests, members) in rounds {
        let ask = asks[source_name].unless_fresh(requests, means);
        let kind = questions[members[0]].source.map(source::of);
        let (requests, archive, now) = (requests.to_vec(), means.archive.clone(), means.now);
        under_way.spawn(async move {
            let answer = ask.answer(&requests, kind.as_deref(), &archive, now).await;
            (members, ask, answer)
        });
    }
    while let Some(joined) = under_way.join_next().await {
        // A task that panicked leaves its questions without an answer, which is told below.
        if let Ok((members, ask, answer)) = joined {
            let asked: Vec<&Question<'_>> = members.iter().map(|index| &questions[*index]).collect();
            let concluded = resolve::conclude(&asked, &ask, &answer, wanted, means).await;
            members.into_iter().zip(concluded).for_each(|(index, part)| conclude(index, part));
        }
    }
    let mut all = Indicators::default();
    for (question, part) in questions.iter().zip(parts) {
        let part = part.unwrap_or_else(|| question.without(Unanswered::failed("", "the request broke off; run again")));
        all.observations.extend(part.observations);
        all.distributions.extend(part.distributions);
        all.receipts.extend(part.receipts);
        all.changes.extend(part.changes);
        all.findings.extend(part.findings);
        all.pages.extend(part.pages);
    }
    without_repeats(&mut all.observations);
    if means.descriptions {
        all.findings.extend(description::questions_to_the_admin(&questions, &asks, means).await);
    }
    if !means.only.is_empty() {
        all.keep_only(means.only);
    }
    all
}

impl Indicators {
    /// Leaves out what an answer held for other measures.
    fn keep_only(&mut self, only: &[MeasureId]) {
        self.observations.retain(|observation| only.contains(&observation.measure));
        self.distributions.retain(|distribution| only.contains(&distribution.measure));
        self.receipts.retain(|receipt| receipt.measures.iter().any(|id| only.contains(id)));
        self.changes.retain(|change| only.contains(&change.measure));
    }
}

/// England comes with every area type that is asked for; the first of the same figure stands.
fn without_repeats(observations: &mut Vec<Observation>) {
    let mut seen = BTreeSet::new();
    observations.retain(|observation| seen.insert(FigureKey::of(observation)));
}
