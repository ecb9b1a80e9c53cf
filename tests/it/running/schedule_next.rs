//! `boardpack schedule next`: a line each with the instant in UTC, the local time, the zone and the quarter, for whatever
//! expression and zone; what is none is refused.

use std::process::{Command, Output};

fn next(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_boardpack"));
    command.args(["schedule", "next"]).args(arguments).current_dir(folder.path()).output().unwrap()
}

/// The instants that come after `from` in `zone`, which must be as many as these; the lines.
#[track_caller]
fn assert_next(cron: &str, zone: &str, from: &str, instants: &[&str]) -> Vec<String> {
    let count = instants.len().to_string();
    let output = next(&["--cron", cron, "--zone", zone, "--from", from, "--count", &count]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{cron}: {}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let found: Vec<&str> = lines.iter().map(|line| line.split("  ").next().unwrap()).collect();
    assert_eq!(found, instants, "{cron} in {zone}");
    lines
}

#[test]
fn lines_show_instant_local_time_and_quarter() {
    let instants = ["2027-01-15T07:00:00Z", "2027-04-15T06:00:00Z"];
    let lines = assert_next("0 7 15 1,4,7,10 *", "Europe/London", "2026-11-20T00:00:00Z", &instants);
    assert_eq!(lines[0], "2027-01-15T07:00:00Z  2027-01-15T07:00:00+00:00  Europe/London  2026-27-Q3");
    assert_eq!(lines[1], "2027-04-15T06:00:00Z  2027-04-15T07:00:00+01:00  Europe/London  2026-27-Q4");
}

#[test]
fn expressions_fall_on_their_named_days() {
    let from = "2026-11-20T12:00:00Z";
    for (cron, days) in [
        // The 20th of November 2026 is a Friday.
        ("0 7 L * *", ["2026-11-30", "2026-12-31", "2027-01-31"]),
        ("0 7 L FEB *", ["2027-02-28", "2028-02-29", "2029-02-28"]),
        ("0 7 29 2 *", ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("0 7 * * MON#2", ["2026-12-14", "2027-01-11", "2027-02-08"]),
        ("0 7 * * FRI#L", ["2026-11-27", "2026-12-25", "2027-01-29"]),
        ("0 7 * * 5L", ["2026-11-27", "2026-12-25", "2027-01-29"]),
        ("0 7 * FEB MON#5", ["2044-02-29", "2072-02-29", "2112-02-29"]),
        ("0 7 * * 7", ["2026-11-22", "2026-11-29", "2026-12-06"]),
        ("0 7 * * 0", ["2026-11-22", "2026-11-29", "2026-12-06"]),
        ("0 7 * * sun", ["2026-11-22", "2026-11-29", "2026-12-06"]),
        ("0 7 * * 5-7", ["2026-11-21", "2026-11-22", "2026-11-27"]),
        ("0 7 * * 1-5/2", ["2026-11-23", "2026-11-25", "2026-11-27"]),
        ("0 7 1-31/10 * *", ["2026-11-21", "2026-12-01", "2026-12-11"]),
        ("0 7 31 * *", ["2026-12-31", "2027-01-31", "2027-03-31"]),
        // Where both are given, either will do.
        ("0 7 23 * TUE", ["2026-11-23", "2026-11-24", "2026-12-01"]),
        ("0 0 7 1 JAN-MAR *", ["2027-01-01", "2027-02-01", "2027-03-01"]),
        ("@daily", ["2026-11-21", "2026-11-22", "2026-11-23"]),
    ] {
        let time = if cron == "@daily" { "00:00:00" } else { "07:00:00" };
        assert_next(cron, "UTC", from, &days.map(|day| format!("{day}T{time}Z")).each_ref().map(String::as_str));
    }
}

#[test]
fn skipped_and_repeated_times_run_once() {
    for (cron, zone, from, instants) in [
        ("30 1 * * *", "Europe/London", "2026-03-28T12:00:00Z", ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]),
        ("30 2 * * *", "Europe/London", "2026-03-28T12:00:00Z", ["2026-03-29T01:30:00Z", "2026-03-30T01:30:00Z"]),
        ("30 1 * * *", "Europe/London", "2026-10-24T12:00:00Z", ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
        // The clocks of Lord Howe Island change by half an hour.
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", ["2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"]),
        ("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", ["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"]),
        // Samoa had no 30 December 2011.
        ("0 12 * * *", "Pacific/Apia", "2011-12-29T23:00:00Z", ["2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z"]),
        // Morocco puts its clocks back for Ramadan: in 2026 from 15 February.
        ("30 2 * * *", "Africa/Casablanca", "2026-02-14T12:00:00Z", ["2026-02-15T01:30:00Z", "2026-02-16T02:30:00Z"]),
    ] {
        assert_next(cron, zone, from, &instants);
    }
}

#[test]
fn invalid_arguments_are_refused_plainly() {
    let whole = "0 7 * * *";
    for (arguments, part) in [
        (&["--cron", "0 0 30 2 *"][..], "names a day that never comes"),
        (&["--cron", "0 0 31 4,6,9,11 *"], "names a day that never comes"),
        (&["--cron", "60 7 * * *"], "is not a cron expression: the minute is \"60\"; 0 to 59 was expected"),
        (&["--cron", "*/0 7 * * *"], "is not a cron expression: the minute is \"*/0\""),
        (&["--cron", "0 7 * * MON#6"], "is not a cron expression"),
        (&["--cron", "0 7 L-3 * *"], "is not a cron expression"),
        (&["--cron", "every Monday"], "has 2 fields; five were expected"),
        (&["--cron", "0 0 7 1 1 * 2027"], "has 7 fields; five were expected"),
        (&["--cron", ""], "has 0 fields"),
        (&["--cron", whole, "--zone", "Europe/Nottingham"], "\"Europe/Nottingham\" is not a time zone"),
        (&["--cron", whole, "--zone", ""], "\"\" is not a time zone"),
        (&["--cron", whole, "--from", "yesterday"], "--from"),
        (&["--cron", whole, "--count=-1"], "--count"),
        (&["--zone", "Europe/London"], "--cron"),
        (&["nightly"], "there is no schedule \"nightly\"; schedules.toml has: none"),
    ] {
        let output = next(arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(64), "{arguments:?}: {told}");
        assert!(output.stdout.is_empty() && told.contains(part), "{arguments:?}: {told}");
    }
}
