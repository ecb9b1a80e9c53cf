//! A purge lets go of nothing that a run at work, a run that was cut off or a pack that waits for approval may ask for.

use crate::support::small_system::SmallSystem;
use crate::support::smtp_server::Script;
use crate::support::whole_runs::{assert_exit, assert_sound, everybody, ledger, quarter, readers, tables};
use boardpack::store::Leased;
use sqlx::Executor;
use std::fs;
use std::path::PathBuf;

const KEEP: [(&str, &str); 3] = [("KEEP__INPUTS_DAYS", "400"), ("KEEP__PACKS_DAYS", "400"), ("KEEP__FIGURES_DAYS", "400")];

/// Every file of the archive.
fn archived(system: &SmallSystem) -> Vec<PathBuf> {
    let folders = fs::read_dir(system.path("archive")).unwrap().map(|folder| folder.unwrap().path());
    let folders = folders.filter(|folder| !folder.ends_with("asked") && !folder.ends_with("sent"));
    folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path()).collect()
}

/// As if all was done years ago.
async fn long_ago(system: &SmallSystem) {
    tables(system).await.execute("UPDATE run SET started_at = '2020-11-20T07:00:00Z'").await.unwrap();
}

async fn purge(system: &SmallSystem, code: i32) -> String {
    assert_exit(&system.run(&["purge"], &KEEP).await, code)
}

#[tokio::test(flavor = "multi_thread")]
async fn purge_removes_nothing_during_a_run() {
    let system = SmallSystem::new(Script::default(), 1).await;
    assert_exit(&system.run(&["run"], &[]).await, 0);
    long_ago(&system).await;
    let before = archived(&system).len();
    let ledger = ledger(&system).await;
    // A run of another quarter may read the same files.
    let leased = ledger.take_lease(("board-pack", quarter().previous()), "another's").unwrap();
    assert!(matches!(leased, Leased::Ours { .. }));
    let said = purge(&system, 75).await;
    assert!(said.contains("error: a run is in progress and may need the files"), "{said}");
    assert_eq!(archived(&system).len(), before);
    drop(leased);
    ledger.close().await;
    let said = purge(&system, 0).await;
    assert!(said.contains("the figures of 1 run removed"), "{said}");
    assert_eq!(archived(&system).len(), 1, "what its pack showed is kept: {said}");
    assert_sound(&system).await;

    // The same figures come in again; what then is lost is lost, and not purged.
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_sound(&system).await;
    archived(&system).iter().for_each(|file| fs::remove_file(file).unwrap());
    assert_exit(&system.run(&["archive", "verify"], &[]).await, 65);
}

#[tokio::test(flavor = "multi_thread")]
async fn interrupted_runs_survive_a_purge() {
    let system = SmallSystem::new(Script::default(), 1).await;
    assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    // As it is left by a process that is killed after it has collected.
    let cut_off = "UPDATE run SET ended_at = NULL, outcome = NULL; DELETE FROM stage WHERE name <> 'collect';
                   DELETE FROM output WHERE name <> 'stage/collect.json'";
    tables(&system).await.execute(cut_off).await.unwrap();
    long_ago(&system).await;
    purge(&system, 0).await;
    assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
    let runs = assert_exit(&system.run(&["runs", "list"], &[]).await, 0);
    assert_eq!(runs.lines().count(), 1, "it was gone on with: {runs}");
    assert_sound(&system).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_awaiting_approval_survive_a_purge() {
    let approval = [("PACK__APPROVAL", "true")];
    let system = SmallSystem::new(Script::default(), 1).await;
    assert_exit(&system.run(&["run"], &approval).await, 3);
    long_ago(&system).await;
    purge(&system, 0).await;
    assert_sound(&system).await;
    assert_exit(&system.run(&["runs", "approve", "1", "--by", "Avery"], &approval).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(1));
    purge(&system, 0).await;
    assert_eq!(archived(&system).len(), 1, "what its pack showed is kept");
}
