//! What every stage of a run of the pack works with.

use super::request::{Request, To};
use super::run_request::RunRequest;
use crate::evaluate::Evaluation;
use crate::period::Period;
use crate::run::alerts::OperatorAlerts;
use crate::run::checkpoints::Checkpoints;
use crate::run::error::RunError;
use crate::run::issues::Issues;
use crate::run::lease::Lease;
use crate::run::loaded_config::LoadedConfig;
use crate::run::mail_config::MailConfig;
use crate::run::message_kinds::{self, INTERIM, PACK};
use crate::run::progress::Progress;
use crate::run::stop;
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError, RunId};
use jiff::{Timestamp, civil::Date};

/// What every stage of a run needs.
pub(in crate::run) struct Stages<'a> {
    pub(in crate::run) settings: &'a Settings,
    pub(in crate::run) materials: &'a LoadedConfig,
    pub(in crate::run) request: &'a Request,
    pub(in crate::run) now: fn() -> Timestamp,
    pub(in crate::run) progress: &'a dyn Progress,
    pub(in crate::run) ledger: &'a Ledger,
    pub(in crate::run) lease: &'a Lease,
    pub(in crate::run) memory: Checkpoints<'a>,
    pub(in crate::run) run: RunId,
    pub(in crate::run) period: Period,
    pub(in crate::run) as_at: Date,
    pub(in crate::run) asked: RunRequest,
    /// Before it was cut off.
    pub(in crate::run) finished: Vec<String>,
}

impl Stages<'_> {
    pub(in crate::run) fn teller(&self) -> OperatorAlerts<'_> {
        let &Stages { settings, materials, ledger, period, now, .. } = self;
        OperatorAlerts::new(settings, materials, ledger, period, &self.request.trigger, now)
    }

    /// None where nothing is to be sent.
    pub(in crate::run) fn mail(&self) -> Option<&MailConfig> {
        self.materials.mail.as_ref().filter(|_| !matches!(self.request.recipients, To::Nobody))
    }

    pub(in crate::run) fn has_finished(&self, stage: &str) -> bool {
        self.finished.iter().any(|finished| finished == stage)
    }

    /// The last pack of an earlier quarter, sent before made.
    pub(in crate::run) async fn last_pack(&self) -> Result<Option<(RunId, Period)>, LedgerError> {
        self.ledger.last_pack_before(self.period, PACK, [PACK, INTERIM]).await
    }

    /// Whether what is made is sent as an interim pack: after the final one there is none.
    pub(in crate::run) async fn goes_out_as_interim(&self, evaluation: &Evaluation) -> Result<bool, LedgerError> {
        Ok(evaluation.interim && self.issues(false).await?.are_unread())
    }

    /// What was sent of the quarter, as interim packs or as final ones.
    pub(in crate::run) async fn issues(&self, interim: bool) -> Result<Issues, LedgerError> {
        Issues::of(self.ledger, self.period, message_kinds::of_pack(interim), self.settings.mail.transport.reaches_people()).await
    }

    pub(in crate::run) async fn ended(&self, name: &str, detail: &str) -> Result<(), RunError> {
        self.ledger.end_stage(self.run, name, detail, (self.now)()).await?;
        self.progress.stage_ends(name, detail);
        stop::check()
    }
}
