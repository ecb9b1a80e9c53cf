//! The final pack that follows an interim one which a schedule has sent: it is due once the returns that were awaited are in,
//! or on the day after the last one on which they may come, at the schedule's time of day.

use super::server::Work;
use crate::archive::Archive;
use crate::collect::{RunScope, VersionStanding};
use crate::period::{Period, YearKind};
use crate::run::{final_due_from, known};
use crate::schedule::Schedule;
use crate::store::{LedgerError, RunRow};
use jiff::Timestamp;
use jiff::civil::Date;

/// What a schedule's name has behind it where a final pack is made by it.
const FINAL: &str = " (final)";

/// A final pack of a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FinalDue {
    pub at: Timestamp,
    pub period: Period,
}

/// What the ledger calls the final packs of a schedule.
pub(super) fn name(schedule: &str) -> String {
    format!("{schedule}{FINAL}")
}

/// The schedule by whose occurrence of that name a final pack is made; none for a schedule's own occurrences.
pub(super) fn of_schedule(name: &str) -> Option<&str> {
    name.strip_suffix(FINAL)
}

impl Work {
    /// The final pack that is due by a schedule, where the last that it made is an interim one.
    pub(super) async fn final_due(&self, schedule: &Schedule) -> Result<Option<FinalDue>, LedgerError> {
        let Some(made) = self.server.ledger.last_made_by(&schedule.name).await? else { return Ok(None) };
        let Some(period) = quarter(&made).filter(|_| !made.awaited.is_empty()) else { return Ok(None) };
        let config = &self.on.config;
        let now = (self.server.now)();
        let today = config.as_at.unwrap_or_else(|| now.to_zoned(schedule.time_zone.clone()).date());
        let day = final_due_from(&self.on.settings, &self.server.ledger, period, &made.awaited).await?;
        if today >= day {
            let at = schedule.time_on(day).unwrap_or(now);
            return Ok((config.as_at.is_some() || at <= now).then_some(FinalDue { at, period }));
        }
        let versions = self.server.ledger.versions(period).await?;
        let mut in_since = None;
        for partner in &made.awaited {
            let mut usable = versions
                .iter()
                .filter(|one| one.version.partner == *partner && one.version.standing == VersionStanding::Accepted);
            let Some(last) = usable.next_back() else { return Ok(None) };
            in_since = in_since.max(Some(last.seen_at));
        }
        if !self.is_all_in(period, &made.awaited, today).await? {
            return Ok(None);
        }
        Ok(in_since.map(|at| FinalDue { at, period }))
    }

    /// The partners that were awaited owe nothing any more.
    async fn is_all_in(&self, period: Period, awaited: &[String], today: Date) -> Result<bool, LedgerError> {
        let config = &self.on.config;
        let archive = Archive::new(self.on.settings.paths.archive.clone());
        let (known, _) = known(&self.server.ledger, &archive, &config.framework, period, today).await?;
        let wanted = RunScope { framework: &config.framework, partners: &config.partners, period, as_at: today };
        let mut partners = config.partners.iter().filter(|partner| awaited.contains(&partner.id));
        Ok(partners.all(|partner| known.is_all_in(partner, &wanted, &config.areas)))
    }

    /// The quarter of the packs that a schedule made last.
    pub(super) async fn quarter_made_last(&self, schedule: &Schedule) -> Result<Option<Period>, LedgerError> {
        Ok(self.server.ledger.last_made_by(&schedule.name).await?.as_ref().and_then(quarter))
    }
}

fn quarter(run: &RunRow) -> Option<Period> {
    Period::parse(&run.period, YearKind::Financial).ok()
}
