//! Which pack goes to whom: that of the whole and those of its parts, the issue that corrects another, and what a person asks
//! for once. The whole program, against a mail server.

use crate::support::small_system::SmallSystem;
use crate::support::smtp_server::{Act, Heard, PostOffice, Script};
use crate::support::whole_runs::{DESK, assert_exit, attached, everybody, readers, text, to, words};
use boardpack::archive::sha256;
use std::fs;

/// Who was sent which file, in the order of the conversations.
fn sent(heard: &[Heard]) -> Vec<(String, String)> {
    let between =
        |text: &str, from: &str, to: char| text.split(from).nth(1).and_then(|rest| rest.split(to).next()).map(str::to_owned);
    let one = |heard: &Heard| {
        let to = heard.commands.iter().find_map(|line| between(line, "RCPT TO:<", '@'));
        (to.unwrap(), between(&words(heard), " is attached (", ')').unwrap_or_default())
    };
    heard.iter().map(one).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(to, file)| ((*to).to_owned(), (*file).to_owned())).collect()
}

/// Of two parts, one with a list of those who get its pack; one of them is in the board too.
async fn with_rivers() -> SmallSystem {
    let system = SmallSystem::new(Script::default(), 2).await;
    system.make_packs_of_parts(&["ranger", "reader1"]);
    system
}

