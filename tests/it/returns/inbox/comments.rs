//! What leads say of ambitions on the sheet Comments.

use super::*;
use crate::support::saved_workbook::{Cell, Workbook};
use boardpack::collect::{AmbitionComment, Finding, ValidationReport};
use boardpack::return_template::{CommentAnswer, LONGEST_COMMENT, LONGEST_SPEAKER, PriorComment};

/// Judged by a measure of the same id, which trusts return.
const WORKFORCE: &str = "mecc-training-workforce";

fn comment(words: &str) -> CommentAnswer {
    CommentAnswer { words: words.to_owned(), by: "Director of Workforce".to_owned(), on: None }
}

fn commented(comments: &[(&str, CommentAnswer)]) -> Answers {
    let comments = comments.iter().map(|(ambition, answer)| ((*ambition).to_owned(), answer.clone())).collect();
    Answers { comments, ..Answers::default() }
}

impl Desk {
    fn send_comments(&self, name: &str, comments: &[(&str, &str)]) {
        let comments: Vec<_> = comments.iter().map(|(ambition, words)| (*ambition, comment(words))).collect();
        fs::write(self.inbox(name), self.filled(quarter(), "nuh", &commented(&comments))).unwrap();
    }

    /// The sheets of a workbook with a figure and a comment, to be changed.
    fn sheets(&self) -> Workbook {
        let figures = self.answers("nuh", &[(FRONTLINE, HALF)]);
        let answers = Answers { figures: figures.figures, ..commented(&[(WORKFORCE, comment("Courses are full"))]) };
        Workbook::open(&self.filled(quarter(), "nuh", &answers))
    }
}

fn said(returns: &Returns) -> Vec<(&str, &str)> {
    returns.comments.iter().map(|comment| (comment.ambition.as_str(), comment.words.as_str())).collect()
}

fn asked(returns: &Returns) -> Vec<&Finding> {
    returns.receipts.iter().flat_map(|receipt| &receipt.findings).filter(|finding| finding.grade <= Grade::Question).collect()
}

#[test]
fn comments_are_read_as_they_were_written() {
    let mut desk = Desk::new();
    let answer =
        CommentAnswer { on: Some(date(2026, 10, 12)), ..comment("Courses are\nfull; \"two\" more <begin> in May & June") };
    let figures = desk.answers("nuh", &[(FRONTLINE, HALF)]).figures;
    let answers = Answers { figures, illustrative: true, ..commented(&[(WORKFORCE, answer)]) };
    fs::write(desk.inbox("nuh_1.xlsx"), desk.filled(quarter(), "nuh", &answers)).unwrap();
    let returns = desk.look_and_remember(DAY);
    let [AmbitionComment { ambition, partner, quarter: of, words, by, on, illustrative, provenance }] = &returns.comments[..]
    else {
        panic!("{:?}", returns.comments)
    };
    assert_eq!((ambition.as_str(), partner.as_str(), *of, *illustrative), (WORKFORCE, "nuh", quarter(), true));
    assert_eq!(words, "Courses are full; \"two\" more <begin> in May & June");
    assert_eq!((by.as_str(), *on), ("Director of Workforce", date(2026, 10, 12)));
    let Provenance::Cell { file, sha256, sheet, cell, .. } = provenance else { panic!() };
    let row = desk.sheets().sheet("Comments").unwrap().find(WORKFORCE).unwrap().0 + 1;
    assert_eq!((file.as_str(), sheet.as_str(), cell.as_str()), ("nuh_1.xlsx", "Comments", format!("C{row}").as_str()));
    assert_eq!(Some(sha256), returns.receipts[0].sha256.as_ref());
    assert_eq!((asked(&returns), returns.receipts[0].outcome), (vec![], ReturnOutcome::Accepted));

    let wanted = RunScope { framework: &desk.framework, partners: &desk.partners, period: quarter(), as_at: DAY };
    let report = ValidationReport::of(&returns.receipts[0], &returns, &wanted, &desk.areas);
    assert_eq!(report.comments.len(), 1);
    assert!(report.comments[0].ambition.starts_with("70% of the whole workforce"), "{:?}", report.comments);
    assert_eq!(report.comments[0].on, "12 October 2026");
}

