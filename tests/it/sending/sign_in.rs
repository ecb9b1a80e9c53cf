//! Signing in to a mail server: by the passwords and tokens that servers ask for, and what comes of each way that it fails.

use crate::support::smtp_server;

use crate::support::messages::*;
use crate::support::public_source::server::{Reply, Server as Endpoint, status};
use crate::support::smtp_server::real::RealServer;
use crate::support::smtp_server::{Act, PostOffice, Script, decode_base64};
use boardpack::distribute::smtp::MailServer;
use boardpack::distribute::{DeliveryResult, Transport};
use std::path::Path;
use std::time::{Duration, Instant};

const SECRET: &str = "s3cret+&=/ é";

/// An answer with the token of that name.
fn token(name: &str, expires_in: &str) -> Reply {
    answer(&format!(r#"{{"token_type":"Bearer","expires_in":{expires_in},"access_token":"{name}"}}"#))
}

fn answer(body: &str) -> Reply {
    Reply::Proper(200, vec![("content-type", "application/json".to_owned())], body.as_bytes().to_vec())
}

fn denied(code: u16, body: &str) -> Reply {
    Reply::Proper(code, Vec::new(), body.as_bytes().to_vec())
}

/// A server that takes tokens alone, those with `good` in them.
fn by_token() -> Script {
    Script {
        ehlo: Act::Say("250-test.invalid\r\n250 AUTH LOGIN XOAUTH2"),
        auth: |line| match line {
            // As Microsoft and others ask for it.
            "AUTH XOAUTH2" => Act::Say("334 "),
            "" => Act::Say("535 5.7.3 Authentication unsuccessful"),
            given if String::from_utf8_lossy(&decode_base64(given)).contains("good") => Act::Say("235 2.7.0 signed in"),
            _ => Act::Say("334 eyJzdGF0dXMiOiI0MDEifQ=="),
        },
        ..Script::default()
    }
}

fn by_token_tersely(line: &str) -> Act {
    if line == "AUTH XOAUTH2" { Act::Say("334") } else { (by_token().auth)(line) }
}

fn with_tokens(port: u16, token_url: &str, more: &[(&str, &str)]) -> MailServer {
    let mut pairs = vec![
        ("SMTP__USERNAME", "packs@example.org"),
        ("SMTP__AUTHENTICATION", "xoauth2"),
        ("SMTP__OAUTH2__TOKEN_URL", token_url),
        ("SMTP__OAUTH2__CLIENT_ID", "an-app"),
        ("SMTP__OAUTH2__CLIENT_SECRET", SECRET),
    ];
    pairs.extend(more);
    smtp(port, "none", &pairs)
}

/// The tokens that were shown, a conversation each; none where nobody signed in.
async fn shown(post: &PostOffice, conversations: usize) -> Vec<Option<String>> {
    let after = |commands: &[String]| {
        let at = commands.iter().position(|line| line == "AUTH XOAUTH2")?;
        Some(String::from_utf8(decode_base64(commands.get(at + 1)?)).unwrap())
    };
    post.heard(conversations).await.iter().map(|heard| after(&heard.commands)).collect()
}

fn bearer(token: &str) -> Option<String> {
    Some(format!("user=packs@example.org\u{1}auth=Bearer {token}\u{1}\u{1}"))
}

async fn by_password(script: Script) -> (DeliveryResult, Vec<String>) {
    let server = smtp_server::start(script).await;
    let credentials = [("SMTP__USERNAME", "robot"), ("SMTP__PASSWORD", "hunter2")];
    let outcome = smtp(server.port, "none", &credentials).send(&letter("zoe@example.org", b"")).await;
    (outcome, server.heard().await.commands)
}

#[tokio::test]
async fn passwords_use_the_offered_mechanism() {
    let (outcome, heard) = by_password(Script::default()).await;
    assert_eq!((outcome, heard[1].as_str()), (DeliveryResult::Accepted, "AUTH PLAIN AHJvYm90AGh1bnRlcjI="));

    let login = Script {
        ehlo: Act::Say("250-test.invalid\r\n250 AUTH LOGIN"),
        auth: |line| match line {
            "AUTH LOGIN" => Act::Say("334 VXNlcm5hbWU6"),
            "cm9ib3Q=" => Act::Say("334 UGFzc3dvcmQ6"),
            "aHVudGVyMg==" => Act::Say("235 2.7.0 signed in"),
            _ => Act::Say("535 no"),
        },
        ..Script::default()
    };
    let (outcome, heard) = by_password(login).await;
    assert_eq!(
        (outcome, &heard[1..4]),
        (DeliveryResult::Accepted, &["AUTH LOGIN", "cm9ib3Q=", "aHVudGVyMg=="].map(str::to_owned)[..])
    );

    let (outcome, heard) = by_password(Script { ehlo: Act::Say("250-hello\r\n250 AUTH XOAUTH2"), ..Script::default() }).await;
    let reason = refused(outcome, false);
    assert!(reason.ends_with("at the sign-in: it does not offer to sign in by PLAIN or LOGIN"), "{reason}");
    assert_eq!(heard, ["EHLO example.org", "QUIT"]);
}

#[tokio::test]
async fn refused_accounts_are_not_tried_again() {
    let post = PostOffice::with(Script { auth: |_| Act::Say("535 5.7.8 no such password"), ..Script::default() }).await;
    let server = smtp(post.port, "none", &[("SMTP__USERNAME", "robot"), ("SMTP__PASSWORD", "guess")]);
    for _ in 0..3 {
        let reason = refused(server.send(&letter("zoe@example.org", b"")).await, true);
        assert!(reason.ends_with("refused the sign-in: 535 5.7.8 no such password"), "{reason}");
    }
    assert_eq!(post.heard(1).await.len(), 1);

    // What may pass is asked again.
    let post = PostOffice::with(Script { auth: |_| Act::Say("454 4.7.0 busy"), ..Script::default() }).await;
    let server = smtp(post.port, "none", &[("SMTP__USERNAME", "robot"), ("SMTP__PASSWORD", "hunter2")]);
    for _ in 0..2 {
        refused(server.send(&letter("zoe@example.org", b"")).await, false);
    }
    assert_eq!(post.heard(2).await.len(), 2);
}

#[tokio::test]
async fn echoed_credentials_are_told_to_nobody() {
    let rest = "(its text contains our credentials and is left out)";
    let refused_by = async |script: Script| refused(by_password(script).await.0, true);
    let reason = refused_by(Script { auth: |_| Act::Say("535 5.7.8 hunter2 is wrong"), ..Script::default() }).await;
    assert!(reason.ends_with(&format!("refused the sign-in: 535 5.7.8 {rest}")), "{reason}");
    let late: &'static str = format!("550 {} hunter2", "x".repeat(296)).leak();
    for (says, expected) in [
        ("550 5.7.8 HUNTER2 is wrong", format!("550 5.7.8 {rest}")),
        ("550-5.7.8 hun\r\n550 ter2 is wrong", format!("550 5.7.8 {rest}")),
        ("550 robot:hunter2", format!("550 {rest}")),
        ("550 AUTH PLAIN AHJvYm90AGh1bnRlcjI= was refused", format!("550 {rest}")),
        ("550 aHVudGVyMg==", format!("550 {rest}")),
        ("550 cm9ib3Q6aHVudGVyMg", format!("550 {rest}")),
        ("550 68756e74657232", format!("550 {rest}")),
        (late, format!("550 {rest}")),
        ("550 5.7.8 no such password for robot", "550 5.7.8 no such password for robot".to_owned()),
    ] {
        for script in [
            Script { mail: Act::Say(says), ..Script::default() },
            Script { rcpt: Act::Say(says), ..Script::default() },
            Script { data: Act::Say(says), ..Script::default() },
            Script { text: Act::Say(says), ..Script::default() },
        ] {
            let reason = refused_by(script).await;
            assert!(reason.ends_with(&expected), "{reason}");
        }
    }
}

#[tokio::test]
async fn echoed_tokens_are_told_to_nobody() {
    let auth: fn(&str) -> Act = |line| match line {
        "AUTH XOAUTH2" => Act::Say("334 "),
        given if String::from_utf8_lossy(&decode_base64(given)).contains("later") => Act::Say("235 ok"),
        _ => Act::Say("535 5.7.3 taken back"),
    };
    for says in [
        "550 5.7.3 Bearer wrong-eyJ0eXAiOiJKV1Qi.later",
        // The one before it, which the server refused; a piece of what was shown, in base64.
        "550 5.7.3 wrong-eyJ0eXAiOiJKV1Qi.first",
        "550 5.7.3 QmVhcmVyIHdyb25nLWV5SjBlWEFpT2lKS1YxUWkubGF0ZXIBAQ==",
    ] {
        let tokens = ["wrong-eyJ0eXAiOiJKV1Qi.first", "wrong-eyJ0eXAiOiJKV1Qi.later"].map(|name| token(name, "3600"));
        let endpoint = Endpoint::start(tokens.to_vec()).await;
        let post = PostOffice::with(Script { auth, mail: Act::Say(says), ..by_token() }).await;
        let server = with_tokens(post.port, &endpoint.base, &[]);
        let reason = refused(server.send(&letter("zoe@example.org", b"")).await, true);
        assert!(reason.ends_with("550 5.7.3 (its text contains our credentials and is left out)"), "{reason}");
    }
}

#[tokio::test]
async fn one_token_serves_until_it_expires() {
    let endpoint = Endpoint::start(vec![token("good-1", "3600"), token("good-2", "\"59\""), token("good-3", "59")]).await;
    let post = PostOffice::with(by_token()).await;
    let server = with_tokens(post.port, &endpoint.base, &[]);
    for _ in 0..2 {
        assert_eq!(server.send(&letter("zoe@example.org", b"")).await, DeliveryResult::Accepted);
    }
    assert_eq!(shown(&post, 2).await, [bearer("good-1"), bearer("good-1")]);
    let asked = endpoint.last_asked();
    assert!(asked.starts_with("POST /api/\n") && asked.contains("content-type: application/x-www-form-urlencoded\n"), "{asked}");
    assert_eq!(
        asked.lines().last().unwrap(),
        "grant_type=client_credentials&client_id=an-app&client_secret=s3cret%2B%26%3D%2F+%C3%A9\
         &scope=https%3A%2F%2Foutlook.office365.com%2F.default"
    );
    assert_eq!(endpoint.times_asked(), 1);

    // One that is in its last minute is not used for another message.
    let server = with_tokens(post.port, &endpoint.base, &[]);
    for _ in 0..2 {
        assert_eq!(server.send(&letter("zoe@example.org", b"")).await, DeliveryResult::Accepted);
    }
    assert_eq!(shown(&post, 2).await, [bearer("good-2"), bearer("good-3")]);
    assert_eq!(endpoint.times_asked(), 3);
}

#[tokio::test]
async fn revoked_tokens_are_replaced_once() {
    let endpoint = Endpoint::start(vec![token("revoked", "3600"), token("good", "3600")]).await;
    let post = PostOffice::with(by_token()).await;
    let server = with_tokens(post.port, &endpoint.base, &[]);
    assert_eq!(server.send(&letter("zoe@example.org", b"")).await, DeliveryResult::Accepted);
    assert_eq!(shown(&post, 2).await, [bearer("revoked"), bearer("good")]);

    // A question without even a blank after its number; and a server that asks nothing.
    for (asks, outcome) in [(by_token_tersely as fn(&str) -> Act, true), (|_| Act::Say("250 what"), false)] {
        let post = PostOffice::with(Script { auth: asks, ..by_token() }).await;
        let server = with_tokens(post.port, &endpoint.base, &[]);
        assert_eq!(server.send(&letter("zoe@example.org", b"")).await == DeliveryResult::Accepted, outcome);
    }

    let endpoint = Endpoint::start(vec![token("wrong", "3600")]).await;
    let server = with_tokens(post.port, &endpoint.base, &[]);
    for _ in 0..2 {
        let reason = refused(server.send(&letter("zoe@example.org", b"")).await, true);
        assert!(reason.ends_with("refused the sign-in: 535 5.7.3 Authentication unsuccessful"), "{reason}");
    }
    let conversations = post.heard(2).await;
    assert_eq!((endpoint.times_asked(), conversations.len()), (2, 2), "the second message is not tried");
    let commands = &conversations[0].commands;
    assert_eq!((commands[3].as_str(), commands[4].as_str()), ("", "QUIT"), "the question is answered before goodbye");
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let told = format!(r#"{{"error":"invalid_client","error_description":"AADSTS7000215: it was {SECRET}"}}"#);
    let large = format!(r#"{{"access_token":"{}"}}"#, "x".repeat(200_000));
    for (reply, permanent, part) in [
        (
            denied(401, r#"{"error":"invalid_client","error_description":"AADSTS7000222: The secret has expired.\r\nTrace: 1"}"#),
            true,
            "it answered 401 Unauthorized invalid_client AADSTS7000222: The secret has expired. Trace: 1",
        ),
        (denied(400, &told), true, "it answered 400 Bad Request"),
        (denied(400, &told.replace(SECRET, "s3cret%2B%26%3D%2F")), true, "it answered 400 Bad Request (its text contains our"),
        (denied(403, "<html>"), true, "it answered 403 Forbidden"),
        (status(302, &[("location", "https://elsewhere.example/")]), true, "it answered 302 Found"),
        (status(500, &[]), false, "it answered 500"),
        (status(429, &[]), false, "it answered 429"),
        (answer("<html>"), false, "with what is not a token"),
        (answer(r#"{"access_token":""}"#), false, "with what is not a token"),
        (answer(r#"{"access_token":"two words"}"#), false, "with what is not a token"),
        (answer(r#"{"access_token":"a\r\nRCPT TO:<x@example.org>"}"#), false, "with what is not a token"),
        (answer(&large), false, "over 64 KB"),
        (Reply::Bytes(Vec::new()), false, ""),
        (Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec()), false, ""),
        (Reply::Silence(Vec::new()), false, "did not answer within 300ms"),
        (Reply::Silence(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec()), false, "did not answer within 300ms"),
    ] {
        let is_silent = matches!(reply, Reply::Silence(_));
        let endpoint = Endpoint::start(vec![reply]).await;
        let post = PostOffice::with(by_token()).await;
        let deadline = if is_silent { Duration::from_millis(300) } else { PATIENCE };
        let began = Instant::now();
        let server = with_tokens(post.port, &endpoint.base, &[]).with_deadline(deadline);
        let reason = refused(server.send(&letter("zoe@example.org", b"")).await, permanent);
        assert!(began.elapsed() < deadline * 4, "took {:?}", began.elapsed());
        let place = endpoint.base.trim_end_matches("/api/");
        assert!(reason.starts_with(&format!("{place}, at the access token: ")) && reason.contains(part), "{reason}");
        assert!(!reason.contains("s3cret") && !format!("{server:?}").contains("s3cret"), "{reason}");
        assert!(post.take().is_empty());
    }
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let server = with_tokens(1, &format!("http://{free}/"), &[]);
    assert!(refused(server.send(&letter("zoe@example.org", b"")).await, false).contains("onnection refused"));
}

#[tokio::test]
async fn secrets_need_a_trusted_endpoint() {
    let ca = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/ca.pem");
    let post = PostOffice::with(by_token()).await;
    let endpoint = Endpoint::with_tls(vec![token("good", "3600")], "localhost.pem").await;
    let trusting = with_tokens(post.port, &endpoint.base, &[("SMTP__CA_FILE", ca)]);
    assert_eq!(trusting.send(&letter("zoe@example.org", b"")).await, DeliveryResult::Accepted);
    let wary = with_tokens(post.port, &endpoint.base, &[]);
    let reason = refused(wary.send(&letter("zoe@example.org", b"")).await, false);
    assert!(reason.contains("name its certificate in mail.smtp.ca_file"), "{reason}");
    let stranger = Endpoint::with_tls(vec![token("good", "3600")], "elsewhere.pem").await;
    let misled = with_tokens(post.port, &stranger.base, &[("SMTP__CA_FILE", ca)]);
    refused(misled.send(&letter("zoe@example.org", b"")).await, false);
    assert_eq!((endpoint.times_asked(), stranger.times_asked()), (1, 0));
}

#[test]
fn unusable_token_settings_are_told_together() {
    let faults = |more: &[(&str, &str)]| {
        let mut pairs = vec![("TRANSPORT", "smtp"), ("SMTP__AUTHENTICATION", "xoauth2")];
        pairs.extend(more);
        Transport::new(&mail(&pairs), Path::new("out")).unwrap_err().to_string()
    };
    let found = faults(&[("SMTP__DEADLINE_SECONDS", "0")]);
    for part in [
        "mail.smtp.host: is not given",
        "mail.smtp.deadline_seconds: is 0",
        "mail.smtp.username: is not given",
        "mail.smtp.oauth2.token_url: is not given",
        "mail.smtp.oauth2.client_id: is not given",
        "mail.smtp.oauth2.client_secret: is not given",
    ] {
        assert!(found.contains(part), "{part} is not in:\n{found}");
    }
    for (url, problem) in [
        ("http://login.example.org/token", "is at http://login.example.org: only localhost may be talked to without TLS"),
        ("https://user:hunter2@login.example.org/", "at https://login.example.org has a user, a password or a fragment in it"),
        ("login.example.org", "is not an address"),
        ("ftp://localhost/", "only localhost"),
    ] {
        let found = faults(&[("SMTP__OAUTH2__TOKEN_URL", url)]);
        assert!(found.contains(&format!("mail.smtp.oauth2.token_url: {problem}")) || found.contains(problem), "{found}");
        assert!(!found.contains("hunter2"));
    }
}

#[tokio::test]
#[ignore = "heavy: needs python3 with aiosmtpd, and openssl"]
async fn heavy_a_login_only_server_accepts() {
    let server = RealServer::start("starttls", "login");
    let ca = server.ca();
    let pairs = [("SMTP__CA_FILE", ca.as_str()), ("SMTP__USERNAME", "robot"), ("SMTP__PASSWORD", "hunter2")];
    let by = smtp(server.port, "starttls", &pairs);
    assert_eq!(by.send(&letter("zoe@example.org", &pdf())).await, DeliveryResult::Accepted);
    assert_eq!(server.received()["sign_ins"], serde_json::json!(["LOGIN: good"]));
}

#[tokio::test]
#[ignore = "heavy: needs python3 with aiosmtpd, and openssl"]
async fn heavy_expired_tokens_are_renewed() {
    let server = RealServer::start("starttls", "token");
    let (ca, url) = (server.ca(), server.token_url.clone().unwrap());
    let by = |scope: &str, secret: &str| {
        let pairs = [
            ("SMTP__CA_FILE", ca.as_str()),
            ("SMTP__USERNAME", "robot"),
            ("SMTP__AUTHENTICATION", "xoauth2"),
            ("SMTP__OAUTH2__TOKEN_URL", url.as_str()),
            ("SMTP__OAUTH2__CLIENT_ID", "an-app"),
            ("SMTP__OAUTH2__CLIENT_SECRET", secret),
            ("SMTP__OAUTH2__SCOPE", scope),
        ];
        smtp(server.port, "starttls", &pairs)
    };
    let message = letter("zoe@example.org", &pdf());
    let reason = refused(by("3600/3600", "guess").send(&message).await, true);
    assert!(reason.ends_with("401 Unauthorized invalid_client no such application, or another secret"), "{reason}");
    // Good for seven seconds, of which we are to use five: 1 serves twice, and 2 is fetched before 1 ends.
    let expiring = by("7/65", "hunter2");
    for wait in [0.0, 0.0, 5.2] {
        tokio::time::sleep(Duration::from_secs_f64(wait)).await;
        assert_eq!(expiring.send(&message).await, DeliveryResult::Accepted);
    }
    // Good for three seconds, though said to be for an hour: 3 is refused when it is shown again, and 4 takes its place.
    let revoked = by("3/3600", "hunter2");
    for wait in [0.0, 3.2] {
        tokio::time::sleep(Duration::from_secs_f64(wait)).await;
        assert_eq!(revoked.send(&message).await, DeliveryResult::Accepted);
    }
    // Not good at all: one is replaced, and that is the end of it.
    let useless = by("0/3600", "hunter2");
    for _ in 0..2 {
        let reason = refused(useless.send(&message).await, true);
        assert!(reason.contains("refused the sign-in: 535"), "{reason}");
    }
    let expected = ["1: good", "1: good", "2: good", "3: good", "3: over", "4: good"].map(|line| format!("token {line}"));
    let received = server.received();
    assert_eq!((&received["sign_ins"], &received["authenticated"]), (&serde_json::json!(expected), &serde_json::json!(true)));
}
