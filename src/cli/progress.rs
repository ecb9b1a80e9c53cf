//! Showing how a run goes on: a bar on a terminal, plain lines elsewhere, log records in the server.

use crate::run::Progress;
use crate::settings::{Log, LogFormat};
use crate::visible::in_one_line;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// To standard error.
pub struct Terminal {
    bar: Option<ProgressBar>,
    since: Mutex<Instant>,
}

impl Terminal {
    pub fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self { bar, since: Mutex::new(Instant::now()) }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Terminal {
    fn stage_starts(&self, name: &str) {
        if let Ok(mut since) = self.since.lock() {
            *since = Instant::now();
        }
        if let Some(bar) = &self.bar {
            bar.set_message(name.to_owned());
        }
    }

    fn counted(&self, done: usize, total: usize, last: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("collect: {done} of {total} indicators, {}", in_one_line(last)));
        }
    }

    fn stage_ends(&self, name: &str, detail: &str) {
        let took = self.since.lock().map(|since| since.elapsed()).unwrap_or_default();
        let line = format!("{name:<10} {detail} ({:.1} s)", took.as_secs_f64());
        match &self.bar {
            Some(bar) => bar.println(in_one_line(&line)),
            None => eprintln!("{line}"),
        }
    }
}

/// To the log.
pub struct Logged;

/// To the log where a program reads that, otherwise to whoever looks on.
pub fn of(log: &Log) -> Box<dyn Progress> {
    match log.format {
        LogFormat::Json => Box::new(Logged),
        LogFormat::Text => Box::new(Terminal::new()),
    }
}

impl Progress for Logged {
    fn stage_starts(&self, name: &str) {
        tracing::debug!(stage = name, "stage starts");
    }

    fn counted(&self, done: usize, total: usize, last: &str) {
        tracing::debug!(done, total, last, "indicators");
    }

    fn stage_ends(&self, name: &str, detail: &str) {
        tracing::info!(stage = name, detail, "stage ended");
    }
}