#[test]
fn workbooks_without_the_sheet_are_read_as_before() {
    let mut desk = Desk::new();
    let mut sheets = desk.sheets();
    sheets.sheets.retain(|sheet| sheet.name != "Comments");
    fs::write(desk.inbox("nuh_1.xlsx"), sheets.as_xlsx()).unwrap();
    let returns = desk.look_and_remember(DAY);
    assert_eq!((said(&returns), values(&returns)), (vec![], vec![(FRONTLINE, HALF)]));
    assert_eq!((asked(&returns), returns.receipts[0].outcome), (vec![], ReturnOutcome::Accepted));
}

#[test]
fn ambitions_are_those_with_a_returned_measure_or_named_for_the_partner() {
    let mut desk = Desk::new();
    let ids = |desk: &Desk, partner: &str| -> Vec<String> {
        let partner = desk.partners.iter().find(|one| one.id == partner).unwrap();
        let request = ReturnRequest::new(&desk.framework, &desk.areas, partner, quarter());
        request.ambitions().iter().map(|ambition| ambition.id.clone()).collect()
    };
    let before = ids(&desk, "nuh");
    assert!(before.contains(&WORKFORCE.to_owned()) && !before.contains(&"breastfeeding".to_owned()), "{before:?}");
    desk.partners.iter_mut().find(|one| one.id == "nuh").unwrap().comments = vec!["breastfeeding".to_owned()];
    desk.send_comments("nuh_1.xlsx", &[("breastfeeding", "Two clinics reopened")]);
    assert_eq!(ids(&desk, "nuh").len(), before.len() + 1);
    assert_eq!(said(&desk.look_and_remember(DAY)), [("breastfeeding", "Two clinics reopened")]);
    assert!(!ids(&desk, "sfh").contains(&"breastfeeding".to_owned()));
}

#[test]
fn later_comments_replace_and_blank_ones_change_nothing() {
    let mut desk = Desk::new();
    desk.send_comments("nuh_1.xlsx", &[(WORKFORCE, "Courses are full"), (TURNOVER, "Fewer leave")]);
    desk.look_and_remember(DAY);
    desk.send_comments("nuh_2.xlsx", &[(WORKFORCE, "Courses were moved online")]);
    let second = desk.look_and_remember(LATER);
    assert_eq!(said(&second), [(WORKFORCE, "Courses were moved online"), (TURNOVER, "Fewer leave")]);
    // What is withdrawn counts no more, and what it replaced counts again.
    let later = desk.known.versions.iter_mut().find(|version| version.file == "nuh_2.xlsx").unwrap();
    later.standing = VersionStanding::Withdrawn { reason: "a draft".to_owned() };
    assert_eq!(said(&desk.look(LATER)), [(WORKFORCE, "Courses are full"), (TURNOVER, "Fewer leave")]);
}

#[test]
fn comments_hold_for_their_quarter_and_are_shown_in_the_next_workbook() {
    let mut desk = Desk::new();
    desk.send_comments("nuh_1.xlsx", &[(WORKFORCE, "Courses are full")]);
    let first = desk.look_and_remember(DAY);
    desk.send_for(next_quarter(), "nuh_2.xlsx", "nuh", &[(FRONTLINE, HALF)]);
    assert_eq!(said(&desk.look_for_and_remember(next_quarter(), date(2027, 1, 20))), [], "it spoke of the quarter before");

    let answer = CommentAnswer { on: Some(first.comments[0].on), ..comment("Courses are full") };
    let mut earlier = PartnerHistory::new();
    earlier.comment(WORKFORCE.to_owned(), PriorComment { answer, quarter: quarter() });
    let partner = desk.partners.iter().find(|one| one.id == "nuh").unwrap();
    let request =
        ReturnRequest { earlier: &earlier, ..ReturnRequest::new(&desk.framework, &desk.areas, partner, next_quarter()) };
    let mut workbook = Workbook::open(&request.workbook(&Answers::default()).unwrap());
    let sheet = workbook.sheet("Comments").unwrap();
    let (row, _) = sheet.find(WORKFORCE).unwrap();
    assert_eq!(sheet.text(row, 2), "Courses are full (Director of Workforce, 20/10/2026; return for July to September 2026)");
}

