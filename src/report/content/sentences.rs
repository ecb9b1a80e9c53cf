//! Sentences in plain English from figures and judgements. Nothing is said to have changed, or to differ, unless a
//! test says so.

use crate::collect::{Grade, ReturnOutcome};
use crate::evaluate::methods::spc::{Assurance, Variation};
use crate::evaluate::{Comparison, Flag, Move, Status, Trend};

/// What can be said of the difference between two figures of one measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Their limits do not meet, or they have no sampling error.
    Real,
    /// Their limits meet.
    WithinChance,
    /// One of them has no limits.
    NotTested,
    /// Pooled periods that share months cannot be held against each other.
    Overlapping,
}

/// A figure in words with its period in words.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    pub figure: &'a str,
    pub when: &'a str,
}

/// How a figure stands beside an earlier one: a predicate, without a full stop.
pub fn change(was: Said<'_>, is: Said<'_>, rose: bool, difference: Difference) -> String {
    let both = format!("was {} in {} and is {} in {}", was.figure, was.when, is.figure, is.when);
    match difference {
        _ if was.figure == is.figure => format!("is {} in {}, as it was in {}", is.figure, is.when, was.when),
        Difference::Real => {
            let verb = if rose { "rose" } else { "fell" };
            format!("{verb} from {} in {} to {} in {}", was.figure, was.when, is.figure, is.when)
        }
        Difference::WithinChance => format!("{both}; the difference is within what chance would give"),
        Difference::NotTested => format!("{both}; without limits, chance cannot be ruled out"),
        Difference::Overlapping => format!("{both}; the periods overlap, so this is not tested"),
    }
}

/// `similar to England (11.7%)`; none where no comparison was made.
pub fn beside(comparison: Comparison, name: &str, figure: Option<&str>) -> Option<String> {
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
        Trend::IncreasingBetter => "has risen significantly over five years, which is for the better",
        Trend::IncreasingWorse => "has risen significantly over five years, which is for the worse",
        Trend::Increasing => "has risen significantly over five years",
        Trend::DecreasingBetter => "has fallen significantly over five years, which is for the better",
        Trend::DecreasingWorse => "has fallen significantly over five years, which is for the worse",
        Trend::Decreasing => "has fallen significantly over five years",
        Trend::NoSignificantChange => "shows no significant trend over five years",
        Trend::CannotBeCalculated => return None,
    })
}

/// A recent trend in a word or two, for a table.
pub fn trend_in_short(trend: Trend) -> Option<&'static str> {
    Some(match trend {
        Trend::IncreasingBetter | Trend::DecreasingBetter => "getting better",
        Trend::IncreasingWorse | Trend::DecreasingWorse => "getting worse",
        Trend::Increasing => "increasing",
        Trend::Decreasing => "decreasing",
        Trend::NoSignificantChange => "no significant change",
        Trend::CannotBeCalculated => return None,
    })
}

/// What a reader must bear in mind beside a status.
pub fn flag(flag: Flag, status: Status) -> &'static str {
    match flag {
        Flag::Stale if status == Status::NoFigure => "its last figure is too old",
        Flag::Stale => "judged on an old figure",
        Flag::Provisional => "may still change",
        Flag::Suppressed => "figure withheld to protect people",
        Flag::Final => "final",
        Flag::Proxy => "stand-in measure",
        Flag::NoLimits => "without confidence limits",
        Flag::ByArea => "by where people live",
        Flag::NotKept => "reached, and not kept",
        Flag::Lapsed => "met before, and lapsed",
        Flag::LimitsWorkedOut => "limits worked out here",
        Flag::Illustrative => "illustrative",
        Flag::NoDateSet => "no date set",
        Flag::Incomplete => "some figures are missing",
    }
}

/// The word beside a variation icon.
pub fn variation(variation: Variation) -> &'static str {
    match variation {
        Variation::CommonCause => "usual variation",
        Variation::ImprovementHigh | Variation::ImprovementLow => "improving",
        Variation::ConcernHigh | Variation::ConcernLow => "worsening",
        Variation::NeutralHigh => "higher than usual",
        Variation::NeutralLow => "lower than usual",
    }
}

