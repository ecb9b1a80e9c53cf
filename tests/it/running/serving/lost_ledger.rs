//! What a server makes up for after its ledger was lost and another was adopted.

use super::*;
use boardpack::store::Adopting;

const SCHEDULE: &str =
    "[[schedule]]\nname = \"quarterly\"\nkind = \"pack\"\ncron = \"0 7 15 1,4,7,10 *\"\nrecipients = \"board\"\n";

pub(super) async fn lose_and_adopt(settings: &Settings) {
    let path = settings.paths.ledger.display().to_string();
    ["", "-wal", "-shm"].iter().for_each(|end| drop(std::fs::remove_file(format!("{path}{end}"))));
    let adopting = Adopting { by: "Avery", reason: "The disk was changed.", holder: "the test", without_record: false };
    Ledger::adopt(&settings.paths, adopting, now()).await.unwrap_or_else(|e| panic!("{e}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn times_during_a_loss_are_made_up_or_told() {
    let _turn = TURN.lock().await;
    // The second is past the three days for which the schedule makes up.
    for (adopted_at, is_made_up) in [("2026-10-16T10:00:00Z", true), ("2026-10-20T10:00:00Z", false)] {
        let system = SmallSystem::new(Script::default(), 1).await;
        std::fs::write(system.path("config/schedules.toml"), SCHEDULE).unwrap();
        let settings = unpinned(&system);
        // A run by hand, so that there is something to lose.
        assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
        serve_at(&settings, "2026-10-14T06:00:30Z", None).await;
        set_clock(adopted_at);
        lose_and_adopt(&settings).await;
        serve_at(&settings, adopted_at, None).await;
        let (readers, told) = sorted(system.post.heard(1).await);
        assert_eq!(readers.len(), usize::from(is_made_up), "{adopted_at}");
        let told: String = told.iter().map(words).collect();
        assert_eq!(told.contains("a scheduled time was missed"), !is_made_up, "{adopted_at}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_before_a_loss_is_not_done_again() {
    let _turn = TURN.lock().await;
    let system = SmallSystem::new(Script::default(), 1).await;
    std::fs::write(system.path("config/schedules.toml"), SCHEDULE).unwrap();
    let settings = unpinned(&system);
    serve_at(&settings, "2026-10-14T06:00:30Z", None).await;
    serve_at(&settings, "2026-10-15T06:00:30Z", None).await;
    assert_eq!(sorted(system.post.heard(1).await).0.len(), 1);
    let ran = async || {
        let ledger = ledger(&system).await;
        let runs = ledger.last_runs(50).await.unwrap().into_iter().filter(|run| run.trigger == "quarterly").count();
        let occurrences = ledger.overview().await.unwrap().occurrences;
        ledger.close().await;
        (runs, occurrences)
    };
    let before = ran().await;
    assert_eq!(before, (1, vec![("quarterly".to_owned(), "done".to_owned(), 1)]));
    for at in ["2026-10-15T07:00:30Z", "2026-10-16T07:00:30Z"] {
        set_clock(at);
        lose_and_adopt(&settings).await;
        serve_at(&settings, at, None).await;
        assert_eq!(ran().await, before, "{at}");
    }
    assert!(system.post.take().is_empty());
}
