//! The packs that somebody may have read, and what a person has decided about those of which nobody knows any more what they
//! showed.

use super::{Ledger, LedgerError, RunId, lineage};
use crate::period::{Period, YearKind};
use jiff::Timestamp;
use sqlx::AssertSqlSafe;

/// A pack that somebody may have read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownPack {
    /// The run that made it or, where nobody knows that, the one in which the ledger took its messages in.
    pub run: RunId,
    pub period: Period,
    /// It is known which run made it.
    pub is_of_run: bool,
    /// What it showed may be lost: a person has decided so.
    pub may_be_lost: bool,
}

/// What a person has decided about what is hidden, in place of what was lost.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HidingDecision {
    /// The quarter of the pack whose loss was accepted; empty where another secret was.
    pub period: String,
    /// The run that made that pack.
    pub run_id: i64,
    pub at: String,
    pub by: String,
    pub reason: String,
}

/// The runs whose packs somebody may have read: of each quarter the last that made some, and all that somebody has, or may have;
/// those with the kind and the quarter of the message.
pub(super) const SHOWN: &str = "
    sent AS (SELECT run_id, kind, period FROM message WHERE state IN ('accepted', 'sending', 'unknown')),
    shown AS (SELECT MAX(run.id) AS run_id, run.pack, run.period, NULL AS kind_sent, NULL AS period_sent
              FROM run JOIN stage ON stage.run_id = run.id AND stage.name = 'render'
              WHERE run.ended_at IS NOT NULL AND run.outcome_kind <> 'failed' GROUP BY run.pack, run.period
              UNION ALL
              SELECT run.id, run.pack, run.period, sent.kind, sent.period FROM run JOIN sent ON sent.run_id = run.id)";

impl Ledger {
    /// The losses and the secrets that were accepted, the first decided first.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn hiding_decisions(&self) -> Result<Vec<HidingDecision>, LedgerError> {
        // A secret that a ledger took in with the record is nobody's decision.
        let sql = "SELECT period, run_id, accepted_at AS at, accepted_by AS \"by\", reason FROM accepted_loss
                   UNION ALL
                   SELECT '', 0, taken_at, taken_by, reason FROM disclosure_secret
                   WHERE taken_by <> '' AND taken_at NOT IN (SELECT started_at FROM run WHERE pack = $1)
                   ORDER BY 3, 2, 1";
        Ok(sqlx::query_as(sql).bind(lineage::ADOPTION).fetch_all(&self.pool).await?)
    }

    /// The packs that may have been read before one of `period` is made now, in the order in which they were made: the last of
    /// each earlier quarter, and all that somebody has, or may have. `kinds` are the messages that carry one.
    ///
    /// # Errors
    /// See [`LedgerError`], here and below.
    pub async fn packs_shown(&self, period: Period, pack: &str, kinds: [&str; 4]) -> Result<Vec<ShownPack>, LedgerError> {
        let sql = format!(
            "WITH {SHOWN},
                  before_now AS (SELECT DISTINCT run_id, CASE pack WHEN $1 THEN period ELSE period_sent END AS period,
                                        pack = $1 AS is_of_run
                                 FROM shown WHERE kind_sent IN ($3, $4, $5, $6) OR kind_sent IS NULL AND pack = $1 AND period < $2)
             SELECT run_id, period, is_of_run,
                    EXISTS (SELECT 1 FROM accepted_loss AS loss WHERE loss.run_id = before_now.run_id AND loss.period = before_now.period)
             FROM before_now ORDER BY run_id, period"
        );
        let rows: Vec<(i64, String, bool, bool)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(pack)
            .bind(period.slug())
            .bind(kinds[0])
            .bind(kinds[1])
            .bind(kinds[2])
            .bind(kinds[3])
            .fetch_all(&self.pool)
            .await?;
        let read = |(id, slug, is_of_run, may_be_lost): (i64, String, bool, bool)| {
            let period = Period::parse(&slug, YearKind::Financial)
                .map_err(|e| LedgerError::Unreadable { place: format!("run {id}"), problem: e.to_string() })?;
            Ok(ShownPack { run: RunId(id), period, is_of_run, may_be_lost })
        };
        rows.into_iter().map(read).collect()
    }

    /// Records that packs go out though what this one showed is lost, because `by` says so.
    pub async fn accept_loss(
        &self,
        ShownPack { run, period, .. }: ShownPack,
        (by, reason): (&str, &str),
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let sql = "INSERT INTO accepted_loss (run_id, period, accepted_at, accepted_by, reason) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT DO NOTHING";
        sqlx::query(sql).bind(run.0).bind(period.slug()).bind(now.to_string()).bind(by).bind(reason).execute(&self.pool).await?;
        Ok(())
    }
}
