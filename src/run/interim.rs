//! Interim packs: made before returns are due, while some are awaited. A final pack follows, which is another to the ledger.

use crate::collect::{PartnerReturn, ReturnReceipt};
use crate::framework::Partner;
use crate::period::Period;
use crate::settings::Settings;
use crate::store::{Ledger, LedgerError};
use jiff::ToSpan;
use jiff::civil::Date;

/// The partners who owe something on `as_at`, where the day on which theirs is due has not passed; by id.
pub(super) fn awaited(partners: &[Partner], receipts: &[ReturnReceipt], deadline: Date, as_at: Date) -> Vec<String> {
    let returns = PartnerReturn::all(receipts, partners, deadline, as_at);
    let awaited = returns.iter().filter(|one| one.is_awaited(as_at));
    awaited.map(|one| one.partner.id.clone()).collect()
}

/// The first day of which a pack of the quarter is final, whatever is missing: that after the last on which one of the partners
/// that were `awaited` may return, by the extensions that the ledger has.
pub(crate) async fn final_due_from(
    settings: &Settings,
    ledger: &Ledger,
    period: Period,
    awaited: &[String],
) -> Result<Date, LedgerError> {
    let extensions = ledger.extensions(period).await?;
    let deadline = settings.returns.deadline(period);
    let last = awaited.iter().map(|id| extensions.get(id).map_or(deadline, |extension| extension.until)).max();
    Ok(last.unwrap_or(deadline).saturating_add(1.day()))
}

#[cfg(test)]
mod tests {
    use super::awaited;
    use crate::collect::{OwedItem, ReturnOutcome, ReturnReceipt};
    use crate::framework::Partner;
    use jiff::civil::{Date, date};

    const DEADLINE: Date = date(2026, 10, 31);

    fn partner(id: &str) -> Partner {
        toml::from_str(&format!("id = {id:?}\nname = \"P\"\nkind = \"k\"\narea = \"X1\"\ncontact = \"p@example.org\"\n")).unwrap()
    }

    fn receipt(partner: &str, outcome: ReturnOutcome) -> ReturnReceipt {
        let arrived = (outcome != ReturnOutcome::NotReceived).then_some(date(2026, 10, 20));
        let said = serde_json::json!({
            "partner": partner, "outcome": outcome, "file": null, "sha256": null, "figures": 0, "actions": 0,
            "illustrative": false, "arrived": arrived, "findings": [], "lacking": [], "superseded_by": null,
        });
        serde_json::from_value(said).unwrap()
    }

    #[test]
    fn a_pack_is_interim_until_returns_are_in() {
        let partners = ["a", "b", "c", "d", "owes-nothing"].map(partner);
        let mut receipts = vec![
            receipt("a", ReturnOutcome::Accepted),
            receipt("b", ReturnOutcome::Refused),
            receipt("c", ReturnOutcome::NotReceived),
            receipt("d", ReturnOutcome::AcceptedInPart),
            receipt("unknown.xlsx", ReturnOutcome::Refused),
        ];
        assert_eq!(awaited(&partners, &receipts, DEADLINE, DEADLINE), ["b", "c"]);
        assert!(awaited(&partners, &receipts, DEADLINE, date(2026, 11, 1)).is_empty());
        receipts[2].due = Some(date(2026, 11, 10));
        assert_eq!(awaited(&partners, &receipts, DEADLINE, date(2026, 11, 1)), ["c"], "its deadline was put off");
        receipts.push(receipt("b", ReturnOutcome::Accepted));
        receipts.push(receipt("c", ReturnOutcome::Accepted));
        let owed = OwedItem {
            id: "falls".to_owned(),
            title: "Falls".to_owned(),
            given: 2,
            due: 3,
            baseline: None,
            counts: false,
            of: vec!["South Fen".to_owned()],
        };
        let whole = receipts.clone();
        receipts.last_mut().unwrap().owed = vec![owed];
        assert_eq!(awaited(&partners, &receipts, DEADLINE, date(2026, 10, 21)), ["c"], "one of its figures is owed");
        receipts = whole;
        assert!(awaited(&partners, &receipts, DEADLINE, date(2026, 10, 21)).is_empty());
    }
}
