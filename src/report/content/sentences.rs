//! Sentences in plain English from figures and judgements. Nothing is said to have changed, or to differ, unless a
//! test says so.

use super::figures::{date, period};
use crate::collect::{Grade, ReturnOutcome};
use crate::evaluate::change::Change;
use crate::evaluate::{Assessment, Comparison, Coverage, NoFigure, SeriesPoint, Trend, format_share};
use crate::framework::{Measure, Role};
use crate::period::Period;
use indicator_stats::spc::{Assurance, Variation};

/// A figure in words with its period in words.
#[derive(Debug, Clone, Copy)]
pub struct FigureInWords<'a> {
    pub figure: &'a str,
    pub when: &'a str,
}

/// How a figure stands beside an earlier one: a predicate, without a full stop. It says what the test of the change found,
/// and nothing of significance where there was none; `by` is how far apart they are that look alike, else empty.
pub fn change(was: FigureInWords<'_>, is: FigureInWords<'_>, change: &Change, by: &str) -> String {
    let found = if by.is_empty() { change.in_words() } else { format!("{}, {by}", change.in_words()) };
    if was.figure == is.figure && change.difference == 0.0 {
        return format!("is {} in {}, as it was in {}", is.figure, is.when, was.when);
    }
    format!("was {} in {} and is {} in {}: {found}", was.figure, was.when, is.figure, is.when)
}

/// `lead`, or what a measure's part in its ambition means for the reader. A stand-in may be for one lead, or for all.
pub fn role(role: Role, is_for_one: bool) -> &'static str {
    match role {
        Role::Lead => "lead",
        Role::StandIn if is_for_one => "stand-in, decides only while its lead is not judged",
        Role::StandIn => "stand-in, decides only while no lead is judged",
        Role::Supporting => "supporting, shown and never decides",
    }
}

/// Why there is no figure, with whose it is and since when: `overdue from A and B since 31 October 2026`. `last` is the period of
/// the figure that is shown all the same: `too old; last one 2017/18`.
pub fn no_figure(why: &NoFigure, last: Option<Period>) -> String {
    let last = last.map_or(String::new(), |last| format!("; last one {}", period(last)));
    match why {
        NoFigure::Overdue { whose, since } if whose.is_empty() => format!("{} since {}{last}", why.label(), date(*since)),
        NoFigure::Overdue { whose, since } => format!("{} from {} since {}{last}", why.label(), joined(whose), date(*since)),
        // What the source answered is told with the other sources.
        NoFigure::SourceFailed { .. } | NoFigure::TooOld | NoFigure::NothingToReport | NoFigure::NoSource => {
            format!("{}{last}", why.label())
        }
        // The figure is of now: something else is wanting.
        NoFigure::Withheld | NoFigure::Incomplete | NoFigure::NoBaseline | NoFigure::NoComparator | NoFigure::NotGivenHere => {
            why.label().to_owned()
        }
    }
}

/// The same without whose it is.
pub fn no_figure_in_short(why: &NoFigure, last: Option<Period>) -> String {
    match why {
        NoFigure::Overdue { since, .. } => no_figure(&NoFigure::Overdue { whose: Vec::new(), since: *since }, last),
        _ => no_figure(why, last),
    }
}

/// How much of the whole the organisations are whose figures were pooled: `six of seven organisations, 97% of staff`.
pub fn coverage(coverage: &Coverage, denominator: &str) -> String {
    let (given, of) = (coverage.given.len(), coverage.given.len() + coverage.absent.len());
    let share = format_share(coverage.share);
    let share = if coverage.by_denominator { format!(", {share} of {denominator}") } else { String::new() };
    let noun = if of == 1 { "organisation" } else { "organisations" };
    let noun = if coverage.left_out.is_empty() { noun.to_owned() } else { format!("{noun} to which it applies") };
    if given == of && of == 2 {
        return format!("both {noun}");
    }
    if given == of { format!("all {} {noun}", number(of)) } else { format!("{} of {} {noun}{share}", number(given), number(of)) }
}

