//! `boardpack disclosure`: what is hidden to protect people, and how well, for those who answer for it, without a figure; and
//! the decisions to go on with another secret, or without what earlier packs showed.

use super::evaluate::{Prepared, When, finish};
use super::{Failure, Sources, clock, exit, ledger, on_record, print, runtime};
use crate::evaluate::{DisclosureAudit, MeasureAudit};
use crate::run::{RunError, disclosure, opening};
use crate::settings::Settings;
use crate::store::{HidingDecision, Ledger};
use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub enum Command {
    /// Show what is hidden for each measure, and how many values each hidden count could still have
    Audit(Arguments),
    /// Make packs without the record of what earlier packs showed, where that is lost with the archive
    AcceptLoss {
        /// Who decides this, for the record
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Continue with another secret if the one of earlier packs is lost: the one that is there, or a new one
    AcceptSecret {
        /// Who decides this, for the record
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    when: When,
}

pub fn main(sources: &Sources, command: &Command) -> Result<u8, Failure> {
    let arguments = match command {
        Command::Audit(arguments) => arguments,
        Command::AcceptLoss { by, reason } => return accept_loss(sources, by, reason),
        Command::AcceptSecret { by, reason } => return accept_secret(sources, by, reason),
    };
    let prepared = Prepared::new(sources, &arguments.when, None)?;
    let assessed = prepared.assess()?;
    let audit = assessed.disclosed(&prepared.config).audit;
    let mut told = text(&audit);
    for lost in assessed.lost() {
        told.push_str(&format!("\nNo pack is sent: {lost}.\n"));
    }
    told.push_str(&decisions(&prepared.settings)?);
    print(told.as_bytes())?;
    let is_withheld = audit.reason_to_withhold().is_some() || !assessed.lost().is_empty();
    let done = finish(&assessed);
    Ok(if is_withheld { exit::PARTIAL } else { done })
}

/// Who has accepted a loss or another secret, when and why; what is wrong with the ledger was told by then.
fn decisions(settings: &Settings) -> Result<String, Failure> {
    let decided = ledger::read_quietly(settings, async |ledger| ledger.hiding_decisions().await)?.unwrap_or_default();
    let line = |HidingDecision { period, run_id, at, by, reason }: &HidingDecision| {
        let what = match period.is_empty() {
            true => "another secret".to_owned(),
            false => format!("that what the pack of {period} (run {run_id}) showed is lost"),
        };
        format!("\nAccepted by {by}, {at}: {what}: {reason}\n")
    };
    Ok(decided.iter().map(line).collect())
}

fn accept_loss(sources: &Sources, by: &str, reason: &str) -> Result<u8, Failure> {
    let accept = async |settings: &Settings, ledger: &Ledger, by: (&str, &str)| {
        disclosure::accept_loss(settings, ledger, by, clock()).await
    };
    let (accepted, _) = decided(sources, (by, reason), accept)?;
    match accepted.is_empty() {
        true => println!("nothing that earlier packs showed is lost; nothing was changed"),
        false => println!("later packs are made without what these showed:\n  {}", accepted.join("\n  ")),
    }
    Ok(exit::DONE)
}

fn accept_secret(sources: &Sources, by: &str, reason: &str) -> Result<u8, Failure> {
    let accept = async |settings: &Settings, ledger: &Ledger, by: (&str, &str)| {
        disclosure::accept_secret(settings, ledger, by, clock()).await
    };
    let (is_new, settings) = decided(sources, (by, reason), accept)?;
    let path = disclosure::file(&settings);
    match is_new {
        true => println!("the next run uses the secret {}", path.display()),
        false => println!("{} is already the secret of earlier packs; nothing was changed", path.display()),
    }
    Ok(exit::DONE)
}

/// Puts what somebody decides on record, in the ledger of the settings, which it gives as well.
fn decided<T>(
    sources: &Sources,
    (by, reason): (&str, &str),
    accept: impl AsyncFnOnce(&Settings, &Ledger, (&str, &str)) -> Result<T, RunError>,
) -> Result<(T, Settings), Failure> {
    let by = (on_record::decided_by(by)?, on_record::reason("--reason", reason)?);
    let settings = sources.load()?;
    let accepted = runtime()?.block_on(async {
        let ledger = opening::open(&settings, false, clock).await?;
        let accepted = accept(&settings, &ledger, by).await;
        ledger.close().await;
        accepted
    })?;
    Ok((accepted, settings))
}

fn text(audit: &DisclosureAudit) -> String {
    if audit.measures.is_empty() {
        return "Nothing is hidden.\n".to_owned();
    }
    let width = audit.measures.iter().map(|of| of.measure.0.chars().count()).max().unwrap_or(0).max("Measure".len());
    let mut text = format!(
        "{:width$}  {:>5}  {:>8}  {:>6}  {:>13}  Narrowest range\n",
        "Measure", "Small", "Withheld", "Beside", "Whole periods"
    );
    for of in &audit.measures {
        let MeasureAudit { small, marked, beside, whole_periods, .. } = of;
        text.push_str(&format!(
            "{:width$}  {small:>5}  {marked:>8}  {beside:>6}  {whole_periods:>13}  {}\n",
            of.measure.0,
            narrowest(of)
        ));
    }
    text.push_str(&format!("\n{}.\n", audit.in_words()));
    for of in audit.measures.iter().filter(|of| !of.given_away.is_empty()) {
        text.push_str(&format!("\nEarlier packs give away hidden counts of {}, whatever is hidden now:\n", of.measure));
        for one in &of.given_away {
            let group = one.group.as_ref().map_or(String::new(), |group| format!(", {group}"));
            text.push_str(&format!("  {}{group}, {}\n", one.area, one.period));
        }
    }
    if let Some(reason) = audit.reason_to_withhold() {
        text.push_str(&format!("\nNo pack is sent: {reason}.\n"));
    }
    text
}

fn narrowest(of: &MeasureAudit) -> String {
    if !of.is_protected() {
        return "not protected".to_owned();
    }
    match (of.fewest_possible, of.given_away.len()) {
        (None, 0) if of.marked > 0 => "withheld by sources only".to_owned(),
        (None, 0) => "no small count".to_owned(),
        (None, _) => "given away by earlier packs".to_owned(),
        (Some(fewest), 0) => format!("{fewest} possible values"),
        (Some(fewest), given_away) => format!("{fewest} possible values; {given_away} given away by earlier packs"),
    }
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::area::AreaCode;
    use crate::evaluate::{DisclosureAudit, MeasureAudit, RevealedCount};
    use crate::framework::MeasureId;
    use crate::period::Period;

    #[test]
    fn the_audit_names_measures_and_withheld_packs() {
        let of = |id: &str, fewest_possible, unprotected| MeasureAudit {
            measure: MeasureId(id.to_owned()),
            small: 3,
            marked: 1,
            beside: 2,
            whole_periods: 0,
            fewest_possible,
            unprotected,
            given_away: Vec::new(),
        };
        let told = text(&DisclosureAudit { measures: vec![of("one", Some(4), 0), of("another", Some(2), 1)] });
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines[1], "one          3         1       2              0  4 possible values");
        assert!(lines[2].ends_with("  not protected"), "{told}");
        assert_eq!(lines[4], "6 figures hidden for small counts, 2 withheld by their sources, 4 hidden beside them.");
        assert!(
            lines[6].starts_with("No pack is sent: small counts could be worked out whatever is hidden: another (see"),
            "{told}"
        );
        assert_eq!(text(&DisclosureAudit::default()), "Nothing is hidden.\n");
    }

    #[test]
    fn a_count_that_earlier_packs_give_away_is_not_called_none() {
        let revealed =
            RevealedCount { area: AreaCode::new("D2").unwrap(), period: Period::financial_quarter(2026, 2), group: None };
        let of = |small, fewest_possible| {
            let measure = MeasureId("one".to_owned());
            let given_away = vec![revealed.clone()];
            let all = MeasureAudit {
                measure,
                small,
                marked: 0,
                beside: 0,
                whole_periods: 0,
                fewest_possible,
                unprotected: 0,
                given_away,
            };
            text(&DisclosureAudit { measures: vec![all] }).lines().nth(1).unwrap_or_default().to_owned()
        };
        assert!(of(1, None).ends_with("0  given away by earlier packs"), "{}", of(1, None));
        assert!(of(2, Some(3)).ends_with("0  3 possible values; 1 given away by earlier packs"), "{}", of(2, Some(3)));
    }
}
