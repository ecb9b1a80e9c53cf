//! Runs: by hand and on schedule, whole and cut off.

mod by_hand;
mod earlier_versions;
mod health;
mod keeping;
mod ledger_files;
mod logs;
mod purge_beside_runs;
mod rehearsal;
mod resumed;
mod run;
mod schedule;
mod schedule_decade;
mod schedule_next;
mod serving;
