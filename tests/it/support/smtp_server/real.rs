//! The server of `tests/heavy/smtp_aiosmtpd.py`, which takes messages with TLS from those who sign in.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A process of its own, which ends when its standard input does.
pub struct RealServer {
    process: Child,
    folder: tempfile::TempDir,
    pub port: u16,
    /// Where it grants tokens, where it takes those.
    pub token_url: Option<String>,
}

impl RealServer {
    /// `tls` is "starttls" or "implicit", `way` is "plain", "login" or "token". It knows robot with hunter2.
    pub fn start(tls: &str, way: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/heavy/smtp_aiosmtpd.py"))
            .arg(folder.path())
            .args([tls, way, "robot", "hunter2"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut port = || -> u16 { said.next().unwrap().unwrap().parse().expect("the server prints its port") };
        let (mail, tokens) = (port(), (way == "token").then(port));
        let token_url = tokens.map(|port| format!("https://localhost:{port}/token"));
        Self { process, folder, port: mail, token_url }
    }

    /// The file of the authority that signed its certificate.
    pub fn ca(&self) -> String {
        self.folder.path().join("ca.pem").to_str().unwrap().to_owned()
    }

    /// The last message, as it came.
    pub fn message(&self) -> PathBuf {
        self.folder.path().join("received.eml")
    }

    /// The last message, as the script describes it.
    pub fn received(mut self) -> serde_json::Value {
        drop(self.process.stdin.take());
        assert!(self.process.wait().unwrap().success());
        serde_json::from_slice(&std::fs::read(self.folder.path().join("received.json")).unwrap()).unwrap()
    }
}
