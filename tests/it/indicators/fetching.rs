//! How live public sources are asked: what each fault of a server comes to, in figures and in the words that an admin reads;
//! what the archive is for; and the commands.

mod archived;
mod commands;

use crate::support::public_source::server::{Reply, Server, ok, status};
use crate::support::public_source::*;
use boardpack::archive::Archive;
use boardpack::collect::{Changed, IndicatorOutcome, Indicators};
use boardpack::figure::Provenance;
use boardpack::settings::{Fetch, Settings};
use boardpack::value::Value;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const FIRST: &str = "2026-11-20T09:00:00Z";
const LATER: &str = "2026-12-20T09:00:00Z";

fn le() -> Vec<String> {
    vec![life_expectancy("le", "Female", 3)]
}

fn settings(base: &str, change: impl FnOnce(&mut Fetch)) -> Settings {
    let mut settings = settings_with(base);
    settings.fetch.requests_per_second = 0;
    change(&mut settings.fetch);
    settings
}

async fn ask(server: &Server, change: impl FnOnce(&mut Fetch)) -> Indicators {
    collect(&le(), &settings(&server.base, change)).await
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn packed(body: Vec<u8>) -> Reply {
    Reply::Proper(200, vec![("content-encoding", "gzip".to_owned())], body)
}

fn by_hand(head: &str, body: &str) -> Reply {
    Reply::Bytes(format!("HTTP/1.1 200 OK\r\n{head}\r\n{body}").into_bytes())
}

// --- The fault table ---------------------------------------------------------------------------------------------------

/// What a fault comes to.
enum Outcome {
    /// The two figures of the good answer, after so many askings.
    Figures(usize),
    /// None, after so many askings; the admin reads this.
    Says(usize, &'static str),
}

use Outcome::{Figures, Says};

fn of_status(code: u16, body: &str) -> Reply {
    Reply::Proper(code, Vec::new(), body.as_bytes().to_vec())
}

fn ranged(code: u16, part: &str) -> Reply {
    let range = format!("bytes 0-{}/{}", part.len() - 1, part.len() * 2);
    Reply::Proper(code, vec![("content-range", range)], part.as_bytes().to_vec())
}

/// A source with a history.
struct Kept {
    folder: tempfile::TempDir,
    archive: Archive,
    server: Server,
}

impl Kept {
    async fn with(replies: Vec<Reply>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().to_owned());
        Self { folder, archive, server: Server::start(replies).await }
    }

    async fn ask(&self, at: &str, change: impl FnOnce(&mut Fetch)) -> Indicators {
        collect_at(at, &le(), &settings(&self.server.base, change), &self.archive, None).await
    }
}

#[tokio::test]
async fn each_server_fault_has_its_outcome() {
    let good = good();
    let half = &good[..good.len() / 2];
    let wrong_length = by_hand("Content-Length: 9999\r\n", half);
    let cut_chunks = by_hand("Transfer-Encoding: chunked\r\n", &format!("{:x}\r\n{half}\r\n", half.len()));
    let html = "<!DOCTYPE html><html><body>Service unavailable</body></html>";
    let large = "x".repeat(1024 * 1024 + 1);
    let table: Vec<(&str, Vec<Reply>, Outcome)> = vec![
        ("a good answer", vec![ok(good.clone())], Figures(1)),
        ("a packed answer", vec![packed(gzip(good.as_bytes()))], Figures(1)),
        ("a drop in the middle, then good", vec![wrong_length.clone(), ok(good.clone())], Figures(2)),
        ("a drop in the middle, always", vec![wrong_length], Says(3, "(asked 3 times)")),
        ("chunks that break off, then good", vec![cut_chunks.clone(), ok(good.clone())], Figures(2)),
        ("chunks that break off, always", vec![cut_chunks], Says(3, "(asked 3 times)")),
        ("a connection closed without a word", vec![Reply::Bytes(Vec::new()), ok(good.clone())], Figures(2)),
        ("429 with Retry-After in seconds", vec![status(429, &[("retry-after", "0")]), ok(good.clone())], Figures(2)),
        (
            "429 with Retry-After as a time",
            vec![status(429, &[("retry-after", "Fri, 20 Nov 2020 09:00:00 GMT")]), ok(good.clone())],
            Figures(2),
        ),
        ("429 without Retry-After", vec![status(429, &[]), ok(good.clone())], Figures(2)),
        (
            "503 that wants an hour",
            vec![status(503, &[("retry-after", "3600")])],
            Says(1, "answered 503 Service Unavailable: \"oops\", and asks to wait 3600 seconds"),
        ),
        ("500, then good", vec![status(500, &[]), ok(good.clone())], Figures(2)),
        ("500 for ever", vec![status(500, &[])], Says(3, "answered 500 Internal Server Error: \"oops\" (asked 3 times)")),
        ("202, then good", vec![status(202, &[]), ok(good.clone())], Figures(2)),
        (
            "202 for ever",
            vec![status(202, &[])],
            Says(3, "answered 202 Accepted, which is not a complete answer (that is 200) (asked 3"),
        ),
        ("201", vec![of_status(201, &good)], Says(1, "answered 201 Created, which is not a complete answer (that is 200)")),
        (
            "203",
            vec![of_status(203, &good)],
            Says(1, "answered 203 Non Authoritative Information, which is not a complete answer"),
        ),
        (
            "204",
            vec![Reply::Proper(204, Vec::new(), Vec::new())],
            Says(
                1,
                "answered 204 No Content, which is not a complete \
            answer",
            ),
        ),
        (
            "205",
            vec![Reply::Proper(205, Vec::new(), Vec::new())],
            Says(1, "answered 205 Reset Content, which is not a complete answer"),
        ),
        (
            "206 without a range",
            vec![of_status(206, &good)],
            Says(
                1,
                "answered 206 Partial Content, which is not a complete \
            answer",
            ),
        ),
        ("206 with a range", vec![ranged(206, half)], Says(1, "answered 206 Partial Content, which is not a complete answer")),
        ("200 with a range", vec![ranged(200, half)], Says(1, "the answer says that it is a part of one (Content-Range)")),
        ("207", vec![of_status(207, &good)], Says(1, "answered 207 Multi-Status, which is not a complete answer")),
        ("226", vec![of_status(226, &good)], Says(1, "answered 226 IM Used, which is not a complete answer")),
        ("a length that is not met", vec![by_hand("Content-Length: 99\r\n", "Indicator ID")], Says(3, "(asked 3 times)")),
        ("400", vec![status(400, &[])], Says(1, "answered 400 Bad Request: \"oops\"")),
        ("200 with HTML", vec![ok(html)], Says(1, "a web page or XML came instead of a table: \"<!DOCTYPE html>")),
        ("200 with an error text", vec![ok("An error has occurred")], Says(1, "has no column \"Indicator ID\"")),
        ("200 with nothing", vec![ok("")], Says(1, "the answer is empty")),
        ("a header and no row", vec![ok(answer(&[]))], Says(1, "not one row: the source knows no figure of indicator 90366")),
        ("gzip that lies", vec![packed(good.clone().into_bytes())], Says(3, "the answer cannot be unpacked")),
        ("gzip that breaks off", vec![packed(gzip(good.as_bytes())[..60].to_vec())], Says(3, "the answer cannot be unpacked")),
        ("an answer too large", vec![ok(large.clone())], Says(1, "larger than 1 MB (fetch.max_answer_mb)")),
        ("a small answer that unpacks too large", vec![packed(gzip(large.as_bytes()))], Says(1, "larger than 1 MB")),
        ("a redirect within the host", vec![status(301, &[("location", "/new")]), ok(good.clone())], Figures(2)),
        (
            "a redirect to another host",
            vec![status(302, &[("location", "http://localhost:1/elsewhere")])],
            Says(1, "redirects to http://localhost:1, another host than was asked; set base_url if the source has moved"),
        ),
        ("a redirect in a circle", vec![status(302, &[("location", "/api/again")])], Says(6, "redirects more than 5 times")),
    ];
    for (name, replies, outcome) in table {
        let server = Server::start(replies).await;
        let indicators = ask(&server, |_| {}).await;
        let times = match outcome {
            Figures(times) => {
                assert_eq!(indicators.observations.len(), 2, "{name}: {:?}", indicators.receipts);
                times
            }
            Says(times, expected) => {
                let reason = only_reason(&indicators);
                assert!(reason.contains(expected), "{name}: {reason:?} does not say {expected:?}");
                assert!(indicators.receipts[0].url.starts_with(&server.base), "{name}");
                times
            }
        };
        assert_eq!(server.times_asked(), times, "{name}");
    }
}

#[tokio::test]
async fn silent_servers_are_given_up_at_the_deadline() {
    let beginning = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nIndicator ID".to_vec();
    for (name, said, expected) in [
        ("no headers", Vec::new(), "gave nothing within 1 seconds (asked once)"),
        ("half a header", b"HTTP/1.1 200 OK\r\nCont".to_vec(), "gave nothing within 1 seconds (asked once)"),
        ("half a body", beginning, "gave no whole answer within 2 seconds (asked once)"),
    ] {
        let server = Server::start(vec![Reply::Silence(said)]).await;
        let began = Instant::now();
        let indicators = ask(&server, |fetch| {
            fetch.first_byte_timeout_seconds = 1.try_into().unwrap();
            fetch.answer_timeout_seconds = 2.try_into().unwrap();
            fetch.attempts = 1.try_into().unwrap();
        })
        .await;
        assert_eq!(only_reason(&indicators), expected, "{name}");
        assert!(began.elapsed() < Duration::from_secs(5), "{name}");
    }
}

#[tokio::test]
async fn wrapped_tables_read_the_same() {
    let expected = figures(&collect(&le(), &settings(&Server::start(vec![ok(good())]).await.base, |_| {})).await).len();
    let of = |text: &str| -> Vec<String> { text.split("\r\n").filter(|line| !line.is_empty()).map(str::to_owned).collect() };
    let lines = of(&good());
    let without_last = |line: &String| line.rsplit_once(',').unwrap().0.to_owned();
    let reversed = |line: &String| line.split(',').rev().collect::<Vec<_>>().join(",");
    let joined = |lines: Vec<String>| lines.iter().map(|line| format!("{line}\r\n")).collect::<String>();
    let repeated: Vec<String> = lines.iter().chain(&lines[1..]).cloned().collect();
    // A dash as Windows-1252 writes it, though UTF-8 is promised.
    let mut windows = good().replace("Life expectancy at birth", "Life expectancy # birth").into_bytes();
    windows.iter_mut().filter(|byte| **byte == b'#').for_each(|byte| *byte = 0x96);
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("a byte order mark", format!("\u{feff}{}", good()).into_bytes()),
        ("LF", good().replace("\r\n", "\n").into_bytes()),
        ("no line end at the end", good().trim_end().to_owned().into_bytes()),
        ("blank lines", good().replace("\r\n", "\r\n\r\n").into_bytes()),
        ("26 columns", joined(lines.iter().map(without_last).collect()).into_bytes()),
        ("27 columns in another order", joined(lines.iter().map(reversed).collect()).into_bytes()),
        ("each area once for each parent", joined(repeated).into_bytes()),
        ("another charset than is promised", windows),
    ];
    for (name, body) in cases {
        let server =
            Server::start(vec![Reply::Proper(200, vec![("content-type", "text/csv; charset=utf-8".to_owned())], body)]).await;
        let indicators = ask(&server, |_| {}).await;
        let found: Vec<Value> = indicators.observations.iter().map(|o| o.value).collect();
        assert_eq!((found, expected), (vec![Value::Number(83.1), Value::Number(81.2)], 2), "{name}: {:?}", indicators.receipts);
        if name.starts_with("another charset") {
            let Provenance::Answer { indicator, .. } = &indicators.observations[0].provenance else { panic!() };
            assert_eq!(indicator, "Life expectancy – birth");
        }
    }
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(good().encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let server = Server::start(vec![ok(utf16)]).await;
    assert_eq!(only_reason(&ask(&server, |_| {}).await), "the answer is in UTF-16, where UTF-8 was expected");
    let server = Server::start(vec![ok(format!("{}90366,\"{}", good(), "x,\r\n".repeat(400_000)))]).await;
    let reason = only_reason(&ask(&server, |fetch| fetch.max_answer_mb = 10.try_into().unwrap()).await);
    assert!(reason.contains("a quote in it may never be closed"), "{reason}");
}

/// Debug builds unpack and read some 10 MB a second; `cargo test -- --ignored` has the time.
#[tokio::test]
#[ignore = "takes a while without optimisation"]
async fn only_requested_rows_of_900_000_are_kept() {
    let mut body = HEADER.as_bytes().to_vec();
    body.extend_from_slice(b"\r\n");
    for number in 0..900_000 {
        let row = row("E92000001", &format!("E{number:08}"), "Female", "2022 - 24", "80.0");
        body.extend_from_slice(row.as_bytes());
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(row("", "E06000018", "Female", "2022 - 24", "81.2").as_bytes());
    let server = Server::start(vec![ok(body)]).await;
    let indicators = ask(&server, |fetch| {
        fetch.max_answer_mb = 200.try_into().unwrap();
        fetch.answer_timeout_seconds = 120.try_into().unwrap();
    })
    .await;
    assert_eq!(figures(&indicators), [("le", "E06000018", "2022 - 24".to_owned(), Value::Number(81.2))]);
    let Provenance::Answer { line, .. } = &indicators.observations[0].provenance else { panic!() };
    assert_eq!(*line, 900_002);
}

// --- How a source is asked ---------------------------------------------------------------------------------------------

#[tokio::test]
async fn live_answers_are_read_like_recordings() {
    let server = Server::start(vec![ok(good())]).await;
    let live = ask(&server, |fetch| fetch.contact = Some("data@example.org".to_owned())).await;
    let recorded = read(&le(), &good()).await;
    assert_eq!(figures(&live), figures(&recorded));
    let asked = server.last_asked();
    assert!(asked.starts_with(&format!("GET /api/{REQUEST}\n")), "{asked}");
    assert!(asked.contains(&format!("user-agent: boardpack/{} (+data@example.org)\n", env!("CARGO_PKG_VERSION"))));
    assert!(asked.contains("accept-encoding: gzip"));
    let Provenance::Answer { url, retrieved, sha256, .. } = &live.observations[0].provenance else { panic!() };
    assert_eq!((url, retrieved.to_string()), (&format!("{}{REQUEST}", server.base), "2026-11-20T09:00:00Z".to_owned()));
    let Provenance::Answer { sha256: same, .. } = &recorded.observations[0].provenance else { panic!() };
    assert_eq!(sha256, same);
}

/// Six measures of six indicators, and the answer to each.
fn six() -> (Vec<String>, Vec<(String, String)>) {
    let numbered = |text: &str, n: usize| text.replace("90366", &format!("9000{n}"));
    let measures = (0..6).map(|n| numbered(&life_expectancy(&format!("le{n}"), "Female", 3), n)).collect();
    (measures, (0..6).map(|n| (numbered(REQUEST, n), numbered(&good(), n))).collect())
}

#[tokio::test]
async fn one_connection_serves_many_questions() {
    let (measures, _) = six();
    let server = Server::start(vec![ok(good())]).await;
    collect(&measures, &settings(&server.base, |fetch| fetch.concurrency = 1.try_into().unwrap())).await;
    assert_eq!((server.times_asked(), server.connections.load(Ordering::Relaxed)), (6, 1));
}

#[tokio::test]
async fn shared_files_are_requested_once() {
    let kept = Kept::with(vec![ok("what,where,when,how much\nA,E06000018,2024,1\nB,E06000018,2024,2\n")]).await;
    let settings = settings_of(&format!(
        "[sources.own]\nkind = \"table\"\npublisher = \"P\"\nlicence = \"L\"\nbase_url = \"{}\"\nfile = \"t.csv\"\n\
         [sources.own.columns]\nindicator = \"what\"\narea = \"where\"\nperiod = \"when\"\nvalue = \"how much\"\n",
        kept.server.base
    ));
    let measures = ["A", "B"].map(|id| measure(id, "calendar", &format!("source = \"own\", indicator = \"{id}\"")));
    let both = collect_at(FIRST, &measures, &settings, &kept.archive, None).await;
    assert_eq!((figures(&both).len(), kept.server.times_asked()), (2, 1));

    kept.server.then(vec![ok("what,where,when,how much\nA,E06000018,2024,1\n")]);
    let one = collect_at(LATER, &measures, &settings, &kept.archive, None).await;
    assert_eq!(figures(&one), [("A", "E06000018", "2024".to_owned(), Value::Number(1.0))]);
    let IndicatorOutcome::Failed { reason } = &one.receipts[1].outcome else { panic!("{:?}", one.receipts) };
    assert_eq!(reason, "none of the 1 rows is of indicator B");
    let offline = Settings { fetch: Fetch { offline: true, ..settings.fetch.clone() }, ..settings };
    let offline = collect_at(LATER, &measures, &offline, &kept.archive, None).await;
    assert_eq!((offline.observations, offline.receipts), (one.observations, one.receipts));
}

#[tokio::test]
async fn requests_to_one_host_are_limited() {
    let (measures, _) = six();
    let server = Server::start(vec![Reply::Silence(Vec::new())]).await;
    let settings = settings(&server.base, |fetch| {
        fetch.concurrency = 2.try_into().unwrap();
        fetch.attempts = 1.try_into().unwrap();
        fetch.first_byte_timeout_seconds = 1.try_into().unwrap();
    });
    let collecting = collect(&measures, &settings);
    let watching = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        server.times_asked()
    };
    let (indicators, after_half_a_second) = tokio::join!(collecting, watching);
    assert_eq!((after_half_a_second, server.times_asked(), indicators.receipts.len()), (2, 6, 6));
}

#[tokio::test]
async fn answer_order_does_not_change_figures() {
    let (measures, answers) = six();
    let pairs: Vec<(&str, &str)> = answers.iter().map(|(request, answer)| (request.as_str(), answer.as_str())).collect();
    let (_folder, recordings) = recorded(&pairs);
    let expected = collect(&measures, &recordings).await;
    // Whoever is asked first fails first, and is asked again after the others.
    let reply = |(_, answer): &(String, String)| ok(answer.clone());
    let mut replies = vec![status(500, &[])];
    replies.extend(answers[1..].iter().chain(&answers[..1]).map(reply));
    let server = Server::start(replies).await;
    let live = collect(
        &measures,
        &settings(&server.base, |fetch| {
            fetch.concurrency = 1.try_into().unwrap();
            fetch.first_retry_milliseconds = 300;
        }),
    )
    .await;
    assert_eq!(figures(&live), figures(&expected));
    assert_eq!(live.observations.len(), 12);
}

#[tokio::test]
async fn a_certificate_is_verified_always() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls");
    let trusting = |fetch: &mut Fetch| fetch.ca_file = Some(folder.join("ca.pem"));
    let server = Server::with_tls(vec![ok(good())], "localhost.pem").await;
    assert_eq!(ask(&server, trusting).await.observations.len(), 2);

    let reason = only_reason(&ask(&server, |_| {}).await);
    assert!(reason.contains("certificate") && reason.contains("fetch.ca_file"), "{reason}");
    let elsewhere = Server::with_tls(vec![ok(good())], "elsewhere.pem").await;
    let reason = only_reason(&ask(&elsewhere, trusting).await);
    assert!(reason.contains("certificate") && reason.contains("elsewhere.example"), "{reason}");
    assert_eq!((server.times_asked(), elsewhere.times_asked()), (1, 0), "nothing is said to a stranger");

    let key = |fetch: &mut Fetch| fetch.ca_file = Some(folder.join("localhost.key"));
    let reason = only_reason(&ask(&server, key).await);
    assert!(reason.contains("localhost.key: holds no certificate"), "{reason}");
}

