//! Reading `schedules.toml`.

use super::cron::Cron;
use super::holidays::{self, Holidays};
use super::job_kind::JobKind;
use super::period_rule::PeriodRule;
use super::ping::Ping;
use super::schedules::{Missed, Schedule, Schedules};
use crate::assets::Assets;
use crate::distribute::RecipientLists;
use crate::document::{Entries, TomlDocument};
use crate::fault::Faults;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

const FILE: &str = "schedules.toml";

/// A year: what is later than that is the next occurrence, not a late one.
const LONGEST_GRACE_HOURS: u32 = 8784;

/// What `boardpack serve` does automatically, and when.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSchedule {
    /// What commands and messages call it.
    name: String,
    /// What it does.
    kind: JobKind,
    /// When it runs: minute, hour, day of the month, month, day of the week, such as `0 7 15 2,5,8,11 *`.
    cron: String,
    /// Whose clock `cron` is read by, as the IANA database names it.
    #[serde(default = "london")]
    time_zone: String,
    /// The list of `recipients.toml` that a pack is sent to; for `kind = "pack"` alone.
    #[serde(default)]
    recipients: Option<String>,
    /// What becomes of times that fell while nothing was running.
    #[serde(default)]
    missed: Missed,
    /// How late it may still run, in hours.
    #[serde(default = "three_days")]
    grace_hours: u32,
    /// Which quarter it is about.
    #[serde(default)]
    period: PeriodRule,
    /// The first day on which it may run.
    #[serde(default, deserialize_with = "some_day")]
    #[schemars(with = "Option<Date>")]
    active_from: Option<Date>,
    /// The last.
    #[serde(default, deserialize_with = "some_day")]
    #[schemars(with = "Option<Date>")]
    active_until: Option<Date>,
    /// True puts what falls on a weekend or a day of `holidays.toml` off to the next working day.
    #[serde(default)]
    avoid_holidays: bool,
    /// The address of a monitor, which is asked after each time; better kept in a file.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    ping_url: Option<SecretString>,
    /// The file with that address: a whole path.
    #[serde(default)]
    ping_url_file: Option<PathBuf>,
}

fn some_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    holidays::day(deserializer).map(Some)
}

fn london() -> String {
    "Europe/London".to_owned()
}

fn three_days() -> u32 {
    72
}

impl Schedules {
    /// Reads `schedules.toml`, whose schedules name lists of `lists`, and the holidays that they avoid.
    ///
    /// # Errors
    /// Everything wrong in it: syntax, unknown keys, expressions, zones, lists that are not there, two schedules of
    /// one name.
    pub fn load(config: &Assets, lists: &RecipientLists) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let schedules = Self::read(config, Some(lists), &mut faults);
        faults.into_result().map(|()| schedules)
    }

    /// The schedules that can be read. Where not every list is known, none is held against them.
    pub(crate) fn read(config: &Assets, lists: Option<&RecipientLists>, faults: &mut Faults) -> Self {
        let holidays = Arc::new(Holidays::read(config, faults));
        match config.read_text(FILE) {
            Ok(text) => Self::read_text(&text, &config.place(FILE), lists, &holidays, faults),
            Err(fault) => {
                faults.0.push(fault);
                Self::default()
            }
        }
    }

    fn read_text(text: &str, file: &str, lists: Option<&RecipientLists>, holidays: &Arc<Holidays>, faults: &mut Faults) -> Self {
        let mut document = TomlDocument::parse(text, file, faults);
        let entries: Entries<RawSchedule> = document.entries("schedule", faults);
        let places = document.finish(faults);
        let mut found = Faults::default();
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        for (place, raw) in entries.all() {
            if let Some(earlier) = first.insert(raw.name.trim(), place) {
                let problem = format!("the name {:?} is given already by {earlier}", raw.name);
                found.push(format!("{place}, name"), problem, "give each its own name");
            }
        }
        let all = entries.good.into_iter().chain(entries.mended);
        let schedules = all.filter_map(|(place, raw)| {
            // What a schedule needs depends on its kind.
            let lists = lists.filter(|_| !places.is_told(&place, "kind"));
            read(raw, &place, lists, holidays, &mut found)
        });
        let schedules = schedules.collect();
        faults.0.extend(places.point_all(found.0));
        Self(schedules)
    }
}

