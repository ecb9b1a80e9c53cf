//! The log on standard error.

use crate::settings::{Log, LogFormat, LogLevel};
use crate::visible::{Visible, in_one_line};
use tracing::field::Field;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::{FormatFields, format};

/// Starts logging to standard error. `RUST_LOG` filters more finely than the setting.
pub(super) fn start_logging(log: &Log) {
    let level = match log.level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    };
    // The libraries' own chatter is not for an operator.
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(format!("warn,boardpack={level}")));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| Visible(std::io::stderr()));
    let started = match log.format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder.with_ansi(false).with_target(false).fmt_fields(on_one_line()).try_init(),
    };
    // Already started: the first one stays.
    drop(started);
    // What a panic says may hold what was read; where it was is enough to find it by.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, "a fault in boardpack itself");
    }));
}

/// The fields of a record of the log on one line, whatever they quote.
fn on_one_line() -> impl for<'writer> FormatFields<'writer> + Send + Sync + 'static {
    let field = |out: &mut format::Writer<'_>, field: &Field, value: &dyn std::fmt::Debug| {
        let text = format!("{value:?}");
        let text = in_one_line(&text);
        if field.name() == "message" { write!(out, "{text}") } else { write!(out, "{field}={text}") }
    };
    format::debug_fn(field).delimited(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_log_record_is_one_line() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || Visible(writer.clone()));
        tracing::subscriber::with_default(subscriber.fmt_fields(on_one_line()).finish(), || {
            tracing::warn!(file = %"a\nb\u{1b}[2J", run = 7, "came: {}", "c\r\n\u{202e}d");
        });
        let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(said.lines().count(), 1, "{said:?}");
        assert!(said.ends_with("came: c\\u000d\\u000a\\u202ed file=a\\u000ab\\u001b[2J run=7\n"), "{said:?}");
    }
}
