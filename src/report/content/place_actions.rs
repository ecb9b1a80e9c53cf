//! The key actions of the strategy that bear on what is amiss in the area that a pack is about.

use super::group::{ActionView, GroupView};
use crate::evaluate::{Comparison, Status};
use crate::report::PackInputs;

/// Those of the whole framework under priorities with an ambition that is off track or at risk here, or with a figure that is
/// worse than the comparator's; each once. How they stand is the whole system's, and is not said.
pub(super) fn place_actions<'v>(pack: &PackInputs<'_>, groups: impl Iterator<Item = &'v GroupView>) -> Vec<ActionView> {
    let is_amiss = |group: &&GroupView| {
        let is_short = group.ambitions.iter().any(|ambition| matches!(ambition.of, Status::OffTrack | Status::AtRisk));
        let mut figures = group.measures.iter().flat_map(|measure| &measure.spine);
        is_short || figures.any(|figure| figure.comparison == Comparison::Worse)
    };
    let priorities: Vec<&str> = groups.filter(is_amiss).map(|group| group.id.as_str()).collect();
    let concerns = pack.whole.actions.iter().filter(|action| priorities.iter().any(|priority| action.is_under(priority)));
    concerns.filter(|action| !action.reported_complete).map(|action| ActionView::new(pack, action, None)).collect()
}
