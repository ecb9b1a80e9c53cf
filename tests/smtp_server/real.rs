//! The server of `tests/heavy/smtp_aiosmtpd.py`, which takes one message with TLS and a password.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A process of its own, which ends when its standard input does.
pub struct RealServer {
    process: Child,
    folder: tempfile::TempDir,
    pub port: u16,
}

impl RealServer {
    /// `tls` is "starttls" or "implicit".
    pub fn start(tls: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/heavy/smtp_aiosmtpd.py"))
            .arg(folder.path())
            .args([tls, "robot", "hunter2"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().expect("the server prints its port");
        Self { process, folder, port }
    }

    /// The file of the authority that signed its certificate.
    pub fn ca(&self) -> String {
        self.folder.path().join("ca.pem").to_str().unwrap().to_owned()
    }

    /// The message, as the script describes it.
    pub fn received(mut self) -> serde_json::Value {
        drop(self.process.stdin.take());
        assert!(self.process.wait().unwrap().success());
        serde_json::from_slice(&std::fs::read(self.folder.path().join("received.json")).unwrap()).unwrap()
    }
}