fn read(
    raw: RawSchedule,
    place: &str,
    lists: Option<&RecipientLists>,
    holidays: &Arc<Holidays>,
    faults: &mut Faults,
) -> Option<Schedule> {
    let at = |key: &str| format!("{place}, {key}");
    if raw.name.trim().is_empty() {
        faults.push(at("name"), "is empty", "give it one, such as \"quarterly\"");
    }
    let cron = match raw.cron.parse::<Cron>() {
        Ok(cron) if comes_too_often(&cron) => {
            let problem = format!("{:?} comes more than once a minute", raw.cron);
            faults.push(at("cron"), problem, "name one minute, such as \"0 7 15 1,4,7,10 *\"");
            None
        }
        Ok(cron) => Some(cron),
        Err(problem) => {
            faults.push(at("cron"), problem, "write it such as \"0 7 15 1,4,7,10 *\"");
            None
        }
    };
    let time_zone = TimeZone::get(&raw.time_zone)
        .map_err(|_| {
            let problem = format!("there is no time zone {:?}", raw.time_zone);
            faults.push(at("time_zone"), problem, "name one of the IANA database, such as \"Europe/London\"");
        })
        .ok();
    let there_are = lists.map_or(String::new(), |lists| format!("recipients.toml has: {}", lists.names()));
    match (raw.kind, &raw.recipients) {
        (JobKind::Pack, None) if lists.is_some() => {
            faults.push(at("recipients"), "is needed for a pack and not given", there_are)
        }
        (JobKind::Pack, Some(name)) if lists.is_some_and(|lists| lists.get(name).is_none()) => {
            faults.push(at("recipients"), format!("there is no list of recipients {name:?}"), there_are);
        }
        (JobKind::Pack, _) | (_, None) => {}
        (_, Some(_)) => faults.push(at("recipients"), "is given, and this kind sends to no list", "leave it out"),
    }
    if raw.grace_hours > LONGEST_GRACE_HOURS {
        let problem = format!("{} is over a year", raw.grace_hours);
        faults.push(at("grace_hours"), problem, format!("give at most {LONGEST_GRACE_HOURS}"));
    }
    if let (Some(from), Some(until)) = (raw.active_from, raw.active_until)
        && until < from
    {
        let problem = format!("{until} is before active_from, {from}");
        faults.push(at("active_until"), problem, "correct one of them, or leave it out");
    }
    let ping = Ping::read(raw.ping_url, raw.ping_url_file)
        .map_err(|(problem, remedy)| {
            let key = if problem.starts_with("ping_url_file") { "ping_url_file" } else { "ping_url" };
            faults.push(at(key), problem, remedy);
        })
        .unwrap_or_default();
    Some(Schedule {
        name: raw.name,
        kind: raw.kind,
        cron: cron?,
        time_zone: time_zone?,
        recipients: raw.recipients,
        missed: raw.missed,
        grace: SignedDuration::from_hours(raw.grace_hours.into()),
        period: raw.period,
        active_from: raw.active_from,
        active_until: raw.active_until,
        holidays: raw.avoid_holidays.then(|| holidays.clone()),
        ping,
    })
}

