//! `boardpack health`: whether the server of this ledger is alive.

use super::{Failure, Sources, clock, exit, ledger};
use crate::health_server::TOO_OLD;

pub fn main(sources: &Sources) -> Result<u8, Failure> {
    let settings = sources.load()?;
    let beat = ledger::read(&settings, async |ledger| ledger.last_beat().await)?;
    let unavailable = |message: String| Err(Failure { code: exit::UNAVAILABLE, message });
    match beat {
        None => unavailable("the server has never run with this ledger".to_owned()),
        Some(at) if clock().duration_since(at) > TOO_OLD => unavailable(format!("the server's last heartbeat was at {at}")),
        Some(at) => {
            println!("alive at {at}");
            Ok(exit::DONE)
        }
    }
}
