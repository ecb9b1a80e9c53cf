//! The first stage: what came in.

use super::pack_run::PackRun;
use super::readers::PackReaders;
use crate::collect::Collection;
use crate::run::assess;
use crate::run::checkpoints::COLLECT;
use crate::run::env::Env;
use crate::run::error::RunError;
use crate::run::return_cycle::look::look_and_record;
use crate::run::return_cycle::messages::send_receipts;
use crate::run::return_cycle::notice::Notice;
use crate::run::stop;

/// What came of looking for returns, beside the returns.
#[derive(Default)]
pub(super) struct Came {
    /// What partners were told.
    pub told: Vec<Notice>,
    /// Files of other quarters that lie in the inbox, and what could not be filed.
    pub other_files: Vec<String>,
}

impl PackRun<'_> {
    /// What came in, and what came of looking for it.
    pub(super) async fn collect(&self) -> Result<(Collection, Came), RunError> {
        self.env.progress.stage_starts(COLLECT);
        let &Env { settings, config, period, as_at, .. } = self.env;
        let looked = look_and_record(self.env, self.started.run).await?;
        // A run that a person sends elsewhere, or nowhere, tells partners nothing.
        let told = match self.job.recipients {
            PackReaders::List(_) => send_receipts(self.env, self.started.run, &looked).await?,
            PackReaders::Nobody | PackReaders::These(_) | PackReaders::Operators => Vec::new(),
        };
        let other_files = looked.other_files(period);
        let wanted = assess::wanted(config, period, as_at);
        let setup = self.env.setup();
        let collecting = assess::collect(&setup, &wanted, looked.returns);
        let mut collection = stop::or(collecting).await?;
        collection.findings.extend(looked.unread);
        collection.lost_returns = looked.lost;
        self.env.ledger.record_inputs(self.started.run, &collection).await?;
        assess::at_least_one_figure(&collection, settings, (period, as_at))?;
        self.checkpoints.save(COLLECT, &collection).await?;
        self.ended(COLLECT, &assess::collected(&collection, config, period, as_at)).await?;
        Ok((collection, Came { told, other_files }))
    }
}
