use super::*;
use crate::store::{CutOff, NewRun};
use jiff::civil::Date;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const SMTP: Sending = Sending { by: TransportKind::Smtp, even_if_unknown: false };
const FILE: Sending = Sending { by: TransportKind::File, even_if_unknown: false };

async fn ledger(folder: &std::path::Path) -> (Ledger, RunId) {
    let ledger = Ledger::open(&folder.join("ledger.sqlite")).await.unwrap();
    let period = Period::financial_quarter(2026, 2);
    let run = NewRun { pack: "p", period, as_at: period.end(), edition: "2024", trigger: "by hand" };
    let run = ledger.start_run(&run, NOW).await.unwrap();
    (ledger, run)
}

fn key(address: &str) -> MessageKey {
    MessageKey {
        kind: "p".to_owned(),
        period: Period::financial_quarter(2026, 2),
        about: "E54000060".to_owned(),
        issue: 1,
        address: address.to_owned(),
    }
}

fn entry(key: &MessageKey, message_id: &str) -> OutboxEntry {
    let (message_id, attachment_sha256) = (message_id.to_owned(), "aa".to_owned());
    OutboxEntry { key: key.clone(), message_id, attachment_sha256, content: String::new() }
}

fn being_sent() -> Claim {
    Claim::Denied(DeliveryResult::Unknown { reason: format!("sending it began at {NOW}, and its end is not recorded yet") })
}

fn refused() -> DeliveryResult {
    DeliveryResult::Refused { reason: "550 no such user".to_owned(), permanent: true }
}

fn held() -> Claim {
    Claim::Denied(DeliveryResult::Unknown { reason: format!("silence after DATA ({NOW})") })
}

fn unknown() -> DeliveryResult {
    DeliveryResult::Unknown { reason: "silence after DATA".to_owned() }
}

#[tokio::test]
async fn accepted_messages_are_never_granted_again() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = ledger(folder.path()).await;
    let (first, second) = (key("chair@example.org"), key("Chair@Example.org"));
    let delivery = |key| entry(key, "<1@x>");
    assert_eq!(ledger.claim_message(run, &delivery(&first), SMTP, NOW).await.unwrap(), Claim::Granted);
    ledger.settle_message("<1@x>", &DeliveryResult::Accepted, NOW).await.unwrap();
    for even_if_unknown in [false, true] {
        let claim = ledger.claim_message(run, &delivery(&second), Sending { even_if_unknown, ..SMTP }, NOW).await.unwrap();
        assert_eq!(claim, Claim::Denied(DeliveryResult::AcceptedBefore { at: NOW.to_string(), changed: false }));
    }
}

#[tokio::test]
async fn uncertain_messages_are_granted_only_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = ledger(folder.path()).await;
    let key = key("chair@example.org");
    let delivery = entry(&key, "<1@x>");
    // Cut off while sending, and then sent with no answer.
    assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), Claim::Granted);
    assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), being_sent());
    ledger.settle_message("<1@x>", &unknown(), NOW).await.unwrap();
    assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), held());
    assert_eq!(
        ledger.claim_message(run, &delivery, Sending { even_if_unknown: true, ..SMTP }, NOW).await.unwrap(),
        Claim::Granted
    );
}

#[tokio::test]
async fn written_messages_can_be_sent_but_not_rewritten() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = ledger(folder.path()).await;
    let key = key("chair@example.org");
    let delivery = entry(&key, "<1@x>");
    let claim = async |sending| ledger.claim_message(run, &delivery, sending, NOW).await.unwrap();
    assert_eq!(claim(FILE).await, Claim::Granted);
    ledger.settle_message("<1@x>", &DeliveryResult::Written, NOW).await.unwrap();
    assert!(!ledger.may_be_sent(&key, false).await.unwrap() && ledger.may_be_sent(&key, true).await.unwrap());
    assert_eq!(claim(SMTP).await, Claim::Granted);
    ledger.settle_message("<1@x>", &DeliveryResult::Accepted, NOW).await.unwrap();
    assert!(!ledger.may_be_sent(&key, true).await.unwrap());
    for sending in [FILE, SMTP, Sending { even_if_unknown: true, ..FILE }] {
        assert!(matches!(claim(sending).await, Claim::Denied(DeliveryResult::AcceptedBefore { .. })), "{sending:?}");
    }
    assert_eq!(ledger.messages(run).await.unwrap()[0].transport, "smtp");
}

#[tokio::test]
async fn writing_to_files_leaves_uncertain_messages_uncertain() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = ledger(folder.path()).await;
    let key = key("chair@example.org");
    let delivery = entry(&key, "<1@x>");
    assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), Claim::Granted);
    ledger.settle_message("<1@x>", &unknown(), NOW).await.unwrap();
    let anyway = Sending { even_if_unknown: true, ..FILE };
    assert_eq!(ledger.claim_message(run, &delivery, anyway, NOW).await.unwrap(), held());
}

