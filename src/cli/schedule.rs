//! `boardpack schedule list` and `schedule next`: when what would run.

use super::{Failure, Sources, clock, exit, print_by};
use crate::distribute::RecipientLists;
use crate::schedule::cron::Cron;
use crate::schedule::{PeriodRule, Schedule, Schedules};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::tz::TimeZone;

#[derive(Subcommand)]
pub enum Command {
    /// List each schedule with its next run time
    List,
    /// Print the next run times: in UTC, in local time, and the quarter that each is about
    Next(Next),
}

#[derive(Args)]
pub struct Next {
    /// The schedule's name [default: all schedules in order of time, each line ending with the schedule's name]
    name: Option<String>,
    /// A cron expression to try instead of a configured schedule
    #[arg(long, value_name = "EXPRESSION", conflicts_with = "name")]
    cron: Option<String>,
    /// The time zone of --cron
    #[arg(long, value_name = "ZONE", requires = "cron", default_value = "Europe/London")]
    zone: String,
    /// How many times to print
    #[arg(long, value_name = "N", default_value_t = 5)]
    count: usize,
    /// Show times after this instant, such as 2026-11-20T00:00:00Z [default: now]
    #[arg(long, value_name = "INSTANT")]
    from: Option<Timestamp>,
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    match command {
        Command::List => list(&load(sources)?),
        Command::Next(next) => match &next.cron {
            Some(cron) => expression(next, cron),
            None => configured(next, &load(sources)?),
        },
    }
}

fn load(sources: &Sources) -> Result<Schedules, Failure> {
    let config = sources.load()?.config_assets();
    Ok(Schedules::load(&config, &RecipientLists::load(&config)?)?)
}

fn list(schedules: &Schedules) -> Result<u8, Failure> {
    let now = clock();
    print(schedules.iter().map(|schedule| {
        let next = schedule.next_after(now).map_or("never".to_owned(), |at| at.to_string());
        let zone = zone_name(&schedule.time_zone);
        let mut line = format!("{}  {}  {:?}  {zone}  next {next}", schedule.name, schedule.kind, schedule.cron.to_string());
        for (word, day) in [("from", schedule.active_from), ("until", schedule.active_until)] {
            line.extend(day.map(|day| format!("  {word} {day}")));
        }
        if schedule.holidays.is_some() {
            line.push_str("  avoids holidays");
        }
        line
    }))
}

fn configured(next: &Next, schedules: &Schedules) -> Result<u8, Failure> {
    let from = next.from.unwrap_or_else(clock);
    let chosen: Vec<&Schedule> = match &next.name {
        None => schedules.iter().collect(),
        Some(name) => vec![schedules.get(name).ok_or_else(|| {
            let names = schedules.iter().map(|schedule| schedule.name.as_str()).collect::<Vec<_>>().join(", ");
            let names = if names.is_empty() { "none" } else { &names };
            Failure::usage("NAME", format!("there is no schedule {name:?}; schedules.toml has: {names}"))
        })?],
    };
    let mut coming: Vec<(&Schedule, Option<Timestamp>)> =
        chosen.into_iter().map(|schedule| (schedule, schedule.next_after(from))).collect();
    let lines = std::iter::from_fn(|| {
        // Of those at one instant the first in the file comes first, as in the server.
        let (schedule, at) = coming.iter_mut().filter(|(_, at)| at.is_some()).min_by_key(|(_, at)| *at)?;
        let occurrence = (*at)?;
        *at = schedule.next_after(occurrence);
        let line = line(occurrence, &schedule.time_zone, schedule.period);
        Some(if next.name.is_some() { line } else { format!("{line}  {}", schedule.name) })
    });
    print(lines.take(next.count))
}

fn expression(next: &Next, cron: &str) -> Result<u8, Failure> {
    let cron: Cron = cron.parse().map_err(|problem: String| Failure::usage("--cron", problem))?;
    let zone = TimeZone::get(&next.zone)
        .map_err(|_| Failure::usage("--zone", format!("{:?} is not a time zone, such as \"Europe/London\"", next.zone)))?;
    let first = cron.next_after(next.from.unwrap_or_else(clock), &zone);
    let times = std::iter::successors(first, |at| cron.next_after(*at, &zone));
    print(times.take(next.count).map(|at| line(at, &zone, PeriodRule::default())))
}

/// `2027-04-15T06:00:00Z  2027-04-15T07:00:00+01:00  Europe/London  2026-27-Q4`
fn line(at: Timestamp, zone: &TimeZone, period: PeriodRule) -> String {
    let local = zone.to_datetime(at);
    let offset = zone.to_offset(at);
    let quarter = period.quarter_on(local.date()).slug();
    format!("{at}  {}  {}  {quarter}", at.display_with_offset(offset), zone_name(zone))
}

fn zone_name(zone: &TimeZone) -> &str {
    zone.iana_name().unwrap_or("UTC")
}

fn print(mut lines: impl Iterator<Item = String>) -> Result<u8, Failure> {
    print_by(|out| lines.try_for_each(|line| writeln!(out, "{line}"))).map(|()| exit::DONE)
}
