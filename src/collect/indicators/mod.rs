//! Public indicators: the framework's questions put to their sources, live or recorded, and the answers read.
//!
//! One question's failure never stops the others, and the order of the figures does not depend on which answer comes first.

mod client;
mod fingertips;
mod gather;
mod lines;
mod question;
mod recordings;
mod table;

use super::{Archive, IndicatorOutcome, IndicatorReceipt, Observation, Provenance, Wanted};
use crate::framework::MeasureId;
use crate::settings::{Fetch, Source, SourceKind};
use client::Client;
use gather::Reading;
use jiff::Timestamp;
use question::{Question, questions};
use recordings::Recordings;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// All that the public sources answered.
#[derive(Debug, Clone, Default)]
pub struct Indicators {
    /// In the order of the questions, then of the lines of their answers.
    pub observations: Vec<Observation>,
    /// One a question, in the order in which the framework first asks it; two where a question served some of its
    /// measures and not others.
    pub receipts: Vec<IndicatorReceipt>,
}

/// What a source gave back, live or recorded: readers cannot tell which.
#[derive(Debug, Clone)]
struct Answer {
    bytes: Vec<u8>,
    /// The address asked, or the request and the file of its recording.
    url: String,
    retrieved: Timestamp,
    publisher: String,
    licence: String,
}

/// Why a question has no answer, and where it was asked.
#[derive(Debug, Clone)]
struct Unanswered {
    url: String,
    outcome: IndicatorOutcome,
}

impl Unanswered {
    fn failed(url: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { url: url.into(), outcome: IndicatorOutcome::Failed { reason: reason.into() } }
    }

    fn not_available(url: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { url: url.into(), outcome: IndicatorOutcome::NotAvailable { reason: reason.into() } }
    }
}

