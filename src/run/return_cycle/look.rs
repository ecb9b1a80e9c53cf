//! A look at the inbox for one quarter: what came, what is new, and files of earlier quarters, which are filed under their own.

use crate::archive::{Archive, short_sha256};
use crate::collect::{self, Elsewhere, Finding, PriorReturns, ReturnReceipt, ReturnVersion, Returns, VersionStanding};
use crate::counted::counted;
use crate::period::Period;
use crate::run::env::Env;
use crate::run::error::RunError;
use crate::run::loaded_config::LoadedConfig;
use crate::run::quarter::QuarterChoice;
use crate::run::{assess, prior_data};
use crate::store::{Extension, RecordedVersion, RunId};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Files that are no workbooks are named up to so many.
const MOST_NAMED: usize = 5;

/// What a look found.
pub(in crate::run) struct Looked {
    pub returns: Returns,
    /// What of earlier collections could not be read.
    pub unread: Vec<Finding>,
    /// Returns that were accepted and whose figures are lost with the archive, in words.
    pub lost: Vec<String>,
    /// What became of the files that were seen for the first time, or can be used for the first time.
    pub(super) new: Vec<ReturnReceipt>,
    pub(super) extensions: BTreeMap<String, Extension>,
    /// The versions of the quarter that were taken out of use, in the order in which they came.
    pub(super) withdrawn: Vec<RecordedVersion>,
    /// Files of earlier quarters that no look had seen, by their quarter.
    pub(super) late: Vec<Late>,
    pub(super) unfiled: Vec<String>,
}

/// What a look found for an earlier quarter.
pub(super) struct Late {
    pub period: Period,
    config: LoadedConfig,
    pub returns: Returns,
    pub new: Vec<ReturnReceipt>,
    pub extensions: BTreeMap<String, Extension>,
}

impl Looked {
    /// A line for the files of each kind that are of other quarters, and for those that could not be filed.
    pub fn other_files(&self, period: Period) -> Vec<String> {
        self.unfiled.iter().cloned().chain(other_files(&self.returns, period)).collect()
    }
}

impl Late {
    /// For work on its quarter.
    pub fn env<'l>(&'l self, env: &Env<'l>) -> Env<'l> {
        Env { config: &self.config, period: self.period, ..*env }
    }

    /// It is about what was seen for the first time.
    pub fn is_news(&self, receipt: &ReturnReceipt) -> bool {
        let is_new = |sha256: &Option<String>| sha256.is_none() || self.new.iter().any(|new| new.sha256 == *sha256);
        receipt.file.is_some() && is_new(&receipt.sha256)
    }
}

/// Looks at what came in, and records what is new: first that of earlier quarters, each under its own, since this quarter's
/// figures stand on those.
pub(in crate::run) async fn look_and_record(env: &Env<'_>, run: RunId) -> Result<Looked, RunError> {
    let mut looked = look_only(env).await?;
    for late in &looked.late {
        prior_data::record(&late.env(env), run, &late.returns).await?;
    }
    if looked.late.iter().flat_map(|late| &late.new).any(|receipt| receipt.sha256.is_some()) {
        let Looked { late, unfiled, .. } = looked;
        looked = Looked { late, unfiled, ..look(env).await? };
    }
    prior_data::record(env, run, &looked.returns).await?;
    Ok(looked)
}

/// The same with nothing recorded.
pub(super) async fn look_only(env: &Env<'_>) -> Result<Looked, RunError> {
    let mut looked = look(env).await?;
    let earlier = looked.returns.elsewhere.iter().filter(|file| !file.known && file.quarter < env.period);
    let quarters: BTreeSet<Period> = earlier.map(|file| file.quarter).collect();
    for period in quarters {
        let when = QuarterChoice { period: Some(period), as_at: Some(env.as_at) };
        match LoadedConfig::load(env.settings, env.config.mail.is_some(), when, env.now) {
            Ok(config) => {
                let Looked { returns, new, extensions, .. } = look(&Env { config: &config, period, ..*env }).await?;
                looked.late.push(Late { period, config, returns, new, extensions });
            }
            Err(faults) => {
                let first = faults.0.first().map_or(String::new(), ToString::to_string);
                looked.unfiled.push(format!("files of {} cannot be filed: {first}", period.slug()));
            }
        }
    }
    Ok(looked)
}

