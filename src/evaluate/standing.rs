//! Conditions over periods: one that has to hold from a day on, and one that has to be met by a day.

use super::Status;
use indicator_stats::tolerance;
use jiff::civil::Date;

/// One period: its last day, and whether the condition was met; none where there is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConditionFigure {
    pub end: Date,
    pub met: Option<bool>,
}

impl ConditionFigure {
    /// The period of a share that has to be all or none, `required` being 100 or 0: nothing short of it meets it.
    pub fn in_full(end: Date, value: Option<f64>, required: f64) -> Self {
        ConditionFigure { end, met: value.map(|value| tolerance::equal(value, required)) }
    }
}

/// How a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingCondition {
    /// Achieved, achieved late, off track, or no figure.
    pub status: Status,
    /// The last day of the period that the status rests on.
    pub judged_on: Option<Date>,
    /// For [`Status::AchievedLate`]: the end of the first period of the present unbroken run that meets a standing
    /// condition, or of the first period after the date that meets one by a date.
    pub since: Option<Date>,
    /// Met in an earlier period since the date, and not in the latest.
    pub lapsed: bool,
    /// Met by the date or after it, and not in the latest period.
    pub not_kept: bool,
}

const NO_FIGURE: StandingCondition =
    StandingCondition { status: Status::NoFigure, judged_on: None, since: None, lapsed: false, not_kept: false };

/// A condition that holds in every period ending on or after `from`: by the latest of them.
///
/// Met in each: achieved. Met in the latest and not in each: achieved late, since the first of the present run. Not met in
/// the latest: off track, lapsed where it was met before. A period without a figure neither meets nor breaks it.
pub fn standing(from: Date, periods: &[ConditionFigure]) -> StandingCondition {
    let since_then = known(periods, |end| end >= from);
    let Some((end, met)) = since_then.last().copied() else { return NO_FIGURE };
    let judged_on = Some(end);
    if !met {
        let lapsed = since_then.iter().any(|(_, met)| *met);
        return StandingCondition { status: Status::OffTrack, judged_on, lapsed, ..NO_FIGURE };
    }
    let run = since_then.iter().rev().take_while(|(_, met)| *met).count();
    if run == since_then.len() {
        return StandingCondition { status: Status::Achieved, judged_on, ..NO_FIGURE };
    }
    let since = since_then.get(since_then.len() - run).map(|(end, _)| *end);
    StandingCondition { status: Status::AchievedLate, judged_on, since, ..NO_FIGURE }
}

/// A condition, or any target, that has to be met by `due`, once that day has passed: on the last period ending by it.
///
/// Not met by then, the first later period that meets it makes it achieved late. Once met, a latest period that does not
/// meet it is told as not kept and changes nothing of the status.
pub fn by_date(due: Date, periods: &[ConditionFigure]) -> StandingCondition {
    let (before, after) = (known(periods, |end| end <= due), known(periods, |end| end > due));
    let Some(latest) = after.last().or(before.last()).copied() else { return NO_FIGURE };
    let not_kept = !latest.1;
    match before.last().copied() {
        Some((end, true)) => StandingCondition { status: Status::Achieved, judged_on: Some(end), not_kept, ..NO_FIGURE },
        by_then => match after.iter().find(|(_, met)| *met).copied() {
            Some((end, _)) => {
                StandingCondition { status: Status::AchievedLate, judged_on: Some(end), since: Some(end), not_kept, ..NO_FIGURE }
            }
            None => StandingCondition {
                status: Status::OffTrack,
                judged_on: by_then.map(|(end, _)| end).or(Some(latest.0)),
                ..NO_FIGURE
            },
        },
    }
}

/// The periods with a figure that are wanted, in time order.
fn known(periods: &[ConditionFigure], wanted: impl Fn(Date) -> bool) -> Vec<(Date, bool)> {
    let mut known: Vec<(Date, bool)> =
        periods.iter().filter(|held| wanted(held.end)).filter_map(|held| Some((held.end, held.met?))).collect();
    known.sort_by_key(|(end, _)| *end);
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Years from 2023 on, as `y` met, `n` not met, `.` no figure.
    fn years(met: &str) -> Vec<ConditionFigure> {
        let of = |c| match c {
            'y' => Some(true),
            'n' => Some(false),
            _ => None,
        };
        (2023..).zip(met.chars()).map(|(year, c)| ConditionFigure { end: date(year, 3, 31), met: of(c) }).collect()
    }

    fn stands(met: &str) -> (Status, bool, Option<i16>) {
        let found = standing(date(2023, 1, 1), &years(met));
        (found.status, found.lapsed, found.since.map(Date::year))
    }

    #[test]
    fn standing_conditions_use_the_latest_period() {
        assert_eq!(stands("yyy"), (Status::Achieved, false, None));
        assert_eq!(stands("nyy"), (Status::AchievedLate, false, Some(2024)));
        assert_eq!(stands("yyn"), (Status::OffTrack, true, None));
        assert_eq!(stands("ynyy"), (Status::AchievedLate, false, Some(2025)), "met, lapsed, met again");
        assert_eq!(stands("nnn"), (Status::OffTrack, false, None));
        assert_eq!(stands("y.y"), (Status::Achieved, false, None));
        assert_eq!(stands("ny.y."), (Status::AchievedLate, false, Some(2024)));
        assert_eq!(stands("..."), (Status::NoFigure, false, None));
        assert_eq!(standing(date(2024, 1, 1), &years("nyy")).status, Status::Achieved, "what was before the day is nothing");
    }

    fn by_2025(met: &str) -> (Status, bool, Option<i16>) {
        let found = by_date(date(2025, 3, 31), &years(met));
        (found.status, found.not_kept, found.since.map(Date::year))
    }

    #[test]
    fn dated_conditions_use_the_last_period_before() {
        assert_eq!(by_2025("nny"), (Status::Achieved, false, None));
        assert_eq!(by_2025("nnyn"), (Status::Achieved, true, None));
        assert_eq!(by_2025("yynn"), (Status::OffTrack, false, None));
        assert_eq!(by_2025("nnny"), (Status::AchievedLate, false, Some(2026)), "a year later");
        assert_eq!(by_2025("nnnyn"), (Status::AchievedLate, true, Some(2026)));
        assert_eq!(by_2025("nnynyn"), (Status::Achieved, true, None));
        assert_eq!(by_2025("ny."), (Status::Achieved, false, None), "the last that is known");
        assert_eq!(by_2025("...y"), (Status::AchievedLate, false, Some(2026)));
        assert_eq!(by_2025(""), (Status::NoFigure, false, None));
        assert_eq!(by_date(date(2025, 3, 31), &years("nnnn")).judged_on, Some(date(2025, 3, 31)));
    }

    #[test]
    fn all_is_all() {
        let met = |value, required| ConditionFigure::in_full(date(2025, 3, 31), Some(value), required).met;
        assert_eq!(
            (met(100.0, 100.0), met(99.96, 100.0), met(0.0, 0.0), met(0.04, 0.0)),
            (Some(true), Some(false), Some(true), Some(false))
        );
        assert_eq!(ConditionFigure::in_full(date(2025, 3, 31), None, 100.0).met, None);
    }
}
