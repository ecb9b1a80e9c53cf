//! `boardpack returns extend`: one partner has longer than the others for its return of a quarter.

use super::arguments;
use crate::cli::{Failure, Sources, clock, exit, ledger, on_record, quarter, start_logging};
use crate::framework;
use crate::period::Period;
use crate::run::{self, parse_date};
use crate::store::Extension;
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    /// The partner's id
    partner: String,
    /// The new deadline, such as 2026-11-14
    #[arg(long, value_name = "DATE")]
    until: String,
    /// Who grants it, for the record
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The quarter, such as 2026-27-Q2 [default: pack.period of the settings, or the last that ended]
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let Arguments { partner, until, by, reason, period } = arguments;
    let asked = quarter("--period", period.as_deref())?;
    let until = parse_date(until).map_err(|e| Failure::usage("--until", e))?;
    let (by, reason) = (on_record::decided_by(by)?.to_owned(), on_record::reason("--reason", reason)?.to_owned());
    let settings = sources.load()?;
    start_logging(&settings.log);
    let partners = framework::load_partners(&settings.config_assets())?;
    let partner = arguments::partner("PARTNER", partner, &partners)?;
    let quarter: Period = run::quarter_for(&settings, run::QuarterChoice { period: asked, as_at: None }, clock)?;
    let deadline = settings.returns.deadline(quarter);
    if until <= deadline {
        let problem = format!("{until} is not after {deadline}, when the returns of {} are due", quarter.slug());
        return Err(Failure::usage("--until", problem));
    }
    let extension = Extension { until, by, reason };
    ledger::work(&settings, async |ledger| ledger.extend(quarter, &partner.id, &extension, clock()).await)?;
    println!("the return of {} for {} is due by {until}", partner.name, quarter.in_words());
    Ok(exit::DONE)
}
