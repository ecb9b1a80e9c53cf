//! What earlier runs collected and judged: read from the files that their stages left, which are its only copy. What cannot
//! be read is counted and named, and the rest is used.

use super::checkpoints::{COLLECT, Checkpoints, EVALUATE};
use super::error::RunError;
use super::stage_records::EvaluatedRun;
use crate::collect::{ActionReport, Collection, Finding, Grade, ReturnReceipt};
use crate::counted::counted;
use crate::evaluate::{CountMarks, DisclosureAudit, MeasureAssessment, PackCorrection, PackStatements, ShownMeasure, Status};
use crate::fault::Fault;
use crate::figure::Observation;
use crate::framework::{ActionId, MeasureId};
use crate::store::records::{self, Record};
use crate::store::{LedgerError, OlderRecord};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What an earlier run left, with what was not to be read of it.
#[derive(Debug, Default)]
pub(super) struct EarlierOutput<T> {
    pub content: T,
    pub unread: Vec<Finding>,
}

/// Of a [`Collection`], its figures.
#[derive(Deserialize)]
struct Figures {
    observations: Vec<Json>,
}

/// Of an [`EvaluatedRun`], what was stated and what it corrected.
#[derive(Debug, Deserialize)]
struct Stated {
    published: PublishedStatements,
}

/// What a run's packs stated.
#[derive(Debug, Deserialize)]
pub(super) struct PublishedStatements {
    pub evaluation: PackStatements,
    #[serde(default)]
    pub correction: Option<PackCorrection>,
}

/// Of an [`EvaluatedRun`], what became of each return.
#[derive(Deserialize)]
struct Receipts {
    #[serde(default)]
    receipts: Vec<ReturnReceipt>,
}

/// Of an [`EvaluatedRun`], its measures as they were published, each as json.
#[derive(Deserialize)]
struct RunMeasures {
    published: PublishedMeasures,
    #[serde(default)]
    marks: CountMarks,
}

#[derive(Deserialize)]
struct PublishedMeasures {
    evaluation: EvaluatedMeasures,
    #[serde(default)]
    audit: DisclosureAudit,
}

#[derive(Deserialize)]
struct EvaluatedMeasures {
    measures: Vec<Json>,
}

/// Of an [`EvaluatedRun`], the key actions, each as json.
#[derive(Deserialize)]
struct Actions {
    published: PublishedActions,
}

#[derive(Deserialize)]
struct PublishedActions {
    evaluation: EvaluatedActions,
}

#[derive(Deserialize)]
struct EvaluatedActions {
    actions: Vec<Json>,
}

/// Of an [`EvaluatedRun`], the status of each measure and key action.
#[derive(Deserialize)]
struct Statuses {
    published: PublishedStatuses,
}

#[derive(Deserialize)]
struct PublishedStatuses {
    evaluation: EvaluatedStatuses,
}

#[derive(Deserialize)]
struct EvaluatedStatuses {
    measures: Vec<StatusOfMeasure>,
    actions: Vec<StatusOfAction>,
}

#[derive(Deserialize)]
struct StatusOfMeasure {
    headline: StatusOfHeadline,
}

#[derive(Deserialize)]
struct StatusOfHeadline {
    measure: MeasureId,
    status: Status,
}

#[derive(Deserialize)]
struct StatusOfAction {
    action: ActionId,
    status: Status,
}

/// The statuses of measures and key actions as packs showed them.
pub(super) type ShownStatuses = (BTreeMap<MeasureId, Status>, BTreeMap<ActionId, Status>);

/// What packs showed of measures, and what was hidden of them.
#[derive(Debug, Default)]
pub(super) struct ShownFigures {
    pub measures: Vec<MeasureAssessment>,
    pub marks: CountMarks,
    pub audit: DisclosureAudit,
}

/// Of a key action that was judged, what its lead reported.
#[derive(Deserialize)]
struct Action {
    #[serde(default)]
    report: Option<ActionReport>,
}

