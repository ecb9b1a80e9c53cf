//! From the framework's questions to all that public sources answer.

use crate::collect::RunScope;
use crate::collect::indicators::collected::Indicators;
use crate::collect::indicators::fetch::{Fetcher, Hosts};
use crate::collect::indicators::fetch_error::{FetchError, FetchProblem};
use crate::collect::indicators::options::FetchSetup;
use crate::collect::indicators::plan::questions;
use crate::collect::indicators::query::SourceQuery;
use crate::collect::indicators::registry::source_of;
use crate::collect::indicators::{describe, resolve};
use crate::figure::{FigureKey, Observation};
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// Puts the questions of the framework to their sources and reads the answers.
///
/// A source that fails is stood in for by its last good answer. `progress` is told how many questions of how many are done,
/// and which was the last. Must be run on a tokio runtime with time and I/O.
pub async fn collect_indicators(
    wanted: &RunScope<'_>,
    means: &FetchSetup<'_>,
    progress: &(dyn Fn(usize, usize, &str) + Sync),
) -> Indicators {
    let questions = questions(wanted.framework, means, means.only);
    let mut hosts = Hosts::new();
    let mut asks: BTreeMap<&str, Fetcher> = BTreeMap::new();
    for question in &questions {
        let ask = || Fetcher::of(question.source, means.fetch, wanted.as_at, &mut hosts);
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
            Err(reason) => conclude(index, question.without(FetchError::new("", FetchProblem::Unaskable(reason.clone())))),
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
        let kind = questions[members[0]].source.map(source_of);
        let (requests, archive, now) = (requests.to_vec(), means.archive.clone(), means.now);
        under_way.spawn(async move {
            let answer = ask.answer(&requests, kind.as_deref(), &archive, now).await;
            (members, ask, answer)
        });
    }
    while let Some(joined) = under_way.join_next().await {
        // A task that panicked leaves its questions without an answer, which is told below.
        if let Ok((members, ask, answer)) = joined {
            let asked: Vec<&SourceQuery<'_>> = members.iter().map(|index| &questions[*index]).collect();
            let concluded = resolve::conclude(&asked, &ask, &answer, wanted, means).await;
            members.into_iter().zip(concluded).for_each(|(index, part)| conclude(index, part));
        }
    }
    let mut all = Indicators::default();
    for (question, part) in questions.iter().zip(parts) {
        let part = part.unwrap_or_else(|| question.without(FetchError::new("", FetchProblem::BrokenOff)));
        all.observations.extend(part.observations);
        all.distributions.extend(part.distributions);
        all.receipts.extend(part.receipts);
        all.changes.extend(part.changes);
        all.findings.extend(part.findings);
        all.pages.extend(part.pages);
    }
    without_repeats(&mut all.observations);
    if means.descriptions {
        all.findings.extend(describe::questions_to_the_admin(&questions, &asks, means).await);
    }
    if !means.only.is_empty() {
        all.keep_only(means.only);
    }
    all
}

/// England comes with every area type that is asked for; the first of the same figure stands.
fn without_repeats(observations: &mut Vec<Observation>) {
    let mut seen = BTreeSet::new();
    observations.retain(|observation| seen.insert(FigureKey::of(observation)));
}
