//! What partners said beside the figures that they returned.

use super::figures;
use super::ids::Names;
use crate::evaluate::Assessment;
use crate::framework::Measure;
use crate::report::remark::withheld;
use crate::report::{PackInputs, Remark};
use serde::Serialize;

/// More than this of one measure would be a section of its own.
const MOST: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RemarkView {
    /// Who said it.
    pub partner: String,
    /// The period of the figure that it stands beside; several where the same was said of each.
    pub period: String,
    pub words: String,
    pub illustrative: bool,
    /// Asked of the partner, not said by it.
    pub question: bool,
}

/// The remarks on the latest periods of a measure's figures, questions before what was said and the newest first. What was said beside a figure that is
/// withheld could give it away, and is left out.
pub fn remarks<'a>(
    (pack, names): (&PackInputs<'_>, &Names),
    measure: &Measure,
    shown: impl Iterator<Item = &'a Assessment>,
) -> Vec<RemarkView> {
    let withheld = withheld(shown);
    let mut said: Vec<_> = pack
        .remarks
        .iter()
        .filter(|r| r.measure == measure.id && !r.words.trim().is_empty())
        .filter(|r| !withheld.contains(&(&r.measure, &r.area, r.period)))
        .collect();
    said.sort_by(|a, b| {
        b.question.cmp(&a.question).then_with(|| b.period.cmp(&a.period)).then_with(|| a.partner.cmp(&b.partner))
    });
    // A partner's own words stay as they are.
    let said_as = |r: &Remark| if r.question { names.with_titles(r.words.trim()) } else { r.words.trim().to_owned() };
    let mut views: Vec<RemarkView> = Vec::new();
    for remark in said {
        let partner =
            pack.partners.iter().find(|p| p.id == remark.partner).map_or(remark.partner.clone(), |partner| partner.name.clone());
        let period = figures::period(remark.period);
        match views
            .iter_mut()
            .find(|view| view.partner == partner && view.words == said_as(remark) && view.question == remark.question)
        {
            Some(same) => {
                same.illustrative |= remark.illustrative;
                if !same.period.split(", ").any(|p| p == period) {
                    same.period = format!("{}, {period}", same.period);
                }
            }
            None => views.push(RemarkView {
                partner,
                period,
                words: said_as(remark),
                illustrative: remark.illustrative,
                question: remark.question,
            }),
        }
    }
    views.truncate(MOST);
    views
}
