//! A pack that waited for approval when its ledger was lost.

use super::*;

const ADOPT: [&str; 6] = ["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."];
const APPROVAL: [(&str, &str); 1] = [("PACK__APPROVAL", "true")];
const LOST: &str = "the pack of 2026-27-Q2 that run 2 made waited for approval, and the ledger does not know of it";
const REMEDY: &str = "`boardpack run --period 2026-27-Q2` makes the pack again and asks for approval";

/// A pack waits, by the number of run 2, and the operators have a draft of it.
async fn waiting() -> SmallSystem {
    let system = backed_up(Script::default(), 1).await;
    fs::write(system.path("config/schedules.toml"), SCHEDULE).unwrap();
    assert_exit(&system.run(&["run"], &APPROVAL).await, 3);
    assert!(told(&until_told(&system).await).contains("runs approve 2 --by NAME"));
    system
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_approvals_are_told_and_asked_again() {
    for has_backup in [false, true] {
        let system = waiting().await;
        take_away(&system);
        let backup = system.path("backup.sqlite");
        let restore = ["ledger", "restore", backup.to_str().unwrap()];
        let said = assert_exit(&system.run(if has_backup { &restore } else { &ADOPT }, &[]).await, 0);
        assert!(said.contains(LOST) && said.contains(REMEDY), "{said}");
        let waited = format!(
            "partial: its pack waited for approval when the ledger was lost: it was not sent, and cannot be \
                              approved any more ({REMEDY})"
        );
        for command in [&["runs", "list"][..], &["runs", "show", "2"], &["runs", "approve", "2", "--by", "Avery"]] {
            let said = text(&system.run(command, &APPROVAL).await);
            assert!(said.contains(&waited), "{command:?}: {said}");
        }
        // Whatever starts next tells the operators, once.
        let logged = assert_exit(&system.run(&["run", "--due"], &APPROVAL).await, 0);
        assert!(logged.contains(LOST) && !logged.contains("LostApproval"), "{logged}");
        let heard = told(&until_told(&system).await);
        assert!(heard.contains(LOST) && heard.contains(REMEDY), "{heard}");
        assert_exit(&system.run(&["run", "--due"], &APPROVAL).await, 0);
        assert_eq!(told(&system.post.take()), "");
        // On the same day, by another number.
        let said = assert_exit(&system.run(&["run"], &APPROVAL).await, 3);
        let number = said.split("`boardpack runs approve ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        assert_ne!(number, "2");
        let listed = text(&system.run(&["runs", "list"], &APPROVAL).await);
        assert!(listed.contains(&format!("replaced: run {number} took its place")) && !listed.contains(&waited), "{listed}");
        let heard = told(&until_told(&system).await);
        assert!(heard.contains(&format!("runs approve {number} --by NAME")), "{heard}");
        assert_exit(&system.run(&["runs", "approve", &number, "--by", "Avery"], &APPROVAL).await, 0);
        assert_eq!(readers(&system.post.take()), everybody(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_again_is_not_told_as_lost() {
    let system = waiting().await;
    take_away(&system);
    assert_exit(&system.run(&ADOPT, &[]).await, 0);
    assert_exit(&system.run(&["run"], &APPROVAL).await, 3);
    until_told(&system).await;
    assert_exit(&system.run(&["run", "--due"], &APPROVAL).await, 0);
    assert_eq!(told(&system.post.take()), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn decided_approvals_are_not_lost() {
    for decision in [&["runs", "approve", "2", "--by", "Avery"][..], &["runs", "cancel", "2"]] {
        let system = waiting().await;
        assert_exit(&system.run(decision, &APPROVAL).await, 0);
        take_away(&system);
        let said = assert_exit(&system.run(&ADOPT, &[]).await, 0);
        assert!(!said.contains(" waited for approval, and"), "{decision:?}: {said}");
    }
}
