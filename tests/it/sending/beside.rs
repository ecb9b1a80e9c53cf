//! What goes with the first pack to its readers, and what the message says beside it.

use crate::support::small_system::SmallSystem;
use crate::support::smtp_server::Script;
use crate::support::whole_runs::{assert_exit, told, words};

const MAKE: (&str, &str) = ("PACK__MAKE", "board_pack,evidence,public_summary");
const ATTACH: (&str, &str) = ("PACK__ATTACH", "evidence,public_summary");

/// The names of what is attached, as the text has them; as many are attached.
#[track_caller]
fn files(letter: &str) -> Vec<&str> {
    let text = letter.split("text/html").next().unwrap();
    let first = text.split(" is attached (").nth(1).and_then(|rest| rest.split(')').next());
    let others = text.split(", attached). ").filter_map(|before| before.rsplit_once('(')).map(|(_, file)| file);
    let count = text.matches(", attached). ").count();
    let files: Vec<&str> = first.into_iter().chain(others.take(count)).collect();
    assert_eq!(letter.matches("Content-Disposition: attachment").count(), files.len(), "{letter:.5000}");
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn other_packs_are_attached_as_far_as_there_is_room() {
    let system = SmallSystem::new(Script::default(), 1).await;
    assert_exit(&system.run(&["run"], &[MAKE, ATTACH]).await, 0);
    let letter = words(&system.post.take()[0]);
    let all = ["board-pack-2026-27-Q2.pdf", "evidence-2026-27-Q2.pdf", "public-summary-2026-27-Q2.pdf"];
    assert_eq!(files(&letter), all);
    let told = "- Outcomes framework evidence (evidence-2026-27-Q2.pdf, attached). The evidence behind the brief";
    assert!(letter.contains(told), "{letter:.5000}");
    assert!(letter.contains("Questions: Secretariat <desk@example.org>"), "{letter:.5000}");

    // The evidence has no room any more, and the summary has.
    system.make_packs_large(380);
    let templates = system.path("templates");
    let mut settings = vec![MAKE, ATTACH, ("PATHS__TEMPLATES", templates.to_str().unwrap()), ("MAIL__MAX_MESSAGE_MB", "1")];
    assert_exit(&system.run(&["run", "--reissue", "A gate."], &settings).await, 0);
    let letter = words(&system.post.take()[0]);
    assert_eq!(files(&letter), ["board-pack-2026-27-Q2-issue-2.pdf", "public-summary-2026-27-Q2-issue-2.pdf"]);
    let told = "(evidence-2026-27-Q2-issue-2.pdf, too large to be attached: please ask for it)";
    assert!(letter.contains(told), "{letter:.5000}");

    settings.push(("MAIL__PACK_LOCATION", "https://example.org/packs"));
    assert_exit(&system.run(&["run", "--reissue", "Another gate."], &settings).await, 0);
    let letter = words(&system.post.take()[0]);
    let told = "(evidence-2026-27-Q2-issue-3.pdf, too large to be attached; it is here: https://example.org/packs)";
    assert!(letter.contains(told), "{letter:.5000}");
    assert_eq!(files(&letter).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_packs_that_are_named_are_attached() {
    let system = SmallSystem::new(Script::default(), 1).await;
    assert_exit(&system.run(&["run"], &[MAKE, ("PACK__ATTACH", "public_summary,place_brief")]).await, 0);
    let letter = words(&system.post.take()[0]);
    assert_eq!(files(&letter), ["board-pack-2026-27-Q2.pdf", "public-summary-2026-27-Q2.pdf"]);
    assert!(!letter.contains("evidence"), "{letter:.5000}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_of_the_next_pack_is_that_of_the_schedule() {
    let system = SmallSystem::new(Script::default(), 1).await;
    let schedules = "[[schedule]]\nname = \"quarterly\"\nkind = \"pack\"\ncron = \"0 7 20 2,5,8,11 *\"\nrecipients = \"board\"\n\
                     [[schedule]]\nname = \"again\"\nkind = \"pack\"\ncron = \"0 7 25 11 *\"\nrecipients = \"board\"\n\
                     [[schedule]]\nname = \"desk\"\nkind = \"pack\"\ncron = \"0 7 10 1 *\"\nrecipients = \"operators\"\n";
    std::fs::write(system.path("config/schedules.toml"), schedules).unwrap();
    assert_exit(&system.run(&["run"], &[]).await, 0);
    let letter = words(&system.post.take()[0]);
    // On 25 November it would be of the same quarter once more; on 10 January it is others who get it.
    assert!(letter.contains("The next pack is due on 20 February 2027."), "{letter:.5000}");
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_that_are_left_out_are_told_to_the_operators_without_their_words() {
    let system = SmallSystem::new(Script::default(), 1).await;
    let comment = "[[comment]]\nquarter = \"2026-27-Q2\"\nambition = \"walking\"\nwords = \"Three came at first.\"\n\
                   by = \"A ranger\"\non = 2026-11-10\n";
    std::fs::write(system.path("config/comments.toml"), comment).unwrap();
    let printed = assert_exit(&system.run(&["run"], &[]).await, 0);
    assert!(!printed.contains("left out") && told(&system.post.take()).is_empty());

    system.change("parks/visits.csv", "Q1,930", "Q1,[c]");
    let approval = [("PACK__APPROVAL", "true")];
    let printed = assert_exit(&system.run(&["run", "--reissue", "A count."], &approval).await, 3);
    let line =
        "comments.toml: the comment on walking is not shown, for it could give away a figure of that ambition that is withheld";
    assert!(printed.contains(&format!("left out: {line}")), "{printed}");
    let waits = told(&system.post.take());
    assert!(waits.contains("a pack waits for approval") && waits.contains(line) && !waits.contains("Three came"), "{waits}");

    // Nor does an explanation say them.
    let explained = assert_exit(&system.run(&["explain", "walking"], &[]).await, 0);
    let withheld = "withheld, for it stands beside a figure that is withheld from readers (A ranger, 2026-11-10; comments.toml)";
    assert!(explained.contains(withheld) && !explained.contains("Three came"), "{explained}");
}