#[test]
fn comments_alone_are_a_part_of_a_return() {
    let mut desk = Desk::new();
    desk.send_comments("nuh_1.xlsx", &[(WORKFORCE, "Courses are full")]);
    let returns = desk.look_and_remember(DAY);
    let receipt = &returns.receipts[0];
    assert_eq!((receipt.outcome, receipt.figures, receipt.actions), (ReturnOutcome::Accepted, 0, 0));
    assert!(receipt.lacking.contains(&FRONTLINE.to_owned()), "everything is still due");

    // Beside nothing to report it says no more than that.
    let nil =
        Answers { nothing_to_report: Some("The service moved".to_owned()), ..commented(&[(WORKFORCE, comment("It moved"))]) };
    fs::write(desk.inbox("sfh_1.xlsx"), desk.filled(quarter(), "sfh", &nil)).unwrap();
    let returns = desk.look_and_remember(LATER);
    let receipt = returns.receipts.iter().find(|receipt| receipt.partner == "sfh").unwrap();
    assert_eq!((receipt.outcome, &receipt.findings[..]), (ReturnOutcome::Nil, &[][..]));
    assert!(said(&returns).contains(&(WORKFORCE, "It moved")));
}

#[test]
fn two_workbooks_that_came_together_may_differ_in_a_comment() {
    let mut desk = Desk::new();
    desk.send_comments("nuh_1.xlsx", &[(WORKFORCE, "Courses are full"), (TURNOVER, "Fewer leave")]);
    desk.send_comments("nuh_2.xlsx", &[(WORKFORCE, "Courses are empty"), (TURNOVER, "Fewer leave")]);
    let returns = desk.look_and_remember(DAY);
    assert_eq!(said(&returns), [(TURNOVER, "Fewer leave")], "what both say is used");
    let told = "the comment on mecc-training-workforce is given differently in nuh_2.xlsx";
    assert!(returns.receipts[0].findings.iter().any(|finding| finding.problem.starts_with(told)), "{:?}", returns.receipts[0]);
    desk.send_comments("nuh_3.xlsx", &[(WORKFORCE, "Courses are full")]);
    let settled = desk.look_and_remember(LATER);
    assert!(said(&settled).contains(&(WORKFORCE, "Courses are full")));
    assert!(settled.receipts[0].findings.iter().all(|finding| finding.mended), "{:?}", settled.receipts[0].findings);
}

#[test]
fn what_is_wrong_with_a_comment_is_asked_at_its_cell_and_costs_that_comment_only() {
    let long = "x".repeat(LONGEST_COMMENT as usize + 1);
    let text = |text: &str| Cell::Text(text.to_owned());
    // The column of the row, what is put there, what is asked, and whether the comment is used.
    let speaker = "x".repeat(LONGEST_SPEAKER as usize + 1);
    let cases: [(u32, Cell, &str, bool); 13] = [
        (0, text("mecc-trainings"), "\"mecc-trainings\" is not an ambition of the 2024 framework", false),
        (0, text("breastfeeding"), "nuh is not asked for a comment on breastfeeding", false),
        (0, text(""), "a comment is in a row without an ambition ID", false),
        (2, text(&long), "the comment has 401 characters, and 400 is the most", false),
        (2, Cell::NotAvailable, "the error #N/A was found where words were expected", false),
        (2, Cell::Number(12.0), "the comment has a number or a date and no words; it is not used", false),
        (2, text("12 / 14"), "the comment has a number or a date and no words; it is not used", false),
        (2, text("Patient Ann Sample waited"), "seems to hold a patient's name", false),
        (3, text(&speaker), "who says it has 101 characters, and 100 is the most; the comment is used", true),
        (3, Cell::NotAvailable, "the error #N/A was found where words were expected", true),
        (4, text("soon"), "the text \"soon\" is not a date", true),
        (4, Cell::Number(12.0), "12 is not a date", true),
        (4, text("21/10/2026"), "the date 2026-10-21 is later than 2026-10-20, the day on which the workbook came", true),
    ];
    for (column, put, words, is_used) in cases {
        let mut desk = Desk::new();
        let mut sheets = desk.sheets();
        let sheet = sheets.sheet("Comments").unwrap();
        let (row, _) = sheet.find(WORKFORCE).unwrap();
        sheet.cells.insert((row, column), put);
        fs::write(desk.inbox("nuh_1.xlsx"), sheets.as_xlsx()).unwrap();
        let returns = desk.look_and_remember(DAY);
        let told = asked(&returns);
        let place = format!("nuh_1.xlsx, sheet Comments, cell {}{}", ["A", "B", "C", "D", "E"][column as usize], row + 1);
        assert!(told.len() == 1 && told[0].place == place && told[0].problem.contains(words), "{words} at {place}: {told:?}");
        assert_eq!((told[0].grade, returns.receipts[0].outcome), (Grade::Question, ReturnOutcome::Accepted), "{words}");
        assert_eq!((returns.comments.len(), values(&returns)), (usize::from(is_used), vec![(FRONTLINE, HALF)]), "{words}");
        assert!(returns.comments.iter().all(|comment| comment.on == DAY), "{words}");
    }
}

