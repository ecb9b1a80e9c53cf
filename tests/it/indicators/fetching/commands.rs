//! What the commands fetch and record.

use super::*;

/// The built-in framework, whose only source with an address is Fingertips at `base`.
fn installed(base: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "[sources.fingertips]\nbase_url = \"{base}\"\n[fetch]\nfirst_retry_milliseconds = 1\nattempts = 2\n\
         requests_per_second = 0\n[paths]\nreturns = \"returns\"\noutput = \"out\"\nledger = \"out/ledger\"\narchive = \"archive\"\n"
    );
    std::fs::write(folder.path().join("boardpack.toml"), text).unwrap();
    std::fs::create_dir(folder.path().join("returns")).unwrap();
    folder
}

/// Without the proxies of whoever runs the tests.
async fn boardpack(folder: &Path, arguments: &[&str], variables: &[(&'static str, String)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boardpack"));
    command.current_dir(folder).args(arguments).stdin(std::process::Stdio::null());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn fetched_indicators_are_judged_offline_alike() {
    let server = Server::start(vec![ok(good())]).await;
    let folder = installed(&server.base);
    let run = |arguments: &'static [&'static str]| boardpack(folder.path(), arguments, &[]);

    // One indicator came, its male half did not.
    let fetched = run(&["indicators", "fetch", "--measure", "90366"]).await;
    let text = printed(&fetched);
    assert_eq!(fetched.status.code(), Some(3), "{text}");
    assert!(text.contains("OHID Fingertips 90366: 2 figures, as at "), "{text}");
    assert!(text.contains("The pack has no figure of 1 measure:\n  life-expectancy-male  "), "{text}");

    let shown = printed(&run(&["indicators", "show", "life-expectancy-female"]).await);
    let row = |area: &str| shown.lines().find(|line| line.starts_with(area)).unwrap_or_else(|| panic!("{area}: {shown}"));
    assert!(row("Nottingham").ends_with("81.20") && row("England").ends_with("83.10"), "{shown}");

    let status = printed(&run(&["indicators", "status"]).await);
    assert!(status.contains("OHID Fingertips 90366 (") && status.contains("  latest period  2022 - 24\n"), "{status}");
    assert!(status.contains("  source         answered on "), "{status}");

    let live = run(&["evaluate", "--format", "json"]).await;
    server.then(vec![status_500()]);
    let times = server.times_asked();
    let offline = run(&["evaluate", "--format", "json", "--offline"]).await;
    // What the source does not give has failed in the one and is not kept in the other: the same figures are judged the same.
    let judged = |output: &Output| {
        let all: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let rows = all["assessments"].as_array().unwrap().clone();
        rows.into_iter().filter(|row| !row["value"].is_null()).collect::<Vec<_>>()
    };
    assert!(!judged(&live).is_empty(), "{}", printed(&live));
    assert_eq!(judged(&live), judged(&offline));
    assert_eq!(server.times_asked(), times);

    let unknown = run(&["indicators", "show", "nothing"]).await;
    assert_eq!(unknown.status.code(), Some(64), "{}", printed(&unknown));
}

fn status_500() -> Reply {
    status(500, &[])
}

#[tokio::test]
async fn recordings_of_live_answers_are_read_like_them() {
    let server = Server::start(vec![ok(good())]).await;
    let folder = installed(&server.base);
    let recorded = boardpack(folder.path(), &["indicators", "record", "--out", "recorded"], &[]).await;
    let text = printed(&recorded);
    assert!(text.contains(&format!("{}: 1 answer", Path::new("recorded").join("fingertips").display())), "{text}");
    let again = boardpack(folder.path(), &["indicators", "record", "--out", "recorded"], &[]).await;
    assert!(printed(&again).contains("there are recordings already (choose another folder, or add --force)"));
    let settings = settings_with(folder.path().join("recorded/fingertips").to_str().unwrap());
    let (live, recorded) = (ask(&server, |_| {}).await, collect(&le(), &settings).await);
    assert_eq!((figures(&recorded), recorded.observations.len()), (figures(&live), 2));
}

#[tokio::test]
async fn the_environments_proxy_is_used() {
    let proxy = Server::start(vec![ok(good())]).await;
    let folder = installed("http://fingertips.example/api/");
    let variables = [("HTTP_PROXY", format!("http://127.0.0.1:{}", proxy.port))];
    let fetched = boardpack(folder.path(), &["indicators", "fetch", "--measure", "life-expectancy-female"], &variables).await;
    assert_eq!(fetched.status.code(), Some(0), "{}", printed(&fetched));
    let first = proxy.asked.lock().unwrap()[0].clone();
    assert!(first.starts_with("GET http://fingertips.example/api/all_data/"), "{first}");
}
