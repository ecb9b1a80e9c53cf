//! Reading `schedules.toml`.

use super::cron::Cron;
use super::holidays;
use super::ping::Ping;
use super::{Holidays, Kind, Missed, PeriodRule, Schedule, Schedules};
use crate::assets::Assets;
use crate::distribute::RecipientLists;
use crate::fault::{Fault, Faults};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

const FILE: &str = "schedules.toml";

/// A year: what is later than that is the next occurrence, not a late one.
const LONGEST_GRACE_HOURS: u32 = 8784;

/// What `boardpack serve` does by itself, and when.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSchedule {
    /// What commands and messages call it.
    name: String,
    /// What it does.
    kind: Kind,
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
        let holidays = Arc::new(Holidays::load(config)?);
        let text = config.read_text(FILE)?;
        Self::parse(&text, &config.place(FILE), lists, &holidays)
    }

    fn parse(text: &str, file: &str, lists: &RecipientLists, holidays: &Arc<Holidays>) -> Result<Self, Faults> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            Fault::new(file, e.to_string().trim_end().to_owned(), "see the built-in schedules.toml for the form")
        })?;
        let mut faults = Faults::default();
        let mut schedules = Vec::new();
        let mut names = BTreeSet::new();
        for (key, value) in table {
            match value {
                toml::Value::Array(entries) if key == "schedule" => {
                    for (i, entry) in entries.into_iter().enumerate() {
                        let place = format!("{file}, schedule {}", i + 1);
                        let raw: RawSchedule = match entry.try_into() {
                            Ok(raw) => raw,
                            Err(e) => {
                                faults.push(place, e.to_string().trim_end().to_owned(), "");
                                continue;
                            }
                        };
                        let place = format!("{place} ({})", raw.name);
                        if !names.insert(raw.name.clone()) {
                            faults.push(&place, "another schedule has this name", "give each its own name");
                        }
                        schedules.extend(read(raw, &place, lists, holidays, &mut faults));
                    }
                }
                _ if key == "schedule" => {
                    faults.push(file, "`schedule` is not a [[schedule]]", "write [[schedule]] with two brackets");
                }
                _ => faults.push(file, format!("there is no such key: {key}"), "only [[schedule]] was expected"),
            }
        }
        faults.into_result().map(|()| Self(schedules))
    }
}

fn read(
    raw: RawSchedule,
    place: &str,
    lists: &RecipientLists,
    holidays: &Arc<Holidays>,
    faults: &mut Faults,
) -> Option<Schedule> {
    if raw.name.trim().is_empty() {
        faults.push(place, "the name is empty", "give it one, such as \"quarterly\"");
    }
    let cron = match raw.cron.parse::<Cron>() {
        Ok(cron) if comes_too_often(&cron) => {
            let problem = format!("cron = {:?} comes more than once a minute", raw.cron);
            faults.push(place, problem, "name one minute, such as \"0 7 15 1,4,7,10 *\"");
            None
        }
        Ok(cron) => Some(cron),
        Err(problem) => {
            faults.push(place, format!("cron = {problem}"), "write it such as \"0 7 15 1,4,7,10 *\"");
            None
        }
    };
    let time_zone = TimeZone::get(&raw.time_zone)
        .map_err(|_| {
            let problem = format!("there is no time zone {:?}", raw.time_zone);
            faults.push(place, problem, "name one of the IANA database, such as \"Europe/London\"");
        })
        .ok();
    match (raw.kind, &raw.recipients) {
        (Kind::Pack, None) => faults.push(place, "recipients is not given", format!("recipients.toml has: {}", lists.names())),
        (Kind::Pack, Some(name)) if lists.get(name).is_none() => {
            let problem = format!("there is no list of recipients {name:?}");
            faults.push(place, problem, format!("recipients.toml has: {}", lists.names()));
        }
        (Kind::Pack, Some(_)) | (_, None) => {}
        (_, Some(_)) => {
            faults.push(place, "recipients is given, and this kind sends to no list", "leave it out");
        }
    }
    if raw.grace_hours > LONGEST_GRACE_HOURS {
        let problem = format!("grace_hours = {} is over a year", raw.grace_hours);
        faults.push(place, problem, format!("give at most {LONGEST_GRACE_HOURS}"));
    }
    if let (Some(from), Some(until)) = (raw.active_from, raw.active_until)
        && until < from
    {
        let problem = format!("active_until = {until} is before active_from = {from}");
        faults.push(place, problem, "correct one of them, or leave it out");
    }
    let ping = Ping::read(raw.ping_url, raw.ping_url_file)
        .map_err(|(problem, remedy)| faults.push(place, problem, remedy))
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
        Schedules::parse(text, "S", &lists, &Arc::default())
    }

    #[test]
    fn the_built_in_file_schedules_nothing_and_its_example_is_a_schedule() {
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
            "S, schedule 1 (a): cron = \"0 7 31 2 *\" names a day that never comes",
            "S, schedule 1 (a): there is no list of recipients \"bored\" (recipients.toml has: board)",
            "S, schedule 2 (a): another schedule has this name",
            "S, schedule 2 (a): there is no time zone \"Europe/Nottingham\"",
            "S, schedule 3 (b): cron = \"*/5 * 7 15 * *\" comes more than once a minute",
            "S, schedule 3 (b): grace_hours = 9000 is over a year",
            "S, schedule 4: unknown field `recipient`",
            "S, schedule 5 (x): active_until = 2026-12-31 is before active_from = 2027-01-01",
            "S, schedule 6: unknown variant `picnic`, expected one of `pack`, `fetch_indicators`, `open_returns`, `collect_returns`, `remind`, `purge`",
            "S, schedule 7 (e): recipients is not given (recipients.toml has: board)",
            "S, schedule 8 (f): recipients is given, and this kind sends to no list",
            "S, schedule 10 (h): ping_url is not an address that begins with https://",
            "S, schedule 11 (i): ping_url_file = \"ping\" is not a whole path",
            "S, schedule 12 (j): ping_url and ping_url_file are both given",
        ] {
            assert!(found.contains(part), "{part} is not in:\n{found}");
        }
        assert!(!found.contains("s3cret"), "{found}");
    }
}
