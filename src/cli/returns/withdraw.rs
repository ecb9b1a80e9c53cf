//! `boardpack returns withdraw`: a wrong version is no longer used. It stays in the ledger and the archive.

use crate::archive::short_sha256;
use crate::cli::{Failure, Sources, clock, exit, ledger, on_record, start_logging};
use crate::collect::{ReturnVersion, VersionStanding};
use crate::store::Word;
use clap::Args;

/// Fewer characters are too likely to be another version's.
const SHORTEST: usize = 6;

#[derive(Args)]
pub struct Arguments {
    /// The start of the version's SHA-256, as `returns collect` and `returns status` print it
    #[arg(value_name = "SHA256")]
    sha256: String,
    /// Who decides this, for the record
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why; the partner is told this
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let prefix = beginning(&arguments.sha256)?;
    let (by, reason) = (on_record::decided_by(&arguments.by)?, on_record::reason("--reason", &arguments.reason)?);
    let settings = sources.load()?;
    start_logging(&settings.log);
    let word = ledger::work(&settings, async |ledger| ledger.withdraw_version(&prefix, by, reason, clock()).await)?;
    match word {
        Word::Done(version) => {
            println!("{} is withdrawn; later runs do not use it", named(&version));
            if settings.returns.receipts {
                let quarter = version.quarter.slug();
                println!(
                    "whoever was told that it was accepted is told of this by the next `boardpack returns collect --period \
                    {quarter}`"
                );
            }
            Ok(exit::DONE)
        }
        Word::Before(version) => {
            println!("{} was withdrawn before", named(&version));
            Ok(exit::DONE)
        }
        other => Err(not_one(&prefix, other)),
    }
}

/// The beginning of a version's SHA-256, as it was given.
pub(super) fn beginning(sha256: &str) -> Result<String, Failure> {
    let prefix = sha256.to_ascii_lowercase();
    if prefix.len() < SHORTEST || !prefix.chars().all(|c| c.is_ascii_hexdigit()) {
        let problem = format!("{sha256:?} is not the start of a SHA-256, at least {SHORTEST} hexadecimal digits");
        return Err(Failure::usage("SHA256", problem));
    }
    Ok(prefix)
}

/// A version as people tell it from another of the same name: `nuh.xlsx of nuh (0a1b2c3d4e5f)`.
pub(super) fn named(version: &ReturnVersion) -> String {
    format!("{} of {} ({})", version.file, version.partner, short_sha256(&version.sha256))
}

/// Why no one version is meant.
pub(super) fn not_one(prefix: &str, word: Word) -> Failure {
    let problem = match word {
        Word::Ambiguous(versions) => {
            let all = versions.iter().map(|one| format!("{} of {}: {}", one.file, one.partner, one.sha256));
            format!("several versions begin with {prefix}: {}", all.collect::<Vec<_>>().join("; "))
        }
        Word::Alone(version) => {
            let (partner, version) = (&version.partner, named(&version));
            format!("no other version from {partner} arrived together with {version}: there is nothing to settle")
        }
        Word::NotInUse(version) => {
            let is = match &version.standing {
                VersionStanding::Withdrawn { .. } => "was withdrawn",
                VersionStanding::Refused => "was refused",
                VersionStanding::Blank => "is blank",
                VersionStanding::Accepted => "is not in use",
            };
            format!(
                "{} {is}, so its figures cannot be used: name the other version, or ask for the workbook again",
                named(&version)
            )
        }
        Word::Unknown | Word::Done(_) | Word::Before(_) => format!("no version's SHA-256 begins with {prefix}"),
    };
    Failure::usage("SHA256", problem)
}
