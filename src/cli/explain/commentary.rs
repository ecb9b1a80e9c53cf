//! Who answers for an ambition and what is said of it, beside an explanation.

use crate::evaluate::Evaluation;
use crate::framework::{Ambition, AmbitionLead};
use crate::report::{comments_on, is_beside_withheld};
use crate::run::{Assessed, LoadedConfig};
use jiff::civil::Date;
use serde::Serialize;
use std::fmt::Write;

/// Who answers for an ambition and what is said of it.
#[derive(Debug, Serialize)]
pub(super) struct Commentary<'a> {
    /// None where nobody is named.
    lead: Option<&'a AmbitionLead>,
    comments: Vec<Comment<'a>>,
}

#[derive(Debug, Serialize)]
struct Comment<'a> {
    /// None where they are withheld from readers, for they stand beside a figure that is.
    words: Option<&'a str>,
    by: &'a str,
    partner: Option<&'a str>,
    on: Date,
    illustrative: bool,
    /// `nuh.xlsx, sheet Comments, cell C5`.
    source: String,
}

/// An explanation with what is said of its ambition.
#[derive(Serialize)]
pub(super) struct WithCommentary<'a, T> {
    #[serde(flatten)]
    pub explanation: &'a T,
    pub commentary: Option<&'a Commentary<'a>>,
}

impl<'a> Commentary<'a> {
    pub(super) fn on(ambition: &'a Ambition, config: &'a LoadedConfig, assessed: &'a Assessed, published: &Evaluation) -> Self {
        let is_withheld = is_beside_withheld(ambition, published);
        let comments = comments_on(ambition, &config.comments, &assessed.collection.comments).map(|given| Comment {
            words: (!is_withheld).then_some(given.words),
            by: given.by,
            partner: given.partner,
            on: given.on,
            illustrative: given.illustrative,
            source: given.place(),
        });
        Self { lead: config.leads.iter().find(|lead| lead.ambition == ambition.id), comments: comments.collect() }
    }

    /// Lines set in by two spaces.
    pub(super) fn to_text(&self) -> String {
        let illustrative = |is: bool| if is { ", illustrative" } else { "" };
        let lead = self
            .lead
            .map_or("nobody is named".to_owned(), |lead| format!("{}{}", lead.lead.trim(), illustrative(lead.illustrative)));
        let comments = if self.comments.is_empty() { "Comments: none" } else { "Comments:" };
        let mut text = format!("  Who answers for it: {lead}\n  {comments}\n");
        for comment in &self.comments {
            let words = comment.words.unwrap_or("withheld, for it stands beside a figure that is withheld from readers");
            let by = [Some(comment.by).filter(|by| !by.is_empty()), comment.partner].into_iter().flatten();
            let by: String = by.map(|name| format!("{name}, ")).collect();
            let (on, source) = (comment.on, &comment.source);
            // Writing to a text does not fail.
            let _ = writeln!(text, "    {words} ({by}{on}{}; {source})", illustrative(comment.illustrative));
        }
        text
    }
}
