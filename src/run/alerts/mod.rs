//! Telling the operators what needs them: one message for all that was met, and the same once a day.

mod of_run;
mod of_schedules;
mod operator_alerts;

pub use operator_alerts::OperatorAlerts;
pub(crate) use operator_alerts::of_ledger;
