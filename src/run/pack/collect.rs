//! The first stage: what came in.

use super::request::To;
use super::stages::Stages;
use crate::collect::Collection;
use crate::run::assess;
use crate::run::checkpoints::COLLECT;
use crate::run::error::RunError;
use crate::run::return_cycle::{Round, Told};
use crate::run::stop;

/// What came of looking for returns, beside the returns.
#[derive(Default)]
pub(super) struct Came {
    /// What partners were told.
    pub told: Vec<Told>,
    /// Files of other quarters that lie in the inbox, and what could not be filed.
    pub other_files: Vec<String>,
}

impl Stages<'_> {
    /// What came in, and what came of looking for it.
    pub(super) async fn collect(&self) -> Result<(Collection, Came), RunError> {
        self.progress.stage_starts(COLLECT);
        let &Stages { settings, materials, ledger, period, as_at, now, .. } = self;
        let round = Round { settings, materials, ledger, period, as_at, now };
        let looked = round.look_and_record(self.run).await?;
        // A run that a person sends elsewhere, or nowhere, tells partners nothing.
        let told = match self.request.recipients {
            To::List(_) => round.send_receipts(self.run, &looked).await?,
            To::Nobody | To::These(_) | To::Operators => Vec::new(),
        };
        let other_files = looked.other_files(period);
        let wanted = assess::wanted(materials, period, as_at);
        let collecting = assess::collect(settings, self.materials, &wanted, looked.returns, now, self.progress);
        let mut collection = stop::or(collecting).await?;
        collection.findings.extend(looked.unread);
        collection.lost_returns = looked.lost;
        self.ledger.record_inputs(self.run, &collection).await?;
        assess::at_least_one_figure(&collection, self.settings, self.period)?;
        self.memory.save(COLLECT, &collection).await?;
        self.ended(COLLECT, &assess::collected(&collection, materials, period, as_at)).await?;
        Ok((collection, Came { told, other_files }))
    }
}