// --- What the archive is for -------------------------------------------------------------------------------------------

const KEY: &str = "a1+b2/c3=";

/// An API that is let in by a key in a header and in the address, and whose key is in a file.
fn guarded(base: &str, folder: &Path) -> Settings {
    std::fs::write(folder.join("key"), format!("{KEY}\n")).unwrap();
    let text = format!(
        "[sources.guarded]\nkind = \"api\"\npublisher = \"P\"\nlicence = \"L\"\nbase_url = \"{base}\"\n[sources.guarded.api]\n\
         request = \"d?i={{indicator}}&key={{secret}}\"\nformat = \"json\"\nrows = \"/rows\"\nnext = \"/next\"\n\
         headers = {{ Authorization = \"Bearer {{secret}}\", Accept = \"application/json\" }}\nsecret_file = {:?}\n\
         [sources.guarded.columns]\narea = \"/a\"\nperiod = \"/p\"\nvalue = \"/v\"\n\
         [fetch]\nfirst_retry_milliseconds = 1\nattempts = 1\nrequests_per_second = 0\n",
        folder.join("key")
    );
    settings_of(&text)
}

fn rows_of(area: &str, next: &str) -> Reply {
    ok(format!("{{\"next\": {next:?}, \"rows\": [{{\"a\": \"{area}\", \"p\": \"2024\", \"v\": 1.5}}]}}"))
}