/// The name of an area; of a figure that is pooled from some organisations only, with how many they are, for it is not that of
/// the whole: `Threeshire (four of five organisations)`.
pub fn whose(name: &str, of: &Assessment) -> String {
    match &of.coverage {
        Some(Coverage { given, absent, left_out, .. }) if !absent.is_empty() || !left_out.is_empty() => {
            // Of those to which it applies; where all of these gave it, of all.
            let left_out = if absent.is_empty() { left_out.len() } else { 0 };
            let all = given.len() + absent.len() + left_out;
            format!("{name} ({} of {} organisations)", number(given.len()), number(all))
        }
        _ => name.to_owned(),
    }
}

/// `seven`, `23`.
fn number(n: usize) -> String {
    const WORDS: [&str; 11] = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(n).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// `similar to England (11.7%)`; none where no comparison was made.
pub fn comparison_in_words(comparison: Comparison, name: &str, figure: Option<&str>) -> Option<String> {
    let words = match comparison {
        Comparison::Better => "better than",
        Comparison::Similar => "similar to",
        Comparison::Worse => "worse than",
        Comparison::Higher => "higher than",
        Comparison::Lower => "lower than",
        Comparison::NotCompared => return None,
    };
    Some(figure.map_or(format!("{words} {name}"), |figure| format!("{words} {name} ({figure})")))
}

/// A recent trend as a predicate; none where there is none to tell.
pub fn trend(trend: Trend) -> Option<&'static str> {
    Some(match trend {
        Trend::IncreasingBetter => "has risen significantly over five years (99.8%), which is for the better",
        Trend::IncreasingWorse => "has risen significantly over five years (99.8%), which is for the worse",
        Trend::Increasing => "has risen significantly over five years (99.8%)",
        Trend::DecreasingBetter => "has fallen significantly over five years (99.8%), which is for the better",
        Trend::DecreasingWorse => "has fallen significantly over five years (99.8%), which is for the worse",
        Trend::Decreasing => "has fallen significantly over five years (99.8%)",
        Trend::NoSignificantChange => "shows no significant trend over five years (99.8%)",
        Trend::CannotBeCalculated => return None,
    })
}

/// A recent trend in a word or two, for a table.
pub fn trend_in_short(trend: Trend) -> Option<&'static str> {
    Some(match trend {
        Trend::IncreasingBetter | Trend::DecreasingBetter => "significantly better",
        Trend::IncreasingWorse | Trend::DecreasingWorse => "significantly worse",
        Trend::Increasing => "significantly up",
        Trend::Decreasing => "significantly down",
        Trend::NoSignificantChange => "no significant change",
        Trend::CannotBeCalculated => return None,
    })
}

/// In the place of the source of a figure that is gone.
pub const NO_NEW_SOURCE: &str = "none, the return that gave it is no longer used";

/// The word beside a variation icon.
pub fn variation(variation: Variation) -> &'static str {
    match variation {
        Variation::CommonCause => "common cause",
        Variation::ImprovementHigh | Variation::ImprovementLow => "special cause, better",
        Variation::ConcernHigh | Variation::ConcernLow => "special cause, worse",
        Variation::NeutralHigh => "special cause, high",
        Variation::NeutralLow => "special cause, low",
    }
}

/// What a control chart says of a measure's latest figure: a predicate.
pub fn variation_in_full(variation: Variation) -> &'static str {
    match variation {
        Variation::CommonCause => "shows common cause variation",
        Variation::ImprovementHigh => "shows special cause variation on the high side, which is for the better",
        Variation::ImprovementLow => "shows special cause variation on the low side, which is for the better",
        Variation::ConcernHigh => "shows special cause variation on the high side, which is for the worse",
        Variation::ConcernLow => "shows special cause variation on the low side, which is for the worse",
        Variation::NeutralHigh => "shows special cause variation on the high side",
        Variation::NeutralLow => "shows special cause variation on the low side",
    }
}

