//! What was received for the pack, and what was not.

use super::figures::{count, date};
use crate::collect::{IndicatorOutcome, ReturnOutcome, ReturnReceipt};
use crate::report::Pack;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Debug, Clone, Serialize)]
pub struct ReturnView {
    pub partner: String,
    /// `Accepted`, `Accepted in part`, `Refused`, `Not received`.
    pub outcome: String,
    pub file: String,
    pub figures: usize,
    pub actions: usize,
    /// Each with its place.
    pub faults: Vec<FaultView>,
    pub lacking: Vec<String>,
    pub illustrative: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct FaultView {
    pub place: String,
    pub problem: String,
    pub remedy: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct IndicatorView {
    pub publisher: String,
    /// The source's own name or number for it.
    pub indicator: String,
    /// Titles of the measures that it serves.
    pub measures: Vec<String>,
    /// `Received, 12 figures` or `Not received: …`.
    pub outcome: String,
    /// The date it was retrieved; empty where it was not.
    pub retrieved: String,
    pub url: String,
    pub received: bool,
}

pub fn returns(pack: &Pack<'_>) -> Vec<ReturnView> {
    pack.returns
        .iter()
        .map(|receipt| ReturnView {
            partner: pack.partners.iter().find(|p| p.id == receipt.partner).map_or(receipt.partner.clone(), |p| p.name.clone()),
            outcome: match receipt.outcome {
                ReturnOutcome::Accepted => "Accepted",
                ReturnOutcome::AcceptedInPart => "Accepted in part",
                ReturnOutcome::Refused => "Refused",
                ReturnOutcome::NotReceived => "Not received",
            }
            .to_owned(),
            file: receipt.file.clone().unwrap_or_else(|| "no file".to_owned()),
            figures: receipt.figures,
            actions: receipt.actions,
            faults: receipt
                .faults
                .iter()
                .map(|f| FaultView { place: within(receipt, &f.place), problem: f.problem.clone(), remedy: f.remedy.clone() })
                .collect(),
            lacking: receipt.lacking.iter().map(|id| asked(pack, id)).collect(),
            illustrative: receipt.illustrative,
        })
        .collect()
}

/// A place in a workbook without the file's name, which stands beside it already.
fn within(receipt: &ReturnReceipt, place: &str) -> String {
    let file = receipt.file.as_deref().unwrap_or_default();
    place.strip_prefix(file).and_then(|rest| rest.strip_prefix(", ")).unwrap_or(place).to_owned()
}

/// The title of a measure or the words of an action that was asked for by its id.
fn asked(pack: &Pack<'_>, id: &str) -> String {
    let measure = pack.framework.measures.iter().find(|m| m.id.0 == id).map(|m| m.title.clone());
    let action = || pack.framework.actions.iter().find(|a| a.id.0 == id).map(|a| a.statement.clone());
    measure.or_else(action).unwrap_or_else(|| id.to_owned())
}

pub fn indicators(pack: &Pack<'_>) -> Vec<IndicatorView> {
    pack.indicators
        .iter()
        .map(|receipt| {
            let (outcome, retrieved, received) = match &receipt.outcome {
                IndicatorOutcome::Received { retrieved, figures, .. } => {
                    let day = date(retrieved.to_zoned(TimeZone::UTC).date());
                    (format!("Received, {}", count(*figures, "figure", "figures")), day, true)
                }
                IndicatorOutcome::NotAvailable { reason } => (format!("Not available: {reason}"), String::new(), false),
                IndicatorOutcome::Failed { reason } => (format!("Not received: {reason}"), String::new(), false),
            };
            IndicatorView {
                publisher: receipt.publisher.clone(),
                indicator: receipt.indicator.clone(),
                measures: receipt.measures.iter().map(|id| asked(pack, &id.0)).collect(),
                outcome,
                retrieved,
                url: receipt.url.clone(),
                received,
            }
        })
        .collect()
}

pub fn licences(pack: &Pack<'_>) -> Vec<String> {
    let licences: BTreeSet<String> = pack
        .indicators
        .iter()
        .filter_map(|receipt| match &receipt.outcome {
            IndicatorOutcome::Received { licence, .. } if !licence.trim().is_empty() => {
                Some(format!("{}: {}", receipt.publisher, licence.trim()))
            }
            _ => None,
        })
        .collect();
    licences.into_iter().collect()
}