/// Reads what came in for this quarter, in the light of what came before.
pub(in crate::run) async fn look(env: &Env<'_>) -> Result<Looked, RunError> {
    let Env { settings, config, period, as_at, .. } = *env;
    let archive = env.archive();
    let (mut known, unread) = prior_data::known(env.ledger, &archive, &config.framework, period, as_at).await?;
    config.add_past(&mut known.figures);
    known.prints = config.prints();
    let wanted = assess::wanted(config, period, as_at);
    if !config.partners.is_empty() {
        collect::check_inbox(&settings.paths.returns, &config.partners).map_err(RunError::Inbox)?;
    }
    let returns = assess::returns(&env.setup(), &wanted, &known);
    let new = prior_data::new(&known, &returns).cloned().collect();
    let lost = lost(&known, &returns, &archive, period, as_at);
    let extensions = env.ledger.extensions(period).await?;
    let mut withdrawn = env.ledger.versions(period).await?;
    withdrawn.retain(|one| one.withdrawn.is_some() && one.version.arrived <= as_at);
    Ok(Looked { returns, unread, lost, new, extensions, withdrawn, late: Vec::new(), unfiled: Vec::new() })
}

/// What was accepted and cannot be read any more: of an earlier quarter what the return gave, of this one its workbook. Whoever
/// sends it again, or puts the archive back, mends it.
fn lost(known: &PriorReturns, returns: &Returns, archive: &Archive, period: Period, as_at: Date) -> Vec<String> {
    let accepted =
        known.versions.iter().filter(|version| version.standing == VersionStanding::Accepted && version.arrived <= as_at);
    let is_lost = |version: &&ReturnVersion| match version.quarter == period {
        true => !returns.contents.contains_key(&version.sha256) && archive.read(&version.sha256).is_err(),
        false => version.quarter < period && known.lost.contains(&version.key()),
    };
    let in_words = |version: &ReturnVersion| {
        let ReturnVersion { partner, file, quarter, sha256, .. } = version;
        format!(
            "the return of {partner} for {quarter}, {file}, was accepted, but the archive has lost it (restore the archive from a \
             backup, or put the file into the inbox again and run `boardpack returns collect --period {quarter}`; if neither is \
             possible, `boardpack returns withdraw {} --by NAME --reason TEXT` continues without it)",
            short_sha256(sha256),
            quarter = quarter.slug()
        )
    };
    accepted.filter(is_lost).map(in_words).collect()
}

/// Files of other quarters, and those that are no workbooks, a line for those of a kind.
pub(super) fn other_files(Returns { elsewhere, other_kinds, .. }: &Returns, period: Period) -> Vec<String> {
    let named = |of: &dyn Fn(&Elsewhere) -> bool| -> Vec<String> {
        let files = elsewhere.iter().filter(|one| of(one));
        files.map(|one| format!("{} ({})", one.file, one.quarter.slug())).collect()
    };
    let line = |files: Vec<String>, one: &str, several: &str| {
        let count = files.len();
        (count > 0).then(|| format!("{}: {}", counted(count, one, several), files.join(", ")))
    };
    let earlier = |one: &Elsewhere| one.quarter < period;
    [
        line(
            named(&|one| earlier(one) && one.known),
            "file of an earlier quarter lies in the inbox",
            "files of earlier quarters lie in the inbox",
        ),
        line(
            named(&|one| earlier(one) && !one.known),
            "new file of an earlier quarter lies in the inbox",
            "new files of earlier quarters lie in the inbox",
        ),
        line(
            named(&|one| !earlier(one) && one.known),
            "file of a later quarter lies in the inbox",
            "files of later quarters lie in the inbox",
        ),
        line(
            named(&|one| !earlier(one) && !one.known),
            "file of a later quarter waits in the inbox",
            "files of later quarters wait in the inbox",
        ),
    ]
    .into_iter()
    .flatten()
    .chain(not_workbooks(other_kinds))
    .collect()
}

/// What partners sent that is not called like a workbook, and what to do about it.
fn not_workbooks(files: &[String]) -> Option<String> {
    let (one, several) = (
        "file in the inbox is not a workbook, and nothing of it is read",
        "files in the inbox are not workbooks, and nothing of them is read",
    );
    let named = files.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
    let more = files.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let count = counted(files.len(), one, several);
    (!files.is_empty())
        .then(|| format!("{count}: {named}{more} (put the workbook itself there, with its ending, such as .xlsx, or ask for it)"))
}

#[cfg(test)]
mod tests {
    use super::not_workbooks;

    fn told(files: &[&str]) -> Option<String> {
        not_workbooks(&files.iter().map(|file| (*file).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn files_that_are_no_workbooks_are_named_with_what_to_do() {
        let what_to_do = "(put the workbook itself there, with its ending, such as .xlsx, or ask for it)";
        let one = "1 file in the inbox is not a workbook, and nothing of it is read: nuh/Re your return.eml";
        assert_eq!(told(&["nuh/Re your return.eml"]), Some(format!("{one} {what_to_do}")));
        let many = "7 files in the inbox are not workbooks, and nothing of them is read: a.eml, b.zip, c.pdf, d.eml, e.eml \
                    and 2 more";
        let files = ["a.eml", "b.zip", "c.pdf", "d.eml", "e.eml", "f.eml", "g.eml"];
        assert_eq!(told(&files), Some(format!("{many} {what_to_do}")));
        assert_eq!(told(&[]), None);
    }
}
