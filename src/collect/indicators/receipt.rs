//! Reading the answer to a question, and saying what became of it.

use super::Indicators;
use super::collector::{Figure, Gatherings, Reading};
use super::credentials::Credentials;
use super::fetch::{Page, Unanswered};
use super::query::Question;
use super::record::Recordable;
use super::source;
use super::spread::{At, Found};
use crate::archive::Archive;
use crate::collect::{Distribution, IndicatorOutcome, IndicatorReceipt, Wanted};
use crate::figure::{Observation, Provenance};
use crate::framework::MeasureId;

impl Question<'_> {
    /// # Errors
    /// A page that is no such answer.
    pub fn read(&self, pages: &[Page], wanted: &Wanted<'_>, archive: &Archive) -> Result<Vec<Reading>, Unanswered> {
        let Some(source) = self.source else { return Err(Unanswered::not_available("", "the source is not set up")) };
        let mut gatherings = Gatherings::of(self, wanted);
        // An answer that cannot be used is quoted, and may say the secret back.
        let credentials = Credentials::of(source).unwrap_or_default();
        for (number, page) in pages.iter().enumerate() {
            gatherings.turn_to(number, &page.url);
            page.open(archive)
                .and_then(|mut body| source::of(source).read(&mut body, self, &mut gatherings))
                .map_err(|reason| Unanswered::failed(&page.url, credentials.hidden(&reason)))?;
        }
        Ok(gatherings.finish())
    }

    /// A receipt for each page with figures, and one for each measure without.
    pub fn receive(&self, pages: &[Page], readings: Vec<Reading>) -> Indicators {
        let mut served = Vec::new();
        let mut without = Vec::new();
        let mut figures: Vec<Figure> = Vec::new();
        let mut findings = Vec::new();
        let mut distributions = Vec::new();
        for Reading { measure, figures: found, findings: told, distribution: of_all } in readings {
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
                    figures: of_page().filter(|figure| figure.value.number().is_some()).count(),
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
        let observations = figures.into_iter().filter_map(|figure| observation(figure, pages)).collect();
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
    fn recordable(&self, pages: &[Page]) -> Vec<Recordable> {
        let of = |page: &Page| Recordable {
            source: self.source_name.to_owned(),
            indicator: self.indicator.to_owned(),
            page: page.clone(),
        };
        pages.iter().map(of).collect()
    }

    pub fn without(&self, unanswered: Unanswered) -> Indicators {
        Indicators { receipts: vec![self.unanswered(unanswered)], ..Indicators::default() }
    }

    fn unanswered(&self, Unanswered { url, outcome }: Unanswered) -> IndicatorReceipt {
        let measures = self.measures.iter().map(|m| m.measure.id.clone()).collect();
        let first = self.requests.iter().flatten().next();
        self.receipt(measures, first.filter(|_| url.is_empty()).unwrap_or(&url), outcome)
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

fn observation(figure: Figure, pages: &[Page]) -> Option<Observation> {
    let provenance = pages.get(figure.page)?.provenance(figure.indicator.clone(), figure.line, figure.place.clone());
    Some(figure.into_observation(provenance))
}

fn distribution(found: Found, pages: &[Page]) -> Option<Distribution> {
    let At { line, page, indicator } = found.first.clone();
    let provenance = pages.get(page)?.provenance(indicator, line, String::new());
    Some(found.into_distribution(provenance))
}

impl Page {
    fn provenance(&self, indicator: String, line: u64, place: String) -> Provenance {
        Provenance::Answer {
            publisher: self.publisher.clone(),
            indicator,
            url: self.url.clone(),
            retrieved: self.retrieved,
            sha256: self.answer.sha256.clone(),
            line,
            place,
        }
    }
}
