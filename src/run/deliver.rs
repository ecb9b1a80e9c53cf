//! The last stage: a message to each recipient, recorded before it is sent and after.

use super::{Materials, PACK, Request, RunError, Stages, Summary};
use crate::collect::{self, ReturnOutcome};
use crate::distribute::{BoardPack, Message, MessageKey, Outcome, Recipient};
use crate::evaluate::Evaluation;
use crate::fault::Fault;
use crate::store::{Claim, Delivery};
use std::fmt;
use std::path::{Path, PathBuf};

/// What became of one recipient's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReport {
    pub address: String,
    pub result: Delivered,
    /// The message's file, where the transport writes one.
    pub file: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    Now,
    /// By an earlier run; `changed` where the pack is no longer the one that was sent.
    Before { at: String, changed: bool },
    Refused { reason: String },
    /// It may have arrived: it is not sent again unasked.
    Held { reason: String },
}

impl fmt::Display for Delivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Delivered::Now => f.write_str("sent"),
            Delivered::Before { at, changed: false } => write!(f, "not sent again: delivered at {at}"),
            Delivered::Before { at, changed: true } => {
                write!(f, "not sent again: a pack for this quarter was delivered at {at}, and this one differs from it")
            }
            Delivered::Refused { reason } => write!(f, "not delivered: {reason}"),
            Delivered::Held { reason } => write!(f, "held, for it may have arrived: {reason} (--to ADDRESS sends it all the same)"),
        }
    }
}

impl DeliveryReport {
    /// Why this leaves the run partly done, where it does.
    pub fn shortfall(&self) -> Option<String> {
        match &self.result {
            Delivered::Now | Delivered::Before { .. } => None,
            other => Some(format!("{}: {other}", self.address)),
        }
    }
}

/// Those who are to get the pack: the addresses asked for, or the list.
pub fn recipients(materials: &Materials, request: &Request) -> Result<Vec<Recipient>, RunError> {
    if !request.send {
        return Ok(Vec::new());
    }
    if !request.to.is_empty() {
        return Ok(request.to.iter().map(|address| Recipient { name: String::new(), address: address.clone() }).collect());
    }
    let list = materials.lists.get(&request.recipients).ok_or_else(|| {
        Fault::new(
            "recipients.toml",
            format!("there is no list {:?} to send to", request.recipients),
            "add the list, name another in pack.recipients, or run with --to or --no-send",
        )
    });
    Ok(list.map_err(crate::fault::Faults::from)?.recipients.clone())
}

impl Stages<'_> {
    pub(super) async fn deliver(
        &self,
        summary: &Summary,
        evaluation: &Evaluation,
        pdf: Vec<u8>,
        pack_file: &Path,
        recipients: &[Recipient],
    ) -> Result<Vec<DeliveryReport>, RunError> {
        self.progress.stage_starts("distribute");
        let folder = pack_file.parent().unwrap_or(Path::new("."));
        let sha256 = collect::sha256(&pdf);
        let content = self.content(summary, evaluation);
        let mut reports = Vec::new();
        for recipient in recipients {
            let key = MessageKey {
                pack: PACK.to_owned(),
                period: self.period,
                area: self.materials.framework.edition.system.clone(),
                issue: 1,
                address: recipient.address.clone(),
            };
            let _ = (&content, &key, folder, &sha256);
            todo!()
        }
        let delivered = reports.iter().filter(|r: &&DeliveryReport| r.shortfall().is_none()).count();
        self.ended("distribute", &format!("{delivered} of {} recipients", reports.len())).await?;
        Ok(reports)
    }
}
