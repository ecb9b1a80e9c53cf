//! What a pack must meet before it is sent to anybody.

use super::stage_records::EvaluatedRun;
use super::withhold_reason::WithholdReason;
use crate::collect::{IndicatorOutcome, PartnerReturn};
use crate::counted::{counted, counted_of};
use crate::evaluate::{Assessment, NoFigure, Status};
use crate::fault::Fault;
use crate::framework::Partner;
use crate::settings::{Gates, Settings};
use jiff::civil::Date;

/// Why the pack is not to be sent; empty where it may be.
pub(super) fn reasons(
    settings: &Settings,
    judged: &EvaluatedRun,
    partners: &[Partner],
    warnings: &[Fault],
    as_at: Date,
) -> Vec<WithholdReason> {
    let Gates { measures_with_figures_percent, returns_accepted_percent, oldest_indicator_days, allow_warnings } = settings.gates;
    let mut reasons: Vec<String> = Vec::new();
    if judged.illustrative && !settings.pack.allow_illustrative {
        reasons.push("it holds illustrative figures, and pack.allow_illustrative is false".to_owned());
    }
    let published = &judged.published;
    let headlines = || published.evaluation.measures.iter().map(|measure| &measure.headline);
    // One that is withheld is there, and so is one that lacks only what it is set against.
    let is_there = |why: &NoFigure| matches!(why, NoFigure::Withheld | NoFigure::NoBaseline | NoFigure::NoComparator);
    // So is one of the quarter itself that stands as its own baseline.
    let is_of_quarter = |of: &Assessment| {
        let quarter = published.evaluation.period;
        of.not_after_baseline && of.latest.as_ref().is_some_and(|point| point.period.end() >= quarter.end())
    };
    let has_figure =
        |of: &&Assessment| of.status != Status::NoFigure || of.no_figure.as_ref().is_some_and(is_there) || is_of_quarter(of);
    let (with, measures) = (headlines().filter(has_figure).count(), headlines().count());
    if is_below(with, measures, measures_with_figures_percent) {
        reasons.push(format!(
            "{}, and gates.measures_with_figures_percent is {measures_with_figures_percent}",
            counted_of(with, measures, ("measure", "measures"), ("has a figure", "have figures"))
        ));
    }
    let deadline = settings.returns.deadline(published.evaluation.period);
    let due = PartnerReturn::all(&published.returns, partners, deadline, as_at);
    let accepted = due.iter().filter(|one| one.is_returned()).count();
    if is_below(accepted, due.len(), returns_accepted_percent) {
        reasons.push(format!(
            "{}, and gates.returns_accepted_percent is {returns_accepted_percent}",
            counted_of(accepted, due.len(), ("return", "returns"), ("is accepted", "are accepted"))
        ));
    }
    if oldest_indicator_days > 0 {
        reasons.extend(published.indicators.iter().filter_map(|receipt| {
            let IndicatorOutcome::Received { retrieved, .. } = &receipt.outcome else { return None };
            let days = (as_at - retrieved.to_zoned(jiff::tz::TimeZone::UTC).date()).get_days();
            (i64::from(days) > i64::from(oldest_indicator_days)).then(|| {
                format!(
                    "indicator {} of {} was fetched {} ago, and gates.oldest_indicator_days is {oldest_indicator_days}",
                    receipt.indicator,
                    receipt.publisher,
                    counted(usize::try_from(days).unwrap_or_default(), "day", "days")
                )
            })
        }));
    }
    if !allow_warnings {
        reasons.extend(warnings.first().map(|first| {
            let given = counted(warnings.len(), "warning", "warnings");
            format!("making the pack gave {given}, and gates.allow_warnings is false: {first}")
        }));
    }
    let of_counts = published.audit.reason_to_withhold().map(WithholdReason::Counts);
    let lost = judged.lost.iter().cloned().map(WithholdReason::of_lost);
    lost.chain(reasons.into_iter().map(WithholdReason::Other)).chain(of_counts).collect()
}

/// Of nothing, no share is too small.
fn is_below(part: usize, whole: usize, percent: u8) -> bool {
    whole > 0 && part * 100 < whole * usize::from(percent)
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn only_lower_shares_fail_their_gate() {
        assert!(is_below(1, 3, 34) && !is_below(1, 3, 33));
        assert!(!is_below(0, 3, 0) && is_below(0, 3, 1) && !is_below(0, 0, 100));
    }
}
