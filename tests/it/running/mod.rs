//! Runs: by hand and on schedule, whole and cut off.

mod earlier_versions;
mod health;
mod ledger_files;
mod logs;
mod manual_commands;
mod purge_during_runs;
mod rehearsal;
mod resumed;
mod retention;
mod run;
mod schedule;
mod schedule_decade;
mod schedule_next;
mod serving;
