//! Reading the answer to a question, and saying what became of it.

use super::Indicators;
use super::answer::{Answer, Page, Unanswered};
use super::gather::{Figure, Gatherings, Reading};
use super::kind;
use super::question::Question;
use crate::collect::{Archive, IndicatorOutcome, IndicatorReceipt, Observation, Provenance, Wanted};
use crate::framework::MeasureId;

impl Question<'_> {
    /// Reads an answer; what went wrong becomes a receipt.
    pub fn conclude(&self, answer: Result<Answer, Unanswered>, wanted: &Wanted<'_>, archive: &Archive) -> Indicators {
        match answer {
            Ok(answer) => match self.read(&answer, wanted, archive) {
                Ok(readings) => self.receive(readings, &answer),
                Err(unanswered) => self.without(unanswered),
            },
            Err(unanswered) => self.without(unanswered),
        }
    }

    /// # Errors
    /// A page that is no such answer.
    fn read(&self, answer: &Answer, wanted: &Wanted<'_>, archive: &Archive) -> Result<Vec<Reading>, Unanswered> {
        let Some(source) = self.source else { return Err(Unanswered::not_available("", "the source is not set up")) };
        let mut gatherings = Gatherings::of(self, wanted);
        for (number, page) in answer.pages.iter().enumerate() {
            gatherings.page = number;
            page.open(archive)
                .and_then(|mut body| kind::of(source).read(&mut body, self, &mut gatherings))
                .map_err(|reason| Unanswered::failed(&page.url, reason))?;
        }
        Ok(gatherings.finish())
    }

    /// A receipt for each page with figures, and one for each measure without.
    fn receive(&self, readings: Vec<Reading>, answer: &Answer) -> Indicators {
        let mut served = Vec::new();
        let mut without = Vec::new();
        let mut figures: Vec<Figure> = Vec::new();
        for Reading { measure, figures: found } in readings {
            match found {
                Ok(found) => {
                    served.push(measure);
                    figures.extend(found);
                }
                Err(reason) => without.push((measure, reason)),
            }
        }
        let mut receipts = Vec::new();
        for (number, page) in answer.pages.iter().enumerate() {
            let of_page = || figures.iter().filter(|figure| figure.page == number);
            if of_page().next().is_some() {
                let outcome = IndicatorOutcome::Received {
                    retrieved: page.retrieved,
                    sha256: page.kept.sha256.clone(),
                    figures: of_page().filter(|figure| figure.value.number().is_some()).count(),
                    licence: answer.licence.clone(),
                };
                receipts.push(self.receipt(served.clone(), &page.url, outcome));
            }
        }
        let first = answer.pages.first().map_or("", |page| page.url.as_str());
        receipts.extend(
            without.into_iter().map(|(measure, reason)| self.receipt(vec![measure], first, IndicatorOutcome::Failed { reason })),
        );
        for receipt in &mut receipts {
            receipt.publisher.clone_from(&answer.publisher);
        }
        let observations = figures.into_iter().filter_map(|figure| observation(figure, answer)).collect();
        Indicators { observations, receipts }
    }

    fn without(&self, unanswered: Unanswered) -> Indicators {
        Indicators { observations: Vec::new(), receipts: vec![self.unanswered(unanswered)] }
    }

    pub fn unanswered(&self, Unanswered { url, outcome }: Unanswered) -> IndicatorReceipt {
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

fn observation(figure: Figure, answer: &Answer) -> Option<Observation> {
    let Page { url, retrieved, kept } = answer.pages.get(figure.page)?;
    let provenance = Provenance::Answer {
        publisher: answer.publisher.clone(),
        indicator: figure.indicator.clone(),
        url: url.clone(),
        retrieved: *retrieved,
        sha256: kept.sha256.clone(),
        line: figure.line,
    };
    Some(figure.into_observation(provenance))
}
