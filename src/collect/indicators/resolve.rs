//! From an answer to what it gives: read, written down in the archive, and where it came to nothing stood in for by the
//! last good one.

use super::collector::Reading;
use super::description::changed_ages;
use super::fetch::{Ask, Page, Unanswered};
use super::query::Question;
use super::{Indicators, Means, source, vintage};
use crate::archive::{Archive, FetchRecord};
use crate::collect::{IndicatorOutcome, Wanted};

/// What came for a question, and what each measure finds in it.
struct Heard<'p> {
    /// None where nothing came.
    pages: &'p [Page],
    readings: Result<Vec<Reading>, Unanswered>,
}

/// What becomes of the answer that `ask` gave to these questions, which all put the same requests: one for each of them.
///
/// The answer is good where some measure of theirs finds a figure. Only where there is no good answer does an earlier one
/// stand in, for all of them: so the archive alone tells later what stood when.
pub(super) async fn conclude(
    questions: &[&Question<'_>],
    ask: &Ask,
    answer: &Result<Vec<Page>, Unanswered>,
    wanted: &Wanted<'_>,
    means: &Means<'_>,
) -> Vec<Indicators> {
    let archive = means.archive;
    let heard = questions.iter().map(|question| question.hear(answer, wanted, archive));
    let heard: Vec<(&Question<'_>, Heard<'_>)> = questions.iter().copied().zip(heard).collect();
    let (Ask::Live(live), Some(first)) = (ask, questions.first()) else {
        return heard.into_iter().map(|(question, heard)| question.tell(heard)).collect();
    };
    let requests = first.requests.as_deref().unwrap_or_default();
    let kind = first.source.map(source::of);
    let earlier = Ask::Archived(live.archived.clone()).answer(requests, kind.as_deref(), archive, means.now).await;
    let faults: Option<Vec<Unanswered>> = heard.iter().map(|(_, heard)| heard.fault()).collect();
    write_down(answer.as_deref().unwrap_or_default(), faults.as_deref().and_then(<[_]>::first), means);
    let conclude = |(at, (question, heard)): (usize, (&Question<'_>, Heard<'_>))| match &faults {
        None => question.tell_with_changes(heard, &earlier, wanted, archive),
        Some(faults) => question.stand_in(heard, &faults[at], &earlier, wanted, archive),
    };
    heard.into_iter().enumerate().map(conclude).collect()
}

impl Question<'_> {
    fn hear<'p>(&self, answer: &'p Result<Vec<Page>, Unanswered>, wanted: &Wanted<'_>, archive: &Archive) -> Heard<'p> {
        match answer {
            Ok(pages) => Heard { readings: self.read(pages, wanted, archive), pages },
            Err(unanswered) => Heard { pages: &[], readings: Err(unanswered.clone()) },
        }
    }

    fn tell(&self, heard: Heard<'_>) -> Indicators {
        match heard.readings {
            Ok(readings) => self.receive(heard.pages, readings),
            Err(unanswered) => self.without(unanswered),
        }
    }

    /// With what the answer says otherwise than the last good one before it.
    fn tell_with_changes(
        &self,
        heard: Heard<'_>,
        earlier: &Result<Vec<Page>, Unanswered>,
        wanted: &Wanted<'_>,
        archive: &Archive,
    ) -> Indicators {
        let sums = |pages: &[Page]| pages.iter().map(|page| page.answer.sha256.clone()).collect::<Vec<_>>();
        let mut changes = Vec::new();
        let mut findings = Vec::new();
        if let (Ok(earlier), Ok(new)) = (earlier, &heard.readings)
            && sums(earlier) != sums(heard.pages)
            && let Some(since) = earlier.first().map(|page| page.retrieved)
            && let Ok(old) = self.read(earlier, wanted, archive)
        {
            changes = vintage::changes(&old, new, since);
            findings = changed_ages(self, &old, new);
        }
        let told = self.tell(heard);
        findings.extend(told.findings);
        Indicators { changes, findings, ..told }
    }

    fn stand_in(
        &self,
        heard: Heard<'_>,
        fault: &Unanswered,
        earlier: &Result<Vec<Page>, Unanswered>,
        wanted: &Wanted<'_>,
        archive: &Archive,
    ) -> Indicators {
        match earlier {
            Ok(pages) => match self.read(pages, wanted, archive) {
                Ok(readings) if in_vain(&readings).is_none() => {
                    let mut pages = pages.clone();
                    pages.iter_mut().for_each(|page| page.instead_of = Some(fault.reason().to_owned()));
                    self.receive(&pages, readings)
                }
                _ => self.tell(heard),
            },
            // There is one, but it cannot stand in.
            Err(Unanswered { outcome: IndicatorOutcome::Failed { reason }, .. }) => {
                self.without(Unanswered::failed(&fault.url, format!("{}; {reason}", fault.reason())))
            }
            Err(_) => self.tell(heard),
        }
    }
}

impl Heard<'_> {
    /// Why not one measure is served; none where some is.
    fn fault(&self) -> Option<Unanswered> {
        match &self.readings {
            Ok(readings) => {
                let url = self.pages.first().map_or("", |page| page.url.as_str());
                in_vain(readings).map(|reason| Unanswered::failed(url, reason))
            }
            Err(unanswered) => Some(unanswered.clone()),
        }
    }
}

/// Writes each address that answered down with its answer, and with what is wrong with it; or the one that did not.
fn write_down(pages: &[Page], fault: Option<&Unanswered>, means: &Means<'_>) {
    let reason = fault.map(|fault| fault.reason().to_owned());
    let answered = |page: &Page| FetchRecord {
        url: page.url.clone(),
        at: page.retrieved,
        answer: Some(page.answer.clone()),
        fault: reason.clone(),
    };
    let mut fetches: Vec<FetchRecord> = pages.iter().map(answered).collect();
    if let Some(fault) = fault.filter(|_| fetches.is_empty()) {
        fetches.push(FetchRecord { url: fault.url.clone(), at: means.now, answer: None, fault: reason.clone() });
    }
    for asked in fetches {
        if let Err(error) = means.archive.log_fetch(&asked) {
            // The figures are good all the same; the next run may miss that they came.
            tracing::warn!(url = asked.url, %error, "the archive cannot note an answer");
        }
    }
}

/// Why not one measure finds a figure: the first reason; none where some does.
fn in_vain(readings: &[Reading]) -> Option<&str> {
    if readings.iter().any(|reading| reading.figures.is_ok()) {
        return None;
    }
    readings.iter().find_map(|reading| reading.figures.as_ref().err()).map(String::as_str)
}
