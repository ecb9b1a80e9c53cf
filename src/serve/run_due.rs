//! What is due, run once for a timer.

use super::configuration::configured;
use super::server::{LAST_MESSAGE, Server, TIMER, Work, ask_to_stop_after};
use crate::run::{Progress, RunError, alerts, opening};
use crate::schedule::Occurrence;
use crate::settings::Settings;
use crate::store::RunOutcome;
use jiff::Timestamp;
use std::sync::Arc;

/// Runs what the schedules have due, as a timer asks it to, and gives each occurrence that it ran with its outcome. Told to
/// stop, it gives work in hand `serve.stop_seconds` to finish.
///
/// # Errors
/// As [`serve`](super::serve), and a ledger that fails.
pub async fn run_due(
    settings: Settings,
    now: fn() -> Timestamp,
    progress: Box<dyn Progress + Send>,
    stop: impl Future<Output = ()>,
) -> Result<Vec<(Occurrence, RunOutcome)>, RunError> {
    let configuration = configured(&settings, now).await?;
    let ledger = opening::open(&settings, true, now).await?;
    let server = Arc::new(Server::new(configuration, ledger, now, TIMER, progress));
    let cut = async {
        stop.await;
        tracing::info!("stopping");
        ask_to_stop_after(server.grace()).await;
        tokio::time::sleep(LAST_MESSAGE).await;
    };
    let work = Work::on(&server);
    let settling = async {
        let held = opening::take_cut_off();
        work.tell_of_held(&held).await;
        let ran = work.settle_what_is_due().await;
        // The exit code says so as well.
        opening::leave(held);
        ran
    };
    let ran = tokio::select! {
        ran = settling => match ran {
            Ok(ran) => ran,
            Err(error) => {
                alerts::of_ledger(&settings, &error, now).await;
                return Err(error.into());
            }
        },
        () = cut => {
            server.release().await?;
            Vec::new()
        }
    };
    server.ledger.clone().close().await;
    Ok(ran)
}