/// Of a [`Collection`], what was reported of key actions.
#[derive(Deserialize)]
struct Reports {
    action_reports: Vec<ActionReport>,
}

impl Checkpoints<'_> {
    /// The figures that the run collected; none where they were purged, their time being over.
    pub async fn figures(&self) -> Result<EarlierOutput<Vec<Observation>>, LedgerError> {
        let of = |Figures { observations }| observations;
        self.each(COLLECT, OlderRecord::Observation, "figure", self.left::<Collection, _>(COLLECT).await?, of).await
    }

    /// What became of each return, those of a partner in the order in which they came; none where that cannot be known.
    pub async fn receipts(&self) -> Result<Vec<ReturnReceipt>, LedgerError> {
        Ok(match self.left::<EvaluatedRun, _>(EVALUATE).await? {
            Left::Whole(Receipts { receipts }) => receipts,
            Left::Nothing | Left::Purged | Left::Unreadable(_) => Vec::new(),
        })
    }

    /// What was reported of key actions, and of their steps.
    pub async fn reports(&self) -> Result<EarlierOutput<Vec<ActionReport>>, LedgerError> {
        // What was judged has one report an action. What cannot be read of the collection is told with its figures.
        if let Left::Whole(Reports { action_reports }) = self.left::<Collection, _>(COLLECT).await? {
            return Ok(EarlierOutput { content: action_reports, unread: Vec::new() });
        }
        let of = |Actions { published }| published.evaluation.actions;
        let left = self.left::<EvaluatedRun, _>(EVALUATE).await?;
        let EarlierOutput { content, unread } = self.each(EVALUATE, OlderRecord::Action, "key action", left, of).await?;
        Ok(EarlierOutput { content: content.into_iter().filter_map(|action: Action| action.report).collect(), unread })
    }

    /// The measures as the run's packs showed them, and what was hidden of them; or why that is not known any more. Runs of
    /// versions that hid nothing left no such record: theirs are none.
    pub async fn shown(&self) -> Result<Result<ShownFigures, String>, LedgerError> {
        let RunMeasures { published: PublishedMeasures { evaluation, audit }, marks } =
            match self.left::<EvaluatedRun, _>(EVALUATE).await? {
                Left::Whole(shown) => shown,
                Left::Nothing if self.ledger.published_statuses(self.run).await?.is_empty() => {
                    return Ok(Err("the ledger does not say what it showed".to_owned()));
                }
                Left::Nothing => return Ok(Ok(Default::default())),
                Left::Purged => return Ok(Err("what it showed was deleted by a purge".to_owned())),
                Left::Unreadable(finding) => return Ok(Err(finding.problem)),
            };
        let read = |of| serde_json::from_value::<ShownMeasure>(of).ok().map(MeasureAssessment::from);
        let each: Vec<Option<MeasureAssessment>> = evaluation.measures.into_iter().map(read).collect();
        let count = each.iter().filter(|of| of.is_none()).count();
        if count > 0 {
            return Ok(Err(format!("{} that it showed cannot be read", counted(count, "measure", "measures"))));
        }
        Ok(Ok(ShownFigures { measures: each.into_iter().flatten().collect(), marks, audit }))
    }

    /// The statuses as the run's packs showed them; none where they are not kept any more. A ledger that took the run in from the
    /// archive's record does not list them.
    pub async fn statuses(&self) -> Result<EarlierOutput<Option<ShownStatuses>>, LedgerError> {
        let unread = match self.left::<EvaluatedRun, Statuses>(EVALUATE).await? {
            Left::Whole(Statuses { published: PublishedStatuses { evaluation: EvaluatedStatuses { measures, actions } } }) => {
                let measures = measures.into_iter().map(|of| (of.headline.measure, of.headline.status)).collect();
                let actions = actions.into_iter().map(|of| (of.action, of.status)).collect();
                return Ok(EarlierOutput { content: Some((measures, actions)), unread: Vec::new() });
            }
            Left::Nothing | Left::Purged => None,
            Left::Unreadable(finding) => Some(*finding),
        };
        let measures = self.ledger.published_statuses(self.run).await?;
        if measures.is_empty() {
            return Ok(EarlierOutput { content: None, unread: unread.into_iter().collect() });
        }
        Ok(EarlierOutput { content: Some((measures, self.ledger.action_statuses(self.run).await?)), unread: Vec::new() })
    }

    /// What the run's packs stated; none where that was purged, or cannot be read.
    pub async fn stated(&self) -> Result<EarlierOutput<Option<PublishedStatements>>, LedgerError> {
        Ok(match self.left::<EvaluatedRun, Stated>(EVALUATE).await? {
            Left::Whole(stated) => EarlierOutput { content: Some(stated.published), unread: Vec::new() },
            Left::Nothing | Left::Purged => EarlierOutput::default(),
            Left::Unreadable(finding) => EarlierOutput { content: None, unread: vec![*finding] },
        })
    }

    /// Each record of a list that a stage left, those of an older version where it left no file.
    async fn each<T: DeserializeOwned, L>(
        &self,
        stage: &str,
        older: OlderRecord,
        what: &str,
        left: Left<L>,
        list: impl FnOnce(L) -> Vec<Json>,
    ) -> Result<EarlierOutput<Vec<T>>, LedgerError> {
        let each: Vec<Option<T>> = match left {
            Left::Whole(whole) => list(whole).into_iter().map(|record| serde_json::from_value(record).ok()).collect(),
            Left::Nothing | Left::Purged => {
                let records = self.ledger.older_records(self.run, older).await?;
                records.iter().map(|record| serde_json::from_str(record).ok()).collect()
            }
            Left::Unreadable(finding) => return Ok(EarlierOutput { content: Vec::new(), unread: vec![*finding] }),
        };
        let count = each.iter().filter(|record| record.is_none()).count();
        let records = counted(count, &format!("stored {what}"), &format!("stored {what}s"));
        let problem = format!("{records} of run {} could not be read", self.run);
        let unread = (count > 0).then(|| self.unread(stage, &problem));
        Ok(EarlierOutput { content: each.into_iter().flatten().collect(), unread: unread.into_iter().collect() })
    }

    /// What a stage left, of which less than the whole is read.
    async fn left<Whole: Record, T: DeserializeOwned>(&self, stage: &str) -> Result<Left<T>, LedgerError> {
        let Some(made) = self.find(stage).await? else { return Ok(Left::Nothing) };
        let bytes = match self.read(&made.sha256) {
            Ok(bytes) => bytes,
            Err(_) if self.ledger.is_purged(&made.sha256).await? => return Ok(Left::Purged),
            Err(RunError::Lost { problem, .. }) => return Ok(Left::Unreadable(Box::new(self.unread(stage, &problem)))),
            Err(other) => return Ok(Left::Unreadable(Box::new(self.unread(stage, &other.to_string())))),
        };
        Ok(match records::read_as::<Whole, T>(&bytes) {
            Ok(whole) => Left::Whole(whole),
            Err(e) => Left::Unreadable(Box::new(self.unread(stage, &e.to_string()))),
        })
    }

    fn unread(&self, stage: &str, problem: &str) -> Finding {
        let place = format!("run {}, stage {stage}", self.run);
        let remedy = "it is not compared with; restore its file from a backup, or use the version that wrote it";
        tracing::warn!(run = self.run.0, stage, problem, "a stored record cannot be read");
        Finding::new(Grade::Question, Fault::new(place, problem, remedy))
    }
}

/// What there is of what a stage left.
enum Left<T> {
    Whole(T),
    /// The run left no file: an older version kept such things in the ledger.
    Nothing,
    Purged,
    Unreadable(Box<Finding>),
}
