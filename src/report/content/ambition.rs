//! One ambition: how it stands, which of its measures decide that, and where in the strategy's text it is.

use super::figures;
use super::ids::Names;
use super::measure::MeasureView;
use super::sentences::{self, joined, sentence};
use crate::counted::counted;
use crate::evaluate::{AmbitionAssessment, Flag, Status};
use crate::framework::{Ambition, Combine, EditionState, Role, TextPlace};
use crate::report::{GivenComment, PackInputs, comments_on, is_beside_withheld};
use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
pub struct AmbitionView {
    pub kind: &'static str,
    /// Finds the ambition again when a template hands it to a directive; its measures have it as `ambition_key`.
    pub key: usize,
    pub id: String,
    /// In short, in our words: a sentence without its stop.
    pub title: String,
    /// The text's own words, where its owner has entered them.
    pub verbatim: String,
    /// Where in the strategy's text it stands; empty where that is not recorded.
    pub place: String,
    pub status: String,
    pub reason: String,
    pub flags: Vec<String>,
    /// How its measures make one status: `1 lead and 1 stand-in`.
    pub judged_by: String,
    /// How many measures it has.
    pub measures: usize,
    /// How its status has moved since the last pack; empty where there is no earlier pack.
    pub moved: String,
    pub illustrative: bool,
    /// Who answers for it, `Director of Public Health`; empty where nobody is named.
    pub lead: String,
    /// What those who answer for it say of it: the secretariat's entry first, then each partner's.
    pub comments: Vec<CommentView>,
    /// There are comments, and they are left out beside a figure that is withheld.
    #[serde(skip)]
    pub comment_is_withheld: bool,
    /// That of a measure by which it may be judged.
    #[serde(skip)]
    pub judged_by_illustrative: bool,
    #[serde(skip)]
    pub of: Status,
    #[serde(skip)]
    pub is_stale: bool,
    /// The key of the measure that decides, where one does.
    #[serde(skip)]
    pub decided_by: Option<usize>,
}

/// What whoever answers for an ambition says of it.
#[derive(Debug, Clone, Serialize)]
pub struct CommentView {
    pub words: String,
    /// `Director of Public Health, 10 November 2026`; of a partner's return `Director of Workforce, Hills Trust, 10 November 2026`.
    pub by: String,
    pub illustrative: bool,
}

