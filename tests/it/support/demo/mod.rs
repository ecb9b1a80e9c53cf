//! The demonstration, as a person starts it.

// Each test binary uses a part of this.

use super::folders::copy;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A copy of the demonstration in a folder of its own, laid out as in a checkout.
pub struct Demo {
    root: tempfile::TempDir,
}

impl Demo {
    pub fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/demo"), &root.path().join("examples/demo"));
        Self { root }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub fn pack(&self) -> PathBuf {
        self.path("out/2026-27-Q2")
    }

    /// With the board pack of the whole system only.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.whole_command(arguments);
        command.env("BOARDPACK__PACK__MAKE", "board_pack").env("BOARDPACK__PACK__PARTS", "");
        command
    }

    /// With every pack that the demonstration makes, which takes longer.
    pub fn whole_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_boardpack"));
        command.args(arguments).args(["--config", "examples/demo/boardpack.toml"]).current_dir(self.root.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        let all: Vec<&str> = ["run"].iter().chain(arguments).copied().collect();
        self.command(&all).output().expect("the program starts")
    }

    /// Of the quarter's packs or, with `eml`, of its messages.
    pub fn files(&self, ending: &str) -> Vec<PathBuf> {
        let folder = if ending == "eml" { self.path("state/messages/2026-27-Q2") } else { self.pack() };
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        let mut files: Vec<PathBuf> =
            entries.map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == ending)).collect();
        files.sort();
        files
    }

    pub fn pdf(&self) -> Vec<u8> {
        fs::read(self.pack().join("board-pack-2026-27-Q2.pdf")).expect("a pack")
    }
}

pub fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
pub fn assert_exit(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", text(output));
}
