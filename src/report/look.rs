//! The theme as documents are set in it.

use super::signs;
use super::theme::{
    BETTER, COMMON, CONCERN, ComparisonColours, IMPROVEMENT, NEITHER, NEUTRAL, SIMILAR, Theme, VariationColours, WORSE,
};
use crate::evaluate::Status;
use tagged_document::look::{Look, NamedTone};

impl Theme {
    /// As documents are set in it.
    pub fn look(&self) -> Look {
        let statuses = Status::ALL.map(|status| NamedTone { name: status.code(), colour: self.status(status) });
        let VariationColours { improvement, concern, common, neutral } = self.variation;
        let variation = [(IMPROVEMENT, improvement), (CONCERN, concern), (COMMON, common), (NEUTRAL, neutral)];
        let variation = variation.map(|(name, colour)| NamedTone { name, colour });
        let tones = statuses.into_iter().chain(variation).collect();
        let ComparisonColours { better, similar, worse, neither } = self.comparison;
        let grounds = [(BETTER, better), (SIMILAR, similar), (WORSE, worse), (NEITHER, neither)];
        let grounds = grounds.map(|(name, colour)| NamedTone { name, colour }).into();
        let (colours, signs) = (self.colours.clone(), signs::all(self));
        let dark = self.dark.as_dark();
        Look { page: self.page, text: self.text, colours, tones, grounds, signs, dark }
    }
}
