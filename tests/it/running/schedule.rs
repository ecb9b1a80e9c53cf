//! Schedules fall at the right local times, once each, whatever clock changes and stops there are. Ten years of restarts
//! against a real ledger are in `schedule_decade.rs`.

use boardpack::assets::Assets;
use boardpack::distribute::RecipientLists;
use boardpack::schedule::{Drained, Heartbeat, Pace, Schedule, Schedules};
use jiff::civil::{Date, DateTime, Time, Weekday, date, time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};

fn schedule(cron: &str, missed: &str, grace_hours: u32) -> Schedule {
    let folder = tempfile::tempdir().unwrap();
    let list = "[[list]]\nname = \"board\"\n[[list.recipient]]\naddress = \"a@example.org\"\n";
    let text = format!(
        "[[schedule]]\nname = \"s\"\nkind = \"pack\"\ncron = \"{cron}\"\nrecipients = \"board\"\nmissed = \"{missed}\"\ngrace_hours = {grace_hours}\n"
    );
    std::fs::write(folder.path().join("recipients.toml"), list).unwrap();
    std::fs::write(folder.path().join("schedules.toml"), text).unwrap();
    let config = Assets::config(Some(folder.path().to_owned()));
    let lists = RecipientLists::load(&config).unwrap();
    Schedules::load(&config, &lists).unwrap().get("s").unwrap().clone()
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The rule itself: summer time from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last of October.
/// A time left out is the instant of the change, a time that comes twice is the first.
fn in_london(local: DateTime) -> Timestamp {
    let last_sunday = |month| {
        let last = date(local.year(), month, 31);
        last.saturating_sub(i64::from(last.weekday().since(Weekday::Sunday)).days())
    };
    let (spring, autumn) = (last_sunday(3).at(1, 0, 0, 0), last_sunday(10).at(2, 0, 0, 0));
    let gap = spring..spring.saturating_add(1.hour());
    let utc = if gap.contains(&local) {
        spring
    } else if (spring..autumn).contains(&local) {
        local.saturating_sub(1.hour())
    } else {
        local
    };
    format!("{utc}Z").parse().unwrap()
}

const FROM: Date = date(2026, 1, 1);
const TO: Date = date(2036, 1, 1);

/// Ten years of the days that `falls` picks, at `at` in London.
fn ten_years(at: Time, falls: fn(Date) -> bool) -> Vec<Timestamp> {
    FROM.series(1.day()).take_while(|day| *day < TO).filter(|day| falls(*day)).map(|day| in_london(day.to_datetime(at))).collect()
}

fn schedules() -> [(&'static str, Vec<Timestamp>); 5] {
    [
        ("0 7 15 1,4,7,10 *", ten_years(time(7, 0, 0, 0), |day| day.day() == 15 && [1, 4, 7, 10].contains(&day.month()))),
        ("45 23 L * *", ten_years(time(23, 45, 0, 0), |day| day == day.last_of_month())),
        ("0 0 29 2 *", ten_years(time(0, 0, 0, 0), |day| day.month() == 2 && day.day() == 29)),
        ("30 1 * * *", ten_years(time(1, 30, 0, 0), |_| true)),
        ("30 2 * * *", ten_years(time(2, 30, 0, 0), |_| true)),
    ]
}

#[test]
fn ten_years_match_an_independent_count() {
    for (cron, expected) in schedules() {
        let schedule = schedule(cron, "run_once", 72);
        let end = in_london(TO.at(0, 0, 0, 0));
        let mut found = Vec::new();
        let mut after = in_london(FROM.at(0, 0, 0, 0)) - SignedDuration::from_secs(1);
        while let Some(next) = schedule.next_after(after).filter(|next| *next < end) {
            found.push(next);
            after = next;
        }
        assert!(expected.len() > 1, "{cron}");
        assert_eq!(found, expected, "{cron}");
    }
}

#[test]
fn answered_times_are_not_due_again() {
    let schedule = schedule("0 7 * * *", "run_once", 72);
    let (now, started) = (instant("2026-11-20T08:00:00Z"), instant("2026-11-20T06:00:00Z"));
    let due = schedule.due(started, now, started);
    assert_eq!(due, schedule.due(started, now, started));
    assert_eq!(due.run.len(), 1);
    assert_eq!(schedule.due(due.run[0].scheduled_for, now, started), Default::default());
}

#[test]
fn new_schedules_make_up_for_nothing_earlier() {
    let schedule = schedule("0 7 * * *", "run_once", 72);
    let seen = instant("2026-11-20T07:00:01Z");
    assert_eq!(schedule.due(seen, instant("2026-11-20T23:00:00Z"), seen), Default::default());
    // A stop over its first time does not lose that.
    let started = instant("2026-11-21T09:00:00Z");
    assert_eq!(times(&schedule.due(seen, started, started).run), ["2026-11-21T07:00:00Z"]);
}

#[test]
fn only_the_last_missed_time_is_made_up() {
    let schedule = schedule("0 7 * * *", "run_once", 72);
    let due = schedule.due(instant("2026-11-10T07:00:00Z"), instant("2026-11-14T06:00:00Z"), instant("2026-11-14T05:59:00Z"));
    assert_eq!(times(&due.missed), ["2026-11-11T07:00:00Z", "2026-11-12T07:00:00Z"]);
    assert_eq!(times(&due.run), ["2026-11-13T07:00:00Z"]);
}

#[test]
fn times_missed_beyond_grace_are_only_noted() {
    let schedule = schedule("0 7 15 1,4,7,10 *", "run_once", 48);
    let last = instant("2026-07-15T06:00:00Z");
    let due = |now: &str| schedule.due(last, instant(now), instant(now));
    assert_eq!(times(&due("2026-10-17T06:00:00Z").run), ["2026-10-15T06:00:00Z"]);
    assert_eq!(times(&due("2026-10-17T06:00:01Z").missed), ["2026-10-15T06:00:00Z"]);
    assert!(due("2026-10-17T06:00:01Z").run.is_empty());
}

#[test]
fn skipping_schedules_note_missed_times() {
    let schedule = schedule("0 7 * * *", "skip", 72);
    let started = instant("2026-11-13T06:59:00Z");
    let due = schedule.due(instant("2026-11-11T07:00:00Z"), instant("2026-11-13T07:30:00Z"), started);
    assert_eq!(times(&due.missed), ["2026-11-12T07:00:00Z"]);
    assert_eq!(times(&due.run), ["2026-11-13T07:00:00Z"]);
}

#[test]
fn a_clock_set_back_makes_nothing_due_again() {
    let schedule = schedule("0 7 * * *", "run_once", 72);
    let last = instant("2026-11-13T07:00:00Z");
    let due = schedule.due(last, instant("2026-11-13T06:00:00Z"), instant("2026-11-13T06:30:00Z"));
    assert_eq!(due, Default::default());
}

#[test]
fn occurrences_take_the_last_ended_quarter() {
    // 23:30 UTC on 30 June is 1 July in London: the quarter to June has ended.
    let schedule = schedule("30 0 1 7 *", "run_once", 72);
    let at = schedule.next_after(instant("2026-06-01T00:00:00Z")).unwrap();
    assert_eq!(at, instant("2026-06-30T23:30:00Z"));
    assert_eq!(schedule.period_at(at).slug(), "2026-27-Q1");
}

fn times(occurrences: &[boardpack::schedule::Occurrence]) -> Vec<String> {
    let distinct: BTreeSet<_> = occurrences.iter().collect();
    assert_eq!(distinct.len(), occurrences.len());
    occurrences.iter().map(|occurrence| occurrence.scheduled_for.to_string()).collect()
}

/// Work that says when it begins and ends when it is let.
struct Gate {
    begun: mpsc::UnboundedReceiver<()>,
    let_go: Arc<Notify>,
    at_once: Arc<AtomicUsize>,
    most_at_once: Arc<AtomicUsize>,
}

async fn gated(pace: Pace) -> (Heartbeat, Gate) {
    let (says, begun) = mpsc::unbounded_channel();
    let gate = Gate { begun, let_go: Arc::default(), at_once: Arc::default(), most_at_once: Arc::default() };
    let (let_go, at_once, most) = (gate.let_go.clone(), gate.at_once.clone(), gate.most_at_once.clone());
    let heartbeat = Heartbeat::start(pace, move || {
        let (says, let_go, at_once, most) = (says.clone(), let_go.clone(), at_once.clone(), most.clone());
        async move {
            most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let _ = says.send(());
            let_go.notified().await;
            at_once.fetch_sub(1, Ordering::SeqCst);
        }
    });
    (heartbeat.await.unwrap(), gate)
}

#[tokio::test]
async fn beats_never_overlap() {
    let (heartbeat, mut gate) = gated(Pace::Still).await;
    gate.begun.recv().await.unwrap();
    for _ in 0..5 {
        heartbeat.beat();
    }
    gate.let_go.notify_one();
    gate.begun.recv().await.unwrap();
    gate.let_go.notify_one();
    assert_eq!(heartbeat.shutdown(Duration::from_secs(5)).await, Drained::Finished);
    assert!(gate.begun.try_recv().is_err(), "the five beats were more than one");
    assert_eq!(gate.most_at_once.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn shutdown_finishes_work_in_hand() {
    let (heartbeat, mut gate) = gated(Pace::Still).await;
    gate.begun.recv().await.unwrap();
    heartbeat.beat();
    gate.let_go.notify_one();
    assert_eq!(heartbeat.shutdown(Duration::from_secs(5)).await, Drained::Finished);
    assert_eq!(gate.at_once.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn work_outlasting_its_grace_is_abandoned() {
    let (heartbeat, mut gate) = gated(Pace::Still).await;
    gate.begun.recv().await.unwrap();
    assert_eq!(heartbeat.shutdown(Duration::from_millis(50)).await, Drained::Abandoned);
    // Dropped work hangs up: nobody is left who could say that more began.
    assert_eq!(gate.begun.recv().await, None);
}

#[tokio::test]
async fn panicking_work_does_not_stop_the_heartbeat() {
    let (says, mut begun) = mpsc::unbounded_channel();
    let mut count = 0;
    let heartbeat = Heartbeat::start(Pace::Still, move || {
        count += 1;
        let (says, count) = (says.clone(), count);
        async move {
            says.send(count).unwrap();
            assert!(count > 1, "the first time it fails");
        }
    });
    let heartbeat = heartbeat.await.unwrap();
    assert_eq!(begun.recv().await, Some(1));
    heartbeat.beat();
    assert_eq!(begun.recv().await, Some(2));
    assert_eq!(heartbeat.shutdown(Duration::from_secs(5)).await, Drained::Finished);
}

#[tokio::test]
async fn the_scheduler_beats_by_itself() {
    let (heartbeat, mut gate) = gated(Pace::Second).await;
    for _ in 0..2 {
        // The first at the start, the second from the scheduler.
        tokio::time::timeout(Duration::from_secs(20), gate.begun.recv()).await.unwrap().unwrap();
        gate.let_go.notify_one();
    }
    assert_eq!(heartbeat.shutdown(Duration::from_secs(5)).await, Drained::Finished);
}