/// The heart beats once a minute.
fn comes_too_often(cron: &Cron) -> bool {
    let first = cron.next_on_the_clock(date(2000, 1, 1).at(0, 0, 0, 0));
    let second = first.and_then(|first| cron.next_on_the_clock(first));
    let third = second.and_then(|second| cron.next_on_the_clock(second));
    [(first, second), (second, third)]
        .into_iter()
        .any(|pair| matches!(pair, (Some(earlier), Some(later)) if later < earlier.saturating_add(1.minute())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: &str = "[[list]]\nname = \"board\"\n[[list.recipient]]\naddress = \"a@example.org\"\n";

    fn parse(text: &str) -> Result<Schedules, Faults> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("recipients.toml"), LISTS).unwrap();
        let lists = RecipientLists::load(&Assets::config(Some(folder.path().to_owned()))).unwrap();
        let mut faults = Faults::default();
        let schedules = Schedules::read_text(text, "S", Some(&lists), &Arc::default(), &mut faults);
        faults.into_result().map(|()| schedules)
    }

    #[test]
    fn built_in_schedules_are_empty_with_an_example() {
        let built_in = Assets::config(None);
        assert!(Schedules::load(&built_in, &RecipientLists::default()).unwrap().is_empty());
        let text = built_in.read_text(FILE).unwrap();
        let example: String = text
            .lines()
            .map(|line| line.trim_start_matches("# "))
            .skip_while(|line| *line != "[[schedule]]")
            .take_while(|line| *line != "#")
            .map(|line| format!("{line}\n"))
            .collect();
        let schedules = parse(&example).unwrap();
        assert_eq!(schedules.get("quarterly").unwrap().cron.to_string(), "0 7 15 1,4,7,10 *");
    }

    #[test]
    fn what_is_left_out_has_the_documented_default() {
        let schedules =
            parse("[[schedule]]\nname = \"q\"\nkind = \"pack\"\ncron = \"0 7 15 * *\"\nrecipients = \"board\"\n").unwrap();
        let schedule = schedules.get("q").unwrap();
        assert_eq!(schedule.time_zone.iana_name(), Some("Europe/London"));
        assert_eq!((schedule.missed, schedule.grace), (Missed::RunOnce, SignedDuration::from_hours(72)));
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let entry = |name: &str, cron: &str, rest: &str| {
            format!("[[schedule]]\nname = \"{name}\"\nkind = \"pack\"\ncron = \"{cron}\"\n{rest}\n")
        };
        let text = [
            entry("a", "0 7 31 2 *", "recipients = \"bored\""),
            entry("a", "0 7 15 * *", "recipients = \"board\"\ntime_zone = \"Europe/Nottingham\""),
            entry("b", "*/5 * 7 15 * *", "recipients = \"board\"\ngrace_hours = 9000"),
            entry("c", "0 7 15 * *", "recipient = \"board\""),
            entry("x", "0 7 15 * *", "recipients = \"board\"\nactive_from = \"2027-01-01\"\nactive_until = 2026-12-31"),
            "[[schedule]]\nname = \"d\"\nkind = \"picnic\"\ncron = \"0 7 15 * *\"\nrecipients = \"board\"\n".to_owned(),
            entry("e", "0 7 15 * *", ""),
            entry("f", "0 7 15 * *", "recipients = \"board\"").replace("pack", "remind"),
            entry("g", "0 7 15 * *", "").replace("pack", "collect_returns"),
            entry("h", "0 7 15 * *", "recipients = \"board\"\nping_url = \"http://example.org/s3cret\""),
            entry("i", "0 7 15 * *", "recipients = \"board\"\nping_url_file = \"ping\""),
            entry("j", "0 7 15 * *", "recipients = \"board\"\nping_url_file = \"/a\"\nping_url = \"https://example.org/s3cret\""),
        ]
        .concat();
        let found = parse(&text).unwrap_err().to_string();
        for part in [
            "S, line 4, [[schedule]] a, cron: \"0 7 31 2 *\" names a day that never comes",
            "S, line 5, [[schedule]] a, recipients: there is no list of recipients \"bored\" (recipients.toml has: board)",
            "S, line 7, [[schedule]] a, name: the name \"a\" is given already by S, line 1, [[schedule]] a (give each its own name)",
            "S, line 11, [[schedule]] a, time_zone: there is no time zone \"Europe/Nottingham\"",
            "[[schedule]] b, cron: \"*/5 * 7 15 * *\" comes more than once a minute",
            "[[schedule]] b, grace_hours: 9000 is over a year",
            "[[schedule]] c, recipient: is not a known key here; one of name, kind,",
            "[[schedule]] x, active_until: 2026-12-31 is before active_from, 2027-01-01",
            "[[schedule]] d, kind: is \"picnic\"; one of pack, fetch_indicators, open_returns, collect_returns, remind, purge was expected",
            "[[schedule]] e, recipients: is needed for a pack and not given (recipients.toml has: board)",
            "[[schedule]] f, recipients: is given, and this kind sends to no list",
            "[[schedule]] h, ping_url: ping_url is not an address that begins with https://",
            "[[schedule]] i, ping_url_file: ping_url_file = \"ping\" is not a whole path",
            "[[schedule]] j, ping_url: ping_url and ping_url_file are both given",
        ] {
            assert!(found.contains(part), "{part} is not in:\n{found}");
        }
        assert!(!found.contains("s3cret"), "{found}");
    }
}
