//! Answers out of the archive, for a run without a network and where a source fails.

use crate::archive::Archive;
use crate::collect::indicators::fetch_error::{FetchError, FetchProblem};
use crate::collect::indicators::page::ResponsePage;
use crate::collect::indicators::transport::address::BaseAddress;
use crate::collect::indicators::transport::credentials::Credentials;
use crate::settings::Source;
use jiff::civil::Date;

/// What a live source answered earlier.
#[derive(Debug, Clone)]
pub(in crate::collect::indicators) struct ArchivedSource {
    base: BaseAddress,
    pub credentials: Credentials,
    publisher: String,
    licence: String,
    /// The day on which the answer is to have stood.
    by: Date,
    stale_after_days: u32,
}

impl ArchivedSource {
    pub fn new(base: BaseAddress, credentials: Credentials, source: &Source, by: Date, stale_after_days: u32) -> Self {
        let (publisher, licence) = (source.publisher.clone(), source.licence.clone());
        Self { base, credentials, publisher, licence, by, stale_after_days }
    }

    /// The last good answer to `request`; why the source itself gave none after it, where that was so.
    ///
    /// # Errors
    /// No answer, or one that is too old to speak of that day.
    pub fn page(&self, request: &str, archive: &Archive) -> Result<ResponsePage, FetchError> {
        let url = self.base.join(request).map_err(|reason| FetchError::new(request, FetchProblem::Unaskable(reason)))?;
        let Some((asked, instead_of)) = archive.answer_as_of(url.as_str(), self.by) else {
            return Err(FetchError::new(url, FetchProblem::NotArchived));
        };
        let day = asked.day();
        if self.by.since(day).is_ok_and(|age| age.get_days() > i32::try_from(self.stale_after_days).unwrap_or(i32::MAX)) {
            return Err(FetchError::new(url, FetchProblem::Stale { day, days: self.stale_after_days }));
        }
        let Some(answer) = asked.answer else { return Err(FetchError::new(url, FetchProblem::ArchiveDamaged)) };
        Ok(ResponsePage {
            request: request.to_owned(),
            url: url.to_string(),
            retrieved: asked.at,
            answer,
            publisher: self.publisher.clone(),
            licence: self.licence.clone(),
            instead_of,
        })
    }

    /// Whether the archive has a good answer to `request` of that day or later.
    pub fn is_fresh(&self, request: &str, since: Date, archive: &Archive) -> bool {
        let Ok(url) = self.base.join(request) else { return false };
        let fetches = archive.fetches(url.as_str());
        fetches.iter().any(|asked| asked.day() >= since && asked.good().is_some_and(|answer| archive.has_answer(&answer.sha256)))
    }
}
