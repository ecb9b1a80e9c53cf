//! From an answer to what it gives: read, written down in the archive, and where it came to nothing stood in for by the
//! last good one.

use crate::archive::{Archive, FetchRecord};
use crate::collect::RunScope;
use crate::collect::indicators::collected::Indicators;
use crate::collect::indicators::describe::changed_ages;
use crate::collect::indicators::fetch::Fetcher;
use crate::collect::indicators::fetch_error::{FetchError, FetchProblem};
use crate::collect::indicators::figure::MeasureFigures;
use crate::collect::indicators::options::FetchSetup;
use crate::collect::indicators::page::ResponsePage;
use crate::collect::indicators::query::SourceQuery;
use crate::collect::indicators::{registry, vintage};

/// What came for a question, and what each measure finds in it.
struct ParsedAnswer<'p> {
    /// None where nothing came.
    pages: &'p [ResponsePage],
    readings: Result<Vec<MeasureFigures>, FetchError>,
}

/// What becomes of the answer that `ask` gave to these questions, which all put the same requests: one for each of them.
///
/// The answer is good where some measure of theirs finds a figure. Only where there is no good answer does an earlier one
/// stand in, for all of them: so the archive alone tells later what stood when.
pub(super) async fn conclude(
    questions: &[&SourceQuery<'_>],
    ask: &Fetcher,
    answer: &Result<Vec<ResponsePage>, FetchError>,
    wanted: &RunScope<'_>,
    means: &FetchSetup<'_>,
) -> Vec<Indicators> {
    let archive = means.archive;
    let parsed = questions.iter().map(|question| question.parse(answer, wanted, archive));
    let parsed: Vec<(&SourceQuery<'_>, ParsedAnswer<'_>)> = questions.iter().copied().zip(parsed).collect();
    let (Fetcher::Live(live), Some(first)) = (ask, questions.first()) else {
        return parsed.into_iter().map(|(question, parsed)| question.report(parsed)).collect();
    };
    let requests = first.requests.as_deref().unwrap_or_default();
    let kind = first.source.map(registry::source_of);
    let earlier = Fetcher::Archived(live.archived.clone()).answer(requests, kind.as_deref(), archive, means.now).await;
    let faults: Option<Vec<FetchError>> = parsed.iter().map(|(_, parsed)| parsed.fault()).collect();
    log_fetches(answer.as_deref().unwrap_or_default(), faults.as_deref().and_then(<[_]>::first), means);
    let conclude = |(at, (question, parsed)): (usize, (&SourceQuery<'_>, ParsedAnswer<'_>))| match &faults {
        None => question.report_with_changes(parsed, &earlier, wanted, archive),
        Some(faults) => question.fall_back_to_archive(parsed, &faults[at], &earlier, wanted, archive),
    };
    parsed.into_iter().enumerate().map(conclude).collect()
}

impl SourceQuery<'_> {
    fn parse<'p>(
        &self,
        answer: &'p Result<Vec<ResponsePage>, FetchError>,
        wanted: &RunScope<'_>,
        archive: &Archive,
    ) -> ParsedAnswer<'p> {
        match answer {
            Ok(pages) => ParsedAnswer { readings: self.read(pages, wanted, archive), pages },
            Err(unanswered) => ParsedAnswer { pages: &[], readings: Err(unanswered.clone()) },
        }
    }

    fn report(&self, parsed: ParsedAnswer<'_>) -> Indicators {
        match parsed.readings {
            Ok(readings) => self.receive(parsed.pages, readings),
            Err(unanswered) => self.without(unanswered),
        }
    }

    /// With what the answer says otherwise than the last good one before it.
    fn report_with_changes(
        &self,
        parsed: ParsedAnswer<'_>,
        earlier: &Result<Vec<ResponsePage>, FetchError>,
        wanted: &RunScope<'_>,
        archive: &Archive,
    ) -> Indicators {
        let sums = |pages: &[ResponsePage]| pages.iter().map(|page| page.answer.sha256.clone()).collect::<Vec<_>>();
        let mut changes = Vec::new();
        let mut findings = Vec::new();
        if let (Ok(earlier), Ok(new)) = (earlier, &parsed.readings)
            && sums(earlier) != sums(parsed.pages)
            && let Some(since) = earlier.first().map(|page| page.retrieved)
            && let Ok(old) = self.read(earlier, wanted, archive)
        {
            changes = vintage::changes(&old, new, since);
            findings = changed_ages(self, &old, new);
        }
        let told = self.report(parsed);
        findings.extend(told.findings);
        Indicators { changes, findings, ..told }
    }

    fn fall_back_to_archive(
        &self,
        parsed: ParsedAnswer<'_>,
        fault: &FetchError,
        earlier: &Result<Vec<ResponsePage>, FetchError>,
        wanted: &RunScope<'_>,
        archive: &Archive,
    ) -> Indicators {
        match earlier {
            Ok(pages) => match self.read(pages, wanted, archive) {
                Ok(readings) if no_figures(&readings).is_none() => {
                    let mut pages = pages.clone();
                    pages.iter_mut().for_each(|page| page.instead_of = Some(fault.to_string()));
                    self.receive(&pages, readings)
                }
                _ => self.report(parsed),
            },
            // There is one, but it cannot stand in.
            Err(earlier) if !earlier.is_not_available() => {
                let (failure, no_fallback) = (Box::new(fault.problem.clone()), Box::new(earlier.problem.clone()));
                self.without(FetchError::new(&fault.url, FetchProblem::NoFallback { failure, no_fallback }))
            }
            Err(_) => self.report(parsed),
        }
    }
}

impl ParsedAnswer<'_> {
    /// Why not one measure is served; none where some is.
    fn fault(&self) -> Option<FetchError> {
        match &self.readings {
            Ok(readings) => {
                let url = self.pages.first().map_or("", |page| page.url.as_str());
                no_figures(readings).map(|reason| FetchError::new(url, FetchProblem::Unreadable(reason.to_owned())))
            }
            Err(unanswered) => Some(unanswered.clone()),
        }
    }
}

/// Writes each address that answered down with its answer, and with what is wrong with it; or the one that did not.
fn log_fetches(pages: &[ResponsePage], fault: Option<&FetchError>, means: &FetchSetup<'_>) {
    let reason = fault.map(|fault| fault.to_string());
    let answered = |page: &ResponsePage| FetchRecord {
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
fn no_figures(readings: &[MeasureFigures]) -> Option<&str> {
    if readings.iter().any(|reading| reading.figures.is_ok()) {
        return None;
    }
    readings.iter().find_map(|reading| reading.figures.as_ref().err()).map(String::as_str)
}
