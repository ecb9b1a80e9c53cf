//! Ten years of a server in London, with restarts and stops at random instants, against a real ledger: each occurrence of
//! each schedule is settled once, at the instant that a calendar written here says. That calendar is arithmetic on days
//! since 1970 and the rule of summer time; it shares no cron, calendar or time-zone library with the program.

use boardpack::assets::Assets;
use boardpack::distribute::RecipientLists;
use boardpack::schedule::{Missed, Schedule, Schedules};
use boardpack::store::{Ledger, LedgerError, RunOutcome};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const FIRST_YEAR: i64 = 2026;
const LAST_YEAR: i64 = 2035;

/// A day of the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Day {
    year: i64,
    month: i64,
    day: i64,
    /// Since 1 January 1970.
    number: i64,
    /// Whether London has summer time at noon.
    is_summer: bool,
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Every day of the years, one after another.
fn calendar() -> Vec<Day> {
    let mut number = 0;
    let mut days = Vec::new();
    let mut is_summer = false;
    for year in 1970..=LAST_YEAR {
        for month in 1..=12 {
            for day in 1..=days_in(year, month) {
                let mut today = Day { year, month, day, number, is_summer };
                if year >= FIRST_YEAR {
                    if [3, 10].contains(&month) && today.is_last_sunday() {
                        is_summer = month == 3;
                        today.is_summer = is_summer;
                    }
                    days.push(today);
                }
                number += 1;
            }
        }
    }
    days
}

impl Day {
    /// 0 is Sunday. 1 January 1970 was a Thursday.
    fn weekday(self) -> i64 {
        (self.number + 4) % 7
    }

    fn is_last_of_month(self) -> bool {
        self.day == days_in(self.year, self.month)
    }

    /// Whether it is the last Sunday of its month, on which clocks may change.
    fn is_last_sunday(self) -> bool {
        self.weekday() == 0 && self.day + 7 > days_in(self.year, self.month)
    }
}

/// The instant, in seconds since 1970, of a time of day in London. Clocks go from 01:00 to 02:00 on the last Sunday of
/// March, and a time between runs at 01:00 UTC; they go from 02:00 back to 01:00 on the last Sunday of October, and a time
/// between runs the first time.
fn in_london(day: Day, second_of_day: i64) -> i64 {
    let utc = day.number * DAY + second_of_day;
    let skipped_or_doubled = (HOUR..2 * HOUR).contains(&second_of_day);
    match (day.month, day.is_last_sunday()) {
        (3, true) if second_of_day < HOUR => utc,
        (3, true) if skipped_or_doubled => day.number * DAY + HOUR,
        (10, true) if second_of_day < 2 * HOUR => utc - HOUR,
        (10, true) => utc,
        _ if day.is_summer => utc - HOUR,
        _ => utc,
    }
}

/// What schedules do, one after the other: when does not depend on what.
const DOES: [&str; 6] = [
    "\"pack\"\nrecipients = \"board\"",
    "\"fetch_indicators\"",
    "\"open_returns\"",
    "\"collect_returns\"",
    "\"remind\"",
    "\"purge\"",
];

/// A schedule: its name, expression and further keys; its time of day, the days on which it falls, and where each goes.
struct Kind {
    name: &'static str,
    cron: &'static str,
    keys: &'static str,
    times: &'static [i64],
    falls: fn(Day) -> bool,
    /// The day on which what falls on a day runs.
    runs_on: fn(Day, &[Day]) -> Day,
}

fn about_the_change(day: Day) -> bool {
    [3, 10].contains(&day.month) && day.day >= 25
}

fn that_day(day: Day, _: &[Day]) -> Day {
    day
}

/// The house's own holidays in the test: 1 January, 15 July, and the four days from 24 December.
fn is_day_off(day: Day) -> bool {
    [0, 6].contains(&day.weekday())
        || (day.month, day.day) == (1, 1)
        || (day.month, day.day) == (7, 15)
        || (day.month == 12 && (24..=27).contains(&day.day))
}

fn next_working_day(day: Day, all: &[Day]) -> Day {
    // Beyond the last year nothing is asked.
    *all.iter().skip(usize::try_from(day.number - all[0].number).unwrap()).find(|d| !is_day_off(**d)).unwrap_or(&day)
}

