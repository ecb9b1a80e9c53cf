//! Who answers for an ambition.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who answers for an ambition, and from when until when. Editions share the file: leads change more often than the strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AmbitionLead {
    /// The id of the ambition.
    pub ambition: String,
    /// Who answers for it, by role or name: `Director of Public Health`. Two who answer together stand in one text.
    pub lead: String,
    /// The first day; none where it is not known.
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day; none for whoever answers for it now.
    #[serde(default)]
    pub until: Option<Date>,
    /// True for one that was made up to show how the pack works; it is marked so.
    #[serde(default)]
    pub illustrative: bool,
}

impl AmbitionLead {
    /// True where they answer for it on the day.
    pub fn stands_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}
