//! Reading the answer to a question, and saying what became of it.

use crate::archive::Archive;
use crate::collect::indicators::collected::{Indicators, RecordedPage};
use crate::collect::indicators::collector::AnswerCollector;
use crate::collect::indicators::fetch_error::{FetchError, FetchProblem};
use crate::collect::indicators::figure::{AnswerFigure, At, FoundDistribution, MeasureFigures};
use crate::collect::indicators::page::ResponsePage;
use crate::collect::indicators::query::SourceQuery;
use crate::collect::indicators::registry;
use crate::collect::indicators::transport::credentials::Credentials;
use crate::collect::{Distribution, IndicatorOutcome, IndicatorReceipt, RunScope};
use crate::framework::MeasureId;

impl SourceQuery<'_> {
    /// # Errors
    /// A page that is no such answer.
    pub fn read(
        &self,
        pages: &[ResponsePage],
        wanted: &RunScope<'_>,
        archive: &Archive,
    ) -> Result<Vec<MeasureFigures>, FetchError> {
        let Some(source) = self.source else { return Err(FetchError::new("", FetchProblem::NotSetUp)) };
        let mut collector = AnswerCollector::of(self, wanted);
        // An answer that cannot be used is quoted, and may say the secret back.
        let credentials = Credentials::of(source).unwrap_or_default();
        for (number, page) in pages.iter().enumerate() {
            collector.turn_to(number, page.origin());
            page.open(archive).and_then(|mut body| registry::source_of(source).read(&mut body, self, &mut collector)).map_err(
                |reason| FetchError::new(&page.url, FetchProblem::Unreadable(credentials.hidden(&reason.to_string()))),
            )?;
        }
        Ok(collector.finish())
    }

    /// A receipt for each page with figures, and one for each measure without.
    pub fn receive(&self, pages: &[ResponsePage], readings: Vec<MeasureFigures>) -> Indicators {
        let mut served = Vec::new();
        let mut without = Vec::new();
        let mut figures: Vec<AnswerFigure> = Vec::new();
        let mut findings = Vec::new();
        let mut distributions = Vec::new();
        for MeasureFigures { measure, figures: found, findings: told, distribution: of_all } in readings {
            findings.extend(told);
            distributions.extend(of_all.and_then(|found| distribution(found, pages)));
            match found {
                Ok(found) => {
                    served.push(measure);
                    figures.extend(found);
                }
                Err(reason) => without.push((measure, reason)),
            }
        }
        let mut receipts = Vec::new();
        for (number, page) in pages.iter().enumerate() {
            let of_page = || figures.iter().filter(|figure| figure.page == number);
            if of_page().next().is_some() {
                let outcome = IndicatorOutcome::Received {
                    retrieved: page.retrieved,
                    sha256: page.answer.sha256.clone(),
                    figures: of_page().filter(|figure| figure.observation.value.number().is_some()).count(),
                    licence: page.licence.clone(),
                    instead_of: page.instead_of.clone(),
                };
                receipts.push(self.receipt(served.clone(), &page.url, outcome));
            }
        }
        let first = pages.first().map_or("", |page| page.url.as_str());
        receipts.extend(
            without.into_iter().map(|(measure, reason)| self.receipt(vec![measure], first, IndicatorOutcome::Failed { reason })),
        );
        if let Some(page) = pages.first() {
            receipts.iter_mut().for_each(|receipt| receipt.publisher.clone_from(&page.publisher));
        }
        let observations = figures.into_iter().map(|figure| figure.observation).collect();
        Indicators {
            observations,
            distributions,
            receipts,
            findings,
            pages: if served.is_empty() { Vec::new() } else { self.recordable(pages) },
            ..Indicators::default()
        }
    }

    /// The pages with what tells recordings of them apart.
    fn recordable(&self, pages: &[ResponsePage]) -> Vec<RecordedPage> {
        let of = |page: &ResponsePage| RecordedPage {
            source: self.source_name.to_owned(),
            indicator: self.indicator.to_owned(),
            page: page.clone(),
        };
        pages.iter().map(of).collect()
    }

    /// A receipt of why there is no answer.
    pub fn without(&self, unanswered: FetchError) -> Indicators {
        Indicators { receipts: vec![self.unanswered(&unanswered)], ..Indicators::default() }
    }

    fn unanswered(&self, error: &FetchError) -> IndicatorReceipt {
        let measures = self.measures.iter().map(|m| m.measure.id.clone()).collect();
        let first = self.requests.iter().flatten().next();
        self.receipt(measures, first.filter(|_| error.url.is_empty()).unwrap_or(&error.url), error.outcome())
    }

    fn receipt(&self, measures: Vec<MeasureId>, url: &str, outcome: IndicatorOutcome) -> IndicatorReceipt {
        IndicatorReceipt {
            source: self.source_name.to_owned(),
            publisher: self.source.map(|source| source.publisher.clone()).unwrap_or_default(),
            indicator: self.indicator.to_owned(),
            measures,
            url: url.to_owned(),
            outcome,
        }
    }
}

fn distribution(found: FoundDistribution, pages: &[ResponsePage]) -> Option<Distribution> {
    let At { line, page, indicator } = found.first.clone();
    let provenance = pages.get(page)?.origin().provenance(indicator, line, String::new());
    Some(found.into_distribution(provenance))
}