/// What a control chart says of a measure's latest figure: a predicate.
pub fn variation_in_full(variation: Variation) -> &'static str {
    match variation {
        Variation::CommonCause => "varies as usual: nothing in it is more than chance would give",
        Variation::ImprovementHigh => "is higher than chance would give, which is for the better",
        Variation::ImprovementLow => "is lower than chance would give, which is for the better",
        Variation::ConcernHigh => "is higher than chance would give, which is for the worse",
        Variation::ConcernLow => "is lower than chance would give, which is for the worse",
        Variation::NeutralHigh => "is higher than chance would give",
        Variation::NeutralLow => "is lower than chance would give",
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

/// How a status has moved.
pub fn moved(kind: Move) -> &'static str {
    match kind {
        Move::Improved => "Improved",
        Move::Worsened => "Worsened",
        Move::Same => "The same",
        Move::New => "Judged for the first time",
        Move::NoLongerJudged => "No longer judged",
    }
}

/// What became of a return.
pub fn outcome(outcome: ReturnOutcome) -> &'static str {
    match outcome {
        ReturnOutcome::Accepted => "Received",
        ReturnOutcome::AcceptedInPart => "Received, some figures not used",
        ReturnOutcome::Refused => "Refused",
        ReturnOutcome::NotReceived => "Not received",
    }
}

/// What a finding costs.
pub fn grade(outcome: ReturnOutcome, grade: Grade) -> &'static str {
    match grade {
        Grade::Error if outcome == ReturnOutcome::Refused => "Refused",
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
    let words = words.trim();
    let mut out: String = words.chars().take(1).flat_map(char::to_uppercase).collect();
    out.extend(words.chars().skip(1));
    if !out.is_empty() && !out.ends_with(['.', '!', '?', ':', '…']) {
        out.push('.');
    }
    out
}

/// `1 measure`, `2 measures`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAS: Said<'_> = Said { figure: "11.2%", when: "2022/23" };

    fn now(figure: &str) -> Said<'_> {
        Said { figure, when: "2024/25" }
    }

    #[test]
    fn a_figure_is_said_to_have_changed_only_where_a_test_says_so() {
        for (is, rose, difference, expected) in [
            ("12.0%", true, Difference::Real, "rose from 11.2% in 2022/23 to 12.0% in 2024/25"),
            ("10.1%", false, Difference::Real, "fell from 11.2% in 2022/23 to 10.1% in 2024/25"),
            (
                "12.0%",
                true,
                Difference::WithinChance,
                "was 11.2% in 2022/23 and is 12.0% in 2024/25; the difference is within what chance would give",
            ),
            (
                "12.0%",
                true,
                Difference::NotTested,
                "was 11.2% in 2022/23 and is 12.0% in 2024/25; without limits, chance cannot be ruled out",
            ),
            (
                "10.1%",
                false,
                Difference::Overlapping,
                "was 11.2% in 2022/23 and is 10.1% in 2024/25; the periods overlap, so this is not tested",
            ),
            ("11.2%", true, Difference::WithinChance, "is 11.2% in 2024/25, as it was in 2022/23"),
            ("11.2%", false, Difference::NotTested, "is 11.2% in 2024/25, as it was in 2022/23"),
        ] {
            let said = change(WAS, now(is), rose, difference);
            assert_eq!(said, expected);
            assert_eq!(said.contains("rose") || said.contains("fell"), expected.contains(" from "), "{said}");
        }
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
            assert_eq!(beside(comparison, "England", figure).as_deref(), expected);
        }
    }

    #[test]
    fn a_trend_that_is_not_significant_is_not_called_a_rise() {
        assert_eq!(trend(Trend::NoSignificantChange), Some("shows no significant trend over five years"));
        assert_eq!(trend(Trend::CannotBeCalculated), None);
        assert_eq!(trend_in_short(Trend::DecreasingBetter), Some("getting better"));
    }

    #[test]
    fn lists_counts_and_sentences_are_right_in_grammar() {
        for (items, expected) in
            [(&[][..], ""), (&["one"][..], "one"), (&["one", "two"][..], "one and two"), (&["a", "b", "c"][..], "a, b and c")]
        {
            assert_eq!(joined(items), expected);
        }
        for (n, expected) in [(0, "0 measures"), (1, "1 measure"), (2, "2 measures")] {
            assert_eq!(count(n, "measure", "measures"), expected);
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
