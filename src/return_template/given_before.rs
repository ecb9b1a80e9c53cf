//! How what was given before reads beside what is asked for now.

use super::answers::{ActionAnswer, CommentAnswer};
use super::earlier::{PartnerHistory, PriorComment, ReportedAction};
use super::request::RequestedFigure;
use crate::figure::ReportKey;
use crate::value::{Value, format_number};
use jiff::civil::Date;

/// The last count of an age band up to the period asked for, as [`last_time`] says it.
pub(super) fn last_count(earlier: &PartnerHistory, asked: &RequestedFigure<'_>) -> String {
    last_given_in_words(earlier, asked, |value| format_number(value, 0))
}

/// The figure of the period asked for, `given before: 79.0%`, or the last before it with its period, `79.0% in 2024/25`; empty
/// where there is none.
pub(super) fn last_time(earlier: &PartnerHistory, asked: &RequestedFigure<'_>) -> String {
    last_given_in_words(earlier, asked, |value| asked.measure.unit.format(value, asked.measure.decimals))
}

/// What was last said of a key action, or of a step of it: `Off track, forecast 31/03/2027: the building is late (return for
/// July to September 2026)`, and after it what still stands of returns before; empty where nothing was.
pub(super) fn last_said(earlier: &PartnerHistory, of: &ReportKey) -> String {
    let said = earlier.reported(of).map_or(Vec::new(), ReportedAction::by_quarter);
    let told = said.iter().map(|(quarter, answer)| format!("{} (return for {})", in_words(answer), quarter.in_words()));
    told.collect::<Vec<_>>().join("; ")
}

/// What was last said of an ambition: `Two clinics reopened (Director of Public Health, 12/08/2026; return for April to June
/// 2026)`; empty where nothing was.
pub(super) fn last_comment(earlier: &PartnerHistory, ambition: &str) -> String {
    let Some(PriorComment { answer: CommentAnswer { words, by, on }, quarter }) = earlier.commented(ambition) else {
        return String::new();
    };
    let by = Some(by.clone()).filter(|by| !by.is_empty());
    let said = by.into_iter().chain(on.map(|on| on.strftime("%d/%m/%Y").to_string())).collect::<Vec<_>>().join(", ");
    let of_return = format!("return for {}", quarter.in_words());
    let told = [said, of_return].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
    format!("{words} ({told})")
}

fn in_words(ActionAnswer { status, forecast, completed, commentary }: &ActionAnswer) -> String {
    let day = |words: &str, day: Option<Date>| day.map(|day| format!("{words} {}", day.strftime("%d/%m/%Y")));
    let status = Some(status.clone()).filter(|status| !status.is_empty());
    let stands = status.into_iter().chain(day("forecast", *forecast)).chain(day("completed", *completed));
    let stands = stands.collect::<Vec<_>>().join(", ");
    let parts = [stands.as_str(), commentary].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(": ")
}

fn last_given_in_words(earlier: &PartnerHistory, asked: &RequestedFigure<'_>, number: impl Fn(f64) -> String) -> String {
    let given = earlier.get(&asked.series).into_iter().flat_map(|by_period| by_period.range(..=asked.period).rev());
    let mut told = given.filter_map(|(period, given)| {
        let figure = match given.value {
            Value::Number(value) => number(value),
            Value::Suppressed => "suppressed".to_owned(),
            Value::NotApplicable => "not applicable".to_owned(),
            Value::Missing => return None,
        };
        let figure = if *period == asked.period {
            format!("given before: {figure}")
        } else {
            format!("{figure} in {}", period.in_short())
        };
        Some(if given.illustrative { figure + ", illustrative" } else { figure })
    });
    told.next().unwrap_or_default()
}
