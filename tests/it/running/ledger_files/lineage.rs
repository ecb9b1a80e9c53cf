//! Which ledgers an archive takes for its own: a person who adopts one means to go on with it, and not to mix two installations.

use super::*;

const ADOPT: [&str; 6] = ["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."];

/// A ledger that has worked with another archive is not adopted; `shown` is what a look at it said.
pub(super) async fn assert_refused(system: &SmallSystem, shown: &str) {
    let all = || {
        let file = |path| fs::read(system.path(path)).unwrap();
        (file("ledger.sqlite"), file("archive/sent/record.jsonl"), file("out/.boardpack-ledger.json"))
    };
    let before = all();
    let says = "has worked with another archive: 1 run, the last begun at ";
    assert!(shown.contains("warning: ") && shown.contains(says), "{shown}");
    let said = assert_exit(&system.run(&ADOPT, &[]).await, 69);
    for part in [says, "never belonged to it, so nothing was changed", "ledger restore FILE", "move this one to its own archive"]
    {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert!(!said.contains("the ledger failed"), "{said}");
    assert!(all() == before, "it changed something");
}

#[tokio::test(flavor = "multi_thread")]
async fn adopted_ledgers_know_older_archives() {
    let system = sent().await;
    let record = system.path("archive/sent/record.jsonl");
    let older = fs::read(&record).unwrap();
    // Of a new ledger, and of one that was there.
    for is_lost in [true, false] {
        if is_lost {
            take_away(&system);
        }
        assert_exit(&system.run(&ADOPT, &[]).await, 0);
        assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
        let newer = fs::read(&record).unwrap();
        // The archive is put back from before that.
        fs::write(&record, &older).unwrap();
        let said = assert_exit(&system.run(&["run"], &[]).await, 69);
        assert!(said.contains("cannot be trusted"), "{said}");
        assert_exit(&system.run(&ADOPT, &[]).await, 0);
        assert_nobody_gets_it_again_of_this_quarter(&system).await;
        fs::write(&record, newer).unwrap();
        assert_exit(&system.run(&ADOPT, &[]).await, 0);
    }
}

async fn assert_nobody_gets_it_again_of_this_quarter(system: &SmallSystem) {
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_are_restored_after_a_new_record() {
    let system = sent().await;
    fs::remove_file(system.path("archive/sent/record.jsonl")).unwrap();
    let adopted = assert_exit(&system.run(&ADOPT, &[]).await, 0);
    // The ledger has all that was decided.
    assert!(!adopted.contains("decide these again"), "{adopted}");
    let backup = system.path("backup.sqlite");
    let restored = assert_exit(&system.run(&["ledger", "restore", backup.to_str().unwrap()], &[]).await, 0);
    assert!(restored.contains("3 messages taken in"), "{restored}");
    assert_nobody_gets_it_again_of_this_quarter(&system).await;
}