#[tokio::test]
async fn interrupted_file_writing_is_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = ledger(folder.path()).await;
    let (by_file, by_smtp) = (key("chair@example.org"), key("vice@example.org"));
    for (key, message_id, sending) in [(&by_file, "<1@x>", FILE), (&by_smtp, "<2@x>", SMTP)] {
        let delivery = entry(key, message_id);
        assert_eq!(ledger.claim_message(run, &delivery, sending, NOW).await.unwrap(), Claim::Granted);
    }
    assert_eq!(ledger.settle_cut_off(NOW).await.unwrap(), [CutOff { run, kind: "p".to_owned(), count: 1 }]);
    let states: Vec<MessageState> = ledger.messages(run).await.unwrap().into_iter().map(|row| row.state).collect();
    assert_eq!(states, [MessageState::Pending, MessageState::Unknown]);
}

#[tokio::test]
async fn only_sending_completes_a_round() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
    let quarter = |q| Period::financial_quarter(2026, q);
    let first = async |period: Period, day: Date| ledger.first_round(&["a", "return_request"], period, day).await.unwrap();
    let send = async |q, kind: &str, sending: Sending, outcome: DeliveryResult| {
        let period = quarter(q);
        let new = NewRun { pack: "p", period, as_at: period.end(), edition: "2024", trigger: "by hand" };
        let run = ledger.start_run(&new, NOW).await.unwrap();
        let key = MessageKey { kind: kind.to_owned(), period, ..key("trust@example.org") };
        let message_id = format!("<{q} {kind}@x>");
        let delivery = entry(&key, &message_id);
        assert_eq!(ledger.claim_message(run, &delivery, sending, NOW).await.unwrap(), Claim::Granted);
        ledger.settle_message(&message_id, &outcome, NOW).await.unwrap();
    };
    let day = quarter(4).end();
    assert_eq!(first(quarter(4), day).await, None);
    send(2, "return_request", FILE, DeliveryResult::Written).await;
    assert_eq!(first(quarter(4), day).await, Some(quarter(2)), "nobody was ever sent anything: files are the way");
    send(3, "return_request", SMTP, DeliveryResult::Accepted).await;
    assert_eq!(first(quarter(4), day).await, Some(quarter(3)), "what came before was tried in files");
    assert_eq!(first(quarter(2), day).await, None, "it is of a later quarter");
    assert_eq!(first(quarter(4), quarter(2).end()).await, None, "it was not sent yet on that day");
    send(2, "operators", SMTP, DeliveryResult::Accepted).await;
    send(1, "return_request", SMTP, refused()).await;
    assert_eq!(first(quarter(4), day).await, Some(quarter(3)), "nobody was asked by either");
}

#[tokio::test]
async fn what_was_refused_may_be_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = ledger(folder.path()).await;
    let key = key("chair@example.org");
    let delivery = entry(&key, "<1@x>");
    for _ in 0..3 {
        assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), Claim::Granted);
        ledger.settle_message("<1@x>", &refused(), NOW).await.unwrap();
    }
}

#[tokio::test]
async fn another_sender_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = ledger(folder.path()).await;
    let key = key("chair@example.org");
    for (message_id, outcome) in [("<1@before.example>", refused()), ("<1@after.example>", DeliveryResult::Accepted)] {
        let delivery = entry(&key, message_id);
        assert_eq!(ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap(), Claim::Granted);
        ledger.settle_message(message_id, &outcome, NOW).await.unwrap();
    }
    assert_eq!(ledger.messages(run).await.unwrap()[0].state, MessageState::Accepted);
}

#[tokio::test]
async fn concurrent_claims_have_one_winner() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = ledger(folder.path()).await;
    let other = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
    let mut claims = tokio::task::JoinSet::new();
    for n in 0..8 {
        let ledger = if n % 2 == 0 { ledger.clone() } else { other.clone() };
        claims.spawn(async move {
            let key = key("chair@example.org");
            let delivery = entry(&key, "<1@x>");
            let message = ledger.claim_message(run, &delivery, SMTP, NOW).await.unwrap() == Claim::Granted;
            (message, ledger.claim_occurrence("quarterly", NOW, &n.to_string(), NOW).await.unwrap())
        });
    }
    let granted = claims.join_all().await;
    assert_eq!(granted.iter().filter(|(message, _)| *message).count(), 1);
    assert_eq!(granted.iter().filter(|(_, occurrence)| *occurrence).count(), 1);
}
