//! The ledger's overview as Prometheus reads it (text format 0.0.4). All are gauges: a ledger that is replaced or purged
//! may count less than before.

use super::watched::Watched;
use crate::store::{LedgerError, MessageState, OutcomeKind, Overview};
use jiff::Timestamp;
use std::fmt::Write as _;
use std::sync::PoisonError;

pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Outcomes that are there even where none has come yet, as all states of messages are, so that a rule may rely on them.
const RUNS: [&str; 4] = [OutcomeKind::Done.name(), OutcomeKind::Failed.name(), OutcomeKind::Partial.name(), "unfinished"];

impl Watched {
    /// # Errors
    /// A ledger that cannot be read.
    pub(super) async fn metrics(&self) -> Result<String, LedgerError> {
        let now = (self.now)();
        let beat = self.ledger.last_beat().await?;
        let schedules = self.schedules.read().unwrap_or_else(PoisonError::into_inner).clone();
        let next = schedules.iter().filter_map(|schedule| Some((schedule.name.as_str(), schedule.next_after(now)?)));
        Ok(text(&self.ledger.overview().await?, beat, &next.collect::<Vec<_>>(), now))
    }
}

fn text(overview: &Overview, beat: Option<Timestamp>, next: &[(&str, Timestamp)], now: Timestamp) -> String {
    let age = |at: Timestamp| now.duration_since(at).as_secs_f64();
    let instant = |at: Timestamp| at.as_duration().as_secs_f64();
    let mut text = Text(String::new());
    text.gauge("build_info", "The version that serves.", [(vec![("version", env!("CARGO_PKG_VERSION"))], 1.0)]);
    text.gauge("heartbeat_age_seconds", "Since the server last looked at its schedules.", beat.map(|at| (vec![], age(at))));
    text.gauge("runs", "Runs that the ledger holds, by outcome.", with_zeros(&RUNS, &overview.runs, "outcome"));
    text.gauge(
        "last_run_end_timestamp_seconds",
        "When the last run ended.",
        overview.last_run_ended.map(|at| (vec![], instant(at))),
    );
    text.gauge(
        "stage_duration_seconds",
        "How long each stage took the last time.",
        overview.stages.iter().map(|(stage, seconds)| (vec![("stage", stage.as_str())], *seconds)),
    );
    text.gauge(
        "returns",
        "Partners' returns in the last collection, by outcome.",
        overview.returns.iter().map(|(outcome, count)| (vec![("outcome", outcome.as_str())], *count as f64)),
    );
    text.gauge(
        "indicator_age_seconds",
        "Since the figures of the last collection or fetch came from their public source.",
        overview
            .indicators
            .iter()
            .map(|(source, indicator, at)| (vec![("source", source.as_str()), ("indicator", indicator.as_str())], age(*at))),
    );
    let mut states = MessageState::ALL.map(MessageState::name);
    states.sort_unstable();
    text.gauge("messages", "Messages, by state.", with_zeros(&states, &overview.messages, "state"));
    text.gauge(
        "occurrences",
        "Occurrences of schedules, by outcome.",
        overview.occurrences.iter().map(|(schedule, outcome, count)| {
            (vec![("schedule", schedule.as_str()), ("outcome", outcome.as_str())], *count as f64)
        }),
    );
    text.gauge(
        "next_due_timestamp_seconds",
        "When each schedule is due next.",
        next.iter().map(|(schedule, at)| (vec![("schedule", *schedule)], instant(*at))),
    );
    text.0
}

type Sample<'a> = (Vec<(&'static str, &'a str)>, f64);

/// The counts of the words, and those of any other word that there is.
fn with_zeros<'a>(words: &[&'static str], counts: &'a [(String, i64)], label: &'static str) -> Vec<Sample<'a>> {
    let counted = |word: &str| counts.iter().find(|(counted, _)| counted == word).map_or(0, |(_, count)| *count);
    let others = counts.iter().filter(|(word, _)| !words.contains(&word.as_str()));
    words
        .iter()
        .map(|word| (vec![(label, *word)], counted(word) as f64))
        .chain(others.map(|(word, count)| (vec![(label, word.as_str())], *count as f64)))
        .collect()
}

struct Text(String);

impl Text {
    /// A family of samples; none where there is nothing to tell yet.
    fn gauge<'a>(&mut self, name: &str, help: &str, samples: impl IntoIterator<Item = Sample<'a>>) {
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_none() {
            return;
        }
        let text = &mut self.0;
        let _ = writeln!(text, "# HELP boardpack_{name} {help}\n# TYPE boardpack_{name} gauge");
        for (labels, value) in samples {
            let labels: Vec<String> = labels.iter().map(|(label, word)| format!("{label}=\"{}\"", escaped(word))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(text, "boardpack_{name}{labels} {value}");
        }
    }
}

/// A label's value between its quotation marks.
fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metric_labels_are_escaped() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let overview = Overview {
            runs: vec![("done".to_owned(), 3), ("odd".to_owned(), 1)],
            stages: vec![("collect".to_owned(), 1.5)],
            indicators: vec![("a\"b\\c\nd".to_owned(), "90366".to_owned(), at(100))],
            ..Overview::default()
        };
        let text = text(&overview, Some(at(990)), &[("quarterly", at(2000))], at(1000));
        for line in [
            "# TYPE boardpack_runs gauge",
            "boardpack_runs{outcome=\"done\"} 3",
            "boardpack_runs{outcome=\"failed\"} 0",
            "boardpack_runs{outcome=\"odd\"} 1",
            "boardpack_stage_duration_seconds{stage=\"collect\"} 1.5",
            "boardpack_indicator_age_seconds{source=\"a\\\"b\\\\c\\nd\",indicator=\"90366\"} 900",
            "boardpack_messages{state=\"unknown\"} 0",
            "boardpack_heartbeat_age_seconds 10",
            "boardpack_next_due_timestamp_seconds{schedule=\"quarterly\"} 2000",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in:\n{text}");
        }
        assert!(!text.contains("boardpack_returns"), "a family without a sample:\n{text}");
    }
}
