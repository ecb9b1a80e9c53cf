//! A quarter in which each message that the program knows is sent at least once: one that nothing sends is no message.

use super::*;
use boardpack::distribute::MessageTemplate;
use boardpack::run::PackReaders;
use strum::VariantArray;

/// The kind under which the ledger has a message; a pack's has one of its own for interim packs, copies and previews.
fn kind(message: MessageTemplate) -> &'static str {
    if message == MessageTemplate::BoardPack { "board-pack" } else { message.name() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_is_sent_by_something() {
    let mut system = Rehearsal::new().await;
    let lists = system.path("config/recipients.toml");
    let operators = "[[list]]\nname = \"operators\"\n[[list.recipient]]\naddress = \"operators@example.org\"\n";
    fs::write(&lists, fs::read_to_string(&lists).unwrap() + operators).unwrap();

    // Requests; then one return that is accepted and withdrawn, and two workbooks that differ; then reminders.
    system.serve_at("2026-10-01T08:00:00Z").await;
    system.serve_at("2026-10-05T08:00:30Z").await;
    let of_hills = system.workbook("hills", Some((180.0, 400.0)), Some(1200.0));
    fs::write(system.path("inbox/hills.xlsx"), &of_hills).unwrap();
    for (name, visits) in [("inbox/dales_1.xlsx", 3.0), ("inbox/dales_2.xlsx", 4.0)] {
        fs::write(system.path(name), system.workbook("dales", Some((1.0, 2.0)), Some(visits))).unwrap();
    }
    system.serve_at("2026-10-20T06:00:30Z").await;
    let ledger = Ledger::open(&system.settings.paths.ledger).await.unwrap();
    ledger.withdraw_version(&sha256(&of_hills), "Ada", "figures of another year", now()).await.unwrap();
    system.serve_at("2026-10-21T06:00:30Z").await;
    system.serve_at("2026-10-24T08:00:30Z").await;

    // A pack that is held back, of which the operators are told, and one that is not.
    system.settings.gates.returns_accepted_percent = 100;
    system.serve_at("2026-11-20T07:00:30Z").await;
    system.settings.gates.returns_accepted_percent = 0;
    system.settings.gates.measures_with_figures_percent = 0;
    system.run(&PackJob { recipients: PackReaders::List("board".to_owned()), draft: false, reissue: None }).await;

    let quarter = Period::financial_quarter(2026, 2);
    let mut unsent: Vec<MessageTemplate> = Vec::new();
    for message in MessageTemplate::VARIANTS {
        if ledger.messages_of(kind(*message), quarter).await.unwrap().is_empty() {
            unsent.push(*message);
        }
    }
    assert_eq!(unsent, [], "no job sends them, or this quarter has no occasion for them");
    ledger.close().await;
}