#[tokio::test(flavor = "multi_thread")]
async fn place_packs_reach_their_own_readers_once() {
    let system = with_rivers().await;
    let both = [
        ("reader0", "board-pack-2026-27-Q2.pdf"),
        ("reader1", "board-pack-2026-27-Q2.pdf"),
        ("ranger", "board-pack-2026-27-Q2-X2.pdf"),
        ("reader1", "board-pack-2026-27-Q2-X2.pdf"),
    ];
    assert_exit(&system.run(&["run"], &[]).await, 0);
    let heard = system.post.take();
    assert_eq!(sent(&heard), pairs(&both));
    assert!(words(&heard[0]).contains("Outcomes framework board pack for Threeshire is attached"), "{}", words(&heard[0]));
    assert!(words(&heard[2]).contains("Outcomes framework board pack for Rivers is attached"), "{}", words(&heard[2]));
    assert!(words(&heard[0]).contains("What is missing from the pack"), "{}", words(&heard[0]));
    assert!(words(&heard[2]).contains("What is missing in the whole system"), "{}", words(&heard[2]));
    assert_exit(&system.run(&["run"], &[]).await, 0);
    assert!(system.post.take().is_empty());

    // A list that is named itself gets its own pack, and the board nothing with it.
    assert_exit(&system.run(&["run", "--list", "rivers", "--reissue", "A gate."], &[]).await, 0);
    let corrected: Vec<_> = both.iter().map(|(to, file)| (*to, file.replace(".pdf", "-issue-2.pdf"))).collect();
    let mut found = sent(&system.post.take());
    found.sort();
    let mut expected: Vec<_> = corrected.into_iter().map(|(to, file)| (to.to_owned(), file)).collect();
    expected.sort();
    // But a correction goes to everybody who had what was wrong.
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_without_packs_are_early_faults() {
    let system = with_rivers().await;
    system.change("config/recipients.toml", "\"X2\"", "\"X9\"");
    let output = system.run(&["run"], &[]).await;
    assert_exit(&output, 78);
    let told = "recipients.toml, line 14, [[list]] rivers, pack_of: no pack is made of X9 (packs are made of X2)";
    assert!(text(&output).contains(told), "{}", text(&output));
    assert!(system.post.take().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn corrected_issues_say_what_changed() {
    let system = with_rivers().await;
    let nothing = system.run(&["run", "--reissue", "Too early."], &[]).await;
    assert_exit(&nothing, 64);
    assert!(text(&nothing).contains("nobody has been sent the packs of 2026-27-Q2 yet"), "{}", text(&nothing));
    assert_exit(&system.run(&["run"], &[]).await, 0);
    system.post.take();

    system.change("parks/visits.csv", "Q2,950", "Q2,1070");
    assert_exit(&system.run(&["run", "--reissue", "The north gate was not counted."], &[]).await, 0);
    let page = |name: &str| fs::read_to_string(system.path("out/2026-27-Q2").join(name)).unwrap();
    for (name, area) in [("board-pack-2026-27-Q2.html", "Threeshire"), ("board-pack-2026-27-Q2-X2.html", "Rivers")] {
        let page = page(name);
        assert!(page.matches(">Corrected: issue 2</p>").count() > 3, "{name}");
        let section = page.split("What this issue corrects</h").nth(1).unwrap().split("</section>").next().unwrap();
        // What is asked of the whole is no status of a part.
        let status = if area == "Threeshire" { "Status" } else { "Visits" };
        for part in ["The north gate was not counted.", "Visits to parks", "2026/27 Q2", "950", "1,070", status, area] {
            assert!(section.contains(part), "{name}: {part} is not in {section}");
        }
    }
    let heard = system.post.take();
    assert_eq!(heard.len(), 4);
    assert!(heard.iter().all(|letter| words(letter).contains("Figures and statuses that have changed: ")));

    // Whoever had it refused gets the same issue later, and it still says what it corrects.
    system.change("config/recipients.toml", "reader0", "reader5");
    assert_exit(&system.run(&["run"], &[]).await, 0);
    let heard = system.post.take();
    assert_eq!(sent(&heard), pairs(&[("reader5", "board-pack-2026-27-Q2-issue-2.pdf")]));
    assert!(words(&heard[0]).contains("The north gate was not counted."));
    assert!(page("board-pack-2026-27-Q2.html").contains("1,070"));
}

#[tokio::test(flavor = "multi_thread")]
async fn extracts_go_to_no_list() {
    let system = with_rivers().await;
    let to_me = ["--to", "me@example.org"];
    let ask = async |more: &[&str]| system.run(&[&["run"], more].concat(), &[]).await;
    assert_exit(&ask(&[&to_me[..], &["--place", "X2"]].concat()).await, 0);
    assert_eq!(sent(&system.post.take()), pairs(&[("me", "board-pack-2026-27-Q2-X2.pdf")]));

    assert_exit(&ask(&[&to_me[..], &["--section", "summary", "--section", "inputs.md"]].concat()).await, 0);
    assert_eq!(sent(&system.post.take()), pairs(&[("me", "board-pack-extract-2026-27-Q2.pdf")]));
    let extract = fs::read_to_string(system.path("out/2026-27-Q2/board-pack-extract-2026-27-Q2.html")).unwrap();
    assert!(extract.contains("Summary</h2>") && extract.contains("Data received and missing</h2>"));
    assert!(!extract.contains("How each figure is computed") && !extract.contains("Contents</h2>"));

    for (arguments, code, told) in [
        (&["--section", "summary"][..], 64, "makes an extract, which cannot be sent to a list"),
        (&["--no-send", "--section", "sumary"], 78, "sumary: the pack has no such section (there are: cover.md, "),
        (&["--no-send", "--place", "X1"], 78, "--place: no pack is made of X1 (packs are made of X2)"),
        (&["--no-send", "--place", "X 1"], 64, "is not an area code"),
        (&["--no-send", "--edition", "2031"], 78, "2031"),
        (&["--list", "bored"], 78, "there is no list \"bored\" to send to; there are board, operators, rivers"),
    ] {
        let output = ask(arguments).await;
        assert_exit(&output, code);
        assert!(text(&output).contains(told), "{}", text(&output));
    }
    assert!(system.post.take().is_empty());
    // Only that place's readers.
    assert_exit(&ask(&["--place", "X2"]).await, 0);
    assert_eq!(sent(&system.post.take()).len(), 2);
    // Nothing of all that was the board's pack.
    assert_exit(&ask(&[]).await, 0);
    assert_eq!(sent(&system.post.take()).len(), 2);
}

/// Who was sent which bytes, in the order of the conversations; those to whom none came left out.
fn got(heard: &[Heard]) -> Vec<(String, String)> {
    let whole = heard.iter().filter(|heard| heard.is_whole && to(heard).as_deref() != Some(DESK));
    whole.map(|heard| (to(heard).unwrap(), sha256(&attached(heard)))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn late_recipients_get_the_identical_issue() {
    let post = PostOffice::by_turn(|turn| match turn {
        0 => Script { rcpt: Act::Say("550 5.1.1 nobody here"), ..Script::default() },
        _ => Script::default(),
    });
    let system = SmallSystem::with(post.await, 2);
    assert_exit(&system.run(&["run"], &[]).await, 3);
    let first = system.post.take();
    let [(reader, issue)] = &got(&first)[..] else { panic!("one has it: {:?}", got(&first)) };
    assert_eq!(reader, "reader1@example.org");
    let counted = |heard: &Heard| {
        words(heard).split("Ambitions by status").nth(1).unwrap().split("What is missing").next().unwrap().to_owned()
    };
    let by_first = first.iter().find(|heard| heard.is_whole).map(counted).unwrap();

    // Another figure, another status, and another reader.
    system.change("parks/visits.csv", "Q2,950", "Q2,1070");
    let lists = fs::read_to_string(system.path("config/recipients.toml")).unwrap();
    let more = "[[list.recipient]]\naddress = \"reader0@example.org\"\n[[list.recipient]]\naddress = \"reader7@example.org\"\n";
    fs::write(
        system.path("config/recipients.toml"),
        lists.replace("[[list.recipient]]\naddress = \"reader0@example.org\"\n", more),
    )
    .unwrap();
    let again = system.run(&["run"], &[]).await;
    assert_exit(&again, 0);
    assert!(text(&again).contains("some readers have issue 1 from run 1"), "{}", text(&again));
    let heard = system.post.take();
    assert_eq!(got(&heard), pairs(&[("reader0@example.org", issue), ("reader7@example.org", issue)]));
    assert!(heard.iter().all(|heard| counted(heard) == by_first), "the words are those of that pack");
    let made = sha256(&fs::read(system.path("out/2026-27-Q2/board-pack-2026-27-Q2.pdf")).unwrap());
    assert_ne!(made, *issue);
    // A copy by hand is no other issue 1 either.
    assert_exit(&system.run(&["run", "--to", "me@example.org"], &[]).await, 0);
    assert_eq!(got(&system.post.take()), pairs(&[("me@example.org", issue)]));

    // What has changed goes to all, under the next number.
    assert_exit(&system.run(&["run", "--reissue", "The north gate was not counted."], &[]).await, 0);
    let corrected = got(&system.post.take());
    assert_eq!(corrected.len(), 3);
    assert!(corrected.iter().all(|(_, bytes)| *bytes == corrected[0].1 && bytes != issue));
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_places_are_told_on_request_only() {
    let system = with_rivers().await;
    system.change("parks/visits.csv", "visits,X2", "visits,X7");
    let output = system.run(&["run", "--to", "me@example.org", "--place", "X2"], &[]).await;
    assert_exit(&output, 78);
    assert!(text(&output).contains("Rivers has no figure for 2026-27-Q2"), "{}", text(&output));
    assert!(system.post.take().is_empty());
    let whole = text(&system.run(&["run", "--no-send"], &[]).await);
    assert!(whole.contains("  no pack of Rivers: it has no figure to show yet\n"), "{whole}");
}

/// A partner who owes a figure, too, by the last day of October.
fn with_a_partner(system: &SmallSystem) {
    let partner = "[[partner]]\nid = \"rivers\"\nname = \"Rivers Council\"\nkind = \"council\"\narea = \"X2\"\ncontact = \"rivers@example.org\"\n";
    fs::write(system.path("config/partners.toml"), partner).unwrap();
    fs::create_dir(system.path("inbox")).unwrap();
    let measures = fs::read_to_string(system.path("config/frameworks/measures/walking.toml")).unwrap();
    let owed = measures.replace("park-visits", "gates-open").replace("Visits to parks", "Gates that are open").replace(
        "{ kind = \"indicator\", source = \"parks\", indicator = \"visits\" }",
        "{ kind = \"return\", partners = [\"council\"] }",
    );
    fs::write(system.path("config/frameworks/measures/walking.toml"), measures + &owed).unwrap();
    let ambitions = fs::read_to_string(system.path("config/frameworks/threeshire/ambitions.toml")).unwrap();
    let owed = "[[ambition.measure]]\nid = \"gates-open\"\ntarget = { kind = \"level\", value = 12, due = 2029-03-31, \
                baseline = { period = \"2025/26 Q2\", value = 10 } }\n";
    fs::write(system.path("config/frameworks/threeshire/ambitions.toml"), ambitions + owed).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn interim_messages_name_who_has_longer() {
    let system = SmallSystem::new(Script::default(), 1).await;
    with_a_partner(&system);
    let until = [
        "returns",
        "extend",
        "rivers",
        "--until",
        "2026-11-30",
        "--period",
        "2026-27-Q2",
        "--by",
        "desk",
        "--reason",
        "Elections",
    ];
    assert_exit(&system.run(&until, &[]).await, 0);
    assert_exit(&system.run(&["run"], &[("PACK__AS_AT", "2026-11-10")]).await, 0);
    let heard = words(&system.post.take()[0]);
    let stands = "Returns were due on 31 October 2026; Rivers Council has until 30 November 2026. A final pack will follow.";
    assert!(heard.contains(stands) && !heard.contains("is not late"), "{heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn final_packs_reach_all_interim_readers() {
    let system = SmallSystem::new(Script::default(), 2).await;
    with_a_partner(&system);
    let on = async |day: &str, arguments: &[&str]| system.run(&[&["run"], arguments].concat(), &[("PACK__AS_AT", day)]).await;
    let interim = on("2026-10-15", &[]).await;
    assert_exit(&interim, 0);
    assert!(text(&interim).contains("Made an interim pack: some returns are still to come"), "{}", text(&interim));
    let heard = system.post.take();
    let named = [("reader0", "board-pack-2026-27-Q2-interim.pdf"), ("reader1", "board-pack-2026-27-Q2-interim.pdf")];
    assert_eq!(sent(&heard), pairs(&named));
    assert!(words(&heard[0]).contains("Subject: [INTERIM] ") && words(&heard[0]).contains("A final pack will follow."));
    let shown = text(&system.run(&["runs", "show", "1"], &[]).await);
    assert!(
        shown.contains("interim: waiting for the returns of rivers") && shown.contains("board-pack-interim, issue 1"),
        "{shown}"
    );
    // Once, whatever comes until then.
    system.change("parks/visits.csv", "Q2,950", "Q2,1070");
    assert_exit(&on("2026-10-30", &[]).await, 0);
    assert!(system.post.take().is_empty());

    // One of them is in no list any more, and has what the final pack takes the place of.
    system.change("config/recipients.toml", "reader1@", "reader9@");
    assert_exit(&on("2026-11-20", &[]).await, 0);
    let heard = system.post.take();
    let final_pack = "board-pack-2026-27-Q2.pdf";
    assert_eq!(sent(&heard), pairs(&[("reader0", final_pack), ("reader9", final_pack), ("reader1", final_pack)]));
    assert!(heard.iter().all(|heard| words(heard).contains("FINAL: this pack replaces the interim pack")));
    let page = fs::read_to_string(system.path("out/2026-27-Q2/board-pack-2026-27-Q2.html")).unwrap();
    let section = page.split("What has changed since the interim pack</h").nth(1).unwrap().split("</section>").next().unwrap();
    for part in ["Visits to parks", "950", "1,070"] {
        assert!(section.contains(part), "{part} is not in {section}");
    }
    assert!(!page.contains("Corrected: issue") && !page.contains(">Interim<"));

    for day in ["2026-11-20", "2026-11-21", "2026-10-16"] {
        let again = on(day, &[]).await;
        assert!(system.post.take().iter().all(|heard| to(heard).as_deref() == Some(DESK)), "{}", text(&again));
    }
    // A correction of the final pack is its next issue.
    system.change("parks/visits.csv", "Q2,1070", "Q2,1080");
    assert_exit(&on("2026-11-22", &["--reissue", "A gate."]).await, 0);
    let heard = system.post.take();
    assert_eq!(heard.len(), 3);
    assert!(sent(&heard).iter().all(|(_, file)| file == "board-pack-2026-27-Q2-issue-2.pdf"));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_that_are_their_own_baseline_pass_the_gate() {
    let system = SmallSystem::new(Script::default(), 1).await;
    let gates = [("GATES__MEASURES_WITH_FIGURES_PERCENT", "100")];
    let run = ["run", "--period", "2025-26-Q2"];
    // Without a figure of the quarter it does not.
    assert_ne!(system.run(&run, &gates).await.status.code(), Some(0));
    assert_eq!(readers(&system.post.take()), [""; 0]);
    system.change("parks/visits.csv", "visits,X2,2026/27 Q1,930", "visits,X2,2025/26 Q2,900\nvisits,X2,2026/27 Q1,930");
    assert_exit(&system.run(&run, &gates).await, 0);
    assert_eq!(readers(&system.post.take()), everybody(1));
    // That of the baseline is none of a later quarter.
    system.change("parks/visits.csv", "visits,X2,2026/27 Q1,930\nvisits,X2,2026/27 Q2,950\n", "");
    let said = assert_exit(&system.run(&["run"], &gates).await, 3);
    assert!(said.contains("0 of 1 measure has a figure, and gates.measures_with_figures_percent is 100"), "{said}");
}
