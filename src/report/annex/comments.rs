//! Who answers for each ambition, and what is said of it.

use super::table::{AnnexCell, AnnexColumn, AnnexTable};
use crate::evaluate::citation;
use crate::framework::Ambition;
use crate::report::{GivenComment, PackInputs, comments_on, is_beside_withheld};

const COMMENTS: &[AnnexColumn] = &[
    AnnexColumn::identifier("ambition", "Id of the ambition, the same in every edition of the strategy")
        .headed("Ambition identifier"),
    AnnexColumn::words("statement", "What the strategy says, in short; the wording is ours").headed("Ambition"),
    AnnexColumn::words("lead", "Who answers for it, by role or name").given(),
    AnnexColumn::yes_no("lead_illustrative", "Whether the lead was made up to show how the pack works")
        .headed("Lead illustrative"),
    AnnexColumn::words("comment", "What is said of it; withheld beside a figure that is withheld").given(),
    AnnexColumn::words("said_by", "Who says so, by role or name").given(),
    AnnexColumn::words("partner", "Id of the partner in whose return it came; empty for the secretariat's entry"),
    AnnexColumn::date("said_on", "The day on which it was said"),
    AnnexColumn::yes_no("illustrative", "Whether the comment was made up to show how the pack works")
        .headed("Comment illustrative"),
    AnnexColumn::words("source", "Where the comment came from"),
];

pub fn comments(pack: &PackInputs<'_>) -> AnnexTable {
    AnnexTable {
        name: "Comments",
        what: "a comment on an ambition, or an ambition on which there is none to be shown",
        columns: COMMENTS,
        rows: pack.framework.ambitions.iter().flat_map(|ambition| of_ambition(pack, ambition)).collect(),
    }
}

fn of_ambition(pack: &PackInputs<'_>, ambition: &Ambition) -> Vec<Vec<AnnexCell>> {
    let lead = pack.leads.iter().find(|lead| lead.ambition == ambition.id);
    let row = |comment: [AnnexCell; 6]| {
        let head = [
            AnnexCell::words(&ambition.id),
            AnnexCell::words(&ambition.statement),
            AnnexCell::words(lead.map_or("", |lead| lead.lead.trim())),
            AnnexCell::YesNo(lead.is_some_and(|lead| lead.illustrative)),
        ];
        head.into_iter().chain(comment).collect()
    };
    let given: Vec<GivenComment<'_>> = comments_on(ambition, pack.comments, pack.returned_comments).collect();
    if given.is_empty() {
        return vec![row(without_comment(AnnexCell::words("")))];
    }
    if is_beside_withheld(ambition, pack.evaluation) {
        return vec![row(without_comment(AnnexCell::Withheld))];
    }
    given.into_iter().map(|given| row(comment(pack, given))).collect()
}

fn without_comment(words: AnnexCell) -> [AnnexCell; 6] {
    let nothing = || AnnexCell::words("");
    [words, nothing(), nothing(), AnnexCell::NotApplicable, AnnexCell::YesNo(false), nothing()]
}

fn comment(pack: &PackInputs<'_>, given: GivenComment<'_>) -> [AnnexCell; 6] {
    [
        AnnexCell::words(given.words),
        AnnexCell::words(given.by),
        given.partner.map_or(AnnexCell::words(""), |id| AnnexCell::named(id, pack.partner_name(id))),
        AnnexCell::Date(given.on),
        AnnexCell::YesNo(given.illustrative),
        AnnexCell::words(given.source.map_or_else(|| given.place(), citation)),
    ]
}