/// Whoever makes the packs is told which comment is not in them, and its partner which cell is withheld.
#[test]
fn comments_that_are_withheld_are_told_without_their_words() {
    let mut desk = Desk::new();
    desk.send_comments("nuh_1.xlsx", &[(WORKFORCE, "Patient Ann Sample waited"), (TURNOVER, "n/a")]);
    let returns = desk.look_and_remember(DAY);
    let told: Vec<&Finding> = returns.receipts[0].findings.iter().collect();
    let [withheld, not_used] = &told[..] else { panic!("{told:?}") };
    assert_eq!((withheld.grade, not_used.grade, &withheld.place), (Grade::Question, Grade::Note, &not_used.place));
    assert_eq!(not_used.of_comment.as_deref(), Some(WORKFORCE));
    assert!(not_used.problem.contains("is not used, for its text is withheld") && !not_used.problem.contains("Sample"));
}

#[test]
fn two_comments_on_one_ambition_contradict_each_other() {
    for (second, expected) in [("Courses are empty", 1), ("Courses are full", 0)] {
        let mut desk = Desk::new();
        let mut sheets = desk.sheets();
        let sheet = sheets.sheet("Comments").unwrap();
        let (row, _) = sheet.find(WORKFORCE).unwrap();
        let below = sheet.cells.keys().map(|(row, _)| *row).max().unwrap() + 1;
        sheet.cells.insert((below, 0), Cell::Text(WORKFORCE.to_owned()));
        sheet.cells.insert((below, 2), Cell::Text(second.to_owned()));
        fs::write(desk.inbox("nuh_1.xlsx"), sheets.as_xlsx()).unwrap();
        let returns = desk.look_and_remember(DAY);
        let told = asked(&returns);
        assert_eq!((told.len(), returns.comments.len()), (expected, 1 - expected), "{told:?}");
        let problem = format!("there is another comment on {WORKFORCE} in sheet Comments, cell C{}; neither is used", row + 1);
        assert!(told.iter().all(|finding| finding.problem == problem), "{told:?}");
    }
}

/// A column of names beneath any other heading makes a list of persons.
#[test]
fn names_of_those_who_say_so_are_no_list_of_persons() {
    let mut desk = Desk::new();
    let nuh = desk.partners.iter().find(|one| one.id == "nuh").unwrap();
    let request = ReturnRequest::new(&desk.framework, &desk.areas, nuh, quarter());
    let names = ["Olivia Example", "Harry Sample-Jones", "Priya K Test", "Mohammed Specimen", "Grace O'Model", "Ann Sample"];
    let comments: Vec<_> = request
        .ambitions()
        .into_iter()
        .zip(names)
        .map(|(ambition, name)| (ambition.id.as_str(), CommentAnswer { by: name.to_owned(), ..comment("It goes on") }))
        .collect();
    assert_eq!(comments.len(), names.len());
    fs::write(desk.inbox("nuh_1.xlsx"), desk.filled(quarter(), "nuh", &commented(&comments))).unwrap();
    let returns = desk.look_and_remember(DAY);
    assert_eq!((returns.comments.len(), asked(&returns)), (names.len(), vec![]));
}
