//! What every stage of a run of the pack works with.

use super::job::PackJob;
use super::readers::PackReaders;
use super::run_request::RunRequest;
use crate::evaluate::Evaluation;
use crate::period::Period;
use crate::run::alerts::OperatorAlerts;
use crate::run::checkpoints::Checkpoints;
use crate::run::env::Env;
use crate::run::error::RunError;
use crate::run::issues::Issues;
use crate::run::job::StartedRun;
use crate::run::mail_config::MailConfig;
use crate::run::message_kinds::{self, INTERIM, PACK};
use crate::run::stop;
use crate::store::{LedgerError, RunId};

/// What every stage of a run needs.
pub(in crate::run) struct PackRun<'a> {
    pub(in crate::run) env: &'a Env<'a>,
    pub(in crate::run) job: &'a PackJob,
    pub(in crate::run) started: &'a StartedRun,
    /// By which it is done.
    pub(in crate::run) asked: RunRequest,
    pub(in crate::run) checkpoints: Checkpoints<'a>,
}

impl PackRun<'_> {
    pub(super) fn alerts<'t>(&'t self) -> OperatorAlerts<'t> {
        let &Env { settings, config, ledger, period, now, .. } = self.env;
        OperatorAlerts::new(settings, config, ledger, period, &self.started.trigger, now)
    }

    /// None where nothing is to be sent.
    pub(in crate::run) fn mail(&self) -> Option<&MailConfig> {
        self.env.config.mail.as_ref().filter(|_| !matches!(self.job.recipients, PackReaders::Nobody))
    }

    pub(in crate::run) fn has_finished(&self, stage: &str) -> bool {
        self.started.finished.iter().any(|finished| finished == stage)
    }

    /// The last pack of an earlier quarter, sent before made.
    pub(in crate::run) async fn last_pack(&self) -> Result<Option<(RunId, Period)>, LedgerError> {
        self.env.ledger.last_pack_before(self.env.period, PACK, [PACK, INTERIM]).await
    }

    /// Whether what is made is sent as an interim pack: after the final one there is none.
    pub(in crate::run) async fn goes_out_as_interim(&self, evaluation: &Evaluation) -> Result<bool, LedgerError> {
        Ok(evaluation.interim && self.issues(false).await?.are_unread())
    }

    /// What was sent of the quarter, as interim packs or as final ones.
    pub(in crate::run) async fn issues(&self, interim: bool) -> Result<Issues, LedgerError> {
        Issues::of(
            self.env.ledger,
            self.env.period,
            message_kinds::of_pack(interim),
            self.env.settings.mail.transport.reaches_people(),
        )
        .await
    }

    pub(in crate::run) async fn ended(&self, name: &str, detail: &str) -> Result<(), RunError> {
        self.env.ledger.end_stage(self.started.run, name, detail, (self.env.now)()).await?;
        self.env.progress.stage_ends(name, detail);
        stop::check()
    }
}
