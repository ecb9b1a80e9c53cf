//! Which figure of a pack is meant.

use crate::area::AreaCode;
use crate::framework::MeasureId;
use crate::period::Period;

/// Which figure is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub measure: MeasureId,
    pub area: AreaCode,
    pub period: Period,
    /// The scheme and the group of a breakdown; none for all people of the area.
    pub group: Option<(String, String)>,
}