/// The words beside an assurance icon.
pub fn assurance(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Pass => "will meet its target",
        Assurance::Fail => "will miss its target",
        Assurance::HitAndMiss => "may meet or miss its target",
    }
}

/// What became of a return.
pub fn outcome(outcome: ReturnOutcome) -> &'static str {
    match outcome {
        ReturnOutcome::Accepted => "Received",
        ReturnOutcome::AcceptedInPart => "Received, some figures not used",
        ReturnOutcome::Nil => "Nothing to report",
        ReturnOutcome::Blank => "Blank",
        ReturnOutcome::Refused => "Refused",
        ReturnOutcome::Withdrawn => "Withdrawn",
        ReturnOutcome::NotReceived => "Not received",
    }
}

/// What a finding costs.
pub fn grade(outcome: ReturnOutcome, grade: Grade) -> &'static str {
    match grade {
        Grade::Error if outcome == ReturnOutcome::Refused => "Refused",
        Grade::Error if outcome == ReturnOutcome::Withdrawn => "Withdrawn",
        Grade::Error => "Not used",
        Grade::Question => "Question",
        Grade::Note => "Note",
    }
}

/// `a, b and c`.
pub fn joined<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// Words as a sentence: a capital at its start, one stop at its end.
pub fn sentence(words: &str) -> String {
    let mut out = capitalised(words.trim());
    if !out.is_empty() && !out.ends_with(['.', '!', '?', ':', '…']) {
        out.push('.');
    }
    out
}

pub fn capitalised(words: &str) -> String {
    let first = words.chars().take(1).flat_map(char::to_uppercase);
    first.chain(words.chars().skip(1)).collect()
}