/// Neither as it is nor as an address has it.
fn has_key(text: &str) -> bool {
    [KEY, "a1%2Bb2", "a1%2bb2", "a1+b2"].iter().any(|form| text.contains(form))
}

#[tokio::test]
async fn secrets_are_sent_but_never_told() {
    let kept = Kept::with(vec![rows_of("E06000018", "d?page=2&key=a1%2bb2/c3%3D"), rows_of("E92000001", "")]).await;
    let settings = guarded(&kept.server.base, kept.folder.path());
    let measures = [measure("m", "calendar", "source = \"guarded\", indicator = \"7\"")];
    let live = collect_at(FIRST, &measures, &settings, &kept.archive, None).await;
    assert_eq!(figures(&live).len(), 2, "{:?}", live.receipts);
    let asked = kept.server.asked.lock().unwrap().clone();
    let lines: Vec<&str> = asked.iter().map(|head| head.lines().next().unwrap()).collect();
    assert_eq!(lines, ["GET /api/d?i=7&key=a1%2Bb2%2Fc3%3D", "GET /api/d?page=2&key=a1%2Bb2%2Fc3%3D"]);
    assert!(
        asked
            .iter()
            .all(|head| head.contains(&format!("authorization: Bearer {KEY}\n")) && head.contains("accept: application/json\n"))
    );
    let told = format!("{live:?}");
    assert!(told.contains("d?i=7&key={secret}") && told.contains("d?page=2&key={secret}") && !has_key(&told), "{told}");
    let published = serde_json::to_string(&settings.sources).unwrap();
    assert!(published.contains("[\"Accept\",\"Authorization\"]") && !has_key(&published), "{published}");
    assert!(!has_key(&format!("{settings:?}")));

    // The archive knows the answers by the address without it, the second page too.
    let mut offline = settings.clone();
    offline.fetch.offline = true;
    let again = collect_at(LATER, &measures, &offline, &kept.archive, None).await;
    assert_eq!(again.observations, live.observations);

    // A source that says the secret back.
    for reply in [Reply::Proper(403, Vec::new(), format!("no such key: {KEY}").into_bytes()), ok(format!("no such key: {KEY}"))] {
        kept.server.then(vec![reply]);
        let refused = collect(&measures, &settings).await;
        let told = format!("{refused:?}");
        assert!(told.contains("no such key: {secret}") && !has_key(&told), "{told}");
    }
}

#[tokio::test]
async fn an_address_with_a_user_is_not_followed() {
    let kept = Kept::with(vec![ok(good())]).await;
    let to = kept.server.base.replace("http://", "http://user:hunter2@") + "elsewhere";
    kept.server.then(vec![Reply::Proper(302, vec![("location", to)], Vec::new())]);
    let reason = only_reason(&kept.ask(FIRST, |_| {}).await);
    assert!(
        reason.contains("redirects to an address with a user or a password in it") && !reason.contains("hunter2"),
        "{reason}"
    );
}

// --- The commands ------------------------------------------------------------------------------------------------------
