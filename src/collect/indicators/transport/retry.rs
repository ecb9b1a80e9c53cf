//! How long to wait before a source is asked again.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long a source may ask us to wait before we would rather go without.
pub(in crate::collect::indicators) const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The pause after each attempt: twice the last, less a share of up to a half that differs from question to question, so
/// that many that failed together do not come back together.
#[derive(Debug, Clone, Copy)]
pub(in crate::collect::indicators) struct Backoff<'a> {
    pub first: Duration,
    /// Comes from outside, so that the same run waits the same.
    pub seed: i128,
    pub url: &'a str,
}

impl Backoff<'_> {
    /// After attempt `attempt`, the first being 1.
    pub fn pause(&self, attempt: u32) -> Duration {
        let whole = self.first.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(LONGEST_WAIT);
        let hash = Sha256::digest(format!("{} {} {attempt}", self.seed, self.url));
        whole.mul_f64(1.0 - f64::from(hash[0]) / 512.0)
    }
}

/// What a `Retry-After` asks for: seconds, or a time, which is held against the answer's own `Date` where it has one, for
/// the two clocks are the same then.
pub(in crate::collect::indicators) fn asked_to_wait(retry_after: &str, date: Option<&str>, now: Timestamp) -> Option<Duration> {
    let retry_after = retry_after.trim();
    if let Ok(seconds) = retry_after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = timestamp(retry_after)?;
    let from = date.and_then(timestamp).unwrap_or(now);
    // A time that is over asks for no wait.
    Some(Duration::try_from(until.duration_since(from)).unwrap_or_default())
}

fn timestamp(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_with_a_repeatable_jitter() {
        let pauses = |seed, url| {
            let backoff = Backoff { first: Duration::from_millis(500), seed, url };
            [1, 2, 3, 4].map(|attempt| backoff.pause(attempt))
        };
        for (number, pause) in pauses(7, "a").into_iter().enumerate() {
            let whole = Duration::from_millis(500 << number);
            assert!(whole / 2 <= pause && pause <= whole, "{pause:?} is not from {:?} to {whole:?}", whole / 2);
        }
        assert_eq!(pauses(7, "a"), pauses(7, "a"));
        assert!(pauses(7, "a") != pauses(7, "b") && pauses(7, "a") != pauses(8, "a"));
        let long = Backoff { first: Duration::from_secs(1), seed: 0, url: "" }.pause(u32::MAX);
        assert!(long <= LONGEST_WAIT);
    }

    #[test]
    fn retry_after_is_seconds_or_a_time() {
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        let wait = |text: &str, date| asked_to_wait(text, date, now).map(|wait| wait.as_secs());
        assert_eq!(wait(" 120 ", None), Some(120));
        assert_eq!(wait("Fri, 20 Nov 2026 09:00:30 GMT", None), Some(30));
        assert_eq!(wait("Fri, 20 Nov 2026 09:00:30 GMT", Some("Fri, 20 Nov 2026 09:00:20 GMT")), Some(10));
        assert_eq!(wait("Fri, 20 Nov 2026 08:00:00 GMT", None), Some(0));
        assert_eq!((wait("soon", None), wait("-5", None)), (None, None));
    }
}
