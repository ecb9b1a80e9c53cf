//! Public indicators: the framework's questions put to their sources, live or recorded, and the answers read.
//!
//! [`kind`] is what a kind of source must know. One question's failure never stops the others, and the order of the figures
//! does not depend on which answer comes first.

mod answer;
mod client;
mod fingertips;
mod gather;
mod kind;
mod lines;
mod question;
mod receipt;
mod recordings;
mod table;

use super::{Archive, IndicatorReceipt, Observation, Wanted};
use crate::settings::{Fetch, Source};
use answer::{Ask, Unanswered};
use jiff::Timestamp;
use question::questions;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// All that the public sources answered.
#[derive(Debug, Clone, Default)]
pub struct Indicators {
    /// In the order of the questions, then of the lines of their answers.
    pub observations: Vec<Observation>,
    /// One for each page of an answer with figures, in the order in which the framework first asks for it; and one for each
    /// measure that an answer does not serve, or for a question without an answer.
    pub receipts: Vec<IndicatorReceipt>,
}

/// Puts every question of the framework to its source and reads the answers.
///
/// `now` is when live answers count as retrieved. `progress` is told how many questions of how many are done. Must be
/// run on a tokio runtime with time and I/O.
pub async fn collect_indicators(
    wanted: &Wanted<'_>,
    sources: &BTreeMap<String, Source>,
    fetch: &Fetch,
    archive: &Archive,
    now: Timestamp,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Indicators {
    let questions = questions(wanted.framework, sources, |_| true);
    let mut asks: BTreeMap<&str, Ask> = BTreeMap::new();
    for question in &questions {
        asks.entry(question.source_name).or_insert_with(|| Ask::of(question.source, fetch));
    }
    let total = questions.len();
    let mut parts: Vec<Indicators> = vec![Indicators::default(); total];
    let mut done = 0;
    let mut under_way = JoinSet::new();
    let permits = Arc::new(Semaphore::new(fetch.concurrency.max(1)));
    for (index, question) in questions.iter().enumerate() {
        let requests = match &question.requests {
            Ok(requests) => requests.clone(),
            Err(reason) => {
                parts[index] = question.conclude(Err(Unanswered::failed("", reason)), wanted, archive);
                done += 1;
                progress(done, total);
                continue;
            }
        };
        let (ask, kind) = (asks[question.source_name].clone(), question.source.map(kind::of));
        let (archive, permits) = (archive.clone(), Arc::clone(&permits));
        under_way.spawn(async move {
            let _permit = permits.acquire_owned().await.expect("the semaphore is never closed");
            (index, ask.answer(&requests, kind, &archive, now).await)
        });
    }
    // A task that panicked leaves its question without an answer, which is told below.
    while let Some(joined) = under_way.join_next().await {
        if let Ok((index, answer)) = joined {
            parts[index] = questions[index].conclude(answer, wanted, archive);
        }
        done += 1;
        progress(done, total);
    }
    let mut all = Indicators::default();
    for (question, part) in questions.iter().zip(parts) {
        if part.receipts.is_empty() {
            all.receipts.push(question.unanswered(Unanswered::failed("", "the request broke off; run again")));
        }
        all.observations.extend(part.observations);
        all.receipts.extend(part.receipts);
    }
    without_repeats(&mut all.observations);
    all
}

/// England comes with every area type that is asked for; the first of the same figure stands.
fn without_repeats(observations: &mut Vec<Observation>) {
    let mut seen = BTreeSet::new();
    observations.retain(|o| seen.insert((o.measure.clone(), o.area.clone(), o.period, o.sex, o.age.clone(), o.category.clone())));
}