/// Where a source's answers come from.
enum Ask {
    Live(Arc<Client>),
    Recorded(Recordings),
    Nowhere(Unanswered),
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
    let questions = questions(wanted.framework, sources);
    let mut asks: BTreeMap<&str, Ask> = BTreeMap::new();
    for question in &questions {
        asks.entry(question.source_name).or_insert_with(|| ask_of(question.source, fetch));
    }
    let total = questions.len();
    let mut parts: Vec<Indicators> = vec![Indicators::default(); total];
    let mut done = 0;
    let mut under_way = JoinSet::new();
    let permits = Arc::new(Semaphore::new(fetch.concurrency.max(1)));
    for (index, question) in questions.iter().enumerate() {
        let answer = match (&question.request, asks.get(question.source_name)) {
            (Err(reason), _) => Err(Unanswered::failed("", reason)),
            (Ok(request), Some(Ask::Recorded(recordings))) => recordings.answer(request, fetch.max_answer_mb),
            (Ok(request), Some(Ask::Live(client))) => {
                let (client, request, permits) = (Arc::clone(client), request.clone(), Arc::clone(&permits));
                under_way.spawn(async move {
                    let _permit = permits.acquire_owned().await.expect("the semaphore is never closed");
                    (index, client.ask(&request, now).await)
                });
                continue;
            }
            (Ok(_), Some(Ask::Nowhere(unanswered))) => Err(unanswered.clone()),
            (Ok(_), None) => Err(Unanswered::not_available("", "the source is not set up")),
        };
        parts[index] = question.conclude(answer, wanted, archive);
        done += 1;
        progress(done, total);
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

fn ask_of(source: Option<&Source>, fetch: &Fetch) -> Ask {
    let Some(source) = source else {
        let reason = "the settings have no source of that name; add it under [sources]";
        return Ask::Nowhere(Unanswered::not_available("", reason));
    };
    match source.base_url.as_deref() {
        None => {
            let reason = "the source has no base_url in the settings: no address and no folder of recordings";
            Ask::Nowhere(Unanswered::not_available("", reason))
        }
        Some(base) if base.starts_with("http://") || base.starts_with("https://") => match Client::new(base, source, fetch) {
            Ok(client) => Ask::Live(Arc::new(client)),
            Err(reason) => Ask::Nowhere(Unanswered::failed("", reason)),
        },
        Some(folder) => match Recordings::open(Path::new(folder), source) {
            Ok(recordings) => Ask::Recorded(recordings),
            Err(reason) => Ask::Nowhere(Unanswered::failed("", reason)),
        },
    }
}

impl Question<'_> {
    /// Archives and reads an answer; what went wrong becomes a receipt.
    fn conclude(&self, answer: Result<Answer, Unanswered>, wanted: &Wanted<'_>, archive: &Archive) -> Indicators {
        let without = |unanswered| Indicators { observations: Vec::new(), receipts: vec![self.unanswered(unanswered)] };
        let nothing = |url: String, reason: String| without(Unanswered::failed(url, reason));
        let answer = match answer {
            Ok(answer) => answer,
            Err(unanswered) => return without(unanswered),
        };
        let sha256 = match archive.keep(&answer.bytes) {
            Ok(sha256) => sha256,
            Err(error) => return nothing(answer.url, format!("the answer could not be kept in the archive: {error}")),
        };
        let read = match self.source.map(|source| (source, source.kind)) {
            Some((_, SourceKind::Fingertips)) => fingertips::read(&answer.bytes, self, wanted),
            Some((source, SourceKind::Table)) => table::read(&answer.bytes, self, source, wanted),
            None => Err("the settings have no source of that name".to_owned()),
        };
        let readings = match read {
            Ok(readings) => readings,
            Err(reason) => return nothing(answer.url, reason),
        };
        self.receive(readings, &answer, &sha256)
    }

    fn receive(&self, readings: Vec<Reading>, answer: &Answer, sha256: &str) -> Indicators {
        let mut part = Indicators::default();
        let mut served = Vec::new();
        for reading in readings {
            match reading.figures {
                Ok(figures) => {
                    served.push(reading.measure);
                    part.observations.extend(figures.into_iter().map(|figure| {
                        figure.into_observation(|indicator, line| Provenance::Answer {
                            publisher: answer.publisher.clone(),
                            indicator,
                            url: answer.url.clone(),
                            retrieved: answer.retrieved,
                            sha256: sha256.to_owned(),
                            line,
                        })
                    }));
                }
                Err(reason) => {
                    let measures = vec![reading.measure];
                    part.receipts.push(IndicatorReceipt {
                        publisher: answer.publisher.clone(),
                        ..self.receipt(measures, answer.url.clone(), IndicatorOutcome::Failed { reason })
                    });
                }
            }
        }
        if !served.is_empty() {
            let outcome = IndicatorOutcome::Received {
                retrieved: answer.retrieved,
                sha256: sha256.to_owned(),
                figures: part.observations.iter().filter(|o| o.value.number().is_some()).count(),
                licence: answer.licence.clone(),
            };
            let received =
                IndicatorReceipt { publisher: answer.publisher.clone(), ..self.receipt(served, answer.url.clone(), outcome) };
            part.receipts.insert(0, received);
        }
        part
    }

    fn unanswered(&self, Unanswered { url, outcome }: Unanswered) -> IndicatorReceipt {
        let measures = self.measures.iter().map(|m| m.measure.id.clone()).collect();
        self.receipt(measures, url, outcome)
    }

    fn receipt(&self, measures: Vec<MeasureId>, url: String, outcome: IndicatorOutcome) -> IndicatorReceipt {
        IndicatorReceipt {
            source: self.source_name.to_owned(),
            publisher: self.source.map(|source| source.publisher.clone()).unwrap_or_default(),
            indicator: self.indicator.to_owned(),
            measures,
            url: if url.is_empty() { self.request.clone().unwrap_or_default() } else { url },
            outcome,
        }
    }
}

/// England comes with every area type that is asked for; the first of the same figure stands.
fn without_repeats(observations: &mut Vec<Observation>) {
    let mut seen = std::collections::BTreeSet::new();
    observations.retain(|o| seen.insert((o.measure.clone(), o.area.clone(), o.period, o.sex, o.age.clone(), o.category.clone())));
}
