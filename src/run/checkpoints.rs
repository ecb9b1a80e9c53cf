//! The archive as a run's own memory: what each of its stages left, what it made, and what is attached to its messages.

use super::error::RunError;
use super::message_content::Attached;
use crate::archive::{Archive, sha256};
use crate::store::records::{self, Record};
use crate::store::{Ledger, LedgerError, MadeFile, RunId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::io;

/// Where what a stage left stands among a run's files in the ledger; such a file is in the archive only.
const KEPT: &str = "stage/";

/// The stages that leave something.
pub(super) const COLLECT: &str = "collect";
pub(super) const EVALUATE: &str = "evaluate";
pub(super) const RENDER: &str = "render";

/// The archive as a run's own memory.
pub(super) struct Checkpoints<'a> {
    pub ledger: &'a Ledger,
    pub archive: Archive,
    pub run: RunId,
}

impl<'a> Checkpoints<'a> {
    /// The memory of another run.
    pub fn of(&self, run: RunId) -> Checkpoints<'a> {
        Checkpoints { ledger: self.ledger, archive: self.archive.clone(), run }
    }

    /// Keeps what a stage left, before the stage is recorded as finished.
    pub async fn save<T: Record + Serialize>(&self, stage: &str, left: &T) -> Result<(), RunError> {
        let bytes = records::write(left).map_err(LedgerError::from)?.into_bytes();
        let made = self.keep_file(&kept_as(stage), &bytes)?;
        Ok(self.ledger.record_output(self.run, &made).await?)
    }

    /// Keeps a draft, for the operators only.
    pub fn keep_draft(&self, stem: &str, bytes: &[u8]) -> Result<MadeFile, RunError> {
        self.keep_file(&format!("{KEPT}{stem}-draft.pdf"), bytes)
    }

    /// Keeps a file; the ledger is not told of it yet.
    pub fn keep_file(&self, name: &str, bytes: &[u8]) -> Result<MadeFile, RunError> {
        Ok(MadeFile { name: name.to_owned(), sha256: keep(&self.archive, bytes)?, bytes: bytes.len() })
    }

    /// What a stage left.
    ///
    /// # Errors
    /// It is not in the archive, or not as it was, or of a format that this version cannot read.
    pub async fn load<T: Record + DeserializeOwned>(&self, stage: &str) -> Result<T, RunError> {
        let name = kept_as(stage);
        let made = self.find(stage).await?.ok_or_else(|| self.lost(&name, "the ledger does not name it"))?;
        records::read(&self.read(&made.sha256)?).map_err(|e| self.lost(&name, &e.to_string()))
    }

    /// The file that a stage left; none where it left none.
    pub async fn find(&self, stage: &str) -> Result<Option<MadeFile>, LedgerError> {
        let name = kept_as(stage);
        Ok(self.ledger.made(self.run).await?.into_iter().find(|made| made.name == name))
    }

    /// Every file that the run made for its readers.
    pub async fn files(&self) -> Result<Vec<MadeFile>, RunError> {
        let mut made = self.ledger.made(self.run).await?;
        made.retain(|one| !one.name.starts_with(KEPT));
        Ok(made)
    }

    /// What is attached to messages, by the SHA-256 of each file.
    pub fn attached<'m>(&self, files: impl IntoIterator<Item = &'m str>) -> Result<Attached, RunError> {
        let mut attached = BTreeMap::new();
        for sha256 in files {
            if !attached.contains_key(sha256) {
                attached.insert(sha256.to_owned(), self.read(sha256)?);
            }
        }
        Ok(Attached(attached))
    }

    /// Whether the archive has the file of that SHA-256, undamaged.
    pub fn has(&self, digest: &str) -> bool {
        self.archive.read(digest).is_ok()
    }

    /// The bytes of that SHA-256, and no others.
    pub fn read(&self, digest: &str) -> Result<Vec<u8>, RunError> {
        let lost = |e: io::Error| self.lost(&self.archive.path(digest).display().to_string(), &e.to_string());
        self.archive.read(digest).map_err(lost)
    }

    fn lost(&self, what: &str, problem: &str) -> RunError {
        RunError::Lost { run: self.run, problem: format!("{what}: {problem}") }
    }
}

