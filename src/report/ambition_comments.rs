//! What those who answer for ambitions say of them, whoever entered it, and whether readers may see it.

use super::remark::withheld;
use crate::collect::AmbitionComment;
use crate::evaluate::Evaluation;
use crate::figure::Provenance;
use crate::framework::{Ambition, Comment, MeasureId};
use jiff::civil::Date;

/// A comment on an ambition: the secretariat's entry or a partner's.
#[derive(Debug, Clone, Copy)]
pub struct GivenComment<'a> {
    pub words: &'a str,
    /// Who says so, by role or name; may be empty.
    pub by: &'a str,
    /// The id of the partner in whose return it came.
    pub partner: Option<&'a str>,
    pub on: Date,
    pub illustrative: bool,
    /// The cell of the return that has it.
    pub source: Option<&'a Provenance>,
}

/// The comments on an ambition: those that were entered, then those that came in returns.
pub fn comments_on<'a>(
    ambition: &'a Ambition,
    entered: &'a [Comment],
    returned: &'a [AmbitionComment],
) -> impl Iterator<Item = GivenComment<'a>> {
    let entered = entered.iter().filter(|comment| comment.ambition == ambition.id).map(|comment| GivenComment {
        words: &comment.words,
        by: comment.by.trim(),
        partner: None,
        on: comment.on,
        illustrative: comment.illustrative,
        source: None,
    });
    let returned = returned.iter().filter(|comment| comment.ambition == ambition.id).map(|comment| GivenComment {
        words: &comment.words,
        by: &comment.by,
        partner: Some(&comment.partner),
        on: comment.on,
        illustrative: comment.illustrative,
        source: Some(&comment.provenance),
    });
    entered.chain(returned)
}

impl GivenComment<'_> {
    /// Where it was given: `nuh.xlsx, sheet Comments, cell C5`.
    pub fn place(&self) -> String {
        match self.source {
            Some(source @ Provenance::Cell { file, .. }) => format!("{file}, {}", source.place()),
            Some(Provenance::Answer { .. }) | None => "comments.toml".to_owned(),
        }
    }
}

/// A figure of the ambition is withheld from readers, and what is said beside it could give it away.
pub fn is_beside_withheld(ambition: &Ambition, published: &Evaluation) -> bool {
    let of_ambition = |id: &MeasureId| ambition.measures.iter().any(|measure| measure.id == *id);
    let judged = published.measures.iter().filter(|measure| of_ambition(&measure.headline.measure));
    !withheld(judged.flat_map(|measure| measure.areas.iter().chain([&measure.headline]))).is_empty()
}
