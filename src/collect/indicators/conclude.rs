//! From an answer to what it gives: read, written down in the archive, and where it came to nothing stood in for by the
//! last good one.

use super::answer::{Ask, Page, Unanswered};
use super::description::changed_ages;
use super::gather::Reading;
use super::question::Question;
use super::{Indicators, Means, kind, vintage};
use crate::collect::{Archive, Asked, IndicatorOutcome, Wanted};

/// What came for a question, and what each measure finds in it.
struct Heard {
    /// None where nothing came.
    pages: Vec<Page>,
    readings: Result<Vec<Reading>, Unanswered>,
}

impl Question<'_> {
    /// What becomes of the answer that `ask` gave.
    pub async fn conclude(
        &self,
        ask: &Ask,
        answer: Result<Vec<Page>, Unanswered>,
        wanted: &Wanted<'_>,
        means: &Means<'_>,
    ) -> Indicators {
        let heard = self.hear(answer, wanted, means.archive);
        let Ask::Live(live) = ask else { return self.tell(heard) };
        let requests = self.requests.as_deref().unwrap_or_default();
        let kind = self.source.map(kind::of);
        let earlier = Ask::Archived(live.archived.clone()).answer(requests, kind.as_deref(), means.archive, means.now).await;
        heard.write_down(means);
        match heard.fault() {
            None => self.tell_with_changes(heard, earlier, wanted, means.archive),
            Some(fault) => self.stand_in(heard, &fault, earlier, wanted, means.archive),
        }
    }

    fn hear(&self, answer: Result<Vec<Page>, Unanswered>, wanted: &Wanted<'_>, archive: &Archive) -> Heard {
        match answer {
            Ok(pages) => Heard { readings: self.read(&pages, wanted, archive), pages },
            Err(unanswered) => Heard { pages: Vec::new(), readings: Err(unanswered) },
        }
    }

    fn tell(&self, heard: Heard) -> Indicators {
        match heard.readings {
            Ok(readings) => self.receive(&heard.pages, readings),
            Err(unanswered) => self.without(unanswered),
        }
    }

    /// With what the answer says otherwise than the last good one before it.
    fn tell_with_changes(
        &self,
        heard: Heard,
        earlier: Result<Vec<Page>, Unanswered>,
        wanted: &Wanted<'_>,
        archive: &Archive,
    ) -> Indicators {
        let sums = |pages: &[Page]| pages.iter().map(|page| page.answer.sha256.clone()).collect::<Vec<_>>();
        let mut changes = Vec::new();
        let mut findings = Vec::new();
        if let (Ok(earlier), Ok(new)) = (earlier, &heard.readings)
            && sums(&earlier) != sums(&heard.pages)
            && let Some(since) = earlier.first().map(|page| page.retrieved)
            && let Ok(old) = self.read(&earlier, wanted, archive)
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
        heard: Heard,
        fault: &Unanswered,
        earlier: Result<Vec<Page>, Unanswered>,
        wanted: &Wanted<'_>,
        archive: &Archive,
    ) -> Indicators {
        match earlier {
            Ok(mut pages) => match self.read(&pages, wanted, archive) {
                Ok(readings) if in_vain(&readings).is_none() => {
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

impl Heard {
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

    /// An address that answered is written down with its answer, and with what is wrong with it.
    fn write_down(&self, means: &Means<'_>) {
        let fault = self.fault();
        let reason = fault.as_ref().map(|fault| fault.reason().to_owned());
        let mut askings: Vec<Asked> = self
            .pages
            .iter()
            .map(|page| Asked {
                url: page.url.clone(),
                at: page.retrieved,
                answer: Some(page.answer.clone()),
                fault: reason.clone(),
            })
            .collect();
        if let Some(fault) = fault.filter(|_| askings.is_empty()) {
            askings.push(Asked { url: fault.url, at: means.now, answer: None, fault: reason });
        }
        for asked in askings {
            if let Err(error) = means.archive.note(&asked) {
                // The figures are good all the same; the next run may miss that they came.
                tracing::warn!(url = asked.url, %error, "the archive cannot note an answer");
            }
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