/// Keeps `bytes` and gives their SHA-256.
pub(super) fn keep(archive: &Archive, bytes: &[u8]) -> Result<String, RunError> {
    archive.keep(bytes).map_err(|e| RunError::Output { path: archive.path(&sha256(bytes)), problem: e.to_string() })
}

fn kept_as(stage: &str) -> String {
    format!("{KEPT}{stage}.json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::AreaCode;
    use crate::collect::Collection;
    use crate::figure::{Observation, Provenance};
    use crate::framework::MeasureId;
    use crate::period::Period;
    use crate::run::message_kinds::PACK;
    use crate::store::NewRun;
    use crate::value::{Limits, Sex, Value};
    use jiff::Timestamp;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn observation([value, numerator, denominator, lower, upper]: [f64; 5]) -> Observation {
        Observation {
            measure: MeasureId("m".to_owned()),
            area: AreaCode::new("X1").unwrap(),
            period: Period::financial_quarter(2026, 1),
            sex: Sex::Persons,
            age: String::new(),
            category: None,
            value: Value::Number(value),
            decimals: None,
            numerator: Some(numerator),
            denominator: Some(denominator),
            limits: Some(Limits { lower, upper }),
            limits_998: Some(Limits { lower: upper, upper: lower }),
            published_comparison: None,
            published_trend: None,
            note: String::new(),
            illustrative: false,
            provenance: Provenance::Cell {
                partner: "p".to_owned(),
                file: "p.xlsx".to_owned(),
                sha256: "aa".to_owned(),
                sheet: "S".to_owned(),
                cell: "C7".to_owned(),
                by: "Ada Hill".to_owned(),
            },
        }
    }

    fn bits(observations: &[Observation]) -> Vec<[u64; 7]> {
        let limits = |limits: Option<Limits>| limits.map_or([0, 0], |limits| [limits.lower.to_bits(), limits.upper.to_bits()]);
        let each = observations.iter().map(|o| {
            let ([a, b], [c, d]) = (limits(o.limits), limits(o.limits_998));
            let [value, numerator, denominator] = [o.value.number(), o.numerator, o.denominator].map(|n| n.unwrap().to_bits());
            [value, numerator, denominator, a, b, c, d]
        });
        each.collect()
    }

    /// Any finite double: zeros of both signs and the smallest among them, and one that was read a bit off.
    fn finite() -> impl Strategy<Value = f64> {
        use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
        prop_oneof![
            POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO,
            (0.0..1e6f64).prop_map(|x| x / 7.0),
            Just(93.877_671_323_450_8)
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn figures_come_back_bit_for_bit(
            numbers in proptest::collection::vec(proptest::array::uniform5(finite()), 1..20)
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let folder = tempfile::tempdir().unwrap();
                let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).await.unwrap();
                let (period, as_at) = (Period::financial_quarter(2026, 2), date(2026, 11, 20));
                let new = NewRun { pack: PACK, period, as_at, edition: "2024", trigger: "by hand" };
                let run = ledger.start_run(&new, Timestamp::UNIX_EPOCH).await.unwrap();
                let checkpoints = Checkpoints { ledger: &ledger, archive: Archive::new(folder.path().join("archive")), run };
                let observations: Vec<Observation> = numbers.into_iter().map(observation).collect();
                let collection = Collection { observations: observations.clone(), ..Collection::default() };
                checkpoints.save(COLLECT, &collection).await.unwrap();
                // By a run that goes on, and by a later one.
                let loaded: Collection = checkpoints.load(COLLECT).await.unwrap();
                let earlier = checkpoints.figures().await.unwrap();
                prop_assert_eq!(bits(&loaded.observations), bits(&observations));
                prop_assert_eq!(bits(&earlier.content), bits(&observations));
                prop_assert!(earlier.unread.is_empty());
                ledger.close().await;
                Ok(())
            })?;
        }
    }
}