fn kinds() -> Vec<Kind> {
    let kind = |name, cron, keys, times, falls: fn(Day) -> bool| Kind { name, cron, keys, times, falls, runs_on: that_day };
    let avoiding = "avoid_holidays = true";
    vec![
        kind("quarterly", "0 7 15 1,4,7,10 *", "", &[7 * HOUR], |d| d.day == 15 && [1, 4, 7, 10].contains(&d.month)),
        kind("month-end", "45 23 L * *", "missed = \"skip\"", &[23 * HOUR + 45 * MINUTE], Day::is_last_of_month),
        kind("leap-day", "0 0 29 2 *", "grace_hours = 240", &[0], |d| (d.month, d.day) == (2, 29)),
        kind("thirty-first", "0 12 31 * *", "", &[12 * HOUR], |d| d.day == 31),
        kind("doubled", "30 1 25-31 3,10 *", "", &[HOUR + 30 * MINUTE], about_the_change),
        kind("sundays", "30 1 * MAR,OCT SUN", "missed = \"skip\"", &[HOUR + 30 * MINUTE], |d| {
            [3, 10].contains(&d.month) && d.weekday() == 0
        }),
        kind("after-the-gap", "30 2 25-31 3,10 *", "grace_hours = 1", &[2 * HOUR + 30 * MINUTE], about_the_change),
        kind("with-seconds", "15 30 6 1 JAN,JUN *", "", &[6 * HOUR + 30 * MINUTE + 15], |d| {
            d.day == 1 && [1, 6].contains(&d.month)
        }),
        kind("second-monday", "0 9 * * MON#2", "", &[9 * HOUR], |d| d.weekday() == 1 && (8..=14).contains(&d.day)),
        kind("last-friday", "0 16 * * FRI#L", "", &[16 * HOUR], |d| d.weekday() == 5 && d.day + 7 > days_in(d.year, d.month)),
        kind("half-hours", "0,30 0-2 * 3,10 SUN#L", "", &[0, 1800, 3600, 5400, 7200, 9000], |d| {
            [3, 10].contains(&d.month) && d.is_last_sunday()
        }),
        kind("some-years", "0 1 28-31 * *", "active_from = 2028-02-29\nactive_until = \"2029-10-28\"", &[HOUR], |d| {
            d.day >= 28 && (2028, 2, 29) <= (d.year, d.month, d.day) && (d.year, d.month, d.day) <= (2029, 10, 28)
        }),
        Kind { runs_on: next_working_day, ..kind("working-day", "0 7 15 * *", avoiding, &[7 * HOUR], |d| d.day == 15) },
        Kind {
            runs_on: next_working_day,
            ..kind("working-days", "0 7 20-31 3,12 *", avoiding, &[7 * HOUR], |d| [3, 12].contains(&d.month) && d.day >= 20)
        },
        Kind {
            runs_on: next_working_day,
            ..kind("both-ends", "0 9 L,1 * *", avoiding, &[9 * HOUR], |d| d.day == 1 || d.is_last_of_month())
        },
    ]
}

impl Kind {
    /// When it falls, in order and each once: what is put off to the same moment is one.
    fn expected(&self, all: &[Day]) -> Vec<i64> {
        let days = all.iter().copied().filter(|day| (self.falls)(*day)).map(|day| (self.runs_on)(day, all));
        let mut instants: Vec<i64> = days.flat_map(|day| self.times.iter().map(move |second| in_london(day, *second))).collect();
        instants.sort_unstable();
        instants.dedup();
        instants
    }
}

fn configuration(folder: &Path, all: &[Day]) -> Schedules {
    let mut text = String::new();
    for (Kind { name, cron, keys, .. }, does) in kinds().iter().zip(DOES.iter().cycle()) {
        text += &format!("[[schedule]]\nname = \"{name}\"\nkind = {does}\ncron = \"{cron}\"\n{keys}\n");
    }
    let mut holidays = String::new();
    for day in all.iter().filter(|day| is_day_off(**day) && ![0, 6].contains(&day.weekday())) {
        holidays += &format!("[[holiday]]\ndate = \"{}-{:02}-{:02}\"\nname = \"day off\"\n", day.year, day.month, day.day);
    }
    let list = "[[list]]\nname = \"board\"\n[[list.recipient]]\naddress = \"a@example.org\"\n";
    for (file, text) in [("recipients.toml", list), ("schedules.toml", &text), ("holidays.toml", &holidays)] {
        std::fs::write(folder.join(file), text).unwrap();
    }
    let config = Assets::config(Some(folder.to_owned()));
    Schedules::load(&config, &RecipientLists::load(&config).unwrap()).unwrap()
}

/// SplitMix64 (Steele, Lea and Flood, 2014): the same stops and restarts each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((z ^ (z >> 31)) >> 1).unwrap() % limit
    }
}

fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// What became of an occurrence, and how long after its time.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Settled {
    Run {
        late: i64,
    },
    Missed,
    /// Cut off by a crash, and run by the next start.
    TakenUp {
        late: i64,
    },
    /// The same, too late for that.
    GivenUp {
        late: i64,
    },
}

/// The server, its ledger and what it settled, for as long as the test has it.
struct Server {
    ledger: Ledger,
    started: i64,
    /// Each process is another holder.
    starts: i64,
    settled: BTreeMap<String, Vec<(i64, Settled)>>,
}

impl Server {
    fn note(&mut self, schedule: &str, at: Timestamp, what: Settled) {
        self.settled.entry(schedule.to_owned()).or_default().push((at.as_second(), what));
    }

    /// The start after a stop: what was cut off is taken up within its grace.
    async fn start(&mut self, schedules: &Schedules, now: i64) -> Result<(), LedgerError> {
        (self.started, self.starts) = (now, self.starts + 1);
        let holder = self.starts.to_string();
        for cut_off in self.ledger.unfinished_occurrences().await? {
            assert!(self.ledger.take_over_occurrence(&cut_off, &holder, instant(now)).await?);
            let (name, at) = (cut_off.schedule, cut_off.scheduled_for);
            let late = now - at.as_second();
            let in_grace = i128::from(late) <= schedules.get(&name).unwrap().grace.as_secs().into();
            self.note(&name, at, if in_grace { Settled::TakenUp { late } } else { Settled::GivenUp { late } });
            self.ledger.end_occurrence(&name, at, &holder, &RunOutcome::Done, instant(now)).await?;
        }
        Ok(())
    }

    /// A look at one schedule, as `serve` takes it; false where the server dies over the first occurrence that it runs.
    async fn look(&mut self, schedule: &Schedule, now: i64, dies: bool) -> Result<bool, LedgerError> {
        let (ledger, holder) = (self.ledger.clone(), self.starts.to_string());
        let since = ledger.unsettled_since(&schedule.name, &schedule.times(), instant(now)).await?;
        let due = schedule.due(since, instant(now), instant(self.started));
        for occurrence in due.missed {
            let at = occurrence.scheduled_for;
            assert!(
                ledger.note_missed(&schedule.name, at, &RunOutcome::Missed(0), instant(now)).await?,
                "{} {at} came again",
                schedule.name
            );
            self.note(&schedule.name, at, Settled::Missed);
        }
        for occurrence in due.run {
            let at = occurrence.scheduled_for;
            let claimed = ledger.claim_occurrence(&schedule.name, at, &holder, instant(now)).await?;
            assert!(claimed, "{} {at} came again", schedule.name);
            if dies {
                return Ok(false);
            }
            ledger.end_occurrence(&schedule.name, at, &holder, &RunOutcome::Done, instant(now)).await?;
            self.note(&schedule.name, at, Settled::Run { late: now - at.as_second() });
        }
        Ok(true)
    }
}

