//! What the code must know of a kind of public source, and all that it must know: how a question becomes requests, and how
//! an answer becomes figures. Fetching, the archive, recordings and receipts are the same for every kind.
//!
//! ARCHITECTURE.md says what a new kind needs.

use crate::collect::indicators::collector::AnswerCollector;
use crate::collect::indicators::description::Description;
use crate::collect::indicators::query::{MeasureQuery, SourceQuery};
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::fault::Fault;
use crate::framework::Framework;
use std::io::Read;

pub(super) trait IndicatorSource: Send + Sync {
    /// What is asked for one measure: one entry for each answer, and in it the requests for the pages that are known
    /// beforehand. A request is the rest of an address below the source's base, the same text for the same question:
    /// recordings and the archive find answers by it, and measures with the same requests share one answer.
    ///
    /// # Errors
    /// Why nothing can be asked: what the framework or the settings lack.
    fn requests(&self, asking: &MeasureQuery<'_>, framework: &Framework) -> Result<Vec<Vec<String>>, String>;

    /// The request for the page that follows this one, which answered `asked`: an address below the base, or a whole one
    /// on the same host. None where it is the last.
    ///
    /// # Errors
    /// A body that is no such page.
    fn after(&self, page: &mut dyn Read, asked: &str) -> Result<Option<String>, AnswerError>;

    /// The request for what the source says of an indicator; none where it says nothing.
    fn describing(&self, _indicator: &str) -> Option<String> {
        None
    }

    /// The request for what it says of all of them.
    fn describing_all(&self) -> Option<String> {
        None
    }

    /// Reads an answer to either, and gives each description to `each`.
    ///
    /// # Errors
    /// A body that is no such answer.
    fn describe(&self, _page: &mut dyn Read, _each: &mut dyn FnMut(Description)) -> Result<(), AnswerError> {
        Ok(())
    }

    /// Reads one page, unpacked, to its end, and adds to `collector` what fits the measures of the question. The source
    /// may give more than was asked: what does not fit is left out here.
    ///
    /// # Errors
    /// A body that is no such answer. What is wrong for one measure only is told to its collector.
    fn read(
        &self,
        page: &mut dyn Read,
        question: &SourceQuery<'_>,
        collector: &mut AnswerCollector<'_>,
    ) -> Result<(), AnswerError>;

    /// Reads one page to try the settings out: what they look for in it and do not find, beyond what makes it no answer.
    ///
    /// # Errors
    /// As [`IndicatorSource::read`].
    fn unmet(
        &self,
        page: &mut dyn Read,
        question: &SourceQuery<'_>,
        collector: &mut AnswerCollector<'_>,
    ) -> Result<Vec<Fault>, AnswerError> {
        self.read(page, question, collector).map(|()| Vec::new())
    }
}
