//! The secret that decides what is hidden.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_secret_stops_until_a_person_decides() {
    let accept = ["disclosure", "accept-secret", "--by", "Avery", "--reason", "The disk was changed."];
    for how in ["lost", "another", "lost with the ledger", "lost with the record"] {
        let system = sent().await;
        let secret = system.path("disclosure.secret");
        match how {
            "another" => fs::write(&secret, [7; 32]).unwrap(),
            _ => fs::remove_file(&secret).unwrap(),
        }
        if how == "lost with the ledger" {
            take_away(&system);
        }
        if how == "lost with the record" {
            fs::remove_dir_all(system.path("archive/sent")).unwrap();
        }
        if how.contains("with") {
            assert_exit(&system.run(&["ledger", "adopt", "--by", "Avery", "--reason", "The disk was changed."], &[]).await, 0);
        }
        let checked = assert_exit(&system.run(&["config", "check"], &[]).await, 78);
        assert!(checked.contains("disclosure accept-secret"), "{how}: {checked}");
        let made = fs::metadata(system.path("out/2026-27-Q2/manifest.json")).unwrap().modified().unwrap();
        for command in [&["run"][..], &["run", "--reissue", "Once more."], &["disclosure", "audit"]] {
            let said = assert_exit(&system.run(command, &[]).await, 69);
            assert!(said.contains(secret.to_str().unwrap()) && said.contains("disclosure accept-secret"), "{how}: {said}");
            // The operators hear of the same once a day.
            let heard = if command == ["run"] { until_told(&system).await } else { system.post.take() };
            assert_eq!(readers(&heard), [""; 0], "{how}");
            if command == ["run"] {
                assert!(told(&heard).contains("packs made with two secrets can together"), "{how}: {}", told(&heard));
            }
        }
        assert_eq!(fs::metadata(system.path("out/2026-27-Q2/manifest.json")).unwrap().modified().unwrap(), made);
        assert_eq!(secret.exists(), how == "another");
        assert_exit(&system.run(&accept, &[]).await, 0);
        assert!(secret.exists());
        let said = assert_exit(&system.run(&accept, &[]).await, 0);
        assert!(said.contains("nothing was changed"), "{said}");
        let audit = text(&system.run(&["disclosure", "audit"], &[]).await);
        assert!(audit.contains("another secret: The disk was changed."), "{how}: {audit}");
        assert_exit(&system.run(&["config", "check"], &[]).await, 0);
        assert!(matches!(system.run(&["run"], &[]).await.status.code(), Some(0 | 3)), "{how}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unusable_secrets_are_found_by_check() {
    let system = SmallSystem::new(Script::default(), 1).await;
    fs::write(system.path("disclosure.secret"), "short").unwrap();
    fs::write(system.path("empty"), "").unwrap();
    for (file, says) in [
        ("", "disclosure.secret: it has 5 bytes; at least 16 were expected"),
        ("empty", "disclosure.secret_file, "),
        ("not/there", "disclosure.secret_file, "),
        ("config", "disclosure.secret_file, "),
    ] {
        let path = system.path(file);
        let set = [("DISCLOSURE__SECRET_FILE", path.to_str().unwrap())];
        let set = if file.is_empty() { &set[..0] } else { &set[..] };
        for command in [&["config", "check"][..], &["run", "--no-send"]] {
            let said = assert_exit(&system.run(command, set).await, 78);
            assert!(said.contains(says) && !said.contains("paths.ledger"), "{command:?}, {file}: {said}");
        }
    }
}