impl AmbitionView {
    /// `measures` are those of the ambition, in its order.
    pub fn new(
        (pack, names): (&PackInputs<'_>, &Names),
        ambition: &Ambition,
        assessment: Option<&AmbitionAssessment>,
        measures: &[MeasureView],
        key: usize,
    ) -> Self {
        let of = assessment.map_or(Status::NoFigure, |a| a.status);
        let flags = assessment.map_or(&[][..], |a| &a.flags);
        let movement = pack.evaluation.movements.as_ref().and_then(|m| m.of_ambition(&ambition.id)).map(|m| m.kind);
        let decided_by = assessment.and_then(|a| a.decided_by.as_ref());
        let mut comments = comments(pack, ambition);
        let comment_is_withheld = !comments.is_empty() && is_beside_withheld(ambition, pack.evaluation);
        if comment_is_withheld {
            comments.clear();
        }
        AmbitionView {
            kind: "ambition",
            key,
            id: ambition.id.clone(),
            title: title(ambition),
            verbatim: ambition.text.verbatim.trim().to_owned(),
            place: place(&ambition.text),
            status: of.label().to_owned(),
            reason: assessment.map_or("It was not judged.".to_owned(), |a| names.with_titles(&sentence(&a.reason))),
            flags: flags.iter().filter(|f| **f != Flag::Illustrative).filter_map(|f| f.in_words(of)).map(str::to_owned).collect(),
            judged_by: judged_by(ambition),
            measures: measures.len(),
            moved: movement.map_or(String::new(), |kind| sentences::capitalised(kind.label())),
            illustrative: measures.iter().any(|m| m.illustrative),
            lead: lead(pack, ambition),
            comment_is_withheld,
            comments,
            judged_by_illustrative: flags.contains(&Flag::Illustrative),
            of,
            is_stale: flags.contains(&Flag::Stale) && of.is_judged(),
            decided_by: decided_by.and_then(|id| measures.iter().find(|m| m.id == id.0)).map(|m| m.key),
        }
    }
}

/// In short, in our words: a sentence without its stop.
pub(super) fn title(ambition: &Ambition) -> String {
    sentence(&ambition.statement).trim_end_matches('.').to_owned()
}

fn lead(pack: &PackInputs<'_>, ambition: &Ambition) -> String {
    let named = pack.leads.iter().find(|lead| lead.ambition == ambition.id);
    named.map_or(String::new(), |lead| {
        let illustrative = if lead.illustrative { " (illustrative)" } else { "" };
        format!("{}{illustrative}", lead.lead.trim().trim_end_matches('.'))
    })
}

/// None in the pack of a part, which they are not about.
fn comments(pack: &PackInputs<'_>, ambition: &Ambition) -> Vec<CommentView> {
    if pack.is_of_part() {
        return Vec::new();
    }
    comments_on(ambition, pack.comments, pack.returned_comments).map(|given| CommentView::new(pack, given)).collect()
}

impl CommentView {
    fn new(pack: &PackInputs<'_>, given: GivenComment<'_>) -> Self {
        let by = Some(given.by).filter(|by| !by.is_empty()).map(str::to_owned);
        let partner = given.partner.map(|id| pack.partner_name(id).to_owned());
        let by = by.into_iter().chain(partner).chain([figures::date(given.on)]).collect::<Vec<_>>().join(", ");
        Self { words: sentence(given.words), by, illustrative: given.illustrative }
    }
}

/// `Aim two, greatest needs: our ambitions; bullet 2; page 11`.
pub fn place(text: &TextPlace) -> String {
    let heading = Some(text.heading.trim().to_owned()).filter(|heading| !heading.is_empty());
    let bullet = text.bullet.map(|bullet| format!("bullet {bullet}"));
    let page = text.page.map(|page| format!("page {page}"));
    heading.into_iter().chain(bullet).chain(page).collect::<Vec<_>>().join("; ")
}

/// By what an ambition is judged, in a sentence without its stop.
fn judged_by(ambition: &Ambition) -> String {
    let of = |role: Role| ambition.measures.iter().filter(|measure| measure.role == role).count();
    let named = [
        (of(Role::Lead), "lead measure", "lead measures"),
        (of(Role::StandIn), "stand-in", "stand-ins"),
        (of(Role::Supporting), "supporting measure", "supporting measures"),
    ];
    let parts: Vec<String> = named.iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| counted(*n, one, many)).collect();
    let how = match ambition.combine {
        Combine::Tally => "; it counts how many are met",
        Combine::Worst if of(Role::Lead) > 1 => "; the worst lead decides",
        Combine::Worst => "",
    };
    format!("{}{how}", joined(&parts))
}

/// A warning of an edition that is a draft or has been superseded; none for one that is agreed.
pub fn edition_warning(pack: &PackInputs<'_>) -> String {
    let edition = &pack.whole.edition;
    let warning = edition.standing.warning();
    warning.map_or(String::new(), |warning| format!("Measured against “{}”, which {warning}.", edition.title.trim()))
}

/// `Draft, by the partnership, 22 March 2024. What it is.` Of one that has been superseded, which the warning says, only
/// what has taken its place.
pub fn edition_standing(pack: &PackInputs<'_>) -> String {
    let standing = &pack.whole.edition.standing;
    if standing.state == EditionState::Superseded {
        // Who considered it, and when, is no day on which it was superseded: the note says both.
        return sentence(&standing.note);
    }
    let by = Some(format!("by {}", standing.by.trim())).filter(|_| !standing.by.trim().is_empty());
    let parts: Vec<String> =
        std::iter::once(standing.state.label().to_owned()).chain(by).chain(standing.on.map(figures::date)).collect();
    format!("{} {}", sentence(&parts.join(", ")), sentence(&standing.note)).trim().to_owned()
}