#[tokio::test]
async fn ten_years_settle_each_occurrence_once() {
    let all = calendar();
    // In memory, where there is such a place: what is asked here is not how fast a disk is.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let schedules = configuration(folder.path(), &all);
    let path = folder.path().join("ledger.sqlite");
    let begin = in_london(all[0], 0) - 1;
    let end = (all.last().unwrap().number - 7) * DAY;

    // To look each minute would only be slower: what matters is that a look comes before each time and after it. So each
    // schedule is looked at within the minute in which it falls, and at random instants, and all of them at each start.
    let mut wakes: Vec<(i64, usize)> = Vec::new();
    for (i, kind) in kinds().iter().enumerate() {
        wakes.extend(kind.expected(&all).into_iter().map(|at| (at, i)));
    }
    wakes.sort_unstable();
    let mut chance = Chance(2026);
    let mut now = begin;
    // A stop is from `.0` to `.1`; what falls in it was missed.
    let mut stops = Vec::new();
    let ledger = Ledger::open(&path).await.unwrap();
    let mut server = Server { ledger, started: begin, starts: 1, settled: BTreeMap::new() };
    let mut last_look = begin;
    let (mut everything, mut deaths) = (true, 0);
    while now < end {
        // What has fallen since the last look, and another.
        let fallen = &wakes[wakes.partition_point(|(at, _)| *at <= last_look)..wakes.partition_point(|(at, _)| *at <= now)];
        let another = usize::try_from(chance.below(15)).unwrap();
        let dies = chance.below(25) == 0;
        let looked_before = last_look;
        last_look = now;
        let mut alive = true;
        for (i, schedule) in schedules.iter().enumerate() {
            if alive && (everything || i == another || fallen.iter().any(|(_, of)| *of == i)) {
                alive = server.look(schedule, now, dies).await.unwrap();
            }
        }
        everything = !alive || chance.below(20) == 0;
        if everything {
            // Down for a minute, for hours, or for up to a fortnight: the ledger is closed and opened again.
            deaths += usize::from(!alive);
            let down = [MINUTE, 6 * HOUR, 14 * DAY][usize::try_from(chance.below(3)).unwrap()];
            // What fell since the look before was not seen where the server died in this one.
            let from = if alive { now } else { looked_before };
            now += 1 + chance.below(down);
            stops.push((from, now));
            server.ledger.close().await;
            server.ledger = Ledger::open(&path).await.unwrap();
            server.start(&schedules, now).await.unwrap();
        } else {
            let next = wakes.get(wakes.partition_point(|(at, _)| *at <= now)).map_or(end, |(at, _)| at + chance.below(MINUTE));
            now = next.min(now + 1 + chance.below(10 * DAY));
        }
    }
    server.ledger.close().await;

    assert!(server.starts > 50 && deaths > 20, "{} starts, {deaths} of them after a crash", server.starts);
    let was_down = |at: i64| stops.iter().any(|(from, until)| *from < at && at < *until);
    for (kind, schedule) in kinds().iter().zip(schedules.iter()) {
        let found = &server.settled[kind.name];
        let expected: Vec<i64> = kind.expected(&all).into_iter().filter(|at| *at <= last_look).collect();
        assert!(expected.len() >= 2, "{}", kind.name);
        let instants: Vec<i64> = found.iter().map(|(at, _)| *at).collect();
        assert_eq!(instants, expected, "{} is settled at each time once, in order", kind.name);
        let in_grace = |late: i64| i128::from(late) <= schedule.grace.as_secs().into();
        for (at, what) in found {
            let told = format!("{} {}: {what:?}", kind.name, instant(*at));
            match what {
                Settled::Missed => assert!(was_down(*at), "{told} though the server was up"),
                Settled::Run { late } if was_down(*at) => {
                    assert!(schedule.missed == Missed::RunOnce && in_grace(*late), "{told}");
                }
                Settled::Run { late } => assert!(*late < MINUTE, "{told}"),
                Settled::TakenUp { late } => assert!(in_grace(*late), "{told}"),
                Settled::GivenUp { late } => assert!(!in_grace(*late), "{told}"),
            }
        }
        assert!(found.iter().any(|(_, what)| matches!(what, Settled::Run { .. })), "{} never ran", kind.name);
    }
    let became = |is: fn(&Settled) -> bool| server.settled.values().flatten().filter(|(_, what)| is(what)).count();
    assert!(became(|what| *what == Settled::Missed) > 0, "no stop was long enough to miss a time");
    assert!(became(|what| matches!(what, Settled::TakenUp { .. })) > 10, "nothing was taken up");
    let daily = &server.settled["doubled"];
    assert!(daily.iter().any(|(at, what)| matches!(what, Settled::Run { .. }) && was_down(*at)), "nothing was made up for");
}

#[test]
fn the_test_calendar_knows_clock_changes() {
    let all = calendar();
    let changes: Vec<(i64, i64, i64)> = all
        .iter()
        .filter(|day| [3, 10].contains(&day.month) && day.is_last_sunday())
        .map(|day| (day.year, day.month, day.day))
        .collect();
    assert_eq!(changes.len(), 20);
    // As published at https://www.gov.uk/when-do-the-clocks-change
    for known in [(2026, 3, 29), (2026, 10, 25), (2027, 3, 28), (2027, 10, 31), (2028, 3, 26), (2028, 10, 29)] {
        assert!(changes.contains(&known), "{known:?}");
    }
    let day = |year, month, day| *all.iter().find(|d| (d.year, d.month, d.day) == (year, month, day)).unwrap();
    let at = |d: Day, second| instant(in_london(d, second)).to_string();
    let half_past_one = HOUR + 30 * MINUTE;
    assert_eq!(at(day(2026, 3, 29), half_past_one), "2026-03-29T01:00:00Z");
    assert_eq!(at(day(2026, 10, 25), half_past_one), "2026-10-25T00:30:00Z");
    assert_eq!(at(day(2026, 10, 25), half_past_one + HOUR), "2026-10-25T02:30:00Z");
    assert_eq!(at(day(2026, 7, 1), 7 * HOUR), "2026-07-01T06:00:00Z");
}
