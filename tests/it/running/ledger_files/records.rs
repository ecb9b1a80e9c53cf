//! The record of what was sent, in the archive.

use super::*;

/// What may happen to the record of what was sent, how, and what is said of it.
const HARMS_OF_THE_RECORD: [(&str, &str); 7] = [
    ("the archive deleted", "it is missing or empty, as if the archive had been lost"),
    ("deleted", "it is missing or empty, as if the archive had been lost"),
    ("emptied", "it is missing or empty, as if the archive had been lost"),
    ("other bytes", "2 lines cannot be read, the first of them line 1"),
    ("a byte changed", "line 3 cannot be read"),
    ("cut", "it lacks 3 messages that the ledger knows were sent"),
    ("an older copy", "it lacks 3 messages that the ledger knows were sent"),
];

fn harm_the_record(system: &SmallSystem, how: &str) {
    let path = system.path("archive/sent/record.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    let first = |lines: usize| whole.split_inclusive('\n').take(lines).collect::<String>();
    match how {
        "the archive deleted" => return fs::rename(system.path("archive"), system.path("lost")).unwrap(),
        "deleted" => return fs::remove_file(path).unwrap(),
        "emptied" => fs::write(path, ""),
        "other bytes" => fs::write(path, b"\0\xff\n{]\n\0"),
        "a byte changed" => {
            let third = first(2).len();
            fs::write(path, [&whole[..third], "}", &whole[third + 1..]].concat())
        }
        "cut" => fs::write(path, &whole[..first(3).len() + 20]),
        _ => fs::write(path, first(2)),
    }
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_archive_or_record_stops_everything() {
    for (how, says) in HARMS_OF_THE_RECORD {
        let system = sent().await;
        assert_exit(&system.run(&["archive", "verify"], &[]).await, 0);
        harm_the_record(&system, how);
        let verified = assert_exit(&system.run(&["archive", "verify"], &[]).await, 65);
        let lines = verified.lines().filter(|line| line.contains("record.jsonl")).count();
        // Each line that cannot be read, and what is lacking.
        assert_eq!(lines, if how == "other bytes" { 3 } else { 1 }, "{how}: {verified}");
        assert_eq!(verified.contains("/archive: is not there, with "), how == "the archive deleted", "{how}: {verified}");
        for command in [&["run"][..], &["run", "--due"], &["returns", "open"], &["purge"]] {
            let said = assert_exit(&system.run(command, &[]).await, 69);
            let line = said.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
            assert!(line.contains("record.jsonl, cannot be trusted, so nothing is sent") && line.contains(says), "{said}");
            if command[0] != "purge" {
                let heard = until_told(&system).await;
                assert_eq!(readers(&heard), [""; 0], "{how}");
                let told = told(&heard);
                assert!(told.contains("the archive's record of what was sent cannot be used"), "{how}: {told}");
                assert!(told.contains("`boardpack ledger adopt --by NAME --reason TEXT`"), "{how}: {told}");
            }
        }
        let shown = assert_exit(&system.run(&["ledger", "adopt", "--dry-run"], &[]).await, 0);
        assert!(shown.contains(says) && !shown.contains("warning: "), "{how}: {shown}");
        assert_exit(&system.run(&["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."], &[]).await, 0);
        let verified = text(&system.run(&["archive", "verify"], &[]).await);
        assert!(!verified.contains("record.jsonl"), "{how}: {verified}");
        if how == "the archive deleted" {
            assert_exit(&system.run(&ACCEPT_LOSS, &[]).await, 0);
        }
        assert_nobody_gets_it_again(&system, how).await;
        // The archive has all of it again, should the ledger be lost next.
        take_away(&system);
        let shown = assert_exit(&system.run(&["ledger", "adopt", "--dry-run"], &[]).await, 0);
        assert!(everybody(THREE).iter().all(|reader| shown.contains(reader)), "{how}: {shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_removed_in_a_run_stops_it() {
    const READERS: usize = 8;
    for how in ["the archive deleted", "deleted", "emptied"] {
        let script = Script { pause: std::time::Duration::from_millis(10), ..Script::default() };
        let system = backed_up(script, READERS).await;
        let mut command = system.command(&["run"]);
        let running = tokio::task::spawn_blocking(move || command.output().unwrap());
        let mut heard = system.post.heard(2).await;
        harm_the_record(&system, how);
        let said = assert_exit(&running.await.unwrap(), 69);
        assert!(said.contains("it was removed, emptied or damaged while boardpack was running"), "{how}: {said}");
        // Its backup can be put in its place.
        assert_eq!(system.path("archive/sent/record.jsonl").exists(), how == "emptied");
        heard.extend(until_told(&system).await);
        assert!(readers(&heard).len() < READERS, "{how}: it went on");
        assert_exit(&system.run(&["run"], &[]).await, 69);
        assert_exit(&system.run(&["ledger", "adopt", "--by", "Avery", "--reason", "It was removed."], &[]).await, 0);
        system.run(&["run"], &[]).await;
        heard.extend(system.post.take());
        let (mut all, count) = (readers(&heard), readers(&heard).len());
        all.dedup();
        assert_eq!(all.len(), count, "{how}: {all:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_line_is_no_damage() {
    let system = sent().await;
    let path = system.path("archive/sent/record.jsonl");
    let torn = [&fs::read(&path).unwrap()[..], b"{\"message\":{\"kind\":\"board-p"].concat();
    fs::write(&path, torn).unwrap();
    for _ in 0..2 {
        assert_exit(&system.run(&["run", "--no-send", "--period", "2026-27-Q1"], &[]).await, 0);
        assert_exit(&system.run(&["archive", "verify"], &[]).await, 0);
    }
}

/// The ledger does not have what the damaged lines said: nobody knows that a reader has the pack.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_record_without_its_ledger_is_not_adopted() {
    let adopt = ["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."];
    for how in ["deleted", "an older copy", "restored"] {
        let system = sent().await;
        let path = system.path("archive/sent/record.jsonl");
        let whole = fs::read_to_string(&path).unwrap();
        let damage = |line: &str| if line.contains("reader1@") { "garbage\n".to_owned() } else { line.to_owned() };
        let damaged: String = whole.split_inclusive('\n').map(damage).collect();
        fs::write(&path, &damaged).unwrap();
        harm(&system, if how == "restored" { "deleted" } else { how }).await;
        let shown = assert_exit(&system.run(&["ledger", "adopt", "--dry-run"], &[]).await, 0);
        for says in ["2 lines cannot be read", "the ledger may not have what it said", "`boardpack ledger adopt` refuses that"] {
            assert!(shown.contains(says), "{how}: {says} is not in {shown}");
        }
        let backup = system.path("backup.sqlite");
        let restore = ["ledger", "restore", backup.to_str().unwrap()];
        let decide = if how == "restored" { &restore[..] } else { &adopt };
        let said = assert_exit(&system.run(decide, &[]).await, 69);
        assert!(said.contains("so nothing was changed") && said.contains("add --without-record"), "{how}: {said}");
        assert!(said.contains("what earlier packs showed"), "{how}: {said}");
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged, "{how}");
        assert_eq!(system.path("ledger.sqlite").exists(), how == "an older copy");
        assert_exit(&system.run(&["run"], &[]).await, 69);
        system.post.take();
        match how {
            // With its risk, as is said.
            "an older copy" => {
                let said = assert_exit(&system.run(&[decide, &["--without-record"]].concat(), &[]).await, 0);
                assert!(said.contains("a run may send a pack again to people who have it"), "{said}");
                assert!(said.contains("a count that a later pack hides may be worked out from both"), "{said}");
            }
            _ => {
                fs::write(&path, &whole).unwrap();
                assert_exit(&system.run(decide, &[]).await, 0);
                assert_nobody_gets_it_again(&system, how).await;
            }
        }
    }
}

/// A backup from the middle of a run has its number, and may lack what was sent after that.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_record_takes_no_backup_that_seems_as_new() {
    let system = sent().await;
    let backup = system.path("later.sqlite");
    assert_exit(&system.run(&["ledger", "backup", backup.to_str().unwrap()], &[]).await, 0);
    let path = system.path("archive/sent/record.jsonl");
    fs::write(&path, format!("{}garbage\n", fs::read_to_string(&path).unwrap())).unwrap();
    let said = assert_exit(&system.run(&["ledger", "restore", backup.to_str().unwrap()], &[]).await, 69);
    assert!(said.contains("cannot be read") && said.contains("add --without-record"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_copy_of_a_pack_is_named_and_put_back() {
    let system = sent().await;
    let had = messages(&system).await.remove(0).attachment_sha256;
    let archive = Archive::new(system.path("archive"));
    for how in ["lost", "damaged"] {
        match how {
            "lost" => fs::remove_file(archive.find(&had).unwrap()).unwrap(),
            _ => fs::write(archive.find(&had).unwrap(), "%PDF").unwrap(),
        }
        let said = assert_exit(&system.run(&["archive", "verify"], &[]).await, 65);
        let copy = system.path("out/2026-27-Q2/board-pack-2026-27-Q2.pdf");
        assert!(said.contains(&had) && said.contains(&format!("{} is the same file", copy.display())), "{how}: {said}");
        // Another pack takes its name there.
        let bytes = fs::read(&copy).unwrap();
        system.change("parks/visits.csv", "Q2,950", "Q2,960");
        let said = assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
        assert!(said.contains("has it again from the folder of packs"), "{said}");
        assert_ne!(fs::read(&copy).unwrap(), bytes);
        assert_eq!(archive.read(&had).unwrap(), bytes, "{how}");
        assert_exit(&system.run(&["archive", "verify"], &[]).await, 0);
        system.change("parks/visits.csv", "Q2,960", "Q2,950");
        assert_exit(&system.run(&["run", "--no-send"], &[]).await, 0);
        assert_eq!(fs::read(&copy).unwrap(), bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_show_that_a_ledger_is_lost() {
    let system = sent().await;
    fs::remove_dir_all(system.path("archive")).unwrap();
    take_away(&system);
    assert_stopped(&system, "both lost").await;
    let said = assert_exit(&system.run(&["run"], &[]).await, 69);
    assert!(said.contains("archive has no record of what was sent: restore that first"), "{said}");
    system.post.take();
    let shown = assert_exit(&system.run(&["ledger", "adopt", "--dry-run"], &[]).await, 0);
    assert!(shown.contains("warning: ") && shown.contains("a run may send a pack again to people who have it"), "{shown}");
    let adopt = ["ledger", "adopt", "--by", "Avery", "--reason", "Both were lost."];
    let backup = system.path("backup.sqlite");
    for command in [&adopt[..], &["ledger", "restore", backup.to_str().unwrap()]] {
        let said = assert_exit(&system.run(command, &[]).await, 69);
        assert!(said.contains("so nothing was changed") && said.contains("add --without-record"), "{said}");
        assert!(said.contains("it is no longer known what earlier packs showed"), "{said}");
        assert!(!system.path("ledger.sqlite").exists() && !said.contains("the ledger failed"), "{said}");
        assert_stopped(&system, "nobody has decided").await;
    }
    let said = assert_exit(&system.run(&[&adopt[..], &["--without-record"]].concat(), &[]).await, 0);
    assert!(said.contains("it is no longer known what earlier packs showed"), "{said}");
    assert!(said.contains("the record of which workbooks") && !said.contains("earlier version"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn restored_ledgers_know_the_issues_sent() {
    let system = sent().await;
    let reissue = ["run", "--reissue", "A gate was counted twice."];
    assert_exit(&system.run(&reissue, &[]).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(THREE));
    take_away(&system);
    let backup = system.path("backup.sqlite");
    let restored = assert_exit(&system.run(&["ledger", "restore", backup.to_str().unwrap()], &[]).await, 0);
    assert!(restored.contains("6 messages taken in"), "{restored}");

    // The same correction is no new one, whoever asks for it again.
    for command in [&reissue[..], &["run"]] {
        let again = assert_exit(&system.run(command, &[]).await, 0);
        assert!(again.contains("reader0@example.org: not sent again"), "{again}");
        assert_eq!(readers(&system.post.take()), [""; 0], "{again}");
    }
    // Whoever comes later gets the identical file.
    system.change("config/recipients.toml", "reader0@", "late@example.org\"\n[[list.recipient]]\naddress = \"reader0@");
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), ["late@example.org"]);
    let sent: Vec<(String, i64)> = sqlx::query_as(
        "SELECT DISTINCT attachment_sha256, issue FROM message WHERE kind = 'board-pack' AND period = '2026-27-Q2'",
    )
    .fetch_all(&mut tables(&system).await)
    .await
    .unwrap();
    assert_eq!(sent.len(), 2, "a file an issue: {sent:?}");

    // Another correction is the next issue, and lists what has changed since the last.
    assert_exit(&system.run(&["run", "--reissue", "Another gate."], &[]).await, 0);
    assert_eq!(readers(&system.post.take()).len(), THREE + 1);
    let pack = fs::read_to_string(system.path("out/2026-27-Q2/board-pack-2026-27-Q2.html")).unwrap();
    assert!(pack.contains("issue 3") && !pack.contains("no longer kept"));
}

#[tokio::test(flavor = "multi_thread")]
async fn restored_ledgers_know_what_packs_showed() {
    let system = backed_up(Script::default(), 1).await;
    assert_exit(&system.run(&["run", "--period", "2026-27-Q1"], &[]).await, 0);
    take_away(&system);
    let backup = system.path("backup.sqlite");
    assert_exit(&system.run(&["ledger", "restore", backup.to_str().unwrap()], &[]).await, 0);
    // As in a ledger that was backed up before any run.
    tables(&system).await.execute("DELETE FROM assessment; DELETE FROM action_assessment").await.unwrap();
    assert_exit(&system.run(&["run"], &[]).await, 0);
    let pack = fs::read_to_string(system.path("out/2026-27-Q2/board-pack-2026-27-Q2.html")).unwrap();
    assert!(pack.contains("April to June 2026") && !pack.contains("not in that pack"));
}

#[tokio::test(flavor = "multi_thread")]
async fn restored_ledgers_know_the_files_sent() {
    // What waited when the backup was made is not what was sent in the end.
    let system = SmallSystem::new(Script::default(), 1).await;
    let approval = [("PACK__APPROVAL", "true")];
    assert_exit(&system.run(&["run"], &approval).await, 3);
    let backup = system.path("backup.sqlite");
    assert_exit(&system.run(&["ledger", "backup", backup.to_str().unwrap()], &[]).await, 0);
    system.change("parks/visits.csv", "Q2,950", "Q2,960");
    assert_exit(&system.run(&["run"], &approval).await, 3);
    assert_exit(&system.run(&["runs", "approve", "2", "--by", "Avery"], &approval).await, 0);
    let had = messages(&system).await.remove(0).attachment_sha256;
    take_away(&system);
    assert_exit(&system.run(&["ledger", "restore", backup.to_str().unwrap()], &[]).await, 0);
    system.post.take();
    system.change("config/recipients.toml", "reader0@", "late@example.org\"\n[[list.recipient]]\naddress = \"reader0@");
    system.change("parks/visits.csv", "Q2,960", "Q2,970");
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert_eq!(readers(&system.post.take()), ["late@example.org"]);
    assert!(messages(&system).await.iter().filter(|row| row.key.kind == "board-pack").all(|row| row.attachment_sha256 == had));
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_texts_are_not_to_be_resent() {
    let system = sent().await;
    let record = system.path("archive/sent/record.jsonl");
    let lines = fs::read_to_string(&record).unwrap();
    let is_before = |line: &&str| !(line.contains("reader1@") && line.contains("\"accepted\""));
    fs::write(&record, lines.split_inclusive('\n').filter(is_before).collect::<String>()).unwrap();
    take_away(&system);
    assert_exit(&system.run(&["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."], &[]).await, 0);
    let said = assert_exit(&system.run(&["run"], &[]).await, 3);
    assert!(said.contains("its text is not kept") && !said.contains("runs resend"), "{said}");
    let told = told(&until_told(&system).await);
    assert!(told.contains("lost with the ledger") && told.contains("run --reissue REASON"), "{told}");
    assert!(!told.contains("runs resend"), "{told}");
    let held = messages(&system).await.into_iter().find(|row| row.key.address == "reader1@example.org").unwrap();
    let said = assert_exit(&system.run(&["runs", "resend", &held.id.to_string()], &[]).await, 3);
    assert!(said.contains("is not sent: its text is not kept, because it was sent from a ledger that was lost"), "{said}");
    assert!(!said.contains("the ledger failed"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_are_told_of_interrupted_messages() {
    let system = sent().await;
    let cut = "UPDATE message SET state = 'sending', sender = 'process-gone by nobody' WHERE recipient = 'reader1@example.org'";
    tables(&system).await.execute(cut).await.unwrap();
    let record = system.path("archive/sent/record.jsonl");
    let lines = fs::read_to_string(&record).unwrap();
    let is_before = |line: &&str| !(line.contains("reader1@") && line.contains("\"accepted\""));
    fs::write(&record, lines.split_inclusive('\n').filter(is_before).collect::<String>()).unwrap();
    for command in [&["runs", "list"][..], &["runs", "show", "2"], &["archive", "verify"], &["evaluate"], &["runs", "list"]] {
        let said = assert_exit(&system.run(command, &[]).await, 3);
        let line = "partial: 1 board pack message was cut off while being sent, and is held: it may have arrived (`boardpack runs show 2`)";
        assert!(said.contains(line), "{command:?}: {said}");
    }
    let said = assert_exit(&system.run(&["run"], &[]).await, 3);
    assert!(said.contains("cut off while being sent"), "{said}");
    assert_exit(&system.run(&["runs", "list"], &[]).await, 0);
    // Once, however often a command opens the ledger.
    tables(&system).await.execute(cut).await.unwrap();
    let approved = text(&system.run(&["runs", "approve", "2", "--by", "Avery"], &[]).await);
    assert_eq!(approved.matches("cut off while being sent").count(), 1, "{approved}");
}

#[tokio::test(flavor = "multi_thread")]
async fn late_recipients_get_the_same_pack() {
    for has_files in [true, false] {
        let system = SmallSystem::new(Script::default(), THREE).await;
        assert_exit(&system.run(&["run"], &[]).await, 0);
        system.post.take();
        let had = messages(&system).await.remove(0).attachment_sha256;
        take_away(&system);
        if !has_files {
            // As an earlier version recorded it.
            let record = system.path("archive/sent/record.jsonl");
            let lines = fs::read_to_string(&record).unwrap();
            let kept = lines.split_inclusive('\n').filter(|line| !line.starts_with("{\"made\""));
            fs::write(&record, kept.collect::<String>()).unwrap();
        }
        assert_exit(&system.run(&["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."], &[]).await, 0);
        system.change(
            "config/recipients.toml",
            "[[list]]\nname = \"operators\"",
            "[[list.recipient]]\naddress = \"late@example.org\"\n[[list]]\nname = \"operators\"",
        );
        if !has_files {
            assert_exit(&system.run(&ACCEPT_LOSS, &[]).await, 0);
        }
        assert_exit(&system.run(&["run"], &[]).await, 0);
        assert_eq!(readers(&system.post.take()), ["late@example.org"]);
        // Where it comes out otherwise they get the file of the others, or nobody gets another under the same number.
        system.change("config/recipients.toml", "late@example.org", "later@example.org");
        system.change("parks/visits.csv", "Q2,950", "Q2,960");
        let said = assert_exit(&system.run(&["run"], &[]).await, if has_files { 0 } else { 3 });
        let expected: &[&str] = if has_files { &["later@example.org"] } else { &[] };
        assert_eq!(readers(&system.post.take()), expected, "{said}");
        let all = messages(&system).await;
        assert!(all.iter().all(|message| message.attachment_sha256 == had), "{has_files}");
    }
}
