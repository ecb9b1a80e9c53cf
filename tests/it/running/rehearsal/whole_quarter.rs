//! A quarter from its request to its pack.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_quarter_says_nothing_twice() {
    let quarter = Rehearsal::new().await;
    assert!(quarter.serve_at("2026-10-01T08:00:00Z").await.is_empty(), "nothing is due when the schedules are first seen");

    // The round opens: each contact of each partner gets the partner's own blank workbook.
    let asked = quarter.serve_at("2026-10-05T08:00:30Z").await;
    assert_eq!(recipients(&asked), ["rivers@example.org", "ada@example.org", "bob@example.org", "dales@example.org"]);
    assert_says(
        &asked[0],
        "Threeshire: your return for July to September 2026, due 31 October 2026",
        &["It asks for 2 figures and for the status of 1 key action.", "Please send it back by 31 October 2026."],
    );
    assert_says(&asked[1], "due 31 October 2026", &["Dear Ada Hill,", "It asks for 2 figures."]);
    let (name, bytes) = asked[0].attached.as_ref().unwrap();
    assert_eq!((name.as_str(), sha256(bytes)), ("rivers_2026-27-Q2.xlsx", sha256(&quarter.workbook("rivers", None, None))));

    // Hills returns with more walkers than residents; its two contacts are told.
    let inbox = quarter.path("inbox/hills_2026-27-Q2.xlsx");
    let wrong = quarter.workbook("hills", Some((900.0, 400.0)), Some(1200.0));
    fs::write(&inbox, &wrong).unwrap();
    let receipts = quarter.serve_at("2026-10-20T06:00:00Z").await;
    assert_eq!(recipients(&receipts), ["ada@example.org", "bob@example.org"]);
    assert_says(
        &receipts[0],
        "your return for July to September 2026: accepted in part",
        &[
            "We received hills_2026-27-Q2.xlsx on 20 October 2026.",
            "Not used (1)",
            "900",
            "Visits to parks, Hills, 2026/27 Q2: 1,200",
            "Asked for but missing or not usable (1)\n- People who walk every day",
            "Please send a corrected workbook with what is missing by 31 October 2026.",
            "Questions: Secretariat <desk@example.org>",
        ],
    );

    // Before the deadline those are reminded who owe something, and told what.
    let reminders = quarter.serve_at("2026-10-24T08:00:30Z").await;
    assert_eq!(recipients(&reminders), ["rivers@example.org", "ada@example.org", "bob@example.org", "dales@example.org"]);
    assert_says(
        &reminders[0],
        "due 31 October 2026",
        &["We have not received the return of", "It is due on 31 October 2026.", "- Mend the footpaths"],
    );
    assert_says(
        &reminders[1],
        "the rest of your return",
        &["which we received on 20 October 2026", "Figures still to be returned\n- People who walk every day: 0 of 1 in use"],
    );
    assert!(!reminders[1].text.contains("Visits to parks"), "{}", reminders[1].text);

    // Hills corrects its workbook, under the same name.
    fs::write(&inbox, quarter.workbook("hills", Some((180.0, 400.0)), Some(1250.0))).unwrap();
    let receipts = quarter.serve_at("2026-10-28T06:30:00Z").await;
    assert_eq!(recipients(&receipts), ["ada@example.org", "bob@example.org"]);
    assert_says(&receipts[0], ": accepted", &["People who walk every day, Hills, 2025/26: 45.0% (180 of 400)", "1,250"]);
    assert!(receipts[0].text.contains("You do not need to do anything else for July to September 2026."), "{}", receipts[0].text);

    // After the deadline the two that have sent nothing are reminded; Hills is left in peace.
    let reminders = quarter.serve_at("2026-11-03T09:00:30Z").await;
    assert_eq!(recipients(&reminders), ["rivers@example.org", "dales@example.org"]);
    assert_says(&reminders[1], "overdue since 31 October 2026", &[" was due on 31 October 2026."]);

    // Rivers returns late.
    fs::write(quarter.path("inbox/rivers.xlsx"), quarter.workbook("rivers", Some((300.0, 500.0)), Some(2000.0))).unwrap();
    let receipts = quarter.serve_at("2026-11-05T06:30:00Z").await;
    assert_eq!(recipients(&receipts), ["rivers@example.org"]);
    assert_says(&receipts[0], ": accepted", &["We received rivers.xlsx on 5 November 2026.", "Mend the footpaths: On track"]);

    assert_eq!(recipients(&quarter.serve_at("2026-11-10T09:00:30Z").await), ["dales@example.org"]);

    // The status tells the same.
    let status = quarter.status().await;
    let told: Vec<_> = status.partners.iter().map(|p| (p.partner.as_str(), p.arrival, p.outcome, p.owes())).collect();
    assert_eq!(
        told,
        [
            ("rivers", Arrival::Late(date(2026, 11, 5)), "accepted", false),
            ("hills", Arrival::InTime(date(2026, 10, 20)), "accepted", false),
            ("dales", Arrival::Missing, "missing", true),
        ]
    );
    let versions: Vec<_> = status.partners[1].versions.iter().map(|v| (v.arrived.unwrap().day(), v.outcome)).collect();
    assert_eq!(versions, [(20, ReturnOutcome::AcceptedInPart), (28, ReturnOutcome::Accepted)]);
    let dales = &status.partners[2];
    assert_eq!((dales.figures.given, dales.figures.due, dales.measures.len()), (0, 2, 2));

    // And so does the pack, with the message that carries it.
    let sent = quarter.serve_at("2026-11-20T07:00:30Z").await;
    assert_eq!(recipients(&sent), ["board@example.org"]);
    assert!(sent[0].text.contains("What is missing from the pack\n- Dales Council: no return received\n"), "{}", sent[0].text);
    let pack = words(&quarter.path("out/2026-27-Q2/board-pack-2026-27-Q2.html"));
    for part in [
        "Returns for July to September 2026 were due on 31 October 2026.",
        "1 of 3 returns not received: Dales Council.",
        "1 of 3 returns late: Rivers Council.",
        "Rivers Council Received 5 November 2026, late rivers.xlsx",
        "Received, some figures not used 20 October 2026, in time hills_2026-27-Q2.xlsx Replaced figure by figure by hills_2026-27-Q2.xlsx, received 28 October 2026",
        "Received 28 October 2026, in time hills_2026-27-Q2.xlsx",
        "Not received, missing",
    ] {
        assert!(pack.contains(part), "{part:?} is not in:\n{pack}");
    }
    // No reader had the figure that Hills corrected.
    assert!(pack.contains("No figure was revised."), "{pack}");

    // Again, by schedule and by hand: nothing is said or recorded twice, and the partner's files are as they were.
    let ledger = Ledger::open(&quarter.settings.paths.ledger).await.unwrap();
    let versions = ledger.versions(Period::financial_quarter(2026, 2)).await.unwrap();
    assert_eq!(versions.len(), 3);
    assert!(quarter.serve_at("2026-11-20T07:05:00Z").await.is_empty());
    let nobody = |job: &str, quarter: &Rehearsal| {
        let again = recipients(&quarter.letters()).iter().map(|to| (*to).to_owned()).collect::<Vec<_>>();
        assert!(again.is_empty(), "{job} wrote to {again:?}");
    };
    quarter.run(&CollectReturns { sends: true }).await;
    nobody("collecting", &quarter);
    quarter.run(&OpenReturns).await;
    nobody("opening", &quarter);
    assert_eq!(ledger.versions(Period::financial_quarter(2026, 2)).await.unwrap(), versions);

    // A dry run says who would be reminded, whole, and does nothing; the reminder itself goes once a day.
    let rehearsed = quarter.rehearse(&RemindPartners { for_day: None }).await;
    assert_eq!(rehearsed.drafts.len(), 1);
    assert_eq!(rehearsed.drafts[0].recipient.address.to_string(), "dales@example.org");
    assert!(quarter.letters().is_empty());
    for expected in [1, 0] {
        quarter.run(&RemindPartners { for_day: None }).await;
        assert_eq!(quarter.letters().len(), expected);
    }

    // A version that is withdrawn is no longer used: the earlier one stands again, and its walkers are owed.
    let corrected = &versions.iter().rfind(|version| version.version.partner == "hills").unwrap().version.sha256;
    let withdrawn = ledger.withdraw_version(&corrected[..12], "Ada", "figures of another year", now()).await.unwrap();
    assert!(matches!(withdrawn, Word::Done(_)));
    let status = quarter.status().await;
    assert!(status.partners[1].owes());
    assert_eq!(status.partners[1].figures.given, 1);

    // So long after the deadline nobody is reminded any more; what was withdrawn is told all the same.
    set_clock("2026-12-01T09:00:00Z");
    let rehearsed = quarter.rehearse(&RemindPartners { for_day: None }).await;
    assert!(rehearsed.drafts.iter().all(|draft| draft.key.kind == "return_withdrawn"), "{:?}", rehearsed.drafts);
    assert_eq!(rehearsed.drafts.len(), 2);
    ledger.close().await;
}