/// `From 2025/26 it is counted otherwise (why): figures before are not compared with those since.`; empty where no figure of
/// the series is of before or none of after.
pub fn redefined(measure: &Measure, series: &[SeriesPoint]) -> String {
    let (Some(first), Some(last)) = (series.first(), series.last()) else { return String::new() };
    let Some(redefined) = measure.redefined_between(first.period, last.period) else { return String::new() };
    let why = redefined.reason.trim().trim_end_matches('.');
    let from = measure.period_in_short(&redefined.from);
    format!("From {from} it is counted differently ({why}): figures before are not compared with those since.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::change::TestableFigure;
    use crate::framework::Uncertainty;
    use crate::period::YearKind;
    use crate::value::Limits;

    const WAS: FigureInWords<'_> = FigureInWords { figure: "11.2%", when: "2022/23" };

    fn figure(value: f64, spread: Option<f64>, period: &str, ends: &str) -> TestableFigure {
        let limits = spread.map(|spread| Limits { lower: value - spread, upper: value + spread });
        TestableFigure { value, limits, counts: None, season: None, period: period.into(), ends: ends.parse().unwrap() }
    }

    #[test]
    fn changes_are_described_by_their_test() {
        let was = |spread| figure(11.2, spread, "2022/23", "2023-03-31");
        let is = |value, spread| figure(value, spread, "2024/25", "2025-03-31");
        let tested = |value, spread| Change::between(&was(spread), &is(value, spread), Uncertainty::Published);
        let now = |figure| FigureInWords { figure, when: "2024/25" };
        for (said, change, expected) in [
            (
                "11.2%",
                tested(11.22, None),
                "was 11.2% in 2022/23 and is 11.2% in 2024/25: higher, not tested because there are no limits, by less than 0.1",
            ),
            ("14.0%", tested(14.0, Some(0.5)), "was 11.2% in 2022/23 and is 14.0% in 2024/25: significantly higher (95%)"),
            (
                "11.4%",
                tested(11.4, Some(0.5)),
                "was 11.2% in 2022/23 and is 11.4% in 2024/25: higher, no significant change (95%)",
            ),
            (
                "10.1%",
                tested(10.1, None),
                "was 11.2% in 2022/23 and is 10.1% in 2024/25: lower, not tested because there are no limits",
            ),
            ("11.2%", tested(11.2, None), "is 11.2% in 2024/25, as it was in 2022/23"),
            (
                "9",
                Change::between(&was(None), &is(9.0, None), Uncertainty::None),
                "was 11.2% in 2022/23 and is 9 in 2024/25: lower",
            ),
        ] {
            let by = if expected.ends_with("0.1") { "by less than 0.1" } else { "" };
            assert_eq!(super::change(WAS, now(said), &change, by), expected);
        }
    }

    #[test]
    fn missing_figures_name_partner_and_time() {
        let overdue = |whose: &[&str]| NoFigure::Overdue {
            whose: whose.iter().map(|name| (*name).to_owned()).collect(),
            since: "2026-10-31".parse().unwrap(),
        };
        assert_eq!(no_figure(&overdue(&["Ashby", "Barton"]), None), "overdue from Ashby and Barton since 31 October 2026");
        assert_eq!(no_figure(&overdue(&[]), None), "overdue since 31 October 2026");
        assert_eq!(no_figure(&NoFigure::SourceFailed { reason: "it answered 500.".into() }, None), "source failed");
        let last = Period::parse("2017/18", YearKind::Financial).ok();
        assert_eq!(no_figure(&NoFigure::TooOld, last), "too old; last one 2017/18");
        assert_eq!(no_figure(&overdue(&[]), last), "overdue since 31 October 2026; last one 2017/18");
        assert_eq!(no_figure(&NoFigure::NoBaseline, last), "no baseline", "it is of now");
    }

    #[test]
    fn coverage_is_said_by_number_and_by_share() {
        let code = |code: &str| crate::area::AreaCode::new(code).unwrap();
        let of = |given: usize, by_denominator| Coverage {
            given: (0..given).map(|i| code(&format!("G{i}"))).collect(),
            absent: (given..7).map(|i| code(&format!("A{i}"))).collect(),
            left_out: Vec::new(),
            share: 0.971,
            by_denominator,
            is_enough: true,
        };
        assert_eq!(coverage(&of(6, true), "staff"), "six of seven organisations, 97% of staff");
        assert_eq!(coverage(&of(6, false), "staff"), "six of seven organisations");
        assert_eq!(coverage(&of(7, true), "staff"), "all seven organisations");
        let of_others = Coverage { left_out: vec![code("X")], ..of(7, true) };
        assert_eq!(coverage(&of_others, "staff"), "all seven organisations to which it applies");
    }

    #[test]
    fn a_comparison_names_the_other_with_its_figure() {
        for (comparison, figure, expected) in [
            (Comparison::Similar, Some("11.7%"), Some("similar to England (11.7%)")),
            (Comparison::Worse, Some("11.7%"), Some("worse than England (11.7%)")),
            (Comparison::Better, None, Some("better than England")),
            (Comparison::Higher, Some("3"), Some("higher than England (3)")),
            (Comparison::Lower, Some("3"), Some("lower than England (3)")),
            (Comparison::NotCompared, Some("11.7%"), None),
        ] {
            assert_eq!(comparison_in_words(comparison, "England", figure).as_deref(), expected);
        }
    }

    #[test]
    fn only_significant_trends_are_called_rises() {
        assert_eq!(trend(Trend::NoSignificantChange), Some("shows no significant trend over five years (99.8%)"));
        assert_eq!(trend(Trend::CannotBeCalculated), None);
        assert_eq!(trend_in_short(Trend::DecreasingBetter), Some("significantly better"));
    }

    #[test]
    fn lists_and_sentences_are_right_in_grammar() {
        for (items, expected) in
            [(&[][..], ""), (&["one"][..], "one"), (&["one", "two"][..], "one and two"), (&["a", "b", "c"][..], "a, b and c")]
        {
            assert_eq!(joined(items), expected);
        }
        for (words, expected) in [
            ("it is so", "It is so."),
            ("It is so.", "It is so."),
            ("  is it so? ", "Is it so?"),
            ("élan", "Élan."),
            ("Two stops..", "Two stops.."),
            ("", ""),
        ] {
            assert_eq!(sentence(words), expected);
        }
    }
}
