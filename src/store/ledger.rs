//! The ledger itself: its file, its locks, and what it is worked with.

use super::locks::Locks;
use super::work::LedgerWork;
use sqlx::SqlitePool;
use std::sync::Arc;

pub(super) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("src/store/migrations");

/// An open ledger.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) pool: SqlitePool,
    pub(super) locks: Locks,
    /// None where it is only looked at.
    pub(super) work: Option<Arc<LedgerWork>>,
}
