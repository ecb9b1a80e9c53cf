//! One ambition laid open: its measures with their parts and statuses, and how they make one.

use super::commentary::Commentary;
use crate::evaluate::{self, AmbitionAssessment, Evaluation, MeasureAssessment, Status};
use crate::framework::{Ambition, Combine, Framework, MeasureId, Role, TextPlace};
use serde::Serialize;
use std::fmt::Write;

/// Why an ambition stands as it does.
#[derive(Debug, Serialize)]
pub(super) struct Explanation<'a> {
    edition: &'a str,
    ambition: &'a str,
    /// None for an overarching ambition.
    priority: Option<&'a str>,
    statement: &'a str,
    text: &'a TextPlace,
    combine: Combine,
    notes: &'a str,
    judged: &'a AmbitionAssessment,
    measures: Vec<Part<'a>>,
}

/// One measure's part in it.
#[derive(Debug, Serialize)]
struct Part<'a> {
    measure: &'a MeasureId,
    title: &'a str,
    role: Role,
    status: Status,
    reason: &'a str,
    /// Whether its status counted.
    counted: bool,
}

impl<'a> Explanation<'a> {
    /// None where the evaluation does not have the ambition.
    pub(super) fn of(framework: &'a Framework, evaluation: &'a Evaluation, ambition: &'a Ambition) -> Option<Self> {
        let judged = evaluation.ambitions.iter().find(|judged| judged.ambition == ambition.id)?;
        // Both are in the order of the framework's aspirations.
        let before: usize = framework.ambitions.iter().take_while(|of| of.id != ambition.id).map(|of| of.measures.len()).sum();
        let own = evaluation.measures.get(before..before + ambition.measures.len())?;
        let counted = evaluate::counted(ambition, own, judged.by);
        let part = |role: Role, of: &'a MeasureAssessment, counted: bool| Part {
            measure: &of.headline.measure,
            title: framework.measure(&of.headline.measure).map_or("", |measure| &measure.title),
            role,
            status: of.headline.status,
            reason: &of.headline.reason,
            counted,
        };
        let parts = ambition.measures.iter().zip(own).zip(counted);
        Some(Self {
            edition: &framework.edition.id,
            ambition: &ambition.id,
            priority: ambition.priority.as_deref(),
            statement: &ambition.statement,
            text: &ambition.text,
            combine: ambition.combine,
            notes: &ambition.notes,
            judged,
            measures: parts.map(|((aspiration, of), counted)| part(aspiration.role, of, counted)).collect(),
        })
    }

    pub(super) fn id(&self) -> &'a str {
        self.ambition
    }

    pub(super) fn to_text(&self, commentary: Option<&Commentary<'_>>) -> String {
        let mut text = String::new();
        let mut line = |words: String| {
            // Writing to a text does not fail.
            let _ = writeln!(text, "{words}");
        };
        line(format!("Ambition {} (edition {})", self.ambition, self.edition));
        line(format!("  In short: {}", self.statement));
        let place = crate::report::place(self.text);
        if !place.is_empty() {
            line(format!("  In the strategy: {place}"));
        }
        if !self.notes.is_empty() {
            line(format!("  Reading: {}", self.notes));
        }
        line(format!("\n  {}: {}", self.judged.status.label(), self.judged.reason));
        if !self.judged.flags.is_empty() {
            line(format!(
                "  Flags: {}",
                self.judged.flags.iter().filter_map(|flag| flag.in_words(self.judged.status)).collect::<Vec<_>>().join(", ")
            ));
        }
        line(format!("  How: {}", self.how()));
        for part in &self.measures {
            let counted = if part.counted { "" } else { ", not counted" };
            line(format!("\n  {} ({}, {}{counted})", part.title, part.measure, part.role.label()));
            line(format!("    {}: {}", part.status.label(), part.reason));
        }
        if let Some(commentary) = commentary {
            text.push_str(&format!("\n{}", commentary.to_text()));
        }
        text
    }

    fn how(&self) -> String {
        let AmbitionAssessment { met, judged, of, by, decided_by, .. } = self.judged;
        let noun = match by {
            Some(Role::Lead) => "leads",
            Some(Role::StandIn) => "stand-ins, no lead being judged",
            None if self.measures.iter().any(|measure| measure.role != Role::Supporting) => {
                return "none of the measures that decide is judged".to_owned();
            }
            Some(Role::Supporting) | None => return "no measure decides: all are supporting".to_owned(),
        };
        let counted = format!("of {of} {noun}, {judged} judged and {met} met");
        let rule = match self.combine {
            Combine::Tally => "by how many are met".to_owned(),
            Combine::Worst => match decided_by {
                Some(id) => format!("the worst status decides: {id}"),
                None => "the worst status decides".to_owned(),
            },
        };
        let unjudged = if judged < of && *judged > 0 { "; with one unjudged it is on track at best" } else { "" };
        format!("{counted}; {rule}{unjudged}")
    }
}
