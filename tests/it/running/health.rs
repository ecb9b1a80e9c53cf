//! What a watcher sees of a server: asked over HTTP, against a real ledger.

use boardpack::assets::Assets;
use boardpack::collect::{Collection, ReturnOutcome, ReturnReceipt};
use boardpack::distribute::RecipientLists;
use boardpack::health_server::{self, TOO_OLD, Watched};
use boardpack::period::Period;
use boardpack::schedule::Schedules;
use boardpack::store::{Ledger, NewRun, RunOutcome};
use jiff::Timestamp;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn now() -> Timestamp {
    "2026-11-20T07:00:30Z".parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn schedules(folder: &Path) -> Schedules {
    let list = "[[list]]\nname = \"board\"\n[[list.recipient]]\naddress = \"a@example.org\"\n";
    let schedule = "[[schedule]]\nname = \"quarterly\"\nkind = \"pack\"\ncron = \"0 7 15 1,4,7,10 *\"\nrecipients = \"board\"\n";
    std::fs::write(folder.join("recipients.toml"), list).unwrap();
    std::fs::write(folder.join("schedules.toml"), schedule).unwrap();
    let config = Assets::config(Some(folder.to_owned()));
    Schedules::load(&config, &RecipientLists::load(&config).unwrap()).unwrap()
}

async fn watched(folder: &Path) -> (Ledger, SocketAddr) {
    let ledger = Ledger::open(&folder.join("ledger.sqlite")).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let watched = Watched { ledger: ledger.clone(), schedules: schedules(folder).into(), now };
    tokio::spawn(health_server::answer_on(listener, Arc::new(watched)));
    (ledger, address)
}

/// The whole answer to some bytes.
async fn told(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn get(address: SocketAddr, path: &str) -> String {
    told(address, &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")).await
}

fn receipt(partner: &str, outcome: ReturnOutcome) -> ReturnReceipt {
    ReturnReceipt::new(partner, outcome)
}

#[tokio::test]
async fn readiness_needs_heartbeat_and_current_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, address) = watched(folder.path()).await;
    assert!(get(address, "/healthz").await.starts_with("HTTP/1.1 200"));
    let before = get(address, "/readyz").await;
    assert!(before.starts_with("HTTP/1.1 503") && before.contains("heartbeat: there was none yet"), "{before}");
    ledger.beat(at("2026-11-20T07:00:00Z"), TOO_OLD).await.unwrap();
    let ready = get(address, "/readyz").await;
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    for line in ["database: ok", "migrations: ok", "heartbeat: ok, 30 seconds old"] {
        assert!(ready.contains(line), "{line} is not in:\n{ready}");
    }
    ledger.beat(at("2026-11-20T06:50:30Z"), TOO_OLD).await.unwrap();
    let late = get(address, "/readyz").await;
    assert!(late.starts_with("HTTP/1.1 503") && late.contains("heartbeat: 600 seconds old"), "{late}");
    ledger.close().await;
    let shut = get(address, "/readyz").await;
    assert!(shut.starts_with("HTTP/1.1 503") && shut.contains("database: "), "{shut}");
    assert!(get(address, "/metrics").await.starts_with("HTTP/1.1 503"));
}

#[tokio::test]
async fn metrics_name_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, address) = watched(folder.path()).await;
    let period = Period::financial_quarter(2026, 2);
    let new = NewRun { pack: "board-pack", period, as_at: period.end(), edition: "2024", trigger: "quarterly" };
    let first = ledger.start_run(&new, at("2026-11-20T06:00:00Z")).await.unwrap();
    let failed = RunOutcome::failed("a@example.org could not be reached");
    ledger.end_run(first, &failed, at("2026-11-20T06:00:01Z")).await.unwrap();
    let run = ledger.start_run(&new, at("2026-11-20T06:30:00Z")).await.unwrap();
    let returns = vec![receipt("nuh", ReturnOutcome::Accepted), receipt("icb", ReturnOutcome::NotReceived)];
    ledger.record_inputs(run, &Collection { returns, ..Collection::default() }).await.unwrap();
    ledger.end_stage(run, "collect", "", at("2026-11-20T06:30:02.5Z")).await.unwrap();
    ledger.end_stage(run, "evaluate", "", at("2026-11-20T06:30:03Z")).await.unwrap();
    ledger.note_missed("quarterly", at("2026-10-15T06:00:00Z"), &RunOutcome::Missed(2), now()).await.unwrap();
    let answer = get(address, "/metrics").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("text/plain; version=0.0.4"), "{answer}");
    for line in [
        "boardpack_runs{outcome=\"failed\"} 1",
        "boardpack_runs{outcome=\"unfinished\"} 1",
        "boardpack_stage_duration_seconds{stage=\"collect\"} 2.5",
        "boardpack_stage_duration_seconds{stage=\"evaluate\"} 0.5",
        "boardpack_returns{outcome=\"accepted\"} 1",
        "boardpack_returns{outcome=\"not_received\"} 1",
        "boardpack_occurrences{schedule=\"quarterly\",outcome=\"missed\"} 1",
        // 15 January 2027, 07:00 in London.
        "boardpack_next_due_timestamp_seconds{schedule=\"quarterly\"} 1799996400",
    ] {
        assert!(answer.lines().any(|found| found == line), "{line} is not in:\n{answer}");
    }
    assert!(!answer.contains("example.org"), "{answer}");
}

#[tokio::test]
async fn bad_requests_do_not_block_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (_ledger, address) = watched(folder.path()).await;
    assert!(get(address, "/").await.starts_with("HTTP/1.1 404"));
    let post = told(address, "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").await;
    assert!(post.starts_with("HTTP/1.1 405"), "{post}");
    assert!(told(address, "EHLO boardpack\r\n\r\n").await.starts_with("HTTP/1.1 400"));
    let head = told(address, "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    // One that says nothing holds its place only, not the server.
    let _silent = TcpStream::connect(address).await.unwrap();
    assert!(get(address, "/healthz").await.ends_with("ok\n"));
}

#[tokio::test]
async fn slow_clients_keep_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let (_ledger, address) = watched(folder.path()).await;
    let beginnings: [&[u8]; 3] =
        [b"", b"GET /healthz HTTP/1.1\r\nX-Slow: ", b"POST /metrics HTTP/1.1\r\nContent-Length: 999999\r\n\r\nx"];
    let mut held = Vec::new();
    for n in 0..600 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // One whose place was taken already cannot be written to.
        let _ = stream.write_all(beginnings[n % 3]).await;
        held.push(stream);
    }
    let began = std::time::Instant::now();
    assert!(get(address, "/healthz").await.ends_with("ok\n"));
    assert!(get(address, "/metrics").await.starts_with("HTTP/1.1 200"));
    assert!(began.elapsed() < std::time::Duration::from_secs(2), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let (_ledger, address) = watched(folder.path()).await;
    let endless = async |piece: &[u8], pause: std::time::Duration| {
        let began = std::time::Instant::now();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\n").await;
        let mut sent = 0;
        while stream.write_all(piece).await.is_ok() {
            sent += piece.len();
            tokio::time::sleep(pause).await;
            assert!(began.elapsed() < std::time::Duration::from_secs(15), "{sent} bytes were taken");
        }
    };
    // A byte at a time, and as fast as it goes.
    endless(b"x", std::time::Duration::from_millis(50)).await;
    endless(&[b'x'; 4096], std::time::Duration::ZERO).await;
}
